"""Which keyring is used: an allow-list of classes, made directly and never looked up.

`keyring` would choose by an environment variable, by a configuration file that may even name a folder
with somebody's code, and by whatever package is installed; `null` forgets what it is given, `plaintext`
writes a readable file. None of this is asked. The instances are made without their constructor, because
it takes attributes from `KEYRING_PROPERTY_...` variables.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from latchlight.core.limits import LIMITS
from latchlight.core.sentences import Sentence
from latchlight.vault.deadline import within
from latchlight.vault.refusals import missing


class Backend(Protocol):
    """One system keyring. Methods may block, and raise whatever its libraries raise."""

    @property
    def name(self) -> str:
        """As people know it: "macOS Keychain"."""

    def read(self, service: str) -> str | None:
        """The value under a service name of ours, None if there is none."""

    def write(self, service: str, value: str) -> None:
        """Store a value under a service name that is not in use."""

    def remove(self, service: str) -> None:
        """Remove every item under this name. Fine if there is none; look afterwards."""

    def copies(self, service: str) -> int | None:
        """How many items answer to this name; None if this keyring cannot hold two or cannot tell."""

    def found(self) -> list[str] | None:
        """The service names of all items of ours, doubles included; None if it cannot be searched."""

    def weakness(self) -> Sentence | None:
        """What is known to be wrong with this keyring on this computer."""


def choose_backend(*, timeout: float = LIMITS.keyring_seconds) -> Backend:
    """The keyring of this system. VaultError when there is none, or when it does not answer."""
    for make in _candidates():
        backend = _within(timeout, make)
        if backend is not None:
            return backend
    raise missing()


def _within(timeout: float, make: Callable[[], Backend | None]) -> Backend | None:
    return within(timeout, lambda _: make())


def _candidates() -> tuple[Callable[[], Backend | None], ...]:
    if sys.platform == "win32":
        return (_windows,)
    if sys.platform == "darwin":
        return (_macos,)
    return (_secret_service, _kwallet)


def _windows() -> Backend | None:
    from latchlight.vault.windows import windows_credential_manager

    return windows_credential_manager()


def _macos() -> Backend | None:
    from latchlight.vault.macos import macos_keychain

    return macos_keychain()


def _secret_service() -> Backend | None:
    from latchlight.vault.secret_service import secret_service

    return secret_service()


def _kwallet() -> Backend | None:
    from latchlight.vault.kwallet import kwallet

    return kwallet()
