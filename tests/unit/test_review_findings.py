"""What a hostile reading of the program brought to light, one test for each finding."""

from __future__ import annotations

import os
import pty
import select
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from keyring_double import MemoryKeyring
from latchlight.cli import keys as keys_command
from latchlight.cli import requests as cli_requests
from latchlight.cli import terminal
from latchlight.cli.doctor import _clock
from latchlight.cli.prompt import prompt_secrets
from latchlight.core.addresses import parse_address
from latchlight.core.egress import AddressAnswer, EgressReport, agree
from latchlight.core.errors import InputError
from latchlight.core.findings import Finding, Light, Report
from latchlight.core.intake import LONGEST_PASTE
from latchlight.core.pasted import take_apart
from latchlight.core.pem import looks_like_pem
from latchlight.core.profile import AddressSighting
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.core.server_text import harmless
from latchlight.core.situation import Storage
from latchlight.judge import Background, judge
from latchlight.keys import save_key
from latchlight.net.client import RawAnswer
from latchlight.probing import KeyAnswers, ask_exchange
from latchlight.report.as_html import as_html
from latchlight.report.as_text import as_text
from latchlight.report.saving import write_whole
from latchlight.vault import Vault, refusals
from scripted_exchange import (
    API_KEY,
    BINANCE,
    HOST,
    NOW,
    NOW_MS,
    SAFE,
    TIME_PATH,
    Heard,
    check,
    credentials,
    heard,
    request,
    safe_script,
    services,
    time_answer,
)

SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b28b4c6b6ba"
SEEN = AddressSighting(parse_address("8.8.8.8"), NOW - timedelta(days=12), NOW - timedelta(days=2))
REFUSED = {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}


def lookup(*addresses: str) -> EgressReport:
    return agree(AddressAnswer(a, a + str(n), 4, parse_address(a), None)
                 for n, a in enumerate(addresses))  # fmt: skip


def finding(rule: str, egress: EgressReport, background: Background) -> Finding | None:
    around = services(safe_script())
    answers = ask_exchange(BINANCE, HOST, credentials(), around, CancelToken())
    report = judge(BINANCE, request(), answers, egress, background, NOW, around)
    return next((f for f in report.findings if f.rule == rule), None)


# lights


@pytest.mark.parametrize(
    "egress", [EgressReport(), lookup("8.8.8.8"), lookup("8.8.8.8", "9.9.9.9")]
)
def test_e01_old_sightings_alone_do_not_call_the_address_steady(egress: EgressReport) -> None:
    assert finding("address-unstable", egress, Background(history=(SEEN,))) is None


def test_c12_the_address_of_this_moment_counts_as_a_change() -> None:
    other = AddressSighting(parse_address("9.9.9.9"), SEEN.first, SEEN.last)
    for now_at, light in (("9.9.9.9", Light.GREEN), ("1.1.1.1", Light.AMBER)):
        found = finding(
            "address-unstable", lookup(now_at, now_at), Background(history=(SEEN, other))
        )
        assert found is not None
        assert found.light is light


@pytest.mark.parametrize(
    "problem", [refusals.absent, refusals.locked, refusals.denied, refusals.missing]
)
def test_d06_a_secret_that_was_not_read_back_is_not_called_well_kept(
    problem: Callable[[], refusals.VaultError],
) -> None:
    answers = KeyAnswers.failed(BINANCE, HOST, problem())
    background = Background(storage=Storage("the keyring"))
    report = judge(
        BINANCE, request(), answers, EgressReport(), background, NOW, services(safe_script())
    )
    assert {f.rule: f.light for f in report.findings}["vault-weak"] is Light.GREY


def test_doctor_calls_no_clock_right_that_was_measured_over_a_slow_line() -> None:
    class Slow(Heard):
        def raw(self, now: datetime, took_ms: float = 0.0) -> RawAnswer:
            return super().raw(now, 9000.0)

    assert _clock(BINANCE, services({TIME_PATH: time_answer()})).light is Light.GREEN
    slow = Slow(time_answer(NOW_MS + 4500).body, 200)
    assert _clock(BINANCE, services({TIME_PATH: slow})).light is Light.GREY


# pauses


