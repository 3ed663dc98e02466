"""The list of keys: Qt's own rules for models, and rows that grow with their text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from factories import make_request
from latchlight.core.findings import Light
from latchlight.gui import theme, work
from latchlight.gui.key_row import KeyRow
from latchlight.gui.models.key_list import ROW_ROLE, KeyListModel
from latchlight.gui.theme import Scheme
from window_bench import Bench


def test_the_model_keeps_the_rules_of_qt(bench: Bench, qtmodeltester: ModelTester) -> None:
    model = KeyListModel(bench.session)
    qtmodeltester.check(model)
    for light in Light:
        bench.add(light, f"key-{light.value}")
    bench.session.take(work.Loaded(tuple(bench.rows)))
    assert model.rowCount() == len(Light)
    qtmodeltester.check(model)


def test_only_the_changed_row_is_told(bench: Bench, qtbot: QtBot) -> None:
    rows = [bench.add(label=f"key-{n}") for n in range(3)]
    bench.session.take(work.Loaded(tuple(rows)))
    model = KeyListModel(bench.session)
    bench.answer(rows[1], Light.RED)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last: changed.append(first.row()))
    bench.run(rows[1].id)
    assert set(changed) == {1}
    assert model.index(1).data(ROW_ROLE).verdict.light is Light.RED


def test_unknown_roles_and_places_answer_nothing(bench: Bench) -> None:
    bench.add()
    bench.session.take(work.Loaded(tuple(bench.rows)))
    model = KeyListModel(bench.session)
    assert model.data(model.index(0), Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0)) == 0
    assert not model.index_of("nobody").isValid()


def test_f14_a_row_is_spoken_with_its_light(bench: Bench) -> None:
    bench.add(Light.RED, "main-bot")
    bench.session.take(work.Loaded(tuple(bench.rows)))
    model = KeyListModel(bench.session)
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("main-bot: Danger. Binance, key ends in DhA8. Checked")


def row_heights(view: QListView) -> list[int]:
    model = view.model()
    return [view.visualRect(model.index(n, 0)).height() for n in range(model.rowCount())]


def test_f08_a_long_name_wraps_and_its_row_grows(bench: Bench, qtbot: QtBot) -> None:
    bench.add(label="short")
    bench.add(label="W" * 40)
    workspace = bench.open()
    short, long = row_heights(workspace.keys)
    assert long > short


def test_ui13_rows_grow_with_the_font(bench: Bench, qtbot: QtBot, qapp: QApplication) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    before = row_heights(workspace.keys)[0]
    theme.apply(qapp, Scheme.LIGHT, 200)
    try:
        qtbot.waitUntil(lambda: row_heights(workspace.keys)[0] > before * 1.6)
    finally:
        theme.apply(qapp, Scheme.LIGHT)


def test_ui11_ten_thousand_keys_open(bench: Bench, qtbot: QtBot) -> None:
    bench.rows = [KeyRow(make_request(f"key {n}")) for n in range(10_000)]
    workspace = bench.open()
    assert workspace.model.rowCount() == 10_000


@pytest.mark.parametrize("light", Light)
def test_a_row_is_painted_again_when_its_light_changes(
    bench: Bench, qtbot: QtBot, light: Light
) -> None:
    row = bench.add()
    workspace = bench.open()
    workspace.keys.clearFocus()
    before = workspace.keys.grab().toImage()
    bench.answer(row, light)
    bench.run(row.id)
    assert workspace.keys.grab().toImage() != before


def test_a_key_that_stays_keeps_its_light_when_the_list_is_read_again(bench: Bench) -> None:
    row = bench.add(Light.GREEN)
    bench.session.take(work.Loaded((row,)))
    other = KeyRow(make_request("other"))
    bench.session.take(work.Loaded((KeyRow(make_request("main-bot")), other)))
    kept = bench.session.row(row.id)
    assert kept is not None
    assert kept.verdict.light is Light.GREEN


def test_another_purpose_turns_the_light_grey_until_the_next_check(bench: Bench) -> None:
    from latchlight.core.purpose import Intent, Purpose

    row = bench.add(Light.GREEN)
    bench.session.take(work.Loaded((row,)))
    request = replace(make_request("main-bot"), intent=Intent(Purpose.WATCH))
    bench.session.take(work.Loaded((KeyRow(request),)))
    changed = bench.session.row(row.id)
    assert changed is not None
    assert changed.verdict.light is Light.GREY


def test_a_chosen_row_in_sight_stays_there_when_the_list_gets_lower_or_rows_grow(
    bench: Bench, qtbot: QtBot
) -> None:
    """The progress of a check takes its place from the list."""
    rows = [bench.add(label=f"key-{n:02}") for n in range(30)]
    workspace = bench.open()
    keys, model, chosen = workspace.keys, workspace.model, rows[15].id

    def place() -> QRect:
        return keys.visualRect(model.index_of(chosen))

    def in_sight() -> bool:
        return keys.viewport().rect().contains(place())

    workspace.select(chosen)
    qtbot.waitUntil(in_sight)
    keys.scrollTo(model.index_of(chosen), QListView.ScrollHint.PositionAtBottom)
    height = keys.viewport().height()
    assert place().bottom() == height - 1
    workspace.resize(workspace.width(), workspace.height() - 40)
    qtbot.waitUntil(lambda: keys.viewport().height() == height - 40)
    assert in_sight()
    keys.scrollTo(model.index_of(chosen), QListView.ScrollHint.PositionAtBottom)
    row, tall = bench.session.rows[0], keys.visualRect(model.index(0)).height()
    longer = replace(row.request, label="a very long name of a key " * 4)
    bench.session.put(replace(row, request=longer))
    qtbot.waitUntil(lambda: keys.visualRect(model.index(0)).height() > tall)
    assert in_sight()


def test_a_chosen_row_out_of_sight_is_not_scrolled_to(bench: Bench, qtbot: QtBot) -> None:
    """Whoever scrolled away is left there."""
    rows = [bench.add(label=f"key-{n:02}") for n in range(30)]
    workspace = bench.open()
    keys, height = workspace.keys, workspace.keys.viewport().height()
    workspace.select(rows[0].id)
    bar = keys.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 400)
    bar.setValue(400)
    workspace.resize(workspace.width(), workspace.height() - 40)
    qtbot.waitUntil(lambda: keys.viewport().height() == height - 40)
    assert bar.value() == 400
