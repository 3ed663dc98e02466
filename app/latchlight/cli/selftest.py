"""`doctor --selftest`: what an installation must be able to do, done once. Contacts nobody outside of this computer.

Each step does the real thing: HTTPS with real certificates, signatures that the practice exchanges verify with their
own code, the system keyring, a file in the data folder, and the window, drawn off-screen by the installed program.
"""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
from collections.abc import Generator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from latchlight import __version__, installation
from latchlight.checkup import practice_requests, run_checkup
from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.installed import installed_rows
from latchlight.cli.row import Row, keyring_row
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import CallError, LatchlightError
from latchlight.core.findings import Light
from latchlight.core.progress import CancelToken
from latchlight.core.sentences import say
from latchlight.services import Services, practice

if TYPE_CHECKING:
    from latchlight.practice.world import PracticeWorld

_FEWEST_AUTHORITIES = 50
"""The public list has held between 120 and 160 for years; one cut short would still load."""
_WINDOW_SECONDS = 120.0
_OF_THE_TEST = "selftest"


def selftest_rows(services: Services) -> Generator[Row, None, None]:
    """One row for each step, as soon as it is done."""
    from latchlight.practice.world import PracticeWorld

    window = _start_window()  # takes as long as all the rest, so it runs beside it
    try:
        yield Row("latchlight", __version__)
        yield from installed_rows()
        yield _authorities(services)
        with PracticeWorld.start() as world:
            yield _strangers(services, world)
            yield _practice(world)
        yield keyring_row(services)
        yield _store(services)
        yield _window(window)
    finally:
        _end(window)


def _authorities(services: Services) -> Row:
    told = say("public authorities")
    try:
        count = services.client().authorities()
    except LatchlightError as problem:
        return Row(told, str(problem), Light.RED)
    if count < _FEWEST_AUTHORITIES:
        return Row(told, say("Only {count}: the list is damaged.", count=count), Light.RED)
    return Row(told, str(count), Light.GREEN)


def _strangers(services: Services, world: PracticeWorld) -> Row:
    """The practice exchange has an authority of its own that nobody outside of practice may believe."""
    from latchlight.net.ask import ask

    told = say("unknown certificates")
    spec = next(iter(practice(world).exchanges.values()))
    chain = services.client().chain(spec.allows, family=socket.AF_INET, token=CancelToken())
    try:
        with chain:
            ask(spec, chain, spec.hosts[0], spec.time_probe, None, None, 0)
    except CallError as problem:
        if problem.code is DiagnosisCode.TLS_UNTRUSTED:
            return Row(told, say("refused, as they must be"), Light.GREEN)
        return Row(told, str(problem), Light.GREY)
    return Row(told, say("One was believed. Do not use this installation."), Light.RED)


def _practice(world: PracticeWorld) -> Row:
    """HTTPS, signatures, parsers and rules: every practice key must have the light that belongs to it."""
    told = say("practice keys")
    opened = practice(world)
    try:
        requests = practice_requests(world, opened)
        report = run_checkup(requests, opened, token=CancelToken())
    except LatchlightError as problem:
        return Row(told, str(problem), Light.RED)
    finally:
        opened.close()
    wanted = [key.expected_light for key in world.keys]
    right = sum(key.light is light for key, light in zip(report.keys, wanted, strict=True))
    if not wanted or right < len(wanted):
        return Row(
            told,
            say("{right} of {count} lights as they should be", right=right, count=len(wanted)),
            Light.RED,
        )
    return Row(told, say("{count} lights, all as they should be", count=right), Light.GREEN)


def _store(services: Services) -> Row:
    """Write a value made for this into the file of settings, and read it: one that was there before proves nothing."""
    told = say("settings")
    value = secrets.token_hex(16)
    try:
        store = services.store()
        store.set_setting(_OF_THE_TEST, value)
        kept = store.setting(_OF_THE_TEST) == value
    except LatchlightError as problem:
        return Row(told, str(problem), Light.GREY)
    if not kept:
        return Row(told, say("What was written was not read back."), Light.RED)
    return Row(told, say("written and read back"), Light.GREEN)


def _start_window() -> subprocess.Popen[bytes] | None:
    """In a process of its own: practice, drawn off-screen until its lights are told. None if it does not start."""
    if installation.folder() is None:
        command = [sys.executable, "-m", "latchlight", "gui", "--selftest"]
    else:
        command = [str(installation.program(installation.WINDOW)), "selftest"]
    quiet = subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
    except OSError:
        return None


def _window(started: subprocess.Popen[bytes] | None) -> Row:
    told = say("window")
    code = None if started is None else _end_of(started)
    if code == 0:
        return Row(told, say("opened, drawn and closed"), Light.GREEN)
    if code == ExitCode.USAGE and not _may_be_there():
        return Row(told, say("not installed here; the command line does not need it"))
    return Row(
        told,
        say(
            "It does not open. On a server without a desktop that is no fault: the command line does not "
            "need it. Elsewhere install Latchlight again."
        ),
        Light.RED,
    )


def _may_be_there() -> bool:
    """An installed program has its window; a Python environment, what the window is drawn with, or not."""
    return installation.folder() is not None or find_spec("PySide6") is not None


def _end_of(started: subprocess.Popen[bytes]) -> int | None:
    """Its exit code; None if it has not ended in time."""
    try:
        return started.wait(_WINDOW_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _end(started: subprocess.Popen[bytes] | None) -> None:
    """Nobody asks any more, or it never came: either way it must not stay."""
    if started is not None and started.poll() is None:
        started.kill()
        started.wait()
