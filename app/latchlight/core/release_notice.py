"""What the makers announce about the newest release, and what it means for this copy. Pure; nothing here is fetched.

The form "latchlight.latest/1" is written and signed by `packaging/release/notice.py`. It ends: whoever holds back a new
notice can show the old one only until it expires, and one that is older than one seen before is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum

from latchlight.core.answer import JsonValue
from latchlight.core.errors import LatchlightError
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say

SCHEMA = "latchlight.latest/1"
_FIELDS = {"schema", "version", "released", "expires", "security", "page", "installers"}
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PAGE = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+/?", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST = timedelta(days=400)
_ONE_DAY = timedelta(days=1)


class NoticeError(LatchlightError):
    """It could not be found out whether there is a newer version. Never a reason to think that there is none."""


class Standing(Enum):
    """How this copy stands to the newest release."""

    NEWEST = "newest"
    AHEAD = "ahead"
    """Newer than what is announced: a trial version."""
    OLDER = "older"
    INSECURE = "insecure"
    """Older, and the newest release mends a hole."""


@dataclass(frozen=True)
class Notice:
    """What is announced. Days are UTC."""

    version: str
    released: date
    expires: date
    security: bool
    page: str
    """Path below the makers' own fixed host."""
    installers: Mapping[str, str]
    """System, such as `windows-x86_64`, to the SHA-256 of its installer."""


@dataclass(frozen=True)
class Update:
    """The answer to "is there a newer version?"."""

    standing: Standing
    notice: Notice


def read_notice(value: JsonValue) -> Notice:
    """Exactly the announced form, or NoticeError: an unknown field could change what the others mean."""
    if not isinstance(value, dict) or value.keys() != _FIELDS or value["schema"] != SCHEMA:
        raise _unreadable()
    version, page, security = value["version"], value["page"], value["security"]
    notice = Notice(
        version=_matching(version, _VERSION),
        released=_day(value["released"]),
        expires=_day(value["expires"]),
        security=security if isinstance(security, bool) else _refuse(),
        page=_matching(page, _PAGE),
        installers=_installers(value["installers"]),
    )
    if not notice.released < notice.expires <= notice.released + _LONGEST:
        raise _unreadable()
    return notice


def _matching(value: JsonValue, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise _unreadable()
    return value


def _day(value: JsonValue) -> date:
    text = _matching(value, _DAY)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _unreadable() from None


def _installers(value: JsonValue) -> Mapping[str, str]:
    if not isinstance(value, dict) or not value:
        raise _unreadable()
    return {system: _matching(digest, _SHA256) for system, digest in value.items()}


def _refuse() -> bool:
    raise _unreadable()


def _unreadable() -> NoticeError:
    return NoticeError(
        say("The announcement of new versions cannot be read."),
        say("Look at the page from which you downloaded Latchlight."),
    )


def judged(notice: Notice, *, ours: str, today: date, newest_seen: date | None) -> Update:
    """What a genuine notice means on this day (UTC) for the version `ours`.

    `newest_seen` is the latest day of release that was ever announced here. Raises NoticeError for a notice that is
    over, older than that, or from the future.
    """
    if notice.released > today + _ONE_DAY:
        raise NoticeError(
            say("The announcement is dated in the future ({day}).", day=notice.released),
            say("Check that this computer's date is right, then try again."),
        )
    if notice.expires < today:
        raise NoticeError(
            say("The announcement is too old: it was good until {day}.", day=notice.expires),
            _LOOK_YOURSELF,
        )
    if newest_seen is not None and notice.released < newest_seen:
        raise NoticeError(
            say("An older announcement was shown than one seen before: something holds it back."),
            _LOOK_YOURSELF,
        )
    return Update(_standing(notice, ours), notice)


_LOOK_YOURSELF: Sentence = say("Look at the page from which you downloaded Latchlight.")


def _standing(notice: Notice, ours: str) -> Standing:
    announced, mine = _numbers(notice.version), _numbers(ours)
    if announced == mine:
        return Standing.NEWEST
    if announced < mine:
        return Standing.AHEAD
    return Standing.INSECURE if notice.security else Standing.OLDER


def _numbers(version: str) -> tuple[int, ...]:
    """Numbers, not letters: 0.10.0 is newer than 0.9.0."""
    return tuple(int(part) for part in version.split("."))
