"""Texts from outside, each in every place of the window that shows any: none is rich text, none lights a light."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from factories import make_key_report, make_refusal, make_request
from hostile import hostile_texts
from latchlight.core.changes import snapshot
from latchlight.core.findings import Light
from latchlight.core.profile import Acceptance
from latchlight.core.sentences import say
from latchlight.gui import history_work
from latchlight.gui.happenings import light_fell
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.widgets.disclosure import Disclosure
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.trickle import TrickleColumn
from latchlight.gui.workspace import Workspace
from window_bench import Bench, comes_true

PORTION = 20


def hostile_row(bench: Bench, text: str) -> KeyRow:
    """A refused key in which every text that could come from outside is this one."""
    refusal = replace(make_refusal(), server_text=text, seen_address=text, exchange_code=text)
    report = make_key_report(Light.GREY, label=text, at=bench.clock.wall, diagnosis=refusal)
    acceptance = Acceptance(text, "r", "", text, bench.clock.wall, "")
    findings = tuple(
        replace(
            finding,
            title=say("{text}", text=text),
            detail=say("{text}", text=text),
            evidence=tuple(replace(e, said=text, request_id=text) for e in finding.evidence),
            acceptance=acceptance,
        )
        for finding in report.findings
    )
    request = replace(
        make_request("x", id="id-x", story=text), label=text[:40], hint=text[:8], host=text[:60]
    )
    shown = replace(report, findings=findings, host=text[:60], hint=text[:8])
    return KeyRow(request).landed(shown, bench.clock.stamp())


def not_plain(top: QWidget) -> list[str]:
    """Every widget that would take text for markup; a tip with a `<` may be taken for it."""
    found = [
        label.text()
        for label in top.findChildren(QLabel)
        if label.textFormat() is not Qt.TextFormat.PlainText
    ]
    found += [edit.toPlainText() for edit in top.findChildren(QTextEdit)]
    found += [
        edit.toPlainText()
        for edit in top.findChildren(QPlainTextEdit)
        if edit.document().toHtml() != _plain(edit.toPlainText(), edit.document())
    ]
    found += [each.toolTip() for each in top.findChildren(QWidget) if "<" in each.toolTip()]
    return found


def _plain(text: str, like: QTextDocument) -> str:
    same = like.clone()
    same.setPlainText(text)
    return same.toHtml()


def show_everywhere(workspace: Workspace, bench: Bench, row: KeyRow, text: str) -> None:
    """The checklist with all its folds, the lines over it, the filter, and every page about the key."""
    session = bench.session
    session.put(row)
    workspace.select(row.id)
    for column in workspace.checklist.findChildren(TrickleColumn):
        column.complete_now()
    for fold in workspace.checklist.findChildren(Disclosure):
        fold.set_open(True)
    workspace.messages.show_problem(text)
    workspace.messages.show_notice(text)
    workspace.messages.show_page(say("Opened in your browser: {url}", url=text), text)
    assert row.report is not None
    session.watch.news.add(light_fell(row.id, row.report, Light.GREEN))
    workspace.panel.filter.edit.setText(text)
    workspace.panel.filter.empty()


def let_go() -> None:
    """A turn of the event loop: what was closed is thrown away in it."""
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """As many texts as were asked for: pytest tests/gui/test_hostile_texts.py --hostile 500"""
    if "hostile" in metafunc.fixturenames:
        drawn = hostile_texts(metafunc.config.getoption("--hostile"))
        portions = [drawn[at : at + PORTION] for at in range(0, len(drawn), PORTION)]
        metafunc.parametrize("hostile", portions, ids=range(len(portions)))


def test_hostile_text_is_text_wherever_it_is_shown(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, hostile: list[str]
) -> None:
    past: list[history_work.Past] = []
    monkeypatch.setattr(history_work, "look_back", lambda *_: past[-1])
    bench.rows = [hostile_row(bench, "x")]
    workspace = bench.open()
    for text in hostile:
        row = hostile_row(bench, text)
        assert row.report is not None
        past.append(history_work.Past((snapshot(row.report),)))
        show_everywhere(workspace, bench, row, text)
        assert not_plain(workspace) == []
        badges = workspace.checklist.findChildren(LightBadge)
        assert {badge.verdict.light for badge in badges} <= {Light.GREY, Light.GREEN}
        assert workspace.checklist.header.badge.verdict.light is Light.GREY
        assert workspace.launch.verdict.text() == "Do not launch"
        for task in (KeyTask.HISTORY, KeyTask.PLAN, KeyTask.REPLACE):
            workspace.open_task(task)
            page = workspace.side_page.page
            assert page is not None
            for field in page.findChildren(QLineEdit):
                field.setText(text)
                field.editingFinished.emit()
            assert not_plain(workspace) == []
        workspace.open_happenings()
        assert not_plain(workspace) == []
        workspace.side_page.close_page()
        workspace.messages.hide()
        bench.session.watch.news.put_away()
        let_go()
    # Laying out the worst of these texts takes long where a system has few of their letters.
    assert comes_true(lambda: not bench.session.runner.busy, 60.0)


def test_markup_would_be_noticed(qtbot: QtBot) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    rich = QLabel("<b>x</b>", top)
    assert not_plain(top) == ["<b>x</b>"]
    rich.setTextFormat(Qt.TextFormat.PlainText)
    assert not_plain(top) == []
    top.setToolTip("x")
    tipped = QWidget(top)
    tipped.setToolTip("<b>x</b>")
    assert not_plain(top) == ["<b>x</b>"]
    tipped.setToolTip("")
    edit = QPlainTextEdit(top)
    edit.appendHtml("<b>x</b>")
    assert not_plain(top) == ["x"]
    edit.setPlainText("<b>x</b>")
    assert not_plain(top) == []
