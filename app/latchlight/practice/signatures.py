"""Signature checks of the kinds that exchanges use, written for the practice exchanges alone.

The program's own signer is not used here on purpose: it would only agree with itself. No check
raises: what cannot be read, of whatever kind, does not match. Public keys come as PEM.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

Digest = Literal["sha256", "sha512"]

_P256_NUMBER_BYTES = 32


def hmac_hex_matches(
    secret: str, payload: bytes, signature: str, digest: Digest = "sha256"
) -> bool:
    """HMAC in hexadecimal digits of either case."""
    return _same(_hmac(secret, payload, digest).hex(), signature.lower())


def hmac_base64_matches(
    secret: str, payload: bytes, signature: str, digest: Digest = "sha256"
) -> bool:
    """HMAC in standard base64 with its padding."""
    return _same(base64.b64encode(_hmac(secret, payload, digest)).decode(), signature)


def rsa_matches(public_pem: str, payload: bytes, signature: str) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256, in base64; PSS does not match."""
    key, raw = _public_key(public_pem), _from_base64(signature)
    if not isinstance(key, RSAPublicKey) or raw is None:
        return False
    try:
        key.verify(raw, payload, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def ed25519_matches(public_pem: str, payload: bytes, signature: str) -> bool:
    """Plain Ed25519, in base64."""
    raw = _from_base64(signature)
    return raw is not None and ed25519_raw_matches(public_pem, payload, raw)


def ed25519_raw_matches(public_pem: str, payload: bytes, signature: bytes) -> bool:
    """Plain Ed25519 as 64 bytes: JWS `EdDSA`."""
    key = _public_key(public_pem)
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, payload)
    except InvalidSignature:
        return False
    return True


def ecdsa_raw_matches(public_pem: str, payload: bytes, signature: bytes) -> bool:
    """ECDSA over P-256 with SHA-256, r and s of 32 bytes each: JWS `ES256`. DER does not match."""
    key = _public_key(public_pem)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        return False
    if len(signature) != 2 * _P256_NUMBER_BYTES:
        return False
    r = int.from_bytes(signature[:_P256_NUMBER_BYTES], "big")
    s = int.from_bytes(signature[_P256_NUMBER_BYTES:], "big")
    try:
        key.verify(encode_dss_signature(r, s), payload, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _hmac(secret: str, payload: bytes, digest: Digest) -> bytes:
    return hmac.digest(_bytes(secret), payload, digest)


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(_bytes(wanted), _bytes(given))


def _bytes(text: str) -> bytes:
    # Half a character cannot be encoded otherwise, and no caller may cause an error here.
    return text.encode("utf-8", "surrogatepass")


def _public_key(pem: str) -> object:
    try:
        return load_pem_public_key(_bytes(pem))
    except (ValueError, UnsupportedAlgorithm):
        return None


def _from_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(_bytes(text), validate=True)
    except (binascii.Error, ValueError):
        return None
