"""Lock tests as they may be remembered: good ones, and ones with a thing wrong.

They are written down in the second opinion's own words, and put into the program's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import second_opinion
from latchlight.core.addresses import parse_address, parse_network
from latchlight.core.lock_test import LockTest, TriedAnswer
from scripted_exchange import NOW_MS

from .seeds import ELSEWHERE, OWN, Case

FINGERPRINT = "f" * 32
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
THIRD = "9.9.9.9"
_HOSTS = {"coinbase": "api.coinbase.com", "binance": "api.binance.com"}
_SHOWN = {"coinbase": "shown ", "binance": "shown ipRestrict=true"}
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def good(exchange: str = "coinbase", ago_ms: int = HOUR_MS) -> second_opinion.Tried:
    """A test that proves what it should, ended so long ago."""
    back = NOW_MS - ago_ms
    return second_opinion.Tried(
        exchange=exchange,
        host=_HOSTS[exchange],
        practice=False,
        key=FINGERPRINT,
        home_ms=back - 10 * MINUTE_MS,
        own=(OWN,),
        tried_ms=back - 5 * MINUTE_MS,
        before=(ELSEWHERE,),
        after=(ELSEWHERE,),
        let_in=False,
        question="GET /api/v3/brokerage/key_permissions",
        refusal="ip-not-whitelisted",
        only_this=True,
        possible=True,
        seen=None,
        shown_before=_SHOWN[exchange],
        listed=(),
        back_ms=back,
        back_at=(OWN,),
        shown_after=_SHOWN[exchange],
    )


ODD: dict[str, tuple[Any, ...]] = {
    "exchange": ("okx", "", "Coinbase"),
    "host": ("api.coinbase.com:443", "127.0.0.1:9", "", "api.coinbase.eu"),
    "practice": (True,),
    "key": ("", "e" * 32, FINGERPRINT.upper(), FINGERPRINT[:-1]),
    "own": ((), (ELSEWHERE,), (OWN, ELSEWHERE), (THIRD,), (THIRD, OWN)),
    "before": ((), (OWN,), (THIRD,), (ELSEWHERE, THIRD), (ELSEWHERE, ELSEWHERE)),
    "after": ((), (OWN,), (THIRD,), (ELSEWHERE, THIRD), (ELSEWHERE, OWN)),
    "let_in": (True,),
    "question": ("",),
    "refusal": ("", "unauthorized", "key-ip-or-permission", "permission-missing", "timeout"),
    "only_this": (False,),
    "possible": (False,),
    "seen": (ELSEWHERE, OWN, THIRD),
    "shown_before": ("", "list ", "shown x"),
    "shown_after": ("", "list ", "shown x"),
    "listed": (("8.8.4.0/24",), (ELSEWHERE,), (OWN,), ("0.0.0.0/0",), ("8.8.0.0/22",)),
    "back_ms": (None,),
    "back_at": ((), (ELSEWHERE,), (THIRD,), (THIRD, OWN)),
}
_TIMES = ("home_ms", "tried_ms", "back_ms")
_SHIFTS = tuple(
    sign * (base + wobble)
    for base in (0, MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 30 * DAY_MS, 400 * DAY_MS)
    for wobble in (-1, 0, 1)
    for sign in (-1, 1)
)


@cache
def variants() -> tuple[second_opinion.Tried, ...]:
    """Everything that may be remembered instead of a good one; some of it is as good."""
    return tuple(_variants())


def _variants() -> Iterator[second_opinion.Tried]:
    whole = good()
    for name, values in ODD.items():
        for value in values:
            yield replace(whole, **{name: value})
    for (one, first), (two, second) in itertools.combinations(ODD.items(), 2):
        for value, other in itertools.product(first, second):
            yield replace(whole, **{one: value, two: other})
    for name, shift in itertools.product(_TIMES, _SHIFTS):
        yield replace(whole, **{name: getattr(whole, name) + shift})
    for shift in _SHIFTS:
        yield _moved(whole, shift)
        yield _moved(whole, shift + HOUR_MS)
        yield _moved(whole, shift + HOUR_MS + 5 * MINUTE_MS)


def _moved(whole: second_opinion.Tried, by: int) -> second_opinion.Tried:
    return replace(whole, **{name: getattr(whole, name) + by for name in _TIMES})


def locked(case: Case, number: int) -> Case:
    """Where a lock test decides, two of three cases have one: half of these a good one."""
    if case.seed.exchange not in second_opinion.BY_LOCK_TEST or number % 3 == 0:
        return case
    every = variants()
    chosen = good() if number % 3 == 1 else every[number // 3 % len(every)]
    return with_lock(case, chosen)


def with_lock(case: Case, tried: second_opinion.Tried | None) -> Case:
    """The same answers beside another lock test."""
    return replace(case, lock=tried)


def lock_test(tried: second_opinion.Tried) -> LockTest:
    """The same in the program's words."""
    return LockTest(
        exchange=tried.exchange,
        host=tried.host,
        practice=tried.practice,
        fingerprint=tried.key,
        used_at=_moment(tried.home_ms),
        used_from=tuple(map(parse_address, tried.own)),
        tried_at=_moment(tried.tried_ms),
        tried_from=tuple(map(parse_address, tried.before)),
        still_from=tuple(map(parse_address, tried.after)),
        answer=TriedAnswer(
            accepted=tried.let_in,
            probe=tried.question,
            code=tried.refusal,
            http_status=401,
            only_cause=tried.only_this,
            address_possible=tried.possible,
            seen=None if tried.seen is None else parse_address(tried.seen),
        ),
        list_before=tried.shown_before,
        listed=tuple(map(parse_network, tried.listed)),
        back_at=None if tried.back_ms is None else _moment(tried.back_ms),
        back_from=tuple(map(parse_address, tried.back_at)),
        list_after=tried.shown_after,
    )


def _moment(ms: int) -> datetime:
    return _BEGINNING + timedelta(milliseconds=ms)
