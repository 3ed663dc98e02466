"""A TLS server on loopback whose faults are written as a string: `"ok reset drip-body silence"`.

Each word says what happens to the next request (or, for the words of CONNECTION_FAULTS, to the
next connection). When the script is used up, every answer is 500: a double that is not told what
to say never says anything good.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path

import trustme

TIME_PATH = "/api/v3/time"
GOOD_BODY = b'{"serverTime":1499827319559}'


@dataclass
class Seen:
    """One request as it came in."""

    raw: bytes
    connection: int
    word: str

    @property
    def target(self) -> str:
        return self.raw.split(b"\r\n", 1)[0].decode("latin-1").split(" ")[1]

    @property
    def method(self) -> str:
        return self.raw.split(b" ", 1)[0].decode("latin-1")

    @property
    def headers(self) -> dict[str, str]:
        lines = self.raw.decode("latin-1").split("\r\n")[1:]
        pairs = (line.split(": ", 1) for line in lines if ": " in line)
        return {name.lower(): value for name, value in pairs}


@dataclass(frozen=True)
class Say:
    """What a healthy answer consists of."""

    body: bytes = GOOD_BODY
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


Wire = socket.socket
Behaviour = Callable[[Wire, Seen], None]


def head(status: int, headers: Iterable[tuple[str, str]], version: str = "HTTP/1.1") -> bytes:
    """Status line and headers, as bytes."""
    lines = [f"{version} {status} Whatever", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(said: Say, *extra: tuple[str, str]) -> bytes:
    """A complete, honest answer."""
    length = ("Content-Length", str(len(said.body)))
    return head(said.status, (*said.headers, *extra, length)) + said.body


@dataclass(frozen=True)
class Authority:
    """A throw-away certificate authority, as an object and as a file that a client can trust."""

    ca: trustme.CA
    file: str

    def context(self, *names: str, **wishes: datetime) -> ssl.SSLContext:
        """A server context for these names; `not_before` and `not_after` bend its dates."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*(names or ("127.0.0.1", "localhost")), **wishes).configure_cert(context)
        return context


@lru_cache(maxsize=2)
def authority(name: str = "trusted") -> Authority:
    """One authority per name and test run."""
    ca = trustme.CA(organization_name=name)
    folder = Path(tempfile.mkdtemp(prefix="latchlight-ca-"))
    file = folder / f"{name}.pem"
    file.write_bytes(ca.cert_pem.bytes())
    return Authority(ca, str(file))


@lru_cache(maxsize=1)
def ordinary_context() -> ssl.SSLContext:
    """The certificate of every server that is not about certificates."""
    return authority().context()


def yesterday() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


CONNECTION_FAULTS = frozenset(
    {"reset-connect", "silence-connect", "plain", "ssh", "garbage-tls", "drip-tls", "alert-tls"}
)


