"""What is remembered, that it is private, and that a file which cannot be read is never touched."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards import SYSTEM
from latchlight.core.addresses import parse_address
from latchlight.core.credentials import KeyKind
from latchlight.core.errors import StoreError, UsageError
from latchlight.core.limits import LIMITS
from latchlight.core.profile import Acceptance, Profile
from latchlight.core.purpose import Intent, Purpose, Setup
from latchlight.services import Services, contact_recorder
from latchlight.store import Store, Theme, data_folder, database, set_aside
from latchlight.store.rows import RowError, moment, moment_text
from latchlight.store.schema import VERSION

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FILE = "latchlight.sqlite3"
PRINT = "a1" * 16
BASIS = "c3" * 8


def a_profile(label: str = "my bot", *, fingerprint: str = PRINT, number: int = 1) -> Profile:
    addresses = (parse_address("203.0.113.7"), parse_address("2001:db8::1"))
    return Profile(
        entry=f"{number:032x}",
        label=label,
        exchange="binance",
        host="api.binance.com",
        kind=KeyKind.ED25519,
        hint="…DhA8",
        fingerprint=fingerprint,
        intent=Intent(Purpose.FUTURES, Setup.FAILOVER, addresses),
        added_at=NOW,
    )


def an_acceptance(label: str = "my bot", *, days: int = 7, rule: str = "key-old") -> Acceptance:
    return Acceptance(label, rule, PRINT, "I know", NOW + timedelta(days=days), BASIS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "latchlight"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    with Store.open(folder) if request.param == "file" else Store.in_memory() as opened:
        yield opened


def change(folder: Path, statement: str, *values: object) -> None:
    """What a broken disk or another program may have done to the file."""
    connection = sqlite3.connect(folder / FILE)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


# --- profiles ------------------------------------------------------------------------------------


def test_a_profile_is_read_as_it_was_added(store: Store) -> None:
    store.add_profile(a_profile())
    assert store.profile("my bot") == a_profile()
    assert store.profiles() == [a_profile()]


def test_profiles_are_listed_by_label(store: Store) -> None:
    for number, label in enumerate(("beta", "Alpha", "gamma")):
        store.add_profile(a_profile(label, number=number))
    assert [profile.label for profile in store.profiles()] == ["Alpha", "beta", "gamma"]


@pytest.mark.parametrize("twin", ["my bot", "MY BOT", "my  bot", "m\u0443 b\u043et"], ids=ascii)
def test_a_label_that_looks_like_another_is_refused(store: Store, twin: str) -> None:
    store.add_profile(a_profile())
    with pytest.raises(UsageError, match="already a key called “my bot”"):
        store.refuse_taken(twin)
    with pytest.raises((UsageError, ValueError)):
        store.add_profile(a_profile(twin, number=2))
    assert len(store.profiles()) == 1


def test_an_unknown_label_is_refused_with_the_one_that_was_meant(store: Store) -> None:
    store.add_profile(a_profile())
    with pytest.raises(UsageError, match="Did you mean “my bot”"):
        store.profile("My Bot")
    with pytest.raises(UsageError, match="no key called “other”"):
        store.profile("other")


@pytest.mark.parametrize(
    "label", ["", "\udcff\udcfe", "x" * 10000, "a\x00b", "'; DROP TABLE profiles;--"]
)
def test_any_text_as_a_label_is_simply_unknown(store: Store, label: str) -> None:
    store.add_profile(a_profile())
    for act in (
        store.profile,
        lambda name: store.remove_profile(name, entry=a_profile().entry),
        lambda name: store.remove_acceptance(name, "x"),
    ):
        with pytest.raises(UsageError, match="no key called"):
            act(label)
    assert store.acceptances(label) == []
    assert len(store.profiles()) == 1


def test_a_profile_that_could_not_be_read_again_is_not_written(store: Store) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a mistake of the caller, without words
        store.add_profile(replace(a_profile(), entry="not hex"))
    assert store.profiles() == []


def test_update_renames_and_keeps_reports_and_acceptances(store: Store) -> None:
    store.add_profile(a_profile())
    store.add_acceptance(an_acceptance(), NOW)
    store.save_report("my bot", "green", NOW, "{}")
    new = replace(a_profile("new name"), intent=Intent())
    store.update_profile("my bot", new, entry=new.entry)
    assert [p.label for p in store.profiles()] == ["new name"]
    assert [a.label for a in store.acceptances("new name")] == ["new name"]
    assert [r.label for r in store.reports("new name")] == ["new name"]


def test_update_refuses_the_label_of_another_key(store: Store) -> None:
    store.add_profile(a_profile())
    store.add_profile(a_profile("second", number=2))
    with pytest.raises(UsageError, match="already a key"):
        store.update_profile("second", a_profile("MY BOT", number=2), entry=f"{2:032x}")
    store.update_profile("second", a_profile("Second", number=2), entry=f"{2:032x}")
    assert [p.label for p in store.profiles()] == ["my bot", "Second"]


def test_removing_a_key_removes_its_reports_and_acceptances(store: Store) -> None:
    store.add_profile(a_profile())
    store.add_acceptance(an_acceptance(), NOW)
    store.save_report("my bot", "green", NOW, "{}")
    store.remove_profile("my bot", entry=a_profile().entry)
    store.add_profile(a_profile())
    assert store.acceptances("my bot") == []
    assert store.reports("my bot") == []


def test_a_label_that_another_program_gave_to_another_key_meanwhile_is_left_alone(
    folder: Path,
) -> None:
    with Store.open(folder) as ours, Store.open(folder) as theirs:
        ours.add_profile(a_profile())
        seen = ours.profile("my bot")
        theirs.remove_profile("my bot", entry=seen.entry)
        theirs.add_profile(a_profile(number=2))
        theirs.save_report("my bot", "green", NOW, "{}")
        with pytest.raises(UsageError, match="changed by another program"):
            ours.remove_profile("my bot", entry=seen.entry)
        with pytest.raises(UsageError, match="changed by another program"):
            ours.update_profile("my bot", replace(seen, label="new name"), entry=seen.entry)
        assert ours.profiles() == [a_profile(number=2)]
        assert len(ours.reports("my bot")) == 1


def test_the_same_key_under_two_labels_is_found(store: Store) -> None:
    store.add_profile(a_profile("one", number=1))
    store.add_profile(a_profile("two", number=2))
    store.add_profile(a_profile("three", fingerprint="b2" * 16, number=3))
    assert store.labels_with_fingerprint(PRINT) == ["one", "two"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "telepathy"),
        ("purpose", ""),
        ("setup", "x"),
        ("addresses", "not json"),
        ("addresses", '["300.1.1.1"]'),
        ("addresses", "[" * 100000),
        ("addresses", "{}"),
        ("added_at", "2026-11-20T12:00:00"),
        ("added_at", "yesterday"),
        ("added_at", 5),
        ("entry", "../../x"),
        ("host", "evil.example/path"),
        ("hint", "the whole secret"),
        ("fingerprint", b"\xff\xfe"),
        ("exchange", "../x"),
    ],
)
def test_an_unreadable_row_is_said_and_hides_no_other(
    folder: Path, column: str, value: object
) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
        store.add_profile(a_profile("good", number=2))
    change(folder, f"UPDATE profiles SET {column} = ? WHERE label = 'my bot'", value)  # noqa: S608
    with Store.open(folder) as store:
        with pytest.raises(StoreError, match="“my bot”"):
            store.profiles()
        with pytest.raises(StoreError, match="cannot be read"):
            store.profile("my bot")
        readable, unreadable = store.readable_profiles()
        assert [p.label for p in readable] == ["good"]
        assert unreadable == ["my bot"]


def test_a_label_that_is_no_text_is_shown_as_a_question_mark(folder: Path) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
    change(folder, "UPDATE profiles SET label = CAST(x'fffe41' AS TEXT)")
    with Store.open(folder) as store:
        assert store.readable_profiles() == ([], ["?"])


# --- acceptances ---------------------------------------------------------------------------------


def test_an_acceptance_holds_until_its_date(store: Store) -> None:
    store.add_profile(a_profile())
    store.add_acceptance(an_acceptance(days=7), NOW)
    assert store.acceptances("my bot", NOW) == [an_acceptance(days=7)]
    assert store.acceptances("my bot", NOW + timedelta(days=7)) == []


def test_an_acceptance_is_cut_to_the_longest_time(store: Store) -> None:
    store.add_profile(a_profile())
    stored = store.add_acceptance(an_acceptance(days=4000), NOW)
    assert stored.until == NOW + timedelta(days=LIMITS.acceptance_days)
    assert store.acceptances("my bot") == [stored]


def test_an_acceptance_made_while_the_clock_was_ahead_does_not_hold(store: Store) -> None:
    store.add_profile(a_profile())
    ahead = NOW + timedelta(days=365)
    store.add_acceptance(replace(an_acceptance(), until=ahead + timedelta(days=1)), ahead)
    assert store.acceptances("my bot", NOW) == []


def test_another_key_under_the_label_ends_its_acceptances(store: Store) -> None:
    store.add_profile(a_profile())
    store.add_acceptance(an_acceptance(), NOW)
    entry = a_profile().entry
    store.update_profile("my bot", a_profile(fingerprint="b2" * 16), entry=entry)
    assert store.acceptances("my bot") == []
    store.update_profile("my bot", a_profile(), entry=entry)
    assert store.acceptances("my bot") == []
    with pytest.raises(UsageError, match="another key by now"):
        store.add_acceptance(replace(an_acceptance(), fingerprint="b2" * 16), NOW)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "two\nlines", "nul\x00"])
def test_an_acceptance_needs_a_reason_of_one_line(store: Store, reason: str) -> None:
    store.add_profile(a_profile())
    with pytest.raises(UsageError, match="reason"):
        store.add_acceptance(replace(an_acceptance(), reason=reason), NOW)


def test_an_acceptance_that_has_ended_is_refused(store: Store) -> None:
    store.add_profile(a_profile())
    with pytest.raises(UsageError, match="past"):
        store.add_acceptance(an_acceptance(days=0), NOW)


def test_an_acceptance_is_replaced_and_taken_back(store: Store) -> None:
    store.add_profile(a_profile())
    store.add_acceptance(an_acceptance(days=1), NOW)
    store.add_acceptance(an_acceptance(days=2), NOW)
    store.add_acceptance(an_acceptance(rule="other"), NOW)
    assert [a.rule for a in store.acceptances("my bot")] == ["key-old", "other"]
    store.remove_acceptance("my bot", "key-old")
    assert [a.rule for a in store.acceptances("my bot")] == ["other"]


def test_an_unreadable_acceptance_accepts_nothing(folder: Path) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
        store.add_acceptance(an_acceptance(), NOW)
        store.add_acceptance(an_acceptance(rule="other"), NOW)
    change(folder, "UPDATE acceptances SET until = '2026-12-01' WHERE rule = 'other'")
    with Store.open(folder) as store:
        assert [a.rule for a in store.acceptances("my bot")] == ["key-old"]


def test_an_acceptance_that_says_not_what_it_accepts_is_not_written(store: Store) -> None:
    store.add_profile(a_profile())
    with pytest.raises(ValueError):  # noqa: PT011 - a mistake of the caller, without words
        store.add_acceptance(replace(an_acceptance(), basis=""), NOW)
    assert store.acceptances("my bot") == []


def test_an_acceptance_from_before_its_basis_was_kept_accepts_nothing(folder: Path) -> None:
    Store.open(folder).close()
    change(folder, "DROP TABLE rotations")
    change(folder, "ALTER TABLE acceptances DROP COLUMN basis")
    for table in ("accepted_from", "lock_tests"):
        change(folder, f"DROP TABLE {table}")
    change(folder, "PRAGMA user_version = 1")
    with Store.open(folder) as store:
        store.add_profile(a_profile())
    change(
        folder,
        "INSERT INTO acceptances (profile, rule, fingerprint, reason, until)"
        " SELECT id, 'key-old', fingerprint, 'I know', ? FROM profiles",
        moment_text(NOW + timedelta(days=7)),
    )
    with Store.open(folder) as store:
        assert store.acceptances("my bot") == []
        store.add_acceptance(an_acceptance(), NOW)
        assert store.acceptances("my bot", NOW) == [an_acceptance()]


# --- addresses -----------------------------------------------------------------------------------


def test_equal_addresses_in_a_row_are_one_sighting(store: Store) -> None:
    first, second = parse_address("203.0.113.7"), parse_address("203.0.113.8")
    for minutes, address in enumerate((first, first, second, first)):
        store.note_address(address, NOW + timedelta(minutes=minutes))
    history = store.address_history(4, NOW - timedelta(days=1))
    assert [s.address for s in history] == [first, second, first]
    assert (history[0].first, history[0].last) == (NOW, NOW + timedelta(minutes=1))


def test_address_families_do_not_interrupt_each_other(store: Store) -> None:
    v4, v6 = parse_address("203.0.113.7"), parse_address("2001:db8::1")
    for minutes, address in enumerate((v4, v6, v4, v6)):
        store.note_address(address, NOW + timedelta(minutes=minutes))
    assert [s.address for s in store.address_history(4, NOW)] == [v4]
    assert [s.address for s in store.address_history(6, NOW)] == [v6]


def test_a_mapped_address_is_the_plain_one(store: Store) -> None:
    store.note_address(parse_address("203.0.113.7"), NOW)
    store.note_address(parse_address("::ffff:203.0.113.7"), NOW)
    assert len(store.address_history(4, NOW)) == 1


def test_the_address_history_begins_where_asked(store: Store) -> None:
    store.note_address(parse_address("203.0.113.7"), NOW - timedelta(days=40))
    store.note_address(parse_address("203.0.113.8"), NOW)
    assert len(store.address_history(4, NOW - timedelta(days=30))) == 1


def test_a_clock_that_went_back_keeps_first_before_last(store: Store) -> None:
    address = parse_address("203.0.113.7")
    store.note_address(address, NOW)
    store.note_address(address, NOW - timedelta(hours=1))
    (sighting,) = store.address_history(4, NOW - timedelta(days=1))
    assert (sighting.first, sighting.last) == (NOW - timedelta(hours=1), NOW)


def test_an_unreadable_sighting_is_an_error_because_a_rule_reads_them(folder: Path) -> None:
    with Store.open(folder) as store:
        store.note_address(parse_address("203.0.113.7"), NOW)
    change(folder, "UPDATE sightings SET address = '1.2.3'")
    with Store.open(folder) as store, pytest.raises(StoreError, match="cannot be read"):
        store.address_history(4, NOW)


# --- reports, pauses, contacts, settings ---------------------------------------------------------


def test_only_the_last_200_reports_of_a_key_are_kept(store: Store) -> None:
    store.add_profile(a_profile())
    store.add_profile(a_profile("other", number=2))
    store.save_report("other", "red", NOW, "{}")
    for number in range(205):
        store.save_report("my bot", "green", NOW + timedelta(minutes=number), f'{{"n": {number}}}')
    reports = store.reports("my bot")
    assert len(reports) == 200
    assert (reports[0].text, reports[-1].text) == ('{"n": 204}', '{"n": 5}')
    assert len(store.reports("my bot", most=3)) == 3
    assert [r.light for r in store.reports("other")] == ["red"]


def test_the_report_of_a_key_removed_meanwhile_is_dropped(store: Store) -> None:
    store.save_report("gone", "green", NOW, "{}")
    assert store.reports("gone") == []


def test_an_unreadable_report_hides_no_other(folder: Path) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
        store.save_report("my bot", "green", NOW, "first")
        store.save_report("my bot", "red", NOW, "second")
    change(folder, "UPDATE reports SET finished_at = 'never' WHERE body = 'first'")
    with Store.open(folder) as store:
        assert [r.text for r in store.reports("my bot")] == ["second"]


def test_the_later_end_of_a_pause_stays(store: Store) -> None:
    store.set_ban("api.binance.com", NOW + timedelta(hours=2))
    store.set_ban("api.binance.com", NOW + timedelta(hours=1))
    assert store.ban_until("api.binance.com", NOW) == NOW + timedelta(hours=2)
    assert store.ban_until("api.binance.com", NOW + timedelta(hours=2)) is None
    assert store.ban_until("other.example", NOW) is None


def test_a_pause_noted_while_the_clock_was_ahead_ends_within_the_longest(store: Store) -> None:
    store.set_ban("api.binance.com", NOW + timedelta(days=365))
    end = NOW + timedelta(seconds=LIMITS.ban_seconds)
    assert store.ban_until("api.binance.com", NOW) == end
    assert store.ban_until("api.binance.com", NOW + timedelta(days=1)) == end
    assert store.ban_until("api.binance.com", end) is None


def test_an_unreadable_pause_is_an_error(folder: Path) -> None:
    with Store.open(folder) as store:
        store.set_ban("api.binance.com", NOW)
    change(folder, "UPDATE bans SET until = 'soon'")
    with Store.open(folder) as store, pytest.raises(StoreError, match="pause"):
        store.ban_until("api.binance.com", NOW)


def test_every_contact_is_listed_with_its_first_and_last_time(store: Store) -> None:
    later = NOW + timedelta(hours=3)
    for path, at in (("/b", NOW), ("/a", NOW), ("/a", NOW + timedelta(seconds=1)), ("/a", later)):
        store.note_contact("api.binance.com", path, at)
    contacts = store.contacts()
    assert [(c.path, c.first, c.last) for c in contacts] == [("/a", NOW, later), ("/b", NOW, NOW)]


def test_a_note_about_a_contact_does_not_wait_for_another_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one never gives way, and a write that waits as long as others do would take an hour."""
    monkeypatch.setattr(database, "_BUSY_SECONDS", 3600.0)
    with Store.open(folder) as store:
        other = sqlite3.connect(folder / FILE, isolation_level=None)
        with contextlib.closing(other):
            other.execute("BEGIN IMMEDIATE")
            record = contact_recorder(Services(_opened={"store": store}))
            done = threading.Event()

            def note() -> None:
                record("api.binance.com", "/a")
                store.note_contact("api.binance.com", "/b", NOW)
                done.set()

            threading.Thread(target=note, daemon=True).start()
            assert done.wait(20)
            assert other.in_transaction
            assert store.contacts() == []
            other.execute("ROLLBACK")
        # Only these notes are in a hurry, and what was left out is written the next time.
        with store._database.reading() as connection:
            assert connection.execute("PRAGMA busy_timeout").fetchone() == (3_600_000,)
        record("api.binance.com", "/a")
        assert [contact.path for contact in store.contacts()] == ["/a"]


