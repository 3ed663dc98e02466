"""Binance (binance.com), spot and wallet API.

Sources, read 2026-11-20: github.com/binance/binance-spot-api-docs (rest-api.md, errors.md,
CHANGELOG.md, faqs/) and developers.binance.com/docs/wallet/account/api-key-permission.
The own key's whitelist cannot be read since 2021-11-17; only the flag `ipRestrict` is reported.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from latchlight.core.addresses import parse_address
from latchlight.core.answer import Answer, JsonValue
from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Exclusion, Likelihood
from latchlight.core.facts import (
    NOT_TOLD,
    Environment,
    Fact,
    KeyFacts,
    Known,
    Permission,
    Readable,
    Right,
    Unknown,
    WhyUnknown,
)
from latchlight.core.limits import LIMITS
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.core.server_text import harmless
from latchlight.core.situation import ClockTolerance, ExchangeTraits
from latchlight.exchanges.binance_words import (
    CONSOLE_PAGE,
    FIELDS,
    FIXES,
    NOT_REPORTED,
    STATEMENTS,
    UNLISTED_RULE,
    WHITELIST_WORD,
    cause,
)
from latchlight.exchanges.http_status import diagnose_status, wait_words
from latchlight.exchanges.signing import header_value, sign_query
from latchlight.exchanges.spec import ExchangeSpec, Host, Probe, SignedRequest

NAME = "Binance"
FACTS_DATE = "2026-11-20"
TIME = Probe("time", "/api/v3/time")
KEY = Probe("key", "/sapi/v1/account/apiRestrictions", signed=True)
# Asked only to narrow a refusal. The answer's content is not looked at: `canWithdraw` and its kin
# are rights of the account, not of the key (JKorf/Binance.Net#180).
ACCOUNT = Probe("second", "/api/v3/account", signed=True, query=(("omitZeroBalances", "true"),))

# field, label on the API Management page, what it allows, whether a bot can live on it alone
RIGHTS = (
    ("enableReading", "Enable Reading", Permission.READ, True),
    ("enableFixReadOnly", "FIX read only", Permission.READ, False),
    ("enableSpotAndMarginTrading", "Enable Spot & Margin Trading", Permission.SPOT_TRADE, True),
    ("enableFixApiTrade", "FIX trading", Permission.SPOT_TRADE, False),
    ("enableMargin", "Enable Margin Loan, Repay & Transfer", Permission.MARGIN_TRADE, True),
    (
        "enablePortfolioMarginTrading",
        "Enable Portfolio Margin Trading",
        Permission.MARGIN_TRADE,
        False,
    ),
    ("enableFutures", "Enable Futures", Permission.FUTURES_TRADE, True),
    ("enableVanillaOptions", "Enable European Options", Permission.OPTIONS_TRADE, True),
    ("permitsUniversalTransfer", "Permits Universal Transfer", Permission.INTERNAL_TRANSFER, True),
    ("enableInternalTransfer", "Internal Transfer", Permission.INTERNAL_TRANSFER, True),
    ("enableWithdrawals", "Enable Withdrawals", Permission.WITHDRAW, True),
)
_OTHER_FIELDS = {"ipRestrict", "createTime", "tradingAuthorityExpirationTime"}
_KNOWN_FIELDS = {row[0] for row in RIGHTS} | _OTHER_FIELDS
_RIGHTS_BEGIN = ("enable", "permit", "can", "allow")
_YES = frozenset({"true", "t", "yes", "y", "on", "1", "enable", "enabled"})
_FIRST_KEYS = datetime(2017, 7, 1, tzinfo=UTC)
_SEEN_ADDRESS = re.compile(r"request ip: ([0-9A-Fa-f:.]{2,45})")
_BANNED_UNTIL = re.compile(r"banned until ([0-9]{13})\b")
_AHEAD = re.compile(r"ahead of the server", re.ASCII)


def sign(credentials: Credentials, probe: Probe, now_ms: int) -> SignedRequest:
    """Query string in sending order, signed as it is sent (rest-api.md, "SIGNED Endpoint security")."""
    parts = (
        *probe.query,
        ("recvWindow", str(LIMITS.receive_window_ms)),
        ("timestamp", str(now_ms)),
    )
    query = "&".join(f"{name}={value}" for name, value in parts)
    headers = (("X-MBX-APIKEY", header_value(credentials.api_key)),)
    return SignedRequest(sign_query(credentials, query), headers)


def read_time(answer: Answer) -> int | None:
    """`{"serverTime": 1499827319559}` in ms."""
    value = answer.fields.get("serverTime")
    return value if answer.status == 200 and type(value) is int and value > 0 else None


def read_facts(answer: Answer, credentials: Credentials, host: Host) -> KeyFacts:
    """What `apiRestrictions` says. Every field in its documented form, or unknown."""
    body = answer.fields
    rights = tuple(
        Right(name, label, permission, _boolean(body, name), serves)
        for name, label, permission, serves in RIGHTS
    )
    facts = KeyFacts(
        accepted=any(row[0] in body for row in RIGHTS) and "ipRestrict" in body,
        environment=host.environment,
        kind=credentials.kind,
        rights=rights,
        unknown_rights=_unknown_rights(body),
        whitelist_on=_boolean(body, "ipRestrict"),
        whitelist=NOT_TOLD,
        whitelist_readable=Readable.FLAG,
        whitelist_fields=("ipRestrict",),
        created_at=_moment(body, "createTime", answer.received_at),
        expires_at=_expiry(body),
        is_sub_account=NOT_TOLD,
        said={name: f"{name}={_short(body[name])}" for name in body if type(name) is str},
    )
    return _without_contradictions(facts)


def _boolean(body: dict[str, JsonValue] | object, name: str) -> Fact[bool]:
    if not isinstance(body, dict) or name not in body:
        return Unknown(WhyUnknown.MISSING, name)
    value = body[name]
    if value is True or value is False:
        return Known(value)
    return Unknown(WhyUnknown.WRONG_FORM, name)


def _unknown_rights(body: object) -> Fact[tuple[str, ...]]:
    """Fields that this table does not list and that are not plainly off.

    New rights come as `enable...` or `permits...` flags (binance.com's page of October 2026 has
    switches without a documented field). A new field of any name that says yes is reported.
    """
    if not isinstance(body, dict):
        return Unknown(WhyUnknown.NOT_READ)
    strange: list[str] = []
    for name, value in body.items():
        if name in _KNOWN_FIELDS or value is False or value is None:
            continue
        if name.casefold().startswith(_RIGHTS_BEGIN) or _sounds_like_yes(value):
            strange.append(harmless(name)[:64])
    return Known(tuple(strange))


def _sounds_like_yes(value: JsonValue) -> bool:
    """Binance writes `ipRestrict` as the text "true" in a neighbouring answer, so text counts too."""
    if isinstance(value, str):
        return value.strip().casefold() in _YES
    return isinstance(value, dict | list) or value == 1


def _moment(body: object, name: str, now: datetime) -> Fact[datetime]:
    if not isinstance(body, dict) or name not in body:
        return Unknown(WhyUnknown.MISSING, name)
    moment = _from_ms(body[name])
    if moment is None or not _FIRST_KEYS <= moment <= now + timedelta(days=1):
        return Unknown(WhyUnknown.WRONG_FORM, name)
    return Known(moment)


def _expiry(body: object) -> Fact[datetime | None]:
    """Documented in 2024, gone from today's documents, so absent is normal; null is "no end"."""
    name = "tradingAuthorityExpirationTime"
    value = body.get(name) if isinstance(body, dict) else None
    if value is None:
        return Known(None)
    moment = _from_ms(value)
    if moment is None or moment < _FIRST_KEYS:
        return Unknown(WhyUnknown.WRONG_FORM, name)
    return Known(moment)


