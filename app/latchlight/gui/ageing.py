"""How long a light may stay: age by two clocks, sleep, and moved clocks. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from latchlight.core.limits import LIMITS
from latchlight.core.sentences import Sentence, say

_SLEPT_SECONDS = 20.0
"""Nobody ticked for this long: the computer slept, or the program stood still."""
_FUTURE_SECONDS = 5.0
"""A result may be at most this far ahead of the clock before the clock is not believed."""


class Doubt(Enum):
    """Why a result no longer counts."""

    AGED = "aged"
    SLEPT = "slept"
    CLOCK = "clock"
    NETWORK = "network"
    ADDRESS = "address"
    STOPPED = "stopped"
    FAILED = "failed"
    CHANGED = "changed"
    CRASHED = "crashed"
    SETTINGS = "settings"


DOUBT_WORDS: dict[Doubt, Sentence] = {
    Doubt.AGED: say(
        "The last check is older than {n} minutes.", n=int(LIMITS.light_age_seconds // 60)
    ),
    Doubt.SLEPT: say("This computer slept since the last check."),
    Doubt.CLOCK: say("This computer's clock was changed since the last check."),
    Doubt.NETWORK: say("This computer's network changed since the last check."),
    Doubt.ADDRESS: say("This computer's public IP changed since the last check."),
    Doubt.STOPPED: say("The check was stopped before it was done."),
    Doubt.FAILED: say("The check could not be finished."),
    Doubt.CHANGED: say("You changed what is known about this key."),
    Doubt.CRASHED: say("Something inside Latchlight went wrong since the last check."),
    Doubt.SETTINGS: say("The settings changed since the last check."),
}


@dataclass(frozen=True)
class Stamp:
    """One moment on both clocks: seconds of the monotonic one, and UTC."""

    monotonic: float
    wall: datetime


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class LightClock:
    """Judges the age of results. Both clocks are given, so that tests can turn them."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = utc_now,
    ) -> None:
        self._monotonic = monotonic
        self._wall = wall
        self._last_tick = self.stamp()

    def stamp(self) -> Stamp:
        """Now."""
        return Stamp(self._monotonic(), self._wall())

    def doubt(self, taken: Stamp) -> Doubt | None:
        """Whether a result taken then still counts; the worse of both clocks decides."""
        now = self.stamp()
        by_wall = (now.wall - taken.wall).total_seconds()
        if by_wall < -_FUTURE_SECONDS:
            return Doubt.CLOCK
        age = max(by_wall, now.monotonic - taken.monotonic)
        return Doubt.AGED if age > LIMITS.light_age_seconds else None

    def tick(self) -> Doubt | None:
        """Called about every second; says if time jumped since the last call."""
        now, before = self.stamp(), self._last_tick
        self._last_tick = now
        by_wall = (now.wall - before.wall).total_seconds()
        by_monotonic = now.monotonic - before.monotonic
        if by_wall < -_FUTURE_SECONDS:
            return Doubt.CLOCK
        return Doubt.SLEPT if max(by_wall, by_monotonic) > _SLEPT_SECONDS else None
