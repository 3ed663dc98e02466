"""A language half as long again as English, in which every text that was translated stands between marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from latchlight.core.languages import Language
from latchlight.core.sentences import PageLabel
from latchlight.exchanges import EXCHANGES
from latchlight.net.egress import ADDRESS_SERVICES

OPEN, CLOSE = "«", "»"
ACCENTED = str.maketrans("aeiouAEIOU", "àéîöûÀÉÎÖÛ")


class LongTexts(Mapping[str, str]):
    """Every template there ever was, longer by half, with marks around it, and no word of English left."""

    def __getitem__(self, template: str) -> str:
        raise KeyError(template)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def get(self, template: str, default: str = "") -> str:  # type: ignore[override]
        """A mark of punctuation stays; words of a template get accents, and longer ones double vowels."""
        if not any(letter.isalpha() for letter in re.sub(r"\{\w+\}", "", template)):
            return template
        pieces = re.split(r"(\{\w*\}|`[^`]*`)", template)
        return OPEN + "".join(_long(piece) for piece in pieces) + CLOSE


def _long(piece: str) -> str:
    if piece.startswith(("{", "`")):
        return piece
    return re.sub(r"[A-Za-z]+", lambda word: _stretched(word.group()), piece)


def _stretched(word: str) -> str:
    """`whitelist` -> `whîîtéélîîst`: half as long again, and no place to break it."""
    return (
        re.sub(r"([aeiou])", r"\1\1", word).translate(ACCENTED)
        if len(word) > 2
        else word.translate(ACCENTED)
    )


class LongLanguage(Language):
    """Words of an exchange's page stay as they are, and count as translated."""

    __slots__ = ()

    def label(self, label: PageLabel) -> str:
        """In marks, to tell it from what was forgotten."""
        return OPEN + super().label(label) + CLOSE


LONG = LongLanguage("xx", "Lööng", LongTexts())
NAMES = {
    word
    for text in (
        *(spec.name for spec in EXCHANGES.values()),
        *(f"{host.title} {host.server}" for spec in EXCHANGES.values() for host in spec.hosts),
        *(f"{service.name} {service.party} {service.host4}" for service in ADDRESS_SERVICES),
        "Latchlight English enableAlphaWithdrawals true",
    )
    for word in re.findall(r"[A-Za-z]+", text)
}
"""Of exchanges, their sites, the address services, and what a practice exchange answers."""


def english_words(text: str, labels: Collection[str] = ()) -> list[str]:
    """Words that went through no language; `labels` are names that users gave."""
    bare = _without_translated(text)
    for label in sorted(labels, key=len, reverse=True):
        bare = bare.replace(label, "")
    return [word for word in re.findall(r"[A-Za-z]{4,}", bare) if word not in NAMES]


def _without_translated(text: str) -> str:
    """What stands outside of all marks: data, or something that was forgotten."""
    depth, rest = 0, []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        if depth == 0 and letter not in (OPEN, CLOSE):
            rest.append(letter)
    return "".join(rest)
