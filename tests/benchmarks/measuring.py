"""Runs side by side, medians, and a verdict with its figures."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 15
"""Of every contender, after one that is not counted."""


@dataclass(frozen=True)
class Bound:
    """One figure, what it may be at most, and the words for it."""

    name: str
    value: float
    most: float
    unit: str = "x"

    @property
    def kept(self) -> bool:
        """Whether the bound holds."""
        return self.value <= self.most

    def __str__(self) -> str:
        word = "ok  " if self.kept else "MISS"
        return f"{word} {self.name}: {self.value:.2f}{self.unit} (at most {self.most:g}{self.unit})"


def interleaved(
    contenders: Mapping[str, Callable[[], float]], rounds: int = ROUNDS
) -> dict[str, list[float]]:
    """One run of each per round, so that a busy moment of the computer hits all alike."""
    for run in contenders.values():
        run()
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        names = list(contenders)
        # Nobody is always the first after a pause.
        for name in names[number % len(names) :] + names[: number % len(names)]:
            figures[name].append(contenders[name]())
    return figures


def ratio(figures: Mapping[str, list[float]], ours: str, other: str) -> float:
    """The median over the rounds of ours against the other's: what slows both down falls out."""
    return statistics.median(
        mine / theirs for mine, theirs in zip(figures[ours], figures[other], strict=True)
    )


def tell(figures: Mapping[str, list[float]], unit: str) -> None:
    """Print the figures."""
    for name, values in figures.items():
        median, spread = statistics.median(values), f"{min(values):.1f} to {max(values):.1f}"
        print(f"     {name:<28} median {median:8.1f} {unit}  ({spread}, n={len(values)})")
