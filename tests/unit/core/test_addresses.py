"""C02 to C05, C14, C15, C22: address arithmetic against a slow second model of plain integers."""

from __future__ import annotations

import ipaddress
import random
from ipaddress import IPv4Network, IPv6Network

import pytest

from latchlight.core.addresses import (
    Address,
    AddressKind,
    Network,
    Width,
    contains,
    count,
    kind_of,
    parse_address,
    parse_network,
    union,
    width,
)

PAIRS = 100_000
LISTS = 20_000
Range = tuple[int, int, int]
"""Family, first and last address as numbers: the slow model's only idea of a range."""


def slow_range(network: Network) -> Range:
    first = 0
    for part in network.network_address.packed:
        first = first * 256 + part
    bits = 32 if network.version == 4 else 128
    return network.version, first, first + 2 ** (bits - network.prefixlen) - 1


def slow_union(networks: list[Network]) -> list[Range]:
    merged: list[Range] = []
    for family, first, last in sorted(slow_range(n) for n in networks):
        if merged and merged[-1][0] == family and first <= merged[-1][2] + 1:
            merged[-1] = (family, merged[-1][1], max(last, merged[-1][2]))
        else:
            merged.append((family, first, last))
    return merged


def joined(ranges: list[Range]) -> list[Range]:
    """Neighbours made one, so that two ways to cut the same set compare equal."""
    whole: list[Range] = []
    for family, first, last in ranges:
        if whole and whole[-1][0] == family and whole[-1][2] + 1 == first:
            whole[-1] = (family, whole[-1][1], last)
        else:
            whole.append((family, first, last))
    return whole


def draw_network(dice: random.Random) -> Network:
    """Networks that lie close together, so that they overlap, touch and contain each other."""
    if dice.random() < 0.5:
        prefix = dice.choice((*range(24, 33), 16, 8, 1, 0))
        number = (203 << 24) + dice.randrange(1 << 10)
        return IPv4Network((number >> (32 - prefix) << (32 - prefix), prefix))
    prefix = dice.choice((*range(118, 129), 64, 48, 32, 3, 0))
    number = (0x2A00 << 112) + dice.randrange(1 << 10)
    return IPv6Network((number >> (128 - prefix) << (128 - prefix), prefix))


def draw_address(dice: random.Random) -> Address:
    if dice.random() < 0.5:
        return ipaddress.IPv4Address((203 << 24) + dice.randrange(1 << 11))
    if dice.random() < 0.2:
        return ipaddress.IPv6Address((0xFFFF << 32) + (203 << 24) + dice.randrange(1 << 11))
    return ipaddress.IPv6Address((0x2A00 << 112) + dice.randrange(1 << 11))


def slow_contains(networks: list[Network], address: Address) -> bool:
    number, family = int(address), address.version
    if family == 6 and number >> 32 == 0xFFFF:
        number, family = number & 0xFFFFFFFF, 4
    ranges = (slow_range(n) for n in networks)
    return any(f == family and first <= number <= last for f, first, last in ranges)


def test_c15_containment_equals_the_slow_model() -> None:
    dice = random.Random(15)
    for _ in range(PAIRS // 10):
        networks = [draw_network(dice) for _ in range(dice.randrange(0, 5))]
        for _ in range(10):
            address = draw_address(dice)
            assert contains(networks, address) is slow_contains(networks, address)


def test_c03_union_and_count_equal_the_slow_model() -> None:
    dice = random.Random(3)
    for _ in range(LISTS):
        networks = [draw_network(dice) for _ in range(dice.randrange(0, 8))]
        made = union(networks)
        assert joined([slow_range(n) for n in made]) == slow_union(networks)
        for family in (4, 6):
            covered = sum(b - a + 1 for f, a, b in slow_union(networks) if f == family)
            assert count(networks, family) == covered
        assert len(made) <= len(networks)


def slow_width(networks: list[Network]) -> Width:
    covered = dict.fromkeys((4, 6), 0)
    for family, first, last in slow_union(networks):
        covered[family] += last - first + 1
    if covered[4] > 2**16 or covered[6] > 2**96:
        return Width.OPEN
    if covered[4] > 2**8 or covered[6] > 2**80:
        return Width.WIDE
    return Width.NARROW


def test_c04_width_equals_the_slow_model() -> None:
    dice = random.Random(4)
    for _ in range(LISTS):
        networks = [draw_network(dice) for _ in range(dice.randrange(0, 6))]
        assert width(networks) is slow_width(networks)


def partition(network: Network, dice: random.Random, depth: int) -> list[Network]:
    """The network cut into random pieces that together are the whole."""
    if depth == 0 or network.prefixlen == network.max_prefixlen or dice.random() < 0.2:
        return [network]
    halves: list[Network] = list(network.subnets())
    return [piece for half in halves for piece in partition(half, dice, depth - 1)]


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "10.0.0.0/8", "2000::/3", "8.8.0.0/15"])
def test_c03_the_world_cut_in_pieces_is_still_the_world(text: str) -> None:
    dice = random.Random(text)
    whole = parse_network(text)
    for _ in range(50):
        pieces = partition(whole, dice, 7)
        dice.shuffle(pieces)
        assert union(pieces) == (whole,)
        assert width(pieces) is Width.OPEN


