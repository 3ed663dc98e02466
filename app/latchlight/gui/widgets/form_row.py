"""One question of a form: its name, the input, a hint, and what is said about the answer."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.sentences import series
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.plain_label import PlainLabel


class FormRow(QWidget):
    """Stacks name, input, hint and messages. An error is also told to screen readers."""

    def __init__(
        self, name: str, field: QWidget, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._hint_text = hint
        self._name = PlainLabel(name, TextRole.STRONG)
        self._name.setBuddy(field)
        self._hint = PlainLabel(hint, TextRole.SMALL, ink="muted")
        self._note = PlainLabel("", TextRole.SMALL)
        self._error = PlainLabel("", TextRole.SMALL, ink="problem")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for widget in (self._name, field, self._hint, self._note, self._error):
            column.addWidget(widget)
        if not field.accessibleName():
            field.setAccessibleName(tr(name))
        self.clear()

    @property
    def error(self) -> str:
        """The error that is shown, or nothing."""
        return self._error.text()

    @property
    def note(self) -> str:
        """What is told beside errors, or nothing."""
        return self._note.text()

    def clear(self) -> None:
        """Say nothing but the hint."""
        self.show_note(())
        self.show_error("")

    def show_hint(self, hint: str) -> None:
        """Another hint, for another choice elsewhere in the form."""
        self._hint_text = hint
        self._hint.setText(hint)
        self._refresh()

    def show_note(self, sentences: Iterable[str]) -> None:
        """Tell what was mended or looks unusual."""
        text = series(sentences, " ")
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._refresh()

    def show_error(self, text: str) -> None:
        """Say in words what is wrong here."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self._refresh()

    def _refresh(self) -> None:
        """The hint steps aside for what is more urgent; screen readers hear the same."""
        said = series((text for text in (self.error, self.note) if text), " ")
        self._hint.setVisible(bool(self._hint_text) and not said)
        self.field.setAccessibleDescription(tr(said or self._hint_text))
