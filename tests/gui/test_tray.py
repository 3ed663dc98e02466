"""The icon beside the clock: the worst light by shape, messages without keys, and closing that stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from factories import make_key_report
from latchlight.core.findings import Light
from latchlight.core.watching import WatchChoices
from latchlight.gui import staying, work
from latchlight.gui.ageing import Doubt
from latchlight.gui.crash import CrashHook
from latchlight.gui.desk import Desk
from latchlight.gui.happenings import (
    BETWEEN_MESSAGES_SECONDS,
    GATHERED_SECONDS,
    Bundle,
    light_fell,
    plain_outside,
)
from latchlight.gui.light_look import LOOKS
from latchlight.gui.main_window import MainWindow
from latchlight.gui.pages.watch_section import WatchSection
from latchlight.gui.tray import Tray
from latchlight.gui.tray_icon import light_pixmap
from latchlight.services import Services
from window_bench import HOSTILE, Bench, comes_true

HOUR = 3600.0
TOLD = WatchChoices(notices=True)
FELL = light_fell("id", make_key_report(Light.RED, label="grid-bot"), Light.GREEN)


# --- the picture ---------------------------------------------------------------------------------


def grey(light: Light, side: int, ground: str, *, dark: bool) -> QImage:
    """The icon on a panel of this colour, without colour."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.drawPixmap(0, 0, light_pixmap(LOOKS[light], side, dark_ground=dark))
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


@pytest.mark.parametrize(("ground", "dark"), [("#ffffff", False), ("#202020", True)])
@pytest.mark.parametrize("side", [16, 22, 32])
def test_the_four_icons_differ_in_grey(
    qapp: QApplication, side: int, ground: str, dark: bool
) -> None:
    pictures = {light: grey(light, side, ground, dark=dark) for light in Light}
    for one, other in combinations(Light, 2):
        far = sum(
            abs(pictures[one].pixelColor(x, y).value() - pictures[other].pixelColor(x, y).value())
            > 60
            for x in range(side)
            for y in range(side)
        )
        assert far > side * side * 0.06, (one, other, far)


# --- what it shows -------------------------------------------------------------------------------


@pytest.fixture
def tray(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tray]:
    made = Tray(bench.session, lambda: False)
    yield made
    made.close()


