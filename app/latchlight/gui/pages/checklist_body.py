"""Everything below the header of a checklist, made from one report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from latchlight.core.diagnosis import Diagnosis
from latchlight.core.findings import Finding, KeyReport, Light
from latchlight.core.sentences import Sentence, say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.light_look import Verdict
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.diagnosis_card import DiagnosisCard
from latchlight.gui.widgets.disclosure import Disclosure
from latchlight.gui.widgets.finding_card import FindingCard, FindingTools, is_note
from latchlight.gui.widgets.other_sites import OtherSites
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.trickle import TrickleColumn
from latchlight.gui.words import address_lines

Maker = Callable[[], QWidget]


class ChecklistBody(TrickleColumn):
    """Worst first: what refused, what is open, then, folded in, what needs no action.

    When the report stops to count, the same cards go grey: `set_row`.
    """

    def __init__(
        self,
        row: KeyRow,
        report: KeyReport,
        tools: FindingTools,
        sites: OtherSites,
        parent: QWidget | None = None,
    ) -> None:
        self._row = row
        self._report = report
        self._tools = tools
        self._sites = sites
        self._findings = {finding.rule: finding for finding in report.findings}
        self._cards: dict[str, FindingCard] = {}
        self._refusal: tuple[DiagnosisCard, Light] | None = None
        super().__init__(self._makers(), spacing=GRID * 3 // 2, parent=parent)
        self.set_row(row)

    def set_row(self, row: KeyRow) -> None:
        """The same report, but it may have begun or ceased to count."""
        self._row = row
        for card in self._cards.values():
            card.set_verdict(self._verdict(card.finding.light))
        if self._refusal is not None:
            card_of_refusal, light = self._refusal
            card_of_refusal.set_verdict(self._verdict(light))

    def renew(self, row: KeyRow, report: KeyReport) -> bool:
        """Take a newer report that found the same, so that what is open stays open. Else False."""
        if _shape(report) != _shape(self._report):
            return False
        self._report = report
        self._findings = {finding.rule: finding for finding in report.findings}
        for rule, card in self._cards.items():
            card.renew(self._findings[rule])
        self.set_row(row)
        return True

    def _verdict(self, light: Light) -> Verdict:
        return Verdict(light if self._row.counts else Light.GREY, self._row.practice)

    def _makers(self) -> list[Maker]:
        report = self._report
        makers: list[Maker] = []
        blamed: list[Finding] = []
        if report.diagnosis is not None and not report.facts.accepted:
            blamed = [f for f in report.findings if _is_of(f, report.diagnosis)]
            makers.append(partial(self._diagnosis_card, report.diagnosis, blamed))
        rest = [f for f in report.worst_first() if f not in blamed]
        urgent = not blamed
        for finding in (f for f in rest if _is_open(f)):
            first = urgent and finding.acceptance is None and not is_note(finding)
            makers.append(partial(self._card, finding.rule, first))
            urgent = False
        makers += self._folded(rest, blamed)
        makers += [partial(PlainLabel, note, TextRole.SMALL, ink="muted") for note in report.notes]
        return makers

    def _folded(self, rest: list[Finding], blamed: list[Finding]) -> list[Maker]:
        """What needs no action now, behind quiet headings."""
        all_green = self._report.light is Light.GREEN
        groups: tuple[tuple[Sentence, list[Finding], bool], ...] = (
            (say("Not checked because of this"), blamed, False),
            (
                say("{exchange} cannot tell", exchange=self._report.exchange_name),
                [f for f in rest if _cannot_be_told(f)],
                all_green,
            ),
            (say("Passed"), [f for f in rest if f.light is Light.GREEN], all_green),
        )
        return [
            partial(self._fold, say("{title} ({n})", title=title, n=len(found)), found, opened)
            for title, found, opened in groups
            if found
        ]

    def _fold(self, title: str, findings: list[Finding], opened: bool) -> QWidget:
        makers = [partial(self._card, finding.rule, False) for finding in findings]
        return Disclosure(title, lambda: TrickleColumn(makers), opened=opened)

    def _card(self, rule: str, urgent: bool) -> QWidget:
        finding = self._findings[rule]
        card = FindingCard(finding, self._verdict(finding.light), self._tools, urgent=urgent)
        self._cards[rule] = card
        return card

    def _diagnosis_card(self, diagnosis: Diagnosis, blamed: list[Finding]) -> QWidget:
        exchange = self._row.request.exchange
        light = Light.RED if any(f.light is Light.RED for f in blamed) else Light.GREY
        addresses = [line for f in blamed for line in address_lines(f.detail)]
        card = DiagnosisCard(diagnosis, self._verdict(light), exchange.name, self._sites, addresses)
        mended = next((f for f in blamed if f.fix is not None), None)
        if mended is not None:
            card.add_fix(lambda: self._tools.mend(mended))
        card.add_help(lambda: self._tools.explain(diagnosis.code.value))
        self._refusal = (card, light)
        return card


def _shape(report: KeyReport) -> tuple[object, ...]:
    """Everything that decides which cards stand where; not their words and evidence."""
    lines = (
        (
            *(f.rule, f.light, f.required, f.reason, f.sureness, f.basis, f.acceptance, f.fix),
            bool(f.evidence),
        )
        for f in report.findings
    )
    # The refusal's card has no other words than those it was made with.
    addresses = [address_lines(f.detail) for f in report.findings if not report.facts.accepted]
    return (report.diagnosis, report.facts.accepted, report.notes, addresses, *lines)


def _is_of(finding: Finding, diagnosis: Diagnosis) -> bool:
    """Whether a finding only says that the exchange refused."""
    return finding.reason == diagnosis.code.value or finding.rule == "credentials-rejected"


def _cannot_be_told(finding: Finding) -> bool:
    return finding.light is Light.GREY and not finding.required


def _is_open(finding: Finding) -> bool:
    return finding.light is not Light.GREEN and not _cannot_be_told(finding)
