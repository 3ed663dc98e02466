"""What is to be ticked for the key that replaces another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import make_facts
from latchlight.core.facts import KeyFacts
from latchlight.core.new_key import what_to_tick
from latchlight.core.purpose import Purpose
from latchlight.exchanges.binance import SPEC

GUIDE = SPEC.traits.guide


def said(purpose: Purpose, facts: KeyFacts) -> str:
    return "\n".join(what_to_tick(purpose, facts, GUIDE))


def test_the_boxes_of_the_old_key_are_named_as_the_page_names_them() -> None:
    words = said(Purpose.SPOT, make_facts())
    assert "Tick “Enable Reading”, “Enable Spot & Margin Trading”, as the old key has it" in words
    assert "Leave out" not in words
    assert "Withdrawals stay off" in words


def test_what_the_old_key_has_too_much_is_left_out() -> None:
    words = said(Purpose.SPOT, make_facts(enableWithdrawals=True, enableFutures=True))
    tick, leave = words.splitlines()
    assert "Enable Futures" not in tick
    assert "Leave out “Enable Futures”, “Enable Withdrawals”" in leave


@pytest.mark.parametrize("purpose", list(Purpose))
def test_where_nothing_is_known_plain_words_say_what_the_purpose_needs(purpose: Purpose) -> None:
    for unknown in (KeyFacts(), replace(make_facts(), accepted=False)):
        words = said(purpose, unknown)
        assert words.startswith("Tick reading")
        assert "“" not in words


def test_rights_that_do_not_serve_the_purpose_are_no_pattern() -> None:
    words = said(Purpose.FUTURES, make_facts())
    assert words.startswith("Tick reading and futures trading, and nothing else")
    assert "Leave out “Enable Spot & Margin Trading”" in words