@pytest.fixture
def told(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every message that was given to the desktop."""
    messages: list[tuple[str, str]] = []
    monkeypatch.setattr(tray.icon, "isVisible", lambda: True)
    monkeypatch.setattr(
        tray.icon, "showMessage", lambda title, text, *_: messages.append((title, text))
    )
    return messages


def test_the_worst_light_of_the_stored_keys_is_shown(bench: Bench, tray: Tray) -> None:
    bench.add(Light.GREEN)
    bench.add(Light.AMBER, "other")
    bench.add(Light.RED, "only for now", stored=False)
    bench.open()
    assert tray.verdict.light is Light.AMBER
    assert tray.icon.toolTip().startswith("Latchlight: Look")


def test_a_light_that_aged_is_grey_beside_the_clock_too(bench: Bench, tray: Tray) -> None:
    bench.add(Light.GREEN)
    bench.open()
    assert tray.verdict.light is Light.GREEN
    bench.clock.advance(16 * 60)
    bench.session.tick()
    assert tray.verdict.light is Light.GREY
    assert tray.icon.toolTip() == "Latchlight: Not checked"


def test_a_crash_turns_the_icon_grey(bench: Bench, tray: Tray) -> None:
    bench.add(Light.GREEN)
    bench.open()
    bench.session.distrust(Doubt.CRASHED)
    assert "Not checked" in tray.icon.toolTip()


def test_there_is_no_icon_until_something_is_watched(bench: Bench, tray: Tray) -> None:
    bench.open()
    assert not tray.wanted
    for choices in (TOLD, WatchChoices(every_minutes=60), WatchChoices(stay=True)):
        bench.session.watch.choose(choices)
        assert tray.wanted
        bench.session.watch.choose(WatchChoices())
        assert not tray.wanted


def test_a_closed_icon_does_not_come_back(
    bench: Bench, tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr("latchlight.gui.tray.has_tray", lambda: True)
    monkeypatch.setattr(tray.icon, "setVisible", asked.append)
    bench.open()
    bench.session.watch.choose(TOLD)
    assert asked == [True]
    tray.close()
    bench.session.watch.choose(WatchChoices(stay=True))
    bench.session.tick()
    assert True not in asked[1:]


def test_watching_can_be_paused_in_the_menu(bench: Bench, tray: Tray) -> None:
    bench.add(Light.GREEN)
    bench.open()
    bench.session.watch.choose(WatchChoices(every_minutes=60))
    pause = next(a for a in tray.menu.actions() if a.text() == "Pause watching")
    pause.trigger()
    assert bench.session.watch.paused
    assert pause.text() == "Watch again"
    assert tray.icon.toolTip().endswith("paused")
    pause.trigger()
    assert not bench.session.watch.paused


# --- messages ------------------------------------------------------------------------------------


def later(bench: Bench, seconds: float) -> None:
    bench.clock.advance(seconds)
    bench.session.tick()


def test_what_happens_together_is_one_message_without_a_name(
    bench: Bench, tray: Tray, told: list[tuple[str, str]]
) -> None:
    bench.open()
    bench.session.watch.choose(TOLD)
    for _ in range(3):
        bench.session.watch.news.add(FELL)
    later(bench, GATHERED_SECONDS)
    later(bench, 1)
    ((title, text),) = told
    assert title == "One of your keys went from Safe to Danger."
    assert "grid-bot" not in title + text


def test_no_message_unless_it_was_chosen(
    bench: Bench, tray: Tray, told: list[tuple[str, str]]
) -> None:
    bench.open()
    bench.session.watch.choose(WatchChoices(every_minutes=15))
    bench.session.watch.news.add(FELL)
    later(bench, HOUR)
    assert told == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_reaches_the_desktop_as_text(
    bench: Bench, tray: Tray, told: list[tuple[str, str]], text: str
) -> None:
    bench.open()
    bench.session.watch.choose(replace(TOLD, name_keys=True))
    report = make_key_report(Light.RED, label=text[:40])
    bench.session.watch.news.add(light_fell("id", report, Light.GREEN))
    later(bench, GATHERED_SECONDS)
    ((title, body),) = told
    assert "went from Safe to Danger" in title
    assert not set("<>&\x1b\u202e\r") & set(title + body)


def test_marks_that_some_desktops_obey_are_taken_out() -> None:
    assert plain_outside('<img src="x">&lt;b\u202e\x1b[1m') == ' img src="x"  lt;b[1m'


def test_messages_do_not_come_every_minute() -> None:
    bundle, told = Bundle(), []
    for second in range(3600):
        if second % 30 == 0:
            bundle.add(FELL, second)
        told += [second] if bundle.take(second) else []
    gaps = [after - before for before, after in pairwise(told)]
    assert told[0] == GATHERED_SECONDS
    assert min(gaps) >= BETWEEN_MESSAGES_SECONDS
    assert not Bundle().take(1e9)


# --- closing -------------------------------------------------------------------------------------


@pytest.fixture
def desk(
    bench: Bench, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Desk]:
    monkeypatch.setattr(staying, "has_tray", lambda: True)
    window = MainWindow()
    qtbot.addWidget(window)
    made = Desk(qapp, window, CrashHook(window))
    made.open(Services(folder=tmp_path))
    window.show()
    assert comes_true(lambda: made.workspace.session.has_loaded)
    yield made
    made.leave()
    made.close()


def test_closing_quits_unless_the_user_chose_to_keep_watching(desk: Desk) -> None:
    desk._window.close()
    assert not desk.workspace.session._timer.isActive()


def test_closing_keeps_watching_says_so_once_and_the_icon_brings_it_back(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, window = desk.workspace.session, desk._window
    said: list[object] = []
    monkeypatch.setattr(desk.staying.tray, "tell", said.append)
    session.watch.choose(WatchChoices(stay=True))
    for _ in range(2):
        window.close()
        assert not window.isVisible()
        assert session._timer.isActive(), "lights go on ageing, and the schedule goes on"
        qtbot.waitUntil(lambda: not session.runner.busy)
        assert comes_true(lambda: len(said) == 1)
        desk.staying.tray.open_wanted.emit()
        assert window.isVisible()
    assert said[0].title == "Latchlight keeps watching"


def test_quit_quits_even_when_closing_would_stay(desk: Desk) -> None:
    desk.workspace.session.watch.choose(WatchChoices(stay=True))
    desk.workspace.quit_requested.emit()
    assert not desk._window.isVisible()
    assert not desk.workspace.session._timer.isActive()


def test_the_end_of_the_desktop_is_not_held_up(desk: Desk) -> None:
    desk.workspace.session.watch.choose(WatchChoices(stay=True))
    desk.leave()
    assert desk._window.close()
    assert not desk.workspace.session._timer.isActive()


def test_quit_from_the_menu_works_while_the_window_is_hidden(desk: Desk) -> None:
    desk.workspace.session.watch.choose(WatchChoices(stay=True))
    desk._window.close()
    desk.staying.tray.quit_wanted.emit()
    assert not desk.workspace.session._timer.isActive()


def test_where_the_tray_disappears_the_window_comes_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.workspace.session.watch.choose(WatchChoices(stay=True))
    desk._window.close()
    monkeypatch.setattr(staying, "has_tray", lambda: False)
    desk.workspace.session.tick()
    assert desk._window.isVisible()


def test_without_a_tray_staying_cannot_be_chosen_and_the_page_says_so(qtbot: QtBot) -> None:
    section = WatchSection(practice=False, has_tray=lambda: False)
    qtbot.addWidget(section)
    section.show_choices(WatchChoices(every_minutes=15, notices=True, name_keys=True, stay=True))
    assert section.choices == WatchChoices(every_minutes=15)
    assert not section.stay.isEnabled()


def test_practice_gets_no_icon(
    desk: Desk, bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class World:
        browser_url = "http://127.0.0.1:4711/"

        def close(self) -> None:
            return

    before = desk.staying
    monkeypatch.setattr(work, "start_practice", lambda: (World(), Services(practice=True)))
    real = desk.workspace.session
    desk.start_practice()
    qtbot.waitUntil(lambda: desk.workspace.session is not real)
    assert desk.staying is before
    assert desk.workspace.session.watch.choices == WatchChoices()
