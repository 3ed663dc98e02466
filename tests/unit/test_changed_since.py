"""What `check` says about the check before: lights that changed, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factories import make_key_report
from latchlight.checkup import last_checks, past_checks, run_checkup, save_reports
from latchlight.cli.check import check
from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.parser import build_parser
from latchlight.core.changes import snapshot
from latchlight.core.credentials import KeyKind
from latchlight.core.errors import StoreError
from latchlight.core.findings import Light
from latchlight.core.profile import Profile
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.report.as_changes import changed_since
from scripted_exchange import (
    BINANCE,
    HOST,
    NOW,
    SAFE,
    credentials,
    heard,
    request,
    safe_script,
    services,
)

LABEL = "bot"
PROFILE = Profile("e" * 32, LABEL, BINANCE.id, HOST, KeyKind.HMAC, "…DhA8", "f" * 32, Intent(), NOW)
WITHDRAWS = heard({**SAFE, "enableWithdrawals": True})
OFFLINE = heard({}, 500)


class Keyring:
    """Hands out the one secret."""

    name = "the test keyring"

    def load(self, *_: object, **__: object) -> Any:
        return credentials()

    def weakness(self) -> None:
        """None."""


def around(*answers: Any) -> Any:
    """Services with one stored key whose rights are told like this, check by check."""
    made = services(safe_script(key=list(answers)), open_vault=Keyring)
    made.store().add_profile(replace(PROFILE, fingerprint=fingerprint_in(made)))
    return made


def fingerprint_in(made: Any) -> str:
    """Of the one secret, with the salt of this store."""
    return credentials().fingerprint(made.store().salt)


def checked(made: Any, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[ExitCode, str]:
    code = check(build_parser().parse_args(["check", LABEL, *more]), made)
    return code, capsys.readouterr().out


def test_the_first_check_and_an_equal_one_say_nothing_of_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = around(heard(SAFE), heard(SAFE))
    for _ in range(2):
        _, out = checked(made, capsys)
        assert "Withdrawals" not in out
        assert "changed since" not in out
    assert len(past_checks(made, LABEL)) == 2


def test_a_withdrawal_right_that_was_switched_on_is_told_as_a_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = around(heard(SAFE), OFFLINE, OFFLINE, WITHDRAWS)  # asked twice
    checked(made, capsys)
    assert "changed since" not in checked(made, capsys)[1]  # nothing was found out
    code, out = checked(made, capsys)
    assert code is ExitCode.RED
    assert "bot: changed since 2026-11-20" in out
    assert "Withdrawals: from Safe to Danger" in out


def test_json_stays_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    made = around(heard(SAFE), WITHDRAWS)
    checked(made, capsys)
    assert len(checked(made, capsys, "--json")[1].splitlines()) == 1


def test_a_history_that_cannot_be_read_is_no_reason_to_stop() -> None:
    def broken() -> Any:
        raise StoreError(say("No."), say("Do this."))

    made = services(safe_script(), given_store=broken)
    assert last_checks([request(LABEL, stored=True)], made) == [None]


def test_a_key_that_is_not_stored_has_no_last_check() -> None:
    made = around(heard(SAFE), heard(SAFE))
    stored = request(LABEL, stored=True, fingerprint=fingerprint_in(made))
    report = run_checkup([stored], made, token=CancelToken())
    save_reports(report, [stored], made)
    assert last_checks([stored], made) == [snapshot(report.keys[0])]
    assert last_checks([request(LABEL)], made) == [None]
    assert last_checks([request(LABEL, stored=True, host="elsewhere")], made) == [None]


def test_all_changes_stand_in_one_line_with_the_time_of_the_check_before() -> None:
    before = make_key_report(Light.GREEN)
    after = make_key_report(Light.AMBER, at=before.finished_at + timedelta(hours=3))
    (line,) = changed_since(snapshot(before), after)
    assert line.startswith("main-bot: changed since 2026-11-20 12:00 UTC: ")
    assert "Rights it does not need: from Safe to Look" in line
    assert changed_since(snapshot(after), after) == []
    assert changed_since(None, after) == []
