"""Accepting a known weakness: a reason, an end date, and the light stays amber."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from latchlight.core.sentences import Sentence, say
from latchlight.gui.moments import day
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow
from latchlight.gui.words import looks_like_a_secret

_DAYS = (7, 14, 30)
_LONGEST_REASON = 200


class AcceptanceForm(Panel):
    """Calls `on_accept(reason, days)` once a reason stands there."""

    def __init__(
        self,
        now: datetime,
        on_accept: Callable[[str, int], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("quote", parent)
        self._on_accept = on_accept
        self.column.setSpacing(GRID)
        self.column.addWidget(
            PlainLabel(
                say(
                    "The light stays amber and the finding stays on the list. Write down why it is fine for now."
                )
            )
        )
        self._reason = QLineEdit()
        self._reason.setMaxLength(_LONGEST_REASON)
        self._reason.setPlaceholderText(tr(say("Reason, for example: the server moves next week")))
        self._reason.setAccessibleName(tr(say("Reason for accepting this")))
        self._days = QComboBox()
        self._days.setAccessibleName(tr(say("Accept until")))
        for days in _DAYS:
            text = say("until {day}", day=day(now + timedelta(days=days)))
            self._days.addItem(tr(text), days)
        self._button = button(say("Accept"), self._accept)
        self._hint = PlainLabel(ink="problem")
        self._lay_out()
        self._reason.textChanged.connect(self._check)
        self._reason.returnPressed.connect(self._accept)
        self._check()

    def _lay_out(self) -> None:
        self.column.addWidget(self._reason)
        self.column.addWidget(self._hint)
        self.column.addWidget(TurningRow(self._days, self._button))

    def _problem(self) -> Sentence | None:
        if looks_like_a_secret(self._reason.text()):
            return say(
                "This looks like a key or a secret. Reasons are not secret: use plain words."
            )
        return None

    def _check(self) -> None:
        problem = self._problem()
        self._hint.setText(problem or "")
        self._hint.setVisible(problem is not None)
        self._button.setEnabled(bool(self._reason.text().strip()) and problem is None)

    def _accept(self) -> None:
        if self._button.isEnabled():
            self._reason.setFocus()  # a disabled button would hand the keyboard to its neighbour
            self._button.setEnabled(False)
            self._on_accept(self._reason.text().strip(), int(self._days.currentData()))
