"""Between rows and objects. What is read is checked as strictly as what a user types."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from latchlight.core.addresses import Address, parse_address
from latchlight.core.credentials import KeyKind
from latchlight.core.errors import InputError
from latchlight.core.profile import (
    Acceptance,
    AddressSighting,
    Profile,
    clean_label,
    label_skeleton,
)
from latchlight.core.proof_of_death import Answered
from latchlight.core.purpose import Intent, Purpose, Setup
from latchlight.core.records import dataclass
from latchlight.core.rotation import Ended, EndedBy, Rotation

SELECT_PROFILES = (
    "SELECT entry, label, exchange, host, kind, hint, fingerprint, purpose, setup, addresses, added_at"
    " FROM profiles"
)
SELECT_PROFILE = SELECT_PROFILES + " WHERE label = ?"
INSERT_PROFILE = (
    "INSERT INTO profiles (entry, label, exchange, host, kind, hint, fingerprint, purpose, setup,"
    " addresses, added_at, skeleton) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
UPDATE_PROFILE = (
    "UPDATE profiles SET entry = ?, label = ?, exchange = ?, host = ?, kind = ?, hint = ?,"
    " fingerprint = ?, purpose = ?, setup = ?, addresses = ?, added_at = ?, skeleton = ? WHERE id = ?"
)

_HEX_32 = re.compile(r"[0-9a-f]{32}")
_HEX_16 = re.compile(r"[0-9a-f]{16}")
_EXCHANGE = re.compile(r"[a-z0-9-]{1,32}")
_HOST = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?( \(demo\))?")
_HINT = re.compile(r"(…[A-Za-z0-9*]{0,4})?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


@dataclass(frozen=True)
class PastReport:
    """A finished check of a stored key: history to look at, never the source of a light."""

    label: str
    light: str
    finished_at: datetime
    text: str
    """The report as JSON text."""


@dataclass(frozen=True)
class Contact:
    """A host and path that this program called, and when for the first and the last time (UTC)."""

    host: str
    path: str
    first: datetime
    last: datetime


class RowError(ValueError):
    """A row holds what this program never wrote."""


def moment_text(at: datetime) -> str:
    """A time as UTC text of fixed width, so that text order is time order. ValueError if naive."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot be stored")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def moment(value: object) -> datetime:
    """The time again, in UTC. Raises RowError for anything that `moment_text` does not write."""
    text = _text(value, _MOMENT)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise RowError from None


def text(value: object) -> str:
    """A text column. SQLite itself would keep anything in it."""
    if type(value) is not str:
        raise RowError
    return value


def _text(value: object, pattern: re.Pattern[str]) -> str:
    if type(value) is not str or pattern.fullmatch(value) is None:
        raise RowError
    return value


def profile_values(profile: Profile) -> tuple[str, ...]:
    """What INSERT_PROFILE takes. ValueError for a profile that could not be read again."""
    values = (
        profile.entry,
        profile.label,
        profile.exchange,
        profile.host,
        profile.kind.value,
        profile.hint,
        profile.fingerprint,
        profile.intent.purpose.value,
        profile.intent.setup.value,
        json.dumps([str(address) for address in profile.intent.addresses]),
        moment_text(profile.added_at),
    )
    read_profile(values)
    return (*values, label_skeleton(profile.label))


def read_profile(row: Sequence[object]) -> Profile:
    """A profile from what SELECT_PROFILES gives. Raises RowError."""
    entry, label, exchange, host, kind, hint, fingerprint, purpose, setup, addresses, added = row
    try:
        intent = Intent(Purpose(purpose), Setup(setup), _addresses(text(addresses)))
        key_kind = KeyKind(kind)
    except (ValueError, RecursionError):
        raise RowError from None
    return Profile(
        entry=_text(entry, _HEX_32),
        label=_label(text(label)),
        exchange=_text(exchange, _EXCHANGE),
        host=_text(host, _HOST),
        kind=key_kind,
        hint=_text(hint, _HINT),
        fingerprint=_text(fingerprint, _HEX_32),
        intent=intent,
        added_at=moment(added),
    )


def _label(value: str) -> str:
    try:
        clean = clean_label(value)
    except InputError:
        raise RowError from None
    if clean != value:
        raise RowError
    return value


