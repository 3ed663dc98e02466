"""When to look again after a change at the exchange, and when to stop. Qt-free.

All times are seconds of one monotonic clock, given by the caller.
"""

from __future__ import annotations

from enum import Enum
from math import ceil

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.facts import WhyUnknown
from latchlight.core.findings import Finding, Light
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow

_PAUSES = (5.0, 10.0, 20.0, 30.0)
"""Between one look and the next."""
_LAST_PAUSE = 60.0
"""Between all further ones."""
_BETWEEN_RETURNS = 10.0
"""Coming back to the window more often than this asks nobody."""
_LEFT_ALONE = 60.0
"""How long an exchange that pushed us back is not asked, where it does not say so itself."""

BLOCKING = frozenset(
    {
        DiagnosisCode.RATE_LIMITED,
        DiagnosisCode.ADDRESS_BANNED,
        DiagnosisCode.FIREWALL_BLOCKED,
        DiagnosisCode.REGION_BLOCKED,
    }
)
"""Answers after which asking again makes things worse, or can help nothing."""


class Phase(Enum):
    """Where a series of looks stands."""

    IDLE = "idle"
    LOOKING = "looking"
    WAITING = "waiting"
    MENDED = "mended"
    GONE = "gone"
    """The finding is not on the list of the newest check any more."""
    UNTOLD = "untold"
    """As good as this exchange lets a key know: the rest is on its page only."""
    LATE = "late"
    """Not green although the exchange had its time."""
    BLOCKED = "blocked"
    STOPPED = "stopped"


_RESTING = frozenset({Phase.LATE, Phase.STOPPED})


class Seen(Enum):
    """What one look found of the finding."""

    OPEN = "open"
    MENDED = "mended"
    GONE = "gone"
    UNTOLD = "untold"
    BLOCKED = "blocked"
    NOTHING = "nothing"
    """The check was not finished, or it does not count."""
    STOPPED = "stopped"


def finding_of(row: KeyRow | None, rule: str) -> Finding | None:
    """The finding as the newest check has it; None where there is none."""
    if row is None or row.report is None:
        return None
    return next((f for f in row.report.findings if f.rule == rule), None)


def seen_in(row: KeyRow | None, rule: str) -> Seen:
    """What a check that has ended says about the finding. Mended only where the report counts."""
    if row is None:
        return Seen.GONE
    if row.doubt is Doubt.STOPPED:
        return Seen.STOPPED
    if row.report is None or not row.counts:
        return Seen.NOTHING
    diagnosis = row.report.diagnosis
    if diagnosis is not None and diagnosis.code in BLOCKING:
        return Seen.BLOCKED
    finding = finding_of(row, rule)
    if finding is None:
        # What a refusal hides is not gone.
        return Seen.NOTHING if diagnosis is not None else Seen.GONE
    if finding.light is Light.AMBER and finding.reason == WhyUnknown.NOT_TOLD.value:
        return Seen.UNTOLD
    return Seen.MENDED if finding.light is Light.GREEN else Seen.OPEN


class Recheck:
    """One series of looks: at once, then with growing pauses, as long as a change may take to act."""

    def __init__(self, delay_seconds: float) -> None:
        self.phase = Phase.IDLE
        self._delay = delay_seconds
        self._began = 0.0
        self._next = 0.0
        self._looks = 0
        self._series = False
        self._rest = Phase.IDLE
        """Where a single look goes back to."""
        self._last_look: float | None = None
        self._alone_until = 0.0

    @property
    def running(self) -> bool:
        """Whether it looks, or will look by itself."""
        return self.phase is Phase.LOOKING or self.phase is Phase.WAITING

    @property
    def by_the_way(self) -> bool:
        """Whether it looks only because the user came back, not because they said that it is done."""
        return self.phase is Phase.LOOKING and not self._series

    def begin(self, now: float) -> bool:
        """The user says that it is done. True: look now."""
        if self.phase is Phase.LOOKING:
            self._series, self._began, self._looks = True, now, 0
            return False
        if not self.may_look(now):
            return False
        self._series, self._began, self._looks = True, now, 0
        return self._look(now)

    def look(self, now: float) -> bool:
        """The user wants a look before its time; the series goes on behind it. True: look now."""
        if self.phase is Phase.LOOKING or not self.may_look(now):
            return False
        return self._look(now)

    def returned(self, now: float) -> bool:
        """The user came back to the window. True: look now."""
        if self.phase is Phase.MENDED or self.phase is Phase.GONE:
            return False
        recent = self._last_look is not None and now - self._last_look < _BETWEEN_RETURNS
        return False if recent else self.look(now)

    def tick(self, now: float) -> bool:
        """Called about every second. True: look now."""
        return self.phase is Phase.WAITING and now >= self._next and self._look(now)

    def ended(self, now: float, seen: Seen, retry_after: float | None = None) -> None:
        """A look has ended. `retry_after`: seconds for which the exchange wants to be left alone."""
        self._last_look = now
        match seen:
            case Seen.MENDED:
                self._finish(Phase.MENDED)
            case Seen.GONE:
                self._finish(Phase.GONE)
            case Seen.UNTOLD:
                self._finish(Phase.UNTOLD)
            case Seen.BLOCKED:
                self._finish(Phase.BLOCKED)
                self._alone_until = now + max(retry_after or 0.0, _LEFT_ALONE)
            case Seen.STOPPED:
                self._finish(Phase.STOPPED)
            case Seen.OPEN | Seen.NOTHING:
                self._go_on(now)

    def stop(self) -> None:
        """The user wants no further looks."""
        if self.running:
            self._finish(Phase.STOPPED)

    def may_look(self, now: float) -> bool:
        """Whether the exchange may be asked: not while it pushed us back."""
        return now >= self._alone_until

    def seconds_left(self, now: float) -> int | None:
        """Whole seconds until the next look; None where none comes by itself."""
        return max(0, ceil(self._next - now)) if self.phase is Phase.WAITING else None

    def seconds_alone(self, now: float) -> int:
        """Whole seconds for which the exchange is left alone; 0 where it may be asked."""
        return max(0, ceil(self._alone_until - now))

    def forget(self) -> None:
        """What it ended with is not so any more."""
        if not self.running:
            self.phase = Phase.IDLE

    def _look(self, now: float) -> bool:
        if not self._series:
            self._rest = self.phase if self.phase in _RESTING else Phase.IDLE
        self.phase = Phase.LOOKING
        self._last_look = now
        return True

    def _finish(self, phase: Phase) -> None:
        self.phase, self._series = phase, False

    def _go_on(self, now: float) -> None:
        end = self._began + self._delay
        if self.phase is not Phase.LOOKING:
            return  # stopped while the answer was on its way
        if not self._series:
            self.phase = self._rest
        elif now >= end:
            self._finish(Phase.LATE)
        else:
            pause = _PAUSES[self._looks] if self._looks < len(_PAUSES) else _LAST_PAUSE
            self._looks += 1
            self._next = min(now + pause, end)
            self.phase = Phase.WAITING
