"""The fields of the whitelist planner: one per place of the list, each with what is wrong about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from latchlight.core.addresses import Address
from latchlight.core.errors import InputError
from latchlight.core.fixes import AddressForm
from latchlight.core.plan import OWN, SLOTS, Plan, Slot, plan_of, read_place
from latchlight.core.plan_words import SLOT_HINTS, SLOT_NAMES
from latchlight.core.purpose import Setup
from latchlight.core.sentences import say
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.form_row import FormRow


class PlanPlaces(QWidget):
    """Keeps what was typed when the set-up changes: what has no place any more stays as an extra one."""

    changed = Signal()
    """Another text in some field, or other fields."""

    def __init__(
        self,
        form: AddressForm,
        exchange: str,
        *,
        practice: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`form`: what this exchange's list takes. `practice` lets the example addresses pass."""
        super().__init__(parent)
        self._form, self._exchange, self._practice = form, exchange, practice
        self._setup = Setup.THIS_COMPUTER
        self._own = ""
        self.rows: list[FormRow] = []
        self._edits: list[QLineEdit] = []
        self._fill_ins: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID * 3 // 2)

    # What stands there -------------------------------------------------------------------------

    def show_plan(self, plan: Plan) -> None:
        """Other fields, with these addresses."""
        self._setup = plan.setup
        self._build([", ".join(str(a) for a in place.addresses) for place in plan.places])

    def choose_setup(self, setup: Setup) -> None:
        """The fields of another set-up; what was typed is kept, in the same order."""
        texts = [edit.text() for edit in self._edits]
        while texts and not texts[-1].strip():
            texts.pop()
        self._setup = setup
        self._build(texts)

    def offer_own(self, address: str) -> None:
        """Offer this computer's public IP where it may stand; "" offers none."""
        if address != self._own:
            self._own = address
            for fill in self._fill_ins:
                self._caption(fill)

    def texts(self) -> list[str]:
        """As typed, from top to bottom."""
        return [edit.text() for edit in self._edits]

    def plan(self) -> Plan:
        """What can be read of it; a field that cannot be read counts as empty."""
        return plan_of(self._setup, [self._read(text) or () for text in self.texts()])

    def sound_plan(self) -> Plan | None:
        """All of it, or None after saying what is wrong at each field."""
        found: list[tuple[Address, ...]] = []
        for number, text in enumerate(self.texts()):
            found.append(self._told(number, text, found))
        self._tell_gaps(found)
        wrong = [row for row in self.rows if row.error]
        if wrong:
            wrong[0].field.setFocus()
            return None
        return plan_of(self._setup, found)

    @property
    def readable(self) -> bool:
        """Whether every field can be read."""
        return all(self._read(text) is not None for text in self.texts())

    # Reading -----------------------------------------------------------------------------------

    def _read(self, text: str) -> tuple[Address, ...] | None:
        try:
            return read_place(text, self._form, self._exchange, allow_documentation=self._practice)
        except InputError:
            return None

    def _told(
        self, number: int, text: str, above: Sequence[tuple[Address, ...]]
    ) -> tuple[Address, ...]:
        """What stands in this field; says at the field what is wrong about it."""
        row = self.rows[number]
        try:
            found = read_place(text, self._form, self._exchange, allow_documentation=self._practice)
        except InputError as problem:
            row.show_error(say("{problem}", problem=problem))
            return ()
        if any(address in group for group in above for address in found):
            row.show_error(say("This address stands above already. Each place has one of its own."))
            return ()
        row.clear()
        return found

    def _tell_gaps(self, found: Sequence[tuple[Address, ...]]) -> None:
        """Addresses are remembered from top to bottom: one below an empty place would move up."""
        last = max((n for n, group in enumerate(found) if group), default=-1)
        for number in range(last):
            if not found[number] and not self.rows[number].error:
                self.rows[number].show_error(
                    say("Type this address first, or empty the fields below it.")
                )

    def _finished(self, number: int) -> None:
        """The user left the field: now it may be told what is wrong."""
        above = [self._read(text) or () for text in self.texts()[:number]]
        found = self._told(number, self._edits[number].text(), above)
        slots = SLOTS[self._setup]
        slot = slots[number] if number < len(slots) else Slot.EXTRA
        own = any(str(address) == self._own for address in found)
        if own and slot not in OWN:
            self.rows[number].show_note(
                (say("This is the public IP of this computer. Is that where the bot runs?"),)
            )

    def _edited(self, number: int) -> None:
        self.rows[number].clear()
        self.changed.emit()

    # Building ----------------------------------------------------------------------------------

    def _build(self, texts: Sequence[str]) -> None:
        slots = SLOTS[self._setup]
        while len(texts) > len(slots) and not texts[-1].strip():
            texts = texts[:-1]
        for old in (*self.rows, *self._fill_ins):
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows, self._edits, self._fill_ins = [], [], []
        for number in range(max(len(slots), len(texts))):
            slot = slots[number] if number < len(slots) else Slot.EXTRA
            self._add(slot, number, texts[number] if number < len(texts) else "")
        self.changed.emit()

    def _add(self, slot: Slot, number: int, text: str) -> None:
        edit = QLineEdit(text)
        row = FormRow(SLOT_NAMES[slot], edit, SLOT_HINTS[slot])
        edit.textEdited.connect(lambda _: self._edited(number))
        edit.editingFinished.connect(lambda: self._finished(number))
        self._edits.append(edit)
        self.rows.append(row)
        self._column.addWidget(row)
        if slot in OWN:
            fill = button("", lambda: self._take_own(number), kind="quiet")
            self._fill_ins.append(fill)
            self._column.addWidget(fill, 0, Qt.AlignmentFlag.AlignLeft)
            self._caption(fill)

    def _caption(self, fill: QPushButton) -> None:
        caption = say("Use this computer's public IP, {address}", address=self._own)
        fill.setText(tr(caption))
        fill.setAccessibleName(tr(caption))
        fill.setVisible(bool(self._own))

    def _take_own(self, number: int) -> None:
        self._edits[number].setText(self._own)
        self._finished(number)
        self.changed.emit()
