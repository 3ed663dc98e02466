"""OKX: www.okx.com/docs-v5, "Get account configuration" and "Get system time"."""

from __future__ import annotations

from .evidence import (
    NOTHING,
    Asked,
    Said,
    a_text,
    an_object,
    digits,
    fresh,
    in_time,
    member,
    must,
    only_one,
    value_of,
)
from .forms import comma_words, no_new_rights, only_own

PLACES = {"openapi.okx.com", "www.okx.com", "eea.okx.com", "us.okx.com", "app.okx.com"}
WINDOW_MS = 30_000
WORDS = ("read_only", "trade", "withdraw")
WANTED = {  # `trade` is one right for all products, and moves money between own accounts
    "watch": {"read_only"},
    "spot": {"read_only", "trade"},
    "margin": {"read_only", "trade"},
    "futures": {"read_only", "trade"},
}
SETTINGS = (  # of the account; they say nothing about the key
    *("uid", "mainUid", "type", "acctLv", "label", "kycLv", "roleType", "spotRoleType"),
    *("traderInsts", "spotTraderInsts", "opAuth", "acctStpMode", "posMode", "autoLoan"),
    *("greeksType", "feeType", "level", "levelTmp", "ctIsoMode", "mgnIsoMode", "stgyType"),
    *("liquidationGear", "enableSpotBorrow", "spotBorrowAutoRepay", "settleCcy"),
    *("settleCcyList", "spotOffsetType"),
)


def check(asked: Asked, said: Said) -> None:
    """Refuses unless these answers prove a safe key."""
    must(asked.host in PLACES)
    server_ms = digits(member(_data(said, "/api/v5/public/time"), "ts"))
    in_time(asked, server_ms, WINDOW_MS, WINDOW_MS)
    fresh(said.get("/api/v5/account/config", NOTHING), server_ms)
    account = an_object(_data(said, "/api/v5/account/config"))
    must(comma_words(member(account, "perm")) == WANTED[asked.purpose])
    only_own(a_text(member(account, "ip")).split(","), asked.own)
    # Texts of the owner, and numbers, have nothing inside that could be a right.
    quiet = set(SETTINGS) - {"label", "uid", "mainUid", "type", "opAuth", "enableSpotBorrow"}
    no_new_rights(account, ("perm", "ip", *SETTINGS), quiet)


def _data(said: Said, path: str) -> object:
    whole = value_of(said.get(path, NOTHING))
    must(member(whole, "code") == "0")
    return only_one(member(whole, "data"))
