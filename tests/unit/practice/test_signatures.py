"""The shared signature checks against published vectors, and against everything else."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from latchlight.core.credentials import KeyKind
from latchlight.practice.keys import make_credential, public_pem
from latchlight.practice.signatures import (
    Digest,
    ecdsa_raw_matches,
    ed25519_matches,
    ed25519_raw_matches,
    hmac_base64_matches,
    hmac_hex_matches,
    rsa_matches,
)

# RFC 4231, test case 2.
SECRET, PAYLOAD = "Jefe", b"what do ya want for nothing?"
SHA256_HEX = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
SHA512_HEX = (
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
    "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
)


def _base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _pem(public: Ed25519PublicKey | ec.EllipticCurvePublicKey) -> str:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


# RFC 7515, appendix A.3.
ES256_PUBLIC = _pem(
    ec.EllipticCurvePublicNumbers(
        int.from_bytes(_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), "big"),
        int.from_bytes(_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"), "big"),
        ec.SECP256R1(),
    ).public_key()
)
ES256_SIGNED = (
    b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    b"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
ES256_SIGNATURE = _base64url(
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
# RFC 8037, appendix A.4.
EDDSA_PUBLIC = _pem(
    Ed25519PublicKey.from_public_bytes(_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
)
EDDSA_SIGNED = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
EDDSA_SIGNATURE = _base64url(
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)


@pytest.mark.parametrize(("digest", "wanted"), [("sha256", SHA256_HEX), ("sha512", SHA512_HEX)])
def test_published_hmac_vectors_are_accepted_in_both_forms(digest: Digest, wanted: str) -> None:
    as_base64 = base64.b64encode(bytes.fromhex(wanted)).decode()
    assert hmac_hex_matches(SECRET, PAYLOAD, wanted, digest)
    assert hmac_hex_matches(SECRET, PAYLOAD, wanted.upper(), digest)
    assert hmac_base64_matches(SECRET, PAYLOAD, as_base64, digest)
    assert not hmac_base64_matches(SECRET, PAYLOAD, as_base64.rstrip("="), digest)
    assert not hmac_base64_matches(SECRET, PAYLOAD, as_base64.swapcase(), digest)


def test_an_hmac_of_another_text_secret_digest_or_form_does_not_match() -> None:
    assert not hmac_hex_matches(SECRET, PAYLOAD + b" ", SHA256_HEX)
    assert not hmac_hex_matches("jefe", PAYLOAD, SHA256_HEX)
    assert not hmac_hex_matches(SECRET, PAYLOAD, SHA512_HEX)
    assert not hmac_hex_matches(SECRET, PAYLOAD, SHA256_HEX, "sha512")
    assert not hmac_base64_matches(SECRET, PAYLOAD, SHA256_HEX)


def test_the_published_es256_vector_is_accepted_and_nothing_near_it() -> None:
    assert ecdsa_raw_matches(ES256_PUBLIC, ES256_SIGNED, ES256_SIGNATURE)
    assert not ecdsa_raw_matches(ES256_PUBLIC, ES256_SIGNED + b"=", ES256_SIGNATURE)
    assert not ecdsa_raw_matches(ES256_PUBLIC, ES256_SIGNED, ES256_SIGNATURE[::-1])
    assert not ecdsa_raw_matches(ES256_PUBLIC, ES256_SIGNED, bytes(64))
    other = make_credential(KeyKind.ECDSA)().known_to_exchange
    assert not ecdsa_raw_matches(other, ES256_SIGNED, ES256_SIGNATURE)


def test_ecdsa_in_der_or_on_another_curve_does_not_match() -> None:
    made = make_credential(KeyKind.ECDSA)()
    private = load_pem_private_key(made.secret.encode(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    der = private.sign(PAYLOAD, ECDSA(SHA256()))
    assert ecdsa_raw_matches(made.known_to_exchange, PAYLOAD, _raw(der))
    assert not ecdsa_raw_matches(made.known_to_exchange, PAYLOAD, der)
    bitcoin = ec.generate_private_key(ec.SECP256K1())
    raw = _raw(bitcoin.sign(PAYLOAD, ECDSA(SHA256())))
    assert not ecdsa_raw_matches(public_pem(bitcoin), PAYLOAD, raw)


def _raw(der: bytes) -> bytes:
    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_the_published_eddsa_vector_is_accepted_and_nothing_near_it() -> None:
    assert ed25519_raw_matches(EDDSA_PUBLIC, EDDSA_SIGNED, EDDSA_SIGNATURE)
    assert ed25519_matches(EDDSA_PUBLIC, EDDSA_SIGNED, base64.b64encode(EDDSA_SIGNATURE).decode())
    assert not ed25519_raw_matches(EDDSA_PUBLIC, EDDSA_SIGNED[1:], EDDSA_SIGNATURE)
    assert not ed25519_raw_matches(EDDSA_PUBLIC, EDDSA_SIGNED, EDDSA_SIGNATURE[:-1])


def test_rsa_matches_pkcs1_with_sha256_only() -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    known = public_pem(private)

    def told(raw: bytes) -> str:
        return base64.b64encode(raw).decode()

    right = told(private.sign(PAYLOAD, PKCS1v15(), SHA256()))
    assert rsa_matches(known, PAYLOAD, right)
    assert not rsa_matches(known, PAYLOAD + b" ", right)
    assert not rsa_matches(known, PAYLOAD, told(private.sign(PAYLOAD, PKCS1v15(), SHA512())))
    pss = private.sign(PAYLOAD, PSS(MGF1(SHA256()), 32), SHA256())
    assert not rsa_matches(known, PAYLOAD, told(pss))


TEXT_CHECKS = [hmac_hex_matches, hmac_base64_matches, rsa_matches, ed25519_matches]
RAW_CHECKS = [ed25519_raw_matches, ecdsa_raw_matches]
KNOWN = ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "\udc80"]


@pytest.mark.parametrize("check", TEXT_CHECKS)
@pytest.mark.parametrize("known", [*KNOWN, EDDSA_PUBLIC, ES256_PUBLIC])
@pytest.mark.parametrize("signature", ["", "=", "\u00e9", "\ud800", "a" * 63, "AAAA\n", "A" * 2000])
def test_rubbish_text_never_matches_and_never_raises(
    check: Callable[[str, bytes, str], bool], known: str, signature: str
) -> None:
    assert check(known, PAYLOAD, signature) is False


@pytest.mark.parametrize("check", RAW_CHECKS)
@pytest.mark.parametrize("known", [*KNOWN, EDDSA_PUBLIC, ES256_PUBLIC])
@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), b"\xff" * 64, bytes(2000)])
def test_rubbish_bytes_never_match_and_never_raise(
    check: Callable[[str, bytes, bytes], bool], known: str, signature: bytes
) -> None:
    assert check(known, PAYLOAD, signature) is False
