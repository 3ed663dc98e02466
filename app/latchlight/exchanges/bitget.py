"""Bitget, API v2 (classic accounts) and v3 (unified accounts, UTA).

Sources, read 2026-11-20: www.bitget.com/api-doc ("Get Account Information", "Get Account Info", the
UTA pages on sub-accounts, transfers and withdrawals), github.com/BitgetLimited/apidoc (error
table), UnipayFI/go-bitget for the forms in which fields really come, and threads cited beside the
facts they support.

A key does not say to which kind of account it belongs. The unified question comes first, because
every key may ask it; its refusal 40084 leads to the classic one.
"""

from __future__ import annotations

from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.diagnosis import DiagnosisCode, Likelihood
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
    is_false,
    is_true,
)
from latchlight.core.fixes import UNTICK, AddressForm
from latchlight.core.records import replace
from latchlight.core.sentences import PageLabel, say
from latchlight.core.situation import ClockTolerance, ExchangeTraits
from latchlight.exchanges.page import PageParts, page_guide
from latchlight.exchanges.reading import (
    Body,
    Word,
    address_list,
    comma_list,
    is_on,
    missing,
    normal,
    rights_from,
    said,
    said_of_rights,
    strange_rights,
    text,
    texts,
    with_strange,
    wrong_form,
)
from latchlight.exchanges.refusals import Meaning, Refusals, Said, code_and_text
from latchlight.exchanges.signing import header_value, passphrase_value, sign_text_base64
from latchlight.exchanges.spec import (
    CredentialField,
    ExchangeSpec,
    Host,
    Probe,
    SignedRequest,
    SourceCertainty,
    Sourced,
    Topic,
)
from latchlight.exchanges.words import Words, fixes

FACTS_DATE = "2026-11-20"
TIME = Probe("time", "/api/v2/public/time")
KEY = Probe("key", "/api/v3/account/info", signed=True)
CLASSIC = Probe("classic", "/api/v2/spot/account/info", signed=True)

HOSTS = (
    Host("api.bitget.com", Environment.PRODUCTION, "Bitget"),
    Host(
        "api.bitget.com (demo)",
        Environment.DEMO,
        say("Bitget demo trading"),
        address="api.bitget.com",
        limits=say("Demo keys work here only, and say nothing about real money."),
    ),
)

# Labels of Bitget's help pages and partner guides: of medium certainty.
_PAGE = PageParts(
    title=PageLabel.of("API Keys"),
    create=PageLabel.of("Create API Key"),
    edit=PageLabel.of("Edit"),
    list_heading=PageLabel.of("Bind IP"),
    anywhere=None,
    only_listed=None,
    addresses=PageLabel.of("Bind IP"),
    rights_heading=PageLabel.of("Permissions"),
    rights=(
        ("stor", PageLabel.of("Spot trade: read")),
        ("stow", PageLabel.of("Spot trade: read and write")),
        ("coow", PageLabel.of("Futures orders: read and write")),
        ("wtow", PageLabel.of("Wallet transfer")),
        ("wwow", PageLabel.of("Wallet withdrawal")),
    ),
    save=PageLabel.of("Confirm"),
)

