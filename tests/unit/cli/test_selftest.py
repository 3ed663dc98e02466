"""`doctor --selftest` can fail: each step is given what it must not let pass."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from latchlight.cli import selftest
from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.row import Row
from latchlight.core.findings import Light
from latchlight.core.records import replace
from latchlight.practice.world import PracticeWorld
from latchlight.services import Services


@pytest.fixture(scope="module")
def world() -> Iterator[PracticeWorld]:
    with PracticeWorld.start() as started:
        yield started


def believing(world: PracticeWorld) -> Services:
    """Services that believe the practice exchange's own authority, and no other."""
    return Services(ca_file=str(world.ca_file))


def test_a_certificate_of_nobody_knows_whom_is_refused(world: PracticeWorld) -> None:
    assert selftest._strangers(Services(), world).light is Light.GREEN


def test_a_stranger_that_is_believed_is_red(world: PracticeWorld) -> None:
    row = selftest._strangers(believing(world), world)
    assert row.light is Light.RED
    assert row.value == "One was believed. Do not use this installation."


def test_an_exchange_that_does_not_answer_proves_nothing(world: PracticeWorld) -> None:
    with PracticeWorld.start() as gone:
        pass
    assert selftest._strangers(Services(), gone).light is Light.GREY


def test_the_public_authorities_are_counted(world: PracticeWorld) -> None:
    assert selftest._authorities(Services()).light is Light.GREEN
    row = selftest._authorities(believing(world))
    assert (row.value, row.light) == ("Only 1: the list is damaged.", Light.RED)


def test_a_list_of_authorities_that_is_gone_is_red() -> None:
    assert selftest._authorities(Services(ca_file="/nowhere/ca.pem")).light is Light.RED


def test_one_wrong_light_among_all_is_red(
    world: PracticeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *more = world.keys[:3]
    monkeypatch.setattr(PracticeWorld, "keys", [first, *more])
    assert selftest._practice(world).light is Light.GREEN
    wrong = replace(first, expected_light=Light.RED)
    monkeypatch.setattr(PracticeWorld, "keys", [wrong, *more])
    row = selftest._practice(world)
    assert (row.value, row.light) == ("2 of 3 lights as they should be", Light.RED)


def test_no_practice_key_at_all_proves_nothing(
    world: PracticeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Made up: a world without keys has no exchange to ask either.
    monkeypatch.setattr(PracticeWorld, "keys", [])
    monkeypatch.setattr(selftest, "run_checkup", lambda *_, **__: SimpleNamespace(keys=()))
    assert selftest._practice(world).light is Light.RED


def test_settings_that_are_written_and_read_back_are_green(tmp_path: Path) -> None:
    with closing(Services(folder=tmp_path)) as services:
        assert selftest._store(services).light is Light.GREEN
        assert selftest._store(services).light is Light.GREEN


def test_a_file_of_settings_that_keeps_nothing_is_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Services(folder=tmp_path)) as services:
        assert selftest._store(services).light is Light.GREEN
        monkeypatch.setattr(type(services.store()), "set_setting", lambda *_: None)
        assert selftest._store(services).light is Light.RED


def ended(code: int) -> Row:
    """What is said of a window whose process ended so."""
    command = [sys.executable, "-c", f"import sys; sys.exit({code})"]
    return selftest._window(subprocess.Popen(command))


def test_the_window_is_judged_by_how_it_ends() -> None:
    assert ended(0).light is Light.GREEN
    assert [ended(code).light for code in (1, 2, 3, 70)] == [Light.RED] * 4
    assert selftest._window(None).light is Light.RED


def test_a_server_without_a_window_is_no_fault_but_an_installed_program_without_one_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(selftest, "find_spec", lambda name: None)
    assert ended(ExitCode.USAGE).light is None
    python = sys.executable
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert sys.executable == python
    assert ended(ExitCode.USAGE).light is Light.RED


def test_a_window_that_lacks_a_library_of_the_system_is_not_called_absent() -> None:
    assert ended(ExitCode.USAGE).light is Light.RED


@pytest.fixture
def endless() -> Iterator[subprocess.Popen[bytes]]:
    """A window that shows nothing and never ends."""
    command = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    with subprocess.Popen(command) as started:
        yield started
        started.kill()


def test_a_window_that_never_comes_is_red(
    endless: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selftest, "_WINDOW_SECONDS", 0.05)
    assert selftest._window(endless).light is Light.RED


def test_no_window_stays_behind_when_the_test_breaks_off(
    endless: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selftest, "_start_window", lambda: endless)
    rows = selftest.selftest_rows(Services())
    next(rows)
    assert endless.poll() is None
    rows.close()
    assert endless.poll() is not None
