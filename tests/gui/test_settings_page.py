"""Every choice is kept at once and found again; what makes no sense changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from latchlight.core.errors import StoreError
from latchlight.core.sentences import say
from latchlight.core.watching import WatchChoices
from latchlight.gui import settings_work
from latchlight.gui.jobs import JobRunner
from latchlight.gui.pages.settings_page import SettingsPage
from latchlight.net.egress import ADDRESS_SERVICES
from latchlight.services import Services
from latchlight.store import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = Services(folder=tmp_path)
    yield made
    made.close()


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.close()


def opened(qtbot: QtBot, services: Services, runner: JobRunner) -> SettingsPage:
    page = SettingsPage(services, runner)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.theme.isEnabled)
    return page


@pytest.fixture
def page(qtbot: QtBot, services: Services, runner: JobRunner) -> SettingsPage:
    return opened(qtbot, services, runner)


def test_the_defaults_are_the_careful_ones(page: SettingsPage) -> None:
    assert page.chosen is not None
    assert (page.theme.value, page.key_age.text()) == ("system", "365")
    assert page.family.value is True
    assert page.lookups.value is True


def test_every_choice_is_kept_and_found_again(
    qtbot: QtBot, page: SettingsPage, services: Services, runner: JobRunner
) -> None:
    with qtbot.waitSignal(page.theme_chosen) as theme:
        choose(page.theme, "dark")
    assert theme.args == ["dark"]
    choose(page.family, False)
    choose(page.lookups, False)
    page.key_age.setText("90")
    page.key_age.editingFinished.emit()
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.key_age_days == 90)
    store = services.store()
    assert (store.theme, store.key_age_days, store.force_ipv4) == (Theme.DARK, 90, False)
    assert store.address_lookups is False
    again = opened(qtbot, services, runner)
    assert again.chosen == page.chosen
    assert (again.theme.value, again.family.value, again.lookups.value) == ("dark", False, False)


def test_what_may_be_done_by_itself_is_off_until_it_is_chosen_and_then_kept(
    qtbot: QtBot, page: SettingsPage, services: Services, runner: JobRunner
) -> None:
    assert page.watching.choices == WatchChoices()
    choose(page.watching.schedule, 360)
    choose(page.watching.on_network, True)
    wanted = WatchChoices(every_minutes=360, on_network=True)
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.watching == wanted)
    assert opened(qtbot, services, runner).watching.choices == wanted
    for name in ("watch_every_minutes", "watch_on_network"):
        services.store().set_setting(name, "7")
    assert services.store().watching == WatchChoices()


def choose(choice: object, value: object) -> None:
    """Like a hand would: `activated` comes only from the user."""
    choice.choose(value)  # type: ignore[attr-defined]
    choice.activated.emit(choice.currentIndex())  # type: ignore[attr-defined]


@pytest.mark.parametrize("typed", ["", "0", "-5", "abc", "9999", "3651", "\u0663\u0660", "1.5"])
def test_days_that_make_no_sense_change_nothing(
    page: SettingsPage, services: Services, typed: str
) -> None:
    page.key_age.setText(typed)
    page.key_age.editingFinished.emit()
    assert "number from 1 to 3650" in page.age_row.error
    assert services.store().key_age_days == 365


def test_quick_changes_end_at_the_last_one(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    for number in range(20):
        choose(page.theme, ("light", "dark")[number % 2])
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.theme == "dark")
    qtbot.waitUntil(lambda: services.store().theme is Theme.DARK)


def test_a_choice_that_cannot_be_kept_is_taken_back_and_said(
    qtbot: QtBot, page: SettingsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(services: Services, chosen: object) -> None:
        raise StoreError(say("The disk is full."), say("Make room."))

    monkeypatch.setattr(settings_work, "keep_settings", refuse)
    heard: list[str] = []
    page.theme_chosen.connect(heard.append)
    choose(page.theme, "dark")
    qtbot.waitUntil(lambda: page.status.isVisible())
    assert page.status.text() == "The disk is full. Make room."
    assert page.theme.value == "system"
    assert heard == ["dark", "system"]


def test_an_unreadable_store_is_said_and_nothing_can_be_changed(
    qtbot: QtBot, tmp_path: Path, runner: JobRunner
) -> None:
    services = Services(folder=tmp_path)
    services.store().close()
    page = SettingsPage(services, runner)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.status.isVisible())
    assert page.status.text()
    assert not page.theme.isEnabled()


def test_all_address_services_are_named(page: SettingsPage) -> None:
    for service in ADDRESS_SERVICES:
        assert service.party in page.asked.text()
        for host in (service.host4, service.host6):
            assert host is None or host in page.asked.text()


def test_history_is_forgotten_only_after_a_second_yes(
    qtbot: QtBot, page: SettingsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[Services] = []
    monkeypatch.setattr(settings_work, "forget_history", forgotten.append)
    page.forget.click()
    page.rather_not.click()
    assert forgotten == []
    page.forget.click()
    with qtbot.waitSignal(page.history_forgotten):
        page.really.click()
    assert len(forgotten) == 1
    assert page.status.text() == "The history is forgotten."
    assert page.forget.isVisible()


def test_choices_outlive_the_program(
    qtbot: QtBot, page: SettingsPage, services: Services, tmp_path: Path
) -> None:
    with qtbot.waitSignal(page.changed):
        choose(page.family, False)
    services.close()
    again = Services(folder=tmp_path)
    assert again.store().force_ipv4 is False
    again.close()


def test_s19_every_text_is_plain_and_every_input_is_named(page: SettingsPage) -> None:
    assert {label.textFormat() for label in page.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    for widget in (page.theme, page.key_age, page.family, page.lookups, page.forget):
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
