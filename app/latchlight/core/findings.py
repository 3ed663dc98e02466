"""Lights, findings and reports: what every view renders and nobody computes a second time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from latchlight.core.diagnosis import Diagnosis
from latchlight.core.egress import EgressReport
from latchlight.core.facts import KeyFacts
from latchlight.core.fixes import Fix
from latchlight.core.profile import Acceptance
from latchlight.core.purpose import Intent
from latchlight.core.records import dataclass, replace
from latchlight.core.sentences import Sentence, say


class Light(Enum):
    """The four verdicts. Badness: red, grey, amber, green."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"

    @property
    def badness(self) -> int:
        """0 for green to 3 for red; grey is worse than amber."""
        return _BADNESS.index(self)


_BADNESS = (Light.GREEN, Light.AMBER, Light.GREY, Light.RED)
WORST_FIRST = tuple(reversed(_BADNESS))


def worst(lights: Iterable[Light]) -> Light:
    """The worst of all; grey where there is none."""
    found = tuple(lights)
    return next((light for light in WORST_FIRST if light in found), Light.GREY)


class Sureness(Enum):
    """Where the knowledge behind a finding comes from."""

    REPORTED = "reported"
    MEASURED = "measured"
    TOLD = "told"
    CONCLUDED = "concluded"


SURENESS_WORDS: dict[Sureness, Sentence] = {
    Sureness.REPORTED: say("reported"),
    Sureness.MEASURED: say("measured"),
    Sureness.TOLD: say("told"),
    Sureness.CONCLUDED: say("concluded"),
}


@dataclass(frozen=True)
class Evidence:
    """One answer behind a finding. `at` is UTC, when the answer had arrived."""

    probe: str
    """Method and path, such as `GET /api/v3/time`."""
    host: str
    at: datetime
    said: str
    """What it said, in our shortest form: `enableWithdrawals=false`."""
    request_id: str = ""
    fingerprint: str = ""
    """Of the key that signed, within this run only; empty for public probes."""
    facts_date: str = ""
    """Date of the table by which the answer was read."""


@dataclass(frozen=True)
class Finding:
    """One line of the checklist."""

    rule: str
    """Slug of the bad state: `withdraw-on`."""
    light: Light
    sureness: Sureness
    title: Sentence
    detail: Sentence
    why: Sentence
    """Why it matters, in one sentence."""
    reason: str | None = None
    """Why it is grey, amber or red, as a slug; always set for grey."""
    required: bool = True
    """False: this exchange can never tell; shown, counted as not possible, holds nothing back."""
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None
    basis: str = ""
    """Digest of what the finding rests on, 16 hex digits: the same until something else is wrong."""
    acceptance: Acceptance | None = None
    """Set where the user accepted this very finding; the light stays what it is."""


@dataclass(frozen=True)
class Coverage:
    """How much of the checklist could be done."""

    done: int
    not_possible: int

    def __str__(self) -> str:
        checks = say("1 check done") if self.done == 1 else say("{n} checks done", n=self.done)
        if not self.not_possible:
            return checks
        return say("{checks}, {n} not possible", checks=checks, n=self.not_possible)


@dataclass(frozen=True)
class KeyReport:
    """One checkup of one key. `started_at` and `finished_at` are UTC."""

    label: str
    exchange: str
    exchange_name: str
    host: str
    hint: str
    intent: Intent
    facts: KeyFacts
    diagnosis: Diagnosis | None
    findings: tuple[Finding, ...]
    started_at: datetime
    finished_at: datetime
    practice: bool = False
    notes: tuple[Sentence, ...] = ()

    @property
    def light(self) -> Light:
        """The worst of all required findings; grey if there is none."""
        return worst(finding.light for finding in self.findings if finding.required)

    @property
    def coverage(self) -> Coverage:
        """Done and not possible, over everything on the list."""
        grey = sum(finding.light is Light.GREY for finding in self.findings)
        return Coverage(done=len(self.findings) - grey, not_possible=grey)

    def worst_first(self) -> list[Finding]:
        """For people: the worst on top; what this exchange cannot tell comes behind amber."""
        return sorted(self.findings, key=_urgency)

    def with_diagnosis(self, diagnosis: Diagnosis) -> KeyReport:
        """The same report after more was learned about the refusal; the light stays what it was."""
        findings = tuple(
            replace(
                f, title=diagnosis.title, detail=diagnosis.next_step, reason=diagnosis.code.value
            )
            if f.rule == "credentials-rejected"
            else f
            for f in self.findings
        )
        return replace(self, diagnosis=diagnosis, findings=findings)

    def open_ambers(self) -> list[Finding]:
        """Amber findings that nobody accepted."""
        ambers = [f for f in self.findings if f.light is Light.AMBER and f.required]
        return [f for f in ambers if f.acceptance is None]


def _urgency(finding: Finding) -> float:
    if not finding.required and finding.light is not Light.GREEN:
        return -0.5
    if finding.light is Light.AMBER and finding.acceptance is not None:
        return -0.9
    return -finding.light.badness


@dataclass(frozen=True)
class Report:
    """A whole run over any number of keys."""

    app_version: str
    facts_date: str
    started_at: datetime
    finished_at: datetime
    keys: tuple[KeyReport, ...]
    egress: EgressReport

    @property
    def light(self) -> Light:
        """The worst key; grey if there is none."""
        return worst(key.light for key in self.keys)


LIGHT_WORDS: dict[Light, Sentence] = {
    Light.GREEN: say("Safe"),
    Light.AMBER: say("Look"),
    Light.RED: say("Danger"),
    Light.GREY: say("Not checked"),
}
"""The fixed words; no other text is used for a verdict."""

LIGHT_COLOURS: dict[Light, Sentence] = {
    Light.GREEN: say("green"),
    Light.AMBER: say("amber"),
    Light.RED: say("red"),
    Light.GREY: say("grey"),
}
"""For the middle of a sentence about a light."""


def headline(key: KeyReport) -> Sentence:
    """The one sentence over a checklist: verdict and what it rests on."""
    match key.light:
        case Light.GREEN:
            return say(
                "Safe as far as {exchange} reports: {coverage}.",
                exchange=key.exchange_name,
                coverage=key.coverage,
            )
        case Light.AMBER:
            return say("Look at this before you start a bot: {coverage}.", coverage=key.coverage)
        case Light.RED:
            return say("Danger. Do not give this key to a bot: {coverage}.", coverage=key.coverage)
        case Light.GREY:
            return say(
                "Not checked completely. Do not start a bot on this: {coverage}.",
                coverage=key.coverage,
            )
