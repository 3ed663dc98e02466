"""The steps offered are the cure for exactly what was found; where only waiting helps, none are."""

from __future__ import annotations

from typing import Any

import pytest

from latchlight.core.errors import InputError
from latchlight.core.findings import KeyReport, Light
from latchlight.core.profile import clean_label
from latchlight.core.purpose import Purpose
from latchlight.net import translate
from scripted_exchange import SAFE, Heard, check, heard, safe_script, sample


def title_of_the_fix(report: KeyReport, rule: str = "credentials-rejected") -> str | None:
    finding = next(f for f in report.findings if f.rule == rule)
    return str(finding.fix.title) if finding.fix is not None else None


def refusal(name: str, status: int) -> Heard:
    return heard(sample(name), status)


@pytest.mark.parametrize(
    "script",
    [
        safe_script(time=translate.offline()),
        safe_script(time=translate.timeout()),
        safe_script(time=translate.redirected(302)),
        safe_script(time=Heard(b"<html>", 403, "text/html")),
        safe_script(time=Heard(b"<html>", 200, "text/html")),
        safe_script(time=heard({"code": 0, "msg": "restricted location"}, 451)),
        safe_script(key=[heard({"code": -1003, "msg": "Too many requests queued."}, 429)]),
        safe_script(key=[heard({"code": -1008, "msg": "overloaded"}, 503)] * 2),
        safe_script(key=[Heard(b"{", 200)]),
    ],
    ids=[
        "offline",
        "timeout",
        "redirect",
        "firewall",
        "portal",
        "region",
        "rate",
        "maintenance",
        "garbage",
    ],
)
def test_what_only_waiting_cures_gets_no_steps(script: dict[str, Any]) -> None:
    report = check(script)
    assert report.diagnosis is not None
    assert {f.rule: f.fix for f in report.findings if f.fix is not None} == {}


@pytest.mark.parametrize(
    ("script", "title"),
    [
        (safe_script(key=refusal("error-1022", 400)), "Copy key and secret again"),
        (safe_script(key=refusal("error-2014", 401)), "Copy key and secret again"),
        (safe_script(key=refusal("error-2008", 400)), "Make a new key"),
        (
            safe_script(key=refusal("error-2015", 400), account=refusal("error-2015", 401)),
            "Compare the key's page with this computer",
        ),
        (
            safe_script(key=refusal("error-2015", 400), account=heard(sample("account"))),
            "Switch reading on",
        ),
    ],
    ids=["-1022", "-2014", "-2008", "-2015 twice", "-2015 once"],
)
def test_a_refusal_gets_the_steps_for_its_cause(script: dict[str, Any], title: str) -> None:
    report = check(script)
    assert title_of_the_fix(report) == title
    others = [
        f.rule for f in report.findings if f.fix is not None and f.rule != "credentials-rejected"
    ]
    assert others == []


def test_a_right_that_is_not_known_to_be_on_is_not_to_be_switched_off() -> None:
    unreadable = {name: value for name, value in SAFE.items() if name != "enableWithdrawals"}
    assert title_of_the_fix(check(safe_script(key=heard(unreadable))), "withdraw-on") is None
    on = {**SAFE, "enableWithdrawals": True}
    assert (
        title_of_the_fix(check(safe_script(key=heard(on))), "withdraw-on")
        == "Switch withdrawals off"
    )
    strange = {**SAFE, "enableAlphaWithdrawals": True}
    report = check(safe_script(key=heard(strange)))
    assert title_of_the_fix(report, "unknown-permission-on") == "Switch the unknown right off"


def test_ui03_a_whole_secret_as_a_label_is_called_what_it_is() -> None:
    with pytest.raises(InputError, match="looks like a key or a secret"):
        clean_label("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j")


@pytest.mark.parametrize(
    ("changes", "missing", "purpose", "rule"),
    [
        ({"enableFutures": True}, "enableVanillaOptions", Purpose.SPOT, "more-than-purpose"),
        ({"enableReading": False}, "enableSpotAndMarginTrading", Purpose.SPOT, "less-than-purpose"),
        (
            {"permitsUniversalTransfer": True, "enableFutures": True},
            "enableInternalTransfer",
            Purpose.FUTURES,
            "transfer-on",
        ),
    ],
)
def test_what_is_not_known_is_never_hidden_behind_an_amber_that_could_be_accepted(
    changes: dict[str, bool], missing: str, purpose: Purpose, rule: str
) -> None:
    answer = {name: value for name, value in {**SAFE, **changes}.items() if name != missing}
    finding = next(
        f for f in check(safe_script(key=heard(answer)), purpose).findings if f.rule == rule
    )
    assert finding.light is Light.GREY
    told = {**answer, missing: False}
    finding = next(
        f for f in check(safe_script(key=heard(told)), purpose).findings if f.rule == rule
    )
    assert finding.light is Light.AMBER
