"""This computer's public address, as far as unrelated services agree on it.

Pure arithmetic over answers that `net/egress.py` collects. No light of a key ever turns green from
this: what the exchange says about the address it saw beats every address service.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from latchlight.core.addresses import Address, AddressKind, kind_of, parse_address
from latchlight.core.records import dataclass

_LONGEST_ADDRESS = 45


class Certainty(Enum):
    """How well the services agree."""

    AGREED = "agreed"
    SINGLE = "single"
    CONFLICT = "conflict"
    NONE = "none"


@dataclass(frozen=True)
class AddressAnswer:
    """What one service said for one address family (4 or 6): an address or an error slug."""

    name: str
    party: str
    """Who runs the service; two services of one party count as one voice."""
    family: int
    address: Address | None
    error: str | None


@dataclass(frozen=True)
class EgressReport:
    """The public addresses of this computer. An address is only named where no service disagrees."""

    ipv4: Address | None = None
    ipv6: Address | None = None
    certainty: Certainty = Certainty.NONE
    ipv6_certainty: Certainty = Certainty.NONE
    answers: tuple[AddressAnswer, ...] = ()

    @property
    def worst_certainty(self) -> Certainty:
        """Of the families that answered at all; a missing IPv6 is normal and counts for nothing."""
        heard = [c for c in (self.certainty, self.ipv6_certainty) if c is not Certainty.NONE]
        order = (Certainty.CONFLICT, Certainty.SINGLE, Certainty.AGREED)
        return min(heard, key=order.index, default=Certainty.NONE)


def read_service_address(text: str, family: int, *, allow_documentation: bool = False) -> Address:
    """The public address in a service's answer. Raises ValueError for everything else.

    `allow_documentation` is for the practice network, whose addresses are documentation ones.
    """
    text = text.strip(" \r\n\t")
    if not text or len(text) > _LONGEST_ADDRESS:
        raise ValueError("not an address")
    address = parse_address(text)
    if address.version != family:
        raise ValueError("other address family")
    allowed = {AddressKind.PUBLIC}
    if allow_documentation:
        allowed.add(AddressKind.DOCUMENTATION)
    if kind_of(address) not in allowed:
        raise ValueError("not a public address")
    return address


def agree(answers: Iterable[AddressAnswer]) -> EgressReport:
    """One report from all answers: named are only addresses that nobody contradicts."""
    answers = tuple(answers)
    v4, v4_certainty = _one_family(a for a in answers if a.family == 4)
    v6, v6_certainty = _one_family(a for a in answers if a.family == 6)
    return EgressReport(v4, v6, v4_certainty, v6_certainty, answers)


def _one_family(answers: Iterable[AddressAnswer]) -> tuple[Address | None, Certainty]:
    heard = [(a.party, a.address) for a in answers if a.address is not None]
    addresses = {address for _, address in heard}
    if not addresses:
        return None, Certainty.NONE
    if len(addresses) > 1:
        return None, Certainty.CONFLICT
    parties = {party for party, _ in heard}
    certainty = Certainty.AGREED if len(parties) > 1 else Certainty.SINGLE
    return addresses.pop(), certainty
