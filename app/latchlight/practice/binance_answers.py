"""What Binance answers when it does answer: the documented bodies, with practice values.

Source: developers.binance.com, wallet / account and spot / account endpoints (read 2026-11-20).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum

from latchlight.practice.messages import Answer, json_answer
from latchlight.practice.registry import KeyRecord


class Quirk(Enum):
    """What is odd about Binance's answer for a key, on purpose."""

    MISSING_FIELD = "missing-field"
    """The answer lacks the withdrawal field."""
    TEXT_BOOLEANS = "text-booleans"
    """Every yes and no comes as text."""
    TWICE = "twice"
    """The withdrawal field comes twice, with both values."""
    NO_WALLET_CALLS = "no-wallet-calls"
    """Refused by the calls that tell about permissions, accepted by the others."""


WITHDRAWALS = "enableWithdrawals"
KNOWN_RIGHTS = (
    "enableReading",
    WITHDRAWALS,
    "enableInternalTransfer",
    "enableMargin",
    "enableFutures",
    "permitsUniversalTransfer",
    "enableVanillaOptions",
    "enableFixApiTrade",
    "enableFixReadOnly",
    "enableSpotAndMarginTrading",
    "enablePortfolioMarginTrading",
)
"""The fields of apiRestrictions that are always there, in the order of the documented example."""


def api_restrictions(record: KeyRecord) -> Answer:
    """`GET /sapi/v1/account/apiRestrictions` for a key, with its quirk if it has one."""
    fields = _restriction_fields(record)
    quirk = record.plan.quirk
    if not isinstance(quirk, Quirk):
        return json_answer(fields)
    match quirk:
        case Quirk.NO_WALLET_CALLS:
            return json_answer(fields)
        case Quirk.MISSING_FIELD:
            return json_answer({n: v for n, v in fields.items() if n != WITHDRAWALS})
        case Quirk.TEXT_BOOLEANS:
            return json_answer({n: _as_text(v) for n, v in fields.items()})
        case Quirk.TWICE:
            twice = f'{{"{WITHDRAWALS}":true,' + json.dumps(fields, separators=(",", ":"))[1:]
            return Answer(200, twice.encode())


def _restriction_fields(record: KeyRecord) -> dict[str, object]:
    on = record.state.switches
    fields: dict[str, object] = {
        "ipRestrict": record.state.restricted,
        "createTime": int(record.created * 1000),
    }
    fields |= {name: name in on for name in KNOWN_RIGHTS}
    # A right that the exchange added after the documentation was read.
    fields |= dict.fromkeys(sorted(on - set(KNOWN_RIGHTS)), True)
    if record.ends is not None:
        fields["tradingAuthorityExpirationTime"] = int(record.ends * 1000)
    return fields


def _as_text(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def account(params: Mapping[str, str], now: float) -> Answer:
    """`GET /api/v3/account`. The three `can...` flags speak of the account, not of the key."""
    balances = [
        {"asset": "BTC", "free": "0.05000000", "locked": "0.00000000"},
        {"asset": "USDT", "free": "1250.00000000", "locked": "100.00000000"},
        {"asset": "BNB", "free": "0.00000000", "locked": "0.00000000"},
    ]
    if params.get("omitZeroBalances") == "true":
        balances = [b for b in balances if float(b["free"]) or float(b["locked"])]
    rates = {"maker": "0.00100000", "taker": "0.00100000"}
    return json_answer(
        {
            "makerCommission": 10,
            "takerCommission": 10,
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": {**rates, "buyer": "0.00000000", "seller": "0.00000000"},
            "canTrade": True,
            "canWithdraw": True,
            "canDeposit": True,
            "brokered": False,
            "requireSelfTradePrevention": False,
            "preventSor": False,
            "updateTime": int((now - 3600) * 1000),
            "accountType": "SPOT",
            "balances": balances,
            "permissions": ["SPOT"],
            "uid": 354937868,
        }
    )


def trading_status() -> Answer:
    """`GET /sapi/v1/account/apiTradingStatus`: the account's lock, not a right of the key."""
    trigger = {"GCR": 150, "IFER": 150, "UFR": 300}
    data = {
        "isLocked": False,
        "plannedRecoverTime": 0,
        "triggerCondition": trigger,
        "updateTime": 1547630471725,
    }
    return json_answer({"data": data})


def account_info() -> Answer:
    """`GET /sapi/v1/account/info`."""
    return json_answer(
        {
            "vipLevel": 0,
            "isMarginEnabled": True,
            "isFutureEnabled": True,
            "isOptionsEnabled": False,
            "isPortfolioMarginRetailEnabled": False,
        }
    )


def exchange_info(now: float) -> Answer:
    """`GET /api/v3/exchangeInfo` with the documented limits and one pair."""
    limits = [
        _limit("REQUEST_WEIGHT", "MINUTE", 1, 6000),
        _limit("ORDERS", "SECOND", 10, 100),
        _limit("ORDERS", "DAY", 1, 200000),
        _limit("RAW_REQUESTS", "MINUTE", 5, 300000),
    ]
    return json_answer(
        {
            "timezone": "UTC",
            "serverTime": int(now * 1000),
            "rateLimits": limits,
            "exchangeFilters": [],
            "symbols": [_BTCUSDT],
        }
    )


def _limit(kind: str, interval: str, number: int, limit: int) -> dict[str, object]:
    return {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}


_BTCUSDT: dict[str, object] = {
    "symbol": "BTCUSDT",
    "status": "TRADING",
    "baseAsset": "BTC",
    "baseAssetPrecision": 8,
    "quoteAsset": "USDT",
    "quotePrecision": 8,
    "quoteAssetPrecision": 8,
    "baseCommissionPrecision": 8,
    "quoteCommissionPrecision": 8,
    "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
    "icebergAllowed": True,
    "ocoAllowed": True,
    "quoteOrderQtyMarketAllowed": True,
    "allowTrailingStop": True,
    "cancelReplaceAllowed": True,
    "isSpotTradingAllowed": True,
    "isMarginTradingAllowed": True,
    "filters": [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": "0.01000000",
            "maxPrice": "1000000.00000000",
            "tickSize": "0.01000000",
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": "0.00001000",
            "maxQty": "9000.00000000",
            "stepSize": "0.00001000",
        },
    ],
    "permissions": [],
    "permissionSets": [["SPOT", "MARGIN"]],
    "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
    "allowedSelfTradePreventionModes": ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"],
}
