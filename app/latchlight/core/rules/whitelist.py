"""From where the key works: the list of allowed addresses."""

from __future__ import annotations

from latchlight.core.addresses import (
    AddressKind,
    Network,
    Width,
    contains,
    count,
    kind_of,
    union,
    width,
)
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.facts import (
    MOVES_FUNDS,
    TRADES,
    Environment,
    Fact,
    Readable,
    Unknown,
    WhyUnknown,
    is_false,
    is_true,
)
from latchlight.core.findings import Light, Sureness
from latchlight.core.purpose import MOST_ADDRESSES
from latchlight.core.rules.address_lines import address_lines
from latchlight.core.rules.lock import lock_evidence, proof, proved_words
from latchlight.core.rules.rule import Answer, NotApplicable, Outcome, Rule, grey_for
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.situation import Situation


def _whitelist_off(situation: Situation) -> Answer:
    fact = situation.facts.whitelist_on
    if isinstance(fact, Unknown) and fact.why is WhyUnknown.ON_PAGE and situation.facts.accepted:
        return _look_yourself(situation)
    if isinstance(fact, Unknown):
        return grey_for(
            fact, situation, say("Whether an IP whitelist protects this key is not known.")
        )
    if is_true(fact):
        return Outcome(
            Light.GREEN,
            Sureness.REPORTED,
            say("An IP whitelist is on."),
            say(
                "{exchange} reports that the key works from listed addresses only ({word}).",
                exchange=situation.exchange.name,
                word=situation.exchange.whitelist_word,
            ),
            fields=situation.facts.whitelist_fields,
        )
    return _works_from_anywhere(situation)


def _look_yourself(situation: Situation) -> Outcome:
    exchange, test = situation.exchange, proof(situation)
    if test is not None:
        return Outcome(
            Light.GREEN,
            Sureness.MEASURED,
            say("An IP whitelist is on: a lock test proved it."),
            series(
                (
                    proved_words(test, exchange.name),
                    say(
                        "{exchange} never tells a key about its list, so this is the best proof there is: after you "
                        "change something on the key's page, do the test again.",
                        exchange=exchange.name,
                    ),
                ),
                " ",
            ),
            earlier=lock_evidence(test),
        )
    return Outcome(
        Light.AMBER,
        Sureness.CONCLUDED,
        say("Look yourself whether an IP whitelist is on."),
        say(
            "{exchange} never tells a key whether it is locked to addresses. Open the key's page and see that "
            "“{word}” holds your addresses.",
            exchange=exchange.name,
            word=exchange.whitelist_word,
        ),
        "not-told",
        # Who looked at a key that only reads has not looked at one that trades.
        basis=tuple(right.name for right in situation.facts.rights if is_true(right.granted)),
    )


def _works_from_anywhere(situation: Situation) -> Outcome:
    facts = situation.facts
    rule = situation.exchange.unlisted_rule
    dangerous = (*TRADES, *MOVES_FUNDS)
    if facts.granted(*dangerous):
        return Outcome(
            Light.RED,
            Sureness.REPORTED,
            say("No IP whitelist: this key works from anywhere."),
            _with_rule(
                say(
                    "Whoever gets the key can use it from any computer: trade, move your money, or make "
                    "more keys, whichever it may."
                ),
                rule,
            ),
            "whitelist-off",
        )
    silent = [p for p in dangerous if not is_false(facts.permission(p))]
    told = [
        f
        for p in silent
        if isinstance(f := facts.permission(p), Unknown) and f.why is not WhyUnknown.NOT_TOLD
    ]
    unknown_rights = facts.unknown_rights
    if isinstance(unknown_rights, Unknown):
        told.append(unknown_rights)
    elif unknown_rights.value:
        told.append(Unknown(WhyUnknown.WRONG_FORM, unknown_rights.value[0]))
    if told:
        return grey_for(
            told[0], situation, say("No IP whitelist, and not everything this key may do is known.")
        )
    return Outcome(
        Light.AMBER,
        Sureness.REPORTED,
        say("No IP whitelist: this key works from anywhere."),
        _with_rule(
            say("It can only read, but it shows your balances and history to whoever gets it."),
            rule,
        ),
        "whitelist-off",
        basis=tuple(right.name for right in facts.rights if is_true(right.granted)),
    )


def _with_rule(detail: Sentence, rule: Sentence | None) -> Sentence:
    """With what this exchange does with keys that have no whitelist."""
    return detail if rule is None else series((detail, rule), " ")


def _address_not_whitelisted(situation: Situation) -> Answer:
    facts, exchange = situation.facts, situation.exchange
    if is_false(facts.whitelist_on):
        return NotApplicable()
    if is_true(facts.whitelist_on) and facts.accepted:
        return Outcome(
            Light.GREEN,
            Sureness.REPORTED,
            say("This computer's address is on the whitelist."),
            series(
                (
                    say(
                        "{exchange} accepted this call with the whitelist on. That speaks for this computer "
                        "and this moment, not for the server where your bot may run.",
                        exchange=exchange.name,
                    ),
                    _services_note(situation.egress),
                    *address_lines(situation),
                ),
                " ",
            ),
            fields=situation.facts.whitelist_fields,
        )
    diagnosis = situation.diagnosis
    title = say("Whether this computer's address is on the whitelist is not known.")
    if _is_on_page(facts.whitelist_on) and facts.accepted:
        return Outcome(
            Light.GREY,
            Sureness.CONCLUDED,
            title,
            _with_addresses(
                say(
                    "{exchange} accepted this call, but does not tell whether a whitelist is on, so that "
                    "proves nothing about the list.",
                    exchange=exchange.name,
                ),
                situation,
            ),
            "not-told",
            required=False,
        )
    if diagnosis is not None and diagnosis.code is DiagnosisCode.IP_NOT_WHITELISTED:
        seen = diagnosis.seen_address or say("this computer's address")
        return Outcome(
            Light.RED,
            Sureness.REPORTED,
            say("This computer's address is not on the whitelist."),
            _with_addresses(
                say(
                    "{exchange} refused {seen}. That is good news about the key: its list works.",
                    exchange=exchange.name,
                    seen=seen,
                ),
                situation,
            ),
            "ip-not-whitelisted",
        )
    if isinstance(facts.whitelist_on, Unknown):
        return grey_for(facts.whitelist_on, situation, title)
    return grey_for(Unknown(WhyUnknown.NOT_READ), situation, title)


