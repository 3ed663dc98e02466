"""The window beside the browser: narrow for the guided fix only, and back as it was afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from factories import make_key_report
from latchlight.core.findings import Light
from latchlight.gui import theme
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.main_window import MainWindow
from latchlight.gui.pages.guide_page import GuidePage
from latchlight.gui.theme import Scheme
from latchlight.gui.workspace import Workspace
from window_bench import Bench, buttons, comes_true, press

BESIDE, BACK = "Put it beside the browser", "Back to full size"


@pytest.fixture
def window(bench: Bench, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """A window of its first size with the guided fix of a list that is off."""
    row = bench.add(label="main-bot")
    report = make_key_report(Light.RED, at=bench.clock.wall, changed={"ipRestrict": False})
    bench.rows[-1] = row.landed(report, bench.clock.stamp())
    made = MainWindow()
    qtbot.addWidget(made)
    workspace = Workspace(bench.session)
    made.fill(workspace, "Latchlight")
    made.setGeometry(QRect(20, 30, 760, 560))
    with qtbot.waitSignal(bench.session.loaded):
        made.show()
    workspace.select(row.id)
    workspace.open_task(KeyTask.GUIDE, "whitelist-off")
    yield made
    theme.apply(qapp, Scheme.LIGHT)


def workspace_of(window: MainWindow) -> Workspace:
    found = window.centralWidget()
    assert isinstance(found, Workspace)
    return found


def page_of(window: MainWindow) -> GuidePage:
    page = workspace_of(window).side_page.page
    assert isinstance(page, GuidePage)
    return page


def test_it_takes_two_fifths_at_the_right_edge_of_the_screen(window: MainWindow) -> None:
    press(window, BESIDE)
    room = window.screen().availableGeometry()
    frame = window.frameGeometry()
    assert (frame.top(), frame.right(), frame.bottom()) == (room.top(), room.right(), room.bottom())
    border = frame.width() - window.width()
    assert frame.width() == max(round(room.width() * 0.4), window.minimumWidth() + border)
    assert buttons(window, BACK)
    assert not buttons(window, BESIDE)


def test_back_to_full_size_is_where_it_was(window: MainWindow) -> None:
    before = window.geometry()
    press(window, BESIDE)
    press(window, BACK)
    assert window.geometry() == before
    assert buttons(window, BESIDE)


def test_leaving_the_page_gives_the_window_its_size_and_its_limit_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    before = window.geometry()
    press(window, BESIDE)
    qtbot.keyClick(page_of(window).beside, Qt.Key.Key_Escape)
    assert comes_true(lambda: window.geometry() == before)
    assert window.minimumWidth() == 720


def test_the_next_fix_stays_beside_the_browser(window: MainWindow) -> None:
    press(window, BESIDE)
    beside = window.geometry()
    workspace_of(window).open_task(KeyTask.GUIDE, "whitelist-off")
    assert comes_true(lambda: bool(buttons(window, BACK)))
    QApplication.processEvents()
    assert window.geometry() == beside
    workspace_of(window).open_task(KeyTask.PLAN)
    assert comes_true(lambda: window.width() == 760)


def test_the_window_may_be_420_wide_for_this_page_and_for_no_other(window: MainWindow) -> None:
    assert window.minimumWidth() == 420
    window.resize(420, 600)
    assert window.width() == 420
    workspace_of(window).side_page.close_page()
    assert comes_true(lambda: window.width() == 720)


def out_of_sight(page: GuidePage) -> list[QWidget]:
    """Buttons that reach beyond the page's right edge."""
    found = [b for b in page.findChildren(QPushButton) if b.isVisible()]
    view = page.viewport()
    return [b for b in found if b.mapTo(view, QPoint(b.width(), 0)).x() > view.width()]


def test_at_420_pixels_nothing_is_cut_off_and_only_the_page_is_left(window: MainWindow) -> None:
    window.resize(420, 700)
    page = page_of(window)
    press(page, "I cannot find it")
    assert comes_true(lambda: page.width() <= 420)
    QApplication.processEvents()
    assert len(page.findChildren(QPushButton)) > 4
    assert out_of_sight(page) == []
    assert not workspace_of(window).strip.isVisible()
    window.resize(900, 700)
    assert comes_true(workspace_of(window).strip.isVisible)


def test_large_text_keeps_the_window_as_wide_as_its_buttons(
    window: MainWindow, qapp: QApplication
) -> None:
    workspace_of(window).side_page.close_page()
    theme.apply(qapp, Scheme.LIGHT, 200)
    qapp.processEvents()
    workspace_of(window).open_task(KeyTask.GUIDE, "whitelist-off")
    assert window.minimumWidth() > 600
    window.resize(window.minimumWidth(), 700)
    qapp.processEvents()
    assert out_of_sight(page_of(window)) == []


def test_what_fills_the_window_instead_finds_it_as_wide_as_it_needs(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, BESIDE)
    aside = workspace_of(window)
    window.put_aside()
    qtbot.addWidget(aside)
    window.fill(QWidget(), "Latchlight")
    assert comes_true(lambda: window.minimumWidth() == 720)
    assert comes_true(lambda: window.width() >= 720)
    window.put_aside()
    window.fill(aside, "Latchlight")
    assert comes_true(lambda: window.minimumWidth() == 420)


def test_a_focus_in_the_strip_is_not_lost_when_the_strip_goes(window: MainWindow) -> None:
    assert comes_true(lambda: bool(buttons(window, "Settings")))
    buttons(window, "Settings")[0].setFocus()
    window.resize(420, 700)
    assert comes_true(lambda: not workspace_of(window).strip.isVisible())
    focused = window.focusWidget()
    assert focused is not None
    assert focused.isVisible()
