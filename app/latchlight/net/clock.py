"""How far this computer's clock is from an exchange's, measured with its own public time."""

from __future__ import annotations

from latchlight.core.answer import Answer
from latchlight.core.situation import ClockReading


def read_clock(answer: Answer, server_ms: int) -> ClockReading:
    """Server time minus the middle of our round trip; wrong by at most half of it.

    The round trip is taken by the monotonic clock: if the wall clock jumped in between, the
    distance between the two is added to the uncertainty.
    """
    sent = answer.sent_at.timestamp() * 1000
    received = answer.received_at.timestamp() * 1000
    jump = abs((received - sent) - answer.round_trip_ms)
    half = answer.round_trip_ms / 2
    return ClockReading(server_ms - (sent + half), half + (jump if jump > 250 else 0.0))
