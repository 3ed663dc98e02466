"""Gate, API v4.

Sources, read 2026-11-20: www.gate.io/docs/developers/apiv4 ("Authentication", "Error handling",
"Account"), the official kit gate-api 7.2.161, Gate's help article 17521, and the threads and
libraries cited beside the facts they support. Two questions: `account/detail` tells of the key that
asks, but not its rights; `account/main_keys` tells the rights of every key of the account.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from latchlight.core.addresses import Network
from latchlight.core.answer import Answer, JsonValue
from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.deadlines import Counted, UnlistedEnd
from latchlight.core.diagnosis import DiagnosisCode, Likelihood
from latchlight.core.facts import (
    NOT_TOLD,
    ON_PAGE,
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
from latchlight.core.fixes import UNTICK, AddressForm
from latchlight.core.records import dataclass
from latchlight.core.sentences import PageLabel, say
from latchlight.core.server_text import harmless
from latchlight.core.situation import ClockTolerance, ExchangeTraits
from latchlight.exchanges.page import PageParts, page_guide
from latchlight.exchanges.reading import (
    Body,
    Word,
    address_list,
    flag,
    is_on,
    missing,
    moment_s,
    normal,
    said,
    strange_rights,
    text,
    texts,
    wrong_form,
)
from latchlight.exchanges.refusals import Meaning, Refusals, Said, not_read
from latchlight.exchanges.signing import header_value, hmac_sha512_hex
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
TIME = Probe("time", "/api/v4/spot/time")
DETAIL = Probe("detail", "/api/v4/account/detail", signed=True)
# Which right it needs is not documented, and a key without it still tells its whitelist.
MAIN_KEYS = Probe("main-keys", "/api/v4/account/main_keys", signed=True, optional=True)

HOSTS = (
    Host("api.gateio.ws", Environment.PRODUCTION, "Gate"),
    Host(
        "api.gateeu.com",
        Environment.PRODUCTION,
        say("Gate EU"),
        limits=say("Known from a library: whether it tells a key's rights is not documented."),
    ),
    Host(
        "api-testnet.gateapi.io",
        Environment.TESTNET,
        say("Gate testnet"),
        limits=say(
            "It has keys of its own, which say nothing about real money. Whether it tells a key's "
            "rights is not documented."
        ),
    ),
)

# Labels of Gate's help pages and partner guides: of medium certainty.
_PAGE = PageParts(
    title=PageLabel.of("API Management"),
    create=PageLabel.of("Create API Key"),
    edit=PageLabel.of("Edit"),
    list_heading=PageLabel.of("IP permissions"),
    anywhere=PageLabel.of("Bind later"),
    only_listed=PageLabel.of("Bind now"),
    addresses=PageLabel.of("IP permissions"),
    rights_heading=PageLabel.of("Permissions"),
    rights=(
        ("account", PageLabel.of("Account (Read Only)")),
        ("spot", PageLabel.of("Spot/Margin (Read and Write)")),
        ("futures", PageLabel.of("Perpetual Contract (Read and Write)")),
        ("wallet", PageLabel.of("Wallet (Read and Write)")),
        ("withdraw", PageLabel.of("Withdraw (Read and Write)")),
    ),
    save=PageLabel.of("Submit"),
)

WORDS = Words(
    name="Gate",
    page="https://www.gate.io/myaccount/apiv4keys",
    whitelist_word="IP permissions",
    open_page=say("Open API Management at Gate (profile icon, then “{page}”).", page=_PAGE.title),
    edit_key=say("Find the API v4 key by its remark and choose “{edit}”.", edit=_PAGE.edit),
    save=say(
        "Choose “{save}”, accept the reminder, then enter fund password and 2FA code.",
        save=_PAGE.save,
    ),
    set_list=(
        say(
            "Under “{part}” choose “{now}” and write your bot's address: up to 20, IPv4 only, no ranges. "
            "If your computer leaves over IPv6, make the bot use IPv4.",
            part=_PAGE.list_heading,
            now=_PAGE.only_listed,
        ),
    ),
    withdraw_off=say("Under permissions see that nothing about withdrawals is ticked."),
    transfer_off=UNTICK,
    read_on=say("Under permissions tick Account and set it to Read Only."),
    new_key=(
        say("Choose Create API Key, write a remark, and choose the type API v4."),
        say("Choose your account type, and bind the bot's address under IP permissions."),
        say("Tick Account as Read Only, and as Read and Write only what the bot trades on."),
        say("Choose Submit, accept the reminder, then enter fund password and 2FA code."),
        say("Copy the key and the secret at once: the secret is shown only here."),
    ),
    key_shape=say("32 digits and letters a to f"),
    elsewhere=say("Gate EU or the testnet"),
    again=say("Gate needs up to 5 minutes for a change. Then come back here and check again."),
)

GUIDE = page_guide(
    _PAGE,
    AddressForm(separator="\n", most=20),
    name="Gate",
    second_factor=say(
        "When you submit, Gate shows a reminder, then asks for your fund password and your 2FA code. It "
        "never asks for the secret of a key."
    ),
    # Documented: "changes take up to 5 minutes".
    delay=say("Gate needs up to 5 minutes before a change acts."),
    delay_seconds=360,
    hidden=say(
        "API Management is in the menu behind the profile icon on the website. Keys of the older kind "
        "(v2) stand apart: this program works with API v4 keys."
    ),
)


FIELDS = (
    CredentialField(
        "api_key",
        say("API key"),
        say("32 digits and letters a to f, of the type API v4."),
        r"[0-9a-f]{32}",
    ),
    CredentialField(
        "secret",
        say("API secret"),
        say("64 digits and letters a to f, shown only once when the key was made."),
        r"[0-9a-f]{64}",
    ),
)

_SPOT, _MARGIN = Permission.SPOT_TRADE, Permission.MARGIN_TRADE
_FUTURES, _OPTIONS = Permission.FUTURES_TRADE, Permission.OPTIONS_TRADE
_MOVES, _MAKES_KEYS = Permission.INTERNAL_TRANSFER, Permission.KEY_MANAGEMENT
RIGHTS = (
    # gate-api, AccountKeyInfoPerms: "spot: spot/margin".
    Word("spot", "Spot/Margin", _SPOT, also=(_MARGIN,)),
    Word("margin", "Margin", _MARGIN),
    Word("unified", "Unified Account", _MARGIN),
    Word("futures", "Perpetual Contract", _FUTURES),
    Word("delivery", "Delivery Contract", _FUTURES, serves=False),
    Word("options", "Options", _OPTIONS),
    Word("wallet", "Wallet", _MOVES),
    # Each of these puts money where spot and futures accounts no longer have it: into products,
    # collateral or fiat, or by a fund transfer of its own (gate-api: POST /earn/uni/lends,
    # /tradfi/transactions, /crossex/transfers).
    Word("earn", "Earn", _MOVES),
    Word("loan", "Lending", _MOVES),
    Word("otc", "OTC", _MOVES),
    Word("alpha", "Alpha", _MOVES, also=(_SPOT,), serves=False),
    Word("tradfi_spot", "TradFi Spot", _MOVES, also=(_SPOT,), serves=False),
    Word("cfd", "CFD", _MOVES, also=(_FUTURES,), serves=False),
    Word("crossx", "Cross-Exchange", _MOVES, also=(_SPOT, _MARGIN, _FUTURES), serves=False),
    # Copying gives money to somebody else's trades; what its calls can do is not documented.
    Word("copy", "Copy Trading", _MOVES, also=(_SPOT, _FUTURES), serves=False),
    Word("cfd_copy", "CFD Copy Trading", _MOVES, also=(_FUTURES,), serves=False),
    Word("stock_copy", "Stock Copy Trading", _MOVES, also=(_SPOT,), serves=False),
    # Keys of sub-accounts are made under /sub_accounts. The kit's list of words for main keys has
    # no sub_accounts: which word opens those calls for such a key is not documented.
    Word("sub_accounts", "Sub-Accounts", _MAKES_KEYS),
    Word("account", "Account", _MAKES_KEYS),
)
"""What each word allows when it is not read-only."""
UNEXPLAINED = frozenset({"custody", "pilot"})
"""Documented by name alone: read-only they only read, otherwise nobody can say what they allow."""
WITHDRAW = "withdraw"
"""No documented word is about withdrawals; any that holds this part is taken for the right itself."""
_KNOWN_WORDS = {row.name for row in RIGHTS} | UNEXPLAINED

_WRONG_CREDENTIALS = Meaning(
    DiagnosisCode.UNAUTHORIZED,
    say("Gate says that key or secret is wrong, and not which."),
    (
        (DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY),
        (DiagnosisCode.SIGNATURE_WRONG, Likelihood.POSSIBLE),
    ),
)
LABELS: dict[str, DiagnosisCode | Meaning] = {
    "IP_FORBIDDEN": DiagnosisCode.IP_NOT_WHITELISTED,
    # Also the answer to keys of the old generation
    # (CyberPunkMetalHead/gateio-crypto-trading-bot-binance-announcements-new-coins#65).
    "INVALID_KEY": Meaning(
        DiagnosisCode.KEY_UNKNOWN,
        say("Gate does not know this key on this site. A key of the old type API v2 is none here."),
        (
            (DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY),
            (DiagnosisCode.WRONG_HOST, Likelihood.POSSIBLE),
        ),
    ),
    "INVALID_CREDENTIALS": _WRONG_CREDENTIALS,
    "AUTHENTICATION_FAILED": _WRONG_CREDENTIALS,
    "INVALID_SIGNATURE": DiagnosisCode.SIGNATURE_WRONG,
    "MISSING_REQUIRED_HEADER": Meaning(
        DiagnosisCode.UNAUTHORIZED,
        say("Gate says that a part of the signed request was missing."),
        next_step=say("Something on the way may take parts out: try without a VPN or proxy."),
    ),
    "REQUEST_EXPIRED": DiagnosisCode.CLOCK_OFF,
    "READ_ONLY": DiagnosisCode.PERMISSION_MISSING,
    "FORBIDDEN": DiagnosisCode.PERMISSION_MISSING,
    "ACCOUNT_LOCKED": DiagnosisCode.ACCOUNT_RESTRICTED,
    "SUB_ACCOUNT_LOCKED": DiagnosisCode.ACCOUNT_RESTRICTED,
    "API_WITHDRAW_DISABLED": Meaning(
        DiagnosisCode.ACCOUNT_RESTRICTED,
        say("Gate has switched withdrawals through the API off for this account."),
    ),
    "TOO_MANY_REQUESTS": DiagnosisCode.RATE_LIMITED,
    "TOO_FAST": DiagnosisCode.RATE_LIMITED,
    "INTERNAL": DiagnosisCode.EXCHANGE_FAULT,
    "SERVER_ERROR": DiagnosisCode.EXCHANGE_FAULT,
    "TOO_BUSY": DiagnosisCode.EXCHANGE_FAULT,
}


def _read_refusal(answer: Answer) -> Said | None:
    """Accepted answers carry no code, so an object with a label is a refusal whatever the status."""
    body = answer.fields
    if "label" not in body and answer.status == 200 and answer.is_json:
        return None
    label, message = body.get("label"), body.get("message", body.get("detail"))
    if not isinstance(label, str):
        return not_read(answer)
    return Said(label, message if isinstance(message, str) else "")


# The same text is documented under IP_FORBIDDEN and seen under FORBIDDEN (OctoBot's tests).
_UNLISTED_WORDS = "not in whitelist"
REFUSALS = Refusals(
    WORDS,
    LABELS,
    _read_refusal,
    by_text=((_UNLISTED_WORDS, DiagnosisCode.IP_NOT_WHITELISTED),),
    address_after=_UNLISTED_WORDS,
)

_NO_BODY = hashlib.sha512(b"").hexdigest()


def sign(credentials: Credentials, probe: Probe, host: Host, now_ms: int) -> SignedRequest:
    """Method, path, query, hash of the body and seconds, a line each (docs, "Authentication")."""
    query = "&".join(f"{name}={value}" for name, value in probe.query)
    stamp = str(now_ms // 1000)
    payload = "\n".join(("GET", probe.path, query, _NO_BODY, stamp))
    headers = (
        ("KEY", header_value(credentials.api_key)),
        ("Timestamp", stamp),
        ("SIGN", hmac_sha512_hex(credentials.secret, payload)),
    )
    return SignedRequest(query, headers)


def read_time(answer: Answer) -> int | None:
    """`{"server_time":1731447921098}` in ms."""
    value = answer.fields.get("server_time")
    return value if type(value) is int and value > 0 else None


def follow(answers: tuple[Answer, ...]) -> Probe | None:
    """After an accepted `account/detail` the rights; there is nothing else to ask."""
    return MAIN_KEYS if len(answers) == 1 and REFUSALS.diagnose(answers[0]) is None else None


def read_facts(answers: tuple[Answer, ...], credentials: Credentials, host: Host) -> KeyFacts:
    """The whitelist from `account/detail`, the rights from the key's own entry in `main_keys`."""
    detail, entry = answers[0].fields, _own_entry(answers, credentials)
    state = entry if isinstance(entry, Unknown) else _number(entry, "state")
    if isinstance(state, Known) and state.value in _UNUSABLE:
        return KeyFacts(locked=True, environment=host.environment)
    perms = _perms(entry, state)
    listed = _agreed_list(detail, entry)
    return KeyFacts(
        accepted="user_id" in detail and "ip_whitelist" in detail,
        environment=host.environment,
        kind=credentials.kind,
        rights=_rights(perms),
        unknown_rights=_unknown_rights(perms, detail, entry),
        whitelist_on=is_on(listed),
        whitelist=listed,
        whitelist_readable=Readable.FULL,
        whitelist_fields=("ip_whitelist",),
        created_at=_created(entry, answers[-1].received_at),
        expires_at=NOT_TOLD,
        is_sub_account=NOT_TOLD,
        said=_said(answers, entry, perms),
    )


