"""The one object behind which all of this lies."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from latchlight.store.database import Database
from latchlight.store.history import History
from latchlight.store.locks import Locks
from latchlight.store.place import data_folder, private_file, set_aside
from latchlight.store.profiles import Profiles
from latchlight.store.rotations import Rotations
from latchlight.store.settings import Settings


class Store(Profiles, Rotations, History, Locks, Settings):
    """Everything remembered that is not secret. Raises StoreError, and UsageError for wrong labels.

    Every method may be called from any thread, and by several processes on one file at once. What a
    method wrote is durable when it returns. Times are aware and kept in UTC.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    @classmethod
    def open(cls, folder: Path | None = None) -> Store:
        """The store in `folder`, by default the user's data folder; made if there is none.

        Whatever cannot be read is left untouched: see `set_aside`.
        """
        return cls(Database.of_file(private_file(folder or data_folder())))

    @classmethod
    def in_memory(cls) -> Store:
        """A store that forgets everything when closed."""
        return cls(Database.in_memory())

    @staticmethod
    def set_aside(folder: Path | None = None) -> Path:
        """Rename a file that cannot be read, on the user's word; the new name."""
        return set_aside(folder)

    def close(self) -> None:
        """Close the file. Afterwards every method raises StoreError."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
