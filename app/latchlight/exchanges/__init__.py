"""The exchanges, one declarative file each. The mapping is explicit on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from latchlight.exchanges import binance, bitget, bybit, coinbase, gate, htx, kucoin, okx
from latchlight.exchanges.spec import ExchangeSpec

EXCHANGES: Mapping[str, ExchangeSpec] = MappingProxyType(
    {
        spec.id: spec
        for spec in (
            binance.SPEC,
            bybit.SPEC,
            okx.SPEC,
            kucoin.SPEC,
            gate.SPEC,
            bitget.SPEC,
            coinbase.SPEC,
            htx.SPEC,
        )
    }
)
"""By id, in the order in which they are offered."""

FACTS_DATE = min(spec.facts_date for spec in EXCHANGES.values())
"""The oldest date on which one of the tables was compared with its sources."""
