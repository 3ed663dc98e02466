"""The address that this computer leaves from."""

from __future__ import annotations

from latchlight.core.egress import Certainty
from latchlight.core.facts import is_false, is_true
from latchlight.core.findings import Light, Sureness
from latchlight.core.limits import LIMITS
from latchlight.core.purpose import Setup
from latchlight.core.rules.rule import Answer, NotApplicable, Outcome, Rule
from latchlight.core.sentences import say
from latchlight.core.situation import Situation
from latchlight.core.steadiness import Steadiness, line_history


def _address_unstable(situation: Situation) -> Answer:
    if situation.intent.setup is not Setup.THIS_COMPUTER or is_false(situation.facts.whitelist_on):
        return NotApplicable()
    line = line_history(situation.history, situation.egress, situation.now)
    match line.steadiness:
        case Steadiness.TOO_SHORT:
            return NotApplicable(
                say("The address history of this computer is too short to judge yet.")
            )
        case Steadiness.UNSEEN_TODAY:
            # What was seen on earlier days makes no light green today.
            return NotApplicable(
                say("Whether this computer still has the address of the last days was not seen.")
            )
        case Steadiness.UNSTEADY:
            return Outcome(
                Light.AMBER,
                Sureness.MEASURED,
                say(
                    "This computer's address changed {n} times in {days} days.",
                    n=line.changes,
                    days=LIMITS.address_history_days,
                ),
                say(
                    "That is how home lines behave. A bot needs a fixed exit: "
                    "a server, or a VPN with an address of its own."
                ),
                "address-unstable",
                probes=(),
            )
        case Steadiness.STEADY:
            return Outcome(
                Light.GREEN,
                Sureness.MEASURED,
                say("This computer's address is steady."),
                say(
                    "{n} changes in the last {days} days.",
                    n=line.changes,
                    days=LIMITS.address_history_days,
                ),
                probes=(),
            )


def _address_uncertain(situation: Situation) -> Answer:
    facts = situation.facts
    if is_false(facts.whitelist_on) or (is_true(facts.whitelist_on) and facts.accepted):
        # The exchange's own word, or no list to be on: address services have nothing to add.
        return NotApplicable()
    egress = situation.egress
    address = egress.ipv4 or egress.ipv6
    match egress.worst_certainty:
        case Certainty.AGREED:
            return Outcome(
                Light.GREEN,
                Sureness.MEASURED,
                say("This computer leaves from {address}.", address=address),
                say(
                    "Unrelated address services agree. Compare it with the list on the key's page."
                ),
                probes=(),
            )
        case Certainty.SINGLE:
            return Outcome(
                Light.AMBER,
                Sureness.MEASURED,
                say("This computer probably leaves from {address}.", address=address),
                say(
                    "Only one address service could be asked. Check again before you put it on a list."
                ),
                "address-uncertain",
                probes=(),
                basis=(str(address),),
            )
        case Certainty.CONFLICT:
            return Outcome(
                Light.AMBER,
                Sureness.MEASURED,
                say("The address services disagree about this computer's address."),
                say(
                    "A VPN, a proxy or a changing line does that. Switch it off or use a fixed exit, then check again."
                ),
                "address-conflict",
                probes=(),
            )
        case Certainty.NONE:
            return Outcome(
                Light.GREY,
                Sureness.MEASURED,
                say("This computer's public address is not known."),
                say(
                    "No address service gave a usable answer. Check the internet connection and try again."
                ),
                "address-unknown",
                probes=(),
            )


RULES = (
    Rule(
        "address-unstable",
        say("A whitelist with yesterday's address locks your own bot out."),
        _address_unstable,
    ),
    Rule(
        "address-uncertain",
        say("The address on the list must be the one the exchange sees."),
        _address_uncertain,
    ),
)
