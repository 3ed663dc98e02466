"""What one exchange is, as data: hosts, fields, probes, words, limits, and two reading functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.facts import Environment, KeyFacts, Readable
from latchlight.core.records import dataclass, field, replace
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.situation import ExchangeTraits


class SourceCertainty(Enum):
    """How well a fact is founded."""

    DOCUMENTED = "documented by the exchange"
    SDK = "seen in library code"
    ISSUE = "seen in answers that users posted"
    WEB_UI = "seen in copies of the exchange's page"
    ARTICLE = "only in web articles"
    UNKNOWN = "unknown"


SOURCE_WORDS: dict[SourceCertainty, Sentence] = {
    SourceCertainty.DOCUMENTED: say("documented by the exchange"),
    SourceCertainty.SDK: say("seen in library code"),
    SourceCertainty.ISSUE: say("seen in answers that users posted"),
    SourceCertainty.WEB_UI: say("seen in copies of the exchange's page"),
    SourceCertainty.ARTICLE: say("only in web articles"),
    SourceCertainty.UNKNOWN: say("unknown"),
}


class Topic(Enum):
    """What there is to know about an exchange. Every exchange says something on each but the last two."""

    PERMISSIONS = "own permissions"
    WITHDRAW = "withdrawal right"
    TRANSFER = "transfer rights"
    KEY_MANAGEMENT = "right to make keys"
    WHITELIST = "whitelist on or off"
    ADDRESSES = "addresses on the list"
    CREATED = "key creation time"
    ENDS = "end of the key"
    SEEN_ADDRESS = "address that the exchange saw"
    CALLS = "signed requests per check"
    MOST_ADDRESSES = "most addresses per key"
    RANGES = "address ranges (CIDR)"
    IPV6 = "IPv6 addresses"
    SEPARATOR = "between addresses"
    DELAY = "time until a change acts"
    UNLISTED = "keys without whitelist"
    WITHDRAW_UNLISTED = "withdrawals without whitelist"
    ACTIVITY = "where the use of keys is shown"
    KINDS = "key kinds"
    CLOCK = "clock"
    REFUSAL = "refusal"
    REMARK = "remark"


TOPIC_WORDS: dict[Topic, Sentence] = {
    Topic.PERMISSIONS: say("own permissions"),
    Topic.WITHDRAW: say("withdrawal right"),
    Topic.TRANSFER: say("transfer rights"),
    Topic.KEY_MANAGEMENT: say("right to make keys"),
    Topic.WHITELIST: say("whitelist on or off"),
    Topic.ADDRESSES: say("addresses on the list"),
    Topic.CREATED: say("key creation time"),
    Topic.ENDS: say("end of the key"),
    Topic.SEEN_ADDRESS: say("address that the exchange saw"),
    Topic.CALLS: say("signed requests per check"),
    Topic.MOST_ADDRESSES: say("most addresses per key"),
    Topic.RANGES: say("address ranges (CIDR)"),
    Topic.IPV6: say("IPv6 addresses"),
    Topic.SEPARATOR: say("between addresses"),
    Topic.DELAY: say("time until a change acts"),
    Topic.UNLISTED: say("keys without whitelist"),
    Topic.WITHDRAW_UNLISTED: say("withdrawals without whitelist"),
    Topic.ACTIVITY: say("where the use of keys is shown"),
    Topic.KINDS: say("key kinds"),
    Topic.CLOCK: say("clock"),
    Topic.REFUSAL: say("refusal"),
    Topic.REMARK: say("remark"),
}

OPTIONAL_TOPICS = frozenset({Topic.REFUSAL, Topic.REMARK})
"""Said as often as there is something to say; of the others each exchange says exactly one thing."""


@dataclass(frozen=True)
class Sourced:
    """A statement about an exchange with where it comes from and when it was read."""

    topic: Topic
    value: Sentence
    source: str
    certainty: SourceCertainty
    subject: str = ""
    """What a refusal or remark is about: `-2015`."""
    date: str = "2026-11-20"

    @property
    def name(self) -> Sentence:
        """The topic, with its subject if it has one."""
        topic = TOPIC_WORDS[self.topic]
        return series((topic, self.subject), " ") if self.subject else topic


@dataclass(frozen=True)
class Probe:
    """One read-only GET request; these and no others are ever sent."""

    name: str
    path: str
    signed: bool = False
    query: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    """Refused for lack of a right, it goes to `read_facts` as it is: the other answers still count."""

    def __str__(self) -> str:
        return f"GET {self.path}"


@dataclass(frozen=True)
class Host:
    """One place where an exchange answers: a region, a test network, a demo."""

    name: str
    """`host`, `host:port`, or for a demo behind the same server `host (demo)`."""
    environment: Environment
    title: str
    """The name of the exchange, or a sentence that says which place of it this is."""
    address: str = ""
    """The server where it is not the name."""
    limits: Sentence | None = None
    """What cannot be told at this place."""
    probe: Probe | None = None
    """What is asked here instead of the key probe, where that does not exist."""
    searched: bool = True
    """Asked, after the user agreed, where a key that another place does not know could belong."""

    @property
    def server(self) -> str:
        """`host` or `host:port` to connect to."""
        return self.address or self.name


@dataclass(frozen=True, repr=False)
class SignedRequest:
    """Query string and headers of a request, ready to send; has no text form."""

    query: str
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return "SignedRequest(***)"


class ResetUnit(Enum):
    """In what a header tells when requests are welcome again."""

    MS_LEFT = "milliseconds from now"
    MS_TIME = "milliseconds since 1970"
    S_TIME = "seconds since 1970"


@dataclass(frozen=True)
class ResetHeader:
    """The header in which an exchange says when a pause ends, where it is not `Retry-After`."""

    name: str
    unit: ResetUnit


@dataclass(frozen=True)
class CredentialField:
    """One thing that the user copies from the exchange's page."""

    name: str
    """`api_key`, `secret` or `passphrase`."""
    label: Sentence
    hint: Sentence
    shape: str = ""
    """A regular expression that most values match; a mismatch warns and never blocks."""
    secret: bool = True


