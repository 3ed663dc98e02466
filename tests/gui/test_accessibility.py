"""Everything can be reached by keyboard, has a name, and stays whole at twice the size of text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from latchlight.core.findings import Light
from latchlight.gui import theme
from latchlight.gui.theme import Scheme
from latchlight.gui.widgets.disclosure import Disclosure
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.workspace import Workspace
from window_bench import Bench, comes_true, finish, press


def focusable(widget: QWidget) -> list[QWidget]:
    return [
        each
        for each in widget.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled()
    ]


def spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


@pytest.fixture
def workspace(bench: Bench, qtbot: QtBot) -> Workspace:
    for light in Light:
        bench.add(light, f"key-{light.value}")
    return bench.open()


def test_everything_that_takes_the_focus_has_a_name(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    for row in bench.rows:
        workspace.select(row.id)
        finish(workspace, qtbot)
        for fold in workspace.findChildren(Disclosure):
            fold.set_open(True)
        press(workspace.checklist.header, "Edit")
        nameless = [each for each in focusable(workspace) if not spoken(each)]
        assert [type(each).__name__ for each in nameless] == []
    assert len(focusable(workspace)) > 8


def test_the_first_page_can_be_heard_too(bench: Bench, qtbot: QtBot) -> None:
    workspace = bench.open()
    assert [each for each in focusable(workspace) if not spoken(each)] == []
    names = {spoken(each) for each in focusable(workspace.welcome)}
    assert {"Add my key", "Look around in practice mode", "Check without saving"} <= names


def test_f14_lights_are_heard_as_they_are_seen(workspace: Workspace) -> None:
    for badge in workspace.findChildren(LightBadge):
        assert spoken(badge) == badge.verdict.text


def test_the_keyboard_walks_through_the_window_and_back(workspace: Workspace, qtbot: QtBot) -> None:
    finish(workspace, qtbot)
    first = workspace.keys
    reached, widget = [], first.nextInFocusChain()
    while widget is not first and len(reached) < 500:
        if widget in focusable(workspace):
            reached.append(widget)
        widget = widget.nextInFocusChain()
    assert set(reached) | {first} >= set(focusable(workspace))


@pytest.mark.parametrize(
    ("key", "what"), [(Qt.Key.Key_F5, "one"), (Qt.Key.Key_R, "all")], ids=["F5", "Ctrl+R"]
)
def test_shortcuts_check_one_or_all(
    workspace: Workspace, bench: Bench, qtbot: QtBot, key: Qt.Key, what: str
) -> None:
    with qtbot.waitExposed(workspace):
        workspace.activateWindow()
    qtbot.waitUntil(workspace.isActiveWindow)
    modifier = Qt.KeyboardModifier.ControlModifier if what == "all" else Qt.KeyboardModifier(0)
    qtbot.keyClick(workspace, key, modifier)
    qtbot.waitUntil(lambda: bool(bench.runs))
    assert len(bench.runs[0]) == (len(bench.rows) if what == "all" else 1)


def test_arrows_choose_another_key(workspace: Workspace, qtbot: QtBot) -> None:
    before = workspace.checklist.row_id
    qtbot.keyClick(workspace.keys, Qt.Key.Key_Down)
    assert workspace.checklist.row_id not in ("", before)
    assert workspace.launch.command.endswith(workspace.checklist.header.label.text())


def cut(widget: QWidget) -> list[str]:
    """Labels and buttons that got less room than their text needs, outside of what scrolls."""
    found = []
    for each in widget.findChildren(QWidget):
        if not each.isVisible() or not isinstance(each, QLabel | QPushButton | LightBadge):
            continue
        if isinstance(each, QLabel) and each.wordWrap():
            short = each.height() < each.heightForWidth(each.width())
        else:
            short = each.width() < each.minimumSizeHint().width()
        if short:
            found.append(each.text() if not isinstance(each, LightBadge) else each.accessibleName())
    return found


@pytest.fixture
def big(qapp: QApplication) -> Callable[[], None]:
    theme.apply(qapp, Scheme.LIGHT, 200)
    yield lambda: None
    theme.apply(qapp, Scheme.LIGHT)


@pytest.mark.parametrize("size", [(1024, 640), (1200, 800), (1920, 1080)])
def test_nothing_is_cut_at_the_usual_size_of_text(
    workspace: Workspace, bench: Bench, qtbot: QtBot, size: tuple[int, int]
) -> None:
    workspace.resize(*size)
    for row in bench.rows:
        workspace.select(row.id)
        finish(workspace, qtbot)
        assert comes_true(lambda: cut(workspace) == []), cut(workspace)


@pytest.mark.parametrize("light", Light)
def test_ui13_nothing_is_cut_at_twice_the_size_of_text(
    big: Callable[[], None], bench: Bench, qtbot: QtBot, light: Light
) -> None:
    bench.add(light, "a rather long name for a trading bot")
    workspace = bench.open()
    workspace.resize(1024, 640)
    finish(workspace, qtbot)
    assert comes_true(lambda: cut(workspace) == []), cut(workspace)
    assert workspace.minimumSizeHint().width() <= 1024
    assert workspace.checklist.horizontalScrollBar().maximum() == 0
    bar = workspace.checklist.verticalScrollBar()
    assert bar.maximum() > 0


def test_what_does_not_fit_scrolls(workspace: Workspace) -> None:
    scrolling = [type(each).__name__ for each in workspace.findChildren(QScrollArea)]
    assert {"ChecklistPage", "WelcomePage"} <= set(scrolling)
