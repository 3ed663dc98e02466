"""Key material: of the right kind, always fresh, and spoilt without losing its shape."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from latchlight.core.credentials import KeyKind
from latchlight.practice.keys import (
    hmac_credential,
    make_credential,
    public_pem,
    random_hex,
    random_text,
    spoil,
)


def test_random_text_and_digits_have_the_length_asked_for() -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{30}", random_text(30))
    assert re.fullmatch(r"[0-9a-f]{31}", random_hex(31))
    assert random_hex(32) != random_hex(32)


def test_ecdsa_keys_are_p256_in_the_sec1_form() -> None:
    made = make_credential(KeyKind.ECDSA)()
    assert made.secret.startswith("-----BEGIN EC PRIVATE KEY-----\n")
    private = load_pem_private_key(made.secret.encode(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    assert isinstance(private.curve, SECP256R1)
    assert made.known_to_exchange == public_pem(private)
    assert made.known_to_exchange.startswith("-----BEGIN PUBLIC KEY-----\n")


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (KeyKind.ED25519, Ed25519PrivateKey),
        (KeyKind.RSA, RSAPrivateKey),
        (KeyKind.ECDSA, EllipticCurvePrivateKey),
    ],
)
def test_a_spoilt_key_pair_is_another_one_of_the_same_kind(kind: KeyKind, form: type) -> None:
    right = make_credential(kind)()
    wrong = spoil(right, make_credential(kind))
    assert wrong.known_to_exchange == right.known_to_exchange
    assert wrong.secret != right.secret
    assert isinstance(load_pem_private_key(wrong.secret.encode(), None), form)
    assert wrong.secret.splitlines()[0] == right.secret.splitlines()[0]


def test_hmac_secrets_can_have_the_exchanges_own_shape_also_when_spoilt() -> None:
    make = hmac_credential(lambda: random_hex(32).upper())
    right = make(KeyKind.HMAC)()
    wrong = spoil(right, make(KeyKind.HMAC))
    assert right.secret == right.known_to_exchange == wrong.known_to_exchange
    assert wrong.secret != right.secret
    for secret in (right.secret, wrong.secret):
        assert re.fullmatch(r"[0-9A-F]{32}", secret)


def test_an_own_hmac_shape_leaves_the_other_kinds_alone() -> None:
    made = hmac_credential(lambda: "text")(KeyKind.ED25519)()
    assert made.secret.startswith("-----BEGIN PRIVATE KEY-----")


def test_material_is_made_once_and_shows_nothing_when_printed() -> None:
    for kind in KeyKind:
        ask = make_credential(kind)
        made = ask()
        assert ask() is made
        assert made.secret not in repr(made)
