"""A whole account: seven exchanges with three keys each, every call a tenth of a second away."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measuring import Bound, interleaved, ratio, tell
from latchlight.checkup import CheckRequest, run_checkup
from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.exchanges import EXCHANGES
from latchlight.net.egress import AddressService
from latchlight.services import Services

_HERE = Path(__file__).parent
SEVEN = ("binance", "okx", "bybit", "kucoin", "gate", "bitget", "coinbase")
KEYS_EACH = 3
ROUNDS = 5
ALL, CCXT = "21 keys of seven exchanges", "the same through ccxt, one after another"


def bounds() -> list[Bound]:
    """Measure; the slowest exchange alone is what the whole account is compared with."""
    with _served() as told:
        requests = _requests(told)
        services = _services(told, requests)
        alone = {name: partial(_check, services, requests[name]) for name in SEVEN}
        everything = [request for name in SEVEN for request in requests[name]]
        contenders: dict[str, Callable[[], float]] = {
            ALL: partial(_check, services, everything),
            CCXT: partial(_through_ccxt, told),
            **alone,
        }
        figures = interleaved(contenders, ROUNDS)
    tell(figures, "ms")
    slowest = max(SEVEN, key=lambda name: sorted(figures[name])[ROUNDS // 2])
    return [
        Bound(
            f"whole account against its slowest exchange ({slowest})",
            ratio(figures, ALL, slowest),
            1.3,
        ),
        Bound("whole account against ccxt in sequence", ratio(figures, ALL, CCXT), 0.5),
    ]


@contextmanager
def _served() -> Iterator[dict[str, Any]]:
    server = subprocess.Popen(
        [sys.executable, str(_HERE / "account_server.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if server.stdin is None or server.stdout is None:
        raise RuntimeError("the server has no pipes")
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.stdin.close()
        server.wait(10)


def _wanted(told: dict[str, Any], exchange: str) -> list[dict[str, Any]]:
    """Three keys that the exchange accepts; the well-kept one as often as it takes."""
    keys = [k for k in told["exchanges"][exchange]["keys"] if k["name"].startswith("safe-")]
    return [keys[number % len(keys)] for number in range(KEYS_EACH)]


def _requests(told: dict[str, Any]) -> dict[str, list[CheckRequest]]:
    made = {}
    for name in SEVEN:
        host = told["exchanges"][name]["base_url"].removeprefix("https://")
        spec = EXCHANGES[name].on_practice_hosts((host,))
        made[name] = [
            CheckRequest(
                id=f"{name}-{number}",
                label=f"{name}-{number}",
                exchange=spec,
                host=host,
                hint=key_hint(key["api_key"]),
                intent=Intent(),
                credentials=partial(_credentials, key),
            )
            for number, key in enumerate(_wanted(told, name))
        ]
    return made


def _credentials(key: dict[str, Any]) -> Credentials:
    return Credentials(
        Secret(key["api_key"]),
        Secret(key["secret"]),
        KeyKind(key["kind"]),
        None if key["passphrase"] is None else Secret(key["passphrase"]),
    )


def _services(told: dict[str, Any], requests: dict[str, list[CheckRequest]]) -> Services:
    host = told["ip_urls"]["ipv4"].removeprefix("https://").rstrip("/")
    return Services(
        exchanges={name: made[0].exchange for name, made in requests.items()},
        practice=True,
        ca_file=told["ca_file"],
        practice_services=(AddressService("one", "one", host, None, "/", "practice"),),
    )


def _check(services: Services, requests: list[CheckRequest]) -> float:
    started = time.perf_counter()
    report = run_checkup(requests, services, token=CancelToken())
    took = (time.perf_counter() - started) * 1000
    unread = [key.label for key in report.keys if not key.facts.accepted]
    if unread:
        raise RuntimeError(f"not read: {', '.join(unread)}")
    return took


def _through_ccxt(told: dict[str, Any]) -> float:
    keys = {
        name: {"base": told["exchanges"][name]["base_url"], "keys": _wanted(told, name)}
        for name in SEVEN
    }
    done = subprocess.run(
        [sys.executable, str(_HERE / "account_ccxt.py"), told["ca_file"]],
        input=json.dumps(keys),
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"ccxt did not do its work: {done.stderr[-500:]}")
    return float(json.loads(done.stdout)["milliseconds"])
