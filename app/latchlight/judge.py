"""From answers to a report of one key: gathers the situation and lets the rules speak."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from latchlight.core.addresses import Address
from latchlight.core.egress import EgressReport
from latchlight.core.evaluate import evaluate
from latchlight.core.facts import Unknown
from latchlight.core.findings import KeyReport
from latchlight.core.limits import LIMITS
from latchlight.core.lock_test import LockTest
from latchlight.core.profile import Acceptance, AddressSighting
from latchlight.core.records import dataclass
from latchlight.core.rotation import Overlap
from latchlight.core.sentences import Sentence
from latchlight.core.situation import Situation, Storage
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.services import Services

if TYPE_CHECKING:
    from latchlight.keys import CheckRequest
    from latchlight.probing import KeyAnswers


@dataclass(frozen=True)
class Background:
    """What this computer remembers around a key."""

    storage: Storage | None = None
    acceptances: tuple[Acceptance, ...] = ()
    history: tuple[AddressSighting, ...] = ()
    key_age_days: int | None = None
    lock: LockTest | Unknown | None = None
    overlap: Overlap | Sentence | None = None
    accepted_since: tuple[Address, ...] = ()
    """From where the key was accepted after the lock test."""


def judge(
    spec: ExchangeSpec,
    request: CheckRequest,
    answers: KeyAnswers,
    egress: EgressReport,
    background: Background,
    started: datetime,
    services: Services,
) -> KeyReport:
    """The report of one key. Pure but for the clock."""
    now = services.now()
    situation = Situation(
        exchange=spec.traits,
        facts=answers.facts,
        diagnosis=answers.diagnosis,
        clock=answers.clock,
        egress=egress,
        intent=request.intent,
        now=now,
        evidence=answers.evidence,
        storage=background.storage,
        history=background.history,
        key_age_days=background.key_age_days or LIMITS.key_age_days,
        overlap=background.overlap,
        host=answers.host.name,
        fingerprint=request.fingerprint,
        lock=background.lock,
        accepted_since=background.accepted_since,
    )
    findings, notes = evaluate(situation, background.acceptances)
    return KeyReport(
        label=request.label,
        exchange=spec.id,
        exchange_name=spec.name,
        host=answers.host.name,
        hint=request.hint,
        intent=request.intent,
        facts=answers.facts,
        diagnosis=answers.diagnosis,
        findings=findings,
        started_at=started,
        finished_at=now,
        practice=services.practice,
        notes=notes,
    )
