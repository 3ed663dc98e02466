"""An independent, widely used client signs Bitget's requests in the same way."""

from __future__ import annotations

import random
import string
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import ccxt
import pytest

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges.bitget import CLASSIC, HOSTS, KEY, sign
from latchlight.exchanges.spec import Host, Probe, SignedRequest

NOW = 1_700_000_000_000
API_KEY = "bg_5f0c1d2e3a4b59687786a5b4c3d2e1f0"
LIVE, DEMO = HOSTS
SIGNED = ("ACCESS-KEY", "ACCESS-SIGN", "ACCESS-TIMESTAMP", "ACCESS-PASSPHRASE")
PLACES = {CLASSIC: ("spot", "v2/spot/account/info"), KEY: ("uta", "v3/account/info")}


def independent(secret: str, passphrase: str) -> Any:
    exchange = ccxt.bitget({"apiKey": API_KEY, "secret": secret, "password": passphrase})
    exchange.session.close()
    return exchange


def theirs(exchange: Any, now_ms: int, probe: Probe, params: dict[str, str]) -> dict[str, Any]:
    exchange.nonce = lambda: now_ms
    section, path = PLACES[probe]
    request: dict[str, Any] = exchange.sign(path, ["private", section], "GET", params)
    return request


def ours(
    secret: str,
    passphrase: str,
    now_ms: int,
    probe: Probe,
    params: dict[str, str],
    host: Host = LIVE,
) -> SignedRequest:
    credentials = Credentials(Secret(API_KEY), Secret(secret), KeyKind.HMAC, Secret(passphrase))
    asked = Probe(probe.name, probe.path, signed=True, query=tuple(params.items()))
    return sign(credentials, asked, host, now_ms)


def test_signatures_of_random_requests_are_equal() -> None:
    dice = random.Random("latchlight bitget")
    letters = string.ascii_letters + string.digits
    values = letters + "-_.,:;/ *()!$@\u00e4\u4ea4"
    exchange = independent("", "")
    for _ in range(500):
        secret = "".join(dice.choices("0123456789abcdef", k=64))
        passphrase = "".join(dice.choices(letters, k=dice.randint(8, 32)))
        now_ms = dice.randrange(10**12, 2 * 10**12)
        params = {
            "".join(dice.choices(letters, k=6)): "".join(dice.choices(values, k=9))
            for _ in range(dice.randint(0, 4))
        }
        probe = dice.choice((CLASSIC, KEY))
        exchange.secret, exchange.password = secret, passphrase
        there = theirs(exchange, now_ms, probe, params)
        here = ours(secret, passphrase, now_ms, probe, params)
        headers = dict(here.headers)
        assert {name: headers[name] for name in SIGNED} == {
            name: there["headers"][name] for name in SIGNED
        }
        url = urlsplit(there["url"])
        assert (url.netloc, url.path) == (LIVE.server, probe.path)
        # It percent-encodes the query on its way; signed is what was there before.
        assert parse_qsl(url.query) == [tuple(p.split("=", 1)) for p in here.query.split("&") if p]


def test_the_demo_is_chosen_by_the_same_header() -> None:
    exchange = independent("0" * 64, "Practice2026")
    exchange.options["sandboxMode"] = True
    there = theirs(exchange, NOW, KEY, {})["headers"]
    here = dict(ours("0" * 64, "Practice2026", NOW, KEY, {}, DEMO).headers)
    assert {name.lower(): value for name, value in there.items()}["paptrading"] == "1"
    assert here["paptrading"] == "1"
    assert here["ACCESS-SIGN"] == there["ACCESS-SIGN"]


@pytest.mark.parametrize("probe", PLACES)
def test_another_secret_or_passphrase_gives_other_headers(probe: Probe) -> None:
    there = theirs(independent("0" * 64, "Practice2026"), NOW, probe, {})["headers"]
    wrong_secret = dict(ours("1" * 64, "Practice2026", NOW, probe, {}).headers)
    assert wrong_secret["ACCESS-SIGN"] != there["ACCESS-SIGN"]
    wrong_passphrase = dict(ours("0" * 64, "Practice2027", NOW, probe, {}).headers)
    assert wrong_passphrase["ACCESS-SIGN"] == there["ACCESS-SIGN"]
    assert wrong_passphrase["ACCESS-PASSPHRASE"] != there["ACCESS-PASSPHRASE"]
