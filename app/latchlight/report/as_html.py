"""The report as one HTML page to save or print. Everything is escaped; nothing is loaded or runs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from hashlib import sha256
from html import escape
from typing import assert_never

from latchlight.core.findings import Report
from latchlight.core.languages import ENGLISH, Language
from latchlight.core.sentences import Sentence
from latchlight.report.document import (
    NOTHING_STALE,
    Block,
    Card,
    Document,
    Heading,
    Lit,
    Pairs,
    Para,
    Steps,
    document,
)
from latchlight.report.html_style import STYLE
from latchlight.report.light_shapes import as_svg


def as_html(
    report: Report,
    language: Language = ENGLISH,
    zone: tzinfo | None = None,
    stale: Mapping[int, Sentence] = NOTHING_STALE,
) -> str:
    """A complete page in this language. See `document` for `zone` and `stale`."""
    return page(document(report, language, zone, stale))


def page(made: Document) -> str:
    """The page of a document. The one style sheet is allowed by its digest, and nothing else is."""
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    mark = f'<div class="watermark" aria-hidden="true"><span>{escape(made.practice)}</span></div>'
    return (
        f'<!doctype html><html lang="{escape(made.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # No program on a phone turns numbers into links either.
        '<meta name="format-detection" content="telephone=no, email=no, address=no, date=no, url=no">'
        f"<title>{escape(made.title)}</title><style>{STYLE}</style></head><body>"
        f"{mark if made.practice else ''}{_sections(made.blocks)}"
        f'<footer class="muted">{escape(made.foot)}</footer></body></html>\n'
    )


def _sections(blocks: tuple[Block, ...]) -> str:
    """Every key in a section of its own."""
    parts: list[str] = []
    inside = False
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            parts.append("</section><section>" if inside else "<section>")
            inside = True
        parts.append(_block(block))
    return "".join([*parts, "</section>" if inside else ""])


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Lit():
            return _lit(block)
        case Para():
            return f"<p{_classes(block)}>{escape(block.text)}</p>"
        case Steps(lines, numbered):
            tag = "ol" if numbered else "ul"
            return f"<{tag}>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</{tag}>"
        case Pairs(rows):
            inner = "".join(
                f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows
            )
            return f"<dl>{inner}</dl>"
        case Card(blocks):
            return f"<article>{_all(blocks)}</article>"
        case _:
            assert_never(block)


def _all(blocks: Iterable[Block]) -> str:
    return "".join(_block(block) for block in blocks)


def _lit(lit: Lit) -> str:
    look = "was" if lit.past else lit.light.value
    words = "strong" if lit.strong else "plain"
    return (
        f'<div class="lit"><span class="light {look}">{as_svg(lit.light, past=lit.past)}'
        f'<span>{escape(lit.word)}</span></span> <span class="{words}">{escape(lit.text)}</span></div>'
    )


def _classes(para: Para) -> str:
    names = {"muted": para.muted, "quote": para.quote, "strong": para.strong}
    wanted = " ".join(name for name, wears in names.items() if wears)
    return f' class="{wanted}"' if wanted else ""
