"""What the page of the lock test says in each state. Qt-free."""

from __future__ import annotations

from latchlight.core.addresses import Address
from latchlight.core.limits import LIMITS
from latchlight.core.lock_test import LockTest, Verdict, Why
from latchlight.core.sentences import Sentence, say, series
from latchlight.gui.lock_run import LockRun, Step, Trouble
from latchlight.gui.moments import moment

BUTTONS: dict[Step, Sentence] = {
    Step.HOME: say("Check from here"),
    Step.AWAY: say("Try from here"),
    Step.BACK: say("Check again"),
    Step.OVER: say("Back to the checklist"),
}
"""The one thing to press next."""

BUSY: dict[Step, Sentence] = {
    Step.HOME: say("Checking the key from here…"),
    Step.AWAY: say("Trying the key from here…"),
    Step.BACK: say("Checking the key again…"),
    Step.OVER: say(""),
}

_FIRST = say("Start on the usual network: check the key from here.")
_LEAVE = say(
    "Leave the usual network: connect this computer to a phone's hotspot, or switch on a VPN for the "
    "whole computer."
)
_TRY = say("Try the key from there. The exchange must refuse it.")
_RETURN = say(
    "Go back to the usual network and check again, so that it is clear that the key itself still works."
)
STEPS: tuple[Sentence, ...] = (_FIRST, _LEAVE, _TRY, _RETURN)


def unnamed_words(exchange: str) -> Sentence:
    """Said before somebody goes to another network: what can come of it at this exchange."""
    return say(
        "{exchange} does not name the reason when it refuses an address. If it lets the key in, that shows that the "
        "list is open; if it refuses, that speaks for the list, but proves nothing.",
        exchange=exchange,
    )


def steps_done(run: LockRun, here: tuple[Address, ...]) -> int:
    """How many of `STEPS` lie behind."""
    match run.step:
        case Step.HOME:
            return 0
        case Step.AWAY:
            return 2 if here and not run.is_at_home(here) else 1
        case Step.BACK:
            return 3
        case Step.OVER:
            return len(STEPS)


def here_words(run: LockRun, here: tuple[Address, ...], *, looking: bool) -> Sentence:
    """Where this computer is now."""
    if looking:
        return say("Looking where this computer is…")
    if not here:
        return say(
            "Where this computer is now is not certain: the address services were not asked, could not be "
            "reached, or disagree."
        )
    words = say("This computer's public IP now: {addresses}.", addresses=series(here))
    if run.home is None:
        return words
    if run.is_at_home(here):
        return say("{words} That is the usual network.", words=words)
    return say("{words} That is another network.", words=words)


def usual_words(run: LockRun) -> Sentence:
    """From where the key is used."""
    if not run.usual:
        return say("")
    return say("The key is used from: {addresses}.", addresses=series(run.usual))


def trouble_words(run: LockRun) -> Sentence | None:
    """Why the last step did not lead on, and what to do; None where it did."""
    exchange = run.request.exchange.name
    match run.trouble:
        case None:
            return None
        case Trouble.NO_LIST:
            return say(
                "{exchange} says that no whitelist is on, so there is no lock to test. Switch it on first.",
                exchange=exchange,
            )
        case Trouble.REFUSED:
            return _refused(run)
        case _:
            return _why(run.trouble, run)


def _refused(run: LockRun) -> Sentence:
    diagnosis = run.last.diagnosis if run.last is not None else None
    said = series((diagnosis.title, diagnosis.next_step), " ") if diagnosis is not None else say("")
    if run.step is Step.BACK:
        return say(
            "The key is not accepted here either, so the refusal may have another reason. Are you back on the usual "
            "network? {said}",
            said=said,
        )
    return say(
        "The key is not accepted from here, so there is nothing to compare with. Do the test from a network where "
        "the key works. {said}",
        said=said,
    )


