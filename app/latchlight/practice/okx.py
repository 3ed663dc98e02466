"""The practice OKX: the same paths, headers, bodies and refusals as the real one.

Sources, read 2026-11-20: www.okx.com/docs-v5 ("REST Authentication", "Error Code", "Get account
configuration"). The real order of the checks is not documented. Here it is: headers, key known,
time, address, passphrase, signature, permission.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum

from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import say
from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.keys import (
    KeyPlan,
    KeyState,
    hmac_credential,
    random_hex,
    random_text,
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
from latchlight.practice.signatures import hmac_base64_matches
from latchlight.practice.traits import ServerFaults, Trait
from latchlight.practice.troubles import SPECIFIC, troubled

RULES = HouseRules(
    switches=(
        Switch("read_only", "Read"),
        Switch("trade", "Trade"),
        Switch("withdraw", "Withdraw"),
    ),
    most_addresses=20,
    need_addresses=frozenset(),
    words=PageWords(
        title="API keys",
        edit="Edit API key",
        create="Create API key",
        addresses="IP address allowlist",
        open="No address: the key works from anywhere",
        restricted="Only the addresses below",
        hint=say("Up to 20 addresses or ranges, one per line."),
        warning="API keys with Trade or Withdraw that are not linked to an address expire after "
        "14 days of inactivity.",
        boxes="Permissions",
        save="Confirm",
    ),
    ranges=True,
    ipv6=True,
)

_WINDOW_SECONDS = 30.0
_KEY_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_STAMP_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


class Quirk(Enum):
    """What is odd about the answer for a key, on purpose."""

    NO_PERM = "no-perm"
    """The answer lacks `perm`."""
    LIST_PERM = "list-perm"
    """`perm` comes as a list instead of text."""
    DEMO = "demo"
    """Made in demo trading: refused at live."""
    FROZEN = "frozen"


class _Refused(Exception):  # noqa: N818 - an answer on its way out
    """OKX answers with an error. `answer` is what is sent."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.answer = _error(status, code, message)


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer({"msg": message, "code": code}, status)


def _good(*data: object) -> Answer:
    return json_answer({"code": "0", "data": list(data), "msg": ""})


