"""Signature checks as Binance documents them, written from its documentation alone.

Source: binance-spot-api-docs, `rest-api.md`, "SIGNED request security" (read 2026-11-20). The
program's own signer is not used here on purpose: it would only agree with itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from urllib.parse import unquote_plus

from latchlight.core.credentials import KeyKind

_SIGNATURE = "signature="
_LAST_ASCII = 0x7F


def split_signature(query: str) -> tuple[str, str | None]:
    """The raw query without its signature, and the signature as sent (None: there is none).

    The signature must come last; elsewhere it stays part of the signed text, as the rest does.
    """
    payload, _, last = query.rpartition("&")
    if last.startswith(_SIGNATURE):
        return payload, last[len(_SIGNATURE) :] or None
    for part in query.split("&"):
        if part.startswith(_SIGNATURE):
            return query, part[len(_SIGNATURE) :] or None
    return query, None


def signed_bytes(query_payload: str, body: bytes = b"") -> bytes:
    """What is signed: the query as sent, and directly behind it the body. Raises ValueError.

    Since 2026-01-15 everything outside ASCII must be percent-encoded before it is signed.
    """
    payload = query_payload.encode("latin-1") + body
    if any(byte > _LAST_ASCII for byte in payload):
        raise ValueError("not percent-encoded")
    return payload


def matches(kind: KeyKind, known_secret: str, payload: bytes, signature: str) -> bool:
    """Whether `signature`, as it stands in the URL, belongs to the payload. Never raises.

    `known_secret` is the secret for HMAC and the public key (PEM) for RSA and Ed25519.
    """
    text = unquote_plus(signature)
    match kind:
        case KeyKind.HMAC:
            return hmac_matches(known_secret, payload, text)
        case KeyKind.RSA:
            return rsa_matches(known_secret, payload, text)
        case KeyKind.ED25519:
            return ed25519_matches(known_secret, payload, text)
        case KeyKind.ECDSA:
            return False


def hmac_matches(secret: str, payload: bytes, signature: str) -> bool:
    """HMAC-SHA256 in hexadecimal digits of either case."""
    wanted = hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), signature.lower().encode())


def rsa_matches(public_pem: str, payload: bytes, signature: str) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256 in base64; PSS is not supported by the exchange."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(public_pem.encode())
    raw = _base64(signature)
    if not isinstance(key, RSAPublicKey) or raw is None:
        return False
    try:
        key.verify(raw, payload, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def ed25519_matches(public_pem: str, payload: bytes, signature: str) -> bool:
    """Plain Ed25519 in base64."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(public_pem.encode())
    raw = _base64(signature)
    if not isinstance(key, Ed25519PublicKey) or raw is None:
        return False
    try:
        key.verify(raw, payload)
    except InvalidSignature:
        return False
    return True


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        return None
