"""What was asked, what came over the line, and when it counts at all.

Every function here either returns what it was asked for or raises Refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .strict_json import Refused, read

if TYPE_CHECKING:
    from .lock import Tried

LONGEST_OFFSET_MS = 30_000
OLDEST_DATE_MS = 600_000


@dataclass(frozen=True)
class Heard:
    """One answer as it came over the line."""

    body: bytes = b""
    status: int = 500
    content_type: str = "application/json"
    cached: bool = False
    date_ms: int | None = None


@dataclass(frozen=True)
class Asked:
    """One key, and what for. `host` is the place by its name, `own` the only address named."""

    exchange: str
    purpose: str
    api_key: str
    host: str
    own: str
    now_ms: int
    fingerprint: str = ""
    lock: Tried | None = None
    """What is remembered of a lock test; None without one."""


Said = Mapping[str, Heard]
"""By path."""
NOTHING = Heard()


def must(condition: bool) -> None:
    """Everything that a green light needs goes through here."""
    if not condition:
        raise Refused


def value_of(heard: Heard) -> object:
    """The value of an answer that was given as a success."""
    must(heard.status == 200 and heard.content_type == "application/json")
    return read(heard.body)


def an_object(value: object) -> dict[str, object]:
    """An object that holds something."""
    if not isinstance(value, dict) or not value:
        raise Refused
    return value


def member(value: object, name: str) -> object:
    """A member that has to be there."""
    members = an_object(value)
    must(name in members)
    return members[name]


def a_list(value: object) -> list[object]:
    """A list, maybe an empty one."""
    if not isinstance(value, list):
        raise Refused
    return value


def only_one(value: object) -> object:
    """The only element of a list."""
    elements = a_list(value)
    must(len(elements) == 1)
    return elements[0]


def a_text(value: object) -> str:
    """A text."""
    if not isinstance(value, str):
        raise Refused
    return value


def whole(value: object) -> int:
    """A whole number: no yes or no, no fraction."""
    if type(value) is not int:
        raise Refused
    return value


def digits(value: object) -> int:
    """A whole number that is written as a text."""
    text = a_text(value)
    must(0 < len(text) < 20 and all("0" <= letter <= "9" for letter in text))
    return int(text)


def in_time(asked: Asked, server_ms: int, ahead_ms: int, behind_ms: int) -> None:
    """Our clock is no further off than this exchange allows, and never by more than 30 s."""
    late = server_ms - asked.now_ms
    must(-min(ahead_ms, LONGEST_OFFSET_MS) <= late <= min(behind_ms, LONGEST_OFFSET_MS))


def fresh(heard: Heard, server_ms: int) -> None:
    """A signed answer comes from no cache and is dated now."""
    must(not heard.cached)
    must(heard.date_ms is None or abs(heard.date_ms - server_ms) <= OLDEST_DATE_MS)
