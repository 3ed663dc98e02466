"""The keys as a list for Qt: rows, under headings where there are several exchanges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from latchlight.gui.key_groups import Entry, Heading, by_exchange, heading, matches
from latchlight.gui.key_row import KeyRow
from latchlight.gui.session import Session
from latchlight.gui.tongue import tr

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The `KeyRow` or `Heading` itself, for the painter of the rows."""
MANY_KEYS = 40
"""With more than this the groups are closed at first: the headings show the whole at a look."""


class KeyListModel(QAbstractListModel):
    """Follows a session. Filtered or closed away, a key is only not shown."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._filter = ""
        self._closed: set[str] = set()
        self._closed_in_filter: set[str] = set()
        self._arranged = False
        self._headings: dict[str, Heading] = {}
        self._entries: list[Entry] = []
        self._places: dict[Entry, int] = {}
        self._passing: set[str] = set()
        """Ids of the keys that pass the filter, in closed groups too."""
        self._take_places(self._wanted())
        session.loaded.connect(self.reload)
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._many_changed)

    # What Qt asks --------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many places are shown."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, spoken text, or the row or heading itself."""
        shown = self.row_at(index) or self.heading_at(index)
        if shown is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown.request.label if isinstance(shown, KeyRow) else shown.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return tr(shown.spoken(self.now()) if isinstance(shown, KeyRow) else shown.spoken)
            case _ if role == ROW_ROLE:
                return shown
        return None

    # What the window asks ------------------------------------------------------------------

    def row_at(self, index: Index) -> KeyRow | None:
        """The key at this place, None for any other place."""
        entry = self._entry_at(index)
        return self._session.row(entry.row_id) if entry is not None else None

    def heading_at(self, index: Index) -> Heading | None:
        """The heading at this place, None for any other place."""
        entry = self._entry_at(index)
        if entry is None or entry.row_id:
            return None
        known = self._headings.get(entry.exchange)
        if known is None:
            rows = [r for r in self._session.rows if r.request.exchange.id == entry.exchange]
            if not rows:
                return None
            known = heading(rows, entry.exchange not in self._folded)
            self._headings[entry.exchange] = known
        return known

    def index_of(self, row_id: str) -> QModelIndex:
        """Where a key stands; an invalid index if it is not shown."""
        row = self._session.row(row_id)
        place = None if row is None else self._places.get(_entry_of(row))
        return QModelIndex() if place is None else self.index(place)

    def heading_of(self, index: Index) -> QModelIndex:
        """The heading over a key; an invalid index where there is none."""
        entry = self._entry_at(index)
        place = None if entry is None else self._places.get(Entry(entry.exchange))
        return QModelIndex() if place is None else self.index(place)

    @property
    def headed(self) -> bool:
        """Whether keys stand under headings, which name their exchange already."""
        return bool(self._entries) and not self._entries[0].row_id

    @property
    def first_key(self) -> str:
        """The id of the first key in the order of the list, shown or not; empty where there is none."""
        groups = self._groups()
        return next(iter(groups.values()))[0].id if groups else ""

    @property
    def shown_keys(self) -> int:
        """How many keys pass the filter, in closed groups too."""
        return len(self._passing)

    def now(self) -> datetime:
        """The session's clock."""
        return self._session.now()

    # What the window changes ---------------------------------------------------------------

    def filter_by(self, wanted: str) -> None:
        """Show only what matches; nothing is closed away at first."""
        self._filter = wanted.strip()
        self._closed_in_filter.clear()
        self._headings.clear()
        self._arrange()
        self._tell(*(entry for entry in self._entries if not entry.row_id))

    def set_open(self, index: Index, opened: bool) -> None:
        """Open or close the group under this heading; any other place changes nothing."""
        entry = self._entry_at(index)
        if entry is None or entry.row_id or opened is (entry.exchange not in self._folded):
            return
        if opened:
            self._folded.discard(entry.exchange)
        else:
            self._folded.add(entry.exchange)
        self._headings.pop(entry.exchange, None)
        self._arrange()
        self._tell(entry)

    def take_over(self, other: KeyListModel) -> None:
        """The same groups are closed."""
        self._closed = set(other._closed)
        self._arranged = other._arranged
        self.reload()

    def open_group_of(self, row_id: str) -> QModelIndex:
        """Open the group in which a key stands; invalid if there is no such key or it is filtered."""
        row = self._session.row(row_id)
        if row is not None:
            place = self._places.get(Entry(row.request.exchange.id))
            if place is not None:
                self.set_open(self.index(place), True)
        return self.index_of(row_id)

    # Following the session -----------------------------------------------------------------

    def reload(self) -> None:
        """The session holds another set of keys."""
        self.beginResetModel()
        rows = self._session.rows
        if len(rows) > MANY_KEYS and not self._arranged:
            self._closed = {row.request.exchange.id for row in rows}
        self._arranged = self._arranged or bool(rows)
        self._headings.clear()
        self._take_places(self._wanted())
        self.endResetModel()

    def _row_changed(self, row_id: str) -> None:
        row = self._session.row(row_id)
        if row is None:
            return
        self._headings.pop(row.request.exchange.id, None)
        if self._filter:
            self._arrange()
        self._tell(Entry(row.request.exchange.id), _entry_of(row))

    def _many_changed(self) -> None:
        self._headings.clear()
        if self._filter:
            self._arrange()
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    # Arranging -----------------------------------------------------------------------------

    @property
    def _folded(self) -> set[str]:
        return self._closed_in_filter if self._filter else self._closed

    def _entry_at(self, index: Index) -> Entry | None:
        inside = index.isValid() and 0 <= index.row() < len(self._entries)
        return self._entries[index.row()] if inside else None

    def _passes(self, row: KeyRow) -> bool:
        """While a key is being checked it stays where it is: its light comes back in a moment."""
        if self._filter and row.checking and row.id in self._passing:
            return True
        return matches(row, self._filter)

    def _groups(self) -> dict[str, list[KeyRow]]:
        return by_exchange(self._session.rows, tuple(self._session.services.exchanges))

    def _wanted(self) -> list[Entry]:
        groups = self._groups()
        passing = {e: [r for r in rows if self._passes(r)] for e, rows in groups.items()}
        self._passing = {row.id for rows in passing.values() for row in rows}
        wanted: list[Entry] = []
        for exchange, rows in passing.items():
            if rows and len(groups) > 1:
                wanted.append(Entry(exchange))
            if len(groups) == 1 or exchange not in self._folded:
                wanted += [_entry_of(row) for row in rows]
        return wanted

    def _arrange(self) -> None:
        """Take out and put in what changed, so that the view keeps its place and its choice."""
        wanted = self._wanted()
        if wanted == self._entries:
            return
        stay = set(wanted)
        for first, last in reversed(list(_runs(self._entries, lambda e: e not in stay))):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._take_places([*self._entries[:first], *self._entries[last + 1 :]])
            self.endRemoveRows()
        there = set(self._entries)
        for first, last in _runs(wanted, lambda e: e not in there):
            self.beginInsertRows(QModelIndex(), first, last)
            new = wanted[first : last + 1]
            self._take_places([*self._entries[:first], *new, *self._entries[first:]])
            self.endInsertRows()

    def _take_places(self, entries: list[Entry]) -> None:
        self._entries = entries
        self._places = {entry: place for place, entry in enumerate(entries)}

    def _tell(self, *changed: Entry) -> None:
        for entry in changed:
            place = self._places.get(entry)
            if place is not None:
                self.dataChanged.emit(self.index(place), self.index(place))


def _entry_of(row: KeyRow) -> Entry:
    return Entry(row.request.exchange.id, row.id)


def _runs(entries: list[Entry], chosen: Callable[[Entry], bool]) -> Iterator[tuple[int, int]]:
    """First and last place of each unbroken run of chosen entries."""
    first: int | None = None
    for place, entry in enumerate(entries):
        if chosen(entry):
            first = place if first is None else first
        elif first is not None:
            yield first, place - 1
            first = None
    if first is not None:
        yield first, len(entries) - 1
