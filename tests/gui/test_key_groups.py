"""Many keys: headings per exchange, a filter, and verdicts that no filter makes better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from factories import make_request
from latchlight.core.findings import Light
from latchlight.exchanges.binance import SPEC
from latchlight.gui import theme, work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_groups import count_words, matches, worst_verdict
from latchlight.gui.key_row import KeyRow
from latchlight.gui.models.key_list import MANY_KEYS, ROW_ROLE, KeyListModel
from latchlight.gui.pages.key_panel import FILTER_FROM
from latchlight.gui.theme import Scheme
from latchlight.gui.workspace import Workspace
from latchlight.services import Services
from window_bench import Bench, press, texts

OKX = replace(SPEC, id="okx", name="OKX")
GATE = replace(SPEC, id="gate", name="Gate")
Opened = Callable[..., Workspace]


def add(bench: Bench, spec: object, light: Light | None, label: str) -> KeyRow:
    row = bench.add(light, label)
    row = replace(row, request=replace(row.request, exchange=spec))
    bench.rows[-1] = row
    return row


def fill(bench: Bench, each: int = 5) -> None:
    """Two exchanges with enough keys for a filter; one of Binance's is red, the others green."""
    for number in range(each):
        add(bench, SPEC, Light.RED if number == 2 else Light.GREEN, f"grid-{number}")
        add(bench, OKX, Light.GREEN, f"dca-{number}")


@pytest.fixture
def workspace(bench: Bench) -> Workspace:
    fill(bench)
    return bench.open()


def names(model: KeyListModel) -> list[str]:
    return [model.index(n).data() for n in range(model.rowCount())]


def spoken(model: KeyListModel, place: int) -> str:
    return str(model.index(place).data(Qt.ItemDataRole.AccessibleTextRole))


# Headings ----------------------------------------------------------------------------------


def test_one_exchange_needs_no_heading(bench: Bench) -> None:
    for number in range(20):
        bench.add(Light.GREEN, f"key-{number}")
    workspace = bench.open()
    assert names(workspace.model) == [f"key-{number}" for number in range(20)]


def test_keys_of_several_exchanges_stand_under_their_headings(workspace: Workspace) -> None:
    grids, dcas = [f"grid-{n}" for n in range(5)], [f"dca-{n}" for n in range(5)]
    assert names(workspace.model) == ["Binance", *grids, "OKX", *dcas]


def test_f06_a_heading_has_the_worst_light_of_its_keys_in_words_too(workspace: Workspace) -> None:
    first, second = (workspace.model.index(n).data(ROW_ROLE) for n in (0, 6))
    assert (first.verdict.light, second.verdict.light) == (Light.RED, Light.GREEN)
    assert spoken(workspace.model, 0) == "Binance: Danger. 5 keys: 1 Danger, 4 Safe, expanded"
    assert spoken(workspace.model, 6) == "OKX: Safe. 5 keys: 5 Safe, expanded"


def test_a_heading_follows_the_lights_below_it(workspace: Workspace, bench: Bench) -> None:
    row = bench.session.row_labelled("dca-3")
    assert row is not None
    bench.session.put(row.doubted(Doubt.AGED))
    assert spoken(workspace.model, 6).startswith("OKX: Not checked. 5 keys: 1 Not checked, 4 Safe")
    bench.session.distrust(Doubt.NETWORK)
    assert spoken(workspace.model, 0).startswith("Binance: Not checked.")


def test_the_keyboard_closes_and_opens_a_group(workspace: Workspace) -> None:
    keys, model = workspace.keys, workspace.model
    keys.setFocus()
    workspace.select("id-grid-1")
    QTest.keyClick(keys, Qt.Key.Key_Left)
    assert keys.currentIndex().data() == "Binance"
    assert workspace.checklist.row_id == "id-grid-1"
    QTest.keyClick(keys, Qt.Key.Key_Left)
    assert names(model)[:2] == ["Binance", "OKX"]
    assert spoken(model, 0).endswith("collapsed")
    QTest.keyClick(keys, Qt.Key.Key_Right)
    assert names(model)[:2] == ["Binance", "grid-0"]
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        before = model.rowCount()
        QTest.keyClick(keys, key)
        assert model.rowCount() != before
    QTest.keyClick(keys, Qt.Key.Key_Down)
    assert workspace.checklist.row_id == "id-grid-0"


def test_a_click_on_a_heading_closes_its_group(workspace: Workspace) -> None:
    keys = workspace.keys
    middle = keys.visualRect(workspace.model.index(0)).center()
    QTest.mouseClick(
        keys.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle
    )
    assert names(workspace.model)[:2] == ["Binance", "OKX"]


