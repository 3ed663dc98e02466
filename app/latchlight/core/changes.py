"""What changed between two checks of one key. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from latchlight.core.findings import KeyReport, Light
from latchlight.core.records import dataclass


@dataclass(frozen=True)
class SnapshotLine:
    """One finding of a check, as short as it is remembered."""

    rule: str
    light: Light
    title: str
    """A sentence where it is of this session; plain English where a store of long ago had no more."""
    basis: str = ""
    """`Finding.basis`: the same while only time passes. Empty where it was not remembered."""


@dataclass(frozen=True)
class Snapshot:
    """One check of a key: its light, its findings and the time it was done (UTC)."""

    at: datetime
    light: Light
    lines: tuple[SnapshotLine, ...]
    answered: bool = True
    """False: the exchange was not reached or refused, so that nearly nothing was found out."""
    host: str = ""
    gaps: int = 0
    """Lines of a stored report that could not be read and are left out here."""

    @property
    def found_something(self) -> bool:
        """Whether it says anything to compare with; a refused address does, a dead line does not."""
        return self.answered or self.light is not Light.GREY


@dataclass(frozen=True)
class Change:
    """One finding before and after; None where it was not on the list."""

    rule: str
    before: SnapshotLine | None
    after: SnapshotLine | None

    @property
    def better(self) -> bool:
        """Whether the light got less bad; a finding that vanished or came is neither."""
        if self.before is None or self.after is None:
            return False
        return self.after.light.badness < self.before.light.badness


def snapshot(report: KeyReport) -> Snapshot:
    """What is compared of a report."""
    lines = tuple(SnapshotLine(f.rule, f.light, f.title, f.basis) for f in report.findings)
    return Snapshot(
        report.finished_at,
        report.light,
        lines,
        answered=report.diagnosis is None,
        host=report.host,
    )


def changes(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """Findings whose light or words differ, worst first as they are now.

    Where a report was read with gaps, a finding that stands in one of them only may be such a gap:
    it neither came nor went.
    """
    old = {line.rule: line for line in before.lines}
    new = {line.rule: line for line in after.lines}
    whole = not before.gaps and not after.gaps
    found = [
        Change(rule, old.get(rule), new.get(rule))
        for rule in dict.fromkeys([*new, *old])
        if _differs(old.get(rule), new.get(rule)) and (whole or (rule in old and rule in new))
    ]
    return tuple(sorted(found, key=_urgency))


def changed_lights(before: Snapshot | None, after: Snapshot) -> tuple[Change, ...]:
    """Findings whose light is another one than at the check before; none where nothing compares."""
    if before is None or not after.found_something or before.host != after.host:
        return ()
    return tuple(
        change
        for change in changes(before, after)
        if change.before is not None
        and change.after is not None
        and change.before.light is not change.after.light
    )


def last_found(snapshots: Iterable[Snapshot], host: str) -> Snapshot | None:
    """The newest check of this host that found something out."""
    fitting = (s for s in snapshots if s.found_something and s.host == host)
    return max(fitting, key=lambda s: s.at, default=None)


@dataclass(frozen=True)
class Stretch:
    """Checks in a row with one and the same result. `first` and `last` are UTC."""

    latest: Snapshot
    first: datetime
    last: datetime
    count: int
    changed: tuple[Change, ...] = ()
    """Against the last check before it that found something; empty where there is none."""
    since: datetime | None = None
    """When that one was done."""


def stretches(snapshots: Iterable[Snapshot]) -> tuple[Stretch, ...]:
    """A history, newest first: equal results in a row folded into one."""
    runs: list[list[Snapshot]] = []
    for one in sorted(snapshots, key=lambda s: s.at):
        if runs and _same(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    found: list[Stretch] = []
    base: Snapshot | None = None
    for run in runs:
        found.append(_stretch(run, base))
        base = run[-1] if run[-1].found_something else base
    return tuple(reversed(found))


def _stretch(run: list[Snapshot], base: Snapshot | None) -> Stretch:
    first, latest = run[0], run[-1]
    comparable = base is not None and first.found_something and base.host == first.host
    return Stretch(
        latest,
        first.at,
        latest.at,
        len(run),
        changes(base, first) if base is not None and comparable else (),
        base.at if base is not None and comparable else None,
    )


def _same(one: Snapshot, other: Snapshot) -> bool:
    facts = (one.light, one.answered, one.host) == (other.light, other.answered, other.host)
    if facts and not one.found_something:
        return True  # why nothing was found out may differ; the history is about what was
    return facts and not changes(one, other)


def _differs(before: SnapshotLine | None, after: SnapshotLine | None) -> bool:
    if before is None or after is None:
        return before is not after
    if before.light is not after.light:
        return True
    if before.basis and after.basis and before.basis == after.basis:
        return False  # another number in the words, such as the days of its age
    return str(before.title) != str(after.title)


def _urgency(change: Change) -> int:
    return -change.after.light.badness if change.after is not None else 1
