"""GNOME Keyring, and every other keyring that speaks the Secret Service protocol (KeePassXC, KWallet 6)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latchlight.core.sentences import Sentence, say
from latchlight.vault.names import PREFIX, USER
from latchlight.vault.ring import Ring, bare, viable

if TYPE_CHECKING:
    # On Linux only; the types of the rest are checked everywhere.
    from secretstorage import Collection, Item  # type: ignore[import-not-found, unused-ignore]

_CLEAR_TEXT = b"[keyring]"
"""First bytes of a keyring file of GNOME that has an empty password; encrypted ones: `GnomeKeyring`."""


class SecretService(Ring):
    """Reads and writes go through `keyring`; searching and removing see every collection."""

    name = "GNOME Keyring / Secret Service"

    def remove(self, service: str) -> None:
        """Remove every item with this name: `keyring` would remove the first one only."""
        with _items({"service": service, "username": USER}) as items:
            for item in items:
                if item.is_locked():
                    item.unlock()
                item.delete()

    def copies(self, service: str) -> int:
        """More than one if somebody stored a second item with one attribute more."""
        with _items({"service": service, "username": USER}) as items:
            return len(items)

    def found(self) -> list[str]:
        """Names can be read while the keyring is locked."""
        with _items({"username": USER}) as items:
            names = [item.get_attributes().get("service", "") for item in items]
        return [name for name in names if name.startswith(PREFIX)]

    def weakness(self) -> Sentence | None:
        """The default keyring of GNOME is a readable file if its password was left empty."""
        if not _is_clear_text(_default_keyring_file()):
            return None
        return say(
            "The password of your system keyring is empty, so its content lies readable on the disk."
            " Set a password for it in the program “Passwords and Keys”."
        )


def secret_service() -> SecretService | None:
    """The back-end if a Secret Service answers on the session bus."""
    try:
        from keyring.backends.SecretService import Keyring
    except ImportError:
        return None
    if not viable(Keyring):
        return None
    ring: Any = bare(Keyring)
    ring.appid = "Latchlight"
    ring.get_preferred_collection = _default_collection
    return SecretService(ring)


def _default_collection() -> Collection:
    """The user's default keyring, unlocked; the caller closes its connection.

    In place of `keyring`'s own, which leaves the connection open when the keyring stays locked, and
    which takes another keyring from a variable.
    """
    import secretstorage

    connection = secretstorage.dbus_init()
    try:
        collection = _existing_or_new(connection)
        if collection.is_locked() and collection.unlock():
            raise secretstorage.LockedException
    except BaseException:
        connection.close()
        raise
    return collection


def _existing_or_new(connection: Any) -> Collection:
    import secretstorage
    from keyring.errors import InitError

    try:
        return secretstorage.get_default_collection(connection)
    except secretstorage.PromptDismissedException as error:
        raise InitError from error


@contextmanager
def _items(attributes: dict[str, str]) -> Iterator[list[Item]]:
    """The items with these attributes, from all collections, locked ones too."""
    import secretstorage

    with closing(secretstorage.dbus_init()) as connection:
        yield list(secretstorage.search_items(connection, attributes))


def _default_keyring_file() -> Path:
    """Where gnome-keyring keeps its default keyring. A file `default` names another than `login`."""
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    folder = Path(data) / "keyrings"
    try:
        name = (folder / "default").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        name = ""
    if not name or "/" in name or name.startswith("."):
        name = "login"
    return folder / f"{name}.keyring"


def _is_clear_text(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(len(_CLEAR_TEXT)) == _CLEAR_TEXT
    except OSError:
        return False
