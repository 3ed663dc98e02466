"""HT01, M1, A06, A07: a redirect is a refusal, whatever it says and wherever it points."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable

import pytest

from faulty_server import TIME_PATH, FaultyServer, Say, Seen, Wire, head
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import CallError

from .conftest import Caller

CODES = (301, 302, 303, 307, 308)
KEY = {"X-MBX-APIKEY": "canary-key-in-a-header"}
Serve = Callable[..., FaultyServer]


@pytest.mark.parametrize("status", CODES)
def test_a06_redirect_to_another_host_is_never_followed(
    status: int, serve: Serve, call: Caller
) -> None:
    other = serve("ok ok")
    first = serve(f"redirect:{status}:https://{other.address}{TIME_PATH}")
    assert call.code(first, headers=KEY) is DiagnosisCode.REDIRECTED
    assert (first.hits, other.connections) == (1, 0)


@pytest.mark.parametrize("status", CODES)
@pytest.mark.parametrize(
    "target",
    [
        "/login",
        TIME_PATH,
        "?signature=other",
        "//elsewhere.example/",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "HTTPS://USER:PASS@127.0.0.1/",
        "javascript:alert(1)",
        "https://",
        "https://[::bad",
        "https://\xe9\xe9.example/",
        "",
    ],
)
def test_a07_redirect_anywhere_is_refused(
    status: int, target: str, serve: Serve, call: Caller
) -> None:
    server = serve(f"redirect:{status}:{target} ok")
    assert call.code(server, headers=KEY) is DiagnosisCode.REDIRECTED
    assert server.hits == 1


def test_ht01_a_loop_of_redirects_is_left_at_the_first(serve: Serve, call: Caller) -> None:
    server = serve(" ".join(["redirect:302:" + TIME_PATH] * 50))
    assert call.code(server) is DiagnosisCode.REDIRECTED
    assert server.hits == 1


@pytest.mark.parametrize("status", [300, 305])
def test_ht01_old_relatives_of_redirects_are_refused(
    status: int, serve: Serve, call: Caller
) -> None:
    assert call.code(serve(f"status:{status}")) is DiagnosisCode.REDIRECTED


def test_a06_the_status_of_a_redirect_is_kept(serve: Serve, call: Caller) -> None:
    with pytest.raises(CallError) as caught:
        call.get(serve("redirect:307:/elsewhere"))
    assert caught.value.http_status == 307


def test_ht01_the_body_of_a_redirect_is_not_read(serve: Serve, call: Caller) -> None:
    """A library that looks for the next request reads the whole body first, without a limit."""
    sent = 0

    def endless(wire: Wire, seen: Seen) -> None:
        nonlocal sent
        wire.sendall(head(302, (("Location", "/next"), ("Transfer-Encoding", "chunked"))))
        block = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        for _ in range(1000):
            wire.sendall(block)
            sent += 0x10000

    server = serve("endless", behaviours={"endless": endless})
    assert call.code(server, seconds=3.0) is DiagnosisCode.REDIRECTED
    server.close()
    assert sent < 20_000_000


def test_ht01_a_bomb_in_a_redirect_is_not_unpacked(serve: Serve, call: Caller) -> None:
    bomb = Say(
        gzip.compress(b" " * 50_000_000),
        302,
        (("Location", "/next"), ("Content-Encoding", "gzip")),
    )
    server = serve("ok", say={TIME_PATH: bomb})
    tracemalloc.start()
    try:
        assert call.code(server) is DiagnosisCode.REDIRECTED
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
