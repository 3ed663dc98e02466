"""Coinbase Advanced Trade, with the keys of the Coinbase Developer Platform (CDP).

Sources, read 2026-11-20: docs.cdp.coinbase.com ("Get API Key Permissions", "Get Server Time",
"Coinbase App API Key Authentication", "JWT Authentication", "Coinbase App Legacy Keys", "Security
best practices"), the library coinbase-advanced-py 1.8.4, and threads cited beside the facts they
support.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.diagnosis import Cause, Diagnosis, DiagnosisCode, Exclusion, Likelihood
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
    is_false,
)
from latchlight.core.fixes import UNTICK, AddressForm, Fix, FixKind
from latchlight.core.records import replace
from latchlight.core.sentences import PageLabel, say
from latchlight.core.server_text import harmless
from latchlight.core.situation import ClockTolerance, ExchangeTraits
from latchlight.exchanges.jwt import algorithm, token
from latchlight.exchanges.page import PageParts, page_guide
from latchlight.exchanges.reading import Body, flag, said, strange_rights
from latchlight.exchanges.refusals import Meaning, Refusals, Said
from latchlight.exchanges.signing import header_value
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
from latchlight.exchanges.words import CONTROLS, Words, cause, fixes

FACTS_DATE = "2026-11-20"
TIME = Probe("time", "/api/v3/brokerage/time")
KEY = Probe("key", "/api/v3/brokerage/key_permissions", signed=True)
# The only one: the sandbox asks for no key, and has no `key_permissions`.
HOSTS = (Host("api.coinbase.com", Environment.PRODUCTION, "Coinbase"),)

# Labels of Coinbase's developer documents and partner guides of 2025 and 2026.
_PAGE = PageParts(
    title=PageLabel.of("Secret API keys"),
    create=PageLabel.of("Create API key"),
    edit=PageLabel.of("Edit key"),
    list_heading=PageLabel.of("API restrictions"),
    anywhere=None,
    only_listed=None,
    addresses=PageLabel.of("IP allowlist"),
    rights_heading=PageLabel.of("API-specific restrictions"),
    rights=(
        ("can_view", PageLabel.of("View (read-only)")),
        ("can_trade", PageLabel.of("Trade")),
        ("can_transfer", PageLabel.of("Transfer")),
        ("can_receive", PageLabel.of("Receive")),
    ),
    save=PageLabel.of("Save"),
)

WORDS = Words(
    name="Coinbase",
    page="https://portal.cdp.coinbase.com/api-keys/secret",
    whitelist_word="IP allowlist",
    open_page=say("Open portal.cdp.coinbase.com, then “API keys” and “{page}”.", page=_PAGE.title),
    edit_key=say(
        "Choose the key by its name, then “Manage” (or “Configure”) and “{edit}”.", edit=_PAGE.edit
    ),
    save=say("Save, and confirm with your 2-step verification."),
    set_list=(
        say(
            "Under “{part}” write your bot's address into “{field}”, IPv4 or IPv6, and "
            "see that “Opt-out of IP allowlisting” is not ticked.",
            part=_PAGE.list_heading,
            field=_PAGE.addresses,
        ),
    ),
    withdraw_off=UNTICK,
    transfer_off=UNTICK,
    read_on=say("Among the permissions see that View is ticked."),
    new_key=(
        say("Choose Create API key and give it a name."),
        say("Fill in IP allowlist, and leave “Opt-out of IP allowlisting” without a tick."),
        say("In the advanced settings choose the portfolio, tick View, and Trade if it trades."),
        say("Leave the signature algorithm at Ed25519, unless your bot asks for ECDSA."),
        say("Download the key file at once: the secret is shown only here."),
    ),
    key_shape=say("organizations/…/apiKeys/…, or 36 characters in five groups with dashes"),
)

GUIDE = page_guide(
    _PAGE,
    AddressForm(separator=",", ranges=True, ipv6=True),
    name="Coinbase",
    second_factor=say(
        "When you save, Coinbase asks for your 2-step verification. It never asks for the private key."
    ),
    hidden=say(
        "The keys are on the developer portal, portal.cdp.coinbase.com, not on the page of the app: log "
        "in there with the same account. The list stands under API restrictions of the single key."
    ),
)


_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
FIELDS = (
    CredentialField(
        "api_key",
        say("API key ID"),
        say("organizations/…/apiKeys/…, or 36 characters with dashes: “name” or “id” in the file."),
        rf"organizations/{_UUID}/apiKeys/{_UUID}|{_UUID}",
    ),
    CredentialField(
        "secret",
        say("Secret (private key)"),
        say(
            "It begins with BEGIN EC PRIVATE KEY, or has 88 characters and ends with ==. You can "
            "paste the whole key file."
        ),
        r"[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==",
    ),
)

_TRANSFERS = (Permission.INTERNAL_TRANSFER,)
_RIGHTS = (
    ("can_view", "View", Permission.READ, ()),
    # "Trade on spot and derivatives markets": one switch for both.
    ("can_trade", "Trade", Permission.SPOT_TRADE, (Permission.FUTURES_TRADE,)),
    # "deposit/withdrawal permissions": one switch for every way in which money moves.
    ("can_transfer", "Transfer", Permission.WITHDRAW, _TRANSFERS),
)
_OLD_RIGHT = ("can_withdraw", "Transfer", Permission.WITHDRAW, _TRANSFERS)
"""In the tests of the exchange's own library; believed where it says yes."""
_FIELDS = frozenset(
    {
        *(name for name, *_ in (*_RIGHTS, _OLD_RIGHT)),
        "can_receive",  # "receive inbound payments": takes nothing from anybody
        "portfolio_uuid",
        "portfolio_type",
    }
)