def _is_on_page(fact: Fact[bool]) -> bool:
    return isinstance(fact, Unknown) and fact.why is WhyUnknown.ON_PAGE


def _with_addresses(detail: Sentence, situation: Situation) -> Sentence:
    """With what list, address services and exchange say about addresses, one part per family."""
    return series((detail, *address_lines(situation)), " ")


def _services_note(egress: EgressReport) -> Sentence:
    """What the address services add; a note only, the exchange's word decides."""
    match egress.worst_certainty:
        case Certainty.CONFLICT:
            return say(
                "The address services disagree about this computer's address, which often means a VPN or a "
                "changing line."
            )
        case Certainty.NONE:
            return say("The address services could not be asked, which does not matter here.")
        case Certainty.SINGLE | Certainty.AGREED:
            if egress.ipv4 is not None:
                return say("Address services see this computer as {address}.", address=egress.ipv4)
            return say("Address services see this computer as {address}.", address=egress.ipv6)


def _whitelist_too_wide(situation: Situation) -> Answer:
    facts, exchange = situation.facts, situation.exchange
    if is_false(facts.whitelist_on):
        return NotApplicable()
    if facts.whitelist_readable is not Readable.FULL and facts.accepted:
        return Outcome(
            Light.GREY,
            Sureness.CONCLUDED,
            say("The addresses on the list cannot be read."),
            say(
                "{exchange} does not show its list to the key in full. Look at it on the key's page: "
                "it should hold your own addresses and nothing else.",
                exchange=exchange.name,
            ),
            "not-told",
            required=False,
        )
    if isinstance(facts.whitelist, Unknown):
        return grey_for(facts.whitelist, situation, say("How wide the whitelist is, is not known."))
    return _judge_list(facts.whitelist.value, situation)


def _judge_list(networks: tuple[Network, ...], situation: Situation) -> Outcome:
    if not networks:
        return grey_for(
            Unknown(WhyUnknown.CONTRADICTORY, situation.exchange.whitelist_word),
            situation,
            say("The whitelist is on, but came back empty."),
        )
    spread = width(networks)
    # All of the list, not only what is odd: behind an accepted oddity it may have grown wide.
    listed = tuple(str(network) for network in networks)
    if spread is Width.OPEN:
        return Outcome(
            Light.RED,
            Sureness.REPORTED,
            say("The whitelist is as good as none."),
            say("It lets in {count} addresses.", count=count(networks, 4) + count(networks, 6)),
            "whitelist-open",
        )
    usual = {AddressKind.PUBLIC}
    if situation.facts.environment is Environment.PRACTICE:
        usual.add(AddressKind.DOCUMENTATION)  # the practice network is made of them
    odd = [n for n in union(networks) if kind_of(n.network_address) not in usual]
    if odd:
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("The whitelist holds addresses that nobody has on the internet."),
            say("Private or reserved: {list}.", list=series(odd[:5])),
            "whitelist-reserved",
            basis=listed,
        )
    most = MOST_ADDRESSES[situation.intent.setup]
    if (
        spread is Width.WIDE
        or count(networks, 4) > most
        or len([n for n in networks if n.version == 6]) > most
    ):
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("The whitelist is wider than your set-up needs."),
            say(
                "It lets in {count} IPv4 addresses; your set-up needs {most}.",
                count=count(networks, 4),
                most=most,
            ),
            "whitelist-wide",
            basis=listed,
        )
    return Outcome(
        Light.GREEN,
        Sureness.REPORTED,
        say("The whitelist is as narrow as your set-up."),
        say("It holds {list}.", list=series(networks[:5])),
    )


def _whitelist_stale_entries(situation: Situation) -> Answer:
    facts, named = situation.facts, situation.intent.addresses
    if isinstance(facts.whitelist, Unknown) or is_false(facts.whitelist_on):
        return NotApplicable()
    own = [*named, *(a for a in (situation.egress.ipv4, situation.egress.ipv6) if a is not None)]
    strange = [
        n for n in facts.whitelist.value if not any(contains([n], address) for address in own)
    ]
    if strange:
        return Outcome(
            Light.AMBER,
            Sureness.TOLD,
            say("{count} listed addresses are not ones you have named.", count=len(strange)),
            say("Take out what is not yours: {list}.", list=series(strange[:5])),
            "whitelist-stale-entries",
            basis=tuple(str(network) for network in strange),
        )
    return Outcome(
        Light.GREEN,
        Sureness.TOLD,
        say("Every listed address is one of yours."),
        say("Compared with the addresses that you named and the one this computer has."),
    )


RULES = (
    Rule(
        "whitelist-off",
        say("With a whitelist a stolen key is useless on any other computer."),
        _whitelist_off,
    ),
    Rule(
        "address-not-whitelisted",
        say("A bot that starts from another address is locked out."),
        _address_not_whitelisted,
    ),
    Rule("whitelist-too-wide", say("Every address on the list is a door."), _whitelist_too_wide),
    Rule(
        "whitelist-stale-entries",
        say("Old addresses may belong to somebody else today."),
        _whitelist_stale_entries,
    ),
)