WORDS = Words(
    name="Bitget",
    page="https://www.bitget.com/account/newapi",
    whitelist_word="Bind IP",
    open_page=say(
        "Open the API page at Bitget (profile picture, then “{page}”).", page=_PAGE.title
    ),
    edit_key=say("Choose the key by its note, then “{edit}”.", edit=_PAGE.edit),
    save=say("Confirm with the code from the mail and from your authenticator."),
    set_list=(
        say(
            "Under “{part}” write your bot's address; a key can have up to 30. Bitget's documents "
            "name no ranges, and IPv4 only: if your computer leaves over IPv6, make the bot use IPv4.",
            part=_PAGE.list_heading,
        ),
    ),
    withdraw_off=UNTICK,
    transfer_off=UNTICK,
    read_on=say("Under permissions tick Spot trade, at least for reading."),
    wake_up=(
        say(
            "Is it a key of a unified account? Set it to read and write: else every right is asleep."
        ),
    ),
    new_key=(
        say("Choose Create API Key, then System-generated."),
        say("Write a note. Invent a passphrase and write it down: it is asked for here."),
        say("Under Bind IP write your bot's address."),
        say("Tick what the bot trades on, and nothing else. For watching choose Read-only."),
        say("Copy the API key and the secret at once: the secret is shown only here."),
    ),
    key_shape=say("“bg_” and 32 digits and letters a to f"),
    elsewhere=say("demo trading"),
    passphrase=say(
        "The passphrase is the one you invented when you made this key, not your login password."
    ),
)

GUIDE = page_guide(
    _PAGE,
    AddressForm(separator=",", most=30),
    name="Bitget",
    second_factor=say(
        "When you confirm, Bitget asks for the code from the mail and for your authenticator code. It "
        "never asks for the secret of a key."
    ),
    hidden=say(
        "API Keys is in the menu behind the profile picture on the website. Demo trading has keys of "
        "its own, and a unified account shows other boxes than a classic one."
    ),
)


FIELDS = (
    CredentialField(
        "api_key",
        say("API key"),
        say("“bg_” and 32 digits and letters a to f, always visible on the page."),
        r"bg_[0-9a-f]{32}",
    ),
    CredentialField(
        "secret",
        say("Secret key"),
        say("64 digits and letters a to f, shown only once, or the private key you made (RSA)."),
        r"[0-9a-f]{64}",
    ),
    CredentialField(
        "passphrase",
        say("Passphrase"),
        say(
            "The one you invented when you made this key, not your login password: 8 to 32 letters and "
            "digits."
        ),
        r"[A-Za-z0-9]{8,32}",
    ),
)

_READ, _SPOT, _MARGIN = Permission.READ, Permission.SPOT_TRADE, Permission.MARGIN_TRADE
_FUTURES, _MOVES = Permission.FUTURES_TRADE, Permission.INTERNAL_TRANSFER
_WITHDRAWS, _MAKES_KEYS = Permission.WITHDRAW, Permission.KEY_MANAGEMENT

