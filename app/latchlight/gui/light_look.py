"""What a light looks like and what it is called: one table for badge, list, launch bar and screen reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from latchlight.core.findings import LIGHT_WORDS, Light
from latchlight.core.sentences import Sentence, say


class Shape(Enum):
    """The outline of a light: tells the four apart without colour."""

    TICK_IN_CIRCLE = auto()
    TRIANGLE = auto()
    OCTAGON = auto()
    RING_WITH_QUESTION = auto()


@dataclass(frozen=True)
class LightLook:
    """Word, shape, and the names of the colours in `Tokens`."""

    word: Sentence
    shape: Shape
    ink: str
    ground: str


LOOKS: Mapping[Light, LightLook] = MappingProxyType(
    {
        Light.GREEN: LightLook(
            LIGHT_WORDS[Light.GREEN], Shape.TICK_IN_CIRCLE, "green", "green_soft"
        ),
        Light.AMBER: LightLook(LIGHT_WORDS[Light.AMBER], Shape.TRIANGLE, "amber", "amber_soft"),
        Light.RED: LightLook(LIGHT_WORDS[Light.RED], Shape.OCTAGON, "red", "red_soft"),
        Light.GREY: LightLook(
            LIGHT_WORDS[Light.GREY], Shape.RING_WITH_QUESTION, "grey", "grey_soft"
        ),
    }
)


@dataclass(frozen=True)
class Verdict:
    """What is shown at one place: the light, and whether it is only practice."""

    light: Light = Light.GREY
    practice: bool = False

    @property
    def look(self) -> LightLook:
        """Shape and colours."""
        return LOOKS[self.light]

    @property
    def text(self) -> Sentence:
        """The word beside the shape; screen readers say the same."""
        if self.practice:
            return say("{word} · practice", word=self.look.word)
        return self.look.word