def test_a_note_about_a_contact_that_fails_otherwise_is_an_error(folder: Path) -> None:
    with Store.open(folder) as store:
        change(folder, "DROP TABLE contacts")
        with pytest.raises(StoreError):
            store.note_contact("api.binance.com", "/a", NOW)
        store.set_ban("api.binance.com", NOW)


def test_an_unreadable_contact_is_an_error_rather_than_a_gap(folder: Path) -> None:
    with Store.open(folder) as store:
        store.note_contact("api.binance.com", "/a", NOW)
    change(folder, "UPDATE contacts SET first = 0")
    with Store.open(folder) as store, pytest.raises(StoreError, match="contacted"):
        store.contacts()


def test_settings_have_defaults_and_are_kept(folder: Path) -> None:
    with Store.open(folder) as store:
        assert (store.theme, store.key_age_days, store.force_ipv4) == (Theme.SYSTEM, 365, True)
        store.theme, store.key_age_days, store.force_ipv4 = Theme.DARK, 90, False
    with Store.open(folder) as store:
        assert (store.theme, store.key_age_days, store.force_ipv4) == (Theme.DARK, 90, False)


@pytest.mark.parametrize("rubbish", ["", "x", "-1", "0", "99999", "1e3", "\u0663", "neon"])
def test_a_setting_that_makes_no_sense_is_the_default(store: Store, rubbish: str) -> None:
    for name in ("theme", "key_age_days", "force_ipv4"):
        store.set_setting(name, rubbish)
    assert (store.theme, store.key_age_days, store.force_ipv4) == (Theme.SYSTEM, 365, True)