CLASSIC_RIGHTS = (
    Word("stor", "Spot trade: read", _READ),
    Word("stow", "Spot trade: read and write", _SPOT),
    Word("smor", "Margin trade: read", _READ),
    Word("smow", "Margin trade: read and write", _MARGIN),
    Word("coor", "Futures orders: read", _READ),
    Word("coow", "Futures orders: read and write", _FUTURES),
    Word("cpor", "Futures holdings: read", _READ),
    Word("cpow", "Futures holdings: read and write", _FUTURES, serves=False),
    Word("ttor", "Copy trading: read", _READ, serves=False),
    # One right for copy trading on both markets: more than a bot on either of them needs.
    Word("ttow", "Copy trading (spot)", _SPOT, serves=False),
    Word("ttow", "Copy trading (futures)", _FUTURES, serves=False),
    Word("wtor", "Wallet transfer: read", _READ, serves=False),
    Word("wtow", "Wallet transfer", _MOVES),
    Word("wwow", "Wallet withdrawal", _WITHDRAWS),
    Word("chor", "Sub-accounts: read", _READ, serves=False),
    Word("chow", "Sub-account management", _MAKES_KEYS),
    Word("taxr", "Tax: read", _READ, serves=False),
    Word("p2pr", "P2P: read", _READ, serves=False),
    # Sells coins to other people for money outside of Bitget; two pages spell it in two ways.
    Word("p2p", "P2P", _WITHDRAWS, serves=False),
    Word("p2pw", "P2P: read and write", _WITHDRAWS, serves=False),
    Word("pllr", "Pledge loan: read", _READ, serves=False),
    # Moves collateral out of the wallet, and borrowed coins into it.
    Word("pllw", "Pledge loan: write", _MOVES),
)
# Of the documented codes `taxw` alone has no row: "Tax Read and Write", and every tax request that
# is documented reads. What it writes is not known, so it is reported like a new one.
_READS_TOO = {"stow": "stor", "smow": "smor", "coow": "coor", "cpow": "cpor"}
"""Documented as "Read and Write", and "SPOT read or SPOT read/write permission needed"."""
OLD_RIGHTS = (
    Word("readonly", "Read-only", _READ),
    Word("trade", "Trade", _SPOT, also=(_MARGIN, _FUTURES)),
)
"""The documented example still has these two words, and no page says what they stand for."""
UNIFIED_RIGHTS = (
    # "Unified account management read and write permissions are required" for making keys of
    # sub-accounts and for transfers between main and sub-accounts.
    Word("uta_mgt", "UTA management", _MAKES_KEYS, also=(_MOVES,)),
    Word("uta_trade", "UTA trading", _SPOT, also=(_MARGIN, _FUTURES)),
    Word("withdraw", "Withdrawal", _WITHDRAWS),
    # Documented by name. Trades that others copy, or money that follows the trades of others: no bot
    # that trades for its owner needs either.
    Word(
        "copy_futures_position",
        "Futures copy trading position",
        _MOVES,
        also=(_FUTURES,),
        serves=False,
    ),
    Word(
        "copy_futures_order",
        "Futures copy trading order",
        _MOVES,
        also=(_FUTURES,),
        serves=False,
    ),
)
_MAY_WRITE = {"read-only": False, "read-and-write": True}

_INCOMPLETE = Meaning(
    DiagnosisCode.UNAUTHORIZED,
    say("Bitget says that a part of the signed request was missing."),
    next_step=say("Something on the way may take parts out: try without a VPN or proxy."),
)
_NOT_KNOWN = Meaning(
    DiagnosisCode.KEY_UNKNOWN,
    causes=(
        (DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY),
        (DiagnosisCode.WRONG_ENVIRONMENT, Likelihood.POSSIBLE),
    ),
)
_WRONG_PASSPHRASE = Meaning(
    DiagnosisCode.PASSPHRASE_WRONG,
    causes=(
        (DiagnosisCode.PASSPHRASE_WRONG, Likelihood.LIKELY),
        (DiagnosisCode.KEY_UNKNOWN, Likelihood.POSSIBLE),
    ),
)
CODES: dict[str, DiagnosisCode | Meaning] = {
    "40018": DiagnosisCode.IP_NOT_WHITELISTED,
    "40038": DiagnosisCode.IP_NOT_WHITELISTED,
    "30011": DiagnosisCode.IP_NOT_WHITELISTED,
    "40006": _NOT_KNOWN,
    "40037": _NOT_KNOWN,
    "40041": _NOT_KNOWN,
    "40009": DiagnosisCode.SIGNATURE_WRONG,
    # "apikey/password is incorrect": either of the two.
    "40012": _WRONG_PASSPHRASE,
    "40036": DiagnosisCode.PASSPHRASE_WRONG,
    "30015": DiagnosisCode.PASSPHRASE_WRONG,
    **dict.fromkeys(("40001", "40002", "40003", "40011"), _INCOMPLETE),
    **dict.fromkeys(("40004", "40005", "40008"), DiagnosisCode.CLOCK_OFF),
    "40014": DiagnosisCode.PERMISSION_MISSING,
    "40040": DiagnosisCode.PERMISSION_MISSING,
    "40099": DiagnosisCode.WRONG_ENVIRONMENT,
    "40084": Meaning(
        DiagnosisCode.UNREADABLE_ANSWER,
        say("Bitget says that this account is not a unified one."),
        next_step=say("Nothing is known about the key yet. Check again."),
    ),
    "40085": Meaning(
        DiagnosisCode.UNREADABLE_ANSWER,
        say("Bitget calls this account neither a unified nor a classic one."),
        next_step=say(
            "Nothing is known about the key. If the account is being upgraded, check again when "
            "that is done."
        ),
    ),
    "30022": DiagnosisCode.KEY_FROZEN,
    **dict.fromkeys(
        ("40013", "40022", "40023", "40024", "40025", "40026", "40031", "40199"),
        DiagnosisCode.ACCOUNT_RESTRICTED,
    ),
    "40016": Meaning(
        DiagnosisCode.ACCOUNT_RESTRICTED,
        say("Bitget wants this account to have a phone number or an authenticator."),
        next_step=say("Log in at Bitget and set up one of them under Security."),
    ),
    "40021": Meaning(
        DiagnosisCode.ACCOUNT_RESTRICTED,
        say("Bitget has switched withdrawals off for this account."),
    ),
    "40035": Meaning(
        DiagnosisCode.ACCOUNT_RESTRICTED,
        say("Bitget wants this account's owner to prove who they are (KYC)."),
        next_step=say("Log in at Bitget and finish the identity check."),
    ),
    "40052": Meaning(
        DiagnosisCode.ACCOUNT_RESTRICTED,
        say("Bitget blocks withdrawals for 24 hours after a change of the security settings."),
    ),
    "40103": DiagnosisCode.REGION_BLOCKED,
    "40200": DiagnosisCode.MAINTENANCE,
    **dict.fromkeys(("40010", "40015", "40725"), DiagnosisCode.EXCHANGE_FAULT),
}
"""By code as text. An "error-codes.md" in BitgetLimited/agent_hub gives some of them other
meanings; it contradicts the API's own documents and the answers that users posted."""


