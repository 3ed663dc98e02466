"""Secrets and what is made of them. A `Secret` shows stars in every text form."""

from __future__ import annotations

from enum import Enum
from typing import NoReturn

from latchlight.core.records import dataclass

_STARS = "***"


def _bytes(text: str) -> bytes:
    """Python's own error for half a character would carry the secret with it."""
    return text.encode("utf-8", "surrogatepass")


def _same(one: bytes, other: bytes) -> bool:
    """In constant time. Imported here: OpenSSL reads its variables when it is loaded, so they are dropped before."""
    from hmac import compare_digest

    return compare_digest(one, other)


class Secret:
    """A string that does not leak by accident.

    `reveal()` is called in two places only, the signer and the vault; a test counts them.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        if type(value) is not str:
            raise TypeError("a Secret is made from a string")
        self.__value = value

    def reveal(self) -> str:
        """The secret itself. Allowed in `exchanges/signing.py` and `vault/vault.py`, nowhere else."""
        return self.__value

    def __repr__(self) -> str:
        return _STARS

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return _STARS

    def __len__(self) -> int:
        return len(self.__value)

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return _same(_bytes(self.__value), _bytes(other.__value))

    def begins(self, text: str) -> bool:
        """Whether it starts with this text, in constant time for texts of one length."""
        return _same(_bytes(self.__value[: len(text)]), _bytes(text))

    def digest(self, salt: bytes) -> str:
        """A keyed hash (HMAC-SHA256, 32 hex digits) that recognises the same value again.

        Keyed with a random salt of this installation, so that a stored digest says nothing about
        the secret to somebody who does not have the salt.
        """
        import hashlib
        import hmac

        return hmac.new(salt, self.__value.encode(), hashlib.sha256).hexdigest()[:32]

    def __hash__(self) -> NoReturn:
        # A secret must not become the key of a dictionary that lives longer than it.
        raise TypeError("a Secret has no hash")

    def __refuse(self, *_: object) -> NoReturn:
        raise TypeError("a Secret cannot be copied or stored")

    __copy__ = __deepcopy__ = __reduce__ = __reduce_ex__ = __getstate__ = __refuse


class KeyKind(Enum):
    """How requests are signed with this key."""

    HMAC = "hmac"
    RSA = "rsa"
    ED25519 = "ed25519"
    ECDSA = "ecdsa"


@dataclass(frozen=True, eq=False)
class Credentials:
    """One API key with everything needed to sign. All three parts are `Secret`."""

    api_key: Secret
    secret: Secret
    kind: KeyKind
    passphrase: Secret | None = None
    hint: str = ""
    """The last four characters of the API key behind an ellipsis; the only part ever shown."""

    def fingerprint(self, salt: bytes) -> str:
        """Recognise the same API key again on this computer: 32 hex digits."""
        return self.api_key.digest(salt)


def key_hint(api_key: str) -> str:
    """The last four characters behind an ellipsis; fewer for keys too short to spare them."""
    shown = api_key[-4:] if len(api_key) >= 16 else ""
    return "…" + "".join(
        letter if letter.isalnum() and letter.isascii() else "*" for letter in shown
    )
