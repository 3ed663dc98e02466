"""The field of a filter: Esc empties it, and what looks like a secret is never looked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from latchlight.core.limits import LIMITS
from latchlight.core.sentences import Sentence, say
from latchlight.gui.tongue import tr

FORGOTTEN = say("That looked like a key or a secret. It was not looked for and is forgotten.")
"""Said when something pasted here was dropped."""


class FilterEdit(QLineEdit):
    """Esc empties it, and only then means something else."""

    left = Signal()

    def __init__(self, words: Sentence, tip: str) -> None:
        super().__init__()
        self.setPlaceholderText(tr(words))
        self.setAccessibleName(tr(words))
        self.setToolTip(tr(tip))
        self.setMaxLength(2 * LIMITS.label_characters)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in a filled field."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
