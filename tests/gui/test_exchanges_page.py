"""What each exchange can tell, in the window: a real table, by keyboard too, at every size of text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from latchlight.core.findings import Light
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.overview import cell_text, statements
from latchlight.exchanges.spec import SOURCE_WORDS, Topic
from latchlight.gui import theme, work
from latchlight.gui.main_window import MainWindow
from latchlight.gui.models.exchange_table import ExchangeTableModel
from latchlight.gui.pages.exchanges_page import ExchangesPage
from latchlight.gui.theme import Scheme
from window_bench import Bench, press

SPECS = tuple(EXCHANGES.values())
TOPICS = list(Topic)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def page(qtbot: QtBot) -> ExchangesPage:
    made = ExchangesPage(SPECS)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitUntil(made.table.isVisible)
    return made


@pytest.fixture
def big(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, Scheme.LIGHT, 200)
    yield
    theme.apply(qapp, Scheme.LIGHT)


def test_the_model_keeps_the_rules_of_qt(qtmodeltester: ModelTester) -> None:
    model = ExchangeTableModel(SPECS)
    qtmodeltester.check(model)
    assert (model.rowCount(), model.columnCount()) == (len(Topic), len(SPECS))


def test_every_cell_says_what_the_tables_say(page: ExchangesPage) -> None:
    model = page.model
    for column, spec in enumerate(SPECS):
        assert model.headerData(column, Qt.Orientation.Horizontal) == spec.name
        for row, topic in enumerate(TOPICS):
            assert model.headerData(row, Qt.Orientation.Vertical) == topic.value
            assert model.index(row, column).data() == cell_text(statements(spec, topic))


def test_a_cell_is_heard_with_its_place(page: ExchangesPage) -> None:
    column = list(EXCHANGES).index("okx")
    index = page.model.index(TOPICS.index(Topic.ADDRESSES), column)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "OKX, addresses on the list: told in full (ip)\n[documented]"
    interface = QAccessible.queryAccessibleInterface(page.table)
    assert interface.role() is QAccessible.Role.Table
    assert interface.text(QAccessible.Text.Name) == "What each exchange can tell"


def test_the_source_of_a_cell_is_reached_by_keyboard(page: ExchangesPage) -> None:
    page.table.setFocus()
    first = statements(SPECS[0], TOPICS[0])[0]
    assert f"{SPECS[0].name}, {TOPICS[0].value}" in page.source.text
    assert f"{first.source}, read {first.date}" in page.source.text
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(page.table, key)
    second = statements(SPECS[1], TOPICS[1])[0]
    assert f"{SPECS[1].name}, {TOPICS[1].value}" in page.source.text
    assert f"{SOURCE_WORDS[second.certainty]}: {second.source}" in page.source.text
    assert page.source.accessibleDescription() == page.source.text


def test_several_statements_of_a_cell_are_all_told(page: ExchangesPage) -> None:
    column = next(n for n, s in enumerate(SPECS) if len(statements(s, Topic.REFUSAL)) > 1)
    page.table.setCurrentIndex(page.model.index(TOPICS.index(Topic.REFUSAL), column))
    for said in statements(SPECS[column], Topic.REFUSAL):
        assert f"{said.subject}: {said.value}" in page.source.text


def test_tab_leaves_the_table(page: ExchangesPage, qtbot: QtBot) -> None:
    with qtbot.waitExposed(page):
        page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Tab)
    assert not page.table.hasFocus()


def whole(page: ExchangesPage) -> list[str]:
    """Cells and topics that got less room than their text needs."""
    table, cut = page.table, []
    metrics = QFontMetrics(table.font())
    flags = int(Qt.TextFlag.TextWordWrap)
    for row in range(page.model.rowCount()):
        for column in range(page.model.columnCount()):
            index = page.model.index(row, column)
            text = index.data()
            rect = table.visualRect(index)
            box = metrics.boundingRect(0, 0, rect.width() - 14, 100_000, flags, text)
            if box.height() > rect.height() or box.width() > rect.width():
                cut.append(text)
        name = str(page.model.headerData(row, Qt.Orientation.Vertical))
        strong = QFontMetrics(theme.font(theme.TextRole.STRONG))
        box = strong.boundingRect(0, 0, table.verticalHeader().width() - 12, 100_000, flags, name)
        if box.height() > table.rowHeight(row):
            cut.append(name)
    return cut


@pytest.mark.parametrize("size", [(720, 480), (1200, 800)])
def test_nothing_is_cut(page: ExchangesPage, size: tuple[int, int]) -> None:
    page.resize(*size)
    assert whole(page) == []


@pytest.mark.usefixtures("big")
def test_ui13_nothing_is_cut_at_twice_the_size_in_the_smallest_window(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    window = MainWindow()
    qtbot.addWidget(window)
    window.fill(workspace, "Latchlight")
    window.resize(720, 480)
    window.show()
    press(workspace, "Exchanges")
    page = window.findChild(ExchangesPage)
    assert isinstance(page, ExchangesPage)
    table = page.table
    two_lines = 2 * QFontMetrics(table.font()).lineSpacing()
    qtbot.waitUntil(table.isVisible)
    # At least one whole column and two lines of text are in sight, beside the topics.
    qtbot.waitUntil(lambda: table.viewport().height() >= two_lines)
    assert table.viewport().width() >= table.columnWidth(0)
    assert window.size().width() == 720
    assert whole(page) == []
    assert table.horizontalScrollBar().maximum() > 0
    assert table.verticalScrollBar().maximum() > 0
    assert workspace.side_page.minimumSizeHint().width() <= 720
    window.put_aside()


def test_rows_are_measured_again_when_the_text_grows(
    page: ExchangesPage, qapp: QApplication
) -> None:
    before = page.table.rowHeight(0)
    theme.apply(qapp, Scheme.LIGHT, 200)
    try:
        assert page.table.rowHeight(0) > before * 1.4
    finally:
        theme.apply(qapp, Scheme.LIGHT)


def test_s19_every_text_is_plain(page: ExchangesPage) -> None:
    labels = page.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_it_opens_beside_the_keys_and_esc_goes_back(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    press(workspace.strip, "Exchanges")
    assert workspace.side_page.is_open
    page = workspace.findChild(ExchangesPage)
    assert page is not None
    qtbot.waitUntil(page.table.isVisible)
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert not workspace.side_page.is_open


def test_reading_the_list_again_leaves_the_launch_light_hidden(bench: Bench) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    workspace.open_exchanges()
    bench.session.take(work.Loaded(tuple(bench.rows)))
    assert workspace.launch.isHidden()
    workspace.side_page.close_page()
    assert not workspace.launch.isHidden()
