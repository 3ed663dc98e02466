"""KuCoin, API v1 with keys of generation 3.

Sources, read 2026-11-20: www.kucoin.com/docs-new ("Introduction", "Authentication", "Get Apikey
Info", "Error Code", "Rate Limit"), the specification files of KuCoin's own SDK, the KuCoin help page
360015102174, and threads cited beside the facts they support.
"""

from __future__ import annotations

import hashlib
import re

from latchlight.core.addresses import Network, Width, width
from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.deadlines import Counted, UnlistedEnd
from latchlight.core.diagnosis import DiagnosisCode, Likelihood
from latchlight.core.facts import (
    NOT_TOLD,
    TRADES,
    Environment,
    Fact,
    KeyFacts,
    Known,
    Permission,
    Readable,
    Right,
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
    flag,
    moment_ms,
    rights_from,
    said,
    said_of_rights,
    strange_rights,
    with_strange,
    wrong_form,
)
from latchlight.exchanges.refusals import Meaning, Refusals, Said, code_and_text
from latchlight.exchanges.signing import header_value, hmac_sha256_base64, signed_passphrase
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
TIME = Probe("time", "/api/v1/timestamp")
KEY = Probe("key", "/api/v1/user/api-key", signed=True)

HOSTS = (
    Host("api.kucoin.com", Environment.PRODUCTION, "KuCoin"),
    Host(
        "api.kucoin.eu",
        Environment.PRODUCTION,
        say("KuCoin EU"),
        limits=say("A key of one region is not known in the others."),
    ),
    Host(
        "api.kucoin.tr",
        Environment.PRODUCTION,
        say("KuCoin TR"),
        limits=say(
            "A key of one region is not known in the others. Whether a key can be asked about its "
            "rights here is not documented."
        ),
    ),
)

# Labels of KuCoin's help pages and partner guides: of medium certainty.
_PAGE = PageParts(
    title=PageLabel.of("API Management"),
    create=PageLabel.of("Create API"),
    edit=PageLabel.of("Edit"),
    list_heading=PageLabel.of("IP restriction"),
    anywhere=PageLabel.of("No"),
    only_listed=PageLabel.of("Yes"),
    addresses=PageLabel.of("IP restriction"),
    rights_heading=PageLabel.of("API permissions"),
    rights=(
        ("General", PageLabel.of("General")),
        ("Spot", PageLabel.of("Spot")),
        ("Margin", PageLabel.of("Margin")),
        ("Futures", PageLabel.of("Futures")),
        ("InnerTransfer", PageLabel.of("FlexTransfers")),
        ("Transfer", PageLabel.of("Withdrawal")),
    ),
    save=PageLabel.of("Confirm"),
)

WORDS = Words(
    name="KuCoin",
    page="https://www.kucoin.com/account/api",
    whitelist_word="IP restriction",
    open_page=say(
        "Open the API page at KuCoin (profile picture, then “{page}”).", page=_PAGE.title
    ),
    edit_key=say("Choose “{edit}” beside the key.", edit=_PAGE.edit),
    save=say("Confirm with your trading password, the code from the mail and the authenticator."),
    set_list=(
        say(
            "Under “{part}” choose “{yes}” and write your bot's address: up to 20 single "
            "addresses, with commas and no spaces between. KuCoin documents no ranges and no IPv6 "
            "entries: if your computer leaves over IPv6, make the bot use IPv4.",
            part=_PAGE.list_heading,
            yes=_PAGE.only_listed,
        ),
    ),
    withdraw_off=UNTICK,
    transfer_off=UNTICK,
    read_on=say("See that “{box}” is ticked.", box=_PAGE.rights[0][1]),
    new_key=(
        say(
            "Choose Create API, then API Trading. Best do it in a sub-account made for this bot: its "
            "key cannot make other keys, and reaches that account's money only."
        ),
        say("Give it a name, and invent a passphrase and write it down: it is asked for here."),
        say("Tick General, and Spot, Margin or Futures if the bot trades there. Nothing else."),
        say("Under IP restriction choose Yes and write your bot's address."),
        say("Copy the API key and the secret at once: the secret is shown only here."),
    ),
    key_shape=say("24 digits and letters a to f"),
    elsewhere=say("EU or Turkey"),
    passphrase=say(
        "The passphrase is the one you invented when you made this key, not your login or trading "
        "password."
    ),
)

