"""Keys behind broken servers: planned from one table, with exceptions where one is different."""

from __future__ import annotations

import pytest

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.rules import RULES
from latchlight.core.sentences import say
from latchlight.practice.keys import KeyState
from latchlight.practice.traits import Trait
from latchlight.practice.troubles import EVERY, SPECIFIC, troubled

STATE = KeyState(True, ("203.0.113.7",), frozenset({"read"}))


def test_every_faulty_trait_has_a_row_that_is_not_green() -> None:
    plans = troubled(STATE, EVERY)
    assert [plan.trait for plan in plans] == [t for t in Trait if t is not Trait.NORMAL]
    known = {rule.id for rule in RULES} | {code.value for code in DiagnosisCode}
    for plan in plans:
        assert plan.name == plan.trait.value
        assert plan.light is not Light.GREEN
        assert plan.reason in known
        assert plan.state is STATE


def test_only_the_traits_asked_for_are_planned_with_the_fields_given() -> None:
    plans = troubled(STATE, SPECIFIC, purpose=Purpose.WATCH, sub_account=True, age_days=3.0)
    assert tuple(plan.trait for plan in plans) == SPECIFIC
    assert {(p.purpose, p.sub_account, p.age_days) for p in plans} == {(Purpose.WATCH, True, 3.0)}


def test_single_rows_can_be_changed() -> None:
    row = (Light.GREEN, None, say("Twelve seconds are nothing to this exchange."))
    plans = troubled(STATE, (Trait.CLOCK_BEHIND, Trait.SILENT), changed={Trait.CLOCK_BEHIND: row})
    assert (plans[0].light, plans[0].reason, plans[0].story) == row
    assert (plans[1].light, plans[1].reason) == (Light.GREY, "timeout")


def test_the_normal_server_is_no_trouble() -> None:
    with pytest.raises(KeyError):
        troubled(STATE, (Trait.NORMAL,))
