"""What is kept of a lock test: with its key, strictly read, and gone when the key or the history goes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from latchlight.core.addresses import parse_address, parse_network
from latchlight.core.errors import StoreError
from latchlight.core.lock_test import LockTest, TriedAnswer
from latchlight.store import Store
from latchlight.store.lock_rows import lock_text, read_lock
from latchlight.store.rows import RowError

from .test_store import FILE, NOW, PRINT, a_profile, change

ENTRY = a_profile().entry
HOME, AWAY = parse_address("93.184.216.34"), parse_address("8.8.4.4")
MINUTE = timedelta(minutes=1)


def a_lock_test(**changes: Any) -> LockTest:
    made = LockTest(
        exchange="binance",
        host="api.binance.com",
        practice=False,
        fingerprint=PRINT,
        used_at=NOW - 3 * MINUTE,
        used_from=(HOME, parse_address("2001:db8::1")),
        tried_at=NOW - 2 * MINUTE,
        tried_from=(AWAY,),
        still_from=(AWAY,),
        answer=TriedAnswer(
            accepted=False,
            probe="GET /sapi/v1/account/apiRestrictions",
            code="key-ip-or-permission",
            http_status=400,
            exchange_code="-2015",
            seen=AWAY,
            address_possible=True,
        ),
        list_before="shown ipRestrict=true",
        listed=(parse_network("93.184.216.0/24"),),
        back_at=NOW - MINUTE,
        back_from=(HOME,),
        list_after="shown ipRestrict=true",
    )
    return replace(made, **changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "latchlight"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as opened:
        opened.add_profile(a_profile())
        yield opened


@pytest.mark.parametrize(
    "made",
    [
        a_lock_test(),
        a_lock_test(back_at=None, back_from=(), list_after=""),
        a_lock_test(answer=TriedAnswer(accepted=True, probe="GET /x")),
        a_lock_test(used_from=(), tried_from=(), still_from=(), listed=()),
    ],
)
def test_a_test_is_read_as_it_was_kept(folder: Path, made: LockTest) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
        assert store.lock_test(ENTRY) is None
        store.keep_lock_test(ENTRY, made)
    with Store.open(folder) as store:
        assert store.lock_test(ENTRY) == made


def test_the_last_test_of_a_key_is_the_one_that_is_kept(store: Store) -> None:
    store.keep_lock_test(ENTRY, a_lock_test())
    newer = a_lock_test(tried_at=NOW)
    store.keep_lock_test(ENTRY, newer)
    assert store.lock_test(ENTRY) == newer
    assert store.lock_test(f"{2:032x}") is None


@pytest.mark.parametrize(
    "other", [{"fingerprint": "b2" * 16}, {"host": "api.binance.us"}, {"fingerprint": ""}]
)
def test_a_test_of_another_key_than_the_stored_one_is_dropped(
    store: Store, other: dict[str, str]
) -> None:
    store.keep_lock_test(ENTRY, a_lock_test(**other))
    assert store.lock_test(ENTRY) is None
    store.keep_lock_test("nobody", a_lock_test())
    assert store.lock_test("nobody") is None


def test_removing_the_key_removes_its_test_and_addresses(store: Store) -> None:
    remembered(store)
    store.add_profile(a_profile("second", number=2, fingerprint="b2" * 16))
    store.note_accepted(f"{2:032x}", [HOME], NOW)
    store.remove_profile("my bot", entry=ENTRY)
    assert everything(store) == [(f"{2:032x}", str(HOME))]


def test_forgetting_the_history_forgets_tests_and_addresses(store: Store) -> None:
    remembered(store)
    store.forget_history()
    assert everything(store) == []
    assert store.lock_test(ENTRY) is None


@pytest.mark.parametrize(
    "new",
    [
        a_profile(fingerprint="b2" * 16),
        replace(a_profile(), host="api.binance.us"),
        a_profile(number=7),
    ],
)
def test_another_key_or_host_or_entry_ends_the_test(store: Store, new: Any) -> None:
    remembered(store)
    store.update_profile("my bot", new, entry=ENTRY)
    assert everything(store) == []
    assert store.lock_test(ENTRY) is None


def test_another_name_leaves_the_test_alone(store: Store) -> None:
    remembered(store)
    store.update_profile("my bot", a_profile("new name"), entry=ENTRY)
    assert store.lock_test(ENTRY) == a_lock_test()
    assert store.accepted_from(ENTRY, NOW) == (HOME,)


def remembered(store: Store) -> None:
    store.keep_lock_test(ENTRY, a_lock_test())
    store.note_accepted(ENTRY, [HOME], NOW)
    assert everything(store)


def everything(store: Store) -> list[tuple[str, str]]:
    with store._database.reading() as connection:
        found = connection.execute("SELECT owner, address FROM accepted_from").fetchall()
        assert connection.execute("SELECT count(*) FROM lock_tests").fetchone()[0] <= len(found)
    return found


# Addresses -------------------------------------------------------------------------------------


def test_addresses_are_kept_per_key_with_the_last_time(store: Store) -> None:
    store.note_accepted(ENTRY, [HOME], NOW - 5 * MINUTE)
    store.note_accepted(ENTRY, [AWAY], NOW - 3 * MINUTE)
    store.note_accepted(ENTRY, [HOME, parse_address("::ffff:8.8.4.4")], NOW - 2 * MINUTE)
    store.note_accepted(ENTRY, [AWAY], NOW - 9 * MINUTE)
    assert store.accepted_from(ENTRY, NOW - 2 * MINUTE) == (AWAY, HOME)
    assert store.accepted_from(ENTRY, NOW - MINUTE) == ()
    assert store.accepted_from("other", NOW - 9 * MINUTE) == ()


def test_only_the_last_two_hundred_addresses_are_kept(store: Store) -> None:
    for number in range(203):
        address = parse_address(f"9.9.{number // 250}.{number % 250 + 1}")
        store.note_accepted(ENTRY, [address], NOW + number * MINUTE)
    kept = store.accepted_from(ENTRY, NOW)
    assert len(kept) == 200
    assert parse_address("9.9.0.3") not in kept
    assert parse_address("9.9.0.4") in kept


def test_an_address_that_cannot_be_read_is_an_error_because_it_would_pass_for_foreign(
    folder: Path,
) -> None:
    with Store.open(folder) as store:
        store.note_accepted(ENTRY, [HOME], NOW)
    change(folder, "UPDATE accepted_from SET address = 'x'")
    with Store.open(folder) as store, pytest.raises(StoreError, match="cannot be read"):
        store.accepted_from(ENTRY, NOW)


# Strict reading --------------------------------------------------------------------------------


def spoilt(**changes: Any) -> str:
    made = json.loads(lock_text(a_lock_test()))
    for name, value in changes.items():
        into = made["answer"] if name in made["answer"] else made
        if value is ...:
            del into[name]
        else:
            into[name] = value
    return json.dumps(made)


BAD: dict[str, Callable[[], object]] = {
    "nothing": lambda: "",
    "no text": lambda: 5,
    "bytes": lambda: b"{}",
    "no object": lambda: "[]",
    "null": lambda: "null",
    "too deep": lambda: "[" * 100_000,
    "twice": lambda: lock_text(a_lock_test())[:-1] + ', "practice": false}',
    "one more": lambda: lock_text(a_lock_test())[:-1] + ', "more": 1}',
    "one less": lambda: spoilt(fingerprint=...),
    "an answer without its code": lambda: spoilt(code=...),
    "a flag as text": lambda: spoilt(practice="false"),
    "accepted as a number": lambda: spoilt(accepted=1),
    "one cause as null": lambda: spoilt(only_cause=None),
    "a code of nobody": lambda: spoilt(code="ip-fine"),
    "a probe that is no question": lambda: spoilt(probe="POST /x"),
    "a probe with a space": lambda: spoilt(probe="GET /x y"),
    "a status as text": lambda: spoilt(http_status="401"),
    "a status as a flag": lambda: spoilt(http_status=True),
    "a time of no form": lambda: spoilt(tried_at="2026-11-20"),
    "a time of the thirteenth month": lambda: spoilt(tried_at="2026-13-20T12:00:00.000000Z"),
    "no time": lambda: spoilt(used_at=None),
    "an address that is none": lambda: spoilt(tried_from=["300.1.1.1"]),
    "an address as a number": lambda: spoilt(tried_from=[134744072]),
    "addresses as text": lambda: spoilt(tried_from="8.8.4.4"),
    "a seen address that is none": lambda: spoilt(seen="here"),
    "a range with host bits": lambda: spoilt(listed=["93.184.216.34/24"]),
}


@pytest.mark.parametrize("case", BAD)
def test_a_test_that_is_not_exactly_as_it_was_written_is_none(case: str) -> None:
    with pytest.raises(RowError):
        read_lock(BAD[case]())


def test_an_unreadable_test_is_an_error_and_not_silence(folder: Path) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
        store.keep_lock_test(ENTRY, a_lock_test())
    change(folder, "UPDATE lock_tests SET body = ?", spoilt(accepted="no"))
    with Store.open(folder) as store, pytest.raises(StoreError, match="a lock test"):
        store.lock_test(ENTRY)


def test_a_test_that_could_not_be_read_again_is_not_written(store: Store) -> None:
    answer = replace(a_lock_test().answer, probe="a probe\nwith a line")
    with pytest.raises(RowError):
        store.keep_lock_test(ENTRY, a_lock_test(answer=answer))
    assert store.lock_test(ENTRY) is None


# From an older file, and the line of this computer ----------------------------------------------


def test_a_file_of_the_version_before_gets_the_tables(folder: Path) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
    connection = sqlite3.connect(folder / FILE)
    for statement in ("DROP TABLE accepted_from", "DROP TABLE lock_tests"):
        connection.execute(statement)
    connection.execute("PRAGMA user_version = 3")
    connection.commit()
    connection.close()
    with Store.open(folder) as store:
        assert [profile.label for profile in store.profiles()] == ["my bot"]
        remembered(store)


def test_a_visit_does_not_make_the_line_look_unsteady(store: Store) -> None:
    began = NOW - 5 * MINUTE
    store.note_address(HOME, NOW - timedelta(days=3))
    store.note_address(HOME, NOW - 6 * MINUTE)
    store.note_address(AWAY, NOW - 4 * MINUTE)
    store.note_address(HOME, NOW)
    store.forget_visit([AWAY], began)
    (only,) = store.address_history(4, NOW - timedelta(days=9))
    assert (only.address, only.first, only.last) == (HOME, NOW - timedelta(days=3), NOW)


def test_a_visit_takes_away_nothing_that_was_there_before(store: Store) -> None:
    store.note_address(AWAY, NOW - timedelta(days=3))
    store.note_address(HOME, NOW - timedelta(days=2))
    store.forget_visit([AWAY], NOW - 5 * MINUTE)
    assert [s.address for s in store.address_history(4, NOW - timedelta(days=9))] == [AWAY, HOME]
