"""The same report as JSON, text and HTML: the contract's keys, no secret, nothing that runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import CREDENTIALS, NOW, make_egress, make_key_report
from latchlight.core.egress import EgressReport
from latchlight.core.findings import KeyReport, Light, Report
from latchlight.core.profile import Acceptance
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.report.as_html import as_html
from latchlight.report.as_json import as_json, key_for_history, report_object, stamp
from latchlight.report.as_text import as_text, summary
from scripted_exchange import API_KEY, SECRET, check, heard, safe_script, sample


def report(*keys: KeyReport) -> Report:
    return Report("0.1", "2026-11-20", NOW, NOW, tuple(keys), make_egress())


ALL = [make_key_report(light, label=f"key-{light.value}") for light in Light]
RENDERINGS = {"json": as_json, "text": as_text, "html": as_html}

REPORT_KEYS = {
    *("schema", "app_version", "facts_date", "started_at", "finished_at", "light", "egress"),
    "keys",
}
KEY_KEYS = {
    *("label", "exchange", "host", "key_hint", "purpose", "setup", "light", "diagnosis", "facts"),
    "findings",
}
FACT_KEYS = {
    *("permissions", "unknown_permissions", "whitelist_on", "whitelist", "whitelist_readable"),
    *("created_at", "expires_at", "key_type", "is_sub_account"),
}
FINDING_KEYS = {
    *("rule", "light", "sureness", "reason", "title", "detail", "evidence", "fix"),
}


def parsed(made: Report) -> dict[str, Any]:
    value = json.loads(as_json(made))
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("key", ALL, ids=lambda key: key.light.value)
def test_the_json_has_the_keys_of_the_contract(key: KeyReport) -> None:
    made = parsed(report(key))
    assert made.keys() >= REPORT_KEYS
    assert made["schema"] == "latchlight.report/1"
    one = made["keys"][0]
    assert one.keys() >= KEY_KEYS
    assert one["facts"].keys() >= FACT_KEYS
    for finding in one["findings"]:
        assert finding.keys() >= FINDING_KEYS
        assert finding["light"] in {"green", "amber", "red", "grey"}
        assert finding["sureness"] in {"reported", "measured", "told", "concluded"}
        for evidence in finding["evidence"]:
            assert evidence.keys() >= {"probe", "host", "at", "said"}
    assert (one["diagnosis"] is None) is (key.diagnosis is None)


def test_the_diagnosis_has_the_keys_of_the_contract() -> None:
    grey = parsed(report(make_key_report(Light.GREY)))["keys"][0]["diagnosis"]
    assert grey.keys() >= {"code", "http_status", "exchange_code", "seen_address", "causes"}
    assert grey["code"] == "key-ip-or-permission"
    for cause in grey["causes"]:
        assert cause.keys() >= {"code", "likelihood", "next_step"}
        assert cause["likelihood"] in {"certain", "likely", "possible"}


def test_g06_the_json_is_one_line_and_its_light_is_the_worst() -> None:
    assert "\n" not in as_json(report(*ALL))
    assert parsed(report(*ALL))["light"] == "red"
    assert parsed(report())["light"] == "grey"


def test_null_means_not_told() -> None:
    grey = parsed(report(make_key_report(Light.GREY)))["keys"][0]["facts"]
    assert set(grey["permissions"].values()) == {None}
    assert (grey["whitelist_on"], grey["whitelist"]) == (None, None)
    green = parsed(report(make_key_report()))["keys"][0]["facts"]
    assert green["permissions"]["withdraw"] is False
    assert green["permissions"]["key_management"] is None
    assert green["whitelist_on"] is True
    assert green["whitelist_readable"] == "flag"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (UTC, "2026-11-20T12:00:00.000Z"),
        (timezone(timedelta(hours=14)), "2026-11-19T22:00:00.000Z"),
        (timezone(timedelta(hours=-12)), "2026-11-21T00:00:00.000Z"),
    ],
)
def test_e08_times_are_utc_whatever_the_zone(zone: timezone, text: str) -> None:
    assert stamp(datetime(2026, 11, 20, 12, tzinfo=zone)) == text


@pytest.mark.parametrize("way", RENDERINGS)
@pytest.mark.parametrize("key", ALL, ids=lambda key: key.light.value)
def test_s8_no_rendering_holds_a_secret(way: str, key: KeyReport) -> None:
    text = RENDERINGS[way](report(key))
    secrets = (CREDENTIALS.api_key.reveal(), CREDENTIALS.secret.reveal())
    for secret in secrets:
        assert secret not in text
        assert not any(secret[n : n + 8] in text for n in range(0, len(secret) - 8, 4))
    assert "DhA8" in text


def test_s8_a_checkup_of_a_canary_key_renders_without_it() -> None:
    for body, status in ((sample("error-2015"), 400), (sample("restrictions-spot"), 200)):
        made = report(check(safe_script(key=heard(body, status))))
        for render in RENDERINGS.values():
            text = render(made)
            assert API_KEY[:20] not in text
            assert SECRET[:20] not in text


@pytest.mark.parametrize("way", ["text", "html"])
@pytest.mark.parametrize("key", ALL, ids=lambda key: key.light.value)
def test_f09_every_rendering_names_light_time_host_and_key(way: str, key: KeyReport) -> None:
    text = RENDERINGS[way](report(key))
    words = {"green": "Safe", "amber": "Look", "red": "Danger", "grey": "Not checked"}
    for part in (words[key.light.value], "2026-11-20", "api.binance.com", "DhA8", key.label):
        assert part in text


class Tags(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    return parser.tags


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></section><h1>Safe</h1>",
    '"><b>x</b>',
    "<table><tr><td>Safe",
    "<!--",
    "&lt;b&gt;",
    "{{7*7}}",
    "]]>",
    "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_f03_hostile_text_stays_text_in_the_page(text: str) -> None:
    base = make_key_report(Light.GREY)
    assert base.diagnosis is not None
    spoilt = replace(base, label=text, diagnosis=replace(base.diagnosis, server_text=text))
    findings = tuple(
        replace(f, title=say("{t}", t=text), detail=say("{t}", t=text)) for f in base.findings
    )
    page = as_html(report(replace(spoilt, findings=findings)))
    clean = as_html(report(base))
    quoted = [("p", {})]  # the line that quotes the exchange
    before, after = tags(clean), tags(page)
    assert len(after) <= len(before) + len(quoted)
    assert {tag for tag, _ in after} <= {tag for tag, _ in before}
    assert all(not name.startswith("on") for _, attrs in after for name in attrs)


def test_the_page_loads_and_runs_nothing() -> None:
    page = as_html(report(*ALL))
    names = {tag for tag, _ in tags(page)}
    assert not names & {"script", "img", "link", "iframe", "object", "embed", "a", "form", "base"}
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "@import" not in page
    assert "url(" not in page


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_label_and_server_text_give_readable_json(label: str, text: str) -> None:
    base = make_key_report(Light.GREY)
    assert base.diagnosis is not None
    spoilt = replace(base, label=label, diagnosis=replace(base.diagnosis, server_text=text))
    line = as_json(report(spoilt))
    assert "\n" not in line
    assert json.loads(line)["keys"][0]["label"] == label


def test_f11_practice_is_marked_in_every_rendering_for_people() -> None:
    practice = make_key_report(practice=True)
    for render in (as_text, as_html):
        assert "practice" in render(report(practice))
        assert "practice" not in render(report(make_key_report()))


def test_f10_an_acceptance_is_shown_with_reason_and_end() -> None:
    (found,) = make_key_report(Light.AMBER).open_ambers()
    until = NOW + timedelta(9)
    given_ = Acceptance("main-bot", found.rule, "f" * 32, "My reason", until, found.basis)
    accepted = make_key_report(Light.AMBER, acceptances=(given_,))
    for render in (as_text, as_html):
        text = render(report(accepted))
        assert "My reason" in text
        assert "2026-11-29" in text
        assert "Look" in text


def test_the_worst_finding_is_read_first() -> None:
    text = as_text(report(make_key_report(Light.RED)))
    assert text.index("can withdraw your money") < text.index("Key and secret belong together")


def test_the_summary_counts_every_light() -> None:
    assert str(summary(report(*ALL))) == "4 keys: 1 Danger, 1 Not checked, 1 Look, 1 Safe."


def test_the_history_entry_is_the_key_alone() -> None:
    key = make_key_report()
    remembered = json.loads(key_for_history(key))
    for line in remembered["findings"]:
        assert line.pop("title_made_of").keys() == {"template", "values"}
        assert len(line.pop("basis")) == 16
    assert remembered == report_object(report(key))["keys"][0]


def test_an_address_is_shown_only_where_services_agree() -> None:
    assert parsed(report())["egress"]["ipv4"] == "203.0.113.7"
    empty = replace(report(), egress=EgressReport())
    assert parsed(empty)["egress"] == {
        "ipv4": None,
        "ipv6": None,
        "certainty": "none",
        "sources": [],
    }
