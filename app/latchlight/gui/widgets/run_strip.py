"""Below the list: check all keys, or how far the run is and the way to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.focus import has_focus
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.progress_line import ProgressLine

_DEAF_SECONDS = 0.7
"""The second half of a double click lands on "Stop", which has just taken the place of the button."""


class RunStrip(QWidget):
    """Follows the runs of a session. `monotonic` is a clock in seconds."""

    def __init__(
        self,
        session: Session,
        parent: QWidget | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._monotonic = monotonic
        self._began: float | None = None
        self._all = button(
            say("Check all keys"), session.check_all, tip=say("Check all keys (Ctrl+R)")
        )
        self._text = PlainLabel(role=TextRole.SMALL, ink="muted")
        self._bar = ProgressLine()
        self._cancel = button(say("Stop"), self._stop, name=say("Stop the check"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID * 3 // 2)
        self._column.setSpacing(GRID)
        for widget in (self._text, self._bar, self._cancel, self._all):
            self._column.addWidget(widget)
        session.run_changed.connect(self.refresh)
        session.loaded.connect(self.refresh)
        self.refresh()

    @property
    def text(self) -> str:
        """What is going on now."""
        return self._text.text()

    def refresh(self) -> None:
        """Show what is going on now."""
        running, step = self._session.running, self._session.progress
        if running and self._began is None:
            self._began = self._monotonic()
        if not running:
            self._began = None
            self._text.setMinimumHeight(0)
        self._show_buttons(running)
        if step is not None:
            self._bar.show_step(step.done, step.total)
            self._text.setText(
                say("{done} of {total}: {text}", done=step.done, total=step.total, text=step.text)
            )
            self._keep_height()

    def _keep_height(self) -> None:
        """While checks run the strip only grows: the list above it does not move at every step."""
        # A text that was just shown has no width of its own yet; the strip always has one.
        needed = self._text.heightForWidth(self._column.contentsRect().width())
        if needed > self._text.minimumHeight():
            self._text.setMinimumHeight(needed)

    def _show_buttons(self, running: bool) -> None:
        """One takes the place of the other, and the keyboard with it."""
        held = has_focus(self._cancel) or has_focus(self._all)
        shown = (self._text, self._bar, self._cancel) if running else (self._all,)
        hidden = (self._all,) if running else (self._text, self._bar, self._cancel)
        for widget in shown:
            widget.setVisible(running or bool(self._session.rows))
        if held:
            (self._cancel if running else self._all).setFocus()
        for widget in hidden:
            widget.hide()

    def _stop(self) -> None:
        began = self._began
        if began is not None and self._monotonic() - began >= _DEAF_SECONDS:
            self._session.cancel()
