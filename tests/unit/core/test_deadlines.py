"""When a key ends by itself: days that are known, and none that are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from latchlight.core.deadlines import NEAR_DAYS, Counted, UnlistedEnd, deadlines, nearest
from latchlight.core.facts import (
    NOT_TOLD,
    TRADES,
    Environment,
    Fact,
    KeyFacts,
    Known,
    Permission,
    Right,
)
from latchlight.exchanges import EXCHANGES

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OKX = UnlistedEnd(14, Counted.ANY_REQUEST, (*TRADES, Permission.WITHDRAW))
KUCOIN = UnlistedEnd(30, Counted.LAST_USE, TRADES)
GATE = UnlistedEnd(90, Counted.MADE)
OPEN = KeyFacts(
    accepted=True,
    whitelist_on=Known(False),
    expires_at=NOT_TOLD,
    rights=(Right("trade", "Trade", Permission.SPOT_TRADE, Known(True)),),
)
READS = replace(
    OPEN,
    rights=(
        Right("read", "Read", Permission.READ, Known(True)),
        Right("trade", "Trade", Permission.SPOT_TRADE, Known(False)),
    ),
)


def text(facts: KeyFacts, rule: UnlistedEnd | None, now: datetime = NOW) -> list[str]:
    return [str(one.text(now)) for one in deadlines(facts, rule, "OKX", NOW)]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=5), "That is in 5 days."),
        (timedelta(days=4, seconds=1), "That is in 5 days."),
        (timedelta(hours=3), "That is in 1 day."),
        (timedelta(0), "That day is over."),
        (timedelta(days=-3), "That day is over."),
    ],
)
def test_an_end_that_is_told_is_said_in_days(left: timedelta, words: str) -> None:
    (said,) = text(replace(OPEN, expires_at=Known(NOW + left)), None)
    assert said.startswith(
        f"This key, or its right to trade, ends on {(NOW + left).date().isoformat()}, OKX says."
    )
    assert said.endswith(words)


def test_a_rule_that_counts_requests_is_counted_from_this_check() -> None:
    (said,) = text(OPEN, OKX)
    assert said.endswith("this check was one. That is in 14 days at the earliest.")
    (later,) = text(OPEN, OKX, NOW + timedelta(days=12))
    assert later.endswith("That is in 2 days at the earliest.")


def test_where_the_start_is_not_told_no_day_is_made_up() -> None:
    (last_use,) = deadlines(OPEN, KUCOIN, "KuCoin", NOW)
    (unknown_age,) = deadlines(replace(OPEN, created_at=NOT_TOLD), GATE, "Gate", NOW)
    for one in (last_use, unknown_age):
        assert one.at is None
        assert one.days_left(NOW) is None
        assert nearest((one,), NOW) is None
    assert "is not told" in last_use.text(NOW)


def test_a_rule_that_counts_from_the_making_is_the_earliest_day() -> None:
    made = replace(OPEN, created_at=Known(NOW - timedelta(days=80)))
    (one,) = deadlines(made, GATE, "Gate", NOW)
    assert one.days_left(NOW) == 10
    assert one.earliest


@pytest.mark.parametrize("listed", [Known(True), NOT_TOLD])
def test_the_rule_is_for_keys_whose_list_is_certainly_off(listed: Fact[bool]) -> None:
    assert text(replace(OPEN, whitelist_on=listed), OKX) == []


def test_the_rule_is_for_the_rights_that_it_names() -> None:
    assert text(READS, OKX) == []
    assert len(text(READS, GATE)) == 1
    unsure = replace(READS, rights=(Right("t", "T", Permission.SPOT_TRADE, NOT_TOLD),))
    assert len(text(unsure, OKX)) == 1


@pytest.mark.parametrize("place", [Environment.TESTNET, Environment.DEMO])
def test_demos_have_no_such_rule(place: Environment) -> None:
    assert text(replace(OPEN, environment=place), OKX) == []


def test_a_key_that_was_not_accepted_has_no_deadline() -> None:
    assert text(replace(OPEN, accepted=False, expires_at=Known(NOW)), OKX) == []


def test_a_key_that_outlived_its_day_was_renewed_and_gets_no_day() -> None:
    made = replace(OPEN, created_at=Known(NOW - timedelta(days=200)))
    (one,) = deadlines(made, GATE, "Gate", NOW)
    assert one.at is None
    assert "renewed" in one.text(NOW)
    assert nearest((one,), NOW) is None


@pytest.mark.parametrize("doubt", ["other_key", "locked"])
def test_an_answer_that_does_not_count_names_no_day(doubt: str) -> None:
    assert text(replace(OPEN, expires_at=Known(NOW), **{doubt: True}), OKX) == []


def test_an_end_that_is_told_stands_for_the_rule() -> None:
    assert len(text(replace(OPEN, expires_at=Known(NOW)), OKX)) == 1
    assert len(text(replace(OPEN, expires_at=Known(None)), OKX)) == 1


@pytest.mark.parametrize(
    ("days", "step"),
    [(20, None), (8, None), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 0), (-5, 0)],
)
def test_nearness_goes_in_steps(days: int, step: int | None) -> None:
    found = deadlines(replace(OPEN, expires_at=Known(NOW + timedelta(days=days))), None, "OKX", NOW)
    assert nearest(found, NOW) == step
    assert step is None or step in NEAR_DAYS


def test_each_rule_in_days_is_the_one_that_is_stated() -> None:
    with_days = [spec for spec in EXCHANGES.values() if spec.traits.unlisted_end is not None]
    assert {spec.id for spec in with_days} == {"okx", "kucoin", "gate"}
    for spec in with_days:
        end = spec.traits.unlisted_end
        assert end is not None
        assert spec.traits.unlisted_rule is not None
        assert f"{end.days} days" in spec.traits.unlisted_rule
