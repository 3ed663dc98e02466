"""Spoilt answers by the hundred thousand, each judged twice: by the program and by a stranger.

`run(answers)` makes that many pairs of a time answer and a key answer, lets the whole path behind
the line decide (strict decoding, diagnosis, facts, rules), and compares with `second_opinion`.
The first part is systematic and always the same; the rest is drawn at random from a seed.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import second_opinion
from latchlight.core.egress import EgressReport
from latchlight.core.findings import Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent, Purpose
from latchlight.judge import Background, judge
from latchlight.probing import ask_exchange
from scripted_exchange import (
    BINANCE,
    DATA,
    HOST,
    KEY_PATH,
    NOW,
    NOW_MS,
    TIME_PATH,
    Heard,
    ScriptedClient,
    ScriptedServices,
    credentials,
    heard,
    request,
    sample,
    time_answer,
)

SAMPLES = {file.stem: sample(file.stem) for file in sorted(DATA.glob("*.json"))}
FIT = {  # the answers that are green for one purpose
    "restrictions-watch": Purpose.WATCH,
    "restrictions-spot": Purpose.SPOT,
    "restrictions-margin": Purpose.MARGIN,
    "restrictions-futures": Purpose.FUTURES,
    "restrictions-with-end": Purpose.SPOT,
}
SWITCHES = tuple(second_opinion.TABLE)
VALUES: tuple[Any, ...] = (
    *(True, False, None, 0, 1, -1, 2, 0.0, 1.0, 1e3, 2**53 + 1, 10**40, NOW_MS),
    *("", "true", "false", "True", "FALSE", " true", "0", "1", "yes", "no", "on", "null", "x"),
    *([], [True], [False], ["true"], {}, {"value": True}, {"enabled": False}, [[]], [None]),
)
NAMES = (
    *("enableXyz", "permitsAlphaWithdrawals", "canWithdraw", "allowAll", "withdraw", "apiName"),
    *("EnableStock", "isFrozen", "symbolWhitelist", "ipList", "status", "success", "retCode"),
    *("code", "msg", "data", "result", "error", "message", "\u4ea4\u6613", " enableWithdrawals"),
    *("enableWithdrawals ", "enable_withdrawals", "enableWithdrawal", "withdrawEnabled", ""),
)
TYPES = ("text/html", "text/plain", "", "application/octet-stream", "application/json2", "json")
Pair = tuple[Heard, Heard, Purpose]
NOTHING_SPOILT = time_answer()


def packed(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def ok(body: bytes, **more: Any) -> Heard:
    return Heard(body, **{"status": 200, **more})


# the systematic part


def systematic() -> Iterator[Pair]:
    """Every planned kind of damage, in a fixed order."""
    for part in (
        rights_table,
        cuts,
        bit_flips,
        wrong_types,
        missing_fields,
        renamed_fields,
        doubled_fields,
        new_fields,
        swapped_answers,
        statuses,
        around_the_body,
        clocks_and_dates,
    ):
        yield from part()


def rights_table() -> Iterator[Pair]:
    """Every combination of switches, with the list on and off, for every purpose."""
    base = SAMPLES["restrictions-spot"]
    for chosen in itertools.product((False, True), repeat=len(SWITCHES)):
        rights = dict(zip(SWITCHES, chosen, strict=True))
        body = packed({**base, **rights})
        off = packed({**base, **rights, "ipRestrict": False})
        for purpose in Purpose:
            yield NOTHING_SPOILT, ok(body), purpose
        yield NOTHING_SPOILT, ok(off), Purpose.SPOT


def cuts() -> Iterator[Pair]:
    """A12, BO12: every sample ends at every byte; the framing is taken to have matched."""
    for name, value in SAMPLES.items():
        for body in (packed(value), (DATA / f"{name}.json").read_bytes()):
            for end in range(len(body)):
                yield NOTHING_SPOILT, ok(body[:end]), FIT.get(name, Purpose.SPOT)
                yield NOTHING_SPOILT, ok(body[end:]), FIT.get(name, Purpose.SPOT)
    whole = NOTHING_SPOILT.body
    for end in range(len(whole)):
        yield ok(whole[:end]), ok(packed(SAMPLES["restrictions-spot"])), Purpose.SPOT


def bit_flips() -> Iterator[Pair]:
    """BO13: every single bit of every answer that could be green, and of the time."""
    for name, purpose in FIT.items():
        for flipped in _flipped(packed(SAMPLES[name])):
            yield NOTHING_SPOILT, ok(flipped), purpose
    fine = ok(packed(SAMPLES["restrictions-spot"]))
    for flipped in _flipped(NOTHING_SPOILT.body):
        yield ok(flipped), fine, Purpose.SPOT
    for name in ("restrictions-documentation", "error-2015", "account"):
        for flipped in _flipped(packed(SAMPLES[name])):
            yield NOTHING_SPOILT, ok(flipped), Purpose.SPOT


def _flipped(body: bytes) -> Iterator[bytes]:
    for position, bit in itertools.product(range(len(body)), range(8)):
        spoilt = bytearray(body)
        spoilt[position] ^= 1 << bit
        yield bytes(spoilt)


def wrong_types() -> Iterator[Pair]:
    """B01 to B03, B09: every field with every odd value."""
    for name, purpose in FIT.items():
        base = SAMPLES[name]
        for changed, value in itertools.product(base, VALUES):
            yield NOTHING_SPOILT, ok(packed({**base, changed: value})), purpose
    fine = ok(packed(SAMPLES["restrictions-spot"]))
    for value in VALUES:
        yield ok(packed({"serverTime": value})), fine, Purpose.SPOT


def missing_fields() -> Iterator[Pair]:
    """B04: fields missing alone, in pairs and in threes."""
    for name, purpose in FIT.items():
        base = SAMPLES[name]
        for many in (1, 2, 3):
            for gone in itertools.combinations(base, many):
                body = packed({k: v for k, v in base.items() if k not in gone})
                yield NOTHING_SPOILT, ok(body), purpose


def renamed_fields() -> Iterator[Pair]:
    """B05: another case, a lost or added letter, one level further down, values exchanged."""
    for name, purpose in FIT.items():
        base = SAMPLES[name]
        for old in base:
            rest = {k: v for k, v in base.items() if k != old}
            for new in (old.upper(), old.lower(), old[:-1], old + "s", old[1:], old + " ", "x"):
                yield NOTHING_SPOILT, ok(packed({**rest, new: base[old]})), purpose
            yield NOTHING_SPOILT, ok(packed({**rest, "data": {old: base[old]}})), purpose
        for wrapped in ({"data": base}, [base], {"result": base, **base}, {"data": [base]}):
            yield NOTHING_SPOILT, ok(packed(wrapped)), purpose
        for one, two in itertools.combinations(base, 2):
            swapped = {**base, one: base[two], two: base[one]}
            yield NOTHING_SPOILT, ok(packed(swapped)), purpose


def doubled_fields() -> Iterator[Pair]:
    """A16: each field twice, in both orders, with every value."""
    for name, purpose in FIT.items():
        base = SAMPLES[name]
        text = packed(base)[1:-1]
        for twice, value in itertools.product(base, VALUES[:20]):
            for spelled in (twice, twice.lower(), twice.upper()):
                more = packed({spelled: value})[1:-1]
                yield NOTHING_SPOILT, ok(b"{" + text + b"," + more + b"}"), purpose
                yield NOTHING_SPOILT, ok(b"{" + more + b"," + text + b"}"), purpose


def new_fields() -> Iterator[Pair]:
    """B06 to B08: fields that nobody documented, with every value."""
    for (name, purpose), new, value in itertools.product(FIT.items(), NAMES, VALUES):
        yield NOTHING_SPOILT, ok(packed({**SAMPLES[name], new: value})), purpose


def swapped_answers() -> Iterator[Pair]:
    """BO10, A15: every stored answer in the place of every other, at all statuses that matter."""
    bodies = [packed(value) for value in SAMPLES.values()]
    for first, second in itertools.product([NOTHING_SPOILT.body, *bodies], bodies):
        for purpose in Purpose:
            yield ok(first), ok(second), purpose
    for body, status in itertools.product(bodies, (400, 401, 403, 418, 429, 451, 500, 503)):
        yield NOTHING_SPOILT, ok(body, status=status), Purpose.SPOT
        yield ok(body, status=status), ok(bodies[0]), Purpose.SPOT


def statuses() -> Iterator[Pair]:
    """A23: every status with a body that says that all is well."""
    for name, purpose in FIT.items():
        body = packed(SAMPLES[name])
        for status in range(200, 600):
            yield NOTHING_SPOILT, ok(body, status=status), purpose
            yield ok(NOTHING_SPOILT.body, status=status), ok(body), purpose


def around_the_body() -> Iterator[Pair]:
    """A10, A15, A18, A19: types, caches, encodings, and errors beside the fields."""
    errors = (-2015, -1022, -1, 0, 1, 200, 10003, 50110, "-2015", "0", "200000", None, True, [])
    encodings = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-7", "cp037")
    for name, purpose in FIT.items():
        base = SAMPLES[name]
        body = packed(base)
        for kind in TYPES:
            yield NOTHING_SPOILT, ok(body, content_type=kind), purpose
            yield ok(NOTHING_SPOILT.body, content_type=kind), ok(body), purpose
        yield NOTHING_SPOILT, ok(body, age=True), purpose
        for encoding in encodings:
            yield NOTHING_SPOILT, ok(json.dumps(base).encode(encoding)), purpose
        for code, status in itertools.product(errors, (200, 400)):
            yield NOTHING_SPOILT, ok(packed({"code": code, **base}), status=status), purpose
            both = {"code": code, "msg": "success", **base}
            yield NOTHING_SPOILT, ok(packed(both), status=status), purpose
        yield NOTHING_SPOILT, ok(packed({"msg": "ok", **base})), purpose
        for before, after in ((b" ", b"\n"), (b"\xef\xbb\xbf", b""), (b"", b"\0"), (b"", b"{}")):
            yield NOTHING_SPOILT, ok(before + body + after), purpose


def clocks_and_dates() -> Iterator[Pair]:
    """E05, E06, A24: the server's time, the Date header, the ages and ends of keys."""
    fine = ok(packed(SAMPLES["restrictions-spot"]))
    day = 86_400_000
    steps = (*range(-31_000, 31_000, 250), *range(-day, day, 3_600_000))
    for offset in steps:
        yield time_answer(NOW_MS + offset), fine, Purpose.SPOT
        moment = NOW + timedelta(milliseconds=offset)
        yield NOTHING_SPOILT, ok(fine.body, date=moment), Purpose.SPOT
        yield time_answer(NOW_MS + 900), ok(fine.body, date=moment), Purpose.SPOT
    for days in (*range(-3, 40), *range(360, 370), *range(3300, 3450), 20_000, 10**7):
        for wobble in (-1, 0, 1):
            made = NOW_MS - days * day + wobble
            body = packed({**SAMPLES["restrictions-spot"], "createTime": made})
            yield NOTHING_SPOILT, ok(body), Purpose.SPOT
            end = NOW_MS + days * day + wobble
            told = {**SAMPLES["restrictions-with-end"], "tradingAuthorityExpirationTime": end}
            yield NOTHING_SPOILT, ok(packed(told)), Purpose.SPOT


