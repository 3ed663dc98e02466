"""Many small HTTPS servers on loopback behind one listening thread."""

from __future__ import annotations

import selectors
import socket
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from socketserver import TCPServer
from threading import Lock, Thread
from typing import Any

from latchlight.practice.messages import Answer, Manner, Request, RequestLog, Site, html_answer

_IDLE_SECONDS = 30.0
_ACCEPT_SECONDS = 0.5
_MOST_CONNECTIONS = 256
_MOST_BODY_BYTES = 16 * 1024
_CUT_OFF_BYTES = 64


class _Conversation(BaseHTTPRequestHandler):
    """One connection: reads requests, lets the site answer, keeps the connection open between."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    # Buffered, so that headers and body leave in one TLS record.
    wbufsize = -1
    server: Door

    def _serve(self) -> None:
        request = self._read_request()
        if request is None:
            return
        self.server.log.add(self.server.site.name, request)
        try:
            answer = self.server.site.answer(request)
        # A border: whatever a site does wrong, the practice network goes on.
        except Exception as error:  # noqa: BLE001
            self.server.faults.append(type(error).__name__)
            answer = html_answer("<h1>500 Internal Server Error</h1>", 500)
        self._send(answer)

    # The names by which http.server looks methods up.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def _read_request(self) -> Request | None:
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), value)
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
            self._refuse(411)
            return None
        if len(length) > 9 or int(length) > _MOST_BODY_BYTES:
            self._refuse(413)
            return None
        body = self.rfile.read(int(length)) if int(length) else b""
        path, _, query = self.path.partition("?")
        return Request(self.command, path, query, headers, body)

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._send(html_answer(f"<h1>{status}</h1>", status))

    def _send(self, answer: Answer) -> None:
        if answer.manner is Manner.SILENT:
            self._stay_silent()
            return
        length = len(answer.body)
        if answer.manner is Manner.CUT_SHORT:
            length += _CUT_OFF_BYTES
            self.close_connection = True
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(length))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _stay_silent(self) -> None:
        self.close_connection = True
        self.connection.settimeout(None)
        # Ends when the other side gives up, or when closing the network ends the connection.
        while self.connection.recv(4096):
            pass

    def handle_expect_100(self) -> bool:
        """As inherited, but sent at once: the other side is waiting for it."""
        go_on = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header by the site's own clock, which may be wrong on purpose."""
        return super().date_time_string(self.server.site.now() if timestamp is None else timestamp)

    def version_string(self) -> str:
        """The Server header."""
        return "practice"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a request holds keys and signatures."""


class Door(ThreadingHTTPServer):
    """One site at one loopback address and port."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    # `handle_request` is only called when a connection waits; it must never wait itself.
    timeout = 0

    def __init__(
        self, site: Site, context: ssl.SSLContext | None, log: RequestLog, where: tuple[str, int]
    ) -> None:
        self.site = site
        self.log = log
        self.faults: list[str] = []
        """Class names of our own mistakes; a healthy practice network has none."""
        self._context = context
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        super().__init__(where, _Conversation)
        # A connection that vanished before it was accepted must not hold up the other doors.
        self.socket.settimeout(_ACCEPT_SECONDS)

    def server_bind(self) -> None:
        """Bind without asking the name service for this computer's name, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    @property
    def url(self) -> str:
        """`https://127.0.0.1:12345`, without a slash at the end."""
        scheme = "http" if self._context is None else "https"
        return f"{scheme}://{self.server_name}:{self.server_port}"

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept; the TLS handshake follows in the connection's own thread."""
        connection, address = super().get_request()
        if self._context is None:
            return connection, address
        try:
            secure = self._context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        except OSError:
            connection.close()
            raise
        return secure, address

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a daemon thread for the connection, unless there are far too many."""
        with self._lock:
            full = len(self._open) >= _MOST_CONNECTIONS
            if not full:
                self._open.add(request)
        if full:
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close one connection."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: broken handshakes and vanished callers are part of the game."""

    def hang_up(self) -> None:
        """Stop listening and end every open connection."""
        self.server_close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            try:
                # The plain socket's shutdown: it wakes the connection's thread and leaves the TLS
                # object, which that thread is using, alone.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            except OSError:
                continue


class Network:
    """All doors of one practice session, listened to by one thread."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.log = RequestLog()
        self._context = context
        self._doors: list[Door] = []
        self._fresh: SimpleQueue[Door] = SimpleQueue()
        self._closed = False
        self._wake_in, self._wake_out = socket.socketpair()
        self._thread = Thread(target=self._listen, name="practice-listener", daemon=True)
        self._thread.start()

    def open(self, site: Site, host: str = "127.0.0.1", port: int = 0, tls: bool = True) -> Door:
        """Serve a site from now on; port 0 takes any free one. Raises OSError."""
        door = Door(site, self._context if tls else None, self.log, (host, port))
        self._doors.append(door)
        self._fresh.put(door)
        self._wake_out.send(b"+")
        return door

    def faults(self) -> list[str]:
        """Class names of every mistake that the sites made."""
        return [fault for door in self._doors for fault in door.faults]

    def close(self) -> None:
        """Stop at once, whatever is still open. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._wake_out.send(b"x")
        self._thread.join(0.5)
        for door in self._doors:
            door.hang_up()
        self._wake_in.close()
        self._wake_out.close()

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_in, selectors.EVENT_READ)
            while not self._closed:
                for key, _ in selector.select():
                    if isinstance(key.fileobj, Door):
                        key.fileobj.handle_request()
                    else:
                        self._wake_in.recv(64)
                        self._admit(selector)

    def _admit(self, selector: selectors.BaseSelector) -> None:
        while True:
            try:
                door = self._fresh.get_nowait()
            except Empty:
                return
            selector.register(door, selectors.EVENT_READ)
