"""One line of the checklist: light, sentence, why it matters, evidence, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from latchlight.core.findings import Finding, Light, Sureness
from latchlight.core.rotation import mended_by_new_key
from latchlight.core.sentences import Sentence, say
from latchlight.gui.key_tasks import asks_for_lock_test
from latchlight.gui.light_look import Verdict
from latchlight.gui.moments import day
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.acceptance_form import AcceptanceForm
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.evidence_lines import evidence_lines
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.page_column import bring_into_view
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow
from latchlight.gui.words import NOTE_WORDS, in_lines


def is_note(finding: Finding) -> bool:
    """Worth a look, but nothing that the key's light waits for."""
    return finding.light is Light.AMBER and not finding.required


@dataclass(frozen=True)
class FindingTools:
    """What a card can ask for."""

    exchange: str
    now: Callable[[], datetime]
    mend: Callable[[Finding], None]
    """Open the guided fix of a finding."""
    accept: Callable[[Finding, str, int], None]
    take_back: Callable[[Finding], None]
    explain: Callable[[str], None]
    """Open the help about a rule."""
    replace: Callable[[], None]
    """Open the page that leads to a new key."""
    test_lock: Callable[[], None] = lambda: None
    """Open the lock test of the key."""


class FindingCard(Panel):
    """What is folded in is made when it is opened. `urgent` marks the one to begin with."""

    def __init__(
        self,
        finding: Finding,
        verdict: Verdict,
        tools: FindingTools,
        *,
        urgent: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("quote" if is_note(finding) else "card", parent)
        self.finding = finding
        self._tools = tools
        self._folds: dict[str, QWidget] = {}
        self.badge = LightBadge(verdict, TextRole.SMALL, steady=True)
        self._title = PlainLabel(finding.title, TextRole.STRONG, selectable=True)
        self._detail = PlainLabel(
            in_lines(finding.detail),
            ink="muted" if finding.light is Light.GREEN else "",
            selectable=True,
        )
        self.set_verdict(verdict)
        head = QHBoxLayout()
        head.setSpacing(GRID * 3 // 2)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        self.column.addLayout(head)
        if finding.light is Light.GREEN:
            self.column.addWidget(self._detail)
            self.column.addWidget(TurningRow(self._evidence_opener(), self._explainer()))
            return
        self.column.addWidget(self._detail)
        self.column.addWidget(PlainLabel(finding.why, ink="muted"))
        if is_note(finding):
            self.column.addWidget(PlainLabel(NOTE_WORDS, TextRole.STRONG))
        self._add_acceptance()
        self._add_actions(urgent)

    def set_verdict(self, verdict: Verdict) -> None:
        """Another light, because the report began or ceased to count."""
        self.badge.set_verdict(verdict)
        words = say("{light}: {title}", light=verdict.text, title=self.finding.title)
        if is_note(self.finding):
            words = say("{words} {note}", words=words, note=NOTE_WORDS)
        self.setAccessibleName(tr(words))

    def renew(self, finding: Finding) -> None:
        """The same finding of a newer report: other words and evidence, nothing else."""
        self.finding = finding
        self._title.setText(finding.title)
        self._detail.setText(in_lines(finding.detail))
        fold = self._folds.pop(self._evidence_caption(), None)
        if fold is not None:
            shown = not fold.isHidden()
            fold.hide()
            fold.deleteLater()
            if shown:
                self._toggle(self._evidence_caption(), self._evidence)

    def _add_acceptance(self) -> None:
        acceptance = self.finding.acceptance
        if acceptance is None:
            return
        words = say(
            "Accepted until {day}: {reason}", day=day(acceptance.until), reason=acceptance.reason
        )
        self.column.addWidget(PlainLabel(words, TextRole.STRONG))

    def _add_actions(self, urgent: bool) -> None:
        finding, tools = self.finding, self._tools
        row = TurningRow()
        if finding.fix is not None:
            caption = say("Fix this") if finding.required else say("Look at it yourself")
            kind = "primary" if urgent else ""
            name = say("{caption}: {title}", caption=caption, title=finding.title)
            row.add(button(caption, lambda: tools.mend(self.finding), kind=kind, name=name))
        if asks_for_lock_test(finding):
            caption = say("Lock test")
            name = say("{caption}: {title}", caption=caption, title=finding.title)
            kind = "primary" if urgent and finding.fix is None else ""
            row.add(button(caption, tools.test_lock, kind=kind, name=name))
        if mended_by_new_key(finding):
            row.add(self._replacer(urgent and finding.fix is None))
        row.add(self._evidence_opener())
        if finding.acceptance is not None:
            row.add(button(say("Take back"), lambda: tools.take_back(self.finding), kind="quiet"))
        elif finding.light is Light.AMBER and finding.required:
            row.add(self._opener(say("Accept for a while"), self._acceptance_form))
        row.add(self._explainer())
        self.column.addSpacing(GRID // 2)
        self.column.addWidget(row)

    def _replacer(self, urgent: bool) -> QPushButton:
        caption = say("Replace this key")
        name = say("{caption}: {title}", caption=caption, title=self.finding.title)
        kind = "primary" if urgent else ""
        return button(caption, self._tools.replace, kind=kind, name=name)

    def _explainer(self) -> QPushButton:
        caption = say("What is this?")
        name = say("{caption} {title}", caption=caption, title=self.finding.title)
        explain = self._tools.explain
        return button(caption, lambda: explain(self.finding.rule), kind="quiet", name=name)

    def _evidence_opener(self) -> QPushButton:
        return self._opener(self._evidence_caption(), self._evidence)

    def _evidence_caption(self) -> Sentence:
        if self.finding.evidence and self.finding.sureness is not Sureness.MEASURED:
            return say("What {exchange} said and when", exchange=self._tools.exchange)
        return say("How this is known")

    def _evidence(self) -> QWidget:
        return evidence_lines(self.finding, self._tools.exchange)

    def _acceptance_form(self) -> QWidget:
        return AcceptanceForm(
            self._tools.now(),
            lambda reason, days: self._tools.accept(self.finding, reason, days),
        )

    def _opener(
        self, caption: str, make: Callable[[], QWidget], kind: str = "quiet"
    ) -> QPushButton:
        name = say("{caption}: {title}", caption=caption, title=self.finding.title)
        return button(caption, lambda: self._toggle(caption, make), kind=kind, name=name)

    def _toggle(self, key: str, make: Callable[[], QWidget]) -> None:
        """Open one fold below the card, close the others."""
        opening = key not in self._folds or self._folds[key].isHidden()
        for fold in self._folds.values():
            fold.hide()
        if not opening:
            return
        if key not in self._folds:
            self._folds[key] = make()
            self.column.addSpacing(GRID // 2)
            self.column.addWidget(self._folds[key])
        self._folds[key].show()
        bring_into_view(self._folds[key])