# the random part


def drawn(dice: random.Random) -> Pair:
    """One random answer with one to four kinds of damage."""
    name = dice.choice((*FIT, *FIT, *FIT, *SAMPLES))
    purpose = FIT.get(name, Purpose.SPOT) if dice.random() < 0.8 else dice.choice(list(Purpose))
    value = dict(SAMPLES[name])
    for _ in range(dice.randrange(0, 3)):
        _spoil_value(value, dice)
    body = bytearray(packed(value) if dice.random() < 0.8 else json.dumps(value).encode())
    for _ in range(dice.choice((0, 0, 1, 1, 2, 3))):
        _spoil_bytes(body, dice)
    key = ok(bytes(body))
    if dice.random() < 0.05:
        key = ok(bytes(body), status=dice.randrange(200, 600), content_type=dice.choice(TYPES))
    clock = NOTHING_SPOILT
    if dice.random() < 0.1:
        clock = time_answer(NOW_MS + dice.randrange(-8000, 8000))
    return clock, key, purpose


def _spoil_value(value: dict[str, Any], dice: random.Random) -> None:
    names = list(value) or ["x"]
    name = dice.choice(names)
    match dice.randrange(7):
        case 0:
            value[name] = dice.choice(VALUES)
        case 1:
            value.pop(name, None)
        case 2:
            value[dice.choice(NAMES)] = dice.choice(VALUES)
        case 3:
            value[_random_name(dice)] = dice.choice((True, False, None, "true", 1))
        case 4:
            value[name.swapcase()] = value.pop(name, None)
        case 5:
            other = dice.choice(names)
            value[name], value[other] = value.get(other), value.get(name)
        case _:
            switch = dice.choice(SWITCHES)
            value[switch] = not value.get(switch)