_NORMAL = 1
# Locked and frozen, or the reverse: the documents give both numberings.
_UNUSABLE = (2, 3)
_MASKED = re.compile(r"([^*]{12})\*{5}")


def _own_entry(answers: tuple[Answer, ...], credentials: Credentials) -> Body | Unknown:
    """The one entry whose masked key begins like ours; the keys of others are left where they are.

    The documented example is a list; the kit's schema is a single object, whose `key` holds a mode
    and no text: whose rights those are cannot be told.
    """
    if len(answers) < 2 or REFUSALS.diagnose(answers[1]) is not None:
        return missing("main_keys")
    body = answers[1].body
    listed = body if isinstance(body, list) else [body]
    entries = [e for e in listed if isinstance(e, dict) and isinstance(e.get("key"), str)]
    if len(entries) < len(listed):
        return wrong_form("key")
    own = [entry for entry in entries if _is_own(entry, credentials)]
    if len(own) != 1:
        return Unknown(WhyUnknown.CONTRADICTORY, "key") if own else missing("key")
    ours, theirs = _number(answers[0].fields, "user_id"), _number(own[0], "user_id")
    if isinstance(ours, Unknown):
        return ours
    if isinstance(theirs, Unknown):
        return theirs
    same = ours.value == theirs.value
    return own[0] if same else Unknown(WhyUnknown.CONTRADICTORY, "user_id")


