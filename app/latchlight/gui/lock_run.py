"""Where a lock test stands, from the first check at home to its verdict. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from latchlight.core.addresses import Address
from latchlight.core.facts import is_false
from latchlight.core.limits import LIMITS
from latchlight.core.lock_test import LockTest, Verdict, Why, judge_test

if TYPE_CHECKING:
    from latchlight.keys import CheckRequest
    from latchlight.lock_testing import Attempt


class Step(Enum):
    """What is to be done next."""

    HOME = "home"
    """Check the key from its usual network."""
    AWAY = "away"
    """Go to another network and try from there."""
    BACK = "back"
    """Go back and check again."""
    OVER = "over"


class Trouble(Enum):
    """Why a step has to be done again, where the reason is not that of a judgement."""

    NO_LIST = "no-list"
    """The exchange says that no whitelist is on."""
    REFUSED = "refused"
    """The key was not accepted where it should be."""


@dataclass(frozen=True)
class LockRun:
    """One lock test under way. Every step gives a new one."""

    request: CheckRequest
    practice: bool
    home: Attempt | None = None
    known: tuple[Address, ...] = ()
    """From where else the key is used, as it was before the try."""
    tried: Attempt | None = None
    back: Attempt | None = None
    step: Step = Step.HOME
    trouble: Trouble | Why | None = None
    """Why the last step did not lead on."""
    last: Attempt | None = None
    """What the last step saw."""
    kept: bool = True
    """False: the test has ended, and was not kept with its key."""

    def is_about(self, request: CheckRequest) -> bool:
        """Whether it is still the same key at the same place."""
        own = self.request
        return (own.id, own.host, own.fingerprint) == (
            request.id,
            request.host,
            request.fingerprint,
        )

    @property
    def usual(self) -> tuple[Address, ...]:
        """The key's own addresses, the one of the first check first."""
        if self.home is None:
            return ()
        return tuple(dict.fromkeys((*self.home.steady, *self.known)))

    @property
    def test(self) -> LockTest | None:
        """What was seen up to now; None before the try."""
        from latchlight.lock_testing import make_test

        if self.home is None or self.tried is None:
            return None
        return make_test(
            self.request,
            practice=self.practice,
            home=self.home,
            known=self.known,
            tried=self.tried,
            back=self.back,
        )

    @property
    def verdict(self) -> Verdict | None:
        """What was proved; None while it is under way."""
        test = self.test
        return judge_test(test).verdict if test is not None and self.step is Step.OVER else None

    def is_at_home(self, here: tuple[Address, ...]) -> bool:
        """Whether this computer is at one of the key's own addresses."""
        return bool(set(here) & set(self.usual))

    def is_unmoved(self, here: tuple[Address, ...]) -> bool:
        """Whether the next step has to wait until this computer is at another place."""
        if self.step is Step.AWAY:
            return self.is_at_home(here)
        abroad = self.tried.before if self.tried is not None else ()
        return self.step is Step.BACK and bool(set(here) & set(abroad))

    @property
    def is_under_way(self) -> bool:
        """Whether somebody is about to leave the usual network, or has left it."""
        return self.step in (Step.AWAY, Step.BACK)

    def is_late(self, now: datetime) -> bool:
        """Whether the step before lies too long ago to go on from it."""
        began = {Step.AWAY: self.home, Step.BACK: self.tried}.get(self.step)
        longest = timedelta(seconds=LIMITS.lock_step_seconds)
        return began is not None and not timedelta(0) <= now - began.at <= longest

    def checked(self, home: Attempt, known: tuple[Address, ...]) -> LockRun:
        """The key was checked from its usual network."""
        trouble: Trouble | Why | None = None
        if is_false(home.facts.whitelist_on):
            trouble = Trouble.NO_LIST
        elif not home.accepted:
            trouble = Trouble.REFUSED
        elif not home.steady:
            trouble = Why.USUAL_UNKNOWN
        if trouble is not None:
            return LockRun(self.request, self.practice, trouble=trouble, last=home)
        return LockRun(self.request, self.practice, home, known, step=Step.AWAY, last=home)

    def tried_from(self, tried: Attempt) -> LockRun:
        """The key was tried from another network."""
        made = replace(self, tried=tried, back=None, last=tried, trouble=None, step=Step.OVER)
        judged = judge_test(_sure(made.test))
        if judged.verdict is Verdict.OPEN:
            return made
        if judged.why is Why.NOT_BACK:
            return replace(made, step=Step.BACK)
        step = Step.HOME if judged.why is Why.START_OLD else Step.AWAY
        return replace(made, tried=None, step=step, trouble=judged.why)

    def came_back(self, back: Attempt) -> LockRun:
        """The key was checked from its usual network again."""
        made = replace(self, back=back, last=back, trouble=None, step=Step.OVER)
        judged = judge_test(_sure(made.test))
        if judged.verdict is not Verdict.UNDECIDED:
            return made
        if judged.why is Why.NOT_BACK:
            return replace(made, back=None, step=Step.BACK, trouble=Trouble.REFUSED)
        if judged.why is Why.BACK_ELSEWHERE:
            return replace(made, back=None, step=Step.BACK, trouble=judged.why)
        return LockRun(self.request, self.practice, trouble=judged.why, last=back)


def _sure(test: LockTest | None) -> LockTest:
    if test is None:
        raise LookupError("a step before its time")
    return test
