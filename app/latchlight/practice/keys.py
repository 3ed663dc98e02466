"""The practice keys: how each is planned, and what is handed out for it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from enum import Enum
from threading import Thread

from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import Sentence
from latchlight.practice.traits import Trait

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class KeyState:
    """What the exchange's page shows for a key, and what can be switched there."""

    restricted: bool
    """The key works from listed addresses only."""
    addresses: tuple[str, ...] = ()
    switches: frozenset[str] = frozenset()
    """The exchange's own field names of every permission that is on."""


class Quirk(Enum):
    """What is odd about the exchange's answer for a key, on purpose."""

    NONE = "none"
    MISSING_FIELD = "missing-field"
    """The answer lacks the withdrawal field."""
    TEXT_BOOLEANS = "text-booleans"
    """Every yes and no comes as text."""
    TWICE = "twice"
    """The withdrawal field comes twice, with both values."""
    NO_WALLET_CALLS = "no-wallet-calls"
    """Refused by the calls that tell about permissions, accepted by the others."""


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
    quirk: Quirk = Quirk.NONE
    age_days: float = 40.0
    ends_in_days: float | None = None
    """When the right to trade lapses, counted from the start of the practice session."""
    registered: bool = True
    """False: the exchange does not know this key (any more)."""
    right_secret: bool = True
    """False: what is handed out is not the secret that the exchange has."""


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
    """A PEM private key for RSA and Ed25519."""
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Credential:
    """What the owner gets (`secret`) and what the exchange keeps to check signatures with."""

    secret: str = field(repr=False)
    known_to_exchange: str = field(repr=False)
    """The same secret for HMAC, the public key (PEM) otherwise."""


def random_text(length: int) -> str:
    """Letters and digits from the system's random source."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _hmac_credential() -> Credential:
    secret = random_text(64)
    return Credential(secret, secret)


def _ed25519_credential() -> Credential:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return _pem_pair(Ed25519PrivateKey.generate())


def _rsa_credential() -> Credential:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    return _pem_pair(generate_private_key(public_exponent=65537, key_size=2048))


def _pem_pair(private: object) -> Credential:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if not isinstance(private, Ed25519PrivateKey | RSAPrivateKey):
        raise TypeError("not a private key that practice exchanges use")
    secret = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    public = private.public_key().public_bytes(
        form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo
    )
    return Credential(secret.decode(), public.decode())


def make_credential(kind: KeyKind) -> Callable[[], Credential]:
    """Fresh key material. RSA is made in the background; asking for it waits until it is there."""
    match kind:
        case KeyKind.HMAC:
            ready = _hmac_credential()
            return lambda: ready
        case KeyKind.ED25519:
            made = _ed25519_credential()
            return lambda: made
        case KeyKind.RSA:
            return _in_background(_rsa_credential)
        case KeyKind.ECDSA:
            raise ValueError("no practice exchange uses ECDSA keys yet")


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


def spoil(credential: Credential) -> Credential:
    """The same, but its owner was given another secret than the exchange has."""
    return replace(credential, secret=_hmac_credential().secret)