def _is_own(entry: Body, credentials: Credentials) -> bool:
    masked = _MASKED.fullmatch(str(entry["key"]))
    return masked is not None and credentials.api_key.begins(masked[1])


def _number(body: Body, name: str) -> Fact[int]:
    if name not in body:
        return missing(name)
    value = body[name]
    return Known(value) if type(value) is int else wrong_form(name)


@dataclass(frozen=True)
class Perm:
    """One entry of `perms`, its name without spaces around and in small letters."""

    name: str
    read_only: bool


def _perms(entry: Body | Unknown, state: Fact[int]) -> Fact[tuple[Perm, ...]]:
    """All of `perms` in its documented form; a key without any should not have been answered."""
    if isinstance(entry, Unknown):
        return entry
    if isinstance(state, Unknown):
        return state
    if state.value != _NORMAL:
        return wrong_form("state")
    if "perms" not in entry:
        return missing("perms")
    listed = entry["perms"]
    read = [_perm(item) for item in listed] if isinstance(listed, list) else [None]
    perms = tuple(perm for perm in read if perm is not None)
    if len(perms) < len(read):
        return wrong_form("perms")
    return Known(perms) if perms else Unknown(WhyUnknown.CONTRADICTORY, "perms")


def _perm(item: JsonValue) -> Perm | None:
    if not isinstance(item, dict):
        return None
    name, read_only = text(item, "name"), flag(item, "read_only")
    if isinstance(name, Unknown) or isinstance(read_only, Unknown) or not normal(name.value):
        return None
    return Perm(normal(name.value), read_only.value)


