"""What stands there before the first key: three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel


class WelcomePage(QScrollArea):
    """Emits what the user chose."""

    add_key = Signal()
    practice = Signal()
    check_once = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(say("How to begin"))
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(GRID * 4, GRID * 4, GRID * 4, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(PlainLabel(say("Is your API key safe to hand to a bot?"), TextRole.TITLE))
        layout.addWidget(
            PlainLabel(
                say(
                    "Latchlight asks the exchange what the key may do and from where, and shows you the switch that "
                    "makes it safe. It only reads: it cannot trade, withdraw or change anything."
                )
            )
        )
        for title, words, caption, signal, kind in self._choices():
            layout.addWidget(_choice(title, words, caption, signal, kind))
        layout.addStretch(1)
        self.setWidget(body)
        body.setMaximumWidth(self.fontMetrics().averageCharWidth() * 110)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _choices(self) -> tuple[tuple[str, str, str, object, str], ...]:
        return (
            (
                say("I have a key"),
                say(
                    "Paste it once. It is tried first, and then kept in this computer's own keyring, nowhere else."
                ),
                say("Add my key"),
                self.add_key,
                "primary",
            ),
            (
                say("Show me first"),
                say(
                    "Practice keys on a practice exchange inside this computer, one for every light. "
                    "No key of yours, no internet."
                ),
                say("Look around in practice mode"),
                self.practice,
                "",
            ),
            (
                say("Only this once"),
                say("Paste a key, see its lights, and nothing is kept when you close the window."),
                say("Check without saving"),
                self.check_once,
                "",
            ),
        )


def _choice(title: str, words: str, caption: str, signal: object, kind: str) -> QWidget:
    card = Panel()
    card.column.setSpacing(GRID)
    card.column.addWidget(PlainLabel(title, TextRole.HEADING))
    card.column.addWidget(PlainLabel(words))
    made = button(caption, signal.emit, kind=kind)  # type: ignore[attr-defined]
    card.column.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
    return card