def test_the_salt_is_made_once(folder: Path) -> None:
    with Store.open(folder) as store:
        salt = store.salt
        assert len(salt) == 32
        assert store.salt == salt
    with Store.open(folder) as store:
        assert store.salt == salt


def test_a_damaged_salt_is_an_error_and_not_replaced(folder: Path) -> None:
    with Store.open(folder) as store:
        assert store.salt
        store.set_setting("salt", "short")
        with pytest.raises(StoreError, match="random number"):
            _ = store.salt


@given(st.datetimes(timezones=st.timezones()))
def test_times_survive_as_utc_and_sort_as_text(at: datetime) -> None:
    try:
        text = moment_text(at)
    except OverflowError:
        return  # the first and last hours of the calendar have no UTC
    # In UTC: Python calls two zones' times unequal where a clock is set back (PEP 495).
    assert moment(text) == at.astimezone(UTC)
    assert len(text) == 27


def test_a_time_without_its_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zone"):
        moment_text(datetime(2026, 1, 1))


def test_text_order_is_time_order() -> None:
    summer = timezone(timedelta(hours=5, minutes=30))
    times = [NOW + timedelta(microseconds=n * 999_999) for n in range(5)]
    texts = [moment_text(at.astimezone(summer)) for at in times]
    assert texts == sorted(texts)


