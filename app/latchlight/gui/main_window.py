"""The frame around everything, drawn before anything else is loaded.

Only the cheapest parts of Qt are used here (its big tables of names are slow to make): the window
stands on the screen at once, and what fills it is put together right after its first paint.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from latchlight.core.sentences import say
from latchlight.gui.tokens import DARK, GRID, LIGHT
from latchlight.gui.tongue import tr

_SMALLEST = (720, 480)
_FIRST_SIZE = (1200, 800)
_FRAME = (16, 48)
"""Room for the border and the title bar that the desktop puts around a window."""
_DARK_BELOW = 128
"""Lightness of the system's window colour, 0 to 255."""


class MainWindow(QMainWindow):
    """Holds the workspace; before there is one, it shows where everything will be."""

    first_painted = Signal()
    """Once, after the first paint: time to load the rest."""
    closing = Signal()
    put_away = Signal()
    """Closed by the user, but kept: watching goes on."""

    def __init__(self) -> None:
        self._filled = False
        self.stays: Callable[[], bool] = lambda: False
        """Asked when the window is closed: whether it is only hidden."""
        super().__init__()
        self.setWindowTitle(tr("Latchlight"))
        self._fit_screen()
        self._skeleton = _Skeleton(self.first_painted.emit)
        self.setCentralWidget(self._skeleton)

    def _fit_screen(self) -> None:
        """Never larger than what the screen has to give, frame and panels of the desktop left out."""
        room = self.screen().availableGeometry()
        wide, high = room.width() - _FRAME[0], room.height() - _FRAME[1]
        smallest = (min(_SMALLEST[0], wide), min(_SMALLEST[1], high))
        self.setMinimumSize(max(1, smallest[0]), max(1, smallest[1]))
        self.resize(min(_FIRST_SIZE[0], wide), min(_FIRST_SIZE[1], high))

    def put_aside(self) -> None:
        """Take what fills the window out, alive and hidden: it belongs to the caller again."""
        self.takeCentralWidget()

    def fill(self, content: QWidget, title: str) -> None:
        """Show this instead of what was there; the old content is destroyed."""
        self._filled = True
        self.setWindowTitle(tr(title))
        self.setCentralWidget(content)
        content.show()  # what was put aside is hidden

    def say_only(self, text: str) -> None:
        """Nothing but one sentence: better than an empty frame."""
        from latchlight.gui.widgets.plain_label import PlainLabel

        label = PlainLabel(text)
        self.fill(label, "Latchlight")

    def changeEvent(self, event: QEvent) -> None:
        """The system's font or the screen changed: everything painted is painted again."""
        super().changeEvent(event)
        kinds = (QEvent.Type.ApplicationFontChange, QEvent.Type.DevicePixelRatioChange)
        if event.type() in kinds and self._filled:
            from latchlight.gui import theme

            theme.restyle_all()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Never waits for a call that is still out."""
        if self.stays():
            event.ignore()
            self.hide()
            self.put_away.emit()
            return
        self.closing.emit()
        super().closeEvent(event)


class _Skeleton(QWidget):
    """The ground of strip, list and checklist. Says nothing and promises nothing: no light, no colour."""

    def __init__(self, on_painted: Callable[[], None]) -> None:
        super().__init__()
        self._on_painted: Callable[[], None] | None = on_painted

    def paintEvent(self, event: QPaintEvent) -> None:
        """Three grounds and two lines."""
        dark = self.palette().window().color().lightness() < _DARK_BELOW
        colours = DARK if dark else LIGHT
        line = self.fontMetrics().height()
        strip = QRect(0, 0, self.width(), 4 * line + 2 * GRID)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.window))
        painter.fillRect(strip, QColor(colours.surface))
        painter.setPen(QColor(colours.border))
        painter.drawLine(0, strip.bottom(), self.width(), strip.bottom())
        painter.setPen(QColor(colours.muted))
        painter.drawText(2 * GRID, GRID + line, tr(say("This computer's public IP")))
        painter.end()
        if self._on_painted is not None:
            QTimer.singleShot(0, self._on_painted)
            self._on_painted = None