def _rights(perms: Fact[tuple[Perm, ...]]) -> tuple[Right, ...]:
    """Reading by any word, withdrawing by any word about it, and a right per row of the table."""
    reads: Fact[bool] = perms if isinstance(perms, Unknown) else Known(True)
    withdraws: Fact[bool] = perms if isinstance(perms, Unknown) else ON_PAGE
    if isinstance(perms, Known) and any(WITHDRAW in perm.name for perm in perms.value):
        withdraws = Known(True)
    rights = [
        Right("read_only", "Read Only", Permission.READ, reads),
        Right(WITHDRAW, "Withdraw", Permission.WITHDRAW, withdraws),
    ]
    for row in RIGHTS:
        granted = _written(perms, row.name)
        rights.append(Right(row.name, row.label, row.permission, granted, row.serves, row.also))
    return tuple(rights)


def _written(perms: Fact[tuple[Perm, ...]], name: str) -> Fact[bool]:
    if isinstance(perms, Unknown):
        return perms
    modes = {perm.read_only for perm in perms.value if perm.name == name}
    return Unknown(WhyUnknown.CONTRADICTORY, "perms") if len(modes) > 1 else Known(modes == {False})


def _unknown_rights(
    perms: Fact[tuple[Perm, ...]], detail: Body, entry: Body | Unknown
) -> Fact[tuple[str, ...]]:
    """Words that are not documented, or not explained, and fields of either answer like a right."""
    if isinstance(perms, Unknown):
        return perms
    if isinstance(entry, Unknown):
        return entry
    strange = [harmless(perm.name)[:64] for perm in perms.value if _is_strange(perm)]
    listed = entry.get("perms")
    items = listed if isinstance(listed, list) else []
    for body in (detail, entry, *items):
        strange += strange_rights(body, ("perms", "name")) if isinstance(body, Mapping) else ()
    return Known(tuple(dict.fromkeys(strange)))


