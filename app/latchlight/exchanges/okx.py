"""OKX, API v5.

Sources, read 2026-11-20: www.okx.com/docs-v5 ("Get account configuration", "REST Authentication",
"Error Code"), the OKX help page "API FAQ", and threads cited beside the facts they support.
"""

from __future__ import annotations

from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.deadlines import Counted, UnlistedEnd
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.facts import (
    NOT_TOLD,
    TRADES,
    Environment,
    Fact,
    KeyFacts,
    Known,
    Permission,
    Readable,
    Unknown,
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
    rights_from,
    said,
    said_of_rights,
    strange_rights,
    text,
    with_strange,
    wrong_form,
)
from latchlight.exchanges.refusals import Meaning, Refusals, Said, code_and_text
from latchlight.exchanges.signing import (
    header_value,
    hmac_sha256_base64,
    passphrase_value,
    second_of,
)
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
TIME = Probe("time", "/api/v5/public/time")
KEY = Probe("key", "/api/v5/account/config", signed=True)

_IN_REGION = say("A key of one region is not known in the others.")
_DEMO = say("Demo keys work here only, and say nothing about real money.")
HOSTS = (
    Host("openapi.okx.com", Environment.PRODUCTION, "OKX"),
    Host("eea.okx.com", Environment.PRODUCTION, say("OKX Europe"), limits=_IN_REGION),
    # Two sources disagree about the API host of US accounts (ccxt: us, OKX's kit: app): both are
    # offered by name, neither is guessed.
    Host("us.okx.com", Environment.PRODUCTION, say("OKX US (us.okx.com)"), limits=_IN_REGION),
    Host("app.okx.com", Environment.PRODUCTION, say("OKX US (app.okx.com)"), limits=_IN_REGION),
    Host(
        "openapi.okx.com (demo)",
        Environment.DEMO,
        say("OKX demo trading"),
        address="openapi.okx.com",
        limits=_DEMO,
    ),
)

# Labels of OKX's help pages; Chinese words of the rights from its Chinese documents.
_PAGE = PageParts(
    title=PageLabel.of("API and connections"),
    create=PageLabel.of("Create API key"),
    edit=PageLabel.of("Edit"),
    list_heading=PageLabel.of("IP address allowlist"),
    anywhere=None,
    only_listed=None,
    addresses=PageLabel.of("IP address allowlist"),
    rights_heading=PageLabel.of("Permissions"),
    rights=(
        ("read_only", PageLabel.of("Read", "读取")),
        ("trade", PageLabel.of("Trade", "交易")),
        ("withdraw", PageLabel.of("Withdraw", "提币")),
    ),
    save=PageLabel.of("Confirm"),
)

WORDS = Words(
    name="OKX",
    page="https://www.okx.com/account/my-api",
    whitelist_word="IP address allowlist",
    open_page=say(
        "Open the API page at OKX (profile icon, then “{page}”); for keys of OKX Europe at "
        "my.okx.com, of OKX US at app.okx.com.",
        page=_PAGE.title,
    ),
    edit_key=say("Choose the key by its name, then “{edit}”.", edit=_PAGE.edit),
    save=say("Confirm with your authenticator code."),
    set_list=(
        say(
            "Write your bot's address under “{field}”: up to 20, with commas between. "
            "If your computer leaves over IPv6, list that address, or make the bot use IPv4.",
            field=_PAGE.addresses,
        ),
    ),
    withdraw_off=UNTICK,
    transfer_off=say(
        "Under “{part}” take the tick out of “{box}”, if the bot does not trade.",
        part=_PAGE.rights_heading,
        box=_PAGE.rights[1][1],
    ),
    read_on=say(
        "Under “{part}” see that “{box}” is ticked.",
        part=_PAGE.rights_heading,
        box=_PAGE.rights[0][1],
    ),
    new_key=(
        say("Choose Create API key, give it a name, and choose what it is used for."),
        say("Fill in IP address allowlist first, then tick Read, and Trade if the bot trades."),
        say("Invent a passphrase and write it down: it belongs to this key and is asked for here."),
        say("Copy the API key and the secret at once: the secret is shown only here."),
    ),
    key_shape=say("36 characters in five groups with dashes"),
    elsewhere=say("Europe, US, or demo trading"),
    passphrase=say(
        "The passphrase is the one you invented when you made this key, not your login password."
    ),
)