def _from_ms(value: JsonValue) -> datetime | None:
    if type(value) is not int or not 0 < value < 4_102_444_800_000:  # the year 2100
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def _without_contradictions(facts: KeyFacts) -> KeyFacts:
    """A key without a single right should not have answered: its reading right cannot be read."""
    granted = [right for right in facts.rights if right.granted == Known(True)]
    if not granted and all(isinstance(right.granted, Known) for right in facts.rights):
        nothing = Unknown(WhyUnknown.CONTRADICTORY, "enableReading")
        rights = tuple(
            replace(r, granted=nothing) if r.permission is Permission.READ else r
            for r in facts.rights
        )
        return replace(facts, rights=rights)
    return facts


def _short(value: JsonValue) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    return harmless(str(value))[:40]


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
        server_text=harmless(message) or None,
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
                ask_other_hosts=tuple(h.name for h in OTHER_HOSTS),
            )
        case -2014:
            return _certain(
                DiagnosisCode.KEY_MALFORMED, "Binance says that this is not the form of an API key."
            )
        case -1022:
            return _certain(DiagnosisCode.SIGNATURE_WRONG, "Key and secret do not belong together.")
        case -1021:
            return _clock(message)
        case -1002 | -1099:
            return _certain(
                DiagnosisCode.PERMISSION_MISSING,
                "Binance did not let this key ask for its own rights.",
            )
        case -3022:
            return _certain(
                DiagnosisCode.ACCOUNT_RESTRICTED, "Binance has restricted trading for this account."
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


def _certain(code: DiagnosisCode, title: str) -> Diagnosis:
    only = cause(code, Likelihood.CERTAIN)
    return Diagnosis(code, say(title), only.next_step, (only,))


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
        ask_other_hosts=tuple(h.name for h in OTHER_HOSTS),
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
    hint = Exclusion(
        say("Less likely a deleted key:"),
        say("for a key that it does not know, Binance usually answers something else here."),
    )
    return replace(first, excluded=(clock, hint), seen_address=second.seen_address)


HOSTS = (Host("api.binance.com", Environment.PRODUCTION, "Binance"),)
OTHER_HOSTS = (
    Host("testnet.binance.vision", Environment.TESTNET, "Binance Spot Testnet"),
    Host("demo-api.binance.com", Environment.DEMO, "Binance Demo Trading"),
    Host("api.binance.us", Environment.PRODUCTION, "Binance.US"),
)

SPEC = ExchangeSpec(
    id="binance",
    name=NAME,
    hosts=HOSTS,
    fields=FIELDS,
    kinds=(KeyKind.HMAC, KeyKind.RSA, KeyKind.ED25519),
    sign=sign,
    time_probe=TIME,
    read_time=read_time,
    key_probe=KEY,
    read_facts=read_facts,
    diagnose=diagnose,
    traits=ExchangeTraits(
        id="binance",
        name=NAME,
        # rest-api.md: timestamp < serverTime + 1000 and serverTime - timestamp <= recvWindow (5000 by default)
        clock=ClockTolerance(ahead_ms=1000, behind_ms=5000),
        whitelist_word=WHITELIST_WORD,
        not_reported=NOT_REPORTED,
        unlisted_rule=UNLISTED_RULE,
        fixes=FIXES,
        facts_date=FACTS_DATE,
    ),
    readable=Readable.FLAG,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=CONSOLE_PAGE,
    narrow_probe=ACCOUNT,
    narrow=narrow,
    other_hosts=OTHER_HOSTS,
    other_probe=ACCOUNT,
    other_accepts=is_account,
)
