"""The frame that findings, diagnoses and folded-out parts stand in."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from latchlight.gui.theme import GRID


class Panel(QFrame):
    """A rounded frame with a column in it. `panel` names its look in the style sheet."""

    def __init__(self, panel: str = "card", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", panel)
        self.column = QVBoxLayout(self)
        margin = GRID * 2 if panel == "card" else GRID * 3 // 2
        self.column.setContentsMargins(margin, margin - 4, margin, margin - 4)
        self.column.setSpacing(GRID // 2)


def column(*widgets: QWidget, spacing: int = GRID) -> QWidget:
    """Widgets below each other without a frame."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return made