_AUTHENTICATION = "authentication_error"
"""Of a key with a list, called from another address (home-assistant/core#26184); without the list it worked."""

_LACKS_VIEW = Meaning(
    DiagnosisCode.PERMISSION_MISSING,
    say("Coinbase knows this key, but it lacks the right to look at its own rights."),
)
CODES: dict[str, DiagnosisCode | Meaning] = {
    "PERMISSION_DENIED": _LACKS_VIEW,
    "invalid_scope": _LACKS_VIEW,
    "rate_limit_exceeded": DiagnosisCode.RATE_LIMITED,
    "resource_exhausted": DiagnosisCode.RATE_LIMITED,
    "internal_server_error": DiagnosisCode.EXCHANGE_FAULT,
    **dict.fromkeys(
        (
            "personal_details_required",
            "identity_verification_required",
            "jumio_verification_required",
            "jumio_face_match_verification_required",
            "unverified_email",
        ),
        DiagnosisCode.ACCOUNT_RESTRICTED,
    ),
    # The documented default error ("grpc.gateway.runtime.Error") has gRPC's numbers.
    "7": _LACKS_VIEW,
    "8": DiagnosisCode.RATE_LIMITED,
    "13": DiagnosisCode.EXCHANGE_FAULT,
    "14": DiagnosisCode.MAINTENANCE,
}
TEXTS: tuple[tuple[str, DiagnosisCode | Meaning], ...] = (
    # With the code "unknown" as well (ccxt/ccxt#19034, Drakkar-Software/OctoBot-Tentacles#1431).
    ("missing required scopes", _LACKS_VIEW),
    ("permission is required", _LACKS_VIEW),
    # From the time before CDP keys; whether they still come is not known.
    ("request timestamp expired", DiagnosisCode.CLOCK_OFF),
)


def _read_refusal(answer: Answer) -> Said | None:
    """`errors` with `id`, gRPC's `code`, or `error` with `error_details`; the plain 401 has none."""
    body = answer.fields
    if "errors" in body:
        errors = body["errors"]
        first = errors[0] if isinstance(errors, list) and errors else None
        return _said(first if isinstance(first, dict) else {}, "id", "message")
    if "error" not in body and answer.status == 200 and isinstance(answer.body, dict):
        return None
    text_name = "error_details" if "error_details" in body else "message"
    return _said(body, "code" if type(body.get("code")) is int else "error", text_name)


def _said(body: Body, code_name: str, text_name: str) -> Said:
    code, text = body.get(code_name), body.get(text_name)
    known = type(code) is int or isinstance(code, str)
    return Said(str(code) if known else "", text if isinstance(text, str) else "")


