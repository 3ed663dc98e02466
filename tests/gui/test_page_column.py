"""A long page is put in its place piece by piece, and comes to the same end."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from latchlight.core.findings import Light
from latchlight.gui import lock_work
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.plain_label import PlainLabel
from window_bench import Bench, comes_true, texts

pytestmark = pytest.mark.usefixtures("in_pieces")


class Pieces(PageColumn):
    IN_PIECES = True


def page_of(qtbot: QtBot, lines: int) -> tuple[Pieces, list[PlainLabel]]:
    page = Pieces()
    qtbot.addWidget(page)
    labels = [PlainLabel(f"line {number}") for number in range(lines)]
    page.add(*labels)
    row = QHBoxLayout()
    row.addWidget(PlainLabel("row"))
    page.add_row(row)
    page.close_column()
    page.resize(400, 400)
    page.show()
    return page, labels


def test_the_pieces_come_one_per_turn_in_their_order(qtbot: QtBot) -> None:
    page, labels = page_of(qtbot, 6)
    assert [label.isVisible() for label in labels] == [True, True, False, False, False, False]
    assert not page.complete
    assert comes_true(lambda: page.complete)
    assert texts(page) == [*(f"line {number}" for number in range(6)), "row"]
    tops = [label.mapTo(page, label.rect().topLeft()).y() for label in labels]
    assert tops == sorted(tops)


def test_what_is_hidden_while_it_waits_stays_hidden_and_nothing_becomes_a_window(
    qtbot: QtBot,
) -> None:
    page, labels = page_of(qtbot, 5)
    labels[4].hide()
    labels[3].setVisible(True)
    assert [each for each in page.findChildren(QWidget) if each.isWindow()] == []
    assert not labels[3].isVisible()
    page.complete_now()
    assert [label.isVisible() for label in labels] == [True, True, True, True, False]


def test_what_only_fills_a_piece_has_its_turn_behind_it(qtbot: QtBot) -> None:
    page, card = Pieces(), PlainLabel("empty")
    qtbot.addWidget(page)
    page.add(PlainLabel("one"), PlainLabel("two"), card, lambda: card.setText("filled"))
    page.close_column()
    page.show()
    assert card.text() == "empty"
    assert comes_true(lambda: page.complete)
    assert texts(page) == ["one", "two", "filled"]


def test_scrolling_to_a_piece_that_waits_puts_it_in_its_place_first(qtbot: QtBot) -> None:
    page, labels = page_of(qtbot, 60)
    page.scroll_to(labels[-1])
    assert page.complete
    assert labels[-1].isVisible()


@pytest.mark.parametrize("task", KeyTask)
def test_a_page_about_a_key_ends_up_with_all_its_pieces(
    bench: Bench, qtbot: QtBot, task: KeyTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_work, "where", lambda *_: ())
    row = bench.add(Light.AMBER)
    workspace = bench.open()
    assert row.report is not None
    rule = row.report.open_ambers()[0].rule
    workspace.open_task(task, rule)
    page = workspace.side_page.page
    assert isinstance(page, PageColumn)
    assert not page.complete
    assert comes_true(lambda: page.complete)
    pieces = texts(page)
    assert comes_true(lambda: not bench.session.runner.busy)
    assert len(pieces) > 5