def _read_refusal(answer: Answer) -> Said | None:
    return code_and_text(answer, "code", "msg", "00000")


REFUSALS = Refusals(WORDS, CODES, _read_refusal, address_after="current request ip")


def follow(answers: tuple[Answer, ...]) -> Probe | None:
    """The classic question, where the unified one was refused because the account is classic."""
    first = answers[0]
    is_classic = first.fields.get("code") == "40084" and first.status in _STATUS_OF_A_REFUSAL
    return CLASSIC if is_classic and len(answers) == 1 else None


_STATUS_OF_A_REFUSAL = (200, 400, 401, 403)
"""400 by the error table; the same page names 401 and 403, and a code refuses with 200 as well."""


def sign(credentials: Credentials, probe: Probe, host: Host, now_ms: int) -> SignedRequest:
    """Timestamp + method + path with sorted raw query + body (docs, "Signature")."""
    query = "&".join(f"{name}={value}" for name, value in sorted(probe.query))
    path = f"{probe.path}?{query}" if query else probe.path
    headers = [
        ("ACCESS-KEY", header_value(credentials.api_key)),
        ("ACCESS-SIGN", sign_text_base64(credentials, f"{now_ms}GET{path}")),
        ("ACCESS-TIMESTAMP", str(now_ms)),
        ("ACCESS-PASSPHRASE", passphrase_value(credentials)),
        ("Content-Type", "application/json"),
        ("locale", "en-US"),
    ]
    if host.environment is Environment.DEMO:
        headers.append(("paptrading", "1"))
    return SignedRequest(query, tuple(headers))


def read_time(answer: Answer) -> int | None:
    """`{"code":"00000",...,"data":{"serverTime":"1688008631614"}}` in ms."""
    data = _data(answer)
    stamp = data.get("serverTime") if data is not None else None
    if not isinstance(stamp, str) or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 15:
        return None
    return int(stamp) or None


def _data(answer: Answer) -> Body | None:
    data = answer.fields.get("data")
    return data if isinstance(data, dict) else None