@pytest.mark.parametrize("value", [None, 5, b"x", "", "2026-11-20", "2026-13-45T99:99:99.000000Z"])
def test_rubbish_is_not_a_time(value: object) -> None:
    with pytest.raises(RowError):
        moment(value)


# --- where the file is, and whose ----------------------------------------------------------------


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_s15_folder_and_files_are_private_from_the_first_byte(folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with Store.open(folder) as store:
            store.add_profile(a_profile())
            names = {file.name for file in folder.iterdir()}
            assert names == {FILE, f"{FILE}-wal", f"{FILE}-shm"}
            assert {mode(file) for file in folder.iterdir()} == {0o600}
            assert mode(folder) == 0o700
    finally:
        os.umask(before)


def test_m32_the_file_is_made_private_before_sqlite_sees_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    connect = sqlite3.connect

    def look_first(path: str, **options: object) -> sqlite3.Connection:
        modes.append(mode(Path(path)))
        return connect(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sqlite3, "connect", look_first)
    before = os.umask(0)
    try:
        Store.open(folder).close()
    finally:
        os.umask(before)
    assert modes == [0o600]


def test_di08_permissions_that_grew_are_taken_back(folder: Path) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
    folder.chmod(0o755)
    (folder / FILE).chmod(0o666)
    with Store.open(folder) as store:
        assert store.profiles() == [a_profile()]
    assert (mode(folder), mode(folder / FILE)) == (0o700, 0o600)


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", "data/latchlight"),
        ("darwin", "home/Library/Application Support/Latchlight"),
        ("win32", "local/Latchlight"),
    ],
)
def test_the_data_folder_of_each_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, expected: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("HOME", "USERPROFILE"):  # the second one counts where the tests run on Windows
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert data_folder() == tmp_path / expected


