"""Entry of the command line: services, dispatch, errors, exit code."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.terminal import complain, plain_streams
from latchlight.core.errors import (
    Cancelled,
    InputError,
    LatchlightError,
    StoreError,
    UsageError,
    VaultError,
    internal_fault,
)
from latchlight.core.release_notice import NoticeError
from latchlight.core.sentences import say, series
from latchlight.hardening import harden

if TYPE_CHECKING:
    from latchlight.services import Services

T = TypeVar("T")


def entry_point() -> None:
    """The installed command `latchlight`."""
    ignored = harden()
    sys.exit(main(sys.argv[1:], ignored=ignored))


def main(argv: list[str], services: Services | None = None, ignored: tuple[str, ...] = ()) -> int:
    """Run one command and return its exit code. Nothing but 0 means that all is well.

    `services` replaces the real exchanges, keyring and store; only tests give it.
    """
    plain_streams()
    try:
        return int(_run(argv, services, ignored))
    except UsageError as problem:
        return _fail(problem, ExitCode.USAGE)
    except InputError as problem:
        return _fail(problem, ExitCode.USAGE)
    except (VaultError, StoreError, NoticeError) as problem:
        return _fail(problem, ExitCode.GREY)
    except LatchlightError as problem:
        return _fail(problem, ExitCode.INTERNAL)
    except (KeyboardInterrupt, Cancelled):
        complain(say("Stopped. Nothing was decided."))
        return int(ExitCode.INTERRUPTED)
    except Exception:  # noqa: BLE001 - the last border: a fault of ours must never look like a verdict
        return _fail(internal_fault(), ExitCode.INTERNAL)


def _fail(problem: LatchlightError, code: ExitCode) -> int:
    complain(series(("latchlight", problem), ": "))
    return int(code)


def _run(argv: list[str], services: Services | None, ignored: tuple[str, ...]) -> ExitCode:
    from latchlight.cli.language import choose_language
    from latchlight.cli.parser import build_parser
    from latchlight.services import production

    opened = services or production()
    try:
        words = _guarded(lambda: choose_language(argv, opened))
        args = build_parser().parse_args(words)
        if args.command not in (None, "gui", "practice"):
            return _guarded(lambda: _dispatch(args, opened, ignored))
    finally:
        opened.close()
    if args.command == "practice":
        return _practice(args)
    return _window(["selftest" if getattr(args, "selftest", False) else "gui"])


def _guarded(work: Callable[[], T]) -> T:
    """Only the parser may end the program; anything else could end it with 0."""
    try:
        return work()
    except SystemExit:
        raise internal_fault() from None


def _dispatch(args: argparse.Namespace, services: Services, ignored: tuple[str, ...]) -> ExitCode:
    match args.command:
        case "check":
            from latchlight.cli.check import check

            return check(args, services)
        case "preflight":
            from latchlight.cli.check import preflight

            return preflight(args, services)
        case "keys":
            from latchlight.cli.keys import keys

            return keys(args, services)
        case "ip":
            from latchlight.cli.show import ip

            return ip(args, services)
        case "exchanges":
            from latchlight.cli.show import exchanges

            return exchanges(args, services)
        case "doctor":
            from latchlight.cli.doctor import doctor

            return doctor(args, services, ignored)
        case "updates":
            from latchlight.cli.updates import updates

            return updates(args, services)
        case _:
            return ExitCode.INTERNAL


def _practice(args: argparse.Namespace) -> ExitCode:
    if args.practice is None:
        return _window(["practice"])
    from latchlight.cli.practice import practice_check, practice_serve

    return practice_check(args) if args.practice == "check" else practice_serve(args)


def _window(argv: list[str]) -> ExitCode:
    """The window is another program in the same package: its folder is only named here."""
    if getattr(sys, "frozen", False):
        return _window_code(_installed_window(argv))
    try:
        window = importlib.import_module("latchlight.gui.main")
    except ImportError:
        raise UsageError(
            say("The window is not installed here."),
            say('Install it with `pip install "latchlight[gui]"`, or use `latchlight check`.'),
        ) from None
    return _window_code(window.run(argv))


def _installed_window(argv: list[str]) -> int:
    """Start the other program of the folder, and stay as long as it does."""
    import subprocess

    from latchlight import installation

    try:
        return subprocess.call([str(installation.program(installation.WINDOW)), *argv])
    except OSError:
        raise UsageError(
            say("The window's program cannot be started."), say("Install Latchlight again.")
        ) from None


def _window_code(code: int) -> ExitCode:
    return ExitCode(code) if code in (ExitCode.DONE, ExitCode.USAGE) else ExitCode.INTERNAL
