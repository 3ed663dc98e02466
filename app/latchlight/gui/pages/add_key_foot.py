"""The foot of the add-key dialog: one line of words, and the buttons of the step it is in.

What saves a key that is not green stands at the left edge, far from the button that starts the
test, and is dead for a second after a result appeared: a double click cannot reach it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum, auto

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from latchlight.core.diagnosis import KEYRING_TROUBLE, PROVES_CREDENTIALS_WRONG, DiagnosisCode
from latchlight.core.findings import KeyReport, Light
from latchlight.core.sentences import Sentence, say
from latchlight.gui.add_key_work import Keeping
from latchlight.gui.pages.add_key_clipboard import ClipboardOffer
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.plain_label import PlainLabel

HOLD_MS = 1000
"""How long buttons are dead after a page came under the pointer by itself."""


class Step(Enum):
    """Where adding a key stands."""

    FORM = auto()
    TESTING = auto()
    RESULT = auto()
    SAVING = auto()
    SAVED = auto()


class AddKeyFoot(QFrame):
    """Shows some of its buttons; `hold()` makes all but a few of them dead for a moment."""

    woken = Signal()
    """The moment is over."""

    def __init__(self, left: Iterable[QPushButton], right: Iterable[QPushButton]) -> None:
        super().__init__()
        self.setProperty("panel", "foot")
        self._left, self._right = tuple(left), tuple(right)
        self._live: frozenset[QPushButton] = frozenset()
        self.words = PlainLabel("", TextRole.SMALL, ink="muted")
        self.clipboard = ClipboardOffer()
        self._timer = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._timer.timeout.connect(self._wake)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for one in self._left:
            row.addWidget(one)
        row.addStretch(1)
        for one in self._right:
            row.addWidget(one)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(GRID * 3, GRID * 3 // 2, GRID * 3, GRID * 3 // 2)
        inner.setSpacing(GRID)
        inner.addWidget(self.words)
        inner.addWidget(self.clipboard)
        inner.addLayout(row)

    @property
    def held(self) -> bool:
        """Whether the buttons are dead now."""
        return self._timer.isActive()

    def show_buttons(
        self, visible: Collection[QPushButton], dead: Collection[QPushButton], *, hold: bool
    ) -> None:
        """Show these; `dead` ones only keep their place. `hold`: none works for the first second."""
        self._live = frozenset(visible) - frozenset(dead)
        if hold:
            self._timer.start()
        else:
            self._timer.stop()
        for one in (*self._left, *self._right):
            one.setEnabled(one in self._live and not hold)
            one.setVisible(one in visible)

    def _wake(self) -> None:
        for one in self._live:
            one.setEnabled(True)
        self.woken.emit()


def foot_words(
    step: Step, keeping: Keeping | None, report: KeyReport | None, file: str = ""
) -> Sentence:
    """What is said beside the buttons; `report` is of a key that was tested and is not saved.

    `file`: the name of the key file from which it was taken, if any.
    """
    if keeping is None:
        return say("Looking for the system's keyring…")
    if step is Step.SAVED:
        saved = say("Saved in {keyring}, and read back from there.", keyring=keeping.keyring)
        if not file:
            return saved
        return say(
            "{saved} Delete the file “{file}” now: every program of yours can read it.",
            saved=saved,
            file=file,
        )
    if keeping.problem is not None:
        return keeping.problem
    match step:
        case Step.RESULT:
            return say("Not saved yet.") if report is None else unsaved_words(report)
        case Step.TESTING:
            return say("Nothing is saved yet.")
        case Step.SAVING:
            return say("Saving cannot be stopped half-way; it takes a few seconds at most.")
        case Step.FORM:
            where = say("The secret is kept in {keyring}, nowhere else.", keyring=keeping.keyring)
            return (
                where
                if keeping.weakness is None
                else say("{where} {weakness}", where=where, weakness=keeping.weakness)
            )


def unsaved_words(report: KeyReport) -> Sentence:
    """What it would mean to save a key that is not green, by why it is not."""
    code = None if report.diagnosis is None else report.diagnosis.code
    if code in PROVES_CREDENTIALS_WRONG:
        return say("Not saved yet. The exchange does not accept it as it is: correct it first.")
    if code is DiagnosisCode.CLOCK_OFF:
        return say(
            "Not saved yet. Nothing could be checked while this computer's clock is wrong; "
            "it can be saved and checked later."
        )
    if code in KEYRING_TROUBLE:
        return say("Not saved yet. Nothing could be checked: the keyring did not answer.")
    if code is not None and report.light is Light.GREY:
        return say("Not saved yet. Nothing could be checked; it can be saved and checked later.")
    if report.light is Light.GREY:
        return say("Not saved yet. Not everything could be checked; it can be saved as it is.")
    return say(
        "Not saved yet. If you save it, it keeps this light until what is named above is changed."
    )
