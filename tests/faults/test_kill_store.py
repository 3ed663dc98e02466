"""The store under SIGKILL, two processes at once, and a disk that is full."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from latchlight.store import Store

APP = str(Path(__file__).parents[2] / "app")

_A_MOMENT_BEFORE = datetime(2026, 11, 19, 23, 59, tzinfo=UTC)

_COMMON = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from latchlight.core.credentials import KeyKind
from latchlight.core.errors import StoreError
from latchlight.core.profile import Profile
from latchlight.core.purpose import Intent
from latchlight.store import Store

NOW = datetime(2026, 11, 20, tzinfo=UTC)
folder = Path(sys.argv[1])

def profile(name, number):
    return Profile(f"{number:032x}", f"{name} {number}", "binance", "api.binance.com", KeyKind.HMAC,
                   "…abcd", "0" * 32, Intent(), NOW)
"""

_WRITE_FOR_EVER = (
    _COMMON
    + """
store = Store.open(folder)
number = 0
while True:
    store.add_profile(profile("key", number))
    store.save_report(f"key {number}", "green", NOW, "x" * 2000)
    print(number, flush=True)
    number += 1
"""
)

_DIE_AT_STEP = (
    _COMMON
    + """
import sqlite3
import latchlight.store.database as database
steps_left = int(sys.argv[2])
connected = database._connected

def step():
    global steps_left
    steps_left -= 1
    if steps_left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return 0

def counting(path):
    connection = connected(path)
    connection.set_progress_handler(step, 10)
    return connection

database._connected = counting
store = Store.open(folder)
print("opened", flush=True)
number = 0
while True:
    store.add_profile(profile("key", number))
    print(number, flush=True)
    number += 1
"""
)

_WRITE_SOME = (
    _COMMON
    + """
store = Store.open(folder)
print(store.salt.hex(), flush=True)
sys.stdin.readline()
for number in range(40):
    store.add_profile(profile(sys.argv[2], int(sys.argv[3]) + number))
    store.set_ban(f"{sys.argv[2]}-{number}", NOW)
    store.note_contact("api.binance.com", f"/{sys.argv[2]}/{number}", NOW)
store.close()
"""
)

_FILL_THE_DISK = (
    _COMMON
    + """
store = Store.open(folder)
number = 0
try:
    while True:
        store.add_profile(profile("key", number))
        store.save_report(f"key {number}", "green", NOW, "x" * 3000)
        number += 1
except StoreError as error:
    print("refused", flush=True)
    print(error, flush=True)
readable, unreadable = store.readable_profiles()
print(len(readable) - number in (0, 1), unreadable, flush=True)
"""
)

_LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (500000, 500000))\n"


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": APP},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("acknowledged", range(1, 16))
def test_di05_what_was_acknowledged_survives_a_kill(tmp_path: Path, acknowledged: int) -> None:
    with start(_WRITE_FOR_EVER, tmp_path) as writer:
        assert writer.stdout is not None
        for _ in range(acknowledged * 3):
            writer.stdout.readline()
        writer.kill()
        last = [*writer.stdout.read().split(), str(acknowledged * 3 - 1)]
    count = max(int(number) for number in last) + 1
    with Store.open(tmp_path) as store:
        labels = {profile.label for profile in store.profiles()}
        assert {f"key {number}" for number in range(count)} <= labels
        assert len(labels) <= count + 1
        assert all(len(store.reports(f"key {number}")) == 1 for number in range(count))
        store.set_setting("theme", "dark")


@pytest.mark.parametrize(
    "steps", [1, 2, 3, 5, 8, 12, 18, 25, 33, 42, 52, 65, 72, 78, 84, 90, 96, 103, 111, 140, 200]
)
def test_di05_a_kill_inside_a_transaction_leaves_all_of_it_or_nothing(
    tmp_path: Path, steps: int
) -> None:
    """The process kills itself after a number of steps of SQLite's machine: opening, then writing."""
    with start(_DIE_AT_STEP, tmp_path, steps) as writer:
        assert writer.stdout is not None
        lines = writer.stdout.read().split()
    assert writer.returncode == -9
    count = len(lines[1:])
    with Store.open(tmp_path) as store:
        labels = [profile.label for profile in store.profiles()]
        assert {f"key {number}" for number in range(count)} <= set(labels)
        assert len(labels) <= count + 1
        assert len(store.salt) == 32


