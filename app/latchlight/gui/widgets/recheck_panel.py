"""“I have done it”: looking again with a countdown, until it is green or until it is said why not."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from latchlight.core.fixes import PageGuide
from latchlight.core.sentences import Sentence, say
from latchlight.gui.announce import announce
from latchlight.gui.recheck import Phase, Recheck
from latchlight.gui.recheck_words import status_words, usual_reasons
from latchlight.gui.theme import TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.focus import give_focus, has_focus
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.gui.widgets.turning_row import TurningRow

_SHOWN: dict[Phase, tuple[str, ...]] = {
    Phase.IDLE: ("done",),
    Phase.LOOKING: ("stop",),
    Phase.WAITING: ("look", "stop"),
    Phase.MENDED: ("next", "back"),
    Phase.GONE: ("back",),
    Phase.UNTOLD: ("back", "look"),
    Phase.LATE: ("keep", "look", "back"),
    Phase.BLOCKED: ("look",),
    Phase.STOPPED: ("done", "look"),
}
"""Buttons of each phase; the first one is the one to press."""


class RecheckPanel(Section):
    """Shows one series of looks; what is pressed is told by signals."""

    begun = Signal()
    """It is done, or it shall be looked for longer."""
    look = Signal()
    stopped = Signal()
    next_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, guide: PageGuide, exchange: str, parent: QWidget | None = None) -> None:
        super().__init__(say("When it is done"), parent=parent)
        self._exchange = exchange
        self._phase: Phase | None = None
        self.status = PlainLabel(role=TextRole.STRONG)
        self._reasons = bulleted(usual_reasons(guide))
        self._next = ""
        self._row = TurningRow()
        self.buttons: dict[str, QPushButton] = {}
        for name, caption, signal in (
            ("done", say("I have done it"), self.begun),
            ("keep", say("Keep looking"), self.begun),
            ("next", say("Next"), self.next_wanted),
            ("look", say("Look now"), self.look),
            ("stop", say("Stop"), self.stopped),
            ("back", say("Back to the checklist"), self.back_wanted),
        ):
            kind = "primary" if name in ("done", "keep", "next") else ""
            self.buttons[name] = button(caption, signal.emit, kind=kind)
            self._row.add(self.buttons[name])
        self.add(self.status, self._reasons, self._row)

    def offer_next(self, caption: Sentence | None) -> None:
        """What is to be mended after this one; None where nothing is left to do here."""
        self._next = caption or ""
        self.buttons["next"].setText(tr(self._next).replace("&", "&&"))
        self.buttons["next"].setAccessibleName(tr(self._next))

    def refresh(self, recheck: Recheck, now: float) -> None:
        """Show the phase and, while it waits, the seconds."""
        words = status_words(recheck, now, self._exchange)
        self.status.setText(words)
        self.buttons["look"].setEnabled(recheck.may_look(now))
        wanted = [n for n in _SHOWN[recheck.phase] if n != "next" or self._next]
        shown = [name for name, made in self.buttons.items() if not made.isHidden()]
        if recheck.by_the_way and self._phase is not None:
            wanted = (
                shown  # the very click that brought the user back may be on its way to one of them
            )
        if recheck.phase is self._phase and set(shown) == set(wanted):
            return
        moved = self._phase is not None and recheck.phase is not self._phase
        self._phase = recheck.phase
        self._reasons.setVisible(recheck.phase is Phase.LATE)
        self._show(wanted)
        if moved:
            announce(self, words)

    def _show(self, wanted: list[str]) -> None:
        """The keyboard stays in this panel if it was here."""
        held = has_focus(self)
        for name in wanted:
            self.buttons[name].show()
        leaving = [made for name, made in self.buttons.items() if name not in wanted]
        if held and any(has_focus(made) for made in leaving if not made.isHidden()):
            usable = [self.buttons[n] for n in wanted if self.buttons[n].isEnabled()]
            give_focus(usable[0] if usable else None, self)
        for made in leaving:
            made.hide()
        self._row.turn()
