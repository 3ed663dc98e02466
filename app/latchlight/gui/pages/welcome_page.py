"""What stands there before the first key: three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel


class WelcomePage(PageColumn):
    """Emits what the user chose."""

    add_key = Signal()
    practice = Signal()
    check_once = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(say("How to begin")))
        self.add(PlainLabel(say("Is your API key safe to hand to a bot?"), TextRole.TITLE))
        self.add(
            PlainLabel(
                say(
                    "Latchlight asks the exchange what the key may do and from where, and shows you the switch that "
                    "makes it safe. It only reads: it cannot trade, withdraw or change anything."
                )
            )
        )
        for title, words, caption, signal, kind in self._choices():
            self.add(_choice(title, words, caption, signal, kind))
        words = say(
            "The public IP above was asked from five address services, which learn nothing about your keys. "
            "You can switch that off in Settings."
        )
        self.add(PlainLabel(words, TextRole.SMALL, ink="muted"))
        self.close_column()

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
