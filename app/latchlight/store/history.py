"""What happened: addresses seen, past reports, pauses asked for by exchanges, hosts contacted."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from latchlight.core.addresses import Address, plain
from latchlight.core.limits import LIMITS
from latchlight.core.profile import AddressSighting
from latchlight.store import refusals, rows
from latchlight.store.database import Database

_MOST_REPORTS = 200
"""Per key; older ones are dropped."""

_MOST_SIGHTINGS = 1000
"""Per address family."""

_CONTACT_REST = timedelta(hours=1)
"""The time of the last contact is written at most this often, because each write reaches the disk."""


class History:
    """The part of the store that grows by itself. Nothing here makes a light greener."""

    _database: Database

    def __init__(self) -> None:
        self._noted: dict[tuple[str, str], datetime] = {}
        self._noted_guard = threading.Lock()

    def note_address(self, address: Address, at: datetime) -> None:
        """This computer was seen under `address`; the same one as last time only extends that."""
        address = plain(address)
        family, text, now = address.version, str(address), rows.moment_text(at)
        with self._database.writing() as connection:
            latest = connection.execute(
                "SELECT id, address FROM sightings WHERE family = ? ORDER BY id DESC LIMIT 1",
                (family,),
            ).fetchone()
            if latest is not None and latest[1] == text:
                query = (
                    "UPDATE sightings SET first = min(first, ?), last = max(last, ?) WHERE id = ?"
                )
                connection.execute(query, (now, now, latest[0]))
                return
            query = "INSERT INTO sightings (family, address, first, last) VALUES (?, ?, ?, ?)"
            connection.execute(query, (family, text, now, now))
            connection.execute(
                "DELETE FROM sightings WHERE family = ? AND id NOT IN"
                " (SELECT id FROM sightings WHERE family = ? ORDER BY id DESC LIMIT ?)",
                (family, family, _MOST_SIGHTINGS),
            )

    def address_history(self, family: int, since: datetime) -> list[AddressSighting]:
        """What was seen of one family (4 or 6) at or after `since`, oldest first. StoreError."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT address, first, last FROM sightings WHERE family = ? AND last >= ?"
                " ORDER BY id",
                (family, rows.moment_text(since)),
            ).fetchall()
        try:
            return [rows.read_sighting(row) for row in found]
        except rows.RowError:
            raise refusals.unreadable_rows("an address of this computer") from None

    def save_report(self, label: str, light: str, finished_at: datetime, text: str) -> None:
        """Keep a finished report (JSON text). Dropped if the key was removed meanwhile."""
        with self._database.writing() as connection:
            row = connection.execute("SELECT id FROM profiles WHERE label = ?", (label,)).fetchone()
            if row is None:
                return
            query = "INSERT INTO reports (profile, light, finished_at, body) VALUES (?, ?, ?, ?)"
            connection.execute(query, (row[0], light, rows.moment_text(finished_at), text))
            connection.execute(
                "DELETE FROM reports WHERE profile = ? AND id NOT IN"
                " (SELECT id FROM reports WHERE profile = ? ORDER BY id DESC LIMIT ?)",
                (row[0], row[0], _MOST_REPORTS),
            )

    def reports(self, label: str, most: int = _MOST_REPORTS) -> list[rows.PastReport]:
        """Past reports of a key, newest first. Unreadable ones are left out: they decide nothing."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT p.label, r.light, r.finished_at, r.body FROM reports AS r"
                " JOIN profiles AS p ON p.id = r.profile WHERE p.label = ?"
                " ORDER BY r.id DESC LIMIT ?",
                (label, most),
            ).fetchall()
        readable = []
        for row in found:
            try:
                readable.append(rows.read_past_report(row))
            except rows.RowError:
                continue
        return readable

    def set_ban(self, host: str, until: datetime) -> None:
        """An exchange asked for a pause. A later end that is already known stays."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO bans (host, until) VALUES (?, ?)"
                " ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until)",
                (host, rows.moment_text(until)),
            )

    def ban_until(self, host: str, now: datetime) -> datetime | None:
        """The end of the pause that `host` asked for, None if it is over. StoreError if unreadable.

        An end further away than any pause can be comes from a clock that was wrong: it is cut, once.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT until FROM bans WHERE host = ?", (host,)).fetchone()
        if row is None:
            return None
        try:
            until = rows.moment(row[0])
        except rows.RowError:
            raise refusals.unreadable_rows("a pause that an exchange asked for") from None
        latest = now + timedelta(seconds=LIMITS.ban_seconds)
        if until > latest:
            self._shorten_ban(host, latest)
            return latest
        return until if until > now else None

    def _shorten_ban(self, host: str, until: datetime) -> None:
        with self._database.writing() as connection:
            query = "UPDATE bans SET until = min(until, ?) WHERE host = ?"
            connection.execute(query, (rows.moment_text(until), host))

    def note_contact(self, host: str, path: str, at: datetime) -> None:
        """This program is about to call `path` on `host`. Written the first time and once an hour.

        While another process writes it is left out: a signed call does not wait for a note about it.
        """
        with self._noted_guard:
            noted = self._noted.get((host, path))
            if noted is not None and noted <= at < noted + _CONTACT_REST:
                return
        now = rows.moment_text(at)
        written = self._database.write_if_free(
            "INSERT INTO contacts (host, path, first, last) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (host, path) DO UPDATE SET last = max(last, excluded.last)",
            (host, path, now, now),
        )
        if not written:
            return
        with self._noted_guard:
            self._noted[host, path] = at

    def contacts(self) -> list[rows.Contact]:
        """Every host and path ever contacted, by name. StoreError rather than a list with gaps."""
        with self._database.reading() as connection:
            query = "SELECT host, path, first, last FROM contacts ORDER BY host, path"
            found = connection.execute(query).fetchall()
        try:
            return [rows.read_contact(row) for row in found]
        except rows.RowError:
            raise refusals.unreadable_rows("a host that was contacted") from None

    def forget_history(self) -> None:
        """Remove past reports, lock tests, seen addresses and contacts. Keys, acceptances and pauses stay.

        A change to a new key stays, too, but not from which address the old one was accepted.
        """
        with self._database.writing() as connection:
            for table in ("reports", "sightings", "contacts", "accepted_from", "lock_tests"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
            query = "UPDATE rotations SET answered_from = '' WHERE answered_from <> ''"
            connection.execute(query)
        with self._noted_guard:
            self._noted.clear()
