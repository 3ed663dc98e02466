"""When the window looks again after a change at the exchange, and when it leaves the exchange alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import NOW, make_key_report, make_refusal, make_request
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.findings import Light
from latchlight.gui.ageing import Doubt, Stamp
from latchlight.gui.key_row import KeyRow
from latchlight.gui.recheck import BLOCKING, Phase, Recheck, Seen, seen_in

RULE = "withdraw-on"


def row_of(light: Light) -> KeyRow:
    return KeyRow(make_request()).landed(make_key_report(light), Stamp(0.0, NOW))


def looks(recheck: Recheck, until: int, seen: Seen = Seen.OPEN) -> list[int]:
    """Seconds at which it looked, ticking once a second; every look takes no time."""
    found = []
    if recheck.begin(0):
        found.append(0)
        recheck.ended(0, seen)
    for second in range(1, until):
        if recheck.tick(second):
            found.append(second)
            recheck.ended(second, seen)
    return found


def test_it_looks_at_once_then_with_growing_pauses_until_the_delay_is_over() -> None:
    recheck = Recheck(300)
    assert looks(recheck, 1000) == [0, 5, 15, 35, 65, 125, 185, 245, 300]
    assert recheck.phase is Phase.LATE


def test_the_last_look_comes_when_the_exchange_has_had_its_time() -> None:
    assert looks(Recheck(20), 1000) == [0, 5, 15, 20]


def test_a_delay_that_nobody_knows_to_be_longer_than_none_still_looks_once() -> None:
    recheck = Recheck(0)
    assert looks(recheck, 100) == [0]
    assert recheck.phase is Phase.LATE


def test_keep_looking_begins_the_series_anew() -> None:
    recheck = Recheck(20)
    looks(recheck, 100)
    assert recheck.begin(200)
    recheck.ended(200, Seen.OPEN)
    assert recheck.phase is Phase.WAITING
    assert recheck.seconds_left(201) == 4


@pytest.mark.parametrize(
    ("seen", "phase"),
    [
        (Seen.MENDED, Phase.MENDED),
        (Seen.GONE, Phase.GONE),
        (Seen.UNTOLD, Phase.UNTOLD),
        (Seen.BLOCKED, Phase.BLOCKED),
        (Seen.STOPPED, Phase.STOPPED),
    ],
)
def test_these_ends_stop_the_series(seen: Seen, phase: Phase) -> None:
    recheck = Recheck(300)
    assert looks(recheck, 400, seen) == [0]
    assert recheck.phase is phase
    assert recheck.seconds_left(401) is None


def test_an_exchange_that_pushed_us_back_is_left_alone_for_as_long_as_it_says() -> None:
    recheck = Recheck(300)
    recheck.begin(0)
    recheck.ended(1, Seen.BLOCKED, retry_after=120)
    assert not recheck.look(100)
    assert not recheck.returned(100)
    assert not recheck.begin(120)
    assert recheck.seconds_alone(100) == 21
    assert recheck.look(121)


def test_without_a_time_from_the_exchange_it_is_left_alone_for_a_minute() -> None:
    recheck = Recheck(300)
    recheck.begin(0)
    recheck.ended(1, Seen.BLOCKED)
    assert not recheck.look(60)
    assert recheck.look(61)


def test_look_now_comes_before_its_time_and_the_series_goes_on() -> None:
    recheck = Recheck(300)
    recheck.begin(0)
    recheck.ended(0, Seen.OPEN)
    assert recheck.look(2)
    assert not recheck.look(2)
    assert not recheck.tick(2)
    recheck.ended(3, Seen.OPEN)
    assert recheck.phase is Phase.WAITING
    assert recheck.seconds_left(3) == 10


def test_stop_ends_the_series_even_while_it_looks() -> None:
    recheck = Recheck(300)
    recheck.begin(0)
    recheck.stop()
    assert recheck.phase is Phase.STOPPED
    recheck.ended(1, Seen.OPEN)
    assert recheck.phase is Phase.STOPPED
    assert not recheck.tick(1000)


def test_coming_back_looks_once_and_not_again_within_ten_seconds() -> None:
    recheck = Recheck(300)
    assert recheck.returned(0)
    recheck.ended(1, Seen.OPEN)
    assert recheck.phase is Phase.IDLE
    assert not recheck.returned(10.5)
    assert recheck.returned(11)
    assert not recheck.returned(30), "a look is on its way"


def test_coming_back_to_what_is_mended_asks_nobody() -> None:
    recheck = Recheck(300)
    recheck.begin(0)
    recheck.ended(1, Seen.MENDED)
    assert not recheck.returned(100)
    recheck.forget()
    assert recheck.returned(100)


def test_a_single_look_after_the_delay_leaves_it_late() -> None:
    recheck = Recheck(0)
    looks(recheck, 2)
    assert recheck.look(50)
    recheck.ended(51, Seen.OPEN)
    assert recheck.phase is Phase.LATE


def test_a_check_that_could_not_be_finished_is_tried_again() -> None:
    recheck = Recheck(300)
    recheck.begin(0)
    recheck.ended(1, Seen.NOTHING)
    assert recheck.seconds_left(1) == 5


def test_only_a_report_that_counts_says_mended() -> None:
    green = row_of(Light.GREEN)
    assert seen_in(green, RULE) is Seen.MENDED
    assert seen_in(green.doubted(Doubt.NETWORK), RULE) is Seen.NOTHING
    assert seen_in(green.started(2), RULE) is Seen.NOTHING
    assert seen_in(green.doubted(Doubt.STOPPED), RULE) is Seen.STOPPED
    assert seen_in(row_of(Light.RED), RULE) is Seen.OPEN
    assert seen_in(None, RULE) is Seen.GONE


def test_a_refusal_mends_nothing() -> None:
    assert seen_in(row_of(Light.GREY), RULE) is Seen.OPEN


def test_what_an_exchange_does_not_tell_ends_the_looking_only_where_nothing_worse_is_found() -> (
    None
):
    for light, reason, seen in (
        (Light.AMBER, "not-told", Seen.UNTOLD),
        (Light.AMBER, "withdraw-on", Seen.OPEN),
        (Light.RED, "not-told", Seen.OPEN),
        (Light.GREY, "not-told", Seen.OPEN),
        (Light.GREEN, "not-told", Seen.MENDED),
    ):
        row = row_of(light)
        assert row.report is not None
        findings = tuple(
            replace(f, light=light, reason=reason) if f.rule == RULE else f
            for f in row.report.findings
        )
        report = replace(row.report, findings=findings)
        assert seen_in(row.landed(report, Stamp(0.0, NOW)), RULE) is seen, (light, reason)


def test_a_finding_that_a_refusal_hides_is_not_gone() -> None:
    assert seen_in(row_of(Light.GREEN), "no-such-rule") is Seen.GONE
    assert seen_in(row_of(Light.GREY), "no-such-rule") is Seen.NOTHING


@pytest.mark.parametrize("code", sorted(BLOCKING, key=lambda code: code.value))
def test_being_pushed_back_is_seen_whatever_the_light(code: DiagnosisCode) -> None:
    row = row_of(Light.GREY)
    assert row.report is not None
    report = replace(row.report, diagnosis=replace(make_refusal(), code=code))
    assert seen_in(replace(row, report=report), RULE) is Seen.BLOCKED
