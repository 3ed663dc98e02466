"""Bybit: bybit-exchange.github.io/docs/v5, "Get API Key Information" and "Get Bybit Server Time"."""

from __future__ import annotations

from .evidence import (
    NOTHING,
    Asked,
    Said,
    a_list,
    an_object,
    digits,
    fresh,
    in_time,
    member,
    must,
    value_of,
    whole,
)
from .forms import (
    SOONEST_END_DAYS,
    is_nothing,
    no_end_soon,
    no_new_rights,
    only_own,
    utc_ms,
    words,
    young,
)

PLACES = {
    *("api.bybit.com", "api.bytick.com", "api.bybit.nl", "api.bybit.tr", "api.bybit.kz"),
    *("api.bybit.ae", "api.bybit.eu", "api.bybit.id", "api.bybitgeorgia.ge", "api.manepa.jp"),
    *("api.bybit-tr.com", "api.bybit.com.hk"),
}
WORDS = {
    "ContractTrade": ("Order", "Position"),
    "Spot": ("SpotTrade",),
    "Wallet": ("AccountTransfer", "SubMemberTransfer", "SubMemberTransferList", "Withdraw"),
    "Options": ("OptionsTrade",),
    "Derivatives": ("DerivativesTrade",),
    "Exchange": ("ExchangeHistory",),
    "Earn": ("Earn",),
    "FiatP2P": ("FiatP2POrder", "Advertising"),
    "FiatBitPay": ("FaitPayOrder",),
    "FiatConvertBroker": ("FiatConvertBrokerOrder",),
    "BitCard": ("BitCard",),
    "ByXPost": ("ByXPost",),
    "Affiliate": ("Affiliate",),
    "BlockTrade": ("BlockTrade",),
    "FiatGlobalPay": (),
    "NFT": (),
    "CopyTrading": (),
}
ALWAYS_TOLD = {
    "ContractTrade",
    "Spot",
    "Wallet",
    "Options",
    "Derivatives",
    "Exchange",
    "BlockTrade",
}
"""On the page of 2023 and on today's; the others came later."""
UNUSED = {"FiatGlobalPay", "NFT", "CopyTrading", "ByXPost"}
"""In an example only, or given up: no page says what a word in them allows."""
LOOKS_ONLY = {("Affiliate", "affiliate")}
WANTED = {  # the spot right borrows too; positions without orders trade nothing
    "watch": set(),
    "spot": {("Spot", "spottrade")},
    "margin": {("Spot", "spottrade")},
    "futures": {("ContractTrade", "order")},
}
MAY_COME_WITH = {  # the second one is added to every key of a unified account
    "futures": {("ContractTrade", "position"), ("Derivatives", "derivativestrade")},
}
FIELDS = (
    *("id", "note", "apiKey", "readOnly", "secret", "permissions", "ips", "type", "deadlineDay"),
    *("expiredAt", "createdAt", "uta", "userID", "inviterID", "affiliateID", "vipLevel"),
    *("mktMakerLevel", "rsaPublicKey", "isMaster", "parentUid", "kycLevel", "kycRegion", "unified"),
)
NEVER = "1970-01-01T00:00:00Z"


def check(asked: Asked, said: Said) -> None:
    """Refuses unless these answers prove a safe key."""
    must(asked.host in PLACES)
    clock = value_of(said.get("/v5/market/time", NOTHING))
    server_ms = whole(member(clock, "time"))
    must(abs(digits(member(_result(clock), "timeSecond")) * 1000 - server_ms) <= 1000)
    in_time(asked, server_ms, 1000, 5000)
    heard = said.get("/v5/user/query-api", NOTHING)
    fresh(heard, server_ms)
    key = an_object(_result(value_of(heard)))
    must(member(key, "apiKey") == asked.api_key)
    _rights(asked, key)
    only_own(a_list(member(key, "ips")), asked.own)
    young(asked, utc_ms(member(key, "createdAt")))
    _end(asked, key)
    no_new_rights(key, FIELDS, set(FIELDS) - {"permissions", "note"})


def _result(envelope: object) -> object:
    code = member(envelope, "retCode")
    must(type(code) is int and code == 0)
    return member(envelope, "result")


def _rights(asked: Asked, key: dict[str, object]) -> None:
    groups = an_object(member(key, "permissions"))
    must(set(groups) >= ALWAYS_TOLD)
    on = set().union(*(_granted(group, listed) for group, listed in groups.items()))
    wanted = WANTED[asked.purpose]
    must(bool(on) and wanted <= on)
    must(on <= wanted | MAY_COME_WITH.get(asked.purpose, set()) | LOOKS_ONLY)
    read_only = whole(member(key, "readOnly"))
    # On a read-only key all that is listed is asleep: a trading one trades nothing.
    must(read_only == 0 or (read_only == 1 and asked.purpose == "watch"))


def _granted(group: str, listed: object) -> set[tuple[str, str]]:
    if group in UNUSED or group not in WORDS:
        must(is_nothing(listed))
        return set()
    return {(group, word) for word in words(a_list(listed))} if listed != [] else set()


def _end(asked: Asked, key: dict[str, object]) -> None:
    """A date, or none; and no word of days left that are fewer than it says."""
    end, days = member(key, "expiredAt"), key.get("deadlineDay")
    told = type(days) is int and days >= 0  # -2 in the documents' example of a key without end
    if end == NEVER:
        must(not told)
        return
    no_end_soon(asked, utc_ms(end))
    if told:
        must(whole(days) > SOONEST_END_DAYS)
