"""R1 to R7, B23, E10: lights, summaries, and the evidence that a green needs."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from factories import NOW, make_facts, make_key_report
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.egress import EgressReport
from latchlight.core.evaluate import evaluate
from latchlight.core.findings import (
    LIGHT_WORDS,
    Evidence,
    Finding,
    KeyReport,
    Light,
    Report,
    Sureness,
    headline,
    worst,
)
from latchlight.core.profile import Acceptance
from latchlight.core.purpose import Intent
from latchlight.core.records import replace
from latchlight.core.rules import RULES
from latchlight.core.sentences import say
from latchlight.core.situation import ClockReading, Situation
from latchlight.exchanges.binance import SPEC

ORDER = [Light.RED, Light.GREY, Light.AMBER, Light.GREEN]
TEXT = say("Something.")


def finding(light: Light, rule: str = "a-rule", **more: Any) -> Finding:
    return Finding(rule, light, Sureness.REPORTED, TEXT, TEXT, TEXT, **more)


def key(*findings: Finding) -> KeyReport:
    return replace(make_key_report(), findings=tuple(findings))


def report(*keys: KeyReport) -> Report:
    return Report("1", "2026-11-20", NOW, NOW, tuple(keys), EgressReport())


@pytest.mark.parametrize("many", range(1, 6))
def test_r5_the_summary_is_the_worst_of_all(many: int) -> None:
    for lights in itertools.product(Light, repeat=many):
        expected = next(light for light in ORDER if light in lights)
        assert worst(lights) is expected
        assert key(*map(finding, lights)).light is expected
        assert report(*(key(finding(light)) for light in lights)).light is expected


def test_b23_nothing_checked_is_grey() -> None:
    assert worst([]) is Light.GREY
    assert key().light is Light.GREY
    assert report().light is Light.GREY
    assert key(finding(Light.GREEN, required=False)).light is Light.GREY


def test_f06_what_cannot_be_told_holds_nothing_back_and_hides_nothing() -> None:
    hidden = finding(Light.GREY, required=False)
    assert key(finding(Light.GREEN), hidden).light is Light.GREEN
    assert key(finding(Light.RED), hidden).light is Light.RED


@pytest.mark.parametrize(
    ("lights", "words"),
    [
        ([Light.GREEN], "1 check done"),
        ([Light.GREEN, Light.RED], "2 checks done"),
        ([Light.GREEN] * 9 + [Light.GREY], "9 checks done, 1 not possible"),
        ([Light.GREY] * 3, "0 checks done, 3 not possible"),
    ],
)
def test_the_headline_carries_coverage(lights: list[Light], words: str) -> None:
    made = key(*map(finding, lights))
    assert str(made.coverage) == words
    assert words in headline(made)


@pytest.mark.parametrize("light", Light)
def test_g06_only_a_green_headline_sounds_safe(light: Light) -> None:
    text = headline(key(finding(light)))
    assert ("Safe" in text) is (light is Light.GREEN)
    assert [str(word) for word in LIGHT_WORDS.values()] == ["Safe", "Look", "Danger", "Not checked"]


def test_b28_the_green_headline_says_who_says_so() -> None:
    assert "as far as Binance reports" in headline(make_key_report())


def test_the_worst_finding_is_on_top() -> None:
    made = key(
        finding(Light.GREEN, "g"),
        finding(Light.AMBER, "a"),
        finding(Light.GREY, "optional", required=False),
        finding(Light.RED, "r"),
        finding(Light.GREY, "y"),
    )
    assert [f.rule for f in made.worst_first()] == ["r", "y", "a", "optional", "g"]


def test_with_diagnosis_never_makes_a_light_better() -> None:
    refused = make_key_report(Light.GREY)
    better = refused.with_diagnosis(Diagnosis(DiagnosisCode.WRONG_HOST, TEXT, TEXT))
    assert [f.light for f in better.findings] == [f.light for f in refused.findings]
    assert better.light is refused.light


# evaluation


def situation(**changes: Any) -> Situation:
    evidence = {
        "time": Evidence("GET /api/v3/time", "api.binance.com", NOW, "offset"),
        "key": Evidence("GET /sapi", "api.binance.com", NOW, "accepted"),
    }
    made = Situation(
        exchange=SPEC.traits,
        facts=make_facts(),
        diagnosis=None,
        clock=ClockReading(0.0, 10.0),
        egress=EgressReport(),
        intent=Intent(),
        now=NOW,
        evidence=evidence,
    )
    return replace(made, **changes)


def lights(made: Situation) -> dict[str, Light]:
    return {f.rule: f.light for f in evaluate(made)[0]}


def at(seconds_time: float, seconds_key: float) -> dict[str, Evidence]:
    base = situation().evidence
    moments = {"time": seconds_time, "key": seconds_key}
    return {n: replace(e, at=NOW + timedelta(seconds=moments[n])) for n, e in base.items()}


def test_fresh_evidence_lets_a_good_key_be_green() -> None:
    assert worst(f.light for f in evaluate(situation())[0] if f.required) is Light.GREEN


@pytest.mark.parametrize(
    ("time", "key_", "green"),
    [
        (0, 0, True),
        (-59, -1, True),
        (-60, 0, True),
        (-61, 0, False),
        (-61, -61, False),
        (-3600, 0, False),
        (0.9, 0.9, True),
        (1.5, 1.5, False),
        (86_400, 86_400, False),
        (0, 86_400, False),
        (-0.5, 60, False),
    ],
)
def test_e02_e04_e10_evidence_too_old_too_new_or_too_far_apart_is_grey(
    time: float, key_: float, green: bool
) -> None:
    made = lights(situation(evidence=at(time, key_)))
    assert (made["withdraw-on"] is Light.GREEN) is green
    assert (worst(made[r] for r in made if r != "whitelist-too-wide") is Light.GREEN) is green


@pytest.mark.parametrize("kept", [(), ("time",), ("key",)])
def test_r2_no_evidence_no_green(kept: tuple[str, ...]) -> None:
    some = {n: e for n, e in situation().evidence.items() if n in kept}
    made = lights(situation(evidence=some))
    assert worst(made.values()) is not Light.GREEN
    if "key" not in kept:
        resting = {r: made[r] for r in made if r != "clock-off"}
        assert Light.GREEN not in resting.values()


def test_red_and_amber_need_no_evidence() -> None:
    made = lights(situation(facts=make_facts(enableWithdrawals=True), evidence={}))
    assert made["withdraw-on"] is Light.RED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_b21_a_rule_that_raises_is_no_green(rule: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from latchlight.core import evaluate as module

    def raises(_: Situation) -> Any:
        raise ZeroDivisionError

    broken = tuple(replace(r, evaluate=raises) if r.id == rule.id else r for r in RULES)
    monkeypatch.setattr(module, "RULES", broken)
    with pytest.raises(ZeroDivisionError):
        evaluate(situation())


def test_r7_every_grey_has_a_reason_and_a_next_step() -> None:
    from latchlight.core.facts import KeyFacts

    greys = evaluate(situation(facts=KeyFacts(), evidence={}, clock=None))[0]
    assert len(greys) >= 12
    for found in greys:
        assert found.light is Light.GREY
        assert found.reason
        assert len(found.detail) > 20


def test_every_rule_id_is_a_slug_of_its_own() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert all(name.replace("-", "").isalpha() and name.islower() for name in ids)
    assert all(str(rule.why).endswith(".") for rule in RULES)


def acceptance(rule: str, made: Situation, days: float = 10) -> Acceptance:
    """Of what the rule finds in this situation."""
    basis = next((f.basis for f in evaluate(made)[0] if f.rule == rule), "0" * 16)
    return Acceptance("bot", rule, "f" * 32, "I know", NOW + timedelta(days=days), basis)


def accepted(made: Situation, *given: Acceptance) -> list[str]:
    return [f.rule for f in evaluate(made, given)[0] if f.acceptance is not None]


AMBER = {"enableFutures": True}


def test_f10_an_amber_finding_can_be_accepted_until_its_date() -> None:
    made = situation(facts=make_facts(**AMBER))
    assert accepted(made, acceptance("more-than-purpose", made)) == ["more-than-purpose"]
    assert accepted(made, acceptance("more-than-purpose", made, -0.001)) == []
    assert accepted(made, acceptance("withdraw-on", made)) == []


@pytest.mark.parametrize(
    "changes", [{"enableWithdrawals": True}, {"enableWithdrawals": None}, {"ipRestrict": False}]
)
def test_f10_red_and_grey_cannot_be_accepted(changes: dict[str, Any]) -> None:
    made = situation(facts=make_facts(**changes))
    given = [acceptance(rule.id, made) for rule in RULES]
    for found in evaluate(made, tuple(given))[0]:
        assert found.acceptance is None or found.light is Light.AMBER


def test_an_acceptance_changes_no_light() -> None:
    made = situation(facts=make_facts(**AMBER))
    before = [f.light for f in evaluate(made)[0]]
    after = [f.light for f in evaluate(made, (acceptance("more-than-purpose", made),))[0]]
    assert before == after
