"""What Binance means when it refuses: codes first, the HTTP status only where there is no code.

Sources, read 2026-11-20: github.com/binance/binance-spot-api-docs errors.md; statuses and the
undocumented -2008 from ccxt/ccxt#16616, #18653 and binance/binance-connector-python#155; -71012
(Binance.US) from ccxt/ccxt#15650, #22044 and #24493.
"""

from __future__ import annotations

import re

from latchlight.core.addresses import parse_address
from latchlight.core.answer import Answer
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Exclusion, Likelihood
from latchlight.core.records import replace
from latchlight.core.sentences import Sentence, say
from latchlight.core.server_text import harmless
from latchlight.exchanges.binance_words import NAME, cause
from latchlight.exchanges.http_status import diagnose_status, wait_words

_SEEN_ADDRESS = re.compile(r"request ip: ([0-9A-Fa-f:.]{2,45})")
_BANNED_UNTIL = re.compile(r"banned until ([0-9]{13})\b")
_AHEAD = re.compile(r"ahead of the server", re.ASCII)


def diagnose(answer: Answer) -> Diagnosis | None:
    """By (code, message); by the HTTP status only where there is no JSON code."""
    body = answer.fields
    if "code" in body or "msg" in body:
        code, message = body.get("code"), body.get("msg")
        if type(code) is int:
            return _by_code(answer, code, message if isinstance(message, str) else "")
        return diagnose_status(answer, NAME) if answer.status != 200 else _not_understood(answer)
    if answer.status != 200 or not isinstance(answer.body, dict) or not answer.body:
        return diagnose_status(answer, NAME)
    return None


def _not_understood(answer: Answer) -> Diagnosis:
    return Diagnosis(
        DiagnosisCode.UNREADABLE_ANSWER,
        say("Binance answered in a way that this version cannot read."),
        say("Check again. If it stays like this, look for a newer version of Latchlight."),
        http_status=answer.status,
    )


def is_account(answer: Answer) -> bool:
    """Whether this is the documented answer of `/api/v3/account`, accepted."""
    return diagnose(answer) is None and isinstance(answer.fields.get("accountType"), str)


def _by_code(answer: Answer, code: int, message: str) -> Diagnosis:
    seen = _SEEN_ADDRESS.search(message)
    basis = _meaning(answer, code, message)
    return replace(
        basis,
        http_status=answer.status,
        exchange_code=str(code),
        server_text=harmless(message, answer.sent) or None,
        seen_address=_address(seen.group(1)) if seen else None,
        retry_after=max(
            (s for s in (answer.retry_after, _until(answer, message)) if s), default=None
        ),
    )


def _address(text: str) -> str | None:
    try:
        return str(parse_address(text))
    except ValueError:
        return None


def _until(answer: Answer, message: str) -> float | None:
    """`IP banned until 1573195200000` (ms) in seconds from now."""
    found = _BANNED_UNTIL.search(message)
    if found is None:
        return None
    return max(0.0, int(found.group(1)) / 1000 - answer.received_at.timestamp())


def _meaning(answer: Answer, code: int, message: str) -> Diagnosis:
    match code:
        case -2015:
            return _ambiguous()
        case -2008:
            return Diagnosis(
                DiagnosisCode.KEY_UNKNOWN,
                say("Binance does not know this key."),
                say(
                    "Most likely it was deleted, or it was not copied whole. Compare its end with the key's page."
                ),
                (
                    cause(DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY),
                    cause(DiagnosisCode.WRONG_HOST, Likelihood.POSSIBLE),
                ),
            )
        case -2014:
            return _certain(
                DiagnosisCode.KEY_MALFORMED,
                say("Binance says that this is not the form of an API key."),
            )
        case -1022:
            return _certain(
                DiagnosisCode.SIGNATURE_WRONG, say("Key and secret do not belong together.")
            )
        case -1021:
            return _clock(message)
        case -1099:
            return _not_found_or_not_allowed()
        case -71012:
            return Diagnosis(
                DiagnosisCode.UNREADABLE_ANSWER,
                say("Binance.US takes no requests over IPv6, and this one came over IPv6."),
                say(
                    "Nothing is known about the key. Make this computer use IPv4, and the bot too."
                ),
            )
        case -1002:
            return _certain(
                DiagnosisCode.PERMISSION_MISSING,
                say("Binance did not let this key ask for its own rights."),
            )
        case -3022:
            return _certain(
                DiagnosisCode.ACCOUNT_RESTRICTED,
                say("Binance has restricted trading for this account."),
            )
        case -1003 if answer.status == 418:
            return diagnose_status(answer, NAME)
        case -1003:
            title = say("Binance asks for a pause: too many requests from this address.")
            return Diagnosis(DiagnosisCode.RATE_LIMITED, title, wait_words(answer.retry_after))
        case -1008 | -1016:
            title = say("Binance is overloaded or not in service at the moment.")
            return Diagnosis(
                DiagnosisCode.MAINTENANCE,
                title,
                say("Nothing is known about the key. Check again later."),
            )
        case -1000 | -1001 | -1006 | -1007:
            title = say("Binance has a fault of its own.")
            return Diagnosis(
                DiagnosisCode.EXCHANGE_FAULT,
                title,
                say("Nothing is known about the key. Check again later."),
            )
        case _:
            return (
                diagnose_status(answer, NAME) if answer.status != 200 else _not_understood(answer)
            )