def _why(why: Why, run: LockRun) -> Sentence:
    there = series(run.last.before) if run.last is not None else say("")
    match why:
        case Why.USUAL_UNKNOWN:
            return say(
                "Nothing was decided: the address services do not agree where this computer is. Wait a moment, and "
                "check from here again."
            )
        case Why.ADDRESS_UNKNOWN:
            return say(
                "Nothing was decided: from where the try left is not certain. Wait until the new "
                "network works, and try again."
            )
        case Why.ADDRESS_CHANGED:
            return say(
                "Nothing was decided: the address changed during the try. Wait until the new network "
                "is steady, and try again."
            )
        case Why.SAME_ADDRESS:
            return say(
                "Nothing was decided: {addresses} is an address from which this key is used, or which you named as "
                "yours. Go to a network that has nothing to do with it, and try again.",
                addresses=there,
            )
        case Why.ADDRESS_LISTED:
            return say(
                "Nothing was decided: {addresses} is on the key's list. If it is not yours, take it out there; else go "
                "to another network, and try again.",
                addresses=there,
            )
        case Why.START_OLD | Why.BACK_LATE:
            return say(
                "Nothing was decided: more than {minutes} minutes lie between two steps, or the clock was changed. "
                "Start again.",
                minutes=round(LIMITS.lock_step_seconds / 60),
            )
        case Why.NOT_ASKED | Why.REFUSED_OTHERWISE:
            return _not_about_the_list(run)
        case Why.OTHER_ADDRESS:
            return say(
                "Nothing was decided: {exchange} saw another address than the address services did. A VPN that lets "
                "some programs past it does that. Use a phone's hotspot, and try again.",
                exchange=run.request.exchange.name,
            )
        case Why.BACK_ELSEWHERE:
            return say(
                "The key is accepted here, but this is not the usual network. Go back there, and check again."
            )
        case Why.LIST_CHANGED:
            return say("Nothing was decided: the list was changed during the test. Start again.")
        case Why.NOT_BACK:
            return _RETURN


def _not_about_the_list(run: LockRun) -> Sentence:
    diagnosis = run.last.diagnosis if run.last is not None else None
    said = series((diagnosis.title, diagnosis.next_step), " ") if diagnosis is not None else say("")
    return say("Nothing was decided: the answer says nothing about the list. {said}", said=said)


def result_title(verdict: Verdict) -> Sentence:
    """The one sentence of a test that has ended."""
    match verdict:
        case Verdict.LOCKED:
            return say("The lock holds: from another network the key is refused.")
        case Verdict.OPEN:
            return say("The lock is open: from another network the key works, too.")
        case Verdict.UNNAMED:
            return say("Refused, but not decided: the exchange does not say why.")
        case Verdict.UNDECIDED:
            return say("Nothing was decided.")


def proved(test: LockTest, verdict: Verdict, exchange: str) -> tuple[Sentence, ...]:
    """What was seen, with address and time, and what of it is proved."""
    at, there = moment(test.tried_at), series(test.tried_from)
    match verdict:
        case Verdict.LOCKED:
            return (
                say(
                    "At {at} {exchange} refused the key from {address}: the address is not on the key's list.",
                    at=at,
                    exchange=exchange,
                    address=there,
                ),
                _before_and_after(test),
                say(
                    "Proved: a whitelist is on, and keeps this address out. It counts for {days} "
                    "days, for this key and this list.",
                    days=LIMITS.lock_proof_days,
                ),
            )
        case Verdict.OPEN:
            return (
                say(
                    "At {at} {exchange} accepted the key from {address}.",
                    at=at,
                    exchange=exchange,
                    address=there,
                ),
                say(
                    "Proved: whoever gets this key can use it from elsewhere. Open the key's page, "
                    "switch the list on, and take out what is not yours. Then do the test again."
                ),
            )
        case Verdict.UNNAMED | Verdict.UNDECIDED:
            return (
                say(
                    "At {at} {exchange} refused the key from {address}.",
                    at=at,
                    exchange=exchange,
                    address=there,
                ),
                _before_and_after(test),
                say(
                    "That speaks for the list, but it is no proof: {exchange} gives the same answer for other reasons, "
                    "and does not name this one. Look at the list on the key's page.",
                    exchange=exchange,
                ),
            )


def _before_and_after(test: LockTest) -> Sentence:
    if test.back_at is None:
        return say("It accepted it from the usual network at {at}.", at=moment(test.used_at))
    return say(
        "It accepted it from the usual network at {before}, and again at {after} from {addresses}.",
        before=moment(test.used_at),
        after=moment(test.back_at),
        addresses=series(test.back_from),
    )


def not_proved(verdict: Verdict) -> tuple[Sentence, ...]:
    """What nobody should take from it."""
    if verdict is not Verdict.LOCKED:
        return ()
    return (
        say("Not proved: that no other stranger's address is on the list. One address was tried."),
        say("Not proved: that it stays so. After a change of the list, do the test again."),
    )


def kept_words(run: LockRun) -> Sentence:
    """Whether the result is remembered."""
    if not run.kept and (run.practice or run.request.stored):
        return say(
            "Not kept: in the test before, the key was let in from another address, and a refusal without a reason "
            "does not take that back. Mend the list, and try again from the network of that test."
        )
    if run.practice:
        return say("Practice: this counts for no real key, and ends with the practice session.")
    if not run.request.stored:
        return say("This key is not saved, so the result is gone when you leave the page.")
    return say("Kept with the key: every report shows it.")
