"""Times for people never bring the window down, whatever was read from a file."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from latchlight.core.languages import ENGLISH
from latchlight.gui.moments import clock, day, moment

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 1601, 1969, 1970, 3001, 9999])
@pytest.mark.parametrize("ends", ["first", "last"])
def test_a_moment_that_this_system_has_no_clock_for_is_shown_all_the_same(
    year: int, ends: str
) -> None:
    """Windows knows local time from 1970 on only; everywhere the first and the last hours are cut off."""
    at = datetime(year, 1, 1, tzinfo=UTC)
    if ends == "last":
        at = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
    shown = [ENGLISH.of(text) for text in (day(at), moment(at), clock(at, NOW))]
    near = {str(year - 1), str(year), str(year + 1)}  # west and east of Greenwich
    assert all(near & set(re.split("[ ,]", text)) for text in shown)
