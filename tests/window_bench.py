"""Windows without a screen, without a network, and with clocks that stand until they are turned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from factories import NOW, make_egress, make_key_report, make_request
from latchlight.core.findings import KeyReport, Light
from latchlight.gui import work
from latchlight.gui.ageing import LightClock, Stamp
from latchlight.gui.key_row import KeyRow
from latchlight.gui.network_watch import NetworkWatch, Route
from latchlight.gui.session import Session
from latchlight.gui.widgets.finding_card import FindingCard
from latchlight.gui.widgets.trickle import TrickleColumn
from latchlight.gui.workspace import Workspace
from latchlight.services import Services

HOSTILE = [
    "<table><tr><td>Safe</td></tr></table>",
    "<b>Safe</b> <img src='https://example.org/x.png'>",
    "<a href='https://example.org'>click</a>",
    "&lt;b&gt; &amp; &check;",
    "\u202etfaS\u202c \u200b\u2066Safe\u2069",
    "✅ Safe ✓ \u2714",
    "line one\nSafe\r\n\tSafe",
    "{light} {0} %s %1 %n $HOME `id`",
    "\x00\x1b[32mSafe\x1b[0m\x07",
    "A" * 5000,
    "' OR 1=1 --",
    "\U0001f600" * 60,
    "&Safe &&Safe",
    "<!--" + "x" * 300,
]
"""Texts as somebody may send them who wants to look like the program."""


class TurnableClock:
    """Both clocks in hand."""

    def __init__(self) -> None:
        self.monotonic = 1000.0
        self.wall = NOW

    def advance(self, seconds: float) -> None:
        self.monotonic += seconds
        self.wall += timedelta(seconds=seconds)

    def light_clock(self) -> LightClock:
        return LightClock(lambda: self.monotonic, lambda: self.wall)

    def stamp(self) -> Stamp:
        return Stamp(self.monotonic, self.wall)


class Bench:
    """A session whose answers the test gives, and the workspace on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
        self.clock = TurnableClock()
        self.route: Route = ("192.168.1.5", "")
        self.rows: list[KeyRow] = []
        self.answers: dict[str, KeyReport] = {}
        self.runs: list[list[str]] = []
        self.egress = work.Egress(make_egress(), NOW - timedelta(days=3))
        self._qtbot = qtbot
        monkeypatch.setattr(work, "load_keys", lambda *_: work.Loaded(tuple(self.rows)))
        monkeypatch.setattr(work, "look_up", lambda *_: self.egress)
        monkeypatch.setattr(work, "check_keys", self._check_keys)
        self.session = Session(
            Services(), clock=self.clock.light_clock(), network=NetworkWatch(lambda: self.route)
        )

    def _check_keys(
        self, requests: Sequence[object], services: object, run: int, token: object, post: Callable
    ) -> work.Egress:
        self.runs.append([request.id for request in requests])
        for request in requests:
            report = self.answers.get(request.id)
            if report is not None:
                report = replace(report, host=request.host, intent=request.intent)
                post(work.KeyDone(run, request.id, report))
        return self.egress

    def add(
        self,
        light: Light | None = None,
        label: str = "main-bot",
        *,
        practice: bool = False,
        stored: bool = True,
        **changed: object,
    ) -> KeyRow:
        """One more key; with `light`, already checked at this moment."""
        row = KeyRow(make_request(label, stored=stored), practice)
        if light is not None:
            report = make_key_report(light, label=label, at=self.clock.wall, practice=practice)
            row = row.landed(report, self.clock.stamp())
        row = replace(row, **changed)
        self.rows.append(row)
        return row

    def answer(self, row: KeyRow, light: Light) -> None:
        """What the next check of this key will find."""
        self.answers[row.id] = make_key_report(
            light, label=row.request.label, at=self.clock.wall, practice=row.practice
        )

    def open(self) -> Workspace:
        """The window with all keys that were added."""
        workspace = Workspace(self.session)
        self._qtbot.addWidget(workspace)
        workspace.resize(1200, 800)
        with self._qtbot.waitSignal(self.session.loaded):
            workspace.show()
        return workspace

    def run(self, *ids: str) -> None:
        """One check from start to end."""
        self.session.check(ids or [row.id for row in self.session.rows])
        self._qtbot.waitUntil(lambda: not self.session.running)


def finish(workspace: Workspace, qtbot: QtBot) -> None:
    """Wait until the whole checklist is there and shown."""

    def there() -> bool:
        columns = workspace.checklist.findChildren(TrickleColumn)
        cards = workspace.checklist.findChildren(FindingCard)
        return all(c.complete for c in columns) and all(c.isVisible() for c in cards)

    qtbot.waitUntil(there)


def comes_true(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Let the event loop run until something is so; False if it never is."""
    loop, look, end = QEventLoop(), QTimer(interval=2), QTimer(singleShot=True)
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    end.timeout.connect(loop.quit)
    look.start()
    end.start(int(seconds * 1000))
    while not condition() and end.isActive():
        loop.exec()  # again where it was so for a moment only, between one job and the next
    return condition()


def texts(widget: QWidget) -> list[str]:
    """What can be read there now."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def reads(widget: QWidget, start: str) -> bool:
    """Whether a text that starts like this can be read there within a moment."""
    return comes_true(lambda: any(text.startswith(start) for text in texts(widget)))


def buttons(widget: QWidget, caption: str) -> list[QPushButton]:
    """The visible buttons with this caption."""
    found = [b for b in widget.findChildren(QPushButton) if b.isVisible()]
    return [b for b in found if b.text().replace("&&", "&") == caption]


def press(widget: QWidget, caption: str) -> None:
    """Press a button; new ones show in the next turn of the event loop."""
    assert comes_true(lambda: bool(buttons(widget, caption))), (caption, texts(widget))
    buttons(widget, caption)[0].click()
