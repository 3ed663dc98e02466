"""The button that asks for a newer version: only it asks, and a question that failed is called failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import signed_notice
from latchlight.core.release_notice import Notice, NoticeError, Standing, Update
from latchlight.core.sentences import say
from latchlight.gui import trust_work as work
from latchlight.gui.jobs import JobRunner
from latchlight.gui.widgets.update_card import UpdateCard
from latchlight.services import Services
from latchlight.updates import in_words
from signed_notice import Signer

NOTICE = Notice(
    version="0.2.0",
    released=date(2026, 11, 20),
    expires=date(2027, 5, 20),
    security=False,
    page="/releases/0.2.0",
    installers={},
)
PAGE = "https://releases.example/releases/0.2.0"


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.close()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = Services(folder=tmp_path, release_home=signed_notice.home(Signer()))
    yield made
    made.close()


@pytest.fixture
def card(qtbot: QtBot, services: Services, runner: JobRunner) -> UpdateCard:
    made = UpdateCard(services, runner)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Update | Exception], list[None]]:
    """Decides what is found out; how often it was asked."""
    asked: list[None] = []

    def set_answer(answer: Update | Exception) -> list[None]:
        def look(services: Services, token: object) -> tuple[Update, str, str]:
            asked.append(None)
            if isinstance(answer, Exception):
                raise answer
            return answer, in_words(answer), PAGE

        monkeypatch.setattr(work, "look_for_update", look)
        return asked

    return set_answer


def pressed(qtbot: QtBot, card: UpdateCard) -> UpdateCard:
    card.ask.click()
    assert not card.ask.isEnabled()
    qtbot.waitUntil(card.ask.isEnabled)
    return card


Answers = Callable[[Update | Exception], list[None]]


def test_nobody_is_asked_before_the_button_is_pressed(
    qtbot: QtBot, card: UpdateCard, answers: Answers
) -> None:
    asked = answers(Update(Standing.NEWEST, NOTICE))
    assert card.said.text() == "Not asked yet."
    assert asked == []
    pressed(qtbot, card)
    assert asked == [None]


@pytest.mark.parametrize("standing", Standing)
def test_what_was_found_out_is_said_and_a_page_is_offered_for_a_newer_version_only(
    qtbot: QtBot, card: UpdateCard, answers: Answers, standing: Standing
) -> None:
    update = Update(standing, NOTICE)
    answers(update)
    pressed(qtbot, card)
    behind = standing in (Standing.OLDER, Standing.INSECURE)
    assert card.said.text() == in_words(update)
    assert card.open.isVisible() is behind
    assert card.more.isVisible() is behind
    if behind:
        with qtbot.waitSignal(card.page_requested) as requested:
            card.open.click()
        assert requested.args == [PAGE]


def test_a_question_that_failed_is_called_failed_and_offers_nothing(
    qtbot: QtBot, card: UpdateCard, answers: Answers
) -> None:
    answers(Update(Standing.OLDER, NOTICE))
    pressed(qtbot, card)
    answers(NoticeError(say("The announcement is too old."), say("Look yourself.")))
    pressed(qtbot, card)
    assert card.said.text() == "Not checked: The announcement is too old."
    assert card.more.text() == "Look yourself."
    assert not card.open.isVisible()


def test_a_fault_of_ours_is_handed_on_and_is_no_answer(
    qtbot: QtBot, card: UpdateCard, answers: Answers
) -> None:
    answers(ZeroDivisionError())
    with qtbot.waitSignal(card.crashed):
        pressed(qtbot, card)
    assert card.said.text().startswith("Not checked: ")


def test_in_practice_nobody_can_be_asked(qtbot: QtBot, runner: JobRunner) -> None:
    card = UpdateCard(Services(practice=True), runner)
    qtbot.addWidget(card)
    assert not card.ask.isEnabled()


def test_a_copy_that_nobody_publishes_says_so(
    qtbot: QtBot, runner: JobRunner, tmp_path: Path
) -> None:
    services = Services(folder=tmp_path)
    card = UpdateCard(services, runner)
    qtbot.addWidget(card)
    pressed(qtbot, card)
    assert card.said.text().startswith("Not checked: This copy was built from source")
    services.close()
