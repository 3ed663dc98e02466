"""How a light is made green, step by step, with what the steps need at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from latchlight.core.fixes import Fix
from latchlight.core.sentences import say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import CopyButton, button
from latchlight.gui.widgets.numbered import numbered
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow


@dataclass(frozen=True)
class FixTools:
    """What a fix may offer besides its steps."""

    address: Callable[[], str]
    """The public IP as text; empty while it is not known."""
    open_page: Callable[[str], None]
    page_caption: str
    check_again: Callable[[], None]
    practice: bool = False


def fix_steps(fix: Fix, tools: FixTools) -> QWidget:
    """The steps in a quiet panel."""
    card = Panel("quote")
    card.column.setSpacing(GRID)
    card.column.addWidget(PlainLabel(fix.title, TextRole.STRONG))
    if tools.practice:
        words = say(
            "In practice you do this on the practice page instead of the exchange's own. Nothing real is touched."
        )
        card.column.addWidget(PlainLabel(words, ink="practice"))
    card.column.addWidget(numbered(fix.steps))
    row = TurningRow()
    if fix.page is not None:
        page = fix.page
        row.add(button(tools.page_caption, lambda: tools.open_page(page)))
    if tools.address() and fix.page is not None:
        row.add(CopyButton(say("Copy my IP"), say("Copy my public IP"), tools.address))
    row.add(button(say("I have done it: check again"), tools.check_again))
    card.column.addWidget(row)
    return card
