"""What the exchange said about a new key, before and after it is saved."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from latchlight.core.diagnosis import Diagnosis
from latchlight.core.findings import Finding, KeyReport, Light, headline
from latchlight.core.sentences import Sentence, say
from latchlight.gui.light_look import Verdict
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.gui.words import LIKELIHOOD_WORDS


class AddKeyResult(PageColumn):
    """Light, headline, why it was refused if it was, what is not green, and how the text was mended."""

    def __init__(
        self, report: KeyReport, told: Iterable[str], practice: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.badge = LightBadge(Verdict(report.light, practice), TextRole.HEADING)
        self.headline = PlainLabel(headline(report), TextRole.HEADING)
        top = Section()
        top.add(_at_left(self.badge), self.headline)
        top.add(PlainLabel(_about(report), ink="muted"))
        self.add(top)
        if report.diagnosis is not None:
            self.add(_diagnosis(report.diagnosis))
        open_findings = [f for f in report.worst_first() if _worth_telling(f, report)]
        if open_findings:
            self.add(_findings(open_findings, practice))
        self._add_told(told)
        self.close_column()

    def _add_told(self, told: Iterable[str]) -> None:
        sentences = [*told]
        if sentences:
            card = Section(say("About the text you pasted"))
            card.add(*(PlainLabel(sentence) for sentence in sentences))
            self.add(card)


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


def _diagnosis(diagnosis: Diagnosis) -> Section:
    card = Section(diagnosis.title)
    if not diagnosis.causes:
        card.add(PlainLabel(diagnosis.next_step))
    elif len(diagnosis.causes) > 1:
        card.add(PlainLabel(diagnosis.next_step, ink="muted"))
    for number, cause in enumerate(diagnosis.causes, 1):
        card.add(
            _two_lines(
                say(
                    "{number}. {title} ({likelihood})",
                    number=number,
                    title=cause.title.rstrip("."),
                    likelihood=LIKELIHOOD_WORDS[cause.likelihood].lower(),
                ),
                cause.next_step,
            )
        )
    for exclusion in diagnosis.excluded:
        text = say("{what} {because}", what=exclusion.title, because=exclusion.because)
        card.add(PlainLabel(text, TextRole.SMALL, ink="muted"))
    return card


def _findings(findings: Iterable[Finding], practice: bool) -> Section:
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
        grid.addWidget(_two_lines(finding.title, finding.detail), row, 1)
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
