"""A quiet heading that opens what is below it. The content is made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button

_OPENED = ":/icons/chevron-down.svg"
_CLOSED = ":/icons/chevron-right.svg"


class Disclosure(QWidget):
    """`make` is called once, at the first opening."""

    def __init__(
        self,
        title: str,
        make: Callable[[], QWidget],
        *,
        opened: bool = False,
        kind: str = "quiet",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._make = make
        self._content: QWidget | None = None
        self.button = button(title, self.toggle, kind=kind)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self.button)
        self._layout.setAlignment(self.button, Qt.AlignmentFlag.AlignLeft)
        self.set_open(opened)

    @property
    def is_open(self) -> bool:
        """Whether the content shows."""
        return self._content is not None and not self._content.isHidden()

    def toggle(self) -> None:
        """Open or close."""
        self.set_open(not self.is_open)

    def set_open(self, opened: bool) -> None:
        """Open or close, as asked."""
        if opened and self._content is None:
            self._content = self._make()
            self._layout.addWidget(self._content)
        if self._content is not None:
            self._content.setVisible(opened)
        self.button.setIcon(QIcon(_OPENED if opened else _CLOSED))
        state = say("expanded") if opened else say("collapsed")
        self.button.setAccessibleName(tr(say("{title}, {state}", title=self._title, state=state)))
