"""The history: stored reports read back strictly, equal checks folded, changes told as changes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOW, make_key_report
from latchlight.core.changes import (
    Snapshot,
    SnapshotLine,
    changed_lights,
    changes,
    last_found,
    snapshot,
    stretches,
)
from latchlight.core.findings import KeyReport, Light
from latchlight.core.languages import Language
from latchlight.core.past_reports import snapshot_from_json
from latchlight.core.rule_names import RULE_NAMES, rule_name
from latchlight.core.rules import RULES
from latchlight.core.sentences import say
from latchlight.report.as_json import key_for_history

HOUR = timedelta(hours=1)


def read(key: KeyReport) -> Snapshot:
    found = snapshot_from_json(key_for_history(key), key.finished_at)
    assert found is not None
    return found


def spoilt(**changed: object) -> str:
    return json.dumps(json.loads(key_for_history(make_key_report())) | changed)


def with_line(**changed: object) -> Snapshot:
    """The first line of a stored report is spoilt."""
    stored = json.loads(key_for_history(make_key_report()))
    stored["findings"][0] |= changed
    found = snapshot_from_json(json.dumps(stored), NOW)
    assert found is not None
    return found


@pytest.mark.parametrize("light", list(Light))
def test_what_is_stored_comes_back_as_the_snapshot_of_the_report(light: Light) -> None:
    key = make_key_report(light)
    assert read(key) == snapshot(key)


def test_a_stored_title_can_be_said_in_another_language() -> None:
    (line,) = (f for f in read(make_key_report(Light.RED)).lines if f.rule == "withdraw-on")
    other = Language("xx", "Xx", {"This key can withdraw your money.": "YYY"})
    assert other.of(line.title) == "YYY"


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{", "null", '"x"', "[" * 5000, "x" * 1_000_001, '{"light": NaN}'),
        '{"light": "green", "light": "red", "findings": [], "diagnosis": null}',
        spoilt(light="blue"),
        spoilt(light=None),
        spoilt(findings={}),
        spoilt(findings=[{}] * 201),
    ],
)
def test_what_is_not_one_of_our_reports_is_left_out(text: str) -> None:
    assert snapshot_from_json(text, NOW) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"light": "Green"},
        {"light": None},
        {"rule": "<b>"},
        {"rule": 7},
        {"title": ""},
        {"title": "x" * 401},
        {"title": "Safe\u202e"},
        {"title": "two\nlines"},
        {"title": ["x"]},
    ],
)
def test_a_line_that_cannot_be_read_is_left_out_and_counted(changed: dict[str, object]) -> None:
    whole, gap = snapshot(make_key_report()), with_line(**changed)
    assert gap.gaps == 1
    assert gap.lines == whole.lines[1:]
    # Its absence is no change: nobody knows what stood there.
    assert changes(whole, gap) == changes(gap, whole) == ()


@pytest.mark.parametrize(
    "made_of",
    [
        None,
        "x",
        {"template": "{a.__class__}", "values": {"a": "x"}},
        {"template": "{a[0]}", "values": {"a": "x"}},
        {"template": "{a!r}", "values": {"a": "x"}},
        {"template": "{a:>99999999}", "values": {"a": "x"}},
        {"template": "{}", "values": {}},
        {"template": "{missing}", "values": {}},
        {"template": "{", "values": {}},
        {"template": "Another title.", "values": {}},
        {"template": 7, "values": {}},
        {"template": "{a}", "values": {"a": 7}},
        {"template": "{a}", "values": {"a": {"template": "x"}}},
        {"template": "x", "values": {}, "more": 1},
    ],
)
def test_a_title_whose_making_makes_no_sense_stays_plain_text(made_of: object) -> None:
    found = with_line(title_made_of=made_of)
    assert found == snapshot(make_key_report())


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=8))
def test_anything_else_that_is_json_is_left_out(value: object) -> None:
    assert snapshot_from_json(json.dumps(value), NOW) is None


@given(
    st.dictionaries(
        st.sampled_from(["light", "host", "findings", "diagnosis"]),
        st.none() | st.text(max_size=5) | st.lists(st.dictionaries(st.text(), st.text())),
    )
)
def test_any_part_of_a_stored_report_may_be_spoilt(changed: dict[str, object]) -> None:
    found = snapshot_from_json(spoilt(**changed), NOW)
    assert found is None or isinstance(found, Snapshot)


def shot(at: datetime, light: Light, *lights: Light, answered: bool = True) -> Snapshot:
    lines = tuple(SnapshotLine(f"rule-{n}", each, say("x")) for n, each in enumerate(lights))
    return Snapshot(at, light, lines, answered, "h")


GREEN, RED, GREY, AMBER = Light.GREEN, Light.RED, Light.GREY, Light.AMBER


def test_equal_checks_in_a_row_are_folded_newest_first() -> None:
    past = [shot(NOW + n * HOUR, GREEN, GREEN) for n in range(14)]
    past.append(shot(NOW + 20 * HOUR, RED, RED))
    now, before = stretches(reversed(past))
    assert (before.count, before.first, before.last) == (14, NOW, NOW + 13 * HOUR)
    assert (before.changed, before.since) == ((), None)
    assert (now.count, now.first, now.since) == (1, NOW + 20 * HOUR, NOW + 13 * HOUR)
    (change,) = now.changed
    assert change.before is not None
    assert change.after is not None
    assert (change.before.light, change.after.light, change.better) == (GREEN, RED, False)


def test_a_check_that_found_nothing_changes_nothing_and_the_next_is_compared_with_the_one_before() -> (
    None
):
    past = [
        shot(NOW, GREEN, GREEN),
        shot(NOW + HOUR, GREY, GREY, answered=False),
        shot(NOW + 2 * HOUR, GREY, answered=False),
        shot(NOW + 3 * HOUR, RED, RED),
    ]
    after, nothing, _ = stretches(past)
    assert (nothing.count, nothing.changed) == (2, ())
    assert after.since == NOW
    assert [change.rule for change in after.changed] == ["rule-0"]
    assert last_found(past[:3], "h") == past[0]
    assert last_found(past, "another host") is None


def test_a_red_refusal_is_compared_although_nothing_else_was_answered() -> None:
    refused = shot(NOW, RED, RED, answered=False)
    assert refused.found_something
    (change,) = changed_lights(refused, shot(NOW + HOUR, GREEN, GREEN))
    assert change.better


def test_only_other_lights_of_the_same_host_are_news() -> None:
    before, after = shot(NOW, AMBER, AMBER, GREEN), shot(NOW + HOUR, RED, AMBER, RED)
    assert [change.rule for change in changed_lights(before, after)] == ["rule-1"]
    elsewhere = Snapshot(after.at, after.light, after.lines, True, "another")
    assert changed_lights(before, elsewhere) == ()
    assert changed_lights(None, after) == ()
    assert changed_lights(before, shot(NOW, GREY, GREY, GREY, answered=False)) == ()


def test_a_day_more_of_age_is_no_change() -> None:
    young = make_key_report(at=NOW)
    old = make_key_report(at=NOW)
    older = tuple(
        SnapshotLine(f.rule, f.light, say("This key is 99 days old."), f.basis)
        if f.rule == "key-old"
        else SnapshotLine(f.rule, f.light, f.title, f.basis)
        for f in old.findings
    )
    later = Snapshot(NOW + HOUR, old.light, older, host=old.host)
    assert changes(snapshot(young), later) == ()


def test_every_rule_has_a_short_name_and_nothing_else_has_one() -> None:
    assert set(RULE_NAMES) == {rule.id for rule in RULES}
    assert all(len(name.split()) <= 5 for name in RULE_NAMES.values())
    assert rule_name("rule-of-a-later-version") == "rule-of-a-later-version"