def _addresses(value: str) -> tuple[Address, ...]:
    listed = json.loads(value)
    if not isinstance(listed, list) or not all(type(each) is str for each in listed):
        raise RowError
    return tuple(parse_address(each) for each in listed)


def acceptance_values(acceptance: Acceptance) -> tuple[str, ...]:
    """Rule, fingerprint, reason, until, basis. ValueError for one that could not be read again."""
    values = (
        acceptance.rule,
        acceptance.fingerprint,
        acceptance.reason,
        moment_text(acceptance.until),
        acceptance.basis,
    )
    read_acceptance((acceptance.label, *values))
    return values


def read_acceptance(row: Sequence[object]) -> Acceptance:
    """From label, rule, fingerprint, reason, until, basis. Raises RowError."""
    label, rule, fingerprint, reason, until, basis = row
    return Acceptance(
        label=text(label),
        rule=text(rule),
        fingerprint=_text(fingerprint, _HEX_32),
        reason=text(reason),
        until=moment(until),
        basis=_text(basis, _HEX_16),
    )


def read_sighting(row: Sequence[object]) -> AddressSighting:
    """From address, first, last. Raises RowError."""
    address, first, last = row
    try:
        return AddressSighting(parse_address(text(address)), moment(first), moment(last))
    except ValueError:
        raise RowError from None


def read_past_report(row: Sequence[object]) -> PastReport:
    """From label, light, finished_at, body. Raises RowError."""
    label, light, finished_at, body = row
    return PastReport(text(label), text(light), moment(finished_at), text(body))


def read_contact(row: Sequence[object]) -> Contact:
    """From host, path, first, last. Raises RowError."""
    host, path, first, last = row
    return Contact(text(host), text(path), moment(first), moment(last))


SELECT_ROTATIONS = (
    "SELECT old, new, begun, worked, fit, switched, deleted, answered_at, answered_host, answered_from,"
    " ended_at, ended_by, ended_said FROM rotations"
)
REPLACE_ROTATION = (
    "INSERT OR REPLACE INTO rotations (old, new, begun, worked, fit, switched, deleted, answered_at,"
    " answered_host, answered_from, ended_at, ended_by, ended_said)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SAID = re.compile(r"[ -~]{0,80}")


def rotation_values(rotation: Rotation) -> tuple[str | None, ...]:
    """What REPLACE_ROTATION takes. ValueError for one that could not be read again."""
    answered, ended = rotation.answered, rotation.ended
    values = (
        rotation.old,
        rotation.new or None,
        moment_text(rotation.begun),
        *map(_moment_or_none, (rotation.worked, rotation.fit)),
        *map(_moment_or_none, (rotation.switched, rotation.deleted)),
        *((moment_text(answered.at), answered.host, answered.seen_from) if answered else _NO_THREE),
        *((moment_text(ended.at), ended.by.value, ended.said) if ended else _NO_THREE),
    )
    read_rotation(values)
    return values


_NO_THREE = (None, None, None)


def _moment_or_none(at: datetime | None) -> str | None:
    return None if at is None else moment_text(at)


def read_rotation(row: Sequence[object]) -> Rotation:
    """A rotation from what SELECT_ROTATIONS gives. Raises RowError."""
    old, new, begun, worked, fit, switched, deleted, *rest = row
    return Rotation(
        old=_text(old, _HEX_32),
        begun=moment(begun),
        new="" if new is None else _text(new, _HEX_32),
        worked=_maybe(worked),
        fit=_maybe(fit),
        switched=_maybe(switched),
        deleted=_maybe(deleted),
        answered=_answered(rest[:3]),
        ended=_ended(rest[3:]),
    )


def _maybe(value: object) -> datetime | None:
    return None if value is None else moment(value)


def _answered(row: Sequence[object]) -> Answered | None:
    at, host, seen_from = row
    if at is None:
        return None
    address = text(seen_from)
    try:
        shown = str(parse_address(address)) if address else ""
    except ValueError:
        raise RowError from None
    return Answered(moment(at), _text(host, _HOST), shown)


def _ended(row: Sequence[object]) -> Ended | None:
    at, by, said = row
    if at is None:
        return None
    try:
        return Ended(moment(at), EndedBy(by), _text(said, _SAID))
    except ValueError:
        raise RowError from None