REFUSALS = Refusals(WORDS, CODES, _read_refusal, by_text=TEXTS)
_NOT_LISTED = replace(REFUSALS, meanings={_AUTHENTICATION: DiagnosisCode.IP_NOT_WHITELISTED})


def diagnose(answer: Answer) -> Diagnosis | None:
    """A lock test may rest on "IP blocked": only the whole answer that was seen means the list.

    With other words around it, or from something in front of the exchange, it may as well be about
    the reputation of an address, which a VPN's often has.
    """
    refusal = _read_refusal(answer)
    named = refusal is not None and (refusal.code, refusal.text) == (_AUTHENTICATION, "IP blocked")
    table = _NOT_LISTED if named and answer.status == 401 else REFUSALS
    return table.diagnose(answer)


_ALSO_POSSIBLE = (
    cause(WORDS, DiagnosisCode.IP_NOT_WHITELISTED, Likelihood.LIKELY),
    cause(WORDS, DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY),
    cause(WORDS, DiagnosisCode.SIGNATURE_WRONG, Likelihood.POSSIBLE),
    Cause(
        DiagnosisCode.UNAUTHORIZED,
        Likelihood.POSSIBLE,
        say("The key was made in the last two days: a new one may not work at once."),
        say("Keep it, and check again when it is two days old."),
    ),
    Cause(
        DiagnosisCode.EXCHANGE_FAULT,
        Likelihood.POSSIBLE,
        say("Coinbase refuses good keys by mistake now and then."),
        say("Check again in a few minutes."),
    ),
)


def doubt(diagnosis: Diagnosis, times: int) -> Diagnosis:
    """A plain 401 means any of many things; three in a row leave a list of them, and no verdict.

    Good keys get it at random (coinbase-advanced-py#132), keys with another address on their list
    get it always (whisper-money#804).
    """
    if diagnosis.code is not DiagnosisCode.UNAUTHORIZED:
        return diagnosis
    return replace(
        diagnosis,
        title=say(
            "{n} of {n} refused: Coinbase does not take this key from here, and does not say why.",
            n=times,
        ),
        next_step=say("Do not make a new key yet: it could be refused for the same reason."),
        causes=_ALSO_POSSIBLE,
        excluded=(
            Exclusion(
                say("Not the clock."),
                say("It was compared with Coinbase's just before, and the difference allowed for."),
            ),
        ),
    )


_LIFE_SECONDS = 120
_EARLY_SECONDS = 2
"""A verifier refuses a token before its `nbf`, and need not grant any leeway (RFC 7519, 4.1.5);
Coinbase documents none. The measured time is off by up to half a round trip, and it is another
server that checks the token than told the time: so it begins a little before now."""


def sign(credentials: Credentials, probe: Probe, host: Host, now_ms: int) -> SignedRequest:
    """A token for this one request (docs, "JWT Authentication"); each has a nonce of its own."""
    uri = f"GET {host.server}{probe.path}"
    not_before = now_ms // 1000 - _EARLY_SECONDS
    bearer = request_token(credentials, uri, not_before, secrets.token_hex(16))
    return SignedRequest(
        "&".join(f"{name}={value}" for name, value in probe.query),
        (("Authorization", f"Bearer {bearer}"),),
    )


def request_token(credentials: Credentials, uri: str, not_before: int, nonce: str) -> str:
    """The token for `uri` (method, space, host and path), valid from `not_before` (s since 1970)."""
    name = header_value(credentials.api_key)
    header = {"alg": algorithm(credentials.kind), "kid": name, "nonce": nonce, "typ": "JWT"}
    claims = {
        "sub": name,
        "iss": "cdp",
        "nbf": not_before,
        "exp": not_before + _LIFE_SECONDS,
        "uri": uri,
    }
    return token(credentials, header, claims)


def read_time(answer: Answer) -> int | None:
    """`{"iso":"...","epochSeconds":"1709005034","epochMillis":"1709005034333"}` in ms."""
    stamp = answer.fields.get("epochMillis")
    if not isinstance(stamp, str) or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 15:
        return None
    return int(stamp) or None


