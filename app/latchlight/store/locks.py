"""From which addresses each key was accepted, and what its last lock test showed.

A row belongs to the keyring entry of a stored key, or to the id of a practice key in a store that
lives in memory. It goes with the key, and with the history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from latchlight.core.addresses import Address, parse_address, plain
from latchlight.core.lock_test import LockTest, outweighs
from latchlight.store import refusals, rows
from latchlight.store.database import Database
from latchlight.store.lock_rows import lock_text, read_lock

if TYPE_CHECKING:
    import sqlite3

_MOST_ADDRESSES = 200
"""Per key; those not seen for longest are dropped."""


class Locks:
    """The part of the store that a lock test rests on."""

    _database: Database

    def note_accepted(self, owner: str, addresses: Iterable[Address], at: datetime) -> None:
        """The exchange accepted this key from these addresses."""
        now = rows.moment_text(at)
        with self._database.writing() as connection:
            for address in addresses:
                connection.execute(
                    "INSERT INTO accepted_from (owner, address, last) VALUES (?, ?, ?)"
                    " ON CONFLICT (owner, address) DO UPDATE SET last = max(last, excluded.last)",
                    (owner, str(plain(address)), now),
                )
            connection.execute(
                "DELETE FROM accepted_from WHERE owner = ? AND address NOT IN (SELECT address FROM"
                " accepted_from WHERE owner = ? ORDER BY last DESC, address LIMIT ?)",
                (owner, owner, _MOST_ADDRESSES),
            )

    def accepted_from(self, owner: str, since: datetime) -> tuple[Address, ...]:
        """Every address from which the key was accepted at or after `since`, the latest first.

        StoreError where one cannot be read: an address that is missing here would pass for a foreign one.
        """
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT address FROM accepted_from WHERE owner = ? AND last >= ?"
                " ORDER BY last DESC, address",
                (owner, rows.moment_text(since)),
            ).fetchall()
        try:
            return tuple(parse_address(rows.text(row[0])) for row in found)
        except ValueError:
            raise refusals.unreadable_rows("an address from which a key was accepted") from None

    def keep_lock_test(self, owner: str, test: LockTest) -> bool:
        """Remember a test in the place of the one before. False: dropped, because the key is another
        one by now or because the test before outweighs it.

        ValueError for a test that could not be read again.
        """
        text = lock_text(test)
        with self._database.writing() as connection:
            if not test.practice and not _is_still(connection, owner, test):
                return False
            if _is_outweighed(connection, owner, test):
                return False
            query = "INSERT OR REPLACE INTO lock_tests (owner, body) VALUES (?, ?)"
            connection.execute(query, (owner, text))
        return True

    def lock_test(self, owner: str) -> LockTest | None:
        """The last test of this key. StoreError where there was one and it cannot be read."""
        with self._database.reading() as connection:
            query = "SELECT body FROM lock_tests WHERE owner = ?"
            row = connection.execute(query, (owner,)).fetchone()
        if row is None:
            return None
        try:
            return read_lock(row[0])
        except rows.RowError:
            raise refusals.unreadable_rows("a lock test") from None

    def forget_visit(self, addresses: Iterable[Address], since: datetime) -> None:
        """This computer was at these addresses for a lock test only: its own line did not change."""
        gone = {str(plain(address)) for address in addresses}
        with self._database.writing() as connection:
            for address in gone:
                query = "DELETE FROM sightings WHERE address = ? AND first >= ?"
                connection.execute(query, (address, rows.moment_text(since)))
            for family in (4, 6):
                _join_neighbours(connection, family)


def forget_locks(connection: sqlite3.Connection, owner: str) -> None:
    """Everything of one key, within a transaction of the caller."""
    for table in ("lock_tests", "accepted_from"):
        connection.execute(f"DELETE FROM {table} WHERE owner = ?", (owner,))  # noqa: S608 - our own


def _is_still(connection: sqlite3.Connection, owner: str, test: LockTest) -> bool:
    query = "SELECT fingerprint, host FROM profiles WHERE entry = ?"
    found = connection.execute(query, (owner,)).fetchone()
    return found is not None and tuple(found) == (test.fingerprint, test.host)


def _is_outweighed(connection: sqlite3.Connection, owner: str, test: LockTest) -> bool:
    query = "SELECT body FROM lock_tests WHERE owner = ?"
    row = connection.execute(query, (owner,)).fetchone()
    try:
        return row is not None and outweighs(read_lock(row[0]), test)
    except rows.RowError:
        return False


def _join_neighbours(connection: sqlite3.Connection, family: int) -> None:
    """Before and after a visit stands the same address: one sighting, not two."""
    query = "SELECT id, address, last FROM sightings WHERE family = ? ORDER BY id"
    kept: tuple[int, str] | None = None
    for number, address, last in connection.execute(query, (family,)).fetchall():
        if kept is not None and kept[1] == address:
            connection.execute(
                "UPDATE sightings SET last = max(last, ?) WHERE id = ?", (last, kept[0])
            )
            connection.execute("DELETE FROM sightings WHERE id = ?", (number,))
        else:
            kept = (number, address)
