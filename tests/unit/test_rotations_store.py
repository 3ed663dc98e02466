"""Which key gives way to which survives a restart, and is forgotten with either of them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from latchlight.core.credentials import KeyKind
from latchlight.core.errors import StoreError
from latchlight.core.profile import Profile
from latchlight.core.proof_of_death import Answered
from latchlight.core.purpose import Intent
from latchlight.core.rotation import Ended, EndedBy, Overlap, Rotation
from latchlight.exchanges import EXCHANGES
from latchlight.store import Store

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OLD, NEW = f"{1:032x}", f"{2:032x}"
FILE = "latchlight.sqlite3"
FULL = Rotation(
    OLD,
    NOW,
    NEW,
    worked=NOW + timedelta(minutes=1),
    fit=NOW + timedelta(minutes=2),
    switched=NOW + timedelta(minutes=3),
    deleted=NOW + timedelta(minutes=4),
    answered=Answered(NOW, "api.binance.com", "203.0.113.7"),
    ended=Ended(NOW + timedelta(minutes=5), EndedBy.TOLD, "-2008"),
)
RUNNING = replace(FULL, ended=None)


def a_profile(label: str, entry: str, host: str = "api.binance.com") -> Profile:
    return Profile(
        entry=entry,
        label=label,
        exchange="binance",
        host=host,
        kind=KeyKind.HMAC,
        hint="…DhA8",
        fingerprint=entry,
        intent=Intent(),
        added_at=NOW,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with the old and the new key."""
    folder = tmp_path / "latchlight"
    with Store.open(folder) as store:
        store.add_profile(a_profile("old bot", OLD))
        store.add_profile(a_profile("new bot", NEW))
    return folder


def change(folder: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(folder / FILE)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "rotation",
    [
        Rotation(OLD, NOW),
        Rotation(OLD, NOW, NEW),
        RUNNING,
        FULL,
        replace(FULL, answered=Answered(NOW, "openapi.okx.com (demo)", "2001:db8::7")),
        replace(FULL, answered=Answered(NOW, "127.0.0.1:8443", "")),
        replace(FULL, ended=Ended(NOW, EndedBy.PROVED)),
    ],
)
def test_it_is_read_after_a_restart_as_it_was_kept(folder: Path, rotation: Rotation) -> None:
    with Store.open(folder) as store:
        store.keep_rotation(Rotation(OLD, NOW - timedelta(1)))
        store.keep_rotation(rotation)
    with Store.open(folder) as store:
        assert store.rotations() == [rotation]


@pytest.mark.parametrize(("label", "entry"), [("old bot", OLD), ("new bot", NEW)])
def test_it_goes_with_either_key(folder: Path, label: str, entry: str) -> None:
    with Store.open(folder) as store:
        store.keep_rotation(RUNNING)
        store.remove_profile(label, entry=entry)
        assert store.rotations() == []
        assert store.overlap(OLD) is None
        store.keep_rotation(RUNNING)  # written a moment too late
        assert store.rotations() == []
        assert len(store.profiles()) == 1


def test_it_can_be_given_up(folder: Path) -> None:
    with Store.open(folder) as store:
        store.keep_rotation(RUNNING)
        store.forget_rotation(OLD)
        store.forget_rotation(OLD)
        assert store.rotations() == []


def test_a_name_does_not_matter_but_another_host_or_key_ends_it(folder: Path) -> None:
    with Store.open(folder) as store:
        store.keep_rotation(RUNNING)
        store.update_profile("new bot", a_profile("grid", NEW), entry=NEW)
        assert store.rotations() == [RUNNING]
        assert store.overlap(OLD) == Overlap("grid", NOW + timedelta(minutes=1))
        elsewhere = a_profile("grid", NEW, host="testnet.binance.vision")
        store.update_profile("grid", elsewhere, entry=NEW)
        assert store.rotations() == []
        store.keep_rotation(RUNNING)
        other = replace(a_profile("old bot", OLD), fingerprint="f" * 32)
        store.update_profile("old bot", other, entry=OLD)
        assert store.rotations() == []


