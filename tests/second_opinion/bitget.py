"""Bitget: www.bitget.com/api-doc, "Get Account Information" of both account worlds, server time."""

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
)
from .forms import no_new_rights, only_own, words
from .strict_json import Refused, read

PLACES = {"api.bitget.com"}
WINDOW_MS = 30_000
UNIFIED, CLASSIC = "/api/v3/account/info", "/api/v2/spot/account/info"
OTHER_WORLD = "40084"
READS = {"coor", "cpor", "stor", "smor", "ttor", "wtor", "chor", "taxr", "p2pr", "pllr"}
BALANCES = {"coor", "cpor", "stor", "smor"}
WRITES = (
    "coow",
    "cpow",
    "stow",
    "smow",
    "ttow",
    "wtow",
    "wwow",
    "chow",
    "taxw",
    "p2pw",
    "p2p",
    "pllw",
)
WORDS = (*sorted(READS), *WRITES, "trade", "readonly")
UNIFIED_WORDS = ("uta_mgt", "uta_trade", "withdraw", "copy_futures_position", "copy_futures_order")
UNIFIED_BALANCES = {"uta_mgt", "uta_trade"}
WANTED: dict[str, set[str]] = {
    "watch": set(),
    "spot": {"stow"},
    "margin": {"stow", "smow"},
    "futures": {"coow"},
}
MAY_COME_WITH = {"futures": {"cpow"}}
FIELDS = (
    *("userId", "uid", "inviterId", "channelCode", "channel", "ips", "authorities", "parentId"),
    *("traderType", "regisTime", "permType", "permissions"),
)


def check(asked: Asked, said: Said) -> None:
    """Refuses unless these answers prove a safe key."""
    must(asked.host in PLACES)
    server_ms = digits(member(_data(said, "/api/v2/public/time"), "serverTime"))
    in_time(asked, server_ms, WINDOW_MS, WINDOW_MS)
    fresh(said.get(UNIFIED, NOTHING), server_ms)
    if _is_of_the_other_world(said):
        fresh(said.get(CLASSIC, NOTHING), server_ms)
        account = an_object(_data(said, CLASSIC))
        _classic(asked, words(a_list(member(account, "authorities"))))
    else:
        account = an_object(_data(said, UNIFIED))
        _unified(asked, account)
    listed = member(account, "ips")
    only_own(listed.split(",") if isinstance(listed, str) else a_list(listed), asked.own)
    no_new_rights(account, FIELDS, set(FIELDS) - {"authorities", "permissions", "permType"})


def _is_of_the_other_world(said: Said) -> bool:
    heard = said.get(UNIFIED, NOTHING)
    if heard.content_type != "application/json" or heard.status not in (200, 400, 401, 403):
        return False
    try:
        return member(read(heard.body), "code") == OTHER_WORLD
    except Refused:
        return False


def _classic(asked: Asked, codes: set[str]) -> None:
    wanted = WANTED[asked.purpose]
    must(wanted <= codes and codes <= READS | wanted | MAY_COME_WITH.get(asked.purpose, set()))
    must(asked.purpose != "watch" or bool(codes & BALANCES))


def _unified(asked: Asked, account: dict[str, object]) -> None:
    """One word trades everything. The words of a read-only key say what it may look at; only of
    withdrawals is it open whether they sleep as well."""
    listed = words(a_list(member(account, "permissions")))
    if asked.purpose == "watch":
        must(member(account, "permType") == "read-only")
        must(bool(listed & UNIFIED_BALANCES) and listed <= set(UNIFIED_WORDS) - {"withdraw"})
    else:
        must(member(account, "permType") == "read-and-write" and listed == {"uta_trade"})


def _data(said: Said, path: str) -> object:
    envelope = value_of(said.get(path, NOTHING))
    must(member(envelope, "code") == "00000")
    return member(envelope, "data")
