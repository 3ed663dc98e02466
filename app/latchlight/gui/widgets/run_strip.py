"""Below the list: check all keys, or how far the run is and the way to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.progress_line import ProgressLine


class RunStrip(QWidget):
    """Follows the run of a session."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._all = button(
            say("Check all keys"), session.check_all, tip=say("Check all keys (Ctrl+R)")
        )
        self._text = PlainLabel(role=TextRole.SMALL, ink="muted")
        self._bar = ProgressLine()
        self._cancel = button(say("Stop"), session.cancel, name=say("Stop the check"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID * 3 // 2)
        layout.setSpacing(GRID)
        for widget in (self._text, self._bar, self._cancel, self._all):
            layout.addWidget(widget)
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
        self._all.setVisible(not running and bool(self._session.rows))
        for widget in (self._text, self._bar, self._cancel):
            widget.setVisible(running)
        if step is not None:
            self._bar.show_step(step.done, step.total)
            self._text.setText(
                say("{done} of {total}: {text}", done=step.done, total=step.total, text=step.text)
            )
