"""All practice exchanges; one more is one more entry here."""

from __future__ import annotations

from latchlight.practice import binance, bitget, bybit, coinbase, gate, htx, kucoin, okx
from latchlight.practice.imitation import PracticeExchange

EXCHANGES: dict[str, PracticeExchange] = {
    made.id: made
    for made in (
        binance.PRACTICE,
        okx.PRACTICE,
        bybit.PRACTICE,
        kucoin.PRACTICE,
        gate.PRACTICE,
        bitget.PRACTICE,
        coinbase.PRACTICE,
        htx.PRACTICE,
    )
}
"""All practice exchanges by id, in the order in which they are shown."""
