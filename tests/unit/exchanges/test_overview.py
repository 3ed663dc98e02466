"""The table of what each exchange can tell: made from the specs, and the page in docs/ is that table."""

from __future__ import annotations

from pathlib import Path

import pytest

from latchlight.core.records import replace
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.binance import SPEC
from latchlight.exchanges.overview import CERTAINTY_WORDS, as_markdown, cell_text, statements
from latchlight.exchanges.spec import (
    OPTIONAL_TOPICS,
    ExchangeSpec,
    SourceCertainty,
    Sourced,
    Topic,
)

SPECS = tuple(EXCHANGES.values())
PAGE = Path(__file__).resolve().parents[3] / "docs" / "exchanges.md"
DOCUMENTED = SourceCertainty.DOCUMENTED


def with_statements(*said: Sourced) -> ExchangeSpec:
    return replace(SPEC, statements=said)


def test_the_page_in_docs_is_of_these_tables() -> None:
    """Written again by `python -m latchlight.exchanges.overview docs/exchanges.md`."""
    assert PAGE.read_text("utf-8") == as_markdown(SPECS)


def test_a_changed_statement_changes_the_page() -> None:
    said = SPEC.statements[0]
    changed = with_statements(replace(said, value="something else"), *SPEC.statements[1:])
    assert as_markdown((changed,)) != as_markdown((SPEC,))


@pytest.mark.parametrize("spec", SPECS, ids=list(EXCHANGES))
def test_every_exchange_has_something_in_every_row(spec: ExchangeSpec) -> None:
    for topic in Topic:
        if topic not in OPTIONAL_TOPICS:
            assert len(statements(spec, topic)) == 1, topic


@pytest.mark.parametrize("spec", SPECS, ids=list(EXCHANGES))
def test_every_statement_and_every_site_is_on_the_page(spec: ExchangeSpec) -> None:
    plain = as_markdown((spec,)).replace("\\", "")
    for said in spec.statements:
        assert f"| {said.name} | {said.value} | {CERTAINTY_WORDS[said.certainty]} |" in plain
        assert f"| {said.source} | {said.date} |" in plain
    for host in spec.hosts:
        assert f"`{host.server}` ({host.environment.value}). {host.limits or ''}".strip() in plain


def test_every_certainty_has_a_word_of_its_own() -> None:
    assert set(CERTAINTY_WORDS) == set(SourceCertainty)
    assert len(set(CERTAINTY_WORDS.values())) == len(SourceCertainty)


def test_a_cell_says_how_sure_each_statement_is() -> None:
    told = Sourced(Topic.REFUSAL, "wrong key", "here", DOCUMENTED, "-2008")
    guessed = Sourced(Topic.REFUSAL, "too fast", "there", SourceCertainty.UNKNOWN, "429")
    assert cell_text((told, guessed)) == (
        "-2008: wrong key\n[documented]\n429: too fast\n[unknown]"
    )
    assert cell_text(()) == "\u2013"


@pytest.mark.parametrize("text", ["a|b", "x_y_z", "203.**.154", "<b>", "[a](b)", "`c`", "a\\b"])
def test_nothing_in_a_cell_is_taken_for_markup(text: str) -> None:
    page = as_markdown((with_statements(Sourced(Topic.CALLS, text, "s", DOCUMENTED)),))
    line = next(line for line in page.splitlines() if line.startswith("| signed requests"))
    escaped = "".join(f"\\{letter}" if letter in "\\|<`_[*" else letter for letter in text)
    assert f"| {escaped} |" in line
    bare = line.replace("\\\\", "").replace("\\|", "")
    assert bare.count("|") == 6
