"""The real-names bench: the program as it is installed, under the exchange's real host names.

A private network and mount namespace in which `api.binance.com`, its sister hosts and the address
services lead to a server of ours (`namespace.py`). Nothing is injected: no option, no variable, no
other code. Three witnesses: every byte that the server was sent, every name that the resolver was
asked for, and every system call that reaches for the network or opens a file for writing.
"""

from __future__ import annotations

import base64
import compileall
import contextlib
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import certifi
import trustme

import latchlight
from e2e import canaries
from e2e.scripted_server import Received
from latchlight.core.credentials import KeyKind
from latchlight.exchanges import EXCHANGES
from latchlight.net.egress import ADDRESS_SERVICES
from latchlight.practice.exchange import EXCHANGES as IMITATIONS
from latchlight.practice.keys import make_credential, random_text, spoil

MAIN = "api.binance.com"
TESTNET = "testnet.binance.vision"
SPEC = EXCHANGES["binance"]
EXCHANGE_OF = {host.server: spec.id for spec in EXCHANGES.values() for host in spec.hosts}
"""Every server of every exchange."""
EXCHANGE_HOSTS = tuple(EXCHANGE_OF)
ADDRESS_HOSTS = tuple(s.host4 for s in ADDRESS_SERVICES if s.host4 is not None)
ADDRESS_HOSTS_6 = tuple(s.host6 for s in ADDRESS_SERVICES if s.host6 is not None)
SECOND_HOST = "collector.example.com"
"""Resolvable and trusted, so that only the program itself keeps requests away from it."""
EGRESS = "185.199.110.7"
ELSEWHERE = "185.199.111.9"
READ = ("enableReading", "enableFixReadOnly")
SPOT = (*READ, "enableSpotAndMarginTrading")

NOT_PERMITTED = (
    "The real-names bench needs a private network and mount namespace: run it as root "
    "(or in a container that permits `unshare --net --mount`), with strace installed."
)


@dataclass
class BenchKey:
    """A key with fresh canaries for credentials, and what the exchange knows about it."""

    switches: tuple[str, ...] = SPOT
    restricted: bool = True
    addresses: tuple[str, ...] = (EGRESS,)
    kind: KeyKind = KeyKind.HMAC
    quirk: str = "none"
    hosts: tuple[str, ...] = (MAIN,)
    """Where it is registered."""
    api_key: str = field(default_factory=lambda: random_text(64))
    secret: str = ""
    known: str = ""
    exchange: str = "binance"
    part: str = ""
    """Name of the key of the exchange's practice cast whose part this one plays."""
    passphrase: str | None = None
    known_passphrase: str | None = None

    def __post_init__(self) -> None:
        if not self.secret:
            made = make_credential(self.kind)()
            self.secret, self.known = made.secret, made.known_to_exchange

    def as_json(self) -> str:
        """What a user would pipe in."""
        given = {"api_key": self.api_key, "secret": self.secret}
        if self.passphrase is not None:
            given["passphrase"] = self.passphrase
        return json.dumps(given)

    def as_plan(self) -> dict[str, object]:
        """What the inside needs to play the exchange."""
        return {
            "api_key": self.api_key,
            "known": self.known,
            "kind": self.kind.value,
            "restricted": self.restricted,
            "addresses": self.addresses,
            "switches": self.switches,
            "quirk": self.quirk,
            "hosts": self.hosts,
            "exchange": self.exchange,
            "part": self.part,
            "passphrase": self.known_passphrase,
        }


def cast_key(exchange: str, part: str) -> BenchKey:
    """A fresh key that plays one part of an exchange's practice cast, at its real host."""
    imitation = IMITATIONS[exchange]
    plan = next(p for p in imitation.cast(EGRESS, ELSEWHERE) if p.name == part)
    make = imitation.make_credential(plan.kind)
    kept = make()
    given = kept if plan.right_secret else spoil(kept, imitation.make_credential(plan.kind))
    new_passphrase = imitation.new_passphrase
    right = None if new_passphrase is None else new_passphrase()
    wrong = None if new_passphrase is None else new_passphrase()
    here = (EXCHANGES[exchange].hosts[0].server,)
    return BenchKey(
        kind=plan.kind,
        hosts=here if plan.registered and not plan.elsewhere else (),
        api_key=imitation.new_api_key(),
        secret=given.secret,
        known=kept.known_to_exchange,
        exchange=exchange,
        part=part,
        passphrase=right if plan.right_passphrase else wrong,
        known_passphrase=right,
    )


