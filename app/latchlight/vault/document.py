"""One text, cut into parts that every keyring can hold, and put together again only if unchanged.

Windows takes 2,560 bytes per item, which are 1,280 UTF-16 code units (jaraco/keyring#540); a part has
at most 1,000. All parts are ASCII, so that a character is one unit and one byte and no keyring can
change it by normalising. The head, part 0, says how many parts follow and carries a checksum, then the
first piece of the text: a usual key fits into it, which makes one item, and on macOS one question.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from latchlight.core.records import dataclass
from latchlight.vault.names import MOST_PARTS

PART_UNITS = 1000
"""Longest part, in UTF-16 code units."""

_HEAD = re.compile(
    r"latchlight1 (0|[1-9][0-9]?) ([1-9][0-9]{0,4}) ([0-9a-f]{32}) ([0-9a-f]{64}) ([ -~]*)"
)
_HEAD_UNITS = len("latchlight1") + 5 + 2 + 5 + 32 + 64
_FIRST_PIECE = PART_UNITS - _HEAD_UNITS
LONGEST_TEXT = _FIRST_PIECE + (MOST_PARTS - 1) * PART_UNITS
"""In characters."""


class AlteredError(ValueError):
    """The parts are not what was written. Says nothing about their content."""


@dataclass(frozen=True, repr=False)
class Head:
    """Part 0, read. `following` is how many parts come after it."""

    following: int
    length: int
    nonce: str
    checksum: str
    piece: str


def cut(entry: str, text: str) -> tuple[str, ...]:
    """`text` in parts, the head first. ValueError if it is not printable ASCII, empty or too long.

    The checksum is keyed with a fresh random nonce, so that equal secrets leave no equal trace.
    """
    if not text or len(text) > LONGEST_TEXT or not (text.isascii() and text.isprintable()):
        raise ValueError("the text cannot be cut into parts")
    first, rest = text[:_FIRST_PIECE], text[_FIRST_PIECE:]
    pieces = tuple(rest[at : at + PART_UNITS] for at in range(0, len(rest), PART_UNITS))
    nonce = secrets.token_hex(16)
    checksum = _checksum(entry, nonce, len(pieces), text)
    return (f"latchlight1 {len(pieces)} {len(text)} {nonce} {checksum} {first}", *pieces)


def read_head(part: str) -> Head:
    """Take part 0 apart. Raises AlteredError if it is anything but what `cut` made."""
    found = _HEAD.fullmatch(part)
    if found is None or int(found.group(1)) >= MOST_PARTS:
        raise AlteredError
    following, length, nonce, checksum, piece = found.groups()
    return Head(int(following), int(length), nonce, checksum, piece)


def join(entry: str, head: Head, pieces: list[str]) -> str:
    """The text again. Raises AlteredError if a character differs or a part belongs to another entry."""
    text = head.piece + "".join(pieces)
    expected = _checksum(entry, head.nonce, len(pieces), text)
    complete = len(pieces) == head.following and len(text) == head.length
    if not complete or not hmac.compare_digest(expected, head.checksum):
        raise AlteredError
    return text


def _checksum(entry: str, nonce: str, following: int, text: str) -> str:
    message = f"{entry} {following} {text}".encode()
    return hmac.new(bytes.fromhex(nonce), message, hashlib.sha256).hexdigest()
