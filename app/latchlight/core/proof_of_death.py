"""What a refusal of a key that was given up says about it: gone, still there, or nothing. Pure.

Only an answer proves anything, and only the one that the exchange documents as "there is no such key"
(`ExchangeTraits.gone_codes`). Two more things must be so, or the same answer has other explanations:
this computer saw the key accepted at the same host before (so it is neither copied badly nor of another
site), and the new key is accepted there at the same moment (so it is neither the line nor the exchange).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.findings import KeyReport
from latchlight.core.limits import LIMITS
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, mark, say, series

_LATELY = timedelta(days=7)
"""An acceptance longer ago says little about what the key's list holds now."""


class Death(Enum):
    """What is known about the old key after it was asked."""

    PROVED = "proved"
    """The exchange says, in words that it documents, that there is no such key."""
    FITS = "fits"
    """A refusal that a key which is gone would get, and others as well: no proof."""
    THERE = "there"
    """A refusal that only a key which exists can get."""
    ALIVE = "alive"
    """It was accepted."""
    OPEN = "open"
    """Nothing was found out."""


@dataclass(frozen=True)
class Answered:
    """A key was accepted: when, at which host, and under which public address of this computer."""

    at: datetime
    host: str
    seen_from: str = ""
    """Empty where the address services did not agree on one."""


@dataclass(frozen=True)
class Hearing:
    """What came out of asking, and what to do about it."""

    death: Death
    title: Sentence
    detail: Sentence
    said: str = ""
    """The code of the refusal."""


_STILL_THERE: dict[DiagnosisCode, str] = {
    DiagnosisCode.IP_NOT_WHITELISTED: mark(
        "Not dead: {exchange} refused only the address of this computer."
    ),
    DiagnosisCode.PERMISSION_MISSING: mark("Not dead: {exchange} refused only this question."),
    DiagnosisCode.KEY_FROZEN: mark(
        "Not dead: {exchange} says that the key is frozen, not that it is gone."
    ),
    DiagnosisCode.KEY_EXPIRED: mark(
        "Not dead: {exchange} says that the key has ended, not that it is gone."
    ),
}
"""Refusals that are about a key which the exchange knows. A frozen or ended key can come back."""

_MANY_CAUSES = (DiagnosisCode.KEY_IP_OR_PERMISSION, DiagnosisCode.UNAUTHORIZED)
"""One answer for several things, of which a key that is gone can be one."""


def hear(
    old: KeyReport,
    new: KeyReport | None,
    before: Answered | None,
    gone_codes: frozenset[str],
    here: str,
) -> Hearing:
    """What the old key's check says, beside that of the new key.

    `before`: when the old key was accepted last. `here`: the public address of this computer, empty
    where it is not known.
    """
    exchange, diagnosis = old.exchange_name, old.diagnosis
    if old.facts.accepted:
        return Hearing(
            Death.ALIVE,
            say("The old key still works: {exchange} accepted it just now.", exchange=exchange),
            say(
                "Delete it on its page: it ends in {hint}. If you did that a moment ago, wait a few minutes and ask "
                "again: some exchanges take that long.",
                hint=old.hint.lstrip("…"),
            ),
        )
    if diagnosis is None or not _was_asked(old):
        return _nothing_known(old, diagnosis)
    if _is_there(diagnosis):
        return _there(old, diagnosis)
    if diagnosis.code is DiagnosisCode.KEY_UNKNOWN:
        return _unknown_key(old, diagnosis, new, before, gone_codes)
    if diagnosis.code in _MANY_CAUSES and _may_be_gone(diagnosis):
        return _many_causes(old, diagnosis, new, before, here)
    return _nothing_known(old, diagnosis)


def _was_asked(old: KeyReport) -> bool:
    """Whether the answer was one to a question that was signed with this key: only then it is about it."""
    return any(evidence.fingerprint for f in old.findings for evidence in f.evidence)


def _is_there(diagnosis: Diagnosis) -> bool:
    """Whether only a key that exists gets this answer."""
    if diagnosis.code in _STILL_THERE:
        return True
    causes = {cause.code for cause in diagnosis.causes}
    # Narrowed down to things that are about a key which the exchange knows.
    return diagnosis.code in _MANY_CAUSES and bool(causes) and causes <= set(_STILL_THERE)


def _may_be_gone(diagnosis: Diagnosis) -> bool:
    return any(cause.code is DiagnosisCode.KEY_UNKNOWN for cause in diagnosis.causes)


