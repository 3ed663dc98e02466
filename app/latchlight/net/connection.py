"""TLS connections with our own rules: address family, deadline for the name lookup, one trust store.

urllib3 lets a pool class name its connection class; that is the supported way to decide how a
socket is opened (https://urllib3.readthedocs.io/en/stable/advanced-usage.html).
"""

from __future__ import annotations

import errno
import logging
import os
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from latchlight.core.records import dataclass

T = TypeVar("T")

# Their lines hold whole signed URLs. A filter stays where a level can be set back by anybody.
_LOUD = (
    "urllib3.connectionpool",
    "urllib3.connection",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)


_LONGEST_CONNECT_SECONDS = 5.0
_SLICE_SECONDS = 0.1
"""How soon a wait that no shutdown can end sees that the call was cut."""


def _drop(record: logging.LogRecord) -> bool:
    return False


for _name in _LOUD:
    logging.getLogger(_name).addFilter(_drop)


@dataclass(frozen=True)
class Trust:
    """Whose certificates are believed. `ca_file` None means the bundled list of public authorities."""

    ca_file: str | None = None

    def context(self) -> ssl.SSLContext:
        """A client context: TLS 1.2 or newer, host names checked. No environment variable is read."""
        import certifi

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.sslsocket_class = _PatientSocket
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(self.ca_file or certifi.where())
        return context


class Line:
    """What one call shares with the socket it runs on: family, deadline, and the way to cut it."""

    def __init__(self, family: int, deadline: float) -> None:
        self.family = family
        self.deadline = deadline
        self._socket: socket.socket | None = None
        self._cut = False
        self._lock = threading.Lock()

    def left(self) -> float:
        """Seconds until the deadline, never below a hundredth."""
        return max(0.01, self.deadline - time.monotonic())

    def hold(self, sock: socket.socket) -> None:
        """Remember a second handle of the socket, so that `cut` can reach it.

        TLS takes the first handle over and leaves it empty: a shutdown of that one does nothing.
        """
        twin = sock.dup()
        with self._lock:
            old, self._socket = self._socket, twin
            if self._cut:
                _shut(twin)
        if old is not None:
            old.close()

    def release(self) -> None:
        """Let the socket go; the other side sees the end only now."""
        with self._lock:
            old, self._socket = self._socket, None
        if old is not None:
            old.close()

    def cut(self) -> None:
        """Wake whoever is blocked on the socket, from any thread."""
        with self._lock:
            self._cut = True
            if self._socket is not None:
                _shut(self._socket)

    @property
    def was_cut(self) -> bool:
        """Whether the deadline or the user ended this call."""
        return self._cut


def _shut(sock: socket.socket) -> None:
    try:
        # The plain shutdown, not TLS's: it must not wait for the other side.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return


class _PatientSocket(ssl.SSLSocket):
    """Waits in slices and looks in between whether its call was cut.

    On Linux and macOS the shutdown ends a wait at once; on Windows that is not certain
    (https://github.com/python/cpython/issues/91913).
    """

    _line: Line | None = None

    def do_handshake(self, block: bool = False) -> None:
        """As inherited."""
        self._line = getattr(_this_thread, "line", None)
        self._in_slices(lambda: super(_PatientSocket, self).do_handshake(block))

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        """As inherited; whatever receives comes here."""
        return self._in_slices(lambda: super(_PatientSocket, self).read(len, buffer))

    def send(self, data: Any, flags: int = 0) -> int:
        """As inherited; whatever sends comes here."""
        return self._in_slices(lambda: super(_PatientSocket, self).send(data, flags))

    def _in_slices(self, work: Callable[[], T]) -> T:
        whole = self.gettimeout()
        if self._line is None or not whole:
            return work()
        ends = time.monotonic() + whole
        try:
            while True:
                self.settimeout(min(_SLICE_SECONDS, max(0.001, ends - time.monotonic())))
                try:
                    return work()
                except TimeoutError:
                    if self._line.was_cut or time.monotonic() >= ends:
                        raise
        finally:
            self.settimeout(whole)


_this_thread = threading.local()
"""`line`: that of the call which is connecting in this thread."""

