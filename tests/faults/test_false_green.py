"""The campaign against false greens: two judges, one written from the documentation alone.

    python tests/faults/test_false_green.py --answers 10000000

runs it at any length and prints what it found; the suite tries two hundred thousand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(root / "tests"), str(root / "app")]

import answer_campaign as campaign
from second_opinion import Heard, Refused, may_be_green, read

ANSWERS = 200_000


@pytest.mark.timeout(500)
def test_no_answer_out_of_two_hundred_thousand_is_falsely_green(
    record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    tally = campaign.run(ANSWERS)
    record_property("campaign", str(tally))
    with capsys.disabled():
        print(f"\n  {tally}")
    assert tally.answers == ANSWERS
    assert [campaign.shown(pair) for pair in tally.false_greens] == []
    assert [campaign.shown(pair) for pair in tally.too_strict] == []
    assert tally.greens > 5000


def test_the_good_answers_are_green_for_their_purpose_only() -> None:
    judged = campaign.Judge()
    for name, fit in campaign.FIT.items():
        for purpose in campaign.Purpose:
            answer = campaign.ok(campaign.packed(campaign.SAMPLES[name]))
            pair = (campaign.NOTHING_SPOILT, answer, purpose)
            green = judged.light(pair) is campaign.Light.GREEN
            assert green is (purpose is fit) is campaign.opinion(pair)


PARTS: dict[str, Callable[[], Iterator[campaign.Pair]]] = {
    "rights": campaign.rights_table,
    "types": campaign.wrong_types,
    "missing": campaign.missing_fields,
    "renamed": campaign.renamed_fields,
    "doubled": campaign.doubled_fields,
    "new": campaign.new_fields,
    "statuses": campaign.statuses,
    "around": campaign.around_the_body,
    "clocks": campaign.clocks_and_dates,
}


def truthy(body: Any, name: str) -> Any:
    from latchlight.core.facts import Known

    return Known(bool(body.get(name)))


def json_of_everybody(body: bytes) -> Any:
    import json

    return json.loads(body)


def everything_known(body: Any) -> Any:
    from latchlight.core.facts import Known

    return Known(())


def never_refused(answer: Any) -> Any:
    return None


def no_end(body: Any) -> Any:
    from latchlight.core.facts import Known

    return Known(None)


def in_time(*_: Any) -> Any:
    from latchlight.core.situation import ClockReading

    return ClockReading(0.0, 0.0)


PLANTED: dict[str, tuple[str, str, Any, str]] = {
    "a switch is read by its truth": ("exchanges.binance", "_boolean", truthy, "types"),
    "a missing switch is off": ("exchanges.binance", "_boolean", truthy, "missing"),
    "a renamed switch is off": ("exchanges.binance", "_boolean", truthy, "renamed"),
    "the last of two fields counts": ("net.ask", "decode", json_of_everybody, "doubled"),
    "new rights are ignored": ("exchanges.binance", "_unknown_rights", everything_known, "new"),
    "the end is ignored": ("exchanges.binance", "_expiry", no_end, "clocks"),
    "the clock is ignored": ("probing", "read_clock", in_time, "clocks"),
    "an old date is fine": ("net.ask", "_date_is_off", lambda raw, clock: False, "clocks"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A campaign that finds nothing proves nothing unless it can find something."""
    import importlib

    module, target, wrong, part = PLANTED[name]
    monkeypatch.setattr(importlib.import_module(f"latchlight.{module}"), target, wrong)
    judged = campaign.Judge()
    pairs = islice(PARTS[part](), 6000)
    assert any(
        judged.light(pair) is campaign.Light.GREEN and not campaign.opinion(pair) for pair in pairs
    )


def single_faults() -> Iterator[campaign.Pair]:
    """A safe spot key with one thing wrong."""
    base = campaign.SAMPLES["restrictions-spot"]
    day = 86_400_000
    changes: list[dict[str, Any]] = [{switch: not base[switch]} for switch in campaign.SWITCHES]
    changes += [{"ipRestrict": False}, {"enableXyz": True}]
    changes += [{"createTime": campaign.NOW_MS - 400 * day}]
    changes += [{"tradingAuthorityExpirationTime": campaign.NOW_MS + day}]
    for change in changes:
        body = campaign.packed({**base, **change})
        yield campaign.NOTHING_SPOILT, campaign.ok(body), campaign.Purpose.SPOT
    late = campaign.time_answer(campaign.NOW_MS + 6000)
    yield late, campaign.ok(campaign.packed(base)), campaign.Purpose.SPOT


@pytest.mark.parametrize(
    "left_out",
    [
        *("withdraw-on", "transfer-on", "whitelist-off", "more-than-purpose", "clock-off"),
        *("less-than-purpose", "unknown-permission-on", "key-old", "expires-soon"),
    ],
)
def test_h03_a_rule_that_is_left_out_is_found(
    left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latchlight.core import evaluate, rules

    def disagreements() -> list[campaign.Pair]:
        judged = campaign.Judge()
        return [
            pair
            for pair in single_faults()
            if (judged.light(pair) is campaign.Light.GREEN) is not campaign.opinion(pair)
        ]

    assert disagreements() == []
    kept = tuple(rule for rule in rules.RULES if rule.id != left_out)
    assert len(kept) == len(rules.RULES) - 1
    monkeypatch.setattr(evaluate, "RULES", kept)
    assert disagreements() != []


def test_the_second_opinion_reads_json_by_itself() -> None:
    from json_corpus import accepts, rejects

    for name, body in rejects():
        with pytest.raises(Refused):
            pytest.fail(f"{name} was read as {read(body)!r}")
    import json

    for _, body in accepts():
        assert read(body) == json.loads(body)


def test_the_second_opinion_shares_nothing_with_the_program() -> None:
    import second_opinion

    source = Path(str(second_opinion.__file__)).read_text("utf-8")
    assert "latchlight" not in source
    assert "import json" not in source


def test_the_second_opinion_says_no_by_default() -> None:
    assert not may_be_green(Heard(b"{}"), Heard(b"{}"), "spot", campaign.NOW_MS)


def main(argv: list[str]) -> int:
    """Run a campaign from the command line; 0 only if the two judges never disagreed."""
    parser = argparse.ArgumentParser(description="Judge spoilt answers twice and compare.")
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--seed", type=int, default=20261120)
    parser.add_argument("--workers", type=int, default=0, help="0: one per processor")
    wishes = parser.parse_args(argv)
    tally = campaign.run(wishes.answers, wishes.seed, wishes.workers)
    print(tally)
    for pair in (*tally.false_greens, *tally.too_strict):
        print(campaign.shown(pair))
    return 1 if tally.false_greens or tally.too_strict else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
