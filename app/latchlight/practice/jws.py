"""Reading a signed token (JWS in its compact form, RFC 7515) as strictly as a careful exchange."""

from __future__ import annotations

import base64
import json
import re
from typing import Any, NamedTuple

_FORM = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)", re.ASCII)
_MOST_LETTERS = 8192


class Jws(NamedTuple):
    """The parts of a token. Nothing is proved until the signature is checked."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signing_input: bytes
    """What is signed: header and claims as they came, with the dot between."""
    signature: bytes


def parse_jws(token: str) -> Jws | None:
    """The parts of a token, or None for everything that is not exactly one. Never raises.

    Refused are: padding, other alphabets, left-over bits, names that come twice, numbers that JSON
    does not know, half characters, and a missing signature.
    """
    found = _FORM.fullmatch(token) if len(token) <= _MOST_LETTERS else None
    if found is None:
        return None
    try:
        header, claims = _object(found[1]), _object(found[2])
        signature = _from_base64url(found[3])
    # The last one: brackets in brackets, thousands deep.
    except (ValueError, RecursionError):
        return None
    return Jws(header, claims, f"{found[1]}.{found[2]}".encode(), signature)


def _from_base64url(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != text.encode():
        raise ValueError("left-over bits")
    return raw


def _object(text: str) -> dict[str, Any]:
    value = json.loads(_from_base64url(text).decode(), object_pairs_hook=_named_once)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    # Writing it again finds what reading lets through: infinity, and half characters.
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    return value


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name comes twice")
    return value
