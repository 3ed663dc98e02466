"""The words of the whitelist planner: places, numbers, reasons, and what a comparison says."""

from __future__ import annotations

from typing import assert_never

from latchlight.core.command_name import command_name
from latchlight.core.fixes import AddressForm
from latchlight.core.limits import LIMITS
from latchlight.core.plan import (
    Basis,
    Comparison,
    Entry,
    EntryState,
    Plan,
    Slot,
    entry_text,
    needed,
)
from latchlight.core.purpose import MOST_ADDRESSES, Setup
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.steadiness import LineHistory, Steadiness

SLOT_NAMES: dict[Slot, Sentence] = {
    Slot.THIS_COMPUTER: say("This computer"),
    Slot.SERVER: say("Server"),
    Slot.STAND_IN: say("Stand-in"),
    Slot.ENVIRONMENT: say("Server of this key's bot"),
    Slot.FIXED_EXIT: say("Fixed exit"),
    Slot.SECOND_EXIT: say("Second fixed exit, if there is one"),
    Slot.HOME: say("Home, only if the bot must start there, too"),
    Slot.EXTRA: say("More than this set-up needs"),
}
SLOT_HINTS: dict[Slot, Sentence] = {
    Slot.THIS_COMPUTER: say("The public IP that stands at the top of the window."),
    Slot.SERVER: say("Your provider's page shows it as the server's public IP."),
    Slot.STAND_IN: say(
        "The server that takes over when the first one fails: put it on the list before."
    ),
    Slot.ENVIRONMENT: say(
        "Either the staging or the production server, whichever this key is for."
    ),
    Slot.FIXED_EXIT: say(
        "The reserved address of your NAT gateway or proxy, not that of a function."
    ),
    Slot.SECOND_EXIT: say("Some providers leave through one address per zone."),
    Slot.HOME: say(
        "Safer: let the home computer go out through the server (VPN), and leave this empty."
    ),
    Slot.EXTRA: say("Each address is a door. Empty this field, or choose the set-up that has it."),
}
_WITHOUT_IT: dict[Slot, Sentence] = {
    Slot.THIS_COMPUTER: say("A bot on this computer would be locked out."),
    Slot.SERVER: say("The bot on your server would be locked out."),
    Slot.STAND_IN: say("Your stand-in would be locked out on the day you need it."),
    Slot.ENVIRONMENT: say("The bot of this key would be locked out."),
    Slot.FIXED_EXIT: say("Your functions would be locked out."),
    Slot.SECOND_EXIT: say("Your functions would be locked out whenever they leave through it."),
    Slot.HOME: say("The bot at home would be locked out."),
    Slot.EXTRA: say("You named it, and your set-up does not need it."),
}


def number_words(setup: Setup) -> Sentence:
    """How many addresses the list of this key needs."""
    least, most = needed(setup), MOST_ADDRESSES[setup]
    if setup is Setup.STAGING_AND_PRODUCTION:
        return say("Two keys, each with a list of its own. The list of this key needs 1 address.")
    if least == most:
        if least == 1:
            return say("The list needs 1 address.")
        return say("The list needs {n} addresses.", n=least)
    return say("The list needs {least} address, and {most} at most.", least=least, most=most)


def reasons(
    setup: Setup, line: LineHistory, form: AddressForm, exchange: str
) -> tuple[Sentence, ...]:
    """Why the plan is as it is, one sentence or two each."""
    return (_one_key(setup), *_home_line(setup, line), _twins(form, exchange))


def _one_key(setup: Setup) -> Sentence:
    if setup is Setup.STAGING_AND_PRODUCTION:
        return say(
            "Staging and production never share a key or a list: a mistake in the trial bot, or a break-in there, "
            "would otherwise trade with the real key. Make two keys, and one plan for each."
        )
    return say(
        "One key per bot: then a bot can be stopped alone, and a stolen key opens nothing else. "
        "A second bot gets a key and a list of its own."
    )


def _home_line(setup: Setup, line: LineHistory) -> tuple[Sentence, ...]:
    if setup not in (Setup.THIS_COMPUTER, Setup.HOME_AND_SERVER):
        return ()
    if line.steadiness is Steadiness.UNSTEADY:
        return (
            say(
                "Why not this line: its public IP changed {n} times in {days} days. With every change the bot is "
                "locked out, and the old address, still on your list, belongs to somebody else.",
                n=line.changes,
                days=LIMITS.address_history_days,
            ),
        )
    known = {
        Steadiness.STEADY: say(
            "Its public IP changed {n} times in the last {days} days, which is no promise.",
            n=line.changes,
            days=LIMITS.address_history_days,
        ),
        Steadiness.TOO_SHORT: say("Latchlight has not seen this line long enough to judge it."),
        Steadiness.UNSEEN_TODAY: say("What its public IP is today is not known."),
    }
    return (
        say(
            "A home line gets a new address whenever the provider likes; then the bot is locked out. A server or a VPN "
            "with an address of its own does not move. {known}",
            known=known[line.steadiness],
        ),
    )