def answer(
    body: str | bytes | dict[str, object] = b"", status: int = 200, **headers: str
) -> dict[str, object]:
    """A scripted answer. `content_type="-"` leaves a header out."""
    raw = json.dumps(body).encode() if isinstance(body, dict) else body
    raw = raw.encode() if isinstance(raw, str) else raw
    pairs = [[name.replace("_", "-").title(), value] for name, value in headers.items()]
    return {"do": "answer", "status": status, "body": _b64(raw), "headers": pairs}


def refusal(code: int, message: str, status: int = 400, **headers: str) -> dict[str, object]:
    """An answer in the exchange's form of a refusal."""
    return answer({"code": code, "msg": message}, status, **headers)


def raw(data: bytes) -> dict[str, object]:
    """Bytes as they are, then the end of the connection."""
    return {"do": "raw", "bytes": _b64(data)}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass
class Situation:
    """One run: the key, how the other side behaves, and how the program is called."""

    key: BenchKey = field(default_factory=BenchKey)
    arguments: tuple[str, ...] = ()
    steps: Mapping[str, Mapping[str, list[dict[str, object]]]] = field(default_factory=dict)
    names: str = "known"
    """`known`, `unknown`, `unanswered` (the resolver is silent), `refused`, `unplugged` (no network)."""
    clock_offset: float = 0.0
    foreign: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    """What address services say instead of EGRESS."""
    env: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] | None = None
    """Instead of `check --exchange binance --credentials - --json`."""
    stdin: str | None = None
    other_program: tuple[str, ...] | None = None
    """Instead of ours: proves that the witnesses see what they are there for."""


@dataclass
class Outcome:
    """What one run did, as printed and as witnessed."""

    exit: int
    stdout: str
    stderr: str
    seconds: float
    received: list[Received]
    asked: list[str]
    """Names that the resolver was asked for; the real names are in the hosts file."""
    trace: str
    home: Path
    situation: Situation

    @property
    def key(self) -> BenchKey:
        """Whose key it was."""
        return self.situation.key

    @property
    def report(self) -> dict[str, Any]:
        """The printed report."""
        report: dict[str, Any] = json.loads(self.stdout)
        return report

    @property
    def diagnosis(self) -> str | None:
        """The code of the only key's diagnosis."""
        diagnosis = self.report["keys"][0]["diagnosis"]
        return None if diagnosis is None else str(diagnosis["code"])

    def at(self, host: str) -> list[Received]:
        """What one host was asked."""
        return [received for received in self.received if received.host == host]

    def destinations(self) -> set[tuple[str, int]]:
        """Address and port of every internet connection or datagram that was tried."""
        found = set()
        for line in self.trace.splitlines():
            if re.search(r"\b(connect|sendto|sendmsg|sendmmsg)\(", line):
                found |= {(_ip(line[m.start() :]), int(m[1])) for m in _PORT.finditer(line)}
        return found

    def unix_sockets(self) -> set[str]:
        """Local sockets that were tried."""
        return set(re.findall(r'connect\(.*?sun_path=@?"([^"]*)"', self.trace))

    def opened_for_writing(self) -> set[str]:
        """Absolute paths of all files that were opened for writing or made."""
        found = set()
        for line in self.trace.splitlines():
            match = _OPEN.search(line)
            if match and re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)", line):
                found.add(os.path.normpath(self.home / match[1]))
        return found

    def programs(self) -> list[str]:
        """Everything that was executed, the program itself first."""
        return re.findall(r'execve\("([^"]*)"', self.trace)


_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_OPEN = re.compile(r'\bopen(?:at2?)?\((?:AT_FDCWD, |\d+, )?"([^"]*)"')


