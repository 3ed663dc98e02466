"""The document of a report as plain text to paste: for a support desk, a mail or a forum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from latchlight.report.document import Block, Card, Document, Heading, Lit, Pairs, Para, Steps


def as_plain(made: Document) -> str:
    """Every block of it, one thought per line; no line is broken, the reader's program does that."""
    lines = [line for block in made.blocks for line in _block(block)]
    return "\n".join([*_without_gaps(lines), "", made.foot, ""])


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield from ("", text, "=-~"[level - 1] * min(len(text), 40))
        case Lit(word=word, text=text):
            yield f"[{word}] {text}"
        case Para(text):
            yield f"> {text}" if block.quote else text
        case Steps(lines, numbered):
            for number, line in enumerate(lines, 1):
                yield f"  {number}. {line}" if numbered else f"  - {line}"
        case Pairs(rows):
            yield from (f"{name}: {value}" for name, value in rows)
        case Card(blocks):
            yield ""
            for inner in blocks:
                yield from _block(inner)
            yield ""
        case _:
            assert_never(block)


def _without_gaps(lines: Iterable[str]) -> Iterator[str]:
    """Never two empty lines in a row, and none in front."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line
