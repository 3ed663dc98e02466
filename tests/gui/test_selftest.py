"""The window's own part of the self-test: it passes with the right lights and a picture, and not otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from latchlight.core.findings import Light
from latchlight.gui import selftest
from latchlight.gui.main_window import MainWindow
from latchlight.gui.selftest import BLANK, LATE, PASSED, WRONG_LIGHT, Selftest, verdict


def session(told: list[Light | None], expected: list[Light]) -> Any:
    rows = [
        SimpleNamespace(report=None if light is None else SimpleNamespace(light=light))
        for light in told
    ]
    keys = [SimpleNamespace(expected_light=light) for light in expected]
    return SimpleNamespace(rows=rows, world=SimpleNamespace(keys=keys))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([Light.GREEN], [Light.RED]),
        ([Light.GREEN, None], [Light.GREEN, Light.GREEN]),
        ([Light.GREEN], [Light.GREEN, Light.GREEN]),
        ([], []),
    ],
)
def test_a_light_that_is_wrong_or_missing_fails(
    qapp: object, told: list[Light | None], expected: list[Light], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selftest, "is_drawn", lambda _window: True)
    assert verdict(session(told, expected), QWidget()) == WRONG_LIGHT


def test_an_empty_window_fails_even_with_the_right_lights(qapp: object) -> None:
    assert verdict(session([Light.GREEN], [Light.GREEN]), QWidget()) == BLANK


def test_a_window_that_shows_something_passes(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selftest, "is_drawn", lambda _window: True)
    assert verdict(session([Light.GREEN], [Light.GREEN]), QWidget()) == PASSED


def test_a_window_in_which_nothing_comes_ends_as_late(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selftest, "_LONGEST_MS", 200)
    window = MainWindow()
    qtbot.addWidget(window)
    with qtbot.waitSignal(Selftest(window).ended) as ended:
        pass
    assert ended.args == [LATE]