class OkxSite:
    """One server of the practice OKX. `clock` is in seconds, `egress` what it sees callers as."""

    name = "okx"

    def __init__(
        self, registry: Registry, clock: Callable[[], float], egress: Callable[[], str]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._egress = egress
        self._public: dict[str, Callable[[], Answer]] = {
            "/api/v5/public/time": lambda: _good({"ts": str(int(self.now() * 1000))}),
            "/api/v5/system/status": lambda: _good(),
        }
        self._signed: dict[str, Callable[[KeyRecord], Answer]] = {
            "/api/v5/account/config": _config,
            "/api/v5/account/balance": lambda key: _balance(self.now()),
            "/api/v5/asset/balances": lambda key: _good(),
            "/api/v5/account/positions": lambda key: _good(),
        }

    def now(self) -> float:
        """Server time in seconds since 1970 UTC."""
        return self._clock()

    def answer(self, request: Request) -> Answer:
        """Answer like OKX."""
        path = request.path
        if path not in self._public and path not in self._signed:
            return _error(404, "404", "Not Found")
        if request.method != "GET":
            return _error(405, "50115", "Invalid request method.")
        if path in self._public:
            return self._public[path]()
        try:
            return self._signed[path](self._admitted(request))
        except _Refused as refused:
            return refused.answer

    def _admitted(self, request: Request) -> KeyRecord:
        """The key that may make this call. Raises _Refused."""
        api_key, signature, stamp, passphrase = _headers(request)
        key = self._known(api_key, request)
        self._check_time(stamp)
        address = seen_address(key, self._egress())
        if not lets_in(key.state, address):
            message = f"Your IP {address} is not included in your API key's IP whitelist."
            raise _Refused(401, "50110", message)
        if not secrets.compare_digest(passphrase.encode(), (key.passphrase or "").encode()):
            raise _Refused(401, "50105", 'Request header "OK-ACCESS-PASSPHRASE" incorrect.')
        query = f"?{request.query}" if request.query else ""
        signed = f"{stamp}{request.method}{request.path}{query}".encode() + request.body
        if not hmac_base64_matches(key.known_secret(), signed, signature):
            raise _Refused(401, "50113", "Invalid Sign")
        if "read_only" not in key.state.switches:
            message = "This API key doesn't have permission to use this function"
            raise _Refused(200, "50120", message)
        return key

    def _known(self, api_key: str, request: Request) -> KeyRecord:
        if not _KEY_FORM.fullmatch(api_key):
            raise _Refused(401, "50111", "Invalid OK-ACCESS-KEY")
        key = self._registry.find(api_key)
        if key is None:
            raise _Refused(401, "50119", "API key doesn't exist")
        if key.plan.quirk is Quirk.FROZEN:
            raise _Refused(400, "50100", "API frozen, please contact customer service.")
        made_in_demo = key.plan.quirk is Quirk.DEMO
        if made_in_demo != (request.headers.get("x-simulated-trading") == "1"):
            raise _Refused(401, "50101", "APIKey does not match current environment.")
        return key

    def _check_time(self, stamp: str) -> None:
        if not _STAMP_FORM.fullmatch(stamp):
            raise _Refused(401, "50112", "Invalid OK-ACCESS-TIMESTAMP")
        try:
            moment = datetime.fromisoformat(stamp).astimezone(UTC)
        except ValueError:
            raise _Refused(401, "50112", "Invalid OK-ACCESS-TIMESTAMP") from None
        if abs(moment.timestamp() - self.now()) > _WINDOW_SECONDS:
            raise _Refused(401, "50102", "Timestamp request expired")


def _headers(request: Request) -> tuple[str, str, str, str]:
    """Key, signature, time and passphrase. Raises _Refused for the first that is missing."""
    found = []
    for code, name in (
        ("50103", "OK-ACCESS-KEY"),
        ("50106", "OK-ACCESS-SIGN"),
        ("50107", "OK-ACCESS-TIMESTAMP"),
        ("50104", "OK-ACCESS-PASSPHRASE"),
    ):
        value = request.headers.get(name.lower(), "")
        if not value:
            raise _Refused(401, code, f'Request header "{name}" cannot be empty.')
        found.append(value)
    return found[0], found[1], found[2], found[3]


def _config(key: KeyRecord) -> Answer:
    """`GET /api/v5/account/config`, shortened to what the documented example shows first."""
    uid = str(key.uid)
    fields: dict[str, object] = {
        "acctLv": "2",
        "autoLoan": False,
        "ctIsoMode": "automatic",
        "enableSpotBorrow": False,
        "feeType": "0",
        "greeksType": "PA",
        "ip": ",".join(key.state.addresses) if key.state.restricted else "",
        "kycLv": "3",
        "label": key.name,
        "level": "Lv1",
        "mainUid": f"{key.uid + 1}" if key.plan.sub_account else uid,
        "opAuth": "1",
        "perm": ",".join(sorted(key.state.switches)),
        "posMode": "long_short_mode",
        "roleType": "0",
        "settleCcy": "USDC",
        "type": "1" if key.plan.sub_account else "0",
        "uid": uid,
    }
    match key.plan.quirk:
        case Quirk.NO_PERM:
            del fields["perm"]
        case Quirk.LIST_PERM:
            fields["perm"] = sorted(key.state.switches)
    return _good(fields)


def _balance(now: float) -> Answer:
    stamp = str(int(now * 1000))
    detail = {"ccy": "USDT", "eq": "1250", "cashBal": "1250", "availBal": "1250", "frozenBal": "0"}
    detail |= {"uTime": stamp, "availEq": "1250"}
    return _good({"uTime": stamp, "totalEq": "1250", "details": [detail]})


def _state(home: str | None, *switches: str) -> KeyState:
    return KeyState(home is not None, () if home is None else (home,), frozenset(switches))


_SPOT = ("read_only", "trade")


def cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    """All keys. `home` is the address that this computer pretends to have, `away` another one."""
    spot = _state(home, *_SPOT)
    return (*_good_keys(home), *_weak_keys(home, away), *_odd_keys(home), *troubled(spot, SPECIFIC))


def _good_keys(home: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        KeyPlan(
            "safe-spot", say("A spot bot's key: locked here, no withdrawals."), spot, Light.GREEN
        ),
        KeyPlan(
            "safe-futures",
            say("A futures bot's key: the same right to trade, locked to this address."),
            spot,
            Light.GREEN,
            purpose=Purpose.FUTURES,
        ),
        KeyPlan(
            "safe-watch",
            say("A key that can only read, locked to this address."),
            _state(home, "read_only"),
            Light.GREEN,
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "safe-sub-account",
            say("As safe-spot, of a sub-account."),
            spot,
            Light.GREEN,
            sub_account=True,
        ),
        KeyPlan(
            "watch-no-whitelist",
            say("It can only read, but from anywhere."),
            _state(None, "read_only"),
            Light.AMBER,
            "whitelist-off",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "more-than-purpose",
            say("Meant to watch only, but it may trade."),
            _state(home, *_SPOT),
            Light.RED,
            "transfer-on",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "less-than-purpose",
            say("Meant for a spot bot, but trading is switched off."),
            _state(home, "read_only"),
            Light.AMBER,
            "less-than-purpose",
        ),
        KeyPlan(
            "wide-range",
            say("Its list holds this address, and 1,023 others with it."),
            KeyState(True, (_range_around(home),), frozenset(_SPOT)),
            Light.AMBER,
            "whitelist-too-wide",
        ),
    )


def _range_around(home: str) -> str:
    first, second, third, _ = home.split(".")
    return f"{first}.{second}.{int(third) & ~3}.0/22"


def _weak_keys(home: str, away: str) -> tuple[KeyPlan, ...]:
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
            _state(home, *_SPOT, "withdraw"),
            Light.RED,
            "withdraw-on",
        ),
        KeyPlan(
            "wrong-address",
            say("Locked to another address than the one this computer has."),
            _state(away, *_SPOT),
            Light.RED,
            "ip-not-whitelisted",
        ),
        KeyPlan(
            "ipv6-seen",
            say("The list holds the IPv4 address, but the exchange sees this computer's IPv6."),
            spot,
            Light.RED,
            "ip-not-whitelisted",
            seen_from="2001:db8::7",
        ),
        KeyPlan(
            "other-region",
            say("A key of OKX Europe: not known here, fine there."),
            spot,
            Light.RED,
            "key-unknown",
            elsewhere=True,
        ),
        KeyPlan(
            "deleted-key",
            say("The exchange does not know this key in any region."),
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
    )


