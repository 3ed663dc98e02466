"""The keyboard stays where it was: a button that rests for a while gets it back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

_REASON = Qt.FocusReason.OtherFocusReason


def has_focus(widget: QWidget) -> bool:
    """Whether the keyboard is on this widget or in it, even while another window is in front."""
    focused = widget.window().focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))


def give_focus(widget: QWidget | None, otherwise: QWidget) -> None:
    """Put the keyboard on the widget if it can be used, else on the other one."""
    usable = widget is not None and widget.isVisible() and widget.isEnabled()
    (widget if usable and widget is not None else otherwise).setFocus(_REASON)


def tab_as_laid_out(root: QWidget) -> None:
    """The Tab key goes from top to bottom: Qt alone would leave what was made later to the end."""
    reached = [each for each in _inside(root) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for before, after in pairwise(reached):
        QWidget.setTabOrder(before, after)


def _inside(widget: QWidget) -> Iterator[QWidget]:
    content = widget.widget() if isinstance(widget, QScrollArea) else None
    layout = content.layout() if content is not None else widget.layout()
    if layout is not None:
        yield from _laid_out(layout)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield widget
            yield from _inside(widget)
        elif (inner := item.layout()) is not None:
            yield from _laid_out(inner)


class FocusKeeper:
    """Enables and disables one widget. Qt would hand the keyboard to whatever comes next."""

    def __init__(self, widget: QWidget, refuge: QWidget) -> None:
        self._widget = widget
        self._refuge = refuge
        self._owed = False

    def set_enabled(self, enabled: bool) -> None:
        """Disabled, the refuge has the keyboard; it comes back unless the user moved it."""
        if not enabled and has_focus(self._widget):
            self._owed = True
            self._refuge.setFocus(_REASON)
        self._widget.setEnabled(enabled)
        if enabled and self._owed:
            self._owed = False
            if has_focus(self._refuge):
                self._widget.setFocus(_REASON)
