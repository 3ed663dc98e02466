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
_NUMBERS = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?!\d)", re.ASCII)
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
    """A trial version of what is not announced yet."""
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
    """Whether this release, or one since those that are still in use, mends a hole."""
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


@dataclass(frozen=True)
class Seen:
    """What the newest announcement that was ever read here said."""

    released: date
    version: str
    security: bool
    expires: date

    @property
    def text(self) -> str:
        """To be kept."""
        security = "security" if self.security else "-"
        return f"{self.released} {self.version} {security} {self.expires}"

    @classmethod
    def of(cls, notice: Notice) -> Seen:
        """Of an announcement that was believed."""
        return cls(notice.released, notice.version, notice.security, notice.expires)

    @classmethod
    def read(cls, text: str) -> Seen:
        """What was kept. Raises ValueError."""
        released, version, security, expires = text.split(" ")
        if _VERSION.fullmatch(version) is None or security not in ("security", "-"):
            raise ValueError("not what was kept")
        day, end = date.fromisoformat(released), date.fromisoformat(expires)
        return cls(day, version, security == "security", end)

    def is_newer_than(self, notice: Notice) -> bool:
        """Whether this announcement must be an old one: no day, version or warning is ever taken back."""
        if notice.released < self.released or _numbers(notice.version) < _numbers(self.version):
            return True
        same = notice.version == self.version
        return same and (self.security > notice.security or notice.expires < self.expires)


def judged(notice: Notice, *, ours: str, today: date, seen: Seen | None) -> Update:
    """What a genuine notice means on this day (UTC) for the version `ours`.

    `seen` is the newest that was ever believed here. Raises NoticeError for a notice that is over, older than that or
    than this copy, or from the future.
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
    if seen is not None and seen.is_newer_than(notice):
        raise NoticeError(
            say("An older announcement was shown than one seen before: something holds it back."),
            _LOOK_YOURSELF,
        )
    return Update(_standing(notice, ours), notice)


_LOOK_YOURSELF: Sentence = say("Look at the page from which you downloaded Latchlight.")


def _standing(notice: Notice, ours: str) -> Standing:
    """Raises NoticeError if this copy was published after what is announced: then that is an old announcement."""
    announced, mine = _numbers(notice.version), _numbers(ours)
    trial = _VERSION.fullmatch(ours) is None
    if announced < mine and not trial:
        raise NoticeError(
            say(
                "The announcement knows only version {version}, which is older than this one: something "
                "holds a newer one back.",
                version=notice.version,
            ),
            _LOOK_YOURSELF,
        )
    if announced < mine:
        return Standing.AHEAD
    if announced == mine and not trial:
        return Standing.NEWEST
    return Standing.INSECURE if notice.security else Standing.OLDER


def _numbers(version: str) -> tuple[int, ...]:
    """Numbers, not letters: 0.10.0 is newer than 0.9.0. A trial version has those of what it is a trial of."""
    found = _NUMBERS.match(version)
    if found is None:
        raise NoticeError(
            say("This copy has no version that can be compared ({version}).", version=version),
            _LOOK_YOURSELF,
        )
    return tuple(int(part) for part in found.groups())
