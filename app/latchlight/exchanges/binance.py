"""Binance (binance.com), spot and wallet API.

Sources, read 2026-11-20: github.com/binance/binance-spot-api-docs (rest-api.md, errors.md,
CHANGELOG.md, faqs/) and developers.binance.com/docs/wallet/account/api-key-permission.
The own key's whitelist cannot be read since 2021-11-17; only the flag `ipRestrict` is reported.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from latchlight.core.answer import Answer, JsonValue
from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.facts import (
    NOT_TOLD,
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
from latchlight.core.server_text import harmless
from latchlight.core.situation import ClockTolerance, ExchangeTraits
from latchlight.exchanges.binance_refusals import diagnose, is_account, narrow
from latchlight.exchanges.binance_words import (
    ACCOUNT,
    CONSOLE_PAGE,
    FIELDS,
    FIXES,
    GUIDE,
    HOSTS,
    NAME,
    NOT_REPORTED,
    STATEMENTS,
    UNLISTED_RULE,
    WHITELIST_WORD,
)
from latchlight.exchanges.signing import header_value, sign_query
from latchlight.exchanges.spec import ExchangeSpec, Host, Probe, SignedRequest

FACTS_DATE = "2026-11-20"
TIME = Probe("time", "/api/v3/time")
KEY = Probe("key", "/sapi/v1/account/apiRestrictions", signed=True)

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
# "Loan, Repay & Transfer" is one switch: it moves money to the margin account and back.
_ALSO = {"enableMargin": (Permission.INTERNAL_TRANSFER,)}
_OTHER_FIELDS = {"ipRestrict", "createTime", "tradingAuthorityExpirationTime"}
_KNOWN_FIELDS = {row[0] for row in RIGHTS} | _OTHER_FIELDS
_RIGHTS_BEGIN = ("enable", "permit", "can", "allow")
_NO = frozenset({"", "false", "f", "no", "n", "off", "0", "none", "null", "disable", "disabled"})
_DESCRIBING = ("name", "label", "note", "remark", "alias")
_FIRST_KEYS = datetime(2017, 7, 1, tzinfo=UTC)


def sign(credentials: Credentials, probe: Probe, host: Host, now_ms: int) -> SignedRequest:
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


def read_facts(answers: tuple[Answer, ...], credentials: Credentials, host: Host) -> KeyFacts:
    """What `apiRestrictions` says. Every field in its documented form, or unknown."""
    answer = answers[-1]
    if host.probe is not None:
        return _only_accepted(answer, credentials, host)
    body = answer.fields
    rights = tuple(
        Right(name, label, permission, _boolean(body, name), serves, _ALSO.get(name, ()))
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


def _only_accepted(answer: Answer, credentials: Credentials, host: Host) -> KeyFacts:
    """A place without the wallet calls tells that the key is accepted, and nothing about its rights."""
    rights = tuple(
        Right(name, label, permission, NOT_TOLD, serves, _ALSO.get(name, ()))
        for name, label, permission, serves in RIGHTS
    )
    return KeyFacts(
        accepted=is_account(answer),
        environment=host.environment,
        kind=credentials.kind,
        rights=rights,
        unknown_rights=NOT_TOLD,
        whitelist_on=NOT_TOLD,
        whitelist=NOT_TOLD,
        created_at=NOT_TOLD,
        expires_at=NOT_TOLD,
        is_sub_account=NOT_TOLD,
    )


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
    switches without a documented field), and may come as words, lists or numbers: whatever does not
    plainly say no, or give a time, is reported.
    """
    if not isinstance(body, dict):
        return Unknown(WhyUnknown.NOT_READ)
    strange: list[str] = []
    for name, value in body.items():
        if name in _KNOWN_FIELDS or value is False or value is None:
            continue
        if name.casefold().startswith(_RIGHTS_BEGIN) or not _harmless_value(name, value):
            strange.append(harmless(name)[:64])
    return Known(tuple(strange))


def _harmless_value(name: str, value: JsonValue) -> bool:
    """Binance writes `ipRestrict` as text in a neighbouring answer, so a no may be text too."""
    if isinstance(value, str):
        return value.strip().casefold() in _NO or name.casefold().endswith(_DESCRIBING)
    if isinstance(value, dict | list) or value is True:
        return False
    return value == 0 or (name.casefold().endswith("time") and _from_ms(value) is not None)


def _moment(body: object, name: str, now: datetime) -> Fact[datetime]:
    if not isinstance(body, dict) or name not in body:
        return Unknown(WhyUnknown.MISSING, name)
    moment = _from_ms(body[name])
    if moment is None or not _FIRST_KEYS <= moment <= now + timedelta(days=1):
        return Unknown(WhyUnknown.WRONG_FORM, name)
    return Known(moment)


def _expiry(body: object) -> Fact[datetime | None]:
    """When trading ends on a key without restriction: documented in 2024, gone from today's documents.

    So absent is normal, and null as well. On a restricted key both mean "no end"; on one without
    restriction, which Binance may delete, they say nothing.
    """
    name = "tradingAuthorityExpirationTime"
    fields = body if isinstance(body, dict) else {}
    value = fields.get(name)
    if value is None:
        return Known(None) if fields.get("ipRestrict") is True else NOT_TOLD
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
        names_refused_address=False,
        name=NAME,
        # rest-api.md: timestamp < serverTime + 1000 and serverTime - timestamp <= recvWindow (5000 by default)
        clock=ClockTolerance(ahead_ms=1000, behind_ms=5000),
        whitelist_word=WHITELIST_WORD,
        not_reported=NOT_REPORTED,
        unlisted_rule=UNLISTED_RULE,
        fixes=FIXES,
        guide=GUIDE,
        facts_date=FACTS_DATE,
        # No gone_codes: -2008 was seen for unknown keys, and no document names it.
    ),
    readable=Readable.FLAG,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=CONSOLE_PAGE,
    narrow_probe=ACCOUNT,
    narrow=narrow,
)
