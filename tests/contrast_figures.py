"""Which text stands on which ground, and the contrast of each: python tests/contrast_figures.py

The formula is that of WCAG 2.1, 1.4.3: at least 4.5 for text.
"""

from __future__ import annotations

from latchlight.gui.tokens import DARK, LIGHT, Tokens, contrast

GROUNDS = ("window", "surface", "sunken", "hover", "selected")
INKS = ("green", "amber", "red", "grey")
TEXT_ON_GROUND = [
    *((ink, ground) for ink in ("text", "muted") for ground in GROUNDS),
    *((ink, ground) for ink in INKS for ground in ("window", "surface", "selected")),
    *((ink, f"{ink}_soft") for ink in INKS),
    ("accent", "window"),
    ("accent", "surface"),
    ("accent", "hover"),
    ("accent_text", "accent"),
    ("practice", "practice_soft"),
    ("practice", "sunken"),
    ("text", "red_soft"),
    ("text", "grey_soft"),
    ("red", "surface"),
    ("red", "sunken"),
]  # fmt: skip


def figures(tokens: Tokens) -> dict[tuple[str, str], float]:
    """The contrast of every pair."""
    return {
        (ink, ground): contrast(getattr(tokens, ink), getattr(tokens, ground))
        for ink, ground in TEXT_ON_GROUND
    }


if __name__ == "__main__":
    both = (figures(LIGHT), figures(DARK))
    print(f"{'text':<12} {'ground':<14} light   dark")
    for pair in TEXT_ON_GROUND:
        print(f"{pair[0]:<12} {pair[1]:<14} {both[0][pair]:5.2f}  {both[1][pair]:5.2f}")
    print(f"{'least':<27} {min(both[0].values()):5.2f}  {min(both[1].values()):5.2f}")