def read_facts(answers: tuple[Answer, ...], credentials: Credentials, host: Host) -> KeyFacts:
    """What `account/info` says about the key that asked: its rights and `ips`."""
    body = _data(answers[-1])
    if body is None:
        return KeyFacts(environment=host.environment, whitelist_readable=Readable.FULL)
    if answers[-1].probe == str(CLASSIC):
        where, (rights, unknown) = "authorities", _classic_rights(body)
    else:
        where, (rights, unknown) = "permissions", _unified_rights(body)
    listed = address_list(_addresses(body), "ips")
    return KeyFacts(
        accepted=where in body,
        environment=host.environment,
        kind=credentials.kind,
        rights=rights,
        unknown_rights=with_strange(unknown, strange_rights(body, {where, *_MODE[where]})),
        whitelist_on=is_on(listed),
        whitelist=listed,
        whitelist_readable=Readable.FULL,
        whitelist_fields=("ips",),
        # `regisTime` is the age of the account, not of the key.
        created_at=NOT_TOLD,
        expires_at=NOT_TOLD,
        is_sub_account=_is_sub_account(body),
        said=said_of_rights(body, where, rights, unknown)
        | said(body, where, "permType", "ips", "parentId"),
    )


_MODE = {"authorities": (), "permissions": ("permType",)}
"""What each world's answer says about rights beside its list. The other world's list has no place
there: filled, it is a right that nobody here can read."""

_Rights = tuple[tuple[Right, ...], Fact[tuple[str, ...]]]


def _classic_rights(body: Body) -> _Rights:
    words = texts(body, "authorities")
    if isinstance(words, Unknown):
        return rights_from(CLASSIC_RIGHTS, words, "authorities")
    listed = [normal(word) for word in words.value]
    reads = [_READS_TOO[word] for word in listed if word in _READS_TOO]
    words = Known((*words.value, *reads))
    if not any(normal(row.name) in listed for row in OLD_RIGHTS):
        return rights_from(CLASSIC_RIGHTS, words, "authorities")
    rights, unknown = rights_from((*OLD_RIGHTS, *CLASSIC_RIGHTS), words, "authorities")
    # The old words had none for withdrawals that we know of: that `wwow` is absent proves nothing.
    told = {row.name for row in OLD_RIGHTS}
    return tuple(r if r.name in told else _only_yes(r) for r in rights), unknown


def _only_yes(right: Right) -> Right:
    return right if is_true(right.granted) else replace(right, granted=wrong_form("authorities"))


def _unified_rights(body: Body) -> _Rights:
    rights, unknown = rights_from(UNIFIED_RIGHTS, texts(body, "permissions"), "permissions")
    may_write = _may_write(body)
    reads: Fact[bool] = may_write if isinstance(may_write, Unknown) else Known(True)
    rights = tuple(_in_mode(right, may_write) for right in rights)
    if any(is_true(right.granted) for right in rights if right.name == "uta_mgt"):
        rights = tuple(_perhaps_withdraws(right) for right in rights)
    return (Right("permType", "Read", _READ, reads), *rights), unknown


def _may_write(body: Body) -> Fact[bool]:
    """`permType`, which holds for every word of `permissions`."""
    mode = text(body, "permType")
    if isinstance(mode, Unknown):
        return mode
    known = _MAY_WRITE.get(mode.value)
    return wrong_form("permType") if known is None else Known(known)


def _in_mode(right: Right, may_write: Fact[bool]) -> Right:
    if isinstance(right.granted, Unknown):
        return right
    if right.permission is _WITHDRAWS and right.granted.value:
        # Whether a read-only key can have this word, and what it is worth then, is not documented.
        return right
    if isinstance(may_write, Unknown):
        return replace(right, granted=may_write)
    # On a read-only key the words name what it may look at, and without them it sees nothing.
    return right if may_write.value else replace(right, granted=Known(False))