def _ip(text: str) -> str:
    match = _ADDRESS.search(text)
    return "?" if match is None else match[1] or match[2]


class Bench:
    """One namespace. `run` does one situation after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._lock = threading.Lock()
        (folder / "plan.json").write_text(json.dumps(_plan(folder)), "utf-8")
        for name in ("hosts", "resolv.conf"):
            (folder / name).write_text("nameserver 127.0.0.53\noptions timeout:1 attempts:1\n")
        self._errors = (folder / "stderr").open("wb")
        self._inside = subprocess.Popen(
            ["unshare", "--net", "--mount", "--", sys.executable, "-m", "e2e.namespace", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**_environment(folder), "PYTHONPATH": os.pathsep.join(_SEARCH_PATH)},
            text=True,
        )
        self._read()

    def run(self, situation: Situation, home: Path | None = None) -> Outcome:
        """One run of the program, with a new home unless one is given."""
        with self._lock:
            self._count += 1
            home = home or self.new_home()
            trace = self._folder / f"trace-{self._count}"
            job = _job(situation, home, trace)
            _pipe(self._inside.stdin).write(json.dumps(job) + "\n")
            _pipe(self._inside.stdin).flush()
            told = self._read()
        return Outcome(
            exit=told["exit"],
            stdout=_utf8(told["stdout"]),
            stderr=_utf8(told["stderr"]),
            seconds=told["seconds"],
            received=[Received(host, data.encode("latin-1")) for host, data in told["received"]],
            asked=told["asked"],
            trace=trace.read_text("utf-8", "replace"),
            home=home,
            situation=situation,
        )

    def new_home(self) -> Path:
        """An empty home with temp and runtime folders in it."""
        home = Path(tempfile.mkdtemp(dir=self._folder, prefix="home-"))
        for name in ("tmp", "run"):
            (home / name).mkdir(mode=0o700)
        return home

    def close(self) -> None:
        """End the namespace with everything in it."""
        self._inside.communicate()
        self._errors.close()

    def _read(self) -> dict[str, Any]:
        line = _pipe(self._inside.stdout).readline()
        if not line:
            self._inside.wait()
            said = (self._folder / "stderr").read_text("utf-8", "replace")
            raise AssertionError(f"{NOT_PERMITTED}\nIt said: {said[-2000:]}")
        told: dict[str, Any] = json.loads(line)
        return told


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise AssertionError("the bench has no pipe")
    return stream


def _utf8(text: str) -> str:
    return text.encode("latin-1").decode("utf-8")


_PACKAGE = Path(latchlight.__file__).resolve().parent
_TESTS = Path(__file__).resolve().parents[1]
_SEARCH_PATH = (str(_PACKAGE.parent), str(_TESTS))


def _job(situation: Situation, home: Path, trace: Path) -> dict[str, object]:
    arguments = situation.command
    if arguments is None:
        exchange = situation.key.exchange
        arguments = ("check", "--exchange", exchange, "--credentials", "-", "--json")
    told = dict.fromkeys(ADDRESS_HOSTS, EGRESS) | dict(situation.told)
    return {
        "argv": situation.other_program or [*program(), *arguments, *situation.arguments],
        "stdin": situation.key.as_json() if situation.stdin is None else situation.stdin,
        "env": {**_environment(home), **situation.env},
        "cwd": str(home),
        "trace": str(trace),
        "names": situation.names,
        "keys": [situation.key.as_plan()],
        "steps": situation.steps,
        "foreign": situation.foreign,
        "clock_offset": situation.clock_offset,
        "told": told,
    }


def program() -> list[str]:
    """The installed command where there is one beside this interpreter, else the module."""
    script = Path(sys.executable).with_name("latchlight")
    return [str(script)] if script.exists() else [sys.executable, "-m", "latchlight"]


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(_PACKAGE.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _plan(folder: Path) -> dict[str, object]:
    hosts = (*EXCHANGE_HOSTS, *ADDRESS_HOSTS, SECOND_HOST)
    names = {host: f"127.0.2.{number}" for number, host in enumerate(hosts, 1)}
    return {
        "names": names,
        "addresses": sorted(names.values()),
        "exchanges": EXCHANGE_OF,
        "egress": EGRESS,
        "elsewhere": ELSEWHERE,
        "mounts": {
            str(folder / "hosts"): "/etc/hosts",
            str(folder / "resolv.conf"): str(Path("/etc/resolv.conf").resolve()),
            str(folder / "authorities.pem"): certifi.where(),
        },
    }


class Benches:
    """Several namespaces with one certificate authority, so that slow cases hold nobody up."""

    def __init__(self, folder: Path) -> None:
        for tool in ("unshare", "strace", "mount"):
            if shutil.which(tool) is None:
                raise AssertionError(f"{NOT_PERMITTED} Missing here: {tool}.")
        self._folder = folder
        self._free: list[Bench] = []
        self._all: list[Bench] = []
        self._lock = threading.Lock()
        self._certificates = folder / "certificates"
        self._certificates.mkdir()
        _make_certificates(self._certificates)
        compileall.compile_dir(_PACKAGE, quiet=2)

    @contextlib.contextmanager
    def borrow(self) -> Iterator[Bench]:
        """A namespace of one's own for a while; made when all are in use."""
        with self._lock:
            bench = self._free.pop() if self._free else None
            number = len(self._all)
        bench = bench or self._new(number)
        try:
            yield bench
        finally:
            with self._lock:
                self._free.append(bench)

    def _new(self, number: int) -> Bench:
        folder = Path(tempfile.mkdtemp(dir=self._folder, prefix=f"bench-{number}-"))
        for file in self._certificates.iterdir():
            shutil.copy(file, folder)
        bench = Bench(folder)
        with self._lock:
            self._all.append(bench)
        return bench

    def close(self) -> None:
        """End all of them."""
        for bench in self._all:
            bench.close()


