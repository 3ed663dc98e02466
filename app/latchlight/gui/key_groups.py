"""The keys by exchange, what a filter leaves of them, and the verdict over many. Qt-free.

Verdicts and counts are always over all keys, shown or not: a filter hides rows, never a light.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from latchlight.core.findings import LIGHT_WORDS, WORST_FIRST, worst
from latchlight.core.sentences import Sentence, say, series
from latchlight.gui.key_row import KeyRow
from latchlight.gui.light_look import Verdict
from latchlight.gui.tongue import tr


@dataclass(frozen=True)
class Entry:
    """One place in the list: a key, or the heading of an exchange where there is no `row_id`."""

    exchange: str
    row_id: str = ""


@dataclass(frozen=True)
class Heading:
    """What is said over the keys of one exchange."""

    exchange: str
    name: str
    verdict: Verdict
    counts: Sentence
    opened: bool

    @property
    def spoken(self) -> Sentence:
        """For screen readers."""
        return say(
            "{name}: {light}. {counts}, {state}",
            name=self.name,
            light=self.verdict.text,
            counts=self.counts,
            state=say("expanded") if self.opened else say("collapsed"),
        )


def heading(rows: Sequence[KeyRow], opened: bool) -> Heading:
    """Over all keys of one exchange. IndexError where there is none."""
    exchange = rows[0].request.exchange
    return Heading(exchange.id, exchange.name, worst_verdict(rows), count_words(rows), opened)


def worst_verdict(rows: Iterable[KeyRow]) -> Verdict:
    """The worst light of all; grey where there is none."""
    verdicts = [row.verdict for row in rows]
    practice = any(verdict.practice for verdict in verdicts)
    return Verdict(worst(verdict.light for verdict in verdicts), practice)


def count_words(rows: Iterable[KeyRow]) -> Sentence:
    """`12 keys: 3 Danger, 9 Safe`."""
    counts = Counter(row.verdict.light for row in rows)
    total = counts.total()
    parts = series(
        say("{n} {word}", n=counts[light], word=LIGHT_WORDS[light])
        for light in WORST_FIRST
        if counts[light]
    )
    if total == 1:
        return say("1 key: {parts}", parts=parts)
    return say("{n} keys: {parts}", n=total, parts=parts) if total else say("No keys")


def by_exchange(rows: Iterable[KeyRow], order: Sequence[str]) -> dict[str, list[KeyRow]]:
    """The rows of each exchange, the exchanges in this order and any others behind them."""
    found: dict[str, list[KeyRow]] = {}
    for row in rows:
        found.setdefault(row.request.exchange.id, []).append(row)
    places = {exchange: place for place, exchange in enumerate(order)}
    return {each: found[each] for each in sorted(found, key=lambda e: places.get(e, len(places)))}


def matches(row: KeyRow, wanted: str) -> bool:
    """Whether every word stands somewhere in name, exchange, last characters or light."""
    request = row.request
    light = row.verdict.text
    # The word as it is shown, and in English: whoever learned the one should find by it.
    parts = (request.label, request.exchange.name, request.hint, light, tr(light))
    text = " ".join(parts).casefold()
    return all(word in text for word in wanted.casefold().split())
