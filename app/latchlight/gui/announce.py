"""Telling a screen reader what changed elsewhere on the page than where the keyboard is."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from latchlight.gui.tongue import tr


def announce(widget: QWidget, text: str) -> None:
    """Have this said once, politely; older versions of Qt have no such event and say nothing."""
    if not QAccessible.isActive() or not text:
        return
    try:
        from PySide6.QtGui import QAccessibleAnnouncementEvent
    except ImportError:
        return
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, tr(text)))
