"""Verifies signatures of the tool minisign, of its prehashed kind alone (https://jedisct1.github.io/minisign/).

A signature file has four lines: an untrusted comment, the signature, a trusted comment, and a signature over the first
signature and that comment. What is signed is the BLAKE2b-512 hash of the file.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_PREHASHED, _KEY = b"ED", b"Ed"
_KIND, _ID, _SIGNATURE, _PUBLIC = 2, 8, 64, 32
_UNTRUSTED, _TRUSTED = "untrusted comment: ", "trusted comment: "


class NotSigned(ValueError):  # noqa: N818 - a verdict on bytes, never shown to anybody
    """The file is not signed by any of the keys. Carries no part of it."""


def verified(content: bytes, signature_file: bytes, public_keys: Iterable[str]) -> str:
    """The trusted comment of a genuine signature by one of `public_keys` (base64, as minisign prints them).

    Raises NotSigned for everything else.
    """
    signature, signed_by, comment, global_signature = _read(signature_file)
    for text in public_keys:
        key_id, key = _public_key(text)
        if key_id != signed_by:
            continue
        try:
            key.verify(signature, hashlib.blake2b(content).digest())
            key.verify(global_signature, signature + comment.encode())
        except InvalidSignature:
            raise NotSigned("not by this key") from None
        return comment
    raise NotSigned("by no key that is known")


def _read(signature_file: bytes) -> tuple[bytes, bytes, str, bytes]:
    try:
        lines = signature_file.decode("utf-8", "strict").splitlines()
    except UnicodeDecodeError:
        raise NotSigned("no text") from None
    if len(lines) != 4 or not lines[0].startswith(_UNTRUSTED) or not lines[2].startswith(_TRUSTED):
        raise NotSigned("not the form of a signature")
    first, second = _decoded(lines[1], _KIND + _ID + _SIGNATURE), _decoded(lines[3], _SIGNATURE)
    if not first.startswith(_PREHASHED):
        raise NotSigned("another kind of signature")
    return first[_KIND + _ID :], first[_KIND : _KIND + _ID], lines[2][len(_TRUSTED) :], second


def _public_key(text: str) -> tuple[bytes, Ed25519PublicKey]:
    raw = _decoded(text, _KIND + _ID + _PUBLIC)
    if not raw.startswith(_KEY):
        raise NotSigned("another kind of key")
    return raw[_KIND : _KIND + _ID], Ed25519PublicKey.from_public_bytes(raw[_KIND + _ID :])


def _decoded(text: str, length: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotSigned("not base64") from None
    if len(raw) != length:
        raise NotSigned("another length")
    return raw