GUIDE = page_guide(
    _PAGE,
    AddressForm(separator=",", ranges=True, ipv6=True, most=20),
    name="OKX",
    second_factor=say(
        "When you save, OKX asks for your authenticator code. It never asks for the secret or the "
        "passphrase of a key."
    ),
    hidden=say(
        "The API page is on the website; in the app it is under Menu, API. Keys of OKX Europe are at "
        "my.okx.com, of OKX US at app.okx.com, and demo keys stand apart from live ones."
    ),
    activity=say(
        "OKX shows what your keys did in its Security Center, under API usage log. An address there that is "
        "not yours means that somebody else has the key: delete it."
    ),
    labels_note=None,
)


FIELDS = (
    CredentialField(
        "api_key",
        say("API key"),
        say("36 characters in five groups with dashes, always visible on the page."),
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    ),
    CredentialField(
        "secret",
        say("Secret key"),
        say("32 digits and letters A to F, shown only once when the key was made."),
        r"[0-9A-F]{32}",
    ),
    CredentialField(
        "passphrase",
        say("Passphrase"),
        say("The one you invented when you made this key, not your login password."),
    ),
)

_TRADING = (
    Permission.MARGIN_TRADE,
    Permission.FUTURES_TRADE,
    Permission.OPTIONS_TRADE,
    # "trade: ... and funding transfer": between the owner's own accounts (docs-v5, permissions).
    Permission.INTERNAL_TRANSFER,
)
RIGHTS = (
    Word("read_only", "Read", Permission.READ),
    Word("trade", "Trade", Permission.SPOT_TRADE, also=_TRADING),
    Word("withdraw", "Withdraw", Permission.WITHDRAW),
)

_INCOMPLETE = Meaning(
    DiagnosisCode.UNAUTHORIZED,
    say("OKX says that a part of the signed request was missing."),
    next_step=say("Something on the way may take parts out: try without a VPN or proxy."),
)
CODES: dict[str, DiagnosisCode | Meaning] = {
    "50110": DiagnosisCode.IP_NOT_WHITELISTED,
    # Documented with HTTP 200, seen with 401 (ccxt/ccxt#24601, okxapi/python-okx#92, #118).
    "50119": Meaning(
        DiagnosisCode.KEY_UNKNOWN,
        say("OKX does not know this key on this site."),
        (
            (DiagnosisCode.WRONG_HOST, Likelihood.LIKELY),
            (DiagnosisCode.KEY_UNKNOWN, Likelihood.POSSIBLE),
        ),
    ),
    "50111": DiagnosisCode.KEY_MALFORMED,
    "50113": DiagnosisCode.SIGNATURE_WRONG,
    "50105": DiagnosisCode.PASSPHRASE_WRONG,
    "50102": DiagnosisCode.CLOCK_OFF,
    "50112": DiagnosisCode.CLOCK_OFF,
    **dict.fromkeys(("50103", "50104", "50106", "50107"), _INCOMPLETE),
    "50101": DiagnosisCode.WRONG_ENVIRONMENT,
    "50100": DiagnosisCode.KEY_FROZEN,
    "50114": DiagnosisCode.UNAUTHORIZED,
    "50120": DiagnosisCode.PERMISSION_MISSING,
    "50030": DiagnosisCode.PERMISSION_MISSING,
    "50035": Meaning(
        DiagnosisCode.PERMISSION_MISSING,
        say("OKX answers this question only to keys that have a whitelist."),
        next_step=WORDS.set_list[0],
    ),
    "50121": DiagnosisCode.REGION_BLOCKED,
    **dict.fromkeys(
        ("50007", "50008", "50009", "50012", "50027", "50029", "50051", "50059", "50060"),
        DiagnosisCode.ACCOUNT_RESTRICTED,
    ),
    "50118": Meaning(
        DiagnosisCode.UNAUTHORIZED,
        say("OKX says that this key is for a linked app, whose addresses OKX does not have."),
        next_step=say(
            "Nothing is known about the key. Ask the maker of the app, or make a new key."
        ),
    ),
    **dict.fromkeys(("50011", "50013", "50040"), DiagnosisCode.RATE_LIMITED),
    "50001": DiagnosisCode.MAINTENANCE,
    "50026": DiagnosisCode.EXCHANGE_FAULT,
}


def _read_refusal(answer: Answer) -> Said | None:
    return code_and_text(answer, "code", "msg", "0")


REFUSALS = Refusals(WORDS, CODES, _read_refusal, address_after="your ip")
_BY_PLACE = replace(REFUSALS, address_after="the ip address")


def diagnose(answer: Answer) -> Diagnosis | None:
    """None where the answer is an accepted one. 50110 and 50121 name the address in other words."""
    diagnosis = REFUSALS.diagnose(answer)
    if diagnosis is not None and diagnosis.code is DiagnosisCode.REGION_BLOCKED:
        return _BY_PLACE.diagnose(answer)
    return diagnosis


