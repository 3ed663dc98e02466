"""The stored keys, and what the user accepted about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from latchlight.core.errors import UsageError
from latchlight.core.limits import LIMITS
from latchlight.core.profile import Acceptance, Profile, label_skeleton
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.store import refusals, rows
from latchlight.store.database import Database
from latchlight.store.locks import forget_locks

if TYPE_CHECKING:
    import sqlite3

_LONGEST_REASON = 200


class Profiles:
    """The part of the store that knows the keys. Every method is one transaction."""

    _database: Database

    def profiles(self) -> list[Profile]:
        """All stored keys, by label. StoreError if one of them cannot be read: none is left out."""
        readable, unreadable = self.readable_profiles()
        if unreadable:
            raise refusals.unreadable_rows(", ".join(f"“{label}”" for label in unreadable))
        return readable

    def readable_profiles(self) -> tuple[list[Profile], list[str]]:
        """The stored keys that can be read, and the labels of those that cannot. Never drop these."""
        with self._database.reading() as connection:
            found = connection.execute(rows.SELECT_PROFILES).fetchall()
        readable, unreadable = [], []
        for row in found:
            try:
                readable.append(rows.read_profile(row))
            except rows.RowError:
                unreadable.append(_shown(row[1]))
        return sorted(readable, key=lambda profile: profile.label.casefold()), sorted(unreadable)

    def profile(self, label: str) -> Profile:
        """One stored key. UsageError if there is none of this exact label, StoreError if unreadable."""
        with self._database.reading() as connection:
            row = connection.execute(rows.SELECT_PROFILE, (_speakable(label),)).fetchone()
            similar = None if row else _label_like(connection, label)
        if row is None:
            raise _no_such_key(label, similar)
        try:
            return rows.read_profile(row)
        except rows.RowError:
            raise refusals.unreadable_rows(f"“{_shown(row[1])}”") from None

    def refuse_taken(self, label: str) -> None:
        """UsageError if a stored key has this label or one that looks like it."""
        with self._database.reading() as connection:
            _refuse_taken(connection, label)

    def add_profile(self, profile: Profile) -> None:
        """Store one more. UsageError if its label is taken."""
        values = rows.profile_values(profile)
        with self._database.writing() as connection:
            _refuse_taken(connection, profile.label)
            connection.execute(rows.INSERT_PROFILE, values)

    def update_profile(self, label: str, new: Profile, *, entry: str) -> None:
        """Replace what is known of `label`, also its name. UsageError: unknown, or the name is taken.

        `entry` is the keyring entry that was looked at: if another program put another key under the
        label since, nothing is changed and UsageError says so.
        Another API key under the same label, or another host, ends what was accepted about the old one,
        the change to a new key that it had a part in, and its lock test.
        """
        values = rows.profile_values(new)
        with self._database.writing() as connection:
            number = _number_of(connection, label, entry=entry)
            _refuse_taken(connection, new.label, but=number)
            host, known = _asked(connection, number)
            moved = host != new.host
            connection.execute(rows.UPDATE_PROFILE, (*values, number))
            connection.execute(
                "DELETE FROM acceptances WHERE profile = ? AND (? OR fingerprint <> ?)",
                (number, moved, new.fingerprint),
            )
            if moved or known != new.fingerprint:
                connection.execute("DELETE FROM rotations WHERE ? IN (old, new)", (new.entry,))
            if moved or (new.fingerprint, new.entry) != (known, entry):
                forget_locks(connection, entry)

    def remove_profile(self, label: str, *, entry: str) -> None:
        """Forget a key with its acceptances, past reports and lock test. UsageError if there is none.

        `entry` as for `update_profile`: the key that another program stored meanwhile stays.
        """
        with self._database.writing() as connection:
            number = _number_of(connection, label, entry=entry)
            connection.execute("DELETE FROM profiles WHERE id = ?", (number,))
            forget_locks(connection, entry)

    def labels_with_fingerprint(self, fingerprint: str) -> list[str]:
        """Under which labels the same API key is stored."""
        with self._database.reading() as connection:
            query = "SELECT label FROM profiles WHERE fingerprint = ? ORDER BY label"
            return [_shown(row[0]) for row in connection.execute(query, (fingerprint,))]

    def add_acceptance(self, acceptance: Acceptance, now: datetime) -> Acceptance:
        """Accept a finding, for at most 30 days from `now`; what was stored. UsageError.

        Refused are an unknown label, another API key than the stored one, an end in the past, and no
        reason.
        """
        longest = now + timedelta(days=LIMITS.acceptance_days)
        until = min(acceptance.until, longest)
        _check_acceptance(acceptance, until > now)
        kept = replace(acceptance, reason=acceptance.reason.strip(), until=until)
        values = rows.acceptance_values(kept)
        with self._database.writing() as connection:
            number = _number_of(connection, kept.label, fingerprint=kept.fingerprint)
            connection.execute(
                "INSERT OR REPLACE INTO acceptances"
                " (profile, rule, fingerprint, reason, until, basis) VALUES (?, ?, ?, ?, ?, ?)",
                (number, *values),
            )
        return kept

    def remove_acceptance(self, label: str, rule: str) -> None:
        """Take an acceptance back. Fine if there was none; UsageError for an unknown label."""
        with self._database.writing() as connection:
            number = _number_of(connection, label)
            query = "DELETE FROM acceptances WHERE profile = ? AND rule = ?"
            connection.execute(query, (number, rule))

    def acceptances(self, label: str, now: datetime | None = None) -> list[Acceptance]:
        """What was accepted about the key now stored under `label`; with `now`, only what still holds.

        A row that cannot be read, or that ends later than any acceptance can, accepts nothing.
        """
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT p.label, a.rule, a.fingerprint, a.reason, a.until, a.basis"
                " FROM acceptances AS a JOIN profiles AS p ON p.id = a.profile AND p.fingerprint = a.fingerprint"
                " WHERE p.label = ? ORDER BY a.rule",
                (_speakable(label),),
            ).fetchall()
        accepted = _readable(found, rows.read_acceptance)
        if now is None:
            return accepted
        latest = now + timedelta(days=LIMITS.acceptance_days)
        return [each for each in accepted if now < each.until <= latest]


def _readable(
    found: Iterable[tuple[object, ...]], read: Callable[[tuple[object, ...]], Acceptance]
) -> list[Acceptance]:
    readable = []
    for row in found:
        try:
            readable.append(read(row))
        except rows.RowError:
            continue
    return readable


def _shown(label: object) -> str:
    """A label from the file, fit to be put into a sentence whatever it holds."""
    if type(label) is not str or not label.isprintable():
        return "?"
    return label[: LIMITS.label_characters]


def _speakable(label: str) -> str:
    """Arguments of a command may hold bytes that are no text; SQLite would refuse them."""
    return label.encode("utf-8", "replace").decode("utf-8")


def _number_of(
    connection: sqlite3.Connection,
    label: str,
    *,
    fingerprint: str | None = None,
    entry: str | None = None,
) -> int:
    query = "SELECT id, fingerprint, entry FROM profiles WHERE label = ?"
    found = connection.execute(query, (_speakable(label),)).fetchone()
    if found is None:
        raise _no_such_key(label, _label_like(connection, label))
    if entry is not None and found[2] != entry:
        raise UsageError(
            say("“{label}” was changed by another program.", label=label),
            say("Look again, then decide."),
        )
    if fingerprint is not None and found[1] != fingerprint:
        raise UsageError(
            say("“{label}” holds another key by now.", label=label),
            say("Check it again, then decide."),
        )
    return int(found[0])


def _label_like(connection: sqlite3.Connection, label: str) -> str | None:
    query = "SELECT label FROM profiles WHERE skeleton = ?"
    row = connection.execute(query, (label_skeleton(_speakable(label)),)).fetchone()
    return _shown(row[0]) if row else None


def _refuse_taken(connection: sqlite3.Connection, label: str, but: int = 0) -> None:
    query = "SELECT label FROM profiles WHERE skeleton = ? AND id <> ?"
    row = connection.execute(query, (label_skeleton(_speakable(label)), but)).fetchone()
    if row is not None:
        raise UsageError(
            say("There is already a key called “{label}”.", label=_shown(row[0])),
            say("Choose another name, one that does not look the same."),
        )


def _no_such_key(label: str, similar: str | None) -> UsageError:
    message = say("There is no key called “{label}”.", label=_shown(label))
    if similar is not None:
        return UsageError(message, say("Did you mean “{label}”?", label=similar))
    return UsageError(message, say("See the list of stored keys for their names."))


def _check_acceptance(acceptance: Acceptance, ends_later: bool) -> None:
    reason = acceptance.reason.strip()
    if not reason or len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise UsageError(
            say("Accepting a finding needs a reason of one line, up to {most} characters.",
                most=_LONGEST_REASON),
            say("Write down why this is fine, so that you still know later."),
        )  # fmt: skip
    if not ends_later:
        raise UsageError(
            say("The end of the acceptance lies in the past."), say("Choose a later date.")
        )


def _asked(connection: sqlite3.Connection, number: int) -> tuple[str, str]:
    """Host and fingerprint: where is asked, and about which API key."""
    query = "SELECT host, fingerprint FROM profiles WHERE id = ?"
    row = connection.execute(query, (number,)).fetchone()
    return str(row[0]), str(row[1])
