"""The window beside the browser: narrow, at the right edge of the screen, and back again."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRect, QSize, QTimer
from PySide6.QtWidgets import QWidget

FIT = "fit-for-narrow"
"""Property of pages that may stand in a narrow window."""
_SHARE = 0.4
"""Of the screen's width."""
_NARROWEST = 420
_LETTERS = 30
"""Narrowest window in units of the font's size, where that is more: buttons do not wrap."""


def is_fit(page: QWidget | None) -> bool:
    """Whether a page says everything itself that is needed beside a browser."""
    return page is not None and page.property(FIT) is True


class Beside(QObject):
    """One per window, whatever fills it: find it with `of`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("latchlight-beside")
        self._window = window
        self._smallest: QSize | None = None
        """The window's own limit, while a narrower one is allowed."""
        self._before: QByteArray | None = None
        self._page: QWidget | None = None
        """For which it may be narrow."""

    @staticmethod
    def of(window: QWidget) -> Beside:
        """The one of this window."""
        for child in window.children():
            if isinstance(child, Beside):
                return child
        return Beside(window)

    @property
    def is_beside(self) -> bool:
        """Whether the window stands beside the browser now."""
        return self._before is not None

    def allow(self, page: QWidget) -> None:
        """This page is shown, and fit for a narrow window."""
        self._page = page
        if self._smallest is None:
            self._smallest = self._window.minimumSize()
            wanted = max(_NARROWEST, self._window.fontInfo().pixelSize() * _LETTERS)
            self._window.setMinimumWidth(min(wanted, self._smallest.width()))

    def put(self) -> None:
        """Move to the right edge of the screen. Where a desktop does not let windows move, get narrow."""
        if self._before is not None:
            return
        self._before = self._window.saveGeometry()
        self._window.showNormal()
        self._window.setGeometry(self._place())

    def turn(self) -> None:
        """There, or back."""
        if self.is_beside:
            self.go_back()
        else:
            self.put()

    def go_back(self) -> None:
        """As it stood before."""
        if self._before is not None:
            self._window.restoreGeometry(self._before)
            self._before = None

    def leave(self, page: QWidget) -> None:
        """This page is gone. Unless another one follows at once, the window goes back to full size."""
        if self._page is page:
            self._page = None
            QTimer.singleShot(0, self, self._widen)

    def _widen(self) -> None:
        """As it stood before, and as wide as other pages need it."""
        if self._page is not None:
            return
        if self._smallest is not None:
            self._window.setMinimumWidth(self._smallest.width())
            self._smallest = None
        self.go_back()

    def _place(self) -> QRect:
        """Inside of the frame that the desktop draws around the window."""
        window, room = self._window, self._window.screen().availableGeometry()
        outer, inner = window.frameGeometry(), window.geometry()
        left, right = inner.left() - outer.left(), outer.right() - inner.right()
        top, bottom = inner.top() - outer.top(), outer.bottom() - inner.bottom()
        least = window.minimumWidth() + left + right
        wide = min(room.width(), max(round(room.width() * _SHARE), least))
        outside = QRect(room.right() + 1 - wide, room.top(), wide, room.height())
        return outside.adjusted(left, top, -right, -bottom)
