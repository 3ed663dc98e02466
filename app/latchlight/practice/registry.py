"""The keys that a practice exchange knows, and the rules by which its page lets them be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from threading import Lock

from latchlight.core.addresses import AddressKind, kind_of, parse_address
from latchlight.core.credentials import KeyKind
from latchlight.core.errors import InputError
from latchlight.core.sentences import say
from latchlight.practice.keys import KeyPlan, KeyState


@dataclass(frozen=True)
class KeyRecord:
    """One key as the exchange knows it. Times in seconds since 1970 UTC."""

    name: str
    api_key: str = field(repr=False)
    kind: KeyKind
    known_secret: Callable[[], str] = field(repr=False)
    """Secret (HMAC) or public key (PEM) to check signatures with; may wait for RSA."""
    plan: KeyPlan = field(repr=False)
    created: float
    ends: float | None
    state: KeyState


@dataclass(frozen=True)
class Switch:
    """One permission box on the exchange's page. `field` is its name in answers."""

    field: str
    label: str


@dataclass(frozen=True)
class HouseRules:
    """What the exchange's page accepts."""

    switches: tuple[Switch, ...]
    most_addresses: int
    need_addresses: frozenset[str]
    """Permissions that cannot be on without an address restriction."""


class Registry:
    """All keys of one exchange. Thread-safe; a change acts on the next call."""

    def __init__(self, rules: HouseRules) -> None:
        self.rules = rules
        self._lock = Lock()
        self._by_name: dict[str, KeyRecord] = {}
        self._names: dict[str, str] = {}

    def add(self, record: KeyRecord) -> None:
        """Register a key."""
        with self._lock:
            self._by_name[record.name] = record
            self._names[record.api_key] = record.name

    def find(self, api_key: str) -> KeyRecord | None:
        """The key with this API key, as it is at this moment."""
        with self._lock:
            name = self._names.get(api_key)
            return None if name is None else self._by_name[name]

    def named(self, name: str) -> KeyRecord | None:
        """The key with this practice name."""
        with self._lock:
            return self._by_name.get(name)

    def records(self) -> tuple[KeyRecord, ...]:
        """All keys in the order in which they were made."""
        with self._lock:
            return tuple(self._by_name.values())

    def change(self, name: str, state: KeyState) -> KeyState:
        """Save what was switched on the page and return it. Raises InputError, KeyError."""
        state = checked(state, self.rules)
        shown = {switch.field for switch in self.rules.switches}
        with self._lock:
            record = self._by_name[name]
            # What the page does not show cannot be switched there and stays as it is.
            hidden = record.state.switches - shown
            state = replace(state, switches=(state.switches & shown) | hidden)
            self._by_name[name] = replace(record, state=state)
        return state


def checked(state: KeyState, rules: HouseRules) -> KeyState:
    """The state as the exchange would save it. Raises InputError with the reason."""
    addresses = checked_addresses(state.addresses, rules.most_addresses)
    if state.restricted and not addresses:
        raise InputError(
            say("The list of trusted IPs is empty."),
            say("Add at least one address, or choose “Unrestricted”."),
            "addresses",
        )
    if not state.restricted:
        _check_unrestricted(state, rules)
    return replace(state, addresses=addresses if state.restricted else ())


def _check_unrestricted(state: KeyState, rules: HouseRules) -> None:
    for switch in rules.switches:
        if switch.field in rules.need_addresses and switch.field in state.switches:
            raise InputError(
                say("“{label}” needs an IP access restriction.", label=switch.label),
                say("Restrict access to trusted IPs first, or leave that box empty."),
                switch.field,
            )


def checked_addresses(addresses: Iterable[str], most: int) -> tuple[str, ...]:
    """Single public IPv4 addresses without doubles. Raises InputError."""
    found: dict[str, None] = {}
    for text in addresses:
        found[checked_address(text)] = None
    if len(found) > most:
        raise InputError(
            say("{count} addresses are too many.", count=len(found)),
            say("A key can have up to {most} trusted IPs.", most=most),
            "addresses",
        )
    return tuple(found)


def checked_address(text: str) -> str:
    """One public IPv4 address in its usual form. Raises InputError.

    Documentation addresses (RFC 5737) count as public: the practice network is made of them.
    """
    shown = text.strip()[:60]
    if "/" in shown:
        raise InputError(
            say("“{text}” is a range.", text=shown),
            say("Only single addresses are accepted, such as 203.0.113.7."),
            "addresses",
        )
    try:
        address = parse_address(shown)
    except ValueError:
        address = None
    if address is None or address.version != 4:
        raise InputError(
            say("“{text}” is not an IPv4 address.", text=shown),
            say("Write it like 203.0.113.7."),
            "addresses",
        )
    if kind_of(address) not in (AddressKind.PUBLIC, AddressKind.DOCUMENTATION):
        raise InputError(
            say("{text} is not an address on the internet.", text=shown),
            say("Use the public address that the exchange sees."),
            "addresses",
        )
    return str(address)
