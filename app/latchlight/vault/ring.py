"""What all back-ends share: one instance of a `keyring` class, used for items of ours only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latchlight.core.sentences import Sentence
from latchlight.vault.names import USER

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


class Ring:
    """A `vault.backends.Backend` over a `keyring` class; what differs is in the classes below it."""

    name = ""

    def __init__(self, ring: KeyringBackend) -> None:
        self._ring = ring

    def read(self, service: str) -> str | None:
        """The value under this name."""
        return self._ring.get_password(service, USER)

    def write(self, service: str, value: str) -> None:
        """Store a value."""
        self._ring.set_password(service, USER, value)

    def remove(self, service: str) -> None:
        """Remove what is there. The class for "could not" also means "was not there": look afterwards."""
        from keyring.errors import PasswordDeleteError

        try:
            self._ring.delete_password(service, USER)
        except PasswordDeleteError:
            return

    def copies(self, service: str) -> int | None:
        """Not known in general."""
        return None

    def found(self) -> list[str] | None:
        """Not known in general."""
        return None

    def weakness(self) -> Sentence | None:
        """None known."""
        return None


def viable(kind: type[KeyringBackend]) -> bool:
    """Whether `keyring` says that this class can work here. A guess only: saving reads back."""
    try:
        return float(kind.priority) > 0
    except Exception:  # noqa: BLE001 - RuntimeError by contract, in practice whatever the bus raises
        return False


def bare(kind: type[KeyringBackend]) -> KeyringBackend:
    """An instance made without its constructor, which would read environment variables."""
    return kind.__new__(kind)
