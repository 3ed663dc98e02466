"""Whether a lock test proves that a key is refused from elsewhere: the rules in words, decided anew.

A key is accepted at home; within an hour it is tried from an address that is surely not one of its
own, and refused with a refusal that names the address and nothing else; within an hour it is
accepted at home again, with the same list shown. All of that for this very key, at most 30 days ago.
The place from which it is accepted now is not the one that was refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from .evidence import Asked, must
from .strict_json import Refused

HOUR_MS = 3_600_000
LONGEST_MS = 30 * 24 * HOUR_MS


@dataclass(frozen=True)
class Tried:
    """What was written down of a test. Times in ms; addresses and list entries as text."""

    exchange: str
    host: str
    practice: bool
    key: str
    home_ms: int
    own: tuple[str, ...]
    tried_ms: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    let_in: bool
    question: str
    refusal: str
    only_this: bool
    possible: bool
    seen: str | None
    shown_before: str
    listed: tuple[str, ...]
    back_ms: int | None
    back_at: tuple[str, ...]
    shown_after: str


def proves(asked: Asked, tried: Tried | None, shown: str) -> None:
    """Refuses unless the test proves it for this key. `shown`: the list as it is shown now."""
    must(tried is not None)
    if tried is None:
        return
    must((tried.exchange, tried.host) == (asked.exchange, asked.host))
    must(not tried.practice and tried.key == asked.fingerprint != "")
    _left_home(tried)
    must(not tried.let_in and tried.question != "")
    must(tried.refusal == "ip-not-whitelisted" and tried.only_this)
    must(tried.seen is None or tried.seen in tried.before)
    _came_back(tried)
    must(asked.own not in tried.before)
    must(tried.shown_before == tried.shown_after == shown)
    back = tried.back_ms if tried.back_ms is not None else tried.tried_ms
    must(back <= asked.now_ms <= tried.tried_ms + LONGEST_MS)


def _left_home(tried: Tried) -> None:
    must(len(tried.own) > 0 and len(tried.before) > 0)
    must(sorted(set(tried.before)) == sorted(set(tried.after)))
    for address in tried.before:
        must(address not in tried.own)
        must(not any(_holds(entry, address) for entry in tried.listed))
    must(0 <= tried.tried_ms - tried.home_ms <= HOUR_MS)


def _came_back(tried: Tried) -> None:
    if tried.back_ms is None:
        must(False)
        return
    must(0 <= tried.back_ms - tried.tried_ms <= HOUR_MS)
    must(any(address in tried.own for address in tried.back_at))
    must(not any(address in tried.before for address in tried.back_at))


def danger(asked: Asked, tried: Tried | None, shown: str) -> bool:
    """Whether a test shows that the key works from elsewhere, with the list as it is now.

    That grows no better with age.
    """
    if tried is None or not tried.let_in or tried.question == "" or tried.shown_before != shown:
        return False
    whose = (tried.exchange, tried.host, tried.key, tried.practice)
    if whose != (asked.exchange, asked.host, asked.fingerprint, False) or tried.key == "":
        return False
    try:
        _left_home(tried)
    except Refused:
        return False  # what is not surely elsewhere is no danger
    return True


def _holds(entry: str, address: str) -> bool:
    """Whether an IPv4 entry such as `8.8.4.0/24` holds an IPv4 address."""
    network, _, length = entry.partition("/")
    bits = int(length) if length else 32
    shift = 32 - bits
    return _number(network) >> shift == _number(address) >> shift


def _number(address: str) -> int:
    parts = [int(part) for part in address.split(".")]
    must(len(parts) == 4)
    return (parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3]
