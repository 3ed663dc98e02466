"""Only what an exchange documents as "there is no such key" proves that a key is dead.

Every refusal of the samples goes the whole way of the product, as the answer to a key that was
accepted here before, while the new key is accepted at the same moment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from exchange_samples import Refusal
from latchlight.core.diagnosis import Cause, Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.facts import KeyFacts
from latchlight.core.findings import KeyReport
from latchlight.core.proof_of_death import Answered, Death, Hearing, hear
from latchlight.core.sentences import say
from latchlight.exchanges import EXCHANGES

from .contract import KNOWN, OWN, Exchange, each, each_exchange

DOCUMENTED = {
    ("bybit", "10003"),
    ("okx", "50119"),
    ("kucoin", "400003"),
    ("gate", "INVALID_KEY"),
    ("bitget", "40006"),
    ("bitget", "40037"),
    ("bitget", "40041"),
}
"""The exchanges' own documents, by the table of each: "API key is invalid", "API key doesn't exist",
"KC-API-KEY does not exist", "Invalid API Key", "Invalid ACCESS_KEY", "Apikey does not exist"."""

STILL_THERE = {
    DiagnosisCode.IP_NOT_WHITELISTED,
    DiagnosisCode.PERMISSION_MISSING,
    DiagnosisCode.KEY_FROZEN,
    DiagnosisCode.KEY_EXPIRED,
}
OF_THE_LINE = (
    DiagnosisCode.OFFLINE,
    DiagnosisCode.NAME_NOT_FOUND,
    DiagnosisCode.TIMEOUT,
    DiagnosisCode.TLS_UNTRUSTED,
    DiagnosisCode.REDIRECTED,
    DiagnosisCode.CLOCK_OFF,
    DiagnosisCode.RATE_LIMITED,
    DiagnosisCode.ADDRESS_BANNED,
    DiagnosisCode.REGION_BLOCKED,
    DiagnosisCode.FIREWALL_BLOCKED,
    DiagnosisCode.MAINTENANCE,
    DiagnosisCode.EXCHANGE_FAULT,
    DiagnosisCode.UNREADABLE_ANSWER,
    DiagnosisCode.KEYRING_LOCKED,
)


def witness(exchange: Exchange) -> KeyReport:
    """The new key, accepted."""
    return replace(exchange.best, hint="…NeW1")


def before(old: KeyReport, *, days: float = 1, seen_from: str = OWN) -> Answered:
    return Answered(old.finished_at - timedelta(days=days), old.host, seen_from)


def heard(exchange: Exchange, old: KeyReport, **changed: object) -> Hearing:
    """With everything that speaks for a proof, but for `changed`."""
    given: dict[str, object] = {
        "new": witness(exchange),
        "before": before(old),
        "gone_codes": exchange.spec.traits.gone_codes,
        "here": OWN,
    }
    return hear(old, **(given | changed))  # type: ignore[arg-type]


def unknown_key(exchange: Exchange, code: str) -> KeyReport:
    """The old key, refused as unknown with this code."""
    cause = Cause(DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY, say("gone"), say("look"))
    diagnosis = Diagnosis(
        DiagnosisCode.KEY_UNKNOWN, say("no"), say("look"), (cause,), exchange_code=code
    )
    return replace(exchange.best, diagnosis=diagnosis, facts=KeyFacts())


@each(lambda exchange: exchange.samples.refusals, "refusal")
def test_only_a_documented_word_for_no_such_key_is_a_proof(
    exchange: Exchange, refusal: Refusal
) -> None:
    old = exchange.with_refusal(refusal)
    if old.facts.accepted:
        return  # one of several questions, which the key may be refused
    assert old.diagnosis is not None
    code = (exchange.spec.id, old.diagnosis.exchange_code)
    proves = code in DOCUMENTED and old.diagnosis.code is DiagnosisCode.KEY_UNKNOWN
    found = heard(exchange, old)
    assert (found.death is Death.PROVED) is proves
    if old.diagnosis.code in STILL_THERE:
        assert found.death is Death.THERE
    if old.diagnosis.code in OF_THE_LINE:
        assert found.death is Death.OPEN


@each(lambda exchange: exchange.samples.refusals, "refusal")
def test_without_the_new_key_beside_it_nothing_is_proved(
    exchange: Exchange, refusal: Refusal
) -> None:
    old = exchange.with_refusal(refusal)
    for nobody in (None, replace(exchange.with_refusal(refusal), hint="…NeW1")):
        found = heard(exchange, old, new=nobody).death
        assert found in (Death.OPEN, Death.THERE, Death.ALIVE)


def test_every_code_that_is_taken_for_a_proof_is_in_the_table_and_in_the_samples() -> None:
    taken = {(id, code) for id, spec in EXCHANGES.items() for code in spec.traits.gone_codes}
    assert taken == DOCUMENTED
    sampled = set()
    for exchange in KNOWN.values():
        for refusal in exchange.samples.refusals:
            diagnosis = exchange.with_refusal(refusal).diagnosis
            if diagnosis is not None and diagnosis.code is DiagnosisCode.KEY_UNKNOWN:
                sampled.add((exchange.spec.id, diagnosis.exchange_code))
    assert taken <= sampled
    assert sampled - taken == {("binance", "-2008"), ("htx", "api-signature-not-valid")}


@each_exchange
@pytest.mark.parametrize("code", list(DiagnosisCode), ids=lambda code: code.value)
def test_no_other_diagnosis_proves_anything_whatever_its_code_says(
    exchange: Exchange, code: DiagnosisCode
) -> None:
    """Also with a code in it that would prove it elsewhere: tables may be read wrongly one day."""
    for gone in exchange.spec.traits.gone_codes:
        old = unknown_key(exchange, gone)
        assert heard(exchange, old).death is Death.PROVED
        assert old.diagnosis is not None
        other = replace(old, diagnosis=replace(old.diagnosis, code=code))
        proves = code is DiagnosisCode.KEY_UNKNOWN
        assert (heard(exchange, other).death is Death.PROVED) is proves


@each_exchange
def test_what_is_answered_to_an_unsigned_question_is_not_about_the_key(exchange: Exchange) -> None:
    """However it reads: the time is asked without the key."""
    for refusal in exchange.samples.refusals:
        of_time = exchange.spec.time_probe.path
        old = exchange.report({**exchange.script(), of_time: exchange.refused(refusal)})
        assert heard(exchange, old).death in (Death.OPEN, Death.ALIVE)


@each_exchange
def test_a_key_that_is_accepted_lives(exchange: Exchange) -> None:
    assert heard(exchange, exchange.best).death is Death.ALIVE
    assert heard(exchange, exchange.best, new=None, before=None).death is Death.ALIVE


@each_exchange
def test_the_proof_needs_an_acceptance_at_the_same_host_and_the_new_key_beside_it(
    exchange: Exchange,
) -> None:
    for gone in exchange.spec.traits.gone_codes:
        old, new = unknown_key(exchange, gone), witness(exchange)
        late = old.finished_at + timedelta(seconds=61)
        elsewhere = replace(before(old), host="elsewhere.example")
        for missing in (
            {"before": None},
            {"before": elsewhere},
            {"new": None},
            {"new": replace(new, facts=KeyFacts())},
            {"new": replace(new, host="elsewhere.example")},
            {"new": replace(new, exchange="another")},
            {"new": replace(new, hint=old.hint)},
            {"new": replace(new, started_at=late, finished_at=late)},
        ):
            assert heard(exchange, old, **missing).death is Death.OPEN, missing
        assert heard(exchange, old, here="").death is Death.PROVED


def ambiguous(exchange: Exchange) -> list[KeyReport]:
    """Refusals for one of several reasons, the death of the key among them."""
    several = (DiagnosisCode.KEY_IP_OR_PERMISSION, DiagnosisCode.UNAUTHORIZED)
    refused = [exchange.with_refusal(refusal) for refusal in exchange.samples.refusals]
    return [
        old
        for old in refused
        if old.diagnosis and old.diagnosis.code in several and _may_be_gone(old.diagnosis)
    ]


def _may_be_gone(diagnosis: Diagnosis) -> bool:
    return any(cause.code is DiagnosisCode.KEY_UNKNOWN for cause in diagnosis.causes)


def test_there_are_ambiguous_refusals_at_these_exchanges() -> None:
    assert {id for id, exchange in KNOWN.items() if ambiguous(exchange)} >= {
        "binance",
        "coinbase",
        "gate",
        "htx",
    }


@each_exchange
def test_an_ambiguous_refusal_fits_at_most_and_only_from_where_the_key_was_let_in_lately(
    exchange: Exchange,
) -> None:
    for old in ambiguous(exchange):
        assert heard(exchange, old).death is Death.FITS
        for elsewhere in (
            {"here": ""},
            {"here": "198.51.100.9"},
            {"before": None},
            {"before": before(old, days=8)},
            {"before": before(old, days=-1)},
            {"before": before(old, seen_from="")},
            {"before": replace(before(old), host="elsewhere.example")},
            {"new": None},
        ):
            assert heard(exchange, old, **elsewhere).death is Death.OPEN, elsewhere


def test_a_key_that_binance_lets_in_at_another_question_is_there() -> None:
    """-2015 of the one family and an accepted answer of the other: only a right is missing."""
    exchange = KNOWN["binance"]
    old = unknown_key(exchange, "-2015")
    assert old.diagnosis is not None
    only = Cause(DiagnosisCode.PERMISSION_MISSING, Likelihood.LIKELY, say("a right"), say("look"))
    narrowed = replace(old.diagnosis, code=DiagnosisCode.KEY_IP_OR_PERMISSION, causes=(only,))
    assert heard(exchange, replace(old, diagnosis=narrowed)).death is Death.THERE


@each_exchange
def test_every_answer_says_what_to_do(exchange: Exchange) -> None:
    for refusal in exchange.samples.refusals:
        found = heard(exchange, exchange.with_refusal(refusal))
        assert found.title.endswith(".")
        assert len(found.detail) > 40
        assert "{" not in found.detail
