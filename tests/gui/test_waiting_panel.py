"""Whoever waits sees how far it is, without anything that moves by itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import latchlight.gui
from latchlight.core.progress import Progress
from latchlight.core.sentences import say
from latchlight.gui.widgets.waiting_panel import WaitingPanel

MOVING = ("QProgressBar", "QPropertyAnimation", "QVariantAnimation", "QTimeLine", "QMovie")
"""What Qt moves by itself, whether the system asks for stillness or not."""


def open_panel(qtbot: QtBot) -> WaitingPanel:
    panel = WaitingPanel()
    qtbot.addWidget(panel)
    panel.start("Asking", "Nothing is changed.")
    panel.show()
    return panel


def test_steps_are_counted_and_told(qtbot: QtBot) -> None:
    panel = open_panel(qtbot)
    panel.show_progress(Progress(3, 7, say("Reading the rights")))
    assert panel.line.isVisible()
    assert panel.line.accessibleName() == "3 of 7 done"
    assert panel.text.text() == "Reading the rights"


def test_where_nothing_can_be_counted_there_is_no_line(qtbot: QtBot) -> None:
    panel = open_panel(qtbot)
    assert not panel.line.isVisible()
    panel.show_progress(Progress(0, 1, say("Saving")))
    assert not panel.line.isVisible()
    assert panel.text.text() == "Saving"


def test_what_begins_anew_begins_without_the_steps_of_before(qtbot: QtBot) -> None:
    panel = open_panel(qtbot)
    panel.show_progress(Progress(3, 7, say("Reading the rights")))
    panel.start("Saving", "")
    assert not panel.line.isVisible()
    assert panel.text.text() == ""


def test_a_step_more_can_be_seen(qtbot: QtBot) -> None:
    panel = open_panel(qtbot)
    panel.show_progress(Progress(3, 7, say("Reading the rights")))
    before = picture(panel)
    assert picture(panel) == before
    panel.show_progress(Progress(4, 7, say("Reading the rights")))
    assert picture(panel) != before


def test_nothing_in_the_window_moves_by_itself() -> None:
    files = sorted(Path(latchlight.gui.__file__).parent.rglob("*.py"))
    assert len(files) > 50
    code = {file.name: file.read_text(encoding="utf-8") for file in files}
    moving = [
        f"{name}: {word}"
        for name, text in code.items()
        for word in MOVING
        if f"import {word}" in text or f"{word}(" in text
    ]
    assert moving == []


def picture(widget: QWidget) -> bytes:
    image = widget.grab().toImage()
    return bytes(image.constBits())
