"""The practice Bitget: the same paths, headers, bodies and refusals as the real one.

Sources, read 2026-11-20: www.bitget.com/api-doc ("Signature", "Get Account Information", "Get
Account Info", "Get Account Assets"), github.com/BitgetLimited/apidoc (error table). It serves
classic and unified accounts, as the real one does: a key belongs to one of them and is refused by
the questions of the other. The real order of the checks is not documented.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote

from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import say
from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.keys import KeyPlan, KeyState, hmac_credential, random_hex, random_text
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
from latchlight.practice.signatures import hmac_base64_matches, rsa_matches
from latchlight.practice.traits import ServerFaults, Trait
from latchlight.practice.troubles import SPECIFIC, Trouble, troubled

WRITES = "read-and-write"
"""The mode of a unified key; it holds for all of the key's words."""
_UNIFIED_WORDS = frozenset(
    {"uta_mgt", "uta_trade", "withdraw", "copy_futures_position", "copy_futures_order"}
)
RULES = HouseRules(
    switches=(
        Switch("stor", "Spot trade: read"),
        Switch("stow", "Spot trade: read and write"),
        Switch("smow", "Margin trade: read and write"),
        Switch("coor", "Futures orders: read"),
        Switch("coow", "Futures orders: read and write"),
        Switch("cpow", "Futures holdings: read and write"),
        Switch("wtow", "Wallet transfer"),
        Switch("wwow", "Wallet withdrawal"),
        Switch("chow", "Sub-account management"),
        Switch("p2p", "P2P"),
        Switch(WRITES, "Unified account: read and write"),
        Switch("uta_trade", "UTA trading"),
        Switch("uta_mgt", "UTA management"),
        Switch("withdraw", "Unified account: withdrawal"),
    ),
    most_addresses=30,
    need_addresses=frozenset({"wwow", "withdraw"}),
    words=PageWords(
        title="API Keys",
        edit="Edit API key",
        create="Create API Key",
        addresses="Bind IP",
        open="No address: the key works from anywhere",
        restricted="Only the addresses below",
        hint=say("Up to 30 IPv4 addresses, one per line."),
        warning="",
        boxes="Permissions",
        save="Confirm",
    ),
)

_WINDOW_MS = 30_000
_KEY_FORM = re.compile(r"bg_[0-9a-f]{32}", re.ASCII)
_STAMP_FORM = re.compile(r"[0-9]{13}", re.ASCII)
_MADE_UP_ACCOUNT_AGE = 900 * 86400.0


class Quirk(Enum):
    """What is odd about the answer for a key, or about its account."""

    UNIFIED = "unified"
    """The key of a unified account."""
    NEW_MODE = "new-mode"
    """The same, in a mode that is not documented."""
    LIST_IPS = "list-ips"
    """`ips` comes as a list, as it was seen, instead of a text."""
    NO_IPS = "no-ips"
    """The answer lacks `ips`."""
    OLD_WORDS = "old-words"
    """The two words of the documented example instead of codes."""
    DEMO = "demo"
    """Made in demo trading: refused at live."""


def _is_unified(key: KeyRecord) -> bool:
    return key.plan.quirk in (Quirk.UNIFIED, Quirk.NEW_MODE)


