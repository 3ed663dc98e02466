"""An independent client, pointed at the practice exchange, is served like at the real one."""

from __future__ import annotations

import time
from typing import Any

import ccxt
import pytest

from latchlight.practice.keys import PracticeKey

from .conftest import Client


def _independent(client: Client, key: PracticeKey, secret: str | None = None) -> Any:
    exchange = ccxt.binance(
        {
            "apiKey": key.api_key,
            "secret": secret or key.secret,
            "options": {"fetchCurrencies": False},
        }
    )
    for name, path in (("public", "/api/v3"), ("private", "/api/v3"), ("sapi", "/sapi/v1")):
        exchange.urls["api"][name] = key.base_url + path
    # Bundles named in the environment would win over ours.
    exchange.session.trust_env = False
    # ccxt hands `verify and validateServerSsl` to requests as the certificates to trust.
    exchange.validateServerSsl = str(client.world.ca_file)
    return exchange


@pytest.mark.parametrize("name", ["safe-spot", "safe-rsa", "safe-ed25519"])
def test_ccxt_is_accepted_with_the_right_secret(client: Client, name: str) -> None:
    exchange = _independent(client, client.key(name))
    try:
        assert exchange.sapiGetAccountApiRestrictions()["enableWithdrawals"] is False
        assert exchange.privateGetAccount()["canWithdraw"] is True
        assert exchange.fetch_time() == pytest.approx(time.time() * 1000, abs=10_000)
        assert exchange.sapiGetAccountStatus() == {"data": "Normal"}
    finally:
        exchange.session.close()


def test_ccxt_is_refused_with_a_wrong_secret(client: Client) -> None:
    key = client.key("safe-spot")
    exchange = _independent(client, key, secret=key.secret[::-1])
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.sapiGetAccountApiRestrictions()
        with pytest.raises(ccxt.AuthenticationError):
            exchange.privateGetAccount()
    finally:
        exchange.session.close()


def test_ccxt_is_refused_from_an_unlisted_address(client: Client) -> None:
    exchange = _independent(client, client.key("wrong-address"))
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.sapiGetAccountApiRestrictions()
    finally:
        exchange.session.close()
