"""The report of one key as a file or as text to paste, made aside. Only `as_pdf` needs Qt."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from latchlight.core.egress import EgressReport
from latchlight.core.findings import KeyReport, Report
from latchlight.core.languages import Language
from latchlight.core.sentences import Sentence, say
from latchlight.gui.ageing import DOUBT_WORDS
from latchlight.gui.key_row import KeyRow

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPageSize

    from latchlight.report.document import Document

_LONGEST_NAME = 60


class ReportKind(Enum):
    """What a file can be; the value is its ending."""

    HTML = "html"
    PDF = "pdf"


@dataclass(frozen=True)
class Wanted:
    """What the report is made from, taken in the moment in which it is asked for."""

    key: KeyReport
    egress: EgressReport
    stale: Sentence | None
    """Why its lights no longer count; None while they do."""
    language: Language
    with_addresses: bool = False


def wanted(
    row: KeyRow, egress: EgressReport, language: Language, with_addresses: bool
) -> Wanted | None:
    """Of the key as it stands now; None where no check of this session can be reported."""
    if row.report is None:
        return None
    return Wanted(row.report, egress, stale_words(row), language, with_addresses)


def stale_words(row: KeyRow) -> Sentence | None:
    """Why the lights of this report are of the past; None while they count."""
    if row.counts:
        return None
    if row.checking:
        return say("A newer check has begun since.")
    if row.doubt is not None:
        return DOUBT_WORDS[row.doubt]
    return say("It is not known whether this still holds.")


def made(what: Wanted) -> Document:
    """Title, blocks and foot, from which each of the forms is made."""
    from latchlight import __version__
    from latchlight.exchanges import FACTS_DATE
    from latchlight.report.document import document
    from latchlight.report.masking import without_addresses

    key = what.key
    report = Report(
        app_version=__version__,
        facts_date=FACTS_DATE,
        started_at=key.started_at,
        finished_at=key.finished_at,
        keys=(key,),
        egress=what.egress,
    )
    stale = {} if what.stale is None else {0: what.stale}
    whole = document(report, what.language, stale=stale)
    return whole if what.with_addresses else without_addresses(whole, what.language)


def support_text(what: Wanted) -> str:
    """Plain text for a support desk."""
    from latchlight.report.as_plain import as_plain

    return as_plain(made(what))


def save(
    what: Wanted, kind: ReportKind, path: Path, font: QFont, page: QPageSize.PageSizeId
) -> Path:
    """Write the file whole or not at all; where it is now. Raises InputError with what to do."""
    from latchlight.report.saving import write_whole

    return write_whole(path, _content(made(what), kind, font, page, what.language))


def _content(
    whole: Document,
    kind: ReportKind,
    font: QFont,
    page: QPageSize.PageSizeId,
    language: Language,
) -> bytes:
    match kind:
        case ReportKind.HTML:
            from latchlight.report.as_html import page as as_page

            return as_page(whole).encode()
        case ReportKind.PDF:
            from latchlight.gui.report_pdf import as_pdf

            return as_pdf(whole, font, page, language)


def file_name(label: str, at: datetime, kind: ReportKind) -> str:
    """`latchlight-main-bot-2026-11-20.pdf`: letters and digits of any script, nothing else of the label."""
    kept = "".join(letter if _plain(letter) else "-" for letter in label[:_LONGEST_NAME])
    words = "-".join(part for part in kept.split("-") if part)
    day = f"{at.astimezone():%Y-%m-%d}"
    return "-".join(part for part in ("latchlight", words, day) if part) + f".{kind.value}"


def _plain(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LN" or letter in "-_"
