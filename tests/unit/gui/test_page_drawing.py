"""The drawing of a part of an exchange's page: complete, readable, and nothing but text in its text."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest

from latchlight.core.fixes import (
    DrawnControl,
    DrawnKind,
    DrawnPart,
    Fix,
    FixKind,
    drawing,
    with_boxes,
)
from latchlight.core.languages import ENGLISH, Language
from latchlight.core.sentences import PageLabel
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.gui.page_drawing import (
    OTHERS_STAY,
    PageDrawing,
    Pen,
    Piece,
    PieceKind,
    draw,
    drawing_words,
)
from latchlight.gui.tokens import DARK, LIGHT, Tokens, contrast

ALL = tuple(EXCHANGES.values())
KINDS = (FixKind.LIST, FixKind.RIGHTS, FixKind.NEW_KEY)
CHINESE = Language("zh_Hans", "", {"no tick here": "不要勾选", "type here": "在此输入"})
ADDRESSES = ("203.0.113.7", "2001:db8:1234:5678:9abc:def0:1234:5678")


def pen(
    tokens: Tokens = LIGHT, language: Language = ENGLISH, width: float = 420, size: float = 14
) -> Pen:
    return Pen(tokens, language, size, width)


def fix_of(spec: ExchangeSpec, kind: FixKind) -> Fix:
    """One of this kind, with the last right of the page where it is about rights."""
    fix = next(f for f in spec.traits.fixes.values() if f.kind is kind)
    if kind is not FixKind.RIGHTS:
        return fix
    key, label = list(spec.traits.guide.labels.items())[-1]
    return with_boxes(fix, (DrawnControl(key, DrawnKind.BOX, label),))


def drawn(spec: ExchangeSpec, kind: FixKind, with_pen: Pen) -> PageDrawing:
    fix = fix_of(spec, kind)
    return draw(drawing(fix, spec.traits.guide), fix.highlight, ADDRESSES, with_pen)


def inside(piece: Piece, other: Piece | PageDrawing) -> bool:
    x, y = (other.x, other.y) if isinstance(other, Piece) else (0.0, 0.0)
    return (
        piece.x >= x - 0.01
        and piece.y >= y - 0.01
        and piece.x + piece.width <= x + other.width + 0.01
        and piece.y + piece.height <= y + other.height + 0.01
    )


def overlap(one: Piece, other: Piece) -> bool:
    return (
        one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    )


def of_kind(found: PageDrawing, kind: PieceKind) -> list[Piece]:
    return [piece for piece in found.pieces if piece.kind is kind]


def check_places(found: PageDrawing) -> None:
    """Nothing leaves the canvas, no line of text lies on another, and no two rings touch."""
    assert all(inside(piece, found) for piece in found.pieces)
    for kind in (PieceKind.TEXT, PieceKind.RING):
        for one, other in combinations(of_kind(found, kind), 2):
            assert not overlap(one, other), (one.text, other.text)
    rings = of_kind(found, PieceKind.RING)
    for text in of_kind(found, PieceKind.TEXT):
        for ring in rings:
            assert inside(text, ring) or not overlap(text, ring), text.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.id)
def test_every_part_of_every_exchange_is_drawn_within_its_frame(
    spec: ExchangeSpec, kind: FixKind
) -> None:
    for tokens in (LIGHT, DARK):
        for language in (ENGLISH, CHINESE):
            for width in (230, 420):
                found = drawn(spec, kind, pen(tokens, language, width))
                check_places(found)
                assert of_kind(found, PieceKind.RING)
                assert ElementTree.fromstring(found.svg).tag.endswith("svg")  # noqa: S314 - made here


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.id)
def test_every_label_is_there_to_be_read(spec: ExchangeSpec) -> None:
    for kind in KINDS:
        fix = fix_of(spec, kind)
        found = drawn(spec, kind, pen())
        read = " ".join(p.text for p in of_kind(found, PieceKind.TEXT))
        for part in drawing(fix, spec.traits.guide):
            for label in (part.heading, *(c.label for c in part.controls)):
                assert str(label) in read


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_every_text_can_be_read_on_whatever_it_stands(tokens: Tokens) -> None:
    for spec in ALL:
        for kind in KINDS:
            found = drawn(spec, kind, pen(tokens))
            for piece in of_kind(found, PieceKind.TEXT):
                on_ring = any(inside(piece, r) for r in of_kind(found, PieceKind.RING))
                grounds = (tokens.surface, tokens.selected) if on_ring else (tokens.surface,)
                assert min(contrast(piece.ink, g) for g in grounds) >= 4.5, piece.text
    assert contrast(tokens.control, tokens.surface) >= 3
    assert contrast(tokens.accent, tokens.selected) >= 3


def part(*controls: DrawnControl) -> DrawnPart:
    return DrawnPart(PageLabel.of("Rights"), controls)


def box(key: str, label: str, *, on: bool = False) -> DrawnControl:
    return DrawnControl(key, DrawnKind.BOX, PageLabel.of(label), on)


def test_text_cannot_break_out_of_the_drawing() -> None:
    hostile = '"/><script>alert(1)</script>&<text x="0'
    found = draw([part(box("a", hostile))], ["a"], (hostile,), pen())
    root = ElementTree.fromstring(found.svg)  # noqa: S314 - made here
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert tags <= {"svg", "rect", "circle", "line", "polyline", "text"}
    family = Pen(LIGHT, ENGLISH, 14, 400, family='"><image href="https://example.org"/>')
    ElementTree.fromstring(draw([part(box("a", "A"))], ["a"], (), family).svg)  # noqa: S314


def test_a_box_to_use_shows_how_it_should_stand_and_the_others_show_no_state() -> None:
    ticked, other = box("a", "A", on=True), box("b", "B", on=True)
    svg = draw([part(ticked, other)], ["a"], (), pen()).svg
    assert svg.count("<polyline") == 1
    assert svg.count("stroke-dasharray") == 1
    assert draw([part(box("a", "A"))], ["a"], (), pen()).svg.count("<polyline") == 0


def test_what_is_drawn_is_said_in_the_same_words() -> None:
    parts = [
        DrawnPart(
            PageLabel.of("List"),
            (
                DrawnControl("anywhere", DrawnKind.RADIO, PageLabel.of("Anywhere")),
                DrawnControl("list", DrawnKind.RADIO, PageLabel.of("Trusted only"), on=True),
                DrawnControl("addresses", DrawnKind.FIELD, PageLabel.of("Addresses")),
                DrawnControl("save", DrawnKind.BUTTON, PageLabel.of("Save")),
            ),
        ),
        part(box("a", "Read"), box("b", "Withdraw")),
    ]
    assert drawing_words(parts, ("list", "addresses", "b"), ("203.0.113.7",)) == (
        "Under “List”: “Anywhere”, not chosen. “Trusted only”, chosen, marked as the one to use. "
        "“Addresses”, a field with 203.0.113.7, marked as the one to use. “Save”, a button. "
        "Under “Rights”: “Read”, stays as it is. “Withdraw”, without a tick, marked as the one to "
        f"use. {OTHERS_STAY}"
    )


def test_an_unknown_address_is_not_made_up() -> None:
    field = DrawnControl("addresses", DrawnKind.FIELD, PageLabel.of("Addresses"))
    found = draw([part(field)], ["addresses"], (), pen())
    assert "the bot's address" in [piece.text for piece in found.pieces]


def test_long_labels_wrap_and_many_addresses_are_counted() -> None:
    long = "Restrict access to trusted IPs only " * 6 + "W" * 90
    many = tuple(f"203.0.113.{n}" for n in range(9))
    field = DrawnControl("addresses", DrawnKind.FIELD, PageLabel.of(long))
    found = draw([part(box("a", long), field)], ["addresses"], many, pen(width=230))
    check_places(found)
    assert "and 6 more" in [piece.text for piece in found.pieces]


def test_chinese_labels_take_their_double_width() -> None:
    label = PageLabel.of("Enable Reading", "允许读取现货及杠杆交易限制只对受信任的访问")
    control = DrawnControl("a", DrawnKind.BOX, label)
    found = draw([part(control)], ["a"], (), pen(language=CHINESE, width=230))
    check_places(found)
    assert len(of_kind(found, PieceKind.TEXT)) > 3
