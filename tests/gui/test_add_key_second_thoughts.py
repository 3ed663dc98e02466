"""Hasty hands in the add-key dialog: double clicks, the Escape key, wrong texts, taken labels."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from add_key_double import (
    KEY,
    NOW,
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
from latchlight.core.diagnosis import Cause, Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.facts import KeyFacts, Readable
from latchlight.core.findings import Finding, KeyReport, Light, Sureness
from latchlight.core.purpose import Intent
from latchlight.core.sentences import say
from latchlight.exchanges import EXCHANGES
from latchlight.gui.jobs import JobRunner
from latchlight.gui.pages.add_key_dialog import AddKeyDialog, Step
from latchlight.gui.pages.add_key_foot import HOLD_MS
from latchlight.gui.pages.add_key_result import AddKeyResult
from latchlight.gui.widgets.intent_form import address_hint
from latchlight.services import Services

__all__ = ["check", "dialog", "keyring", "runner", "services"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def double_click(dialog: AddKeyDialog, at: QPoint, qtbot: QtBot, until: Step) -> None:
    """Two clicks on one spot of the window; in between the page changes under the pointer."""
    click_what_is_there(dialog, at)
    reach(qtbot, dialog, until)
    click_what_is_there(dialog, at)


def click_what_is_there(dialog: AddKeyDialog, at: QPoint) -> None:
    there = dialog.childAt(at)
    if isinstance(there, QPushButton) and there.isEnabled():
        QTest.mouseClick(there, Qt.MouseButton.LeftButton)


def middle(dialog: AddKeyDialog, button: QPushButton) -> QPoint:
    return button.mapTo(dialog, button.rect().center())


@pytest.mark.parametrize("until", [Step.TESTING, Step.RESULT])
def test_a_double_click_starts_one_test_and_saves_nothing_that_is_not_green(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck, keyring: MemoryKeyring, until: Step
) -> None:
    check.light = Light.RED
    if until is Step.TESTING:
        check.gate.clear()
    fill(dialog)
    double_click(dialog, middle(dialog, dialog.test_button), qtbot, until)
    check.gate.set()
    reach(qtbot, dialog, Step.RESULT)
    assert len(check.asked) == 1
    assert keyring.items == []


def test_the_risky_button_stands_at_the_left_and_is_dead_for_the_first_second(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck, keyring: MemoryKeyring
) -> None:
    check.light = Light.RED
    fill(dialog)
    spot = middle(dialog, dialog.test_button)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert not dialog.save_button.isEnabled()
    dialog.save_button.click()
    assert (dialog.step, keyring.items) == (Step.RESULT, [])
    assert HOLD_MS >= 1000
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert middle(dialog, dialog.save_button).x() < dialog.width() // 3
    assert dialog.childAt(spot) is not dialog.save_button


def test_without_saving_the_risky_button_stands_at_the_left_too(
    qtbot: QtBot, services: Services, runner: JobRunner, check: FakeCheck
) -> None:
    dialog = opened(qtbot, services, runner, once=True)
    check.light = Light.RED
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert not dialog.keep_button.isEnabled()
    qtbot.waitUntil(dialog.keep_button.isEnabled)
    assert middle(dialog, dialog.keep_button).x() < dialog.width() // 3


def escape(dialog: AddKeyDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_escape_during_a_test_stops_it_and_keeps_the_form(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    check.gate.clear()
    fill(dialog)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: bool(check.asked))
    escape(dialog)
    assert check.tokens[0].cancelled
    assert (dialog.step, dialog.isVisible()) == (Step.FORM, True)
    assert dialog.form.secret("secret").edit.peek() == SECRET


def test_escape_in_a_filled_form_asks_in_place_and_again_keeps_it(dialog: AddKeyDialog) -> None:
    fill(dialog)
    escape(dialog)
    assert "Throw away what you pasted?" in words(dialog)
    shown = [b for b in (dialog.discard_button, dialog.hold_on_button) if b.isVisible()]
    assert len(shown) == 2
    assert not dialog.test_button.isVisible()
    escape(dialog)
    assert dialog.isVisible()
    assert dialog.form.secret("secret").edit.peek() == SECRET
    assert "Throw away what you pasted?" not in words(dialog)
    assert dialog.test_button.isEnabled()


def test_after_the_question_the_pasted_text_goes_only_by_its_own_button(
    dialog: AddKeyDialog,
) -> None:
    fill(dialog)
    dialog.cancel_button.click()
    dialog.discard_button.click()
    assert not dialog.isVisible()
    assert not dialog.form.holds_secrets


def test_escape_beside_a_result_asks_too(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    check.light = Light.RED
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    escape(dialog)
    assert "Throw away what you pasted?" in words(dialog)
    dialog.hold_on_button.click()
    assert dialog.step is Step.RESULT
    press(qtbot, dialog.back_button)
    assert dialog.form.secret("secret").edit.peek() == SECRET


def test_escape_in_an_empty_form_closes(dialog: AddKeyDialog) -> None:
    dialog.form.label.setText("Only a label")
    escape(dialog)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("secret", "https://www.binance.com/en/my/api", "This is a web address, not a secret."),
        ("secret", "www.binance.com", "This is a web address, not a secret."),
        ("api_key", "binance.com/en/my", "This is a web address, not an API key."),
        ("secret", "me@example.com", "This is an e-mail address, not a secret."),
        ("secret", "folder/file", "“@” or “/”"),
        ("secret", "user@home", "“@” or “/”"),
        ("secret", "this is not it", "several words"),
    ],
)
def test_what_cannot_be_a_key_is_refused_under_its_field_at_once(
    dialog: AddKeyDialog, name: str, text: str, said: str
) -> None:
    paste(dialog, name, text)
    assert said in dialog.form.row(name).error
    assert dialog.form.secret(name).edit.peek() == ""


def test_a_typed_web_address_is_refused_at_once_too(dialog: AddKeyDialog) -> None:
    QTest.keyClicks(dialog.form.secret("secret").edit, "https://binance.com")
    assert "This is a web address" in dialog.form.row("secret").error


def test_a_label_of_an_unsaved_key_in_the_list_is_refused(
    qtbot: QtBot, services: Services, runner: JobRunner, check: FakeCheck
) -> None:
    dialog = opened(qtbot, services, runner, once=True, taken=["Grid bot"])
    fill(dialog, label="GRID  bot")
    dialog.test_button.click()
    assert "a key with the label “Grid bot”" in dialog.form.row("label").error
    assert check.asked == []
    dialog.form.label.setText("Other bot")
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)


def test_the_cursor_is_in_the_label_first(qtbot: QtBot, dialog: AddKeyDialog) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert QApplication.focusWidget() is dialog.form.label


def test_clearing_the_clipboard_is_offered_after_saving_while_the_paste_is_in_it(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.SAVED)
    assert dialog.foot.clipboard.isVisible()
    dialog.foot.clipboard.clear_it.click()
    assert QGuiApplication.clipboard().text() == ""


def test_clearing_the_clipboard_is_not_offered_when_it_holds_something_else(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    fill(dialog)
    QGuiApplication.clipboard().setText("shopping list")
    dialog.test_button.click()
    reach(qtbot, dialog, Step.SAVED)
    assert not dialog.foot.clipboard.isVisible()


@pytest.mark.parametrize(
    ("code", "light", "said"),
    [
        (DiagnosisCode.OFFLINE, Light.GREY, "Nothing could be checked; it can be saved and"),
        (DiagnosisCode.TIMEOUT, Light.GREY, "Nothing could be checked; it can be saved and"),
        (DiagnosisCode.CLOCK_OFF, Light.GREY, "while this computer's clock is wrong"),
        (DiagnosisCode.KEYRING_LOCKED, Light.GREY, "the keyring did not answer"),
        (DiagnosisCode.SIGNATURE_WRONG, Light.RED, "correct it first"),
        (None, Light.GREY, "Not everything could be checked"),
        (None, Light.RED, "it keeps this light until"),
    ],
)
def test_what_saving_would_mean_is_said_by_the_reason(
    qtbot: QtBot,
    dialog: AddKeyDialog,
    check: FakeCheck,
    code: DiagnosisCode | None,
    light: Light,
    said: str,
) -> None:
    check.light = light
    if code is not None:
        check.diagnosis = Diagnosis(code, say("It did not work."), say("Try again."))
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert said in dialog.foot.words.text()
    assert ("keeps this light" in dialog.foot.words.text()) == (said == "it keeps this light until")


def test_only_where_the_exchange_shows_its_list_a_comparison_is_promised(
    dialog: AddKeyDialog,
) -> None:
    spec = EXCHANGES["binance"]
    assert "Binance does not show its whole list" in words(dialog)
    assert "tells you when" not in words(dialog)
    assert "tells you when" in address_hint(replace(spec, readable=Readable.FULL))


def refused_report() -> KeyReport:
    step = say("Copy key and secret again. Then test it here.")
    cause = Cause(DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY, say("The key is gone."), step)
    other = Cause(DiagnosisCode.WRONG_HOST, Likelihood.POSSIBLE, say("Another site."), step)
    finding = Finding(
        "key-works",
        Light.RED,
        Sureness.REPORTED,
        say("The exchange refuses the key."),
        say("Copy key and secret again."),
        say("Because."),
        reason="key-unknown",
    )
    title = say("The exchange does not know this key.")
    return KeyReport(
        label="Grid bot",
        exchange="binance",
        exchange_name="Binance",
        host="api.binance.com",
        hint="…Eh8A",
        intent=Intent(),
        facts=KeyFacts(),
        diagnosis=Diagnosis(DiagnosisCode.KEY_UNKNOWN, title, step, causes=(cause, other)),
        findings=(finding,),
        started_at=NOW,
        finished_at=NOW,
    )


def test_the_result_says_each_sentence_once_and_odd_shapes_first(qtbot: QtBot) -> None:
    odd, mended = "It does not look as usual.", "Removed a line break at the end."
    page = AddKeyResult(refused_report(), warnings=[odd], repairs=[mended, mended])
    qtbot.addWidget(page)
    texts = [label.text() for label in page.findChildren(QLabel)]
    said = "\n".join(texts)
    for sentence in ("Copy key and secret again", "Then test it here", mended):
        assert said.count(sentence) == 1
    assert said.index(odd) < said.index("The exchange does not know this key.")
    assert said.index(mended) > said.index("The exchange refuses the key.")


def test_a_key_that_was_wrapped_is_still_mended(dialog: AddKeyDialog) -> None:
    paste(dialog, "api_key", f"{KEY[:40]}\n{KEY[40:]}")
    assert dialog.form.secret("api_key").edit.peek() == KEY
