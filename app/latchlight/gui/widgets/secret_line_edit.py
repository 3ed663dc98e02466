"""A field for one secret: dots only, no way back after clearing, nothing for others to read."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from latchlight.core.pem import line_count
from latchlight.core.sentences import Sentence, say
from latchlight.gui.tongue import tr

_HINTS = (
    Qt.InputMethodHint.ImhHiddenText
    | Qt.InputMethodHint.ImhSensitiveData
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhNoAutoUppercase
)
_Query = Qt.InputMethodQuery
# Qt hands the plain text of a password field to the input method for these (measured, 6.11.3).
_TEXT_QUERIES = frozenset(
    (
        _Query.ImSurroundingText,
        _Query.ImTextBeforeCursor,
        _Query.ImTextAfterCursor,
        _Query.ImCurrentSelection,
    )
)
_Standard = QKeySequence.StandardKey
_REFUSED_KEYS = (_Standard.Copy, _Standard.Cut, _Standard.Undo, _Standard.Redo)


class SecretLineEdit(QLineEdit):
    """Takes one secret. Text of several lines is kept beside the field, which then shows a summary."""

    pasted = Signal(str)
    """Text arrived as a whole by pasting or dropping. Unless `hands_over` is set it is taken in first."""
    files_arrived = Signal(list)
    """Paths of files that were pasted or dropped; "" for what is no file of this computer."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: str | None = None
        self.hands_over = False
        """True: the owner takes in what was pasted."""
        self.setAccessibleName(tr(name))
        self.setDragEnabled(False)
        self._show_dots()

    def peek(self) -> str:
        """The text as it is, for reading it now; it stays in the field."""
        return self.text() if self._lines is None else self._lines

    def take(self) -> str:
        """The text; the field forgets it."""
        text = self.peek()
        self.wipe()
        return text

    def put(self, text: str) -> None:
        """Show dots for one line, a summary for several."""
        self.wipe()
        if "\n" not in text.strip("\r\n"):
            self.setText(text)
            self.setCursorPosition(0)
            return
        self._lines = text
        self.setReadOnly(True)
        self.setEchoMode(QLineEdit.EchoMode.Normal)
        self.setText(tr(_summary(text)))
        self.setCursorPosition(0)

    def wipe(self) -> None:
        """Forget everything, the history of undo included: `clear()` would keep it."""
        self._lines = None
        self.setReadOnly(False)
        self.setText("")
        self._show_dots()

    @property
    def summarised(self) -> bool:
        """Whether a summary stands for text of several lines."""
        return self._lines is not None

    def _show_dots(self) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(_HINTS)

    # Arriving ------------------------------------------------------------------------------

    def paste(self) -> None:
        """Take in the clipboard."""
        self._paste_from(QClipboard.Mode.Clipboard)

    def _paste_from(self, mode: QClipboard.Mode) -> None:
        self._arrive(QGuiApplication.clipboard().mimeData(mode))

    def _arrive(self, data: QMimeData | None) -> None:
        if data is None or not self.isEnabled():
            return
        if data.hasUrls():
            self.files_arrived.emit([url.toLocalFile() for url in data.urls()])
        elif data.hasText() and data.text():
            self._take_in(data.text())

    def _take_in(self, text: str) -> None:
        """What is pasted replaces what is there: a secret under dots cannot be edited by eye."""
        if not self.hands_over:
            self.put(text)
        self.pasted.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No copying, no cutting, no way back. Deleting a summary deletes all of it."""
        if any(event.matches(key) for key in _REFUSED_KEYS):
            event.accept()
        elif event.matches(_Standard.Paste):
            self.paste()
        elif self.summarised and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.wipe()
            self.textEdited.emit("")
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The middle button pastes the selection where the system has that."""
        if event.button() is not Qt.MouseButton.MiddleButton:
            super().mouseReleaseEvent(event)
        elif QGuiApplication.clipboard().supportsSelection():
            self._paste_from(QClipboard.Mode.Selection)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Text may come in."""
        if event.mimeData().hasText() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Like pasting."""
        self._arrive(event.mimeData())
        event.acceptProposedAction()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Pasting and emptying, nothing that takes the secret out."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr(say("Paste")), self.paste)
        menu.addAction(tr(say("Empty the field")), self._empty)
        menu.popup(event.globalPos())

    def _empty(self) -> None:
        self.wipe()
        self.textEdited.emit("")

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: object = None) -> object:
        """Nothing of the text for the input method, whose dictionary could keep it."""
        if query in _TEXT_QUERIES:
            return ""
        return super().inputMethodQuery(query)


def _summary(text: str) -> Sentence:
    lines = line_count(text)
    if "PRIVATE KEY" in text:
        return say("Private key, {lines} lines", lines=lines)
    return say("Text of {lines} lines", lines=lines)