GUIDE = page_guide(
    _PAGE,
    AddressForm(separator=",", most=20),
    name="KuCoin",
    second_factor=say(
        "When you confirm, KuCoin asks for your trading password, the code from the mail and your "
        "authenticator code. It never asks for the secret of a key."
    ),
    hidden=say(
        "API Management is in the menu behind the profile picture on the website. A sub-account's keys "
        "stand under that sub-account. Keys of connected companies have their list kept by KuCoin."
    ),
)


FIELDS = (
    CredentialField(
        "api_key",
        say("API key"),
        say("24 digits and letters a to f, always visible on the page."),
        r"[0-9a-f]{24}",
    ),
    CredentialField(
        "secret",
        say("Secret"),
        say("36 characters in five groups with dashes, shown only once when the key was made."),
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    ),
    CredentialField(
        "passphrase",
        say("Passphrase"),
        say(
            "The one you invented when you made this key, not your login or trading password: 7 to 32 "
            "characters without spaces."
        ),
        r"\S{7,32}",
    ),
)

RIGHTS = (
    Word("General", "General", Permission.READ),
    Word("Spot", "Spot", Permission.SPOT_TRADE),
    Word("Margin", "Margin", Permission.MARGIN_TRADE),
    Word("Futures", "Futures", Permission.FUTURES_TRADE),
    # On older keys, one word for both.
    Word("Trade", "Trade", Permission.SPOT_TRADE, also=(Permission.MARGIN_TRADE,)),
    # "Trade spot and derivatives simultaneously from a single account": one switch for all of it.
    Word(
        "Unified",
        "Unified",
        Permission.SPOT_TRADE,
        also=(Permission.MARGIN_TRADE, Permission.FUTURES_TRADE),
    ),
    # Trades that others copy with their money, and margin moved in and out: no bot that trades for
    # its owner needs it.
    Word(
        "LeadtradeFutures",
        "LeadtradeFutures",
        Permission.INTERNAL_TRANSFER,
        also=(Permission.FUTURES_TRADE,),
        serves=False,
    ),
    Word("InnerTransfer", "InnerTransfer", Permission.INTERNAL_TRANSFER),
    Word("FlexTransfers", "FlexTransfers", Permission.INTERNAL_TRANSFER),
    # The documents say Transfer where money leaves KuCoin; newer ones say Withdrawal.
    Word("Transfer", "Transfer (withdrawal)", Permission.WITHDRAW),
    Word("Withdrawal", "Withdrawal", Permission.WITHDRAW),
    Word("Withdraw", "Withdraw", Permission.WITHDRAW),
    # Subscribing takes money out of the accounts that a bot trades with, and may lock it away for
    # weeks: a move of money that no bot needs, though it stays within the account.
    Word("Earn", "Earn", Permission.INTERNAL_TRANSFER),
)
_MASTER = "isMaster"
_MASTER_LABEL = "Key of the main account"

