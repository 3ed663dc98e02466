"""The practice Coinbase: the same paths, tokens, bodies and refusals as Advanced Trade.

Sources, read 2026-11-20: docs.cdp.coinbase.com ("JWT Authentication", "Get API Key Permissions", "Get
Server Time", "List Accounts") and, for the refusals, coinbase-advanced-py and its issue 132. Whatever
is wrong with key, token or address, the answer is one word: `Unauthorized`. One key is refused in
older words, so that it can be seen what a named refusal would prove.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from itertools import count
from threading import Lock

from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import say
from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.jws import Jws, parse_jws
from latchlight.practice.keys import (
    Credential,
    KeyPlan,
    KeyState,
    make_credential,
    public_pem,
    random_hex,
)
from latchlight.practice.messages import Answer, Request, html_answer, json_answer
from latchlight.practice.registry import (
    HouseRules,
    KeyRecord,
    PageWords,
    Registry,
    Switch,
    lets_in,
    seen_address,
)
from latchlight.practice.signatures import ecdsa_raw_matches, ed25519_raw_matches
from latchlight.practice.traits import ServerFaults, Trait
from latchlight.practice.troubles import SPECIFIC, troubled

RULES = HouseRules(
    switches=(
        Switch("can_view", "View"),
        Switch("can_trade", "Trade"),
        Switch("can_transfer", "Transfer"),
        Switch("can_receive", "Receive"),
    ),
    most_addresses=50,  # how many there may be is not documented
    need_addresses=frozenset(),
    words=PageWords(
        title="Secret API keys",
        edit="Edit key",
        create="Create API key",
        addresses="IP allowlist",
        open="Opt-out of IP allowlisting",
        restricted="Only the addresses below",
        hint=say("Addresses or ranges, IPv4 or IPv6, one per line."),
        warning="",
        boxes="API-specific restrictions",
        save="Save",
    ),
    ranges=True,
    ipv6=True,
)

_LIFE_SECONDS = 120
_ISSUERS = ("cdp", "coinbase-cloud")
_BASE = "/api/v3/brokerage"


class Quirk(Enum):
    """What is odd about the answer for a key, on purpose."""

    NO_TRANSFER = "no-transfer"
    """The answer lacks `can_transfer`."""
    TEXT_BOOLEANS = "text-booleans"
    """Every yes and no comes as text."""
    MOODY = "moody"
    """Every other request is refused, although nothing is wrong with it."""
    NAMES_ADDRESS = "names-address"
    """Another address is refused in the words of the time before CDP keys, which named the reason."""


class _Refused(Exception):  # noqa: N818 - an answer on its way out
    """Coinbase answers with an error. `answer` is what is sent."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def _plain(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), "text/plain; charset=utf-8")


def _error(status: int, code: str, details: str) -> Answer:
    return json_answer({"error": code, "error_details": details, "message": details}, status)


_UNAUTHORIZED = _plain(401, "Unauthorized")
_IP_BLOCKED = json_answer(
    {"errors": [{"id": "authentication_error", "message": "IP blocked"}]}, 401
)
"""Seen in home-assistant/core#26184; whether it still comes is not known."""