def sign(credentials: Credentials, probe: Probe, host: Host, now_ms: int) -> SignedRequest:
    """Timestamp + method + path with query + body, HMAC-SHA256 in base64 (docs, "Signature")."""
    query = "&".join(f"{name}={value}" for name, value in probe.query)
    path = f"{probe.path}?{query}" if query else probe.path
    stamp = iso_ms(now_ms)
    headers = [
        ("OK-ACCESS-KEY", header_value(credentials.api_key)),
        ("OK-ACCESS-SIGN", hmac_sha256_base64(credentials.secret, f"{stamp}GET{path}")),
        ("OK-ACCESS-TIMESTAMP", stamp),
        ("OK-ACCESS-PASSPHRASE", passphrase_value(credentials)),
        ("Content-Type", "application/json"),
    ]
    if host.environment is Environment.DEMO:
        headers.append(("x-simulated-trading", "1"))
    return SignedRequest(query, tuple(headers))


def iso_ms(now_ms: int) -> str:
    """`2020-12-08T09:08:57.715Z`."""
    return f"{second_of(now_ms):%Y-%m-%dT%H:%M:%S}.{now_ms % 1000:03d}Z"


def read_time(answer: Answer) -> int | None:
    """`{"code":"0","msg":"","data":[{"ts":"1597026383085"}]}` in ms."""
    entry = _only_entry(answer)
    stamp = entry.get("ts") if entry is not None else None
    if not isinstance(stamp, str) or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 13:
        return None
    return int(stamp) or None


def _only_entry(answer: Answer) -> Body | None:
    """The one object in `data`. Two would speak of two accounts, and it is not said which is meant."""
    data = answer.fields.get("data")
    if not isinstance(data, list) or len(data) != 1 or not isinstance(data[0], dict):
        return None
    return data[0]


def read_facts(answers: tuple[Answer, ...], credentials: Credentials, host: Host) -> KeyFacts:
    """What `account/config` says about the key that asked: `perm` and `ip`."""
    body = _only_entry(answers[-1])
    if body is None:
        return KeyFacts(environment=host.environment, whitelist_readable=Readable.FULL)
    sub_account = _is_sub_account(body)
    table = RIGHTS if is_true(sub_account) else tuple(_of_main_account(row) for row in RIGHTS)
    rights, unknown = rights_from(table, comma_list(body, "perm"), "perm")
    listed = address_list(comma_list(body, "ip"), "ip")
    return KeyFacts(
        accepted="perm" in body and "ip" in body,
        environment=host.environment,
        kind=credentials.kind,
        rights=rights,
        unknown_rights=with_strange(unknown, strange_rights(body, _FIELDS)),
        whitelist_on=is_on(listed),
        whitelist=listed,
        whitelist_readable=Readable.FULL,
        whitelist_fields=("ip",),
        created_at=NOT_TOLD,
        expires_at=NOT_TOLD,
        is_sub_account=sub_account,
        said=said(body, "perm", "ip") | said_of_rights(body, "perm", rights, unknown),
    )


_FIELDS = frozenset({"perm", "ip", "label", "uid", "mainUid", "type", "opAuth", "enableSpotBorrow"})
"""`enableSpotBorrow` is a setting of the account, not a right of the key."""


def _of_main_account(row: Word) -> Word:
    """ "Create an API Key for a sub-account" asks for trade, on a main account's key that has a list."""
    if row.name != "trade":
        return row
    return replace(row, also=(*row.also, Permission.KEY_MANAGEMENT))


def _is_sub_account(body: Body) -> Fact[bool]:
    uid, main = text(body, "uid"), text(body, "mainUid")
    if isinstance(uid, Unknown):
        return uid
    if isinstance(main, Unknown):
        return main
    return Known(uid.value != main.value) if uid.value and main.value else wrong_form("mainUid")


