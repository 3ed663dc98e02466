"""The report to keep: one wording for page and PDF, colours of the window, nothing hidden in it."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2e.canaries import Canary
from factories import CREDENTIALS, NOW, make_egress, make_key_report
from latchlight.core.findings import LIGHT_WORDS, KeyReport, Light, Report
from latchlight.core.languages import Language
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.gui.tokens import DARK, LIGHT, Tokens
from latchlight.report.as_html import as_html
from latchlight.report.document import Block, Card, Document, Lit, document, foreign, visible
from latchlight.report.html_style import STYLE
from window_bench import HOSTILE

CANARIES = (
    Canary("the API key", CREDENTIALS.api_key.reveal()[:-4]),
    Canary("the secret", CREDENTIALS.secret.reveal()),
)


def report(*keys: KeyReport) -> Report:
    return Report("0.1", "2026-11-20", NOW, NOW, keys, make_egress())


def lights_of(blocks: tuple[Block, ...]) -> list[Lit]:
    found: list[Lit] = []
    for block in blocks:
        if isinstance(block, Card):
            found += lights_of(block.blocks)
        elif isinstance(block, Lit):
            found.append(block)
    return found


def of_the_key(made: Document) -> list[Lit]:
    """Without the legend."""
    return lights_of(made.blocks)[4:]


def spoilt(text: str) -> KeyReport:
    """The same words from everywhere that is not us."""
    base = make_key_report(Light.GREY, label=text[:40])
    assert base.diagnosis is not None
    diagnosis = replace(
        base.diagnosis, server_text=text, exchange_code=text, seen_address=text[:60]
    )
    findings = tuple(
        replace(
            f,
            detail=say("Said {t}.", t=text),
            evidence=tuple(replace(e, said=text, host=text) for e in f.evidence),
        )
        for f in base.findings
    )
    return replace(base, diagnosis=diagnosis, findings=findings, hint=text[:5])


@pytest.mark.parametrize("light", list(Light))
def test_s8_no_form_of_a_secret_is_in_the_page(light: Light) -> None:
    page = as_html(report(make_key_report(light))).encode()
    assert [s for canary in CANARIES for s in canary.sightings(page, "page")] == []
    assert CANARIES[1].sightings(page + b"s" * 64, "page") != []


@pytest.mark.parametrize("light", list(Light))
def test_every_light_of_a_key_is_drawn_with_its_word(light: Light) -> None:
    made = document(report(make_key_report(light)))
    first = of_the_key(made)[0]
    assert (first.light, first.word) == (light, LIGHT_WORDS[light])
    assert [each.light for each in lights_of(made.blocks)[:4]] == [
        *(Light.GREEN, Light.AMBER, Light.RED, Light.GREY)
    ]
    page = as_html(report(make_key_report(light)))
    assert page.count("<svg") == len(lights_of(made.blocks))


def test_a_light_that_no_longer_counts_is_one_of_the_past_and_says_why() -> None:
    why = say("This computer slept since then.")
    made = document(report(make_key_report(), make_key_report(Light.RED)), stale={0: why})
    green = [each for each in of_the_key(made) if each.light is Light.GREEN and not each.past]
    first = of_the_key(made)[0]
    assert first.past
    assert first.word == "was Safe"
    assert first.text == "This computer slept since then. Check this key again."
    red = next(each for each in of_the_key(made) if each.light is Light.RED)
    assert not red.past
    assert len(green) > 0  # those of the second key
    page = as_html(report(make_key_report()), stale={0: why})
    legend, key = page.split("<section>")
    assert '"light green"' in legend
    assert '"light green"' not in key
    assert "At that time: Safe as far as Binance reports" in key


def test_f11_practice_stands_at_every_light_and_across_every_page() -> None:
    key = make_key_report(practice=True)
    made = document(report(key))
    assert made.practice == "Practice"
    assert all(each.word.endswith(" · practice") for each in lights_of(made.blocks))
    assert '<div class="watermark"' in as_html(report(key))
    assert '<div class="watermark"' not in as_html(report(make_key_report()))
    assert re.search(r"\.watermark\{position:fixed", STYLE)  # repeated on each printed page


def test_times_are_utc_and_of_the_wall() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    page = as_html(report(make_key_report()), zone=zone)
    assert "2026-11-20 12:00:00 UTC (17:30 local time, UTC+05:30)" in page
    late = timezone(timedelta(hours=13))
    assert "(2026-11-21 01:00 local time, UTC+13:00)" in as_html(
        report(make_key_report()), zone=late
    )


def test_coverage_sureness_and_evidence_are_told() -> None:
    page = as_html(report(make_key_report()))
    assert "14 checks done, 1 not possible" in page
    assert "Reported by Binance" in page
    assert "“enableWithdrawals=false” (GET /sapi/v1/account/apiRestrictions at" in page
    assert "rule withdraw-on" in page


def test_a_refusal_tells_causes_and_what_it_is_not() -> None:
    page = as_html(report(make_key_report(Light.GREY)))
    assert "What it can be, most likely first" in page
    assert "Binance said: “Invalid API-key, IP, or permissions for action.”" in page
    assert "code -2015" in page


def test_the_page_speaks_another_language() -> None:
    other = Language("zh_Hans", "x", {"Safe": "安全", "Latchlight report": "报告"})
    page = as_html(report(make_key_report()), other)
    assert '<html lang="zh-Hans">' in page
    assert "<title>报告</title>" in page
    assert "<span>安全</span>" in page
    assert "<span>Safe</span>" not in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_of_a_server_change_nothing_but_text(text: str) -> None:
    clean = as_html(report(spoilt("quiet")))
    page = as_html(report(spoilt(text)))
    assert re.findall(r"<[a-z/!][^>]*>", page) == re.findall(r"<[a-z/!][^>]*>", clean)
    assert not set(page) & set("\u202e\u200b\u2066\x00\x1b\x07\r\t")


@given(st.text(max_size=200))
def test_no_text_turns_hides_or_controls_what_stands_beside_it(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    inside = foreign(text)
    assert inside.count("\u2068") == inside.count("\u2069")


def test_words_from_right_to_left_are_kept_apart() -> None:
    assert foreign("\u05e9\u05dc 7") == "\u2068\u05e9\u05dc 7\u2069"
    assert foreign("hello 7") == "hello 7"


def test_only_the_one_style_sheet_is_allowed_and_nothing_can_be_clicked() -> None:
    page = as_html(report(*(make_key_report(light) for light in Light)))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert " style=" not in page
    assert not re.search(r"<(a|button|input|form|script|img|link|iframe|base|use|image)\b", page)
    assert not re.search(r"https?:|javascript:|url\(|@import|@font-face|href|src=", page)


@pytest.mark.parametrize(
    ("tokens", "start"),
    [(LIGHT, ":root{color-scheme"), (DARK, "@media(prefers-color-scheme:dark)"), (LIGHT, "@page")],
)
def test_the_page_has_the_colours_of_the_window(tokens: Tokens, start: str) -> None:
    block = STYLE[STYLE.index(start) :]
    block = block[block.index(":root{") :].partition("}")[0]
    said = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", block))
    wanted = {
        "fg": tokens.text,
        "muted": tokens.muted,
        "green": tokens.green,
        "amber": tokens.amber,
        "red": tokens.red,
        "grey": tokens.grey,
        "mark": tokens.practice,
    }
    assert {name: said[name] for name in wanted} == wanted