def _is_strange(perm: Perm) -> bool:
    if perm.name in UNEXPLAINED:
        return not perm.read_only
    return perm.name not in _KNOWN_WORDS and WITHDRAW not in perm.name


def _agreed_list(detail: Body, entry: Body | Unknown) -> Fact[tuple[Network, ...]]:
    """The whitelist where both answers say the same, in whatever order."""
    listed = address_list(texts(detail, "ip_whitelist"), "ip_whitelist")
    if isinstance(listed, Unknown) or isinstance(entry, Unknown):
        return listed
    again = address_list(texts(entry, "ip_whitelist"), "ip_whitelist")
    if isinstance(again, Unknown):
        return again
    same = set(listed.value) == set(again.value)
    return listed if same else Unknown(WhyUnknown.CONTRADICTORY, "ip_whitelist")


_SECONDS = re.compile(r"[1-9][0-9]{8,10}", re.ASCII)


def _created(entry: Body | Unknown, now: datetime) -> Fact[datetime]:
    """Seconds since 1970: a number in the documented example, a text of digits in the schema."""
    if isinstance(entry, Unknown):
        return entry
    value = entry.get("created_at")
    if isinstance(value, str) and _SECONDS.fullmatch(value):
        return moment_s({"created_at": int(value)}, "created_at", now)
    return moment_s(entry, "created_at", now)


