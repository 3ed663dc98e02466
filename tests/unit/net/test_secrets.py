"""S2, S4, S5, M4, M5, M34: no error and no log line of a call holds key, secret or signature."""

from __future__ import annotations

import base64
import contextlib
import gc
import http.client
import io
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from faulty_server import FaultyServer, Say, raw_words
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.errors import LatchlightError
from latchlight.core.facts import Environment
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.binance import KEY
from latchlight.exchanges.spec import Host
from latchlight.net.ask import ask

from .conftest import Caller


def at(address: str) -> Host:
    return Host(address, Environment.PRODUCTION, "the server of this test")


Serve = Callable[..., FaultyServer]
SPEC = EXCHANGES["binance"]
API_KEY = "CanaryKey" + "k7Q" * 18 + "z"
SECRET = "CanarySecret" + "s9W" * 17 + "y"
FAULTS = [
    "reset",
    "reset-connect",
    "reset-headers",
    "reset-body",
    "close-body",
    "silence",
    "drip-body",
    "no-framing",
    "cut-chunks",
    "gzip",
    "both",
    "plain",
    "garbage-tls",
    "redirect:302:https://elsewhere.example/?x=1",
    "header:Date=nonsense",
    "status:500",
    "bad-headers",
    "bad-chunk",
    "bad-status",
    "bad-json",
    "no-such-path",
]
BEHAVIOURS = raw_words(
    bad_headers=b"HTTP/1.1 200 OK\r\nwhat is this\r\nContent-Length: 2\r\n\r\n{}",
    bad_chunk=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    bad_status=b"HTTP/1.1 abc OK\r\n\r\n",
    bad_json=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{,}",
    no_such_path=b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
)


def credentials(api_key: str = API_KEY, secret: str = SECRET) -> Credentials:
    return Credentials(Secret(api_key), Secret(secret), KeyKind.HMAC, hint="...zzzz")


def forms(canary: str) -> list[str]:
    """The ways in which a text survives a careless print."""
    raw = canary.encode()
    base64s = [base64.b64encode(b"x" * n + raw).decode()[4:-4] for n in range(3)]
    return [canary, quote(canary), raw.hex(), raw.hex().upper(), canary[::-1], *base64s]


def canaries(server: FaultyServer | None = None) -> list[str]:
    found = [*forms(API_KEY), *forms(SECRET), API_KEY[:12], SECRET[:14]]
    if server is not None:
        for signature in re.findall(rb"signature=([0-9a-f]+)", server.received):
            found += forms(signature.decode())
    return found


def everything_about(problem: BaseException) -> str:
    """All texts that hang on an exception, its causes and its attributes included."""
    parts: list[str] = []
    waiting: list[object] = [problem]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        parts += [str(current), repr(current)]
        if isinstance(current, BaseException):
            parts += traceback.format_exception(current)
            waiting += [current.__cause__, current.__context__, *current.args]
            waiting += list(vars(current).values())
    return "\n".join(parts)


def failing(call: Caller, server: FaultyServer, seconds: float = 0.4) -> LatchlightError | None:
    with call.chain() as chain, contextlib.suppress(AssertionError):
        try:
            ask(SPEC, chain, at(server.address), KEY, credentials(), None, 1, seconds=seconds)
        except LatchlightError as problem:
            return problem
    return None


@pytest.mark.parametrize("fault", FAULTS)
def test_s4_m4_m34_the_error_of_a_signed_call_holds_no_secret(
    fault: str, serve: Serve, call: Caller
) -> None:
    server = serve(fault, behaviours=BEHAVIOURS, say={KEY.path: Say(b"{}")})
    problem = failing(call, server)
    if problem is not None:
        text = everything_about(problem)
        assert [canary for canary in canaries(server) if canary in text] == []
        assert (problem.__cause__, problem.__context__) == (None, None)
    else:
        assert server.hits == 1


BAD_KEYS = {
    "line break": "{}\nX-Injected: 1",
    "carriage return": "{}\r",
    "NUL": "{}\0",
    "space": "{} ",
    "tab": "\t{}",
    "Cyrillic": "{}\u0431",
    "lone surrogate": "{}\ud800",
    "empty": "",
    "600 characters": "{}" * 10,
    "DEL": "{}\x7f",
}


