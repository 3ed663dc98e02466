"""Coinbase: docs.cdp.coinbase.com, "Get API Key Permissions"."""

from __future__ import annotations

from .evidence import Asked, Said
from .strict_json import Refused


def check(asked: Asked, said: Said) -> None:
    """Always refuses: no answer tells whether a list of addresses is on."""
    raise Refused
