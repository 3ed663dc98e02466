"""HTX (formerly Huobi), spot API.

Sources, read 2026-11-20: www.htx.com/en-us/opend ("Quick Start", "API key query", "Get UID",
"Sub user API key creation" and "modification", "Error Code"), its older form github.com/huobiapi/docs
(whose FAQ is longer), and threads cited beside the texts that only they show.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

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
)
from latchlight.core.fixes import UNTICK, AddressForm
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
    moment_ms,
    rights_from,
    said,
    said_of_rights,
    strange_rights,
    with_strange,
    wrong_form,
)
from latchlight.exchanges.refusals import Meaning, Refusals, Said, not_read
from latchlight.exchanges.signing import (
    ed25519_base64,
    header_value,
    hmac_sha256_base64,
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
TIME = Probe("time", "/v1/common/timestamp")
ACCOUNT = Probe("account", "/v2/user/uid", signed=True)
# Asked with its own access key: without it the answer holds every key of the account.
KEY = Probe("key", "/v2/user/api-key", signed=True)
# Of the older family: its refusals say what is wrong. What it answers otherwise is not read.
ACCOUNTS = Probe("accounts", "/v1/account/accounts", signed=True)

HOSTS = (Host("api.huobi.pro", Environment.PRODUCTION, "HTX"),)

# Labels of HTX's page text of 2020 and of its documents.
_PAGE = PageParts(
    title=PageLabel.of("API Management"),
    create=PageLabel.of("Create"),
    edit=PageLabel.of("Edit"),
    list_heading=PageLabel.of("Link IP address"),
    anywhere=None,
    only_listed=None,
    addresses=PageLabel.of("Link IP address"),
    rights_heading=PageLabel.of("Permissions"),
    rights=(
        ("readOnly", PageLabel.of("Read-only")),
        ("trade", PageLabel.of("Trade")),
        ("withdraw", PageLabel.of("Withdraw")),
    ),
    save=PageLabel.of("Confirm"),
)

WORDS = Words(
    name="HTX",
    page="https://www.htx.com/apikey/",
    whitelist_word="Link IP address",
    open_page=say("Open API Management at HTX (account icon, then “{page}”).", page=_PAGE.title),
    edit_key=say("Find the key by its note and choose “{edit}”.", edit=_PAGE.edit),
    save=say("Confirm with your authenticator and e-mail code."),
    set_list=(
        say(
            "Write your bot's address under “{field}”: up to 20, with commas between.",
            field=_PAGE.addresses,
        ),
    ),
    withdraw_off=UNTICK,
    transfer_off=say("Take the tick out of Trade, if the bot does not trade."),
    read_on=say(
        "See that Read-only is ticked. A sub-user's key is refused all the same: look at that one on its page."
    ),
    new_key=(
        say(
            "Choose whose key it is: a sub-user's cannot change other keys, but HTX does not let it "
            "tell its rights."
        ),
        say("Write a note for the key, and tick Read-only, and Trade if the bot trades."),
        say("Fill in the addresses first, then choose Create."),
        say("Copy access key and secret key at once: the secret is shown only here."),
    ),
    key_shape=say("four groups of letters and digits with dashes"),
)

GUIDE = page_guide(
    _PAGE,
    AddressForm(separator=",", ranges=True, ipv6=True, most=20),
    name="HTX",
    second_factor=say(
        "When you confirm, HTX asks for your authenticator code and the code from the mail. It never "
        "asks for the secret key."
    ),
    hidden=say(
        "API Management is in the menu behind the account icon on the website. A sub-user's keys stand "
        "in the main account under sub-users."
    ),
)


_SHAPE = r"[0-9a-z]{6,10}-[0-9a-z]{6,10}-[0-9a-z]{6,10}-[0-9a-z]{4,10}"
FIELDS = (
    CredentialField(
        "api_key",
        say("Access Key"),
        say("Four groups of letters and digits with dashes, always visible on the page."),
        _SHAPE,
    ),
    CredentialField(
        "secret",
        say("Secret Key"),
        say(
            "Four groups as well, shown only once: it looks like the access key, so take care which is "
            "which. For an Ed25519 key your own private key (PEM)."
        ),
        _SHAPE,
    ),
)

RIGHTS = (
    Word("readOnly", "Read-only", Permission.READ),
    # "used to create order, cancel order and transfer" (Quick Start). It also changes rights and
    # addresses of sub-users' keys and makes such keys; the older documents ask for the
    # authenticator's code to make one, and none of them to change one.
    Word(
        "trade",
        "Trade",
        Permission.SPOT_TRADE,
        also=(
            Permission.MARGIN_TRADE,
            Permission.FUTURES_TRADE,
            Permission.INTERNAL_TRANSFER,
            Permission.KEY_MANAGEMENT,
        ),
    ),
    Word("withdraw", "Withdraw", Permission.WITHDRAW),
)

# One code for everything; the text tells (documents, FAQ; HuobiRDCenter/huobi_Python#110,
# ccxt/ccxt#25931, #9189, ccxt's table).
TEXTS: tuple[tuple[str, DiagnosisCode], ...] = (
    ("incorrect ip address", DiagnosisCode.IP_NOT_WHITELISTED),
    ("incorrect access key", DiagnosisCode.KEY_UNKNOWN),
    ("verification failure", DiagnosisCode.SIGNATURE_WRONG),
    ("invalid submission time", DiagnosisCode.CLOCK_OFF),
    ("api key has no permission", DiagnosisCode.PERMISSION_MISSING),
)
_AMBIGUOUS = Meaning(
    DiagnosisCode.KEY_IP_OR_PERMISSION,
    say("HTX refused the request without saying what is wrong."),
    (
        (DiagnosisCode.SIGNATURE_WRONG, Likelihood.POSSIBLE),
        (DiagnosisCode.IP_NOT_WHITELISTED, Likelihood.POSSIBLE),
        (DiagnosisCode.KEY_UNKNOWN, Likelihood.POSSIBLE),
    ),
)
_MAIN_ACCOUNTS = Meaning(
    DiagnosisCode.PERMISSION_MISSING,
    next_step=say(
        "Nothing is known about the key. HTX answers this question to keys of main accounts only: "
        "look at a sub-user's key on its page."
    ),
)
CODES: dict[str, DiagnosisCode | Meaning] = {
    # 1003 is documented as "Signature is wrong", and was seen for a key that had ended
    # (ccxt/ccxt#16319); login-required also follows a rate limit (older FAQ).
    **dict.fromkeys(
        ("api-signature-not-valid", "api-signature-check-failed", "1003", "login-required"),
        _AMBIGUOUS,
    ),
    **dict.fromkeys(("1002", "403"), _MAIN_ACCOUNTS),
    **dict.fromkeys(("500", "gateway-internal-error", "timeout"), DiagnosisCode.EXCHANGE_FAULT),
    "system-maintenance": DiagnosisCode.MAINTENANCE,
    **dict.fromkeys(
        ("510", "1006", "rate-too-many-requests", "base-request-exceed-frequency-limit"),
        DiagnosisCode.RATE_LIMITED,
    ),
}


def _read_refusal(answer: Answer) -> Said | None:
    """Two families answer differently: `status` and `err-code`, or a number in `code`.

    A sub-user's key gets "error-code 403", seen without any body (HuobiRDCenter/huobi_Python#88).
    """
    bodiless = not (answer.is_json or answer.is_page)
    if answer.status == 403 and bodiless and answer.probe == str(KEY):
        return Said("403")
    body = answer.fields
    code, text = body.get("err-code", body.get("code")), body.get("err-msg", body.get("message"))
    accepted = body.get("status") == "ok" if "status" in body else type(code) is int and code == 200
    if accepted:
        return None if answer.status == 200 and "err-code" not in body else Said("")
    if type(code) in (int, str):
        return Said(str(code), text if isinstance(text, str) else "")
    return not_read(answer)


REFUSALS = Refusals(WORDS, CODES, _read_refusal, by_text=TEXTS, address_after="]:")


def narrow(first: Diagnosis, second: Answer | None) -> Diagnosis:
    """The newer family's "invalid signature" in the words of the older one, where they say more."""
    told = None if second is None else REFUSALS.diagnose(second)
    known = {code for _, code in TEXTS}
    return first if told is None or told.code not in known else told