_CODES: dict[str, DiagnosisCode | Meaning] = {
    "400001": Meaning(
        DiagnosisCode.UNREADABLE_ANSWER,
        say("KuCoin says that the request did not arrive whole."),
        next_step=say(
            "Nothing is known about the key. A proxy between here and there may leave out headers."
        ),
    ),
    "400002": DiagnosisCode.CLOCK_OFF,
    "400003": Meaning(
        DiagnosisCode.KEY_UNKNOWN,
        say("KuCoin does not know this key on this site."),
        # The region first: "wrong key" cannot be said before it is known.
        (
            (DiagnosisCode.WRONG_HOST, Likelihood.LIKELY),
            (DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY),
        ),
    ),
    # The passphrase is sent signed with the secret: a wrong secret spoils it as well.
    "400004": Meaning(
        DiagnosisCode.PASSPHRASE_WRONG,
        causes=(
            (DiagnosisCode.PASSPHRASE_WRONG, Likelihood.LIKELY),
            (DiagnosisCode.SIGNATURE_WRONG, Likelihood.POSSIBLE),
        ),
    ),
    "400005": DiagnosisCode.SIGNATURE_WRONG,
    "400006": DiagnosisCode.IP_NOT_WHITELISTED,
    "400007": DiagnosisCode.PERMISSION_MISSING,
    "400008": Meaning(
        DiagnosisCode.KEY_EXPIRED,
        say("This key is of an old generation that KuCoin does not take any more."),
        next_step=say("Make a new key: the old one cannot be brought up to date."),
    ),
    "400009": Meaning(
        DiagnosisCode.KEY_EXPIRED,
        say("KuCoin does not take this key's version: most likely it is of an old generation."),
        ((DiagnosisCode.KEY_EXPIRED, Likelihood.LIKELY),),
        say("Make a new key: an old one cannot be brought up to date."),
    ),
    **dict.fromkeys(("400010", "411100", "400303"), DiagnosisCode.ACCOUNT_RESTRICTED),
    # 600004 is in no table; users pasted it with "unavailable in your location".
    **dict.fromkeys(("400301", "400500", "600004"), DiagnosisCode.REGION_BLOCKED),
    "429000": DiagnosisCode.RATE_LIMITED,
    **dict.fromkeys(
        ("401000", "404000"),
        Meaning(
            DiagnosisCode.UNREADABLE_ANSWER,
            say("KuCoin does not answer this question any more."),
            next_step=say(
                "Nothing is known about the key. Look for a newer version of Latchlight."
            ),
        ),
    ),
    "500000": DiagnosisCode.EXCHANGE_FAULT,
}


def _read_refusal(answer: Answer) -> Said | None:
    return code_and_text(answer, "code", "msg", "200000")


REFUSALS = Refusals(
    WORDS,
    _CODES,
    _read_refusal,
    by_text=(("invalid request ip", DiagnosisCode.IP_NOT_WHITELISTED),),
    address_after="is:",
)


def sign(credentials: Credentials, probe: Probe, host: Host, now_ms: int) -> SignedRequest:
    """Timestamp + method + path with query + body, HMAC-SHA256 in base64; the passphrase likewise."""
    query = "&".join(f"{name}={value}" for name, value in probe.query)
    path = f"{probe.path}?{query}" if query else probe.path
    headers = (
        ("KC-API-KEY", header_value(credentials.api_key)),
        ("KC-API-SIGN", hmac_sha256_base64(credentials.secret, f"{now_ms}GET{path}")),
        ("KC-API-TIMESTAMP", str(now_ms)),
        ("KC-API-PASSPHRASE", signed_passphrase(credentials)),
        ("KC-API-KEY-VERSION", "3"),
    )
    return SignedRequest(query, headers)


def read_time(answer: Answer) -> int | None:
    """`{"code":"200000","data":1546837113087}` in ms."""
    value = answer.fields.get("data")
    return value if type(value) is int and 0 < value < 10**15 else None


def read_facts(answers: tuple[Answer, ...], credentials: Credentials, host: Host) -> KeyFacts:
    """What `user/api-key` says about the key that asked."""
    nothing = KeyFacts(environment=host.environment, whitelist_readable=Readable.MASKED)
    body = answers[-1].fields.get("data")
    if not isinstance(body, dict) or "permission" not in body:
        return nothing
    echo = body.get("apiKey")
    if not isinstance(echo, str):
        return nothing
    if credentials.api_key != Secret(echo):
        return replace(nothing, other_key=True)
    master = flag(body, _MASTER)
    rights, unknown = _rights(body, master)
    on, listed = _whitelist(body)
    return KeyFacts(
        accepted=True,
        environment=host.environment,
        kind=credentials.kind,
        rights=rights,
        unknown_rights=with_strange(unknown, strange_rights(body, _FIELDS)),
        whitelist_on=on,
        whitelist=listed,
        whitelist_readable=Readable.FULL if isinstance(listed, Known) else Readable.MASKED,
        whitelist_fields=("ipWhitelist",),
        whitelist_digest="" if isinstance(listed, Known) else _digest(body),
        created_at=moment_ms(body, "createdAt", answers[-1].received_at),
        expires_at=NOT_TOLD,
        is_sub_account=master if isinstance(master, Unknown) else Known(not master.value),
        said=said_of_rights(body, "permission", rights, unknown)
        | said(body, "permission", "ipWhitelist", _MASTER, "createdAt", "apiVersion"),
    )


