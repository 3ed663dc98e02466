"""An independent, widely used client signs KuCoin's requests in the same way."""

from __future__ import annotations

import random
import string
import uuid
from typing import Any

import ccxt

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges.kucoin import KEY, SPEC, sign
from latchlight.exchanges.spec import Probe

NOW = 1_700_000_000_000
API_KEY = "6705f5c311545b000157d3eb"
HOST = SPEC.hosts[0]
SIGNED = ("KC-API-KEY", "KC-API-SIGN", "KC-API-TIMESTAMP", "KC-API-PASSPHRASE")


def independent(secret: str, passphrase: str) -> Any:
    exchange = ccxt.kucoin({"apiKey": API_KEY, "secret": secret, "password": passphrase})
    exchange.session.close()
    return exchange


def theirs(exchange: Any, now_ms: int, path: str, params: dict[str, str]) -> dict[str, str]:
    exchange.nonce = lambda: now_ms
    request = exchange.sign(path, ["private"], "GET", params)
    return {name: request["headers"][name] for name in SIGNED}


def ours(secret: str, passphrase: str, now_ms: int, probe: Probe) -> dict[str, str]:
    credentials = Credentials(Secret(API_KEY), Secret(secret), KeyKind.HMAC, Secret(passphrase))
    headers = dict(sign(credentials, probe, HOST, now_ms).headers)
    return {name: headers[name] for name in SIGNED}


def test_signatures_of_random_requests_are_equal() -> None:
    dice = random.Random("latchlight kucoin")
    letters = string.ascii_letters + string.digits
    inventable = string.ascii_letters + string.digits + string.punctuation + "\u00e4\u0436"
    for _ in range(500):
        secret = str(uuid.UUID(int=dice.getrandbits(128)))
        passphrase = "".join(dice.choices(inventable, k=dice.randint(7, 32)))
        now_ms = dice.randrange(10**12, 2 * 10**12)
        params = {
            "".join(dice.choices(letters, k=6)): "".join(dice.choices(letters, k=9))
            for _ in range(dice.randint(0, 3))
        }
        probe = Probe("random", KEY.path, signed=True, query=tuple(params.items()))
        there = theirs(independent(secret, passphrase), now_ms, "user/api-key", params)
        assert ours(secret, passphrase, now_ms, probe) == there


def test_another_secret_or_passphrase_gives_other_headers() -> None:
    secret, passphrase = str(uuid.UUID(int=7)), "invented-1"
    there = theirs(independent(secret, passphrase), NOW, "user/api-key", {})
    wrong_secret = ours(str(uuid.UUID(int=8)), passphrase, NOW, KEY)
    assert wrong_secret["KC-API-SIGN"] != there["KC-API-SIGN"]
    assert wrong_secret["KC-API-PASSPHRASE"] != there["KC-API-PASSPHRASE"]
    wrong_passphrase = ours(secret, "invented-2", NOW, KEY)
    assert wrong_passphrase["KC-API-SIGN"] == there["KC-API-SIGN"]
    assert wrong_passphrase["KC-API-PASSPHRASE"] != there["KC-API-PASSPHRASE"]
