"""Practice has one network only; this pretends that there is another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow

if TYPE_CHECKING:
    from latchlight.practice.world import PracticeWorld


class PracticeNetwork(Panel):
    """A switch between the address of this practice session and a foreign one."""

    def __init__(
        self,
        world: PracticeWorld,
        on_moved: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("quote", parent)
        self._world = world
        self._on_moved = on_moved
        self._home = ""
        """The address before anybody pretended; empty while nobody does."""
        self.column.setSpacing(GRID)
        words = say(
            "In practice there is no other network. Pretend that this computer is on one: the "
            "practice exchange then sees another address."
        )
        self.switch = button("", self._turn)
        self._row = TurningRow(self.switch)
        self.column.addWidget(PlainLabel(words, ink="practice"))
        self.column.addWidget(self._row)
        self.refresh()

    @property
    def away(self) -> bool:
        """Whether it pretends to be elsewhere."""
        return bool(self._home)

    def refresh(self) -> None:
        """Somebody may have gone back on the practice exchange's own page."""
        if self._home and self._world.egress == self._home:
            self._home = ""
        away, back = say("Pretend to be on another network"), say("Pretend to be back")
        caption = tr(back if self._home else away)
        if self.switch.text() != caption:
            self.switch.setText(caption)
            self.switch.setAccessibleName(caption)
            self._row.turn()

    def _turn(self) -> None:
        if self._home:
            self.go_home()
        else:
            from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS

            self._home = self._world.egress
            away = AWAY_ADDRESS if self._home != AWAY_ADDRESS else HOME_ADDRESS
            self._world.egress = away
            self._moved()

    def go_home(self) -> None:
        """Pretend nothing any more."""
        if self._home:
            self._world.egress, self._home = self._home, ""
            self._moved()

    def _moved(self) -> None:
        self.refresh()
        self._on_moved()