_FIELDS = frozenset(
    {
        *("remark", "apiKey", "apiVersion", "permission", "ipWhitelist", "createdAt", "uid"),
        *(_MASTER, "subName"),
    }
)


def _rights(body: Body, master: Fact[bool]) -> tuple[tuple[Right, ...], Fact[tuple[str, ...]]]:
    """The words of `permission`, and who may make keys.

    By the specification the calls that make and change keys of sub-accounts ask for General only.
    They work on sub-accounts of the account that asks, so a sub-account's key has no use of them.
    """
    rights, unknown = rights_from(RIGHTS, comma_list(body, "permission"), "permission")
    if is_true(master):
        managing = replace(rights[0], also=(Permission.KEY_MANAGEMENT,))
        return (managing, *rights[1:]), unknown
    return (*rights, Right(_MASTER, _MASTER_LABEL, Permission.KEY_MANAGEMENT, master)), unknown


# As in the documents' examples: `203.**.154`, first and last number kept.
_MASKED = re.compile(r"([1-9][0-9]{0,2})\.\*\*\.(0|[1-9][0-9]{0,2})", re.ASCII)


def _whitelist(body: Body) -> tuple[Fact[bool], Fact[tuple[Network, ...]]]:
    """Whether there is a list, and what is on it where that is shown in clear.

    Absent or empty: none, by the documents. Masked entries are the documented form. A list in clear
    is judged like every other; one in both forms, or with what cannot be an address, is not read.
    """
    if "ipWhitelist" not in body:
        return Known(False), NOT_TOLD
    entries = comma_list(body, "ipWhitelist")
    if isinstance(entries, Unknown):
        return entries, NOT_TOLD
    if all(_is_masked_address(entry) for entry in entries.value):
        return Known(bool(entries.value)), NOT_TOLD
    listed = address_list(entries, "ipWhitelist")
    if isinstance(listed, Unknown):
        return listed, NOT_TOLD
    if width(listed.value) is not Width.NARROW:
        return wrong_form("ipWhitelist"), NOT_TOLD
    return Known(True), listed


