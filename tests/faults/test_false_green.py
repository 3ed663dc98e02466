"""The campaign against false greens: two judges, one written from the documentation alone.

    python tests/faults/test_false_green.py --answers 10000000

runs it at any length and prints what it found; `--exchange okx` keeps to one. The suite tries one
hundred thousand answers, evenly over all exchanges.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(root / "tests"), str(root / "app")]

import answer_campaign as campaign
import second_opinion
from answer_campaign import Case, Judge
from answer_campaign.locks import good as good_lock
from answer_campaign.locks import variants, with_lock
from answer_campaign.seeds import (
    ELSEWHERE,
    OWN,
    address_places,
    good_seeds,
    ok,
    packed,
    plain,
    seeds,
    time_answer,
    time_path,
)
from answer_mutations import Path as Place
from answer_mutations import put
from latchlight.core.answer import Answer
from latchlight.core.facts import KeyFacts, Known, Permission
from latchlight.core.findings import Light
from latchlight.core.lock_test import Judgement, Standing, Verdict
from latchlight.core.purpose import Purpose
from latchlight.core.records import replace
from latchlight.exchanges import EXCHANGES
from scripted_exchange import NOW, NOW_MS

ANSWERS = 100_000
SEED = 20261120
GREEN_ONES = [name for name in EXCHANGES if name not in second_opinion.NEVER_GREEN]
WITH_LOCK_TESTS = (*GREEN_ONES, *second_opinion.BY_LOCK_TEST)


@pytest.mark.timeout(500)
def test_no_answer_out_of_one_hundred_thousand_is_falsely_green(
    record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    tallies = campaign.run(ANSWERS, SEED)
    with capsys.disabled():
        print("".join(f"\n  {tally}" for tally in tallies))
    record_property("campaign", [str(tally) for tally in tallies])
    assert sum(tally.answers for tally in tallies) == ANSWERS
    assert [text for tally in tallies for text in tally.examples] == []
    assert all(not tally.false_green and not tally.too_strict for tally in tallies)
    for tally in tallies:
        assert (tally.greens > 300) is (tally.exchange in WITH_LOCK_TESTS), tally


def test_every_exchange_has_a_second_opinion() -> None:
    assert set(second_opinion.CHECKS) == set(EXCHANGES)


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_the_samples_are_green_for_both_judges_or_for_none(exchange: str) -> None:
    judged = Judge()
    for seed in seeds(exchange):
        for purpose in Purpose:
            case = plain(seed, purpose)
            assert judged.is_green(case) is campaign.opinion(case), campaign.shown(case)
        assert judged.light(plain(seed)).value == seed.sample.light, seed.name


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_what_was_drawn_can_be_drawn_again(exchange: str) -> None:
    for number in range(200):
        first, again = (campaign.drawn(exchange, SEED, number) for _ in range(2))
        assert (first.what, first.said) == (again.what, again.said)


# a campaign that finds nothing proves nothing unless it can find something


def without(permission: Permission) -> Callable[[KeyFacts], KeyFacts]:
    """This right is never seen."""

    def blind(facts: KeyFacts) -> KeyFacts:
        rights = [
            replace(r, granted=Known(False), dormant=False) if r.permission is permission else r
            for r in facts.rights
        ]
        return replace(facts, rights=tuple(rights))

    return blind


def any_list(facts: KeyFacts) -> KeyFacts:
    """A list is on, and holds what it should; an end that depends on the list is none."""
    from latchlight.core.addresses import parse_network

    end = facts.expires_at
    return replace(
        facts,
        whitelist_on=Known(True),
        whitelist=Known((parse_network(OWN),)),
        expires_at=end if isinstance(end, Known) else Known(None),
    )


MISREAD: dict[str, tuple[Callable[[KeyFacts], KeyFacts], str, tuple[str, ...]]] = {
    "withdrawals are not seen": (
        without(Permission.WITHDRAW),
        "rights",
        ("binance", "bybit", "okx", "kucoin", "bitget", "htx"),
    ),
    "transfers are not seen": (
        without(Permission.INTERNAL_TRANSFER),
        "rights",
        ("binance", "bybit", "kucoin", "bitget"),
    ),
    "new rights are not seen": (
        lambda facts: replace(facts, unknown_rights=Known(())),
        "new",
        ("binance", "bybit", "okx", "kucoin", "bitget", "htx"),
    ),
    "every list is a good one": (
        any_list,
        "values",
        ("binance", "bybit", "okx", "kucoin", "bitget", "htx"),
    ),
    "no key ends": (
        lambda facts: replace(facts, expires_at=Known(None)),
        "moments",
        ("binance", "bybit"),
    ),
    "every key is new": (
        lambda facts: replace(facts, created_at=Known(NOW)),
        "moments",
        ("binance", "bybit", "kucoin", "htx"),
    ),
}


@pytest.mark.parametrize(
    ("name", "exchange"), [(name, one) for name, (_, _, those) in MISREAD.items() for one in those]
)
def test_a_misread_answer_is_found(name: str, exchange: str) -> None:
    misread, part, _ = MISREAD[name]
    judged = Judge()
    spec = judged.specs[exchange]
    judged.specs[exchange] = replace(spec, read_facts=lambda *of: misread(spec.read_facts(*of)))
    assert found(judged, exchange, part)


ECHO: dict[str, Place] = {
    "bybit": ("result", "apiKey"),
    "kucoin": ("data", "apiKey"),
    "htx": ("data", 0, "accessKey"),
}
"""Where an answer names the key that it is about."""


@pytest.mark.parametrize("exchange", ECHO)
def test_a_key_that_is_not_compared_is_found(exchange: str) -> None:
    judged = Judge()
    spec = judged.specs[exchange]
    own = plain(seeds(exchange)[0]).seed.sample.key.api_key

    def any_key(answers: tuple[Answer, ...], *of: Any) -> KeyFacts:
        return spec.read_facts(tuple(about(answer, ECHO[exchange], own) for answer in answers), *of)

    judged.specs[exchange] = replace(spec, read_facts=any_key)
    assert found(judged, exchange, "values")


def about(answer: Answer, path: Place, key: str) -> Answer:
    """The answer as if it spoke of this key, where it is one that names any."""
    try:
        return replace(answer, body=put(answer.body, path, key))
    except (LookupError, TypeError):
        return answer


def json_of_everybody(body: bytes) -> Any:
    return json.loads(body)


def in_time(*_: Any) -> Any:
    from latchlight.core.situation import ClockReading

    return ClockReading(0.0, 0.0)


CARELESS: dict[str, tuple[str, str, Any, str]] = {
    "the last of two fields counts": ("net.ask", "decode", json_of_everybody, "doubled"),
    "the clock is ignored": ("probing", "read_clock", in_time, "moments"),
    "an old date is fine": ("net.ask", "_date_is_off", lambda raw, clock: False, "moments"),
}


@pytest.mark.parametrize("exchange", GREEN_ONES)
@pytest.mark.parametrize("name", CARELESS)
def test_a_careless_reader_is_found(
    name: str, exchange: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, target, wrong, part = CARELESS[name]
    monkeypatch.setattr(importlib.import_module(f"latchlight.{module}"), target, wrong)
    assert found(Judge(), exchange, part)


@pytest.mark.parametrize("exchange", GREEN_ONES)
def test_an_error_that_is_not_looked_at_is_found(exchange: str) -> None:
    judged = Judge()
    judged.specs[exchange] = replace(judged.specs[exchange], diagnose=lambda answer: None)
    assert found(judged, exchange, "statuses") or found(judged, exchange, "values")


def found(judged: Judge, exchange: str, part: str) -> bool:
    """Whether one of this part's cases is green for the program alone."""
    plans = islice(campaign.PARTS[part](exchange), 30_000)
    return any(judged.is_green(case) and not campaign.opinion(case) for case in made(plans))


