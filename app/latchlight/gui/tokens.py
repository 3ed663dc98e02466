"""Colours, spacing and type scale: the only place where the look is written down. Qt-free."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

GRID = 8
"""Every distance is a multiple of this many pixels, or half of it."""


class Scheme(Enum):
    """Which colours the user wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class TextRole(Enum):
    """The type scale: relative size, and whether it is bold. Sizes follow the system's font."""

    TITLE = (1.55, True)
    HEADING = (1.2, True)
    STRONG = (1.0, True)
    BODY = (1.0, False)
    SMALL = (0.92, False)

    @property
    def scale(self) -> float:
        """Size in relation to the system's font."""
        return self.value[0]

    @property
    def bold(self) -> bool:
        """Whether it is set in a heavier weight."""
        return self.value[1]


class Tokens(NamedTuple):
    """One colour scheme, as #rrggbb. Every text colour reaches 4.5:1 on every ground it is used on."""

    window: str
    surface: str
    """Cards and lists."""
    sunken: str
    """Quoted text, code, pressed buttons."""
    hover: str
    border: str
    control: str
    """Outline of buttons and fields: 3:1 on surface and window."""
    text: str
    muted: str
    accent: str
    accent_text: str
    selected: str
    """Ground of the chosen row; ordinary text stays readable on it."""
    green: str
    amber: str
    red: str
    grey: str
    green_soft: str
    amber_soft: str
    red_soft: str
    grey_soft: str
    practice: str
    practice_soft: str


LIGHT = Tokens(
    window="#f4f5f7",
    surface="#ffffff",
    sunken="#eef0f3",
    hover="#e9ecf1",
    border="#d9dde4",
    control="#7d8694",
    text="#1a1e26",
    muted="#535c6a",
    accent="#1f55cc",
    accent_text="#ffffff",
    selected="#e1eafd",
    green="#15703a",
    amber="#855300",
    red="#bb1f2a",
    grey="#555e6c",
    green_soft="#e5f4ea",
    amber_soft="#fdf1d8",
    red_soft="#fde8e8",
    grey_soft="#eceff3",
    practice="#6b3fa0",
    practice_soft="#f1eafa",
)

DARK = Tokens(
    window="#15171c",
    surface="#1e2128",
    sunken="#292d36",
    hover="#2a2e38",
    border="#333843",
    control="#767f8e",
    text="#e9ebef",
    muted="#a9b1be",
    accent="#8fb3ff",
    accent_text="#0c1326",
    selected="#283654",
    green="#62d18c",
    amber="#f2bc55",
    red="#ff928c",
    grey="#b1b9c6",
    green_soft="#17301f",
    amber_soft="#352a13",
    red_soft="#3c2022",
    grey_soft="#2b3039",
    practice="#c9a6f5",
    practice_soft="#2f2540",
)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