@pytest.mark.parametrize("named", ["", "relative/path"])
def test_a_data_folder_that_is_not_absolute_is_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", named)
    assert data_folder() == tmp_path / ".local" / "share" / "latchlight"


def test_di13_a_path_with_spaces_quotes_and_unicode_works(tmp_path: Path) -> None:
    elsewhere = "" if sys.platform == "win32" else '"?'  # no name on Windows has these
    folder = tmp_path / f"a b'c#f%20 ünï 文{elsewhere}"
    with Store.open(folder) as store:
        store.add_profile(a_profile())
    assert (folder / FILE).stat().st_size > 0


# --- files that are something else ---------------------------------------------------------------


def refused(folder: Path) -> StoreError:
    with pytest.raises(StoreError) as caught:
        Store.open(folder)
    assert caught.value.__cause__ is None
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "dangling-link"])
@pytest.mark.parametrize("name", [FILE, f"{FILE}-wal", f"{FILE}-shm"])
def test_di07_what_is_not_a_plain_file_is_refused_without_hanging(
    folder: Path, tmp_path: Path, kind: str, name: str
) -> None:
    folder.mkdir(parents=True)
    target = tmp_path / "elsewhere"
    if kind == "folder":
        (folder / name).mkdir()
    elif kind == "pipe":
        os.mkfifo(folder / name)
    else:
        if kind == "link":
            target.write_text("precious")
        (folder / name).symlink_to(target)
    assert "something other than a file" in refused(folder).message
    assert (target.read_text() if kind == "link" else "precious") == "precious"
    assert target.exists() is (kind == "link")


