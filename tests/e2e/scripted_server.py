"""A TLS server under many names that plays its part from a script and keeps every byte it was sent.

Each step of a script is one answer. A step is a mapping with a `do`:

`site`     the practice exchange answers (the default for hosts that have one)
`answer`   `status`, `body`, `headers` (list of pairs); length and type are added unless given
`raw`      `bytes` as they are, then the connection is closed
`drip`     a whole answer, one byte every 0.2 s
`silence`  nothing, until the other side gives up
`hang-up`  the connection is closed without a word
"""

from __future__ import annotations

import email.utils
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from latchlight.practice.messages import Answer, Request

Step = Mapping[str, Any]
Site = Callable[[Request], Answer]
SITE: Step = {"do": "site"}
_MOST_BYTES = 64 * 1024
_DRIP_SECONDS = 0.2


@dataclass
class Received:
    """One request as it came off the wire, decrypted."""

    host: str
    raw: bytes

    @property
    def target(self) -> tuple[str, str, str]:
        """Method, path, query."""
        words = self.raw.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        method, target = words[:2] if len(words) == 3 else ("?", "?")
        path, _, query = target.partition("?")
        return method, path, query


@dataclass
class Script:
    """Who answers what. `steps[host][path]` are used one after another, the last one again and again."""

    sites: Mapping[str, Site] = field(default_factory=dict)
    steps: dict[str, dict[str, list[Step]]] = field(default_factory=dict)
    foreign: Sequence[str] = ()
    """Hosts that show a certificate of an authority which nobody knows."""

    def next_step(self, host: str, path: str) -> Step:
        """The step for this request."""
        by_path = self.steps.get(host, {})
        steps = by_path.get(path, by_path.get("*", [SITE]))
        return steps.pop(0) if len(steps) > 1 else steps[0]


class ScriptedServer:
    """Listens on the given addresses, port 443, until the process ends."""

    def __init__(self, context: ssl.SSLContext, foreign: ssl.SSLContext) -> None:
        self.script = Script()
        self.received: list[Received] = []
        self._context = context
        self._foreign = foreign
        self._lock = threading.Lock()
        context.sni_callback = self._choose
        self._names: dict[int, str] = {}

    def listen(self, addresses: Sequence[str]) -> None:
        """Open every door; each has a thread of its own."""
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            door = socket.create_server((address, 443), family=family, backlog=64)
            threading.Thread(target=self._accept, args=(door,), daemon=True).start()

    def start_over(self, script: Script) -> None:
        """A new script and an empty record."""
        with self._lock:
            self.script, self.received = script, []

    def _choose(self, sock: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        self._names[id(sock)] = name or ""
        if name in self.script.foreign:
            sock.context = self._foreign

    def _accept(self, door: socket.socket) -> None:
        while True:
            connection, _ = door.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with self._context.wrap_socket(connection, server_side=True) as secure:
                host = self._names.pop(id(secure), "")
                while self._serve_one(secure, host):
                    pass
        except (OSError, ValueError):
            connection.close()

    def _serve_one(self, secure: ssl.SSLSocket, host: str) -> bool:
        """Whether the connection is still good for another request."""
        raw = _read_head(secure)
        if not raw:
            return False
        received = Received(host, raw)
        with self._lock:
            self.received.append(received)
            script = self.script
            step = script.next_step(host, received.target[1])
        match step["do"]:
            case "site":
                secure.sendall(_wire(_by_site(script, received)))
                return True
            case "answer":
                secure.sendall(_scripted(step))
                return True
            case "raw":
                secure.sendall(step["bytes"])
                return _part(secure)
            case "drip":
                _drip(secure, _scripted(step))
                return False
            case "silence":
                _wait_for_the_end(secure)
                return False
            case _:
                return _part(secure)


def _part(secure: ssl.SSLSocket) -> bool:
    """End the TLS session as it should be, so that only the missing bytes are wrong."""
    try:
        secure.unwrap()
    except OSError:
        return False
    return False


def _read_head(secure: ssl.SSLSocket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < _MOST_BYTES:
        part = secure.recv(4096)
        if not part:
            return data
        data += part
    return data


def _by_site(script: Script, received: Received) -> Answer:
    method, path, query = received.target
    site = script.sites.get(received.host)
    if site is None:
        return Answer(404, b"<h1>404</h1>", "text/html")
    headers: dict[str, str] = {}
    for line in received.raw.decode("latin-1").split("\r\n")[1:]:
        name, separator, value = line.partition(":")
        if separator:
            headers.setdefault(name.strip().lower(), value.strip())
    return site(Request(method, path, query, headers))


def _wire(answer: Answer) -> bytes:
    headers = [("Content-Type", answer.content_type), *answer.headers]
    return message(answer.status, answer.body, headers)


def _scripted(step: Step) -> bytes:
    return message(step.get("status", 200), step.get("body", b""), list(step.get("headers", ())))


def message(status: int, body: bytes, headers: list[tuple[str, str]]) -> bytes:
    """A whole HTTP/1.1 answer; Date, type and length are added where they are not given."""
    given = {name.lower() for name, _ in headers}
    for name, value in (
        ("Date", email.utils.formatdate(usegmt=True)),
        ("Content-Type", "application/json;charset=UTF-8"),
        ("Content-Length", str(len(body))),
    ):
        if name.lower() not in given and not (
            name == "Content-Length" and "transfer-encoding" in given
        ):
            headers.append((name, value))
    lines = [f"HTTP/1.1 {status} Status", *(f"{n}: {v}" for n, v in headers if v != "-")]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _drip(secure: ssl.SSLSocket, data: bytes) -> None:
    gone = threading.Event()
    for byte in data:
        secure.sendall(bytes([byte]))
        gone.wait(_DRIP_SECONDS)


def _wait_for_the_end(secure: ssl.SSLSocket) -> None:
    while secure.recv(4096):
        continue
