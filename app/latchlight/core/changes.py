"""What changed between two checks of one key. Pure."""

from __future__ import annotations

from datetime import datetime

from latchlight.core.findings import KeyReport, Light
from latchlight.core.records import dataclass


@dataclass(frozen=True)
class SnapshotLine:
    """One finding of a check, as short as it is remembered."""

    rule: str
    light: Light
    title: str


@dataclass(frozen=True)
class Snapshot:
    """One check of a key: its light, its findings and the time it was done (UTC)."""

    at: datetime
    light: Light
    lines: tuple[SnapshotLine, ...]


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
    lines = tuple(SnapshotLine(f.rule, f.light, f.title) for f in report.findings)
    return Snapshot(report.finished_at, report.light, lines)


def changes(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """Findings whose light or words differ, worst first as they are now."""
    old = {line.rule: line for line in before.lines}
    new = {line.rule: line for line in after.lines}
    found = [
        Change(rule, old.get(rule), new.get(rule))
        for rule in dict.fromkeys([*new, *old])
        if _differs(old.get(rule), new.get(rule))
    ]
    return tuple(sorted(found, key=_urgency))


def _differs(before: SnapshotLine | None, after: SnapshotLine | None) -> bool:
    if before is None or after is None:
        return before is not after
    return (before.light, str(before.title)) != (after.light, str(after.title))


def _urgency(change: Change) -> int:
    return -change.after.light.badness if change.after is not None else 1
