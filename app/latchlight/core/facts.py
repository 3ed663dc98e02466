"""What an exchange told us about a key. Nothing here is ever assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar

from latchlight.core.addresses import Network
from latchlight.core.credentials import KeyKind
from latchlight.core.records import dataclass, field
from latchlight.core.sentences import Sentence, say

T = TypeVar("T")


@dataclass(frozen=True)
class Known(Generic[T]):
    """The exchange said so, in the expected place and form."""

    value: T


class WhyUnknown(Enum):
    """Reason codes of a grey light."""

    NOT_READ = "not-read"
    """No answer was read at all: see the diagnosis."""
    MISSING = "missing"
    """The answer lacks the field."""
    WRONG_FORM = "wrong-form"
    """The field is there, but not in the form that its documentation gives."""
    CONTRADICTORY = "contradictory"
    """Two parts of the answer exclude each other."""
    NOT_TOLD = "not-told"
    """This exchange does not tell, by its own documentation."""
    ON_PAGE = "on-page"
    """The exchange tells its user on the key's page, and the key itself nothing."""


@dataclass(frozen=True)
class Unknown:
    """Not known, and why. `where` names the field of the answer that was looked for."""

    why: WhyUnknown
    where: str = ""


Fact = Known[T] | Unknown
NOT_READ = Unknown(WhyUnknown.NOT_READ)
NOT_TOLD = Unknown(WhyUnknown.NOT_TOLD)
ON_PAGE = Unknown(WhyUnknown.ON_PAGE)


def is_true(fact: Fact[bool]) -> bool:
    """The exchange said yes."""
    return isinstance(fact, Known) and fact.value is True


def is_false(fact: Fact[bool]) -> bool:
    """The exchange said no."""
    return isinstance(fact, Known) and fact.value is False


def why_text(unknown: Unknown) -> Sentence:
    """One sentence for a grey light."""
    match unknown.why:
        case WhyUnknown.NOT_READ:
            return say("The exchange's answer could not be read.")
        case WhyUnknown.MISSING:
            return say("The answer does not contain “{where}”.", where=unknown.where)
        case WhyUnknown.WRONG_FORM:
            return say("“{where}” came in a form this version cannot read.", where=unknown.where)
        case WhyUnknown.CONTRADICTORY:
            return say("The answer contradicts itself about “{where}”.", where=unknown.where)
        case WhyUnknown.NOT_TOLD:
            return say("This exchange does not tell.")
        case WhyUnknown.ON_PAGE:
            return say("This exchange tells it on the key's page only.")


class Permission(Enum):
    """What a key may do, in the field's own words; each exchange's names are mapped onto these."""

    READ = "read"
    SPOT_TRADE = "spot_trade"
    MARGIN_TRADE = "margin_trade"
    FUTURES_TRADE = "futures_trade"
    OPTIONS_TRADE = "options_trade"
    INTERNAL_TRANSFER = "internal_transfer"
    WITHDRAW = "withdraw"
    KEY_MANAGEMENT = "key_management"


MOVES_MONEY = (Permission.INTERNAL_TRANSFER, Permission.WITHDRAW)
MOVES_FUNDS = (*MOVES_MONEY, Permission.KEY_MANAGEMENT)
TRADES = (
    Permission.SPOT_TRADE,
    Permission.MARGIN_TRADE,
    Permission.FUTURES_TRADE,
    Permission.OPTIONS_TRADE,
)


@dataclass(frozen=True)
class Right:
    """One switch of the key as the exchange names it, and what it means."""

    name: str
    label: str
    """The exchange's own words for it on the page where it is switched."""
    permission: Permission
    granted: Fact[bool]
    serves: bool = True
    """False: dangerous like the others, but a bot that needs the permission cannot live on it alone."""
    also: tuple[Permission, ...] = ()
    """What comes with this switch and cannot be switched off separately."""
    dormant: bool = False
    """Listed on the key, but asleep as long as the key as a whole is read-only; `granted` is no."""

    def gives(self, *wanted: Permission) -> bool:
        """Whether this switch stands for one of these permissions, on or off."""
        return self.permission in wanted or any(p in wanted for p in self.also)


class Readable(Enum):
    """How much of the whitelist the exchange shows to the key."""

    FULL = "full"
    MASKED = "masked"
    FLAG = "flag"
    NONE = "none"


class Environment(Enum):
    """What kind of place a host is."""

    PRODUCTION = "production"
    TESTNET = "testnet"
    DEMO = "demo"
    PRACTICE = "practice"


ENVIRONMENT_WORDS: dict[Environment, Sentence] = {
    Environment.PRODUCTION: say("production"),
    Environment.TESTNET: say("testnet"),
    Environment.DEMO: say("demo"),
    Environment.PRACTICE: say("practice"),
}


@dataclass(frozen=True)
class KeyFacts:
    """Everything one checkup learned about one key. Each field is `Known` or `Unknown`."""

    accepted: bool = False
    """The exchange accepted a signed request made from this computer in this run."""
    other_key: bool = False
    """The answer names another key than the one that asked: nothing in it counts."""
    locked: bool = False
    """The exchange reports the key as locked, frozen or ended: nothing else about it counts."""
    environment: Environment = Environment.PRODUCTION
    kind: KeyKind | None = None
    rights: tuple[Right, ...] = ()
    unknown_rights: Fact[tuple[str, ...]] = NOT_READ
    """Names of granted rights that this version does not know."""
    whitelist_on: Fact[bool] = NOT_READ
    whitelist: Fact[tuple[Network, ...]] = NOT_READ
    whitelist_readable: Readable = Readable.NONE
    whitelist_fields: tuple[str, ...] = ()
    """Which fields of the answer the whitelist facts come from."""
    whitelist_digest: str = ""
    """Of the whole list as it was shown, where its entries cannot be read; the same for the same list."""
    created_at: Fact[datetime] = NOT_READ
    expires_at: Fact[datetime | None] = NOT_READ
    """`Known(None)`: the exchange reports no end date."""
    is_sub_account: Fact[bool] = NOT_READ
    said: Mapping[str, str] = field(default_factory=dict)
    """What the exchange said, field by field, as short safe text for the evidence."""

    def permission(self, wanted: Permission) -> Fact[bool]:
        """One answer over all switches that give this permission: any yes is yes, all no is no."""
        return self._any(r.granted for r in self.rights if r.gives(wanted))

    def serves(self, wanted: Permission) -> Fact[bool]:
        """The same over the switches that a bot can live on."""
        return self._any(r.granted for r in self.rights if r.gives(wanted) and r.serves)

    def _any(self, granted: Iterable[Fact[bool]]) -> Fact[bool]:
        facts = list(granted)
        if not facts:
            return NOT_READ if not self.rights else NOT_TOLD
        if any(is_true(fact) for fact in facts):
            return Known(True)
        return next((fact for fact in facts if not is_false(fact)), Known(False))

    def granted(self, *wanted: Permission) -> list[Right]:
        """The switches that are on, for the given permissions."""
        return [r for r in self.rights if r.gives(*wanted) and is_true(r.granted)]

    def dormant(self, *wanted: Permission) -> list[Right]:
        """The switches that are listed but asleep, for the given permissions."""
        return [r for r in self.rights if r.gives(*wanted) and r.dormant]