def sign(credentials: Credentials, probe: Probe, host: Host, now_ms: int) -> SignedRequest:
    """Method, host, path and sorted query on a line each, signed in base64 (docs, "Authentication")."""
    api_key = header_value(credentials.api_key)
    method, scheme = _scheme(credentials.kind)
    parts = [
        ("AccessKeyId", api_key),
        ("SignatureMethod", method),
        ("SignatureVersion", "2"),
        ("Timestamp", f"{second_of(now_ms):%Y-%m-%dT%H:%M:%S}"),
        *probe.query,
    ]
    if probe.path == KEY.path:
        parts.append(("accessKey", api_key))
    query = urlencode(sorted(parts), quote_via=quote, safe="")
    payload = f"GET\n{host.server}\n{probe.path}\n{query}"
    signature = quote(scheme(credentials.secret, payload), safe="")
    return SignedRequest(f"{query}&Signature={signature}")


def _scheme(kind: KeyKind) -> tuple[str, Callable[[Secret, str], str]]:
    match kind:
        case KeyKind.HMAC:
            return "HmacSHA256", hmac_sha256_base64
        case KeyKind.ED25519 | KeyKind.RSA | KeyKind.ECDSA:  # the scheme refuses the last two
            return "Ed25519", ed25519_base64


def read_time(answer: Answer) -> int | None:
    """`{"status":"ok","data":1494900087029}` in ms."""
    value = answer.fields.get("data")
    return value if type(value) is int and 0 < value < 10**14 else None


