"""What the window says while it looks again, and when it stops. Qt-free."""

from __future__ import annotations

from typing import assert_never

from latchlight.core.fixes import PageGuide
from latchlight.core.sentences import Sentence, say
from latchlight.gui.recheck import Phase, Recheck


def status_words(recheck: Recheck, now: float, exchange: str) -> Sentence:
    """Where the looking stands. `now`: seconds of the clock that the recheck runs by."""
    alone = recheck.seconds_alone(now)
    match recheck.phase:
        case Phase.IDLE:
            return say(
                "Do the steps, then say so here. Coming back to this window looks again, too."
            )
        case Phase.LOOKING:
            return say("Looking now…")
        case Phase.WAITING:
            return say("Not green yet. Next look in {n} s", n=recheck.seconds_left(now))
        case Phase.MENDED:
            return say("Done: {exchange} reports it as it should be.", exchange=exchange)
        case Phase.GONE:
            return say("This point is not on the checklist any more.")
        case Phase.UNTOLD:
            return say(
                "{exchange} tells the key no more than this. Does the page itself show it as it should be? Then "
                "accept the point on the checklist.",
                exchange=exchange,
            )
        case Phase.LATE:
            return say("Still not green, although a change should act by now. The usual reasons:")
        case Phase.BLOCKED if alone:
            return say(
                "{exchange} wants to be left alone. It is not asked again by itself; you can look in {n} s.",
                exchange=exchange,
                n=alone,
            )
        case Phase.BLOCKED:
            return say(
                "{exchange} pushed the last look back. You can look again.", exchange=exchange
            )
        case Phase.STOPPED:
            return say("Stopped. Nothing is asked until you say so.")
        case _:
            assert_never(recheck.phase)


def usual_reasons(guide: PageGuide) -> tuple[Sentence, ...]:
    """Why a change did not arrive, most frequent first."""
    found = [
        say("The change was not saved: the exchange asks for a code, and only then it counts."),
        say("Another key was changed: compare its last characters with those above."),
        say("The page was left open in another account or sub-account."),
    ]
    if guide.hidden is not None:
        found.append(guide.hidden)
    if guide.delay is not None:
        found.append(guide.delay)
    return tuple(found)
