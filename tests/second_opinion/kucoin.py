"""KuCoin: www.kucoin.com/docs-new, "Get API Key Info", "Get Server Time", introduction (rights)."""

from __future__ import annotations

from .evidence import (
    NOTHING,
    Asked,
    Said,
    a_text,
    an_object,
    fresh,
    in_time,
    member,
    must,
    value_of,
    whole,
)
from .forms import BLANKS, comma_words, is_octet, no_new_rights, only_own, young

PLACES = {"api.kucoin.com", "api.kucoin.eu", "api.kucoin.tr"}
WINDOW_MS = 5000
WORDS = (
    *("General", "Spot", "Margin", "Futures", "Trade", "InnerTransfer", "FlexTransfers"),
    *("Transfer", "Withdrawal", "Withdraw", "Earn", "LeadtradeFutures", "Unified"),
)
MEANS = {
    "general": {"read"},
    "spot": {"spot"},
    "margin": {"margin"},
    "futures": {"futures"},
    "trade": {"spot", "margin"},  # of older keys
    "unified": {"spot", "margin", "futures"},  # one right for all products of a unified account
}
WANTED = {
    "watch": {"read"},
    "spot": {"read", "spot"},
    "margin": {"read", "spot", "margin"},
    "futures": {"read", "futures"},
}
FIELDS = (
    *("remark", "apiKey", "apiVersion", "permission", "ipWhitelist", "createdAt", "uid"),
    *("isMaster", "subName"),
)


def check(asked: Asked, said: Said) -> None:
    """Refuses unless these answers prove a safe key."""
    must(asked.host in PLACES)
    server_ms = whole(_data(said, "/api/v1/timestamp"))
    in_time(asked, server_ms, WINDOW_MS, WINDOW_MS)
    fresh(said.get("/api/v1/user/api-key", NOTHING), server_ms)
    key = an_object(_data(said, "/api/v1/user/api-key"))
    must(member(key, "apiKey") == asked.api_key)
    _fit(comma_words(member(key, "permission")), WANTED[asked.purpose])
    # By the specification a main account's key makes keys of its sub-accounts, also without a list.
    must(member(key, "isMaster") is False)
    _listed(asked, a_text(member(key, "ipWhitelist")))
    young(asked, whole(member(key, "createdAt")))
    no_new_rights(key, FIELDS)


def _fit(words: set[str], wanted: set[str]) -> None:
    must(all(MEANS.get(word, set()) & wanted for word in words))
    must(wanted <= set().union(*(MEANS[word] for word in words)))


def _listed(asked: Asked, text: str) -> None:
    """Addresses with their middle hidden, as in the documents' example; or all of them in clear,
    to be judged like every other list that can be read."""
    entries = [entry.strip(BLANKS) for entry in text.split(",")]
    if not all(_is_masked(entry) for entry in entries):
        only_own(entries, asked.own)


def _is_masked(entry: str) -> bool:
    first, hidden, last = entry.partition(".**.")
    return bool(hidden) and is_octet(first) and is_octet(last) and first != "0"


def _data(said: Said, path: str) -> object:
    envelope = value_of(said.get(path, NOTHING))
    must(member(envelope, "code") == "200000")
    return member(envelope, "data")
