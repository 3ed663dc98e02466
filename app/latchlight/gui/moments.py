"""Times for people: local, short, unambiguous. Qt-free."""

from __future__ import annotations

from datetime import UTC, datetime

from latchlight.core.sentences import Sentence, say

_MONTHS = (
    *(say("Jan"), say("Feb"), say("Mar"), say("Apr"), say("May"), say("Jun")),
    *(say("Jul"), say("Aug"), say("Sep"), say("Oct"), say("Nov"), say("Dec")),
)


def moment(at: datetime, *, seconds: bool = False) -> Sentence:
    """`20 Nov 2026, 23:47` in the time zone of this computer."""
    local = _local(at)
    return say(
        "{day}, {time}", day=day(at), time=local.strftime("%H:%M:%S" if seconds else "%H:%M")
    )


def day(at: datetime) -> Sentence:
    """`20 Nov 2026`."""
    local = _local(at)
    return say(
        "{day} {month} {year}", day=local.day, month=_MONTHS[local.month - 1], year=local.year
    )


def clock(at: datetime, now: datetime) -> Sentence:
    """`23:47` for a time of today, else with the day."""
    local = _local(at)
    if local.date() == _local(now).date():
        return say("{time}", time=local.strftime("%H:%M"))
    return moment(at)


def _local(at: datetime) -> datetime:
    """On the clock on the wall; in UTC where this system has none for it: Windows begins in 1970."""
    try:
        return at.astimezone()
    except (OSError, OverflowError, ValueError):
        return at.astimezone(UTC)