def test_di08_a_file_of_another_user_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(folder).close()
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert "another user" in refused(folder).message


def test_di03_a_place_where_no_folder_can_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "no folder" in refused(tmp_path / "file" / "latchlight").message
    assert "no folder" in refused(tmp_path / "file").message
    assert "no folder" in refused(tmp_path / ("x" * 300)).message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a database", "something else"),
        (b"\x00" * 5000, "something else"),
        (b"SQLite format 3\x00", "damaged"),
        (b"SQLite format 3\x00" + b"\xff" * 5000, "Latchlight"),
        (b"S", "damaged"),
        (os.urandom(4096), "something else"),
    ],
    ids=["text", "zeros", "header-only", "header-and-rubbish", "one-byte", "random"],
)
def test_di06_a_file_that_is_no_database_is_refused_and_kept(
    folder: Path, content: bytes, words: str
) -> None:
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(content)
    assert words in refused(folder).message
    assert (folder / FILE).read_bytes() == content


def test_di06_the_database_of_another_program_is_refused_and_kept(folder: Path) -> None:
    folder.mkdir(parents=True)
    change(folder, "CREATE TABLE bookmarks (url TEXT)")
    content = (folder / FILE).read_bytes()
    assert "something else" in refused(folder).message
    assert (folder / FILE).read_bytes() == content


