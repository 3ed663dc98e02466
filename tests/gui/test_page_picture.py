"""The drawing on the screen: it fits, follows colours, font and language, and says itself in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from latchlight.core.fixes import FixKind, drawing
from latchlight.core.languages import ENGLISH, Language
from latchlight.exchanges import EXCHANGES
from latchlight.gui import theme, tongue
from latchlight.gui.page_drawing import Pen, PieceKind, draw
from latchlight.gui.theme import Scheme
from latchlight.gui.tokens import DARK, LIGHT
from latchlight.gui.widgets.page_picture import PagePicture

KINDS = (FixKind.LIST, FixKind.RIGHTS, FixKind.NEW_KEY)


@pytest.fixture
def picture(qapp: QApplication, qtbot: QtBot) -> Iterator[PagePicture]:
    made = PagePicture()
    qtbot.addWidget(made)
    made.resize(420, 100)
    guide = EXCHANGES["binance"].traits.guide
    made.show_parts(guide.parts[FixKind.LIST], ("list", "addresses"), ("203.0.113.7",))
    made.show()
    yield made
    tongue.use(ENGLISH)
    theme.apply(qapp, Scheme.LIGHT)


def colours(picture: PagePicture) -> set[str]:
    image = picture.grab().toImage()
    spots = ((x, y) for x in range(0, image.width(), 2) for y in range(image.height()))
    return {QColor(image.pixel(x, y)).name() for x, y in spots}


def test_it_is_as_tall_as_what_is_drawn_and_taller_where_it_is_narrow(picture: PagePicture) -> None:
    wide = picture.height()
    assert wide > 150
    picture.resize(230, wide)
    assert picture.height() > wide


def test_it_follows_light_and_dark(picture: PagePicture, qapp: QApplication) -> None:
    assert {LIGHT.surface, LIGHT.accent, LIGHT.selected} <= colours(picture)
    theme.apply(qapp, Scheme.DARK)
    assert {DARK.surface, DARK.accent, DARK.selected} <= colours(picture)


def test_it_follows_the_size_of_text(picture: PagePicture, qapp: QApplication) -> None:
    before = picture.height()
    theme.apply(qapp, Scheme.LIGHT, 200)
    qapp.processEvents()
    assert picture.height() > before * 1.5


def test_it_follows_the_language_in_drawing_and_words(picture: PagePicture) -> None:
    before = picture.height()
    longer = "选择这一个" * 12
    tongue.use(Language("zh_Hans", "", {"choose this one": longer, "chosen": "已选中"}))
    picture.restyle()
    assert picture.height() > before
    assert "已选中" in picture.accessibleDescription()
    assert "限制只对受信任IP的访问" in picture.accessibleDescription()


def test_what_it_shows_is_said_to_those_who_do_not_see_it(picture: PagePicture) -> None:
    assert picture.accessibleName() == "Drawing of this part of the page"
    said = picture.accessibleDescription()
    assert "“Restrict access to trusted IPs only (Recommended)”, chosen, marked as" in said
    assert "a field with 203.0.113.7, marked as the one to use." in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("exchange", list(EXCHANGES))
def test_every_exchange_is_drawn_and_its_lines_are_no_wider_than_planned(
    qapp: QApplication, exchange: str, scheme: Scheme, kind: FixKind
) -> None:
    guide = EXCHANGES[exchange].traits.guide
    fix = next(f for f in EXCHANGES[exchange].traits.fixes.values() if f.kind is kind)
    tokens = LIGHT if scheme is Scheme.LIGHT else DARK
    font = QFont(qapp.font())
    font.setPixelSize(14)
    pen = Pen(tokens, ENGLISH, 14, 380, font.family())
    found = draw(drawing(fix, guide), fix.highlight, ("203.0.113.7",), pen)
    metrics = QFontMetricsF(font)
    for piece in found.pieces:
        if piece.kind is PieceKind.TEXT:
            assert piece.x + metrics.horizontalAdvance(piece.text) <= found.width, piece.text
    made = PagePicture()
    theme.apply(qapp, scheme)
    made.resize(380, 10)
    made.show_parts(drawing(fix, guide), fix.highlight, ("203.0.113.7",))
    shown = colours(made)
    theme.apply(qapp, Scheme.LIGHT)
    assert tokens.surface in shown
    assert len(shown) > 5
