"""Which addresses belong on a key's whitelist, and how the list that the exchange shows compares.

Pure: from the set-up, the addresses the user named and what the exchange told to a plan and its
comparison. Words for people are in `plan_words.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from latchlight.core.addresses import Address, Network, contains
from latchlight.core.errors import InputError
from latchlight.core.facts import KeyFacts, Known, Readable, is_false, is_true
from latchlight.core.fixes import AddressForm
from latchlight.core.named_addresses import read_addresses
from latchlight.core.purpose import Setup
from latchlight.core.records import dataclass
from latchlight.core.sentences import say


class Slot(Enum):
    """A place on the list, named after who stands behind the address."""

    THIS_COMPUTER = "this-computer"
    SERVER = "server"
    STAND_IN = "stand-in"
    ENVIRONMENT = "environment"
    """The server of the one environment, staging or production, that this key serves."""
    FIXED_EXIT = "fixed-exit"
    SECOND_EXIT = "second-exit"
    HOME = "home"
    EXTRA = "extra"
    """Named by the user, but more than the set-up needs."""


SLOTS: dict[Setup, tuple[Slot, ...]] = {
    Setup.THIS_COMPUTER: (Slot.THIS_COMPUTER,),
    Setup.ONE_SERVER: (Slot.SERVER,),
    Setup.FAILOVER: (Slot.SERVER, Slot.STAND_IN),
    Setup.STAGING_AND_PRODUCTION: (Slot.ENVIRONMENT,),
    Setup.SERVERLESS: (Slot.FIXED_EXIT, Slot.SECOND_EXIT),
    Setup.HOME_AND_SERVER: (Slot.SERVER, Slot.HOME),
}
"""From top to bottom as they are asked for; as many as `MOST_ADDRESSES` of the set-up."""

OPTIONAL = frozenset({Slot.SECOND_EXIT, Slot.HOME, Slot.EXTRA})
"""Places that may stay empty: not every set-up has them, and every address is a door."""

OWN = frozenset({Slot.THIS_COMPUTER, Slot.HOME})
"""Places that this computer's own address can stand in."""


@dataclass(frozen=True)
class Place:
    """One place of a plan with its addresses: none, one, or an IPv4 address and its IPv6 twin."""

    slot: Slot
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All places of one key's list, in the order of `SLOTS`, then what is more than those."""

    setup: Setup
    places: tuple[Place, ...]

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Everything that belongs on the list, each once, in order."""
        return tuple(dict.fromkeys(a for place in self.places for a in place.addresses))

    @property
    def unfilled(self) -> tuple[Slot, ...]:
        """Places that the set-up needs and whose address nobody has named."""
        empty = (place.slot for place in self.places if not place.addresses)
        return tuple(slot for slot in empty if slot not in OPTIONAL)

    @property
    def extra(self) -> tuple[Address, ...]:
        """Named, but more than the set-up needs."""
        return tuple(a for p in self.places if p.slot is Slot.EXTRA for a in p.addresses)

    def slot_of(self, address: Address) -> Slot:
        """Where this planned address stands. Raises LookupError for any other."""
        for place in self.places:
            if address in place.addresses:
                return place.slot
        raise LookupError("not planned")


def needed(setup: Setup) -> int:
    """How many addresses the list of one key needs at least; IPv6 twins not counted."""
    return sum(slot not in OPTIONAL for slot in SLOTS[setup])


def plan_of(setup: Setup, filled: Sequence[tuple[Address, ...]]) -> Plan:
    """A plan from what stands in each place, from top to bottom; further ones are `EXTRA`."""
    slots = SLOTS[setup]
    rest = [group for group in filled[len(slots) :] if group]
    groups = [*filled[: len(slots)], *(() for _ in range(len(slots) - len(filled)))]
    places = [Place(slot, group) for slot, group in zip(slots, groups, strict=True)]
    return Plan(setup, (*places, *(Place(Slot.EXTRA, group) for group in rest)))


def plan_from(setup: Setup, addresses: Iterable[Address]) -> Plan:
    """A plan from addresses without places, as they are stored: in order, each IPv6 address beside
    the IPv4 address before it. Where that is wrong a place looks empty, never filled."""
    groups: list[tuple[Address, ...]] = []
    for address in addresses:
        twin = address.version == 6 and groups and [a.version for a in groups[-1]] == [4]
        if twin:
            groups[-1] = (*groups[-1], address)
        else:
            groups.append((address,))
    return plan_of(setup, groups)


def read_place(
    text: str, form: AddressForm, exchange: str, *, allow_documentation: bool = False
) -> tuple[Address, ...]:
    """What was typed into one place: one address, or an IPv4 address and its IPv6 twin, or nothing.

    `allow_documentation` is for practice. Raises InputError with a sentence for the user.
    """
    found = read_addresses(text, allow_documentation=allow_documentation)
    versions = [address.version for address in found]
    if any(versions.count(version) > 1 for version in (4, 6)):
        raise InputError(
            say("These are several addresses."),
            say("One computer has one address here, and at most its IPv6 address beside it."),
            "addresses",
        )
    if 6 in versions and not form.ipv6:
        raise InputError(
            say("{exchange} does not say that its list takes IPv6 addresses.", exchange=exchange),
            say("Let the bot use IPv4 and type that address."),
            "addresses",
        )
    return tuple(sorted(found, key=lambda address: address.version))


def list_text(addresses: Iterable[Address], form: AddressForm) -> str:
    """The list as it is pasted into the exchange's page: no space, no `/32`."""
    return form.separator.join(str(address) for address in addresses)


