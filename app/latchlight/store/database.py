"""Connections to the one file, and transactions that are durable when they return.

Readers never wait for a writer (write-ahead log), two processes may work at once, and `synchronous=FULL`
makes every commit survive a kill or a power cut. Each connection is used by one thread at a time: it is
borrowed from a small pool and given back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from latchlight.store import refusals
from latchlight.store.schema import APPLICATION_ID, STEPS, VERSION

if TYPE_CHECKING:
    import sqlite3

_BUSY_SECONDS = 5.0
"""How long a writer waits for another process to finish."""

_SHORT_BUSY_SECONDS = 0.1
"""How long a write waits that may be left out."""

_MOST_CONNECTIONS = 8
_SMALL_FILE_PAGES = 2000
"""Files up to this size (8 MB) are checked through at opening: about 10 ms at most."""

_SET_UP = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)


class Database:
    """A pool of connections. All errors of SQLite come out as StoreError."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], most: int) -> None:
        self._connect = connect
        self._most = most
        self._open = 0
        self._idle: list[sqlite3.Connection] = []
        self._changed = threading.Condition()
        self._closed = False

    @classmethod
    def of_file(cls, file: Path) -> Database:
        """Open an existing (possibly empty) file and bring its tables up to date. StoreError."""
        database = cls(lambda: _connected(str(file)), _MOST_CONNECTIONS)
        return database._prepared()

    @classmethod
    def in_memory(cls) -> Database:
        """A database that ends with the process; one connection, so threads take turns."""
        return cls(lambda: _connected(":memory:"), most=1)._prepared()

    def _prepared(self) -> Database:
        try:
            with self.reading() as connection:
                _prepare(connection)
        except BaseException:
            self.close()
            raise
        return self

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for one or more queries. Do not nest."""
        import sqlite3

        connection = self._borrow()
        try:
            yield connection
        except sqlite3.Error as error:
            self._drop(connection)
            raise refusals.translate(error) from None
        except BaseException:
            self._drop(connection)
            raise
        self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is durable when this ends, or nothing of it if it raises."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def write_if_free(self, statement: str, values: tuple[str, ...]) -> bool:
        """One statement, durable when this returns True; False, and nothing written, while others write.

        For what no call may be held up by: it waits 0.1 s at most. StoreError for any other trouble.
        """
        import sqlite3

        with self.reading() as connection:
            _wait_at_most(connection, _SHORT_BUSY_SECONDS)
            try:
                connection.execute(statement, values)
            except sqlite3.OperationalError as error:
                if not refusals.is_busy(error):
                    raise
                return False
            finally:
                _wait_at_most(connection, _BUSY_SECONDS)
        return True

    def close(self) -> None:
        """Close what is idle now, and the rest as it is given back."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._open -= len(idle)
            self._changed.notify_all()
        for connection in idle:
            connection.close()

    def _borrow(self) -> sqlite3.Connection:
        with self._changed:
            while not self._closed and not self._idle and self._open >= self._most:
                self._changed.wait()
            if self._closed:
                raise refusals.closed()
            if self._idle:
                return self._idle.pop()
            self._open += 1
        try:
            return self._connect()
        except BaseException:
            self._forget()
            raise

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._changed:
            if not self._closed:
                self._idle.append(connection)
                self._changed.notify()
                return
        self._drop(connection)

    def _drop(self, connection: sqlite3.Connection) -> None:
        """Closing rolls back whatever was not committed. In memory, only that is done."""
        if self._most == 1 and not self._closed:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._give_back(connection)
            return
        connection.close()
        self._forget()

    def _forget(self) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify()


def _wait_at_most(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def _lenient(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _connected(path: str) -> sqlite3.Connection:
    import sqlite3

    try:
        connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise refusals.translate(error) from None
    connection.text_factory = _lenient  # a row that is no text must not hide the others
    try:
        for statement in _SET_UP:
            connection.execute(statement)
    except sqlite3.Error as error:
        connection.close()
        raise refusals.translate(error) from None
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Look before writing: a file that is not ours, newer or damaged is left untouched."""
    connection.execute("BEGIN")  # one moment for all that is looked at: others may be writing
    fresh = _look(connection)
    version = _number(connection, "user_version")
    connection.execute("COMMIT")
    if fresh:
        _switch_to_write_ahead_log(connection)
    if version < VERSION:
        _bring_up_to_date(connection)


def _look(connection: sqlite3.Connection) -> bool:
    """Whether the file is still empty. StoreError if it is anything but ours and sound."""
    version = _number(connection, "user_version")
    if version > VERSION:
        raise refusals.newer()
    application = _number(connection, "application_id")
    fresh = version == 0 and application == 0 and _is_empty(connection)
    if not fresh and (version == 0 or application != APPLICATION_ID):
        raise refusals.not_ours()
    if _number(connection, "page_count") <= _SMALL_FILE_PAGES:
        answer = connection.execute("PRAGMA quick_check(1)").fetchone()
        if answer is None or answer[0] != "ok":
            raise refusals.damaged()
    return fresh


def _switch_to_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Two processes that start together may both try; the loser waits for the winner and is done.

    SQLite does not wait at this statement itself, but at the start of a transaction it does.
    """
    import sqlite3

    for _ in range(20):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if refusals.translate(error).message != refusals.busy().message:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        else:
            return
    raise refusals.busy()


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    version = _number(connection, "user_version")  # another process may have been faster
    for step in STEPS[version:]:
        for statement in step.split(";\n"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {max(version, VERSION)}")
    connection.execute("COMMIT")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    return int(row[0])


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
