"""A second judge of exchanges' answers, written from their documentation and nothing else.

It shares no line with the program: own reader of JSON, own tables, own rules, one small file per
exchange. It says only whether green may be said. Sources stand in each file, read 2026-11-20.
"""

from __future__ import annotations

from collections.abc import Callable

from . import binance, bitget, bybit, coinbase, gate, htx, kucoin, okx
from .evidence import Asked, Heard, Said
from .lock import Tried
from .strict_json import Refused, read

CHECKS: dict[str, Callable[[Asked, Said], None]] = {
    "binance": binance.check,
    "bitget": bitget.check,
    "bybit": bybit.check,
    "coinbase": coinbase.check,
    "gate": gate.check,
    "htx": htx.check,
    "kucoin": kucoin.check,
    "okx": okx.check,
}
NEVER_GREEN = frozenset({"coinbase", "gate"})
"""Exchanges whose documents leave a question open that no answer closes."""
BY_LOCK_TEST = frozenset({"coinbase"})
"""Those of them where a lock test closes it."""

__all__ = [
    "BY_LOCK_TEST",
    "CHECKS",
    "NEVER_GREEN",
    "Asked",
    "Heard",
    "Refused",
    "Said",
    "Tried",
    "may_be_green",
    "read",
]


def may_be_green(asked: Asked, said: Said) -> bool:
    """Whether these answers, all received at `asked.now_ms`, prove a key safe for its purpose."""
    try:
        CHECKS[asked.exchange](asked, said)
    except Refused:
        return False
    return True