def made(plans: Iterable[Callable[[], Case]]) -> Iterator[Case]:
    """Each case when its turn comes."""
    return (plan() for plan in plans)


# the rules


def one_thing_wrong() -> Iterator[Case]:
    """A safe key with one thing wrong, where one rule alone sees it."""
    good = {name: plain(seeds(name)[0]) for name in ("binance", "kucoin", "okx")}
    rights, day = "/sapi/v1/account/apiRestrictions", 86_400_000
    base = good["binance"].seed.said[rights][1]
    changes: list[dict[str, Any]] = [
        {name: not base[name]} for name in second_opinion.binance.TABLE
    ]
    changes += [{"ipRestrict": False}, {"enableXyz": True}, {"createTime": NOW_MS - 400 * day}]
    changes += [{"tradingAuthorityExpirationTime": NOW_MS + day}]
    for change in changes:
        yield good["binance"].with_said(str(change), **{rights: ok(packed({**base, **change}))})
    late = {time_path("binance"): time_answer("binance", NOW_MS + 6000)}
    yield good["binance"].with_said("late", **late)
    of_the_main_account = put(
        good["kucoin"].seed.said["/api/v1/user/api-key"][1], ("data", "isMaster"), True
    )
    yield good["kucoin"].with_said(
        "main", **{"/api/v1/user/api-key": ok(packed(of_the_main_account))}
    )
    for entries in (f"{OWN}/31", ELSEWHERE):
        ((path, (_, value)),) = good["okx"].seed.said.items()
        listed = put(value, address_places(value)[0][0], entries)
        yield good["okx"].with_said(entries, **{path: ok(packed(listed))})
    yield plain(seeds("okx")[0], host="openapi.okx.com (demo)")
    let_in = replace(good_lock("binance"), let_in=True, question="GET /sapi")
    yield with_lock(good["binance"], let_in)