_D, _S, _I, _U = (
    SourceCertainty.DOCUMENTED,
    SourceCertainty.SDK,
    SourceCertainty.ISSUE,
    SourceCertainty.UNKNOWN,
)
_CONFIG = "www.okx.com/docs-v5, Get account configuration"
_FAQ = "OKX help, API FAQ"
STATEMENTS = (
    Sourced(Topic.PERMISSIONS, say("told: read_only, trade, withdraw (perm)"), _CONFIG, _D),
    Sourced(Topic.WITHDRAW, say("told (withdraw in perm)"), _CONFIG, _D),
    Sourced(
        Topic.TRANSFER,
        say("no right of its own: trade also moves money between own accounts"),
        _CONFIG,
        _D,
    ),
    Sourced(
        Topic.KEY_MANAGEMENT,
        say(
            "no right of its own: trade on a main account's key that has a list makes keys of sub-accounts "
            "and changes their lists"
        ),
        "www.okx.com/docs-v5, Create an API Key for a sub-account, Reset the API Key of a sub-account",
        _D,
    ),
    Sourced(Topic.WHITELIST, say("told (ip; empty: none)"), _CONFIG, _D),
    Sourced(Topic.ADDRESSES, say("told in full (ip)"), _CONFIG, _D),
    Sourced(Topic.CREATED, say("not told"), _CONFIG, _D),
    Sourced(Topic.ENDS, say("not told"), _CONFIG, _D),
    Sourced(
        Topic.SEEN_ADDRESS, say("told in the refusals 50110, 50121"), "docs-v5, Error Code", _D
    ),
    Sourced(Topic.CALLS, say("1"), _CONFIG, _D),
    Sourced(Topic.MOST_ADDRESSES, say("20"), _FAQ, _D),
    Sourced(Topic.RANGES, say("accepted"), _FAQ, _D),
    Sourced(Topic.IPV6, say("accepted"), _FAQ, _D),
    Sourced(Topic.SEPARATOR, say("comma or space on the page, comma in the answer"), _FAQ, _D),
    Sourced(Topic.DELAY, say("not documented"), _FAQ, _U),
    Sourced(
        Topic.UNLISTED,
        say("with trade or withdraw: ends after 14 days without a request (demo keys do not)"),
        _FAQ,
        _D,
    ),
    Sourced(
        Topic.WITHDRAW_UNLISTED,
        say("not documented; some questions are answered to listed keys only (50035)"),
        "docs-v5, Error Code",
        _U,
    ),
    Sourced(Topic.ACTIVITY, say("API usage log in the Security Center"), _FAQ, _D),
    Sourced(Topic.KINDS, say("HMAC with a passphrase"), "docs-v5, REST Authentication", _D),
    Sourced(Topic.CLOCK, say("accepted up to 30 s off"), "docs-v5, REST Authentication", _D),
    Sourced(Topic.REFUSAL, say("address not on the list"), "docs-v5, Error Code", _D, "50110"),
    Sourced(
        Topic.REFUSAL,
        say("key not known here: most often it belongs to another region"),
        "ccxt/ccxt#24601, okxapi/python-okx#92",
        _I,
        "50119",
    ),
    Sourced(Topic.REFUSAL, say("demo key at live, or the reverse"), "docs-v5", _D, "50101"),
    Sourced(
        Topic.REFUSAL,
        say("country not served; says nothing about the key"),
        "docs-v5, Error Code",
        _D,
        "50121",
    ),
    Sourced(
        Topic.REMARK,
        say(
            "OKX's own kit calls 50110 an ended key, 50100 a missing right and 50113 a wrong passphrase, "
            "against the documents"
        ),
        "docs-v5, Error Code; okx/agent-trade-kit@7fd2856",
        _D,
        say("error codes"),
    ),
    Sourced(
        Topic.REMARK,
        say("sources disagree: us.okx.com (ccxt) or app.okx.com (OKX's kit)"),
        "ccxt 4.5.90",
        _S,
        say("host of US accounts"),
    ),
)

SPEC = ExchangeSpec(
    id="okx",
    name=WORDS.name,
    hosts=HOSTS,
    fields=FIELDS,
    kinds=(KeyKind.HMAC,),
    sign=sign,
    time_probe=TIME,
    read_time=read_time,
    key_probe=KEY,
    read_facts=read_facts,
    diagnose=diagnose,
    traits=ExchangeTraits(
        id="okx",
        name=WORDS.name,
        clock=ClockTolerance(ahead_ms=30_000, behind_ms=30_000),
        whitelist_word=WORDS.whitelist_word,
        facts_date=FACTS_DATE,
        # 50119 "API key doesn't exist".
        gone_codes=frozenset({"50119"}),
        unlisted_rule=say(
            "OKX also ends keys that can trade or withdraw and have no list, after 14 days without a "
            "request."
        ),
        unlisted_end=UnlistedEnd(14, Counted.ANY_REQUEST, (*TRADES, Permission.WITHDRAW)),
        fixes=fixes(WORDS),
        guide=GUIDE,
    ),
    readable=Readable.FULL,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=WORDS.page,
)
