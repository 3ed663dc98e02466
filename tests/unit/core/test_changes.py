"""What changed between two checks of one key."""

from __future__ import annotations

from datetime import UTC, datetime

from latchlight.core.changes import Snapshot, SnapshotLine, changes
from latchlight.core.findings import Light

AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def taken(*lines: tuple[str, Light, str]) -> Snapshot:
    return Snapshot(AT, Light.GREY, tuple(SnapshotLine(*line) for line in lines))


def test_nothing_changed_between_equal_checks() -> None:
    one = taken(("withdraw-on", Light.GREEN, "off"))
    assert changes(one, one) == ()


def test_a_light_that_got_better_is_told_with_both_sides() -> None:
    before = taken(("whitelist-off", Light.RED, "No IP whitelist"))
    after = taken(("whitelist-off", Light.GREEN, "An IP whitelist is on"))
    (change,) = changes(before, after)
    assert change.better
    assert (change.before, change.after) == (before.lines[0], after.lines[0])


def test_the_worst_of_now_comes_first_and_what_vanished_last() -> None:
    before = taken(("a", Light.GREEN, "a"), ("b", Light.GREEN, "b"), ("gone", Light.RED, "x"))
    after = taken(("a", Light.AMBER, "a"), ("b", Light.RED, "b"))
    assert [c.rule for c in changes(before, after)] == ["b", "a", "gone"]


def test_what_came_or_vanished_is_not_called_better() -> None:
    assert not changes(taken(("x", Light.RED, "x")), taken())[0].better
    assert not changes(taken(), taken(("x", Light.GREEN, "x")))[0].better


def test_other_words_under_the_same_light_are_a_change() -> None:
    before = taken(("address-not-whitelisted", Light.RED, "refused 203.0.113.7"))
    after = taken(("address-not-whitelisted", Light.RED, "refused 198.51.100.23"))
    assert len(changes(before, after)) == 1