class _Refused(Exception):  # noqa: N818 - an answer on its way out
    """Bitget answers with an error."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


@dataclass(frozen=True)
class _Question:
    """A signed question: for which kind of account, and which right it needs (any of them)."""

    answer: Callable[[KeyRecord, int], object]
    unified: bool
    needs: Set[str] = frozenset()
    need: str = ""


_SPOT_READ = ({"stor", "stow"}, "spot read")


class BitgetSite:
    """One server of the practice Bitget. `clock` is in seconds, `egress` what it sees callers as."""

    name = "bitget"

    def __init__(
        self, registry: Registry, clock: Callable[[], float], egress: Callable[[], str]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._egress = egress
        self._signed = {
            "/api/v3/account/info": _Question(_unified_info, unified=True),
            "/api/v3/account/assets": _Question(
                _unified_assets, True, {"uta_mgt"}, "UTA mgt. read"
            ),
            "/api/v2/spot/account/info": _Question(_classic_info, False, *_SPOT_READ),
            "/api/v2/spot/account/assets": _Question(_spot_assets, False, *_SPOT_READ),
            "/api/v2/account/all-account-balance": _Question(_all_balances, False, *_SPOT_READ),
        }

    def now(self) -> float:
        """Server time in seconds since 1970 UTC."""
        return self._clock()

    def answer(self, request: Request) -> Answer:
        """Answer like Bitget."""
        now_ms = int(self.now() * 1000)
        try:
            return _body("00000", "success", now_ms, self._data(request, now_ms))
        except _Refused as refused:
            return _body(refused.code, refused.message, now_ms, None, refused.status)

    def _data(self, request: Request, now_ms: int) -> object:
        question = self._signed.get(request.path)
        is_time = request.path == "/api/v2/public/time"
        if question is None and not is_time:
            raise _Refused("40404", "Request URL NOT FOUND", 404)
        if request.method != "GET":
            raise _Refused("405", f"Request method '{request.method}' not supported", 405)
        if question is None:
            return {"serverTime": str(now_ms)}
        key = self._admitted(request, now_ms)
        _check_question(key, question)
        return question.answer(key, now_ms)

    def _admitted(self, request: Request, now_ms: int) -> KeyRecord:
        """The key that asks. Raises _Refused."""
        api_key, signature, stamp, passphrase = _headers(request)
        key = self._known(api_key, request)
        _check_time(stamp, now_ms)
        address = seen_address(key, self._egress())
        if not lets_in(key.state, address):
            raise _Refused("40018", f"invalid ip,current request ip {address}")
        if not secrets.compare_digest(passphrase.encode(), (key.passphrase or "").encode()):
            raise _Refused("40012", "apikey/password is incorrect")
        # Values are signed as they are, and percent-encoded only on their way.
        query = f"?{unquote(request.query)}" if request.query else ""
        signed = f"{stamp}{request.method}{request.path}{query}".encode() + request.body
        matches = rsa_matches if key.kind is KeyKind.RSA else hmac_base64_matches
        if not matches(key.known_secret(), signed, signature):
            raise _Refused("40009", "sign signature error")
        return key

    def _known(self, api_key: str, request: Request) -> KeyRecord:
        key = self._registry.find(api_key) if _KEY_FORM.fullmatch(api_key) else None
        if key is None:
            raise _Refused("40006", "Invalid ACCESS_KEY")
        made_in_demo = key.plan.quirk is Quirk.DEMO
        if made_in_demo != (request.headers.get("paptrading") == "1"):
            raise _Refused("40099", "exchange environment is incorrect")
        return key


def _body(code: str, message: str, now_ms: int, data: object, status: int = 200) -> Answer:
    return json_answer({"code": code, "msg": message, "requestTime": now_ms, "data": data}, status)


def _headers(request: Request) -> tuple[str, str, str, str]:
    """Key, signature, time and passphrase. Raises _Refused for the first that is missing."""
    found = []
    for code, name, message in (
        ("40001", "access-key", "ACCESS_KEY cannot be empty"),
        ("40002", "access-sign", "ACCESS_SIGN cannot be empty"),
        ("40005", "access-timestamp", "Invalid ACCESS_TIMESTAMP"),
        ("40011", "access-passphrase", "ACCESS_PASSPHRASE cannot be empty"),
    ):
        value = request.headers.get(name, "")
        if not value:
            raise _Refused(code, message)
        found.append(value)
    return found[0], found[1], found[2], found[3]


def _check_time(stamp: str, now_ms: int) -> None:
    if not _STAMP_FORM.fullmatch(stamp):
        raise _Refused("40005", "Invalid ACCESS_TIMESTAMP")
    if abs(int(stamp) - now_ms) > _WINDOW_MS:
        raise _Refused("40008", "Request timestamp expired")


def _check_question(key: KeyRecord, question: _Question) -> None:
    """Raises _Refused for the other kind of account, and for a missing right."""
    if question.unified and not _is_unified(key):
        message = (
            "You are in Classic Account mode, and the Unified Account API is not supported at "
            "this time"
        )
        raise _Refused("40084", message)
    if _is_unified(key) and not question.unified:
        message = (
            "You are in Unified Account mode, and the Classic Account API is not supported at "
            "this time"
        )
        raise _Refused("40085", message)
    if question.needs and not question.needs & key.state.switches:
        raise _Refused("40014", f"Incorrect permissions, need {question.need} permissions")


def _account(key: KeyRecord, now_ms: int) -> dict[str, object]:
    """What both kinds of account tell in the same fields."""
    addresses: list[str] = list(key.state.addresses) if key.state.restricted else []
    fields: dict[str, object] = {
        "userId": str(key.uid),
        "inviterId": "",
        "channelCode": "",
        "channel": "",
        "ips": addresses if key.plan.quirk is Quirk.LIST_IPS else ",".join(addresses),
        "regisTime": str(int(now_ms - _MADE_UP_ACCOUNT_AGE * 1000)),
    }
    if key.plan.quirk is Quirk.NO_IPS:
        del fields["ips"]
    return fields


def _classic_info(key: KeyRecord, now_ms: int) -> object:
    """`GET /api/v2/spot/account/info`."""
    codes = sorted(key.state.switches - _UNIFIED_WORDS - {WRITES})
    old = key.plan.quirk is Quirk.OLD_WORDS
    return {
        **_account(key, now_ms),
        "authorities": ["trade", "readonly"] if old else codes,
        "parentId": key.uid + 1 if key.plan.sub_account else 0,
        "traderType": "not_trader",
    }


def _unified_info(key: KeyRecord, now_ms: int) -> object:
    """`GET /api/v3/account/info`."""
    mode = WRITES if WRITES in key.state.switches else "read-only"
    return {
        **_account(key, now_ms),
        "parentId": str(key.uid + 1) if key.plan.sub_account else "",
        "permType": "trade-only" if key.plan.quirk is Quirk.NEW_MODE else mode,
        "permissions": sorted(key.state.switches & _UNIFIED_WORDS),
    }


def _spot_assets(key: KeyRecord, now_ms: int) -> object:
    """`GET /api/v2/spot/account/assets`."""
    asset = {"coin": "USDT", "available": "1250", "frozen": "0", "locked": "0"}
    return [{**asset, "limitAvailable": "0", "uTime": str(now_ms)}]


def _all_balances(key: KeyRecord, now_ms: int) -> object:
    """`GET /api/v2/account/all-account-balance`."""
    return [{"accountType": "spot", "usdtBalance": "1250"}]


def _unified_assets(key: KeyRecord, now_ms: int) -> object:
    """`GET /api/v3/account/assets`, shortened to one coin."""
    coin = {"coin": "USDT", "equity": "1250", "usdValue": "1250", "balance": "1250"}
    coin |= {"available": "1250", "debt": "0", "locked": "0"}
    return {"accountEquity": "1250", "usdtEquity": "1250", "assets": [coin]}


def _state(home: str | None, *switches: str) -> KeyState:
    return KeyState(home is not None, () if home is None else (home,), frozenset(switches))


_SPOT = ("stor", "stow")


def cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    """All keys. `home` is the address that this computer pretends to have, `away` another one."""
    behind = troubled(_state(home, *_SPOT), SPECIFIC, changed=_CHANGED)
    return (*_good(home), *_weak(home), *_bad(home), *_refused(home, away), *_odd(home), *behind)


_CHANGED: dict[Trait, Trouble] = {
    Trait.RATE_LIMITED: (
        Light.GREY,
        "rate-limited",
        say("Too many requests: the exchange asks for a pause and does not say how long."),
    ),
}


def _good(home: str) -> tuple[KeyPlan, ...]:
    return (
        KeyPlan(
            "safe-spot",
            say("A spot bot's key on a classic account: locked here, no way to move money."),
            _state(home, *_SPOT),
            Light.GREEN,
        ),
        KeyPlan(
            "safe-futures",
            say("A futures bot's key: orders and holdings, locked to this address."),
            _state(home, "stor", "coow", "cpow"),
            Light.GREEN,
            purpose=Purpose.FUTURES,
            quirk=Quirk.LIST_IPS,
        ),
        KeyPlan(
            "safe-watch",
            say("A key that can only read, locked to this address."),
            _state(home, "stor", "coor"),
            Light.GREEN,
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "safe-unified",
            say("A spot bot's key on a unified account, where one right covers all markets."),
            _state(home, WRITES, "uta_trade"),
            Light.GREEN,
            quirk=Quirk.UNIFIED,
            sub_account=True,
        ),
        KeyPlan(
            "safe-rsa",
            say("As safe-spot, with an RSA key pair that its owner made."),
            _state(home, *_SPOT),
            Light.GREEN,
            kind=KeyKind.RSA,
        ),
    )


def _weak(home: str) -> tuple[KeyPlan, ...]:
    return (
        KeyPlan(
            "watch-no-whitelist",
            say("It can only read, but from anywhere."),
            _state(None, "stor"),
            Light.AMBER,
            "whitelist-off",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "more-than-purpose",
            say("Meant for a spot bot, but futures are ticked too."),
            _state(home, *_SPOT, "coow"),
            Light.AMBER,
            "more-than-purpose",
        ),
        KeyPlan(
            "less-than-purpose",
            say("Meant for a spot bot, but trading is not ticked."),
            _state(home, "stor"),
            Light.AMBER,
            "less-than-purpose",
        ),
        KeyPlan(
            "read-only-as-a-whole",
            say("Trading is ticked on this unified key, but the key was made read-only."),
            _state(home, "uta_trade"),
            Light.AMBER,
            "less-than-purpose",
            quirk=Quirk.UNIFIED,
        ),
    )


def _bad(home: str) -> tuple[KeyPlan, ...]:
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
            _state(home, *_SPOT, "wwow"),
            Light.RED,
            "withdraw-on",
        ),
        KeyPlan(
            "transfer-on",
            say("It can move money between wallets, which a spot bot never needs."),
            _state(home, *_SPOT, "wtow"),
            Light.RED,
            "transfer-on",
        ),
        KeyPlan(
            "manages-account",
            say("On a unified account the management right can make keys and move money."),
            _state(home, WRITES, "uta_trade", "uta_mgt"),
            Light.RED,
            "key-management-on",
            quirk=Quirk.UNIFIED,
        ),
    )


def _refused(home: str, away: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        KeyPlan(
            "wrong-address",
            say("Locked to another address than the one this computer has."),
            _state(away, *_SPOT),
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
            "wrong-secret",
            say("The secret belongs to another key."),
            spot,
            Light.RED,
            "signature-wrong",
            right_secret=False,
        ),
        KeyPlan(
            "wrong-passphrase",
            say("The passphrase is that of the login, not of the key."),
            spot,
            Light.RED,
            "passphrase-wrong",
            right_passphrase=False,
        ),
        KeyPlan(
            "futures-only",
            say("Only futures are ticked: the exchange tells its rights to keys that read spot."),
            _state(home, "coow", "cpow"),
            Light.GREY,
            "permission-missing",
            purpose=Purpose.FUTURES,
        ),
        KeyPlan(
            "demo-key",
            say("A key of demo trading, used at live."),
            spot,
            Light.GREY,
            "wrong-environment",
            quirk=Quirk.DEMO,
        ),
    )


def _odd(home: str) -> tuple[KeyPlan, ...]:
    return (
        KeyPlan(
            "unknown-permission",
            say("A permission is on that is newer than this program."),
            _state(home, *_SPOT, "nftw"),
            Light.GREY,
            "unknown-permission-on",
        ),
        KeyPlan(
            "missing-field",
            say("The exchange's answer leaves out whether addresses are bound."),
            _state(home, *_SPOT),
            Light.GREY,
            "whitelist-off",
            quirk=Quirk.NO_IPS,
        ),
        KeyPlan(
            "old-words",
            say("The exchange answers in old words, which say nothing about withdrawals."),
            _state(home, *_SPOT),
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.OLD_WORDS,
        ),
        KeyPlan(
            "unknown-mode",
            say("The unified key is in a mode that is newer than this program."),
            _state(home, WRITES, "uta_trade"),
            Light.GREY,
            "less-than-purpose",
            quirk=Quirk.NEW_MODE,
        ),
    )


def _fault(code: str, message: str, status: int = 400) -> Callable[[Request, float], Answer]:
    return lambda request, now: _body(code, message, int(now * 1000), None, status)


FAULTS: ServerFaults = {
    Trait.MAINTENANCE: _fault("40200", "Server upgrade, please try again later"),
    Trait.FIREWALL: lambda request, now: html_answer(
        "<html><head><title>Access denied</title></head></html>", 403
    ),
    Trait.REGION: _fault(
        "40103",
        "based on your IP address , it appears that you are located in a country or region where "
        "we are currently unable to provide services.",
    ),
    Trait.RATE_LIMITED: _fault("429", "Too Many Requests", 429),
}

PRACTICE = PracticeExchange(
    id="bitget",
    name="Bitget",
    rules=RULES,
    cast=cast,
    site=BitgetSite,
    faults=FAULTS,
    new_api_key=lambda: "bg_" + random_hex(32),
    is_signed=lambda request: "access-sign" in request.headers,
    new_passphrase=lambda: random_text(12),
    make_credential=hmac_credential(lambda: random_hex(64)),
)