def test_di11_two_processes_write_at_once(tmp_path: Path) -> None:
    writers = [start(_WRITE_SOME, tmp_path, name, at) for name, at in (("one", 0), ("two", 1000))]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()
    for writer in writers:
        writer.communicate("go\n", timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    with Store.open(tmp_path) as store:
        assert len(store.profiles()) == 80
        names = [f"{name}-{number}" for name in ("one", "two") for number in range(40)]
        assert all(store.ban_until(name, _A_MOMENT_BEFORE) is not None for name in names)
        # A note about a contact may be left out while the other writes, but is never a broken one.
        paths = {f"/{name.replace('-', '/')}" for name in names}
        assert {contact.path for contact in store.contacts()} <= paths


def test_di11_twelve_first_starts_at_once_agree_on_one_salt(tmp_path: Path) -> None:
    writers = [start(_WRITE_SOME, tmp_path, f"p{n}", n * 1000) for n in range(12)]
    salts = set()
    for writer in writers:
        out, _ = writer.communicate("go\n", timeout=100)
        salts.add(out.strip())
        assert writer.returncode == 0
    assert len(salts) == 1
    with Store.open(tmp_path) as store:
        assert len(store.profiles()) == 12 * 40


def check_refusal(lines: list[str]) -> None:
    assert lines[0] == "refused"
    assert "http" not in lines[1]
    assert "Traceback" not in "".join(lines)
    assert lines[-1] == "True []"


def test_di01_a_file_that_may_not_grow_keeps_what_it_has(tmp_path: Path) -> None:
    with start(_LIMITED + _FILL_THE_DISK, tmp_path) as writer:
        out, _ = writer.communicate(timeout=60)
    assert writer.returncode == 0
    check_refusal(out.splitlines())
    with Store.open(tmp_path) as store:
        count = len(store.profiles())
        assert count > 5
        store.set_setting("theme", "dark")
        assert len(store.profiles()) == count


@pytest.fixture
def new_mounts() -> list[str]:
    """A command that runs another in a mount namespace of its own."""
    unshare = shutil.which("unshare")
    assert unshare is not None
    return [unshare, "-m"] if os.geteuid() == 0 else [unshare, "-r", "-m"]


@pytest.mark.namespaces
@pytest.mark.parametrize("kilobytes", [64, 128, 200, 256, 400])
def test_di01_a_full_disk_is_said_and_loses_nothing(
    tmp_path: Path, new_mounts: list[str], kilobytes: int
) -> None:
    shell = 'mount -t tmpfs -o size="$1"k tmpfs "$2" && exec "$3" -c "$4" "$2"'
    command = [*new_mounts, "sh", "-c", shell, "sh", str(kilobytes), str(tmp_path)]
    done = subprocess.run(
        [*command, sys.executable, _TRY_TO_OPEN + _FILL_THE_DISK],
        env={**os.environ, "PYTHONPATH": APP},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    check_refusal(done.stdout.splitlines())
    assert "disk is full" in done.stdout


_TRY_TO_OPEN = """
import sys
from pathlib import Path
from latchlight.core.errors import StoreError
from latchlight.store import Store
try:
    Store.open(Path(sys.argv[1])).close()
except StoreError as error:
    print("refused", error, "True []", sep="\\n")
    sys.exit()
"""


@pytest.mark.namespaces
def test_di03_a_read_only_disk_is_said(tmp_path: Path, new_mounts: list[str]) -> None:
    Store.open(tmp_path).close()
    shell = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        [*new_mounts, "sh", "-c", shell, "sh", str(tmp_path), sys.executable, _TRY_TO_OPEN],
        env={**os.environ, "PYTHONPATH": APP},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == "refused"


def test_a_kill_during_the_very_first_start_does_not_block_the_next(tmp_path: Path) -> None:
    """An empty file is what is left when the process dies between making and filling it."""
    (tmp_path / "latchlight.sqlite3").touch(0o600)
    with Store.open(tmp_path) as store:
        store.note_contact("api.binance.com", "/", datetime(2026, 11, 20, tzinfo=UTC))
    with Store.open(tmp_path) as store:
        assert len(store.contacts()) == 1