@dataclass
class FaultyServer:
    """Started at once, closed by `close`. `say` maps a path to its healthy answer.

    `behaviours` adds words of a test's own. `requests` is what came in, in order.
    """

    script: str = ""
    say: Mapping[str, Say] = field(default_factory=lambda: {TIME_PATH: Say()})
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    context: ssl.SSLContext | None = None
    pace: float = 0.05
    """Seconds between two pieces of a dripped answer."""
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        self.requests: list[Seen] = []
        self.connections = 0
        self.names: list[str | None] = []
        self._words = self.script.split()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._open: list[Wire] = []
        self._listener = socket.create_server((self.host, 0), family=_family(self.host))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> FaultyServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """`host:port`, as the client wants it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def hits(self) -> int:
        return len(self.requests)

    @property
    def received(self) -> bytes:
        """Every byte of every request."""
        return b"".join(seen.raw for seen in self.requests)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Wait until something that this server saw makes the condition true."""
        with self._changed:
            return self._changed.wait_for(condition, seconds)

    def close(self) -> None:
        self._stop.set()
        for wire in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()
        for thread in list(self._threads):
            thread.join(5)

    # accepting

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(wire)
            with self._changed:
                self.connections += 1
                number = self.connections
                self._changed.notify_all()
            thread = threading.Thread(target=self._serve, args=(wire, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, wire: Wire, number: int) -> None:
        try:
            with self._changed:
                fault = bool(self._words) and self._words[0] in CONNECTION_FAULTS
                word = self._words.pop(0) if fault else ""
            if word:
                self._spoil_connection(wire, word)
                return
            wire.settimeout(30)
            context = self.context or ordinary_context()
            with context.wrap_socket(wire, server_side=True) as secure:
                self._open.append(secure)
                self._talk(secure, number)
        except (OSError, ValueError):
            return
        finally:
            wire.close()

    def _talk(self, wire: Wire, number: int) -> None:
        while True:
            raw = b""
            while b"\r\n\r\n" not in raw:
                piece = wire.recv(65536)
                if not piece:
                    return
                raw += piece
            with self._changed:
                word = self._words.pop(0) if self._words else "unscripted"
                seen = Seen(raw, number, word)
                self.requests.append(seen)
                self._changed.notify_all()
            self._answer(wire, seen)

    # faults before TLS

    def _spoil_connection(self, wire: Wire, word: str) -> None:
        match word:
            case "reset-connect":
                _reset(wire)
            case "plain":
                wire.recv(65536)
                wire.sendall(whole(Say()))
            case "ssh":
                wire.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
                self._stop.wait(30)
            case "garbage-tls":
                wire.recv(65536)
                wire.sendall(bytes(range(256)) * 8)
            case "alert-tls":
                wire.recv(65536)
                wire.sendall(b"\x15\x03\x03\x00\x02\x02\x28")
            case "drip-tls":
                self._drip(wire, b"\x16\x03\x03\x40\x00" + b"\x02" * 4000)
            case _:
                self._stop.wait(30)

    # faults after a request

    def _answer(self, wire: Wire, seen: Seen) -> None:
        path = seen.target.split("?")[0]
        said = self.say.get(path, Say(b"{}", 404))
        word, _, rest = seen.word.partition(":")
        if word in self.behaviours:
            self.behaviours[word](wire, seen)
        elif word == "ok":
            wire.sendall(whole(said))
        elif word == "unscripted":
            wire.sendall(whole(Say(b"{}", 500)))
        elif word == "status":
            wire.sendall(whole(Say(said.body, int(rest), said.headers)))
        elif word == "header":
            name, _, value = rest.partition("=")
            wire.sendall(whole(said, (name, value.replace("_", " "))))
        elif word == "redirect":
            status, _, target = rest.partition(":")
            wire.sendall(whole(Say(said.body, int(status), said.headers), ("Location", target)))
        else:
            getattr(self, "_" + word.replace("-", "_"))(wire, said)

    def _reset(self, wire: Wire, said: Say) -> None:
        _reset(wire)

    def _silence(self, wire: Wire, said: Say) -> None:
        self._stop.wait(30)

    def _reset_headers(self, wire: Wire, said: Say) -> None:
        wire.sendall(whole(said)[:20])
        _reset(wire)

    def _reset_body(self, wire: Wire, said: Say) -> None:
        wire.sendall(whole(said)[:-5])
        _reset(wire)

    def _close_body(self, wire: Wire, said: Say) -> None:
        wire.sendall(whole(said)[:-5])
        wire.close()

    def _drip_headers(self, wire: Wire, said: Say) -> None:
        wire.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            if self._stop.wait(self.pace):
                return
            wire.sendall(f"X-{number}: drip\r\n".encode())

    def _drip_body(self, wire: Wire, said: Say) -> None:
        body = b" " * 10_000 + said.body
        wire.sendall(head(200, (*said.headers, ("Content-Length", str(len(body))))))
        self._drip(wire, body)

    def _drip_chunks(self, wire: Wire, said: Say) -> None:
        wire.sendall(head(200, (*said.headers, ("Transfer-Encoding", "chunked"))))
        while not self._stop.wait(self.pace):
            wire.sendall(b"1\r\n \r\n")

    def _endless_chunks(self, wire: Wire, said: Say) -> None:
        wire.sendall(head(200, (*said.headers, ("Transfer-Encoding", "chunked"))))
        block = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        while not self._stop.is_set():
            wire.sendall(block)

    def _continue_flood(self, wire: Wire, said: Say) -> None:
        while not self._stop.is_set():
            wire.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 500)

    def _continue(self, wire: Wire, said: Say) -> None:
        wire.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + whole(said))

    def _no_framing(self, wire: Wire, said: Say) -> None:
        wire.sendall(head(200, said.headers) + said.body)
        wire.close()

    def _http10(self, wire: Wire, said: Say) -> None:
        wire.sendall(head(200, said.headers, "HTTP/1.0") + said.body)
        wire.close()

    def _http09(self, wire: Wire, said: Say) -> None:
        wire.sendall(said.body)
        wire.close()

    def _chunked(self, wire: Wire, said: Say) -> None:
        chunk = f"{len(said.body):x}\r\n".encode() + said.body + b"\r\n0\r\n\r\n"
        wire.sendall(head(200, (*said.headers, ("Transfer-Encoding", "chunked"))) + chunk)

    def _cut_chunks(self, wire: Wire, said: Say) -> None:
        chunk = f"{len(said.body):x}\r\n".encode() + said.body + b"\r\n"
        wire.sendall(head(200, (*said.headers, ("Transfer-Encoding", "chunked"))) + chunk)
        wire.close()

    def _both(self, wire: Wire, said: Say) -> None:
        framing = (("Transfer-Encoding", "chunked"), ("Content-Length", str(len(said.body))))
        chunk = f"{len(said.body):x}\r\n".encode() + said.body + b"\r\n0\r\n\r\n"
        wire.sendall(head(200, (*said.headers, *framing)) + chunk)

    def _gzip(self, wire: Wire, said: Say) -> None:
        wire.sendall(
            whole(Say(gzip.compress(said.body), 200, said.headers), ("Content-Encoding", "gzip"))
        )

    def _named_gzip(self, wire: Wire, said: Say) -> None:
        wire.sendall(whole(said, ("Content-Encoding", "gzip")))

    def _bomb(self, wire: Wire, said: Say) -> None:
        wire.sendall(whole(Say(bomb(), 200, said.headers), ("Content-Encoding", "gzip")))

    def _twice(self, wire: Wire, said: Say) -> None:
        wire.sendall(whole(said) * 2)

    def _drip(self, wire: Wire, data: bytes) -> None:
        for position in range(len(data)):
            if self._stop.wait(self.pace):
                return
            wire.sendall(data[position : position + 1])


@lru_cache(maxsize=1)
def bomb() -> bytes:
    """About 200 kB that unpack to 200 MB."""
    return gzip.compress(b" " * 200_000_000, 9)


def _reset(wire: Wire) -> None:
    """Close so that the other side gets a reset instead of an end."""
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()


def _family(host: str) -> int:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def raw_words(**answers: bytes) -> dict[str, Behaviour]:
    """Words that send these very bytes and close."""

    def behaviour(data: bytes) -> Behaviour:
        def send(wire: Wire, seen: Seen) -> None:
            wire.sendall(data)
            wire.close()

        return send

    return {name.replace("_", "-"): behaviour(data) for name, data in answers.items()}


def measured(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    started = time.monotonic()
    work()
    return time.monotonic() - started
