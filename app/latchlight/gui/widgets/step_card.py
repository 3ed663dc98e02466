"""One step of a walk: its number, what it is, how far it is, and what is done in it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from latchlight.core.sentences import Sentence, say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.panel import Panel, column
from latchlight.gui.widgets.plain_label import PlainLabel


class StepState(Enum):
    """Where a step stands in the walk."""

    LATER = "later"
    NOW = "now"
    DONE = "done"


class StepCard(Panel):
    """Open while it is the one to be done; a step that is done keeps what can be taken back."""

    def __init__(self, number: int, title: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._number, self._title = number, title
        self.state = StepState.LATER
        self.column.setSpacing(GRID * 3 // 2)
        words = say("{n}. {title}", n=number, title=title)
        self.heading = PlainLabel(words, TextRole.HEADING)
        self.status = PlainLabel(ink="muted", wrap=False)
        head = QHBoxLayout()
        head.setSpacing(GRID * 3 // 2)
        head.addWidget(self.heading, 1)
        head.addWidget(self.status, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(head)
        self._body = column(spacing=GRID * 3 // 2)
        self._kept = column(spacing=GRID)
        self.column.addWidget(self._body)
        self.column.addWidget(self._kept)
        self._body.hide()
        self._kept.hide()

    def add(self, *widgets: QWidget) -> None:
        """What is needed while the step is the one to be done."""
        self._fill(self._body, widgets)

    def keep(self, *widgets: QWidget) -> None:
        """What shows afterwards, too."""
        self._fill(self._kept, widgets)

    def show_state(self, state: StepState, status: Sentence) -> None:
        """Where it stands, in words."""
        self._mark(state)
        self.status.setText(status)
        _show(self._body, state is StepState.NOW)
        _show(self._kept, state is not StepState.LATER and bool(self._count(self._kept)))
        spoken = say(
            "Step {n}: {title}. {status}", n=self._number, title=self._title, status=status
        )
        self.setAccessibleName(tr(spoken))

    def _mark(self, state: StepState) -> None:
        """The frame of the step that is to be done stands out; the word says the same."""
        self.state = state
        if self.property("step") != state.value:
            self.setProperty("step", state.value)
            self.style().unpolish(self)
            self.style().polish(self)

    @staticmethod
    def _count(place: QWidget) -> int:
        layout = place.layout()
        return layout.count() if layout is not None else 0

    @staticmethod
    def _fill(place: QWidget, widgets: tuple[QWidget, ...]) -> None:
        layout = place.layout()
        if not isinstance(layout, QBoxLayout):
            raise TypeError("a column has a box layout")
        for widget in widgets:
            layout.addWidget(widget)


def _show(widget: QWidget, shown: bool) -> None:
    """Only where it is otherwise: each time would cost a layout."""
    if widget.isHidden() is shown:
        widget.setVisible(shown)
