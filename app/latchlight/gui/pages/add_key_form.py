"""The form for a new key: which exchange, what was pasted, and what the key is for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import count, pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from latchlight.core.errors import InputError
from latchlight.core.limits import LIMITS
from latchlight.core.profile import clean_label, label_skeleton
from latchlight.core.purpose import Intent
from latchlight.core.sentences import say
from latchlight.exchanges.intake import clean_field
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.gui.add_key_work import Draft
from latchlight.gui.pages.add_key_fields import KeyFields
from latchlight.gui.pages.add_key_practice import PracticeBox
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.choice import Choice
from latchlight.gui.widgets.form_row import FormRow
from latchlight.gui.widgets.intent_form import IntentForm
from latchlight.gui.widgets.other_sites import place
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
        self._rows: dict[str, FormRow] = {}
        self.fields = KeyFields(exchanges)
        self.clipboard = self.fields.clipboard
        self.exchange = Choice[str](
            say("Exchange"), [(spec.id, spec.name) for spec in exchanges.values()]
        )
        self.host = Choice[str](say("Site"), [])
        self.label = QLineEdit()
        self.label.setPlaceholderText(tr(say("For example: Grid bot at home")))
        self.label.setAcceptDrops(False)  # a dropped key file is for the window, its path is not
        self.message = PlainLabel("", ink="problem")
        self.message.hide()
        self.intent_form = IntentForm(public_ip=public_ip, practice=practice)
        self._practice_box = PracticeBox(self.fill_in) if practice else None
        self._build()
        self.exchange.currentIndexChanged.connect(self._exchange_chosen)
        self.host.currentIndexChanged.connect(self._host_chosen)
        self.fields.submitted.connect(self.submitted)
        self.fields.rebuilt.connect(self._order_keyboard)
        self.fields.likeness.chosen.connect(self._use_exchange)
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
        key.add(self.fields)
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
        before = {name: row.error for name, row in self._all_rows().items()}
        self.clear_messages()
        texts = self.fields.texts()
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
        text = self.fields.field(name).edit.peek()
        try:
            clean_field(self.spec, name, text)
        except InputError as problem:
            self.row(name).show_error(str(problem) if text else said_before or str(problem))
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
        return self.fields.holds_secrets

    # Telling -------------------------------------------------------------------------------

    def row(self, name: str) -> FormRow:
        """The row of `label`, `api_key`, `secret`, `passphrase` or `addresses`."""
        return self._all_rows()[name]

    def _all_rows(self) -> dict[str, FormRow]:
        """From top to bottom."""
        return {
            "label": self._rows["label"],
            **self.fields.rows,
            "addresses": self._rows["addresses"],
        }

    def secret(self, name: str) -> SecretField:
        """The field of `api_key`, `secret` or `passphrase`."""
        return self.fields.field(name)

    def show_problem(self, text: str, field: str = "") -> None:
        """Say it under its field, or on top where it belongs to none."""
        rows = self._all_rows()
        if field in rows:
            rows[field].show_error(text)
            self._focus_first_error()
            return
        self.message.setText(text)
        self.message.show()
        self.ensureWidgetVisible(self.message)

    def show_file_problem(self, text: str) -> None:
        """A key file was not taken: said where it came in."""
        row = self.fields.file_row
        if row.isHidden():
            self.show_problem(text)
        else:
            row.show_error(text)
            QTimer.singleShot(0, row, partial(self.ensureWidgetVisible, row, 0, GRID * 2))

    def clear_messages(self) -> None:
        """Say nothing more about an earlier try."""
        self.message.hide()
        for row in self._all_rows().values():
            row.show_error("")

    def _focus_first_error(self) -> None:
        for row in self._all_rows().values():
            if row.error:
                row.field.setFocus()
                # After the layout has made room for the words.
                QTimer.singleShot(0, row, partial(self.ensureWidgetVisible, row, 0, GRID * 2))
                return

    def wipe(self) -> None:
        """Forget every secret."""
        self.fields.wipe()

    def empty(self) -> None:
        """Ready for another key."""
        self.wipe()
        self.clipboard.forget()
        self.fields.file_row.show_taken("")
        self.label.clear()
        for row in self._all_rows().values():
            row.clear()
        self.label.setFocus()

    # Exchange and its fields ---------------------------------------------------------------

    def _exchange_chosen(self, *_: object) -> None:
        spec = self.spec
        self.host.offer([(host.name, place(host)) for host in spec.hosts])
        self._host_row.setVisible(len(spec.hosts) > 1)
        self.intent_form.speak_of(spec)
        self.fields.show_fields(spec)

    def _host_chosen(self, *_: object) -> None:
        """What cannot be told at this site, before anybody makes a key for it."""
        host = self.spec.host(self.host.value)
        limits = host.limits if host is not None else None
        self._host_row.show_hint(limits or "")

    def _use_exchange(self, exchange: str) -> None:
        """What was pasted looks like a key from there, and the user said yes."""
        given, file = self.fields.as_given(), self.fields.file
        self.exchange.choose(exchange)
        self.fields.take(given, file)
        texts = self.fields.texts()
        empty = next((name for name in texts if not texts[name]), "")
        (self.fields.field(empty).edit if empty else self.label).setFocus()

    def _order_keyboard(self) -> None:
        """Tab follows the eye, although the fields of an exchange are made last."""
        use = self.intent_form
        before = [self.exchange, self.host, self.label, *self.fields.keyboard_order()]
        for one, following in pairwise((*before, use.purpose, use.setup, use.addresses)):
            self.setTabOrder(one, following)

    def _label_edited(self, _: str) -> None:
        self._rows["label"].clear()

    def begin_like(self, exchange: str, host: str, label: str, intent: Intent) -> None:
        """A key that is to replace another: everything but the key itself is known."""
        self.exchange.choose(exchange)
        self.host.choose(host)
        self.label.setText(self._free_label(label))
        self.intent_form.show_intent(intent)

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
        passphrase = key.passphrase or ""
        self.fields.put({"api_key": key.api_key, "secret": key.secret, "passphrase": passphrase})
        self.intent_form.show_intent(Intent(purpose=key.purpose))

    def _free_label(self, wanted: str) -> str:
        """A label that is in the list already is numbered."""
        if label_skeleton(wanted) not in self._taken:
            return wanted
        short = wanted[: LIMITS.label_characters - 4].rstrip()
        numbered = (f"{short} {number}" for number in count(2))
        return next(label for label in numbered if label_skeleton(label) not in self._taken)
