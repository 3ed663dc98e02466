"""Three views of one address in one line: the list, the address services, the exchange itself."""

from __future__ import annotations

from latchlight.core.addresses import Address, Network, parse_address
from latchlight.core.facts import Known, is_true
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.situation import Situation

_MOST_LISTED = 3


def address_lines(situation: Situation) -> tuple[Sentence, ...]:
    """One line per address family in which the exchange or its list names an address.

    `IPv4: the list says 203.0.113.7; address services say 198.51.100.23; OKX saw 198.51.100.23.`
    """
    return tuple(line for version in (4, 6) if (line := _line(situation, version)) is not None)


def is_address_line(text: str) -> bool:
    """Whether a text is one of these lines."""
    return isinstance(text, Sentence) and text.template.startswith("IPv{version}: ")


def _line(situation: Situation, version: int) -> Sentence | None:
    listed = _listed(situation, version)
    seen = _seen(situation, version)
    if listed is None and seen is None:
        return None
    egress = situation.egress
    service = egress.ipv4 if version == 4 else egress.ipv6
    return say(
        "IPv{version}: the list says {listed}; address services say {service}; {exchange} saw {seen}.",
        version=version,
        listed=listed or say("nothing that could be read"),
        service=service or say("nothing"),
        exchange=situation.exchange.name,
        seen=seen or say("an address that it did not name"),
    )


def _listed(situation: Situation, version: int) -> Sentence | None:
    fact = situation.facts.whitelist
    if not isinstance(fact, Known):
        return None
    entries = [_shortest(network) for network in fact.value if network.version == version]
    if not entries:
        return None
    more = len(entries) - _MOST_LISTED
    shown = series(entries[:_MOST_LISTED])
    return say("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown


def _shortest(network: Network) -> str:
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else str(network)


def _seen(situation: Situation, version: int) -> str | None:
    address = _named(situation) or _only_possible(situation)
    return str(address) if address is not None and address.version == version else None


def _named(situation: Situation) -> Address | None:
    """The address in the exchange's refusal."""
    diagnosis = situation.diagnosis
    if diagnosis is None or diagnosis.seen_address is None:
        return None
    return parse_address(diagnosis.seen_address)


def _only_possible(situation: Situation) -> Address | None:
    """Where the call was accepted and the list holds a single address, that is what was seen."""
    facts = situation.facts
    if not (facts.accepted and is_true(facts.whitelist_on) and isinstance(facts.whitelist, Known)):
        return None
    networks = facts.whitelist.value
    if len(networks) != 1 or networks[0].prefixlen != networks[0].max_prefixlen:
        return None
    return networks[0].network_address
