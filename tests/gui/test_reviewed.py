"""What a stern user found: nothing stays green, is lost, or is promised that is not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from factories import make_key_report
from latchlight.core.addresses import parse_address
from latchlight.core.findings import Finding, Light
from latchlight.core.profile import Acceptance
from latchlight.gui import outside, settings_work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow
from latchlight.gui.main_window import MainWindow
from latchlight.gui.pages.settings_page import SettingsPage
from latchlight.gui.settings_work import Chosen
from latchlight.gui.widgets.launch_bar import LaunchBar
from latchlight.gui.widgets.run_strip import RunStrip
from latchlight.net.egress import ADDRESS_SERVICES
from window_bench import Bench, buttons, comes_true, finish, press, reads, texts


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings_work, "read_settings", lambda *_: Chosen("system", "", 365, True, True)
    )
    monkeypatch.setattr(settings_work, "keep_settings", lambda services, chosen: chosen)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("what", ["age", "family", "lookups"])
def test_a_green_light_does_not_survive_another_setting(
    bench: Bench, qtbot: QtBot, what: str
) -> None:
    row = bench.add(Light.GREEN)
    workspace = bench.open()
    workspace.open_settings()
    page = workspace.findChild(SettingsPage)
    qtbot.waitUntil(lambda: page.chosen is not None)
    if what == "age":
        page.key_age.setText("30")
        page.key_age.editingFinished.emit()
    else:
        choice = page.family if what == "family" else page.lookups
        choice.choose(False)
        choice.activated.emit(1)
    shown = bench.session.row(row.id)
    assert shown.doubt is Doubt.SETTINGS
    assert shown.verdict.light is Light.GREY
    assert shown.headline == "The settings changed since the last check. Check this key again."


@pytest.mark.usefixtures("settings")
def test_other_colours_leave_the_lights_alone(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add(Light.GREEN)
    workspace = bench.open()
    workspace.open_settings()
    page = workspace.findChild(SettingsPage)
    qtbot.waitUntil(lambda: page.chosen is not None)
    page.theme.choose("dark")
    with qtbot.waitSignal(page.changed):
        page.theme.activated.emit(2)
    assert bench.session.row(row.id).counts


@pytest.mark.usefixtures("settings")
def test_a_setting_that_is_kept_after_its_page_is_gone_counts_too(
    bench: Bench, qtbot: QtBot
) -> None:
    told: list[int] = []
    page = SettingsPage(
        bench.session.services, bench.session.runner, on_rules=lambda: told.append(1)
    )
    qtbot.waitUntil(lambda: page.chosen is not None)
    page.key_age.setText("30")
    page.key_age.editingFinished.emit()
    page.deleteLater()
    qtbot.waitUntil(lambda: len(told) == 2)


def test_a_double_click_does_not_stop_what_it_started(bench: Bench, qtbot: QtBot) -> None:
    times = [100.0]
    row = bench.add()
    bench.open()
    strip = RunStrip(bench.session, monotonic=lambda: times[0])
    qtbot.addWidget(strip)
    strip.show()
    press(strip, "Check all keys")
    times[0] += 0.3
    press(strip, "Stop")
    assert bench.session.running
    times[0] += 0.5
    press(strip, "Stop")
    assert bench.session.row(row.id).doubt is Doubt.STOPPED


@pytest.mark.parametrize("opened", [True, False])
def test_the_address_of_a_page_is_always_said_and_can_be_copied(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, opened: bool
) -> None:
    monkeypatch.setattr(outside, "open_page", lambda *_: opened)
    bench.add(Light.RED)
    workspace = bench.open()
    url = next(iter(bench.session.services.exchanges.values())).console_page
    workspace.messages.show_problem("The disk is full.")
    workspace._open_page(url)
    start = "Opened in your browser: " if opened else "No browser could be opened. The address is "
    assert workspace.messages.text == f"The disk is full.\n{start}{url}"
    press(workspace.messages, "Copy")
    assert QGuiApplication.clipboard().text() == url
    workspace.messages.dismiss()
    workspace.messages.show_notice("Fine.")
    assert buttons(workspace.messages, "Copy") == []


@pytest.mark.parametrize("by_run", [True, False])
def test_a_changed_address_is_told_with_the_one_before(
    bench: Bench, qtbot: QtBot, by_run: bool
) -> None:
    row = bench.add()
    workspace = bench.open()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    before = bench.session.address_text()
    report = replace(bench.egress.report, ipv4=parse_address("198.51.100.23"))
    bench.egress = replace(bench.egress, report=report, since=bench.clock.wall)
    if by_run:
        bench.run(row.id)
    else:
        bench.session.look_up()
    assert comes_true(lambda: "198.51.100.23" in texts(workspace.strip))
    words = " ".join(texts(workspace.strip))
    assert "changed at " in words
    assert f", was {before}" in words
    assert "unchanged" not in words


def test_a_check_that_found_nothing_was_tried(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add(Light.GREY)
    workspace = bench.open()
    finish(workspace, qtbot)
    assert reads(workspace.checklist, "Tried ")
    assert not any("goes grey by itself" in text for text in texts(workspace.checklist))
    assert bench.session.row(row.id).status(bench.clock.wall).startswith("Tried ")


def _accepted(finding: Finding, until: datetime) -> Acceptance:
    return Acceptance(
        label="main-bot",
        rule=finding.rule,
        fingerprint="",
        reason="why",
        until=until,
        basis=finding.basis,
    )


@pytest.mark.parametrize("accepted", [True, False])
def test_no_command_is_promised_where_none_is_shown(
    bench: Bench, qtbot: QtBot, accepted: bool
) -> None:
    bar = LaunchBar()
    qtbot.addWidget(bar)
    row = bench.add(Light.AMBER if accepted else Light.GREEN, stored=False)
    for finding in row.report.open_ambers():
        row = row.with_acceptance(finding.rule, _accepted(finding, bench.clock.wall))
    bar.show_row(row)
    bar.show()
    assert not any("command" in text for text in texts(bar))
    assert not bar.hint.isVisible()


def test_the_command_says_that_the_key_must_be_stored_there(bench: Bench, qtbot: QtBot) -> None:
    bar = LaunchBar()
    qtbot.addWidget(bar)
    bar.show_row(bench.add(Light.GREEN))
    bar.show()
    assert "The key must be stored on that machine first, under the name “main-bot”." in texts(bar)


def test_the_story_of_a_practice_key_ends_when_its_light_changes(bench: Bench) -> None:
    row = bench.add(practice=True, stored=False)
    row = replace(row, request=replace(row.request, story="It can withdraw."))
    red, green = make_key_report(Light.RED), make_key_report(Light.GREEN)
    assert row.story == "It can withdraw."
    checked: KeyRow = row.landed(red, bench.clock.stamp())
    assert checked.story == "It can withdraw."
    assert checked.landed(green, bench.clock.stamp()).story == ""


def test_the_first_page_says_who_was_asked(bench: Bench) -> None:
    assert reads(bench.open().welcome, "The public IP above was asked from five address services")
    assert len(ADDRESS_SERVICES) == 5


def test_the_window_is_never_larger_than_the_screen(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    assert window.width() <= room.width()
    assert window.height() <= room.height()
    assert (window.minimumWidth(), window.minimumHeight()) <= (720, 480)


@pytest.mark.parametrize("size", [(720, 480), (1024, 600)])
def test_what_matters_is_reachable_on_a_small_screen(
    bench: Bench, qtbot: QtBot, size: tuple[int, int]
) -> None:
    bench.add(Light.AMBER)
    workspace = bench.open()
    workspace.resize(*size)
    finish(workspace, qtbot)
    assert (workspace.width(), workspace.height()) == size
    needed = [
        workspace.launch.badge,
        workspace.checklist.header.badge,
        *buttons(workspace, "Check all keys"),
        *buttons(workspace, "Settings"),
    ]
    assert len(needed) == 4
    for widget in needed:
        corner = widget.mapTo(workspace, widget.rect().bottomRight())
        assert workspace.rect().contains(corner)
        assert comes_true(lambda w=widget: w.visibleRegion().boundingRect() == w.rect())


def test_esc_elsewhere_does_no_harm(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    qtbot.keyClick(workspace.keys, Qt.Key.Key_Escape)
    assert workspace.isVisible()
