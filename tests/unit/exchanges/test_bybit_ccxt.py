"""An independent, widely used client signs Bybit's requests in the same way."""

from __future__ import annotations

import random
import string
from typing import Any
from urllib.parse import urlsplit

import ccxt
import pytest

from exchange_samples import samples
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges.bybit import DEMO_ACCOUNT, KEY, SPEC, sign
from latchlight.exchanges.spec import Probe

API_KEY = "CFEJUGQEQPPHGOHGHM"
HOST = SPEC.hosts[0]
NAMES = ("X-BAPI-API-KEY", "X-BAPI-TIMESTAMP", "X-BAPI-RECV-WINDOW", "X-BAPI-SIGN")
LETTERS = string.ascii_letters + string.digits
RSA_PEM = next(v.key.secret for v in samples("bybit").requests if v.key.kind == "rsa")


def theirs(
    secret: str, now_ms: int, path: str = "v5/user/query-api", params: dict[str, str] | None = None
) -> tuple[str, dict[str, str]]:
    """Query and headers of a request as ccxt would send it."""
    exchange: Any = ccxt.bybit({"apiKey": API_KEY, "secret": secret})
    exchange.session.close()
    exchange.nonce = lambda: now_ms
    request = exchange.sign(path, ["private"], "GET", params or {})
    headers = {name: request["headers"][name] for name in NAMES}
    return urlsplit(request["url"]).query, headers


def ours(secret: str, kind: KeyKind, now_ms: int, probe: Probe) -> tuple[str, dict[str, str]]:
    credentials = Credentials(Secret(API_KEY), Secret(secret), kind)
    request = sign(credentials, probe, HOST, now_ms)
    return request.query, dict(request.headers)


def random_probe(dice: random.Random) -> tuple[Probe, dict[str, str]]:
    params = {
        "".join(dice.choices(string.ascii_letters, k=6)): "".join(dice.choices(LETTERS, k=9))
        for _ in range(dice.randint(0, 4))
    }
    return Probe("random", KEY.path, signed=True, query=tuple(params.items())), params


def test_hmac_signatures_of_random_requests_are_equal() -> None:
    dice = random.Random("latchlight bybit")
    for _ in range(500):
        secret = "".join(dice.choices(LETTERS, k=36))
        now_ms = dice.randrange(10**12, 2 * 10**12)
        probe, params = random_probe(dice)
        assert ours(secret, KeyKind.HMAC, now_ms, probe) == theirs(secret, now_ms, params=params)


def test_rsa_signatures_of_random_requests_are_equal() -> None:
    dice = random.Random("latchlight bybit rsa")
    for _ in range(30):
        now_ms = dice.randrange(10**12, 2 * 10**12)
        probe, params = random_probe(dice)
        assert ours(RSA_PEM, KeyKind.RSA, now_ms, probe) == theirs(RSA_PEM, now_ms, params=params)


@pytest.mark.parametrize("probe", [KEY, DEMO_ACCOUNT], ids=["key", "demo"])
def test_the_programs_own_requests_are_signed_alike(probe: Probe) -> None:
    secret = "S" * 36
    path = probe.path.removeprefix("/")
    made = ours(secret, KeyKind.HMAC, 1_700_000_000_000, probe)
    assert made == theirs(secret, 1_700_000_000_000, path)


def test_another_secret_gives_another_signature() -> None:
    first = ours("S" * 36, KeyKind.HMAC, 1_700_000_000_000, KEY)[1]
    second = theirs("S" * 35 + "T", 1_700_000_000_000)[1]
    assert first["X-BAPI-SIGN"] != second["X-BAPI-SIGN"]
    assert {**first, "X-BAPI-SIGN": ""} == {**second, "X-BAPI-SIGN": ""}
