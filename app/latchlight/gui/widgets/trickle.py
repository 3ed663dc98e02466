"""A column that is put together over several turns of the event loop, so that no turn takes long."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.gui.theme import GRID

_TURN_SECONDS = 0.002


class TrickleColumn(QWidget):
    """Calls the makers one after another, from top to bottom, a few milliseconds per turn."""

    def __init__(
        self,
        makers: Iterable[Callable[[], QWidget]],
        *,
        spacing: int = GRID,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._waiting = deque(makers)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(spacing)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    @property
    def complete(self) -> bool:
        """Whether everything is there."""
        return not self._waiting

    def complete_now(self) -> None:
        """Make the rest at once."""
        while self._waiting:
            self._make_one()
        self._timer.stop()

    def _turn(self) -> None:
        end = time.perf_counter() + _TURN_SECONDS
        while self._waiting and time.perf_counter() < end:
            self._make_one()
        if not self._waiting:
            self._timer.stop()

    def _make_one(self) -> None:
        self._layout.addWidget(self._waiting.popleft()())