def test_ht07_a_pause_asked_for_at_the_narrowing_question_is_kept() -> None:
    banned = heard({"code": -1003, "msg": "x"}, 418, retry_after=3600.0)
    around = services(safe_script(key=heard(REFUSED, 400), account=banned))
    ask_exchange(BINANCE, HOST, credentials(), around, CancelToken())
    assert around.store().ban_until(HOST, NOW) == NOW + timedelta(hours=1)


def test_ht07_a_pause_asked_for_at_the_second_measurement_is_kept() -> None:
    ahead = heard({"code": -1021, "msg": "Timestamp is ahead of the server's time."}, 400)
    banned = heard({"code": -1003, "msg": "x"}, 418, retry_after=3600.0)
    around = services(safe_script(time=[time_answer(), banned], key=[ahead, ahead]))
    ask_exchange(BINANCE, HOST, credentials(), around, CancelToken())
    assert around.store().ban_until(HOST, NOW) == NOW + timedelta(hours=1)


def test_ht07_of_two_ends_of_a_ban_the_later_one_counts() -> None:
    message = f"Way too many requests; IP banned until {NOW_MS + 86_400_000}."
    banned = heard({"code": -1003, "msg": message}, 418, retry_after=5.0)
    around = services(safe_script(key=banned))
    ask_exchange(BINANCE, HOST, credentials(), around, CancelToken())
    assert around.store().ban_until(HOST, NOW) == NOW + timedelta(days=1)


# nothing of a key or signature gets out


@pytest.mark.parametrize(
    "message",
    [
        f"blocked: key {API_KEY}",
        f"blocked: GET /x?timestamp=1&signature={SIGNATURE}",
        f"signature {SIGNATURE.upper()}.",
        "signature yQ2Zb0i%2B8sd9vK%2F1f7e5d4c3b2a1908776655443322110099aabbccddeeff%3D%3D",
    ],
)
def test_s8_p10_a_request_quoted_by_the_server_is_left_out_of_the_report(message: str) -> None:
    key = check(safe_script(key=heard({"code": -1100, "msg": message}, 400)))
    assert key.diagnosis is not None
    assert "[…]" in (key.diagnosis.server_text or "")
    report = Report("1", "2026-11-20", NOW, NOW, (key,), EgressReport())
    longest = max(message.replace("=", " ").split(), key=len)
    for text in (as_text(report), as_html(report)):
        flat = "".join(text.split())
        assert not any(longest[at : at + 12] in flat for at in range(len(longest) - 12))


def test_the_exchanges_own_sentences_stay_whole() -> None:
    for text in (
        "Timestamp for this request was 1000ms ahead of the server's time.",
        "Invalid API-key, IP, or permissions for action, request ip: 2001:db8:85a3::8a2e:370:7334",
        "Illegal characters found in parameter 'timestamp'; legal range is '^[0-9]{1,20}$'.",
    ):
        assert harmless(text) == text


@pytest.mark.parametrize("text", ["deadbeef" * 5, "1.2.3", "::::", "256.1.1.1"])
def test_f03_what_is_no_address_is_not_called_the_address_that_was_seen(text: str) -> None:
    refused = heard({**REFUSED, "msg": f"x, request ip: {text}"}, 400)
    diagnosis = check(safe_script(key=refused, account=refused)).diagnosis
    assert diagnosis is not None
    assert diagnosis.seen_address is None