def _random_name(dice: random.Random) -> str:
    start = dice.choice(("", "", "enable", "permits", "can", "allow", "is"))
    letters = dice.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", k=8)
    return start + "".join(letters)


def _spoil_bytes(body: bytearray, dice: random.Random) -> None:
    if not body:
        return
    position = dice.randrange(len(body))
    match dice.randrange(6):
        case 0:
            body[position] ^= 1 << dice.randrange(8)
        case 1:
            body[position] = dice.randrange(256)
        case 2:
            del body[position]
        case 3:
            body.insert(position, dice.choice(b' \t\n"{}[],:0123456789tfn\\'))
        case 4:
            end = min(len(body), position + dice.randrange(1, 30))
            body[position:end] = body[position:end] * 2
        case _:
            other = dice.randrange(len(body))
            body[position], body[other] = body[other], body[position]


# judging


class Forgetful:
    """A store without memory: no ban of one answer may spare the next one its judgement."""

    force_ipv4 = True

    def ban_until(self, host: str, now: datetime) -> None:
        """Never one."""

    def set_ban(self, host: str, until: datetime) -> None:
        """Forgotten."""

    def note_contact(self, host: str, path: str, at: datetime) -> None:
        """Forgotten."""


@dataclass
class Judge:
    """The program, from the bytes of two answers to the light."""

    def __post_init__(self) -> None:
        self._script: dict[str, Any] = {}
        client = ScriptedClient(self._script)
        self._services = ScriptedServices(
            given_client=client, given_store=Forgetful(), now=lambda: NOW
        )
        self._client = client
        self._credentials = credentials()
        self._requests = {p: request(intent=Intent(p)) for p in Purpose}

    def light(self, pair: Pair) -> Light:
        """The light of this pair."""
        clock, key, purpose = pair
        self._script[TIME_PATH], self._script[KEY_PATH] = clock, key
        self._client.asked.clear()
        self._client.queries.clear()
        answers = ask_exchange(BINANCE, HOST, self._credentials, self._services, CancelToken())
        asked = self._requests[purpose]
        around = self._services
        return judge(BINANCE, asked, answers, EgressReport(), Background(), NOW, around).light


