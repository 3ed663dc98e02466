"""The application object: hears when the whole program is asked to end, not only its window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Says so before windows are asked to close: one that refuses would hold up a log-out."""

    leaving = Signal()

    def event(self, event: QEvent) -> bool:
        """The desktop ends, or the user chose Quit in a menu of the system."""
        if event.type() is QEvent.Type.Quit:
            self.leaving.emit()
        return super().event(event)
