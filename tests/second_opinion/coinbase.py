"""Coinbase: docs.cdp.coinbase.com, "Get API Key Permissions", "Get Server Time", "JWT Authentication".

No answer tells whether a list of addresses is on, so the answers alone never do: a lock test has to
prove it.
"""

from __future__ import annotations

from . import lock
from .evidence import (
    NOTHING,
    Asked,
    Said,
    an_object,
    digits,
    fresh,
    in_time,
    member,
    must,
    value_of,
)
from .forms import no_new_rights

PLACES = {"api.coinbase.com"}
LIFE_MS = 120_000
BEGINS_EARLY_MS = 2000
KEY = "/api/v3/brokerage/key_permissions"
DESCRIBES = ("can_receive", "portfolio_uuid", "portfolio_type")
RIGHTS = ("can_view", "can_trade", "can_transfer")
WANTED = {
    "watch": {"can_view"},
    "spot": {"can_view", "can_trade"},
    "futures": {"can_view", "can_trade"},  # one switch for both markets
}
SHOWN = "shown "
"""What is shown of a list that is never shown."""


def check(asked: Asked, said: Said) -> None:
    """Refuses unless these answers and a lock test prove a safe key."""
    must(asked.host in PLACES and asked.purpose in WANTED)
    server_ms = digits(member(_accepted(said, "/api/v3/brokerage/time"), "epochMillis"))
    in_time(asked, server_ms, 1000, LIFE_MS - BEGINS_EARLY_MS)
    fresh(said.get(KEY, NOTHING), server_ms)
    rights = _accepted(said, KEY)
    wanted = WANTED[asked.purpose]
    for name in RIGHTS:
        value = member(rights, name)
        must(value is (name in wanted))
    must(rights.get("can_withdraw", False) is False)  # the older name of `can_transfer`
    known = (*RIGHTS, *DESCRIBES, "can_withdraw")
    no_new_rights(rights, known)
    must(not any(value is True for name, value in rights.items() if name not in known))
    lock.proves(asked, asked.lock, SHOWN)


def _accepted(said: Said, path: str) -> dict[str, object]:
    value = an_object(value_of(said.get(path, NOTHING)))
    must("error" not in value and "errors" not in value)
    return value
