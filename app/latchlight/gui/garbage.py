"""Garbage is collected in the window's own thread and nowhere else.

Python collects reference cycles in whatever thread happens to allocate next, and destroys there what it finds. A Qt
object must not be destroyed by a worker: <https://doc.qt.io/qt-6/threads-qobject.html> calls that unsafe.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

PERIOD_MS = 250
_MIDDLE_EVERY = 10
"""Of how many collections of the young one also takes the middle generation."""
_OLD_EVERY = 100
"""Of how many one takes everything."""


class GarbageCollector(QObject):
    """From its making until `stop`, collections happen in the thread of this object, between two events."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._youngest = gc.get_threshold()[0] or 700
        self._rounds = 0
        self._timer = QTimer(self, interval=PERIOD_MS)
        self._timer.timeout.connect(self.look)
        gc.disable()
        self._timer.start()

    def look(self) -> None:
        """Collect as Python itself would have: only where enough was made since the last time."""
        if gc.get_count()[0] < self._youngest:
            return
        self._rounds += 1
        if self._rounds % _OLD_EVERY == 0:
            gc.collect()
        else:
            gc.collect(1 if self._rounds % _MIDDLE_EVERY == 0 else 0)

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()


def overlook_what_is_there() -> None:
    """For good: what exists now (modules, mostly) makes no later collection longer."""
    gc.freeze()
