"""From a situation to findings: the one place where a light is decided."""

from __future__ import annotations

import hashlib

from latchlight.core.facts import KeyFacts, Permission, Right
from latchlight.core.findings import Evidence, Finding, Light, Sureness
from latchlight.core.fixes import DrawnControl, DrawnKind, Fix, PageGuide, with_boxes
from latchlight.core.limits import LIMITS
from latchlight.core.profile import Acceptance
from latchlight.core.records import replace
from latchlight.core.rules import RULES
from latchlight.core.rules.rule import NotApplicable, Outcome, Rule
from latchlight.core.sentences import PageLabel, Sentence, say
from latchlight.core.situation import Situation


def evaluate(
    situation: Situation, acceptances: tuple[Acceptance, ...] = ()
) -> tuple[tuple[Finding, ...], tuple[Sentence, ...]]:
    """All findings in the order of RULES, and notes that carry no light. Pure."""
    findings: list[Finding] = []
    notes: list[Sentence] = []
    for rule in RULES:
        answer = rule.evaluate(situation)
        if isinstance(answer, NotApplicable):
            if answer.note is not None:
                notes.append(answer.note)
            continue
        findings.append(_finding(rule, _checked(answer, situation), situation, acceptances))
    return tuple(findings), tuple(notes)


def _checked(outcome: Outcome, situation: Situation) -> Outcome:
    """A green needs evidence of this run, close together; else it is grey whatever the rule says."""
    if outcome.light is not Light.GREEN or not outcome.probes:
        return outcome
    have = [situation.evidence[p] for p in outcome.probes if p in situation.evidence]
    if not have:
        return _without_evidence(outcome, "no-evidence")
    moments = [evidence.at for evidence in situation.evidence.values()]
    if (max(moments) - min(moments)).total_seconds() > LIMITS.evidence_span_seconds:
        return _without_evidence(outcome, "evidence-span")
    oldest = (situation.now - min(moments)).total_seconds()
    if not -1.0 <= oldest <= LIMITS.evidence_span_seconds:
        return _without_evidence(outcome, "evidence-old")
    return outcome


def _without_evidence(outcome: Outcome, reason: str) -> Outcome:
    return replace(
        outcome,
        light=Light.GREY,
        sureness=Sureness.CONCLUDED,
        title=say("Could not be confirmed: {title}", title=outcome.title),
        detail=say("The answers behind this lie too far apart or are missing. Check again."),
        reason=reason,
    )


_GREY_WITH_STEPS = ("unknown-permission", "not-told", "clock-off")
"""Reasons of a grey that the user can end on the exchange's page or on this computer."""


def _finding(
    rule: Rule, outcome: Outcome, situation: Situation, acceptances: tuple[Acceptance, ...]
) -> Finding:
    basis = _basis(rule.id, outcome, situation)
    return Finding(
        rule=rule.id,
        light=outcome.light,
        sureness=outcome.sureness,
        title=outcome.title,
        detail=outcome.detail,
        why=rule.why,
        reason=outcome.reason or (None if outcome.light is Light.GREEN else rule.id),
        required=outcome.required,
        evidence=_evidence(outcome, situation),
        fix=_fix(rule, outcome, situation),
        basis=basis,
        acceptance=_acceptance(rule.id, basis, outcome, situation, acceptances),
    )


def _fix(rule: Rule, outcome: Outcome, situation: Situation) -> Fix | None:
    """The steps that help against exactly this; none where only waiting or a better line helps."""
    fixes, diagnosis = situation.exchange.fixes, situation.diagnosis
    if outcome.light is Light.GREEN:
        return None
    if rule.id == "credentials-rejected" and diagnosis is not None:
        # Where only one cause remains, its cure and not that of the ambiguous answer.
        only = diagnosis.causes[0].code if len(diagnosis.causes) == 1 else diagnosis.code
        return fixes.get(only.value)
    if outcome.light is Light.GREY and outcome.reason not in _GREY_WITH_STEPS:
        return None
    fix = fixes.get(rule.id)
    if fix is None:
        return None
    return with_boxes(fix, _boxes(rule.id, outcome, situation.facts, situation.exchange.guide))


_OF_RIGHTS = {
    "withdraw-on": (Permission.WITHDRAW,),
    "transfer-on": (Permission.INTERNAL_TRANSFER,),
    "more-than-purpose": (),
    "less-than-purpose": (),
}
"""Rules about single boxes of the page, and whose boxes these are where the outcome names none."""


def _boxes(
    rule_id: str, outcome: Outcome, facts: KeyFacts, guide: PageGuide
) -> tuple[DrawnControl, ...]:
    """The rights that a finding is about, each as it should stand at the end."""
    permissions = _OF_RIGHTS.get(rule_id)
    if permissions is None or outcome.light is Light.GREY:
        return ()
    names = {name.rstrip("?~") for name in outcome.basis}
    named = [r for r in facts.rights if r.name in names]
    if rule_id == "more-than-purpose":
        # What an amber rests on may serve the purpose as well: that one stays.
        named = [r for r in named if r.name in outcome.fields]
    elif permissions:
        # What an amber rests on may be more than its own boxes.
        named = [r for r in named if r.gives(*permissions)] or facts.granted(*permissions)
    on = rule_id == "less-than-purpose"
    return tuple(
        DrawnControl(right.name, DrawnKind.BOX, _label(right, guide), on)
        for right in {right.name: right for right in named}.values()
    )


def _label(right: Right, guide: PageGuide) -> PageLabel:
    return guide.labels.get(right.name) or PageLabel.of(right.label)


def _evidence(outcome: Outcome, situation: Situation) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    for probe in outcome.probes:
        evidence = situation.evidence.get(probe)
        if evidence is None:
            continue
        said = ", ".join(
            situation.facts.said[f] for f in outcome.fields if f in situation.facts.said
        )
        found.append(replace(evidence, said=said) if said else evidence)
    return (*found, *outcome.earlier)


def _basis(rule_id: str, outcome: Outcome, situation: Situation) -> str:
    """The same for the same thing found, in whatever order; another one as soon as there is more."""
    purpose = situation.intent.purpose.value
    parts = (rule_id, outcome.reason or "", purpose, *sorted(set(outcome.basis)))
    # No name holds the separator, so two different lists never give one text.
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _acceptance(
    rule_id: str,
    basis: str,
    outcome: Outcome,
    situation: Situation,
    acceptances: tuple[Acceptance, ...],
) -> Acceptance | None:
    """Only an amber finding can be accepted, only as it was then, for this key, until its date."""
    if outcome.light is not Light.AMBER:
        return None
    for acceptance in acceptances:
        same = acceptance.rule == rule_id and acceptance.basis == basis
        if same and acceptance.until > situation.now:
            return acceptance
    return None
