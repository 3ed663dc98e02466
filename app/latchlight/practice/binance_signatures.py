"""What Binance signs and where the signature stands, written from its documentation alone.

Source: binance-spot-api-docs, `rest-api.md`, "SIGNED request security" (read 2026-11-20).
"""

from __future__ import annotations

from urllib.parse import unquote_plus

from latchlight.core.credentials import KeyKind
from latchlight.practice.signatures import ed25519_matches, hmac_hex_matches, rsa_matches

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
            return hmac_hex_matches(known_secret, payload, text)
        case KeyKind.RSA:
            return rsa_matches(known_secret, payload, text)
        case KeyKind.ED25519:
            return ed25519_matches(known_secret, payload, text)
        case KeyKind.ECDSA:
            return False