class Basis(Enum):
    """What the comparison of a plan with the list rests on."""

    NOT_CHECKED = "not-checked"
    """There is no answer of the exchange that counts."""
    LIST_OFF = "list-off"
    """The exchange reports that the key works from everywhere."""
    NOT_SHOWN = "not-shown"
    """The exchange does not show its list to the key, or only in part."""
    NOT_READ = "not-read"
    """The exchange refused, or its answer could not be read."""
    COMPARED = "compared"


class EntryState(Enum):
    """One line of the comparison."""

    THERE = "there"
    """Planned, and on the list as a single address."""
    MISSING = "missing"
    """Planned, and not on the list."""
    WIDER = "wider"
    """A range on the list that holds a planned address and others."""
    OTHER_ENVIRONMENT = "other-environment"
    """On the list, and the address of another key of the same two environments."""
    NOT_PLANNED = "not-planned"
    """On the list, and nobody planned it."""


@dataclass(frozen=True)
class Entry:
    """One address or range and how it stands. `slots` is empty for what nobody planned."""

    state: EntryState
    network: Network
    slots: tuple[Slot, ...] = ()
    key: str = ""
    """Label of the other key, for `OTHER_ENVIRONMENT`."""


@dataclass(frozen=True)
class Comparison:
    """A plan beside the list that the exchange showed. `entries`: what is wrong first."""

    basis: Basis
    entries: tuple[Entry, ...] = ()
    let_in: bool = False
    """The exchange accepted this computer's call while it reported the list as on."""
    complete: bool = False
    """The plan itself lacks nothing and holds nothing that the set-up does not need."""

    @property
    def fits(self) -> bool:
        """The list holds the plan and nothing else, as far as the exchange shows it."""
        return (
            self.basis is Basis.COMPARED
            and self.complete
            and bool(self.entries)
            and all(entry.state is EntryState.THERE for entry in self.entries)
        )


_WORST_FIRST = (
    EntryState.MISSING,
    EntryState.OTHER_ENVIRONMENT,
    EntryState.NOT_PLANNED,
    EntryState.WIDER,
    EntryState.THERE,
)


def compare(
    plan: Plan,
    facts: KeyFacts | None,
    elsewhere: Mapping[Address, str] | None = None,
) -> Comparison:
    """Set the plan beside what the exchange told. `facts` are None where no check counts.

    `elsewhere`: addresses of other keys of the same two environments, with the label of their key.
    """
    if facts is None:
        return Comparison(Basis.NOT_CHECKED)
    let_in = is_true(facts.whitelist_on)
    complete = not plan.unfilled and not plan.extra
    if not facts.accepted or facts.other_key or facts.locked:
        return Comparison(Basis.NOT_READ, complete=complete)
    if is_false(facts.whitelist_on):
        return Comparison(Basis.LIST_OFF, complete=complete)
    shown = facts.whitelist
    if is_true(facts.whitelist_on) and isinstance(shown, Known) and shown.value:
        entries = _entries(plan, tuple(dict.fromkeys(shown.value)), elsewhere or {})
        return Comparison(Basis.COMPARED, entries, let_in, complete)
    if facts.whitelist_readable is not Readable.FULL:
        return Comparison(Basis.NOT_SHOWN, (), let_in, complete)
    return Comparison(Basis.NOT_READ, (), let_in, complete)


def _entries(
    plan: Plan, listed: tuple[Network, ...], elsewhere: Mapping[Address, str]
) -> tuple[Entry, ...]:
    found = [_listed(plan, network, elsewhere) for network in listed]
    found += [
        Entry(EntryState.MISSING, _alone(address), (plan.slot_of(address),))
        for address in plan.addresses
        if not contains(listed, address)
    ]
    return tuple(sorted(found, key=lambda entry: _WORST_FIRST.index(entry.state)))


def _listed(plan: Plan, network: Network, elsewhere: Mapping[Address, str]) -> Entry:
    inside = [address for address in plan.addresses if contains([network], address)]
    slots = tuple(dict.fromkeys(plan.slot_of(address) for address in inside))
    others = [key for address, key in elsewhere.items() if contains([network], address)]
    if inside and network.num_addresses == 1:
        return Entry(EntryState.THERE, network, slots)
    if inside:
        return Entry(EntryState.WIDER, network, slots)
    if others:
        return Entry(EntryState.OTHER_ENVIRONMENT, network, (), others[0])
    return Entry(EntryState.NOT_PLANNED, network)


def _alone(address: Address) -> Network:
    from ipaddress import ip_network

    return ip_network(address)


def entry_text(network: Network) -> str:
    """An address by itself, a range with its length."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)
