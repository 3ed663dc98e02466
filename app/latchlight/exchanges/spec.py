"""What one exchange is, as data: hosts, fields, probes, words, limits, and two reading functions."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.diagnosis import Diagnosis
from latchlight.core.facts import Environment, KeyFacts, Readable
from latchlight.core.records import dataclass, field, replace
from latchlight.core.sentences import Sentence
from latchlight.core.situation import ExchangeTraits


class SourceCertainty(Enum):
    """How well a fact is founded."""

    DOCUMENTED = "documented by the exchange"
    SDK = "seen in library code"
    ISSUE = "seen in answers that users posted"
    WEB_UI = "seen in copies of the exchange's page"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sourced:
    """A statement about an exchange with where it comes from and when it was read."""

    name: str
    value: str
    source: str
    certainty: SourceCertainty
    date: str = "2026-11-20"


@dataclass(frozen=True)
class Host:
    """One place where an exchange answers. `name` is `host` or `host:port`."""

    name: str
    environment: Environment
    title: str


@dataclass(frozen=True)
class Probe:
    """One read-only GET request; these and no others are ever sent."""

    name: str
    path: str
    signed: bool = False
    query: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"GET {self.path}"


@dataclass(frozen=True, repr=False)
class SignedRequest:
    """Query string and headers of a request, ready to send; has no text form."""

    query: str
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return "SignedRequest(***)"


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


@dataclass(frozen=True)
class ExchangeSpec:
    """Everything there is to know about one exchange. The client refuses any other host or path."""

    id: str
    name: str
    hosts: tuple[Host, ...]
    """The first one is the default. Each is offered in the form."""
    fields: tuple[CredentialField, ...]
    kinds: tuple[KeyKind, ...]
    sign: Callable[[Credentials, Probe, int], SignedRequest]
    """Credentials, probe and time in ms since the epoch to a signed request."""
    time_probe: Probe
    read_time: Callable[[Answer], int | None]
    """Server time in ms, or None where the answer does not say it in the documented form."""
    key_probe: Probe
    read_facts: Callable[[Answer, Credentials, Host], KeyFacts]
    diagnose: Callable[[Answer], Diagnosis | None]
    """None where the answer is an accepted one."""
    traits: ExchangeTraits
    readable: Readable
    facts_date: str
    """When the tables of this file were last compared with the sources."""
    statements: tuple[Sourced, ...] = ()
    """What it can and cannot tell, limits and rules: shown by `latchlight exchanges`."""
    console_page: str = ""
    narrow_probe: Probe | None = None
    narrow: Callable[[Diagnosis, Answer | None], Diagnosis] | None = None
    """A refusal and the answer to the narrowing probe to a better diagnosis."""
    other_hosts: tuple[Host, ...] = ()
    """Asked only after the user agreed: where else such a key could belong."""
    other_probe: Probe | None = None
    other_accepts: Callable[[Answer], bool] | None = None
    """Whether an answer to `other_probe` means that the key belongs to that host."""
    content_types: tuple[str, ...] = ("application/json",)
    request_id_headers: tuple[str, ...] = field(default=())

    def host(self, name: str) -> Host | None:
        """The host of that name among all hosts, or None."""
        return next((h for h in (*self.hosts, *self.other_hosts) if h.name == name), None)

    def allows(self, host: str, path: str) -> bool:
        """Whether a request to this host and path is one of ours."""
        probes = (self.time_probe, self.key_probe, self.narrow_probe, self.other_probe)
        return self.host(host) is not None and any(p is not None and p.path == path for p in probes)

    def on_practice_hosts(self, names: tuple[str, ...]) -> ExchangeSpec:
        """The same exchange with practice exchanges on this computer as its only hosts."""
        hosts = tuple(Host(name, Environment.PRACTICE, self.name) for name in names)
        return replace(self, hosts=hosts, other_hosts=())