_UNDER_WAY = (errno.EINPROGRESS, getattr(errno, "WSAEWOULDBLOCK", errno.EINPROGRESS))
"""What a connection attempt that does not wait says: the first on Unix, the second on Windows."""


class _Connection(HTTPSConnection):
    line: Line

    def connect(self) -> None:
        """As inherited; what is made in between knows the call it belongs to."""
        _this_thread.line = self.line
        try:
            super().connect()
        finally:
            del _this_thread.line

    def _new_conn(self) -> socket.socket:
        addresses = self._look_up()
        problem: Exception = NewConnectionError(self, "no address answered")
        for family, kind, protocol, _, address in addresses:
            if time.monotonic() >= self.line.deadline or self.line.was_cut:
                raise ConnectTimeoutError(self, "deadline")
            try:
                return self._open(family, kind, protocol, address)
            except TimeoutError:
                problem = ConnectTimeoutError(self, "timeout")
            except OSError:
                problem = NewConnectionError(self, "refused")
        raise problem

    def _open(self, family: int, kind: int, protocol: int, address: Any) -> socket.socket:
        sock = socket.socket(family, kind, protocol)
        try:
            self.line.hold(sock)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._reach(sock, address)
            sock.settimeout(self.line.left())
        except OSError:
            sock.close()
            raise
        return sock

    def _reach(self, sock: socket.socket, address: Any) -> None:
        """Connect. Windows shuts nothing down that is not connected yet, so `cut` alone would not end this wait."""
        ends = time.monotonic() + min(self.line.left(), _LONGEST_CONNECT_SECONDS)
        sock.setblocking(False)
        with selectors.DefaultSelector() as selector:
            number = sock.connect_ex(address)
            selector.register(sock, selectors.EVENT_WRITE)
            while number in _UNDER_WAY:
                if self.line.was_cut or time.monotonic() >= ends:
                    raise TimeoutError
                if selector.select(min(_SLICE_SECONDS, max(0.0, ends - time.monotonic()))):
                    number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            raise OSError(number, os.strerror(number))
        if self.line.was_cut:  # while it became connected: the shutdown may have come too early
            raise TimeoutError

    def _look_up(self) -> list[Any]:
        """`getaddrinfo` knows no time limit, so it runs beside us and is left behind if late."""
        found: list[Any] = []
        failed: list[Exception] = []
        done = threading.Event()

        def look_up() -> None:
            try:
                found.extend(
                    socket.getaddrinfo(self.host, self.port, self.line.family, socket.SOCK_STREAM)
                )
            except (OSError, UnicodeError):
                failed.append(NameResolutionError(self.host, self, socket.gaierror()))
            finally:
                done.set()

        threading.Thread(target=look_up, name="name-lookup", daemon=True).start()
        while not done.wait(min(self.line.left(), _SLICE_SECONDS)):
            if self.line.was_cut or time.monotonic() >= self.line.deadline:
                raise ConnectTimeoutError(self, "name lookup")
        if failed:
            raise failed[0]
        return found


class _Pool(HTTPSConnectionPool):
    def __init__(self, host: str, port: int | None = None, *, line: Line, **rest: Any) -> None:
        kind = type("_LineConnection", (_Connection,), {"line": line})
        self.ConnectionCls = kind
        super().__init__(host, port, **rest)


class LineAdapter(HTTPAdapter):
    """One adapter for one call chain: our context, our line, no retries, no proxies."""

    def __init__(self, context: ssl.SSLContext, line: Line) -> None:
        self._context = context
        self._line = line
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **rest: Any
    ) -> None:
        line = self._line

        def pool(host: str, port: int | None = None, **options: Any) -> HTTPSConnectionPool:
            return _Pool(host, port, line=line, **options)

        manager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._context
        )
        manager.pool_classes_by_scheme = {"https": pool}  # type: ignore[dict-item]
        self.poolmanager = manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context already knows whom to trust; requests would load the list again per call."""
        conn.cert_reqs = "CERT_REQUIRED"

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """Host and port; the TLS half stays that of our own context whatever `verify` says."""
        host_params, _ = super().build_connection_pool_key_attributes(request, True, None)
        return host_params, {"cert_reqs": "CERT_REQUIRED"}


Opener = Callable[[Line], LineAdapter]
