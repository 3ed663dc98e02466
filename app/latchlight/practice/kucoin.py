"""The practice KuCoin: the same paths, headers, bodies and refusals as the real one.

Sources, read 2026-11-20: www.kucoin.com/docs-new ("Authentication", "Get Apikey Info", "Error Code",
"Rate Limit"); statuses and texts of refusals also from answers that users posted. The real order of
the checks is not documented. Here it is: headers, time, key known, version, address, signature,
passphrase, permission.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from threading import Lock
from urllib.parse import unquote

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
        Switch("General", "General"),
        Switch("Spot", "Spot"),
        Switch("Margin", "Margin"),
        Switch("Futures", "Futures"),
        Switch("Earn", "Earn"),
        Switch("Transfer", "Withdrawal"),
        Switch("InnerTransfer", "FlexTransfers"),
        Switch("Payments", "Payments"),
    ),
    most_addresses=20,
    need_addresses=frozenset({"Transfer", "InnerTransfer"}),
    words=PageWords(
        title="API Management",
        edit="Edit",
        create="Create API",
        addresses="IP restriction",
        open="No",
        restricted="Yes",
        hint=say("Up to 20 IPv4 addresses, one per line."),
        warning="A key that can trade and has no IP restriction is deleted, or loses its right to "
        "trade, after 30 days without use.",
        boxes="API permissions",
        save="Confirm",
    ),
)
"""Labels of the documents; "Payments" is a right that nobody has documented, to try with."""

_WINDOW_MS = 5000
_POOL = 2000
_POOL_MS = 30_000
_WEIGHTS = {"/api/v1/user/api-key": 20, "/api/v1/timestamp": 3}
_HEADERS = ("kc-api-key", "kc-api-sign", "kc-api-timestamp", "kc-api-passphrase")


class Quirk(Enum):
    """What is odd about the answer for a key, on purpose."""

    OLD_GENERATION = "old-generation"
    """Made before generation 3: refused."""
    NO_MASTER = "no-master"
    """The answer leaves out whether it is a key of the main account."""
    NULL_LIST = "null-list"
    """`ipWhitelist` is null, which is no documented form."""


class _Refused(Exception):  # noqa: N818 - an answer on its way out
    """KuCoin answers with an error. `answer` is what is sent."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.answer = _error(status, code, message)


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer({"code": code, "msg": message}, status)


def _good(data: object) -> Answer:
    return json_answer({"code": "200000", "data": data})


