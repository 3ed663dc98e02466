"""A lock test in every report: when, from where, and what was proved, without a secret."""

from __future__ import annotations

import json
from datetime import timedelta

from factories import NOW, make_egress, make_key_report
from latchlight.core.addresses import parse_address
from latchlight.core.evaluate import evaluate
from latchlight.core.findings import Evidence, KeyReport, Light, Report
from latchlight.core.lock_test import LockTest, TriedAnswer, list_mark
from latchlight.core.records import replace
from latchlight.core.situation import ClockReading, Situation
from latchlight.exchanges.binance import SPEC
from latchlight.report.as_html import as_html
from latchlight.report.as_json import as_json
from latchlight.report.as_plain import as_plain
from latchlight.report.as_text import as_text
from latchlight.report.document import document
from latchlight.report.masking import without_addresses

HOME, AWAY = "93.184.216.34", "8.8.4.4"
PRINT = "f" * 32


def with_lock_test(*, let_in: bool = False) -> Report:
    """A green key of Binance, tried a quarter of an hour ago."""
    key = make_key_report(Light.GREEN)
    mark = list_mark(key.facts)
    test = LockTest(
        exchange="binance",
        host="api.binance.com",
        practice=False,
        fingerprint=PRINT,
        used_at=NOW - timedelta(minutes=20),
        used_from=(parse_address(HOME),),
        tried_at=NOW - timedelta(minutes=15),
        tried_from=(parse_address(AWAY),),
        still_from=(parse_address(AWAY),),
        answer=TriedAnswer(
            accepted=let_in,
            probe=str(SPEC.key_probe),
            code="" if let_in else "ip-not-whitelisted",
            http_status=None if let_in else 401,
            exchange_code="" if let_in else "50110",
            only_cause=not let_in,
        ),
        list_before=mark,
        back_at=NOW - timedelta(minutes=10),
        back_from=(parse_address(HOME),),
        list_after=mark,
    )
    situation = Situation(
        exchange=SPEC.traits,
        facts=key.facts,
        diagnosis=None,
        clock=ClockReading(12.0, 40.0),
        egress=replace(make_egress(), ipv4=parse_address(HOME)),
        intent=key.intent,
        now=NOW,
        evidence={
            name: Evidence(f"GET {probe.path}", "api.binance.com", NOW, "accepted")
            for name, probe in (("time", SPEC.time_probe), ("key", SPEC.key_probe))
        },
        host="api.binance.com",
        fingerprint=PRINT,
        lock=test,
    )
    findings, notes = evaluate(situation)
    made: KeyReport = replace(key, findings=findings, notes=notes)
    return Report("0.1", "2026-11-20", NOW, NOW, (made,), make_egress())


def joined(text: str) -> str:
    """Without the line breaks of wrapping."""
    return " ".join(text.split())


def test_the_text_says_when_and_from_where() -> None:
    text = joined(as_text(with_lock_test()))
    assert "From another network this key is refused." in text
    assert "Proved by the lock test of 2026-11-20, 11:45 UTC" in text
    assert f"refused the key from {AWAY}" in text
    assert "One address was tried, at one time" in text


def test_the_json_has_every_step_as_evidence() -> None:
    (key,) = json.loads(as_json(with_lock_test()))["keys"]
    (found,) = [each for each in key["findings"] if each["rule"] == "lock-open"]
    assert (found["light"], found["sureness"]) == ("green", "measured")
    steps = [e for e in found["evidence"] if e["said"].startswith("lock test: ")]
    assert [step["at"] for step in steps] == [
        "2026-11-20T11:40:00.000Z",
        "2026-11-20T11:45:00.000Z",
        "2026-11-20T11:50:00.000Z",
    ]
    assert AWAY in steps[1]["said"]
    assert "HTTP 401, code 50110" in steps[1]["said"]
    assert {step["host"] for step in steps} == {"api.binance.com"}


def test_the_page_and_the_text_for_support_show_it() -> None:
    made = with_lock_test()
    for text in (as_html(made), as_plain(document(made))):
        assert AWAY in text
        assert "lock test: refused, ip-not-whitelisted" in text
        assert "2026-11-20 11:45:00 UTC" in text


def test_where_addresses_are_hidden_those_of_the_test_are_too() -> None:
    plain = as_plain(without_addresses(document(with_lock_test())))
    assert AWAY not in plain
    assert HOME not in plain
    assert "refused the key from [address" in joined(plain)


def test_a_key_that_was_let_in_is_danger_in_every_report() -> None:
    made = with_lock_test(let_in=True)
    assert made.light is Light.RED
    assert "From another network this key works, too. [lock-open]" in joined(as_text(made))
    (key,) = json.loads(as_json(made))["keys"]
    assert key["light"] == "red"
