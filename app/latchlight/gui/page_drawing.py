"""Our own drawing of a part of an exchange's page, as SVG and in words. Qt-free.

A calm frame with the labels of the page and nothing of its looks: what is to be used is ringed, how
it should stand at the end is drawn and said, and the rest is quiet.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from latchlight.core.fixes import DrawnControl, DrawnKind, DrawnPart, quoted_label
from latchlight.core.languages import Language
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.wrapping import columns, wrapped
from latchlight.gui.tokens import Tokens

_COLUMN = 0.58
"""Width of one column of text in units of the font's size: more than letters take on average."""
_LINE = 1.4
_MOST_ADDRESSES = 3
OTHERS_STAY = say("Leave the other boxes as they are.")


class PieceKind(Enum):
    """What a piece is, for those who check the drawing."""

    FRAME = "frame"
    RING = "ring"
    SHAPE = "shape"
    TEXT = "text"


@dataclass(frozen=True)
class Piece:
    """One thing on the canvas: where it is, in pixels, and its SVG."""

    kind: PieceKind
    x: float
    y: float
    width: float
    height: float
    svg: str
    text: str = ""
    ink: str = ""
    """Colour of a text."""


@dataclass(frozen=True)
class PageDrawing:
    """All pieces, what lies below first."""

    width: float
    height: float
    pieces: tuple[Piece, ...]

    @property
    def svg(self) -> str:
        """The document, of exactly the size of the canvas."""
        size = f"{self.width:.2f} {self.height:.2f}"
        width, height = size.split()
        body = "".join(piece.svg for piece in self.pieces)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {size}">{body}</svg>'
        )


@dataclass(frozen=True)
class Pen:
    """With what is drawn. `size`: pixels of ordinary text; `width`: pixels that the drawing may take."""

    tokens: Tokens
    language: Language
    size: float
    width: float
    family: str = "sans-serif"


def draw(
    parts: Sequence[DrawnPart], highlight: Sequence[str], addresses: Sequence[str], pen: Pen
) -> PageDrawing:
    """The parts below each other in one frame. `highlight`: keys of the controls to use.

    `addresses`: what is typed into the field for them, a line each; empty where it is not known.
    """
    board = _Board(pen, frozenset(highlight), tuple(addresses))
    for number, part in enumerate(parts):
        board.part(part, divided=number > 0)
    return board.finished()


def state_words(control: DrawnControl, *, ringed: bool) -> Sentence | None:
    """How a control to use should stand at the end; None where nothing is to be said."""
    if not ringed:
        return None
    match control.kind:
        case DrawnKind.RADIO:
            return say("choose this one") if control.on else say("not this one")
        case DrawnKind.BOX:
            return say("with a tick") if control.on else say("no tick here")
        case DrawnKind.FIELD:
            return say("type here")
        case DrawnKind.BUTTON:
            return say("press this")
        case _:
            assert_never(control.kind)


def drawing_words(
    parts: Sequence[DrawnPart], highlight: Sequence[str], addresses: Sequence[str]
) -> Sentence:
    """The same as the drawing shows, for those who do not see it."""
    said: list[Sentence] = []
    for part in parts:
        said.append(say("Under {heading}:", heading=quoted_label(part.heading)))
        said += [_spoken(c, c.key in highlight, addresses) for c in part.controls]
        if _some_boxes(part, highlight):
            said.append(OTHERS_STAY)
    return series(said, " ")


def _some_boxes(part: DrawnPart, highlight: Container[str]) -> bool:
    """Whether some of the part's boxes are to be used and others are not."""
    ringed = {c.key in highlight for c in part.controls if c.kind is DrawnKind.BOX}
    return len(ringed) > 1


def _spoken(control: DrawnControl, ringed: bool, addresses: Sequence[str]) -> Sentence:
    label = quoted_label(control.label)
    match control.kind:
        case DrawnKind.RADIO:
            state = say("chosen") if control.on else say("not chosen")
        case DrawnKind.BOX if not ringed:
            state = say("stays as it is")
        case DrawnKind.BOX:
            state = say("with a tick") if control.on else say("without a tick")
        case DrawnKind.FIELD:
            shown = series(addresses) if addresses else say("the bot's address")
            state = say("a field with {text}", text=shown)
        case DrawnKind.BUTTON:
            state = say("a button")
        case _:
            assert_never(control.kind)
    if ringed:
        return say("{label}, {state}, marked as the one to use.", label=label, state=state)
    return say("{label}, {state}.", label=label, state=state)


