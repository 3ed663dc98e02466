"""An independent, widely used client signs HTX's requests in the same way."""

from __future__ import annotations

import random
import string
from typing import Any
from urllib.parse import urlsplit

import ccxt
import pytest

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges.htx import ACCOUNT, ACCOUNTS, KEY, SPEC, sign
from latchlight.exchanges.spec import Probe

NOW = 1_700_000_000_000
API_KEY = "4ba5cdf2-4a92c5da-718ba144-dbuqg6hkte"
HOST = SPEC.hosts[0]
LETTERS = string.ascii_letters + string.digits


def independent(secret: str) -> Any:
    exchange = ccxt.htx({"apiKey": API_KEY, "secret": secret})
    exchange.session.close()
    return exchange


def theirs(exchange: Any, now_ms: int, probe: Probe, params: dict[str, str]) -> str:
    """The query that ccxt would send."""
    exchange.nonce = lambda: now_ms
    request = exchange.sign(probe.path.lstrip("/"), ["spot", "private"], "GET", params)
    url = urlsplit(request["url"])
    assert (url.netloc, url.path) == (HOST.server, probe.path)
    return url.query


def ours(secret: str, now_ms: int, probe: Probe) -> str:
    credentials = Credentials(Secret(API_KEY), Secret(secret), KeyKind.HMAC)
    return sign(credentials, probe, HOST, now_ms).query


def test_requests_with_random_parameters_are_equal() -> None:
    dice = random.Random("latchlight htx")
    exchange = independent("")
    values = LETTERS + " +/=&%?#~_-.,:;@!$'()*\u00e4\u0436\uff11"
    for _ in range(1000):
        groups = ("".join(dice.choices("0123456789abcdef", k=length)) for length in (8, 8, 8, 5))
        secret = exchange.secret = "-".join(groups)
        # Whole seconds: ccxt rounds the rest to the nearest one, which is as good.
        now_ms = dice.randrange(10**9, 2 * 10**9) * 1000
        # ccxt puts a call's own parameters behind the common ones: where those begin with a small
        # letter, as all documented ones do, that is their place by ASCII too.
        params = {
            dice.choice(string.ascii_lowercase)
            + "".join(dice.choices(LETTERS + "-", k=5)): "".join(
                dice.choices(values, k=dice.randint(1, 12))
            )
            for _ in range(dice.randint(0, 4))
        }
        probe = Probe("random", ACCOUNT.path, signed=True, query=tuple(params.items()))
        assert ours(secret, now_ms, probe) == theirs(exchange, now_ms, ACCOUNT, params)


@pytest.mark.parametrize(
    ("probe", "params"),
    [(ACCOUNT, {}), (ACCOUNTS, {}), (KEY, {"uid": "63628520", "accessKey": API_KEY})],
    ids=["account", "accounts", "key"],
)
def test_the_program_s_own_requests_are_equal(probe: Probe, params: dict[str, str]) -> None:
    secret = "c405c550-6fa0583b-fb4bc38e-d317e"
    uid = tuple((name, value) for name, value in params.items() if name == "uid")
    asked = Probe(probe.name, probe.path, signed=True, query=uid)
    assert ours(secret, NOW, asked) == theirs(independent(secret), NOW, probe, params)


def test_another_secret_gives_another_signature() -> None:
    right, wrong = "c405c550-6fa0583b-fb4bc38e-d317e", "c405c550-6fa0583b-fb4bc38e-d317f"
    there = theirs(independent(right), NOW, ACCOUNT, {})
    assert there.rpartition("&")[0] == ours(wrong, NOW, ACCOUNT).rpartition("&")[0]
    assert there != ours(wrong, NOW, ACCOUNT)
