"""What the window knows about one key. Every view of a key derives from this object. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from latchlight.core.changes import Snapshot, last_found, snapshot
from latchlight.core.deadlines import Deadline, deadlines
from latchlight.core.findings import LIGHT_WORDS, Finding, KeyReport, Light, headline
from latchlight.core.profile import Acceptance
from latchlight.core.sentences import Sentence, say
from latchlight.gui.ageing import DOUBT_WORDS, Doubt, Stamp
from latchlight.gui.light_look import Verdict
from latchlight.gui.moments import clock, moment

if TYPE_CHECKING:
    from latchlight.keys import CheckRequest


_MOST_SEEN = 200
"""Checks of one session that are remembered; the store keeps as many."""


@dataclass(frozen=True)
class PastCheck:
    """How the last check of an earlier session ended: words of history, never a light."""

    light: Light
    at: datetime

    @property
    def text(self) -> Sentence:
        """`Last checked 19 Nov 2026, 10:12: Safe`; a check that found nothing was only tried."""
        if self.light is Light.GREY:
            return say("Last tried {at}: {word}", at=moment(self.at), word=LIGHT_WORDS[self.light])
        return say("Last checked {at}: {word}", at=moment(self.at), word=LIGHT_WORDS[self.light])


@dataclass(frozen=True, eq=False)
class KeyRow:
    """One key: how to check it, what the last check of this session said, and whether it counts."""

    request: CheckRequest
    practice: bool = False
    report: KeyReport | None = None
    stamp: Stamp | None = None
    """When the answers of the report were asked for."""
    doubt: Doubt | None = None
    checking: bool = False
    run: int = 0
    """Number of the run that may put a report here."""
    past: PastCheck | None = None
    seen: tuple[Snapshot, ...] = ()
    """Past checks, oldest first: the last stored one that found something, then those of this session."""
    first_light: Light | None = None
    """Practice: what its first check found; the story of the key explains that light."""

    @property
    def id(self) -> str:
        """The stable name of this key."""
        return self.request.id

    @property
    def counts(self) -> bool:
        """Whether the report is of now; only then a light may have a colour."""
        return (
            self.report is not None
            and self.stamp is not None
            and self.doubt is None
            and not self.checking
        )

    @cached_property
    def verdict(self) -> Verdict:
        """The light of this key at this moment: of this row, which never changes. Worked out once: many ask."""
        light = self.report.light if self.report is not None and self.counts else Light.GREY
        return Verdict(light, self.practice)

    def verdict_of(self, finding: Finding) -> Verdict:
        """The light of one line of the checklist."""
        return Verdict(finding.light if self.counts else Light.GREY, self.practice)

    @property
    def before(self) -> Snapshot | None:
        """The last check before that of the report which found something out at the same host."""
        if self.report is None:
            return None
        return last_found(self.seen[:-1], self.report.host)

    @property
    def headline(self) -> Sentence:
        """The sentence over the checklist."""
        if self.checking:
            return say("Being checked now.")
        if self.report is not None and self.counts:
            return headline(self.report)
        if self.doubt is not None:
            return say("{why} Check this key again.", why=DOUBT_WORDS[self.doubt])
        return say("Not checked yet. Check this key before you start a bot on it.")

    def status(self, now: datetime) -> Sentence:
        """The short line under the name in the list."""
        if self.checking:
            return say("Checking…")
        if self.report is not None:
            return self._report_status(clock(self.report.finished_at, now))
        if self.past is not None:
            return self.past.text
        return say("Not checked yet")

    def _report_status(self, at: Sentence) -> Sentence:
        """A check that found nothing is only called a try."""
        tried = self.report is not None and self.report.light is Light.GREY
        if self.counts:
            return say("Tried {at}", at=at) if tried else say("Checked {at}", at=at)
        return say("Last tried {at}", at=at) if tried else say("Last checked {at}", at=at)

    @property
    def story(self) -> str:
        """What is wrong with this practice key; empty once somebody changed its light."""
        changed = self.report is not None and self.report.light is not self.first_light
        return "" if changed and self.first_light is not None else self.request.story

    def spoken(self, now: datetime) -> Sentence:
        """The whole row for screen readers."""
        return say(
            "{label}: {light}. {exchange}, key ends in {hint}. {status}.",
            label=self.request.label,
            light=self.verdict.text,
            exchange=self.request.exchange.name,
            hint=self.request.hint.lstrip("…") or say("unknown"),
            status=self.status(now),
        )

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """How this key ends by itself, as the last check told; that stays true when the light ages.

        What another host said is not about this key any more.
        """
        if self.report is None or self.report.host != self.request.host:
            return ()
        exchange = self.request.exchange
        rule = exchange.traits.unlisted_end
        return deadlines(self.report.facts, rule, exchange.name, self.report.finished_at)

    def started(self, run: int) -> KeyRow:
        """A check of it has begun."""
        return replace(self, checking=True, run=run)

    def landed(self, report: KeyReport, stamp: Stamp) -> KeyRow:
        """A check of it is done."""
        same_host = self.report is not None and self.report.host == report.host
        if not self.request.stored and self.report is not None and same_host:
            report = _with_acceptances(report, self.report)
        first = self.first_light or report.light
        seen = (*self.seen[-_MOST_SEEN:], snapshot(report))
        return replace(
            self,
            report=report,
            stamp=stamp,
            doubt=None,
            checking=False,
            seen=seen,
            first_light=first,
        )

    def with_acceptance(self, rule: str, acceptance: Acceptance | None) -> KeyRow:
        """An amber finding was accepted, or that was taken back; its light stays amber."""
        if self.report is None:
            return self
        findings = tuple(
            _accepted(f, acceptance) if f.rule == rule else f for f in self.report.findings
        )
        return replace(self, report=replace(self.report, findings=findings))

    def asked_elsewhere(self, request: CheckRequest) -> KeyRow:
        """The key is asked about at another host: what was found before is not about that one."""
        return replace(self.doubted(Doubt.CHANGED), request=request)

    def doubted(self, doubt: Doubt) -> KeyRow:
        """Its report no longer counts."""
        return replace(self, doubt=doubt, checking=False)


def _with_acceptances(report: KeyReport, before: KeyReport) -> KeyReport:
    """Of a key that is not stored: what was accepted on this screen stays accepted."""
    known = {f.rule: f.acceptance for f in before.findings if f.acceptance is not None}
    findings = tuple(_accepted(f, known.get(f.rule)) for f in report.findings)
    return replace(report, findings=findings)


def _accepted(finding: Finding, acceptance: Acceptance | None) -> Finding:
    """Only an amber finding, and only as it was when it was accepted: a check may have ended since."""
    if finding.light is not Light.AMBER:
        return finding
    same = acceptance is not None and acceptance.basis == finding.basis
    return replace(finding, acceptance=acceptance if same else None)
