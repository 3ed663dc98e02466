"""Numbered or marked lines whose text wraps beside the number."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.plain_label import PlainLabel


def numbered(lines: Iterable[str], parent: QWidget | None = None) -> QWidget:
    """`1.`, `2.`, ... as in a recipe."""
    return _marked(((f"{number}.", line) for number, line in enumerate(lines, 1)), parent)


def bulleted(lines: Iterable[str], parent: QWidget | None = None) -> QWidget:
    """The same without an order."""
    return _marked((("–", line) for line in lines), parent)  # noqa: RUF001 - a dash as it is set in print


def _marked(lines: Iterable[tuple[str, str]], parent: QWidget | None) -> QWidget:
    made = QWidget(parent)
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID)
    grid.setVerticalSpacing(GRID // 2)
    grid.setColumnStretch(1, 1)
    for at, (mark, line) in enumerate(lines):
        number = PlainLabel(mark, TextRole.STRONG, ink="muted", wrap=False)
        grid.addWidget(number, at, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        grid.addWidget(PlainLabel(line, selectable=True), at, 1)
    return made
