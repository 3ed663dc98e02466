"""`check` and `preflight` as a subprocess, on every practice key."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from e2e.canaries import Canary, in_files
from e2e.conftest import Cli, Done
from keyring_daemon import KeyringDaemon
from latchlight.core.findings import Light
from latchlight.practice.binance_cast import cast
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld

CODES = {"green": 0, "amber": 1, "red": 2, "grey": 3}
PLANS = {plan.name: plan for plan in cast(HOME_ADDRESS, AWAY_ADDRESS)}


@pytest.mark.parametrize("name", PLANS)
def test_every_practice_key_gets_its_light_its_reason_and_its_code(cli: Cli, name: str) -> None:
    plan = PLANS[name]
    done = cli.check(name)
    assert done.report["light"] == plan.light.value
    assert done.exit == CODES[plan.light.value]
    assert done.err == ""
    if plan.light is Light.GREEN:
        assert plan.reason is None
        return
    key = done.report["keys"][0]
    reasons = {f["rule"] for f in key["findings"] if f["light"] == plan.light.value}
    reasons |= {key["diagnosis"]["code"]} if key["diagnosis"] else set()
    assert plan.reason in reasons


def test_a_check_without_storing_leaves_nothing_of_the_key(cli: Cli) -> None:
    cli.check("safe-spot")
    key = cli.key("safe-spot")
    canaries = [Canary("secret", key.secret), Canary("key", key.api_key)]
    assert in_files(canaries, cli.folder) == []


def test_labels_and_all_check_stored_keys_in_the_order_given(cli: Cli) -> None:
    for name in ("safe-spot", "withdraw-on", "watch-no-whitelist"):
        assert cli.add(name).exit == 0
    both = cli.run("check", "withdraw-on", "safe-spot", "--json")
    assert [key["label"] for key in both.report["keys"]] == ["withdraw-on", "safe-spot"]
    assert both.exit == 2
    every = cli.run("check", "--all", "--json")
    assert {key["label"] for key in every.report["keys"]} == {
        "safe-spot",
        "withdraw-on",
        "watch-no-whitelist",
    }
    assert every.exit == 2
    assert cli.run("check", "safe-spot", "safe-spot", "--json").exit == 0
    assert cli.run("check", "watch-no-whitelist").exit == 1


def test_all_without_stored_keys_is_grey_not_green(cli: Cli) -> None:
    done = cli.run("check", "--all")
    assert done.exit == 3
    assert done.out == ""
    assert "keys add" in done.err


def test_text_for_people_says_the_verdict_and_what_it_rests_on(cli: Cli) -> None:
    done = cli.check("safe-spot", json=False)
    assert done.exit == 0
    assert re.search(r"\[Safe\] Safe as far as Binance reports: \d+ checks done", done.out)
    assert f"This computer's public IP: {HOME_ADDRESS}" in done.out
    red = cli.check("withdraw-on", json=False)
    assert "[Danger]" in red.out
    assert "Enable Withdrawals" in red.out


def test_a_page_is_written_whole_and_holds_no_script_and_no_foreign_address(cli: Cli) -> None:
    page = cli.folder / "report.html"
    done = cli.check("withdraw-on", "--html", str(page), json=False)
    assert done.exit == 2
    text = page.read_text("utf-8")
    assert text.lower().startswith("<!doctype html>")
    assert text.rstrip().endswith("</html>")
    assert "Danger" in text
    assert not re.search(r"<script|src=|https?://(?!www\.binance\.com)", text)
    assert cli.key("withdraw-on").api_key not in text
    assert [p.name for p in cli.folder.glob(".latchlight-*")] == []


@pytest.mark.parametrize("target", ["missing/report.html", "", "."])
def test_a_page_that_cannot_be_written_is_no_verdict(cli: Cli, target: str) -> None:
    done = cli.check("safe-spot", "--html", str(cli.folder / target), json=False)
    assert done.exit == 64
    assert "could not be written" in done.err


def test_json_and_a_page_exclude_each_other(cli: Cli) -> None:
    assert cli.check("safe-spot", "--html", "x.html").exit == 64


def test_purpose_changes_the_light(cli: Cli) -> None:
    key, host = cli.key("safe-watch"), cli.key("safe-watch").base_url.removeprefix("https://")
    words = ("check", "--exchange", "binance", "--host", host, "--credentials", "-", "--json")
    given = cli.credentials(key.name)
    assert cli.run(*words, "--purpose", "watch", stdin=given).exit == 0
    assert cli.run(*words, "--purpose", "spot", stdin=given).light_of("less-than-purpose") == (
        "amber"
    )


def test_preflight_prints_one_line_and_passes_on_green_only(cli: Cli) -> None:
    for name in ("safe-spot", "key-old", "withdraw-on", "unknown-permission"):
        cli.add(name)
    for label, code in (("safe-spot", 0), ("key-old", 1), ("withdraw-on", 2)):
        done = cli.run("preflight", label)
        assert (done.exit, done.out.count("\n")) == (code, 1)
        assert done.out.startswith("Safe to launch" if code == 0 else "Do not launch")
    assert cli.run("preflight", "safe-spot", "unknown-permission").exit == 3


def test_accept_amber_passes_only_with_a_written_acceptance_of_that_very_finding(cli: Cli) -> None:
    cli.add("key-old")
    assert cli.run("preflight", "key-old", "--accept-amber").exit == 1
    assert _accept(cli, "key-old", "more-than-purpose").exit == 64
    assert cli.run("preflight", "key-old", "--accept-amber").exit == 1
    done = _accept(cli, "key-old", "key-old")
    assert done.exit == 0
    assert f"Accepted until {_soon()}: This key is 500 days old." in done.out
    assert cli.run("preflight", "key-old").exit == 1
    accepted = cli.run("preflight", "key-old", "--accept-amber")
    assert (accepted.exit, accepted.out[:14]) == (0, "Safe to launch")
    # The light itself stays what it was.
    assert cli.run("check", "key-old", "--json").report["light"] == "amber"
    cli.run("keys", "edit", "key-old", "--withdraw-acceptance", "key-old")
    assert cli.run("preflight", "key-old", "--accept-amber").exit == 1


@pytest.mark.parametrize(
    ("name", "rule", "said", "code"),
    [
        ("withdraw-on", "withdraw-on", "is red now: This key can withdraw", 2),
        ("unknown-permission", "unknown-permission-on", "is grey now: A right that", 3),
        ("safe-spot", "withdraw-on", "is green now: This key cannot withdraw.", 0),
        ("safe-spot", "whitelist-too-wide", "is grey now: ", 0),
        ("safe-spot", "tables-old", "has no light for this key now.", 0),
    ],
)
def test_f10_nothing_but_amber_can_be_accepted(
    cli: Cli, name: str, rule: str, said: str, code: int
) -> None:
    cli.add(name)
    done = _accept(cli, name, rule)
    assert (done.exit, done.out) == (64, "")
    assert f"“{rule}” {said}" in done.err
    assert "Only what is amber" in done.err
    assert "Accepted" not in cli.run("keys", "show", name).out
    assert cli.run("preflight", name, "--accept-amber").exit == code


def test_an_acceptance_does_not_cover_what_is_switched_on_later(
    bus: KeyringDaemon | None, tmp_path: Path
) -> None:
    name = "more-than-purpose"
    with PracticeWorld.start(exchanges=("binance",), faults=False) as world:
        cli, registry = Cli(world, tmp_path, bus), world.registry("binance")
        cli.add(name)
        done = _accept(cli, name, name)
        assert (done.exit, "“Enable Futures”" in done.out) == (0, True)
        assert cli.run("preflight", name, "--accept-amber").exit == 0
        before = registry.named(name)
        assert before is not None
        more = before.state.switches | {"enableVanillaOptions"}
        registry.change(name, replace(before.state, switches=more))
        refused = cli.run("preflight", name, "--accept-amber")
        assert (refused.exit, refused.out[:13]) == (1, "Do not launch")
        registry.change(name, before.state)
        assert cli.run("preflight", name, "--accept-amber").exit == 0


def test_an_acceptance_ends_with_the_purpose_for_which_it_was_given(cli: Cli) -> None:
    name = "more-than-purpose"
    cli.add(name)
    _accept(cli, name, name)
    cli.run("keys", "edit", name, "--purpose", "margin", "--label", "renamed")
    assert cli.run("check", "renamed", "--json").light_of(name) == "amber"
    _accept(cli, "renamed", "less-than-purpose")
    assert cli.run("preflight", "renamed", "--accept-amber").exit == 1
    cli.run("keys", "edit", "renamed", "--purpose", "spot")
    assert cli.run("preflight", "renamed", "--accept-amber").exit == 0


def test_what_is_accepted_is_judged_by_the_purpose_given_with_it(cli: Cli) -> None:
    cli.add("safe-spot")
    done = _accept(cli, "safe-spot", "more-than-purpose", "--purpose", "watch")
    assert done.exit == 0, done.err
    assert cli.run("preflight", "safe-spot", "--accept-amber").exit == 0
    assert cli.run("preflight", "safe-spot").exit == 1


def _accept(cli: Cli, label: str, rule: str, *more: str) -> Done:
    words = ("keys", "edit", label, "--accept", rule, "--reason", "seen and known")
    return cli.run(*words, "--until", _soon(), *more)


def _soon() -> str:
    return f"{datetime.now(UTC) + timedelta(days=5):%Y-%m-%d}"


def test_g01_an_exit_of_zero_means_an_all_green_report(cli: Cli) -> None:
    codes = {name: cli.check(name) for name in ("safe-rsa", "safe-ed25519", "safe-futures")}
    for done in codes.values():
        required = [f["light"] for f in done.report["keys"][0]["findings"]]
        assert done.exit == 0
        assert done.report["light"] == "green"
        assert "red" not in required
        assert "amber" not in required


@pytest.mark.parametrize("flags", [("-O",), ("-OO",), ("-X", "dev")])
@pytest.mark.parametrize("name", ["safe-spot", "key-old", "withdraw-on", "missing-field"])
def test_interpreter_flags_change_no_verdict(cli: Cli, name: str, flags: tuple[str, ...]) -> None:
    key = cli.key(name)
    words = ("check", "--exchange", "binance", "--credentials", "-", "--json")
    done = cli.run(
        *words, "--purpose", key.purpose.value, python=flags, stdin=cli.credentials(name)
    )
    assert done.exit == CODES[key.expected_light.value], done.err
    assert done.report["light"] == key.expected_light.value
    assert done.err == ""


def test_json_is_whole_whatever_letters_the_pipe_knows(cli: Cli) -> None:
    """A pipe on Windows takes the letters of one country; a label may hold any."""
    label = "\N{KEY} 机器人 bot"
    cli.add("safe-spot", label=label)
    narrow = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    listed = cli.run("keys", "list", "--json", env=narrow)
    assert [key["label"] for key in listed.json] == [label]
    checked = cli.run("check", label, "--json", env=narrow)
    assert checked.report["keys"][0]["label"] == label
