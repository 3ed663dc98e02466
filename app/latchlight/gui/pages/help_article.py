"""One article of the help as widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.panel import Panel, column
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.text_link import TextLink
from latchlight.gui.widgets.trickle import TrickleColumn
from latchlight.help.article import Article, Block, Claim, Para, Part, Points


class ArticleView(QWidget):
    """Title, text, and what to read next. Long ones appear over several turns."""

    def __init__(
        self,
        shown: Article,
        next_ones: Sequence[Article],
        open_article: Callable[[str], None],
        open_contents: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(shown.title))
        self.contents_button = button(
            say("All help"), open_contents, kind="quiet", name=say("All articles of the help")
        )
        makers = [partial(_widget, block) for block in shown.blocks]
        if next_ones:
            makers.append(partial(_next, next_ones, open_article))
        self.body = TrickleColumn(makers, spacing=GRID * 3 // 2)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GRID * 2)
        lines.addWidget(self.contents_button, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(PlainLabel(shown.title, TextRole.TITLE, selectable=True))
        lines.addWidget(self.body)


def _widget(block: Block) -> QWidget:
    match block:
        case Para(text, muted):
            return PlainLabel(text, ink="muted" if muted else "", selectable=True)
        case Points(lines):
            return bulleted(lines)
        case Part(title):
            return PlainLabel(title, TextRole.HEADING)
        case Claim():
            return _claim(block)
        case _:
            assert_never(block)


def _claim(block: Claim) -> QWidget:
    card = Panel()
    card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    card.setAccessibleName(tr(block.claim))
    for label in (
        PlainLabel(say("You may read: {claim}", claim=block.claim), ink="muted", selectable=True),
        PlainLabel(block.truth, TextRole.STRONG, selectable=True),
        PlainLabel(block.source, TextRole.SMALL, ink="muted", selectable=True),
    ):
        card.column.addWidget(label)
    return card


def _next(next_ones: Sequence[Article], open_article: Callable[[str], None]) -> QWidget:
    links = [TextLink(each.title, partial(open_article, each.id)) for each in next_ones]
    return column(PlainLabel(say("Read next"), TextRole.HEADING), *links, spacing=GRID // 2)