def opinion(pair: Pair) -> bool:
    """Whether the stranger would say green."""
    clock, key, purpose = pair
    return second_opinion.may_be_green(_plain(clock), _plain(key), purpose.value, NOW_MS)


def _plain(said: Heard) -> second_opinion.Heard:
    date = None if said.date is None else round(said.date.astimezone(UTC).timestamp() * 1000)
    return second_opinion.Heard(said.body, said.status, said.content_type, said.age, date)


@dataclass
class Tally:
    """What a campaign found. `too_strict` is grey, amber or red where green could be said."""

    answers: int = 0
    greens: int = 0
    false_greens: list[Pair] = field(default_factory=list)
    too_strict: list[Pair] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Tally) -> None:
        self.answers += other.answers
        self.greens += other.greens
        self.false_greens += other.false_greens
        self.too_strict += other.too_strict

    def __str__(self) -> str:
        return (
            f"{self.answers} answers tried, {self.greens} rightly green, "
            f"{len(self.false_greens)} false greens, {len(self.too_strict)} too strict, "
            f"{self.seconds:.0f} s, {self.answers / max(self.seconds, 0.001):.0f} per second"
        )


MOST_KEPT = 50


def _work(part: int, parts: int, answers: int, seed: int) -> Tally:
    tally, judged = Tally(), Judge()
    planned = itertools.islice(systematic(), answers)
    count = 0
    for count, pair in enumerate(planned, 1):
        if count % parts == part:
            _compare(pair, judged, tally)
    dice = random.Random(f"{seed}-{part}")
    for _ in range(part, answers - count, parts):
        _compare(drawn(dice), judged, tally)
    return tally


def _compare(pair: Pair, judged: Judge, tally: Tally) -> None:
    tally.answers += 1
    green, may = judged.light(pair) is Light.GREEN, opinion(pair)
    tally.greens += green and may
    if green and not may and len(tally.false_greens) < MOST_KEPT:
        tally.false_greens.append(pair)
    if may and not green and len(tally.too_strict) < MOST_KEPT:
        tally.too_strict.append(pair)


def run(answers: int, seed: int = 20261120, workers: int = 0) -> Tally:
    """Judge this many answers, on all processors unless told otherwise."""
    parts = workers or os.cpu_count() or 1
    started = time.monotonic()
    total = Tally()
    if parts == 1:
        total.add(_work(0, 1, answers, seed))
    else:
        context = multiprocessing.get_context("spawn")
        with context.Pool(parts) as pool:
            jobs = [(part, parts, answers, seed) for part in range(parts)]
            for tally in pool.starmap(_work, jobs):
                total.add(tally)
    total.seconds = time.monotonic() - started
    return total


def shown(pair: Pair) -> str:
    """One disagreement, to look at."""
    clock, key, purpose = pair
    return f"{purpose.value} HTTP {key.status} {key.content_type} {key.body!r} time {clock.body!r}"


def good_answer() -> Pair:
    """The answer that everything starts from."""
    return NOTHING_SPOILT, heard(SAMPLES["restrictions-spot"]), Purpose.SPOT
