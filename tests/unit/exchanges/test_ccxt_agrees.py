"""An independent, widely used client signs the same bytes in the same way."""

from __future__ import annotations

import hashlib
import random
import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import ccxt
import pytest

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges.binance import ACCOUNT, KEY, SPEC, sign
from latchlight.exchanges.signing import sign_query
from latchlight.exchanges.spec import Probe
from latchlight.practice.keys import make_credential, random_text

from .test_vectors import API_KEY, HMAC_SECRET, HMAC_VECTORS, RSA_PEM, RSA_VECTORS, SECRETS, STAMP

HOST = SPEC.hosts[0]


NOW = 1499827319559
PAYLOADS = {KeyKind.HMAC: 2000, KeyKind.RSA: 50, KeyKind.ED25519: 50}


def independent(secret: str, api_key: str = API_KEY) -> Any:
    exchange = ccxt.binance({"apiKey": api_key, "secret": secret})
    exchange.nonce = lambda: NOW
    exchange.session.close()
    return exchange


def theirs(exchange: Any, path: str, params: dict[str, str], api: str = "sapi") -> tuple[str, str]:
    """The query that ccxt would send without its signature, and the signature decoded."""
    request = exchange.sign(path, [api], "GET", params)
    assert request["headers"]["X-MBX-APIKEY"] == exchange.apiKey
    query = urlsplit(request["url"]).query
    payload, _, signature = query.rpartition("&signature=")
    return payload, unquote(signature)


def ours(secret: str, kind: KeyKind, payload: str) -> str:
    credentials = Credentials(Secret(API_KEY), Secret(secret), kind)
    return unquote(sign_query(credentials, payload).rpartition("&signature=")[2])


def random_params(dice: random.Random) -> dict[str, str]:
    names = ["symbol", "recvWindow", "limit", "fromId", "note", "omitZeroBalances"]
    letters = string.ascii_letters + string.digits + " +/=&%?#~_-.,:;@!$'()*\u00e4\u0436\uff11"
    chosen = dice.sample(names, dice.randint(1, len(names)))
    return {name: "".join(dice.choices(letters, k=dice.randint(1, 40))) for name in chosen}


def rounds(kind: KeyKind) -> Iterator[tuple[str, str, str]]:
    dice = random.Random(f"latchlight {kind.value}")
    secret = SECRETS[kind]
    exchange = independent(secret)
    for number in range(PAYLOADS[kind]):
        if kind is KeyKind.HMAC:
            # A new secret each time: the key of the hash matters as much as its text.
            secret = exchange.secret = "".join(dice.choices(string.ascii_letters, k=64))
        elif number == PAYLOADS[kind] // 2:
            secret = exchange.secret = make_credential(kind)().secret
        yield (secret, *theirs(exchange, "account/apiRestrictions", random_params(dice)))


@pytest.mark.parametrize("kind", PAYLOADS)
def test_signatures_of_random_payloads_are_equal(kind: KeyKind) -> None:
    seen = 0
    for secret, payload, expected in rounds(kind):
        assert ours(secret, kind, payload) == expected
        seen += 1
    assert seen == PAYLOADS[kind]


def test_published_vectors_come_out_of_the_independent_client_too() -> None:
    exchange = independent(HMAC_SECRET)
    order, signature = HMAC_VECTORS["H1 order"]
    assert exchange.hmac(order.encode(), HMAC_SECRET.encode(), hashlib.sha256) == signature
    stamp, expected = RSA_VECTORS["R1 derived"]
    assert stamp == STAMP
    assert exchange.rsa(stamp, RSA_PEM, "sha256") == expected


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize(
    ("probe", "api", "path"),
    [(KEY, "sapi", "account/apiRestrictions"), (ACCOUNT, "private", "account")],
    ids=["key", "account"],
)
def test_the_program_s_own_requests_are_signed_alike(
    kind: KeyKind, probe: Probe, api: str, path: str
) -> None:
    secret = SECRETS[kind]
    request = sign(Credentials(Secret(API_KEY), Secret(secret), kind), probe, HOST, NOW)
    payload, _, signature = request.query.rpartition("&signature=")
    # ccxt orders the parameters in its own way; the signature belongs to the text as it is sent.
    their_payload, their_signature = theirs(independent(secret), path, dict(probe.query), api)
    assert sorted(parse_qsl(their_payload)) == sorted(
        {
            **dict(parse_qsl(payload)),
            "recvWindow": dict(parse_qsl(their_payload))["recvWindow"],
        }.items()
    )
    assert ours(secret, kind, their_payload) == their_signature
    assert ours(secret, kind, payload) == unquote(signature)


def test_another_secret_gives_another_signature() -> None:
    payload = urlencode({"timestamp": NOW})
    right, wrong = random_text(64), random_text(64)
    assert theirs(independent(right), "account/status", {})[1] != ours(wrong, KeyKind.HMAC, payload)
