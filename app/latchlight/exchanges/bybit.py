"""Bybit, API v5.

Sources, read 2026-11-20: github.com/bybit-exchange/docs (v5/guide, v5/user/apikey-info,
v5/user/create-subuid-apikey, v5/error, v5/rate-limit, v5/demo, faq), the library pybit 5.17.0, and
threads cited beside the facts they support.

A permission word names an area; `readOnly` says for the key as a whole whether it may change
anything there. So a read-only key lists areas too: they are asleep on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from latchlight.core.addresses import Network
from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Likelihood
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
    is_true,
)
from latchlight.core.fixes import UNTICK, AddressForm
from latchlight.core.limits import LIMITS
from latchlight.core.records import replace
from latchlight.core.sentences import PageLabel, say
from latchlight.core.server_text import harmless
from latchlight.core.situation import ClockTolerance, ExchangeTraits
from latchlight.exchanges.http_status import wait_words
from latchlight.exchanges.page import PageParts, page_guide
from latchlight.exchanges.reading import (
    FIRST_KEYS,
    Body,
    Word,
    address_list,
    flag,
    is_on,
    moment_iso,
    normal,
    number_flag,
    said,
    says_no,
    strange_rights,
    texts,
    with_strange,
    wrong_form,
)
from latchlight.exchanges.refusals import Meaning, Refusals, Said, code_and_text
from latchlight.exchanges.signing import header_value, sign_text
from latchlight.exchanges.spec import (
    CredentialField,
    ExchangeSpec,
    Host,
    Probe,
    ResetHeader,
    ResetUnit,
    SignedRequest,
    SourceCertainty,
    Sourced,
    Topic,
)
from latchlight.exchanges.words import Words, fixes

FACTS_DATE = "2026-11-20"
TIME = Probe("time", "/v5/market/time")
KEY = Probe("key", "/v5/user/query-api", signed=True)
DEMO_ACCOUNT = Probe("account", "/v5/account/info", signed=True)

_P = Environment.PRODUCTION
_SAME_KEYS = say("Another name of the global site: the same keys.")
_NATIONAL = say("For accounts of this national site.")
_ONLY_IN_PYBIT = say("Named by Bybit's own library only, not by its documentation.")
_TEST_KEYS = say("Knows test keys only, and says nothing about real money.")
HOSTS = (
    Host("api.bybit.com", _P, "Bybit"),
    Host("api.bytick.com", _P, say("Bybit (bytick.com)"), limits=_SAME_KEYS, searched=False),
    Host(
        "api.bybit.eu",
        _P,
        say("Bybit EU"),
        limits=say("By Bybit's documentation it knows keys of connected apps only."),
    ),
    Host("api.bybit.nl", _P, say("Bybit Netherlands"), limits=_NATIONAL),
    Host("api.bybit.tr", _P, say("Bybit Turkey"), limits=_NATIONAL),
    Host(
        "api.bybit-tr.com",
        _P,
        say("Bybit Turkey (bybit-tr.com)"),
        limits=_ONLY_IN_PYBIT,
        searched=False,
    ),
    Host("api.bybit.kz", _P, say("Bybit Kazakhstan"), limits=_NATIONAL),
    Host("api.bybit.ae", _P, say("Bybit UAE"), limits=_NATIONAL),
    Host("api.bybit.id", _P, say("Bybit Indonesia"), limits=_NATIONAL),
    Host("api.bybitgeorgia.ge", _P, say("Bybit Georgia"), limits=_NATIONAL),
    Host("api.manepa.jp", _P, say("Bybit Japan (manepa.jp)"), limits=_NATIONAL),
    Host("api.bybit.com.hk", _P, say("Bybit Hong Kong"), limits=_ONLY_IN_PYBIT, searched=False),
    Host("api-testnet.bybit.com", Environment.TESTNET, say("Bybit testnet"), limits=_TEST_KEYS),
    Host(
        "api-testnet.manepa.jp",
        Environment.TESTNET,
        say("Bybit testnet, Japan (manepa.jp)"),
        limits=_TEST_KEYS,
    ),
    Host(
        "api-demo.bybit.com",
        Environment.DEMO,
        say("Bybit demo trading"),
        limits=say(
            "Here a key cannot be asked about its rights or its list, only whether it is accepted."
        ),
        probe=DEMO_ACCOUNT,
    ),
)

# English labels: the API FAQ for the list, copies of the page for the rest. Chinese: copies.
_PAGE = PageParts(
    title=PageLabel.of("API"),
    create=PageLabel.of("Create New Key", "创建新密钥"),
    edit=PageLabel.of("Edit"),
    list_heading=PageLabel.of("IP Address Added"),
    anywhere=PageLabel.of("No IP restriction"),
    only_listed=PageLabel.of("Only IPs with permissions granted are allowed to access the OpenAPI"),
    addresses=PageLabel.of("IP Address Added"),
    rights_heading=PageLabel.of("API Key Permissions"),
    rights=(
        ("readOnly", PageLabel.of("Read-Only", "只读")),
        ("Spot.SpotTrade", PageLabel.of("Unified Trading, Spot: Trade")),
        ("ContractTrade.Order", PageLabel.of("Unified Trading, Contracts: Orders")),
        ("Wallet.AccountTransfer", PageLabel.of("Assets, Wallet: Account Transfer")),
        ("Wallet.SubMemberTransfer", PageLabel.of("Assets, Wallet: Subaccount Transfer")),
        ("Wallet.Withdraw", PageLabel.of("Assets, Wallet: Withdrawal")),
    ),
    save=PageLabel.of("Submit", "提交"),
)

WORDS = Words(
    name="Bybit",
    page="https://www.bybit.com/app/user/api-management",
    whitelist_word="bound IP addresses",
    open_page=say("Open the API page at Bybit (profile picture, then “{page}”).", page=_PAGE.title),
    edit_key=say("Find the key by its name, then “{edit}”.", edit=_PAGE.edit),
    save=say(
        "Choose “{save}”, and confirm with the e-mail code and the authenticator code.",
        save=_PAGE.save,
    ),
    set_list=(
        say(
            "Choose “{only}” and write your bot's address into the field, several with commas between.",
            only=_PAGE.only_listed,
        ),
    ),
    withdraw_off=UNTICK,
    transfer_off=UNTICK,
    read_on=say("See that at least one permission is ticked."),
    wake_up=(say("Choose “Read-Write”: on a read-only key every right is asleep."),),
    new_key=(
        say(
            "Choose “{create}”, then “System-generated API Keys”, or “Self-generated” for RSA.",
            create=_PAGE.create,
        ),
        say("Choose “API Transaction” and give the key a name."),
        say("Choose “Read-Write” if the bot trades, “Read-Only” if it only watches."),
        say(
            "Choose “{only}” and write your bot's address into the field.",
            only=_PAGE.only_listed,
        ),
        say("Tick what the bot needs: for spot that is Spot, Trade. Leave Withdrawal empty."),
        say("Copy the API key and the secret at once: the secret is shown only here."),
    ),
    key_shape=say("18 letters and digits"),
    elsewhere=say("a national site, the test network, or demo trading"),
)

GUIDE = page_guide(
    _PAGE,
    AddressForm(separator=","),
    name="Bybit",
    second_factor=say(
        "When you submit, Bybit asks for the code from the e-mail and for your authenticator code. It "
        "never asks for the secret of a key."
    ),
    hidden=say(
        "API is in the menu behind the profile picture on the website. The test network and demo "
        "trading have pages of their own. A key made for a connected company cannot be changed here."
    ),
)


FIELDS = (
    CredentialField(
        "api_key",
        say("API key"),
        say("Usually 18 letters and digits, always visible on the page."),
        r"[A-Za-z0-9]{18}",
    ),
    CredentialField(
        "secret",
        say("API secret"),
        say("Usually 36 letters and digits, shown only once; for RSA your private key."),
        r"[A-Za-z0-9]{36}",
    ),
)

_READ, _TRANSFER = Permission.READ, Permission.INTERNAL_TRANSFER
_SPOT, _FUTURES, _OPTIONS = (
    Permission.SPOT_TRADE,
    Permission.FUTURES_TRADE,
    Permission.OPTIONS_TRADE,
)
# "The API key must have one of: Account Transfer, Subaccount Transfer, Withdrawal" (docs,
# v5/user/create-subuid-apikey): a main account's key can then make keys for sub-accounts.
_MAKES_KEYS = (Permission.KEY_MANAGEMENT,)
AREAS: Mapping[str, tuple[Word, ...]] = {
    "ContractTrade": (
        Word("Order", "Contracts: Orders", _FUTURES),
        Word("Position", "Contracts: Positions", _FUTURES, serves=False),
    ),
    # An order with `isLeverage` borrows with this same right (docs, v5/order/create-order).
    "Spot": (Word("SpotTrade", "Spot: Trade", _SPOT, also=(Permission.MARGIN_TRADE,)),),
    "Wallet": (
        Word("AccountTransfer", "Account Transfer", _TRANSFER, also=_MAKES_KEYS),
        Word("SubMemberTransfer", "Subaccount Transfer", _TRANSFER, also=_MAKES_KEYS),
        # On keys of sub-accounts; the documents do not say whether it is more than a list.
        Word("SubMemberTransferList", "Subaccount Transfer (sub-account)", _TRANSFER),
        Word("Withdraw", "Withdrawal", Permission.WITHDRAW, also=_MAKES_KEYS),
    ),
    # "It supports trade option and USDC perpetual": told as two, for it is more than either.
    "Options": (
        Word("OptionsTrade", "USDC Derivatives: options", _OPTIONS),
        Word("OptionsTrade", "USDC Derivatives: perpetuals", _FUTURES, serves=False),
    ),
    # "Unified account has this permission by default" (docs until 2025): it may be listed on a
    # key without any tick for contracts, so no futures bot is promised that it can live on it.
    "Derivatives": (
        Word("DerivativesTrade", "Derivatives (unified account)", _FUTURES, serves=False),
    ),
    # Changes coins in the funding account as well, which no spot bot trades on.
    "Exchange": (Word("ExchangeHistory", "Convert", _TRANSFER, also=(_SPOT,), serves=False),),
    # A trade whose other side and price are agreed in private can carry money out.
    "BlockTrade": (Word("BlockTrade", "Block Trade", _TRANSFER),),
    "Earn": (Word("Earn", "Earn", _TRANSFER),),
    "FiatP2P": (
        Word("FiatP2POrder", "P2P: Orders", _TRANSFER),
        Word("Advertising", "P2P: Advertising", _TRANSFER),
    ),
    "FiatBitPay": (Word("FaitPayOrder", "Bybit Pay: Orders", _TRANSFER),),
    "FiatBybitPay": (Word("FaitPayOrder", "Bybit Pay: Orders", _TRANSFER),),  # its name until 2026
    "FiatConvertBroker": (Word("FiatConvertBrokerOrder", "Fiat Convert: Orders", _TRANSFER),),
    "BitCard": (Word("BitCard", "Bybit Card", _TRANSFER),),
    # "Only useful for affiliate": looks up customers of the affiliate.
    "Affiliate": (Word("Affiliate", "Affiliate", _READ, serves=False),),
}
"""Every documented word whose power is described. Of the other documented areas, `FiatGlobalPay` is
in an example only, `ByXPost` ("community post") is named and not described, and `NFT` and
`CopyTrading` are "deprecated, always []": a word in one of them is as unknown as in a new one."""
_ALWAYS_THERE = (
    *("ContractTrade", "Spot", "Wallet", "Options", "Derivatives", "Exchange", "BlockTrade"),
)
"""In every documented answer; the others came over the years, and an older answer lacks them."""

_TEN_MINUTES = 600.0
_BANNED = Meaning(
    DiagnosisCode.ADDRESS_BANNED,
    say("Bybit has locked this address out for a while, for too many requests."),
)
_FRONT_DOOR = Meaning(
    DiagnosisCode.FIREWALL_BLOCKED,
    say("Bybit's front door refused this computer, before the key was looked at."),
    ((DiagnosisCode.REGION_BLOCKED, Likelihood.POSSIBLE),),
    say(
        "Nothing is known about the key. Bybit answers like this after too many requests, and in "
        "countries that it does not serve (US, Mainland China). Wait at least ten minutes before "
        "you check again."
    ),
)
_NO_SUCH_QUESTION = Meaning(
    DiagnosisCode.UNREADABLE_ANSWER,
    say("Bybit does not know this question any more."),
    next_step=say("Nothing is known about the key. Look for a newer version of Latchlight."),
)
CODES: dict[str, DiagnosisCode | Meaning] = {
    "10010": DiagnosisCode.IP_NOT_WHITELISTED,
    "10003": Meaning(
        DiagnosisCode.KEY_UNKNOWN,
        say("Bybit does not know this key on this site."),
        (
            (DiagnosisCode.WRONG_HOST, Likelihood.LIKELY),
            (DiagnosisCode.KEY_UNKNOWN, Likelihood.POSSIBLE),
        ),
    ),
    "10004": DiagnosisCode.SIGNATURE_WRONG,
    "10005": DiagnosisCode.PERMISSION_MISSING,
    "10002": DiagnosisCode.CLOCK_OFF,
    "-1": DiagnosisCode.CLOCK_OFF,
    "33004": DiagnosisCode.KEY_EXPIRED,
    "-2015": DiagnosisCode.KEY_EXPIRED,  # not Binance's -2015, which means three other things
    "10007": DiagnosisCode.UNAUTHORIZED,
    "10008": DiagnosisCode.ACCOUNT_RESTRICTED,
    "10024": DiagnosisCode.ACCOUNT_RESTRICTED,
    "10027": DiagnosisCode.ACCOUNT_RESTRICTED,
    "10009": DiagnosisCode.REGION_BLOCKED,
    "10006": DiagnosisCode.RATE_LIMITED,
    "10018": DiagnosisCode.RATE_LIMITED,
    "10000": DiagnosisCode.EXCHANGE_FAULT,
    "10016": DiagnosisCode.EXCHANGE_FAULT,
    "10017": _NO_SUCH_QUESTION,
}
"""81007, 141019 and 141020 answer requests that make or change keys: none of ours does."""


def _read_refusal(answer: Answer) -> Said | None:
    return code_and_text(answer, "retCode", "retMsg", 0)


REFUSALS = Refusals(
    WORDS,
    CODES,
    _read_refusal,
    by_text=(("access too frequent", _BANNED),),
    unlisted={403: _FRONT_DOOR},
)


def diagnose(answer: Answer) -> Diagnosis | None:
    """None where the answer is an accepted one. A lock-out of an address lasts ten minutes or more."""
    diagnosis = REFUSALS.diagnose(answer)
    if diagnosis is None or diagnosis.code not in _LOCKED_OUT:
        return diagnosis
    seconds = max(diagnosis.retry_after or 0.0, _TEN_MINUTES)
    if diagnosis.code is DiagnosisCode.FIREWALL_BLOCKED:
        return replace(diagnosis, retry_after=seconds)
    return replace(diagnosis, retry_after=seconds, next_step=wait_words(seconds))


_LOCKED_OUT = (DiagnosisCode.ADDRESS_BANNED, DiagnosisCode.FIREWALL_BLOCKED)


def sign(credentials: Credentials, probe: Probe, host: Host, now_ms: int) -> SignedRequest:
    """Timestamp + API key + window + query, by HMAC-SHA256 in hex or RSA in base64 (docs, v5/guide)."""
    query = "&".join(f"{name}={value}" for name, value in probe.query)
    api_key = header_value(credentials.api_key)
    window = LIMITS.receive_window_ms
    headers = (
        ("X-BAPI-API-KEY", api_key),
        ("X-BAPI-TIMESTAMP", str(now_ms)),
        ("X-BAPI-RECV-WINDOW", str(window)),
        ("X-BAPI-SIGN", sign_text(credentials, f"{now_ms}{api_key}{window}{query}")),
    )
    return SignedRequest(query, headers)


def read_time(answer: Answer) -> int | None:
    """`time` in ms, where `result.timeSecond` says the same."""
    now_ms, result = answer.fields.get("time"), answer.fields.get("result")
    seconds = result.get("timeSecond") if isinstance(result, dict) else None
    if type(now_ms) is not int or not 0 < now_ms < 10**15:
        return None
    if not isinstance(seconds, str) or not (seconds.isascii() and seconds.isdigit()):
        return None
    return now_ms if len(seconds) < 12 and abs(now_ms // 1000 - int(seconds)) <= 1 else None


def read_facts(answers: tuple[Answer, ...], credentials: Credentials, host: Host) -> KeyFacts:
    """What `query-api` says about the key that asked, which it names."""
    answer = answers[-1]
    result = answer.fields.get("result")
    body = result if isinstance(result, dict) else {}
    if host.probe is not None:
        return _only_accepted(body, credentials, host)
    permissions, echoed = body.get("permissions"), body.get("apiKey")
    if not isinstance(permissions, dict) or not isinstance(echoed, str) or "ips" not in body:
        return KeyFacts(environment=host.environment, whitelist_readable=Readable.FULL)
    listed = _listed(body)
    is_sub_account = _is_sub_account(body)
    rights = _rights(permissions, number_flag(body, "readOnly"), is_sub_account)
    unknown = with_strange(
        _unknown_rights(permissions), strange_rights(body, ("permissions", "note"))
    )
    return KeyFacts(
        accepted=True,
        other_key=credentials.api_key != Secret(echoed),
        environment=host.environment,
        kind=credentials.kind,
        rights=rights,
        unknown_rights=unknown,
        whitelist_on=is_on(listed),
        whitelist=listed,
        whitelist_readable=Readable.FULL,
        whitelist_fields=("ips",),
        created_at=_created(body, answer.received_at),
        expires_at=_ends(body, is_on(listed), answer.received_at),
        is_sub_account=is_sub_account,
        said=_evidence(body, permissions, rights, unknown),
    )


def _only_accepted(body: Body, credentials: Credentials, host: Host) -> KeyFacts:
    """Demo trading tells that a key is accepted, and nothing about its rights."""
    return KeyFacts(
        accepted=isinstance(body.get("marginMode"), str),
        environment=host.environment,
        kind=credentials.kind,
        rights=tuple(
            Right(f"{area}.{row.name}", row.label, row.permission, NOT_TOLD, row.serves, row.also)
            for area, rows in AREAS.items()
            for row in rows
        ),
        unknown_rights=NOT_TOLD,
        whitelist_on=NOT_TOLD,
        whitelist=NOT_TOLD,
        created_at=NOT_TOLD,
        expires_at=NOT_TOLD,
        is_sub_account=NOT_TOLD,
    )


def _listed(body: Body) -> Fact[tuple[Network, ...]]:
    """`["*"]` is a key without a list. An empty list, or an empty address in it, is not documented."""
    entries = texts(body, "ips")
    if entries == Known(("*",)):
        return Known(())
    return wrong_form("ips") if entries == Known(()) else address_list(entries, "ips")


def _rights(
    permissions: Body, read_only: Fact[bool], is_sub_account: Fact[bool]
) -> tuple[Right, ...]:
    # "Any permission can access this endpoint": so a key without one should not have answered.
    reads = any(not says_no(words) for words in permissions.values())
    nothing = Unknown(WhyUnknown.CONTRADICTORY, "permissions")
    rights = [Right("readOnly", "Read", _READ, Known(True) if reads else nothing)]
    for area, rows in AREAS.items():
        words = _words(permissions, area)
        for row in rows:
            right = _right(area, row, words, read_only)
            if is_true(is_sub_account):  # only a main account's key can make keys
                right = replace(right, also=tuple(p for p in right.also if p not in _MAKES_KEYS))
            rights.append(right)
    return tuple(rights)


def _words(permissions: Body, area: str) -> Fact[tuple[str, ...]]:
    if area not in permissions and area not in _ALWAYS_THERE:
        return Known(())
    return texts(permissions, area)


def _right(area: str, row: Word, words: Fact[tuple[str, ...]], read_only: Fact[bool]) -> Right:
    granted: Fact[bool] = words if isinstance(words, Unknown) else Known(_has(words.value, row))
    asleep = is_true(granted) and is_true(read_only)
    if asleep:
        granted = Known(False)
    elif is_true(granted) and isinstance(read_only, Unknown):
        granted = read_only
    return Right(
        f"{area}.{row.name}", row.label, row.permission, granted, row.serves, row.also, asleep
    )


def _has(words: tuple[str, ...], row: Word) -> bool:
    return any(normal(word) == normal(row.name) for word in words)


def _unknown_rights(permissions: Body) -> Fact[tuple[str, ...]]:
    """`Area.Word` for each listed word of no row; the area alone where it is no list and no no."""
    strange: list[str] = []
    for area in (*_ALWAYS_THERE, *permissions):
        words = texts(permissions, area)
        if isinstance(words, Known):
            rows = AREAS.get(area, ())
            new = (word for word in words.value if not any(_has((word,), row) for row in rows))
            strange += [f"{harmless(area)}.{harmless(word)}" for word in new]
        elif area in AREAS:
            return words
        elif not says_no(permissions[area]):
            strange.append(harmless(area))
    return Known(tuple(dict.fromkeys(name[:64] for name in strange)))


def _created(body: Body, now: datetime) -> Fact[datetime]:
    made = moment_iso(body, "createdAt")
    if isinstance(made, Unknown) or FIRST_KEYS <= made.value <= now + timedelta(days=1):
        return made
    return wrong_form("createdAt")


def _ends(body: Body, bound: Fact[bool], now: datetime) -> Fact[datetime | None]:
    """`1970-01-01T00:00:00Z` is no end, on keys with a list only: all others end.

    Where the days that are left tell of an earlier end than the date, they count.
    """
    end = moment_iso(body, "expiredAt")
    if isinstance(end, Unknown):
        return end
    days_left = body.get("deadlineDay")
    counted = type(days_left) is int and days_left >= 0
    if end.value >= FIRST_KEYS:
        if type(days_left) is not int or not 0 <= days_left <= _MOST_DAYS:
            return Known(end.value)
        return Known(min(end.value, now + timedelta(days=days_left + 1)))
    if end.value != datetime.fromtimestamp(0, UTC):
        return wrong_form("expiredAt")
    if isinstance(bound, Unknown):
        return bound
    if counted or not bound.value:
        return Unknown(WhyUnknown.CONTRADICTORY, "expiredAt")
    return Known(None)


_MOST_DAYS = 3650


def _is_sub_account(body: Body) -> Fact[bool]:
    master = flag(body, "isMaster")
    if isinstance(master, Unknown):
        return master
    if "parentUid" in body and (body["parentUid"] == "0") is not master.value:
        return Unknown(WhyUnknown.CONTRADICTORY, "parentUid")
    return Known(not master.value)


def _evidence(
    body: Body, permissions: Body, rights: tuple[Right, ...], unknown: Fact[tuple[str, ...]]
) -> dict[str, str]:
    """Of each right its area and the level of the key; nothing that names the account's owner."""
    words = said(body, "readOnly", "ips", "expiredAt", "deadlineDay", "createdAt", "type")
    names = [right.name for right in rights]
    names += unknown.value if isinstance(unknown, Known) else ()
    areas = {harmless(area): permissions[area] for area in permissions}
    for name in names:
        area = name.partition(".")[0]
        if area in areas:
            told = (*said(areas, area).values(), words.get("readOnly", ""))
            words[name] = "; ".join(filter(None, told))
    return words


