"""An independent, widely used client makes tokens that say the same, and both verify."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from typing import Any

import ccxt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.exchanges.coinbase import KEY, SPEC, sign

NOW = 1_700_000_000
HOST = SPEC.hosts[0]
Verify = Callable[[bytes, bytes], None]
"""Signature and text. Raises InvalidSignature."""


def new_key(kind: KeyKind) -> tuple[str, Verify]:
    """A secret as Coinbase hands it out, and how to check what it signed."""
    if kind is KeyKind.ED25519:
        private = ed25519.Ed25519PrivateKey.generate()
        public = private.public_key()
        both = private.private_bytes_raw() + public.public_bytes_raw()
        return base64.b64encode(both).decode(), public.verify
    pair = ec.generate_private_key(ec.SECP256R1())
    pem = pair.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
    )

    def verify(signature: bytes, text: bytes) -> None:
        r, s = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
        pair.public_key().verify(encode_dss_signature(r, s), text, ec.ECDSA(hashes.SHA256()))

    return pem.decode(), verify


def theirs(name: str, secret: str) -> str:
    exchange = ccxt.coinbase({"apiKey": name, "secret": secret})
    exchange.session.close()
    exchange.seconds = lambda: NOW
    made = exchange.sign("brokerage/key_permissions", ["v3", "private"], "GET")
    assert made["url"] == "https://api.coinbase.com/api/v3/brokerage/key_permissions"
    return token_of(made["headers"])


def ours(name: str, secret: str, kind: KeyKind) -> str:
    made = sign(Credentials(Secret(name), Secret(secret), kind), KEY, HOST, NOW * 1000 + 640)
    return token_of(dict(made.headers))


def token_of(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, claims, signature, and what is signed."""
    raw = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")]
    return json.loads(raw[0]), json.loads(raw[1]), raw[2], token.rpartition(".")[0].encode()


@pytest.mark.parametrize("kind", [KeyKind.ED25519, KeyKind.ECDSA])
def test_both_tokens_verify_and_say_the_same(kind: KeyKind) -> None:
    for _ in range(25):
        name = f"organizations/{uuid.uuid4()}/apiKeys/{uuid.uuid4()}"
        secret, verify = new_key(kind)
        header, claims, signature, text = parts(ours(name, secret, kind))
        their_header, their_claims, their_signature, their_text = parts(theirs(name, secret))
        verify(signature, text)
        verify(their_signature, their_text)
        assert len(signature) == len(their_signature) == 64
        for field in ("alg", "kid", "typ"):
            assert header[field] == their_header[field]
        assert (claims["sub"], claims["exp"] - claims["nbf"]) == (their_claims["sub"], 120)
        assert their_claims["exp"] - their_claims["nbf"] == 120
        # A little earlier than the present second, in which theirs begins.
        assert 0 < their_claims["nbf"] - claims["nbf"] < 5
        assert [claims["uri"]] == (their_claims.get("uris") or [their_claims["uri"]])


@pytest.mark.parametrize("kind", [KeyKind.ED25519, KeyKind.ECDSA])
def test_another_key_does_not_verify(kind: KeyKind) -> None:
    name = f"organizations/{uuid.uuid4()}/apiKeys/{uuid.uuid4()}"
    secret, _ = new_key(kind)
    _, verify_other = new_key(kind)
    for token in (ours(name, secret, kind), theirs(name, secret)):
        _, _, signature, text = parts(token)
        with pytest.raises(InvalidSignature):
            verify_other(signature, text)
