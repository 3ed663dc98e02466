"""Signing schemes: pure functions from a secret and a text to a signature.

The only file of this folder in which a `Secret` is opened.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.errors import InputError
from latchlight.core.sentences import say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

SMALLEST_RSA_BITS = 2048
_HEADER_SAFE = re.compile(r"[\x21-\x7e]{1,512}")


def _open(secret: Secret) -> str:
    return secret.reveal()


def _utf8(secret: Secret) -> bytes:
    """Python's own error for half a character would carry the secret with it."""
    text = _open(secret)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InputError(
            say("The secret contains characters that no secret has."),
            say("Copy it again from the exchange's page."),
            "secret",
        )
    return text.encode()


def header_value(api_key: Secret) -> str:
    """The API key as a header. Raises InputError for characters that no header may carry."""
    value = _open(api_key)
    if _HEADER_SAFE.fullmatch(value) is None:
        raise InputError(
            say("The API key contains characters that no key has."),
            say("Copy it again from the exchange's page."),
            "api_key",
        )
    return value


def hmac_sha256_hex(secret: Secret, payload: str) -> str:
    """HMAC-SHA256 in lowercase hex."""
    return hmac.new(_utf8(secret), payload.encode(), hashlib.sha256).hexdigest()


def rsa_sha256_base64(secret: Secret, payload: str) -> str:
    """RSASSA-PKCS1-v1_5 with SHA-256, in base64. `secret` is a PEM private key."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = _private_key(secret, checked=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _other_kind()
    signature = key.sign(payload.encode(), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode()


def ed25519_base64(secret: Secret, payload: str) -> str:
    """Ed25519 in base64. `secret` is a PEM private key."""
    from cryptography.hazmat.primitives.asymmetric import ed25519

    key = _private_key(secret)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise _other_kind()
    return base64.b64encode(key.sign(payload.encode())).decode()


def sign_query(credentials: Credentials, query: str) -> str:
    """A query string with its percent-encoded `signature` at the end, by the key's kind."""
    match credentials.kind:
        case KeyKind.HMAC:
            signature = hmac_sha256_hex(credentials.secret, query)
        case KeyKind.RSA:
            signature = rsa_sha256_base64(credentials.secret, query)
        case KeyKind.ED25519:
            signature = ed25519_base64(credentials.secret, query)
        case KeyKind.ECDSA:
            raise _other_kind()
    return f"{query}&signature={quote(signature, safe='')}"


def kind_of_secret(secret: Secret) -> KeyKind:
    """HMAC for plain text, else the kind of the PEM private key.

    Raises InputError for keys that are locked with a password, public, too short or unreadable.
    """
    if not _open(secret).lstrip().startswith("-----BEGIN"):
        return KeyKind.HMAC
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    key = _private_key(secret)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return KeyKind.ED25519
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return KeyKind.ECDSA
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA_BITS:
        return KeyKind.RSA
    raise _other_kind()


def _private_key(secret: Secret, *, checked: bool = False) -> PrivateKeyTypes:
    """Read a PEM key. Checking an RSA key's numbers takes 50 ms in which nothing else in this process
    can run, so a key that was checked when it was entered is not checked again for every signature.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    # Raised after the `except`: nothing of the library's error hangs on ours.
    try:
        return load_pem_private_key(
            _utf8(secret), password=None, unsafe_skip_rsa_key_validation=checked
        )
    except TypeError:
        problem = InputError(
            say("This private key is locked with a password."),
            say(
                "A bot cannot use it like this. Save it again without a password, or make a new key."
            ),
            "secret",
        )
    except (ValueError, UnsupportedAlgorithm):
        problem = InputError(
            say("This private key cannot be read."),
            say("Copy the whole text again, from the first dash to the last."),
            "secret",
        )
    raise problem


def _other_kind() -> InputError:
    return InputError(
        say("This kind of private key does not fit this exchange."),
        say("Make an Ed25519 key, or an RSA key of 2048 bits or more."),
        "secret",
    )
