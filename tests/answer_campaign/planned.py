"""Every planned kind of damage, in a fixed order: what safety rows A, B and C name."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import second_opinion
from answer_mutations import (
    ENCODINGS,
    YES,
    Path,
    around,
    at,
    full_width,
    in_other_case,
    parts,
    put,
    raw_at,
    spoilt_at,
    text_of,
    twice,
    with_member,
    without,
)
from answer_mutations import packed as spaced
from latchlight.core.purpose import Purpose
from latchlight.exchanges import EXCHANGES
from scripted_exchange import NOW, NOW_MS

from .seeds import (
    ELSEWHERE,
    OWN,
    Case,
    Seed,
    address_places,
    date_places,
    good_seeds,
    groups,
    ok,
    packed,
    plain,
    put_words,
    seeds,
    time_answer,
    time_path,
    vocabulary,
    word_places,
)

VALUES: tuple[Any, ...] = (
    *(True, False, None, 0, 1, -1, 2, 0.0, 1.0, 1e3, 2**53 + 1, 10**40, NOW_MS),
    *("", "true", "false", "True", "FALSE", " true", "0", "1", "yes", "no", "on", "null", "x"),
    *([], [True], [False], ["true"], {}, {"value": True}, {"enabled": False}, [[]], [None]),
)
NAMES = (
    *("enableXyz", "permitsAlphaWithdrawals", "canWithdraw", "allowAll", "withdraw", "apiName"),
    *("EnableStock", "isFrozen", "symbolWhitelist", "ipList", "status", "success", "retCode"),
    *("code", "msg", "data", "result", "error", "message", "\u4ea4\u6613", " enableWithdrawals"),
    *("enable_withdrawals", "withdrawEnabled", "region", "kycStatus", "newTime", ""),
)
TYPES = ("text/html", "text/plain", "", "application/octet-stream", "application/json2", "json")
ADDRESS_LISTS: tuple[tuple[Any, ...], ...] = (
    *((OWN,), (f" {OWN} ",), (f"{OWN}/32",), (f"::ffff:{OWN}",), (f"{OWN}\n",), (OWN, OWN)),
    *((f"{OWN}/31",), (f"{OWN}/24",), (f"{OWN}/0",), (f"{OWN}/33",), (f"{OWN}/",), (f"0{OWN}",)),
    *((ELSEWHERE,), (OWN, ELSEWHERE), (OWN, "*"), ("*",), (OWN, ""), ("",), (), (OWN, None)),
    *(("0.0.0.0/0",), ("0.0.0.0/1", "128.0.0.0/1"), ("0.0.0.0",), ("::/0",), (OWN, "::/0")),
    *((OWN, "8.8.0.0/16"), (OWN, "2606:2800:220:1::7"), (OWN, "10.0.0.1"), (OWN, "127.0.0.1")),
    *((f"{OWN};{ELSEWHERE}",), (f"{OWN} {ELSEWHERE}",), (f"{OWN}.",), (OWN[:-1],), (OWN + "5",)),
    *(("93.**.34",), ("93.**.34", "*"), ("*.**.*",), ("0.**.0",), ("93.*.*.34",), ("93.**",)),
    *(("any",), ("null",), ("none",), ("-1",), (0,), (True,), ([OWN],), ({"ip": OWN},)),
    *((full_width(OWN),), (f"{OWN}%eth0",), ("93.184.216.034",), ("1572395042",), ("0x5db8d822",)),
)
AGES_DAYS = (*range(-3, 40), *range(360, 370), 1000, 5000, 20_000, 10**7)
Plan = Callable[[], Case]
"""A case that is only made when its turn comes: there are many more than most campaigns try."""


def planned(exchange: str) -> Iterator[Plan]:
    """All of it for one exchange."""
    for part in PARTS.values():
        yield from part(exchange)


def _value(seed: Seed, path: str, what: str, make: Callable[..., Any], *of: Any) -> Plan:
    """One answer has the value that `make` makes."""
    return partial(_made, seed, path, what, lambda *parts: packed(make(*parts)), of)


def _bytes(seed: Seed, path: str, what: str, make: Callable[..., bytes], *of: Any) -> Plan:
    """One answer has the bytes that `make` makes."""
    return partial(_made, seed, path, what, make, of)


def _made(
    seed: Seed, path: str, what: str, make: Callable[..., bytes], of: tuple[Any, ...]
) -> Case:
    case = plain(seed)
    heard = replace(case.said[path], body=make(*of))
    return case.with_said(f"“{seed.name}”, {path}: {what}", **{path: heard})


def _line(seed: Seed, path: str, what: str, **changes: Any) -> Plan:
    """One answer comes over the line in another way."""
    return partial(_carried, seed, path, what, changes)


def _carried(seed: Seed, path: str, what: str, changes: dict[str, Any]) -> Case:
    case = plain(seed)
    heard = replace(case.said[path], **changes)
    return case.with_said(f"“{seed.name}”, {path}: {what}", **{path: heard})


def _same(value: Any) -> Any:
    return value


def _answers(seed: Seed) -> Iterator[tuple[str, Any]]:
    for path, (_, value) in seed.said.items():
        yield path, value


def _good_answers(exchange: str) -> Iterator[tuple[Seed, str, Any]]:
    for seed in good_seeds(exchange):
        for path, value in _answers(seed):
            yield seed, path, value


def _all_answers(exchange: str) -> Iterator[tuple[Seed, str, Any]]:
    """The good ones and one about the time."""
    yield from _good_answers(exchange)
    first, path = good_seeds(exchange)[0], time_path(exchange)
    yield first, path, json.loads(time_answer(exchange).body)


def as_they_are(exchange: str) -> Iterator[Plan]:
    """Every sample for every purpose; the good ones also at every host."""
    for seed, purpose in itertools.product(seeds(exchange), Purpose):
        yield partial(plain, seed, purpose)
    for seed, host in itertools.product(good_seeds(exchange), EXCHANGES[exchange].hosts):
        yield partial(plain, seed, host=host.name)


# rights


def rights(exchange: str) -> Iterator[Plan]:
    """Every combination of switches or of up to three words, for every purpose."""
    for seed in _one_per_form(exchange):
        for path, value in _answers(seed):
            for body, what in (*_switched(exchange, value), *_worded(exchange, value)):
                for purpose in Purpose:
                    yield partial(_for, purpose, _value(seed, path, what, body))


def _for(purpose: Purpose, plan: Plan) -> Case:
    return replace(plan(), purpose=purpose)


def _one_per_form(exchange: str) -> list[Seed]:
    """Good seeds that differ in more than values: one per set of questions and of names."""
    forms: dict[str, Seed] = {}
    for seed in good_seeds(exchange):
        names = {text_of(p) for _, v in _answers(seed) for p in parts(v) if isinstance(p[-1], str)}
        forms.setdefault(f"{list(seed.said)}{sorted(names)}", seed)
    return list(forms.values())


def _switched(exchange: str, value: Any) -> Iterator[tuple[Callable[[], Any], str]]:
    if exchange != "binance":
        return
    switches = tuple(second_opinion.binance.TABLE)
    for chosen in itertools.product((False, True), repeat=len(switches)):
        body = {**value, **dict(zip(switches, chosen, strict=True))}
        yield partial(_same, body), f"switches {chosen}"


def _worded(exchange: str, value: Any) -> Iterator[tuple[Callable[[], Any], str]]:
    places = word_places(exchange, value)
    if len(groups(exchange)) > 1 and places:
        yield from _grouped(exchange, value, places[0][0][:-1])
        return
    words = vocabulary(exchange)
    for path, form in places:
        for many in range(3 if exchange in second_opinion.NEVER_GREEN else 4):
            for chosen in itertools.combinations(words, many):
                listed = put_words(list(chosen), form)
                yield partial(put, value, path, listed), f"{text_of(path)}={chosen}"


def _grouped(exchange: str, value: Any, path: Path) -> Iterator[tuple[Callable[[], Any], str]]:
    pairs = [(group, word) for group, words in groups(exchange).items() for word in words]
    for many in range(4):
        for chosen in itertools.combinations(pairs, many):
            listed: dict[str, list[str]] = {group: [] for group in at(value, path)}
            for group, word in chosen:
                listed.setdefault(group, []).append(word)
            yield partial(put, value, path, listed), f"{text_of(path)}={chosen}"


def odd_words(exchange: str) -> Iterator[Plan]:
    """B08 to B11: words that are nearly the documented ones, new ones, other forms of the list."""
    for seed, answer, value in _good_answers(exchange):
        for path, form in word_places(exchange, value):
            own = at(value, path)
            listed = own.split(",") if form == "comma" else list(own)
            known = groups(exchange).get(str(path[-1]), vocabulary(exchange))
            for words in _odd_lists(known, listed, form):
                told = put_words(words, form)
                yield _value(seed, answer, f"{text_of(path)}={words!r}", put, value, path, told)


def _odd_lists(known: tuple[str, ...], listed: list[Any], form: str) -> Iterator[list[Any]]:
    named = [w["name"] if form == "objects" else w for w in listed]
    for number, word in enumerate(named):
        for other in (*around(word), *in_other_case(word), full_width(word), "", None, 1, [word]):
            yield [*named[:number], other, *named[number + 1 :]]
    for word in known:
        for other in (word, *around(word), *in_other_case(word), full_width(word)):
            yield [*named, other]
    for other in ("newRight", "", " ", None, True, 0, {}, ["x"], "all", "*"):
        yield [*named, other]


def odd_addresses(exchange: str) -> Iterator[Plan]:
    """C01 to C15: lists that let in everybody, somebody else, or cannot be read."""
    for seed, answer, value in _good_answers(exchange):
        for path, form in address_places(value):
            for entries in ADDRESS_LISTS:
                listed = put_words(list(entries), form)
                yield _value(seed, answer, f"{text_of(path)}={listed!r}", put, value, path, listed)


# bytes


def cuts(exchange: str) -> Iterator[Plan]:
    """A12: every good answer ends, or begins, at every byte."""
    for seed, path, value in _all_answers(exchange):
        for form in (packed(value), spaced(value)):
            for end in range(len(form)):
                yield _bytes(seed, path, f"cut at {end}", form.__getitem__, slice(end))
                yield _bytes(seed, path, f"begins at {end}", form.__getitem__, slice(end, None))


def bit_flips(exchange: str) -> Iterator[Plan]:
    """Every single bit of every good answer, and of the time."""
    for seed, path, value in _all_answers(exchange):
        body = packed(value)
        for position, bit in itertools.product(range(len(body)), range(8)):
            what = f"bit {bit} of byte {position}"
            yield _bytes(seed, path, what, _flipped, body, position, bit)


def _flipped(body: bytes, position: int, bit: int) -> bytes:
    spoilt = bytearray(body)
    spoilt[position] ^= 1 << bit
    return bytes(spoilt)


def doubled(exchange: str) -> Iterator[Plan]:
    """A16: a member that stands there twice."""
    for seed, path, value in _all_answers(exchange):
        for place in parts(value):
            if not isinstance(place[-1], str):
                continue
            for other in (True, False, None, "", [], at(value, place)):
                for order, body in twice(value, place, other):
                    what = f"{text_of(place)} twice, {other!r} {order}"
                    yield _bytes(seed, path, what, _same, body)


def raw_values(exchange: str) -> Iterator[Plan]:
    """A17: texts that are no value."""
    for seed, path, value in _all_answers(exchange):
        for place in parts(value):
            for raw in ("NaN", "Infinity", "1e999", "007", r'"\ud800"', "1/**/", "tru", "'x'"):
                yield _bytes(seed, path, f"{text_of(place)}={raw}", raw_at, value, place, raw)


# values


def odd_values(exchange: str) -> Iterator[Plan]:
    """B01 to B05, B09, B24: every part gone, renamed, moved, or of another type."""
    for seed, path, value in _all_answers(exchange):
        for place in parts(value):
            for how, body in spoilt_at(value, place):
                yield _value(seed, path, f"{text_of(place)} {how}", _same, body)
            for odd in VALUES:
                yield _value(seed, path, f"{text_of(place)}={odd!r}", put, value, place, odd)


def pairs_missing(exchange: str) -> Iterator[Plan]:
    """B04: two parts are missing."""
    for seed in _one_per_form(exchange):
        for path, value in _answers(seed):
            members = [place for place in parts(value) if isinstance(place[-1], str)]
            for one, two in itertools.combinations(members, 2):
                if two[: len(one)] != one:
                    what = f"without {text_of(one)} and {text_of(two)}"
                    yield _value(seed, path, what, without, value, one, two)


def new_fields(exchange: str) -> Iterator[Plan]:
    """B06, B07: members that no page describes, in every object."""
    values = (*YES, False, None, 0, "", "false", "no", 2, "DE", {"withdraw": True}, ["withdraw"])
    for seed, path, value in _good_answers(exchange):
        objects = [p for p in ((), *parts(value)) if isinstance(at(value, p), dict)]
        for place, name, new in itertools.product(objects, NAMES, values):
            if name not in at(value, place):
                what = f"{text_of(place)}.{name}={new!r}"
                yield _value(seed, path, what, with_member, value, place, name, new)


# answers as a whole


def swapped(exchange: str) -> Iterator[Plan]:
    """A15, D01: every stored answer of every exchange in the place of every answer."""
    stored = [
        (f"{other} “{seed.name}”", status, value)
        for other in EXCHANGES
        for seed in seeds(other)
        for status, value in seed.said.values()
    ]
    stored += [(f"{name} time", 200, json.loads(time_answer(name).body)) for name in EXCHANGES]
    for seed in _one_per_form(exchange):
        asked = (*seed.said, time_path(exchange))
        for path, (name, told, value) in itertools.product(asked, stored):
            for status in {told, 200}:
                what = f"the answer of {name}, HTTP {status}"
                yield partial(_replaced, seed, path, what, value, status)
    for seed in good_seeds(exchange):
        for one, two in itertools.permutations((*seed.said, time_path(exchange)), 2):
            yield partial(_exchanged, seed, one, two)


def _replaced(seed: Seed, path: str, what: str, value: Any, status: int) -> Case:
    heard = ok(packed(value), status)
    return plain(seed).with_said(f"“{seed.name}”, {path}: {what}", **{path: heard})


def _exchanged(seed: Seed, one: str, two: str) -> Case:
    case = plain(seed)
    both = {one: case.said[two], two: case.said[one]}
    return case.with_said(f"“{seed.name}”: {one} and {two} exchanged", **both)


def statuses(exchange: str) -> Iterator[Plan]:
    """A11, A23: every status with a body that says that all is well."""
    for seed, path, _ in _all_answers(exchange):
        for status in range(200, 600):
            yield _line(seed, path, f"HTTP {status}", status=status)


def around_the_body(exchange: str) -> Iterator[Plan]:
    """A15, A18, A19: types, caches, encodings, and what stands around the value."""
    for seed, path, value in _all_answers(exchange):
        for kind in (*TYPES, "application/json"):
            yield _line(seed, path, f"type “{kind}”", content_type=kind)
        yield _line(seed, path, "from a cache", age=True)
        for encoding in ENCODINGS:
            yield _bytes(seed, path, f"in {encoding}", json.dumps(value).encode, encoding)
        for before, after in ((b" ", b"\n"), (b"\xef\xbb\xbf", b""), (b"", b"\0"), (b"", b"{}")):
            what = f"between {before!r} and {after!r}"
            yield _bytes(seed, path, what, b"".join, (before, packed(value), after))
        for wrapped in ({"data": value}, [value], {"result": value}, {"data": [value]}, [[value]]):
            yield _value(seed, path, "wrapped", _same, wrapped)


def moments(exchange: str) -> Iterator[Plan]:
    """E04 to E06, A24: the clock, the Date header, ages and ends of keys."""
    seed, path, day = good_seeds(exchange)[0], time_path(exchange), 86_400_000
    for offset in (*range(-61_000, 61_000, 250), *range(-day, day, 3_600_000)):
        told = json.loads(time_answer(exchange, NOW_MS + offset).body)
        yield _value(seed, path, f"clock off by {offset} ms", _same, told)
        for question in (*seed.said, path):
            date = NOW + timedelta(milliseconds=offset)
            yield _line(seed, question, f"Date off by {offset} ms", date=date)
    for kept, question, value in _good_answers(exchange):
        for place, days, wobble in itertools.product(date_places(value), AGES_DAYS, (-1, 0, 1)):
            for ms in (NOW_MS - days * day + wobble, NOW_MS + days * day + wobble):
                moment = like(at(value, place), ms)
                what = f"{text_of(place)}={moment}"
                yield _value(kept, question, what, put, value, place, moment)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def like(value: Any, ms: int) -> Any:
    """This moment in the form of that one."""
    if isinstance(value, str):
        try:
            # Added: from a timestamp Windows makes nothing before 1970.
            return (EPOCH + timedelta(seconds=ms // 1000)).strftime("%Y-%m-%dT%H:%M:%SZ")
        except (OverflowError, ValueError):
            return value
    return ms if value > 10**11 else ms // 1000


PARTS: dict[str, Callable[[str], Iterator[Plan]]] = {
    "as they are": as_they_are,
    "rights": rights,
    "words": odd_words,
    "addresses": odd_addresses,
    "cuts": cuts,
    "bits": bit_flips,
    "values": odd_values,
    "missing": pairs_missing,
    "doubled": doubled,
    "raw": raw_values,
    "new": new_fields,
    "swapped": swapped,
    "statuses": statuses,
    "around": around_the_body,
    "moments": moments,
}
