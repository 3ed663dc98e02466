"""The practice Binance: the same paths, headers, bodies and refusals as the real one.

The real order of the checks is not documented. Here it is: key format, key known, address,
parameters, time, signature, permission.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from urllib.parse import unquote_plus

from latchlight.practice import binance_answers as answers
from latchlight.practice import binance_cast
from latchlight.practice import binance_errors as errors
from latchlight.practice.binance_signatures import matches, signed_bytes, split_signature
from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.keys import random_text
from latchlight.practice.messages import Answer, Request, json_answer
from latchlight.practice.registry import KeyRecord, Registry, lets_in, seen_address

_KEY_FORM = re.compile(r"[A-Za-z0-9]{64}", re.ASCII)
_TIMESTAMP_FORM = re.compile(r"[0-9]{1,20}", re.ASCII)
_WINDOW_FORM = re.compile(r"[0-9]{1,20}(\.[0-9]{1,3})?", re.ASCII)
_DEFAULT_WINDOW_MS = 5000.0
_LONGEST_WINDOW_MS = 60000.0
_AHEAD_MS = 1000.0
# In ms this would be the year 5138; every present time in microseconds is larger.
_FIRST_MICROSECONDS = 10**14
_WEIGHTS = {"/api/v3/exchangeInfo": 20, "/api/v3/account": 20}

_Params = Mapping[str, str]


class BinanceSite:
    """One server of the practice Binance. `clock` is in seconds, `egress` what it sees callers as."""

    name = "binance"

    def __init__(
        self, registry: Registry, clock: Callable[[], float], egress: Callable[[], str]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._egress = egress
        self._meter = _WeightMeter()
        self._public: dict[str, Callable[[Request], Answer]] = {
            "/api/v3/ping": lambda request: json_answer({}),
            "/api/v3/time": self._time,
            "/api/v3/exchangeInfo": lambda request: answers.exchange_info(self.now()),
            "/sapi/v1/system/status": lambda request: json_answer({"status": 0, "msg": "normal"}),
        }
        self._signed: dict[str, Callable[[KeyRecord, _Params], Answer]] = {
            "/sapi/v1/account/apiRestrictions": lambda key, params: answers.api_restrictions(key),
            "/sapi/v1/account/status": lambda key, params: json_answer({"data": "Normal"}),
            "/sapi/v1/account/apiTradingStatus": lambda key, params: answers.trading_status(),
            "/sapi/v1/account/info": lambda key, params: answers.account_info(),
            "/api/v3/account": lambda key, params: answers.account(params, self.now()),
        }

    def now(self) -> float:
        """Server time in seconds since 1970 UTC."""
        return self._clock()

    def answer(self, request: Request) -> Answer:
        """Answer like Binance."""
        used = self._meter.add(_WEIGHTS.get(request.path, 1), self.now())
        answer = self._unmetered(request)
        return replace(answer, headers=(*answer.headers, *_metered(request.path, used)))

    def _unmetered(self, request: Request) -> Answer:
        path = request.path
        if path not in self._public and path not in self._signed:
            return errors.not_found(path, self.now())
        if request.method != "GET":
            return errors.method_refused(path, self.now())
        try:
            if path in self._public:
                return self._public[path](request)
            key, params = self._admitted(request)
            return self._signed[path](key, params)
        except errors.Refused as refused:
            return refused.answer

    def _time(self, request: Request) -> Answer:
        unit = request.headers.get("x-mbx-time-unit", "MILLISECOND").upper()
        if unit not in ("MILLISECOND", "MICROSECOND"):
            message = "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."
            raise errors.Refused(400, -1194, message)
        scale = 1e6 if unit == "MICROSECOND" else 1e3
        return json_answer({"serverTime": int(self.now() * scale)})

    def _admitted(self, request: Request) -> tuple[KeyRecord, _Params]:
        """The key that may make this call and the parameters. Raises Refused."""
        key = self._known_key(request)
        if not lets_in(key.state, seen_address(key, self._egress())):
            raise errors.key_ip_or_permission(request.path)
        payload, signature = split_signature(request.query)
        params = _parameters(payload)
        self._check_time(params)
        if signature is None:
            raise errors.parameter_missing("signature")
        self._check_signature(key, payload, request.body, signature)
        _check_permission(key, request.path)
        return key, params

    def _known_key(self, request: Request) -> KeyRecord:
        api_key = request.headers.get("x-mbx-apikey", "")
        if not _KEY_FORM.fullmatch(api_key):
            raise errors.key_malformed()
        key = self._registry.find(api_key)
        if key is None:
            raise errors.key_unknown(request.path)
        return key

    def _check_time(self, params: _Params) -> None:
        stamp_text = params.get("timestamp", "")
        if not stamp_text:
            raise errors.parameter_missing("timestamp")
        if not _TIMESTAMP_FORM.fullmatch(stamp_text):
            raise errors.parameter_illegal("timestamp", "^[0-9]{1,20}$")
        window = _window(params)
        stamp = float(stamp_text)
        stamp_ms = stamp / 1000 if stamp >= _FIRST_MICROSECONDS else stamp
        now_ms = int(self.now() * 1000)
        if not stamp_ms < now_ms + _AHEAD_MS:
            raise errors.clock_ahead()
        if not now_ms - stamp_ms <= window:
            raise errors.clock_behind()

    def _check_signature(self, key: KeyRecord, payload: str, body: bytes, signature: str) -> None:
        try:
            signed = signed_bytes(payload, body)
        except ValueError:
            raise errors.signature_wrong() from None
        if not matches(key.kind, key.known_secret(), signed, signature):
            raise errors.signature_wrong()


def _check_permission(key: KeyRecord, path: str) -> None:
    if errors.is_sapi(path) and key.plan.quirk is answers.Quirk.NO_WALLET_CALLS:
        raise errors.key_ip_or_permission(path)
    # Whether apiRestrictions answers a key without reading is not known; /api/v3/account needs it.
    if not errors.is_sapi(path) and "enableReading" not in key.state.switches:
        raise errors.key_ip_or_permission(path)


def _parameters(payload: str) -> dict[str, str]:
    params: dict[str, str] = {}
    for part in filter(None, payload.split("&")):
        name, _, value = part.partition("=")
        if unquote_plus(name) in params:
            raise errors.parameter_twice()
        params[unquote_plus(name)] = unquote_plus(value)
    return params


def _window(params: _Params) -> float:
    text = params.get("recvWindow", "")
    if not text:
        return _DEFAULT_WINDOW_MS
    if not _WINDOW_FORM.fullmatch(text):
        raise errors.parameter_illegal("recvWindow", "^[0-9]{1,20}(\\.[0-9]{1,3})?$")
    window = float(text)
    if window > _LONGEST_WINDOW_MS:
        raise errors.window_too_long()
    return window


def _metered(path: str, used: int) -> tuple[tuple[str, str], ...]:
    request_id = ("x-mbx-uuid", str(uuid.uuid4()))
    if errors.is_sapi(path):
        return (request_id, ("X-SAPI-USED-IP-WEIGHT-1M", str(used)))
    return (
        request_id,
        ("X-MBX-USED-WEIGHT", str(used)),
        ("X-MBX-USED-WEIGHT-1M", str(used)),
    )


class _WeightMeter:
    """Request weight used in the present minute."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._used = 0

    def add(self, weight: int, now: float) -> int:
        """Add to this minute's sum and return it."""
        minute = int(now // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._used = minute, 0
            self._used += weight
            return self._used


PRACTICE = PracticeExchange(
    id="binance",
    name="Binance",
    rules=binance_cast.RULES,
    cast=binance_cast.cast,
    site=BinanceSite,
    faults=errors.FAULTS,
    new_api_key=lambda: random_text(64),
    is_signed=lambda request: "signature=" in request.query,
)
"""The practice Binance."""
