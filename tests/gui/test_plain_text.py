"""F03, S19: text from outside is text, whatever it contains."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from factories import make_key_report, make_refusal
from latchlight.core.findings import Light
from latchlight.core.sentences import say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.widgets.disclosure import Disclosure
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.workspace import Workspace
from window_bench import HOSTILE, Bench, finish, press, texts

GUI = Path(__file__).parents[2] / "app" / "latchlight" / "gui"


def hostile_row(bench: Bench, text: str) -> KeyRow:
    """A refused key in which every text that could come from outside is this one."""
    refusal = replace(make_refusal(), server_text=text, seen_address=text, exchange_code=text)
    report = make_key_report(Light.GREY, at=bench.clock.wall, diagnosis=refusal)
    evidence = tuple(
        replace(e, said=text, request_id=text) for f in report.findings for e in f.evidence
    )
    findings = tuple(
        replace(f, title=say("{t}", t=text), detail=say("{t}", t=text), evidence=evidence[:1])
        for f in report.findings
    )
    row = bench.add(label="x")
    request = replace(row.request, label=text[:40], hint=text[:8], story=text)
    shown = replace(row, request=request).landed(
        replace(report, findings=findings), bench.clock.stamp()
    )
    bench.rows = [shown]
    return shown


def open_everything(workspace: Workspace, qtbot: QtBot) -> None:
    for fold in workspace.findChildren(Disclosure):
        fold.set_open(True)
    finish(workspace, qtbot)
    press(workspace.checklist, "Ask Binance's other sites")
    for caption in ("Edit", "Remove"):
        press(workspace.checklist.header, caption)


def rich(widget: QWidget) -> list[str]:
    labels = widget.findChildren(QLabel)
    return [label.text() for label in labels if label.textFormat() is not Qt.TextFormat.PlainText]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_it_is_and_lights_nothing(
    bench: Bench, qtbot: QtBot, text: str
) -> None:
    hostile_row(bench, text)
    workspace = bench.open()
    open_everything(workspace, qtbot)
    assert rich(workspace) == []
    badges = workspace.findChildren(LightBadge)
    assert {badge.verdict.light for badge in badges} <= {Light.GREY, Light.GREEN}
    assert workspace.launch.verdict.text() == "Do not launch"
    assert workspace.checklist.header.badge.verdict.light is Light.GREY
    said = [t for t in texts(workspace) if t.startswith("Binance said: “")]
    assert all(len(t) <= 200 + len("Binance said: “”") for t in said)
    assert not any("\n" in t or "\x1b" in t for t in said)


def test_every_label_of_every_page_is_plain(bench: Bench, qtbot: QtBot) -> None:
    for light in Light:
        bench.add(light, f"key-{light.value}")
    workspace = bench.open()
    workspace.messages.show_problem("<b>x</b>")
    for row in bench.rows:
        workspace.select(row.id)
        finish(workspace, qtbot)
        for fold in workspace.findChildren(Disclosure):
            fold.set_open(True)
        assert rich(workspace) == []
    assert len(workspace.findChildren(QLabel)) > 20


def test_a_label_does_not_become_rich_later(qtbot: QtBot) -> None:
    label = PlainLabel("plain")
    qtbot.addWidget(label)
    label.setText("<b>bold</b>")
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert not label.openExternalLinks()


def names_used(source: str) -> set[str]:
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute | ast.Name)
    }


FORBIDDEN = {
    "setHtml": set[str](),
    "RichText": set[str](),
    "MarkdownText": set[str](),
    "QTextBrowser": set[str](),
    "QMessageBox": set[str](),
    "QWhatsThis": set[str](),
    "QLabel": {
        "main.py",
        "widgets/flow.py",
        "widgets/light_badge.py",
        "widgets/plain_label.py",
        "widgets/turning_row.py",
    },
    "openUrl": {"links.py"},
    "QDesktopServices": {"links.py"},
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_could_show_rich_text_or_open_links_is_used_nowhere_else(name: str) -> None:
    users = {
        file.relative_to(GUI).as_posix()
        for file in GUI.rglob("*.py")
        if name in names_used(file.read_text("utf-8"))
    }
    assert users <= FORBIDDEN[name]


def tips(source: str) -> list[ast.expr]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [
        keyword.value for call in calls for keyword in call.keywords if keyword.arg == "tip"
    ] + [
        call.args[0]
        for call in (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call))
        if isinstance(call.func, ast.Attribute) and call.func.attr == "setToolTip" and call.args
    ]


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_tooltips_hold_only_our_own_words() -> None:
    """Qt takes a tooltip for HTML if it looks like it: none may hold a value from outside."""
    for file in GUI.rglob("*.py"):
        for tip in tips(file.read_text("utf-8")):
            if isinstance(tip, ast.Call) and called(tip) == "plain_outside":
                continue  # takes every mark out, whatever stands there
            if isinstance(tip, ast.Call) and called(tip) == "tr":
                (tip,) = tip.args
            own = isinstance(tip, ast.Name) and tip.id == "tip"
            literal = isinstance(tip, ast.Call) and len(tip.args) == 1 and not tip.keywords
            assert own or (literal and isinstance(tip.args[0], ast.Constant)), (file, tip.lineno)
