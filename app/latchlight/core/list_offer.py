"""What “Copy my IP” copies: the addresses that belong on one key's list, in the form its page takes.

Pure. An address is offered only where the user named it or where nobody contradicts it; everywhere
else the offer is empty and says why, because a guessed address locks a bot out or a stranger in.
"""

from __future__ import annotations

from latchlight.core.addresses import Address, parse_address
from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.fixes import AddressForm
from latchlight.core.plan import list_text, plan_from
from latchlight.core.plan_words import SLOT_NAMES
from latchlight.core.purpose import Intent, Setup
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say, series


@dataclass(frozen=True)
class ListOffer:
    """`text` is what is copied, exactly; empty where nothing is sure enough."""

    text: str
    addresses: tuple[Address, ...]
    said: Sentence
    """Whose addresses these are, or why there are none."""
    notes: tuple[Sentence, ...] = ()
    """What is not covered by them."""
    plan_first: bool = False
    """The next step is to name the addresses in the planner."""


def list_offer(
    intent: Intent,
    egress: EgressReport,
    form: AddressForm,
    exchange: str,
    seen_address: str | None = None,
) -> ListOffer:
    """The offer for one key. `egress`: what the address services say about this computer now.

    `seen_address`: from where the exchange saw this computer's call come, if it said so.
    """
    if intent.setup is Setup.THIS_COMPUTER:
        return _of_this_computer(intent, egress, form, exchange, _parsed(seen_address))
    if not intent.addresses:
        return _nothing(
            say(
                "The bot does not run on this computer, and its address is not named yet. Name it in the plan, "
                "then it can be copied here."
            ),
            plan_first=True,
        )
    return _offer(
        intent,
        intent.addresses,
        form,
        exchange,
        say("The addresses that you named as those of the bot."),
    )


def _of_this_computer(
    intent: Intent,
    egress: EgressReport,
    form: AddressForm,
    exchange: str,
    seen: Address | None,
) -> ListOffer:
    own = egress.ipv4
    if egress.certainty is not Certainty.AGREED or own is None:
        return _nothing(_UNSURE[egress.certainty])
    if seen is not None and seen.version == own.version and seen != own:
        return _nothing(
            say(
                "{exchange} saw this computer as {seen}, address services say {own}. While they differ, "
                "nothing is copied.",
                exchange=exchange,
                seen=seen,
                own=own,
            )
        )
    if intent.addresses and own not in intent.addresses:
        return _nothing(
            say(
                "Your plan names {planned}, but this computer's public IP is {own}. Settle that in the plan first.",
                planned=series(intent.addresses),
                own=own,
            ),
            plan_first=True,
        )
    addresses = intent.addresses or (own,)
    offer = _offer(intent, addresses, form, exchange, say("The public IP of this computer."))
    if seen is None or seen in offer.addresses:
        return offer
    by_ipv6 = say(
        "{exchange} saw this computer by IPv6, as {seen}. The list that is copied here does not cover that.",
        exchange=exchange,
        seen=seen,
    )
    return ListOffer(offer.text, offer.addresses, offer.said, (*offer.notes, by_ipv6))


def _offer(
    intent: Intent, named: tuple[Address, ...], form: AddressForm, exchange: str, said: Sentence
) -> ListOffer:
    taken = tuple(a for a in dict.fromkeys(named) if a.version == 4 or form.ipv6)
    left_out = [a for a in named if a not in taken]
    notes = []
    if left_out:
        notes.append(
            say(
                "Left out: {addresses}. {exchange} does not say that its list takes IPv6 addresses.",
                addresses=series(left_out),
                exchange=exchange,
            )
        )
    if not taken:
        return _nothing(notes[0], plan_first=True)
    if form.most is not None and len(taken) > form.most:
        return _nothing(
            say("{exchange} takes at most {n} addresses per key.", exchange=exchange, n=form.most),
            plan_first=True,
        )
    missing = plan_from(intent.setup, named).unfilled if intent.addresses else ()
    if missing:
        places = series(SLOT_NAMES[slot] for slot in missing)
        notes.append(say("Not named yet: {places}.", places=places))
    return ListOffer(list_text(taken, form), taken, said, tuple(notes), plan_first=bool(missing))


_UNSURE: dict[Certainty, Sentence] = {
    Certainty.AGREED: say("The public IPv4 address of this computer is not known."),
    Certainty.NONE: say(
        "No address service has told this computer's public IP, so there is nothing to copy."
    ),
    Certainty.SINGLE: say(
        "Only one address service has answered. Its answer is not copied until a second one agrees."
    ),
    Certainty.CONFLICT: say(
        "The address services do not agree on this computer's public IP, so there is nothing to copy."
    ),
}


def _nothing(why: Sentence, *, plan_first: bool = False) -> ListOffer:
    return ListOffer("", (), why, plan_first=plan_first)


def _parsed(text: str | None) -> Address | None:
    if text is None:
        return None
    try:
        return parse_address(text)
    except ValueError:
        return None
