"""Why an exchange refused, or why nothing could be asked: closed lists of codes."""

from __future__ import annotations

from enum import Enum

from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say


class DiagnosisCode(Enum):
    """Stable slugs, part of the command line contract."""

    IP_NOT_WHITELISTED = "ip-not-whitelisted"
    KEY_IP_OR_PERMISSION = "key-ip-or-permission"
    KEY_UNKNOWN = "key-unknown"
    KEY_MALFORMED = "key-malformed"
    SIGNATURE_WRONG = "signature-wrong"
    PASSPHRASE_WRONG = "passphrase-wrong"  # noqa: S105 - a code, not a password
    PERMISSION_MISSING = "permission-missing"
    CLOCK_OFF = "clock-off"
    KEY_EXPIRED = "key-expired"
    KEY_FROZEN = "key-frozen"
    ACCOUNT_RESTRICTED = "account-restricted"
    WRONG_ENVIRONMENT = "wrong-environment"
    WRONG_HOST = "wrong-host"
    UNAUTHORIZED = "unauthorized"
    RATE_LIMITED = "rate-limited"
    ADDRESS_BANNED = "address-banned"
    REGION_BLOCKED = "region-blocked"
    FIREWALL_BLOCKED = "firewall-blocked"
    MAINTENANCE = "maintenance"
    EXCHANGE_FAULT = "exchange-fault"
    OFFLINE = "offline"
    NAME_NOT_FOUND = "name-not-found"
    TIMEOUT = "timeout"
    TLS_UNTRUSTED = "tls-untrusted"
    REDIRECTED = "redirected"
    UNREADABLE_ANSWER = "unreadable-answer"
    KEYRING_MISSING = "keyring-missing"
    KEYRING_LOCKED = "keyring-locked"
    KEYRING_DENIED = "keyring-denied"
    KEYRING_MISMATCH = "keyring-mismatch"


class Likelihood(Enum):
    """How strongly the evidence points to a cause."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


LIKELIHOOD_WORDS: dict[Likelihood, Sentence] = {
    Likelihood.CERTAIN: say("certain"),
    Likelihood.LIKELY: say("likely"),
    Likelihood.POSSIBLE: say("possible"),
}
"""For the middle of a sentence."""


PROVES_CREDENTIALS_WRONG = frozenset(
    {
        DiagnosisCode.KEY_UNKNOWN,
        DiagnosisCode.KEY_MALFORMED,
        DiagnosisCode.SIGNATURE_WRONG,
        DiagnosisCode.PASSPHRASE_WRONG,
        DiagnosisCode.KEY_EXPIRED,
    }
)
"""Answers that say by themselves that key, secret or passphrase do not work: red, not grey."""

KEYRING_TROUBLE = frozenset(
    {
        DiagnosisCode.KEYRING_MISSING,
        DiagnosisCode.KEYRING_LOCKED,
        DiagnosisCode.KEYRING_DENIED,
        DiagnosisCode.KEYRING_MISMATCH,
    }
)
"""The secret was not got out of the keyring, so nothing was asked."""


@dataclass(frozen=True)
class Cause:
    """One thing that would explain the refusal, and what to do about it."""

    code: DiagnosisCode
    likelihood: Likelihood
    title: Sentence
    next_step: Sentence


@dataclass(frozen=True)
class Exclusion:
    """One thing that it is not, and how that was found out."""

    title: Sentence
    because: Sentence


@dataclass(frozen=True)
class Diagnosis:
    """Why there are no facts: what was answered, what remains (most likely first), what is excluded."""

    code: DiagnosisCode
    title: Sentence
    next_step: Sentence
    causes: tuple[Cause, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    http_status: int | None = None
    exchange_code: str | None = None
    seen_address: str | None = None
    server_text: str | None = None
    """The exchange's own words, plain and shortened; shown as theirs, never interpreted."""
    retry_after: float | None = None
    """Seconds for which the exchange asks to be left alone."""
    ask_other_hosts: tuple[str, ...] = ()
    """Hosts of the same exchange that could still be asked, after the user agrees."""
