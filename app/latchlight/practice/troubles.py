"""Keys with which nothing is wrong but the way to their exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import TypedDict, Unpack

from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import Sentence, say
from latchlight.practice.keys import KeyPlan, KeyState
from latchlight.practice.traits import Trait

EVERY = tuple(trait for trait in Trait if trait is not Trait.NORMAL)
"""All that can be wrong."""
SPECIFIC = (
    Trait.MAINTENANCE,
    Trait.FIREWALL,
    Trait.REGION,
    Trait.RATE_LIMITED,
    Trait.CLOCK_AHEAD,
)
"""What each exchange words in its own way; the rest looks the same everywhere."""

Trouble = tuple[Light, str | None, Sentence]
"""The light to expect, its reason (None for green), and the story."""


class PlanFields(TypedDict, total=False):
    """What may be said about all keys of a call of `troubled`; see KeyPlan."""

    kind: KeyKind
    purpose: Purpose
    quirk: Enum | None
    age_days: float
    ends_in_days: float | None
    seen_from: str | None
    sub_account: bool


def troubled(
    state: KeyState,
    traits: Sequence[Trait],
    *,
    changed: Mapping[Trait, Trouble] = MappingProxyType({}),
    **plan: Unpack[PlanFields],
) -> tuple[KeyPlan, ...]:
    """One well-kept key behind each trait, named after it.

    `changed` replaces single rows of the table, for exchanges where a trait ends differently.
    Raises KeyError for `Trait.NORMAL`.
    """
    rows = {**_TROUBLES, **changed}
    return tuple(_behind(trait, rows[trait], state, plan) for trait in traits)


def _behind(trait: Trait, trouble: Trouble, state: KeyState, plan: PlanFields) -> KeyPlan:
    light, reason, story = trouble
    return KeyPlan(trait.value, story, state, light, reason, trait=trait, **plan)


_TROUBLES: Mapping[Trait, Trouble] = {
    Trait.CLOCK_AHEAD: (
        Light.GREY,
        "clock-off",
        say("The exchange's clock is 90 seconds ahead of this computer's."),
    ),
    Trait.CLOCK_BEHIND: (
        Light.AMBER,
        "clock-off",
        say("The exchange's clock is 12 seconds behind this computer's."),
    ),
    Trait.MAINTENANCE: (Light.GREY, "maintenance", say("The exchange is under maintenance.")),
    Trait.MAINTENANCE_PAGE: (
        Light.GREY,
        "maintenance",
        say("The exchange is down and its web server shows a page of its own."),
    ),
    Trait.FIREWALL: (
        Light.GREY,
        "firewall-blocked",
        say("A firewall in front of the exchange refuses everything."),
    ),
    Trait.REGION: (
        Light.GREY,
        "region-blocked",
        say("The exchange does not serve the country this computer seems to be in."),
    ),
    Trait.RATE_LIMITED: (
        Light.GREY,
        "rate-limited",
        say("Too many requests: wait 30 seconds."),
    ),
    Trait.BANNED: (
        Light.GREY,
        "address-banned",
        say("The exchange has banned this address for ten minutes."),
    ),
    Trait.CAPTIVE_PORTAL: (
        Light.GREY,
        "unreadable-answer",
        say("A guest network answers everything with its login page."),
    ),
    Trait.REDIRECT: (
        Light.GREY,
        "redirected",
        say("The answer points to another server, where everything would look fine."),
    ),
    Trait.GARBAGE: (Light.GREY, "unreadable-answer", say("The answer is binary rubbish.")),
    Trait.CUT_JSON: (Light.GREY, "unreadable-answer", say("The answer stops in the middle.")),
    Trait.CUT_SHORT: (
        Light.GREY,
        "unreadable-answer",
        say("The answer looks whole, but the connection broke before its promised end."),
    ),
    Trait.SILENT: (Light.GREY, "timeout", say("The exchange never answers.")),
}
