"""Text for people: a fixed sentence that remembers how it was made.

A `Sentence` is an ordinary string wherever a string is wanted. It also keeps its template and its
values, so that a translation can look the template up and put the same values in.
"""

from __future__ import annotations


class Sentence(str):
    """A string made from a fixed template; `template` and `values` say how."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, str]

    def __new__(cls, template: str, values: dict[str, str]) -> Sentence:
        """Fill `template` with `values` by name."""
        self = super().__new__(cls, template.format(**values))
        self.template = template
        self.values = values
        return self

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, dict[str, str]]]:
        return (Sentence, (self.template, self.values))


def say(template: str, **values: object) -> Sentence:
    """Make a sentence from a literal template: `say("{count} addresses", count=3)`."""
    return Sentence(template, {name: str(value) for name, value in values.items()})
