"""An independent, widely used client signs OKX's requests in the same way, and is served alike."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import ccxt
import pytest

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges.okx import KEY, SPEC, sign
from latchlight.exchanges.spec import Host, Probe
from latchlight.practice.keys import PracticeKey
from latchlight.practice.world import PracticeWorld

NOW = 1_607_418_537_715
API_KEY = "37c541a1-5b6d-4e8f-90ab-10fe7a038418"
SECRET = "22582BD0CFF14C41EDBF1AB98506286D"
PASSPHRASE = "Made-up-2026"
LIVE, DEMO = SPEC.hosts[0], SPEC.hosts[-1]
SIGNED = ("OK-ACCESS-KEY", "OK-ACCESS-SIGN", "OK-ACCESS-TIMESTAMP", "OK-ACCESS-PASSPHRASE")


def independent(secret: str = SECRET, passphrase: str = PASSPHRASE) -> Any:
    exchange = ccxt.okx({"apiKey": API_KEY, "secret": secret, "password": passphrase})
    exchange.session.close()
    return exchange


def theirs(
    exchange: Any, now_ms: int, path: str = "account/config", params: dict[str, str] | None = None
) -> dict[str, str]:
    exchange.nonce = lambda: now_ms
    return dict(exchange.sign(path, ["private"], "GET", params or {})["headers"])


def ours(
    now_ms: int,
    probe: Probe = KEY,
    host: Host = LIVE,
    secret: str = SECRET,
    passphrase: str = PASSPHRASE,
) -> dict[str, str]:
    credentials = Credentials(Secret(API_KEY), Secret(secret), KeyKind.HMAC, Secret(passphrase))
    return dict(sign(credentials, probe, host, now_ms).headers)


def only_signed(headers: dict[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in SIGNED}


def test_headers_of_random_requests_are_equal() -> None:
    dice = random.Random("latchlight okx")
    inventable = string.ascii_letters + string.digits + string.punctuation
    exchange = independent()
    for _ in range(2000):
        secret = exchange.secret = "".join(dice.choices("0123456789ABCDEF", k=32))
        passphrase = exchange.password = "".join(dice.choices(inventable, k=dice.randint(8, 32)))
        now_ms = dice.randrange(10**12, 2 * 10**12)
        params = {
            "".join(dice.choices(string.ascii_letters, k=6)): "".join(
                dice.choices(string.printable, k=dice.randint(1, 9))
            )
            for _ in range(dice.randint(0, 3))
        }
        # Sent as it is signed: encoded on both sides.
        query = tuple((name, quote(value, safe="")) for name, value in params.items())
        probe = Probe("random", KEY.path, signed=True, query=query)
        there = theirs(exchange, now_ms, params=params)
        made = ours(now_ms, probe, secret=secret, passphrase=passphrase)
        assert only_signed(made) == only_signed(there)


@pytest.mark.parametrize("now_ms", [0, 999, 1000, NOW, 1_700_000_000_000, 4_102_444_799_999])
def test_times_are_written_alike(now_ms: int) -> None:
    assert only_signed(ours(now_ms)) == only_signed(theirs(independent(), now_ms))


def test_the_demo_is_asked_with_the_header_of_the_demo_alone() -> None:
    exchange = independent()
    exchange.set_sandbox_mode(True)
    name = "x-simulated-trading"
    assert ours(NOW, host=DEMO)[name] == exchange.headers[name] == "1"
    assert name not in ours(NOW)
    assert only_signed(ours(NOW, host=DEMO)) == only_signed(ours(NOW))


def test_another_secret_or_passphrase_gives_other_headers() -> None:
    there = theirs(independent(), NOW)
    wrong_secret = ours(NOW, secret=SECRET[::-1])
    assert wrong_secret["OK-ACCESS-SIGN"] != there["OK-ACCESS-SIGN"]
    wrong_passphrase = ours(NOW, passphrase="Made-up-2027")
    assert wrong_passphrase["OK-ACCESS-SIGN"] == there["OK-ACCESS-SIGN"]
    assert wrong_passphrase["OK-ACCESS-PASSPHRASE"] != there["OK-ACCESS-PASSPHRASE"]


# the whole client, served by the practice exchange


@pytest.fixture(scope="module")
def world() -> Iterator[PracticeWorld]:
    with PracticeWorld.start(exchanges=("okx",), faults=False) as started:
        yield started
        assert started.faults() == []


@contextmanager
def served(world: PracticeWorld, name: str, url: str = "", **changed: str) -> Iterator[Any]:
    """ccxt with a practice key, pointed at the practice exchange."""
    key = key_of(world, name)
    wishes = {"apiKey": key.api_key, "secret": key.secret, "password": key.passphrase}
    exchange = ccxt.okx({**wishes, **changed})
    exchange.urls["api"]["rest"] = url or key.base_url
    # Bundles named in the environment would win over ours.
    exchange.session.trust_env = False
    # ccxt hands `verify and validateServerSsl` to requests as the certificates to trust.
    exchange.validateServerSsl = str(world.ca_file)
    # Markets are not imitated.
    exchange.markets, exchange.currencies = {}, {}
    try:
        yield exchange
    finally:
        exchange.session.close()


def key_of(world: PracticeWorld, name: str) -> PracticeKey:
    return next(key for key in world.keys if key.name == name)


def test_ccxt_is_accepted_with_the_right_credentials(world: PracticeWorld) -> None:
    with served(world, "safe-spot") as exchange:
        told = exchange.privateGetAccountConfig()["data"][0]
        assert (told["perm"], told["ip"]) == ("read_only,trade", "203.0.113.7")
        assert exchange.fetch_time() == pytest.approx(time.time() * 1000, abs=10_000)
        assert exchange.fetch_status()["status"] == "ok"
        assert exchange.fetch_accounts()[0]["id"] == told["uid"]
        balance = exchange.fetch_balance()
        assert balance["USDT"] == {"free": 1250.0, "used": 0.0, "total": 1250.0}
        assert exchange.fetch_balance({"type": "funding"})["total"] == {}
        assert exchange.fetch_positions() == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"secret": SECRET}, "50113"),
        ({"password": PASSPHRASE}, "50105"),
        ({"apiKey": "x"}, "50111"),
    ],
    ids=["secret", "passphrase", "key"],
)
def test_ccxt_is_refused_with_wrong_credentials(
    world: PracticeWorld, wrong: dict[str, str], code: str
) -> None:
    with served(world, "safe-spot", **wrong) as exchange:
        with pytest.raises(ccxt.AuthenticationError, match=code):
            exchange.privateGetAccountConfig()
        with pytest.raises(ccxt.AuthenticationError, match=code):
            exchange.fetch_balance()


def test_ccxt_is_refused_from_an_unlisted_address(world: PracticeWorld) -> None:
    refused = pytest.raises(ccxt.PermissionDenied, match="50110")
    with served(world, "wrong-address") as exchange, refused:
        exchange.privateGetAccountConfig()


def test_ccxt_reaches_a_demo_key_in_its_sandbox_only(world: PracticeWorld) -> None:
    with served(world, "demo-key") as exchange:
        with pytest.raises(ccxt.AuthenticationError, match="50101"):
            exchange.privateGetAccountConfig()
        exchange.set_sandbox_mode(True)
        exchange.urls["api"]["rest"] = key_of(world, "demo-key").base_url
        assert exchange.privateGetAccountConfig()["data"][0]["label"] == "demo-key"


def test_ccxt_finds_a_key_of_the_other_region_there_only(world: PracticeWorld) -> None:
    refused = pytest.raises(ccxt.ExchangeError, match="50119")
    with served(world, "other-region") as exchange, refused:
        exchange.privateGetAccountConfig()
    with served(world, "other-region", world.other_urls["okx"]) as exchange:
        assert exchange.privateGetAccountConfig()["data"][0]["label"] == "other-region"
