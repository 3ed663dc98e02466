"""Every test of the window starts with the light colours and ends with nothing running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from latchlight.gui import theme
from latchlight.gui.garbage import GarbageCollector
from latchlight.gui.theme import Scheme
from latchlight.gui.tokens import LIGHT
from latchlight.gui.widgets import page_column
from window_bench import Bench, TurnableClock


@pytest.fixture(autouse=True, scope="package")
def _collector(qapp: QApplication) -> Iterator[GarbageCollector]:
    """As in the program: no worker destroys what belongs to the window."""
    made = GarbageCollector(qapp)
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def _garbage_is_collected(_collector: GarbageCollector) -> Iterator[None]:
    """Also after a test that never came back to the event loop."""
    yield
    _collector.look()


@pytest.fixture(autouse=True)
def _light_theme(qapp: QApplication) -> None:
    if theme.tokens() is not LIGHT or not qapp.styleSheet():
        theme.apply(qapp, Scheme.LIGHT)


@pytest.fixture
def in_pieces() -> None:
    """Pages are put together one piece per turn, as they are for users."""


@pytest.fixture(autouse=True)
def _pages_are_whole(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that look at a page as soon as it is open."""
    if "in_pieces" not in request.fixturenames:
        monkeypatch.setattr(page_column, "_AT_ONCE", 1000)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(monkeypatch, qtbot)
    yield made
    made.session.close()
