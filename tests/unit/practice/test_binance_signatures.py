"""The practice exchange's own signature checks against published vectors."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from latchlight.core.credentials import KeyKind
from latchlight.practice.binance_signatures import matches, signed_bytes, split_signature
from latchlight.practice.keys import make_credential
from latchlight.practice.signatures import ed25519_matches, hmac_hex_matches, rsa_matches

# Examples printed in Binance's public documentation; they open nothing.
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
ED25519_PUBLIC = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGUIKv9dSpWXBViXp2m6vAIb8QMFJYBgyFEQsFJlqgA0=\n"
    "-----END PUBLIC KEY-----\n"
)
ORDER = "&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
H1 = (
    "symbol=LTCBTC" + ORDER,
    b"",
    "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
)
H2 = (
    "symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96" + ORDER,
    b"",
    "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3",
)
H3 = (
    "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC",
    b"quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
    "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
)
H4 = (
    "timestamp=1578963600000",
    b"",
    "d84e6641b1e328e7b418fff030caed655c266299c9355e36ce801ed14631eed4",
)
H8 = (
    "recvWindow=5000&timestamp=1499827319559",
    b"",
    "82f4e72e95e63d666b6da651e82a701722ad8a785a169318d91f36f279c55821",
)
E1 = (
    "A\x01EXAMPLE\x01SPOT\x011\x0120240627-11:17:25.223",
    "4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8AVZ1RACFGM+5UdlGPrQHrgtS3CvsRURC1oj73j8gCA==",
)
E2 = (
    "timestamp=1499827319559",
    "yX+8ucWbuFFcQGEl/oZxAAlZa7+FxlZ4BaBkoPyLJrgTh4nf6SbrIflpcNAvAdbafm8HiamioUOXvuw6CLU6DA==",
)
E3 = (
    "recvWindow=5000&timestamp=1499827319559",
    "ObMU29ZBaCxpwv3ul3S03/5WXf4QhVG6n5bQ461S8/Q2k6Zt9R8SneUgSwCZ0muAzQIvefpwKw+JYOuw2J70Cg==",
)
# 256 bytes, the length of an RSA signature, such as the documentation shows for Ed25519.
_NOT_ED25519 = "A" * 340 + "AA=="


@pytest.mark.parametrize(("query", "body", "signature"), [H1, H2, H3, H4, H8])
def test_published_hmac_vectors_are_accepted(query: str, body: bytes, signature: str) -> None:
    payload = signed_bytes(query, body)
    assert hmac_hex_matches(SECRET, payload, signature)
    assert hmac_hex_matches(SECRET, payload, signature.upper())
    assert not hmac_hex_matches(SECRET, payload + b"0", signature)
    assert not hmac_hex_matches(SECRET.swapcase(), payload, signature)


@pytest.mark.parametrize(("payload", "signature"), [E1, E2, E3])
def test_published_ed25519_vectors_are_accepted_once_percent_encoded(
    payload: str, signature: str
) -> None:
    assert ed25519_matches(ED25519_PUBLIC, payload.encode(), signature)
    sent = quote(signature, safe="")
    assert matches(KeyKind.ED25519, ED25519_PUBLIC, payload.encode(), sent)
    assert not matches(KeyKind.ED25519, ED25519_PUBLIC, payload.encode() + b" ", sent)


def test_a_plus_that_was_not_percent_encoded_is_refused() -> None:
    payload, signature = E2
    assert "+" in signature
    assert not matches(KeyKind.ED25519, ED25519_PUBLIC, payload.encode(), signature)


def test_base64_signatures_are_case_sensitive() -> None:
    payload, signature = E3
    assert not ed25519_matches(ED25519_PUBLIC, payload.encode(), signature.swapcase())


def test_an_rsa_signature_verifies_with_its_own_key_only() -> None:
    mine, other = make_credential(KeyKind.RSA)(), make_credential(KeyKind.RSA)()
    private = form.load_pem_private_key(mine.secret.encode(), None)
    assert isinstance(private, RSAPrivateKey)
    signature = base64.b64encode(private.sign(b"timestamp=1", PKCS1v15(), SHA256())).decode()
    assert rsa_matches(mine.known_to_exchange, b"timestamp=1", signature)
    assert not rsa_matches(mine.known_to_exchange, b"timestamp=2", signature)
    assert not rsa_matches(other.known_to_exchange, b"timestamp=1", signature)


@pytest.mark.parametrize("rubbish", ["", "=", "é", "%00", "a" * 63, "\ud7ff", _NOT_ED25519])
@pytest.mark.parametrize("kind", [KeyKind.HMAC, KeyKind.ED25519, KeyKind.RSA, KeyKind.ECDSA])
def test_rubbish_signatures_are_refused_without_an_error(kind: KeyKind, rubbish: str) -> None:
    known = SECRET if kind is KeyKind.HMAC else ED25519_PUBLIC
    assert matches(kind, known, b"timestamp=1", rubbish) is False


def test_the_signature_is_cut_off_only_at_the_end() -> None:
    assert split_signature("a=1&b=%2F&signature=xy") == ("a=1&b=%2F", "xy")
    assert split_signature("signature=xy") == ("", "xy")
    assert split_signature("a=1&signature=") == ("a=1", None)
    assert split_signature("a=1") == ("a=1", None)
    # In front, it stays part of what is signed, and so cannot be right.
    assert split_signature("signature=xy&a=1") == ("signature=xy&a=1", "xy")


def test_text_outside_ascii_must_be_percent_encoded_before_signing() -> None:
    with pytest.raises(ValueError, match="percent"):
        signed_bytes("symbol=\xef\xbc\x91")


def test_two_ed25519_keys_of_one_practice_differ() -> None:
    first, second = make_credential(KeyKind.ED25519)(), make_credential(KeyKind.ED25519)()
    assert first.secret != second.secret
    assert isinstance(form.load_pem_private_key(first.secret.encode(), None), Ed25519PrivateKey)