def _one_answer_tells_all(answers: tuple[Answer, ...]) -> Probe | None:
    return None


@dataclass(frozen=True)
class ExchangeSpec:
    """Everything there is to know about one exchange. The client refuses any other host or path."""

    id: str
    name: str
    hosts: tuple[Host, ...]
    """The first one is the default. Each is offered in the form."""
    fields: tuple[CredentialField, ...]
    kinds: tuple[KeyKind, ...]
    sign: Callable[[Credentials, Probe, Host, int], SignedRequest]
    """Credentials, probe, host and time in ms since the epoch to a signed request."""
    time_probe: Probe
    read_time: Callable[[Answer], int | None]
    """Server time in ms, or None where the answer does not say it in the documented form."""
    key_probe: Probe
    read_facts: Callable[[tuple[Answer, ...], Credentials, Host], KeyFacts]
    """All answers about the key, in the order in which they were asked."""
    diagnose: Callable[[Answer], Diagnosis | None]
    """None where the answer is an accepted one."""
    traits: ExchangeTraits
    readable: Readable
    facts_date: str
    """When the tables of this file were last compared with the sources."""
    statements: tuple[Sourced, ...] = ()
    """What it can and cannot tell, limits and rules: shown by `latchlight exchanges`."""
    console_page: str = ""
    follow: Callable[[tuple[Answer, ...]], Probe | None] = _one_answer_tells_all
    """What to ask next after these answers about the key, accepted or refused; None: nothing more."""
    later_probes: tuple[Probe, ...] = ()
    """Everything that `follow` may return, but for the query."""
    narrow_probe: Probe | None = None
    narrow: Callable[[Diagnosis, Answer | None], Diagnosis] | None = None
    """A refusal and the answer to the narrowing probe to a better diagnosis."""
    repeated: Mapping[DiagnosisCode, int] = field(default_factory=dict)
    """Refusals that this exchange gives by mistake, and how often they are asked again before they
    are believed."""
    doubt: Callable[[Diagnosis, int], Diagnosis] | None = None
    """Such a refusal, and how many times it was given in a row, to what it means."""
    content_types: tuple[str, ...] = ("application/json",)
    reset_header: ResetHeader | None = None

    def host(self, name: str) -> Host | None:
        """The host of that name, or None."""
        return next((h for h in self.hosts if h.name == name), None)

    def others(self, name: str) -> tuple[Host, ...]:
        """Where else a key could belong that the host of this name does not know."""
        return tuple(h for h in self.hosts if h.searched and h.name != name)

    def probes(self) -> tuple[Probe, ...]:
        """Everything that is ever asked, each path once."""
        asked = (self.time_probe, self.key_probe, *self.later_probes, self.narrow_probe)
        probes = [p for p in (*asked, *(h.probe for h in self.hosts)) if p is not None]
        return tuple({p.path: p for p in reversed(probes)}.values())[::-1]

    def allows(self, server: str, path: str) -> bool:
        """Whether a request to this server and path is one of ours."""
        known = any(h.server == server for h in self.hosts)
        return known and any(p.path == path for p in self.probes())

    def on_practice_hosts(
        self, names: tuple[str, ...], others: tuple[tuple[str, str], ...] = ()
    ) -> ExchangeSpec:
        """The same exchange with practice exchanges on this computer as its only hosts.

        `others` are pairs of host and title: where a key could belong that the first does not know.
        """
        hosts = [Host(n, Environment.PRACTICE, self.name, searched=False) for n in names]
        hosts += [Host(name, Environment.PRACTICE, title) for name, title in others]
        return replace(self, hosts=tuple(hosts))
