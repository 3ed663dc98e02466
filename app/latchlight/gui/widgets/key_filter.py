"""The field that narrows the list of keys down, and what it left."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.sentences import Sentence, say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.filter_edit import FORGOTTEN, FilterEdit
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.words import looks_like_a_secret


class KeyFilter(QWidget):
    """Emits what is looked for; `show_result` says how much of the list that left."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = FilterEdit(
            say("Filter by name or exchange"),
            tip=say("Filter by name, exchange or light (Ctrl+F)"),
        )
        self.said = PlainLabel(role=TextRole.SMALL, ink="muted")
        self.clear = button(say("Show all keys"), self.empty, kind="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for widget in (self.edit, self.said, self.clear):
            column.addWidget(widget)
        self.edit.textChanged.connect(self._edited)
        self.edit.left.connect(self.empty)
        self.show_result(0, 0)

    @property
    def wanted(self) -> str:
        """What is looked for; empty where everything is shown."""
        return self.edit.text().strip()

    def empty(self) -> None:
        """Look for nothing more."""
        self.edit.setText("")

    def show_result(self, shown: int, total: int) -> None:
        """So many of so many keys pass."""
        self._say(_result_words(self.wanted, shown, total))
        if self.clear.hasFocus() and shown:
            self.edit.setFocus()
        self.clear.setVisible(bool(self.wanted) and not shown)

    def _edited(self, text: str) -> None:
        if looks_like_a_secret(text):
            # Without a way back: undoing would bring it back.
            self.empty()
            self._say(FORGOTTEN)
        else:
            self.changed.emit(self.wanted)

    def _say(self, words: Sentence) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.edit.setAccessibleDescription(tr(words))


def _result_words(wanted: str, shown: int, total: int) -> Sentence:
    if not wanted:
        return say("")
    if not shown:
        return say("No key matches “{wanted}”.", wanted=wanted)
    return say("{shown} of {total} keys are shown.", shown=shown, total=total)
