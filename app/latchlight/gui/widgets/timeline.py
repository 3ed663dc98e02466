"""The history of a key from newest to oldest: lights that were, and what changed in between."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from latchlight.core.changes import Change, SnapshotLine, Stretch
from latchlight.core.findings import LIGHT_WORDS
from latchlight.core.sentences import Sentence, say
from latchlight.gui.moments import moment
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.disclosure import Disclosure
from latchlight.gui.widgets.panel import column
from latchlight.gui.widgets.past_light import PastLight
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.report.as_changes import change_words

_AT_FIRST = 12
"""Entries in sight; older ones are folded in."""
_MOST_CHANGES = 8


def timeline(entries: Sequence[Stretch], *, practice: bool = False) -> QWidget:
    """One entry below the other, the older ones behind a heading."""
    shown = [_entry(each, practice) for each in entries[:_AT_FIRST]]
    older = entries[_AT_FIRST:]
    if older:
        caption = say("{n} older entries", n=len(older))
        shown.append(
            Disclosure(caption, lambda: _stack([_entry(each, practice) for each in older]))
        )
    return _stack(shown)


def _stack(widgets: list[QWidget]) -> QWidget:
    return column(*widgets, spacing=GRID * 2)


def _entry(entry: Stretch, practice: bool) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID)
    grid.setVerticalSpacing(GRID // 2)
    grid.setColumnStretch(1, 1)
    title = say("{light} · {when}", light=past_words(entry), when=_when(entry))
    if practice:
        title = say("{title} · practice", title=title)
    grid.addWidget(PastLight(entry.latest.light), 0, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(PlainLabel(title, selectable=True), 0, 1)
    if entry.latest.gaps:
        gaps = say("{n} lines of this report could not be read.", n=entry.latest.gaps)
        grid.addWidget(PlainLabel(gaps, TextRole.SMALL, ink="muted"), grid.rowCount(), 1)
    if entry.changed and entry.since is not None:
        grid.addWidget(_changes(entry), grid.rowCount(), 1)
    made.setAccessibleName(tr(title))
    return made


def past_words(entry: Stretch) -> Sentence:
    """`was Safe`: nobody should take it for the light of now."""
    word = LIGHT_WORDS[entry.latest.light]
    if not entry.latest.found_something:
        return say("was {light}, nothing could be found out", light=word)
    return say("was {light}", light=word)


def _when(entry: Stretch) -> Sentence:
    if entry.count == 1:
        return say("{at}", at=moment(entry.last))
    return say(
        "{n} times from {first} to {last}",
        n=entry.count,
        first=moment(entry.first),
        last=moment(entry.last),
    )


def _changes(entry: Stretch) -> QWidget:
    box = QWidget()
    lines = QVBoxLayout(box)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(GRID // 2)
    if entry.since is not None:
        since = say("Changed since {at}:", at=moment(entry.since))
        lines.addWidget(PlainLabel(since, TextRole.SMALL, ink="muted"))
    for change in entry.changed[:_MOST_CHANGES]:
        lines.addWidget(_change(change))
    if len(entry.changed) > _MOST_CHANGES:
        more = say("and {n} more", n=len(entry.changed) - _MOST_CHANGES)
        lines.addWidget(PlainLabel(more, TextRole.SMALL, ink="muted"))
    return box


def _change(change: Change) -> QWidget:
    """Both shapes, the words, and below what the findings said then and after."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID // 2)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(2, 1)
    for place, line in enumerate((change.before, change.after)):
        if line is not None:
            grid.addWidget(PastLight(line.light), 0, place, Qt.AlignmentFlag.AlignTop)
    words = PlainLabel(change_words(change), TextRole.STRONG, selectable=True)
    grid.addWidget(words, 0, 2)
    for row, said in enumerate(_said(change.before, change.after), 1):
        grid.addWidget(PlainLabel(said, TextRole.SMALL, ink="muted", selectable=True), row, 2)
    return made


def _said(before: SnapshotLine | None, after: SnapshotLine | None) -> list[Sentence]:
    found = []
    if before is not None:
        found.append(say("Before: {title}", title=before.title))
    if after is not None:
        found.append(say("After: {title}", title=after.title))
    return found
