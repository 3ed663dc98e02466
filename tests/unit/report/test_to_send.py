"""The text for a support desk, and the report without addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import ADDRESS, NOW, make_egress, make_key_report, make_refusal
from latchlight.core.findings import KeyReport, Light, Report
from latchlight.core.languages import Language
from latchlight.core.records import replace
from latchlight.report.as_plain import as_plain
from latchlight.report.document import (
    Block,
    Card,
    Document,
    Heading,
    Lit,
    Pairs,
    Para,
    Steps,
    document,
)
from latchlight.report.masking import without_addresses


def made_of(key: KeyReport) -> Document:
    return document(Report("0.1", "2026-11-20", NOW, NOW, (key,), make_egress()))


def words_of(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text=text) | Lit(text=text) | Para(text=text):
                yield text
            case Steps(lines):
                yield from lines
            case Pairs(rows):
                yield from (word for row in rows for word in row)
            case Card(inner):
                yield from words_of(inner)


def one(text: str) -> Document:
    return Document("t", (Para(text),), "foot")


def masked(text: str) -> str:
    (first, *_) = without_addresses(one(text)).blocks
    assert isinstance(first, Para)
    return first.text


@pytest.mark.parametrize("light", list(Light))
def test_the_text_says_every_word_of_the_document_in_its_order(light: Light) -> None:
    made = made_of(make_key_report(light))
    text = as_plain(made)
    place = 0
    for words in words_of(made.blocks):
        place = text.index(words, place)
    assert text.count("[Danger]") >= (2 if light is Light.RED else 1)  # once in the legend
    assert "\n\n\n" not in text
    assert text.endswith(f"{made.foot}\n")


def test_what_the_exchange_said_stands_as_a_quote() -> None:
    text = as_plain(made_of(make_key_report(Light.GREY)))
    assert re.search(r"^> Binance said: “Invalid API-key, IP, or permissions", text, re.MULTILINE)


@pytest.mark.parametrize("light", list(Light))
def test_no_address_is_left_anywhere(light: Light) -> None:
    diagnosis = replace(
        make_refusal(),
        seen_address="2001:db8::17",
        server_text="Invalid request ip, the current clientIp is:2001:db8::17.",
    )
    made = made_of(make_key_report(light, diagnosis=diagnosis if light is Light.GREY else None))
    assert ADDRESS in as_plain(made)
    text = as_plain(without_addresses(made))
    assert "[address 1]" in text
    assert ADDRESS not in text
    assert "2001:db8" not in text
    assert "IP addresses are replaced by names" in text


def test_one_address_has_one_name_however_it_is_written() -> None:
    said = masked("2001:db8::1 and 2001:0DB8:0:0:0:0:0:1, not 203.0.113.9 nor 203.0.113.10")
    assert said == "[address 1] and [address 1], not [address 2] nor [address 3]"
    assert masked("203.0.113.7 as ::ffff:203.0.113.7") == "[address 1] as [address 1]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is:209.52.132.232", "is:[address 1]"),
        ("is:2001:db8::1", "is:[address 1]"),
        ("2001:db8::1: refused", "[address 1]: refused"),
        ("203.0.113.0/24", "[address 1]/24"),
        ("It is 203.0.113.7.", "It is [address 1]."),
        ("::ffff:203.0.113.7", "[address 1]"),
        ("12:00:203.0.113.7", "12:00:[address 1]"),
        ("fe80::1%eth0 there", "[address 1] there"),
    ],
)
def test_an_address_is_found_wherever_it_stands(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 12:00:00 UTC (17:30 local time, UTC+05:30)",
        "Latchlight 0.1.0",
        "code -2015 · HTTP status 400",
        "203.**.154",
        "300.1.1.1",
        "Likely: the address is not on the list",
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert masked(text) == text
    assert len(without_addresses(one(text)).blocks) == 1


@given(st.ip_addresses(), st.sampled_from(["{}", "({})", "ip {} x", "“{}”", "is:{}", "{},{}"]))
def test_no_address_survives(address: object, around: str) -> None:
    said = masked(around.replace("{}", str(address)))
    assert str(address) not in said or len(str(address)) < 4  # "::" is also punctuation
    assert "[address 1]" in said


@given(st.text(alphabet="0123456789abcdef:.%/ ", max_size=60))
def test_nothing_is_added_but_names(text: str) -> None:
    said = masked(text)
    for word in re.split(r"[\s/]|\[address \d+\]", said):
        assert not is_v4(word)


def is_v4(word: str) -> bool:
    try:
        return ip_address(word).version == 4
    except ValueError:
        return False


def test_names_are_in_the_language_of_the_report() -> None:
    german = Language("de", "Deutsch", {"[address {n}]": "[Adresse {n}]"})
    (first, *_) = without_addresses(one(ADDRESS), german).blocks
    assert isinstance(first, Para)
    assert first.text == "[Adresse 1]"
