"""The field that narrows the list of keys down, and what it left."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from latchlight.core.limits import LIMITS
from latchlight.core.sentences import Sentence, say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.words import looks_like_a_secret


class KeyFilter(QWidget):
    """Emits what is looked for; `show_result` says how much of the list that left."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = say("Filter by name or exchange")
        self.edit = _FilterEdit()
        self.edit.setPlaceholderText(tr(words))
        self.edit.setAccessibleName(tr(words))
        self.edit.setToolTip(tr(say("Filter by name, exchange or light (Ctrl+F)")))
        self.edit.setMaxLength(2 * LIMITS.label_characters)
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
            self._say(
                say("That looked like a key or a secret. It was not looked for and is forgotten.")
            )
        else:
            self.changed.emit(self.wanted)

    def _say(self, words: Sentence) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.edit.setAccessibleDescription(tr(words))


class _FilterEdit(QLineEdit):
    """Esc empties it, and only then means something else."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in a filled field."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


def _result_words(wanted: str, shown: int, total: int) -> Sentence:
    if not wanted:
        return say("")
    if not shown:
        return say("No key matches “{wanted}”.", wanted=wanted)
    return say("{shown} of {total} keys are shown.", shown=shown, total=total)
