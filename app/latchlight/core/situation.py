"""Everything a rule may look at, gathered before the first rule runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from latchlight.core.addresses import Address
from latchlight.core.deadlines import UnlistedEnd
from latchlight.core.diagnosis import Diagnosis
from latchlight.core.egress import EgressReport
from latchlight.core.facts import KeyFacts, Unknown
from latchlight.core.findings import Evidence
from latchlight.core.fixes import Fix, PageGuide
from latchlight.core.lock_test import LockTest
from latchlight.core.profile import AddressSighting
from latchlight.core.purpose import Intent
from latchlight.core.records import dataclass, field
from latchlight.core.rotation import Overlap
from latchlight.core.sentences import Sentence


@dataclass(frozen=True)
class ClockReading:
    """Server time minus our time at the same moment, in ms: positive means that we are behind.

    `uncertainty_ms` is half the round trip: the true offset lies within plus or minus this much.
    """

    offset_ms: float
    uncertainty_ms: float


@dataclass(frozen=True)
class ClockTolerance:
    """How far off a clock may be before the exchange refuses its signed requests, in ms."""

    ahead_ms: float
    behind_ms: float


@dataclass(frozen=True)
class ExchangeTraits:
    """What the rules need to know about an exchange beside the facts: words and abilities."""

    id: str
    name: str
    clock: ClockTolerance
    whitelist_word: str
    """The exchange's own word for the IP whitelist."""
    facts_date: str
    """ISO date on which this exchange's tables were last compared with its documents."""
    not_reported: tuple[Sentence, ...] = ()
    """Ways out for money that this exchange does not report through its API."""
    unlisted_rule: Sentence | None = None
    """What this exchange does with keys that have no whitelist."""
    unlisted_end: UnlistedEnd | None = None
    """The same as days, where it ends them and an answer does not tell when."""
    names_refused_address: bool = True
    """Whether its refusal of an address says that the address is the reason. Without that a lock test
    can show that a list is open, and not that it is shut."""
    unguarded_keys: bool = False
    """Whether a key that trades may change the keys of sub-accounts without a code from the user and
    without a whitelist of its own."""
    gone_codes: frozenset[str] = frozenset()
    """Codes by which this exchange, as it documents them itself, says that it does not know a key."""
    fixes: Mapping[str, Fix] = field(default_factory=dict)
    """By rule id."""
    guide: PageGuide = field(default_factory=PageGuide)
    """What goes with each fix: drawing, form of the addresses, second factor, delay."""


@dataclass(frozen=True)
class Storage:
    """Where the key is kept. None of it is known for a key that was only checked."""

    keyring: str
    """Human name of the system keyring."""
    weakness: Sentence | None = None
    twins: tuple[str, ...] = ()
    """Labels of other stored keys with the same API key."""
    problem: Sentence | None = None
    """Set where keyring or store could not be asked about it."""


@dataclass(frozen=True)
class Situation:
    """One key at one moment. `now` is UTC and already corrected by nothing."""

    exchange: ExchangeTraits
    facts: KeyFacts
    diagnosis: Diagnosis | None
    clock: ClockReading | None
    egress: EgressReport
    intent: Intent
    now: datetime
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """By the name of the probe: `time`, `key`."""
    storage: Storage | None = None
    history: tuple[AddressSighting, ...] = ()
    key_age_days: int = 365
    overlap: Overlap | Sentence | None = None
    """The key that is to replace this one and works already; a sentence: why that cannot be read."""
    seen_addresses: tuple[str, ...] = ()
    host: str = ""
    fingerprint: str = ""
    """Of the key, as in its profile; empty where it is not stored."""
    lock: LockTest | Unknown | None = None
    """The last lock test of this key; `Unknown`: there was one, and it cannot be read."""
    accepted_since: tuple[Address, ...] = ()
    """From where the key was accepted after that test, in earlier checks."""
