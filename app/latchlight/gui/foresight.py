"""Modules of pages are read while nobody waits, so that the first opening of a page is as quick as the second.

They are not read at the start: the window would come later for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from importlib import import_module

from PySide6.QtCore import QObject, QTimer

FIRST_MS = 1000
"""After the window was furnished."""
EACH_MS = 20

STEPS: tuple[Callable[[], object], ...] = (
    # What pages share comes before them: no single step is to read much.
    lambda: import_module("latchlight.gui.widgets.page_column"),
    lambda: import_module("latchlight.gui.widgets.form_row"),
    lambda: import_module("latchlight.gui.widgets.before_after"),
    lambda: import_module("latchlight.gui.widgets.list_copy"),
    lambda: import_module("latchlight.gui.widgets.page_picture"),
    lambda: import_module("latchlight.gui.widgets.exchange_table"),
    lambda: import_module("latchlight.help.first_things"),
    lambda: import_module("latchlight.help.library"),
    lambda: import_module("latchlight.gui.pages.settings_page"),
    lambda: import_module("latchlight.gui.pages.exchanges_page"),
    lambda: import_module("latchlight.gui.pages.trust_page"),
    lambda: import_module("latchlight.gui.pages.help_page"),
    lambda: import_module("latchlight.gui.pages.happenings_page"),
    lambda: import_module("latchlight.gui.pages.guide_page"),
    lambda: import_module("latchlight.gui.pages.plan_page"),
    lambda: import_module("latchlight.gui.report_work"),
    lambda: import_module("latchlight.gui.pages.history_page"),
    lambda: import_module("latchlight.gui.pages.lock_page"),
    lambda: import_module("latchlight.gui.pages.replace_page"),
    lambda: import_module("latchlight.exchanges.intake"),
    lambda: import_module("latchlight.gui.pages.add_key_dialog"),
)


class Foresight(QObject):
    """Takes one step at a time, only while `is_quiet()`; ends by itself."""

    def __init__(self, is_quiet: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_quiet = is_quiet
        self._left = deque(STEPS)
        self._timer = QTimer(self, interval=FIRST_MS)
        self._timer.timeout.connect(self._take_one)
        self._timer.start()

    @property
    def over(self) -> bool:
        """Whether everything was read."""
        return not self._left

    def _take_one(self) -> None:
        if not self._is_quiet():
            return
        self._timer.setInterval(EACH_MS)
        self._left.popleft()()
        if self.over:
            self._timer.stop()
