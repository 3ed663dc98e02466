"""When keys are checked without a click. Nothing is ever due that the user did not choose. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from latchlight.core.limits import LIMITS
from latchlight.core.watching import WatchChoices
from latchlight.gui.ageing import Doubt, Stamp

QUIET_SECONDS = 20.0
"""The network has to stand still for this long: a check over a line that comes and goes tells nothing."""
_EARLY_SECONDS = 60.0
"""So much before its time, so that a light which is renewed in time never turns grey in between."""


@dataclass(frozen=True)
class WatchedKey:
    """One stored key. `last`: UTC, the end of its last check in this or an earlier session."""

    id: str
    exchange: str
    last: datetime | None = None
    paused_until: datetime | None = None
    """UTC; the exchange asked for a pause until then."""


class Watcher:
    """Decides which keys are checked now. Both clocks are given, so that tests can turn them."""

    def __init__(self, now: Callable[[], Stamp]) -> None:
        self._now = now
        self._choices = WatchChoices()
        self.paused = False
        """By the user, until further notice."""
        self._shaken = now().monotonic
        self._events: dict[Doubt, float] = {}
        self._asked: dict[str, Stamp] = {}
        self._own: dict[str, float] = {}

    @property
    def choices(self) -> WatchChoices:
        """What may be done by itself."""
        return self._choices

    @property
    def on(self) -> bool:
        """Whether anything is ever checked without a click."""
        chosen = self._choices
        return bool(chosen.every_minutes or chosen.on_network or chosen.after_sleep)

    def choose(self, choices: WatchChoices) -> None:
        """Watch like this from now on. What happened before something was switched on is over."""
        if not choices.on_network:
            self._events.pop(Doubt.NETWORK, None)
        if not choices.after_sleep:
            self._events.pop(Doubt.SLEPT, None)
        self._choices = choices

    def heard(self, doubt: Doubt) -> None:
        """The network changed, or the computer slept; every other doubt is none of ours."""
        wanted = {
            Doubt.NETWORK: self._choices.on_network,
            Doubt.SLEPT: self._choices.after_sleep,
        }
        if doubt in wanted:
            self._shaken = self._now().monotonic
            if wanted[doubt]:
                self._events[doubt] = self._shaken

    def asked(self, ids: Iterable[str]) -> None:
        """These keys are being checked, by whoever wanted it."""
        now = self._now()
        self._asked |= dict.fromkeys(ids, now)

    def take(self, keys: Iterable[WatchedKey], *, busy: bool, online: bool) -> tuple[str, ...]:
        """The keys to be checked now; they count as asked. `busy`: a check is in progress.

        All keys of an exchange or none: their lights are to be of one time.
        """
        now = self._now()
        if self.paused or busy or not online or now.monotonic - self._shaken < QUIET_SECONDS:
            return ()
        keys = tuple(keys)
        wanted = {key.exchange for key in keys if self._wants(key, now)}
        due = {name for name in wanted if self._may_ask(name, keys, now)}
        ids = tuple(key.id for key in keys if key.exchange in due)
        self._own |= dict.fromkeys(due, now.monotonic)
        self.asked(ids)
        return ids

    def _wants(self, key: WatchedKey, now: Stamp) -> bool:
        asked = self._asked.get(key.id)
        happened = max(self._events.values(), default=None)
        if happened is not None and (asked is None or asked.monotonic < happened):
            return True
        period = self._choices.every_minutes * 60.0
        return bool(period) and _age(key, asked, now) >= period - _EARLY_SECONDS

    def _may_ask(self, exchange: str, keys: tuple[WatchedKey, ...], now: Stamp) -> bool:
        """By the clock that nobody can set, so that a clock which jumps cannot make us hammer."""
        last = self._own.get(exchange)
        if last is not None and now.monotonic - last < LIMITS.watch_pause_seconds:
            return False
        pauses = [key.paused_until for key in keys if key.exchange == exchange]
        return all(until is None or until <= now.wall for until in pauses)


def _age(key: WatchedKey, asked: Stamp | None, now: Stamp) -> float:
    """Seconds since the key was asked about; endless where that is not known."""
    if asked is not None:
        by_wall = (now.wall - asked.wall).total_seconds()
        return max(by_wall, now.monotonic - asked.monotonic)
    if key.last is None or key.last > now.wall:
        return float("inf")
    return (now.wall - key.last).total_seconds()
