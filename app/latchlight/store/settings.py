"""What the user chose, and the salt of this installation. A value that makes no sense is the default."""

from __future__ import annotations

import re
import secrets
from enum import Enum

from latchlight.core.limits import LIMITS
from latchlight.core.watching import SCHEDULE_MINUTES, WatchChoices
from latchlight.store import refusals, rows
from latchlight.store.database import Database

_SALT = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[A-Za-z_]{2,20}")
_LONGEST_AGE_DAYS = 3650
_WATCH_SWITCHES = ("on_network", "after_sleep", "notices", "name_keys", "stay")


class Theme(Enum):
    """How the window looks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Settings:
    """The part of the store that the settings page shows."""

    _database: Database

    def setting(self, name: str) -> str | None:
        """The text under `name`, None if it was never set or cannot be read."""
        with self._database.reading() as connection:
            query = "SELECT value FROM settings WHERE name = ?"
            row = connection.execute(query, (name,)).fetchone()
        return row[0] if row is not None and type(row[0]) is str else None

    def set_setting(self, name: str, value: str) -> None:
        """Remember a text under `name`."""
        with self._database.writing() as connection:
            query = "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)"
            connection.execute(query, (name, value))

    @property
    def theme(self) -> Theme:
        """Light, dark, or as the system has it."""
        value = self.setting("theme")
        return Theme(value) if value in {theme.value for theme in Theme} else Theme.SYSTEM

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self.set_setting("theme", theme.value)

    @property
    def language(self) -> str:
        """The code of a language; empty for that of the system."""
        value = self.setting("language") or ""
        return value if _LANGUAGE.fullmatch(value) else ""

    @language.setter
    def language(self, code: str) -> None:
        self.set_setting("language", code)

    @property
    def key_age_days(self) -> int:
        """Age in days at which a key is called old."""
        value = self.setting("key_age_days") or ""
        if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= _LONGEST_AGE_DAYS:
            return LIMITS.key_age_days
        return int(value)

    @key_age_days.setter
    def key_age_days(self, days: int) -> None:
        self.set_setting("key_age_days", str(min(max(days, 1), _LONGEST_AGE_DAYS)))

    @property
    def force_ipv4(self) -> bool:
        """Whether exchanges are called over IPv4 only: most lists of addresses hold nothing else."""
        return self.setting("force_ipv4") != "no"

    @force_ipv4.setter
    def force_ipv4(self, forced: bool) -> None:
        self.set_setting("force_ipv4", "yes" if forced else "no")

    @property
    def address_lookups(self) -> bool:
        """Whether address services may be asked for the public address."""
        return self.setting("address_lookups") != "no"

    @address_lookups.setter
    def address_lookups(self, allowed: bool) -> None:
        self.set_setting("address_lookups", "yes" if allowed else "no")

    @property
    def watching(self) -> WatchChoices:
        """What may be done without being asked each time; whatever makes no sense is off."""
        every = self.setting("watch_every_minutes") or ""
        known = every in {str(minutes) for minutes in SCHEDULE_MINUTES}
        chosen = {name: self.setting(f"watch_{name}") == "yes" for name in _WATCH_SWITCHES}
        return WatchChoices(every_minutes=int(every) if known else 0, **chosen)

    @watching.setter
    def watching(self, choices: WatchChoices) -> None:
        for name in _WATCH_SWITCHES:
            self.set_setting(f"watch_{name}", "yes" if getattr(choices, name) else "no")
        self.set_setting("watch_every_minutes", str(choices.every_minutes))

    @property
    def salt(self) -> bytes:
        """32 random bytes of this installation, made once: two processes that start together agree."""
        value = self.setting("salt")
        if value is None:
            value = self._made_salt()
        if _SALT.fullmatch(value) is None:
            raise refusals.unreadable_rows("the random number of this installation")
        return bytes.fromhex(value)

    def _made_salt(self) -> str:
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO settings (name, value) VALUES ('salt', ?)",
                (secrets.token_hex(32),),
            )
            row = connection.execute("SELECT value FROM settings WHERE name = 'salt'").fetchone()
        return rows.text(row[0]) if type(row[0]) is str else ""
