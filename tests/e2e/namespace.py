"""The inside of the bench: runs in a private network and mount namespace, started by real_names.py.

Here the real host names lead to a server of ours on loopback, port 443, whose certificates come
from an authority that is bound over the list of public authorities. Nothing outside can be reached.
One job per line comes in on standard input, one result per line goes out.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from e2e.scripted_server import Script, ScriptedServer, Step
from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.sentences import say
from latchlight.practice.binance_answers import Quirk
from latchlight.practice.exchange import EXCHANGES
from latchlight.practice.keys import KeyPlan, KeyState
from latchlight.practice.messages import Answer, Request
from latchlight.practice.registry import KeyRecord, Registry

RESOLVER = "127.0.0.53"
LEADING_NOWHERE = {"refused": "127.0.9.9", "unplugged": "192.0.2.1"}
"""Where the names lead instead: an address at which nobody listens, and one to which no way leads."""
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_LONGEST_SECONDS = 20.0
_TRACED = "connect,sendto,sendmsg,sendmmsg,bind,open,openat,openat2,creat,execve"


def main(folder: Path) -> None:
    """Set the namespace up, then do one job after another."""
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    switch_loopback_on()
    for source, target in plan["mounts"].items():
        subprocess.run(["mount", "--bind", source, target], check=True)
    resolver = Resolver()
    server = ScriptedServer(_context(folder / "known.pem"), _context(folder / "foreign.pem"))
    server.listen(plan["addresses"])
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        result = Job(json.loads(line), plan, folder, server, resolver).run()
        print(json.dumps(result), flush=True)


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def switch_loopback_on() -> None:
    """Bring the only network interface of the namespace up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        answer = fcntl.ioctl(control, _SIOCGIFFLAGS, request)
        flags = struct.unpack("16sh14x", answer)[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


class Resolver:
    """A name server that knows nothing and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.silent = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((RESOLVER, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            question, sender = self._socket.recvfrom(4096)
            self.asked.append(_name_in(question))
            if not self.silent:
                # The question sent back with "no such name" (RFC 1035, 4.1.1).
                flags = b"\x81\x83"
                self._socket.sendto(question[:2] + flags + question[4:], sender)


def _name_in(question: bytes) -> str:
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode("latin-1"))
        at += 1 + question[at]
    return ".".join(labels)


class Job:
    """One run of the program in one situation."""

    def __init__(
        self,
        job: dict[str, Any],
        plan: dict[str, Any],
        folder: Path,
        server: ScriptedServer,
        resolver: Resolver,
    ) -> None:
        self._job = job
        self._plan = plan
        self._server = server
        self._resolver = resolver
        self._hosts = folder / "hosts"
        self._trace = Path(job["trace"])

    def run(self) -> dict[str, Any]:
        """Run it; what was printed, sent, looked up and called."""
        self._write_hosts(self._job["names"])
        self._resolver.silent = self._job["names"] == "unanswered"
        self._resolver.asked = []
        self._server.start_over(self._script())
        started = time.monotonic()
        done = self._start()
        return {
            "exit": done.returncode,
            "stdout": _text(done.stdout),
            "stderr": _text(done.stderr),
            "seconds": time.monotonic() - started,
            "received": [[r.host, _text(r.raw)] for r in self._server.received],
            "asked": self._resolver.asked,
        }

    def _start(self) -> subprocess.CompletedProcess[bytes]:
        witness = ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-o", str(self._trace)]
        command = [*witness, "-e", f"trace={_TRACED}", *self._job["argv"]]
        try:
            return subprocess.run(
                command,
                input=self._job["stdin"].encode(),
                env=self._job["env"],
                cwd=self._job["cwd"],
                capture_output=True,
                timeout=_LONGEST_SECONDS,
            )
        except subprocess.TimeoutExpired:
            # A run that never ends is a result too; the test says that it must not be.
            return subprocess.CompletedProcess(command, -1, b"", b"killed: it did not end")

    def _write_hosts(self, names: str) -> None:
        """In place: the file is bound over /etc/hosts, and a new file would not be."""
        lines = ["127.0.0.1 localhost", "::1 localhost"]
        if names not in ("unknown", "unanswered"):
            nowhere = LEADING_NOWHERE.get(names)
            for name, address in self._plan["names"].items():
                lines.append(f"{nowhere or address} {name}")
        self._hosts.write_text("\n".join(lines) + "\n", "utf-8")

    def _script(self) -> Script:
        sites = {host: self._exchange(host, id_) for host, id_ in self._plan["exchanges"].items()}
        for host, address in self._job["told"].items():
            sites[host] = _address_service(address)
        steps: dict[str, dict[str, list[Step]]] = {
            host: {path: [_step(s) for s in list_] for path, list_ in by_path.items()}
            for host, by_path in self._job["steps"].items()
        }
        return Script(sites, steps, self._job["foreign"])

    def _exchange(self, host: str, exchange: str) -> Any:
        imitation = EXCHANGES[exchange]
        registry = Registry(imitation.rules)
        for key in self._job["keys"]:
            if host in key["hosts"] and key["exchange"] == exchange:
                registry.add(_record(key, self._part(key)))
        late, egress = self._job["clock_offset"], self._plan["egress"]
        return imitation.site(registry, lambda: time.time() + late, lambda: egress).answer

    def _part(self, key: dict[str, Any]) -> KeyPlan:
        """The part of the practice cast that the key plays, or the state that it was given."""
        if not key["part"]:
            state = KeyState(key["restricted"], tuple(key["addresses"]), frozenset(key["switches"]))
            quirk = None if key["quirk"] == "none" else Quirk(key["quirk"])
            return KeyPlan("bench", say("bench"), state, Light.GREY, quirk=quirk)
        cast = EXCHANGES[key["exchange"]].cast(self._plan["egress"], self._plan["elsewhere"])
        return next(plan for plan in cast if plan.name == key["part"])


def _address_service(address: str) -> Any:
    def answer(request: Request) -> Answer:
        return Answer(200, address.encode() + b"\n", "text/plain")

    return answer


def _record(key: dict[str, Any], plan: KeyPlan) -> KeyRecord:
    now = time.time()
    return KeyRecord(
        name="bench",
        api_key=key["api_key"],
        kind=KeyKind(key["kind"]),
        known_secret=lambda: str(key["known"]),
        passphrase=key["passphrase"],
        uid=123456789,
        plan=plan,
        created=now - plan.age_days * 86400,
        ends=None if plan.ends_in_days is None else now + plan.ends_in_days * 86400,
        state=plan.state,
    )


def _step(step: dict[str, Any]) -> Step:
    """Bytes travel as base64."""
    return {
        name: base64.b64decode(value) if name in ("body", "bytes") else value
        for name, value in step.items()
    }


def _text(data: bytes) -> str:
    return data.decode("latin-1")


if __name__ == "__main__":
    os.umask(0o077)
    main(Path(sys.argv[1]))
