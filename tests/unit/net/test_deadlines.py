"""NW10 to NW14, TL06, M6: every wait of a call ends at the call's own deadline."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from faulty_server import FaultyServer, measured
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import CallError, Cancelled
from latchlight.net import connection

from .conftest import Caller

Serve = Callable[..., FaultyServer]
SHORT = 0.6
GRACE = 0.5

SLOW = [
    "drip-headers",
    "drip-body",
    "drip-chunks",
    "silence",
    "silence-connect",
    "drip-tls",
    "continue-flood",
]


@pytest.mark.parametrize("fault", SLOW)
def test_nw11_nw12_nw13_tl06_a_slow_answer_ends_at_the_deadline(
    fault: str, serve: Serve, call: Caller
) -> None:
    server = serve(fault)
    took = measured(lambda: call.code(server, seconds=SHORT))
    assert SHORT - 0.05 <= took <= SHORT + GRACE


@pytest.mark.parametrize("fault", SLOW)
def test_a_slow_answer_is_called_slow(fault: str, serve: Serve, call: Caller) -> None:
    assert call.code(serve(fault), seconds=0.2) is DiagnosisCode.TIMEOUT


@pytest.mark.parametrize("fault", SLOW)
def test_cancel_from_another_thread_wakes_a_blocked_call(
    fault: str, serve: Serve, call: Caller
) -> None:
    server = serve(fault)
    ended: list[float] = []
    problems: list[BaseException] = []

    def work() -> None:
        try:
            call.get(server)
        except BaseException as problem:  # noqa: BLE001 - looked at in the other thread
            problems.append(problem)
        ended.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    assert server.wait_for(lambda: server.hits > 0 or server.connections > 0)
    asked = time.monotonic()
    call.token.cancel()
    thread.join(5)
    assert ended
    assert ended[0] - asked <= 0.5
    assert [type(problem) for problem in problems] == [Cancelled]


def test_a_cancelled_token_sends_nothing(serve: Serve, call: Caller) -> None:
    server = serve("ok")
    call.token.cancel()
    with pytest.raises(Cancelled):
        call.get(server)
    assert server.connections == 0


@pytest.mark.parametrize("fault", ["reset-connect", "reset", "reset-headers", "reset-body"])
def test_nw10_a_reset_at_any_point_is_an_error_at_once(
    fault: str, serve: Serve, call: Caller
) -> None:
    server = serve(f"{fault} ok ok")
    with pytest.raises(CallError) as caught:
        call.get(server)
    assert caught.value.code is DiagnosisCode.OFFLINE
    assert caught.value.repeatable
    assert server.connections == 1


def test_nw10_hanging_up_in_the_handshake_is_offline(call: Caller) -> None:
    """Read to the end first: then it is an end and no reset, which Windows does not always tell apart."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            with listener.accept()[0] as wire:
                wire.recv(65536)

        thread = threading.Thread(target=hang_up)
        thread.start()
        assert call.code(f"127.0.0.1:{listener.getsockname()[1]}") is DiagnosisCode.OFFLINE
    thread.join()