def test_di06_a_newer_version_is_refused_and_kept(folder: Path) -> None:
    Store.open(folder).close()
    change(folder, f"PRAGMA user_version = {VERSION + 1}")
    content = (folder / FILE).read_bytes()
    assert "newer version" in refused(folder).message
    assert (folder / FILE).read_bytes() == content


def a_filled_folder(folder: Path) -> bytes:
    with Store.open(folder) as store:
        for number in range(30):
            store.add_profile(a_profile(f"key {number}", number=number))
            store.save_report(f"key {number}", "green", NOW, "x" * 3000)
    return (folder / FILE).read_bytes()


def test_di06_a_file_cut_anywhere_is_refused_and_kept(folder: Path) -> None:
    whole = a_filled_folder(folder)
    lengths = {1, 15, 16, 99, 100, 511, 512, 4095, 4096, 4097, len(whole) - 4096, len(whole) - 1}
    for length in sorted(lengths | set(range(0, len(whole), 9973)) - {0}):
        (folder / FILE).write_bytes(whole[:length])
        assert refused(folder).message
        assert (folder / FILE).read_bytes() == whole[:length]


def test_di06_bytes_overwritten_anywhere_give_a_sentence_or_true_rows(folder: Path) -> None:
    whole = a_filled_folder(folder)
    labels = {f"key {number}" for number in range(30)}
    for at in range(0, len(whole), 4093):
        (folder / FILE).write_bytes(whole[:at] + b"\xa5" * 24 + whole[at + 24 :])
        with contextlib.suppress(StoreError), Store.open(folder) as store:
            readable, unreadable = store.readable_profiles()
            assert {profile.label for profile in readable} <= labels
            assert len(readable) + len(unreadable) == 30


def test_an_emptied_file_beside_its_log_is_refused_and_the_log_kept(folder: Path) -> None:
    """SQLite itself would throw the log away, and with it what it still holds."""
    store = Store.open(folder)
    store.add_profile(a_profile())
    log = (folder / f"{FILE}-wal").read_bytes()
    store.close()
    (folder / FILE).write_bytes(b"")
    (folder / f"{FILE}-wal").write_bytes(log)
    assert "damaged" in refused(folder).message
    assert (folder / f"{FILE}-wal").read_bytes() == log


