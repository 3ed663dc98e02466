"""Pages are read ahead, one step at a time, and only while nothing is going on."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from latchlight.gui import foresight
from latchlight.gui.foresight import Foresight

COMPLETE = """
import pkgutil, sys
from latchlight.gui import foresight, pages, workspace
for step in foresight.STEPS:
    step()
names = {f"latchlight.gui.pages.{each.name}" for each in pkgutil.iter_modules(pages.__path__)}
print(*sorted(names - set(sys.modules)))
"""


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which steps were taken, in their order."""
    known: list[int] = []
    steps = tuple(lambda number=number: known.append(number) for number in range(5))
    monkeypatch.setattr(foresight, "STEPS", steps)
    monkeypatch.setattr(foresight, "FIRST_MS", 0)
    monkeypatch.setattr(foresight, "EACH_MS", 0)
    return known


def test_all_steps_are_taken_in_their_order_and_then_it_is_over(
    qtbot: QtBot, taken: list[int]
) -> None:
    made = Foresight(lambda: True)
    assert not made.over
    qtbot.waitUntil(lambda: made.over)
    assert taken == [0, 1, 2, 3, 4]


def test_no_step_is_taken_while_something_is_going_on(qtbot: QtBot, taken: list[int]) -> None:
    quiet = iter([False, False, True, False, True])
    asked: list[bool] = []

    def is_quiet() -> bool:
        asked.append(next(quiet, False))
        return asked[-1]

    made = Foresight(is_quiet)
    qtbot.waitUntil(lambda: len(asked) > 10)
    assert taken == [0, 1]
    assert not made.over


def test_no_page_is_forgotten() -> None:
    done = subprocess.run([sys.executable, "-c", COMPLETE], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
