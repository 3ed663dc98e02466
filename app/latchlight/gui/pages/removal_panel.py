"""Asks once, in place, before a key is removed, and says what goes and what stays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from latchlight.core.sentences import Sentence, say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow


class RemovalPanel(Panel):
    """`on_remove` is called after the user said yes."""

    def __init__(
        self,
        row: KeyRow,
        on_remove: Callable[[], None],
        on_close: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self.column.setSpacing(GRID)
        title = say("Remove “{label}”?", label=row.request.label)
        self.column.addWidget(PlainLabel(title, TextRole.STRONG))
        self.column.addWidget(PlainLabel(_words(row)))
        self._keep = button(say("Keep it"), on_close)
        remove = button(say("Remove this key"), on_remove, kind="danger")
        self.column.addWidget(TurningRow(remove, self._keep))
        self.setFocusProxy(self._keep)


def _words(row: KeyRow) -> Sentence:
    exchange = row.request.exchange.name
    if not row.request.stored:
        return say("It was never saved. It only disappears from this list.")
    return say(
        "Its secret is deleted from the system keyring, and its name, purpose, accepted findings, past checks and "
        "lock tests from this computer. The key itself stays valid until you delete it at {exchange}.",
        exchange=exchange,
    )