def _certain(code: DiagnosisCode, title: Sentence) -> Diagnosis:
    only = cause(code, Likelihood.CERTAIN)
    return Diagnosis(code, title, only.next_step, (only,))


def _clock(message: str) -> Diagnosis:
    ahead = _AHEAD.search(message) is not None
    title = (
        say("This computer's clock is ahead of Binance's.")
        if ahead
        else say("This computer's clock is behind Binance's, or the line is very slow.")
    )
    only = cause(DiagnosisCode.CLOCK_OFF, Likelihood.CERTAIN)
    return Diagnosis(DiagnosisCode.CLOCK_OFF, title, only.next_step, (only,))


def _ambiguous() -> Diagnosis:
    return Diagnosis(
        DiagnosisCode.KEY_IP_OR_PERMISSION,
        say("Binance refused the key, this address, or this right: it does not say which."),
        say("Go through the causes in this order. Do not remove the whitelist to try it out."),
        (
            cause(DiagnosisCode.IP_NOT_WHITELISTED, Likelihood.LIKELY),
            cause(DiagnosisCode.PERMISSION_MISSING, Likelihood.POSSIBLE),
            cause(DiagnosisCode.KEY_UNKNOWN, Likelihood.POSSIBLE),
            cause(DiagnosisCode.WRONG_HOST, Likelihood.POSSIBLE),
        ),
    )


def _not_found_or_not_allowed() -> Diagnosis:
    """-1099, "Not found, authenticated, or authorized": of the address it does not speak."""
    return Diagnosis(
        DiagnosisCode.KEY_IP_OR_PERMISSION,
        say("Binance refused the key or this right: it does not say which."),
        say("Go through the causes in this order. Do not remove the whitelist to try it out."),
        (
            cause(DiagnosisCode.PERMISSION_MISSING, Likelihood.LIKELY),
            cause(DiagnosisCode.KEY_UNKNOWN, Likelihood.POSSIBLE),
            cause(DiagnosisCode.WRONG_HOST, Likelihood.POSSIBLE),
        ),
    )


def narrow(first: Diagnosis, second: Answer | None) -> Diagnosis:
    """What the answer of `/api` to the same key adds to a -2015 of `/sapi`."""
    clock = Exclusion(
        say("Not the clock and not the line:"),
        say("Binance answered the time and did not complain about it."),
    )
    if second is None:
        return replace(first, excluded=(clock,))
    verdict = diagnose(second)
    if verdict is None:
        return _accepted_elsewhere(first, second, clock)
    if verdict.code in (DiagnosisCode.SIGNATURE_WRONG, DiagnosisCode.KEY_MALFORMED):
        return replace(verdict, excluded=(clock,))
    if verdict.code is DiagnosisCode.KEY_IP_OR_PERMISSION:
        return _refused_twice(first, verdict, clock)
    return replace(first, excluded=(clock,))


def _accepted_elsewhere(first: Diagnosis, second: Answer, clock: Exclusion) -> Diagnosis:
    if not is_account(second):
        return replace(first, excluded=(clock,))
    works = say(
        "Binance accepted another signed request of the same key from this address a moment ago."
    )
    return replace(
        first,
        title=say(
            "Binance knows this key and lets this address in, but refuses to tell its rights."
        ),
        next_step=cause(DiagnosisCode.PERMISSION_MISSING, Likelihood.LIKELY).next_step,
        causes=(cause(DiagnosisCode.PERMISSION_MISSING, Likelihood.LIKELY),),
        excluded=(
            clock,
            Exclusion(say("Not the address:"), works),
            Exclusion(say("Not a wrong key or secret:"), works),
        ),
        ask_other_hosts=(),
    )


def _refused_twice(first: Diagnosis, second: Diagnosis, clock: Exclusion) -> Diagnosis:
    """Seen (not documented): for a key that it does not know, `/sapi` answers -2008, not -2015."""
    if first.exchange_code != "-2015":
        return replace(first, excluded=(clock,), seen_address=second.seen_address)
    hint = Exclusion(
        say("A deleted key is less likely than the rest:"),
        say("for a key that it does not know, Binance usually answers something else here."),
    )
    return replace(first, excluded=(clock, hint), seen_address=second.seen_address)
