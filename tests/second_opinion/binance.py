"""Binance: developers.binance.com, "Get API Key Permission", and binance-spot-api-docs, rest-api.md."""

from __future__ import annotations

from . import lock
from .evidence import NOTHING, Asked, Said, an_object, fresh, in_time, member, must, value_of, whole
from .forms import DAY_MS, NO, RIGHTS_BEGIN

FIRST_KEYS_MS = 1_498_867_200_000  # 2017-07-01, the month in which Binance opened
YEAR_2100_MS = 4_102_444_800_000
PLACES = {"api.binance.com"}

# field -> (group, whether a bot can live on this switch alone)
TABLE = {
    "enableReading": ("read", True),
    "enableFixReadOnly": ("read", False),
    "enableSpotAndMarginTrading": ("spot", True),
    "enableFixApiTrade": ("spot", False),
    "enableMargin": ("margin", True),
    "enablePortfolioMarginTrading": ("margin", False),
    "enableFutures": ("futures", True),
    "enableVanillaOptions": ("options", True),
    "permitsUniversalTransfer": ("exit", True),
    "enableInternalTransfer": ("exit", True),
    "enableWithdrawals": ("exit", True),
}
OTHER_FIELDS = {"ipRestrict", "createTime", "tradingAuthorityExpirationTime"}
WANTED = {
    "watch": {"read"},
    "spot": {"read", "spot"},
    "margin": {"read", "spot", "margin"},
    "futures": {"read", "futures"},
}


def check(asked: Asked, said: Said) -> None:
    """Refuses unless these answers prove a safe key."""
    must(asked.host in PLACES)
    server_ms = whole(member(_accepted(said, "/api/v3/time"), "serverTime"))
    in_time(asked, server_ms, 1000, 5000)
    fresh(said.get("/sapi/v1/account/apiRestrictions", NOTHING), server_ms)
    rights = _accepted(said, "/sapi/v1/account/apiRestrictions")
    must(_restrictions_fine(rights, asked.purpose, asked.now_ms))
    must(not lock.danger(asked, asked.lock, "shown ipRestrict=true"))


def _accepted(said: Said, path: str) -> dict[str, object]:
    value = an_object(value_of(said.get(path, NOTHING)))
    must("code" not in value and "msg" not in value)
    return value


def _restrictions_fine(rights: dict[str, object], purpose: str, now_ms: int) -> bool:
    return (
        rights.get("ipRestrict") is True
        and all(_switch_fine(rights, name, purpose) for name in TABLE)
        and _dates_fine(rights, now_ms)
        and all(
            _stranger_fine(name, value)
            for name, value in rights.items()
            if name not in TABLE and name not in OTHER_FIELDS
        )
    )


def _switch_fine(rights: dict[str, object], name: str, purpose: str) -> bool:
    value = rights.get(name)
    group, live = TABLE[name]
    if value is not True and value is not False:
        return False
    if group not in WANTED[purpose]:
        return value is False
    return value is True or not live


def _dates_fine(rights: dict[str, object], now_ms: int) -> bool:
    made = rights.get("createTime")
    if type(made) is not int or not FIRST_KEYS_MS <= made <= now_ms + DAY_MS:
        return False
    if (now_ms - made) // DAY_MS > 365:
        return False
    end = rights.get("tradingAuthorityExpirationTime")
    if end is None:
        return True
    return type(end) is int and now_ms + 14 * DAY_MS < end < YEAR_2100_MS


def _stranger_fine(name: str, value: object) -> bool:
    """A field that the table does not have must not be a right that is on."""
    if value is False or value is None:
        return True
    if isinstance(value, dict | list) or value is True:
        return False
    if name.casefold().startswith(RIGHTS_BEGIN):
        return False
    if isinstance(value, str):
        describes = name.casefold().endswith(("name", "label", "note", "remark", "alias"))
        return describes or value.strip().casefold() in NO
    if value == 0:
        return True
    return type(value) is int and 0 < value < YEAR_2100_MS and name.casefold().endswith("time")
