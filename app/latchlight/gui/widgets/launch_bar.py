"""The launch light at the bottom: may a bot be started on the chosen key, and the command for it."""

from __future__ import annotations

import re
import sys

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from latchlight.core.command_name import command_name
from latchlight.core.findings import Light
from latchlight.core.sentences import Sentence, say
from latchlight.gui import theme
from latchlight.gui.key_row import KeyRow
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import CopyButton
from latchlight.gui.widgets.flow import FlowLayout
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.plain_label import PlainLabel

_GREEN_WHY = say("Nothing speaks against it. The command checks again right before the start.")
_LOW_LINES = 20
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


class LaunchBar(QFrame):
    """Follows the chosen key. Green is the only light with which it says yes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "foot")
        self.badge = LightBadge()
        self.verdict = PlainLabel(role=TextRole.HEADING, wrap=False)
        self._why = PlainLabel(ink="muted")
        self._command = QLineEdit(readOnly=True)
        self._command.setFont(theme.fixed_font())
        self._command.setAccessibleName(tr(say("Command for the bot's machine")))
        self._copy = CopyButton(say("Copy"), say("Copy the command"), self._command.text)
        self.command_line = QWidget()
        self.hint = PlainLabel(role=TextRole.SMALL, ink="muted")
        self._low = self._stored = False
        self._lay_out()
        self.show_row(None)

    def _lay_out(self) -> None:
        words = FlowLayout(spacing=GRID * 3 // 2)
        for widget in (self.badge, self.verdict, self._why):
            words.addWidget(widget)
        line = QHBoxLayout(self.command_line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(PlainLabel(say("On the bot's machine:"), ink="muted", wrap=False))
        line.addWidget(self._command, 1)
        line.addWidget(self._copy)
        layout = QGridLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.setVerticalSpacing(GRID)
        layout.addLayout(words, 0, 0)
        layout.addWidget(self.command_line, 1, 0)
        layout.addWidget(self.hint, 2, 0)

    @property
    def command(self) -> str:
        """The line for the bot's machine."""
        return self._command.text()

    def show_row(self, row: KeyRow | None) -> None:
        """Say it for this key; without a key there is nothing to launch."""
        self.setVisible(row is not None)
        if row is None:
            return
        self.badge.set_verdict(row.verdict)
        self.verdict.setText(launch_words(row))
        self._why.setText(_why(row))
        self._command.setText(_command(row))
        self._command.setCursorPosition(0)
        self.hint.setText(_hint(row))
        self._stored = row.request.stored
        self._show_parts()

    def make_room(self, lines: int) -> None:
        """In a window of few lines practice leaves the reason to the checklist: nothing is launched there."""
        self._low = lines < _LOW_LINES
        self._show_parts()

    def _show_parts(self) -> None:
        self.command_line.setVisible(self._stored)
        self.hint.setVisible(self._stored)
        short = self._low and not self._stored
        self._why.setVisible(not short)
        self.verdict.setAccessibleDescription(self._why.text() if short else "")


def launch_words(row: KeyRow) -> Sentence:
    """The fixed words of the launch light."""
    return say("Safe to launch") if row.verdict.light is Light.GREEN else say("Do not launch")


def _why(row: KeyRow) -> Sentence:
    if row.practice:
        return say("{why} This is only practice: nothing is launched.", why=_real_why(row))
    return _real_why(row)


def _real_why(row: KeyRow) -> Sentence:
    if not row.counts or row.report is None:
        return row.headline
    match row.verdict.light:
        case Light.GREEN:
            return _GREEN_WHY if row.request.stored else say("Nothing speaks against it.")
        case Light.AMBER if _all_accepted(row):
            return _accepted_words(row)
        case Light.AMBER:
            return say("Look at the amber findings first.")
        case Light.RED:
            return say("Settle what is red first.")
        case Light.GREY:
            return say("Not everything could be checked.")


def _accepted_words(row: KeyRow) -> Sentence:
    if not row.request.stored:
        return say("You accepted what is amber; the light stays amber.")
    return say("You accepted what is amber. The command below lets a bot pass with it.")


def _all_accepted(row: KeyRow) -> bool:
    return row.report is not None and not row.report.open_ambers()


def _hint(row: KeyRow) -> Sentence:
    return say(
        "The key must be stored on that machine first, under the name “{label}”.",
        label=row.request.label,
    )


def _command(row: KeyRow) -> Sentence:
    label = quoted(row.request.label)
    if row.counts and row.verdict.light is Light.AMBER and _all_accepted(row):
        return say(
            "{command} preflight {label} --accept-amber", command=command_name(), label=label
        )
    return say("{command} preflight {label}", command=command_name(), label=label)


def quoted(label: str, platform: str = sys.platform) -> str:
    """A label as one word of a command line on this system."""
    if _PLAIN.fullmatch(label):
        return label
    if platform == "win32":
        # Doubled: the prompt would take what stands behind a \" for a command of its own.
        return '"' + label.replace('"', '""') + '"'
    return "'" + label.replace("'", "'\"'\"'") + "'"
