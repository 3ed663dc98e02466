"""Tokens: exact bytes where the scheme is deterministic, verified by the public key where it is not."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.errors import InputError
from latchlight.exchanges.jwt import algorithm, token
from latchlight.exchanges.signing import es256_raw, kind_of_secret

# Published in coinbase-advanced-py, tests/constants.py; belongs to no account.
NAME = "organizations/test-organization/apiKeys/test-api-key"
SEED = "k0BUni0p0vZG1BdpVjS6ogBJ7kxm630AJ2dN+tuputDOKsRAwgyrpEQLeBtS1znTmzPX6Xr2eOWpzx6nW8knkA=="


def ec_key(curve: ec.EllipticCurve) -> tuple[ec.EllipticCurvePrivateKey, str]:
    private = ec.generate_private_key(curve)
    pem = private.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
    )
    return private, pem.decode()


def credentials(secret: str, kind: KeyKind) -> Credentials:
    return Credentials(Secret(NAME), Secret(secret), kind)


def test_an_ed25519_token_is_the_derived_vector_to_the_byte() -> None:
    header = {
        "alg": "EdDSA",
        "kid": NAME,
        "nonce": "0123456789abcdef0123456789abcdef",
        "typ": "JWT",
    }
    claims = {
        "sub": NAME,
        "iss": "cdp",
        "nbf": 1700000000,
        "exp": 1700000120,
        "uri": "GET api.coinbase.com/api/v3/brokerage/key_permissions",
    }
    made = token(credentials(SEED, KeyKind.ED25519), header, claims)
    signature = (
        "k5zcI4ZeRVI7BPRZfFhgm_UhuVnfa0keyDaoHwAy9fsa3drgehtephb-Ws8XUpMsjik3fFbcRdgP_BZcXqRhDQ"
    )
    assert made.rpartition(".")[2] == signature


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_an_es256_token_verifies_with_the_public_key_and_no_other() -> None:
    private, pem = ec_key(ec.SECP256R1())
    made = token(credentials(pem, KeyKind.ECDSA), {"alg": "ES256"}, {"sub": "a"})
    head, claims, signature = made.split(".")
    raw = decoded(signature)
    assert len(raw) == 64
    assert json.loads(decoded(claims)) == {"sub": "a"}
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    signed = f"{head}.{claims}".encode()
    private.public_key().verify(der, signed, ec.ECDSA(hashes.SHA256()))
    other, _ = ec_key(ec.SECP256R1())
    with pytest.raises(InvalidSignature):
        other.public_key().verify(der, signed, ec.ECDSA(hashes.SHA256()))


def test_algorithms_by_kind() -> None:
    assert algorithm(KeyKind.ECDSA) == "ES256"
    assert algorithm(KeyKind.ED25519) == "EdDSA"
    for kind in (KeyKind.HMAC, KeyKind.RSA):
        with pytest.raises(InputError):
            algorithm(kind)


def test_another_curve_is_refused_at_entry_and_by_the_signer() -> None:
    _, pem = ec_key(ec.SECP384R1())
    with pytest.raises(InputError):
        kind_of_secret(Secret(pem))
    with pytest.raises(InputError):
        es256_raw(Secret(pem), "x")


@pytest.mark.parametrize("cut", [1, 2, 4, 20, 44])
def test_a_cut_seed_is_noticed_before_anything_is_sent(cut: int) -> None:
    with pytest.raises(InputError) as caught:
        kind_of_secret(Secret(SEED[:-cut]), raw_ed25519=True)
    assert SEED[:8] not in str(caught.value)


def test_text_of_the_right_length_that_is_no_key_of_this_exchange_is_noticed() -> None:
    """A Kraken secret is 64 bytes in base64 as well; its second half is no public key of the first."""
    kraken = (
        "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
    )
    with pytest.raises(InputError):
        kind_of_secret(Secret(kraken), raw_ed25519=True)
    assert kind_of_secret(Secret(SEED), raw_ed25519=True) is KeyKind.ED25519
    assert kind_of_secret(Secret(kraken)) is KeyKind.HMAC


def test_a_seed_alone_signs_like_the_seed_with_its_public_key() -> None:
    seed = base64.b64encode(base64.b64decode(SEED)[:32]).decode()
    assert kind_of_secret(Secret(seed), raw_ed25519=True) is KeyKind.ED25519
    made = [token(credentials(s, KeyKind.ED25519), {"alg": "EdDSA"}, {}) for s in (seed, SEED)]
    assert made[0] == made[1]
