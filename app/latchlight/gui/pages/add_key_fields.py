"""What is pasted, typed or dropped: one field for each thing that the exchange's page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.credentials import KeyKind
from latchlight.core.errors import InputError
from latchlight.core.pasted import take_apart
from latchlight.core.sentences import say
from latchlight.exchanges.intake import Note, clean_field, refuse_address, spread
from latchlight.exchanges.shapes import recognise
from latchlight.exchanges.spec import CredentialField, ExchangeSpec
from latchlight.gui.key_file import KeyFile
from latchlight.gui.pages.add_key_clipboard import ClipboardOffer
from latchlight.gui.pages.add_key_file import KeyFileRow
from latchlight.gui.pages.add_key_likeness import LikenessOffer
from latchlight.gui.theme import GRID
from latchlight.gui.widgets.form_row import FormRow
from latchlight.gui.widgets.secret_field import SecretField


class KeyFields(QWidget):
    """The fields of one exchange at a time. What arrives is mended at once, and told."""

    submitted = Signal()
    """Enter was pressed in a field."""
    files_arrived = Signal(list)
    """Paths of files that were dropped or pasted into a field; "" for what is no file here."""
    file_wanted = Signal()
    """The user wants to choose a key file."""
    rebuilt = Signal()
    """There are other fields now."""

    def __init__(self, exchanges: Mapping[str, ExchangeSpec]) -> None:
        super().__init__()
        self._spec = next(iter(exchanges.values()))
        self._secrets: dict[str, SecretField] = {}
        self._given: dict[str, str] = {}
        """As it was pasted, while another exchange is offered that may read it differently."""
        self._file = ""
        self.rows: dict[str, FormRow] = {}
        self.likeness = LikenessOffer(exchanges)
        self.file_row = KeyFileRow(self.file_wanted.emit)
        self.clipboard = ClipboardOffer()
        self._column = QVBoxLayout()
        self._column.setSpacing(GRID * 3 // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID * 3 // 2)
        column.addLayout(self._column)
        for widget in (self.likeness, self.file_row, self.clipboard):
            column.addWidget(widget)

    # Fields --------------------------------------------------------------------------------

    def show_fields(self, spec: ExchangeSpec) -> None:
        """Empty fields for this exchange."""
        self._spec = spec
        self._file = ""
        self._forget_given()
        self.file_row.show_taken("")
        for name in list(self._secrets):
            self._remove_field(name)
        for field in spec.fields:
            self._add_field(field)
        self.file_row.setVisible(any(kind is not KeyKind.HMAC for kind in spec.kinds))
        self.rebuilt.emit()

    def _remove_field(self, name: str) -> None:
        self._secrets.pop(name).wipe()
        row = self.rows.pop(name)
        self._column.removeWidget(row)
        row.deleteLater()

    def _add_field(self, wanted: CredentialField) -> None:
        name = wanted.name
        field = SecretField(wanted.label)
        field.edit.hands_over = True
        field.edit.pasted.connect(partial(self._pasted, name))
        field.edit.files_arrived.connect(self.files_arrived)
        field.edit.returnPressed.connect(self.submitted)
        field.changed.connect(partial(self._typed, name))
        self._secrets[name] = field
        self.rows[name] = FormRow(wanted.label, field, wanted.hint)
        self._column.addWidget(self.rows[name])

    def field(self, name: str) -> SecretField:
        """The field of `api_key`, `secret` or `passphrase`."""
        return self._secrets[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of this exchange, from top to bottom."""
        return tuple(self._secrets)

    def keyboard_order(self) -> list[QWidget]:
        """What Tab reaches here, from top to bottom."""
        fields = [w for field in self._secrets.values() for w in (field.edit, field.eye)]
        return [*fields, *self.likeness.buttons, self.file_row.choose, self.clipboard.clear_it]

    # Texts ---------------------------------------------------------------------------------

    def texts(self) -> dict[str, str]:
        """What is in the fields."""
        return {name: field.edit.peek() for name, field in self._secrets.items()}

    def as_given(self) -> dict[str, str]:
        """The same as it was pasted, as far as that is still known."""
        return {**self.texts(), **self._given}

    @property
    def file(self) -> str:
        """The name of the key file that arrived last, if that is where it came from."""
        return self._file

    @property
    def holds_secrets(self) -> bool:
        """Whether something would be lost by closing."""
        return any(self.as_given().values())

    def wipe(self) -> None:
        """Forget every secret."""
        self._forget_given()
        for field in self._secrets.values():
            field.wipe()

    def put(self, texts: Mapping[str, str]) -> None:
        """Fill in texts that need no mending; the other fields are emptied."""
        self._forget_given()
        for name, field in self._secrets.items():
            field.edit.put(texts.get(name, ""))
            self.rows[name].clear()

    def _forget_given(self) -> None:
        self._given.clear()
        self.likeness.show_found((), self._spec.id)

    # Arriving ------------------------------------------------------------------------------

    def take(self, texts: Mapping[str, str], file: str = "") -> None:
        """Fill in texts as they were pasted; parts that belong apart are taken apart.

        `file`: the name of the key file they are from, if any.
        """
        self._file = file
        texts = {name: texts.get(name, "") for name in self._secrets}
        try:
            parts, notes = spread(self._spec, texts)
        except InputError as problem:
            self.rows[problem.field].show_error(str(problem))
            return
        for name, part in parts.items():
            if part:
                self._take_in(name, part, notes)
        sound = not any(row.error for row in self.rows.values())
        self.file_row.show_taken(file if sound else "")

    def take_file(self, file: KeyFile) -> None:
        """Fill in a key file. One that holds everything replaces everything."""
        others = {} if take_apart(file.text) is not None else self.texts()
        self.wipe()
        self._given["secret"] = file.text
        self.take({**others, "secret": file.text}, file.name)
        self._compare()

    def _pasted(self, name: str, text: str) -> None:
        """Mend it at once and tell; a paste that holds everything fills all fields."""
        self.clipboard.offer(text)
        self._given[name] = text
        try:
            parts, notes = spread(self._spec, {**self.texts(), name: text})
        except InputError as problem:
            self.rows[name].show_error(str(problem))
            return
        arrived = parts if notes else {name: text}
        for other, part in arrived.items():
            if part or not notes:
                self._take_in(other, part, notes)
        self._compare()

    def _take_in(self, name: str, text: str, notes: Sequence[Note]) -> None:
        row, edit = self.rows[name], self._secrets[name].edit
        row.clear()
        try:
            cleaned = clean_field(self._spec, name, text)
        except InputError as problem:
            edit.wipe()
            row.show_error(str(problem))
            return
        if cleaned.is_pem and name == "api_key" and not self._secrets["secret"].edit.peek():
            self._move_private_key(cleaned.text)
            return
        edit.put(cleaned.text)
        row.show_note([*(note.text for note in notes), *cleaned.repairs])

    def _move_private_key(self, text: str) -> None:
        self._secrets["api_key"].wipe()
        self._take_in("secret", text, [Note("", say("This private key was moved here."))])
        self.rows["api_key"].show_note(
            [say("That was the private key: it is in the field below now. The API key is shorter.")]
        )

    def _typed(self, name: str) -> None:
        self._given.pop(name, None)
        self.rows[name].clear()
        try:
            refuse_address(self._secrets[name].edit.peek(), name)
        except InputError as problem:
            self.rows[name].show_error(str(problem))
        self._compare()

    def _compare(self) -> None:
        """Does it look like a key of the chosen exchange?"""
        there = {name: text or self._given.get(name, "") for name, text in self.texts().items()}
        self.likeness.show_found(recognise(there), self._spec.id)
        if self.likeness.isHidden():
            self._given.clear()
        self.rebuilt.emit()
