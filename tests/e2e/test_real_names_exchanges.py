"""Every exchange under its real host names: the unmodified program, and witnesses of every step."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from e2e.contract import check_report
from e2e.real_names import (
    EGRESS,
    ELSEWHERE,
    EXCHANGE_OF,
    SECOND_HOST,
    SIGNED,
    Benches,
    Outcome,
    Situation,
    answer,
    cast_key,
    witnessed_trouble,
)
from latchlight.exchanges import EXCHANGES
from latchlight.practice.exchange import EXCHANGES as IMITATIONS
from latchlight.practice.keys import KeyPlan
from latchlight.practice.traits import Trait

pytestmark = pytest.mark.namespaces

CODES = {"green": 0, "amber": 1, "red": 2, "grey": 3}
PAGE = "<!DOCTYPE html><html><title>Guest network</title><h1>Please log in</h1></html>"
PARTS = (
    "safe-spot",
    "withdraw-on",
    "trading-no-whitelist",
    "wrong-address",
    "wrong-secret",
    "deleted-key",
)
LINES = {
    "login page": answer(PAGE, content_type="text/html;charset=UTF-8"),
    "redirect": answer("", 302, location=f"https://{SECOND_HOST}/"),
    "perfect body, status 500": answer(b"{}", 500),
}


def plans(exchange: str) -> dict[str, KeyPlan]:
    cast = IMITATIONS[exchange].cast(EGRESS, ELSEWHERE)
    return {plan.name: plan for plan in cast if plan.trait is Trait.NORMAL}


CAST = [(e, part) for e in EXCHANGES for part in PARTS if part in plans(e)]
ON_THE_LINE = [(e, line) for e in EXCHANGES for line in LINES]


class Runs:
    """All runs, started at once in a few namespaces; each test waits for its own."""

    def __init__(self, folder: Path) -> None:
        self._benches = Benches(folder)
        self._pool = ThreadPoolExecutor(max_workers=3)
        self._runs: dict[tuple[str, str], Future[Outcome]] = {}
        for exchange, part in CAST:
            purpose = ("--purpose", plans(exchange)[part].purpose.value)
            self._start((exchange, part), Situation(cast_key(exchange, part), purpose))
        for exchange, line in ON_THE_LINE:
            spec = EXCHANGES[exchange]
            steps = {spec.hosts[0].server: {spec.key_probe.path: [LINES[line]]}}
            self._start((exchange, line), Situation(cast_key(exchange, PARTS[0]), steps=steps))

    def _start(self, name: tuple[str, str], situation: Situation) -> None:
        def run() -> Outcome:
            with self._benches.borrow() as bench:
                return bench.run(situation)

        self._runs[name] = self._pool.submit(run)

    def one(self, exchange: str, what: str) -> Outcome:
        return self._runs[exchange, what].result(timeout=600)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._benches.close()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    started = Runs(tmp_path_factory.mktemp("exchanges"))
    yield started
    started.close()


@pytest.mark.parametrize(("exchange", "part"), CAST)
def test_each_exchange_gives_its_light_under_its_real_name(
    runs: Runs, exchange: str, part: str
) -> None:
    plan, outcome = plans(exchange)[part], runs.one(exchange, part)
    report = check_report(outcome.report)
    assert report["light"] == plan.light.value
    assert outcome.exit == CODES[plan.light.value]
    findings = report["keys"][0]["findings"]
    reasons = {f["rule"] for f in findings if f["light"] == plan.light.value}
    assert plan.reason is None or plan.reason in reasons | {outcome.diagnosis}
    assert report["keys"][0]["host"] == EXCHANGES[exchange].hosts[0].name
    assert outcome.stderr == ""


@pytest.mark.parametrize(("exchange", "line"), ON_THE_LINE)
def test_a01_a06_a23_what_is_not_the_exchange_s_answer_is_grey(
    runs: Runs, exchange: str, line: str
) -> None:
    outcome = runs.one(exchange, line)
    assert outcome.exit == CODES["grey"]
    assert outcome.at(SECOND_HOST) == []


@pytest.mark.parametrize(("exchange", "what"), [*CAST, *ON_THE_LINE])
def test_p3_s9_s10_nothing_foreign_is_contacted_sent_or_left_behind(
    runs: Runs, exchange: str, what: str
) -> None:
    assert witnessed_trouble(runs.one(exchange, what)) == []


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_only_the_chosen_host_of_the_chosen_exchange_is_asked(runs: Runs, exchange: str) -> None:
    outcome = runs.one(exchange, PARTS[0])
    asked = {received.host for received in outcome.received if received.host in EXCHANGE_OF}
    assert asked == {EXCHANGES[exchange].hosts[0].server}


def test_the_witnesses_know_the_headers_of_every_exchange() -> None:
    assert set(SIGNED) == set(EXCHANGES)
