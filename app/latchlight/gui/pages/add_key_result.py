"""What the exchange said about a new key, before and after it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from latchlight.core.diagnosis import Cause, Diagnosis
from latchlight.core.findings import Finding, KeyReport, Light, headline
from latchlight.core.sentences import Sentence, say, series
from latchlight.gui.light_look import Verdict
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.disclosure import Disclosure
from latchlight.gui.widgets.finding_card import is_note
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.other_sites import OtherSites, OtherSitesOffer
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.gui.words import (
    LIKELIHOOD_HEADS,
    NOTE_WORDS,
    address_lines,
    without_address_lines,
)


class AddKeyResult(PageColumn):
    """Light and headline, odd texts, why it was refused, what is not green, and what was mended.

    Every sentence is said once: causes, findings and advice often repeat each other.
    """

    def __init__(
        self,
        report: KeyReport,
        *,
        warnings: Iterable[str] = (),
        repairs: Iterable[str] = (),
        practice: bool = False,
        sites: OtherSites | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`sites`: where else this key could be asked about."""
        super().__init__(parent)
        once = _SaidOnce()
        self.badge = LightBadge(Verdict(report.light, practice), TextRole.HEADING)
        self.headline = PlainLabel(headline(report), TextRole.HEADING)
        top = Section()
        top.add(_at_left(self.badge), self.headline)
        once.new(headline(report))
        top.add(PlainLabel(_about(report), ink="muted"))
        self.add(top)
        self._add_told(say("Look at the text you pasted"), warnings, once)
        if report.diagnosis is not None:
            self.add(_diagnosis(report.diagnosis, once))
            if sites is not None and sites.hosts and report.diagnosis.ask_other_hosts:
                self.add(_elsewhere(sites))
        open_findings = [f for f in report.worst_first() if _worth_telling(f, report)]
        if open_findings:
            self.add(_findings(open_findings, practice, once))
        self._add_told(say("What was mended in the text"), repairs, once)
        self.close_column()

    def _add_told(self, title: str, told: Iterable[str], once: _SaidOnce) -> None:
        sentences = [new for new in map(once.new, told) if new]
        if sentences:
            card = Section(title)
            card.add(*(PlainLabel(sentence) for sentence in sentences))
            self.add(card)


class _SaidOnce:
    """Remembers the sentences of one page."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def new(self, text: str) -> str:
        """What of `text` was not said before, sentence by sentence; remembered from now on.

        Compared as it is shown, in the language in force.
        """
        fresh = []
        for sentence in _SENTENCE_END.split(tr(text)):
            bare = sentence.strip().rstrip(".\u3002").casefold()
            if bare and bare not in self._said:
                self._said.add(bare)
                fresh.append(sentence)
        return "".join(fresh).strip()


_SENTENCE_END = re.compile(r"(?<=[.!?]\s)(?=[A-Z\u201c])|(?<=[\u3002\uff01\uff1f])")
"""After a mark and a space, or after a mark of Chinese, which needs no space."""


def _about(report: KeyReport) -> Sentence:
    return say(
        "“{label}” at {exchange}, key ends in {hint}",
        label=report.label,
        exchange=report.exchange_name,
        hint=report.hint.lstrip("…") or say("unknown"),
    )


def _worth_telling(finding: Finding, report: KeyReport) -> bool:
    """Where the key was refused, everything else is unknown for that one reason: said once, above."""
    if finding.light is Light.GREEN:
        return False
    return report.diagnosis is None or finding.light is not Light.GREY


def _diagnosis(diagnosis: Diagnosis, once: _SaidOnce) -> Section:
    card = Section(once.new(diagnosis.title))
    # With one cause its own step says what to do; with several the general one says how to go on.
    if len(diagnosis.causes) != 1:
        _add_if_new(card, once.new(diagnosis.next_step), muted=bool(diagnosis.causes))
    for number, cause in enumerate(diagnosis.causes, 1):
        once.new(cause.title)
        card.add(_two_lines(_cause(number, cause), once.new(cause.next_step)))
    for exclusion in diagnosis.excluded:
        text = once.new(series((exclusion.title, exclusion.because), " "))
        if text:
            card.add(PlainLabel(text, TextRole.SMALL, ink="muted"))
    return card


def _elsewhere(sites: OtherSites) -> Disclosure:
    fold = Disclosure(
        sites.caption, lambda: OtherSitesOffer(sites, lambda: fold.set_open(False)), kind=""
    )
    return fold


def _add_if_new(card: Section, text: str, *, muted: bool) -> None:
    if text:
        card.add(PlainLabel(text, ink="muted" if muted else ""))


def _cause(number: int, cause: Cause) -> Sentence:
    return say(
        "{number}. {likelihood}: {title}",
        number=number,
        likelihood=LIKELIHOOD_HEADS[cause.likelihood],
        title=cause.title,
    )


def _findings(findings: Iterable[Finding], practice: bool, once: _SaidOnce) -> Section:
    findings = list(findings)
    only_unknowable = all(f.light is Light.GREY and not f.required for f in findings)
    title = say("What the exchange does not tell") if only_unknowable else say("What to look at")
    card = Section(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(GRID * 3 // 2)
    grid.setVerticalSpacing(GRID * 3 // 2)
    grid.setColumnStretch(1, 1)
    for row, finding in enumerate(findings):
        badge = LightBadge(Verdict(finding.light, practice), TextRole.SMALL)
        grid.addWidget(badge, row, 0, Qt.AlignmentFlag.AlignTop)
        once.new(finding.title)
        lines = address_lines(finding.detail)
        shown = [once.new(without_address_lines(finding.detail))]
        if is_note(finding):
            shown.append(NOTE_WORDS)
        detail = series((series(filter(None, shown), " "), *lines), "\n")
        grid.addWidget(_two_lines(finding.title, detail), row, 1)
    card.add_row(grid)
    return card


def _two_lines(first: str, second: str) -> QWidget:
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID // 4)
    column.addWidget(PlainLabel(first, TextRole.STRONG))
    if second:
        column.addWidget(PlainLabel(second))
    return both


def _at_left(widget: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return holder