def _twins(form: AddressForm, exchange: str) -> Sentence:
    if form.ipv6:
        return say(
            "A computer that also has IPv6 may leave through it. Write its IPv6 address beside the IPv4 one, or "
            "make the bot use IPv4 only."
        )
    return say(
        "{exchange} does not say that its list takes IPv6. A server that has both must be made to use IPv4, or it "
        "is locked out whenever it leaves over IPv6.",
        exchange=exchange,
    )


def form_words(form: AddressForm, exchange: str) -> Sentence:
    """What the exchange's list takes, as far as its documents tell."""
    between = say("separated by commas") if form.separator == "," else say("one per line")
    ranges = say("ranges are taken, though a plan needs none") if form.ranges else say("no ranges")
    family = say("IPv4 and IPv6") if form.ipv6 else say("IPv4 only")
    most = (
        say("how many it takes is not documented")
        if form.most is None
        else say("at most {n} per key", n=form.most)
    )
    return say(
        "{exchange}: {parts}.", exchange=exchange, parts=series((between, family, ranges, most))
    )


def too_many(plan: Plan, form: AddressForm, exchange: str) -> Sentence | None:
    """Where the plan holds more than a list of this exchange can."""
    if form.most is None or len(plan.addresses) <= form.most:
        return None
    return say("{exchange} takes at most {n} addresses per key.", exchange=exchange, n=form.most)


def without_this_computer(exchange: str) -> Sentence:
    """Where a plan holds servers only: what checks from here will say."""
    return say(
        "This computer is not on the plan, and that is fine: {exchange} will refuse checks from here. Check the key "
        "with `{command} check` on the computer where the bot runs.",
        exchange=exchange,
        command=command_name(),
    )


def entry_words(entry: Entry) -> Sentence:
    """What one line of the comparison means, and what to do."""
    names = series(SLOT_NAMES[slot] for slot in entry.slots)
    match entry.state:
        case EntryState.THERE:
            return say("{name}: planned, and on the list.", name=names)
        case EntryState.MISSING:
            return say(
                "{name}: planned, but not on the list. {why}",
                name=names,
                why=_WITHOUT_IT[entry.slots[0]],
            )
        case EntryState.WIDER:
            return say(
                "{name}: this range lets in {n} addresses. Put the single address there instead.",
                name=names,
                n=entry.network.num_addresses,
            )
        case EntryState.OTHER_ENVIRONMENT:
            return say(
                "This belongs to “{key}”, the key of your other environment. Take it out here.",
                key=entry.key,
            )
        case EntryState.NOT_PLANNED:
            return say("On the list, but not planned. If it is not yours, take it out.")
        case _:
            assert_never(entry.state)


STATE_WORDS: dict[EntryState, Sentence] = {
    EntryState.THERE: say("There"),
    EntryState.MISSING: say("Missing"),
    EntryState.WIDER: say("Too wide"),
    EntryState.OTHER_ENVIRONMENT: say("Wrong key"),
    EntryState.NOT_PLANNED: say("Not planned"),
}


def comparison_words(found: Comparison, plan: Plan, exchange: str, page_word: str) -> Sentence:
    """The sentence over the comparison. `page_word`: what the exchange calls its list."""
    match found.basis:
        case Basis.NOT_CHECKED:
            return say(
                "Not compared yet: check this key, then its list can be set beside the plan."
            )
        case Basis.LIST_OFF:
            return say(
                "The list is off: this key works from anywhere. Switch “{word}” on with the addresses of the plan.",
                word=page_word,
            )
        case Basis.NOT_SHOWN:
            return _by_eye(found, exchange)
        case Basis.NOT_READ:
            return say(
                "The list could not be read in the last check. The checklist says why; then check again."
            )
        case Basis.COMPARED:
            return _compared(found, plan, exchange)
        case _:
            assert_never(found.basis)


def _by_eye(found: Comparison, exchange: str) -> Sentence:
    proved = (
        say("Proved is one thing: the list is on, and it let this computer in.")
        if found.let_in
        else say(
            "Nothing is proved about it: a call that is accepted does not show that a list is on."
        )
    )
    return say(
        "{exchange} does not show its whole list to the key. {proved} Open the key's page and compare it with the plan "
        "by eye: these addresses and no others.",
        exchange=exchange,
        proved=proved,
    )


def _compared(found: Comparison, plan: Plan, exchange: str) -> Sentence:
    if found.fits:
        return say("The list at {exchange} holds your plan and nothing else.", exchange=exchange)
    odd = sum(entry.state is not EntryState.THERE for entry in found.entries)
    if odd == 1:
        return say("1 entry differs from the plan.")
    if odd:
        return say("{n} entries differ from the plan.", n=odd)
    if plan.unfilled:
        missing = series(SLOT_NAMES[slot] for slot in plan.unfilled)
        return say(
            "What is planned is on the list, but the plan is not complete: {missing}.",
            missing=missing,
        )
    return say("The list holds your plan, and the plan holds more than the set-up needs.")


def spoken_entry(entry: Entry) -> Sentence:
    """One line of the comparison for screen readers and terminals."""
    return say(
        "{state}: {address}. {words}",
        state=STATE_WORDS[entry.state],
        address=entry_text(entry.network),
        words=entry_words(entry),
    )
