"""A list of choices that opens, each with the value it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from latchlight.gui.tongue import tr

T = TypeVar("T")


class Choice(QComboBox, Generic[T]):
    """Values beside their words. The mouse wheel scrolls the page instead of changing an answer."""

    def __init__(
        self, name: str, choices: Iterable[tuple[T, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values: list[T] = []
        self.setAccessibleName(tr(name))
        self.setAccessibleDescription(tr(name))  # on Linux the name that is told is what is chosen
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.offer(choices)

    def offer(self, choices: Iterable[tuple[T, str]]) -> None:
        """Offer other choices; the first one is chosen."""
        pairs = list(choices)
        self._values = [value for value, _ in pairs]
        self.clear()
        self.addItems([tr(words) for _, words in pairs])

    @property
    def value(self) -> T:
        """What is chosen. IndexError where nothing is offered."""
        return self._values[max(self.currentIndex(), 0)]

    def choose(self, value: T) -> None:
        """Choose one of what is offered; anything else changes nothing."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Not ours."""
        event.ignore()