def test_both_overlap_from_the_new_ones_first_answer(folder: Path) -> None:
    """Also once the old one was found dead: whether it is, its next answer says."""
    with Store.open(folder) as store:
        assert store.overlap(OLD) is None
        for silent in (Rotation(OLD, NOW), Rotation(OLD, NOW, NEW)):
            store.keep_rotation(silent)
            assert store.overlap(OLD) is None
        for told in (RUNNING, FULL):
            store.keep_rotation(told)
            assert store.overlap(OLD) == Overlap("new bot", NOW + timedelta(minutes=1))
            assert store.overlap(NEW) is None


@pytest.mark.parametrize("column", ["begun", "worked", "fit", "ended_at", "answered_from"])
def test_an_unreadable_row_is_begun_anew_and_hides_no_other(folder: Path, column: str) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile("third", f"{3:032x}"))
        store.keep_rotation(FULL)
        store.keep_rotation(Rotation(f"{3:032x}", NOW))
    broken = f"UPDATE rotations SET {column} = 'long ago' WHERE old = ?"  # noqa: S608 - names of ours
    change(folder, broken, OLD)
    with Store.open(folder) as store:
        assert store.rotations() == [Rotation(f"{3:032x}", NOW)]


def test_an_overlap_that_cannot_be_read_is_an_error_and_not_none(folder: Path) -> None:
    with Store.open(folder) as store:
        store.keep_rotation(RUNNING)
    change(folder, "UPDATE rotations SET worked = 'long ago'")
    with Store.open(folder) as store, pytest.raises(StoreError, match="change to a new key"):
        store.overlap(OLD)


def test_what_could_not_be_read_again_is_not_written(folder: Path) -> None:
    with Store.open(folder) as store:
        for wrong in (
            replace(RUNNING, old="me"),
            replace(RUNNING, begun=NOW.replace(tzinfo=None)),
            replace(FULL, ended=Ended(NOW, EndedBy.TOLD, "two\nlines")),
            replace(RUNNING, answered=Answered(NOW, "api.binance.com", "nowhere")),
        ):
            with pytest.raises(ValueError):  # noqa: PT011 - a mistake of the caller, without words
                store.keep_rotation(wrong)
        assert store.rotations() == []


def test_a_file_from_before_is_brought_up_to_date(folder: Path) -> None:
    for table in ("rotations", "accepted_from", "lock_tests"):
        change(folder, f"DROP TABLE {table}")
    change(folder, "PRAGMA user_version = 2")
    with Store.open(folder) as store:
        assert len(store.profiles()) == 2
        store.keep_rotation(FULL)
        assert store.rotations() == [FULL]


def test_forgetting_the_history_keeps_what_is_under_way(folder: Path) -> None:
    with Store.open(folder) as store:
        store.keep_rotation(RUNNING)
        store.forget_history()
        (kept,) = store.rotations()
        answered = replace(RUNNING.answered, seen_from="") if RUNNING.answered else None
        assert kept == replace(RUNNING, answered=answered)
        raw = store._database
        with raw.reading() as connection:
            rows = connection.execute("SELECT * FROM rotations").fetchall()
        assert "203.0.113.7" not in repr(rows)


def test_a_key_of_every_place_of_every_exchange_can_be_stored(folder: Path) -> None:
    """Also of a demo behind the same server, whose name is no host name."""
    with Store.open(folder) as store:
        hosts = [host.name for spec in EXCHANGES.values() for host in spec.hosts]
        assert any("demo" in host for host in hosts)
        for number, host in enumerate(hosts, 10):
            store.add_profile(a_profile(f"key {number}", f"{number:032x}", host))
        assert {profile.host for profile in store.profiles()} >= set(hosts)
