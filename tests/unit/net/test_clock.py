"""E05: how far the clock is off, and how sure that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.answer import Answer
from latchlight.net.clock import read_clock

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


def answer(round_trip_ms: float, wall_ms: float | None = None) -> Answer:
    wall = round_trip_ms if wall_ms is None else wall_ms
    return Answer(
        probe="GET /api/v3/time",
        host="h",
        status=200,
        is_json=True,
        body={},
        sent_at=NOW,
        received_at=NOW + timedelta(milliseconds=wall),
        round_trip_ms=round_trip_ms,
    )


@given(
    offset=st.integers(-86_400_000, 86_400_000),
    out=st.floats(0, 5000),
    back=st.floats(0, 5000),
)
def test_the_true_offset_lies_within_the_stated_uncertainty(
    offset: int, out: float, back: float
) -> None:
    server_ms = NOW.timestamp() * 1000 + out + offset
    reading = read_clock(answer(out + back), round(server_ms))
    assert abs(reading.offset_ms - offset) <= reading.uncertainty_ms + 1.5


@pytest.mark.parametrize("jump", [-86_400_000, -5000, 5000, 86_400_000])
def test_e02_a_jump_of_the_wall_clock_makes_the_reading_unsure(jump: int) -> None:
    reading = read_clock(answer(100, 100 + jump), round(NOW.timestamp() * 1000))
    assert reading.uncertainty_ms >= abs(jump)


def test_a_clock_that_is_behind_reads_positive() -> None:
    reading = read_clock(answer(0), round(NOW.timestamp() * 1000) + 7000)
    assert reading.offset_ms == pytest.approx(7000)