class _Board:
    """Puts pieces from top to bottom."""

    def __init__(self, pen: Pen, highlight: frozenset[str], addresses: tuple[str, ...]) -> None:
        self._pen, self._highlight, self._addresses = pen, highlight, addresses
        self._em = pen.size
        self._left = self._em * 1.4
        self._room = pen.width - 2 * self._left
        self._pieces: list[Piece] = []
        self._y = self._em * 2.6
        """Below the bar of the frame."""

    def finished(self) -> PageDrawing:
        """With the frame around everything."""
        height = self._y + self._em * 0.4
        return PageDrawing(self._pen.width, height, (*self._frame(height), *self._pieces))

    def part(self, part: DrawnPart, *, divided: bool) -> None:
        """Heading and controls."""
        if divided:
            y = self._y + self._em * 0.2
            line = _line(0, y, self._pen.width, y, self._pen.tokens.border)
            self._put(PieceKind.SHAPE, 0, y, self._pen.width, 1, line)
            self._y += self._em * 1.4
        heading = self._pen.language.of(part.heading)
        self._lines(heading, self._left, self._room, self._pen.tokens.text, bold=True)
        self._y += self._em * 0.9
        for control in part.controls:
            self._control(control)
        if _some_boxes(part, self._highlight):
            words = self._pen.language.of(OTHERS_STAY)
            self._lines(words, self._left, self._room, self._pen.tokens.muted, small=True)
            self._y += self._em * 0.6

    def _control(self, control: DrawnControl) -> None:
        em, ringed, top = self._em, control.key in self._highlight, self._y
        before = len(self._pieces)
        makers: dict[DrawnKind, Callable[[DrawnControl, bool], None]] = {
            DrawnKind.RADIO: self._marked,
            DrawnKind.BOX: self._marked,
            DrawnKind.FIELD: self._field,
            DrawnKind.BUTTON: self._button,
        }
        makers[control.kind](control, ringed)
        state = state_words(control, ringed=ringed)
        if state is not None:
            self._y += em * 0.1
            indent = em * 1.8 if control.kind in (DrawnKind.RADIO, DrawnKind.BOX) else 0.0
            words, ink = self._pen.language.of(state), self._pen.tokens.accent
            self._lines(words, self._left + indent, self._room - indent, ink, small=True)
        if ringed:
            self._pieces.insert(before, self._ring(top))
        self._y += em * (1.4 if ringed else 1.1)

    def _ring(self, top: float) -> Piece:
        gap, t = self._em * 0.5, self._pen.tokens
        x, y = self._left - gap, top - gap
        width, height = self._room + 2 * gap, self._y - top + 2 * gap
        svg = _rect(x, y, width, height, self._em * 0.5, t.selected, t.accent, 2)
        return Piece(PieceKind.RING, x, y, width, height, svg)

    def _marked(self, control: DrawnControl, ringed: bool) -> None:
        """A round or a square mark with its label. A box that is not to be used shows no state."""
        em, t = self._em, self._pen.tokens
        side, y = em, self._y + em * 0.2
        ink = t.accent if ringed else t.control
        if control.kind is DrawnKind.RADIO:
            r = side / 2
            svg = _circle(self._left + r, y + r, r - 1, t.surface, ink)
            if control.on:
                svg += _circle(self._left + r, y + r, r / 2, ink, ink)
        else:
            dash = "" if ringed else f"{em * 0.12:.2f}"
            svg = _rect(
                self._left + 1, y + 1, side - 2, side - 2, em * 0.15, t.surface, ink, 1.5, dash
            )
            if control.on and ringed:
                svg += _tick(self._left, y, side, ink)
        self._put(PieceKind.SHAPE, self._left, y, side, side, svg)
        indent = em * 1.8
        self._label(control, self._left + indent, self._room - indent, ringed)

    def _label(self, control: DrawnControl, x: float, room: float, ringed: bool) -> None:
        t = self._pen.tokens
        ink = t.text if ringed else t.muted
        self._lines(self._pen.language.of(control.label), x, room, ink)

    def _field(self, control: DrawnControl, ringed: bool) -> None:
        em, t = self._em, self._pen.tokens
        self._label(control, self._left, self._room, ringed)
        self._y += em * 0.3
        top, before = self._y, len(self._pieces)
        self._y += em * 0.4
        for line in self._typed():
            ink = t.text if ringed and self._addresses else t.muted
            self._lines(line, self._left + em * 0.6, self._room - em * 1.2, ink)
        self._y += em * 0.4
        height = self._y - top
        edge = t.accent if ringed else t.control
        svg = _rect(self._left, top, self._room, height, em * 0.35, t.surface, edge, 1)
        field = Piece(PieceKind.SHAPE, self._left, top, self._room, height, svg)
        self._pieces.insert(before, field)
        self._y += em * 0.1

    def _typed(self) -> list[str]:
        """What stands in the field."""
        if not self._addresses:
            return [self._pen.language.of(say("the bot's address"))]
        more = len(self._addresses) - _MOST_ADDRESSES
        shown = list(self._addresses[:_MOST_ADDRESSES])
        if more > 0:
            shown.append(self._pen.language.of(say("and {n} more", n=more)))
        return shown

    def _button(self, control: DrawnControl, ringed: bool) -> None:
        em, t = self._em, self._pen.tokens
        top, before = self._y, len(self._pieces)
        self._y += em * 0.4
        room = self._room - em * 2
        label = self._pen.language.of(control.label)
        wide = max(self._width(line) for line in self._wrapped(label, room)) + em * 2
        self._label(control, self._left + em, room, ringed)
        self._y += em * 0.4
        height = self._y - top
        edge = t.accent if ringed else t.control
        svg = _rect(self._left, top, wide, height, em * 0.4, t.surface, edge, 1)
        self._pieces.insert(before, Piece(PieceKind.SHAPE, self._left, top, wide, height, svg))

    def _lines(
        self, text: str, x: float, room: float, ink: str, *, bold: bool = False, small: bool = False
    ) -> None:
        size = self._em * (0.92 if small else 1.0)
        for line in self._wrapped(text, room):
            height = size * _LINE
            svg = self._text(line, x, self._y + size * 1.05, size, ink, bold)
            piece = Piece(PieceKind.TEXT, x, self._y, self._width(line), height, svg, line, ink)
            self._pieces.append(piece)
            self._y += height

    def _wrapped(self, text: str, room: float) -> list[str]:
        return wrapped(text, max(4, int(room / (self._em * _COLUMN))))

    def _width(self, line: str) -> float:
        return columns(line) * self._em * _COLUMN

    def _text(self, line: str, x: float, y: float, size: float, ink: str, bold: bool) -> str:
        weight = "600" if bold else "400"
        return (
            f'<text x="{x:.2f}" y="{y:.2f}" font-family="{html.escape(self._pen.family)}" '
            f'font-size="{size:.2f}" font-weight="{weight}" fill="{ink}">{html.escape(line)}</text>'
        )

    def _put(
        self, kind: PieceKind, x: float, y: float, width: float, height: float, svg: str
    ) -> None:
        self._pieces.append(Piece(kind, x, y, width, height, svg))

    def _frame(self, height: float) -> tuple[Piece, ...]:
        """A window of no browser in particular."""
        em, t, width = self._em, self._pen.tokens, self._pen.width
        bar = em * 1.5
        outer = _rect(0.5, 0.5, width - 1, height - 1, em * 0.6, t.surface, t.control, 1)
        dots = "".join(
            _circle(em * (1.1 + 0.9 * n), bar / 2, em * 0.25, t.border, t.border) for n in range(3)
        )
        pill = _rect(
            em * 4.2, em * 0.4, width - em * 5.4, em * 0.7, em * 0.35, t.sunken, t.sunken, 1
        )
        under = _line(0.5, bar, width - 0.5, bar, t.border)
        return (Piece(PieceKind.FRAME, 0, 0, width, height, outer + dots + pill + under),)


def _rect(
    x: float,
    y: float,
    width: float,
    height: float,
    radius: float,
    fill: str,
    edge: str,
    line: float,
    dash: str = "",
) -> str:
    dashes = f'stroke-dasharray="{dash}" ' if dash else ""
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" rx="{radius:.2f}" '
        f'fill="{fill}" stroke="{edge}" {dashes}stroke-width="{line}"/>'
    )


def _circle(x: float, y: float, radius: float, fill: str, edge: str) -> str:
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{fill}" stroke="{edge}" '
        'stroke-width="1.5"/>'
    )


def _line(x: float, y: float, to_x: float, to_y: float, ink: str) -> str:
    return (
        f'<line x1="{x:.2f}" y1="{y:.2f}" x2="{to_x:.2f}" y2="{to_y:.2f}" stroke="{ink}" '
        'stroke-width="1"/>'
    )


def _tick(x: float, y: float, side: float, ink: str) -> str:
    points = " ".join(
        f"{x + side * a:.2f},{y + side * b:.2f}"
        for a, b in ((0.24, 0.52), (0.43, 0.70), (0.77, 0.3))
    )
    return f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="2"/>'