def _perhaps_withdraws(right: Right) -> Right:
    """There is a word for withdrawals, and the page on withdrawing asks for `uta_mgt` instead."""
    unclear = right.permission is _WITHDRAWS and is_false(right.granted)
    return replace(right, granted=NOT_TOLD) if unclear else right


def _addresses(body: Body) -> Fact[tuple[str, ...]]:
    """`ips`: a text with commas by the documents, a list in answers, null or empty for none."""
    if "ips" not in body:
        return missing("ips")
    if body["ips"] is None:
        return Known(())
    return texts(body, "ips") if isinstance(body["ips"], list) else comma_list(body, "ips")


def _is_sub_account(body: Body) -> Fact[bool]:
    """`parentId`: of the main account; empty or 0 on the main account itself."""
    parent = body.get("parentId")
    if parent is None:
        return NOT_TOLD
    if type(parent) is not int and not (isinstance(parent, str) and len(parent) <= 40):
        return wrong_form("parentId")
    return Known(str(parent) not in ("", "0", str(body.get("userId")), str(body.get("uid"))))


_D, _S, _I, _U = (
    SourceCertainty.DOCUMENTED,
    SourceCertainty.SDK,
    SourceCertainty.ISSUE,
    SourceCertainty.UNKNOWN,
)
_INFO = "www.bitget.com/api-doc, Get Account Info (v3), Get Account Information (v2)"
_UTA = "www.bitget.com/api-doc, uta: Create Sub-account API Key, Main-Sub Account Transfer"
_SUB_KEYS = "www.bitget.com/api-doc, Create Sub-account API Key"
_ERRORS = "BitgetLimited/apidoc@6b2fc86d, error codes"
_APIDOC = "BitgetLimited/apidoc@6b2fc86d"
STATEMENTS = (
    Sourced(
        Topic.PERMISSIONS,
        say("told: letter codes (authorities) or words with a mode (permissions, permType)"),
        _INFO,
        _D,
    ),
    Sourced(Topic.WITHDRAW, say("told (wwow; unified: withdraw)"), _INFO, _D),
    Sourced(Topic.TRANSFER, say("told (wtow); unified: part of uta_mgt"), f"{_INFO}; {_UTA}", _D),
    Sourced(Topic.KEY_MANAGEMENT, say("told (chow; unified: uta_mgt)"), f"{_INFO}; {_UTA}", _D),
    Sourced(Topic.WHITELIST, say("told (ips; empty: none)"), _INFO, _D),
    Sourced(
        Topic.ADDRESSES,
        say("told in full (ips); text by the documents, a list in answers"),
        f"{_INFO}; UnipayFI/go-bitget@5a56b3dd",
        _I,
    ),
    Sourced(Topic.CREATED, say("not told: regisTime is the age of the account"), _INFO, _D),
    Sourced(Topic.ENDS, say("not told"), _INFO, _D),
    Sourced(
        Topic.SEEN_ADDRESS, say("told in newer refusals 40018"), "answers that users posted", _I
    ),
    Sourced(Topic.CALLS, say("1 (unified account) or 2 (classic)"), _INFO, _D),
    Sourced(Topic.MOST_ADDRESSES, say("30 (documented for keys of sub-accounts)"), _SUB_KEYS, _D),
    Sourced(Topic.RANGES, say("not documented"), _SUB_KEYS, _U),
    Sourced(
        Topic.IPV6, say("IPv4 only for keys of unified sub-accounts; else not documented"), _UTA, _D
    ),
    Sourced(Topic.SEPARATOR, say("comma in answers; for the page not documented"), _INFO, _D),
    Sourced(Topic.DELAY, say("not documented"), "www.bitget.com/api-doc", _U),
    Sourced(Topic.UNLISTED, say("no rule is documented"), "www.bitget.com/api-doc", _U),
    Sourced(
        Topic.WITHDRAW_UNLISTED,
        say("not possible: withdrawals through the API only from a listed address"),
        "www.bitget.com/api-doc, Quick Start",
        _D,
    ),
    Sourced(Topic.ACTIVITY, say("not documented"), "www.bitget.com/api-doc", _U),
    Sourced(Topic.KINDS, say("HMAC and RSA, both with a passphrase"), "www.bitget.com/api-doc", _D),
    Sourced(Topic.CLOCK, say("accepted up to 30 s off"), _APIDOC, _D),
    Sourced(Topic.REFUSAL, say("address not on the list"), _ERRORS, _D, "40018"),
    Sourced(Topic.REFUSAL, say("address not on the list"), _ERRORS, _D, "40038"),
    Sourced(Topic.REFUSAL, say("key not known"), "sieblyio/bitget-api#33", _I, "40006"),
    Sourced(Topic.REFUSAL, say("demo key at live, or the reverse"), _ERRORS, _D, "40099"),
    Sourced(
        Topic.REFUSAL,
        say("older codes for an unlisted address, a wrong passphrase and a frozen key"),
        "ccxt 4.5.90",
        _S,
        "30011, 30015, 30022",
    ),
    Sourced(
        Topic.REFUSAL,
        say("the clock; web pages that call it an address block are wrong"),
        _ERRORS,
        _D,
        "40008",
    ),
    Sourced(Topic.REFUSAL, say("asked as unified, the account is classic"), _INFO, _D, "40084"),
    Sourced(Topic.REFUSAL, say("asked as classic, the account is unified"), _INFO, _D, "40085"),
    Sourced(
        Topic.REMARK,
        say(
            "classic keys without the spot right are known, but cannot ask for their rights (40014)"
        ),
        _INFO,
        _D,
        say("futures keys"),
    ),
    Sourced(
        Topic.REMARK,
        say("a right of its own (withdraw), but the page on withdrawing names uta_mgt"),
        "www.bitget.com/api-doc, uta: Withdraw",
        _D,
        say("withdrawals of unified accounts"),
    ),
    Sourced(
        Topic.REMARK,
        say("trade and readonly: only in the documented example, without a meaning"),
        _INFO,
        _D,
        say("old words"),
    ),
    Sourced(
        Topic.REMARK,
        say(
            "not offered: listed as the old domain. Bitget's documents are mirrored under many names "
            "that look alike, so no host is ever taken from a page"
        ),
        _APIDOC,
        _D,
        "capi.bitget.com",
    ),
    Sourced(
        Topic.REMARK,
        say("BitgetLimited/agent_hub@1823de09 lists other meanings, against documents and answers"),
        _ERRORS,
        _D,
        say("error codes"),
    ),
    Sourced(
        Topic.REMARK,
        say("named by the documents, which do not say what it allows: unknown on a key"),
        _INFO,
        _D,
        "taxw",
    ),
    Sourced(Topic.REMARK, say("not confirmed by Bitget's documents"), "guides", _U, WORDS.page),
)

SPEC = ExchangeSpec(
    id="bitget",
    name=WORDS.name,
    hosts=HOSTS,
    fields=FIELDS,
    kinds=(KeyKind.HMAC, KeyKind.RSA),
    sign=sign,
    time_probe=TIME,
    read_time=read_time,
    key_probe=KEY,
    read_facts=read_facts,
    diagnose=REFUSALS.diagnose,
    traits=ExchangeTraits(
        id="bitget",
        name=WORDS.name,
        clock=ClockTolerance(ahead_ms=30_000, behind_ms=30_000),
        whitelist_word=WORDS.whitelist_word,
        facts_date=FACTS_DATE,
        # "Invalid ACCESS_KEY", "Apikey does not exist", "User's ApiKey does not exist".
        gone_codes=frozenset({"40006", "40037", "40041"}),
        fixes=fixes(WORDS),
        guide=GUIDE,
    ),
    readable=Readable.FULL,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=WORDS.page,
    follow=follow,
    later_probes=(CLASSIC,),
)