@pytest.mark.parametrize(
    "left_out",
    [
        *("withdraw-on", "transfer-on", "whitelist-off", "more-than-purpose", "clock-off"),
        *("less-than-purpose", "unknown-permission-on", "key-old", "expires-soon"),
        *("key-management-on", "whitelist-too-wide", "whitelist-stale-entries"),
        *("wrong-environment", "lock-open"),
    ],
)
def test_h03_a_rule_that_is_left_out_is_found(
    left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latchlight.core import evaluate, rules

    def disagreements() -> list[str]:
        judged = Judge()
        cases = [c for c in one_thing_wrong() if judged.is_green(c) is not campaign.opinion(c)]
        return [campaign.shown(case) for case in cases]

    assert disagreements() == []
    kept = tuple(rule for rule in rules.RULES if rule.id != left_out)
    assert len(kept) == len(rules.RULES) - 1
    monkeypatch.setattr(evaluate, "RULES", kept)
    assert disagreements() != []


# lock tests


def lock_cases() -> Iterator[Case]:
    """A key as good as its answers can be, beside every lock test that may be remembered."""
    best = plain(good_seeds("coinbase")[0])
    yield best
    for tried in (good_lock(), *variants()):
        yield with_lock(best, tried)


def lock_disagreements(judged: Judge) -> list[str]:
    cases = [c for c in lock_cases() if judged.is_green(c) is not campaign.opinion(c)]
    return [campaign.shown(case) for case in cases]


def test_no_lock_test_that_falls_short_makes_a_key_green() -> None:
    judged, cases = Judge(), list(lock_cases())
    assert len(cases) > 1000
    greens = sum(judged.is_green(case) for case in cases)
    assert 20 < greens < len(cases) / 4
    assert not judged.is_green(cases[0])
    assert judged.is_green(cases[1])
    assert lock_disagreements(judged) == []


def always(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


LOCK_LEFT_OUT: dict[str, tuple[str, Any]] = {
    "every test counts for ever": ("rules.lock.standing", always(Standing.COUNTS)),
    "every refusal proves": ("rules.lock.judge_test", always(Judgement(Verdict.LOCKED))),
    "the address is not looked at": ("lock_test._why_not_foreign", always(None)),
    "nobody has to come back": ("lock_test._why_not_back", always(None)),
    "time does not matter": ("lock_test._within", always(True)),
}


@pytest.mark.parametrize("name", LOCK_LEFT_OUT)
def test_h03_a_part_of_the_lock_rule_that_is_left_out_is_found(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, wrong = LOCK_LEFT_OUT[name]
    module, _, target = path.rpartition(".")
    monkeypatch.setattr(importlib.import_module(f"latchlight.core.{module}"), target, wrong)
    assert lock_disagreements(Judge()) != []


def test_whatever_the_exchange_says_a_lock_test_hides_nothing() -> None:
    """The best proof there is, beside a key that may do too much or is no longer accepted."""
    judged, seen = Judge(), 0
    plans = (islice(campaign.PARTS[part]("coinbase"), 2000) for part in ("as they are", "values"))
    for case in made(itertools.chain(*plans)):
        proved = with_lock(case, good_lock())
        green = judged.is_green(proved)
        seen += green
        assert green is campaign.opinion(proved), campaign.shown(proved)
        assert not judged.is_green(case)
    assert seen > 0


# the second opinion


def test_the_second_opinion_reads_json_by_itself() -> None:
    from json_corpus import accepts, rejects

    for name, body in rejects():
        with pytest.raises(second_opinion.Refused):
            pytest.fail(f"{name} was read as {second_opinion.read(body)!r}")
    for _, body in accepts():
        assert second_opinion.read(body) == json.loads(body)


def test_the_second_opinion_shares_nothing_with_the_program() -> None:
    folder = Path(str(second_opinion.__file__)).parent
    files = sorted(folder.glob("*.py"))
    assert len(files) >= len(EXCHANGES)
    for file in files:
        source = file.read_text("utf-8")
        for shared in ("latchlight", "import json", "ipaddress", "exchange_samples"):
            assert shared not in source, f"{file.name}: {shared}"


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_the_second_opinion_says_no_by_default(exchange: str) -> None:
    case = plain(good_seeds(exchange)[0])
    for said in ({}, {path: ok(b"{}") for path in case.said}):
        assert not campaign.opinion(replace_said(case, said))


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_the_second_opinion_needs_every_answer(exchange: str) -> None:
    """But for the questions that only tell which of two others is the right one."""
    case = plain(good_seeds(exchange)[0])
    assert campaign.opinion(case) is (exchange in GREEN_ONES)
    for path in case.said:
        left = {other: heard for other, heard in case.said.items() if other != path}
        assert not campaign.opinion(replace_said(case, left)), path


def replace_said(case: Case, said: Any) -> Case:
    """The same key with other answers."""
    return Case(case.seed, case.purpose, said, case.what, case.host)


def test_a_disagreement_is_shown_without_the_key_and_as_small_as_it_gets() -> None:
    judged = Judge()
    judged.light = lambda case: Light.GREEN  # type: ignore[method-assign]
    case = next(
        case
        for number in range(500)
        if len((case := campaign.drawn("kucoin", SEED, number)).steps) == 3
        and not campaign.opinion(case)
    )
    smaller = campaign.smallest(case, judged)
    assert len(smaller.steps) < 3
    assert not campaign.opinion(smaller)
    text = campaign.shown(smaller)
    assert "kucoin for" in text
    assert case.seed.sample.key.api_key not in text


def main(argv: list[str]) -> int:
    """Run a campaign from the command line; 0 only if the two judges never disagreed."""
    parser = argparse.ArgumentParser(description="Judge spoilt answers twice and compare.")
    parser.add_argument("--answers", type=int, default=ANSWERS, help="over all exchanges together")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--exchange", action="append", choices=list(EXCHANGES), default=[])
    parser.add_argument("--workers", type=int, default=0, help="0: one per processor")
    wishes = parser.parse_args(argv)
    tallies = campaign.run(wishes.answers, wishes.seed, wishes.workers, wishes.exchange)
    for tally in tallies:
        print(tally)
    for tally in tallies:
        for text in tally.examples:
            print(text)
    return 1 if any(tally.false_green or tally.too_strict for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
