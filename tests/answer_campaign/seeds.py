"""What everything starts from: the answers to each sample key, ready to be spoilt.

A `Case` is everything that one exchange says about one key in one checkup. The samples' address of
this computer is one for documentation, which shows; `OWN` is put in its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import second_opinion
from answer_mutations import Path, at, parts, replaced
from exchange_samples import Accepted, samples
from latchlight.core.purpose import Purpose
from latchlight.exchanges import EXCHANGES
from scripted_exchange import NOW_MS, Heard

LISTED = "203.0.113.7"
OWN = "93.184.216.34"
ELSEWHERE = "8.8.4.4"


@dataclass(frozen=True)
class Seed:
    """One sample key and what is said about it, by path: status and value."""

    exchange: str
    number: int
    sample: Accepted
    said: Mapping[str, tuple[int, Any]]

    @property
    def name(self) -> str:
        return self.sample.name


@dataclass(frozen=True)
class Case:
    """One set of answers, whose key asks, and for which purpose."""

    seed: Seed
    purpose: Purpose
    said: Mapping[str, Heard]
    what: str
    host: str = ""
    steps: tuple[tuple[str, int], ...] = field(default=(), compare=False)
    lock: second_opinion.Tried | None = None
    """What is remembered of a lock test of this key."""

    def with_said(self, what: str, **changes: Heard) -> Case:
        """The same but for some answers, by path."""
        return replace(self, said={**self.said, **changes}, what=what)


def packed(value: object) -> bytes:
    """As most exchanges send it."""
    return json.dumps(value, separators=(",", ":")).encode()


def ok(body: bytes, status: int = 200, **more: Any) -> Heard:
    """One answer."""
    return Heard(body, status, **more)


def time_path(exchange: str) -> str:
    """Where the exchange tells the time."""
    return EXCHANGES[exchange].time_probe.path


def time_answer(exchange: str, ms: int = NOW_MS) -> Heard:
    """What it says about the time."""
    return ok(packed(samples(exchange).time.filled(ms)))


@cache
def seeds(exchange: str) -> tuple[Seed, ...]:
    """All sample keys that are answered once per question, and in JSON."""
    return tuple(
        Seed(exchange, number, sample, {r.path: (r.status, _own(r.body)) for r in sample.answers})
        for number, sample in enumerate(samples(exchange).accepted)
        if len({reply.path for reply in sample.answers}) == len(sample.answers)
        and not any(reply.is_text for reply in sample.answers)
    )


def _own(body: Any) -> Any:
    return replaced(body, LISTED, lambda text: text.replace(LISTED, OWN))


@cache
def good_seeds(exchange: str) -> tuple[Seed, ...]:
    """The green ones, each set of answers once per purpose; the amber ones where none is green."""
    every = seeds(exchange)
    best = [s for s in every if s.sample.light == "green"]
    chosen: dict[bytes, Seed] = {}
    for seed in best or [s for s in every if s.sample.light == "amber"]:
        chosen.setdefault(packed([seed.sample.purpose.value, dict(seed.said)]), seed)
    return tuple(chosen.values())


def plain(seed: Seed, purpose: Purpose | None = None, host: str = "") -> Case:
    """The sample as it is."""
    said = {path: ok(packed(value), status) for path, (status, value) in seed.said.items()}
    said[time_path(seed.exchange)] = time_answer(seed.exchange)
    return Case(
        seed,
        purpose or seed.sample.purpose,
        said,
        f"“{seed.name}”",
        host or seed.sample.host or EXCHANGES[seed.exchange].hosts[0].name,
    )


# places in answers


@cache
def vocabulary(exchange: str) -> tuple[str, ...]:
    """Every documented word for a right."""
    module = getattr(second_opinion, exchange)
    listed = [word for words in groups(exchange).values() for word in words]
    return (*listed, *getattr(module, "UNIFIED_WORDS", ()))


@cache
def groups(exchange: str) -> Mapping[str, tuple[str, ...]]:
    """The words by the group under which they are listed; `` where there are no groups."""
    words = getattr(getattr(second_opinion, exchange), "WORDS", ())
    return words if isinstance(words, dict) else {"": words}


def word_places(exchange: str, body: Any) -> list[tuple[Path, str]]:
    """Where an answer lists words: `comma`, `list`, or `objects`."""
    known = {word.lower() for word in vocabulary(exchange)}
    found: list[tuple[Path, str]] = []
    for path in parts(body):
        value = at(body, path)
        if isinstance(value, str) and not isinstance(path[-1], int):
            if {word.strip().lower() for word in value.split(",")} <= known:
                found.append((path, "comma"))
        elif isinstance(value, list):
            form = _form_of(value, known, path)
            if form:
                found.append((path, form))
    return found


def _form_of(value: list[Any], known: set[str], path: Path) -> str:
    if not value:
        return "list" if len(path) > 1 and path[-2] == "permissions" else ""
    if all(isinstance(word, str) and word.lower() in known for word in value):
        return "list"
    return "objects" if all(isinstance(o, dict) and "read_only" in o for o in value) else ""


def put_words(words: list[Any], form: str) -> Any:
    """These words in that form."""
    if form == "comma":
        return ",".join(str(word) for word in words)
    return [{"name": w, "read_only": False} for w in words] if form == "objects" else words


def address_places(body: Any) -> list[tuple[Path, str]]:
    """Where an answer lists addresses: `comma` or `list`."""
    found: list[tuple[Path, str]] = []
    for path in parts(body):
        value = at(body, path)
        if isinstance(value, list) and value and all(_is_address(entry) for entry in value):
            found.append((path, "list"))
        elif isinstance(value, str) and not isinstance(path[-1], int) and _is_address(value):
            found.append((path, "comma"))
    return found


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and (OWN in value or ".**." in value)


def date_places(body: Any) -> list[Path]:
    """Where an answer tells a moment: a number of seconds or milliseconds, or a text with a T."""
    return [path for path in parts(body) if _is_date(at(body, path))]


def _is_date(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) == 20 and value.endswith("Z") and value[10] == "T"
    return type(value) is int and value > 10**9
