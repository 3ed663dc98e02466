"""Adding a key: tested before it is saved, and every mistake said in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from add_key_double import (
    KEY,
    PEM,
    SECRET,
    FakeCheck,
    check,
    dialog,
    fill,
    keyring,
    opened,
    paste,
    press,
    reach,
    runner,
    services,
    words,
)
from keyring_double import MemoryKeyring
from latchlight.core.credentials import Secret
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.errors import VaultError
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose, Setup
from latchlight.core.sentences import say
from latchlight.gui.jobs import JobRunner
from latchlight.gui.pages.add_key_dialog import AddKeyDialog, Step
from latchlight.keys import CheckRequest
from latchlight.practice.world import PracticeWorld
from latchlight.services import Services, practice
from latchlight.vault.vault import Vault

__all__ = ["check", "dialog", "keyring", "runner", "services"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_safe_key_is_tested_and_then_saved(
    qtbot: QtBot,
    dialog: AddKeyDialog,
    check: FakeCheck,
    services: Services,
    keyring: MemoryKeyring,
) -> None:
    fill(dialog)
    with qtbot.waitSignal(dialog.key_added) as added:
        dialog.test_button.click()
        assert keyring.items == []
    assert added.args == ["Grid bot"]
    reach(qtbot, dialog, Step.SAVED)
    (profile,) = services.store().profiles()
    assert services.vault().load(profile.entry, expected_hint="…Eh8A").secret == Secret(SECRET)
    assert check.asked[0][0].api_key == Secret(KEY)
    assert "Saved in Keyring in memory, and read back from there." in words(dialog)


@pytest.mark.parametrize("light", [Light.RED, Light.AMBER, Light.GREY])
def test_a_key_that_is_not_green_is_saved_only_when_asked_for(
    qtbot: QtBot,
    dialog: AddKeyDialog,
    check: FakeCheck,
    services: Services,
    keyring: MemoryKeyring,
    light: Light,
) -> None:
    check.light = light
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert keyring.items == []
    assert "Not saved yet." in words(dialog)
    assert "This key can withdraw your money." in words(dialog)
    press(qtbot, dialog.save_button)
    reach(qtbot, dialog, Step.SAVED)
    assert [p.label for p in services.store().profiles()] == ["Grid bot"]


def test_a_refusal_shows_its_diagnosis_in_place(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    check.light = Light.GREY
    check.diagnosis = Diagnosis(
        DiagnosisCode.OFFLINE, say("This computer is offline."), say("Connect it.")
    )
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert "This computer is offline." in words(dialog)
    assert "Connect it." in words(dialog)


def test_purpose_setup_and_addresses_are_told_to_the_check(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    fill(dialog)
    dialog.form.intent_form.purpose.choose(Purpose.FUTURES)
    dialog.form.intent_form.setup.choose(Setup.FAILOVER)
    dialog.form.intent_form.addresses.setText("8.8.8.8, 9.9.9.9 8.8.8.8")
    dialog.test_button.click()
    reach(qtbot, dialog, Step.SAVED)
    intent = check.asked[0][2]
    assert (intent.purpose, intent.setup) == (Purpose.FUTURES, Setup.FAILOVER)
    assert [str(address) for address in intent.addresses] == ["8.8.8.8", "9.9.9.9"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("192.168.1.10", "only inside a home"),
        ("100.64.1.1", "only inside your provider"),
        ("203.0.113.7", "an example from books"),
        ("127.0.0.1", "this computer itself"),
        ("8.8.8.0/24", "is a range"),
        ("8.8.8.*", "is a range"),
        ("8.8.8.256", "is not an address"),
        ("my house", "One of these is not an address"),
        (SECRET, "One of these is not an address"),
        (" ".join(f"8.8.8.{n}" for n in range(30)), "more than 20"),
        ("9" * 3000, "too long"),
    ],
)
def test_addresses_that_make_no_sense_are_said_so_in_place(
    dialog: AddKeyDialog, check: FakeCheck, typed: str, said: str
) -> None:
    fill(dialog)
    dialog.form.intent_form.addresses.setText(typed)
    dialog.test_button.click()
    assert said in dialog.form.row("addresses").error
    assert SECRET not in words(dialog)
    assert check.asked == []


def test_malformed_input_is_never_tested_and_never_saved(
    dialog: AddKeyDialog, check: FakeCheck, keyring: MemoryKeyring
) -> None:
    paste(dialog, "secret", "****************")
    dialog.test_button.click()
    assert dialog.step is Step.FORM
    assert "label is empty" in dialog.form.row("label").error
    assert "Nothing was filled in" in dialog.form.row("api_key").error
    assert "stars or dots" in dialog.form.row("secret").error
    assert (check.asked, keyring.items) == ([], [])


def test_what_only_the_last_look_finds_is_said_under_its_field(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    dialog.form.label.setText("Bot")
    paste(dialog, "api_key", KEY)
    paste(dialog, "secret", KEY)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: bool(dialog.form.row("secret").error))
    assert "are the same" in dialog.form.row("secret").error
    assert dialog.step is Step.FORM
    assert dialog.form.secret("api_key").edit.peek() == KEY


def test_ui03_a_secret_in_the_label_is_refused(dialog: AddKeyDialog, check: FakeCheck) -> None:
    fill(dialog, label=SECRET[:30])
    dialog.test_button.click()
    assert "looks like a key" in dialog.form.row("label").error
    assert check.asked == []


def test_a_label_that_is_taken_is_said_under_the_label(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.SAVED)
    press(qtbot, dialog.another_button)
    assert dialog.form.secret("secret").edit.peek() == ""
    fill(dialog, label="grid BOT")
    dialog.test_button.click()
    qtbot.waitUntil(lambda: bool(dialog.form.row("label").error))
    assert len(check.asked) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{KEY}\n", "Removed a line break at the end."),
        (f"API Key: {KEY}", "Removed the name in front of the value."),
        (f"\u201c{KEY}\u201d", "Removed quotation marks."),
    ],
)
def test_ui01_what_was_mended_is_told_under_the_field_at_once(
    dialog: AddKeyDialog, text: str, told: str
) -> None:
    paste(dialog, "api_key", text)
    row = dialog.form.row("api_key")
    assert row.note == told
    assert row.field.accessibleDescription() == told
    assert dialog.form.secret("api_key").edit.peek() == KEY


def test_ui01_a_paste_that_cannot_be_mended_is_not_kept(dialog: AddKeyDialog) -> None:
    paste(dialog, "api_key", KEY.replace("a", "\u0430"))
    assert "letters that no key has" in dialog.form.row("api_key").error
    assert dialog.form.secret("api_key").edit.peek() == ""
    paste(dialog, "api_key", "x" * 1_000_000)
    assert "too long" in dialog.form.row("api_key").error


def test_a_whole_record_fills_all_fields(dialog: AddKeyDialog) -> None:
    paste(dialog, "api_key", json.dumps({"apiKey": KEY, "secret": SECRET}))
    assert dialog.form.secret("api_key").edit.peek() == KEY
    assert dialog.form.secret("secret").edit.peek() == SECRET
    assert "Took the values apart" in dialog.form.row("secret").note


def test_ui02_a_private_key_in_the_first_field_moves_to_the_second(dialog: AddKeyDialog) -> None:
    paste(dialog, "api_key", PEM.replace("\n", "\\n"))
    assert dialog.form.secret("api_key").edit.peek() == ""
    assert dialog.form.secret("secret").edit.peek() == PEM
    assert dialog.form.secret("secret").edit.text() == "Private key, 3 lines"
    assert "was moved here" in dialog.form.row("secret").note


def test_ui02_exchanged_values_are_put_right_and_told(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    check.light = Light.AMBER
    dialog.form.label.setText("Bot")
    dialog.form.secret("secret").edit.put(KEY)
    dialog.form.secret("api_key").edit.put(f"Secret: {SECRET}")
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert check.asked[0][0].api_key == Secret(KEY)
    assert "Key and secret were in each other's field: exchanged." in words(dialog)


def without_keyring() -> Vault:
    raise VaultError(
        DiagnosisCode.KEYRING_MISSING, say("There is no keyring."), say("Install one.")
    )


def test_without_a_keyring_a_key_can_be_checked_but_not_saved(
    qtbot: QtBot, tmp_path: Path, runner: JobRunner, check: FakeCheck
) -> None:
    services = Services(folder=tmp_path, open_vault=without_keyring)
    dialog = opened(qtbot, services, runner)
    assert dialog.test_button.text() == "Check without saving"
    assert "There is no keyring. Install one." in words(dialog)
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert not dialog.save_button.isVisible()
    with qtbot.waitSignal(dialog.key_kept) as kept:
        press(qtbot, dialog.keep_button)
    assert kept.args is not None
    request = kept.args[0]
    assert isinstance(request, CheckRequest)
    assert (request.label, request.stored) == ("Grid bot", False)
    assert request.credentials().secret == Secret(SECRET)
    services.close()


def test_checking_once_never_offers_to_save(
    qtbot: QtBot,
    services: Services,
    runner: JobRunner,
    check: FakeCheck,
    keyring: MemoryKeyring,
) -> None:
    dialog = opened(qtbot, services, runner, once=True)
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    dialog.save()
    assert dialog.step is Step.RESULT
    assert keyring.items == []


def test_an_error_without_words_is_not_shown_to_the_user(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    check.problem = RuntimeError(f"boom {SECRET}")
    fill(dialog)
    with qtbot.waitSignal(dialog.crashed):
        dialog.test_button.click()
    reach(qtbot, dialog, Step.FORM)
    assert "Something inside Latchlight went wrong" in words(dialog)
    assert SECRET not in words(dialog)


def test_s7_the_clipboard_is_cleared_only_if_it_still_holds_the_secret(
    dialog: AddKeyDialog,
) -> None:
    offer = dialog.form.clipboard
    assert not offer.isVisible()
    paste(dialog, "secret", SECRET)
    assert offer.isVisible()
    QGuiApplication.clipboard().setText("shopping list")
    offer.clear_it.click()
    assert QGuiApplication.clipboard().text() == "shopping list"
    assert "left as it is" in offer.said.text()
    paste(dialog, "secret", SECRET)
    offer.clear_it.click()
    assert QGuiApplication.clipboard().text() == ""


def test_s19_every_text_is_plain(qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck) -> None:
    check.light = Light.AMBER
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    labels = dialog.findChildren(QLabel)
    assert len(labels) > 10
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_every_input_has_a_name_for_screen_readers(dialog: AddKeyDialog) -> None:
    for widget in dialog.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            assert name or widget.inherits("QAbstractScrollArea"), widget


def test_the_keyboard_reaches_every_input_in_order(dialog: AddKeyDialog, qtbot: QtBot) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.form.exchange.setFocus()
    seen = []
    for _ in range(12):
        seen.append(QApplication.focusWidget())
        QTest.keyClick(dialog, Qt.Key.Key_Tab)
    form_ = dialog.form
    wanted: list[QWidget] = [
        form_.exchange,
        form_.label,
        form_.secret("api_key").edit,
        form_.secret("secret").edit,
        form_.intent_form.purpose,
        form_.intent_form.setup,
        form_.intent_form.addresses,
    ]
    assert [widget for widget in seen if widget in wanted][: len(wanted)] == wanted


def test_this_computers_address_is_filled_in_on_request(
    qtbot: QtBot, services: Services, runner: JobRunner
) -> None:
    dialog = opened(qtbot, services, runner, public_ip="8.8.4.4")
    intent_form = dialog.form.intent_form
    intent_form.fill_in.click()
    intent_form.fill_in.click()
    assert intent_form.addresses.text() == "8.8.4.4"


@pytest.fixture(scope="module")
def world() -> Iterator[PracticeWorld]:
    with PracticeWorld.start(faults=False) as made:
        yield made


def test_in_practice_a_practice_key_is_filled_in_checked_and_kept_unsaved(
    qtbot: QtBot, runner: JobRunner, world: PracticeWorld
) -> None:
    services = practice(world)
    dialog = opened(qtbot, services, runner, world=world)
    box = dialog.form._practice_box
    assert box is not None
    qtbot.waitUntil(box.fill.isEnabled)
    box.fill.click()
    assert dialog.form.label.text() == world.keys[0].name
    assert dialog.form.secret("secret").edit.peek() == world.keys[0].secret
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert dialog._result is not None
    assert dialog._result.badge.verdict.text == "Safe · practice"
    assert "not stored" in words(dialog)
    with qtbot.waitSignal(dialog.key_kept):
        press(qtbot, dialog.keep_button)
    services.close()
