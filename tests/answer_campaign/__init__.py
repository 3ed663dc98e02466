"""Spoilt answers by the hundred thousand, each judged twice: by the program and by a stranger.

`run(answers)` makes that many sets of answers, evenly for every exchange, lets the whole path
behind the line decide (strict decoding, diagnosis, further questions, facts, rules), and compares
with `second_opinion`. A part is planned and always the same; the rest is drawn from a seed.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from latchlight.exchanges import EXCHANGES

from .drawn import drawn
from .judging import Judge, opinion, shown, smallest
from .locks import locked
from .planned import PARTS, planned
from .seeds import Case

__all__ = [
    "PARTS",
    "Case",
    "Judge",
    "Tally",
    "drawn",
    "opinion",
    "planned",
    "run",
    "shown",
    "smallest",
]
MOST_KEPT = 20
MOST_PLANNED = 0.7
"""So much of a campaign is planned at most, if there is more of it than fits in."""


@dataclass
class Tally:
    """What a campaign found. `too_strict` is grey, amber or red where green could be said."""

    exchange: str = ""
    answers: int = 0
    greens: int = 0
    false_green: int = 0
    too_strict: int = 0
    examples: list[str] = field(default_factory=list)
    """The first disagreements, each as small as it gets."""
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.exchange}: {self.answers} answers tried, {self.greens} rightly green, "
            f"{self.false_green} false greens, {self.too_strict} too strict, "
            f"{self.seconds:.0f} s"
        )

    def add(self, other: Tally) -> None:
        """Take in what another process found about the same exchange."""
        self.answers += other.answers
        self.greens += other.greens
        self.false_green += other.false_green
        self.too_strict += other.too_strict
        self.examples += other.examples
        self.seconds += other.seconds


def run(
    answers: int, seed: int = 20261120, workers: int = 0, exchanges: Iterable[str] = ()
) -> list[Tally]:
    """Judge this many answers, on all processors unless told otherwise; one tally per exchange."""
    names = list(exchanges) or list(EXCHANGES)
    processes = workers or os.cpu_count() or 1
    parts = 1 if len(names) >= processes else processes
    shares = [answers // len(names) + (n < answers % len(names)) for n in range(len(names))]
    jobs = [
        (name, share, seed, part, parts)
        for name, share in zip(names, shares, strict=True)
        for part in range(parts)
    ]
    tallies = {name: Tally(name) for name in names}
    for tally in _all(jobs, processes):
        tallies[tally.exchange].add(tally)
    return list(tallies.values())


def _all(jobs: list[tuple[str, int, int, int, int]], processes: int) -> list[Tally]:
    if processes == 1:
        return [campaign(*job) for job in jobs]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return pool.starmap(campaign, jobs, chunksize=1)


def campaign(exchange: str, answers: int, seed: int, part: int = 0, parts: int = 1) -> Tally:
    """The campaign against one exchange, or every so manieth case of it."""
    tally, judged, started = Tally(exchange), Judge(), time.monotonic()
    kept: Counter[str] = Counter()
    for number, make in enumerate(cases(exchange, answers, seed)):
        if number % parts != part:
            continue
        case = locked(make(), number)
        tally.answers += 1
        green, may = judged.is_green(case), opinion(case)
        tally.greens += green and may
        tally.false_green += green and not may
        tally.too_strict += may and not green
        kind = "false green" if green else "too strict"
        if green is not may and kept[kind] < MOST_KEPT:
            kept[kind] += 1
            text = shown(smallest(case, judged))
            tally.examples.append(f"{kind}, seed {seed}, number {number}: {text}")
    tally.seconds = time.monotonic() - started
    return tally


def cases(exchange: str, answers: int, seed: int) -> Iterator[Callable[[], Case]]:
    """The planned ones, or every n-th of them beginning with one that the seed chooses; then drawn.

    Each is only made when it is called.
    """
    every = math.ceil(sum(1 for _ in planned(exchange)) / (answers * MOST_PLANNED))
    left = answers
    for number, plan in enumerate(planned(exchange)):
        if number % every == seed % every and left > 0:
            left -= 1
            yield plan
    for number in range(left):
        yield partial(drawn, exchange, seed, number)
