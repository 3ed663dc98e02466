"""Changes to a new key: which key gives way to which, and how far that is."""

from __future__ import annotations

from latchlight.core.rotation import Overlap, Rotation
from latchlight.store import refusals, rows
from latchlight.store.database import Database


class Rotations:
    """The part of the store that knows which keys are being replaced. Keys go by their entries."""

    _database: Database

    def rotations(self) -> list[Rotation]:
        """All of them. Rows that cannot be read are left out: they are begun anew."""
        with self._database.reading() as connection:
            found = connection.execute(f"{rows.SELECT_ROTATIONS} ORDER BY begun").fetchall()
        readable = []
        for row in found:
            try:
                readable.append(rows.read_rotation(row))
            except rows.RowError:
                continue
        return readable

    def keep_rotation(self, rotation: Rotation) -> None:
        """Remember how far it is. Dropped if one of the two keys was removed meanwhile."""
        values = rows.rotation_values(rotation)
        with self._database.writing() as connection:
            there = connection.execute(
                "SELECT count(*) FROM profiles WHERE entry IN (?, ?)", (rotation.old, rotation.new)
            ).fetchone()
            if there[0] == (2 if rotation.new else 1):
                connection.execute(rows.REPLACE_ROTATION, values)

    def forget_rotation(self, old: str) -> None:
        """The key stays after all, or the change is carried on without the store."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM rotations WHERE old = ?", (old,))

    def overlap(self, old: str) -> Overlap | None:
        """The key that works beside this one, which it is to replace; None if there is none.

        Also after the old key was found dead: one that is accepted all the same was not.
        StoreError where that cannot be read: two keys must not look like one.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT p.label, r.worked FROM rotations AS r JOIN profiles AS p ON p.entry = r.new"
                " WHERE r.old = ? AND r.worked IS NOT NULL",
                (old,),
            ).fetchone()
        if row is None:
            return None
        try:
            return Overlap(rows.text(row[0]), rows.moment(row[1]))
        except rows.RowError:
            raise refusals.unreadable_rows("the change to a new key") from None
