"""What the exchange said and when, for one finding."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from latchlight.core.findings import Evidence, Finding, Sureness
from latchlight.core.sentences import Sentence, say
from latchlight.core.server_text import harmless
from latchlight.gui.moments import moment
from latchlight.gui.theme import TextRole
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.words import sureness_words


def evidence_lines(finding: Finding, exchange: str) -> QWidget:
    """One block per answer that the finding rests on."""
    card = Panel("quote")
    measured = finding.sureness is Sureness.MEASURED
    for evidence in finding.evidence:
        who = say("Measured") if measured else say("{exchange} said", exchange=exchange)
        said = say("{who}: {said}", who=who, said=harmless(evidence.said))
        card.column.addWidget(PlainLabel(said, selectable=True))
        card.column.addWidget(
            PlainLabel(_source(evidence), TextRole.SMALL, ink="muted", selectable=True)
        )
    card.column.addWidget(
        PlainLabel(
            say("{words}.", words=sureness_words(finding.sureness, exchange)),
            TextRole.SMALL,
            ink="muted",
        )
    )
    return card


def _source(evidence: Evidence) -> Sentence:
    text = say(
        "{probe} at {host}, {at}",
        probe=evidence.probe,
        host=evidence.host,
        at=moment(evidence.at, seconds=True),
    )
    if evidence.request_id:
        text = say("{text}, request {number}", text=text, number=harmless(evidence.request_id))
    return text
