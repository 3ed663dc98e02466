"""An independent, widely used client signs Gate's requests in the same way."""

from __future__ import annotations

import random
import string
from typing import Any

import ccxt
import pytest

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges.gate import DETAIL, MAIN_KEYS, SPEC, sign
from latchlight.exchanges.spec import Probe

NOW = 1_700_000_000_000
API_KEY = "c5dcfbf1f3a7" + "0" * 20
HOST = SPEC.hosts[0]
SIGNED = ("KEY", "Timestamp", "SIGN")


def independent(secret: str) -> Any:
    exchange = ccxt.gate({"apiKey": API_KEY, "secret": secret})
    exchange.session.close()
    return exchange


def theirs(exchange: Any, now_ms: int, path: str, params: dict[str, str]) -> dict[str, str]:
    exchange.nonce = lambda: now_ms
    request = exchange.sign(path, ["private", "account"], "GET", params)
    return {name: request["headers"][name] for name in SIGNED}


def ours(secret: str, now_ms: int, probe: Probe) -> dict[str, str]:
    credentials = Credentials(Secret(API_KEY), Secret(secret), KeyKind.HMAC)
    return dict(sign(credentials, probe, HOST, now_ms).headers)


def test_signatures_of_random_requests_are_equal() -> None:
    dice = random.Random("latchlight gate")
    exchange = independent("")
    for _ in range(2000):
        secret = exchange.secret = "".join(dice.choices(string.hexdigits.lower(), k=64))
        now_ms = dice.randrange(10**12, 2 * 10**12)
        # ccxt sorts the query before it signs it; sorted here, both sign what is sent.
        names = sorted({"".join(dice.choices(string.ascii_lowercase, k=6)) for _ in range(3)})
        letters = string.ascii_letters + string.digits + "_-"
        params = {name: "".join(dice.choices(letters, k=9)) for name in names[: dice.randint(0, 3)]}
        probe = Probe("random", DETAIL.path, signed=True, query=tuple(params.items()))
        assert ours(secret, now_ms, probe) == theirs(exchange, now_ms, "detail", params)


@pytest.mark.parametrize(("probe", "path"), [(DETAIL, "detail"), (MAIN_KEYS, "main_keys")])
def test_the_program_s_own_requests_are_signed_alike(probe: Probe, path: str) -> None:
    secret = "5" * 64
    exchange = independent(secret)
    url = exchange.sign(path, ["private", "account"], "GET", {})["url"]
    assert url == f"https://{HOST.name}{probe.path}"
    assert ours(secret, NOW, probe) == theirs(exchange, NOW, path, {})


def test_another_secret_gives_another_signature() -> None:
    there = theirs(independent("5" * 64), NOW, "detail", {})
    here = ours("6" * 64, NOW, DETAIL)
    assert here["SIGN"] != there["SIGN"]
    assert here["KEY"] == there["KEY"]


def test_the_hosts_are_those_of_the_independent_client() -> None:
    assert ccxt.gate().urls["api"]["private"]["account"] == "https://api.gateio.ws/api/v4"
    assert ccxt.gateeu().urls["api"]["private"]["account"] == "https://api.gateeu.com/api/v4"
    assert ccxt.gate().urls["test"]["private"]["account"] == "https://api-testnet.gateapi.io/api/v4"
