"""The practice Gate: the same paths, headers, bodies and refusals as the real one.

Sources, read 2026-11-20: www.gate.io/docs/developers/apiv4 (bodies, labels, signature), Gate's help
article 17521 (the page), and the refusals that users posted in CyberPunkMetalHead/
gateio-crypto-trading-bot-binance-announcements-new-coins#65 (INVALID_KEY), ccxt/ccxt#13330 and
hummingbot/hummingbot#7134 (REQUEST_EXPIRED), freqtrade/freqtrade#10918 (FORBIDDEN). The order of
the checks is not documented. Here it is: headers, time, key known, address, signature, right.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import Enum
from urllib.parse import unquote

from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import Sentence, say
from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.keys import KeyPlan, KeyState, hmac_credential, random_hex
from latchlight.practice.messages import Answer, Request, html_answer
from latchlight.practice.registry import (
    HouseRules,
    KeyRecord,
    PageWords,
    Registry,
    Switch,
    lets_in,
    seen_address,
)
from latchlight.practice.signatures import hmac_hex_matches
from latchlight.practice.traits import ServerFaults, Trait
from latchlight.practice.troubles import SPECIFIC, troubled

_BASE = "/api/v4"
_SECONDS_FORM = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)
_LONGEST_GAP = 60.0
_PAUSE_SECONDS = 30
_SHOWN_LETTERS = 12
_FIELDS = ("KEY", "Timestamp", "SIGN")


class Quirk(Enum):
    """What is odd about the answer of `main_keys`, on purpose."""

    NO_MAIN_KEYS = "no-main-keys"
    """It is refused, while `account/detail` answers."""
    FROZEN = "frozen"
    """The key's state is 3."""
    MISSING_FIELD = "missing-field"
    """The first permission does not say whether it is read-only."""
    TEXT_BOOLEANS = "text-booleans"
    """Every yes and no comes as text."""


class _Refused(Exception):  # noqa: N818 - an answer on its way out
    """Gate answers with an error. `answer` is what is sent."""

    def __init__(self, status: int, label: str, message: str) -> None:
        super().__init__(label)
        self.answer = _error(status, label, message)


def _json(value: object, status: int = 200) -> Answer:
    body = json.dumps(value, separators=(",", ":")).encode()
    return Answer(status, body, "application/json")


def _error(status: int, label: str, message: str) -> Answer:
    return _json({"label": label, "message": message}, status)


