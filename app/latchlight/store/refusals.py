"""What is said when the file cannot be read or written. Nothing here overwrites it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latchlight.core.errors import StoreError
from latchlight.core.sentences import say

if TYPE_CHECKING:
    import sqlite3

_ASIDE = say("It is left as it is. Set it aside to start with an empty one; your keys stay stored.")


def no_folder() -> StoreError:
    """There is no place for the file."""
    return StoreError(
        say("Latchlight has no folder of its own to write to."),
        say("Give this user a home folder that it may write to. Until then nothing is remembered."),
    )


def foreign() -> StoreError:
    """File or folder belongs to another user of this computer."""
    return StoreError(
        say("The folder or file with Latchlight's list of keys belongs to another user."),
        say("Start Latchlight as the user who made it, never with administrator rights."),
    )


def not_a_file() -> StoreError:
    """A folder, a link, a pipe or a device has the name of our file."""
    return StoreError(
        say("Where Latchlight's list of keys should be, there is something other than a file."),
        _ASIDE,
    )


def nothing_there() -> StoreError:
    """Asked to set aside what does not exist."""
    return StoreError(
        say("There is no file with a list of keys to set aside."),
        say("Just start Latchlight again."),
    )


def not_ours() -> StoreError:
    """It is a file, but not one that this program made."""
    return StoreError(say("The file with Latchlight's list of keys holds something else."), _ASIDE)


def damaged() -> StoreError:
    """It was ours, and is broken or cut."""
    return StoreError(say("The file with Latchlight's list of keys is damaged."), _ASIDE)


def newer() -> StoreError:
    """A later version of this program wrote it."""
    return StoreError(
        say("Latchlight's list of keys was written by a newer version."),
        say("Install the newest version of Latchlight. The file is left as it is."),
    )


def busy() -> StoreError:
    """Another process holds it."""
    return StoreError(
        say("Latchlight's list of keys is in use by another Latchlight."),
        say("Wait a moment and try again, or close the other one."),
    )


def full() -> StoreError:
    """No room."""
    return StoreError(
        say("The disk is full, so nothing was written. What was stored before is unchanged."),
        say("Make room on the disk and try again."),
    )


def read_only() -> StoreError:
    """No permission."""
    return StoreError(
        say("Latchlight may not write to its list of keys, so nothing was changed."),
        say("Allow this user to write to Latchlight's folder, then try again."),
    )


def unreadable_rows(where: str) -> StoreError:
    """Single rows hold nonsense; the others are fine. `where` names them in words."""
    return StoreError(
        say("A row of Latchlight's list of keys cannot be read: {where}.", where=where), _ASIDE
    )


def disk_fault() -> StoreError:
    """Anything else that the system or SQLite reports."""
    return StoreError(
        say("Latchlight's list of keys could not be read or written."),
        say("Try again. If it stays like this, look after the disk. Nothing was changed."),
    )


def closed() -> StoreError:
    """The program is about to end."""
    return StoreError(
        say("Latchlight is closing its list of keys."), say("Start Latchlight again.")
    )


# Primary result codes of SQLite (sqlite.org/rescode.html), the low byte of what it reports.
_BY_CODE = {
    3: read_only,  # PERM
    5: busy,  # BUSY
    6: busy,  # LOCKED
    8: read_only,  # READONLY
    11: damaged,  # CORRUPT
    13: full,  # FULL
    14: read_only,  # CANTOPEN
    26: not_ours,  # NOTADB
}


def translate(error: sqlite3.Error) -> StoreError:
    """Our sentence for an error of SQLite."""
    code = getattr(error, "sqlite_errorcode", None)
    if type(code) is not int:
        return disk_fault()
    return _BY_CODE.get(code & 0xFF, disk_fault)()


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else is writing, and nothing else is wrong."""
    code = getattr(error, "sqlite_errorcode", None)
    return type(code) is int and _BY_CODE.get(code & 0xFF) is busy


def of_system(error: OSError) -> StoreError:
    """Our sentence for an error of the operating system."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC):
        return full()
    return no_folder()
