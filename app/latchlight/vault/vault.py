"""Secrets in the system keyring: saved means read back equal, deleted means searched for and gone."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.errors import VaultError
from latchlight.core.limits import LIMITS
from latchlight.core.sentences import Sentence
from latchlight.vault import refusals
from latchlight.vault.backends import Backend, choose_backend
from latchlight.vault.deadline import Attempt, within
from latchlight.vault.document import LONGEST_TEXT, AlteredError, cut, join, read_head
from latchlight.vault.names import entry_of, every_service_name, service_name

T = TypeVar("T")


class Vault:
    """The keys of this user in one keyring. Every method may be called from any thread.

    Each operation takes at most `timeout` seconds and raises VaultError when it could not be done.
    An operation that was given up takes back what it wrote as soon as the keyring answers again.
    """

    def __init__(self, backend: Backend, *, timeout: float = LIMITS.keyring_seconds) -> None:
        self._backend = backend
        self._timeout = timeout
        self._locks: dict[str, threading.Lock] = {}
        self._locks_guard = threading.Lock()

    @property
    def name(self) -> str:
        """Which keyring this is, as people know it."""
        return self._backend.name

    def weakness(self) -> Sentence | None:
        """What is known to be wrong with this keyring, None if nothing is."""
        return within(self._timeout, lambda _: self._backend.weakness())

    def save(self, entry: str, credentials: Credentials) -> None:
        """Store under `entry` (32 hex digits), replacing what was there.

        Returns only after the same was read back. On failure nothing of it is left, or the error says so.
        """
        text = _as_text(credentials)
        if len(text) > LONGEST_TEXT:
            raise refusals.too_long()
        parts = cut(entry, text)
        self._do(entry, lambda attempt: self._replace(entry, parts, attempt))

    def load(self, entry: str, *, expected_hint: str) -> Credentials:
        """The credentials under `entry`, only if complete, unchanged and ending as `expected_hint`."""
        text = self._do(entry, lambda attempt: self._read(entry, attempt))
        credentials = _from_text(text)
        if credentials is None:
            raise refusals.altered()
        if credentials.hint != expected_hint:
            raise refusals.other_key()
        return credentials

    def delete(self, entry: str) -> None:
        """Remove every part and make sure that none is left. Fine if there was none."""
        self._do(entry, lambda _: self._remove(entry))

    def exists(self, entry: str) -> bool:
        """Whether there is an entry, sound or not. Asks no password where the keyring can search."""
        return self._do(entry, lambda _: self._is_there(entry))

    def leftovers(self, known_entries: Iterable[str]) -> list[str] | None:
        """Entries of ours that nobody knows any more; None if this keyring cannot be searched."""
        found = within(self._timeout, lambda _: self._backend.found())
        if found is None:
            return None
        entries = {entry for service in found if (entry := entry_of(service)) is not None}
        return sorted(entries - set(known_entries))

    def self_test(self) -> None:
        """Write, read back and delete a random value. Raises VaultError if the keyring fails at it."""
        entry = secrets.token_hex(16)
        key = secrets.token_hex(32)
        self.save(entry, Credentials(Secret(key), Secret(secrets.token_hex(32)), KeyKind.HMAC))
        try:
            self.load(entry, expected_hint=key_hint(key))
        finally:
            self.delete(entry)

    def _do(self, entry: str, work: Callable[[Attempt], T]) -> T:
        """One operation at a time per entry: one that was given up may still be taking things back."""
        service_name(entry, 0)  # refuses a malformed entry before anything is started

        def in_turn(attempt: Attempt) -> T:
            with self._lock_of(entry):
                attempt.go_on()
                return work(attempt)

        return within(self._timeout, in_turn)

    def _lock_of(self, entry: str) -> threading.Lock:
        with self._locks_guard:
            return self._locks.setdefault(entry, threading.Lock())

    def _replace(self, entry: str, parts: tuple[str, ...], attempt: Attempt) -> None:
        self._remove(entry)
        try:
            # The head comes last: without it there is no entry, whatever else was written.
            for number in reversed(range(len(parts))):
                attempt.go_on()
                self._put(service_name(entry, number), parts[number])
            attempt.keep()
        except Exception as error:
            self._take_back(entry, error)
            raise

    def _put(self, service: str, value: str) -> None:
        self._backend.write(service, value)
        copies = self._backend.copies(service)
        if copies not in (None, 1) or self._backend.read(service) != value:
            raise refusals.not_saved()

    def _take_back(self, entry: str, why: Exception) -> None:
        try:
            self._remove(entry)
        except Exception:  # noqa: BLE001 - whatever the keyring says now, the rest may still be there
            known = why if isinstance(why, VaultError) else refusals.translate(why)
            raise refusals.not_saved_and_left(known) from None

    def _read(self, entry: str, attempt: Attempt) -> str:
        first = self._get(service_name(entry, 0))
        if first is None:
            raise refusals.absent()
        try:
            head = read_head(first)
            pieces = []
            for number in range(1, head.following + 1):
                attempt.go_on()
                pieces.append(self._get(service_name(entry, number)) or "")
            return join(entry, head, pieces)
        except AlteredError:
            raise refusals.altered() from None

    def _get(self, service: str) -> str | None:
        if (self._backend.copies(service) or 0) > 1:
            raise refusals.ambiguous()
        value = self._backend.read(service)
        if value is not None and type(value) is not str:
            raise refusals.altered()
        return value

    def _is_there(self, entry: str) -> bool:
        head = service_name(entry, 0)
        copies = self._backend.copies(head)
        return copies > 0 if copies is not None else self._backend.read(head) is not None

    def _remove(self, entry: str) -> None:
        found = self._parts_found(entry)
        for service in dict.fromkeys(every_service_name(entry) if found is None else found):
            self._backend.remove(service)
        left = self._parts_found(entry)
        if left is None:
            left = [
                name for name in every_service_name(entry) if self._backend.read(name) is not None
            ]
        if left:
            raise refusals.still_there(len(left))

    def _parts_found(self, entry: str) -> list[str] | None:
        found = self._backend.found()
        return None if found is None else [name for name in found if entry_of(name) == entry]


def open_vault(*, timeout: float = LIMITS.keyring_seconds) -> Vault:
    """The vault on this system's keyring. VaultError when there is none, or when it does not answer."""
    return Vault(choose_backend(timeout=timeout), timeout=timeout)


def _as_text(credentials: Credentials) -> str:
    """One line of ASCII with everything that is secret. The only place of the vault that reveals."""
    parts = {
        "api_key": credentials.api_key,
        "secret": credentials.secret,
        "passphrase": credentials.passphrase,
    }
    document = {name: part.reveal() for name, part in parts.items() if part is not None}
    return json.dumps({"kind": credentials.kind.value, **document})


def _from_text(text: str) -> Credentials | None:
    """What `_as_text` made, None if it is anything else."""
    try:
        document = json.loads(text)
        if not isinstance(document, dict) or not all(type(v) is str for v in document.values()):
            return None
        kind = KeyKind(document.pop("kind"))
        api_key, secret = document.pop("api_key"), document.pop("secret")
        passphrase = document.pop("passphrase", None)
    except (ValueError, KeyError, RecursionError):
        return None
    if document:
        return None
    hidden = None if passphrase is None else Secret(passphrase)
    return Credentials(Secret(api_key), Secret(secret), kind, hidden, key_hint(api_key))