def test_a_closed_group_keeps_the_light_of_what_it_hides(
    workspace: Workspace, bench: Bench
) -> None:
    model = workspace.model
    model.set_open(model.index(6), False)
    row = bench.session.row_labelled("dca-0")
    assert row is not None
    bench.answer(row, Light.RED)
    bench.run(row.id)
    assert spoken(model, 6) == "OKX: Danger. 5 keys: 1 Danger, 4 Safe, collapsed"
    assert workspace.panel.summary.badge.verdict.light is Light.RED


def test_choosing_a_key_opens_its_group(workspace: Workspace) -> None:
    model = workspace.model
    model.set_open(model.index(6), False)
    workspace.select("id-dca-4")
    assert workspace.keys.currentIndex().data() == "dca-4"


def test_closing_another_group_leaves_the_choice_alone(workspace: Workspace) -> None:
    workspace.select("id-dca-4")
    workspace.model.set_open(workspace.model.index(0), False)
    assert workspace.keys.currentIndex().data() == "dca-4"


def test_many_keys_begin_closed_but_for_the_chosen_group(bench: Bench) -> None:
    fill(bench, MANY_KEYS // 2 + 1)
    workspace = bench.open()
    shown = names(workspace.model)
    assert shown[0] == "Binance"
    assert shown[-1] == "OKX"
    assert "grid-0" in shown
    assert "dca-0" not in shown
    assert workspace.checklist.row_id == "id-grid-0"


def test_exchanges_stand_in_their_usual_order_and_strangers_last(bench: Bench) -> None:
    strange = replace(SPEC, id="strange", name="Strange")
    for spec in (strange, GATE, SPEC):
        add(bench, spec, None, f"of {spec.name}")
    assert names(bench.open().model)[::2] == ["Binance", "Gate", "Strange"]


def test_a_heading_is_painted_with_its_state(workspace: Workspace) -> None:
    workspace.keys.clearFocus()
    workspace.keys.setCurrentIndex(QModelIndex())
    opened = workspace.keys.grab().toImage()
    workspace.model.set_open(workspace.model.index(0), False)
    workspace.model.set_open(workspace.model.index(0), True)
    again = workspace.keys.grab().toImage()
    workspace.model.set_open(workspace.model.index(0), False)
    assert again == opened
    assert workspace.keys.grab().toImage() != opened


def test_the_model_keeps_the_rules_of_qt_while_it_is_turned_about(
    workspace: Workspace, bench: Bench, qtmodeltester: ModelTester
) -> None:
    model = workspace.model
    qtmodeltester.check(model)
    for wanted in ("grid", "dca-1", "safe", "nothing at all", "2", "", "okx", ""):
        model.filter_by(wanted)
        qtmodeltester.check(model)
    for opened in (False, True):
        for place in range(model.rowCount()):
            model.set_open(model.index(place), opened)
        qtmodeltester.check(model)
    bench.session.forget("id-grid-0")
    qtmodeltester.check(model)


# Filter ------------------------------------------------------------------------------------


def narrow(workspace: Workspace, wanted: str) -> list[str]:
    workspace.panel.filter.edit.setText(wanted)
    return names(workspace.model)


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ("GRID-1", ["Binance", "grid-1"]),
        ("okx dca-3", ["OKX", "dca-3"]),
        ("danger", ["Binance", "grid-2"]),
        ("  dca-4  ", ["OKX", "dca-4"]),
        ("binance safe 3", ["Binance", "grid-3"]),
        ("no such key", []),
    ],
)
def test_the_filter_finds_by_name_exchange_and_light(
    workspace: Workspace, wanted: str, left: list[str]
) -> None:
    assert narrow(workspace, wanted) == left


@pytest.mark.parametrize("wanted", ["dca", "safe", "no such key"])
def test_f06_no_filter_makes_any_verdict_better(workspace: Workspace, wanted: str) -> None:
    summary = workspace.panel.summary
    before = (summary.badge.verdict.light, summary.words.text())
    assert before == (Light.RED, "10 keys: 1 Danger, 9 Safe")
    narrow(workspace, wanted)
    assert (summary.badge.verdict.light, summary.words.text()) == before
    if wanted == "safe":
        assert spoken(workspace.model, 0) == "Binance: Danger. 5 keys: 1 Danger, 4 Safe, expanded"


