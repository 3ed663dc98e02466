"""From the real window to practice and back: one at a time, and nothing real in practice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from factories import make_key_report, make_request
from latchlight.core.findings import Light
from latchlight.core.languages import ENGLISH, Language
from latchlight.gui import tongue, work
from latchlight.gui.ageing import Doubt, utc_now
from latchlight.gui.crash import CrashHook
from latchlight.gui.desk import Desk
from latchlight.gui.main_window import MainWindow
from latchlight.gui.widgets.practice_banner import PracticeBanner
from latchlight.services import Services
from window_bench import Bench, buttons, comes_true, press, reads


class World:
    """Stands for the practice exchange: only closed and shown here."""

    browser_url = "http://127.0.0.1:4711/"
    language: Language | None = None

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def desk(bench: Bench, qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    window = MainWindow()
    qtbot.addWidget(window)
    made = Desk(qapp, window, CrashHook(window))
    made.open(Services())
    window.show()
    assert comes_true(lambda: made.workspace.session.has_loaded)
    yield made
    made.close()


def test_practice_is_one_click_away_and_so_is_the_way_back(
    desk: Desk, bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    monkeypatch.setattr(work, "start_practice", lambda: (world, Services(practice=True)))
    real = desk.workspace
    assert real.findChild(PracticeBanner) is None
    bench.add(practice=True, stored=False)
    press(real.welcome, "Look around in practice mode")
    qtbot.waitUntil(lambda: desk.workspace is not real)
    practice = desk.workspace
    assert reads(practice, "Practice: nothing here is real.")
    assert practice.window().windowTitle() == "Practice · Latchlight"
    qtbot.waitUntil(lambda: bench.runs != [])
    press(practice, "Leave practice")
    qtbot.waitUntil(lambda: desk.workspace is not practice)
    assert world.closed
    assert desk.workspace.findChild(PracticeBanner) is None


def test_ten_clicks_start_one_practice_exchange(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds: list[World] = []

    def start() -> tuple[World, Services]:
        worlds.append(World())
        return worlds[-1], Services(practice=True)

    monkeypatch.setattr(work, "start_practice", start)
    real = desk.workspace
    for _ in range(10):
        desk.start_practice()
    qtbot.waitUntil(lambda: desk.workspace is not real)
    assert len(worlds) == 1


def test_the_practice_pages_speak_what_the_window_speaks(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    monkeypatch.setattr(work, "start_practice", lambda: (world, Services(practice=True)))
    real = desk.workspace
    desk.start_practice()
    qtbot.waitUntil(lambda: desk.workspace is not real)
    practice = desk.workspace
    assert world.language == ENGLISH
    try:
        practice.language_chosen.emit("zh_Hans")
        qtbot.waitUntil(lambda: desk.workspace is not practice)
        assert world.language.code == "zh_Hans"
    finally:
        tongue.use(ENGLISH)


def test_a_practice_exchange_that_cannot_start_is_told(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("canary")

    monkeypatch.setattr(work, "start_practice", fail)
    desk.start_practice()
    assert reads(desk.workspace, "Something inside Latchlight went wrong")


def test_settings_and_trust_open_in_the_window_and_esc_leads_back(desk: Desk, qtbot: QtBot) -> None:
    workspace = desk.workspace
    for caption in ("Settings", "About and trust"):
        press(workspace, caption)
        assert workspace.side_page.is_open
        press(workspace, "Back to your keys")
        assert not workspace.side_page.is_open


def test_the_window_stops_everything_when_it_is_closed(desk: Desk, qtbot: QtBot) -> None:
    session = desk.workspace.session
    desk.workspace.window().close()
    assert not session.runner.busy


def test_the_real_window_offers_practice_and_practice_does_not(desk: Desk) -> None:
    captions = {b.text() for b in desk.workspace.strip.findChildren(QPushButton)}
    assert {"Settings", "About and trust", "Practice"} <= captions
    assert buttons(desk.workspace, "Leave practice") == []


def test_keys_that_were_not_saved_survive_a_visit_to_practice(
    desk: Desk, bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    monkeypatch.setattr(work, "start_practice", lambda: (world, Services(practice=True)))
    real = desk.workspace
    request = make_request("once", stored=False)
    bench.answers[request.id] = make_key_report(Light.GREEN, label="once", at=utc_now())
    real.session.add_unsaved(request)
    qtbot.waitUntil(lambda: not real.session.running)
    assert real.session.row(request.id).verdict.light is Light.GREEN
    desk.start_practice()
    qtbot.waitUntil(lambda: desk.workspace is not real)
    assert not real.isVisible()
    real.session.distrust(Doubt.NETWORK)
    desk.leave_practice()
    assert desk.workspace is real
    assert real.isVisible()
    assert world.closed
    assert real.window().windowTitle() == "Latchlight"
    assert real.session.row(request.id).doubt is Doubt.NETWORK


def test_closing_in_practice_stops_the_hidden_keys_too(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "start_practice", lambda: (World(), Services(practice=True)))
    real = desk.workspace
    desk.start_practice()
    qtbot.waitUntil(lambda: desk.workspace is not real)
    desk.workspace.window().close()
    ran: list[int] = []
    real.session.runner.run(lambda *_: ran.append(1), on_success=ran.append, on_failure=ran.append)
    assert not comes_true(lambda: bool(ran), 0.05)
