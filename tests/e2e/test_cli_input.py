"""Wrong, empty, huge and hostile input: one clear sentence, a non-zero code, nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.conftest import Cli

ONCE = ("check", "--exchange", "binance", "--credentials", "-", "--json")
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
CANARY = "CanaryCanaryCanaryCanaryCanary42"

BAD_STDIN = {
    "nothing": b"",
    "a space": b" ",
    "a word": b"hello",
    "a number": b"42",
    "null": b"null",
    "a list": json.dumps([KEY, SECRET]).encode(),
    "an empty object": b"{}",
    "no secret": json.dumps({"api_key": KEY}).encode(),
    "no key": json.dumps({"secret": SECRET}).encode(),
    "empty values": b'{"api_key": "", "secret": ""}',
    "a name twice": f'{{"api_key": "{KEY}", "secret": "{SECRET}", "secret": "{CANARY}"}}'.encode(),
    "an unknown name": json.dumps({"api_key": KEY, "secret": SECRET, "x": CANARY}).encode(),
    "nested": json.dumps({"api_key": {"api_key": KEY}, "secret": SECRET}).encode(),
    "a list inside": json.dumps({"api_key": [KEY], "secret": SECRET}).encode(),
    "a number inside": json.dumps({"api_key": 42, "secret": SECRET}).encode(),
    "true inside": json.dumps({"api_key": True, "secret": SECRET}).encode(),
    "deep": b'{"api_key":' + b"[" * 20_000,
    "cut": json.dumps({"api_key": KEY, "secret": SECRET}).encode()[:-20],
    "two documents": (json.dumps({"api_key": KEY, "secret": SECRET}) * 2).encode(),
    "single quotes": str({"api_key": KEY, "secret": SECRET}).encode(),
    "binary": bytes(range(256)),
    "nul": b"\x00" * 64,
    "nul inside": json.dumps({"api_key": KEY, "secret": SECRET[:20] + "\x00" + CANARY}).encode(),
    "utf-16": json.dumps({"api_key": KEY, "secret": SECRET}).encode("utf-16"),
    "broken utf-8": b'{"api_key": "\xff\xfe", "secret": "x"}',
    "huge": json.dumps({"api_key": KEY, "secret": CANARY * 320_000}).encode(),
    "not a number": b'{"api_key": NaN, "secret": Infinity}',
    "a passphrase": json.dumps({"api_key": KEY, "secret": SECRET, "passphrase": CANARY}).encode(),
    "stars": json.dumps({"api_key": KEY, "secret": "*" * 64}).encode(),
    "a placeholder": json.dumps({"api_key": KEY, "secret": "your_api_secret_here"}).encode(),
    "cyrillic": json.dumps({"api_key": KEY, "secret": SECRET[:-1] + "\u0430"}).encode(),
    "escape codes": json.dumps({"api_key": KEY, "secret": "\x1b[2J" + CANARY}).encode(),
    "an empty private key": json.dumps(
        {"api_key": KEY, "secret": "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"}
    ).encode(),
    "a public key": json.dumps(
        {"api_key": KEY, "secret": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"}
    ).encode(),
}


@pytest.mark.parametrize("given", BAD_STDIN.values(), ids=BAD_STDIN)
def test_credentials_that_cannot_be_used_are_refused_in_one_sentence(
    cli: Cli, given: bytes
) -> None:
    before = len(cli.world.log.entries())
    done = cli.run(*ONCE, stdin=given)
    assert (done.exit, done.out) == (64, "")
    assert done.err.startswith("latchlight: ")
    assert len(done.err) < 400
    for part in (CANARY, SECRET[:12], KEY[:12], "\x1b", "\x00"):
        assert part not in done.err
    assert len(cli.world.log.entries()) == before


REPAIRED = {
    "spaces": ("  {key} ", " {secret}\n"),
    "quotes": ('"{key}"', "'{secret}'"),
    "names": ("API Key: {key}", "Secret Key: {secret}"),
    "zero-width": ("{key}\u200b", "\ufeff{secret}"),
    "broken in two": ("{key}", "{secret:.30}\n{secret_rest}"),
}


@pytest.mark.parametrize("form", REPAIRED.values(), ids=REPAIRED)
def test_pasted_rubbish_is_mended_and_told(cli: Cli, form: tuple[str, str]) -> None:
    key = cli.key("safe-spot")
    parts = {"key": key.api_key, "secret": key.secret, "secret_rest": key.secret[30:]}
    given = {"api_key": form[0].format(**parts), "secret": form[1].format(**parts)}
    done = cli.run(*ONCE, stdin=json.dumps(given))
    assert done.exit == 0, done.err
    assert done.report["light"] == "green"
    assert done.err != ""


WRONG_USE = [
    ("--secret", CANARY),
    (f"--secret={CANARY}",),
    ("check", "--secret", CANARY),
    ("check", "--api-key", CANARY, "--exchange", "binance"),
    ("check", "--exchange", CANARY, "--credentials", "-"),
    ("check", "--exchange", "binance", "--credentials", CANARY),
    ("check", "--exchange", "binance", "--host", CANARY, "--credentials", "-"),
    ("check", "--exchange", "binance", "--purpose", CANARY, "--credentials", "-"),
    ("check", "label", "--exchange", "binance", "--credentials", "-"),
    ("check", "label", "--purpose", "watch"),
    ("check", "label", "--all"),
    ("check",),
    ("preflight",),
    ("keys",),
    ("keys", "add"),
    ("keys", "add", "x"),
    ("keys", "add", "x", "--exchange", "binance", "--secret", CANARY),
    ("keys", "add", "x", CANARY, "--exchange", "binance"),
    ("keys", "fly"),
    ("exchanges", CANARY),
    (CANARY,),
    ("practice", CANARY),
    ("chec", "--all"),
    ("check", "--al"),
    ("ip", "--json", CANARY),
]


@pytest.mark.parametrize("words", WRONG_USE, ids=" ".join)
def test_s06_wrong_use_is_64_and_never_repeats_what_was_typed(
    cli: Cli, words: tuple[str, ...]
) -> None:
    done = cli.run(*words, stdin=cli.credentials("safe-spot"))
    assert (done.exit, done.out) == (64, "")
    assert done.err.startswith("latchlight: ")
    assert CANARY not in done.err


def test_help_and_version_are_for_everybody(cli: Cli) -> None:
    for words in (("--help",), ("check", "--help"), ("keys", "add", "--help"), ("--version",)):
        done = cli.run(*words)
        assert (done.exit, done.err) == (0, "")
        assert "latchlight" in done.out


def test_credentials_come_from_a_folder(cli: Cli) -> None:
    folder = _secrets_folder(cli)
    done = cli.run(*_from(folder))
    assert (done.exit, done.report["light"]) == (0, "green")


def _from(folder: Path) -> tuple[str, ...]:
    return ("check", "--exchange", "binance", "--credentials-dir", str(folder), "--json")


def _secrets_folder(cli: Cli) -> Path:
    folder = cli.folder / "secrets"
    folder.mkdir()
    key = cli.key("safe-ed25519")
    (folder / "api_key").write_text(key.api_key + "\n", "utf-8")
    (folder / "secret").write_text(key.secret, "utf-8")
    return folder


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _endless(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


def _huge(file: Path) -> None:
    file.write_bytes(b"A" * 10_000_000)


SPOILERS = [Path.unlink, _empty, _folder, _fifo, _endless, _huge]


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__.strip("_"))
@pytest.mark.parametrize("name", ["api_key", "secret"])
def test_a_broken_credentials_folder_is_told_and_never_waited_for(
    cli: Cli, name: str, spoil: object
) -> None:
    folder = _secrets_folder(cli)
    spoil(folder / name)  # type: ignore[operator]
    done = cli.run(*_from(folder))
    assert (done.exit, done.out) == (64, "")
    assert done.err.startswith("latchlight: ")


@pytest.mark.parametrize("folder", ["missing", "", "\x01", "x" * 5000])
def test_a_missing_credentials_folder_is_told(cli: Cli, folder: str) -> None:
    done = cli.run(*_from(Path(folder)))
    assert (done.exit, done.out) == (64, "")


def _run_with_output_to(
    cli: Cli, redirect: str, *arguments: str
) -> subprocess.CompletedProcess[bytes]:
    words = cli.command(*arguments)
    script = f'exec "$@" {redirect}'
    return subprocess.run(
        ["sh", "-c", script, "sh", *words],
        input=cli.credentials("safe-spot").encode(),
        env=cli.environment(),
        cwd=cli.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


COMMANDS = [
    ONCE,
    ONCE[:-1],
    ("preflight", *ONCE[1:-1]),
    ("keys", "list"),
    ("exchanges",),
    ("ip",),
]


@pytest.mark.parametrize("redirect", [">/dev/full", ">&-"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_result_that_could_not_be_printed_is_never_a_green(
    cli: Cli, words: tuple[str, ...], redirect: str
) -> None:
    done = _run_with_output_to(cli, redirect, *words)
    assert done.returncode not in (0, 1, 2), done.stderr
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_never_a_green(cli: Cli) -> None:
    process = subprocess.Popen(
        cli.command(*ONCE),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=cli.environment(),
        cwd=cli.folder,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stdin is not None
    process.stdin.write(cli.credentials("safe-spot").encode())
    process.stdin.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() not in (0, 1, 2)
    assert b"Traceback" not in said


def test_a_closed_error_stream_changes_nothing(cli: Cli) -> None:
    done = _run_with_output_to(cli, ">out.json 2>&-", *ONCE)
    assert done.returncode == 0
    assert json.loads((cli.folder / "out.json").read_text("utf-8"))["light"] == "green"


def test_a_terminal_without_unicode_shows_escapes_instead_of_failing(cli: Cli) -> None:
    done = cli.run(
        *ONCE[:-1],
        stdin=cli.credentials("withdraw-on"),
        env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert done.exit == 2
    assert done.out.isascii()


def test_prompts_take_the_secret_without_echo(cli: Cli) -> None:
    key = cli.key("safe-spot")
    shown, code = _on_a_terminal(cli, ("check", "--exchange", "binance"), [key.api_key, key.secret])
    assert code == 0
    assert b"Safe" in shown
    assert key.secret.encode() not in shown
    assert key.api_key.encode() not in shown


_SPAWN = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def _on_a_terminal(cli: Cli, words: tuple[str, ...], answers: list[str]) -> tuple[bytes, int]:
    """Type each answer when the next prompt has come; everything that the terminal showed."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SPAWN, *cli.command(*words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=cli.environment(),
        cwd=cli.folder,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    shown, waiting = b"", list(answers)
    while part := os.read(process.stdout.fileno(), 4096):
        shown += part
        if waiting and shown.rstrip().endswith(b":"):
            process.stdin.write(waiting.pop(0).encode() + b"\n")
            process.stdin.flush()
    process.communicate()
    return shown, process.returncode
