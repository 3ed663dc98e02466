"""The practice HTX: the same paths, queries, bodies and refusals as the real one.

Sources, read 2026-11-20: www.htx.com/en-us/opend ("Authentication", "API key query", "Get UID",
"Error Code"), github.com/huobiapi/docs (FAQ), and for the words of the refusals
HuobiRDCenter/huobi_Python#110, ccxt/ccxt#25931, #9189, #16319 and ccxt's table. The order of the
checks is not documented. Here it is: key known, time, address, signature, permission.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import parse_qsl, quote

from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import say
from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.keys import KeyPlan, KeyState, hmac_credential, random_hex
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
from latchlight.practice.signatures import ed25519_matches, hmac_base64_matches
from latchlight.practice.traits import ServerFaults, Trait
from latchlight.practice.troubles import SPECIFIC, troubled

RULES = HouseRules(
    switches=(
        Switch("readOnly", "Read-only"),
        Switch("trade", "Trade"),
        Switch("withdraw", "Withdraw"),
    ),
    most_addresses=20,
    need_addresses=frozenset(),
    words=PageWords(
        title="API Management",
        edit="Edit",
        create="Create",
        addresses="Link IP address",
        open="No address: the key works from anywhere",
        restricted="Only the addresses below",
        hint=say("Up to 20 addresses or IPv4 ranges, one per line."),
        warning="A key that is not linked with an address and can trade or withdraw is deactivated "
        "after 90 days of inactivity.",
        boxes="Permissions",
        save="Confirm",
    ),
    ranges=True,
    ipv6=True,
)

_WINDOW_SECONDS = 60.0
"""The FAQ's; the chapter on signatures says five minutes."""
_DAY = 86400.0
_UNLISTED_DAYS = 90
_STAMP = "%Y-%m-%dT%H:%M:%S"
_STAMP_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_BALANCE = re.compile(r"/v1/account/accounts/(\d{1,18})/balance", re.ASCII)
_METHODS = {KeyKind.HMAC: "HmacSHA256", KeyKind.ED25519: "Ed25519"}
_ACCESS_KEY = "Incorrect Access key [Access key\u9519\u8bef]"
_TIME = (
    "Invalid submission time or incorrect time format "
    "[\u65e0\u6548\u7684\u63d0\u4ea4\u65f6\u95f4\uff0c\u6216\u65f6\u95f4\u683c\u5f0f\u9519\u8bef]"
)
_ADDRESS = "Incorrect IP address [IP\u5730\u5740\u9519\u8bef]:{address}"
_SIGNATURE = "Verification failure [\u6821\u9a8c\u5931\u8d25]"
_PERMISSION = "API key has no permission [API Key\u6ca1\u6709\u6743\u9650]"


class Quirk(Enum):
    """What is odd about the answer for a key, on purpose."""

    NO_PERMISSION = "no-permission"
    """The answer lacks `permission`."""
    LIST_PERMISSION = "list-permission"
    """`permission` comes as a list instead of text."""
    NO_ADDRESSES = "no-addresses"
    """The answer lacks `ipAddresses`, on a key that has some."""
    EXPIRED = "expired"


class _Refused(Exception):  # noqa: N818 - an answer on its way out
    """The gate is closed. `text` is what the older family says, the newer one only the rest."""

    def __init__(self, text: str, code: int = 1003, message: str = "invalid signature") -> None:
        super().__init__(code)
        self.text = text
        self.newer = {"code": code, "message": message}

    def answer(self, path: str) -> Answer:
        """The refusal in the words of the path's family."""
        if path.startswith("/v2/"):
            return json_answer(self.newer)
        return _error("api-signature-not-valid", f"Signature not valid: {self.text}")


def _error(code: str, message: str, status: int = 200) -> Answer:
    body = {"status": "error", "err-code": code, "err-msg": message, "data": None}
    return json_answer(body, status)


def _good(data: object) -> Answer:
    return json_answer({"status": "ok", "data": data})


