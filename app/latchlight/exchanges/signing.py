"""Signing schemes: pure functions from a secret and a text to a signature.

The only file of this folder in which a `Secret` is opened.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.errors import InputError
from latchlight.core.sentences import say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

SMALLEST_RSA_BITS = 2048
_HEADER_SAFE = re.compile(r"[\x21-\x7e]{1,512}")
_PASSPHRASE_SAFE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?")
_RAW_ED25519 = re.compile(r"[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==")


def _open(secret: Secret) -> str:
    return secret.reveal()


def _utf8(secret: Secret, field: str = "secret") -> bytes:
    """Python's own error for half a character would carry the secret with it."""
    text = _open(secret)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InputError(
            say("This contains characters that no key material has."),
            say("Copy it again from the exchange's page."),
            field,
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


def passphrase_value(credentials: Credentials) -> str:
    """The passphrase as a header, for exchanges that want it as it is. Raises InputError."""
    value = _open(_passphrase(credentials))
    if _PASSPHRASE_SAFE.fullmatch(value) is None:
        raise InputError(
            say("The passphrase contains characters that cannot be sent to this exchange."),
            say("Make a new key with a passphrase of letters, digits and plain signs."),
            "passphrase",
        )
    return value


def signed_passphrase(credentials: Credentials) -> str:
    """HMAC-SHA256 of the passphrase with the secret, in base64 (KuCoin, key versions 2 and 3)."""
    digest = hmac.new(
        _utf8(credentials.secret), _utf8(_passphrase(credentials), "passphrase"), hashlib.sha256
    )
    return base64.b64encode(digest.digest()).decode()


def _passphrase(credentials: Credentials) -> Secret:
    if credentials.passphrase is None:
        raise InputError(
            say("This key needs a passphrase."),
            say("Add the key again with the passphrase that you invented when you made it."),
            "passphrase",
        )
    return credentials.passphrase


def hmac_sha256_hex(secret: Secret, payload: str) -> str:
    """HMAC-SHA256 in lowercase hex."""
    return hmac.new(_utf8(secret), payload.encode(), hashlib.sha256).hexdigest()


def hmac_sha256_base64(secret: Secret, payload: str) -> str:
    """HMAC-SHA256 in base64."""
    digest = hmac.new(_utf8(secret), payload.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def hmac_sha512_hex(secret: Secret, payload: str) -> str:
    """HMAC-SHA512 in lowercase hex."""
    return hmac.new(_utf8(secret), payload.encode(), hashlib.sha512).hexdigest()


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
    return base64.b64encode(ed25519_raw(secret, payload)).decode()


def ed25519_raw(secret: Secret, payload: str) -> bytes:
    """Ed25519, 64 bytes. `secret` is a PEM private key, or base64 of a seed with or without its public key."""
    from cryptography.hazmat.primitives.asymmetric import ed25519

    key = _seeded(secret) or _private_key(secret)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise _other_kind()
    return key.sign(payload.encode())


def es256_raw(secret: Secret, payload: str) -> bytes:
    """ECDSA over P-256 with SHA-256 as r and s, 32 bytes each (RFC 7518, 3.4). `secret` is a PEM private key."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    key = _private_key(secret)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not _is_p256(key):
        raise _other_kind()
    r, s = decode_dss_signature(key.sign(payload.encode(), ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def sign_text(credentials: Credentials, payload: str) -> str:
    """HMAC-SHA256 in hex or RSA with SHA-256 in base64, by the key's kind (Bybit)."""
    match credentials.kind:
        case KeyKind.HMAC:
            return hmac_sha256_hex(credentials.secret, payload)
        case KeyKind.RSA:
            return rsa_sha256_base64(credentials.secret, payload)
        case KeyKind.ED25519 | KeyKind.ECDSA:
            raise _other_kind()


def sign_text_base64(credentials: Credentials, payload: str) -> str:
    """HMAC-SHA256 or RSA with SHA-256, in base64 by the key's kind (Bitget)."""
    match credentials.kind:
        case KeyKind.HMAC:
            return hmac_sha256_base64(credentials.secret, payload)
        case KeyKind.RSA:
            return rsa_sha256_base64(credentials.secret, payload)
        case KeyKind.ED25519 | KeyKind.ECDSA:
            raise _other_kind()


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


def kind_of_secret(secret: Secret, *, raw_ed25519: bool = False) -> KeyKind:
    """HMAC for plain text, else the kind of the PEM private key.

    `raw_ed25519`: plain text is base64 of an Ed25519 seed, alone or with its public key behind it.
    Raises InputError for keys that are locked with a password, public, too short or unreadable.
    """
    if not _open(secret).lstrip().startswith("-----BEGIN"):
        return _kind_of_text(secret) if raw_ed25519 else KeyKind.HMAC
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    key = _private_key(secret)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return KeyKind.ED25519
    if isinstance(key, ec.EllipticCurvePrivateKey) and _is_p256(key):
        return KeyKind.ECDSA
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA_BITS:
        return KeyKind.RSA
    raise _other_kind()


def _kind_of_text(secret: Secret) -> KeyKind:
    """The second half of a whole secret is the public key of the first: no other text passes for it."""
    if _seeded(secret) is None:
        raise InputError(
            say("This is not a whole private key of this exchange."),
            say(
                "Copy it again, or take the file that the exchange gave you when you made the key."
            ),
            "secret",
        )
    return KeyKind.ED25519


def _seeded(secret: Secret) -> Ed25519PrivateKey | None:
    """The key in base64 of 32 bytes (seed) or 64 bytes (seed and its public key), else None."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    text = _open(secret)
    if _RAW_ED25519.fullmatch(text) is None:
        return None
    raw = base64.b64decode(text)
    key = Ed25519PrivateKey.from_private_bytes(raw[:32])
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return key if raw[32:] in (b"", public) else None


def _is_p256(key: EllipticCurvePrivateKey) -> bool:
    return key.curve.name == "secp256r1"


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
        say("Make a new key of one of the kinds that the exchange's page offers."),
        "secret",
    )


def second_of(now_ms: int) -> datetime:
    """The second of a server's time. Added up: from a timestamp Windows makes nothing after the year 3000."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=now_ms // 1000)
