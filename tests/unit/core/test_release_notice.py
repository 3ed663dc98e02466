"""What an announcement means: the form is exact, versions are numbers, and an old notice says nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

import signed_notice
from latchlight.core.release_notice import Notice, NoticeError, Seen, Standing, judged, read_notice

TODAY = date(2026, 11, 29)


def read(**changes: Any) -> Notice:
    return read_notice(json.loads(signed_notice.notice(**changes)))


def standing(announced: str, ours: str, security: bool = False) -> Standing:
    notice = read(version=announced, security=security)
    return judged(notice, ours=ours, today=TODAY, seen=None).standing


def test_a_sound_notice_is_read_whole() -> None:
    assert read() == Notice(
        version="0.2.0",
        released=date(2026, 11, 20),
        expires=date(2027, 5, 20),
        security=False,
        page="/releases/0.2.0",
        installers={"linux-x86_64": "0" * 64},
    )


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "latchlight.latest/2"},
        {"version": None},
        {"version": "0.2"},
        {"version": "0.2.0-rc1"},
        {"version": "\u0660.2.0"},
        {"version": 2},
        {"released": "2026-11-31"},
        {"released": "20261120"},
        {"released": "2026-11-20T00:00"},
        {"expires": None},
        {"expires": "2026-11-20"},
        {"expires": "2028-05-20"},
        {"security": "false"},
        {"security": 0},
        {"page": "releases/0.2.0"},
        {"page": "/releases/../0.2.0"},
        {"page": "/releases/0.2.0?x=1"},
        {"page": "//elsewhere.example/x"},
        {"page": "/@elsewhere.example"},
        {"installers": {}},
        {"installers": {"linux-x86_64": "0" * 63}},
        {"installers": ["0" * 64]},
        {"also": "something nobody here knows"},
    ],
)
def test_a_notice_of_another_form_is_not_read(change: dict[str, Any]) -> None:
    with pytest.raises(NoticeError, match="cannot be read"):
        read(**change)


@pytest.mark.parametrize("value", [None, [], "text", 1, {}])
def test_what_is_no_notice_at_all_is_not_read(value: Any) -> None:
    with pytest.raises(NoticeError):
        read_notice(value)


@pytest.mark.parametrize(
    ("announced", "ours", "expected"),
    [
        ("0.2.0", "0.2.0", Standing.NEWEST),
        ("0.2.0", "0.1.9", Standing.OLDER),
        ("0.10.0", "0.9.0", Standing.OLDER),
        ("1.0.0", "0.99.99", Standing.OLDER),
        ("0.2.0", "0.2.0rc1", Standing.OLDER),
        ("0.2.0", "0.3.0rc1", Standing.AHEAD),
        ("0.2.0", "0.2.1.dev3", Standing.AHEAD),
    ],
)
def test_versions_are_compared_as_numbers(announced: str, ours: str, expected: Standing) -> None:
    assert standing(announced, ours) is expected


def test_a_mended_hole_matters_only_to_whoever_is_older() -> None:
    assert standing("0.2.0", "0.1.0", security=True) is Standing.INSECURE
    assert standing("0.2.0", "0.2.0", security=True) is Standing.NEWEST


def test_a_notice_is_believed_to_its_last_day_and_not_after() -> None:
    notice = read()
    last = notice.expires
    assert judged(notice, ours="0.2.0", today=last, seen=None)
    with pytest.raises(NoticeError, match="too old"):
        judged(notice, ours="0.2.0", today=last + timedelta(days=1), seen=None)


def test_a_notice_from_the_future_is_not_believed_beyond_another_time_zone() -> None:
    notice = read()
    assert judged(notice, ours="0.2.0", today=notice.released - timedelta(days=1), seen=None)
    with pytest.raises(NoticeError, match="in the future"):
        judged(notice, ours="0.2.0", today=notice.released - timedelta(days=2), seen=None)


@pytest.mark.parametrize(("announced", "ours"), [("0.9.0", "0.10.0"), ("0.2.0", "0.2.1")])
def test_a_notice_that_is_older_than_this_copy_is_held_back(announced: str, ours: str) -> None:
    with pytest.raises(NoticeError, match="holds a newer one back"):
        standing(announced, ours)


def test_a_copy_whose_version_cannot_be_compared_is_told_nothing() -> None:
    with pytest.raises(NoticeError, match="no version that can be compared"):
        standing("0.2.0", "unknown")


BEFORE = Seen.of(read(security=True))


@pytest.mark.parametrize(
    "change",
    [
        {"released": "2026-11-19"},
        {"version": "0.1.9"},
        {"version": "0.1.9", "released": "2026-11-25"},
        {"security": False},
        {"expires": "2027-05-19"},
    ],
)
def test_nothing_that_was_announced_is_ever_taken_back(change: dict[str, Any]) -> None:
    notice = read(**{"security": True, **change})
    with pytest.raises(NoticeError, match="holds it back"):
        judged(notice, ours="0.1.0", today=TODAY, seen=BEFORE)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"released": "2026-11-21"},
        {"version": "0.2.1", "security": False},
        {"expires": "2027-06-01"},
    ],
)
def test_the_same_or_a_newer_notice_is_believed(change: dict[str, Any]) -> None:
    notice = read(**{"security": True, **change})
    assert judged(notice, ours="0.1.0", today=TODAY, seen=BEFORE)


def test_what_was_seen_is_kept_as_a_text_and_read_again() -> None:
    assert Seen.read(BEFORE.text) == BEFORE


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-20", "2026-11-20 0.2.0 maybe 2027-05-20", "x 0.2.0 - 2027-05-20", "a b c d"],
)
def test_what_was_kept_and_spoilt_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Seen.read(text)
