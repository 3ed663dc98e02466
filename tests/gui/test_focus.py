"""The keyboard stays where the user left it, whatever is rebuilt or rests meanwhile."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from latchlight.core.findings import Light
from latchlight.gui import work
from latchlight.gui.widgets.finding_card import FindingCard
from latchlight.gui.workspace import Workspace
from window_bench import Bench, buttons, comes_true, finish, press


def focused(workspace: Workspace) -> QWidget | None:
    return workspace.window().focusWidget()


def click(workspace: QWidget, caption: str) -> QPushButton:
    """As a keyboard user does it: the button has the focus when it is pressed."""
    assert comes_true(lambda: bool(buttons(workspace, caption))), caption
    button = buttons(workspace, caption)[0]
    button.setFocus()
    button.click()
    return button


@pytest.fixture
def workspace(bench: Bench, qtbot: QtBot) -> Workspace:
    bench.add(Light.AMBER)
    opened = bench.open()
    finish(opened, qtbot)
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    return opened


def test_after_a_check_the_same_button_has_the_focus(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    bench.answer(bench.rows[0], Light.RED)
    button = click(workspace, "Check this key")
    assert focused(workspace) is workspace.checklist.header.label
    qtbot.waitUntil(lambda: not bench.session.running)
    assert focused(workspace) is button


def test_a_focus_that_was_moved_meanwhile_is_left_alone(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    bench.answer(bench.rows[0], Light.RED)
    click(workspace, "Check this key")
    workspace.keys.setFocus()
    qtbot.waitUntil(lambda: not bench.session.running)
    assert focused(workspace) is workspace.keys


def test_after_looking_again_the_same_button_has_the_focus(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    button = click(workspace, "Look again")
    assert not button.isEnabled()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    assert focused(workspace) is button


def test_check_all_and_stop_hand_the_focus_to_each_other(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    button = click(workspace, "Check all keys")
    stop = focused(workspace)
    assert isinstance(stop, QPushButton)
    assert stop.text() == "Stop"
    qtbot.waitUntil(lambda: not bench.session.running)
    assert focused(workspace) is button


def test_after_accepting_the_focus_is_on_the_heading(
    workspace: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "accept", lambda services, acceptance, stored: acceptance)
    card = workspace.checklist.findChildren(FindingCard)[0]
    press(card, "Accept for a while")
    card.findChild(QLineEdit).setText("the server moves next week")
    click(workspace, "Accept")
    assert card.isAncestorOf(focused(workspace))
    assert comes_true(lambda: focused(workspace) is workspace.checklist.header.label)


def test_a_dialog_that_closes_gives_the_focus_back(workspace: Workspace, qtbot: QtBot) -> None:
    button = click(workspace, "Add key")
    dialog = next(d for d in workspace.findChildren(QDialog) if d.isVisible())
    dialog.reject()
    assert comes_true(lambda: focused(workspace) is button)


def test_leaving_the_settings_gives_the_focus_back(workspace: Workspace) -> None:
    button = click(workspace, "Settings")
    press(workspace, "Back to your keys")
    assert focused(workspace) is button


@pytest.mark.parametrize("caption", ["Edit", "Remove"])
def test_esc_closes_the_panel_and_its_button_has_the_focus(
    workspace: Workspace, qtbot: QtBot, caption: str
) -> None:
    button = click(workspace, caption)
    assert workspace.checklist.header.has_panel
    qtbot.keyClick(focused(workspace), Qt.Key.Key_Escape)
    assert not workspace.checklist.header.has_panel
    assert focused(workspace) is button


def test_what_was_opened_is_scrolled_into_view(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.resize(900, 480)
    card = workspace.checklist.findChildren(FindingCard)[0]
    press(card, "Accept for a while")

    def in_view() -> bool:
        found = buttons(card, "Accept")
        view = workspace.checklist.viewport()
        return bool(found) and view.rect().contains(
            found[0].mapTo(view, found[0].rect().bottomLeft())
        )

    assert comes_true(in_view)


def test_leaving_the_guided_fix_gives_the_focus_back_to_its_button(
    workspace: Workspace, qtbot: QtBot
) -> None:
    fix = click(workspace.checklist, "Fix this")
    assert focused(workspace) is not fix
    qtbot.keyClick(focused(workspace), Qt.Key.Key_Escape)
    assert focused(workspace) is fix


def test_a_card_that_is_gone_meanwhile_leaves_the_focus_with_its_key(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    click(workspace.checklist, "Fix this")
    bench.answer(bench.rows[0], Light.GREEN)
    bench.run()
    qtbot.waitUntil(lambda: not buttons(workspace.checklist, "Fix this"))
    qtbot.wait(0)
    qtbot.keyClick(focused(workspace), Qt.Key.Key_Escape)
    assert focused(workspace) is workspace.checklist.header.label


def test_while_one_key_is_silent_another_can_be_checked(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    silent, other = bench.add(label="silent"), bench.add(label="other")
    bench.answer(other, Light.GREEN)
    at_once = bench._check_keys

    def partly(requests: list, services: object, run: int, token: object, post: object) -> object:
        answer = at_once(requests, services, run, token, post)
        if any(request.id == silent.id for request in requests):
            post(work.Progress(1, 2, "Done"))  # type: ignore[operator]
            gate.wait()
        return answer

    monkeypatch.setattr(work, "check_keys", partly)
    workspace = bench.open()
    bench.session.check_all()
    qtbot.waitUntil(lambda: workspace.run_strip.text == "1 of 2: Waiting for silent")
    workspace.select(other.id)
    button = workspace.checklist.header.check_button
    assert button.isEnabled()
    bench.answer(other, Light.RED)
    button.click()
    qtbot.waitUntil(lambda: bench.session.row(other.id).verdict.light is Light.RED)
    assert bench.session.row(silent.id).checking
    workspace.select(silent.id)
    assert not button.isEnabled()
    gate.set()
    qtbot.waitUntil(lambda: not bench.session.running)
    assert bench.session.row(other.id).verdict.light is Light.RED
