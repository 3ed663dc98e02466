"""Checkups without a network: answers from a script, everything behind them as in the product.

`judged` checks a key of any exchange; what stands around it here is Binance's, for the tests of
whatever is the same for all of them.

An answer that the script does not name is HTTP 500 with an empty body: silence is never good news.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.egress import EgressReport
from latchlight.core.findings import KeyReport
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent, Purpose
from latchlight.core.records import replace
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.judge import Background, judge
from latchlight.keys import CheckRequest
from latchlight.net.client import Client, RawAnswer
from latchlight.net.connection import Trust
from latchlight.probing import ask_exchange
from latchlight.services import Services
from latchlight.store import Store

DATA = Path(__file__).parent / "data" / "binance" / "answers"
BINANCE = EXCHANGES["binance"]
HOST = "api.binance.com"
TIME_PATH = "/api/v3/time"
KEY_PATH = "/sapi/v1/account/apiRestrictions"
ACCOUNT_PATH = "/api/v3/account"
NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
NOW_MS = round(NOW.timestamp() * 1000)
API_KEY = "k7Q" * 21 + "z"
SECRET = "s9W" * 21 + "y"
SAFE: dict[str, Any] = json.loads((DATA / "restrictions-spot.json").read_text())


def sample(name: str) -> dict[str, Any]:
    """One of the stored answers."""
    value = json.loads((DATA / f"{name}.json").read_text())
    assert isinstance(value, dict)
    return value


@dataclass(frozen=True)
class Heard:
    """One answer of a script."""

    body: bytes = b""
    status: int = 500
    content_type: str = "application/json"
    age: bool = False
    date: datetime | None = None
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self, now: datetime, took_ms: float = 0.0) -> RawAnswer:
        return RawAnswer(
            status=self.status,
            content_type=self.content_type,
            body=self.body,
            sent_at=now,
            received_at=now,
            round_trip_ms=took_ms,
            retry_after=self.retry_after,
            date=self.date,
            age=self.age,
            headers=self.headers,
        )


def heard(value: object, status: int = 200, **more: Any) -> Heard:
    """An answer with this JSON value."""
    return Heard(json.dumps(value).encode(), status, **more)


def time_answer(now_ms: int = NOW_MS) -> Heard:
    return heard({"serverTime": now_ms})


Script = Mapping[str, "Heard | BaseException | Callable[[], Heard] | Sequence[Any]"]


@dataclass
class ScriptedClient(Client):
    """Says what the script has for a path (or `host/path`); a list is used up entry by entry."""

    script: Script
    now: Callable[[], datetime] = lambda: NOW
    asked: list[tuple[str, str]] = field(default_factory=list)
    queries: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    opened: int = 0

    def __post_init__(self) -> None:
        super().__init__(Trust(), self.now)
        self._left: dict[str, list[Any]] = {}
        self._guard = threading.Lock()

    def chain(
        self,
        allowed: Any,
        *,
        token: CancelToken,
        contact: Callable[[str, str], None] = lambda host, path: None,
        **_: Any,
    ) -> Any:
        self.opened += 1
        return ScriptedChain(self, allowed, token, contact)

    def next_answer(self, host: str, path: str) -> Heard:
        with self._guard:
            self.asked.append((host, path))
            name = host + path if host + path in self.script else path
            said = self.script.get(name, Heard())
            if isinstance(said, Sequence):
                left = self._left.setdefault(name, list(said))
                said = left.pop(0) if left else Heard()
        if callable(said):
            said = said()
        if isinstance(said, BaseException):
            raise said
        assert isinstance(said, Heard)
        return said

    def paths(self) -> list[str]:
        return [path for _, path in self.asked]


@dataclass
class ScriptedChain:
    """The face of `net.client.Chain`, without a line behind it."""

    client: ScriptedClient
    allowed: Callable[[str, str], bool]
    token: CancelToken
    contact: Callable[[str, str], None]

    def __enter__(self) -> ScriptedChain:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def get(
        self,
        host: str,
        path: str,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float = 10.0,
    ) -> RawAnswer:
        assert self.allowed(host, path), f"{host}{path} is not on the list"
        self.token.check()
        self.contact(host, path)
        self.client.queries.append((query, dict(headers or {})))
        return self.client.next_answer(host, path).raw(self.client.now())


class ScriptedServices(Services):
    """Services whose client and store are given, either as they are or as functions that may raise."""

    given_client: Any
    given_store: Any

    def __init__(self, given_client: Any, given_store: Any, **more: Any) -> None:
        super().__init__(**more)
        vars(self).update(given_client=given_client, given_store=given_store)

    def client(self) -> Any:
        return self.given_client() if callable(self.given_client) else self.given_client

    def store(self) -> Any:
        return self.given_store() if callable(self.given_store) else self.given_store


class NoMemory:
    """A store that keeps nothing: no pause after one answer spares the next one its judgement."""

    force_ipv4 = True

    def ban_until(self, host: str, now: datetime) -> None:
        """Never one."""

    def set_ban(self, host: str, until: datetime) -> None:
        """Not kept."""

    def note_contact(self, host: str, path: str, at: datetime) -> None:
        """Not kept."""


def services(script: Script, *, now: Callable[[], datetime] = lambda: NOW, **more: Any) -> Any:
    """Services for one test: a scripted line and a store in memory."""
    client = ScriptedClient(script, now)
    given = {"given_client": client, "given_store": Store.in_memory(), "now": now, **more}
    return ScriptedServices(**given)


def safe_script(**changes: Any) -> dict[str, Any]:
    """The script of a safe spot key; `time`, `key` and `account` replace one answer."""
    script: dict[str, Any] = {TIME_PATH: time_answer(), KEY_PATH: heard(SAFE)}
    names = {"time": TIME_PATH, "key": KEY_PATH, "account": ACCOUNT_PATH}
    return {**script, **{names[name]: value for name, value in changes.items()}}


def credentials(api_key: str = API_KEY, secret: str = SECRET) -> Credentials:
    return Credentials(Secret(api_key), Secret(secret), KeyKind.HMAC, hint=key_hint(api_key))


def request(label: str = "bot", **changes: Any) -> CheckRequest:
    """The request to check one key of Binance."""
    made = CheckRequest(
        id=label,
        label=label,
        exchange=BINANCE,
        host=HOST,
        hint=key_hint(API_KEY),
        intent=Intent(),
        credentials=credentials,
    )
    return replace(made, **changes)


def judged(asked: CheckRequest, around: Any, egress: EgressReport | None = None) -> KeyReport:
    """The report of one key of any exchange, by the whole path behind the line."""
    key = asked.credentials()
    answers = ask_exchange(asked.exchange, asked.host, key, around, CancelToken())
    seen = egress or EgressReport()
    return judge(asked.exchange, asked, answers, seen, Background(), around.now(), around)


def check(
    script: Script, purpose: Purpose = Purpose.SPOT, spec: ExchangeSpec = BINANCE, **more: Any
) -> KeyReport:
    """The report of one Binance key; no address services."""
    return judged(request(intent=Intent(purpose), exchange=spec), services(script, **more))


def rules(report: KeyReport) -> dict[str, str]:
    """Rule to light, for comparing."""
    return {finding.rule: finding.light.value for finding in report.findings}
