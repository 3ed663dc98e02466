"""What an announcement means: the form is exact, versions are numbers, and an old notice says nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

import signed_notice
from latchlight.core.release_notice import Notice, NoticeError, Standing, judged, read_notice

TODAY = date(2026, 11, 29)


def read(**changes: Any) -> Notice:
    return read_notice(json.loads(signed_notice.notice(**changes)))


def standing(announced: str, ours: str, security: bool = False) -> Standing:
    notice = read(version=announced, security=security)
    return judged(notice, ours=ours, today=TODAY, newest_seen=None).standing


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
        ("0.9.0", "0.10.0", Standing.AHEAD),
        ("1.0.0", "0.99.99", Standing.OLDER),
        ("0.2.0", "0.2.1", Standing.AHEAD),
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
    assert judged(notice, ours="0.2.0", today=last, newest_seen=None)
    with pytest.raises(NoticeError, match="too old"):
        judged(notice, ours="0.2.0", today=last + timedelta(days=1), newest_seen=None)


def test_a_notice_from_the_future_is_not_believed_beyond_another_time_zone() -> None:
    notice = read()
    assert judged(notice, ours="0.2.0", today=notice.released - timedelta(days=1), newest_seen=None)
    with pytest.raises(NoticeError, match="in the future"):
        judged(notice, ours="0.2.0", today=notice.released - timedelta(days=2), newest_seen=None)


def test_an_older_notice_than_one_seen_before_is_not_believed() -> None:
    notice = read()
    same, newer = notice.released, notice.released + timedelta(days=1)
    assert judged(notice, ours="0.1.0", today=TODAY, newest_seen=same)
    with pytest.raises(NoticeError, match="holds it back"):
        judged(notice, ours="0.1.0", today=TODAY, newest_seen=newer)