def _make_certificates(folder: Path) -> None:
    names = (*EXCHANGE_HOSTS, *ADDRESS_HOSTS, SECOND_HOST)
    known, foreign = trustme.CA(), trustme.CA()
    known.cert_pem.write_to_path(str(folder / "authorities.pem"))
    for authority, file in ((known, "known.pem"), (foreign, "foreign.pem")):
        certificate = authority.issue_cert(*names)
        certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / file))


ALLOWED_PATHS = frozenset(
    {
        (host, probe.path)
        for host, exchange in EXCHANGE_OF.items()
        for probe in EXCHANGES[exchange].probes()
    }
    | {(host, s.path) for s in ADDRESS_SERVICES for host in (s.host4, s.host6) if host is not None}
)
_HEADERS = {"host", "user-agent", "accept", "accept-encoding", "connection"}


@dataclass(frozen=True)
class Signed:
    """What a signed request of an exchange carries beside the usual headers, by its documents."""

    key: str
    """The header with the API key; `?` for the query."""
    headers: frozenset[str] = frozenset()
    passphrase: str = ""
    """The header with the plain passphrase, where the scheme sends it so."""

    @property
    def allowed(self) -> set[str]:
        """All header names, in small letters."""
        return {*self.headers, *({self.key} - {"?"}), *({self.passphrase} - {""})}


SIGNED = {
    "binance": Signed("x-mbx-apikey"),
    "okx": Signed(
        "ok-access-key",
        frozenset({"ok-access-sign", "ok-access-timestamp", "content-type", "x-simulated-trading"}),
        "ok-access-passphrase",
    ),
    "bybit": Signed(
        "x-bapi-api-key",
        frozenset({"x-bapi-timestamp", "x-bapi-sign", "x-bapi-recv-window", "x-bapi-sign-type"}),
    ),
    "kucoin": Signed(
        "kc-api-key",
        frozenset({"kc-api-timestamp", "kc-api-sign", "kc-api-passphrase", "kc-api-key-version"}),
    ),
    "gate": Signed("key", frozenset({"timestamp", "sign"})),
    "bitget": Signed(
        "access-key",
        frozenset({"access-sign", "access-timestamp", "content-type", "locale", "paptrading"}),
        "access-passphrase",
    ),
    "coinbase": Signed("authorization"),
    "htx": Signed("?"),
}


