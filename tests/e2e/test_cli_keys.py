"""`keys add|edit|list|show|remove` as a subprocess: keyring and store stay in step."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from e2e.canaries import Canary, in_files
from e2e.conftest import Cli


def canaries(cli: Cli, name: str) -> list[Canary]:
    key = cli.key(name)
    return [Canary("secret", key.secret), Canary("API key", key.api_key)]


def in_days(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}"


@pytest.mark.parametrize("name", ["safe-spot", "safe-ed25519", "safe-rsa"])
def test_a_key_is_added_listed_shown_checked_and_removed(cli: Cli, name: str) -> None:
    added = cli.add(name, "bot 1")
    assert added.exit == 0, added.err
    assert "Saved “bot 1” in " in added.out
    (listed,) = cli.run("keys", "list", "--json").json
    shown = cli.run("keys", "show", "bot 1", "--json").json
    assert listed == shown
    assert shown["key_type"] == cli.key(name).kind.value
    assert shown["key_hint"] == "…" + cli.key(name).api_key[-4:]
    checked = cli.run("check", "bot 1", "--json")
    assert (checked.exit, checked.report["keys"][0]["label"]) == (0, "bot 1")
    assert checked.light_of("vault-weak") == "green"
    removed = cli.run("keys", "remove", "bot 1")
    assert (removed.exit, removed.err) == (0, "")
    assert cli.run("keys", "list", "--json").json == []
    assert cli.run("check", "bot 1").exit == 64


def test_all_keys_are_removed_at_once_only_if_one_says_so_twice(cli: Cli) -> None:
    cli.add("safe-spot", "bot 1")
    cli.add("safe-rsa", "bot 2")
    asked = cli.run("keys", "remove", "--all")
    assert (asked.exit, asked.out) == (64, "")
    assert "2 keys would be removed" in asked.err
    assert len(cli.run("keys", "list", "--json").json) == 2
    removed = cli.run("keys", "remove", "--all", "--yes")
    assert (removed.exit, removed.err) == (0, "")
    assert "Removed “bot 1”" in removed.out
    assert cli.run("keys", "list", "--json").json == []
    again = cli.run("keys", "remove", "--all", "--yes")
    assert (again.exit, again.err) == (0, "")


@pytest.mark.parametrize(
    "words", [(), ("bot 1", "--all"), ("bot 1", "--yes"), ("--yes",), ("bot 1", "--all", "--yes")]
)
def test_what_is_to_be_removed_must_be_plain(cli: Cli, words: tuple[str, ...]) -> None:
    cli.add("safe-spot", "bot 1")
    refused = cli.run("keys", "remove", *words)
    assert (refused.exit, refused.out) == (64, "")
    assert len(cli.run("keys", "list", "--json").json) == 1


def test_s01_a_stored_key_is_in_the_keyring_and_in_no_file_of_ours(cli: Cli) -> None:
    cli.add("safe-rsa")
    cli.run("check", "safe-rsa")
    cli.run("preflight", "safe-rsa")
    folders = [cli.data] if cli.bus is None else [cli.folder, cli.bus.home, cli.bus.data]
    assert in_files(canaries(cli, "safe-rsa"), *folders) == []
    cli.run("keys", "remove", "safe-rsa")


def test_s15_the_store_is_readable_by_its_user_alone(cli: Cli) -> None:
    cli.add("safe-spot")
    assert stat.S_IMODE(cli.data.stat().st_mode) == 0o700
    for file in cli.data.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_that_the_exchange_rejects_is_not_saved_unless_told_so(cli: Cli) -> None:
    refused = cli.add("deleted-key")
    assert refused.exit == 64
    assert "not saved" in refused.err
    assert cli.run("keys", "list", "--json").json == []
    assert cli.add("deleted-key", "gone", "--save-anyway").exit == 0
    assert cli.run("check", "gone").exit == 2


def test_a_key_that_cannot_be_checked_now_is_saved(cli: Cli) -> None:
    assert cli.add("wrong-address").exit == 0
    assert cli.run("check", "wrong-address").exit == 3


def test_a_taken_label_is_refused_and_the_first_key_stays(cli: Cli) -> None:
    cli.add("safe-spot", "bot")
    again = cli.add("safe-futures", "bot")
    assert again.exit == 64
    assert cli.run("keys", "show", "bot", "--json").json["purpose"] == "spot"
    assert cli.run("check", "bot").exit == 0


def test_one_key_under_two_labels_is_told(cli: Cli) -> None:
    cli.add("safe-spot", "first")
    cli.add("safe-spot", "second")
    assert cli.run("check", "first", "--json").light_of("key-shared") == "amber"


def test_edit_changes_label_purpose_setup_and_addresses(cli: Cli) -> None:
    cli.add("safe-futures", "old name")
    words = ("--label", "new name", "--purpose", "watch", "--setup", "failover")
    more = ("--address", "185.199.110.7", "--address", "185.199.111.9")
    assert cli.run("keys", "edit", "old name", *words, *more).exit == 0
    shown = cli.run("keys", "show", "new name", "--json").json
    assert (shown["purpose"], shown["setup"]) == ("watch", "failover")
    assert shown["addresses"] == ["185.199.110.7", "185.199.111.9"]
    assert cli.run("keys", "show", "old name").exit == 64
    assert cli.run("check", "new name", "--json").light_of("more-than-purpose") == "amber"


def test_edit_without_anything_to_change_is_wrong_use(cli: Cli) -> None:
    cli.add("safe-spot")
    assert cli.run("keys", "edit", "safe-spot").exit == 64


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--accept", "no-such-rule", "--reason", "x", "--until", in_days(5)), "No check"),
        (("--accept", "key-old"), "needs --reason and --until"),
        (("--accept", "key-old", "--reason", "x"), "needs --reason and --until"),
        (("--accept", "key-old", "--reason", "  ", "--until", in_days(5)), "needs --reason"),
        (("--accept", "key-old", "--reason", "x", "--until", "soon"), "not a date"),
        (("--accept", "key-old", "--reason", "x", "--until", in_days(40)), "within"),
        (("--accept", "key-old", "--reason", "x", "--until", in_days(-1)), "within"),
        (("--address", "10.0.0.1"), "not a public one"),
        (("--address", "185.199.110.0/24"), "not an IP address"),
        (("--address", "here"), "not an IP address"),
        (("--label", "x" * 41), "40"),
        (("--purpose", "everything"), "not a command"),
    ],
)
def test_an_edit_that_makes_no_sense_changes_nothing(
    cli: Cli, words: tuple[str, ...], said: str
) -> None:
    cli.add("key-old")
    before = cli.run("keys", "show", "key-old").out
    done = cli.run("keys", "edit", "key-old", *words)
    assert done.exit == 64
    assert said in done.err
    assert cli.run("keys", "show", "key-old").out == before


HOSTILE_LABELS = [
    "; rm -rf ~",
    "$(reboot)",
    "../../etc/passwd",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "%s%n{0}{label}",
    "日本語 ключ 🔑",
    "a" * 40,
]
REFUSED_LABELS = [
    "",
    "   ",
    "a" * 41,
    "bell\x07",
    "\x1b[31mred",
    "\u202eevil",
]


@pytest.mark.parametrize("label", HOSTILE_LABELS)
def test_a_hostile_label_is_a_label_and_nothing_else(cli: Cli, label: str) -> None:
    assert cli.add("safe-spot", label).exit == 0
    (shown,) = cli.run("keys", "list", "--json").json
    assert shown["label"] == label
    page = cli.folder / "page.html"
    assert cli.run("check", label, "--html", str(page)).exit == 0
    assert "<script" not in page.read_text("utf-8")
    assert cli.run("preflight", label).out.count("\n") == 1
    assert cli.run("keys", "remove", label).exit == 0


@pytest.mark.parametrize("label", ["two\nlines", " two  lines ", "two\tlines"])
def test_gaps_in_a_label_become_single_spaces(cli: Cli, label: str) -> None:
    cli.add("safe-spot", label)
    (shown,) = cli.run("keys", "list", "--json").json
    assert shown["label"] == "two lines"


@pytest.mark.parametrize("label", REFUSED_LABELS)
def test_an_unreadable_label_is_refused_before_anything_is_asked(cli: Cli, label: str) -> None:
    before = len(cli.world.log.entries())
    done = cli.add("safe-spot", label)
    assert done.exit == 64
    assert "\x1b" not in done.err
    assert len(cli.world.log.entries()) == before
    assert cli.run("keys", "list", "--json").json == []


@pytest.mark.parametrize(
    "words",
    [
        ("check", "nobody"),
        ("preflight", "nobody"),
        ("keys", "show", "nobody"),
        ("keys", "edit", "nobody", "--label", "x"),
        ("keys", "remove", "nobody"),
    ],
)
def test_an_unknown_label_is_wrong_use(cli: Cli, words: tuple[str, ...]) -> None:
    done = cli.run(*words)
    assert (done.exit, done.out) == (64, "")
    assert done.err.startswith("latchlight: ")


RUBBISH = {
    "text": b"this is no database\n" * 100,
    "half a header": b"SQLite format 3\x00",
    "noise": bytes(range(256)) * 64,
    "header and noise": b"SQLite format 3\x00" + bytes(range(256)) * 64,
}


@pytest.mark.parametrize("content", RUBBISH.values(), ids=RUBBISH)
def test_a_store_that_cannot_be_read_is_left_alone_and_told(cli: Cli, content: bytes) -> None:
    cli.add("safe-spot")
    for file in cli.data.iterdir():
        file.unlink()
    cli.database.write_bytes(content)
    for words in (("keys", "list"), ("check", "safe-spot"), ("check", "--all")):
        done = cli.run(*words)
        assert (done.exit, done.out) == (3, "")
        assert done.err.startswith("latchlight: ")
    assert cli.add("safe-spot", "again").exit == 3
    # A key that is not stored can still be checked.
    assert cli.check("safe-spot").exit == 0
    assert cli.database.read_bytes() == content


def test_the_store_of_another_program_is_left_alone(cli: Cli) -> None:
    cli.data.mkdir(mode=0o700)
    with sqlite3.connect(cli.database) as other:
        other.execute("create table theirs (x)")
    other.close()
    content = cli.database.read_bytes()
    assert cli.run("keys", "list").exit == 3
    assert cli.database.read_bytes() == content


def test_two_commands_at_once_lose_nothing(cli: Cli) -> None:
    labels = [f"bot {number}" for number in range(4)]
    given = cli.credentials("safe-spot").encode()
    host = cli.key("safe-spot").base_url.removeprefix("https://")
    started = []
    for label in labels:
        words = ("keys", "add", label, "--exchange", "binance", "--host", host)
        process = subprocess.Popen(
            cli.command(*words, "--credentials", "-"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=cli.environment(),
            cwd=cli.folder,
        )
        started.append(process)
    codes = [process.communicate(given)[1] and process.returncode for process in started]
    assert [process.returncode for process in started] == [0] * 4, codes
    stored = cli.run("keys", "list", "--json").json
    assert sorted(key["label"] for key in stored) == labels
