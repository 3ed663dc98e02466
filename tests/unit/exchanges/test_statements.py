"""The table "what each exchange can tell": its words fit their certainty, and what the program does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from exchange_samples import DATA
from latchlight.core.facts import NOT_TOLD, Known, Permission, Readable
from latchlight.exchanges.spec import OPTIONAL_TOPICS, SourceCertainty, Sourced, Topic

from .contract import Exchange, each_exchange

D, U = SourceCertainty.DOCUMENTED, SourceCertainty.UNKNOWN
NO_DOCUMENT = ("not documented", "no rule is documented", "unknown")
WITH_A_NUMBER = (Topic.MOST_ADDRESSES, Topic.DELAY, Topic.UNLISTED, Topic.CLOCK)
NUMBER = re.compile(r"(?<![\w.])\d+(?!\w|\.\d|-)", re.ASCII)
ADDRESSES = {
    Readable.FULL: "told in full",
    Readable.MASKED: "told in part",
    Readable.FLAG: "not told",
    Readable.NONE: "never told",
}


def stated(exchange: Exchange, topic: Topic) -> Sourced:
    """The one statement on a topic on which there is exactly one."""
    (only,) = (row for row in exchange.spec.statements if row.topic is topic)
    return only


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


# certainty


@each_exchange
def test_l16_only_what_is_documented_nowhere_is_called_unknown(exchange: Exchange) -> None:
    for row in exchange.spec.statements:
        if row.topic not in OPTIONAL_TOPICS and row.value.startswith(NO_DOCUMENT):
            assert row.certainty is U, row.name


@each_exchange
@pytest.mark.parametrize("topic", WITH_A_NUMBER)
def test_l16_a_number_is_claimed_only_where_it_is_documented(
    exchange: Exchange, topic: Topic
) -> None:
    row = stated(exchange, topic)
    assert row.certainty is D or not numbers(row.value), row.value


@each_exchange
def test_l16_a_thread_or_a_library_is_no_document(exchange: Exchange) -> None:
    for row in exchange.spec.statements:
        sources = re.split(r"[,;] ", row.source)
        if all("#" in source for source in sources):
            assert row.certainty not in (D, SourceCertainty.SDK), row.name
        if row.source.startswith(("ccxt ", "pybit ")):
            assert row.certainty is SourceCertainty.SDK, row.name


# the table against the program


@each_exchange
def test_the_table_says_of_the_list_what_the_program_reads(exchange: Exchange) -> None:
    readable = exchange.spec.readable
    assert stated(exchange, Topic.ADDRESSES).value.startswith(ADDRESSES[readable])
    assert exchange.best.facts.whitelist_readable is readable
    assert _is_told(exchange, Topic.WHITELIST) is isinstance(
        exchange.best.facts.whitelist_on, Known
    )


@each_exchange
def test_the_table_says_told_where_the_program_reads_it(exchange: Exchange) -> None:
    facts = exchange.best.facts
    assert _is_told(exchange, Topic.CREATED) is isinstance(facts.created_at, Known)
    assert _is_told(exchange, Topic.ENDS) is (facts.expires_at != NOT_TOLD)
    withdraws = facts.permission(Permission.WITHDRAW)
    assert _is_told(exchange, Topic.WITHDRAW) is isinstance(withdraws, Known)


def _is_told(exchange: Exchange, topic: Topic) -> bool:
    return stated(exchange, topic).value.startswith("told")


@each_exchange
def test_the_table_counts_the_questions_that_are_asked(exchange: Exchange) -> None:
    assert str(len(exchange.well_kept.answers)) in numbers(stated(exchange, Topic.CALLS).value)


@each_exchange
def test_the_table_names_the_refusals_that_carry_an_address(exchange: Exchange) -> None:
    """A form that only this program put together proves nothing."""
    seen = [r for r in exchange.samples.refusals if r.seen_address and r.origin != "derived"]
    futures = exchange.spec.id == "binance"  # they name it at hosts that are never asked
    assert _is_told(exchange, Topic.SEEN_ADDRESS) is (bool(seen) and not futures)


@each_exchange
def test_no_clock_is_called_right_that_the_documents_call_wrong(exchange: Exchange) -> None:
    clock = exchange.spec.traits.clock
    said = re.findall(r"(\d+) (s|minutes?)\b", stated(exchange, Topic.CLOCK).value)
    allowed = [int(n) * (1000 if unit == "s" else 60_000) for n, unit in said]
    assert 0 < max(clock.ahead_ms, clock.behind_ms) <= max(allowed)
    assert min(clock.ahead_ms, clock.behind_ms) > 0


@each_exchange
def test_the_rule_about_keys_without_list_is_told_where_there_is_one(exchange: Exchange) -> None:
    row, rule = stated(exchange, Topic.UNLISTED), exchange.spec.traits.unlisted_rule
    assert (rule is None) is (row.certainty is U)
    assert numbers(rule or "") <= numbers(row.value)


@each_exchange
def test_the_steps_name_no_other_number_of_addresses(exchange: Exchange) -> None:
    steps = " ".join(exchange.spec.traits.fixes["whitelist-off"].steps)
    known = (Topic.MOST_ADDRESSES, Topic.DELAY)
    assert numbers(steps) <= {n for topic in known for n in numbers(stated(exchange, topic).value)}


@each_exchange
def test_the_steps_advise_no_entry_that_is_not_documented(exchange: Exchange) -> None:
    """Nobody is told to write a range, or an IPv6 address, where only single IPv4 ones are known."""
    steps = " ".join(exchange.spec.traits.fixes["whitelist-off"].steps)
    assert "/24" not in steps
    if not stated(exchange, Topic.IPV6).value.startswith("accepted"):
        assert not re.search(r"(list|write|add) .{0,20}IPv6", steps), steps


@each_exchange
def test_every_code_that_the_table_names_is_tried(exchange: Exchange) -> None:
    tried = json.dumps(json.loads((DATA / exchange.spec.id / "refusals.json").read_text("utf-8")))
    for code in _codes(exchange):
        assert re.search(rf"(?<![\w-]){re.escape(code)}(?!\w)", tried), code


def _codes(exchange: Exchange) -> Iterator[str]:
    for row in exchange.spec.statements:
        if row.topic is Topic.REFUSAL:
            yield from re.findall(r"-?\d{4,}|[A-Z]+(?:_[A-Z]+)+|[a-z]+(?:-[a-z]+){2,}", row.subject)
