"""Starts the window."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from latchlight.core.command_name import command_name
from latchlight.core.sentences import say
from latchlight.gui.tongue import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from latchlight.gui.application import Application
    from latchlight.gui.main_window import MainWindow
    from latchlight.practice.world import PracticeWorld
    from latchlight.services import Services

_SWITCH_SECONDS = 0.0005
"""How long a worker may hold the interpreter while the window waits for it (Python's default: 5 ms)."""
_NO_WINDOW = 64
_ERROR_BOX = 0x10
"""https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-messageboxw: MB_ICONERROR, one button."""
_WORDS = ("gui", "practice", "selftest")


def entry_point() -> None:
    """`latchlight-desktop`."""
    from latchlight.hardening import harden

    harden()
    sys.exit(run(sys.argv[1:]))


def run(
    argv: Sequence[str], services: Services | None = None, world: PracticeWorld | None = None
) -> int:
    """Open the window and stay until it is closed; the exit code.

    Without `services` the real ones are used. With `world` the window shows practice, and the world
    is closed with it; `practice` as first argument makes one. `selftest` draws practice off-screen
    and ends with 0 if all is well. Says in one sentence why there can be no window.
    """
    tested = list(argv[:1]) == ["selftest"]
    if tested:
        _draw_off_screen()
    problem = _other_program(argv) or _no_screen() or _no_qt()
    if problem:
        return _refuse(problem)
    from latchlight.gui import language
    from latchlight.gui.application import Application
    from latchlight.gui.garbage import GarbageCollector
    from latchlight.gui.main_window import MainWindow
    from latchlight.hardening import forget_qt_paths

    app = Application(["latchlight", *argv])
    forget_qt_paths()
    app.setApplicationName("latchlight")
    app.setApplicationDisplayName("Latchlight")
    app.setDesktopFileName("latchlight")
    sys.setswitchinterval(_SWITCH_SECONDS)
    GarbageCollector(app)
    language.use("")  # what was chosen is read later; most people choose nothing
    window = MainWindow()
    practice = world is None and list(argv[:1]) in (["practice"], ["selftest"])
    window.first_painted.connect(lambda: _furnish_or_say(app, window, services, world, practice))
    if tested:
        from latchlight.gui.selftest import Selftest

        Selftest(window).ended.connect(app.exit)
    window.show()
    return app.exec()


def _furnish_or_say(
    app: Application,
    window: MainWindow,
    services: Services | None,
    world: PracticeWorld | None,
    practice: bool,
) -> None:
    try:
        _furnish(app, window, services, world, practice)
    except Exception:  # noqa: BLE001 - border: an empty frame that says nothing would be the worst answer
        from latchlight.core.errors import internal_fault

        window.say_only(str(internal_fault()))


def _furnish(
    app: Application,
    window: MainWindow,
    services: Services | None,
    world: PracticeWorld | None,
    practice: bool,
) -> None:
    """After the first paint: everything else."""
    from latchlight.gui import theme
    from latchlight.gui.crash import CrashHook
    from latchlight.gui.desk import Desk
    from latchlight.gui.garbage import overlook_what_is_there

    overlook_what_is_there()
    hook = CrashHook(app)
    hook.install()
    theme.apply(app, theme.Scheme.SYSTEM)
    app.setWindowIcon(theme.app_icon())
    desk = Desk(app, window, hook)
    app.leaving.connect(desk.leave)
    if practice:
        desk.start_practice()
    else:
        desk.open(services or _production(), world)


def _draw_off_screen() -> None:
    """Without a screen Qt does not ask Windows for its fonts, and has none unless told where they lie.

    https://github.com/msys2/MINGW-packages/pull/24688
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if sys.platform == "win32":
        os.environ["QT_QPA_FONTDIR"] = os.path.join(os.environ["SYSTEMROOT"], "Fonts")


def _production() -> Services:
    from latchlight.services import production

    return production()


def _other_program(argv: Sequence[str]) -> str:
    """Words for the command line: where the program is installed, `latchlight preflight KEY && bot` comes here.

    A window that opens and is closed ends with 0, which would let the bot start.
    """
    word = argv[0] if argv else "gui"
    of_qt = word.startswith("-") and not word.startswith("--") and word != "-h"
    if word in _WORDS or of_qt:
        return ""
    return say(
        "This program is the window, and knows no “{word}”. The command line is called `{command}`.",
        word=word,
        command=command_name(),
    )


def _no_screen() -> str:
    """Qt aborts the process where there is no screen: say it before."""
    from latchlight.gui.screen import has_screen

    if has_screen():
        return ""
    return say(
        "There is no screen here, so there can be no window. "
        "`{command} practice check` and `{command} check` work without one.",
        command=command_name(),
    )


def _no_qt() -> str:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError:
        return say(
            "The window needs PySide6, which is not installed or lacks a system library. "
            'Install it with: pip install "latchlight[gui]"'
        )
    return ""


def _refuse(problem: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"{tr(problem)}\n")
    elif sys.platform == "win32":  # a windowed program has nothing to write to
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, tr(problem), "Latchlight", _ERROR_BOX)
    return _NO_WINDOW
