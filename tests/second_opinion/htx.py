"""HTX: huobiapi.github.io/docs/spot, "Get UID", "API key query", "Get Current Timestamp"."""

from __future__ import annotations

from .evidence import (
    LONGEST_OFFSET_MS,
    NOTHING,
    Asked,
    Said,
    a_text,
    an_object,
    fresh,
    in_time,
    member,
    must,
    only_one,
    value_of,
    whole,
)
from .forms import SOONEST_END_DAYS, comma_words, no_new_rights, only_own, young

PLACES = {"api.huobi.pro", "api-aws.huobi.pro"}
NUMBER, KEY = "/v2/user/uid", "/v2/user/api-key"
MOST_DAYS = 36_525
LARGEST_NUMBER = 2**63
WORDS = ("readOnly", "trade", "withdraw")
FIELDS = (
    *("accessKey", "status", "note", "permission", "ipAddresses", "validDays"),
    *("createTime", "updateTime"),
)


def check(asked: Asked, said: Said) -> None:
    """Refuses unless these answers prove a safe key.

    The right to trade also changes rights and lists of sub-accounts' keys, without any code, and
    no answer tells whether the account is one that has such: only a key that reads can be safe.
    """
    must(asked.host in PLACES and asked.purpose == "watch")
    clock = an_object(value_of(said.get("/v1/common/timestamp", NOTHING)))
    must(member(clock, "status") == "ok")
    server_ms = whole(member(clock, "data"))
    in_time(asked, server_ms, LONGEST_OFFSET_MS, LONGEST_OFFSET_MS)
    for path in (NUMBER, KEY):
        fresh(said.get(path, NOTHING), server_ms)
    must(0 < whole(_data(said, NUMBER)) < LARGEST_NUMBER)
    key = an_object(only_one(_data(said, KEY)))
    must(member(key, "accessKey") == asked.api_key and member(key, "status") == "normal")
    must(comma_words(member(key, "permission")) == {"readonly"})
    only_own(a_text(member(key, "ipAddresses")).split(","), asked.own)
    days = whole(member(key, "validDays"))
    must(days == -1 or SOONEST_END_DAYS < days < MOST_DAYS)
    young(asked, whole(member(key, "createTime")))
    no_new_rights(key, FIELDS, set(FIELDS) - {"permission", "note"})


def _data(said: Said, path: str) -> object:
    envelope = an_object(value_of(said.get(path, NOTHING)))
    must(whole(member(envelope, "code")) == 200)
    # In the older form of this interface: `status` with `err-code`.
    must(envelope.get("status", "ok") == "ok" and "err-code" not in envelope)
    return member(envelope, "data")
