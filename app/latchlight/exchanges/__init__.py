"""The exchanges, one declarative file each. The table is explicit on purpose.

A file is loaded when its exchange is first asked for: a check of one key needs one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from latchlight.exchanges.spec import ExchangeSpec

IDS = ("binance", "okx", "bybit", "kucoin", "gate", "bitget", "coinbase", "htx")
"""In the order in which they are offered; each is the name of its file."""

FACTS_DATE = "2026-11-20"
"""The oldest date on which one of the tables was compared with its sources; a test holds it."""


class _Exchanges(Mapping[str, ExchangeSpec]):
    """By id."""

    def __init__(self) -> None:
        self._loaded: dict[str, ExchangeSpec] = {}

    def __getitem__(self, id_: str) -> ExchangeSpec:
        if id_ not in self._loaded:
            self._loaded[id_] = _load(id_)
        return self._loaded[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(IDS)

    def __len__(self) -> int:
        return len(IDS)

    def __contains__(self, id_: object) -> bool:
        return id_ in IDS


def _load(id_: str) -> ExchangeSpec:
    """Written out, so that whatever reads imports sees them. Raises KeyError."""
    match id_:
        case "binance":
            from latchlight.exchanges.binance import SPEC
        case "okx":
            from latchlight.exchanges.okx import SPEC
        case "bybit":
            from latchlight.exchanges.bybit import SPEC
        case "kucoin":
            from latchlight.exchanges.kucoin import SPEC
        case "gate":
            from latchlight.exchanges.gate import SPEC
        case "bitget":
            from latchlight.exchanges.bitget import SPEC
        case "coinbase":
            from latchlight.exchanges.coinbase import SPEC
        case "htx":
            from latchlight.exchanges.htx import SPEC
        case _:
            raise KeyError(id_)
    return SPEC


EXCHANGES: Mapping[str, ExchangeSpec] = _Exchanges()
"""By id, in the order in which they are offered."""
