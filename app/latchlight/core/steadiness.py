"""How steady this computer's public address is, from what was seen of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum

from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.limits import LIMITS
from latchlight.core.profile import AddressSighting
from latchlight.core.records import dataclass


class Steadiness(Enum):
    """What the history says about the line."""

    STEADY = "steady"
    UNSTEADY = "unsteady"
    """The address changed as often as home lines do."""
    UNSEEN_TODAY = "unseen-today"
    """It was steady, but whether it still is was not seen."""
    TOO_SHORT = "too-short"
    """Less than a day of history: nothing can be said."""


@dataclass(frozen=True)
class LineHistory:
    """`changes` of the IPv4 address within `LIMITS.address_history_days`; 0 where nothing is known."""

    steadiness: Steadiness
    changes: int = 0


def line_history(
    sightings: Iterable[AddressSighting], egress: EgressReport, now: datetime
) -> LineHistory:
    """Judge the line from what was seen up to `now` (UTC) and what the services say at this moment."""
    since = now - timedelta(days=LIMITS.address_history_days)
    recent = [s for s in sightings if s.address.version == 4 and s.last >= since]
    if not recent or max(s.last for s in recent) - min(s.first for s in recent) < timedelta(days=1):
        return LineHistory(Steadiness.TOO_SHORT)
    now_at = egress.ipv4 if egress.certainty is Certainty.AGREED else None
    changes = len(recent) - 1 + (now_at is not None and now_at != recent[-1].address)
    if changes >= LIMITS.address_changes:
        return LineHistory(Steadiness.UNSTEADY, changes)
    if now_at is None:
        return LineHistory(Steadiness.UNSEEN_TODAY, changes)
    return LineHistory(Steadiness.STEADY, changes)
