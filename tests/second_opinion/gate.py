"""Gate: www.gate.io/docs/developers/apiv4, "Get account detail", "Query all main account keys"."""

from __future__ import annotations

from .evidence import Asked, Said
from .strict_json import Refused

WORDS = (
    *("wallet", "spot", "futures", "delivery", "earn", "custody", "options", "account", "loan"),
    *("margin", "unified", "copy", "pilot", "otc", "alpha", "crossx", "tradfi_spot", "cfd"),
    *("cfd_copy", "stock_copy", "sub_accounts", "withdrawal"),
)


def check(asked: Asked, said: Said) -> None:
    """Always refuses: no documented word says whether a key may withdraw."""
    raise Refused
