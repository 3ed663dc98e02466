"""Buttons of three weights, each with its accessible name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget


def button(
    text: str,
    on_click: Callable[[], object],
    *,
    kind: str = "",
    name: str = "",
    tip: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button. `kind` is "", "primary", "quiet" or "danger"; `name` is for screen readers.

    `&` in the text is shown as it is: texts here may hold labels that users typed.
    """
    made = QPushButton(text.replace("&", "&&"), parent)
    made.setAccessibleName(name or text)
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind:
        made.setProperty("kind", kind)
    if tip:
        made.setToolTip(tip)
    made.clicked.connect(lambda _checked=False: on_click())
    return made
