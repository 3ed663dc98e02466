"""A field for a secret: what was typed cannot be read, copied or brought back by anybody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeySequence,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from latchlight.gui.widgets.secret_field import PEEK_MS, SecretField
from latchlight.gui.widgets.secret_line_edit import SecretLineEdit

CANARY = "Kq7Zp2Vt9Xw4Rb6Nm3Lc8Jd5"
PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAB\n-----END PRIVATE KEY-----\n"
_Standard = QKeySequence.StandardKey
# The off-screen platform says this of every window; it says nothing about the program.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(autouse=True)
def _empty_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def edit(qtbot: QtBot) -> SecretLineEdit:
    made = SecretLineEdit("Secret")
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    return made


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[SecretField]:
    """In a window beside another button, with the keyboard in the field."""
    window = QWidget()
    column = QVBoxLayout(window)
    made = SecretField("Secret")
    made.other = QPushButton("other")  # type: ignore[attr-defined]
    column.addWidget(made)
    column.addWidget(made.other)  # type: ignore[attr-defined]
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.edit.setFocus()
    yield made
    window.close()


def put_on_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def test_s11_typed_text_is_dots_for_eyes_and_for_screen_readers(edit: SecretLineEdit) -> None:
    QTest.keyClicks(edit, CANARY)
    assert edit.peek() == CANARY
    assert CANARY not in edit.displayText()
    interface = QAccessible.queryAccessibleInterface(edit)
    said = [interface.text(kind) for kind in QAccessible.Text]
    assert interface.text(QAccessible.Text.Name) == "Secret"
    assert CANARY not in "".join(said)
    text = interface.textInterface()
    assert text is None or CANARY not in text.text(0, len(CANARY))


@pytest.mark.parametrize(
    "query",
    [
        Qt.InputMethodQuery.ImSurroundingText,
        Qt.InputMethodQuery.ImTextBeforeCursor,
        Qt.InputMethodQuery.ImTextAfterCursor,
        Qt.InputMethodQuery.ImCurrentSelection,
    ],
)
def test_s11_the_input_method_is_told_nothing(
    edit: SecretLineEdit, query: Qt.InputMethodQuery
) -> None:
    edit.put(CANARY)
    edit.selectAll()
    assert edit.inputMethodQuery(query) == ""


def test_s11_no_prediction_and_no_dictionary(edit: SecretLineEdit) -> None:
    hints = edit.inputMethodHints()
    for hint in (
        Qt.InputMethodHint.ImhSensitiveData,
        Qt.InputMethodHint.ImhNoPredictiveText,
        Qt.InputMethodHint.ImhHiddenText,
    ):
        assert hints & hint


def test_s11_text_of_an_input_method_is_taken_like_typing(edit: SecretLineEdit) -> None:
    event = QInputMethodEvent()
    event.setCommitString("abc")
    QApplication.sendEvent(edit, event)
    assert edit.peek() == "abc"


@pytest.mark.parametrize("key", [_Standard.Undo, _Standard.Redo])
def test_ui08_nothing_returns_after_clearing(edit: SecretLineEdit, key: _Standard) -> None:
    QTest.keyClicks(edit, CANARY)
    edit.wipe()
    QTest.keySequence(edit, QKeySequence(key))
    edit.undo()
    edit.redo()
    assert edit.text() == ""
    assert not edit.isUndoAvailable()


def test_ui08_taking_the_text_leaves_nothing(edit: SecretLineEdit) -> None:
    edit.put(CANARY)
    assert edit.take() == CANARY
    assert (edit.peek(), edit.text()) == ("", "")
    edit.undo()
    assert edit.text() == ""


@pytest.mark.parametrize("key", [_Standard.Copy, _Standard.Cut])
def test_ui10_nothing_can_be_copied_out(edit: SecretLineEdit, key: _Standard) -> None:
    put_on_clipboard("before")
    edit.put(CANARY)
    edit.selectAll()
    QTest.keySequence(edit, QKeySequence(key))
    assert edit.peek() == CANARY
    edit.copy()
    edit.cut()
    assert QGuiApplication.clipboard().text() == "before"


def test_ui09_the_context_menu_offers_pasting_and_emptying_only(
    edit: SecretLineEdit, qtbot: QtBot
) -> None:
    edit.put(CANARY)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(edit, event)
    menu = edit.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["Paste", "Empty the field"]
    menu.actions()[1].trigger()
    assert edit.peek() == ""
    menu.close()


def test_ui09_nothing_can_be_dragged_out(edit: SecretLineEdit) -> None:
    assert not edit.dragEnabled()


def drop(edit: SecretLineEdit, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(1, 1),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    edit.dropEvent(event)


def test_ui09_text_can_be_dropped_in(edit: SecretLineEdit) -> None:
    data = QMimeData()
    data.setText(PEM)
    drop(edit, data)
    assert edit.peek() == PEM


def test_ui09_a_dropped_file_is_handed_on_and_its_path_is_no_text(
    edit: SecretLineEdit, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/etc/hostname"), QUrl("https://example.com/x")])
    with qtbot.waitSignal(edit.files_arrived) as arrived:
        drop(edit, data)
    assert arrived.args == [["/etc/hostname", ""]]
    assert edit.peek() == ""


def test_a_private_key_keeps_its_lines_and_shows_a_summary(edit: SecretLineEdit) -> None:
    put_on_clipboard(PEM)
    QTest.keySequence(edit, QKeySequence(_Standard.Paste))
    assert edit.peek() == PEM
    assert edit.text() == "Private key, 3 lines"
    assert edit.echoMode() is QLineEdit.EchoMode.Normal


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_deleting_a_summary_deletes_all_of_it(edit: SecretLineEdit, key: Qt.Key) -> None:
    edit.put(PEM)
    QTest.keyClick(edit, key)
    assert edit.peek() == ""
    QTest.keyClicks(edit, "typed")
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    assert edit.peek() == "typed"


def test_pasting_over_a_summary_replaces_it(edit: SecretLineEdit) -> None:
    edit.put(PEM)
    put_on_clipboard(CANARY)
    edit.paste()
    assert edit.peek() == CANARY
    assert edit.echoMode() is QLineEdit.EchoMode.Password


def test_pasting_replaces_what_cannot_be_seen(edit: SecretLineEdit) -> None:
    QTest.keyClicks(edit, "ab")
    put_on_clipboard("cd")
    edit.paste()
    assert edit.peek() == "cd"


def test_ui01_a_paste_of_a_megabyte_is_taken_at_once(edit: SecretLineEdit) -> None:
    put_on_clipboard("x" * 1_000_000)
    edit.hands_over = True
    heard: list[int] = []
    edit.pasted.connect(lambda text: heard.append(len(text)))
    edit.paste()
    assert heard == [1_000_000]
    assert edit.peek() == ""


def test_ui07_the_eye_shows_and_hides_without_giving_text_to_others(field: SecretField) -> None:
    field.edit.put(CANARY)
    field.eye.click()
    assert field.shown
    assert field.eye.text() == "Hide"
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password
    for widget in (field.panel, field.edit, field.eye):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert CANARY not in "".join(interface.text(kind) for kind in QAccessible.Text)
    field.eye.click()
    assert not field.shown


def test_ui07_the_eye_closes_after_ten_seconds(qtbot: QtBot) -> None:
    assert PEEK_MS == 10_000
    field = SecretField("Secret", peek_ms=30)
    qtbot.addWidget(field)
    field.show()
    field.edit.put(CANARY)
    field.eye.click()
    assert field.shown
    qtbot.waitUntil(lambda: not field.shown)


def test_ui07_the_eye_closes_when_the_keyboard_goes_elsewhere(
    field: SecretField, qtbot: QtBot
) -> None:
    field.edit.put(CANARY)
    field.eye.click()
    assert field.shown
    field.other.setFocus()  # type: ignore[attr-defined]
    assert not field.shown


def test_ui06_the_eye_closes_when_the_program_is_left(field: SecretField, qtbot: QtBot) -> None:
    field.edit.put(CANARY)
    field.eye.click()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert not field.shown


def test_typing_closes_the_eye(field: SecretField) -> None:
    field.edit.put(CANARY)
    field.eye.click()
    QTest.keyClicks(field.edit, "x")
    assert not field.shown


def test_the_eye_paints_what_is_in_the_field(field: SecretField) -> None:
    field.edit.put(PEM * 9)
    field.eye.click()
    shown = field.panel.grab().toImage()
    field.edit.put("short")
    field.eye.click()
    assert field.panel.grab().toImage() != shown


def test_there_is_nothing_to_look_at_in_an_empty_field(field: SecretField) -> None:
    assert not field.eye.isEnabled()
    field.edit.put("x")
    assert field.eye.isEnabled()
    field.wipe()
    assert not field.eye.isEnabled()


def test_events_of_every_kind_leave_no_text_behind_after_wiping(
    edit: SecretLineEdit, qtbot: QtBot
) -> None:
    edit.put(CANARY)
    edit.wipe()
    for kind in (QEvent.Type.FocusOut, QEvent.Type.LanguageChange, QEvent.Type.StyleChange):
        QApplication.sendEvent(edit, QEvent(kind))
    assert CANARY not in f"{edit.text()}{edit.displayText()}{edit.selectedText()}"
