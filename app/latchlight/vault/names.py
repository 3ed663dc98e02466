"""How our items are called in the keyring. Names stay readable while it is locked: they tell nothing.

Every part of an entry has a service name of its own. The Windows back-end would otherwise move the
old secret of a replaced entry to a second name and leave it there.
"""

from __future__ import annotations

import re

USER = "latchlight"
"""The user name of every item of ours."""

PREFIX = "latchlight:"
"""What the service name of every item of ours begins with."""

MOST_PARTS = 16
"""An entry has at most this many parts; the longest key in use (RSA-4096, encrypted) needs five."""

_ENTRY = re.compile(r"[0-9a-f]{32}")
_SERVICE = re.compile(r"latchlight:([0-9a-f]{32}):([0-9]{1,2})")


def service_name(entry: str, part: int) -> str:
    """The service name of one part; part 0 is the head. ValueError if `entry` is not 32 hex digits."""
    if _ENTRY.fullmatch(entry) is None:
        raise ValueError("an entry is named by 32 hex digits")
    return f"{PREFIX}{entry}:{part}"


def every_service_name(entry: str) -> tuple[str, ...]:
    """All names that parts of this entry can have, the head first."""
    return tuple(service_name(entry, part) for part in range(MOST_PARTS))


def entry_of(service: str) -> str | None:
    """The entry to which a service name belongs, None if the name is not one of ours."""
    found = _SERVICE.fullmatch(service)
    return found.group(1) if found else None
