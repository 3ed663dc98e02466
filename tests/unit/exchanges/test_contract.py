"""Every exchange: signatures, samples, questions, statements, and the way out of what is found."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from answer_mutations import at, other_types, parts, put, text_of
from exchange_samples import (
    ORIGINS,
    Accepted,
    Key,
    Refusal,
    RequestVector,
    SchemeVector,
    TimeSample,
    samples,
)
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.facts import Environment, Fact, Known, Permission, Readable
from latchlight.core.findings import KeyReport, Light
from latchlight.core.records import replace
from latchlight.exchanges import EXCHANGES, signing
from latchlight.exchanges.spec import OPTIONAL_TOPICS, Probe, SignedRequest, SourceCertainty, Topic
from latchlight.report.as_json import as_json
from scripted_exchange import NOW_MS, NoMemory, heard, judged, rules, services

from .contract import EGRESS, Exchange, answer, each, each_exchange, later, none_of


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_exchange_brings_its_samples(name: str) -> None:
    told = samples(name)
    assert told.accepted
    assert told.refusals
    assert told.schemes
    assert told.requests


# signatures


def sign(exchange: Exchange, key: Key, probe: Probe, host: str, now_ms: int) -> SignedRequest:
    place = exchange.spec.host(host)
    assert place is not None
    return exchange.spec.sign(key.credentials(), probe, place, now_ms)


def probe_of(exchange: Exchange, name: str) -> Probe:
    return next(p for p in exchange.spec.probes() if p.name == name)


@each(lambda exchange: exchange.samples.schemes, "vector")
def test_signatures_are_the_published_ones(exchange: Exchange, vector: SchemeVector) -> None:
    signature = _signed(vector)
    if isinstance(signature, bytes):
        forms = {base64.b64encode(signature), base64.urlsafe_b64encode(signature).rstrip(b"=")}
        assert vector.signature.encode() in forms
    else:
        assert signature == vector.signature


def _signed(vector: SchemeVector) -> Any:
    scheme, secret = getattr(signing, vector.scheme), Secret(vector.secret)
    if vector.scheme == "signed_passphrase":
        phrase = Secret(vector.payload)
        return scheme(Credentials(Secret("key"), secret, KeyKind.HMAC, phrase))
    if "credentials" in inspect.signature(scheme).parameters:
        kind = signing.kind_of_secret(secret)
        return scheme(Credentials(Secret("key"), secret, kind), vector.payload)
    return scheme(secret, vector.payload)


@each(lambda exchange: exchange.samples.requests, "vector")
def test_whole_requests_are_signed_as_documented(exchange: Exchange, vector: RequestVector) -> None:
    probe = probe_of(exchange, vector.probe)
    made = sign(exchange, vector.key, probe, vector.host, vector.now_ms)
    headers = dict(made.headers)
    assert made.query == vector.query
    assert {name: headers.get(name) for name in vector.headers} == dict(vector.headers)
    assert len(headers) == len(made.headers)


def keys_of(exchange: Exchange) -> dict[tuple[str, str], Key]:
    every = [*exchange.samples.accepted, *exchange.samples.requests]
    return {(one.key.secret, one.key.kind): one.key for one in every}


def another_secret(key: Key) -> str:
    """Of the same shape."""
    if key.kind == "hmac":
        return key.secret[:-1] + ("0" if key.secret[-1] != "0" else "1")
    if key.secret.startswith("-----BEGIN"):
        return fresh_private_key(KeyKind(key.kind))
    return base64.b64encode(bytes(range(32))).decode()


@cache
def fresh_private_key(kind: KeyKind) -> str:
    """One more of the kind, as PEM."""
    made: PrivateKeyTypes
    if kind is KeyKind.RSA:
        made = rsa.generate_private_key(65537, 2048)
    elif kind is KeyKind.ED25519:
        made = ed25519.Ed25519PrivateKey.generate()
    else:
        made = ec.generate_private_key(ec.SECP256R1())
    as_pem = (form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    return made.private_bytes(*as_pem).decode()


def signed_probes(exchange: Exchange) -> list[tuple[Probe, str]]:
    hosts = exchange.spec.hosts
    every = [(p, hosts[0].name) for p in exchange.spec.probes() if p.signed]
    return every + [(h.probe, h.name) for h in hosts if h.probe is not None]


@each_exchange
def test_another_secret_gives_another_signature(exchange: Exchange) -> None:
    for key in keys_of(exchange).values():
        other = Key(key.api_key, another_secret(key), key.passphrase, key.kind)
        for probe, host in signed_probes(exchange):
            first = sign(exchange, key, probe, host, NOW_MS)
            second = sign(exchange, other, probe, host, NOW_MS)
            assert (first.query, first.headers) != (second.query, second.headers)


@each_exchange
def test_s1_nothing_of_the_secret_is_sent(exchange: Exchange) -> None:
    documented = {h for v in exchange.samples.requests for h in v.headers.values()}
    plain = {v.key.passphrase for v in exchange.samples.requests} & documented
    for sample in exchange.samples.accepted:
        for probe, host in signed_probes(exchange):
            made = sign(exchange, sample.key, probe, host, NOW_MS)
            sent = made.query + "".join(name + value for name, value in made.headers)
            assert not [part for part in windows(sample.key.secret) if part in sent]
            if not plain and sample.key.passphrase is not None:
                assert sample.key.passphrase not in sent
        for probe in exchange.spec.probes():
            assert not [part for part in windows(sample.key.secret) if part in str(probe.query)]


def windows(secret: str, length: int = 10) -> Iterator[str]:
    """Every piece of a secret, also as base64 and in a query."""
    lines = [line for line in secret.splitlines() if "-----" not in line]
    for text in (*lines, base64.b64encode(secret.encode()).decode()):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]
            yield quote(text[start : start + length], safe="")


# samples


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
    named = (*fields.harmless, *(w.path for w in fields.word_lists), *fields.flags_under)
    missing = [t for t in named if not any(exchange.named(n, [t]) for n in numbers)]
    assert missing == []
    for number in numbers:
        harmless = exchange.named(number, fields.harmless)
        words = exchange.named(number, [w.path for w in fields.word_lists])
        lists = [
            p for p in parts(exchange.bodies[number]) if p == _own_address(exchange, number, p)
        ]
        for path in (*words, *lists):
            assert not [h for h in harmless if path[: len(h)] == h], text_of(path)


def _own_address(exchange: Exchange, number: int, path: tuple[str | int, ...]) -> Any:
    from .contract import OWN

    value = at(exchange.bodies[number], path)
    return path if isinstance(value, str) and OWN in value else None


@each_exchange
def test_s1_no_report_holds_key_secret_or_passphrase(exchange: Exchange) -> None:
    for sample in exchange.samples.accepted:
        told = everything(exchange.report_of(sample))
        assert not [part for part in windows(sample.key.secret) if part in told]
        assert sample.key.api_key not in told
        if sample.key.passphrase is not None:
            assert sample.key.passphrase not in told
    for refusal in exchange.samples.refusals:
        assert exchange.well_kept.key.api_key not in everything(exchange.with_refusal(refusal))


def everything(report: KeyReport) -> str:
    from latchlight.core.findings import Report

    whole = Report("1", "2026-11-20", report.started_at, report.finished_at, (report,), EGRESS)
    return as_json(whole) + repr(report)


# time

MOMENTS = (NOW_MS, NOW_MS + 1000, 1_499_827_319_000, 2_000_000_000_000)


@each_exchange
def test_the_time_is_read_as_documented(exchange: Exchange) -> None:
    told = exchange.samples.time
    assert read_time(exchange, told.answer) == told.ms
    assert [read_time(exchange, told.filled(ms)) for ms in MOMENTS] == list(MOMENTS)


def read_time(exchange: Exchange, body: Any, status: int = 200) -> int | None:
    said = answer(body, exchange.spec.time_probe, status)
    return None if exchange.spec.diagnose(said) is not None else exchange.spec.read_time(said)


def marks(told: TimeSample) -> list[tuple[str | int, ...]]:
    places = parts(told.template)
    return [p for p in places if str(at(told.template, p)).startswith("$")]


@each_exchange
def test_bo09_a_time_in_another_form_is_none(exchange: Exchange) -> None:
    """Where a second field also tells it, the true time may come from there, never another one."""
    told = exchange.samples.time
    body = told.filled(NOW_MS)
    read_from = [p for p in marks(told) if read_time(exchange, put(body, p, None)) is None]
    assert read_from
    for path in marks(told):
        allowed = {None} if path in read_from else {None, NOW_MS}
        for how, value in (*other_types(at(body, path)), *_odd_times()):
            if how != "huge":  # of the documented form: see the next test
                told_ms = read_time(exchange, put(body, path, value))
                assert told_ms in allowed, (text_of(path), how)


def _odd_times() -> Iterator[tuple[str, Any]]:
    for text in ("-1", "0", "1e12", " 1", "soon", "\uff11" * 13, "1" * 400, "0x1", "2026-11-20"):
        yield text[:20], text
    for number in (-1, 0, 0.5, float(10**12), -(2**63)):
        yield str(number)[:20], number


ABSURD_MS = (0, 1, 10**9, 10**13, 253_402_300_800_000, 10**15 - 1, 10**15, 10**18, 10**30, 10**60)


@each_exchange
def test_bo09_an_absurd_time_is_grey_and_no_crash(exchange: Exchange) -> None:
    told = exchange.samples.time
    for ms in ABSURD_MS:
        body = told.filled(NOW_MS)
        for path in marks(told):
            body = put(body, path, _absurd(at(told.template, path), ms, at(body, path)))
        script = exchange.script() | {exchange.spec.time_probe.path: heard(body)}
        report = exchange.report(script)
        assert report.light in (Light.GREY, Light.RED), ms
        assert rules(report)["clock-off"] == "grey", ms


def _absurd(mark: str, ms: int, now: Any) -> Any:
    """What no date can hold is told in the fields that are numbers."""
    if mark == "$ISO":
        return now
    per = {"$S": 1 / 1000, "$MS": 1, "$US": 1000, "$NS": 1_000_000}[mark.removesuffix("_TEXT")]
    value = ms // 1000 if per < 1 else ms * int(per)
    return str(value) if mark.endswith("_TEXT") else value


@pytest.mark.parametrize("body", [None, [], {}, "ok", 0, True, "", [[]], {"data": []}, [{}]])
@each_exchange
def test_bo09_no_time_is_read_from_another_answer(exchange: Exchange, body: Any) -> None:
    said = answer(body, exchange.spec.time_probe)
    assert exchange.spec.read_time(said) is None


# questions


@each_exchange
def test_p4_exactly_the_listed_questions_are_asked(exchange: Exchange) -> None:
    allowed = {probe.path for probe in exchange.spec.probes()}
    assert all(str(probe) == f"GET {probe.path}" for probe in exchange.spec.probes())
    assert set(asked_everywhere(exchange)) == allowed


def asked_everywhere(exchange: Exchange) -> Iterator[str]:
    """The paths of all questions over all samples, at all hosts."""
    for sample in exchange.samples.accepted:
        for host in {sample.host, *(h.name for h in exchange.spec.hosts)}:
            yield from asked(exchange, exchange.script(sample), sample, host)
    for refusal in exchange.samples.refusals:
        said = {**exchange.script(), exchange.path_of(refusal): exchange.refused(refusal)}
        yield from asked(exchange, said, exchange.well_kept, "")


def asked(exchange: Exchange, script: dict[str, Any], sample: Accepted, host: str) -> list[str]:
    around = services(script, given_store=NoMemory())
    judged(exchange.request(sample, host), around, EGRESS)
    paths: list[str] = around.client().paths()
    return paths


@each_exchange
def test_p4_nothing_but_the_listed_questions_is_allowed(exchange: Exchange) -> None:
    spec = exchange.spec
    for probe in spec.probes():
        for host in spec.hosts:
            assert spec.allows(host.server, probe.path)
            for other in (f"{host.server}.evil.example", host.server.upper(), f"{host.server}:443"):
                assert not spec.allows(other, probe.path)
            for path in (probe.path + "/", probe.path.upper(), probe.path + "/..", "/", ""):
                assert not spec.allows(host.server, path)


@each_exchange
def test_the_time_is_asked_without_key_and_first(exchange: Exchange) -> None:
    around = services(exchange.script(), given_store=NoMemory())
    judged(exchange.request(), around, EGRESS)
    client = around.client()
    assert client.paths()[0] == exchange.spec.time_probe.path
    assert client.queries[0][1] == {}
    assert exchange.well_kept.key.api_key not in client.queries[0][0]
    assert not exchange.spec.time_probe.signed


# statements


@each_exchange
def test_l16_something_is_said_once_on_every_topic(exchange: Exchange) -> None:
    topics = [stated.topic for stated in exchange.spec.statements]
    for topic in Topic:
        assert topic in OPTIONAL_TOPICS or topics.count(topic) == 1, topic
    for stated in exchange.spec.statements:
        assert len(stated.source) > 3
        assert stated.value
        assert stated.name
        assert bool(stated.subject) is (stated.topic in OPTIONAL_TOPICS)


@each_exchange
def test_l16_what_is_unknown_claims_no_number(exchange: Exchange) -> None:
    for stated in exchange.spec.statements:
        if stated.certainty is SourceCertainty.UNKNOWN:
            claim = stated.value.partition(";")[0]
            assert not any(letter.isdigit() for letter in claim), stated.value
            assert any(no in claim for no in ("not ", "no ", "unknown")), stated.value


@each_exchange
def test_l16_statements_are_as_fresh_as_the_tables(exchange: Exchange) -> None:
    compared = date.fromisoformat(exchange.spec.facts_date)
    assert exchange.spec.traits.facts_date == exchange.spec.facts_date
    for stated in exchange.spec.statements:
        assert abs((date.fromisoformat(stated.date) - compared).days) <= 180


@each_exchange
def test_every_host_has_a_name_and_a_title(exchange: Exchange) -> None:
    hosts = exchange.spec.hosts
    assert hosts[0].environment is Environment.PRODUCTION
    assert len({host.name for host in hosts}) == len(hosts)
    assert len({host.title for host in hosts}) == len(hosts)
    for host in hosts:
        assert host.title
        assert host.server.replace("-", "").replace(".", "").isalnum()
        assert host.environment is Environment.PRODUCTION or host.limits


@each_exchange
def test_the_page_is_https_and_every_step_stays_on_its_site(exchange: Exchange) -> None:
    page = urlsplit(exchange.spec.console_page)
    assert page.scheme == "https"
    assert page.hostname == page.netloc
    for fix in exchange.spec.traits.fixes.values():
        assert len(fix.steps) >= 3
        assert fix.page is None or urlsplit(fix.page)[:2] == page[:2]


WITHOUT_STEPS = frozenset({"address-uncertain", "address-unstable", "tables-old", "vault-weak"})


@each_exchange
def test_every_red_and_amber_light_has_its_steps(exchange: Exchange) -> None:
    reports = [exchange.report_of(sample) for sample in exchange.samples.accepted]
    reports += [exchange.with_refusal(refusal) for refusal in exchange.samples.refusals]
    none_of(
        f"{finding.rule} ({finding.reason})"
        for report in reports
        for finding in report.findings
        if finding.light in (Light.RED, Light.AMBER)
        and finding.required
        and finding.rule not in WITHOUT_STEPS
        and finding.fix is None
    )


@each_exchange
def test_b28_green_says_that_the_exchange_reports_it(exchange: Exchange) -> None:
    rest = ("withdraw-on", "transfer-on", "whitelist-off", "unknown-permission-on")
    for finding in exchange.best.findings:
        if finding.light is Light.GREEN and finding.rule in rest:
            assert f"{exchange.spec.name} reports" in finding.detail
            assert finding.evidence


@each_exchange
def test_b28_the_evidence_quotes_what_was_read(exchange: Exchange) -> None:
    said = {f.rule: "".join(e.said for e in f.evidence) for f in exchange.best.findings}
    greens = {f.rule for f in exchange.best.findings if f.light is Light.GREEN}
    for rule in {"withdraw-on", "whitelist-off"} & greens:
        assert "=" in said[rule]


@each_exchange
def test_c06_c17_no_text_promises_more_than_was_proved(exchange: Exchange) -> None:
    for finding in exchange.best.findings:
        text = f"{finding.title} {finding.detail}".casefold()
        assert "only you" not in text
        assert "account is safe" not in text
    listed = [f for f in exchange.best.findings if f.rule == "address-not-whitelisted"]
    assert all("this computer" in f.detail for f in listed if f.light is Light.GREEN)


@each_exchange
def test_b27_an_old_table_is_never_green(exchange: Exchange) -> None:
    now = later(400)
    script = exchange.script(now_ms=round(now().timestamp() * 1000))
    report = exchange.report(script, now=now)
    assert rules(report)["tables-old"] == "amber"
    assert report.light is not Light.GREEN


@each_exchange
def test_a21_a_test_network_is_never_fine(exchange: Exchange) -> None:
    for host in exchange.spec.hosts:
        report = exchange.report(exchange.script(), host=host.name)
        assert report.host == host.name
        if host.environment in (Environment.TESTNET, Environment.DEMO):
            assert report.light in (Light.GREY, Light.RED)
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
    assert [replace(spec.traits).name for spec in EXCHANGES.values()] == [
        spec.name for spec in EXCHANGES.values()
    ]
