"""A secret line edit with its eye: a look at what was pasted, for ten seconds at most."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.peek_panel import PeekPanel
from latchlight.gui.widgets.secret_line_edit import SecretLineEdit

PEEK_MS = 10_000


class SecretField(QWidget):
    """The line edit, the button to look, and the panel that shows what is in it."""

    changed = Signal()
    """Somebody typed or emptied the field."""

    def __init__(self, name: str, parent: QWidget | None = None, peek_ms: int = PEEK_MS) -> None:
        super().__init__(parent)
        self.edit = SecretLineEdit(name)
        self.eye: QPushButton = button(
            say("Show"), self._toggle, name=say("Show {field} for ten seconds", field=name)
        )
        self.panel = PeekPanel()
        self._timer = QTimer(self, singleShot=True, interval=peek_ms)
        self._timer.timeout.connect(self.hide_text)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.edit, 1)
        row.addWidget(self.eye)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(row)
        column.addWidget(self.panel)
        self.setAccessibleName(tr(name))
        self.edit.textChanged.connect(self._text_changed)
        self.edit.textEdited.connect(self._text_edited)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
            app.applicationStateChanged.connect(self._state_changed)
        self._text_changed()

    @property
    def shown(self) -> bool:
        """Whether the text can be read on the screen now."""
        return not self.panel.isHidden()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """To the field inside. A focus proxy would lead Tab back to it from further down: a trap."""
        self.edit.setFocus(reason)

    def hide_text(self) -> None:
        """Back to dots."""
        self._timer.stop()
        self.panel.show_text("")
        self.eye.setText(tr(say("Show")))

    def wipe(self) -> None:
        """Forget everything."""
        self.hide_text()
        self.edit.wipe()

    def _toggle(self) -> None:
        if self.shown:
            self.hide_text()
            return
        self.eye.setFocus(Qt.FocusReason.OtherFocusReason)
        self.panel.show_text(self.edit.peek())
        self.eye.setText(tr(say("Hide")))
        self._timer.start()

    def _text_changed(self, _: str = "") -> None:
        self.hide_text()
        self.eye.setEnabled(bool(self.edit.text()))

    def _text_edited(self, _: str) -> None:
        self.changed.emit()

    def _focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if self.shown and now not in (self.edit, self.eye):
            self.hide_text()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive:
            self.hide_text()
