"""The form for a new key: which exchange, what was pasted, and what the key is for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import count, pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from latchlight.core.errors import InputError
from latchlight.core.profile import clean_label, label_skeleton
from latchlight.core.purpose import Intent
from latchlight.core.sentences import say
from latchlight.exchanges.intake import Note, clean_field, refuse_address, spread
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.gui.add_key_work import Draft
from latchlight.gui.pages.add_key_clipboard import ClipboardOffer
from latchlight.gui.pages.add_key_practice import PracticeBox
from latchlight.gui.theme import GRID
from latchlight.gui.widgets.choice import Choice
from latchlight.gui.widgets.form_row import FormRow
from latchlight.gui.widgets.intent_form import IntentForm
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.secret_field import SecretField
from latchlight.gui.widgets.section import Section

if TYPE_CHECKING:
    from latchlight.practice.keys import PracticeKey


class AddKeyForm(PageColumn):
    """Everything the user fills in. `draft()` reads it once all of it makes sense."""

    submitted = Signal()
    """Enter was pressed in a field."""

    def __init__(
        self,
        exchanges: Mapping[str, ExchangeSpec],
        *,
        practice: bool = False,
        public_ip: str = "",
        taken: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`taken`: labels in the list, saved or not. A new key cannot have one that looks like them."""
        super().__init__(parent)
        self._taken = {label_skeleton(label): label for label in taken}
        self._exchanges = exchanges
        self._secrets: dict[str, SecretField] = {}
        self._rows: dict[str, FormRow] = {}
        self.exchange = Choice[str](
            say("Exchange"), [(spec.id, spec.name) for spec in exchanges.values()]
        )
        self.host = Choice[str](say("Site"), [])
        self.label = QLineEdit()
        self.label.setPlaceholderText(say("For example: Grid bot at home"))
        self.message = PlainLabel("", ink="problem")
        self.message.hide()
        self.intent_form = IntentForm(public_ip=public_ip, practice=practice)
        self.clipboard = ClipboardOffer()
        self._fields = QVBoxLayout()
        self._fields.setSpacing(GRID * 3 // 2)
        self._practice_box = PracticeBox(self.fill_in) if practice else None
        self._build()
        self.exchange.currentIndexChanged.connect(self._exchange_chosen)
        self.label.returnPressed.connect(self.submitted)
        self.intent_form.addresses.returnPressed.connect(self.submitted)
        self.label.textEdited.connect(self._label_edited)
        self._exchange_chosen()

    def _build(self) -> None:
        key = Section(
            say("The key"), say("Copy it from the exchange's API page and paste it here.")
        )
        self._host_row = FormRow(say("Site"), self.host)
        self._rows["label"] = FormRow(
            say("Label"), self.label, say("Your own words for this key. They are not secret.")
        )
        key.add(FormRow(say("Exchange"), self.exchange), self._host_row, self._rows["label"])
        key.add_row(self._fields)
        key.add(self.clipboard)
        use = Section(say("What it is for"), say("Latchlight compares the key's rights with this."))
        use.add(self.intent_form)
        self._rows["addresses"] = self.intent_form.address_row
        if self._practice_box is not None:
            self.add(self._practice_box)
        self.add(self.message, key, use)
        self.close_column()

    # Reading -------------------------------------------------------------------------------

    @property
    def spec(self) -> ExchangeSpec:
        """The chosen exchange."""
        return self._exchanges[self.exchange.value]

    def draft(self) -> Draft | None:
        """What was filled in, or None after saying what is wrong, all of it at once."""
        before = {name: row.error for name, row in self._rows.items()}
        self.clear_messages()
        texts = {name: field.edit.peek() for name, field in self._secrets.items()}
        sound = [self._label_is_sound(), *(self._is_sound(n, before[n]) for n in texts)]
        intent = self._intent()
        if intent is None or not all(sound):
            self._focus_first_error()
            return None
        return Draft(self.label.text(), self.spec, self.host.value, intent, texts)

    def _label_is_sound(self) -> bool:
        try:
            label = clean_label(self.label.text())
            self._refuse_taken(label)
        except InputError as problem:
            self._rows["label"].show_error(str(problem))
            return False
        return True

    def _refuse_taken(self, label: str) -> None:
        there = self._taken.get(label_skeleton(label))
        if there is not None:
            raise InputError(
                say("There is already a key with the label “{label}”.", label=there),
                say("Choose another label."),
                "label",
            )

    def _is_sound(self, name: str, said_before: str) -> bool:
        """Why a paste was refused says more than that the field is empty since then."""
        text = self._secrets[name].edit.peek()
        try:
            clean_field(self.spec, name, text)
        except InputError as problem:
            self._rows[name].show_error(str(problem) if text else said_before or str(problem))
            return False
        return True

    def _intent(self) -> Intent | None:
        try:
            return self.intent_form.intent()
        except InputError:
            return None

    @property
    def holds_secrets(self) -> bool:
        """Whether something would be lost by closing."""
        return any(field.edit.peek() for field in self._secrets.values())

    # Telling -------------------------------------------------------------------------------

    def row(self, name: str) -> FormRow:
        """The row of `label`, `api_key`, `secret`, `passphrase` or `addresses`."""
        return self._rows[name]

    def secret(self, name: str) -> SecretField:
        """The field of `api_key`, `secret` or `passphrase`."""
        return self._secrets[name]

    def show_problem(self, text: str, field: str = "") -> None:
        """Say it under its field, or on top where it belongs to none."""
        if field in self._rows:
            self._rows[field].show_error(text)
            self._focus_first_error()
            return
        self.message.setText(text)
        self.message.show()
        self.ensureWidgetVisible(self.message)

    def clear_messages(self) -> None:
        """Say nothing more about an earlier try."""
        self.message.hide()
        for row in self._rows.values():
            row.show_error("")

    def _focus_first_error(self) -> None:
        for row in self._rows.values():
            if row.error:
                row.field.setFocus()
                # After the layout has made room for the words.
                QTimer.singleShot(0, row, partial(self.ensureWidgetVisible, row, 0, GRID * 2))
                return

    def wipe(self) -> None:
        """Forget every secret."""
        for field in self._secrets.values():
            field.wipe()

    def empty(self) -> None:
        """Ready for another key."""
        self.wipe()
        self.clipboard.forget()
        self.label.clear()
        for row in self._rows.values():
            row.clear()
        self.label.setFocus()

    # Exchange and its fields ---------------------------------------------------------------

    def _exchange_chosen(self, *_: object) -> None:
        spec = self.spec
        self.host.offer([(host.name, f"{host.title} ({host.name})") for host in spec.hosts])
        self._host_row.setVisible(len(spec.hosts) > 1)
        wanted = {field.name: field for field in spec.fields}
        for name in [name for name in self._secrets if name not in wanted]:
            self._remove_field(name)
        for field in spec.fields:
            if field.name in self._secrets:
                self._remove_field(field.name)
            self._add_field(field.name, field.label, field.hint)
        self.intent_form.speak_of(spec)
        self._order_keyboard()

    def _order_keyboard(self) -> None:
        """Tab follows the eye, although the fields of an exchange are made last."""
        secrets_in_order = [w for f in self._secrets.values() for w in (f.edit, f.eye)]
        use = self.intent_form
        before = [self.exchange, self.host, self.label, *secrets_in_order, self.clipboard.clear_it]
        for one, following in pairwise((*before, use.purpose, use.setup, use.addresses)):
            self.setTabOrder(one, following)

    def _remove_field(self, name: str) -> None:
        self._secrets.pop(name).wipe()
        row = self._rows.pop(name)
        self._fields.removeWidget(row)
        row.deleteLater()

    def _add_field(self, name: str, label: str, hint: str) -> None:
        field = SecretField(label)
        field.edit.hands_over = True
        field.edit.pasted.connect(partial(self._pasted, name))
        field.edit.refused.connect(partial(self._refused, name))
        field.edit.returnPressed.connect(self.submitted)
        field.changed.connect(partial(self._typed, name))
        self._secrets[name] = field
        self._rows[name] = FormRow(label, field, hint)
        self._fields.addWidget(self._rows[name])

    # Pasting -------------------------------------------------------------------------------

    def _pasted(self, name: str, text: str) -> None:
        """Mend it at once and tell; a paste that holds everything fills all fields."""
        self.clipboard.offer(text)
        texts = {other: f.edit.peek() for other, f in self._secrets.items()} | {name: text}
        try:
            parts, notes = spread(self.spec, texts)
        except InputError as problem:
            self._rows[name].show_error(str(problem))
            return
        if not notes:
            self._take_in(name, text, ())
            return
        for other, part in parts.items():
            if part:
                self._take_in(other, part, notes)

    def _take_in(self, name: str, text: str, notes: Sequence[Note]) -> None:
        row, edit = self._rows[name], self._secrets[name].edit
        row.clear()
        try:
            cleaned = clean_field(self.spec, name, text)
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
        self._rows["api_key"].show_note(
            [say("That was the private key: it is in the field below now. The API key is shorter.")]
        )

    def _refused(self, name: str, sentence: str) -> None:
        self._rows[name].show_error(sentence)

    def _typed(self, name: str) -> None:
        self._rows[name].clear()
        try:
            refuse_address(self._secrets[name].edit.peek(), name)
        except InputError as problem:
            self._rows[name].show_error(str(problem))

    def _label_edited(self, _: str) -> None:
        self._rows["label"].clear()

    # Practice ------------------------------------------------------------------------------

    def offer_practice_keys(self, keys: Sequence[PracticeKey]) -> None:
        """Offer to fill in one of these. Only in practice."""
        if self._practice_box is not None:
            self._practice_box.offer(keys)

    def fill_in(self, key: PracticeKey) -> None:
        """Fill in a practice key as if it had been pasted."""
        self.exchange.choose(key.exchange)
        self.host.choose(key.base_url.removeprefix("https://").rstrip("/"))
        self.label.setText(self._free_label(key.name))
        given = {"api_key": key.api_key, "secret": key.secret, "passphrase": key.passphrase}
        for name, field in self._secrets.items():
            field.edit.put(given[name] or "")
            self._rows[name].clear()
        self.intent_form.show_intent(Intent(purpose=key.purpose))

    def _free_label(self, wanted: str) -> str:
        """The practice keys themselves are in the list already: a copy is numbered."""
        if label_skeleton(wanted) not in self._taken:
            return wanted
        numbered = (f"{wanted} {number}" for number in count(2))
        return next(label for label in numbered if label_skeleton(label) not in self._taken)