def witnessed_trouble(outcome: Outcome) -> list[str]:
    """Everything that a run must never do, as found by the three witnesses; empty is good."""
    return [
        *_foreign_destinations(outcome),
        *_strange_requests(outcome),
        *_leaks(outcome),
        *[f"ran {each}" for each in outcome.programs()[1:] if each != outcome.programs()[0]],
    ]


def _foreign_destinations(outcome: Outcome) -> Iterator[str]:
    # Where there is no network at all, the names lead to an address that no way leads to.
    nowhere = {("192.0.2.1", 443)} if outcome.situation.names == "unplugged" else set()
    for address, port in outcome.destinations() - nowhere:
        loopback = address != "?" and ipaddress.ip_address(address).is_loopback
        if not loopback or (port != 443 and (address, port) != ("127.0.0.53", 53)):
            yield f"reached for {address}:{port}"
    for path in outcome.unix_sockets():
        if "nscd" not in path:
            yield f"reached for the socket {path}"
    known = {*EXCHANGE_HOSTS, *ADDRESS_HOSTS, *ADDRESS_HOSTS_6}
    for name in outcome.asked:
        if name not in known:
            yield f"looked {name} up"


def _strange_requests(outcome: Outcome) -> Iterator[str]:
    for received in outcome.received:
        method, path, _ = received.target
        if method != "GET" or (received.host, path) not in ALLOWED_PATHS:
            yield f"sent {method} {path} to {received.host}"
        head, _, body = received.raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")[1:]
        headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines}
        exchange = EXCHANGE_OF.get(received.host)
        allowed = _HEADERS | (SIGNED[exchange].allowed if exchange is not None else set())
        if body or len(headers) != len(lines) or not set(headers) <= allowed:
            yield f"sent {sorted(set(headers) - allowed)} or a body to {received.host}"
        if headers.get("host") != received.host or headers.get("accept-encoding") != "identity":
            yield f"sent odd headers to {received.host}"
        if headers.get("user-agent") != "Latchlight":
            yield f"named itself {headers.get('user-agent')} to {received.host}"


def _leaks(outcome: Outcome) -> Iterator[str]:
    secret = canaries.Canary("the secret", outcome.key.secret)
    api_key = canaries.Canary("the API key", outcome.key.api_key)
    hidden = [secret]
    if outcome.key.passphrase is not None:
        hidden.append(canaries.Canary("the passphrase", outcome.key.passphrase))
    for received in outcome.received:
        plain = _without(received, {SIGNED[outcome.key.exchange].passphrase}, outcome)
        for canary in hidden:
            yield from canary.sightings(plain, f"what {received.host} was sent")
        rest = _without(received, {SIGNED[outcome.key.exchange].key}, outcome)
        yield from api_key.sightings(rest, "a request's other parts")
    for text, where in (
        (outcome.stdout, "the output"),
        (outcome.stderr, "the errors"),
        (outcome.trace, "a system call"),
        (" ".join(outcome.asked), "a name lookup"),
    ):
        for canary in (*hidden, api_key):
            yield from canary.sightings(text.encode(), where)
    yield from canaries.in_files((*hidden, api_key), outcome.home)
    for path in outcome.opened_for_writing():
        if not path.startswith((f"{outcome.home}/", "/dev/null", "/dev/tty", "/proc/")):
            yield f"wrote to {path}"


def _without(received: Received, names: set[str], outcome: Outcome) -> bytes:
    """A request without the header lines of these names, or its query for `?`: where they belong."""
    if EXCHANGE_OF.get(received.host) != outcome.key.exchange:
        return received.raw
    lines = received.raw.split(b"\r\n")
    if "?" in names:
        lines[0] = re.sub(rb"\?\S*", b"", lines[0])
    kept = [
        line for line in lines if line.partition(b":")[0].decode("latin-1").lower() not in names
    ]
    return b"\r\n".join(kept)
