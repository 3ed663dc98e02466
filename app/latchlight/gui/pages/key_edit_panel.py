"""Name, purpose and set-up of a stored key; the secret itself is never shown or changed here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from latchlight.core.errors import InputError
from latchlight.core.limits import LIMITS
from latchlight.core.profile import clean_label
from latchlight.core.purpose import Intent
from latchlight.core.sentences import say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.form_row import FormRow
from latchlight.gui.widgets.intent_form import IntentForm
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow


class KeyEditPanel(Panel):
    """`on_save(label, intent)` is called with values that make sense."""

    def __init__(
        self,
        row: KeyRow,
        public_ip: str,
        on_save: Callable[[str, Intent], None],
        on_close: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._on_save = on_save
        self._label = QLineEdit(row.request.label)
        self._label.setMaxLength(LIMITS.label_characters)
        self._label_row = FormRow(say("Label"), self._label)
        self._intent = IntentForm(public_ip=public_ip, practice=row.practice)
        self._intent.speak_of(row.request.exchange)
        self._intent.show_intent(row.request.intent)
        self.column.setSpacing(GRID * 3 // 2)
        self.column.addWidget(PlainLabel(say("Edit this key"), TextRole.STRONG))
        self.column.addWidget(self._label_row)
        self.column.addWidget(self._intent)
        save = button(say("Save"), self._save, kind="primary")
        self.column.addWidget(TurningRow(save, button(say("Cancel"), on_close)))
        self.setFocusProxy(self._label)

    def _save(self) -> None:
        try:
            label = clean_label(self._label.text())
        except InputError as problem:
            self._label_row.show_error(str(problem))
            return
        self._label_row.clear()
        try:
            intent = self._intent.intent()
        except InputError:
            return  # the form has said it where it belongs
        self._on_save(label, intent)
