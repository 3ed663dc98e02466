"""A report to send without telling addresses: each gets a name, the same one wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from latchlight.core.languages import ENGLISH, Language
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.report.document import Block, Card, Document, Heading, Lit, Pairs, Para, Steps

_FOUR = r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d)"
_SIX = r"[0-9A-Fa-f]*:[0-9A-Fa-f:]*:(?:(?:\d{1,3}\.){3}\d{1,3}(?!\d)|[0-9A-Fa-f]*)(?:%\w+)?"
_V4 = re.compile(_FOUR, re.ASCII)
_ANY = re.compile(f"{_SIX}|{_FOUR}", re.ASCII)


def without_addresses(made: Document, language: Language = ENGLISH) -> Document:
    """The same document with `[address 1]` and so on in the place of every IP address.

    What was one address before has one name, so that a reader still sees what equals what. The
    width of a range stays (`[address 1]/24`).
    """
    masker = _Masker(language)
    blocks = tuple(masker.block(block) for block in made.blocks)
    note = Para(
        language.of(
            say("IP addresses are replaced by names; the same name is the same address everywhere.")
        ),
        muted=True,
    )
    return replace(made, blocks=(*blocks, note) if masker.names else blocks)


class _Masker:
    def __init__(self, language: Language) -> None:
        self._language = language
        self.names: dict[IPv4Address | IPv6Address, str] = {}

    def block(self, block: Block) -> Block:
        match block:
            case Heading(level, text):
                return Heading(level, self._text(text))
            case Lit() | Para():
                return replace(block, text=self._text(block.text))
            case Steps(lines):
                return replace(block, lines=tuple(map(self._text, lines)))
            case Pairs(rows):
                return Pairs(tuple((name, self._text(value)) for name, value in rows))
            case Card(blocks):
                return Card(tuple(map(self.block, blocks)))

    def _text(self, text: str) -> str:
        return _ANY.sub(self._any, text)

    def _any(self, found: re.Match[str]) -> str:
        """`is:2001:db8::1` and `2001:db8::1: refused` hold an address too."""
        for before, inner, after in _cuts(found[0]):
            name = self._name(inner)
            if name:
                return f"{before}{name}{after}"
        return _V4.sub(lambda part: self._name(part[0]) or part[0], found[0])

    def _name(self, text: str) -> str:
        """Its name; empty for what is no address."""
        try:
            address = ip_address(text)
        except ValueError:
            return ""
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        known = self.names.get(address)
        if known is None:
            number = len(self.names) + 1
            known = self.names[address] = self._language.of(say("[address {n}]", n=number))
        return known


def _cuts(text: str) -> Iterator[tuple[str, str, str]]:
    """With and without a colon that belongs to the sentence around it."""
    yield "", text, ""
    yield "", text[:-1], text[-1:]
    yield text[:1], text[1:], ""
    yield text[:1], text[1:-1], text[-1:]