def _digest(body: Body) -> str:
    """Told apart are lists of any length, in whatever order."""
    shown = body.get("ipWhitelist")
    if not isinstance(shown, str):
        return ""
    entries = "\0".join(sorted(shown.split(",")))
    return hashlib.sha256(entries.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _is_masked_address(entry: str) -> bool:
    """`0.**.0` may stand for every address there is, and is none."""
    found = _MASKED.fullmatch(entry)
    return found is not None and int(found[1]) < 256 and int(found[2]) < 256


_D, _S, _I, _U = (
    SourceCertainty.DOCUMENTED,
    SourceCertainty.SDK,
    SourceCertainty.ISSUE,
    SourceCertainty.UNKNOWN,
)
_INFO = "www.kucoin.com/docs-new, Get Apikey Info"
_INTRO = "www.kucoin.com/docs-new, Introduction (api-permission)"
_SIGNING = "www.kucoin.com/docs-new, Authentication"
_ERRORS = "www.kucoin.com/docs-new, Error Code"
_SPEC = "KuCoin's SDK, spec/rest/api"
_HELP = "KuCoin help 360015102174"
STATEMENTS = (
    Sourced(Topic.PERMISSIONS, say("told: a list of words (permission)"), _INFO, _D),
    Sourced(Topic.WITHDRAW, say("told (Transfer, newer Withdrawal, in permission)"), _INTRO, _D),
    Sourced(
        Topic.TRANSFER, say("told (InnerTransfer, newer FlexTransfers, in permission)"), _INTRO, _D
    ),
    Sourced(
        Topic.KEY_MANAGEMENT,
        say("no word of its own: General on a main account's key makes keys of sub-accounts"),
        _SPEC,
        _D,
    ),
    Sourced(Topic.WHITELIST, say("told (ipWhitelist; absent or empty: none)"), _INFO, _D),
    Sourced(Topic.ADDRESSES, say("told in part: 203.**.154"), _INFO, _D),
    Sourced(Topic.CREATED, say("told (createdAt)"), _INFO, _D),
    Sourced(Topic.ENDS, say("not told, though a key can have an end"), _INFO, _D),
    Sourced(
        Topic.SEEN_ADDRESS,
        say("told in the refusal 400006"),
        "Error Code; Kucoin/kucoin-api-docs#395",
        _D,
    ),
    Sourced(Topic.CALLS, say("1"), _INFO, _D),
    Sourced(Topic.MOST_ADDRESSES, say("20 (documented for sub-accounts' keys)"), _SPEC, _D),
    Sourced(Topic.RANGES, say("not documented"), _SPEC, _U),
    Sourced(
        Topic.IPV6,
        say("not documented; refusals have named IPv6 addresses"),
        "a comment in OctoBot's source",
        _U,
    ),
    Sourced(Topic.SEPARATOR, say("comma"), _SPEC, _D),
    Sourced(Topic.DELAY, say("not documented"), _HELP, _U),
    Sourced(
        Topic.UNLISTED,
        say(
            "with spot, margin or futures: deleted, or trading taken away, after 30 days without use"
        ),
        _HELP,
        _D,
    ),
    Sourced(
        Topic.WITHDRAW_UNLISTED,
        say("not possible: withdrawals need a list, and then neither mail nor second factor"),
        _INTRO,
        _D,
    ),
    Sourced(Topic.ACTIVITY, say("not documented"), _HELP, _U),
    Sourced(Topic.KINDS, say("HMAC with a signed passphrase (generation 3)"), _SIGNING, _D),
    Sourced(Topic.CLOCK, say("accepted up to 5 s off"), _SIGNING, _D),
    Sourced(Topic.REFUSAL, say("address not on the list"), _ERRORS, _D, "400006"),
    Sourced(
        Topic.REFUSAL, say("key not known here, perhaps in another region"), _ERRORS, _D, "400003"
    ),
    Sourced(
        Topic.REFUSAL,
        say("passphrase wrong; a wrong secret spoils it too"),
        _ERRORS,
        _D,
        "400004",
    ),
    Sourced(Topic.REFUSAL, say("key of an old generation"), _ERRORS, _D, "400008"),
    Sourced(Topic.REFUSAL, say("owner has to prove who they are"), "ccxt 4.5.90", _S, "400303"),
    Sourced(Topic.REFUSAL, say("country not served"), "in answers that users posted", _I, "600004"),
    Sourced(
        Topic.REMARK,
        say(
            "keys of connected apps cannot withdraw; KuCoin keeps their lists together with the app"
        ),
        _HELP,
        _D,
        say("connected apps"),
    ),
    Sourced(
        Topic.REMARK,
        say("subscribes to products and redeems them: counted here as a move of money"),
        _INTRO,
        _D,
        "Earn",
    ),
    Sourced(
        Topic.REMARK,
        say("told on the page; whether answers use the words is not documented"),
        _INTRO,
        _D,
        "Unified, LeadtradeFutures",
    ),
    Sourced(
        Topic.REMARK,
        say("whether a key can be asked about its rights there is not documented"),
        "api.kucoin.tr in KuCoin's documents",
        _U,
        "KuCoin TR",
    ),
)

SPEC = ExchangeSpec(
    id="kucoin",
    name=WORDS.name,
    hosts=HOSTS,
    fields=FIELDS,
    kinds=(KeyKind.HMAC,),
    sign=sign,
    time_probe=TIME,
    read_time=read_time,
    key_probe=KEY,
    read_facts=read_facts,
    diagnose=REFUSALS.diagnose,
    traits=ExchangeTraits(
        id="kucoin",
        name=WORDS.name,
        clock=ClockTolerance(ahead_ms=5_000, behind_ms=5_000),
        whitelist_word=WORDS.whitelist_word,
        facts_date=FACTS_DATE,
        # 400003 "KC-API-KEY does not exist".
        gone_codes=frozenset({"400003"}),
        unlisted_rule=say(
            "KuCoin also deletes keys that can trade and have no list, or takes their right to "
            "trade, after 30 days without use."
        ),
        unlisted_end=UnlistedEnd(30, Counted.LAST_USE, TRADES),
        fixes=fixes(WORDS),
        guide=GUIDE,
    ),
    readable=Readable.MASKED,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=WORDS.page,
    reset_header=ResetHeader("gw-ratelimit-reset", ResetUnit.MS_LEFT),
)