@pytest.mark.parametrize("prefix", range(33))
def test_c04_every_ipv4_prefix_length(prefix: int) -> None:
    wanted = Width.OPEN if prefix < 16 else Width.WIDE if prefix < 24 else Width.NARROW
    assert width([IPv4Network((0, prefix))]) is wanted


@pytest.mark.parametrize("prefix", range(129))
def test_c04_every_ipv6_prefix_length(prefix: int) -> None:
    wanted = Width.OPEN if prefix < 32 else Width.WIDE if prefix < 48 else Width.NARROW
    first = 0x2A00 << 112
    network = IPv6Network((first >> (128 - prefix) << (128 - prefix), prefix))
    assert width([network]) is wanted


@pytest.mark.parametrize("prefix", range(80, 97))
def test_c15_a_range_that_holds_all_mapped_addresses_is_open(prefix: int) -> None:
    """`::ffff:0:0/96` and everything around it is the whole of IPv4 in other clothes."""
    number = 0xFFFF << 32
    network = parse_network(str(IPv6Network((number >> (128 - prefix) << (128 - prefix), prefix))))
    assert width([network]) is Width.OPEN


# parsing


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("8.8.4.4", "8.8.4.4"),
        ("::ffff:8.8.4.4", "8.8.4.4"),
        ("::FFFF:0808:0404", "8.8.4.4"),
        ("2001:4860:4860:0:0:0:0:8888", "2001:4860:4860::8888"),
    ],
)
def test_c15_addresses_are_compared_as_numbers(text: str, meaning: str) -> None:
    assert str(parse_address(text)) == meaning


