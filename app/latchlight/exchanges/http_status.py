"""What an HTTP status says by itself: used only where an answer carries no readable code.

Meanings of 418, 429, 403 and 451 as documented by Binance (rest-api.md, "HTTP Return Codes");
the others after RFC 9110. None of them says anything about the key.
"""

from __future__ import annotations

from latchlight.core.answer import Answer
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.sentences import Sentence, mark, say

_TOO_OLD = say("If it stays like this, look for a newer version of Latchlight.")


def wait_words(seconds: float | None) -> Sentence:
    """When to try again."""
    if seconds is None:
        return say("Wait a few minutes, then check again. Do not change the key or its list.")
    if seconds < 120:
        return say(
            "Wait {n} seconds, then check again. Do not change the key or its list.",
            n=round(seconds),
        )
    if seconds < 7200:
        return say(
            "Wait {n} minutes, then check again. Do not change the key or its list.",
            n=round(seconds / 60),
        )
    return say(
        "Wait {n} hours, then check again. Do not change the key or its list.",
        n=round(seconds / 3600),
    )


_PAUSE = {
    418: (
        DiagnosisCode.ADDRESS_BANNED,
        mark("{exchange} has locked this address out for a while, for too many requests."),
    ),
    429: (
        DiagnosisCode.RATE_LIMITED,
        mark("{exchange} asks for a pause: too many requests from this address."),
    ),
}
"""Answers that name, or should name, a time to wait."""

_UNSERVED = {
    401: (
        DiagnosisCode.UNAUTHORIZED,
        mark("{exchange} refused without saying why."),
        mark("Check again. If it stays, compare key, secret and whitelist on the key's page."),
    ),
    403: (
        DiagnosisCode.FIREWALL_BLOCKED,
        mark("A protection page answered, not {exchange} itself."),
        mark(
            "Nothing is known about the key. Wait five minutes, switch a VPN off, and check again."
        ),
    ),
    451: (
        DiagnosisCode.REGION_BLOCKED,
        mark("{exchange} does not serve the country that this computer's address belongs to."),
        mark("Nothing is known about the key. If you use a VPN, its exit is in that country."),
    ),
    503: (
        DiagnosisCode.MAINTENANCE,
        mark("{exchange} is not in service at the moment."),
        mark("Nothing is known about the key. Check again later."),
    ),
}


def diagnose_status(answer: Answer, exchange: str) -> Diagnosis:
    """The diagnosis of an answer without a readable code."""
    code, title, step = _meaning(answer)
    return Diagnosis(
        code,
        say(title, exchange=exchange),
        step,
        http_status=answer.status,
        retry_after=answer.retry_after,
    )


def _meaning(answer: Answer) -> tuple[DiagnosisCode, str, Sentence]:
    if answer.status in _PAUSE:
        return (*_PAUSE[answer.status], wait_words(answer.retry_after))
    if answer.status in _UNSERVED:
        code, title, step = _UNSERVED[answer.status]
        return code, title, say(step)
    if answer.status >= 500:
        return (
            DiagnosisCode.EXCHANGE_FAULT,
            mark("{exchange} has a fault of its own."),
            say("Nothing is known about the key. Check again in a few minutes."),
        )
    return (DiagnosisCode.UNREADABLE_ANSWER, *_unreadable(answer))


def _unreadable(answer: Answer) -> tuple[str, Sentence]:
    if answer.status in (404, 410):
        return mark("{exchange} does not know this question any more."), _TOO_OLD
    if answer.status == 200 and not answer.is_json:
        return (
            mark("A web page answered where {exchange} should have."),
            say("If this network has a login page, log in there first. Then check again."),
        )
    return (
        mark("{exchange} answered in a way that this version cannot read."),
        say("Check again. {rest}", rest=_TOO_OLD),
    )