_D, _S, _I, _U = (
    SourceCertainty.DOCUMENTED,
    SourceCertainty.SDK,
    SourceCertainty.ISSUE,
    SourceCertainty.UNKNOWN,
)
_INFO = "Bybit docs, v5/user/apikey-info"
_MAKE = "Bybit docs, v5/user/create-subuid-apikey"
_GUIDE = "Bybit docs, v5/guide"
_ERRORS = "Bybit docs, v5/error"
_LIMITS = "Bybit docs, v5/rate-limit"
_EU = "sieblyio/bybit-api#555"
STATEMENTS = (
    Sourced(Topic.PERMISSIONS, say("told: words by area (permissions), and readOnly"), _INFO, _D),
    Sourced(Topic.WITHDRAW, say("told (Withdraw in Wallet)"), _INFO, _D),
    Sourced(
        Topic.TRANSFER,
        say(
            "told (AccountTransfer, SubMemberTransfer in Wallet; P2P, Bybit Pay, card, Earn, Convert)"
        ),
        _INFO,
        _D,
    ),
    Sourced(
        Topic.KEY_MANAGEMENT,
        say(
            "no right of its own: a main account's key with a transfer or withdrawal right can make "
            "keys for sub-accounts"
        ),
        _MAKE,
        _D,
    ),
    Sourced(Topic.WHITELIST, say("told (ips; *: none)"), _INFO, _D),
    Sourced(Topic.ADDRESSES, say("told in full (ips)"), _INFO, _D),
    Sourced(Topic.CREATED, say("told (createdAt)"), _INFO, _D),
    Sourced(Topic.ENDS, say("told (expiredAt; 1970 on keys with a list: none)"), _INFO, _D),
    Sourced(Topic.SEEN_ADDRESS, say("not told, not even in the refusal 10010"), _ERRORS, _D),
    Sourced(Topic.CALLS, say("1"), _INFO, _D),
    Sourced(Topic.MOST_ADDRESSES, say("not documented"), _INFO, _U),
    Sourced(Topic.RANGES, say("not documented"), _INFO, _U),
    Sourced(Topic.IPV6, say("not documented"), _INFO, _U),
    Sourced(Topic.SEPARATOR, say("comma"), _MAKE, _D),
    Sourced(Topic.DELAY, say("not documented"), _INFO, _U),
    Sourced(
        Topic.UNLISTED,
        say("ends after 90 days, and 7 days after a change of the account's password"),
        _MAKE,
        _D,
    ),
    Sourced(Topic.WITHDRAW_UNLISTED, say("not documented"), _INFO, _U),
    Sourced(Topic.ACTIVITY, say("not documented"), _INFO, _U),
    Sourced(Topic.KINDS, say("HMAC and RSA"), _GUIDE, _D),
    Sourced(Topic.CLOCK, say("less than 1 s ahead, up to 5 s behind"), _GUIDE, _D),
    Sourced(
        Topic.REFUSAL,
        say("address not on the list; not the signature (10004)"),
        _ERRORS,
        _D,
        "10010",
    ),
    Sourced(
        Topic.REFUSAL,
        say("seen on keys of connected apps whose page shows no address at all"),
        _EU,
        _I,
        say("10010 at bybit.eu"),
    ),
    Sourced(
        Topic.REFUSAL,
        say("key not known here: deleted, or of another site, the test network or demo trading"),
        _ERRORS,
        _D,
        "10003",
    ),
    Sourced(Topic.REFUSAL, say("the signature does not fit"), _ERRORS, _D, "10004"),
    Sourced(Topic.REFUSAL, say("the key has ended"), _ERRORS, _D, "33004"),
    Sourced(
        Topic.REFUSAL,
        say("the key has ended; the same number means something else at Binance"),
        _ERRORS,
        _D,
        "-2015",
    ),
    Sourced(
        Topic.REFUSAL, say("the clock (10016 is a fault of Bybit's own)"), _ERRORS, _D, "10002"
    ),
    Sourced(
        Topic.REFUSAL,
        say("too many requests with this account's keys; not the address"),
        _LIMITS,
        _D,
        "10006",
    ),
    Sourced(
        Topic.REFUSAL,
        say(
            "too many requests from this address (wait ten minutes), or an address in the US or "
            "Mainland China"
        ),
        _LIMITS,
        _D,
        "HTTP 403",
    ),
    Sourced(Topic.REFUSAL, say("key or headers invalid, without a word"), _ERRORS, _D, "HTTP 401"),
    Sourced(
        Topic.REMARK,
        say(
            "a permission word names an area; on a read-only key the areas are listed all the same"
        ),
        _INFO,
        _D,
        say("read-only keys"),
    ),
    Sourced(
        Topic.REMARK,
        say("unified accounts had DerivativesTrade by default: it may be listed without a tick"),
        "Bybit docs of 2023, v5/user/apikey-info",
        _D,
        "DerivativesTrade",
    ),
    Sourced(
        Topic.REMARK,
        say("told (type 2): made for a connected third-party app"),
        _INFO,
        _D,
        say("apps"),
    ),
    Sourced(
        Topic.REMARK,
        say(
            "knows keys of connected apps for broker users only; no key can be made by API (81007)"
        ),
        _GUIDE,
        _D,
        "bybit.eu",
    ),
    Sourced(
        Topic.REMARK,
        say("the library names api.bybit-tr.com and api.bybit.com.hk, the documentation does not"),
        "pybit 5.17.0",
        _S,
        say("hosts"),
    ),
    Sourced(
        Topic.REMARK,
        say("the question about a key's rights is not in the list of what demo trading answers"),
        "Bybit docs, v5/demo",
        _D,
        say("demo trading"),
    ),
    Sourced(
        Topic.REMARK,
        say(
            "list and sensitive rights cannot be changed through the API since 2026-02-10 (141019, "
            "141020)"
        ),
        "Bybit docs, changelog",
        _D,
        say("changes"),
    ),
)

SPEC = ExchangeSpec(
    id="bybit",
    name=WORDS.name,
    hosts=HOSTS,
    fields=FIELDS,
    kinds=(KeyKind.HMAC, KeyKind.RSA),
    sign=sign,
    time_probe=TIME,
    read_time=read_time,
    key_probe=KEY,
    read_facts=read_facts,
    diagnose=diagnose,
    traits=ExchangeTraits(
        id="bybit",
        name=WORDS.name,
        # v5/guide: server_time - recv_window <= timestamp < server_time + 1000
        clock=ClockTolerance(ahead_ms=1000, behind_ms=LIMITS.receive_window_ms),
        whitelist_word=WORDS.whitelist_word,
        facts_date=FACTS_DATE,
        # 10003 "API key is invalid": documented for a key that this site does not know.
        gone_codes=frozenset({"10003"}),
        unlisted_rule=say(
            "Bybit also ends keys that have no list: after 90 days, and 7 days after you change "
            "the account's password."
        ),
        fixes=fixes(WORDS),
        guide=GUIDE,
    ),
    readable=Readable.FULL,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=WORDS.page,
    reset_header=ResetHeader("X-Bapi-Limit-Reset-Timestamp", ResetUnit.MS_TIME),
)
