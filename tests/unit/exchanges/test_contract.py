"""Every exchange: what its samples say has to come out of the whole way of the product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from answer_mutations import at, parts, text_of
from exchange_samples import (
    ORIGINS,
    Accepted,
    Refusal,
    samples,
)
from latchlight.core.facts import Environment, Fact, Known, Permission, Readable
from latchlight.core.findings import Light
from latchlight.exchanges import EXCHANGES
from scripted_exchange import rules

from .contract import BAD, OWN, Exchange, each, each_exchange


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_exchange_brings_its_samples(name: str) -> None:
    told = samples(name)
    assert told.accepted
    assert told.refusals
    assert told.schemes
    assert told.requests


@each(lambda exchange: exchange.samples.accepted, "sample")
def test_accepted_answers_get_their_light(exchange: Exchange, sample: Accepted) -> None:
    report = exchange.report_of(sample)
    told = rules(report)
    assert {rule: told.get(rule) for rule in sample.rules} == dict(sample.rules)
    permissions = {
        name: known(report.facts.permission(Permission(name))) for name in sample.permissions
    }
    assert permissions == dict(sample.permissions)
    if sample.tells_whitelist:
        assert known(report.facts.whitelist_on) == sample.whitelist_on
    assert report.light.value == sample.light


def known(fact: Fact[bool]) -> bool | None:
    return fact.value if isinstance(fact, Known) else None


@each_exchange
def test_the_well_kept_key_has_the_best_light(exchange: Exchange) -> None:
    lights = [Light(sample.light) for sample in exchange.samples.accepted]
    assert min(light.badness for light in lights) == exchange.best.light.badness
    assert exchange.best.light in (Light.GREEN, Light.AMBER)
    assert {Light.RED, Light.GREY} <= set(lights)


@each(lambda exchange: exchange.samples.refusals, "refusal")
def test_refusals_get_their_diagnosis(exchange: Exchange, refusal: Refusal) -> None:
    report = exchange.with_refusal(refusal)
    assert report.diagnosis is not None
    assert report.diagnosis.code.value == refusal.diagnosis
    assert report.diagnosis.seen_address == refusal.seen_address
    assert report.diagnosis.http_status == refusal.status
    assert report.diagnosis.title
    assert report.diagnosis.next_step
    assert report.light.value == refusal.light
    assert not report.facts.accepted
    assert exchange.green_about_the_key(report) == []


@each_exchange
def test_h01_every_sample_says_how_it_is_founded(exchange: Exchange) -> None:
    told = exchange.samples
    founded: list[Any] = [*told.schemes, *told.requests, *told.accepted, *told.refusals]
    assert {one.origin for one in founded} <= ORIGINS
    assert any(sample.origin == "documented" for sample in told.accepted)
    for group in (told.schemes, told.requests, told.accepted, told.refusals):
        names = [one.name for one in group]
        assert len(set(names)) == len(names)


@each_exchange
def test_h01_every_place_that_the_samples_name_is_there(exchange: Exchange) -> None:
    """A slip in `fields.json` would switch tests off."""
    fields = exchange.samples.fields
    numbers = range(len(exchange.bodies))
    words = [place.path for place in fields.word_lists]
    told = (*fields.harmless, *words, *fields.flags_under, *fields.other_forms)
    assert [t for t in told if not any(exchange.named(n, [t]) for n in numbers)] == []
    for number in numbers:
        body = exchange.bodies[number]
        harmless = exchange.named(number, fields.harmless)
        lists = [path for path in parts(body) if OWN in str(at(body, path))]
        counts = [
            *exchange.named(number, words),
            *(p for p in lists if isinstance(at(body, p), str)),
        ]
        for path in counts:
            assert not [h for h in harmless if path[: len(h)] == h], text_of(path)


@each_exchange
def test_a21_a_test_network_is_never_fine(exchange: Exchange) -> None:
    for host in exchange.spec.hosts:
        report = exchange.report(exchange.script(), host=host.name)
        assert report.host == host.name
        if host.environment in (Environment.TESTNET, Environment.DEMO):
            assert report.light in BAD
            assert rules(report)["wrong-environment"] == "grey"


@each_exchange
def test_b12_the_samples_show_each_danger(exchange: Exchange) -> None:
    """At the least a key that withdraws, and one that works from anywhere where that is told."""
    seen = {
        (rule, light)
        for sample in exchange.samples.accepted
        for rule, light in sample.rules.items()
    }
    assert ("withdraw-on", "red") in seen
    assert ("unknown-permission-on", "grey") in seen
    if exchange.spec.readable is not Readable.NONE:
        assert ("whitelist-off", "red") in seen


@each_exchange
def test_b13_every_documented_word_is_classified(exchange: Exchange) -> None:
    for sample in exchange.samples.accepted:
        if sample.origin == "documented" and sample.rules.get("unknown-permission-on") != "grey":
            unknown = exchange.report_of(sample).facts.unknown_rights
            assert not (isinstance(unknown, Known) and unknown.value), sample.name


def test_the_table_of_exchanges_is_what_the_tests_run_over() -> None:
    """The same names in the table, in the specs and in the traits that the rules see."""
    names: Sequence[str] = list(EXCHANGES)
    assert [spec.id for spec in EXCHANGES.values()] == names
    assert [spec.traits.id for spec in EXCHANGES.values()] == names
    assert [spec.traits.name for spec in EXCHANGES.values()] == [
        spec.name for spec in EXCHANGES.values()
    ]
