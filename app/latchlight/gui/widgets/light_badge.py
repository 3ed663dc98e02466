"""One light: shape, colour and word, all from one verdict."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QLabel, QWidget

from latchlight.core.findings import Light
from latchlight.gui import theme
from latchlight.gui.light_look import Verdict
from latchlight.gui.light_paint import paint_light
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr


class LightBadge(QLabel):
    """A pill with the shape and the word. Screen readers say the word, in practice too.

    Painted into a picture whenever the verdict changes, so that showing it costs no Python. A steady
    one takes the room of the longest word whatever it says: what stands beside it never moves.
    """

    def __init__(
        self,
        verdict: Verdict | None = None,
        role: TextRole = TextRole.STRONG,
        *,
        steady: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._steady = steady
        self._verdict = verdict or Verdict()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.restyle()

    @property
    def verdict(self) -> Verdict:
        """What is shown now."""
        return self._verdict

    def set_verdict(self, verdict: Verdict) -> None:
        """Show another verdict; word, shape, colour and accessible name change together."""
        if verdict != self._verdict:
            self._verdict = verdict
            self.restyle()

    def restyle(self) -> None:
        """Paint it anew: verdict, font or colours changed. Never narrower than the whole word."""
        size = self.widest(self._verdict.practice) if self._steady else self.size_for(self._verdict)
        # A fixed size that stays the same is what keeps Qt from laying the whole page out again.
        self.setFixedSize(size)
        self.setPixmap(self._picture(size))
        self.setAccessibleName(tr(self._verdict.text))

    def size_for(self, verdict: Verdict) -> QSize:
        """What it would take with another verdict."""
        metrics = QFontMetrics(theme.font(self._role))
        word = metrics.horizontalAdvance(tr(verdict.text))
        return QSize(metrics.height() + word + 3 * GRID, metrics.height() + GRID)

    def widest(self, practice: bool) -> QSize:
        """What it takes at most, whatever it says in the language in force."""
        return max((self.size_for(Verdict(light, practice)) for light in Light), key=QSize.width)

    def _picture(self, size: QSize) -> QPixmap:
        """From Qt's own store of pictures: a list of cards shows the same few again and again."""
        name = self._everything_painted(size)
        known = QPixmap()
        if not QPixmapCache.find(name, known):
            known = self._painted(size)
            QPixmapCache.insert(name, known)
        return known

    def _everything_painted(self, size: QSize) -> str:
        """What the picture is made from; two lights never share one."""
        colours, look = theme.tokens(), self._verdict.look
        inks = (getattr(colours, look.ink), getattr(colours, look.ground), colours.surface)
        font, ratio = theme.font(self._role).key(), self.devicePixelRatioF()
        parts = (look.shape.name, tr(self._verdict.text), *inks, font, ratio, size.toTuple())
        return "\n".join(("badge", *map(str, parts)))

    def _painted(self, size: QSize) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        colours, look = theme.tokens(), self._verdict.look
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(colours, look.ground)))
        box = QRectF(0, 0, size.width(), size.height())
        painter.drawRoundedRect(box, size.height() / 2, size.height() / 2)
        side = size.height() - GRID
        paint_light(painter, QRectF(GRID * 0.75, GRID / 2, side, side), look, colours)
        painter.setPen(QColor(getattr(colours, look.ink)))
        painter.setFont(theme.font(self._role))
        words = box.adjusted(side + GRID * 1.5, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), tr(self._verdict.text))
        painter.end()
        return picture
