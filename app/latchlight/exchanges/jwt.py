"""JSON Web Tokens (RFC 7519, RFC 7515) as exchanges want them: compact JSON, one signature."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from latchlight.core.credentials import Credentials, KeyKind
from latchlight.core.errors import InputError
from latchlight.core.sentences import say
from latchlight.exchanges.signing import ed25519_raw, es256_raw

_ALGORITHMS = {KeyKind.ECDSA: "ES256", KeyKind.ED25519: "EdDSA"}


def algorithm(kind: KeyKind) -> str:
    """The `alg` of a key kind. Raises InputError for kinds that sign no tokens."""
    name = _ALGORITHMS.get(kind)
    if name is None:
        raise InputError(
            say("This kind of key signs no requests of this exchange any more."),
            say("Make a new key on the exchange's page."),
            "secret",
        )
    return name


def token(
    credentials: Credentials, header: Mapping[str, object], claims: Mapping[str, object]
) -> str:
    """A signed token; header and claims are written in the order in which they are given."""
    signing_input = f"{_part(header)}.{_part(claims)}"
    match credentials.kind:
        case KeyKind.ED25519:
            signature = ed25519_raw(credentials.secret, signing_input)
        case _:
            signature = es256_raw(credentials.secret, signing_input)
    return f"{signing_input}.{_base64url(signature)}"


def _part(value: Mapping[str, object]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