def test_f06_checking_all_checks_what_the_filter_hides_too(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    narrow(workspace, "dca-1")
    press(workspace.panel, "Check all keys")
    qtbot.waitUntil(lambda: bool(bench.runs))
    assert len(bench.runs[0]) == 10


def test_what_is_shown_is_said(workspace: Workspace) -> None:
    narrow(workspace, "dca")
    assert "5 of 10 keys are shown." in texts(workspace.panel)
    assert workspace.panel.filter.edit.accessibleDescription() == "5 of 10 keys are shown."
    narrow(workspace, "")
    assert "5 of 10 keys are shown." not in texts(workspace.panel)


def test_an_empty_result_says_so_and_offers_the_way_back(workspace: Workspace) -> None:
    assert narrow(workspace, "zebra") == []
    assert "No key matches “zebra”." in texts(workspace.panel)
    press(workspace.panel, "Show all keys")
    assert len(names(workspace.model)) == 12
    assert "No key matches “zebra”." not in texts(workspace.panel)


def test_the_chosen_key_stays_on_the_right_and_is_chosen_again(workspace: Workspace) -> None:
    workspace.select("id-grid-3")
    narrow(workspace, "dca")
    assert workspace.checklist.row_id == "id-grid-3"
    workspace.select("id-grid-3")
    assert workspace.panel.filter.wanted == ""
    assert workspace.keys.currentIndex().data() == "grid-3"


def test_a_chosen_key_that_is_filtered_away_hands_its_place_to_nobody(bench: Bench) -> None:
    for number in range(FILTER_FROM):
        bench.add(Light.GREEN, f"key-{number}")
    workspace = bench.open()
    workspace.select("id-key-3")
    assert narrow(workspace, "key-5") == ["key-5"]
    assert not workspace.keys.currentIndex().isValid()
    assert workspace.checklist.row_id == "id-key-3"
    narrow(workspace, "")
    assert workspace.keys.currentIndex().data() == "key-3"


def test_reading_the_list_again_leaves_the_filter_alone(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    workspace.select("id-grid-3")
    narrow(workspace, "dca")
    bench.session.take(work.Loaded(tuple(bench.rows)))
    assert workspace.panel.filter.wanted == "dca"
    assert names(workspace.model)[0] == "OKX"
    assert workspace.checklist.row_id == "id-grid-3"


def test_a_filter_by_light_keeps_its_rows_while_they_are_checked(
    workspace: Workspace, bench: Bench
) -> None:
    assert narrow(workspace, "danger") == ["Binance", "grid-2"]
    row = bench.session.row_labelled("grid-2")
    assert row is not None
    bench.session.put(row.started(99))
    assert names(workspace.model) == ["Binance", "grid-2"]
    bench.session.put(row.started(99).doubted(Doubt.STOPPED))
    assert names(workspace.model) == []
    assert narrow(workspace, "not checked") == ["Binance", "grid-2"]


def test_groups_are_open_in_a_filter_and_closed_again_after_it(workspace: Workspace) -> None:
    model = workspace.model
    model.set_open(model.index(0), False)
    assert narrow(workspace, "grid-1") == ["Binance", "grid-1"]
    model.set_open(model.index(0), False)
    assert names(model) == ["Binance"]
    assert narrow(workspace, "grid-2") == ["Binance", "grid-2"]
    assert narrow(workspace, "")[:2] == ["Binance", "OKX"]


def test_a_few_keys_have_no_filter(bench: Bench) -> None:
    for number in range(FILTER_FROM - 1):
        bench.add(Light.GREEN, f"key-{number}")
    workspace = bench.open()
    assert not workspace.panel.filter.isVisible()
    workspace.panel.go_to_filter()
    assert workspace.keys.hasFocus() or not workspace.panel.filter.edit.hasFocus()
    bench.session.take(work.Loaded((*bench.rows, KeyRow(make_request("one more")))))
    assert workspace.panel.filter.isVisible()


def test_ctrl_f_goes_to_the_filter_and_esc_empties_it(workspace: Workspace, qtbot: QtBot) -> None:
    with qtbot.waitExposed(workspace):
        workspace.activateWindow()
    qtbot.waitUntil(workspace.isActiveWindow)
    QTest.keyClick(workspace, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    edit = workspace.panel.filter.edit
    assert edit.hasFocus()
    QTest.keyClicks(edit, "dca")
    assert names(workspace.model)[0] == "OKX"
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert names(workspace.model)[0] == "Binance"


def test_ui03_a_secret_in_the_filter_is_forgotten_and_said_so(workspace: Workspace) -> None:
    secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
    QGuiApplication.clipboard().setText(secret)
    edit = workspace.panel.filter.edit
    edit.paste()
    assert edit.text() == ""
    edit.undo()
    assert edit.text() == ""
    assert any(t.startswith("That looked like a key or a secret.") for t in texts(workspace.panel))
    assert len(names(workspace.model)) == 12
    QGuiApplication.clipboard().clear()


# The sums ----------------------------------------------------------------------------------


def test_the_worst_of_nothing_is_grey_and_practice_is_said() -> None:
    assert worst_verdict([]).light is Light.GREY
    assert worst_verdict([KeyRow(make_request("x"), practice=True)]).text == (
        "Not checked · practice"
    )


def test_counts_are_worst_first() -> None:
    assert count_words([]) == "No keys"
    assert count_words([KeyRow(make_request("x"))]) == "1 key: 1 Not checked"


def test_what_is_no_word_of_a_key_matches_nothing() -> None:
    row = KeyRow(make_request("Grid bot at home"))
    assert matches(row, "")
    assert matches(row, "home GRID")
    assert not matches(row, "home office")


def test_the_summary_is_heard_as_it_is_seen(workspace: Workspace) -> None:
    summary = workspace.panel.summary
    assert summary.badge.isVisible()
    assert summary.badge.accessibleName() == "Danger"
    assert summary.badge.accessibleDescription() == "The worst light of all keys"
    assert "10 keys: 1 Danger, 9 Safe" in texts(workspace.panel)


def test_one_key_is_its_own_summary(bench: Bench) -> None:
    bench.add(Light.RED)
    panel = bench.open().panel
    assert not panel.summary.badge.isVisible()
    assert "Keys" in texts(panel)


def painted_whole(workspace: Workspace) -> bool:
    """Whether every row got the height that its lines take now."""
    keys = workspace.keys
    rows = [workspace.model.index(n) for n in range(workspace.model.rowCount())]
    lines = [keys._delegate._lines(index) for index in rows]
    heights = [keys.visualRect(index).height() for index in rows]
    return heights == [each.height for each in lines if each is not None]


def test_f08_rows_are_measured_again_when_a_scroll_bar_comes_or_goes(
    bench: Bench, qtbot: QtBot
) -> None:
    """A name that just fits without a scroll bar wraps beside one."""
    for number in range(12):
        for spec in (SPEC, OKX):
            add(bench, spec, Light.GREEN, f"key {number} " + "word " * 6)
    workspace = bench.open()
    for wanted in ("key 1", "no such key", "", "key 3", "key", ""):
        workspace.panel.filter.edit.setText(wanted)
        qtbot.waitUntil(lambda: painted_whole(workspace))


def test_a_key_far_down_is_scrolled_into_sight(bench: Bench, qtbot: QtBot) -> None:
    fill(bench, 120)
    workspace = bench.open()
    workspace.select("id-dca-119")
    sight = workspace.keys.viewport().rect()
    qtbot.waitUntil(
        lambda: sight.contains(workspace.keys.visualRect(workspace.model.index_of("id-dca-119")))
    )


def test_under_a_heading_a_row_does_not_name_its_exchange_again(
    workspace: Workspace, bench: Bench
) -> None:
    def third_line(row_id: str) -> str:
        lines = workspace.keys._delegate._lines(workspace.model.index_of(row_id))
        return "" if lines is None else str(lines.lines[2].text)

    assert third_line("id-grid-0") == "…DhA8 · Checked 12:00"
    bench.session.take(work.Loaded(tuple(row for row in bench.rows if "grid" in row.id)))
    assert third_line("id-grid-0") == "Binance · …DhA8 · Checked 12:00"


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("height", [800, 640])
@pytest.mark.parametrize("practice", [True, False])
def test_ui13_in_a_low_window_nothing_lies_on_top_of_something_else(
    bench: Bench, qtbot: QtBot, qapp: QApplication, percent: int, height: int, practice: bool
) -> None:
    theme.apply(qapp, Scheme.LIGHT, percent)
    fill(bench)
    bench.rows = [
        replace(row, practice=practice, request=replace(row.request, stored=not practice))
        for row in bench.rows
    ]
    bench.session.services = Services(practice=practice)
    workspace = bench.open()
    panel = workspace.panel
    panel.filter.edit.setText("zebra")
    parts = [panel.summary.badge, panel.summary.words, panel.filter.edit, panel.filter.said]

    def apart() -> bool:
        shown = [part for part in parts if part.isVisible()]
        boxes = [QRect(part.mapTo(panel, QPoint(0, 0)), part.size()) for part in shown]
        below = all(a.bottom() < b.top() for a, b in pairwise(boxes))
        add = panel._add.geometry()
        return (
            below
            and not add.intersects(boxes[0])
            and all(box.height() >= percent // 8 for box in boxes)
        )

    try:
        workspace.resize(1024, height)
        qtbot.waitUntil(apart)
        assert panel.summary.badge.isVisible()
        assert panel._add.height() >= panel._add.sizeHint().height()
    finally:
        theme.apply(qapp, Scheme.LIGHT)


def test_f04_after_a_crash_no_verdict_over_many_stands(workspace: Workspace) -> None:
    workspace.on_crash()
    assert workspace.panel.summary.badge.verdict.light is Light.GREY
    assert spoken(workspace.model, 6).startswith("OKX: Not checked.")
