"""The practice servers survive whatever is thrown at them, quietly."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from threading import Thread
from urllib.parse import urlsplit

import pytest

from latchlight.practice.messages import Answer, Request, RequestLog, html_answer
from latchlight.practice.server import Network
from latchlight.practice.world import PracticeWorld

from .conftest import Client


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def _still_well(client: Client) -> bool:
    return client.ask(client.world.base_url("binance"), "/api/v3/ping").status == 200


def _answer_to(client: Client, request: bytes) -> bytes:
    """What comes back over TLS for raw bytes, up to the end of the connection."""
    port = _port(client.world.base_url("binance"))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        client.context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(request)
        answer = b""
        try:
            while piece := secure.recv(4096):
                answer += piece
        except (ssl.SSLEOFError, ConnectionResetError):
            pass
        return answer


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\x00\xff\xfe rubbish\r\n\r\n", b" 400 "),
        (b"GET\r\n\r\n", b" 400 "),
        (b"GET /api/v3/ping HTTP/9.9\r\n\r\n", b" 505 "),
        (b"BREW /api/v3/ping HTTP/1.1\r\nConnection: close\r\n\r\n", b" 501 "),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b" 414 "),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", b" 431 "),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 200 + b"\r\n", b" 431 "),
        (b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b" 411 "),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b" 411 "),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b" 411 "),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b" 413 "),
        (b"POST / HTTP/1.1\r\nContent-Length: 20000\r\n\r\n", b" 413 "),
    ],
)
def test_rubbish_gets_an_error_status_and_harms_nothing(
    client: Client, capfd: pytest.CaptureFixture[str], request_bytes: bytes, status: bytes
) -> None:
    answer = _answer_to(client, request_bytes)
    assert status in answer.split(b"\r\n")[0] or answer.startswith(b"<!DOCTYPE HTML")
    assert _still_well(client)
    assert capfd.readouterr() == ("", "")


def test_plain_http_and_half_open_tls_on_the_secure_port_harm_nothing(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    port = _port(client.world.base_url("binance"))
    half_open = socket.create_connection(("127.0.0.1", port), timeout=10)
    half_open.sendall(b"\x16\x03\x01")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP/1.1 200" not in plain.recv(4096)
    assert _still_well(client)
    started = time.monotonic()
    client.world.close()
    assert time.monotonic() - started < 1.0
    half_open.close()
    assert capfd.readouterr() == ("", "")


def test_an_unknown_authority_is_not_accepted(client: Client) -> None:
    strangers = ssl.create_default_context()
    port = _port(client.world.base_url("binance"))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        strangers.wrap_socket(plain, server_hostname="localhost")
    assert _still_well(client)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "::1"])
def test_the_certificate_is_for_every_loopback_name(client: Client, name: str) -> None:
    port = _port(client.world.base_url("binance"))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        client.context.wrap_socket(plain, server_hostname=name) as secure,
    ):
        assert secure.version() == "TLSv1.3"


def test_one_connection_serves_many_requests(client: Client) -> None:
    connection = client.connect(client.world.base_url("binance"))
    connection.connect()
    kept = connection.sock
    for _ in range(3):
        connection.request("GET", "/api/v3/ping")
        assert connection.getresponse().read() == b"{}"
        assert connection.sock is kept
    connection.close()


def test_many_callers_at_once_are_all_served(client: Client) -> None:
    well: list[bool] = []
    threads = [Thread(target=lambda: well.append(_still_well(client))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert well == [True] * 40


def test_closing_twice_is_fine_and_frees_port_and_folder(
    start_world: Callable[..., PracticeWorld],
) -> None:
    world = start_world(faults=False)
    folder = world.ca_file.parent
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == ["practice-ca.pem"]
    assert "PRIVATE" not in world.ca_file.read_text()
    world.close()
    world.close()
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", _port(world.base_url("binance"))), timeout=5)


class _Broken:
    name = "broken"

    def now(self) -> float:
        return 0.0

    def answer(self, request: Request) -> Answer:
        raise LookupError("a mistake of ours, with request.query in it")


def test_a_mistake_of_a_site_is_a_500_that_tells_nothing(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    network = Network(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    door = network.open(_Broken(), tls=False)
    with socket.create_connection(("127.0.0.1", _port(door.url)), timeout=10) as plain:
        plain.sendall(b"GET /?secret HTTP/1.1\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: plain.recv(4096), b""))
    network.close()
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in answer
    assert b"mistake" not in answer
    assert network.faults() == ["LookupError"]
    assert capfd.readouterr() == ("", "")


def test_the_request_log_keeps_names_but_no_header_values_and_is_bounded() -> None:
    log = RequestLog()
    for number in range(3000):
        log.add("here", Request("GET", "/x", f"n={number}", {"x-mbx-apikey": "the key"}))
    entries = log.entries("here")
    assert len(entries) == 2000
    assert entries[-1].query == "n=2999"
    assert entries[-1].header_names == ("x-mbx-apikey",)
    assert "the key" not in repr(entries)
    assert log.entries("elsewhere") == ()


def test_answers_hold_their_text_as_utf8() -> None:
    assert html_answer("ü").body == "ü".encode()
