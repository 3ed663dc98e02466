"""Keys are checked by themselves when the user chose it, and never otherwise."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from factories import make_key_report
from latchlight.core.deadlines import Counted, UnlistedEnd
from latchlight.core.facts import NOT_TOLD, Known
from latchlight.core.findings import Light
from latchlight.core.watching import SCHEDULE_MINUTES, WatchChoices
from latchlight.gui.ageing import Doubt
from latchlight.gui.happenings import end_is_near
from latchlight.gui.key_row import KeyRow
from latchlight.gui.pages.watch_section import WatchSection
from latchlight.gui.watching import QUIET_SECONDS, WatchedKey, Watcher
from window_bench import Bench, TurnableClock

HOUR = 3600.0
ON_NETWORK = WatchChoices(on_network=True)
AFTER_SLEEP = WatchChoices(after_sleep=True)
EVERYTHING = WatchChoices(every_minutes=15, on_network=True, after_sleep=True)


class Desk:
    """A watcher, the clock, and two keys at one exchange beside one at another."""

    def __init__(self, clock: TurnableClock, choices: WatchChoices) -> None:
        self.clock = clock
        self.watcher = Watcher(clock.stamp)
        self.watcher.choose(choices)
        self.keys = [
            WatchedKey("a1", "okx", clock.wall),
            WatchedKey("a2", "okx", clock.wall),
            WatchedKey("b1", "bybit", clock.wall),
        ]

    def take(self, *, busy: bool = False, online: bool = True) -> tuple[str, ...]:
        return self.watcher.take(self.keys, busy=busy, online=online)

    def live(self, seconds: float, step: float = 5.0) -> list[tuple[float, tuple[str, ...]]]:
        """What was checked during this time, and when."""
        taken, passed = [], 0.0
        while passed < seconds:
            self.clock.advance(step)
            passed += step
            ids = self.take()
            if ids:
                taken.append((passed, ids))
        return taken


def test_nothing_is_checked_while_nothing_is_chosen(clock: TurnableClock) -> None:
    desk = Desk(clock, WatchChoices())
    for doubt in Doubt:
        desk.watcher.heard(doubt)
    assert desk.live(48 * HOUR, step=60) == []
    assert not desk.watcher.on


@pytest.mark.parametrize("minutes", SCHEDULE_MINUTES)
def test_all_keys_are_checked_as_often_as_chosen(clock: TurnableClock, minutes: int) -> None:
    desk = Desk(clock, WatchChoices(every_minutes=minutes))
    taken = desk.live(3 * minutes * 60)
    assert [ids for _, ids in taken] == [("a1", "a2", "b1")] * 3
    gaps = [after - before for (before, _), (after, _) in itertools.pairwise(taken)]
    assert all(abs(gap - (minutes - 1) * 60) <= 5 for gap in gaps)


def test_a_light_that_is_renewed_in_time_never_turns_grey_in_between(clock: TurnableClock) -> None:
    desk = Desk(clock, WatchChoices(every_minutes=15))
    (first, _), *_rest = desk.live(15 * 60)
    assert first < 15 * 60 - 30


def test_a_daily_check_that_was_missed_is_made_up_for_after_a_start(clock: TurnableClock) -> None:
    desk = Desk(clock, WatchChoices(every_minutes=24 * 60))
    desk.keys = [replace(key, last=clock.wall - timedelta(hours=30)) for key in desk.keys]
    assert desk.take() == ()
    clock.advance(QUIET_SECONDS)
    assert desk.take() == ("a1", "a2", "b1")


def test_a_key_that_was_just_checked_by_hand_is_not_due(clock: TurnableClock) -> None:
    desk = Desk(clock, WatchChoices(every_minutes=60))
    clock.advance(50 * 60)
    desk.watcher.asked(["a1", "a2", "b1"])
    assert desk.live(50 * 60) == []


def test_a_changed_network_is_checked_once_it_stands_still(clock: TurnableClock) -> None:
    desk = Desk(clock, ON_NETWORK)
    clock.advance(100)
    desk.watcher.heard(Doubt.NETWORK)
    clock.advance(QUIET_SECONDS - 1)
    assert desk.take() == ()
    clock.advance(1)
    assert desk.take() == ("a1", "a2", "b1")
    assert desk.live(HOUR) == []


def test_a_line_that_comes_and_goes_does_not_hammer_an_exchange(clock: TurnableClock) -> None:
    desk = Desk(clock, EVERYTHING)
    times: list[float] = []
    for second in range(6 * 3600):
        clock.advance(1)
        if second % 45 == 0:
            desk.watcher.heard(Doubt.NETWORK)
        if second % 301 == 0:
            desk.watcher.heard(Doubt.SLEPT)
        times += [clock.monotonic] if "a1" in desk.take() else []
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps
    assert min(gaps) >= 600
    assert len(times) <= 6 * 6 + 1


def test_nothing_is_sent_over_a_line_that_never_stands_still(clock: TurnableClock) -> None:
    desk = Desk(clock, EVERYTHING)
    for _ in range(1000):
        clock.advance(QUIET_SECONDS - 1)
        desk.watcher.heard(Doubt.NETWORK)
        assert desk.take() == ()


def test_a_clock_that_jumps_ahead_again_and_again_does_not_hammer(clock: TurnableClock) -> None:
    desk = Desk(clock, WatchChoices(every_minutes=15))
    times = []
    for second in range(3600):
        clock.advance(1)
        clock.wall += timedelta(hours=1 if second % 2 else -1)
        times += [clock.monotonic] if desk.take() else []
    assert min(b - a for a, b in itertools.pairwise(times)) >= 600


def test_waking_up_is_checked_once_the_network_is_there(clock: TurnableClock) -> None:
    desk = Desk(clock, AFTER_SLEEP)
    clock.wall += timedelta(hours=8)
    desk.watcher.heard(Doubt.SLEPT)
    clock.advance(QUIET_SECONDS)
    assert desk.take(online=False) == ()
    clock.advance(HOUR)
    assert desk.take(online=False) == ()
    assert desk.take() == ("a1", "a2", "b1")


def test_each_switch_is_for_itself(clock: TurnableClock) -> None:
    for choices, doubt in ((ON_NETWORK, Doubt.SLEPT), (AFTER_SLEEP, Doubt.NETWORK)):
        desk = Desk(clock, choices)
        desk.watcher.heard(doubt)
        assert desk.live(HOUR) == []


def test_switching_off_forgets_what_was_still_to_be_done(clock: TurnableClock) -> None:
    desk = Desk(clock, ON_NETWORK)
    desk.watcher.heard(Doubt.NETWORK)
    desk.watcher.choose(WatchChoices())
    desk.watcher.choose(ON_NETWORK)
    assert desk.live(HOUR) == []


def test_nothing_begins_while_a_check_is_in_progress(clock: TurnableClock) -> None:
    desk = Desk(clock, ON_NETWORK)
    desk.watcher.asked(["a1", "a2", "b1"])
    clock.advance(1)
    desk.watcher.heard(Doubt.NETWORK)
    clock.advance(QUIET_SECONDS)
    assert desk.take(busy=True) == ()
    assert desk.take() == ("a1", "a2", "b1"), "what was asked before the change does not count"


def test_a_pause_that_an_exchange_asked_for_is_kept_for_all_its_keys(clock: TurnableClock) -> None:
    desk = Desk(clock, ON_NETWORK)
    desk.keys[0] = replace(desk.keys[0], paused_until=clock.wall + timedelta(hours=1))
    desk.watcher.heard(Doubt.NETWORK)
    taken = desk.live(2 * HOUR)
    assert [ids for _, ids in taken] == [("b1",), ("a1", "a2")]
    assert taken[1][0] >= HOUR


def test_while_the_user_paused_it_nothing_is_checked(clock: TurnableClock) -> None:
    desk = Desk(clock, EVERYTHING)
    desk.watcher.paused = True
    assert desk.live(2 * HOUR) == []
    desk.watcher.paused = False
    assert desk.take() == ("a1", "a2", "b1")


# --- in a window ---------------------------------------------------------------------------------


def turn(bench: Bench, qtbot: QtBot, seconds: int) -> None:
    """Let this time pass, a tick every ten seconds, and every check come to its end."""
    for _ in range(seconds // 10):
        bench.clock.advance(10)
        bench.session.tick()
        qtbot.waitUntil(lambda: not bench.session.running and not bench.session.looking_up)


def test_a_window_that_is_told_nothing_asks_no_exchange(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    bench.open()
    turn(bench, qtbot, 3600)
    bench.route = ("10.0.0.9", "")
    turn(bench, qtbot, 600)
    bench.clock.wall += timedelta(hours=9)
    turn(bench, qtbot, 600)
    assert bench.runs == []


def test_stored_keys_are_checked_again_after_the_network_changed(
    bench: Bench, qtbot: QtBot
) -> None:
    row = bench.add(Light.GREEN)
    bench.add(Light.GREEN, "only for now", stored=False)
    bench.answer(row, Light.RED)
    bench.open()
    bench.session.watch.choose(ON_NETWORK)
    turn(bench, qtbot, 60)
    assert bench.runs == []
    bench.route = ("10.0.0.9", "")
    turn(bench, qtbot, 120)
    assert bench.runs == [[row.id]]
    now = bench.session.row(row.id)
    assert now is not None
    assert now.verdict.light is Light.RED


def test_practice_is_never_watched(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    bench.session.services = replace(bench.session.services, practice=True)
    bench.open()
    bench.session.watch.choose(EVERYTHING)
    turn(bench, qtbot, 2 * 3600)
    assert bench.runs == []


def test_the_section_shows_and_gives_back_every_choice(qtbot: QtBot) -> None:
    section = WatchSection(practice=False, has_tray=lambda: True)
    qtbot.addWidget(section)
    assert section.choices == WatchChoices()
    for minutes in (0, *SCHEDULE_MINUTES):
        wanted = WatchChoices(minutes, on_network=True, name_keys=True, stay=True)
        section.show_choices(wanted)
        assert section.choices == wanted


def ends_in(bench: Bench, row: KeyRow, days: int) -> None:
    """The last check told this end."""
    end = Known(bench.clock.wall + timedelta(days=days))
    report = make_key_report(Light.GREEN, at=bench.clock.wall)
    facts = replace(report.facts, expires_at=end)
    place = next(n for n, other in enumerate(bench.rows) if other.id == row.id)
    bench.rows[place] = row.landed(replace(report, facts=facts), bench.clock.stamp())


def test_an_end_that_comes_near_is_told_once_at_each_step(bench: Bench) -> None:
    row = bench.add(label="bot")
    ends_in(bench, row, 9)
    bench.open()
    bench.session.watch.choose(EVERYTHING)
    told: list[str] = []
    bench.session.watch.news.happened.connect(lambda one: told.append(one.detail))
    for _ in range(9):
        bench.session.tick()
        bench.session.tick()
        bench.clock.wall += timedelta(days=1)
    ends = [one for one in told if "ends on" in one]
    titles = {str(one.title) for one in bench.session.watch.news.happenings}
    assert titles == {"“bot” ends soon."}
    assert [one.split("That ")[1] for one in ends] == [
        "is in 7 days.",
        "is in 3 days.",
        "is in 1 day.",
    ]


def test_an_end_is_not_told_where_nothing_is_watched(bench: Bench) -> None:
    row = bench.add(label="bot")
    ends_in(bench, row, 2)
    bench.open()
    bench.session.tick()
    assert bench.session.watch.news.happenings == ()


def test_what_ends_a_key_is_told_as_sure_as_it_is(bench: Bench) -> None:
    row = bench.add(label="bot")
    ends_in(bench, row, 2)
    now, (ending,) = bench.clock.wall, bench.rows
    assert end_is_near(ending, now).title == "“bot” ends soon."
    assert end_is_near(ending, now + timedelta(days=3)).title == "“bot” has ended."
    facts = replace(ending.report.facts, expires_at=NOT_TOLD, whitelist_on=Known(False))
    rule = UnlistedEnd(14, Counted.ANY_REQUEST)
    exchange = ending.request.exchange
    ruled = replace(
        ending,
        report=replace(ending.report, facts=facts),
        request=replace(
            ending.request,
            exchange=replace(exchange, traits=replace(exchange.traits, unlisted_end=rule)),
        ),
    )
    assert end_is_near(ruled, now + timedelta(days=12)).title == "“bot” may end soon."
    assert end_is_near(ruled, now + timedelta(days=20)).title == "“bot” may have ended."


def test_what_another_host_said_about_the_end_is_not_shown(bench: Bench) -> None:
    row = bench.add(label="bot")
    ends_in(bench, row, 2)
    (ending,) = bench.rows
    assert len(ending.deadlines) == 1
    moved = replace(ending, request=replace(ending.request, host="testnet.binance.vision"))
    assert moved.deadlines == ()
