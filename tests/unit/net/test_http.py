"""HT02 to HT16, BO01 to BO03, A12 to A15, A19, A24, A26: what an answer must look like to count."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from faulty_server import (
    GOOD_BODY,
    TIME_PATH,
    FaultyServer,
    Say,
    bomb,
    head,
    http_date,
    raw_words,
    whole,
)
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import CallError
from latchlight.core.limits import LIMITS

from .conftest import Caller

Serve = Callable[..., FaultyServer]
JSON = ("Content-Type", "application/json")


def raw(serve: Serve, data: bytes) -> FaultyServer:
    return serve("it", behaviours=raw_words(it=data))


# framing


def test_a_good_answer_is_read_whole(serve: Serve, call: Caller) -> None:
    answer = call.get(serve("ok"))
    assert (answer.status, answer.body, answer.content_type) == (
        200,
        GOOD_BODY,
        "application/json",
    )


def test_a13_chunked_framing_counts_as_whole(serve: Serve, call: Caller) -> None:
    assert call.get(serve("chunked")).body == GOOD_BODY


@pytest.mark.parametrize(
    "fault",
    ["no-framing", "http10", "http09", "both", "close-body", "cut-chunks", "gzip", "named-gzip"],
)
def test_a13_a26_m8_bo03_an_answer_that_may_be_cut_is_refused(
    fault: str, serve: Serve, call: Caller
) -> None:
    assert call.code(serve(fault)) in (DiagnosisCode.UNREADABLE_ANSWER, DiagnosisCode.OFFLINE)


@pytest.mark.parametrize("position", range(len(GOOD_BODY)))
def test_a13_a_body_cut_anywhere_is_refused(position: int, serve: Serve, call: Caller) -> None:
    length = ("Content-Length", str(len(GOOD_BODY)))
    server = raw(serve, head(200, (JSON, length)) + GOOD_BODY[:position])
    assert call.code(server) in (DiagnosisCode.UNREADABLE_ANSWER, DiagnosisCode.OFFLINE)


FRAMINGS = {
    "two equal lengths": (("Content-Length", "28"), ("Content-Length", "28")),
    "two different lengths": (("Content-Length", "28"), ("Content-Length", "10")),
    "a list of lengths": (("Content-Length", "28, 28"),),
    "a negative length": (("Content-Length", "-28"),),
    "a signed length": (("Content-Length", "+28"),),
    "a length with a unit": (("Content-Length", "28b"),),
    "a length in hex": (("Content-Length", "0x1c"),),
    "an empty length": (("Content-Length", ""),),
    "a length in foreign digits": (("Content-Length", "\xb2\xb8"),),
    "a gigantic length": (("Content-Length", "9" * 40),),
    "length and chunks": (("Content-Length", "28"), ("Transfer-Encoding", "chunked")),
    "an unknown transfer encoding": (("Transfer-Encoding", "gzip, chunked"),),
    "an identity transfer encoding": (("Transfer-Encoding", "identity"),),
    "chunked twice": (("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")),
    "deflate": (("Content-Length", "28"), ("Content-Encoding", "deflate")),
    "brotli": (("Content-Length", "28"), ("Content-Encoding", "br")),
    "zstd": (("Content-Length", "28"), ("Content-Encoding", "zstd")),
    "five encodings": (("Content-Length", "28"), ("Content-Encoding", "gzip, gzip, gzip, br, br")),
}


@pytest.mark.parametrize("name", FRAMINGS)
def test_ht11_a_length_that_can_be_read_in_two_ways_is_refused(
    name: str, serve: Serve, call: Caller
) -> None:
    server = raw(serve, head(200, (JSON, *FRAMINGS[name])) + GOOD_BODY)
    assert call.code(server) in (DiagnosisCode.UNREADABLE_ANSWER, DiagnosisCode.OFFLINE)


HEADS = {
    "two hundred headers": head(200, [(f"X-{n}", "1") for n in range(200)]),
    "a 70 kB header": head(200, (("X-Big", "x" * 70_000),)),
    "no status": b"HTTP/1.1\r\n\r\n",
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n",
    "a negative status": b"HTTP/1.1 -200 OK\r\n\r\n",
    "garbage": b"\x00\x01\x02" * 1000,
    "another protocol": b"ICY 200 OK\r\n\r\n",
    "nothing": b"",
    "half a status line": b"HTTP/1.1 20",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("name", HEADS)
def test_ht11_ht12_a_head_that_is_not_http_is_refused(
    name: str, serve: Serve, call: Caller
) -> None:
    assert call.code(raw(serve, HEADS[name])) in (
        DiagnosisCode.UNREADABLE_ANSWER,
        DiagnosisCode.OFFLINE,
    )


TRICKS = {
    "a NUL in a header": b"X-A: a\0b\r\n",
    "a bare CR in a header": b"X-A: a\rContent-Length: 3\r\n",
    "a line without a colon": b"what is this\r\n",
    "a folded line": b"X-A: a\r\n b\r\n",
    "a space before the colon": b"Content-Length : 3\r\n",
}


@pytest.mark.parametrize("name", TRICKS)
def test_ht11_header_tricks_are_refused_or_change_nothing(
    name: str, serve: Serve, call: Caller
) -> None:
    start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    end = b"Content-Length: 28\r\n\r\n" + GOOD_BODY
    outcome: bytes | DiagnosisCode
    try:
        outcome = call.get(raw(serve, start + TRICKS[name] + end)).body
    except CallError as problem:
        outcome = problem.code
    assert outcome in (GOOD_BODY, DiagnosisCode.UNREADABLE_ANSWER, DiagnosisCode.OFFLINE)


@pytest.mark.parametrize("status", [204, 205, 206, 304])
def test_a12_a_status_without_an_answer_is_refused(status: int, serve: Serve, call: Caller) -> None:
    assert call.code(serve(f"status:{status}")) is DiagnosisCode.UNREADABLE_ANSWER


@pytest.mark.parametrize("line", ["101 Switching Protocols", "103 Early Hints", "199 Odd"])
def test_ht10_no_upgrade_and_no_early_hint_is_taken_for_an_answer(
    line: str, serve: Serve, call: Caller
) -> None:
    data = f"HTTP/1.1 {line}\r\nContent-Length: 28\r\n\r\n".encode() + GOOD_BODY
    assert call.code(raw(serve, data)) is DiagnosisCode.UNREADABLE_ANSWER


def test_ht10_a_few_continues_are_harmless(serve: Serve, call: Caller) -> None:
    assert call.get(serve("continue")).status == 200


# sizes


@pytest.mark.parametrize("size", [LIMITS.body_bytes + 1, 1_000_000, 100_000_000])
def test_a20_bo02_an_announced_flood_is_refused_unread(
    size: int, serve: Serve, call: Caller
) -> None:
    server = raw(serve, head(200, (JSON, ("Content-Length", str(size)))) + b" " * 100_000)
    assert call.code(server) is DiagnosisCode.UNREADABLE_ANSWER


def test_a20_the_largest_body_is_exactly_the_limit(serve: Serve, call: Caller) -> None:
    body = GOOD_BODY + b" " * (LIMITS.body_bytes - len(GOOD_BODY))
    server = serve("ok chunked", say={TIME_PATH: Say(body)})
    assert len(call.get(server).body) == LIMITS.body_bytes
    assert len(call.get(server).body) == LIMITS.body_bytes


@pytest.mark.parametrize("fault", ["bomb", "endless-chunks"])
def test_a20_bo02_m7_memory_stays_bounded(fault: str, serve: Serve, call: Caller) -> None:
    server = serve(f"ok {fault}")
    call.get(server)
    bomb()  # made here, because it is the server's memory and not ours
    tracemalloc.start()
    try:
        assert call.code(server) is DiagnosisCode.UNREADABLE_ANSWER
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_ht11_an_endless_chunk_size_line_is_refused(serve: Serve, call: Caller) -> None:
    start = head(200, (JSON, ("Transfer-Encoding", "chunked")))
    server = raw(serve, start + b"1c;" + b"x" * 3_000_000)
    assert call.code(server) in (DiagnosisCode.UNREADABLE_ANSWER, DiagnosisCode.OFFLINE)


@pytest.mark.parametrize("size", [b"-1c", b"zz", b"", b"1c 1c"])
def test_ht11_a_chunk_size_that_is_no_number_is_refused(
    size: bytes, serve: Serve, call: Caller
) -> None:
    start = head(200, (JSON, ("Transfer-Encoding", "chunked")))
    server = raw(serve, start + size + b"\r\n" + GOOD_BODY + b"\r\n0\r\n\r\n")
    assert call.code(server) in (DiagnosisCode.UNREADABLE_ANSWER, DiagnosisCode.OFFLINE)


# what goes out


def test_s10_only_our_own_headers_are_sent(serve: Serve, call: Caller) -> None:
    server = serve("ok")
    call.get(server, query="timestamp=1", headers={"X-MBX-APIKEY": "k"})
    seen = server.requests[0]
    assert seen.method == "GET"
    assert seen.target == f"{TIME_PATH}?timestamp=1"
    assert set(seen.headers) == {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
        "x-mbx-apikey",
    } - ({"connection"} - set(seen.headers))
    assert seen.headers["accept-encoding"] == "identity"
    assert seen.headers["user-agent"] == "Latchlight"


def test_ht14_d12_cookies_and_challenges_are_not_kept(serve: Serve, call: Caller) -> None:
    server = serve("header:Set-Cookie=session=secret header:WWW-Authenticate=Basic_realm=x ok")
    with call.chain() as chain:
        for _ in range(3):
            chain.get(server.address, TIME_PATH)
    assert server.hits == 3
    for seen in server.requests:
        assert not {"cookie", "authorization", "referer"} & set(seen.headers)


def test_d12_two_chains_never_share_a_connection(serve: Serve, call: Caller) -> None:
    server = serve("ok ok")
    call.get(server)
    call.get(server)
    assert [seen.connection for seen in server.requests] == [1, 2]


def test_p4_a_path_outside_the_list_is_never_sent(serve: Serve) -> None:
    import socket

    from latchlight.core.progress import CancelToken
    from latchlight.net.client import Client
    from latchlight.net.connection import Trust

    server = serve("ok")
    client = Client(Trust(), lambda: datetime.now(UTC))
    asked: list[tuple[str, str]] = []

    def nothing(host: str, path: str) -> bool:
        asked.append((host, path))
        return False

    with (
        client.chain(nothing, family=socket.AF_INET, token=CancelToken()) as chain,
        pytest.raises(CallError),
    ):
        chain.get(server.address, "/sapi/v1/capital/withdraw/apply")
    assert asked == [(server.address, "/sapi/v1/capital/withdraw/apply")]
    assert server.connections == 0


@pytest.mark.parametrize("padding", [0, 7000, 9000, 20_000, 60_000])
def test_ht13_an_extra_answer_is_never_taken_for_the_next_one(
    padding: int, serve: Serve, call: Caller
) -> None:
    """The first answer is followed, in the same write, by one that was never asked for."""
    forged = whole(Say(b'{"forged":true}'))
    first = whole(Say(GOOD_BODY + b" " * padding)) + forged * 400
    server = serve("first ok", behaviours={"first": lambda wire, seen: wire.sendall(first)})
    with call.chain() as chain:
        assert chain.get(server.address, TIME_PATH).body.strip() == GOOD_BODY
        second = chain.get(server.address, TIME_PATH)
    assert second.body == GOOD_BODY


# headers that mean something

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
RETRY = {
    "0": 0.0,
    "7": 7.0,
    "120": 120.0,
    "259200": 259_200.0,
    "259201": LIMITS.ban_seconds,
    "99999999999": LIMITS.ban_seconds,
    "9" * 30: None,
    "-5": None,
    "1.5": None,
    "1e3": None,
    "soon": None,
    "": None,
    "\xb2": None,
    http_date(NOW + timedelta(seconds=90)): 90.0,
    http_date(NOW - timedelta(days=1)): 0.0,
    http_date(NOW + timedelta(days=400)): LIMITS.ban_seconds,
    "Fri, 31 Dec 9999 23:59:59 -2359": None,
    "Fri, 99 Foo 2026 99:99:99 GMT": None,
}


@pytest.mark.parametrize("text", RETRY)
def test_ht07_retry_after_in_all_its_forms(text: str, serve: Serve, call: Caller) -> None:
    call.now = lambda: NOW
    said = Say(b"{}", 429, (JSON, ("Retry-After", text)))
    assert call.get(serve("ok", say={TIME_PATH: said})).retry_after == RETRY[text]


@pytest.mark.parametrize("status", [418, 429, 503])
def test_m33_a_pause_that_is_asked_for_is_not_slept_inside_the_call(
    status: int, serve: Serve, call: Caller
) -> None:
    said = Say(b"{}", status, (JSON, ("Retry-After", "60")))
    server = serve("ok ok", say={TIME_PATH: said})
    assert call.get(server, seconds=2.0).retry_after == 60.0
    assert server.hits == 1


@pytest.mark.parametrize(
    ("name", "value", "cached"),
    [
        ("Age", "600", True),
        ("Age", "1", True),
        ("Age", "nonsense", True),
        ("Age", "0", False),
        ("X-Cache", "Hit from cloudfront", True),
        ("X-Cache", "RefreshHit from cloudfront", True),
        ("X-Cache", "HIT", True),
        ("X-Cache", "MISS, HIT", True),
        ("X-Cache", "TCP_HIT from a.b", True),
        ("CF-Cache-Status", "HIT", True),
        ("CF-Cache-Status", "DYNAMIC", False),
        ("X-Cache", "Miss from cloudfront", False),
    ],
)
def test_a15_an_answer_out_of_a_cache_is_noticed(
    name: str, value: str, cached: bool, serve: Serve, call: Caller
) -> None:
    said = Say(GOOD_BODY, 200, (JSON, (name, value)))
    assert call.get(serve("ok", say={TIME_PATH: said})).age is cached


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Mon, 20 Nov 2026 12:00:00 -0000",
        "9" * 5000,
        "",
    ],
)
def test_a24_a_date_header_of_nonsense_is_no_crash(text: str, serve: Serve, call: Caller) -> None:
    said = Say(GOOD_BODY, 200, (JSON, ("Date", text)))
    assert call.get(serve("ok", say={TIME_PATH: said})).date is None


def test_one_client_serves_many_threads(serve: Serve) -> None:
    import socket

    from faulty_server import authority
    from latchlight.core.progress import CancelToken
    from latchlight.net.client import Client
    from latchlight.net.connection import Trust

    server = serve("ok " * 20)
    client = Client(Trust(authority().file), lambda: datetime.now(UTC))
    bodies: list[bytes] = []

    def work() -> None:
        with client.chain(lambda h, p: True, family=socket.AF_INET, token=CancelToken()) as chain:
            bodies.append(chain.get(server.address, TIME_PATH).body)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert bodies == [GOOD_BODY] * 20
