"""Every test of the window starts with the light colours and ends with nothing running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from latchlight.gui import theme
from latchlight.gui.theme import Scheme
from latchlight.gui.tokens import LIGHT
from window_bench import Bench, TurnableClock


@pytest.fixture(autouse=True)
def _light_theme(qapp: QApplication) -> None:
    if theme.tokens() is not LIGHT or not qapp.styleSheet():
        theme.apply(qapp, Scheme.LIGHT)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(monkeypatch, qtbot)
    yield made
    made.session.close()
