"""The banner of practice: always there, and as low as the window needs it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from latchlight.gui.widgets.practice_banner import PracticeBanner

PAGE = "Open the practice API Management page"


@pytest.fixture
def pressed() -> list[str]:
    return []


@pytest.fixture
def banner(qtbot: QtBot, pressed: list[str]) -> PracticeBanner:
    made = PracticeBanner(lambda: pressed.append("page"), lambda: pressed.append("leave"))
    qtbot.addWidget(made)
    made.resize(1000, 100)
    made.show()
    return made


def buttons(banner: PracticeBanner) -> list[QPushButton]:
    return [each for each in banner.findChildren(QPushButton) if each.isVisible()]


@pytest.mark.parametrize(("lines", "shown"), [(40, PAGE), (20, PAGE), (19, "Practice page")])
def test_in_a_low_window_the_button_is_short_and_is_told_in_full(
    banner: PracticeBanner, lines: int, shown: str
) -> None:
    banner.make_room(lines)
    assert [each.text() for each in buttons(banner)] == [shown, "Leave practice"]
    assert buttons(banner)[0].accessibleName() == PAGE


def test_the_short_button_does_the_same(banner: PracticeBanner, pressed: list[str]) -> None:
    banner.make_room(10)
    for each in buttons(banner):
        each.click()
    assert pressed == ["page", "leave"]
