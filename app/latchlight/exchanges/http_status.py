"""What an HTTP status says by itself: used only where an answer carries no readable code.

Meanings of 418, 429, 403 and 451 as documented by Binance (rest-api.md, "HTTP Return Codes");
the others after RFC 9110. None of them says anything about the key.
"""

from __future__ import annotations

from latchlight.core.answer import Answer
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.sentences import Sentence, say

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


def diagnose_status(answer: Answer, exchange: str) -> Diagnosis:
    """The diagnosis of an answer without a readable code."""
    code, title, step = _meaning(answer, exchange)
    return Diagnosis(code, title, step, http_status=answer.status, retry_after=answer.retry_after)


def _meaning(answer: Answer, exchange: str) -> tuple[DiagnosisCode, Sentence, Sentence]:
    match answer.status:
        case 418:
            return (
                DiagnosisCode.ADDRESS_BANNED,
                say(
                    "{exchange} has locked this address out for a while, for too many requests.",
                    exchange=exchange,
                ),
                wait_words(answer.retry_after),
            )
        case 429:
            return (
                DiagnosisCode.RATE_LIMITED,
                say(
                    "{exchange} asks for a pause: too many requests from this address.",
                    exchange=exchange,
                ),
                wait_words(answer.retry_after),
            )
        case 451:
            return (
                DiagnosisCode.REGION_BLOCKED,
                say(
                    "{exchange} does not serve the country that this computer's address belongs to.",
                    exchange=exchange,
                ),
                say(
                    "Nothing is known about the key. If you use a VPN, its exit is in that country."
                ),
            )
        case 401:
            return (
                DiagnosisCode.UNAUTHORIZED,
                say("{exchange} refused without saying why.", exchange=exchange),
                say(
                    "Check again. If it stays, compare key, secret and whitelist on the key's page."
                ),
            )
        case 403:
            return (
                DiagnosisCode.FIREWALL_BLOCKED,
                say("A protection page answered, not {exchange} itself.", exchange=exchange),
                say(
                    "Nothing is known about the key. Wait five minutes, switch a VPN off, and check again."
                ),
            )
        case 503:
            return (
                DiagnosisCode.MAINTENANCE,
                say("{exchange} is not in service at the moment.", exchange=exchange),
                say("Nothing is known about the key. Check again later."),
            )
        case status if status >= 500:
            return (
                DiagnosisCode.EXCHANGE_FAULT,
                say("{exchange} has a fault of its own.", exchange=exchange),
                say("Nothing is known about the key. Check again in a few minutes."),
            )
        case 404 | 410:
            return (
                DiagnosisCode.UNREADABLE_ANSWER,
                say("{exchange} does not know this question any more.", exchange=exchange),
                _TOO_OLD,
            )
        case 200 if not answer.is_json:
            return (
                DiagnosisCode.UNREADABLE_ANSWER,
                say("A web page answered where {exchange} should have.", exchange=exchange),
                say("If this network has a login page, log in there first. Then check again."),
            )
        case _:
            return (
                DiagnosisCode.UNREADABLE_ANSWER,
                say(
                    "{exchange} answered in a way that this version cannot read.", exchange=exchange
                ),
                say("Check again. {rest}", rest=_TOO_OLD),
            )
