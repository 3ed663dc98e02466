"""What is done in each step of changing to a new key: one small widget per step that shows more than words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from latchlight.core.findings import Light
from latchlight.core.proof_of_death import Death, Hearing
from latchlight.core.sentences import Sentence, say
from latchlight.gui.announce import announce
from latchlight.gui.key_row import KeyRow
from latchlight.gui.light_look import Verdict
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.choice import Choice
from latchlight.gui.widgets.form_row import FormRow
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.page_column import bring_into_view
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow

DEATH_LIGHTS: dict[Death, Light] = {
    Death.PROVED: Light.GREEN,
    Death.FITS: Light.GREY,
    Death.THERE: Light.AMBER,
    Death.ALIVE: Light.AMBER,
    Death.OPEN: Light.GREY,
}


class KeyLine(QWidget):
    """One of the two keys: which it is, its light, and what its check said."""

    def __init__(self, role: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.badge = LightBadge(role=TextRole.SMALL)
        self.name = PlainLabel(role=TextRole.STRONG, selectable=True)
        self.state = PlainLabel(ink="muted")
        words = QVBoxLayout()
        words.setSpacing(GRID // 4)
        words.addWidget(self.name)
        words.addWidget(self.state)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID * 3 // 2)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_row(self, row: KeyRow | None) -> None:
        """This key, or none yet."""
        self.badge.setVisible(row is not None)
        if row is None:
            self.name.setText(say("{role}: none yet", role=self._role))
            self.state.hide()
            return
        self.badge.set_verdict(row.verdict)
        words = say(
            "{role}: “{label}”, ends in {hint}",
            role=self._role,
            label=row.request.label,
            hint=row.request.hint.lstrip("…") or say("unknown"),
        )
        self.name.setText(words)
        self.state.setText(row.headline)
        self.state.show()


class TickLine(QCheckBox):
    """What only the user knows. Nothing is concluded from it but that they said so."""

    said = Signal(bool)

    def __init__(self, words: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(tr(words).replace("&", "&&"), parent)
        self.setAccessibleName(tr(words))
        self.clicked.connect(self.said)


class NewKeyChooser(QWidget):
    """Add the new key, or name one that is here already."""

    add_wanted = Signal()
    chosen = Signal(str)
    """The id of a key of the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: list[tuple[str, str]] = []
        self.add = button(say("Add the new key"), self.add_wanted.emit, kind="primary")
        self.choice = Choice[str](say("A key that is here already"), [])
        self.use = button(say("This is the new key"), self._use)
        self._others = QWidget()
        others = QVBoxLayout(self._others)
        others.setContentsMargins(0, 0, 0, 0)
        others.setSpacing(GRID)
        others.addWidget(FormRow(say("Or is it here already?"), self.choice))
        others.addWidget(TurningRow(self.use))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID * 3 // 2)
        column.addWidget(TurningRow(self.add))
        column.addWidget(self._others)

    def offer(self, rows: Sequence[KeyRow]) -> None:
        """Keys of the list that could be it; what was chosen stays chosen."""
        offered = [(row.id, row.request.label) for row in rows]
        self._others.setVisible(bool(offered))
        if offered == self._offered:
            return
        before = self.choice.value if self._offered else ""
        self._offered = offered
        self.choice.offer(offered)
        self.choice.choose(before)

    def _use(self) -> None:
        if self._offered:
            self.chosen.emit(self.choice.value)


class ProofPanel(QWidget):
    """Ask with both keys; what came out of it; and what the user saw, where no answer is a proof."""

    asked = Signal()
    told = Signal()

    def __init__(self, open_page: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask = button(say("Prove that the old key is dead"), self.asked.emit, kind="primary")
        self.waiting = PlainLabel(say("Asking with both keys…"), ink="muted")
        self.badge = LightBadge(role=TextRole.SMALL)
        self.title = PlainLabel(role=TextRole.STRONG, selectable=True)
        self.detail = PlainLabel(selectable=True)
        self.seen = button("", self.told.emit)
        self._page = button(say("Open API Management"), open_page)
        self._result = Panel("quote")
        self._result.column.setSpacing(GRID)
        head = QHBoxLayout()
        head.setSpacing(GRID * 3 // 2)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        self._result.column.addLayout(head)
        self._result.column.addWidget(self.detail)
        self._after = TurningRow(self._page, self.seen)
        self._result.column.addWidget(self._after)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID * 3 // 2)
        self._asking = TurningRow(self.ask)
        for widget in (self._asking, self.waiting, self._result):
            column.addWidget(widget)
        self._shown: Hearing | None = None

    def show_hearing(
        self, hearing: Hearing | None, old: KeyRow, *, asking: bool, ended: bool
    ) -> None:
        """What came out of asking last; `asking`: it is being asked now. `ended`: there is no more to ask."""
        self._asking.setVisible(not ended)
        self.waiting.setVisible(asking)
        self._result.setVisible(hearing is not None)
        if hearing is None:
            self._shown = None
            return
        light = DEATH_LIGHTS[hearing.death] if old.counts else Light.GREY
        self.badge.set_verdict(Verdict(light, old.practice))
        self.title.setText(hearing.title)
        self.detail.setText(hearing.detail)
        fits = hearing.death is Death.FITS and old.counts and not ended
        words = say("I looked: no key there ends in {hint}", hint=old.request.hint.lstrip("…"))
        self.seen.setText(tr(words))
        self.seen.setAccessibleName(tr(words))
        self.seen.setVisible(fits)
        self._page.setVisible(not ended)
        self._after.setVisible(not ended)
        self._after.turn()
        if hearing is not self._shown:
            self._shown = hearing
            announce(self, hearing.title)
            bring_into_view(self._result)
