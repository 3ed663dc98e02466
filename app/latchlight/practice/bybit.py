"""The practice Bybit: the same paths, headers, bodies and refusals as the real one.

Sources, read 2026-11-20: github.com/bybit-exchange/docs (v5/guide, v5/error, v5/rate-limit,
v5/user/apikey-info). The real order of the checks is not documented. Here it is: headers, key
known, key not ended, address, time, signature, permission.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import parse_qs

from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import say
from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.keys import KeyPlan, KeyState, hmac_credential, random_text
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
from latchlight.practice.signatures import hmac_hex_matches, rsa_matches
from latchlight.practice.traits import ServerFaults, Trait
from latchlight.practice.troubles import SPECIFIC, troubled

_READ_WRITE = "readWrite"
RULES = HouseRules(
    switches=(
        Switch(_READ_WRITE, "Read-Write"),
        Switch("ContractTrade.Order", "Unified Trading, Contracts: Orders"),
        Switch("ContractTrade.Position", "Unified Trading, Contracts: Positions"),
        Switch("Options.OptionsTrade", "Unified Trading, USDC Contracts: USDC Derivatives Trading"),
        Switch("Spot.SpotTrade", "Unified Trading, Spot: Trade"),
        Switch("Wallet.AccountTransfer", "Assets, Wallet: Account Transfer"),
        Switch("Wallet.SubMemberTransfer", "Assets, Wallet: Subaccount Transfer"),
        Switch("Wallet.Withdraw", "Assets, Wallet: Withdrawal"),
        Switch("Exchange.ExchangeHistory", "Assets, Exchange: Convert"),
        Switch("Earn.Earn", "Earn: Earn"),
        Switch("FiatP2P.FiatP2POrder", "P2P: Orders"),
        Switch("FiatP2P.Advertising", "P2P: Advertising"),
        Switch("BitCard.BitCard", "Bybit Card"),
    ),
    most_addresses=20,
    need_addresses=frozenset(),
    words=PageWords(
        title="API Management",
        edit="Edit API Key",
        create="Create New Key",
        addresses="IP Address Added",
        open="No IP restriction",
        restricted="Only IPs with permissions granted are allowed to access the OpenAPI",
        hint=say("One IPv4 address per line."),
        warning="If an API key isn't linked to an IP address, it will expire in 3 months.",
        boxes="API Key Permissions",
        save="Submit",
    ),
)
"""How many addresses the real page takes is not documented."""

_AREAS = (
    *("ContractTrade", "Spot", "Wallet", "Options", "Derivatives", "CopyTrading", "BlockTrade"),
    *("Exchange", "NFT", "Affiliate", "Earn", "FiatP2P", "FiatConvertBroker", "FiatGlobalPay"),
    *("FiatBitPay", "BitCard", "ByXPost"),
)
"""Those that are always there, in the order of the documented example."""

_KEY_FORM = re.compile(r"[A-Za-z0-9]{18}", re.ASCII)
_NUMBER_FORM = re.compile(r"[0-9]{1,15}", re.ASCII)
_DEFAULT_WINDOW_MS = 5000
_AHEAD_MS = 1000
_DAY = 86400.0
_OPEN_DAYS = 90.0
_REQUESTS_PER_SECOND = 10


class Quirk(Enum):
    """What is odd about the answer for a key, on purpose."""

    NO_WALLET = "no-wallet"
    """The answer says nothing about the area with transfers and withdrawals."""
    TEXT_FORMS = "text-forms"
    """Number and lists come as text."""
    EMPTY_LIST = "empty-list"
    """The list of addresses comes empty, which is not what an open key shows."""
    ANOTHER_KEY = "another-key"
    """The answer speaks of another key than the one that asked."""
    ENDED = "ended"
    """Past its last day, and refused."""


class _Refused(Exception):  # noqa: N818 - an answer on its way out
    """Bybit answers with an error; without a code it says nothing at all."""

    def __init__(self, code: int | None, message: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class BybitSite:
    """One server of the practice Bybit. `clock` is in seconds, `egress` what it sees callers as."""

    name = "bybit"

    def __init__(
        self, registry: Registry, clock: Callable[[], float], egress: Callable[[], str]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._egress = egress
        self._public: dict[str, Callable[[Request], object]] = {
            "/v5/market/time": lambda request: _time(self.now()),
            "/v5/market/instruments-info": _instruments,
            "/v5/system/status": lambda request: {"list": []},
        }
        self._signed: dict[str, Callable[[KeyRecord], object]] = {
            "/v5/user/query-api": lambda key: _information(key, self.now()),
            "/v5/account/info": lambda key: _account(self.now()),
            "/v5/account/wallet-balance": lambda key: _balance(),
            "/v5/asset/coin/query-info": lambda key: {"rows": []},
            "/v5/asset/transfer/query-account-coins-balance": _funding,
        }

    def now(self) -> float:
        """Server time in seconds since 1970 UTC."""
        return self._clock()

    def answer(self, request: Request) -> Answer:
        """Answer like Bybit: business errors come with HTTP 200."""
        path = request.path
        if path not in self._public and path not in self._signed:
            return _page(404, "Not Found")
        if request.method != "GET":
            return _page(405, "Not Allowed")
        if request.body:
            return _front_door()
        try:
            if path in self._public:
                return _said(0, "OK", self._public[path](request), self.now())
            result = self._signed[path](self._admitted(request))
            return _metered(_said(0, "", result, self.now()), self.now())
        except _Refused as refused:
            if refused.code is None:
                return Answer(401)
            return _metered(_said(refused.code, refused.message, {}, self.now()), self.now())

    def _admitted(self, request: Request) -> KeyRecord:
        """The key that may make this call. Raises _Refused."""
        stamp = request.headers.get("x-bapi-timestamp", "")
        window = request.headers.get("x-bapi-recv-window", "")
        signature = request.headers.get("x-bapi-sign", "")
        key = self._known(request.headers.get("x-bapi-api-key", ""))
        if not signature or not all(map(_NUMBER_FORM.fullmatch, (stamp, window or "0"))):
            raise _Refused(None)
        if key.plan.quirk is Quirk.ENDED:
            raise _Refused(33004, "Your api key has expired")
        if not lets_in(key.state, seen_address(key, self._egress())):
            raise _Refused(10010, "Unmatched IP, please check your API key's bound IP addresses.")
        self._check_time(int(stamp), int(window) if window else _DEFAULT_WINDOW_MS)
        signed = f"{stamp}{key.api_key}{window}{request.query}".encode()
        matches = rsa_matches if key.kind is KeyKind.RSA else hmac_hex_matches
        if not matches(key.known_secret(), signed, signature):
            raise _Refused(10004, "Error sign, please check your signature generation algorithm.")
        return key

    def _known(self, api_key: str) -> KeyRecord:
        if not _KEY_FORM.fullmatch(api_key):
            raise _Refused(None)
        key = self._registry.find(api_key)
        if key is None:
            raise _Refused(10003, "API key is invalid.")
        return key

    def _check_time(self, stamp_ms: int, window_ms: int) -> None:
        now_ms = int(self.now() * 1000)
        if not now_ms - window_ms <= stamp_ms < now_ms + _AHEAD_MS:
            raise _Refused(10002, "The request time exceeds the time window range.")


def _said(code: int, message: str, result: object, now: float) -> Answer:
    body = {"retCode": code, "retMsg": message, "result": result, "retExtInfo": {}}
    return json_answer({**body, "time": int(now * 1000)})


def _metered(answer: Answer, now: float, left: int = _REQUESTS_PER_SECOND - 1) -> Answer:
    """With the counters of the account, which start again with the next second."""
    headers = (
        ("X-Bapi-Limit", str(_REQUESTS_PER_SECOND)),
        ("X-Bapi-Limit-Status", str(left)),
        ("X-Bapi-Limit-Reset-Timestamp", str((int(now) + 1) * 1000)),
    )
    return Answer(answer.status, answer.body, answer.content_type, headers)


def _page(status: int, text: str) -> Answer:
    title = f"{status} {text}"
    return html_answer(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>", status
    )


def _front_door() -> Answer:
    """The page of the content network before the exchange."""
    return html_answer(
        "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY>"
        "<H1>403 ERROR</H1><H2>The request could not be satisfied.</H2></BODY></HTML>",
        403,
    )


def _time(now: float) -> object:
    nanoseconds = int(now * 1000) * 1_000_000
    return {"timeSecond": str(int(now)), "timeNano": str(nanoseconds)}


def _information(key: KeyRecord, now: float) -> object:
    """`GET /v5/user/query-api`, field by field as in the documented example."""
    ends = _end(key)
    days_left = -2 if ends == 0 else int((ends - now) // _DAY)
    sub_account = key.plan.sub_account
    fields: dict[str, object] = {
        "id": str(key.uid),
        "note": key.name,
        "apiKey": key.api_key,
        "readOnly": 0 if _READ_WRITE in key.state.switches else 1,
        "secret": "",
        "permissions": _permissions(key),
        "ips": list(key.state.addresses) if key.state.restricted else ["*"],
        "type": 1,
        "deadlineDay": days_left,
        "expiredAt": _iso(ends),
        "createdAt": _iso(key.created),
        "unified": 0,
        "uta": 1,
        "userID": key.uid,
        "inviterID": 0,
        "vipLevel": "No VIP",
        "mktMakerLevel": "0",
        "affiliateID": 0,
        "rsaPublicKey": key.known_secret() if key.kind is KeyKind.RSA else "",
        "isMaster": not sub_account,
        "parentUid": str(key.uid + 1) if sub_account else "0",
        "kycLevel": "LEVEL_1",
        "kycRegion": "MYS",
    }
    match key.plan.quirk:
        case Quirk.TEXT_FORMS:
            fields["readOnly"] = str(fields["readOnly"])
            fields["ips"] = ",".join(key.state.addresses)
        case Quirk.EMPTY_LIST:
            fields["ips"] = []
        case Quirk.ANOTHER_KEY:
            fields["apiKey"] = key.api_key[::-1]
    return fields


def _permissions(key: KeyRecord) -> dict[str, list[str]]:
    areas: dict[str, list[str]] = {area: [] for area in _AREAS}
    for switch in sorted(key.state.switches - {_READ_WRITE}):
        area, _, word = switch.partition(".")
        areas.setdefault(area, []).append(word)
    if key.plan.quirk is Quirk.NO_WALLET:
        del areas["Wallet"]
    return areas


def _end(key: KeyRecord) -> float:
    """Seconds since 1970, 0 for a key without an end: one that is bound to addresses."""
    if key.ends is not None:
        return key.ends
    return 0.0 if key.state.restricted else key.created + _OPEN_DAYS * _DAY


def _iso(seconds: float) -> str:
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"


def _account(now: float) -> object:
    return {
        "marginMode": "REGULAR_MARGIN",
        "updatedTime": str(int((now - 3600) * 1000)),
        "unifiedMarginStatus": 6,
        "dcpStatus": "OFF",
        "timeWindow": 10,
        "smpGroup": 0,
        "isMasterTrader": False,
        "spotHedgingStatus": "OFF",
    }


def _balance() -> object:
    usdt = {"coin": "USDT", "equity": "1250", "walletBalance": "1250", "locked": "100"}
    total = {"totalEquity": "1250", "totalWalletBalance": "1250", "accountType": "UNIFIED"}
    return {"list": [{**total, "coin": [{**usdt, "usdValue": "1250", "borrowAmount": "0"}]}]}


def _funding(key: KeyRecord) -> object:
    """The funding account is shown only to keys that may move money there."""
    if not any(switch.startswith("Wallet.") for switch in key.state.switches):
        raise _Refused(10005, "Permission denied, please check your API key permissions.")
    return {"memberId": str(key.uid), "accountType": "FUND", "balance": []}


def _instruments(request: Request) -> object:
    category = parse_qs(request.query).get("category", [""])[-1]
    listed = [_BTCUSDT] if category == "spot" else []
    return {"category": category, "list": listed, "nextPageCursor": ""}


_BTCUSDT: dict[str, object] = {
    "symbol": "BTCUSDT",
    "baseCoin": "BTC",
    "quoteCoin": "USDT",
    "innovation": "0",
    "status": "Trading",
    "marginTrading": "both",
    "lotSizeFilter": {
        "basePrecision": "0.000001",
        "quotePrecision": "0.00000001",
        "minOrderQty": "0.00004",
        "maxOrderQty": "63.01197227",
        "minOrderAmt": "1",
        "maxOrderAmt": "100000",
    },
    "priceFilter": {"tickSize": "0.01"},
}


def _state(home: str | None, *switches: str) -> KeyState:
    return KeyState(home is not None, () if home is None else (home,), frozenset(switches))


_SPOT = (_READ_WRITE, "Spot.SpotTrade")
_FUTURES = (
    *(_READ_WRITE, "ContractTrade.Order", "ContractTrade.Position"),
    "Derivatives.DerivativesTrade",
)
_TROUBLES = {
    Trait.MAINTENANCE: (
        Light.GREY,
        "exchange-fault",
        say("The exchange is under maintenance, and says only that its server has a fault."),
    ),
    Trait.RATE_LIMITED: (
        Light.GREY,
        "rate-limited",
        say("Too many requests with the keys of this account."),
    ),
    Trait.BANNED: (
        Light.GREY,
        "address-banned",
        say("The exchange refuses this address for ten minutes, for too many requests."),
    ),
}


def cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    """All keys. `home` is the address that this computer pretends to have, `away` another one."""
    behind_traits = troubled(_state(home, *_SPOT), (*SPECIFIC, Trait.BANNED), changed=_TROUBLES)
    return (
        *_good_keys(home),
        *_weak_keys(home),
        *_bad_keys(home, away),
        *_odd_keys(home),
        *behind_traits,
    )


def _good_keys(home: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        KeyPlan(
            "safe-spot",
            say("A spot bot's key: bound to this address, no withdrawals."),
            spot,
            Light.GREEN,
        ),
        KeyPlan(
            "safe-futures",
            say("A futures bot's key: contracts only, bound to this address."),
            _state(home, *_FUTURES),
            Light.GREEN,
            purpose=Purpose.FUTURES,
        ),
        KeyPlan(
            "safe-rsa",
            say("As safe-spot, with an RSA key pair."),
            spot,
            Light.GREEN,
            kind=KeyKind.RSA,
        ),
        KeyPlan(
            "safe-sub-account",
            say("As safe-spot, of a sub-account."),
            spot,
            Light.GREEN,
            sub_account=True,
        ),
    )


def _weak_keys(home: str) -> tuple[KeyPlan, ...]:
    return (
        KeyPlan(
            "watch",
            say("It can only read, but trading is ticked: one click to Read-Write wakes it."),
            _state(home, "Spot.SpotTrade", "ContractTrade.Order"),
            Light.AMBER,
            "more-than-purpose",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "watch-no-whitelist",
            say("It can only read, but from anywhere, and it ends after 90 days."),
            _state(None, "Spot.SpotTrade"),
            Light.AMBER,
            "whitelist-off",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "withdraw-asleep",
            say("It can only read, but withdrawals are ticked."),
            _state(home, "Spot.SpotTrade", "Wallet.Withdraw"),
            Light.AMBER,
            "withdraw-on",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "less-than-purpose",
            say("Meant for a spot bot and ticked for it, but read-only as a whole."),
            _state(home, "Spot.SpotTrade"),
            Light.AMBER,
            "less-than-purpose",
        ),
        KeyPlan(
            "more-than-purpose",
            say("Meant for a spot bot, but contracts are ticked too."),
            _state(home, *_SPOT, "ContractTrade.Order"),
            Light.AMBER,
            "more-than-purpose",
        ),
        KeyPlan(
            "futures-transfer",
            say("A futures bot's key that may also move money, and make keys for sub-accounts."),
            _state(home, *_FUTURES, "Wallet.AccountTransfer"),
            Light.AMBER,
            "transfer-on",
            purpose=Purpose.FUTURES,
        ),
        KeyPlan(
            "expires-soon",
            say("The account's password was changed: this key ends in five days."),
            _state(home, *_SPOT),
            Light.AMBER,
            "expires-soon",
            ends_in_days=5.0,
        ),
    )


def _bad_keys(home: str, away: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        KeyPlan(
            "trading-no-whitelist",
            say("It can trade and works from anywhere."),
            _state(None, *_SPOT),
            Light.RED,
            "whitelist-off",
        ),
        KeyPlan(
            "withdraw-on",
            say("It can withdraw everything."),
            _state(home, *_SPOT, "Wallet.Withdraw"),
            Light.RED,
            "withdraw-on",
        ),
        KeyPlan(
            "transfer-on",
            say("It can move money between accounts, which a spot bot never needs."),
            _state(home, *_SPOT, "Wallet.AccountTransfer"),
            Light.RED,
            "transfer-on",
        ),
        KeyPlan(
            "p2p-on",
            say("It can sell coins to other people for money outside the exchange."),
            _state(home, *_SPOT, "FiatP2P.FiatP2POrder"),
            Light.RED,
            "transfer-on",
        ),
        KeyPlan(
            "wrong-address",
            say("Bound to another address than the one this computer has."),
            _state(away, *_SPOT),
            Light.RED,
            "ip-not-whitelisted",
        ),
        KeyPlan(
            "other-region",
            say("A key of Bybit EU: not known here, known there."),
            spot,
            Light.RED,
            "key-unknown",
            elsewhere=True,
        ),
        KeyPlan(
            "deleted-key",
            say("The exchange does not know this key on any of its sites."),
            spot,
            Light.RED,
            "key-unknown",
            registered=False,
        ),
        KeyPlan(
            "wrong-secret",
            say("The secret belongs to another key."),
            spot,
            Light.RED,
            "signature-wrong",
            right_secret=False,
        ),
        KeyPlan(
            "ended-key",
            say("It had no list, and its 90 days are over."),
            _state(None, *_SPOT),
            Light.RED,
            "key-expired",
            quirk=Quirk.ENDED,
            age_days=100.0,
        ),
    )


def _odd_keys(home: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        KeyPlan(
            "unknown-permission",
            say("A permission is on that is newer than this program."),
            _state(home, *_SPOT, "StockTrade.Order"),
            Light.GREY,
            "unknown-permission-on",
        ),
        KeyPlan(
            "missing-field",
            say("The exchange's answer leaves out whether the key can withdraw."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.NO_WALLET,
        ),
        KeyPlan(
            "text-forms",
            say("The exchange's answer has texts where numbers and lists are documented."),
            spot,
            Light.GREY,
            "whitelist-off",
            quirk=Quirk.TEXT_FORMS,
        ),
        KeyPlan(
            "empty-list",
            say(
                "The list of addresses comes empty: that means neither an open key nor a bound one."
            ),
            spot,
            Light.GREY,
            "whitelist-off",
            quirk=Quirk.EMPTY_LIST,
        ),
        KeyPlan(
            "another-key",
            say("The exchange's answer speaks of another key than this one."),
            spot,
            Light.GREY,
            "unreadable-answer",
            quirk=Quirk.ANOTHER_KEY,
        ),
    )


def _is_signed(request: Request) -> bool:
    return "x-bapi-sign" in request.headers


def _maintenance(request: Request, now: float) -> Answer:
    return _said(10016, "Server error.", {}, now)


def _region(request: Request, now: float) -> Answer:
    message = "Service Restricted: Access is currently unavailable for your region."
    return _said(10009, message, {}, now)


def _rate_limited(request: Request, now: float) -> Answer | None:
    if not _is_signed(request):
        return None
    return _metered(_said(10006, "Too many visits!", {}, now), now, 0)


def _banned(request: Request, now: float) -> Answer:
    return Answer(403, b"403, access too frequent", "text/plain")


FAULTS: ServerFaults = {
    Trait.MAINTENANCE: _maintenance,
    Trait.FIREWALL: lambda request, now: _front_door(),
    Trait.REGION: _region,
    Trait.RATE_LIMITED: _rate_limited,
    Trait.BANNED: _banned,
}

PRACTICE = PracticeExchange(
    id="bybit",
    name="Bybit",
    rules=RULES,
    cast=cast,
    site=BybitSite,
    faults=FAULTS,
    new_api_key=lambda: random_text(18),
    is_signed=_is_signed,
    make_credential=hmac_credential(lambda: random_text(36)),
    other_host="Bybit EU",
)