class KucoinSite:
    """One server of the practice KuCoin. `clock` is in seconds, `egress` what it sees callers as."""

    name = "kucoin"

    def __init__(
        self, registry: Registry, clock: Callable[[], float], egress: Callable[[], str]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._egress = egress
        self._pool = _Pool()
        self._public: dict[str, Callable[[], Answer]] = {
            "/api/v1/timestamp": lambda: _good(self._now_ms()),
            "/api/v1/status": lambda: _good({"status": "open", "msg": ""}),
            "/api/v1/my-ip": lambda: _good(_masked_twice(self._egress())),
        }
        self._signed: dict[str, Callable[[KeyRecord], Answer]] = {
            "/api/v1/user/api-key": _key_info,
            "/api/v1/accounts": lambda key: _good(_ACCOUNTS),
            "/api/v1/hf/accounts/opened": lambda key: _good(True),
            "/api/ua/v1/account/mode": lambda key: _good({"selfAccountMode": "CLASSIC"}),
        }

    def now(self) -> float:
        """Server time in seconds since 1970 UTC."""
        return self._clock()

    def answer(self, request: Request) -> Answer:
        """Answer like KuCoin."""
        answer = self._unmetered(request)
        left, reset = self._pool.take(_WEIGHTS.get(request.path, 2), self._now_ms())
        metered = (
            ("gw-ratelimit-limit", str(_POOL)),
            ("gw-ratelimit-remaining", str(left)),
            ("gw-ratelimit-reset", str(reset)),
        )
        return replace(answer, headers=(*answer.headers, *metered))

    def _unmetered(self, request: Request) -> Answer:
        path = request.path
        if path not in self._public and path not in self._signed:
            return _error(404, "404000", "Url Not Found")
        if request.method != "GET":
            return _error(405, "405", "Method Not Allowed")
        if request.body:
            return _front_page()
        if path in self._public:
            return self._public[path]()
        try:
            return self._signed[path](self._admitted(request))
        except _Refused as refused:
            return refused.answer

    def _now_ms(self) -> int:
        return int(self.now() * 1000)

    def _admitted(self, request: Request) -> KeyRecord:
        """The key that may make this call. Raises _Refused."""
        api_key, signature, stamp, passphrase = _headers(request)
        self._check_time(stamp)
        key = self._known(api_key, request.headers.get("kc-api-key-version", "1"))
        address = seen_address(key, self._egress())
        if not lets_in(key.state, address):
            message = f"Invalid request ip, the current clientIp is:{address}"
            raise _Refused(403, "400006", message)
        secret = key.known_secret()
        if not any(hmac_base64_matches(secret, text, signature) for text in _signed_texts(request)):
            raise _Refused(401, "400005", "Invalid KC-API-SIGN")
        if not hmac_base64_matches(secret, (key.passphrase or "").encode(), passphrase):
            raise _Refused(401, "400004", "Invalid KC-API-PASSPHRASE")
        if "General" not in key.state.switches:
            raise _Refused(403, "400007", "Access denied, requires more permission")
        return key

    def _check_time(self, stamp: str) -> None:
        readable = stamp.isascii() and stamp.isdigit() and len(stamp) < 16
        if not readable or abs(int(stamp) - self._now_ms()) > _WINDOW_MS:
            raise _Refused(400, "400002", "Invalid KC-API-TIMESTAMP")

    def _known(self, api_key: str, version: str) -> KeyRecord:
        key = self._registry.find(api_key)
        if key is None:
            raise _Refused(401, "400003", "KC-API-KEY does not exist")
        if key.plan.quirk is Quirk.OLD_GENERATION:
            message = "API keys of versions 1 and 2 are not supported any more, create a new key"
            raise _Refused(400, "400008", message)
        # Keys of generation 3 are used with either number: libraries still send 2.
        if version not in ("2", "3"):
            raise _Refused(400, "400009", "Invalid KC-API-KEY-VERSION")
        return key


def _headers(request: Request) -> tuple[str, str, str, str]:
    """Key, signature, time and passphrase. Raises _Refused."""
    api_key, signature, stamp, passphrase = (request.headers.get(name, "") for name in _HEADERS)
    if not (api_key and signature and stamp and passphrase):
        message = f"Please check the header of your request for {', '.join(_HEADERS).upper()}"
        raise _Refused(400, "400001", message)
    return api_key, signature, stamp, passphrase


def _signed_texts(request: Request) -> tuple[bytes, bytes]:
    """What may have been signed: the query as sent, and, as documented, without its encoding."""
    start = f"{request.headers.get('kc-api-timestamp', '')}{request.method}{request.path}"
    query = f"?{request.query}" if request.query else ""
    return (
        f"{start}{query}".encode("utf-8", "surrogatepass"),
        f"{start}{unquote(query)}".encode("utf-8", "surrogatepass"),
    )


class _Pool:
    """Weight that is left in the present half minute."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._started = 0
        self._used = 0

    def take(self, weight: int, now_ms: int) -> tuple[int, int]:
        """What is left after this, and in how many ms the pool is full again."""
        with self._lock:
            if not 0 <= now_ms - self._started < _POOL_MS:
                self._started, self._used = now_ms, 0
            self._used += weight
            return max(_POOL - self._used, 0), self._started + _POOL_MS - now_ms


def _key_info(key: KeyRecord) -> Answer:
    """`GET /api/v1/user/api-key`. The field of the list is not there without a list."""
    order = {switch.field: number for number, switch in enumerate(RULES.switches)}
    words = sorted(key.state.switches, key=lambda word: (order.get(word, len(order)), word))
    data: dict[str, object] = {
        "remark": key.name,
        "apiKey": key.api_key,
        "apiVersion": 3,
        "permission": ",".join(words),
        "createdAt": int(key.created * 1000),
        "uid": key.uid,
        "isMaster": not key.plan.sub_account,
    }
    if key.state.restricted:
        data["ipWhitelist"] = ",".join(map(_masked, key.state.addresses))
    if key.plan.sub_account:
        data["subName"] = "practice01"
    match key.plan.quirk:
        case Quirk.NO_MASTER:
            del data["isMaster"]
        case Quirk.NULL_LIST:
            data["ipWhitelist"] = None
    return _good(data)


def _masked(address: str) -> str:
    """`203.**.7`: first and last number of an IPv4 address."""
    first, *_, last = address.split(".")
    return f"{first}.**.{last}"


def _masked_twice(address: str) -> str:
    """`203.***.***.7`, as the example of the call that tells the caller's address has it."""
    first, *_, last = address.split(".")
    return f"{first}.***.***.{last}"


_ACCOUNTS = [
    {
        "id": f"548674591753{number}",
        "currency": currency,
        "type": kind,
        "balance": balance,
        "available": balance,
        "holds": "0",
    }
    for number, (currency, kind, balance) in enumerate(
        (("USDT", "trade", "1250.00"), ("BTC", "trade", "0.05"), ("USDT", "main", "100.00"))
    )
]


def _state(home: str | None, *switches: str) -> KeyState:
    return KeyState(home is not None, () if home is None else (home,), frozenset(switches))


_SPOT = ("General", "Spot")


def cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    """All keys. `home` is the address that this computer pretends to have, `away` another one."""
    plans = (*_good_keys(home), *_weak_keys(home), *_refused_keys(home, away), *_odd_keys(home))
    behind_traits = troubled(_state(home, *_SPOT), SPECIFIC, sub_account=True)
    return (*(_of_sub_account(plan) for plan in plans), *behind_traits)


def _of_sub_account(plan: KeyPlan) -> KeyPlan:
    """What is said about a key should not depend on what a main account's key could do besides."""
    return plan if plan.name == _MAIN else replace(plan, sub_account=True)


_MAIN = "main-account"


def _good_keys(home: str) -> tuple[KeyPlan, ...]:
    return (
        KeyPlan(
            "safe-spot",
            say("A spot bot's key of a sub-account: locked to this address, no withdrawals."),
            _state(home, *_SPOT),
            Light.GREEN,
        ),
        KeyPlan(
            "safe-futures",
            say("A futures bot's key of a sub-account, locked to this address."),
            _state(home, "General", "Futures"),
            Light.GREEN,
            purpose=Purpose.FUTURES,
        ),
        KeyPlan(
            "safe-watch",
            say("A sub-account's key that can only read, locked to this address."),
            _state(home, "General"),
            Light.GREEN,
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            _MAIN,
            say("As safe-spot, but of the main account: it may be able to make other keys."),
            _state(home, *_SPOT),
            Light.AMBER,
            "key-management-on",
        ),
    )


def _weak_keys(home: str) -> tuple[KeyPlan, ...]:
    return (
        KeyPlan(
            "watch-no-whitelist",
            say("It can only read, but from anywhere."),
            _state(None, "General"),
            Light.AMBER,
            "whitelist-off",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "more-than-purpose",
            say("Meant for a spot bot, but futures are switched on too."),
            _state(home, *_SPOT, "Futures"),
            Light.AMBER,
            "more-than-purpose",
        ),
        KeyPlan(
            "less-than-purpose",
            say("Meant for a spot bot, but trading is switched off."),
            _state(home, "General"),
            Light.AMBER,
            "less-than-purpose",
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
            say("It can withdraw everything; KuCoin's answers call that Transfer."),
            _state(home, *_SPOT, "Transfer"),
            Light.RED,
            "withdraw-on",
        ),
        KeyPlan(
            "transfer-on",
            say("It can move money between accounts, which a spot bot never needs."),
            _state(home, *_SPOT, "InnerTransfer"),
            Light.RED,
            "transfer-on",
        ),
    )


def _refused_keys(home: str, away: str) -> tuple[KeyPlan, ...]:
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
            "ipv6-seen",
            say("The list holds the IPv4 address, but the exchange sees this computer's IPv6."),
            spot,
            Light.RED,
            "ip-not-whitelisted",
            seen_from="2001:db8::7",
        ),
        KeyPlan(
            "other-region",
            say("A key of KuCoin EU: not known here, fine there."),
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
            "old-generation",
            say("Made long ago, of a generation that the exchange does not take any more."),
            spot,
            Light.RED,
            "key-expired",
            quirk=Quirk.OLD_GENERATION,
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
            "unknown-permission",
            say("A permission is on that is newer than this program."),
            _state(home, *_SPOT, "Payments"),
            Light.GREY,
            "unknown-permission-on",
        ),
        KeyPlan(
            "missing-field",
            say("The exchange's answer leaves out whether this is the main account's key."),
            spot,
            Light.GREY,
            "key-management-on",
            quirk=Quirk.NO_MASTER,
        ),
        KeyPlan(
            "null-list",
            say("The exchange's answer gives the list in a form that is not documented."),
            spot,
            Light.GREY,
            "whitelist-off",
            quirk=Quirk.NULL_LIST,
        ),
    )


