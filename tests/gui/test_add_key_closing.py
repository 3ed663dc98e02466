"""One run per click, saved or not saved and told, and nothing secret stays behind."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
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
    press,
    reach,
    runner,
    services,
    words,
)
from keyring_double import MemoryKeyring
from latchlight.core.findings import Light
from latchlight.gui.pages.add_key_dialog import AddKeyDialog, Step
from latchlight.services import Services

__all__ = ["check", "dialog", "keyring", "runner", "services"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_ui04_a_hundred_clicks_start_one_run(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    check.gate.clear()
    fill(dialog)
    for _ in range(100):
        dialog.test_button.click()
    reach(qtbot, dialog, Step.TESTING)
    qtbot.waitUntil(lambda: bool(check.asked))
    check.gate.set()
    reach(qtbot, dialog, Step.SAVED)
    assert len(check.asked) == 1


def test_ui04_enter_held_down_starts_one_run(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck
) -> None:
    check.gate.clear()
    fill(dialog)
    dialog.form.label.setFocus()
    for _ in range(50):
        QTest.keyClick(dialog.form.label, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(check.asked))
    check.gate.set()
    reach(qtbot, dialog, Step.SAVED)
    assert len(check.asked) == 1


def test_progress_is_shown_and_a_test_can_be_stopped(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck, keyring: MemoryKeyring
) -> None:
    check.gate.clear()
    fill(dialog)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: "Asking Binance about Grid bot" in words(dialog))
    dialog.cancel_button.click()
    assert check.tokens[0].cancelled
    assert dialog.step is Step.FORM
    assert dialog.form.secret("secret").edit.peek() == SECRET
    assert keyring.items == []


def test_closing_while_testing_stops_the_test(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck, keyring: MemoryKeyring
) -> None:
    check.gate.clear()
    fill(dialog)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: bool(check.asked))
    dialog.close()
    assert check.tokens[0].cancelled
    assert not dialog.isVisible()
    assert keyring.items == []


def waits_for(gate: threading.Event) -> Callable[[str, str], None]:
    def wait(service: str, value: str) -> None:
        assert gate.wait(20)

    return wait


def test_ui05_closing_while_saving_waits_until_it_is_saved(
    qtbot: QtBot, dialog: AddKeyDialog, keyring: MemoryKeyring, services: Services
) -> None:
    gate = threading.Event()
    keyring.before_write = waits_for(gate)
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.SAVING)
    assert "its window may be behind this one" in words(dialog)
    dialog.close()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.key_added):
        gate.set()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert [p.label for p in services.store().profiles()] == ["Grid bot"]


def test_ui05_closing_while_saving_tells_when_it_was_not_saved(
    qtbot: QtBot, dialog: AddKeyDialog, keyring: MemoryKeyring, services: Services
) -> None:
    gate = threading.Event()
    keyring.before_write = waits_for(gate)
    keyring.keeps = False
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.SAVING)
    dialog.close()
    gate.set()
    reach(qtbot, dialog, Step.RESULT)
    assert dialog.isVisible()
    assert "Not saved:" in words(dialog)
    assert services.store().profiles() == []
    keyring.keeps = True
    press(qtbot, dialog.save_button)
    reach(qtbot, dialog, Step.SAVED)


def canaries() -> list[str]:
    return [KEY, SECRET, PEM.splitlines()[1]]


def everything_said(dialog: QWidget) -> str:
    """Texts of all widgets, all properties, and the whole accessibility tree."""
    said = []
    for widget in (dialog, *dialog.findChildren(QWidget)):
        meta = widget.metaObject()
        names = [meta.property(index).name() for index in range(meta.propertyCount())]
        said += [str(widget.property(name)) for name in names if "ext" in name or "ame" in name]
        if isinstance(widget, QLineEdit):
            widget.undo()
            said += [widget.text(), widget.displayText(), widget.selectedText()]
    root = QAccessible.queryAccessibleInterface(dialog)
    return "\n".join([*said, *accessible_texts(root)])


def accessible_texts(interface: QAccessibleInterface) -> list[str]:
    texts = [interface.text(kind) for kind in QAccessible.Text]
    for index in range(interface.childCount()):
        child = interface.child(index)
        if child is not None:
            texts += accessible_texts(child)
    return texts


def test_s11_nothing_secret_shows_while_the_form_is_open(dialog: AddKeyDialog) -> None:
    fill(dialog)
    dialog.form.secret("secret").edit.put(PEM)
    dialog.form.secret("api_key").eye.click()
    root = QAccessible.queryAccessibleInterface(dialog)
    assert not [c for c in canaries() if c in "\n".join(accessible_texts(root))]
    assert not [c for c in canaries() if c in words(dialog)]


@pytest.mark.parametrize("way", ["saved", "cancelled", "refused", "kept"])
def test_s11_after_closing_nothing_holds_a_secret(
    qtbot: QtBot, dialog: AddKeyDialog, check: FakeCheck, way: str
) -> None:
    QGuiApplication.clipboard().setText("something else")
    dialog.form.label.setText("Bot")
    for name, text in (("api_key", KEY), ("secret", PEM if way == "saved" else SECRET)):
        dialog.form.secret(name).edit.put(text)
    check.light = Light.GREEN if way == "saved" else Light.RED
    if way != "cancelled":
        dialog.test_button.click()
        reach(qtbot, dialog, Step.SAVED if way == "saved" else Step.RESULT)
    dialog.close()
    said = everything_said(dialog)
    assert not [canary for canary in canaries() if canary in said]
    assert QGuiApplication.clipboard().text() == "something else"
    assert dialog._tested is None
