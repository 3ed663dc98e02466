"""The whole lock test against every practice exchange: at home, from elsewhere, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

import scripted_exchange as scripted
from latchlight import services as all_services
from latchlight.checkup import practice_requests, run_checkup, save_reports
from latchlight.core.addresses import parse_address
from latchlight.core.findings import Finding, Light
from latchlight.core.lock_test import LockTest, Verdict, Why, judge_test
from latchlight.core.progress import CancelToken
from latchlight.core.records import replace
from latchlight.exchanges import EXCHANGES
from latchlight.keys import CheckRequest
from latchlight.lock_testing import (
    Attempt,
    attempt,
    end_visit,
    keep_test,
    known_addresses,
    make_test,
)
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import Services
from latchlight.store import Store

from .test_lock_store import a_lock_test
from .test_store import a_profile

HOME, AWAY = parse_address(HOME_ADDRESS), parse_address(AWAY_ADDRESS)
NAMING = ("bybit", "okx", "kucoin", "gate", "bitget", "htx")
"""Exchanges whose refusal names the address and nothing else."""


class Bench:
    """One practice session, and how a lock test goes there."""

    def __init__(self, world: PracticeWorld) -> None:
        self.world = world
        self.services: Services = all_services.practice(world)
        self.requests = practice_requests(world, self.services)

    def request(self, exchange: str, label: str = "safe-spot") -> CheckRequest:
        found = (r for r in self.requests if (r.exchange.id, r.label) == (exchange, label))
        return next(found)

    def attempt(self, request: CheckRequest, address: str) -> Attempt:
        self.world.egress = address
        return attempt(request, self.services, CancelToken())

    def test(self, request: CheckRequest, away: str = AWAY_ADDRESS) -> LockTest:
        known = known_addresses(request, self.services)
        home = self.attempt(request, HOME_ADDRESS)
        tried = self.attempt(request, away)
        back = self.attempt(request, HOME_ADDRESS)
        return make_test(request, practice=True, home=home, known=known, tried=tried, back=back)

    def findings(self, request: CheckRequest) -> dict[str, Finding]:
        report = run_checkup([request], self.services, token=CancelToken())
        save_reports(report, [request], self.services)
        return {finding.rule: finding for finding in report.keys[0].findings}

    def light(self, request: CheckRequest) -> Light:
        report = run_checkup([request], self.services, token=CancelToken())
        return report.light


@pytest.fixture(scope="module")
def world() -> Iterator[PracticeWorld]:
    with PracticeWorld.start(faults=False) as made:
        yield made


@pytest.fixture
def bench(world: PracticeWorld) -> Iterator[Bench]:
    world.egress = HOME_ADDRESS
    made = Bench(world)
    yield made
    made.services.close()
    world.egress = HOME_ADDRESS


@pytest.mark.parametrize("exchange", NAMING)
def test_an_exchange_that_names_the_address_proves_its_lock(bench: Bench, exchange: str) -> None:
    request = bench.request(exchange)
    assert request.exchange.traits.names_refused_address
    made = bench.test(request)
    assert judge_test(made).verdict is Verdict.LOCKED
    assert (made.tried_from, made.back_from) == ((AWAY,), (HOME,))
    assert made.answer.code == "ip-not-whitelisted"
    assert keep_test(made, request, bench.services)
    found = bench.findings(request)["lock-open"]
    assert found.light is Light.GREEN
    assert AWAY_ADDRESS in found.detail
    assert any("lock test: refused" in evidence.said for evidence in found.evidence)


@pytest.mark.parametrize("exchange", ["binance", "coinbase"])
def test_an_exchange_that_names_no_reason_decides_nothing(bench: Bench, exchange: str) -> None:
    request = bench.request(exchange)
    assert not request.exchange.traits.names_refused_address
    before = bench.findings(request)
    made = bench.test(request)
    assert judge_test(made).verdict is Verdict.UNNAMED
    keep_test(made, request, bench.services)
    after = bench.findings(request)
    assert (after["lock-open"].light, after["lock-open"].required) == (Light.GREY, False)
    assert after["lock-open"].reason == "lock-test-unnamed"
    lights = {rule: f.light for rule, f in after.items() if rule != "lock-open"}
    assert lights == {rule: f.light for rule, f in before.items()}


def test_where_the_list_is_never_told_a_proof_makes_the_light_green(bench: Bench) -> None:
    request = bench.request("coinbase", "names-the-address")
    assert bench.light(request) is Light.AMBER
    keep_test(bench.test(request), request, bench.services)
    found = bench.findings(request)
    assert (found["whitelist-off"].light, found["lock-open"].light) == (Light.GREEN, Light.GREEN)
    assert AWAY_ADDRESS in found["whitelist-off"].detail
    assert bench.light(request) is Light.GREEN
    assert bench.light(bench.request("coinbase")) is Light.AMBER


def test_a_proof_ends_when_the_key_is_accepted_where_it_was_refused(bench: Bench) -> None:
    """Coinbase never tells that its list was switched off; that the stranger is let in now does."""
    request = bench.request("coinbase", "names-the-address")
    keep_test(bench.test(request), request, bench.services)
    assert bench.light(request) is Light.GREEN
    anywhere = bench.request("coinbase", "trading-no-whitelist")
    switched_off = replace(request, credentials=anywhere.credentials, hint=anywhere.hint)
    bench.world.egress = AWAY_ADDRESS
    assert bench.findings(switched_off)["whitelist-off"].light is Light.AMBER
    bench.world.egress = HOME_ADDRESS
    found = bench.findings(switched_off)
    assert found["whitelist-off"].light is Light.AMBER
    assert found["lock-open"].reason == "lock-test-let-in-since"


def test_every_exchange_is_one_or_the_other() -> None:
    assert {*NAMING, "binance", "coinbase"} == set(EXCHANGES)


def test_a_key_that_works_from_elsewhere_is_red(bench: Bench) -> None:
    """Coinbase does not tell that no list is on; the try does."""
    request = bench.request("coinbase", "trading-no-whitelist")
    assert bench.findings(request)["whitelist-off"].light is Light.AMBER
    made = bench.test(request)
    assert judge_test(made).verdict is Verdict.OPEN
    keep_test(made, request, bench.services)
    assert bench.findings(request)["lock-open"].light is Light.RED


def test_a_key_that_is_refused_at_home_cannot_be_tested(bench: Bench) -> None:
    made = bench.test(bench.request("okx", "wrong-address"))
    assert judge_test(made).why is Why.USUAL_UNKNOWN


def test_a_list_that_is_off_is_no_list_to_test(bench: Bench) -> None:
    made = bench.test(bench.request("okx", "trading-no-whitelist"))
    assert judge_test(made).why is Why.USUAL_UNKNOWN


@pytest.mark.parametrize("days", [-25, 25])
def test_a_step_by_a_clock_that_is_off_proves_nothing(bench: Bench, days: int) -> None:
    """Dated 25 days ahead, a proof would begin to count when it is nearly over, and last twice as long."""
    request = bench.request("okx")
    right = bench.services
    wrong = all_services.practice(bench.world)
    wrong = replace(wrong, now=lambda: datetime.now(UTC) + timedelta(days=days))
    home, away = bench.attempt(request, HOME_ADDRESS), bench.attempt(request, AWAY_ADDRESS)
    back = bench.attempt(request, HOME_ADDRESS)
    for step in ("home", "tried", "back"):
        bench.services = wrong
        bad = bench.attempt(request, AWAY_ADDRESS if step == "tried" else HOME_ADDRESS)
        bench.services = right
        assert (bad.accepted, bad.probe) == (False, ""), step
        assert bad.diagnosis is not None
        assert bad.diagnosis.code.value == "clock-off"
        steps = {"home": home, "tried": away, "back": back, step: bad}
        made = make_test(request, practice=True, known=(), **steps)
        assert judge_test(made).verdict is Verdict.UNDECIDED, step


def test_who_stays_at_home_proves_nothing(bench: Bench) -> None:
    made = bench.test(bench.request("okx"), away=HOME_ADDRESS)
    assert judge_test(made).why is Why.SAME_ADDRESS


def test_an_address_from_which_the_key_was_used_before_is_not_foreign(bench: Bench) -> None:
    request = bench.request("okx")
    bench.services.store().note_accepted(request.id, [AWAY], bench.services.now())
    assert judge_test(bench.test(request)).why is Why.SAME_ADDRESS


def test_an_address_that_the_user_named_is_not_foreign(bench: Bench) -> None:
    request = bench.request("okx")
    named = replace(request, intent=replace(request.intent, addresses=(AWAY,)))
    assert judge_test(bench.test(named)).why is Why.SAME_ADDRESS


def test_a_check_remembers_from_where_the_key_was_accepted(bench: Bench) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    for label, expected in (
        ("safe-spot", (HOME,)),
        ("wrong-address", ()),
        ("trading-no-whitelist", ()),
    ):
        request = bench.request("okx", label)
        bench.findings(request)
        assert bench.services.store().accepted_from(request.id, since) == expected, label


def test_a_try_is_a_visit_and_leaves_no_trace_in_the_history_of_the_line(bench: Bench) -> None:
    request, store = bench.request("okx"), bench.services.store()
    began = datetime.now(UTC)
    bench.findings(request)
    before = [s.address for s in store.address_history(4, began - timedelta(days=1))]
    made = bench.test(request)
    assert [s.address for s in store.address_history(4, began - timedelta(days=1))] == before
    store.note_address(AWAY, datetime.now(UTC))  # a watch that looked meanwhile
    end_visit(made.tried_from, began, bench.services)
    assert [s.address for s in store.address_history(4, began - timedelta(days=1))] == before


def test_a_test_ends_with_the_practice_session(world: PracticeWorld) -> None:
    first, second = Bench(world), Bench(world)
    request = first.request("okx")
    keep_test(first.test(request), request, first.services)
    assert second.services.store().lock_test(request.id) is None


def test_a_key_that_is_not_stored_keeps_nothing(bench: Bench) -> None:
    request = bench.request("okx")
    real = Services(folder=None)
    assert not keep_test(bench.test(request), request, real)


def test_a_stored_key_is_judged_by_what_was_kept_with_it() -> None:
    """Store, check and report together, without a network."""
    around = scripted.services(scripted.safe_script())
    store: Store = around.store()
    profile = a_profile()
    store.add_profile(profile)
    asked = scripted.request(
        id=profile.entry, label=profile.label, stored=True, fingerprint=profile.fingerprint
    )

    def found() -> dict[str, Finding]:
        report = run_checkup([asked], around, token=CancelToken())
        save_reports(report, [asked], around)
        return {finding.rule: finding for finding in report.keys[0].findings}

    assert "lock-open" not in found()
    mark = "shown ipRestrict=true"
    kept = a_lock_test(
        answer=replace(a_lock_test().answer, code="ip-not-whitelisted", only_cause=True),
        listed=(),
        list_before=mark,
        list_after=mark,
    )
    store.keep_lock_test(profile.entry, kept)
    assert found()["lock-open"].light is Light.GREEN
    store.keep_lock_test(profile.entry, a_lock_test(listed=(), list_before=mark, list_after=mark))
    assert found()["lock-open"].reason == "lock-test-unnamed"
    store.keep_lock_test(profile.entry, replace(kept, list_before="x", list_after="x"))
    assert found()["lock-open"].reason == "lock-test-other-list"
    store.forget_history()
    assert "lock-open" not in found()