def _front_page() -> Answer:
    return html_answer(
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<HTML><HEAD>'
        "<TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY>\n"
        "<H1>403 ERROR</H1>\n<H2>The request could not be satisfied.</H2>\nBad request.\n"
        "Generated by cloudfront (CloudFront)\n</BODY></HTML>\n",
        403,
    )


def _maintenance(request: Request, now: float) -> Answer:
    if request.path == "/api/v1/status":
        return _good({"status": "close", "msg": "upgrade"})
    return _error(503, "503", "Service Unavailable")


def _region(request: Request, now: float) -> Answer | None:
    if "kc-api-key" not in request.headers:
        return None
    return _error(403, "400301", "This service is not available under the laws of your country.")


def _rate_limited(request: Request, now: float) -> Answer:
    answer = _error(
        429, "429000", "Too many requests in a short period of time, please retry later"
    )
    return replace(answer, headers=(("gw-ratelimit-reset", "30000"),))


def _banned(request: Request, now: float) -> Answer:
    return html_answer(
        "<!DOCTYPE html><title>Access denied | api.kucoin.com used Cloudflare to restrict access"
        "</title><h2>You are being rate limited</h2><p>error code: 1015</p>",
        429,
    )


FAULTS: ServerFaults = {
    Trait.MAINTENANCE: _maintenance,
    Trait.FIREWALL: lambda request, now: _front_page(),
    Trait.REGION: _region,
    Trait.RATE_LIMITED: _rate_limited,
    Trait.BANNED: _banned,
}

PRACTICE = PracticeExchange(
    id="kucoin",
    name="KuCoin",
    rules=RULES,
    cast=cast,
    site=KucoinSite,
    faults=FAULTS,
    new_api_key=lambda: random_hex(24),
    is_signed=lambda request: "kc-api-sign" in request.headers,
    new_passphrase=lambda: random_text(12),
    make_credential=hmac_credential(lambda: str(uuid.uuid4())),
    other_host="KuCoin EU",
)
"""The practice KuCoin."""
