"""The only label of the program: shows text as text, whatever it contains."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from latchlight.gui import theme
from latchlight.gui.theme import TextRole
from latchlight.gui.tongue import tr


class PlainLabel(QLabel):
    """Plain text at one step of the type scale; wraps, and can be selected with the mouse if asked.

    `ink` is "", "muted", "link", "practice" or "problem".
    """

    def __init__(
        self,
        text: str = "",
        role: TextRole = TextRole.BODY,
        *,
        ink: str = "",
        selectable: bool = False,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if ink:
            self.setProperty("ink", ink)
        if role is not TextRole.BODY:
            self.setFont(theme.font(role))
        self.setText(text)

    def setText(self, text: str) -> None:
        """A sentence of ours in the language in force; any other text as it is."""
        super().setText(tr(text))

    def setAccessibleName(self, name: str) -> None:
        """Likewise."""
        super().setAccessibleName(tr(name))

    def restyle(self) -> None:
        """Take the font of its role again: called by the theme when fonts or colours changed.

        Not an override of an event: those would wait for the interpreter at every painting.
        """
        if self._role is not TextRole.BODY:
            self.setFont(theme.font(self._role))