class GateSite:
    """One server of the practice Gate. `clock` is in seconds, `egress` what it sees callers as."""

    name = "gate"

    def __init__(
        self, registry: Registry, clock: Callable[[], float], egress: Callable[[], str]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._egress = egress
        self._public: dict[str, Callable[[], Answer]] = {
            "/spot/time": lambda: _json({"server_time": int(self.now() * 1000)}),
            "/spot/currencies": lambda: _json(_CURRENCIES),
            "/spot/currency_pairs": lambda: _json([_BTC_USDT]),
            **dict.fromkeys(_OTHER_MARKETS, lambda: _json([])),
        }
        # With the permission that a call needs. For main_keys that is not documented.
        self._signed: dict[str, tuple[str, Callable[[KeyRecord], Answer]]] = {
            "/account/detail": ("account", _detail),
            "/account/main_keys": ("account", self._main_keys),
            "/spot/accounts": ("spot", lambda key: _json(_SPOT_ACCOUNTS)),
            "/wallet/total_balance": ("wallet", lambda key: _json(_TOTAL_BALANCE)),
            "/futures/usdt/accounts": ("futures", lambda key: _json({**_FUTURES, "user": key.uid})),
        }

    def now(self) -> float:
        """Server time in seconds since 1970 UTC."""
        return self._clock()

    def answer(self, request: Request) -> Answer:
        """Answer like Gate, with the times of arrival and departure in microseconds."""
        stamp = str(int(self.now() * 1_000_000))
        try:
            answer = self._answer(request)
        except _Refused as refused:
            answer = refused.answer
        return replace(
            answer, headers=(*answer.headers, ("X-In-Time", stamp), ("X-Out-Time", stamp))
        )

    def _answer(self, request: Request) -> Answer:
        path = request.path.removeprefix(_BASE) if request.path.startswith(_BASE) else ""
        if path not in self._public and path not in self._signed:
            raise _Refused(404, "NOT_FOUND", "Resource not found")
        if request.method != "GET":
            raise _Refused(405, "METHOD_NOT_ALLOWED", "Method not allowed")
        if path in self._public:
            return self._public[path]()
        permission, answered = self._signed[path]
        key = self._admitted(request)
        if permission not in _modes(key.state.switches):
            raise _lacks(permission)
        return answered(key)

    def _admitted(self, request: Request) -> KeyRecord:
        """The key that may make this call. Raises _Refused."""
        for name in _FIELDS:
            if not request.headers.get(name.lower()):
                raise _Refused(401, "MISSING_REQUIRED_HEADER", f"Missing required header: {name}")
        stamp = request.headers["timestamp"]
        if not _SECONDS_FORM.fullmatch(stamp) or abs(float(stamp) - self.now()) > _LONGEST_GAP:
            message = "gap between request Timestamp and server time exceeds 60"
            raise _Refused(403, "REQUEST_EXPIRED", message)
        key = self._registry.find(request.headers["key"])
        if key is None:
            raise _Refused(401, "INVALID_KEY", "Invalid key provided")
        address = seen_address(key, self._egress())
        if not lets_in(key.state, address):
            raise _Refused(401, "IP_FORBIDDEN", f"Request IP not in whitelist: {address}")
        payload = signed_text(request, stamp)
        if not hmac_hex_matches(key.known_secret(), payload, request.headers["sign"], "sha512"):
            raise _Refused(401, "INVALID_SIGNATURE", "Signature mismatch")
        return key

    def _main_keys(self, record: KeyRecord) -> Answer:
        if record.plan.quirk is Quirk.NO_MAIN_KEYS:
            raise _lacks("account")
        return _json([_neighbour(record), _entry(record, self.now())])


def _lacks(permission: str) -> _Refused:
    message = f"Request API key does not have {permission} permission"
    return _Refused(403, "FORBIDDEN", message)


def signed_text(request: Request, stamp: str) -> bytes:
    """Method, path, query without its percent signs, hash of the body and seconds, a line each."""
    body = hashlib.sha512(request.body).hexdigest()
    query = unquote(request.query)
    return "\n".join((request.method, request.path, query, body, stamp)).encode()


def _modes(switches: Iterable[str]) -> dict[str, bool]:
    """Permission -> whether it is read-only. The page's box `spot:ro` is the weaker of two."""
    ticked = sorted(switches)
    weak = {name.removesuffix(_READ_ONLY): True for name in ticked if name.endswith(_READ_ONLY)}
    return weak | {name: False for name in ticked if not name.endswith(_READ_ONLY)}


def _detail(record: KeyRecord) -> Answer:
    """`GET /account/detail`: the key that asks, but not its permissions."""
    return _json(
        {
            "user_id": record.uid,
            "ip_whitelist": list(record.state.addresses),
            "currency_pairs": [],
            "key": {"mode": 1},
            "tier": 2,
            "copy_trading_role": 0,
        }
    )


def _entry(record: KeyRecord, now: float) -> dict[str, object]:
    """One key in `GET /account/main_keys`."""
    quirk = record.plan.quirk
    perms: list[dict[str, object]] = [
        {"name": name, "read_only": str(weak).lower() if quirk is Quirk.TEXT_BOOLEANS else weak}
        for name, weak in _modes(record.state.switches).items()
    ]
    if quirk is Quirk.MISSING_FIELD:
        del perms[0]["read_only"]
    return {
        "state": 3 if quirk is Quirk.FROZEN else 1,
        "mode": 1,
        "name": record.name,
        "user_id": record.uid,
        "perms": perms,
        "ip_whitelist": list(record.state.addresses),
        "currency_pairs": [],
        "key": record.api_key[:_SHOWN_LETTERS] + "*****",
        "created_at": int(record.created),
        "update_at": int(record.created),
        "last_access": int(now),
    }


def _neighbour(record: KeyRecord) -> dict[str, object]:
    """Another key of the same account, which may do more: nothing in it speaks of the first one."""
    return {
        "state": 1,
        "mode": 1,
        "name": "test1",
        "user_id": record.uid,
        "perms": [{"name": "wallet", "read_only": False}],
        "ip_whitelist": [],
        "currency_pairs": ["BTC_USD", "ETH_USD"],
        "key": "c5dcfbf1f3a7*****",
        "created_at": 1753030929,
        "update_at": 1756300567,
        "last_access": 1756300567,
    }


_CURRENCIES = [
    {
        "currency": currency,
        "name": name,
        "delisted": False,
        "withdraw_disabled": False,
        "withdraw_delayed": False,
        "deposit_disabled": False,
        "trade_disabled": False,
        "chain": chain,
        "chains": [{"name": chain, "withdraw_disabled": False, "deposit_disabled": False}],
    }
    for currency, name, chain in (("BTC", "Bitcoin", "BTC"), ("USDT", "Tether", "ETH"))
]
_BTC_USDT = {
    "id": "BTC_USDT",
    "base": "BTC",
    "quote": "USDT",
    "fee": "0.2",
    "min_base_amount": "0.00001",
    "min_quote_amount": "3",
    "amount_precision": 6,
    "precision": 1,
    "trade_status": "tradable",
    "sell_start": 0,
    "buy_start": 0,
}
_OTHER_MARKETS = (
    "/margin/currency_pairs",
    "/futures/btc/contracts",
    "/futures/usdt/contracts",
    "/delivery/usdt/contracts",
    "/options/underlyings",
)
"""Which a standard client loads too; nothing is traded there."""
_SPOT_ACCOUNTS = [
    {"currency": "BTC", "available": "0.05", "locked": "0", "update_id": 98},
    {"currency": "USDT", "available": "1250", "locked": "100", "update_id": 99},
]
_TOTAL_BALANCE = {
    "details": {"spot": {"amount": "5850", "currency": "USDT"}},
    "total": {"amount": "5850", "currency": "USDT"},
}
_FUTURES = {"currency": "USDT", "total": "500", "available": "500", "unrealised_pnl": "0"}

_READ_ONLY = ":ro"
_NAMES = (
    ("account", "Account"),
    ("spot", "Spot/Margin"),
    ("futures", "Perpetual Contract"),
    ("wallet", "Wallet"),
    ("sub_accounts", "Sub-Accounts"),
)
RULES = HouseRules(
    switches=(
        *(Switch(name + _READ_ONLY, f"{label} (Read Only)") for name, label in _NAMES),
        *(Switch(name, f"{label} (Read and Write)") for name, label in _NAMES),
        Switch("withdrawal", "Withdraw (Read and Write)"),
    ),
    most_addresses=20,
    need_addresses=frozenset(),
    words=PageWords(
        title="API Management",
        edit="Edit",
        create="Create API Key",
        addresses="IP permissions",
        open="Bind later",
        restricted="Bind now",
        hint=say("One IPv4 address per line, up to 20."),
        warning="If you opt for not binding, the API Key will allow access from any address and is "
        "valid for 90 days.",
        boxes="Permissions",
        save="Submit",
    ),
)
"""The rights that a bot may need, and the limits of the real page (read 2026-11-20)."""

_WATCH = ("account:ro", "spot:ro")
_SPOT = ("account:ro", "spot")
_FUTURES_BOT = ("account:ro", "futures")


def cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    """All keys. `home` is the address that this computer pretends to have, `away` another one."""
    behind_traits = troubled(_locked(home, *_SPOT), SPECIFIC)
    return (*_well_kept(home), *_amber(home), *_red(home, away), *_grey(home), *behind_traits)


def _locked(home: str, *switches: str) -> KeyState:
    return KeyState(True, (home,), frozenset(switches))


def _open(*switches: str) -> KeyState:
    return KeyState(False, (), frozenset(switches))


def _well_kept(home: str) -> tuple[KeyPlan, ...]:
    """Amber is the best that this exchange allows: it has no word for withdrawals."""
    return (
        _looked_at("safe-spot", say("A spot bot's key as it should be."), home, *_SPOT),
        replace(
            _looked_at(
                "safe-futures", say("A futures bot's key as it should be."), home, *_FUTURES_BOT
            ),
            purpose=Purpose.FUTURES,
        ),
        replace(
            _looked_at("safe-watch", say("A key that can only read, locked."), home, *_WATCH),
            purpose=Purpose.WATCH,
        ),
    )


def _looked_at(name: str, story: Sentence, home: str, *switches: str) -> KeyPlan:
    look = say("{story} Whether it can withdraw is on its page only: look there.", story=story)
    return KeyPlan(name, look, _locked(home, *switches), Light.AMBER, "withdraw-on")


def _amber(home: str) -> tuple[KeyPlan, ...]:
    return (
        KeyPlan(
            "more-than-purpose",
            say("Meant for a spot bot, but futures are switched on too."),
            _locked(home, *_SPOT, "futures"),
            Light.AMBER,
            "more-than-purpose",
        ),
        KeyPlan(
            "less-than-purpose",
            say("Meant for a spot bot, but everything is read-only: the first order will fail."),
            _locked(home, *_WATCH),
            Light.AMBER,
            "less-than-purpose",
        ),
    )


def _red(home: str, away: str) -> tuple[KeyPlan, ...]:
    spot = _locked(home, *_SPOT)
    return (
        KeyPlan(
            "trading-no-whitelist",
            say("It can trade and works from anywhere."),
            _open(*_SPOT),
            Light.RED,
            "whitelist-off",
        ),
        KeyPlan(
            "withdraw-on",
            say("It can withdraw everything."),
            _locked(home, *_SPOT, "withdrawal"),
            Light.RED,
            "withdraw-on",
        ),
        KeyPlan(
            "transfer-on",
            say("It can move money between wallets, which a spot bot never needs."),
            _locked(home, *_SPOT, "wallet"),
            Light.RED,
            "transfer-on",
        ),
        KeyPlan(
            "makes-keys",
            say("It can make keys for sub-accounts, also keys that work from anywhere."),
            _locked(home, *_SPOT, "sub_accounts"),
            Light.RED,
            "key-management-on",
        ),
        KeyPlan(
            "wrong-address",
            say("Locked to another address than the one this computer has."),
            _locked(away, *_SPOT),
            Light.RED,
            "ip-not-whitelisted",
        ),
        KeyPlan(
            "deleted-key",
            say("The exchange does not know this key: deleted, or never made there."),
            spot,
            Light.RED,
            "key-unknown",
            registered=False,
        ),
        KeyPlan(
            "other-site",
            say("A good key of Gate EU, which is not known here."),
            spot,
            Light.RED,
            "key-unknown",
            elsewhere=True,
        ),
        KeyPlan(
            "wrong-secret",
            say("The secret belongs to another key."),
            spot,
            Light.RED,
            "signature-wrong",
            right_secret=False,
        ),
    )


def _grey(home: str) -> tuple[KeyPlan, ...]:
    spot = _locked(home, *_SPOT)
    return (
        KeyPlan(
            "watch-no-whitelist",
            say("It works from anywhere, and whether it can only read is not all told to the key."),
            _open(*_WATCH),
            Light.GREY,
            "whitelist-off",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "no-account-permission",
            say("A trading key without the right to ask about itself."),
            _locked(home, "spot"),
            Light.GREY,
            "permission-missing",
        ),
        KeyPlan(
            "no-main-keys",
            say("It may ask for its whitelist, but not for its rights."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.NO_MAIN_KEYS,
        ),
        KeyPlan(
            "frozen-key",
            say("The exchange has frozen this key, however tidy its rights are."),
            spot,
            Light.GREY,
            "key-frozen",
            quirk=Quirk.FROZEN,
        ),
        KeyPlan(
            "unknown-permission",
            say("A permission is on that is newer than this program."),
            _locked(home, *_SPOT, "launchpad"),
            Light.GREY,
            "unknown-permission-on",
        ),
        KeyPlan(
            "missing-field",
            say("The exchange's answer leaves out whether a permission is read-only."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.MISSING_FIELD,
        ),
        KeyPlan(
            "text-booleans",
            say("The exchange's answer says yes and no in a form that is not documented."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.TEXT_BOOLEANS,
        ),
    )


def _page(status: int, title: str) -> Answer:
    return html_answer(
        f"<html>\n<head><title>{status} {title}</title></head>\n<body>\n<center>"
        f"<h1>{status} {title}</h1></center>\n<hr><center>openresty</center>\n</body>\n</html>\n",
        status,
    )


def _too_many(request: Request, now: float) -> Answer:
    """Beyond 200 public requests in 10 s from one address, or 150 private ones of one user."""
    answer = _error(429, "TOO_MANY_REQUESTS", "Request Rate Limit Exceeded")
    return replace(
        answer,
        headers=(
            ("X-Gate-RateLimit-Requests-Remain", "0"),
            ("X-Gate-RateLimit-Limit", "200"),
            ("X-Gate-RateLimit-Reset-Timestamp", str(int(now) + _PAUSE_SECONDS)),
        ),
    )


FAULTS: ServerFaults = {
    # How Gate words these three is not documented: they are its web server's own pages.
    Trait.MAINTENANCE: lambda request, now: _page(503, "Service Temporarily Unavailable"),
    Trait.FIREWALL: lambda request, now: _page(403, "Forbidden"),
    Trait.REGION: lambda request, now: _page(451, "Unavailable For Legal Reasons"),
    Trait.RATE_LIMITED: _too_many,
}

PRACTICE = PracticeExchange(
    id="gate",
    name="Gate",
    rules=RULES,
    cast=cast,
    site=GateSite,
    faults=FAULTS,
    new_api_key=lambda: random_hex(32),
    is_signed=lambda request: "sign" in request.headers,
    make_credential=hmac_credential(lambda: random_hex(64)),
    other_host="Gate EU",
)
"""The practice Gate."""