def _odd_keys(home: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        KeyPlan(
            "demo-key",
            say("A key of demo trading, used at live."),
            spot,
            Light.GREY,
            "wrong-environment",
            quirk=Quirk.DEMO,
        ),
        KeyPlan(
            "frozen-key",
            say("The exchange has frozen this key."),
            spot,
            Light.GREY,
            "key-frozen",
            quirk=Quirk.FROZEN,
        ),
        KeyPlan(
            "unknown-permission",
            say("A permission is on that is newer than this program."),
            _state(home, *_SPOT, "loan"),
            Light.GREY,
            "unknown-permission-on",
        ),
        KeyPlan(
            "missing-field",
            say("The exchange's answer leaves out what the key may do."),
            spot,
            Light.GREY,
            "unreadable-answer",
            quirk=Quirk.NO_PERM,
        ),
        KeyPlan(
            "list-for-text",
            say("The exchange's answer lists the rights in a form that is not documented."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.LIST_PERM,
        ),
    )


def _maintenance(request: Request, now: float) -> Answer:
    return _error(503, "50001", "Service temporarily unavailable. Please try again later.")


def _firewall(request: Request, now: float) -> Answer:
    return html_answer("<html><head><title>Access denied</title></head></html>", 403)


def _region(request: Request, now: float) -> Answer | None:
    if "ok-access-key" not in request.headers:
        return None
    return _error(
        200, "50121", "You can't access our services through the IP address (203.0.113.7)"
    )


def _rate_limited(request: Request, now: float) -> Answer:
    answer = _error(429, "50011", "Too Many Requests")
    return Answer(answer.status, answer.body, answer.content_type, (("Retry-After", "30"),))


FAULTS: ServerFaults = {
    Trait.MAINTENANCE: _maintenance,
    Trait.FIREWALL: _firewall,
    Trait.REGION: _region,
    Trait.RATE_LIMITED: _rate_limited,
}


def new_api_key() -> str:
    """Thirty-six characters in five groups."""
    digits = random_hex(32)
    groups = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(groups)


PRACTICE = PracticeExchange(
    id="okx",
    name="OKX",
    rules=RULES,
    cast=cast,
    site=OkxSite,
    faults=FAULTS,
    new_api_key=new_api_key,
    is_signed=lambda request: "ok-access-sign" in request.headers,
    new_passphrase=lambda: random_text(12) + "_1",
    make_credential=hmac_credential(lambda: random_hex(32).upper()),
    other_host="OKX Europe",
)