class CoinbaseSite:
    """One server of the practice Coinbase. `clock` is in seconds, `egress` what it sees callers as."""

    name = "coinbase"

    def __init__(
        self, registry: Registry, clock: Callable[[], float], egress: Callable[[], str]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._egress = egress
        self._lock = Lock()
        self._moods: dict[str, count[int]] = {}
        self._public: dict[str, Callable[[], Answer]] = {
            f"{_BASE}/time": lambda: _time(self.now()),
            "/v2/time": lambda: _app_time(self.now()),
        }
        self._signed: dict[str, Callable[[KeyRecord], Answer]] = {
            f"{_BASE}/key_permissions": _permissions,
            f"{_BASE}/accounts": _accounts,
            "/v2/accounts": lambda key: _app_accounts(),
            f"{_BASE}/portfolios": _portfolios,
            f"{_BASE}/transaction_summary": lambda key: _fees(),
        }

    def now(self) -> float:
        """Server time in seconds since 1970 UTC."""
        return self._clock()

    def answer(self, request: Request) -> Answer:
        """Answer like Coinbase."""
        path = request.path
        if path not in self._public and path not in self._signed:
            return _error(404, "unknown", "Not Found")
        if request.method != "GET":
            return _error(405, "unknown", "Method Not Allowed")
        if path in self._public:
            return self._public[path]()
        try:
            return self._signed[path](self._admitted(request))
        except _Refused as refused:
            return refused.answer

    def _admitted(self, request: Request) -> KeyRecord:
        """The key that may make this call. Raises _Refused."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        token = parse_jws(text) if scheme == "Bearer" else None
        key = None if token is None else self._key_of(token)
        if token is None or key is None or not self._is_good(token, key, request):
            raise _Refused(_UNAUTHORIZED)
        if not lets_in(key.state, seen_address(key, self._egress())):
            named = key.plan.quirk is Quirk.NAMES_ADDRESS
            raise _Refused(_IP_BLOCKED if named else _UNAUTHORIZED)
        if self._is_moody(key):
            raise _Refused(_UNAUTHORIZED)
        if "can_view" not in key.state.switches:
            raise _Refused(_error(403, "PERMISSION_DENIED", "Missing required scopes"))
        return key

    def _key_of(self, token: Jws) -> KeyRecord | None:
        name = token.header.get("kid")
        if not isinstance(name, str) or token.claims.get("sub") != name:
            return None
        return self._registry.find(name)

    def _is_good(self, token: Jws, key: KeyRecord, request: Request) -> bool:
        nonce = token.header.get("nonce")
        return (
            isinstance(nonce, str)
            and bool(nonce)
            and token.claims.get("iss") in _ISSUERS
            and _is_for(token, request)
            and self._is_in_time(token)
            and _is_signed_by(token, key)
        )

    def _is_in_time(self, token: Jws) -> bool:
        begins, ends = token.claims.get("nbf"), token.claims.get("exp")
        if type(begins) is not int or type(ends) is not int or ends - begins > _LIFE_SECONDS:
            return False
        return begins <= self.now() < ends

    def _is_moody(self, key: KeyRecord) -> bool:
        if key.plan.quirk is not Quirk.MOODY:
            return False
        with self._lock:
            return next(self._moods.setdefault(key.name, count())) % 2 == 0


def _is_for(token: Jws, request: Request) -> bool:
    """Whether the token names this request: in `uri`, or as the only one in `uris`."""
    wanted = f"{request.method} {request.headers.get('host', '')}{request.path}"
    return token.claims.get("uri") == wanted or token.claims.get("uris") == [wanted]


def _is_signed_by(token: Jws, key: KeyRecord) -> bool:
    algorithm, public = token.header.get("alg"), key.known_secret()
    match key.kind:
        case KeyKind.ED25519:
            right = ed25519_raw_matches(public, token.signing_input, token.signature)
            return algorithm == "EdDSA" and right
        case KeyKind.ECDSA:
            right = ecdsa_raw_matches(public, token.signing_input, token.signature)
            return algorithm == "ES256" and right
        case KeyKind.HMAC | KeyKind.RSA:
            return False


def _time(now: float) -> Answer:
    return json_answer(
        {"iso": _iso(now), "epochSeconds": str(int(now)), "epochMillis": str(int(now * 1000))}
    )


def _app_time(now: float) -> Answer:
    return json_answer({"data": {"iso": _iso(now), "epoch": int(now)}})


def _iso(now: float) -> str:
    return f"{datetime.fromtimestamp(int(now), UTC):%Y-%m-%dT%H:%M:%SZ}"


def _permissions(key: KeyRecord) -> Answer:
    """`GET /api/v3/brokerage/key_permissions`."""
    on = key.state.switches
    fields: dict[str, object] = {switch.field: switch.field in on for switch in RULES.switches}
    # A right that the exchange added after the documentation was read.
    fields |= dict.fromkeys(sorted(on - set(fields)), True)
    match key.plan.quirk:
        case Quirk.NO_TRANSFER:
            del fields["can_transfer"]
        case Quirk.TEXT_BOOLEANS:
            fields = {name: str(value).lower() for name, value in fields.items()}
    return json_answer(fields | {"portfolio_uuid": _portfolio(key), "portfolio_type": "DEFAULT"})


def _portfolio(key: KeyRecord) -> str:
    return f"00000000-0000-4000-8000-{key.uid:012d}"


def _portfolios(key: KeyRecord) -> Answer:
    portfolio = {"name": "Default", "uuid": _portfolio(key), "type": "DEFAULT", "deleted": False}
    return json_answer({"portfolios": [portfolio]})


_HELD = (("BTC", "0.05", "CRYPTO"), ("USDC", "1250", "CRYPTO"), ("EUR", "0", "FIAT"))


def _accounts(key: KeyRecord) -> Answer:
    """`GET /api/v3/brokerage/accounts`, in one page."""
    accounts = [
        {
            "uuid": f"00000000-0000-4000-9000-{number:012d}",
            "name": f"{currency} Wallet",
            "currency": currency,
            "available_balance": {"value": amount, "currency": currency},
            "default": True,
            "active": True,
            "created_at": "2025-01-01T00:00:00Z",
            "updated_at": "2025-01-01T00:00:00Z",
            "deleted_at": None,
            "type": f"ACCOUNT_TYPE_{kind}",
            "ready": True,
            "hold": {"value": "0", "currency": currency},
            "retail_portfolio_id": _portfolio(key),
            "platform": "ACCOUNT_PLATFORM_CONSUMER",
        }
        for number, (currency, amount, kind) in enumerate(_HELD, 1)
    ]
    return json_answer({"accounts": accounts, "has_next": False, "cursor": "", "size": len(_HELD)})


def _app_accounts() -> Answer:
    """`GET /v2/accounts`, in one page: the older interface to the same wallets."""
    accounts = [
        {
            "id": f"00000000-0000-4000-9000-{number:012d}",
            "name": f"{currency} Wallet",
            "primary": number == 1,
            "type": "fiat" if kind == "FIAT" else "wallet",
            "currency": {"code": currency, "name": currency, "type": kind.lower()},
            "balance": {"amount": amount, "currency": currency},
            "created_at": "2025-01-01T00:00:00Z",
            "updated_at": "2025-01-01T00:00:00Z",
            "resource": "account",
            "resource_path": f"/v2/accounts/00000000-0000-4000-9000-{number:012d}",
        }
        for number, (currency, amount, kind) in enumerate(_HELD, 1)
    ]
    pagination = {"ending_before": None, "starting_after": None, "limit": 250, "next_uri": None}
    return json_answer({"pagination": pagination, "data": accounts})


def _fees() -> Answer:
    tier = {"pricing_tier": "Intro 1", "maker_fee_rate": "0.006", "taker_fee_rate": "0.012"}
    return json_answer({"total_volume": 0, "total_fees": 0, "fee_tier": tier})


_SPOT = ("can_view", "can_trade")
_UNLISTED = "whitelist-off"
"""The best that there is: the exchange never tells a key whether its allowlist is on."""
_key = partial(KeyPlan, kind=KeyKind.ED25519)


def _state(home: str | None, *switches: str) -> KeyState:
    return KeyState(home is not None, () if home is None else (home,), frozenset(switches))


def cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    """All keys. `home` is the address that this computer pretends to have, `away` another one."""
    # How a region is refused, and in which words, is not known of this exchange.
    known = tuple(trait for trait in SPECIFIC if trait is not Trait.REGION)
    spot = _state(home, *_SPOT)
    behind_traits = troubled(spot, known, kind=KeyKind.ED25519)
    return (*_usual_keys(home), *_refused_keys(home, away), *_odd_keys(home), *behind_traits)


def _usual_keys(home: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        _key(
            "safe-spot",
            say("A spot bot's key as it should be. Only its page shows that it is locked."),
            spot,
            Light.AMBER,
            _UNLISTED,
        ),
        _key(
            "safe-ecdsa",
            say("As safe-spot, with an ECDSA key, the kind that older libraries need."),
            spot,
            Light.AMBER,
            _UNLISTED,
            kind=KeyKind.ECDSA,
        ),
        _key(
            "safe-futures",
            say("A futures bot's key: the same right to trade, locked to this address."),
            spot,
            Light.AMBER,
            _UNLISTED,
            purpose=Purpose.FUTURES,
        ),
        _key(
            "safe-watch",
            say("A key that can only look, locked to this address."),
            _state(home, "can_view"),
            Light.AMBER,
            _UNLISTED,
            purpose=Purpose.WATCH,
        ),
        _key(
            "trading-no-whitelist",
            say("It works from anywhere, and looks just like safe-spot: look at its page."),
            _state(None, *_SPOT),
            Light.AMBER,
            _UNLISTED,
        ),
        _key(
            "receive-on",
            say("As safe-spot; it may also receive payments, which takes nothing away."),
            _state(home, *_SPOT, "can_receive"),
            Light.AMBER,
            _UNLISTED,
        ),
        _key(
            "moody",
            say("A good key, of which the exchange refuses every other request by mistake."),
            spot,
            Light.AMBER,
            _UNLISTED,
            quirk=Quirk.MOODY,
        ),
        _key(
            "names-the-address",
            say(
                "As safe-spot; from elsewhere it is refused by name, so a lock test can prove its list."
            ),
            spot,
            Light.AMBER,
            _UNLISTED,
            quirk=Quirk.NAMES_ADDRESS,
        ),
        _key(
            "more-than-purpose",
            say("Meant to watch only, but it may trade."),
            spot,
            Light.AMBER,
            "more-than-purpose",
            purpose=Purpose.WATCH,
        ),
        _key(
            "less-than-purpose",
            say("Meant for a spot bot, but it can only look: the first order will fail."),
            _state(home, "can_view"),
            Light.AMBER,
            "less-than-purpose",
        ),
        _key(
            "withdraw-on",
            say("Transfer is on: it can send everything away."),
            _state(home, *_SPOT, "can_transfer"),
            Light.RED,
            "withdraw-on",
        ),
    )


def _refused_keys(home: str, away: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        _key(
            "wrong-address",
            say("Locked to another address. The exchange says “Unauthorized” and no more."),
            _state(away, *_SPOT),
            Light.GREY,
            "unauthorized",
        ),
        _key(
            "deleted-key",
            say("The exchange does not know this key. It says “Unauthorized” and no more."),
            spot,
            Light.GREY,
            "unauthorized",
            registered=False,
        ),
        _key(
            "wrong-secret",
            say("The secret belongs to another key. The answer is “Unauthorized”."),
            spot,
            Light.GREY,
            "unauthorized",
            right_secret=False,
        ),
        _key(
            "no-view",
            say("It may trade, but not look, not even at its own rights."),
            _state(home, "can_trade"),
            Light.GREY,
            "permission-missing",
        ),
    )


def _odd_keys(home: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        _key(
            "unknown-permission",
            say("A permission is on that is newer than this program."),
            _state(home, *_SPOT, "can_stake"),
            Light.GREY,
            "unknown-permission-on",
        ),
        _key(
            "missing-field",
            say("The exchange's answer leaves out whether the key can move money."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.NO_TRANSFER,
        ),
        _key(
            "text-booleans",
            say("The exchange's answer says yes and no in a form that is not documented."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.TEXT_BOOLEANS,
        ),
    )


def _maintenance(request: Request, now: float) -> Answer:
    return json_answer({"error": "unavailable", "code": 14, "message": "unavailable"}, 503)


def _firewall(request: Request, now: float) -> Answer:
    return html_answer("<html><head><title>Attention Required!</title></head></html>", 403)


def _rate_limited(request: Request, now: float) -> Answer:
    error = {"id": "rate_limit_exceeded", "message": "Too many requests"}
    return json_answer({"errors": [error]}, 429, (("Retry-After", "30"),))


FAULTS: ServerFaults = {
    Trait.MAINTENANCE: _maintenance,
    Trait.FIREWALL: _firewall,
    Trait.RATE_LIMITED: _rate_limited,
}


def new_api_key() -> str:
    """The long form of a key's name."""
    return f"organizations/{_uuid()}/apiKeys/{_uuid()}"


def _uuid() -> str:
    digits = random_hex(32)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def new_credential(kind: KeyKind) -> Callable[[], Credential]:
    """Ed25519 as base64 of 64 bytes, seed and public key; other kinds as everywhere."""
    if kind is not KeyKind.ED25519:
        return make_credential(kind)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    both = private.private_bytes_raw() + private.public_key().public_bytes_raw()
    made = Credential(base64.b64encode(both).decode(), public_pem(private))
    return lambda: made


PRACTICE = PracticeExchange(
    id="coinbase",
    name="Coinbase",
    rules=RULES,
    cast=cast,
    site=CoinbaseSite,
    faults=FAULTS,
    new_api_key=new_api_key,
    is_signed=lambda request: "authorization" in request.headers,
    make_credential=new_credential,
)
