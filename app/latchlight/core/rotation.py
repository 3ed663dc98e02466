"""Changing a bot to a new key: how far it is, and what takes it a step on or back. Pure.

Every step is written down with its time. What was found out here and what the user only said are kept
apart: `Ended` tells which of the two it was.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from latchlight.core.findings import Finding, KeyReport, Light
from latchlight.core.proof_of_death import Answered, Death, Hearing
from latchlight.core.records import dataclass, replace


class Stage(Enum):
    """What is to be done next, in this order."""

    ADD = "add"
    """Make a new key at the exchange and add it here."""
    CHECK = "check"
    """The new key is here, and not yet fit to be given to the bot."""
    SWITCH = "switch"
    """Give the new key to the bot."""
    DELETE = "delete"
    """Delete the old key at the exchange."""
    PROVE = "prove"
    """Ask with the old key, which must be refused."""
    TIDY = "tidy"
    """The old key is dead: it may be removed from this computer."""


class EndedBy(Enum):
    """How it is known that the old key is dead."""

    PROVED = "proved"
    """The exchange said so."""
    TOLD = "told"
    """Its refusal fits, and the user saw on the key's page that the key is gone."""


@dataclass(frozen=True)
class Ended:
    """The old key is dead."""

    at: datetime
    by: EndedBy
    said: str = ""
    """The code that the exchange refused with."""


@dataclass(frozen=True)
class Overlap:
    """A key that was to be given up answers still, beside the one that replaces it."""

    other: str
    """The label of the new key."""
    since: datetime
    """When the new key was accepted for the first time."""


@dataclass(frozen=True)
class Rotation:
    """One change of keys. `old` and `new` are the names by which the keys are kept; times are UTC."""

    old: str
    begun: datetime
    new: str = ""
    worked: datetime | None = None
    """The new key was accepted for the first time: both work since then."""
    fit: datetime | None = None
    """The new key was found green, or amber with every finding accepted by the user."""
    switched: datetime | None = None
    """The user said that the bot uses the new key."""
    deleted: datetime | None = None
    """The user said that the old key is deleted at the exchange."""
    answered: Answered | None = None
    """When the old key was accepted last."""
    ended: Ended | None = None

    @property
    def stage(self) -> Stage:
        """What is to be done next."""
        if self.ended is not None:
            return Stage.TIDY
        if not self.new:
            return Stage.ADD
        if self.fit is None:
            return Stage.CHECK
        if self.switched is None:
            return Stage.SWITCH
        return Stage.DELETE if self.deleted is None else Stage.PROVE

    @property
    def overlap_since(self) -> datetime | None:
        """Since when both keys work, as far as is known; None: not yet, or not any more."""
        return self.worked if self.ended is None else None


REPLACED_FOR = frozenset(
    {
        "key-old",
        "expires-soon",
        "key-management-on",
        "unknown-permission-on",
        "vault-weak",
        "keys-overlap",
    }
)
"""Rules whose findings a new key mends: too old, near its end, with a right that cannot be unticked, kept where
others may have read it. Not `key-shared`: there the old key stays with the other bot."""


def mended_by_new_key(finding: Finding) -> bool:
    """Whether the way to a new key belongs beside this finding."""
    bad = finding.light in (Light.AMBER, Light.RED) or finding.reason == "unknown-permission"
    return finding.rule in REPLACED_FOR and bad and finding.required


class Fitness(Enum):
    """Whether a key may be given to a bot."""

    GREEN = "green"
    DECIDED = "decided"
    """Amber, and the user accepted every finding of it."""
    UNDECIDED = "undecided"
    """Amber, and somebody has to look."""
    UNFIT = "unfit"
    """Red."""
    UNKNOWN = "unknown"
    """Grey: nothing was found out, so nothing changes by it."""


def fitness(report: KeyReport) -> Fitness:
    """What a check says about giving the key to a bot."""
    match report.light:
        case Light.GREEN:
            return Fitness.GREEN
        case Light.AMBER:
            return Fitness.UNDECIDED if report.open_ambers() else Fitness.DECIDED
        case Light.RED:
            return Fitness.UNFIT
        case Light.GREY:
            return Fitness.UNKNOWN


def begin(old: str, at: datetime) -> Rotation:
    """Somebody wants to give up a key."""
    return Rotation(old, at)


def with_new(rotation: Rotation, new: str) -> Rotation:
    """This is the new key. Another one begins afresh; the old key itself is none."""
    if rotation.ended is not None or new in (rotation.old, rotation.new):
        return rotation
    return Rotation(rotation.old, rotation.begun, new, answered=rotation.answered)


def new_heard(rotation: Rotation, report: KeyReport) -> Rotation:
    """The new key was checked. What is bad about it counts until the bot has it."""
    if not rotation.new:
        return rotation
    if report.facts.accepted and rotation.worked is None:
        rotation = replace(rotation, worked=report.finished_at)
    match fitness(report):
        case Fitness.GREEN | Fitness.DECIDED:
            return replace(rotation, fit=rotation.fit or report.finished_at)
        case Fitness.UNDECIDED | Fitness.UNFIT:
            return rotation if rotation.switched is not None else replace(rotation, fit=None)
        case Fitness.UNKNOWN:
            return rotation


def old_heard(rotation: Rotation, report: KeyReport, seen_from: str) -> Rotation:
    """The old key was checked. One that is accepted lives, whatever was said or seen before."""
    if not report.facts.accepted:
        return rotation
    answered = Answered(report.finished_at, report.host, seen_from)
    before = rotation.answered
    if before is not None and (before.at, bool(before.seen_from)) >= (answered.at, bool(seen_from)):
        # A clock that went back makes a new answer look old; a key that answers is not dead for that.
        answered = before
    return replace(rotation, answered=answered, ended=None)


def switch(rotation: Rotation, at: datetime | None) -> Rotation:
    """The bot uses the new key since `at`; None takes it back. Only a key that was found fit."""
    if rotation.fit is None or rotation.ended is not None:
        return rotation
    return replace(rotation, switched=at)


def delete(rotation: Rotation, at: datetime | None) -> Rotation:
    """The old key was deleted at the exchange, the user says; None takes it back."""
    if rotation.switched is None or rotation.ended is not None:
        return rotation
    return replace(rotation, deleted=at)


def prove(rotation: Rotation, hearing: Hearing, at: datetime) -> Rotation:
    """The exchange was asked with both keys; only a proof changes anything."""
    if rotation.stage is not Stage.PROVE or hearing.death is not Death.PROVED:
        return rotation
    return replace(rotation, ended=Ended(at, EndedBy.PROVED, hearing.said))


def tell(rotation: Rotation, hearing: Hearing, at: datetime) -> Rotation:
    """The user saw that the key is gone, beside a refusal that fits and proves nothing by itself."""
    if rotation.stage is not Stage.PROVE or hearing.death is not Death.FITS:
        return rotation
    return replace(rotation, ended=Ended(at, EndedBy.TOLD, hearing.said))
