"""The practice keys: how each is planned, and what is handed out for it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from enum import Enum
from threading import Thread
from typing import TYPE_CHECKING

from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import Sentence
from latchlight.practice.traits import Trait

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import PrivateFormat

    PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey | RSAPrivateKey

_LETTERS = string.ascii_letters + string.digits
_HEX_DIGITS = "0123456789abcdef"


@dataclass(frozen=True)
class KeyState:
    """What the exchange's page shows for a key, and what can be switched there."""

    restricted: bool
    """The key works from listed addresses only."""
    addresses: tuple[str, ...] = ()
    switches: frozenset[str] = frozenset()
    """The exchange's own field names of every permission that is on."""


@dataclass(frozen=True)
class KeyPlan:
    """One key of the cast of an exchange, before it is made."""

    name: str
    story: Sentence
    state: KeyState
    light: Light
    reason: str | None = None
    kind: KeyKind = KeyKind.HMAC
    purpose: Purpose = Purpose.SPOT
    trait: Trait = Trait.NORMAL
    quirk: Enum | None = None
    """What is odd about the exchange's answer, on purpose; every exchange has its own closed set."""
    age_days: float = 40.0
    ends_in_days: float | None = None
    """When the right to trade lapses, counted from the start of the practice session."""
    registered: bool = True
    """False: the exchange does not know this key (any more)."""
    right_secret: bool = True
    """False: what is handed out is not the secret that the exchange has."""
    right_passphrase: bool = True
    """False: what is handed out is not the passphrase that the exchange has."""
    seen_from: str | None = None
    """The exchange sees calls with this key come from here, wherever this computer pretends to be:
    a split tunnel, or IPv6."""
    sub_account: bool = False
    """The key belongs to a sub-account."""
    own: bool = False
    """Made on the practice page while practising; nobody promised a light for it."""
    elsewhere: bool = False
    """Known at the exchange's other regional host only, and handed out with the main host."""


@dataclass(frozen=True)
class PracticeKey:
    """One practice key with its credentials, which are worth nothing anywhere else."""

    name: str
    exchange: str
    kind: KeyKind
    purpose: Purpose
    expected_light: Light
    expected_reason: str | None
    """The diagnosis code, or the rule whose finding makes the light; None for green."""
    story: Sentence
    """What is right or wrong with this key, in one sentence."""
    base_url: str
    trait: Trait
    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    """A PEM private key for all kinds but HMAC, unless the exchange hands out another form."""
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Credential:
    """What the owner gets (`secret`) and what the exchange keeps to check signatures with."""

    secret: str = field(repr=False)
    known_to_exchange: str = field(repr=False)
    """The same secret for HMAC, the public key (PEM) otherwise."""


CredentialMaker = Callable[[KeyKind], Callable[[], Credential]]
"""Starts making key material of a kind; asking the result for it waits until it is there."""


def random_text(length: int) -> str:
    """Letters and digits from the system's random source."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def random_hex(length: int) -> str:
    """Hexadecimal digits in lower case from the system's random source."""
    return "".join(secrets.choice(_HEX_DIGITS) for _ in range(length))


def hmac_credential(make_text: Callable[[], str]) -> CredentialMaker:
    """A maker whose HMAC secrets come from `make_text`, for exchanges where they look different.

    All other kinds are made as by `make_credential`.
    """

    def make(kind: KeyKind) -> Callable[[], Credential]:
        if kind is not KeyKind.HMAC:
            return make_credential(kind)
        secret = make_text()
        return _at_once(Credential(secret, secret))

    return make


def make_credential(kind: KeyKind) -> Callable[[], Credential]:
    """Fresh key material: 64 letters and digits for HMAC, a PEM private key otherwise.

    RSA is made in the background; asking for it waits until it is there.
    """
    match kind:
        case KeyKind.HMAC:
            return hmac_credential(lambda: random_text(64))(kind)
        case KeyKind.ED25519:
            return _at_once(_ed25519_credential())
        case KeyKind.ECDSA:
            return _at_once(_ecdsa_credential())
        case KeyKind.RSA:
            return _in_background(_rsa_credential)


def spoil(credential: Credential, make: Callable[[], Credential]) -> Credential:
    """The same, but its owner was given another secret of the same kind; `make` makes that one."""
    return replace(credential, secret=make().secret)


def _at_once(made: Credential) -> Callable[[], Credential]:
    return lambda: made


def _ed25519_credential() -> Credential:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import PrivateFormat

    return _pem_pair(Ed25519PrivateKey.generate(), PrivateFormat.PKCS8)


def _ecdsa_credential() -> Credential:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import PrivateFormat

    # Of an EC key this is the SEC1 form: "BEGIN EC PRIVATE KEY".
    return _pem_pair(generate_private_key(SECP256R1()), PrivateFormat.TraditionalOpenSSL)


def _rsa_credential() -> Credential:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import PrivateFormat

    private = generate_private_key(public_exponent=65537, key_size=2048)
    return _pem_pair(private, PrivateFormat.PKCS8)


def _pem_pair(private: PrivateKey, form: PrivateFormat) -> Credential:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption

    secret = private.private_bytes(Encoding.PEM, form, NoEncryption())
    return Credential(secret.decode(), public_pem(private))


def public_pem(private: PrivateKey) -> str:
    """What the exchange keeps of a key pair, for makers that hand out the private key otherwise."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = private.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _in_background(make: Callable[[], Credential]) -> Callable[[], Credential]:
    # Finding the primes takes 10 to 100 ms, and the library does it without blocking other threads.
    future: Future[Credential] = Future()

    def work() -> None:
        try:
            future.set_result(make())
        # A border: the error is handed to whoever asks for the key.
        except Exception as error:  # noqa: BLE001
            future.set_exception(error)

    Thread(target=work, name="practice-rsa", daemon=True).start()
    return future.result