def _said(
    answers: tuple[Answer, ...], entry: Body | Unknown, perms: Fact[tuple[Perm, ...]]
) -> dict[str, str]:
    """For the evidence: of all keys in the answer, the key's own entry alone."""
    words = said(answers[0].fields, "user_id", "ip_whitelist")
    if isinstance(entry, Unknown):
        refusal = REFUSALS.read(answers[1]) if len(answers) > 1 else None
        refused = {"main_keys": f"main_keys: {harmless(refusal.code)[:40]}"} if refusal else {}
        return words | refused
    words |= said(entry, "state", "created_at")
    if isinstance(perms, Unknown):
        return words
    line = ", ".join(f"{p.name} (read-only)" if p.read_only else p.name for p in perms.value)
    names = ["perms", "read_only", WITHDRAW, *(row.name for row in RIGHTS)]
    names += [perm.name for perm in perms.value]
    return words | dict.fromkeys(names, harmless(f"perms={line}"))


_D, _S, _I, _U = (
    SourceCertainty.DOCUMENTED,
    SourceCertainty.SDK,
    SourceCertainty.ISSUE,
    SourceCertainty.UNKNOWN,
)
_DOCS = "www.gate.io/docs/developers/apiv4"
_DETAIL, _KEYS = f"{_DOCS}, account/detail", f"{_DOCS}, account/main_keys"
_ERRORS, _LIMITS = f"{_DOCS}, Error handling", f"{_DOCS}, Rate limit"
_AUTHENTICATION = f"{_DOCS}, Authentication"
_HELP = "Gate help, article 17521"
STATEMENTS = (
    Sourced(Topic.PERMISSIONS, say("told per product, read-only or not (main_keys)"), _KEYS, _D),
    Sourced(
        Topic.WITHDRAW,
        say(
            "no word for it is documented: look at the key's page (a word with “withdraw” counts as on)"
        ),
        _KEYS,
        _U,
    ),
    Sourced(Topic.TRANSFER, say("told (wallet, and products that take money in)"), _KEYS, _D),
    Sourced(
        Topic.KEY_MANAGEMENT, say("told (sub_accounts; account is taken for it too)"), _KEYS, _D
    ),
    Sourced(Topic.WHITELIST, say("told in both answers (ip_whitelist; empty: none)"), _DETAIL, _D),
    Sourced(Topic.ADDRESSES, say("told in full (ip_whitelist)"), _DETAIL, _D),
    Sourced(Topic.CREATED, say("told (created_at in main_keys)"), _KEYS, _D),
    Sourced(Topic.ENDS, say("not told"), _KEYS, _D),
    Sourced(
        Topic.SEEN_ADDRESS,
        say("told in the refusal of an unlisted address (in its text, which may change)"),
        "a user's report of 2022, OctoBot's tests",
        _I,
    ),
    Sourced(Topic.CALLS, say("2"), _KEYS, _D),
    Sourced(Topic.MOST_ADDRESSES, say("20"), _DOCS, _D),
    Sourced(Topic.RANGES, say("not accepted"), _DOCS, _D),
    Sourced(Topic.IPV6, say("not accepted"), _DOCS, _D),
    Sourced(Topic.SEPARATOR, say("not documented"), _HELP, _U),
    Sourced(Topic.DELAY, say("up to 5 minutes"), _DOCS, _D),
    Sourced(Topic.UNLISTED, say("end after 90 days and must be renewed"), _HELP, _D),
    Sourced(
        Topic.WITHDRAW_UNLISTED,
        say("not documented; only to addresses used by hand more than 24 hours before"),
        _HELP,
        _U,
    ),
    Sourced(Topic.ACTIVITY, say("not documented"), _HELP, _U),
    Sourced(Topic.KINDS, say("HMAC (SHA-512), without a passphrase"), _AUTHENTICATION, _D),
    Sourced(Topic.CLOCK, say("accepted up to 60 s off"), _AUTHENTICATION, _D),
    Sourced(Topic.REFUSAL, say("address not on the list"), _ERRORS, _D, "IP_FORBIDDEN"),
    Sourced(
        Topic.REFUSAL,
        say("a right is missing; with “not in whitelist” in the text: address not on the list"),
        "freqtrade/freqtrade#10918, OctoBot's tests",
        _I,
        "FORBIDDEN",
    ),
    Sourced(
        Topic.REFUSAL,
        say("key not known here; also said to keys of the old type API v2"),
        f"{_ERRORS}; CyberPunkMetalHead/gateio-crypto-trading-bot-binance-announcements-new-coins#65",
        _D,
        "INVALID_KEY",
    ),
    Sourced(
        Topic.REFUSAL,
        say("futures wallet not opened: no fault of the key, move some funds there once"),
        "ccxt/ccxt#13249",
        _I,
        "USER_NOT_FOUND",
    ),
    Sourced(
        Topic.REMARK,
        say(
            "the example is a list of keys, the kit's schema one object without the key's text: both "
            "are read, the second tells no rights"
        ),
        f"{_KEYS}; gate-api 7.2.161",
        _D,
        say("form of main_keys"),
    ),
    Sourced(
        Topic.REMARK,
        say("2 and 3 are locked and frozen, or the reverse: neither key is usable"),
        _KEYS,
        _D,
        "state",
    ),
    Sourced(
        Topic.REMARK,
        say("which right it needs is not documented; refused, only the whitelist is known"),
        _KEYS,
        _U,
        "main_keys",
    ),
    Sourced(
        Topic.REMARK,
        say("documented by name alone: read and write is unknown"),
        _KEYS,
        _D,
        "custody, pilot",
    ),
    Sourced(Topic.REMARK, say("api.gateeu.com"), "ccxt 4.5.90", _S, say("host of Gate EU")),
    Sourced(
        Topic.REMARK, say("an older link; today's is not documented"), "guides", _U, WORDS.page
    ),
    Sourced(Topic.REMARK, say("150 requests in 10 s per user"), _LIMITS, _D, say("rate limit")),
)

SPEC = ExchangeSpec(
    id="gate",
    name=WORDS.name,
    hosts=HOSTS,
    fields=FIELDS,
    kinds=(KeyKind.HMAC,),
    sign=sign,
    time_probe=TIME,
    read_time=read_time,
    key_probe=DETAIL,
    follow=follow,
    later_probes=(MAIN_KEYS,),
    read_facts=read_facts,
    diagnose=REFUSALS.diagnose,
    traits=ExchangeTraits(
        id="gate",
        name=WORDS.name,
        clock=ClockTolerance(ahead_ms=60_000, behind_ms=60_000),
        whitelist_word=WORDS.whitelist_word,
        facts_date=FACTS_DATE,
        # "Invalid API Key"; INVALID_CREDENTIALS may also be the secret.
        gone_codes=frozenset({"INVALID_KEY"}),
        unlisted_rule=say("Gate also ends keys without bound addresses after 90 days."),
        unlisted_end=UnlistedEnd(90, Counted.MADE),
        fixes=fixes(WORDS),
        guide=GUIDE,
    ),
    readable=Readable.FULL,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=WORDS.page,
    reset_header=ResetHeader("X-Gate-RateLimit-Reset-Timestamp", ResetUnit.S_TIME),
)