ODD = [
    *("", " ", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04", "1.2.3.256", "1.2.3.-4", "1.2.3.4 "),
    *(" 1.2.3.4", "1.2.3.4\n", "1.2.3.4/32", "1.2.3.*", "*", "-1", "null", "any", "localhost"),
    *("0x1.2.3.4", "16909060", "1.2.3.4:80", "[::1]", "::1%eth0", "fe80::1%1", "1::2::3", ":::"),
    *("12345::", "g::", "::ffff:1.2.3.256", "\u0661.2.3.4", "1.2.3.\uff14", "1\u30022.3.4"),
    *("1,2,3,4", "1.2.3.4,5.6.7.8", "x" * 1000, "1." * 1000, "::ffff:0:1.2.3.4.5", "203.**.154"),
]


@pytest.mark.parametrize("text", ODD)
def test_c02_c08_c15_odd_text_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_address(text)


@pytest.mark.parametrize("text", [t for t in ODD if t != "1.2.3.4/32"])
def test_c02_odd_text_is_no_range(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_network(text)


@pytest.mark.parametrize(
    "text",
    ["1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/", "/24", "1.2.3.4/24", "1.2.3.0/24/24", "1.2.3.0/ 24"],
)
def test_c02_an_odd_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_network(text)


def test_c15_a_mapped_range_becomes_the_range_that_it_is() -> None:
    assert str(parse_network("::ffff:8.8.4.0/120")) == "8.8.4.0/24"
    assert str(parse_network("::ffff:0:0/96")) == "0.0.0.0/0"


def test_c22_families_never_match_each_other() -> None:
    assert not contains([parse_network("::/0")], parse_address("8.8.4.4"))
    assert not contains([parse_network("0.0.0.0/0")], parse_address("2a00::1"))


def test_c15_text_that_begins_alike_is_another_address() -> None:
    assert not contains([parse_network("1.2.3.4")], parse_address("11.2.3.4"))
    assert not contains([parse_network("1.2.3.4")], parse_address("1.2.3.45"))


# special ranges, as the IANA registries of special-purpose addresses list them (2026-11-20)

SPECIAL = {
    "0.0.0.0/8": None,
    "0.0.0.0/32": AddressKind.RESERVED,
    "10.0.0.0/8": AddressKind.PRIVATE,
    "100.64.0.0/10": AddressKind.CARRIER_NAT,
    "127.0.0.0/8": AddressKind.LOOPBACK,
    "169.254.0.0/16": None,
    "172.16.0.0/12": AddressKind.PRIVATE,
    "192.0.0.0/24": AddressKind.RESERVED,
    "192.0.0.8/32": AddressKind.RESERVED,
    "192.0.0.170/31": AddressKind.RESERVED,
    "192.0.2.0/24": AddressKind.DOCUMENTATION,
    "192.88.99.0/24": AddressKind.RESERVED,
    "192.168.0.0/16": AddressKind.PRIVATE,
    "198.18.0.0/15": None,
    "198.51.100.0/24": AddressKind.DOCUMENTATION,
    "203.0.113.0/24": AddressKind.DOCUMENTATION,
    "224.0.0.0/4": AddressKind.RESERVED,
    "240.0.0.0/4": AddressKind.RESERVED,
    "255.255.255.255/32": AddressKind.RESERVED,
    "::/128": None,
    "::1/128": AddressKind.LOOPBACK,
    "::/96": None,
    "64:ff9b::/96": AddressKind.RESERVED,
    "64:ff9b:1::/48": AddressKind.RESERVED,
    "100::/64": None,
    "100:0:0:1::/64": None,
    "2001::/32": AddressKind.RESERVED,
    "2001:2::/48": AddressKind.RESERVED,
    "2001:10::/28": AddressKind.RESERVED,
    "2001:db8::/32": AddressKind.DOCUMENTATION,
    "2002::/16": AddressKind.RESERVED,
    "3fff::/20": AddressKind.DOCUMENTATION,
    "5f00::/16": AddressKind.RESERVED,
    "fc00::/7": AddressKind.PRIVATE,
    "fe80::/10": None,
    "fec0::/10": None,
    "ff00::/8": AddressKind.RESERVED,
    "4000::/2": AddressKind.RESERVED,
    "8000::/1": None,
}


@pytest.mark.parametrize("text", SPECIAL)
def test_c14_no_special_address_is_anybodys_public_ip(text: str) -> None:
    network = ipaddress.ip_network(text)
    dice = random.Random(text)
    size = network.num_addresses
    places = {0, size - 1, *(dice.randrange(size) for _ in range(200))}
    kinds = {kind_of(network[place]) for place in places}
    assert AddressKind.PUBLIC not in kinds
    expected = SPECIAL[text]
    if expected is not None:
        assert kinds == {expected}


@pytest.mark.parametrize("text", [t for t in SPECIAL if ":" not in t])
def test_c14_a_special_address_stays_special_in_mapped_form(text: str) -> None:
    network = IPv4Network(text)
    for address in (network[0], network[-1]):
        mapped = ipaddress.IPv6Address((0xFFFF << 32) + int(address))
        assert kind_of(mapped) is kind_of(address)


@pytest.mark.parametrize(
    "text",
    [
        *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"),
        *("172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255"),
        *("198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "2a00::1"),
        *("2606:4700::1", "2001:4860:4860::8888", "2400::", "2001:db9::1", "3ffe:ffff::1"),
    ],
)
def test_the_neighbours_of_special_ranges_are_public(text: str) -> None:
    assert kind_of(parse_address(text)) is AddressKind.PUBLIC
