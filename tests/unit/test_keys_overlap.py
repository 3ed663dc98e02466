"""Two keys for one bot: amber from the new one's first answer until the old one is dead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from latchlight.checkup import run_checkup
from latchlight.core.credentials import KeyKind
from latchlight.core.errors import StoreError
from latchlight.core.facts import KeyFacts
from latchlight.core.findings import Finding, KeyReport, Light
from latchlight.core.profile import Profile
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.core.records import replace
from latchlight.core.rotation import (
    REPLACED_FOR,
    Ended,
    EndedBy,
    Overlap,
    Rotation,
    mended_by_new_key,
)
from latchlight.core.rules import RULES
from latchlight.core.rules.rule import NotApplicable, Outcome
from latchlight.core.sentences import say
from latchlight.store import Store
from scripted_exchange import HOST, NOW, heard, request, safe_script, services

from .core.test_findings import situation

OLD, NEW = f"{1:032x}", f"{2:032x}"
SINCE = NOW - timedelta(days=3)
RUNNING = Rotation(OLD, SINCE, NEW, worked=SINCE)
(RULE,) = [rule for rule in RULES if rule.id == "keys-overlap"]


def judged(**changes: Any) -> Outcome | None:
    answer = RULE.evaluate(replace(situation(), **changes))
    return None if isinstance(answer, NotApplicable) else answer


def test_two_keys_that_work_are_amber_and_said_to_be_since_when() -> None:
    found = judged(overlap=Overlap("grid bot", SINCE))
    assert found is not None
    assert found.light is Light.AMBER
    assert SINCE.date().isoformat() in found.detail
    assert "“grid bot”" in found.detail


def test_nothing_is_said_without_a_second_key_or_of_an_old_one_that_was_refused() -> None:
    assert judged() is None
    assert judged(overlap=Overlap("grid bot", SINCE), facts=KeyFacts()) is None


def test_what_cannot_be_read_is_grey() -> None:
    found = judged(overlap=say("The store is damaged."))
    assert found is not None
    assert (found.light, found.required) == (Light.GREY, True)


def test_an_acceptance_holds_for_this_change_and_no_other() -> None:
    first, renamed = judged(overlap=Overlap("a", SINCE)), judged(overlap=Overlap("b", SINCE))
    other = judged(overlap=Overlap("a", NOW))
    assert first is not None
    assert renamed is not None
    assert other is not None
    assert first.basis == renamed.basis != other.basis


# through the whole checkup


@pytest.fixture
def store() -> Store:
    made = Store.in_memory()
    for label, entry in (("old bot", OLD), ("new bot", NEW)):
        made.add_profile(
            Profile(entry, label, "binance", HOST, KeyKind.HMAC, "…DhA8", entry, Intent(), NOW)
        )
    return made


def overlap_of(store: Any, **changes: Any) -> Light | None:
    """What the check of the old key says about it."""
    asked = request("old bot", **{"id": OLD, "stored": True, "fingerprint": OLD} | changes)
    around = services(safe_script(), given_store=store)
    report: KeyReport = run_checkup([asked], around, token=CancelToken()).keys[0]
    return {f.rule: f.light for f in report.findings}.get("keys-overlap")


def test_a_check_of_the_stored_old_key_knows_of_the_new_one(store: Store) -> None:
    assert overlap_of(store) is None
    store.keep_rotation(Rotation(OLD, SINCE, NEW))
    assert overlap_of(store) is None
    store.keep_rotation(RUNNING)
    assert overlap_of(store) is Light.AMBER
    assert overlap_of(store, id=NEW) is None
    # Found dead, and accepted all the same: then it was not dead, and must not be green.
    store.keep_rotation(replace(RUNNING, ended=Ended(NOW, EndedBy.PROVED)))
    assert overlap_of(store) is Light.AMBER
    store.remove_profile("new bot", entry=NEW)
    assert overlap_of(store) is None


def test_a_change_that_cannot_be_read_holds_the_green_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(old: str) -> None:
        raise StoreError(say("It is damaged."), say("Set it aside."))

    monkeypatch.setattr(store, "overlap", fails)
    assert overlap_of(store) is Light.GREY
    assert overlap_of(store, stored=False) is None


def test_keys_that_are_not_stored_bring_what_is_known_with_them(store: Store) -> None:
    brought = Overlap("new bot", SINCE)
    assert overlap_of(store, stored=False, overlap=brought) is Light.AMBER


def test_an_old_key_that_is_refused_is_not_called_alive(store: Store) -> None:
    store.keep_rotation(RUNNING)
    refusal = heard({"code": -2008, "msg": "Invalid Api-Key ID."}, 400)
    around = services(safe_script(key=refusal), given_store=store)
    asked = request("old bot", id=OLD, stored=True, fingerprint=OLD)
    (report,) = run_checkup([asked], around, token=CancelToken()).keys
    assert "keys-overlap" not in {f.rule for f in report.findings}
    assert report.light is Light.RED


# where the way to a new key is offered


def finding(rule: str, light: Light, reason: str | None = None, required: bool = True) -> Finding:
    from latchlight.core.findings import Sureness

    words = say("t")
    return Finding(
        rule, light, Sureness.REPORTED, words, words, words, reason=reason, required=required
    )


def test_the_rules_that_lead_to_a_new_key_exist() -> None:
    assert {rule.id for rule in RULES} >= REPLACED_FOR


@pytest.mark.parametrize("rule", sorted(REPLACED_FOR))
def test_a_new_key_is_offered_where_it_mends_something(rule: str) -> None:
    assert mended_by_new_key(finding(rule, Light.AMBER))
    assert mended_by_new_key(finding(rule, Light.RED))
    assert not mended_by_new_key(finding(rule, Light.GREEN))
    assert not mended_by_new_key(finding(rule, Light.GREY, "offline"))
    assert not mended_by_new_key(finding(rule, Light.AMBER, required=False))


def test_a_right_that_nobody_knows_may_be_one_that_cannot_be_unticked() -> None:
    assert mended_by_new_key(finding("unknown-permission-on", Light.GREY, "unknown-permission"))


def test_no_new_key_is_offered_where_the_old_one_can_be_mended() -> None:
    for rule in ("withdraw-on", "whitelist-off", "clock-off", "key-shared", "credentials-rejected"):
        assert not mended_by_new_key(finding(rule, Light.RED))
