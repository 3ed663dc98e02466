"""A keyring in memory whose every step can be made to go wrong."""

from __future__ import annotations

from collections.abc import Callable

from latchlight.core.sentences import Sentence


class MemoryKeyring:
    """A `vault.backends.Backend`. Replace a hook to inject a fault; hooks get the step's arguments.

    `searchable=False` behaves like the macOS Keychain: no list of items, no count of doubles.
    """

    name = "Keyring in memory"

    def __init__(self, *, searchable: bool = True) -> None:
        self.items: list[tuple[str, str]] = []
        self.searchable = searchable
        self.calls: list[tuple[str, str]] = []
        self.before_read: Callable[[str], None] = lambda service: None
        self.before_write: Callable[[str, str], None] = lambda service, value: None
        self.before_remove: Callable[[str], None] = lambda service: None
        self.given_back: Callable[[str | None], str | None] = lambda value: value
        self.removes = True
        self.keeps = True

    def read(self, service: str) -> str | None:
        """The first value under this name, after `given_back`."""
        self.calls.append(("read", service))
        self.before_read(service)
        values = [value for name, value in self.items if name == service]
        return self.given_back(values[0] if values else None)

    def write(self, service: str, value: str) -> None:
        """Store, unless `keeps` is off: then it is silently lost."""
        self.calls.append(("write", service))
        self.before_write(service, value)
        if self.keeps:
            self.items.append((service, value))

    def remove(self, service: str) -> None:
        """Remove all, unless `removes` is off."""
        self.calls.append(("remove", service))
        self.before_remove(service)
        if self.removes:
            self.items = [item for item in self.items if item[0] != service]

    def copies(self, service: str) -> int | None:
        """How many there are."""
        return self.names().count(service) if self.searchable else None

    def found(self) -> list[str] | None:
        """All names."""
        return self.names() if self.searchable else None

    def weakness(self) -> Sentence | None:
        """None."""
        return None

    def names(self) -> list[str]:
        """What a test looks at: the names of all items, whether searchable or not."""
        return [name for name, _ in self.items]
