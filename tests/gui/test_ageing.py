"""E01 to E04: a light is of now, or it is grey."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from factories import NOW, make_key_report, make_request
from latchlight.core.findings import Light
from latchlight.core.limits import LIMITS
from latchlight.gui.ageing import Doubt, LightClock, Stamp
from latchlight.gui.key_row import KeyRow, PastCheck
from latchlight.gui.network_watch import NetworkWatch
from window_bench import Bench, TurnableClock

AGE = LIMITS.light_age_seconds


def test_a_fresh_result_counts_and_one_of_sixteen_minutes_does_not(clock: TurnableClock) -> None:
    lights, taken = clock.light_clock(), clock.stamp()
    clock.advance(AGE - 1)
    assert lights.doubt(taken) is None
    clock.advance(2)
    assert lights.doubt(taken) is Doubt.AGED


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=365)])
def test_e02_setting_the_clock_back_makes_nothing_young(
    clock: TurnableClock, back: timedelta
) -> None:
    lights, taken = clock.light_clock(), clock.stamp()
    clock.advance(AGE + 1)
    clock.wall -= back
    assert lights.doubt(taken) is not None


def test_e02_age_by_the_wall_counts_where_the_other_clock_stood(clock: TurnableClock) -> None:
    lights, taken = clock.light_clock(), clock.stamp()
    clock.wall += timedelta(seconds=AGE + 1)
    assert lights.doubt(taken) is Doubt.AGED


def test_e02_age_by_the_monotonic_clock_counts_where_the_wall_stood(clock: TurnableClock) -> None:
    lights, taken = clock.light_clock(), clock.stamp()
    clock.monotonic += AGE + 1
    assert lights.doubt(taken) is Doubt.AGED


def test_e04_a_result_from_the_future_is_not_believed(clock: TurnableClock) -> None:
    future = Stamp(clock.monotonic, clock.wall + timedelta(minutes=1))
    assert clock.light_clock().doubt(future) is Doubt.CLOCK


def test_e03_a_gap_between_two_ticks_is_sleep(clock: TurnableClock) -> None:
    lights = clock.light_clock()
    clock.advance(1)
    assert lights.tick() is None
    clock.wall += timedelta(days=3)
    assert lights.tick() is Doubt.SLEPT
    clock.advance(1)
    assert lights.tick() is None


def test_a_clock_that_is_moved_back_is_noticed(clock: TurnableClock) -> None:
    lights = clock.light_clock()
    clock.wall -= timedelta(hours=2)
    assert lights.tick() is Doubt.CLOCK


def test_the_real_clocks_are_the_default() -> None:
    lights = LightClock()
    assert lights.tick() is None
    assert lights.doubt(lights.stamp()) is None


@pytest.mark.parametrize(
    ("passes", "doubt"),
    [(AGE + 5, Doubt.SLEPT), (3 * 86400.0, Doubt.SLEPT)],
)
def test_e03_every_light_goes_grey_after_sleep(bench: Bench, passes: float, doubt: Doubt) -> None:
    rows = [bench.add(light, label) for light, label in ((Light.GREEN, "a"), (Light.RED, "b"))]
    bench.open()
    bench.clock.advance(passes)
    bench.session.tick()
    shown = [bench.session.row(row.id) for row in rows]
    assert [row.verdict.light for row in shown if row] == [Light.GREY, Light.GREY]
    assert {row.doubt for row in shown if row} == {doubt}


def test_a_light_goes_grey_by_itself_second_by_second(bench: Bench) -> None:
    row = bench.add(Light.GREEN)
    bench.open()
    seconds = 0
    while (shown := bench.session.row(row.id)) is not None and shown.counts and seconds < 2000:
        bench.clock.advance(10)
        seconds += 10
        bench.session.tick()
    assert shown is not None
    assert shown.doubt is Doubt.AGED
    assert AGE < seconds <= AGE + 10
    assert "15 minutes" in shown.headline


def test_a_changed_network_turns_lights_grey_and_asks_for_the_address(
    bench: Bench, qtbot: QtBot
) -> None:
    row = bench.add(Light.GREEN)
    bench.open()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    for _ in range(3):
        bench.session.tick()
    assert bench.session.row(row.id).counts
    bench.route = ("10.8.0.2", "")
    for _ in range(3):
        bench.session.tick()
    assert bench.session.row(row.id).doubt is Doubt.NETWORK
    assert bench.session.looking_up


def test_another_public_address_turns_lights_grey(bench: Bench, qtbot: QtBot) -> None:
    from dataclasses import replace

    from latchlight.core.addresses import parse_address

    row = bench.add(Light.GREEN)
    bench.open()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    moved = replace(bench.egress.report, ipv4=parse_address("198.51.100.23"))
    bench.egress = replace(bench.egress, report=moved)
    bench.session.look_up()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    assert bench.session.row(row.id).doubt is Doubt.ADDRESS


def test_e01_an_old_result_is_history_and_never_a_light() -> None:
    past = PastCheck(Light.GREEN, NOW - timedelta(days=1))
    row = KeyRow(make_request(), past=past)
    assert row.verdict.light is Light.GREY
    assert row.status(NOW).startswith("Last checked 19 Nov 2026")
    assert row.status(NOW).endswith(": Safe")


def test_a_row_without_stamp_never_counts() -> None:
    row = KeyRow(make_request(), report=make_key_report(Light.GREEN))
    assert row.verdict.light is Light.GREY


def test_while_a_check_runs_the_old_light_is_off() -> None:
    row = KeyRow(make_request()).landed(make_key_report(Light.GREEN), Stamp(0.0, NOW))
    assert row.verdict.light is Light.GREEN
    assert row.started(1).verdict.light is Light.GREY


def test_the_first_look_at_the_network_is_no_change() -> None:
    routes = iter([("a", ""), ("a", ""), ("b", ""), ("b", "")])
    watch = NetworkWatch(lambda: next(routes))
    assert [watch.changed() for _ in range(4)] == [False, False, True, False]
