"""Every exchange: what is said about it, and the way out of what is found."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from latchlight.core.facts import Environment
from latchlight.core.findings import Light
from latchlight.exchanges.spec import OPTIONAL_TOPICS, SourceCertainty, Topic
from scripted_exchange import rules

from .contract import Exchange, each_exchange, later, none_of


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