def _good_newer(data: object) -> Answer:
    return json_answer({"code": 200, "data": data})


class HtxSite:
    """One server of the practice HTX. `clock` is in seconds, `egress` what it sees callers as."""

    name = "htx"

    def __init__(
        self, registry: Registry, clock: Callable[[], float], egress: Callable[[], str]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._egress = egress
        self._public: dict[str, Callable[[], Answer]] = {
            "/v1/common/timestamp": lambda: _good(int(self.now() * 1000)),
            "/v2/market-status": lambda: _good_newer({"marketStatus": 1}),
        }

    def now(self) -> float:
        """Server time in seconds since 1970 UTC."""
        return self._clock()

    def answer(self, request: Request) -> Answer:
        """Answer like HTX."""
        path = request.path
        if request.method != "GET" or not (path in self._public or _is_signed_path(path)):
            # By the FAQ for a path that does not exist, too.
            return _error("method-not-allowed", "Method not allowed", 405)
        if request.body:
            return Answer(403)
        if path in self._public:
            return self._public[path]()
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        try:
            key = self._admitted(request, query)
        except _Refused as refused:
            return refused.answer(path)
        return self._private(path, key, query)

    def _private(self, path: str, key: KeyRecord, query: dict[str, str]) -> Answer:
        if path == "/v2/user/uid":
            return _good_newer(key.uid)
        if path == "/v2/user/api-key":
            return _key_query(key, query, self.now())
        spot = {"id": key.uid + 1, "type": "spot", "subtype": "", "state": "working"}
        account = _BALANCE.fullmatch(path)
        if account is None:
            return _good([spot])
        if int(account[1]) != spot["id"]:
            return _error("account-get-accounts-inexistent-error", "account does not exist")
        return _good({**spot, "list": _BALANCES})

    def _admitted(self, request: Request, query: dict[str, str]) -> KeyRecord:
        """The key that may make this call. Raises _Refused."""
        key = self._registry.find(query.get("AccessKeyId", ""))
        if key is None:
            raise _Refused(_ACCESS_KEY)
        self._check_time(query.get("Timestamp", ""))
        address = seen_address(key, self._egress())
        if not lets_in(key.state, address):
            raise _Refused(_ADDRESS.format(address=address))
        if not _signature_matches(key, request, query):
            raise _Refused(_SIGNATURE)
        if "readOnly" not in key.state.switches:
            raise _Refused(_PERMISSION, 1002, "forbidden")
        return key

    def _check_time(self, stamp: str) -> None:
        if not _STAMP_FORM.fullmatch(stamp):
            raise _Refused(_TIME)
        try:
            moment = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            raise _Refused(_TIME) from None
        if abs(moment.timestamp() - self.now()) > _WINDOW_SECONDS:
            raise _Refused(_TIME)


def _is_signed_path(path: str) -> bool:
    known = path in ("/v2/user/uid", "/v2/user/api-key", "/v1/account/accounts")
    return known or _BALANCE.fullmatch(path) is not None


def _signature_matches(key: KeyRecord, request: Request, query: dict[str, str]) -> bool:
    """Whether method, host, path and sorted parameters were signed in the key's own way."""
    method, version = query.get("SignatureMethod"), query.get("SignatureVersion")
    if (method, version) != (_METHODS[key.kind], "2"):
        return False
    pairs = parse_qsl(request.query, keep_blank_values=True)
    sent = sorted(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in pairs if n != "Signature")
    host = request.headers.get("host", "").lower()
    payload = "\n".join((request.method, host, request.path, "&".join(sent))).encode()
    matches = ed25519_matches if key.kind is KeyKind.ED25519 else hmac_base64_matches
    return matches(key.known_secret(), payload, query.get("Signature", ""))


def _key_query(key: KeyRecord, query: dict[str, str], now: float) -> Answer:
    """`GET /v2/user/api-key`. Without `accessKey` it is every key of the account: here one."""
    if key.plan.sub_account:
        return Answer(403)
    if not _NUMBER.fullmatch(query.get("uid", "")):
        return json_answer({"code": 2002, "message": "invalid field value in `uid`"})
    if int(query["uid"]) != key.uid:
        return json_answer({"code": 1002, "message": "forbidden"})
    asked = query.get("accessKey", key.api_key)
    return _good_newer([_entry(key, now)] if asked == key.api_key else [])


def _entry(key: KeyRecord, now: float) -> dict[str, object]:
    created = int(key.created * 1000)
    order = {switch.field: number for number, switch in enumerate(RULES.switches)}
    words = sorted(key.state.switches, key=lambda word: (order.get(word, len(order)), word))
    fields: dict[str, object] = {
        "accessKey": key.api_key,
        "status": "normal",
        "note": key.name,
        "permission": ",".join(words),
        "ipAddresses": ",".join(key.state.addresses) if key.state.restricted else "",
        "validDays": _valid_days(key, now),
        "createTime": created,
        "updateTime": created,
    }
    match key.plan.quirk:
        case Quirk.NO_PERMISSION:
            del fields["permission"]
        case Quirk.LIST_PERMISSION:
            fields["permission"] = words
        case Quirk.NO_ADDRESSES:
            del fields["ipAddresses"]
        case Quirk.EXPIRED:
            fields["status"] = "expired"
    return fields


def _valid_days(key: KeyRecord, now: float) -> int:
    """-1 for no end. A key that has just been used has all of its days left, if not told otherwise."""
    if key.state.restricted:
        return -1
    return _UNLISTED_DAYS if key.ends is None else max(math.ceil((key.ends - now) / _DAY), 0)


_BALANCES = [
    {"currency": "usdt", "type": "trade", "balance": "1250.00", "seq-num": "477"},
    {"currency": "usdt", "type": "frozen", "balance": "0", "seq-num": "477"},
]


def _state(home: str | None, *switches: str) -> KeyState:
    return KeyState(home is not None, () if home is None else (home,), frozenset(switches))


_WATCH, _SPOT = ("readOnly",), ("readOnly", "trade")


def cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    """All keys. `home` is the address that this computer pretends to have, `away` another one."""
    watch = _state(home, *_WATCH)
    behind_traits = troubled(watch, SPECIFIC, purpose=Purpose.WATCH)
    return (*_good_keys(home), *_weak_keys(home, away), *_odd_keys(home), *behind_traits)


def _good_keys(home: str) -> tuple[KeyPlan, ...]:
    watch, spot = _state(home, *_WATCH), _state(home, *_SPOT)
    return (
        KeyPlan(
            "safe-watch",
            say("A key that can only read, locked to this address."),
            watch,
            Light.GREEN,
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "safe-ed25519",
            say("As safe-watch, with an Ed25519 key pair."),
            watch,
            Light.GREEN,
            kind=KeyKind.ED25519,
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "safe-spot",
            say(
                "A spot bot's key, as good as they get: its right to trade reaches sub-users' keys."
            ),
            spot,
            Light.AMBER,
            "key-management-on",
        ),
        KeyPlan(
            "safe-futures",
            say("A futures bot's key: the same right to trade, locked to this address."),
            spot,
            Light.AMBER,
            "key-management-on",
            purpose=Purpose.FUTURES,
        ),
        KeyPlan(
            "watch-no-whitelist",
            say("It can only read, but from anywhere."),
            _state(None, *_WATCH),
            Light.AMBER,
            "whitelist-off",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "ends-soon",
            say("It has no list, and will be deactivated in five days."),
            _state(None, *_WATCH),
            Light.AMBER,
            "expires-soon",
            purpose=Purpose.WATCH,
            ends_in_days=5,
        ),
        KeyPlan(
            "old-key",
            say("Locked and harmless, but made long ago."),
            watch,
            Light.AMBER,
            "key-old",
            purpose=Purpose.WATCH,
            age_days=400,
        ),
        KeyPlan(
            "less-than-purpose",
            say("Meant for a spot bot, but trading is switched off."),
            watch,
            Light.AMBER,
            "less-than-purpose",
        ),
        KeyPlan(
            "wide-range",
            say("Its list holds this address, and 1,023 others with it."),
            KeyState(True, (_range_around(home),), frozenset(_WATCH)),
            Light.AMBER,
            "whitelist-too-wide",
            purpose=Purpose.WATCH,
        ),
    )


def _range_around(home: str) -> str:
    first, second, third, _ = home.split(".")
    return f"{first}.{second}.{int(third) & ~3}.0/22"


def _weak_keys(home: str, away: str) -> tuple[KeyPlan, ...]:
    spot = _state(home, *_SPOT)
    return (
        KeyPlan(
            "more-than-purpose",
            say("Meant to watch only, but it may trade."),
            spot,
            Light.RED,
            "transfer-on",
            purpose=Purpose.WATCH,
        ),
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
            "deleted-key",
            say("The exchange does not know this key."),
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
    )


def _odd_keys(home: str) -> tuple[KeyPlan, ...]:
    watch, spot = _state(home, *_WATCH), _state(home, *_SPOT)
    return (
        KeyPlan(
            "sub-user",
            say("A sub-user's key: it may not ask for its own rights."),
            spot,
            Light.GREY,
            "permission-missing",
            sub_account=True,
        ),
        KeyPlan(
            "expired-key",
            say("The exchange reports this key as expired."),
            spot,
            Light.GREY,
            "key-frozen",
            quirk=Quirk.EXPIRED,
        ),
        KeyPlan(
            "unknown-permission",
            say("A permission is on that is newer than this program."),
            _state(home, *_WATCH, "loan"),
            Light.GREY,
            "unknown-permission-on",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "missing-field",
            say("The exchange's answer leaves out what the key may do."),
            watch,
            Light.GREY,
            "withdraw-on",
            purpose=Purpose.WATCH,
            quirk=Quirk.NO_PERMISSION,
        ),
        KeyPlan(
            "list-for-text",
            say("The exchange's answer lists the rights in a form that is not documented."),
            watch,
            Light.GREY,
            "withdraw-on",
            purpose=Purpose.WATCH,
            quirk=Quirk.LIST_PERMISSION,
        ),
        KeyPlan(
            "no-addresses",
            say("The exchange's answer leaves out the list of a key that has one."),
            watch,
            Light.GREY,
            "whitelist-off",
            purpose=Purpose.WATCH,
            quirk=Quirk.NO_ADDRESSES,
        ),
    )


def _maintenance(request: Request, now: float) -> Answer:
    return _error("system-maintenance", "System is in maintenance!")


def _firewall(request: Request, now: float) -> Answer:
    return html_answer("<html><head><title>Attention required</title></head></html>", 403)


def _region(request: Request, now: float) -> Answer:
    # No words of HTX's own are known for this.
    return html_answer("<html><head><title>Unavailable</title></head></html>", 451)


def _rate_limited(request: Request, now: float) -> Answer:
    answer = _error("rate-too-many-requests", "exceeded rate limit", 429)
    return Answer(answer.status, answer.body, answer.content_type, (("Retry-After", "30"),))


FAULTS: ServerFaults = {
    Trait.MAINTENANCE: _maintenance,
    Trait.FIREWALL: _firewall,
    Trait.REGION: _region,
    Trait.RATE_LIMITED: _rate_limited,
}


def new_api_key() -> str:
    """Four groups of 8, 10, 8 and 5."""
    return _in_groups(8, 10, 8, 5)


def _in_groups(*lengths: int) -> str:
    return "-".join(random_hex(length) for length in lengths)


PRACTICE = PracticeExchange(
    id="htx",
    name="HTX",
    rules=RULES,
    cast=cast,
    site=HtxSite,
    faults=FAULTS,
    new_api_key=new_api_key,
    is_signed=lambda request: "Signature=" in request.query,
    make_credential=hmac_credential(lambda: _in_groups(8, 8, 8, 5)),
)
