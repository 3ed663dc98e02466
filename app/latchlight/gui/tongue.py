"""The language in force in the window. Qt-free.

Everything shown goes through `tr`: labels and buttons do it themselves, all else (accessible names,
tool tips, titles, painted text) does it where it is handed to Qt.
"""

from __future__ import annotations

from latchlight.core.languages import ENGLISH, Language

_in_force = [ENGLISH]
"""One element: asked for at every painting, so it must not cost a search."""


def use(language: Language) -> None:
    """Show this language from now on. What is on the screen already must be made again."""
    _in_force[0] = language


def in_force() -> Language:
    """The language that is shown."""
    return _in_force[0]


def tr(text: str) -> str:
    """A text of ours in the language in force; anything else as it is."""
    return _in_force[0].of(text)
