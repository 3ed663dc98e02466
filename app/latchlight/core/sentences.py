"""Text for people: a fixed sentence that remembers how it was made.

A `Sentence` is an ordinary English string wherever a string is wanted. It also keeps its template
and its values, which may be sentences themselves, so that another language can put the same values
into its own template (`core/languages.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Self


class Sentence(str):
    """A string made from a fixed template; `template` and `values` say how."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, str]

    def __new__(cls, template: str, values: dict[str, str]) -> Self:
        """Fill `template` with `values` by name."""
        self = super().__new__(cls, template.format(**values))
        self.template = template
        self.values = values
        return self

    def __str__(self) -> str:
        """Itself: `str()` takes nothing away, so that it can still be translated."""
        return self

    def __reduce__(self) -> tuple[Callable[..., Sentence], tuple[object, ...]]:
        return (Sentence, (self.template, self.values))


def say(template: str, **values: object) -> Sentence:
    """Make a sentence from a literal template: `say("{count} addresses", count=3)`.

    A value that is a sentence stays one; everything else becomes plain text.
    """
    return Sentence(template, {name: _text(value) for name, value in values.items()})


def mark(template: str) -> str:
    """A literal template that is filled in elsewhere: marked where it stands, so that it is found for translation."""
    return template


class Series(Sentence):
    """Parts side by side. A language may have another mark for `between`."""

    __slots__ = ("between",)

    between: str

    @classmethod
    def of(cls, parts: Iterable[object], between: str) -> Series:
        """Parts, each still a sentence if it was one, with punctuation between them."""
        texts = {f"part{number}": _text(part) for number, part in enumerate(parts)}
        marks = between.replace("{", "{{").replace("}", "}}")
        self = cls(marks.join(f"{{{name}}}" for name in texts), texts)
        self.between = between
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands side by side."""
        return tuple(self.values.values())

    def __reduce__(self) -> tuple[Callable[..., Sentence], tuple[object, ...]]:
        return (Series.of, (self.parts, self.between))


def series(parts: Iterable[object], between: str = ", ") -> Series:
    """Parts side by side, each still a sentence if it was one. `between` is punctuation, not words."""
    return Series.of(parts, between)


def lines_of(text: str) -> list[str]:
    """The parts of a text that was put together with spaces or line breaks; else the text alone."""
    if not isinstance(text, Series) or text.between not in (" ", "\n"):
        return [text]
    return [line for part in text.parts for line in lines_of(part)]


class PageLabel(Sentence):
    """Words that stand on an exchange's own page: never translated by us.

    `chinese` is what the page says in Simplified Chinese; empty where no source gives it.
    """

    __slots__ = ("chinese",)

    chinese: str

    @classmethod
    def of(cls, english: str, chinese: str = "") -> PageLabel:
        """A label as the page writes it."""
        self = cls("{label}", {"label": english})
        self.chinese = chinese
        return self

    def __reduce__(self) -> tuple[Callable[..., Sentence], tuple[object, ...]]:
        return (PageLabel.of, (self.values["label"], self.chinese))


def _text(value: object) -> str:
    return value if isinstance(value, Sentence) else str(value)