def follow(answers: tuple[Answer, ...]) -> Probe | None:
    """The account number first: the question about a key needs it."""
    uid = answers[0].fields.get("data")
    if len(answers) > 1 or REFUSALS.diagnose(answers[0]) is not None:
        return None
    if answers[0].fields.get("code") != 200:
        return (
            None  # accepted in the words of another question: the time says `status` and a number
        )
    if type(uid) is not int or not 0 < uid < 10**18:
        return None
    return Probe(KEY.name, KEY.path, signed=True, query=(("uid", str(uid)),))


def read_facts(answers: tuple[Answer, ...], credentials: Credentials, host: Host) -> KeyFacts:
    """What the one entry about the key that asked says."""
    body = _only_entry(answers)
    if body is None:
        return KeyFacts(environment=host.environment, whitelist_readable=Readable.FULL)
    if Secret(str(body["accessKey"])) != credentials.api_key:
        return KeyFacts(other_key=True)
    if body["status"] != "normal":
        return KeyFacts(locked=True)
    now = answers[-1].received_at
    rights, unknown = rights_from(RIGHTS, comma_list(body, "permission"), "permission")
    listed = _listed(body)
    return KeyFacts(
        accepted=True,
        environment=host.environment,
        kind=credentials.kind,
        rights=rights,
        unknown_rights=with_strange(unknown, strange_rights(body, _FIELDS)),
        whitelist_on=is_on(listed),
        whitelist=listed,
        whitelist_readable=Readable.FULL,
        whitelist_fields=("ipAddresses",),
        created_at=moment_ms(body, "createTime", now),
        expires_at=_end(body, now),
        is_sub_account=NOT_TOLD,
        said=said(body, "permission", "ipAddresses", "validDays", "createTime", "status")
        | said_of_rights(body, "permission", rights, unknown),
    )


_FIELDS = frozenset({"accessKey", "status", "note", "permission", "ipAddresses", "validDays"})
_MOST_DAYS = 3650


def _only_entry(answers: tuple[Answer, ...]) -> Body | None:
    """The one key in the second answer, if it has a name and a status."""
    entries = answers[-1].fields.get("data")
    if len(answers) != 2 or not isinstance(entries, list) or len(entries) != 1:
        return None
    body = entries[0]
    if not isinstance(body, dict):
        return None
    named = isinstance(body.get("accessKey"), str) and isinstance(body.get("status"), str)
    return body if named else None


def _listed(body: Body) -> Fact[tuple[Network, ...]]:
    """Empty: none. Absent, which the older documents allow: none as well, on a key that ends.

    Keys with a list do not end: if one of those has lost the field, there is no telling.
    """
    days = body.get("validDays")
    if "ipAddresses" not in body and type(days) is int and days >= 0:
        return Known(())
    return address_list(comma_list(body, "ipAddresses"), "ipAddresses")


def _end(body: Body, now: datetime) -> Fact[datetime | None]:
    """`validDays`: days left, -1 for no end."""
    if "validDays" not in body:
        return missing("validDays")
    days = body["validDays"]
    if type(days) is not int or not -1 <= days <= _MOST_DAYS:
        return wrong_form("validDays")
    return Known(None) if days == -1 else Known(now + timedelta(days=days))