@pytest.mark.parametrize("name", BAD_KEYS)
def test_m5_a_key_that_no_header_may_carry_is_refused_without_quoting_it(
    name: str, serve: Serve, call: Caller
) -> None:
    server = serve("ok")
    spoilt = BAD_KEYS[name].replace("{}", API_KEY)
    with call.chain() as chain, pytest.raises(LatchlightError) as caught:
        ask(SPEC, chain, at(server.address), KEY, credentials(spoilt), None, 1)
    text = everything_about(caught.value)
    assert [canary for canary in canaries() if canary in text] == []
    assert server.connections == 0


@pytest.mark.parametrize("kind", [KeyKind.RSA, KeyKind.ED25519, KeyKind.ECDSA])
@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n",
        SECRET + "\ud800",
    ],
)
def test_s4_a_secret_that_cannot_sign_is_refused_without_quoting_it(
    kind: KeyKind, secret: str
) -> None:
    broken = Credentials(Secret(API_KEY), Secret(secret), kind)
    with pytest.raises(LatchlightError) as caught:
        SPEC.sign(broken, KEY, SPEC.hosts[0], 1)
    text = everything_about(caught.value)
    assert [canary for canary in canaries() if canary in text] == []
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_s4_half_a_character_in_an_hmac_secret_is_refused_without_quoting_it() -> None:
    broken = Credentials(Secret(API_KEY), Secret(SECRET + "\ud800"), KeyKind.HMAC)
    with pytest.raises(LatchlightError) as caught:
        SPEC.sign(broken, KEY, SPEC.hosts[0], 1)
    assert SECRET not in everything_about(caught.value)
    assert caught.value.__context__ is None


def test_s4_a_signed_request_has_no_text_form() -> None:
    signed = SPEC.sign(credentials(), KEY, SPEC.hosts[0], 1499827319559)
    texts = (repr(signed), str(signed), f"{signed}", f"{signed!r:>40}", repr([signed]))
    for text in texts:
        assert [c for c in canaries() if c in text] == []
        assert "signature" not in text


@pytest.fixture
def loud() -> Iterator[io.StringIO]:
    """Every logger of every library at DEBUG, and one handler that keeps all of it."""
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s %(exc_info)s"))
    names = [None, "urllib3", "requests", "urllib3.connectionpool", "urllib3.connection"]
    loggers = [
        logging.getLogger(name) for name in (*names, "urllib3.util.retry", "charset_normalizer")
    ]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.addHandler(handler)
    yield kept
    for logger, level in before:
        logger.setLevel(level)
        logger.removeHandler(handler)


@pytest.mark.parametrize("fault", ["ok", *FAULTS])
def test_s2_logs_at_debug_hold_no_secret(
    fault: str,
    serve: Serve,
    call: Caller,
    loud: io.StringIO,
    capfd: pytest.CaptureFixture[str],
) -> None:
    server = serve(fault, behaviours=BEHAVIOURS, say={KEY.path: Say(b"{}")})
    failing(call, server)
    printed = capfd.readouterr()
    text = loud.getvalue() + printed.out + printed.err
    assert [canary for canary in canaries(server) if canary in text] == []


def test_s2_http_client_debugging_is_off() -> None:
    assert http.client.HTTPConnection.debuglevel == 0


def test_s12_secrets_do_not_pile_up_in_memory(serve: Serve, call: Caller) -> None:
    def alive() -> int:
        gc.collect()
        return sum(isinstance(thing, Secret) for thing in gc.get_objects())

    server = serve("ok reset " * 20, say={KEY.path: Say(b"{}")})
    failing(call, server)
    before = alive()
    for _ in range(30):
        failing(call, server)
    assert alive() <= before + 1


def test_the_request_on_the_wire_holds_the_key_once_and_never_the_secret(
    serve: Serve, call: Caller
) -> None:
    server = serve("ok", say={KEY.path: Say(b"{}")})
    with call.chain() as chain:
        now = round(datetime.now(UTC).timestamp() * 1000)
        ask(SPEC, chain, at(server.address), KEY, credentials(), None, now)
    assert server.received.count(API_KEY.encode()) == 1
    assert [f for f in forms(SECRET) if f.encode() in server.received] == []
    assert server.requests[0].headers["x-mbx-apikey"] == API_KEY
