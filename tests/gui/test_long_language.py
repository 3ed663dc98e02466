"""Every page in a language that is half as long again: nothing is cut, and nothing of ours stays English."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from latchlight.core.languages import ENGLISH, Language, language
from latchlight.gui import theme, tongue, work
from latchlight.gui.key_row import KeyRow
from latchlight.gui.theme import Scheme
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.workspace import Workspace
from latchlight.practice.world import PracticeWorld
from long_language import LONG, english_words
from photographer import Photographer
from pictured_states import walk
from window_bench import comes_true

pytestmark = pytest.mark.usefixtures("in_pieces")


def cut(widget: QWidget) -> list[str]:
    """Texts that got less room than they need."""
    return [
        f"{type(each).__name__}: {_text(each)[:80]}"
        for each in widget.findChildren(QWidget)
        if each.isVisible() and _is_cut(each)
    ]


def _is_cut(widget: QWidget) -> bool:
    if isinstance(widget, QLabel):
        if not widget.text():
            return False
        if widget.wordWrap():
            lines = widget.heightForWidth(widget.width())
            return widget.height() < lines or _longest_word(widget) > widget.width()
        return widget.width() < widget.sizeHint().width()
    if isinstance(widget, QPushButton | QCheckBox | QRadioButton | LightBadge):
        return widget.width() < widget.minimumSizeHint().width()
    return False


def _longest_word(label: QLabel) -> int:
    """Width of the longest piece that cannot be broken, in pixels."""
    metrics = label.fontMetrics()
    margins = label.contentsMargins()
    room = margins.left() + margins.right()
    words = re.split(r"[\s\u200b/-]+|(?<=[\u3000-\u9fff\uff00-\uffef])", label.text())
    return max((metrics.horizontalAdvance(word) for word in words), default=0) + room


def _text(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    return widget.accessibleName()


def english(widget: QWidget, labels: Collection[str] = ()) -> list[str]:
    """Texts with words that went through no language; `labels` are names that users gave."""
    found = []
    for each in widget.findChildren(QWidget):
        if not each.isVisible():
            continue
        for text in _said(each):
            if english_words(text, labels):
                found.append(f"{type(each).__name__}: {text[:120]}")
    return found


def _said(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(number) for number in range(widget.count()))
    yield widget.accessibleName()
    yield widget.toolTip()
    yield widget.windowTitle()


def rows_of(widget: QWidget) -> tuple[KeyRow, ...]:
    """The keys that are shown in this window."""
    return widget.session.rows if isinstance(widget, Workspace) else ()


class Inspector(Photographer):
    """Looks at every state that there is a picture of, and notes what is wrong with it."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app, Path())
        self.cut: dict[str, list[str]] = {}
        self.english: dict[str, list[str]] = {}
        self.states: list[str] = []

    def take(self, widget: QWidget, name: str) -> None:
        """Give layouts their turns first."""
        self.settle()
        comes_true(lambda: not cut(widget))
        self.states.append(name)
        labels = [row.request.label for row in rows_of(widget)]
        for found, into in ((cut(widget), self.cut), (english(widget, labels), self.english)):
            if found:
                into[name] = found


@pytest.fixture
def inspector(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inspector]:
    for name in ("load_keys", "look_up"):
        monkeypatch.setattr(work, name, getattr(work, name))
    made = Inspector(qapp)
    yield made
    made.clear_away()
    tongue.use(ENGLISH)
    theme.apply(qapp, Scheme.LIGHT)


@pytest.mark.parametrize(
    ("percent", "shown"),
    [(100, LONG), (200, ENGLISH), (200, language("zh_Hans"))],
    ids=["long-100", "english-200", "chinese-200"],
)
@pytest.mark.timeout(500)
def test_nothing_is_cut_and_in_a_long_language_nothing_stays_english(
    inspector: Inspector, percent: int, shown: Language
) -> None:
    inspector.dress(Scheme.LIGHT, percent, shown)
    with PracticeWorld.start(faults=False) as world:
        walk(inspector, world, (1024, 640))
    assert len(inspector.states) > 50
    assert shown is not LONG or inspector.english == {}
    assert inspector.cut == {}


def test_what_is_cut_and_what_stayed_english_is_found(qapp: QApplication) -> None:
    top = QWidget()
    label = QLabel("nobody translated this", top)
    label.resize(10, 10)
    top.show()
    assert cut(top)
    assert english(top)
    label.setText("«nöt tränslätéd» main-bot")
    label.adjustSize()
    assert not cut(top)
    assert not english(top, ["main-bot"])
