"""Why an exchange refused: what is excluded, what remains in order, and the offer to ask elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from latchlight.core.diagnosis import Cause, Diagnosis
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.server_text import harmless
from latchlight.gui.light_look import Verdict
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button, set_kind
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.numbered import bulleted, numbered
from latchlight.gui.widgets.other_sites import OtherSites, OtherSitesOffer
from latchlight.gui.widgets.page_column import bring_into_view
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow
from latchlight.gui.words import LIKELIHOOD_HEADS


class DiagnosisCard(Panel):
    """Shown above the checklist whenever the exchange's answer could not be used."""

    def __init__(
        self,
        diagnosis: Diagnosis,
        verdict: Verdict,
        exchange: str,
        others: OtherSites | None = None,
        addresses: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`addresses`: what list, address services and exchange say, a line per family."""
        super().__init__(parent=parent)
        self._exchange = exchange
        self._others = others
        self._offer: OtherSitesOffer | None = None
        self._fix: QPushButton | None = None
        self._actions = TurningRow()
        self.badge = LightBadge(verdict, TextRole.SMALL, steady=True)
        self._title = diagnosis.title
        self.set_verdict(verdict)
        head = QHBoxLayout()
        head.setSpacing(GRID * 3 // 2)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(PlainLabel(diagnosis.title, TextRole.STRONG, selectable=True), 1)
        self.column.addLayout(head)
        self.column.addWidget(PlainLabel(diagnosis.next_step))
        self._add_causes(diagnosis)
        self._add_quote(diagnosis, addresses)
        self.column.addSpacing(GRID // 2)
        self.column.addWidget(self._actions)
        self._add_others(diagnosis)

    def set_verdict(self, verdict: Verdict) -> None:
        """Another light, because the report began or ceased to count."""
        self.badge.set_verdict(verdict)
        self.setAccessibleName(tr(say("{light}: {title}", light=verdict.text, title=self._title)))

    def add_fix(self, mend: Callable[[], object]) -> None:
        """Offer the way to mend it: `mend` opens it."""
        self._fix = button(say("Fix this"), mend, kind="primary")
        self._actions.add(self._fix, first=True)

    def add_help(self, explain: Callable[[], object]) -> None:
        """Offer the article about this refusal: `explain` opens it."""
        caption = say("What is this?")
        name = say("{caption} {title}", caption=caption, title=self._title)
        self._actions.add(button(caption, explain, kind="quiet", name=name))

    def _make_fix_quiet(self) -> None:
        """No new key is needed: what is to be done now stands in the offer."""
        if self._fix is not None:
            set_kind(self._fix, "")

    def _add_causes(self, diagnosis: Diagnosis) -> None:
        if len(diagnosis.causes) > 1:
            self._heading(say("What it can be, most likely first"))
            self.column.addWidget(numbered(_cause_line(c) for c in diagnosis.causes))
        if diagnosis.excluded:
            self._heading(say("What it is not"))
            self.column.addWidget(
                bulleted(series((e.title, e.because), " ") for e in diagnosis.excluded)
            )

    def _heading(self, text: str) -> None:
        self.column.addSpacing(GRID // 2)
        self.column.addWidget(PlainLabel(text, TextRole.STRONG))

    def _add_quote(self, diagnosis: Diagnosis, addresses: Sequence[str]) -> None:
        lines = [*_facts(diagnosis, self._exchange, seen=not addresses), *addresses]
        if not lines:
            return
        quote = Panel("quote")
        for line in lines:
            quote.column.addWidget(PlainLabel(line, selectable=True))
        self.column.addSpacing(GRID // 2)
        self.column.addWidget(quote)

    def _add_others(self, diagnosis: Diagnosis) -> None:
        sites = self._others
        if sites is not None and sites.hosts and diagnosis.ask_other_hosts:
            self._actions.add(button(sites.caption, self._ask_first))

    def _ask_first(self) -> None:
        """Say what would be sent to whom, and wait for a yes."""
        if self._others is None:
            return
        if self._offer is None:
            self._offer = OtherSitesOffer(self._others, self._ask_first)
            self._offer.found.connect(self._make_fix_quiet)
            self.column.addWidget(self._offer)
        else:
            self._offer.setVisible(self._offer.isHidden())
        if not self._offer.isHidden():
            bring_into_view(self._offer)


def _cause_line(cause: Cause) -> Sentence:
    return say(
        "{weight}: {title} {next_step}",
        weight=LIKELIHOOD_HEADS[cause.likelihood],
        title=cause.title,
        next_step=cause.next_step,
    )


def _facts(diagnosis: Diagnosis, exchange: str, *, seen: bool) -> list[Sentence]:
    lines: list[Sentence] = []
    if diagnosis.server_text:
        said = harmless(diagnosis.server_text)
        lines.append(say("{exchange} said: “{said}”", exchange=exchange, said=said))
    numbers = []
    if diagnosis.http_status is not None:
        numbers.append(say("HTTP status {n}", n=diagnosis.http_status))
    if diagnosis.exchange_code is not None:
        numbers.append(say("code {n}", n=harmless(diagnosis.exchange_code)))
    if numbers:
        lines.append(series(numbers))
    if seen and diagnosis.seen_address is not None:
        address = harmless(diagnosis.seen_address)
        lines.append(
            say("{exchange} saw this computer as {address}", exchange=exchange, address=address)
        )
    return lines