def _refusal_of(work: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as caught:
        work()
    return caught.value


def test_s4_no_error_of_the_command_line_hangs_behind_ours_with_what_was_typed() -> None:
    typed = "s9W" * 12
    for problem in (
        _refusal_of(lambda: terminal._text(typed.encode() + b"\xff")),
        _refusal_of(lambda: cli_requests._address(typed)),
        _refusal_of(lambda: keys_command._until(typed, services({}))),
        _refusal_of(lambda: cli_requests.stored_profile(typed, services({}))),
    ):
        assert problem.__context__ is None
        assert problem.__cause__ is None
        assert typed not in str(problem)


@pytest.mark.parametrize("words", [["check"], ["preflight"], ["keys", "show"], ["keys", "remove"]])
def test_s6_a_secret_in_the_place_of_a_label_is_not_repeated(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from latchlight.cli.main import main

    for secret in ("s9W" * 21, "a1b2c3d4e5f6a7b8c9d0"):
        assert main([*words, secret], services({})) == 64
        said = capsys.readouterr()
        assert secret[:12] not in said.out + said.err


# hostile surroundings


@pytest.mark.parametrize("unit", ["-", "- ", "-\n", "\u2014", "-BEGIN ", "-----BEGIN "])
def test_a_paste_of_dashes_is_answered_at_once(unit: str) -> None:
    text = (unit * LONGEST_PASTE)[:LONGEST_PASTE]
    before = time.process_time()
    looks_like_pem(text)
    take_apart(text)
    assert time.process_time() - before < 1.0


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link_to_device(path: Path) -> None:
    path.symlink_to("/dev/null")


@pytest.mark.parametrize("make", [_pipe, _link_to_device, Path.mkdir])
def test_a_page_is_never_written_in_the_place_of_a_device(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    target = tmp_path / "report.html"
    make(target)
    before = target.lstat()
    with pytest.raises(InputError):
        write_whole(target, b"<p>")
    assert target.lstat().st_ino == before.st_ino
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_page_written_through_a_link_leaves_the_link(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "page.html")
    write_whole(tmp_path / "link.html", b"<p>")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "page.html").read_text() == "<p>"


@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        ("<&-", "check --exchange binance --credentials -", 64),
        ("2>&-", "check nosuch", 64),
        (">&- 2>&-", "exchanges", 70),
        ("<&- >&- 2>&-", "check nosuch", 64),
    ],
)
def test_g14_streams_that_are_closed_from_the_start_change_no_code(
    closed: str, words: str, code: int
) -> None:
    command = f'"{sys.executable}" -m latchlight {words} {closed}'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, timeout=60)
    assert done.returncode == code
    assert b"went wrong" not in done.stderr or code == 70


KEY_LINES = ["-----BEGIN PRIVATE KEY-----", *(f"Mk{n:02d}" * 16 for n in range(26))]
PASTE = "\n".join(["k" * 64, *KEY_LINES, "-----END PRIVATE KEY-----", "rm -rf leftover", ""])


@pytest.fixture
def terminal_pair() -> Iterator[SimpleNamespace]:
    """A child that asks at a terminal of its own and writes what it got into a file."""
    with tempfile.TemporaryDirectory() as folder:
        got = Path(folder) / "got"
        process, terminal_fd = pty.fork()
        if process == 0:
            try:
                got.write_text("\x00".join(prompt_secrets(["Key", "Secret"])))
            finally:
                os._exit(0)
        try:
            yield SimpleNamespace(fd=terminal_fd, got=got, process=process)
        finally:
            os.close(terminal_fd)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _read_until(fd: int, wanted: bytes) -> bytes:
    shown = b""
    while wanted not in shown:
        assert select.select([fd], [], [], 20)[0], shown
        try:
            part = os.read(fd, 4096)
        except OSError:  # the other side is done
            return shown
        if not part:
            return shown
        shown += part
    return shown


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_s7_a_pasted_private_key_arrives_whole_and_is_not_echoed(
    terminal_pair: SimpleNamespace,
) -> None:
    shown = _read_until(terminal_pair.fd, b"Key: ")
    os.write(terminal_pair.fd, PASTE.encode())
    shown += _read_until(terminal_pair.fd, b"never shown")
    key, secret = terminal_pair.got.read_text().split("\x00")
    assert key == "k" * 64
    assert secret.split("\n") == [*KEY_LINES, "-----END PRIVATE KEY-----"]
    assert shown.replace(b"\r\n", b"") == b"Key: Secret: "


@pytest.mark.parametrize("when", ["writing", "written"])
def test_kr10_ctrl_c_while_saving_leaves_no_secret_behind(
    when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = MemoryKeyring()
    around = services({}, open_vault=lambda: Vault(ring))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if when == "written":
        monkeypatch.setattr(around.store(), "add_profile", interrupt)
    else:
        save = Vault.save
        monkeypatch.setattr(Vault, "save", lambda *words: (save(*words), interrupt()))
    with pytest.raises(KeyboardInterrupt):
        save_key(
            around,
            label="bot",
            spec=BINANCE,
            host=HOST,
            credentials=credentials(),
            intent=Intent(),
        )
    assert ring.names() == []
    assert around.store().profiles() == []


def test_the_safe_answer_of_these_tests_is_green() -> None:
    assert check(safe_script(key=heard(SAFE))).light is Light.GREEN
