"""Every page in a language that is half as long again: nothing is cut, and nothing of ours stays English."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
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
from latchlight.core.sentences import PageLabel
from latchlight.exchanges import EXCHANGES
from latchlight.gui import theme, tongue, work
from latchlight.gui.key_row import KeyRow
from latchlight.gui.theme import Scheme
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.workspace import Workspace
from latchlight.net.egress import ADDRESS_SERVICES
from latchlight.practice.world import PracticeWorld
from photographer import Photographer
from pictured_states import walk
from window_bench import comes_true

OPEN, CLOSE = "«", "»"
ACCENTED = str.maketrans("aeiouAEIOU", "àéîöûÀÉÎÖÛ")


class LongTexts(Mapping[str, str]):
    """Every template there ever was, longer by half, with marks around it, and no word of English left."""

    def __getitem__(self, template: str) -> str:
        raise KeyError(template)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def get(self, template: str, default: str = "") -> str:  # type: ignore[override]
        """A mark of punctuation stays; words of a template get accents, and longer ones double vowels."""
        if not any(letter.isalpha() for letter in re.sub(r"\{\w+\}", "", template)):
            return template
        pieces = re.split(r"(\{\w*\}|`[^`]*`)", template)
        return OPEN + "".join(_long(piece) for piece in pieces) + CLOSE


def _long(piece: str) -> str:
    if piece.startswith(("{", "`")):
        return piece
    return re.sub(r"[A-Za-z]+", lambda word: _stretched(word.group()), piece)


def _stretched(word: str) -> str:
    """`whitelist` -> `whîîtéélîîst`: half as long again, and no place to break it."""
    return (
        re.sub(r"([aeiou])", r"\1\1", word).translate(ACCENTED)
        if len(word) > 2
        else word.translate(ACCENTED)
    )


class LongLanguage(Language):
    """Words of an exchange's page stay as they are, and count as translated."""

    __slots__ = ()

    def label(self, label: PageLabel) -> str:
        """In marks, to tell it from what was forgotten."""
        return OPEN + super().label(label) + CLOSE


LONG = LongLanguage("xx", "Lööng", LongTexts())
NAMES = {
    word
    for text in (
        *(spec.name for spec in EXCHANGES.values()),
        *(f"{host.title} {host.server}" for spec in EXCHANGES.values() for host in spec.hosts),
        *(f"{service.name} {service.party} {service.host4}" for service in ADDRESS_SERVICES),
        "Latchlight English enableAlphaWithdrawals true",
    )
    for word in re.findall(r"[A-Za-z]+", text)
}
"""Of exchanges, their sites, the address services, and what a practice exchange answers."""


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
            bare = _without_translated(text)
            for label in labels:
                bare = bare.replace(label, "")
            words = [word for word in re.findall(r"[A-Za-z]{4,}", bare) if word not in NAMES]
            if words:
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


def _without_translated(text: str) -> str:
    """What stands outside of all marks: data, or something that was forgotten."""
    depth, rest = 0, []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        if depth == 0 and letter not in (OPEN, CLOSE):
            rest.append(letter)
    return "".join(rest)


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
    yield Inspector(qapp)
    tongue.use(ENGLISH)
    theme.apply(qapp, Scheme.LIGHT)


@pytest.mark.parametrize(
    ("percent", "shown"),
    [(100, LONG), (200, ENGLISH), (200, language("zh_Hans"))],
    ids=["long-100", "english-200", "chinese-200"],
)
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
