"""The window's part of `doctor --selftest`: practice, drawn until its lights are told, then closed. Needs no screen."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QWidget

from latchlight.gui import theme
from latchlight.gui.main_window import MainWindow
from latchlight.gui.session import Session
from latchlight.gui.workspace import Workspace

PASSED, LATE, BLANK, WRONG_LIGHT = 0, 1, 2, 3
"""How the process ends: a windowed program on Windows can say nothing else."""
_LOOK_MS, _LONGEST_MS = 50, 100_000
_GRID = 60
_FEWEST_COLOURS = 8


class Selftest(QObject):
    """Waits until every practice key has been checked, or until that has taken too long."""

    ended = Signal(int)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._ticks = QTimer(self, interval=_LOOK_MS)
        self._ticks.timeout.connect(self._look)
        self._ticks.start()
        QTimer.singleShot(_LONGEST_MS, self, lambda: self._end(LATE))

    def _look(self) -> None:
        shown = self._window.findChild(Workspace)
        if shown is None or shown.session.world is None or shown.session.running:
            return
        session = shown.session
        if session.rows and all(row.report is not None for row in session.rows):
            self._end(verdict(session, self._window))

    def _end(self, code: int) -> None:
        self._ticks.stop()
        self.ended.emit(code)


def verdict(session: Session, window: QWidget) -> int:
    """PASSED if every light is the one that belongs to its practice key and the window shows a picture."""
    keys = session.world.keys if session.world is not None else []
    told = [None if row.report is None else row.report.light for row in session.rows]
    if not keys or told != [key.expected_light for key in keys]:
        return WRONG_LIGHT
    return PASSED if is_drawn(window) else BLANK


def is_drawn(window: QWidget) -> bool:
    """Whether there are letters to draw with, an icon, and a picture of more than a few colours."""
    image = window.grab().toImage()
    colours = {
        image.pixel(image.width() * x // _GRID, image.height() * y // _GRID)
        for x in range(_GRID)
        for y in range(_GRID)
    }
    letters = bool(QFontDatabase.families())
    return letters and not theme.app_icon().isNull() and len(colours) >= _FEWEST_COLOURS
