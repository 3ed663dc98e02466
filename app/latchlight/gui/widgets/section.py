"""A framed group with a heading."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel


class Section(Panel):
    """Heading, an optional line under it, and what is added."""

    def __init__(self, title: str = "", intro: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.column.setSpacing(GRID * 3 // 2)
        if title:
            self.setAccessibleName(tr(title))
            self.column.addWidget(PlainLabel(title, TextRole.HEADING))
        if intro:
            self.column.addWidget(PlainLabel(intro, ink="muted"))

    def add(self, *widgets: QWidget) -> None:
        """Put widgets below what is there."""
        for widget in widgets:
            self.column.addWidget(widget)

    def add_row(self, row: QLayout) -> None:
        """Put a layout below what is there."""
        self.column.addLayout(row)
