"""Starting and leaving: one sentence where there can be no window, nothing heavy before the first paint."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from latchlight.gui import main

HEAVY = ("requests", "urllib3", "keyring", "cryptography", "sqlite3", "ssl", "latchlight.checkup")


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if n not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("platform", ["linux"])
def test_ui15_without_a_screen_one_sentence_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main.run([]) == 64
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("There is no screen here")
    assert written.err.count("\n") == 1


@pytest.mark.parametrize("word", ["preflight", "check", "--version", "-h", "--language", "none"])
def test_words_for_the_command_line_open_no_window(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A window that was closed ends with 0, and a script would take that for a green light."""
    assert main.run([word, "main-bot"]) == 64
    said = capsys.readouterr().err
    assert said == (
        f"This program is the window, and knows no “{word}”. The command line is called `latchlight`.\n"
    )


def test_without_pyside_one_sentence_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    assert main.run([]) == 64
    assert 'pip install "latchlight[gui]"' in capsys.readouterr().err


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    done = python(
        "import sys\n"
        "from latchlight.gui import main\n"
        f"heavy = {HEAVY!r}\n"
        "def stop(app, *_):\n"
        "    print([name for name in heavy if name in sys.modules])\n"
        "    app.quit()\n"
        "main._furnish = stop\n"
        "sys.exit(main.run([]))\n"
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


_WHOLE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from latchlight.gui import main, work
from latchlight.gui.work import Egress, Loaded
from latchlight.core.egress import EgressReport
work.load_keys = lambda *_: Loaded(())
work.look_up = lambda *_: Egress(EgressReport())
opened = []
furnish = main._furnish
def then_quit(app, window, *more):
    furnish(app, window, *more)
    {then}
main._furnish = then_quit
code = main.run([])
print("left", code)
"""


def test_the_window_opens_and_closes() -> None:
    done = python(_WHOLE.format(then="QTimer.singleShot(50, window.close)"))
    assert (done.returncode, done.stdout.strip()) == (0, "left 0"), done.stderr


def test_a_window_that_cannot_be_filled_says_so() -> None:
    then = (
        "QTimer.singleShot(50, lambda: (print(window.centralWidget().text()), window.close()));"
        " raise ValueError('canary')"
    )
    done = python(_WHOLE.format(then=then))
    assert done.stdout.startswith("Something inside Latchlight went wrong.")
    assert "canary" not in done.stdout + done.stderr


def test_leaving_does_not_wait_for_a_call_that_never_ends() -> None:
    then = (
        "import threading; never = threading.Event(); "
        "work.look_up = lambda *_: never.wait(); "
        "QTimer.singleShot(100, window.close)"
    )
    done = python(_WHOLE.format(then=then))
    assert (done.returncode, done.stdout.strip()) == (0, "left 0"), done.stderr


_MID_CHECK = """
import sys, threading, time
from PySide6.QtCore import QTimer
from latchlight.gui import desk, main
loaded = desk.Desk._loaded
closed = []
def then_close(self):
    loaded(self)
    def close():
        print("running", self.workspace.session.running)
        closed.append(time.monotonic())
        self.workspace.window().close()
    QTimer.singleShot(60, close)
desk.Desk._loaded = then_close
code = main.run(["practice"])
print("kept by", [t.name for t in threading.enumerate()[1:] if not t.daemon])
print("quick", time.monotonic() - closed[0] < 0.5)
sys.exit(code)
"""


def test_closing_in_the_middle_of_a_check_waits_for_no_thread() -> None:
    done = python(_MID_CHECK)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["running True", "kept by []", "quick True"]