def read_facts(answers: tuple[Answer, ...], credentials: Credentials, host: Host) -> KeyFacts:
    """What `key_permissions` says about the key that asked. Nothing tells about its allowlist."""
    body = answers[-1].fields
    return KeyFacts(
        accepted=any(name in body for name, *_ in _RIGHTS),
        environment=host.environment,
        kind=credentials.kind,
        rights=_rights(body),
        unknown_rights=Known(_strange(body)),
        whitelist_on=ON_PAGE,
        whitelist=NOT_TOLD,
        whitelist_readable=Readable.NONE,
        created_at=NOT_TOLD,
        expires_at=NOT_TOLD,
        is_sub_account=NOT_TOLD,
        said=_evidence(body),
    )


def _strange(body: Body) -> tuple[str, ...]:
    """The answer is a flat row of flags: a new one that is true is a right, whatever its name."""
    yes = [harmless(n)[:64] for n, value in body.items() if n not in _FIELDS and value is True]
    return tuple(dict.fromkeys((*strange_rights(body, _FIELDS), *yes)))


def _rights(body: Body) -> tuple[Right, ...]:
    """A key without a single right cannot be made: then nothing is known about any."""
    rows = (*_RIGHTS, _OLD_RIGHT) if _OLD_RIGHT[0] in body else _RIGHTS
    told: dict[str, Fact[bool]] = {name: flag(body, name) for name, *_ in rows}
    if all(is_false(fact) for fact in told.values()):
        told = dict.fromkeys(told, Unknown(WhyUnknown.CONTRADICTORY, "can_view"))
    return tuple(
        Right(name, label, permission, told[name], also=also)
        for name, label, permission, also in rows
    )


def _evidence(body: Body) -> Mapping[str, str]:
    """Each field; View also with the kind of portfolio, which is all that this key can look at."""
    words = said(body, *sorted(_FIELDS))
    if "can_view" in words and "portfolio_type" in words:
        words["can_view"] = f"{words['can_view']}, {words['portfolio_type']}"
    return words


_WHY_REFUSED = Fix(
    say("Find out why Coinbase refuses"),
    (
        WORDS.open_page,
        say("See that the key is still there, and switched on."),
        WORDS.edit_key,
        say("Compare IP allowlist with your public IP; add it if it is missing."),
        WORDS.save,
        WORDS.again,
    ),
    WORDS.page,
    FixKind.LIST,
    CONTROLS[FixKind.LIST],
)

