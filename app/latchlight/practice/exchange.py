"""What a practice exchange is made of; one more exchange is one more entry in EXCHANGES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from latchlight.practice import binance_cast
from latchlight.practice.binance import BinanceSite
from latchlight.practice.binance_errors import FAULTS as BINANCE_FAULTS
from latchlight.practice.keys import KeyPlan, random_text
from latchlight.practice.messages import Site
from latchlight.practice.registry import HouseRules, Registry
from latchlight.practice.traits import ServerFaults

Clock = Callable[[], float]
"""Seconds since 1970 UTC."""
Egress = Callable[[], str]
"""The address that the exchange sees callers come from."""


@dataclass(frozen=True)
class PracticeExchange:
    """How one exchange is imitated."""

    id: str
    name: str
    rules: HouseRules
    cast: Callable[[str, str], tuple[KeyPlan, ...]]
    """From this computer's address and another one to all practice keys."""
    site: Callable[[Registry, Clock, Egress], Site]
    faults: ServerFaults
    new_api_key: Callable[[], str]
    new_passphrase: Callable[[], str] | None = None


EXCHANGES: dict[str, PracticeExchange] = {
    "binance": PracticeExchange(
        id="binance",
        name="Binance",
        rules=binance_cast.RULES,
        cast=binance_cast.cast,
        site=BinanceSite,
        faults=BINANCE_FAULTS,
        new_api_key=lambda: random_text(64),
    ),
}
"""All practice exchanges by id."""