def test_setting_aside_keeps_everything_and_makes_room(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(b"broken")
    (folder / f"{FILE}-wal").write_bytes(b"log")
    aside = set_aside(folder)
    assert aside.read_bytes() == b"broken"
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"log"
    with Store.open(folder) as store:
        assert store.profiles() == []
    assert Store.set_aside(folder) != aside
    assert aside.read_bytes() == b"broken"


def test_what_was_set_aside_in_the_same_moment_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of Windows stands still for 16 ms; everywhere else the first one would be replaced."""

    class Still(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Still:
            return cls(2026, 11, 29, tzinfo=tz)

    monkeypatch.setattr("latchlight.store.place.datetime", Still)
    folder.mkdir(parents=True)
    kept = []
    for content in (b"one", b"two"):
        (folder / FILE).write_bytes(content)
        kept.append(set_aside(folder))
    assert [each.read_bytes() for each in kept] == [b"one", b"two"]


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_is_not_a_file_can_be_set_aside_too(folder: Path, tmp_path: Path, kind: str) -> None:
    folder.mkdir(parents=True)
    if kind == "folder":
        (folder / FILE).mkdir()
    elif kind == "pipe":
        os.mkfifo(folder / FILE)
    else:
        (folder / FILE).symlink_to(tmp_path)
    assert os.path.lexists(set_aside(folder))
    Store.open(folder).close()
    assert (folder / FILE).is_file()


def test_nothing_to_set_aside_is_said(folder: Path) -> None:
    with pytest.raises(StoreError, match="no file"):
        set_aside(folder)


# --- threads and closing -------------------------------------------------------------------------


def test_many_threads_work_on_one_store(store: Store) -> None:
    store.add_profile(a_profile())
    problems: list[BaseException] = []
    start = threading.Barrier(12)

    def work(number: int) -> None:
        try:
            start.wait(20)
            for turn in range(10):
                store.save_report("my bot", "grey", NOW, f"{number}-{turn}")
                store.reports("my bot")
        except BaseException as problem:  # noqa: BLE001 - shown below
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    assert {report.text for report in store.reports("my bot")} == {
        f"{number}-{turn}" for number in range(12) for turn in range(10)
    }


def test_readers_do_not_wait_for_a_writer_of_another_process(folder: Path) -> None:
    with Store.open(folder) as store:
        store.add_profile(a_profile())
        other = sqlite3.connect(folder / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM profiles")
        assert store.profiles() == [a_profile()]
        other.execute("ROLLBACK")
        other.close()


def test_di11_a_file_held_by_another_process_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("latchlight.store.database._BUSY_SECONDS", 0.01)
    with Store.open(folder) as store:
        other = sqlite3.connect(folder / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another Latchlight"):
            store.add_profile(a_profile())
        other.execute("ROLLBACK")
        other.close()
        store.add_profile(a_profile())
        assert store.profiles() == [a_profile()]


def test_a_refused_write_changes_nothing(store: Store) -> None:
    store.add_profile(a_profile())
    with pytest.raises(StoreError):
        store.add_profile(a_profile("other label, same entry"))
    assert store.profiles() == [a_profile()]
    store.add_profile(a_profile("next", number=2))
    assert len(store.profiles()) == 2


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closing"):
        store.profiles()


def test_importing_the_store_does_not_load_sqlite() -> None:
    app = Path(__file__).parents[2] / "app"
    code = "import sys, latchlight.store; print('sqlite3' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**SYSTEM, "PYTHONPATH": str(app)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_forgetting_the_history_keeps_keys_and_pauses(store: Store) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    store.note_contact("api.binance.com", "/api/v3/time", at)
    store.note_address(parse_address("185.199.110.7"), at)
    store.set_ban("api.binance.com", at + timedelta(hours=1))
    store.forget_history()
    assert store.contacts() == []
    assert store.address_history(4, at - timedelta(days=1)) == []
    assert store.ban_until("api.binance.com", at) == at + timedelta(hours=1)
    store.note_contact("api.binance.com", "/api/v3/time", at)
    assert len(store.contacts()) == 1


def test_address_lookups_are_allowed_until_the_user_says_no(store: Store) -> None:
    assert store.address_lookups is True
    store.address_lookups = False
    assert store.address_lookups is False