def _there(old: KeyReport, diagnosis: Diagnosis) -> Hearing:
    causes = [cause.code for cause in diagnosis.causes if cause.code in _STILL_THERE]
    code = diagnosis.code if diagnosis.code in _STILL_THERE else causes[0]
    return Hearing(
        Death.THERE,
        say(_STILL_THERE[code], exchange=old.exchange_name),
        say(
            "{exchange} still knows it, so it can be used by somebody else. Delete it on its page: it ends in {hint}.",
            exchange=old.exchange_name,
            hint=old.hint.lstrip("…"),
        ),
        _code(diagnosis),
    )


def _unknown_key(
    old: KeyReport,
    diagnosis: Diagnosis,
    new: KeyReport | None,
    before: Answered | None,
    gone_codes: frozenset[str],
) -> Hearing:
    """The exchange says that it does not know the key: is that the only explanation, and documented?"""
    code, exchange = _code(diagnosis), old.exchange_name
    if before is None or before.host != old.host:
        return Hearing(
            Death.OPEN,
            say("Not proved: this key was never accepted here before."),
            say(
                "A key that was copied badly, or that belongs to another site, gets the same answer. Look at the "
                "key's page at {exchange} whether it is still there.",
                exchange=exchange,
            ),
            code,
        )
    if not _stands_beside(new, old):
        return _without_witness(code)
    if code in gone_codes:
        return Hearing(
            Death.PROVED,
            say("The old key is dead."),
            say(
                "{exchange} answered that it does not know it (code {code}), and accepted the new key at the same "
                "moment. The old one was last accepted here on {day}.",
                exchange=exchange,
                code=code,
                day=before.at.date().isoformat(),
            ),
            code,
        )
    return Hearing(
        Death.FITS,
        say(
            "Not proved: no document of {exchange} says what this answer means.", exchange=exchange
        ),
        say(
            "It fits a key that is gone (code {code}), and that is all that can be said. To be sure, look at the page: "
            "no key there may end in {hint}.",
            code=code or say("none"),
            hint=old.hint.lstrip("…"),
        ),
        code,
    )


def _many_causes(
    old: KeyReport,
    diagnosis: Diagnosis,
    new: KeyReport | None,
    before: Answered | None,
    here: str,
) -> Hearing:
    """An answer with several explanations: how many of them are left?"""
    code, exchange = _code(diagnosis), old.exchange_name
    if not _stands_beside(new, old):
        return _without_witness(code)
    same_host = before is not None and before.host == old.host
    same_place = before is not None and bool(here) and before.seen_from == here
    lately = before is not None and timedelta(0) <= old.finished_at - before.at <= _LATELY
    title = say(
        "Not proved: {exchange} does not say why it refused the old key.", exchange=exchange
    )
    if not (same_host and same_place and lately):
        return Hearing(
            Death.OPEN,
            title,
            say(
                "It answers the same to a key that is gone and to one that is kept out for another reason. Ask from "
                "an address from which the old key was accepted in the last {n} days, or look at the key's page.",
                n=_LATELY.days,
            ),
            code,
        )
    others = [cause.title for cause in diagnosis.causes if cause.code is not _GONE]
    return Hearing(
        Death.FITS,
        title,
        series(
            (
                say(
                    "The old key was accepted from this same address before, and the new one just now, so it is "
                    "not the line. It may be gone, or:"
                ),
                *others,
                say("Look at the page: no key there may end in {hint}.", hint=old.hint.lstrip("…")),
            ),
            " ",
        ),
        code,
    )


_GONE = DiagnosisCode.KEY_UNKNOWN


def _stands_beside(new: KeyReport | None, old: KeyReport) -> bool:
    """The new key was accepted by the same host, at the same moment, and is another key."""
    if new is None or not new.facts.accepted:
        return False
    if (new.exchange, new.host) != (old.exchange, old.host) or new.hint == old.hint:
        return False
    moments = (new.started_at, new.finished_at, old.started_at, old.finished_at)
    return (max(moments) - min(moments)).total_seconds() <= LIMITS.evidence_span_seconds


def _without_witness(code: str) -> Hearing:
    return Hearing(
        Death.OPEN,
        say("Not proved: the new key was not accepted at the same moment."),
        say(
            "So the refusal may be about this line, this address or the exchange as a whole. Check the new key until "
            "it is accepted from here, then ask again."
        ),
        code,
    )


def _nothing_known(old: KeyReport, diagnosis: Diagnosis | None) -> Hearing:
    parts: list[Sentence] = []
    if diagnosis is not None:
        parts += [diagnosis.title, diagnosis.next_step]
    parts.append(say("Then ask again: this says nothing about whether the old key is dead."))
    return Hearing(
        Death.OPEN,
        say("Not proved: the old key could not be asked, or the answer is about something else."),
        series(parts, " "),
        _code(diagnosis),
    )


def _code(diagnosis: Diagnosis | None) -> str:
    return (diagnosis.exchange_code or "") if diagnosis is not None else ""
