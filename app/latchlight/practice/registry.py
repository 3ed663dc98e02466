"""The keys that a practice exchange knows, and the rules by which its page lets them be changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from latchlight.core.addresses import (
    AddressKind,
    Network,
    contains,
    kind_of,
    parse_address,
    parse_network,
)
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
    passphrase: str | None = field(repr=False)
    """The right one; None where the exchange has none."""
    uid: int
    """A made-up account number, always the same for a key of this name."""
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
class PageWords:
    """The exchange's own words on its page."""

    title: str
    """Of the whole page, such as "API Management"."""
    edit: str
    """Title of one key's page, and the button that leads there."""
    create: str
    """The button with which a new key is begun, and the one that makes it."""
    addresses: str
    """Legend of the part with the addresses."""
    open: str
    """Label of the choice that lets every address in."""
    restricted: str
    """Label of the choice that lets only the listed addresses in."""
    hint: str
    """Under the list: what may be written there."""
    warning: str
    """Under the open choice; "" for none."""
    boxes: str
    """Legend of the permission boxes."""
    save: str
    """The button that saves."""
    delete: str = "Delete"
    """The button that deletes the key; no source gives the exchanges' own words."""


@dataclass(frozen=True)
class HouseRules:
    """What the exchange's page accepts."""

    switches: tuple[Switch, ...]
    most_addresses: int
    need_addresses: frozenset[str]
    """Permissions that cannot be on without an address restriction."""
    words: PageWords
    ranges: bool = False
    """Whether the list of addresses may hold ranges."""
    ipv6: bool = False
    """Whether the list of addresses may hold IPv6."""


class Registry:
    """All keys of one exchange. Thread-safe; a change acts on the next call."""

    def __init__(self, rules: HouseRules) -> None:
        self.rules = rules
        self._lock = Lock()
        self._by_name: dict[str, KeyRecord] = {}
        self._names: dict[str, str] = {}
        self._made = 0

    def add(self, record: KeyRecord) -> None:
        """Register a key."""
        with self._lock:
            self._by_name[record.name] = record
            self._names[record.api_key] = record.name

    def free_name(self) -> str:
        """A name that no key has or had."""
        with self._lock:
            self._made += 1
            return f"new-key-{self._made}"

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

    def remove(self, name: str) -> None:
        """Delete a key for good: from the next call on it is unknown. Raises KeyError."""
        with self._lock:
            record = self._by_name.pop(name)
            del self._names[record.api_key]

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


def seen_address(record: KeyRecord, egress: str) -> str:
    """Where the exchange sees calls with this key come from; `egress` unless planned otherwise."""
    return record.plan.seen_from or egress


def lets_in(state: KeyState, address: str) -> bool:
    """Whether the key may be used from this address. Raises ValueError for what is no address."""
    if not state.restricted:
        return True
    return contains(map(parse_network, state.addresses), parse_address(address))


def checked(state: KeyState, rules: HouseRules) -> KeyState:
    """The state as the exchange would save it. Raises InputError with the reason."""
    addresses = _checked_addresses(state.addresses, rules)
    if state.restricted and not addresses:
        raise InputError(
            say("The list of addresses is empty."),
            say("Add at least one address, or choose “{open}”.", open=rules.words.open),
            "addresses",
        )
    if not state.restricted:
        _check_unrestricted(state, rules)
    return replace(state, addresses=addresses if state.restricted else ())


def _check_unrestricted(state: KeyState, rules: HouseRules) -> None:
    for switch in rules.switches:
        if switch.field in rules.need_addresses and switch.field in state.switches:
            raise InputError(
                say("“{label}” needs a list of addresses.", label=switch.label),
                say(
                    "Choose “{restricted}” first, or leave that box empty.",
                    restricted=rules.words.restricted,
                ),
                switch.field,
            )


def _checked_addresses(addresses: tuple[str, ...], rules: HouseRules) -> tuple[str, ...]:
    """Public addresses and ranges without doubles. Raises InputError."""
    found = dict.fromkeys(
        checked_address(text, ranges=rules.ranges, ipv6=rules.ipv6) for text in addresses
    )
    if len(found) > rules.most_addresses:
        raise InputError(
            say("{count} addresses are too many.", count=len(found)),
            say("A key can have up to {most} addresses.", most=rules.most_addresses),
            "addresses",
        )
    return tuple(found)


def checked_address(text: str, *, ranges: bool = False, ipv6: bool = False) -> str:
    """One public address, or range if allowed, in its usual form. Raises InputError.

    Documentation addresses (RFC 5737) count as public: the practice network is made of them.
    """
    shown = text.strip()[:60]
    if "/" in shown and not ranges:
        raise InputError(
            say("“{text}” is a range.", text=shown),
            say("Only single addresses are accepted, such as 203.0.113.7."),
            "addresses",
        )
    network = _parsed(shown)
    if network is None or not (ipv6 or network.version == 4):
        raise _not_an_address(shown, ipv6)
    allowed = (AddressKind.PUBLIC, AddressKind.DOCUMENTATION)
    if any(kind_of(end) not in allowed for end in (network[0], network[-1])):
        raise InputError(
            say("{text} is not an address on the internet.", text=shown),
            say("Use the public address that the exchange sees."),
            "addresses",
        )
    return str(network) if "/" in shown else str(network.network_address)


def _parsed(text: str) -> Network | None:
    try:
        # A single address goes through the reader that knows its other ways of being written.
        return parse_network(text if "/" in text else str(parse_address(text)))
    except ValueError:
        return None


def _not_an_address(shown: str, ipv6: bool) -> InputError:
    if "/" in shown:
        return InputError(
            say("“{text}” is not a range that is accepted here.", text=shown),
            say("Write it like 203.0.113.0/24: the first address of the range and its length."),
            "addresses",
        )
    if ipv6:
        return InputError(
            say("“{text}” is not an address.", text=shown),
            say("Write it like 203.0.113.7 or 2001:db8::7."),
            "addresses",
        )
    return InputError(
        say("“{text}” is not an IPv4 address.", text=shown),
        say("Write it like 203.0.113.7."),
        "addresses",
    )
