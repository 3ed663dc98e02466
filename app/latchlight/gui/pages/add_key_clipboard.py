"""The offer to clear the clipboard once a secret was pasted from it."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.plain_label import PlainLabel


class ClipboardOffer(QWidget):
    """After a secret was pasted: clear the clipboard, but only if it still holds just that."""

    def __init__(self) -> None:
        super().__init__()
        self._salt = secrets.token_bytes(16)
        self._digest = b""
        self.clear_it = button(say("Clear the clipboard"), self._clear, kind="quiet")
        self.said = PlainLabel(
            say("What you pasted is still in the clipboard."), TextRole.SMALL, ink="muted"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.said, 1)
        row.addWidget(self.clear_it)
        self.hide()

    def offer(self, text: str) -> None:
        """Text was pasted. Only a keyed hash of it is remembered."""
        self._digest = self._hash(text)
        self._show_if_there()

    def _show_if_there(self) -> None:
        there = self._still_there()
        self.setVisible(there)
        if there:
            self.said.setText(say("What you pasted is still in the clipboard."))
            self.clear_it.show()

    def take_over(self, other: ClipboardOffer) -> None:
        """Go on offering what `other` offered, which then has nothing to offer any more."""
        self._salt, self._digest = other._salt, other._digest
        other.forget()
        self._show_if_there()

    def forget(self) -> None:
        """Nothing to offer any more."""
        self._digest = b""
        self.hide()

    def _hash(self, text: str) -> bytes:
        return hmac.digest(self._salt, text.encode("utf-8", "replace"), hashlib.sha256)

    def _still_there(self) -> bool:
        there = self._hash(QGuiApplication.clipboard().text())
        return bool(self._digest) and hmac.compare_digest(there, self._digest)

    def _clear(self) -> None:
        if self._still_there():
            QGuiApplication.clipboard().clear()
            self.said.setText(say("The clipboard is empty now."))
        else:
            self.said.setText(say("The clipboard holds something else by now: left as it is."))
        self._digest = b""
        self.clear_it.hide()
