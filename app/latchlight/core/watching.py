"""What Latchlight may do by itself: all of it is off until the user chooses it. Pure."""

from __future__ import annotations

from latchlight.core.records import dataclass

SCHEDULE_MINUTES = (15, 60, 6 * 60, 24 * 60)
"""How often keys can be checked again; anything else means never."""


@dataclass(frozen=True)
class WatchChoices:
    """The part of the settings that is about watching."""

    every_minutes: int = 0
    """One of SCHEDULE_MINUTES; 0: never."""
    on_network: bool = False
    """Check when this computer's network became another one."""
    after_sleep: bool = False
    """Check when this computer woke up."""
    notices: bool = False
    """Tell beside the window, too: as a message of the desktop."""
    name_keys: bool = False
    """Whether such a message may name keys: a lock screen may show it."""
    stay: bool = False
    """Keep watching when the window is closed."""


NOTHING_WATCHED = WatchChoices()
