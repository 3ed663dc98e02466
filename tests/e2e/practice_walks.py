"""The walks of the practice mode: every exchange and every way of mending a key, read off the exchanges' own tables."""

from __future__ import annotations

from dataclasses import dataclass

from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.practice.exchange import EXCHANGES
from latchlight.practice.keys import KeyPlan
from latchlight.practice.traits import Trait
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS

BADNESS = (Light.RED, Light.GREY, Light.AMBER, Light.GREEN)


@dataclass(frozen=True)
class Walk:
    """One key to mend, and how far it can be mended."""

    exchange: str
    plan: KeyPlan
    good_enough: tuple[Light, ...]
    """The best light that any practice key of this exchange for the same purpose has, and better ones."""
    model: KeyPlan
    """The key that has it."""

    def __str__(self) -> str:
        return f"{self.exchange}-{self.plan.name}"


def cast(exchange: str) -> list[KeyPlan]:
    """The keys with which nothing else is wrong than they say themselves."""
    plans = EXCHANGES[exchange].cast(HOME_ADDRESS, AWAY_ADDRESS)
    return [plan for plan in plans if plan.trait is Trait.NORMAL]


def walks(*reasons: str) -> list[Walk]:
    """The worst key with each of these reasons, of every exchange where it can be mended."""
    found = []
    for exchange in EXCHANGES:
        for reason in reasons:
            plans = [p for p in cast(exchange) if _can_be_mended(exchange, p, reason)]
            if plans:
                worst = min(plans, key=lambda plan: BADNESS.index(plan.light))
                model = best(exchange, worst.purpose)
                found.append(Walk(exchange, worst, _from(model.light), model))
    return found


def replacements(*reasons: str) -> list[Walk]:
    """Of every exchange a key whose secret is lost; and the first key anywhere with each of these reasons."""
    found, left = [], list(reasons)
    for exchange in EXCHANGES:
        for plan in cast(exchange):
            model = best(exchange, plan.purpose)
            lost = not plan.right_secret and plan.purpose is Purpose.SPOT
            worse = plan.reason in left and plan.light is not model.light and not plan.elsewhere
            if lost or worse:
                found.append(Walk(exchange, plan, _from(model.light), model))
            if worse:
                left.remove(str(plan.reason))
    return found


def best(exchange: str, purpose: Purpose) -> KeyPlan:
    """The first of the best keys for this purpose."""
    plans = [plan for plan in cast(exchange) if plan.purpose is purpose]
    return max(plans, key=lambda plan: BADNESS.index(plan.light))


def _from(light: Light) -> tuple[Light, ...]:
    return BADNESS[BADNESS.index(light) :]


def _can_be_mended(exchange: str, plan: KeyPlan, reason: str) -> bool:
    """An odd answer cannot be mended at the page, nor can what the best keys there have as well."""
    model = best(exchange, plan.purpose)
    as_good = (plan.reason, plan.light) == (model.reason, model.light)
    as_good = as_good and plan.state.restricted is model.state.restricted
    shown = {switch.field for switch in EXCHANGES[exchange].rules.switches}
    hidden = plan.state.switches - shown - model.state.switches
    odd = plan.quirk is not None or plan.sub_account is not model.sub_account
    return plan.reason == reason and not odd and not hidden and not as_good