_D, _S, _I, _C, _A, _U = (
    SourceCertainty.DOCUMENTED,
    SourceCertainty.SDK,
    SourceCertainty.ISSUE,
    SourceCertainty.WEB_UI,
    SourceCertainty.ARTICLE,
    SourceCertainty.UNKNOWN,
)
_PERMISSIONS = "docs.cdp.coinbase.com, Get API Key Permissions"
_KEYS = "docs.cdp.coinbase.com, API Key Authentication"
_JWT = "docs.cdp.coinbase.com, JWT Authentication"
_PRACTICES = "docs.cdp.coinbase.com, Security best practices"
_LIBRARY = "coinbase-advanced-py 1.8.4"
_SPURIOUS = "coinbase/coinbase-advanced-py#132"
STATEMENTS = (
    Sourced(
        Topic.PERMISSIONS,
        say("told: can_view, can_trade, can_transfer, can_receive"),
        _PERMISSIONS,
        _D,
    ),
    Sourced(Topic.WITHDRAW, say("told (can_transfer: deposits and withdrawals)"), _PERMISSIONS, _D),
    Sourced(Topic.TRANSFER, say("told, by the same switch (can_transfer)"), _PERMISSIONS, _D),
    Sourced(
        Topic.KEY_MANAGEMENT,
        say(
            "no such right of a trading key is documented; Export and Manage (CDP wallets) are not told"
        ),
        "the key page, in partner guides of 2025 and 2026",
        _C,
    ),
    Sourced(Topic.WHITELIST, say("never told to the key; the page shows it"), _PERMISSIONS, _D),
    Sourced(Topic.ADDRESSES, say("never told to the key; the page shows them"), _PERMISSIONS, _D),
    Sourced(Topic.CREATED, say("not told"), _PERMISSIONS, _D),
    Sourced(Topic.ENDS, say("not told"), _PERMISSIONS, _D),
    Sourced(Topic.SEEN_ADDRESS, say("not told"), _PERMISSIONS, _D),
    Sourced(Topic.CALLS, say("1; up to 3 where the answer is a plain 401"), _SPURIOUS, _I),
    Sourced(Topic.MOST_ADDRESSES, say("not documented"), _KEYS, _U),
    Sourced(Topic.RANGES, say("accepted"), _PRACTICES, _D),
    Sourced(Topic.IPV6, say("accepted"), _PRACTICES, _D),
    Sourced(Topic.SEPARATOR, say("not documented"), _KEYS, _U),
    Sourced(Topic.DELAY, say("not documented"), _KEYS, _U),
    Sourced(Topic.UNLISTED, say("no rule is documented"), _KEYS, _U),
    Sourced(Topic.WITHDRAW_UNLISTED, say("no rule is documented"), _KEYS, _U),
    Sourced(Topic.ACTIVITY, say("not documented"), _KEYS, _U),
    Sourced(
        Topic.KINDS, say("Ed25519 and ECDSA (ES256); HMAC keys ended in February 2025"), _KEYS, _D
    ),
    Sourced(
        Topic.CLOCK,
        say("a token lives 2 minutes; how far ahead a clock may be is not documented"),
        _JWT,
        _D,
    ),
    Sourced(
        Topic.REFUSAL,
        say("no reason given: key, secret, token, or an address that is not on the list"),
        "whisper-money/whisper-money#804",
        _I,
        "401 Unauthorized",
    ),
    Sourced(
        Topic.REFUSAL,
        say("given to good keys at random as well"),
        _SPURIOUS,
        _I,
        say("401 at random"),
    ),
    Sourced(
        Topic.REFUSAL, say("the key lacks a right"), _LIBRARY, _S, "403 Missing required scopes"
    ),
    Sourced(
        Topic.REFUSAL, say("too many requests"), "docs.cdp.coinbase.com, Rate limits", _D, "429"
    ),
    Sourced(
        Topic.REMARK,
        say("may be refused for up to two days"),
        "guides of third parties",
        _A,
        say("newly made keys"),
    ),
    Sourced(
        Topic.REMARK,
        say(
            "the exchange's documents tell users of its libraries to choose ECDSA; the library takes "
            "Ed25519 since 1.8.3"
        ),
        _LIBRARY,
        _S,
        "Ed25519",
    ),
    Sourced(
        Topic.REMARK,
        say("each key belongs to one portfolio and sees no other"),
        "docs.cdp.coinbase.com, Portfolios",
        _D,
        say("portfolio"),
    ),
    Sourced(
        Topic.REMARK,
        say("keys of Coinbase Exchange, Prime and International Exchange do not work here"),
        _KEYS,
        _D,
        say("other products"),
    ),
    Sourced(
        Topic.REMARK,
        say("asks for no key and does not tell about one, so it is not offered"),
        "docs.cdp.coinbase.com, Advanced Trade API Sandbox",
        _D,
        say("sandbox"),
    ),
)

SPEC = ExchangeSpec(
    id="coinbase",
    name=WORDS.name,
    hosts=HOSTS,
    fields=FIELDS,
    kinds=(KeyKind.ED25519, KeyKind.ECDSA),
    sign=sign,
    time_probe=TIME,
    read_time=read_time,
    key_probe=KEY,
    read_facts=read_facts,
    diagnose=diagnose,
    traits=ExchangeTraits(
        id="coinbase",
        name=WORDS.name,
        # A second for a clock that is ahead: the leeway of `nbf` is not documented.
        clock=ClockTolerance(ahead_ms=1000, behind_ms=1000 * (_LIFE_SECONDS - _EARLY_SECONDS)),
        whitelist_word=WORDS.whitelist_word,
        names_refused_address=False,
        facts_date=FACTS_DATE,
        # No gone_codes: a bare 401 means anything.
        not_reported=(say("“Export” and “Manage”, for wallets made through CDP"),),
        fixes={**fixes(WORDS), DiagnosisCode.UNAUTHORIZED.value: _WHY_REFUSED},
        guide=GUIDE,
    ),
    readable=Readable.NONE,
    facts_date=FACTS_DATE,
    statements=STATEMENTS,
    console_page=WORDS.page,
    repeated={DiagnosisCode.UNAUTHORIZED: 2},
    doubt=doubt,
)