_D, _I, _U = (
    SourceCertainty.DOCUMENTED,
    SourceCertainty.ISSUE,
    SourceCertainty.UNKNOWN,
)
_DOCS = "www.htx.com/en-us/opend, API key query"
_START = "www.htx.com/en-us/opend, Quick Start"
_MAKE = "www.htx.com/en-us/opend, Sub user API key creation"
_FAQ = "github.com/huobiapi/docs, FAQ"
STATEMENTS = (
    Sourced(Topic.PERMISSIONS, say("told: readOnly, trade, withdraw (permission)"), _DOCS, _D),
    Sourced(Topic.WITHDRAW, say("told (withdraw in permission)"), _DOCS, _D),
    Sourced(Topic.TRANSFER, say("no right of its own: trade also transfers"), _START, _D),
    Sourced(
        Topic.KEY_MANAGEMENT,
        say(
            "no right of its own: trade on a main account's key changes sub-users' keys and their lists, "
            "and makes such keys (with an authenticator code, in the older documents)"
        ),
        "www.htx.com/en-us/opend, Sub user API key creation and modification",
        _D,
    ),
    Sourced(Topic.WHITELIST, say("told (ipAddresses; empty: none)"), _DOCS, _D),
    Sourced(Topic.ADDRESSES, say("told in full (ipAddresses)"), _DOCS, _D),
    Sourced(Topic.CREATED, say("told (createTime)"), _DOCS, _D),
    Sourced(Topic.ENDS, say("told in days (validDays; -1: no end)"), _DOCS, _D),
    Sourced(
        Topic.SEEN_ADDRESS,
        say("told in the refusal of an unlisted address"),
        "HuobiRDCenter/huobi_Python#110",
        _I,
    ),
    Sourced(Topic.CALLS, say("2; 3 after a refusal that does not say why"), _DOCS, _D),
    Sourced(Topic.MOST_ADDRESSES, say("20"), _START, _D),
    Sourced(Topic.RANGES, say("accepted for IPv4"), _MAKE, _D),
    Sourced(Topic.IPV6, say("accepted, single addresses"), _MAKE, _D),
    Sourced(Topic.SEPARATOR, say("comma"), _MAKE, _D),
    Sourced(Topic.DELAY, say("not documented"), _DOCS, _U),
    Sourced(
        Topic.UNLISTED,
        say(
            "with trade or withdraw: ends after 90 days without use (Quick Start: any key, after 90 days)"
        ),
        _MAKE,
        _D,
    ),
    Sourced(Topic.WITHDRAW_UNLISTED, say("not documented"), _DOCS, _U),
    Sourced(Topic.ACTIVITY, say("not documented"), _DOCS, _U),
    Sourced(Topic.KINDS, say("HMAC, Ed25519"), "www.htx.com/en-us/opend, Authentication", _D),
    Sourced(
        Topic.CLOCK,
        say("accepted up to 1 minute off (the chapter on signatures says 5 minutes)"),
        _FAQ,
        _D,
    ),
    Sourced(
        Topic.REFUSAL,
        say("one code for key, secret, clock, address and right; only the text tells which"),
        "HuobiRDCenter/huobi_Python#110, ccxt/ccxt#25931",
        _I,
        "api-signature-not-valid",
    ),
    Sourced(
        Topic.REFUSAL,
        say(
            "signature wrong, and seen for a key that had ended: the older family is asked for the text"
        ),
        "www.htx.com/en-us/opend, Error Code; ccxt/ccxt#16319",
        _I,
        "1003",
    ),
    Sourced(
        Topic.REMARK,
        say(
            "not among the questions that a sub-user's key may ask: it gets error 403 and stays grey"
        ),
        "www.htx.com/en-us/opend, Sub User",
        _D,
        say("sub-user keys"),
    ),
)

SPEC = ExchangeSpec(
    id="htx",
    name=WORDS.name,
    hosts=HOSTS,
    fields=FIELDS,
    kinds=(KeyKind.HMAC, KeyKind.ED25519),
    sign=sign,
    time_probe=TIME,
    read_time=read_time,
    key_probe=ACCOUNT,
    follow=follow,
    later_probes=(KEY,),
    narrow_probe=ACCOUNTS,
    narrow=narrow,
    read_facts=read_facts,
    diagnose=REFUSALS.diagnose,
    traits=ExchangeTraits(
        id="htx",
        name=WORDS.name,
        clock=ClockTolerance(ahead_ms=60_000, behind_ms=60_000),
        whitelist_word=WORDS.whitelist_word,
        facts_date=FACTS_DATE,
        # No gone_codes: one code for everything, and no document says what each text of it means.
        unguarded_keys=True,
        unlisted_rule=say(
            "HTX also ends keys that can trade or withdraw and have no list after 90 days without use."
        ),
        fixes=fixes(WORDS),
        guide=GUIDE,
    ),
    readable=Readable.FULL,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=WORDS.page,
)