def test_nw08_a_closed_port_is_offline(call: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert call.code(f"127.0.0.1:{port}") is DiagnosisCode.OFFLINE


@contextlib.contextmanager
def full_listener() -> Iterator[str]:
    """A port whose queue is full: the kernel drops every further connection attempt."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def test_nw09_a_dropped_connection_attempt_ends_at_the_deadline(call: Caller) -> None:
    with full_listener() as address:
        took = measured(lambda: call.code(address, seconds=SHORT))
    assert took <= SHORT + GRACE


def test_nw09_cancel_wakes_a_connection_attempt(call: Caller) -> None:
    with full_listener() as address:
        timer = threading.Timer(0.2, call.token.cancel)
        timer.start()

        def attempt() -> None:
            with pytest.raises(Cancelled):
                call.get(address)

        assert measured(attempt) <= 0.2 + GRACE
        timer.join()


def test_nw14_a_server_that_never_reads_does_not_hold_us(serve: Serve, call: Caller) -> None:
    server = serve("silence-connect")
    headers = {"X-Big": "x" * 60_000}
    assert measured(lambda: call.code(server, seconds=SHORT, headers=headers)) <= SHORT + GRACE


def test_nw03_a_name_server_that_hangs_ends_at_the_deadline(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def hangs(*_: Any, **__: Any) -> Any:
        release.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(connection.socket, "getaddrinfo", hangs)
    try:
        took = measured(lambda: call.code("api.binance.com", seconds=SHORT))
    finally:
        release.set()
    assert took <= SHORT + GRACE


def test_nw03_cancel_ends_a_name_lookup(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hangs(*_: Any, **__: Any) -> Any:
        release.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(connection.socket, "getaddrinfo", hangs)
    timer = threading.Timer(0.2, call.token.cancel)
    timer.start()

    def attempt() -> None:
        with pytest.raises(Cancelled):
            call.get("api.binance.com")

    try:
        assert measured(attempt) <= 0.2 + GRACE
    finally:
        release.set()
        timer.join()


@pytest.fixture
def nothing_wakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows: what is not connected is not shut down, and what is may go on waiting."""
    monkeypatch.setattr(connection, "_shut", lambda _: None)


@pytest.mark.usefixtures("nothing_wakes")
def test_nw09_cancel_is_seen_where_no_shutdown_ends_the_attempt(call: Caller) -> None:
    test_nw09_cancel_wakes_a_connection_attempt(call)


@pytest.mark.usefixtures("nothing_wakes")
@pytest.mark.parametrize("fault", ["silence", "silence-connect"])
def test_cancel_is_seen_where_no_shutdown_ends_the_wait(
    fault: str, serve: Serve, call: Caller
) -> None:
    test_cancel_from_another_thread_wakes_a_blocked_call(fault, serve, call)


@pytest.mark.usefixtures("nothing_wakes")
def test_nw11_a_silent_server_ends_at_the_deadline_where_no_shutdown_does(
    serve: Serve, call: Caller
) -> None:
    took = measured(lambda: call.code(serve("silence"), seconds=SHORT))
    assert SHORT - 0.05 <= took <= SHORT + GRACE


def test_nw02_a_name_that_does_not_exist_is_said_so(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(connection.socket, "getaddrinfo", unknown)
    assert call.code("api.binance.com") is DiagnosisCode.NAME_NOT_FOUND


def test_nw04_a_name_server_with_nonsense_is_no_crash(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.socket, "getaddrinfo", lambda *_, **__: [])
    assert call.code("api.binance.com") is DiagnosisCode.OFFLINE


class Names:
    """Stands in for the name lookup: every name leads to these addresses."""

    def __init__(self, *addresses: tuple[str, int]) -> None:
        self.addresses = addresses
        self.families: list[int] = []

    def __call__(self, host: str, port: int, family: int = 0, kind: int = 0) -> list[Any]:
        self.families.append(family)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", a) for a in self.addresses]


def test_nw06_fifty_dead_addresses_share_one_deadline(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_listener() as address:
        dead = ("127.0.0.1", int(address.split(":")[1]))
        monkeypatch.setattr(connection.socket, "getaddrinfo", Names(*[dead] * 50))
        took = measured(lambda: call.code("api.binance.com", seconds=SHORT))
    assert took <= SHORT + GRACE


def test_nw07_the_second_address_is_tried_after_the_first_fails(
    serve: Serve, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("ok")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    addresses = Names(("127.0.0.1", closed), ("127.0.0.1", server.port))
    monkeypatch.setattr(connection.socket, "getaddrinfo", addresses)
    assert call.get("localhost").status == 200


def test_c11_the_address_family_can_be_forced(
    serve: Serve, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("ok")
    names = Names(("127.0.0.1", server.port))
    monkeypatch.setattr(connection.socket, "getaddrinfo", names)
    call.get("localhost")
    assert names.families == [socket.AF_INET]


def test_c11_ipv6_is_used_only_when_asked_for(serve: Serve, call: Caller) -> None:
    server = serve("ok", host="::1")
    assert call.code(server.address) in (DiagnosisCode.NAME_NOT_FOUND, DiagnosisCode.OFFLINE)
    assert server.connections == 0


@pytest.mark.parametrize("fault", ["plain", "ssh", "garbage-tls", "alert-tls"])
def test_nw18_tl07_another_service_on_the_port_is_not_trusted(
    fault: str, serve: Serve, call: Caller
) -> None:
    server = serve(fault)
    assert call.code(server) is DiagnosisCode.TLS_UNTRUSTED
    assert server.hits == 0


def test_every_socket_is_closed_after_a_hundred_failed_calls(serve: Serve, call: Caller) -> None:
    from pathlib import Path

    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        folder = Path("/dev/fd")
    server = serve("ok reset " * 60)
    call.get(server)
    before = len(list(folder.iterdir()))
    threads = threading.active_count()
    for number in range(100):
        with contextlib.suppress(CallError):
            call.get(server, seconds=2.0)
        assert server.wait_for(lambda wanted=number + 2: server.hits >= wanted)
    server.close()
    assert len(list(folder.iterdir())) <= before + 3
    assert threading.active_count() <= threads + 3


def test_nw21_no_free_socket_is_an_error_and_passes(
    serve: Serve, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("ok")

    def none_left(*_: Any, **__: Any) -> Any:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(connection.socket, "socket", none_left)
        assert call.code(server) is DiagnosisCode.OFFLINE
    assert call.get(server).status == 200


def test_a_thousand_quick_failures_leave_no_timer_behind(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that do not exist: a closed port takes Windows two seconds each."""

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(connection.socket, "getaddrinfo", unknown)
    before = threading.active_count()
    for _ in range(1000):
        with contextlib.suppress(CallError):
            call.get("api.binance.com", seconds=30.0)
    timers = [t for t in threading.enumerate() if isinstance(t, threading.Timer)]
    for timer in timers:
        timer.join(5)
    assert threading.active_count() <= before + 1
