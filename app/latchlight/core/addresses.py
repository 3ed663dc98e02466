"""Address arithmetic on parsed objects only: text is never compared with text.

Ranges of special use follow the IANA registries (RFC 6890 and its updates), read 2026-11-20.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from enum import Enum

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_CARRIER_NAT = ipaddress.ip_network("100.64.0.0/10")
_DOCUMENTATION = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001:db8::/32",
        "3fff::/20",
    )
)
# Routable only in name: translation prefixes and protocol blocks that `ipaddress` calls global.
_TRANSLATION = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "192.88.99.0/24"),
        *("192.0.0.0/24", "2001::/23"),
    )
)
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")


class AddressKind(Enum):
    """What sort of address this is; only `PUBLIC` can be somebody's public IP."""

    PUBLIC = "public"
    PRIVATE = "private"
    CARRIER_NAT = "carrier-nat"
    DOCUMENTATION = "documentation"
    LOOPBACK = "loopback"
    RESERVED = "reserved"


def parse_address(text: str) -> Address:
    """One address from text such as `198.51.100.7`; IPv4-mapped IPv6 becomes plain IPv4.

    Raises ValueError for anything else: spaces, leading zeros, foreign digits, zone ids, ranges.
    """
    if not text.isascii() or len(text) > 45 or "%" in text:
        raise ValueError("not an address")
    return plain(ipaddress.ip_address(text))


def plain(address: Address) -> Address:
    """IPv4-mapped IPv6 as the IPv4 address that it is; everything else unchanged."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def parse_network(text: str) -> Network:
    """One address or range such as `198.51.100.0/24`. Raises ValueError, also for set host bits."""
    if not text.isascii() or len(text) > 49 or "%" in text:
        raise ValueError("not an address range")
    network = ipaddress.ip_network(text)
    if isinstance(network, ipaddress.IPv6Network):
        mapped = network.network_address.ipv4_mapped
        if mapped is not None and network.prefixlen >= 96:
            return ipaddress.IPv4Network((mapped, network.prefixlen - 96))
    return network


def kind_of(address: Address) -> AddressKind:
    """Which of the special ranges an address lies in, if any."""
    address = plain(address)
    if address.is_loopback:
        return AddressKind.LOOPBACK
    if any(address in network for network in _DOCUMENTATION):
        return AddressKind.DOCUMENTATION
    if address in _CARRIER_NAT:
        return AddressKind.CARRIER_NAT
    if _is_reserved(address):
        return AddressKind.RESERVED
    if address.is_private:
        return AddressKind.PRIVATE
    return AddressKind.PUBLIC if address.is_global else AddressKind.RESERVED


def _is_reserved(address: Address) -> bool:
    if any(address in network for network in _TRANSLATION):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        return address not in _GLOBAL_V6 and not address.is_private
    return address.is_multicast or address.is_reserved or address.is_unspecified


def union(networks: Iterable[Network]) -> tuple[Network, ...]:
    """The same set of addresses in the fewest ranges, IPv4 before IPv6, in numeric order."""
    families: dict[int, list[Network]] = {4: [], 6: []}
    for network in networks:
        families[network.version].append(network)
    v4 = ipaddress.collapse_addresses(n for n in families[4] if n.version == 4)
    v6 = ipaddress.collapse_addresses(n for n in families[6] if n.version == 6)
    return (*v4, *v6)


def contains(networks: Iterable[Network], address: Address) -> bool:
    """Whether an address lies in one of the ranges; families never match each other."""
    address = plain(address)
    return any(n.version == address.version and address in n for n in networks)


def count(networks: Iterable[Network], version: int) -> int:
    """How many addresses of one family a list covers, overlaps counted once."""
    return sum(n.num_addresses for n in union(networks) if n.version == version)


class Width(Enum):
    """How wide a list is. The limits are ours; no exchange names any."""

    NARROW = "narrow"
    WIDE = "wide"
    OPEN = "open"


def width(networks: Iterable[Network]) -> Width:
    """Judge the union of a list: wider than a /24 (IPv6 /48) is wide, than a /16 (/32) is open."""
    worst = Width.NARROW
    ranges = union(networks)
    if any(isinstance(n, ipaddress.IPv6Network) and n.supernet_of(_MAPPED) for n in ranges):
        return Width.OPEN  # all of IPv4, in the clothes of a small part of IPv6
    for version, bits, wide, opened in ((4, 32, 24, 16), (6, 128, 48, 32)):
        total = sum(n.num_addresses for n in ranges if n.version == version)
        if total > 1 << (bits - opened):
            return Width.OPEN
        if total > 1 << (bits - wide):
            worst = Width.WIDE
    return worst
