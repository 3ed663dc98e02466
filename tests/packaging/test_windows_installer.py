"""The installer for Windows, on a Windows computer made of Wine: what it leaves there is listed whole."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

import pytest

from windows_bench import (
    DATA,
    DESKTOP,
    ENTRY,
    ENVIRONMENT,
    NEW,
    OLD,
    PATH,
    PROGRAM,
    SESSION_MANAGER,
    SETUP,
    START_MENU,
    Bench,
    below,
    entry,
    files_of,
    keys_of,
    parents_of,
    unquoted,
    windows_bench,
)
from windows_pages import click_through, make_reader, sentences
from windows_payload import calls
from wine_computer import HOME, Ended, seen_from_windows, text_of

LED_THROUGH = ("WELCOME_NEW", "CHOICES_TITLE", "FOLDER_TOP", "FINISH_TITLE")
FAREWELL = {"yes": "FINISH_TEXT", "no": "FINISH_ELSEWHERE"}
CHINESE = re.compile("[\u4e00-\u9fff]")
NAMES = re.compile(r"Latchlight [\d.]+|C:.*")


@pytest.fixture(scope="module")
def whole_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with windows_bench(tmp_path_factory.mktemp("windows")) as made:
        yield made


@pytest.fixture
def bench(whole_bench: Bench) -> Iterator[Bench]:
    """As new, for each test: every test leaves it as it was, and is told if it does not."""
    whole_bench.log.unlink(missing_ok=True)
    yield whole_bench
    try:
        whole_bench.assert_clean()
    except AssertionError:
        whole_bench.make_clean()
        raise


def test_installing_and_removing_leave_exactly_what_they_should(bench: Bench) -> None:
    before = bench.computer.whole_snapshot()
    assert bench.set_up(bench.old) == Ended(0, "")
    now = bench.computer.whole_snapshot()
    files, values = before.added(now)
    assert before.gone(now) == ([], [])
    assert set(files) == files_of(OLD) | {str(START_MENU)}
    link = bench.computer.here(START_MENU).read_bytes()
    assert str(PROGRAM / "latchlight.exe").encode("utf-16-le") in link
    shown = below(values, ENTRY)
    assert re.fullmatch(r"20\d{6}", shown.pop("InstallDate"))
    assert int(shown.pop("EstimatedSize").removeprefix("dword:"), 16) > 80
    assert shown == entry("0.9.0")
    assert below(values, SETUP) == {
        "Order": "0.9.0.9000",
        "StartMenu": "dword:00000001",
        "Desktop": "dword:00000000",
        "Path": "dword:00000000",
    }
    assert keys_of(values) == {ENTRY, SETUP, *parents_of(ENTRY, values), *parents_of(SETUP, values)}
    assert bench.remove() == Ended(0, "")
    after = bench.computer.whole_snapshot()
    assert (before.added(after), before.gone(after)) == (({}, {}), ([], []))


def test_the_uninstaller_is_signed_where_a_certificate_is_configured(bench: Bench) -> None:
    """It is made inside the installer, so that only an installation shows it."""
    bench.set_up(bench.new)
    for program in bench.computer.here(PROGRAM).glob("*.exe"):
        assert bench.signer.has_signed(program), program.name
    bench.remove()


@pytest.mark.parametrize(
    ("language", "installing", "removing", "entry"),  # titles as NSIS writes them
    [
        ("en", "Latchlight Setup", "Latchlight Uninstall ", "yes"),
        ("zh-Hans", "Latchlight \u5b89\u88c5", "Latchlight \u5378\u8f7d ", "no"),
    ],
    ids=["English", "Chinese"],
)
def test_somebody_who_only_presses_the_button_is_led_through(
    bench: Bench, language: str, installing: str, removing: str, entry: str
) -> None:
    """And the program that was just installed is started at the end, where it is said how to start it again."""
    reader = make_reader(bench.computer.folder)
    words = (bench.old, f"/LANGUAGE={language}", f"/STARTMENU={entry}")
    pages = click_through(bench.computer, reader, installing, *words, log=bench.log)
    files, _ = bench.clean.added(bench.computer.snapshot())
    assert set(files) - {str(START_MENU)} == files_of(OLD)
    assert (str(START_MENU) in files) == (entry == "yes")
    assert calls(bench.log) == [(str(PROGRAM / "latchlight.exe"), "")]

    bench.log.unlink()
    pages += click_through(bench.computer, reader, removing, *bench.removal())
    assert calls(bench.log) == []  # the keys stay, unless they were ticked
    texts = ["\n".join(page) for page in pages]
    names = (*LED_THROUGH, FAREWELL[entry], "REMOVE_TOP")
    expected = [sentences(language)[name].split("$\\r$\\n")[0] for name in names]
    assert [line for text in texts for line in expected if line in text] == expected
    if language == "zh-Hans":
        told = [line for page in pages for line in page if not NAMES.fullmatch(line)]
        assert [line for line in told if not CHINESE.search(line)] == []


def test_an_old_windows_is_refused_in_words(bench: Bench) -> None:
    assert bench.on_windows_7.code == 8
    assert "needs Windows 10 or 11" in bench.on_windows_7.said


def test_the_programs_start_from_where_they_were_installed(bench: Bench) -> None:
    bench.set_up(bench.old)
    for name in ("latchlight.exe", "latchlight-cli.exe"):
        program = bench.computer.here(PROGRAM / name)
        ended = bench.computer.run(
            program, "--version", STUB_LOG=seen_from_windows(bench.log), STUB_CODE="9"
        )
        assert ended == Ended(9, "started\n")
    assert calls(bench.log) == [
        (str(PROGRAM / name), "--version") for name in ("latchlight.exe", "latchlight-cli.exe")
    ]
    bench.remove()


def test_an_upgrade_replaces_our_files_and_nothing_else(bench: Bench) -> None:
    """In a folder with a Chinese name that was chosen, with every choice other than usual."""
    folder = PureWindowsPath("C:/\u4ea4\u6613 \u5de5\u5177/Latchlight")
    chosen = ("/STARTMENU=no", "/DESKTOP=yes", "/PATH=yes", "/LANGUAGE=zh-Hans")
    assert bench.set_up(bench.old, *chosen, *unquoted(f"/D={folder}")).code == 0
    mine = [
        folder / "my notes.txt",
        folder / "_internal/stale/mine.txt",
        DATA / "latchlight.sqlite3",
    ]
    for file in mine:
        bench.computer.here(file).parent.mkdir(exist_ok=True)
        bench.computer.here(file).write_text("mine")
    before = bench.computer.snapshot()

    assert bench.set_up(bench.new) == Ended(0, "")
    now = bench.computer.snapshot()
    ours = files_of(NEW, folder)
    beside = {f"{folder.parent}\\", f"{folder}\\_internal\\stale\\", f"{DATA}\\"}
    files, _ = bench.clean.added(now)
    assert set(files) == ours | beside | {str(DESKTOP)} | set(map(str, mine))
    assert all(before.files[str(file)] == now.files[str(file)] for file in mine)
    assert below(now.registry, ENTRY).items() >= entry("0.10.0", folder).items()
    assert below(now.registry, SETUP) == {
        "Order": "0.10.0.9000",
        "StartMenu": "dword:00000000",
        "Desktop": "dword:00000001",
        "Path": "dword:00000001",
        "PathAddition": str(folder),
        "PathMade": "dword:00000001",
        "Language": "zh-Hans",
    }
    assert text_of(now.registry[PATH]) == str(folder)

    assert bench.remove(folder=folder).code == 0
    files, values = bench.clean.added(bench.computer.snapshot())
    assert set(files) == beside | {f"{folder}\\", f"{folder}\\_internal\\"} | set(map(str, mine))
    assert values == {}
    for place in (folder.parent, DATA):
        shutil.rmtree(bench.computer.here(place))


def test_a_newer_version_is_replaced_only_when_that_was_asked_for(bench: Bench) -> None:
    bench.set_up(bench.new)
    before = bench.computer.snapshot()
    ended = bench.set_up(bench.old)
    assert ended.code == 4
    assert "Version 0.10.0 is installed, which is newer than this setup (0.9.0)" in ended.said
    assert bench.computer.snapshot() == before

    assert bench.set_up(bench.old, "/DOWNGRADE").code == 0
    now = bench.computer.snapshot()
    assert set(bench.clean.added(now)[0]) == files_of(OLD) | {str(START_MENU)}
    assert below(now.registry, ENTRY)["DisplayVersion"] == "0.9.0"
    bench.remove()


def test_what_was_taken_off_by_hand_does_not_come_back(bench: Bench) -> None:
    bench.set_up(bench.old, "/DESKTOP=yes", "/PATH=yes")
    for link in (START_MENU, DESKTOP):
        bench.computer.here(link).unlink()
    bench.computer.remove_value(ENVIRONMENT, "Path")
    bench.set_up(bench.new)
    files, values = bench.clean.added(bench.computer.snapshot())
    assert set(files) == files_of(NEW)
    assert PATH not in values
    bench.remove()


def test_another_folder_takes_the_program_with_it(bench: Bench) -> None:
    bench.set_up(bench.old, "/PATH=yes")
    elsewhere = PureWindowsPath("C:/Elsewhere/Latchlight")
    assert bench.set_up(bench.new, f"/D={elsewhere}").code == 0
    now = bench.computer.snapshot()
    files, _ = bench.clean.added(now)
    assert set(files) == files_of(NEW, elsewhere) | {f"{elsewhere.parent}\\", str(START_MENU)}
    assert text_of(now.registry[PATH]) == str(elsewhere)
    bench.remove(folder=elsewhere)
    bench.computer.here(elsewhere.parent).rmdir()


KEPT = r"%USERPROFILE%\bin;C:\tools"
LONG = ";".join(f"C:\\a folder with a long name\\number {number:04}" for number in range(47))
TOO_LONG = ";".join([LONG] * 2)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("REG_EXPAND_SZ", KEPT, f"{KEPT};{PROGRAM}"),
        ("REG_SZ", f"{KEPT};", f"{KEPT};{PROGRAM}"),
        ("REG_EXPAND_SZ", LONG, f"{LONG};{PROGRAM}"),
        ("REG_EXPAND_SZ", f"{KEPT};{str(PROGRAM).upper()}\\", None),
    ],
    ids=["usual", "plain, with a separator at its end", "2,000 characters", "there already"],
)
def test_the_path_gets_one_entry_and_loses_just_that(
    bench: Bench, kind: str, before: str, after: str | None
) -> None:
    bench.computer.set_value(ENVIRONMENT, "Path", kind, before)
    stored = bench.computer.value(ENVIRONMENT, "Path")
    assert stored == (kind, before)
    assert bench.set_up(bench.old, "/PATH=yes") == Ended(0, "")
    assert bench.set_up(bench.new) == Ended(0, "")  # the choice of last time, and still one entry
    assert bench.computer.value(ENVIRONMENT, "Path") == (kind, after or before)
    bench.remove()
    assert bench.computer.value(ENVIRONMENT, "Path") == stored
    bench.computer.remove_value(ENVIRONMENT, "Path")


def test_an_entry_in_the_midst_of_the_path_is_cut_out(bench: Bench) -> None:
    bench.computer.set_value(ENVIRONMENT, "Path", "REG_SZ", KEPT)
    bench.set_up(bench.old, "/PATH=yes")
    bench.computer.set_value(ENVIRONMENT, "Path", "REG_SZ", f"{KEPT};{PROGRAM};C:\\later")
    assert bench.set_up(bench.old, "/PATH=no").code == 0
    assert bench.computer.value(ENVIRONMENT, "Path") == ("REG_SZ", f"{KEPT};C:\\later")
    bench.remove()
    bench.computer.remove_value(ENVIRONMENT, "Path")


def test_a_path_that_is_too_long_is_left_alone_and_that_is_said(bench: Bench) -> None:
    assert len(LONG) < 2000 < 2047 < len(TOO_LONG)
    bench.computer.set_value(ENVIRONMENT, "Path", "REG_EXPAND_SZ", TOO_LONG)
    ended = bench.set_up(bench.old, "/PATH=yes")
    assert ended.code == 7
    assert "PATH was left exactly as it was" in ended.said
    assert bench.computer.value(ENVIRONMENT, "Path") == ("REG_EXPAND_SZ", TOO_LONG)
    bench.remove()
    assert bench.computer.value(ENVIRONMENT, "Path") == ("REG_EXPAND_SZ", TOO_LONG)
    bench.computer.remove_value(ENVIRONMENT, "Path")


@contextmanager
def running(bench: Bench, program: Path, grab: PureWindowsPath | str = "") -> Iterator[None]:
    """While a program runs, which may keep a file open."""
    hold = bench.computer.folder / "hold"
    hold.touch()
    process = bench.computer.start(program, STUB_HOLD=seen_from_windows(hold), STUB_GRAB=str(grab))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        yield
    finally:
        hold.unlink()
        process.communicate()


@pytest.mark.parametrize(
    ("name", "action"), [("latchlight.exe", "upgrade"), ("latchlight-cli.exe", "removal")]
)
def test_nothing_is_changed_while_the_program_runs(bench: Bench, name: str, action: str) -> None:
    def act() -> Ended:
        return bench.set_up(bench.new) if action == "upgrade" else bench.remove("/REMOVEKEYS")

    bench.set_up(bench.old)
    with running(bench, bench.computer.here(PROGRAM / name)):
        before = bench.computer.snapshot()
        ended = act()
        assert ended.code == 3
        assert "Latchlight is running" in ended.said
        assert bench.computer.snapshot() == before
        assert calls(bench.log) == []
    assert act().code == 0
    if action == "upgrade":
        bench.remove()


def test_a_file_that_somebody_holds_is_said_and_the_next_attempt_mends_it(bench: Bench) -> None:
    bench.set_up(bench.old)
    held = PROGRAM / "_internal/stale/module.pyd"
    somebody = bench.computer.folder / "stub.exe"
    with running(bench, somebody, grab=held):
        ended = bench.set_up(bench.new)
        assert ended.code == 5
        assert "start this setup again: it puts everything right" in ended.said
        # Files go in order: at the first that does not go, the others are left alone.
        assert bench.computer.here(PROGRAM / "latchlight.exe").exists()
        ended = bench.remove()
        assert ended.code == 5
        assert "Some files could not be removed" in ended.said
        assert below(bench.computer.snapshot().registry, ENTRY)["DisplayVersion"] == "0.9.0"
    assert bench.set_up(bench.new) == Ended(0, "")
    files, _ = bench.clean.added(bench.computer.snapshot())
    assert set(files) == files_of(NEW) | {str(START_MENU)}
    bench.remove()


def test_removing_the_keys_is_left_to_the_program_and_then_the_settings_go(bench: Bench) -> None:
    bench.set_up(bench.old)
    data = bench.computer.here(DATA)
    data.mkdir()
    for name in (
        "",
        "-wal",
        "-shm",
        ".aside-20261129-120000-000000",
        ".aside-20261129-120000-000000-wal",
    ):
        (data / f"latchlight.sqlite3{name}").touch()
    assert bench.remove("/REMOVEKEYS").code == 0
    assert calls(bench.log) == [(str(PROGRAM / "latchlight-cli.exe"), "keys remove --all --yes")]


def test_keys_that_may_still_be_there_keep_the_program(bench: Bench) -> None:
    bench.set_up(bench.old)
    data = bench.computer.here(DATA)
    data.mkdir()
    (data / "latchlight.sqlite3").touch()
    before = bench.computer.snapshot()
    ended = bench.remove("/REMOVEKEYS", code="70")
    assert ended.code == 6
    assert "Not all keys could be proved to be gone, so Latchlight was not removed" in ended.said
    assert bench.computer.snapshot() == before

    bench.log.unlink()
    assert bench.remove().code == 0  # without that wish it goes, and asks for nothing
    assert calls(bench.log) == []
    assert [file.name for file in data.iterdir()] == ["latchlight.sqlite3"]
    shutil.rmtree(data)


def test_files_that_cannot_be_written_leave_the_old_version_whole(bench: Bench) -> None:
    bench.set_up(bench.old)
    in_the_way = PROGRAM / "latchlight-setup-unpacked" / "latchlight-cli.exe"
    bench.computer.here(in_the_way).mkdir(parents=True)
    before = bench.computer.snapshot()
    ended = bench.set_up(bench.new)
    assert ended.code == 5
    assert "The files could not be written, so nothing was changed" in ended.said
    assert bench.computer.snapshot() == before
    bench.computer.here(in_the_way).rmdir()
    bench.computer.here(in_the_way.parent).rmdir()
    bench.remove()


def test_a_folder_that_was_deleted_by_hand_is_no_version_that_is_installed(bench: Bench) -> None:
    """Neither a newer one, which Windows could not remove any more, nor a place to go to."""
    bench.set_up(bench.new, *unquoted("/D=C:\\Elsewhere\\Latchlight"))
    shutil.rmtree(bench.computer.here(PureWindowsPath("C:/Elsewhere")))
    assert bench.set_up(bench.old) == Ended(0, "")
    files, _ = bench.clean.added(bench.computer.snapshot())
    assert set(files) == files_of(OLD) | {str(START_MENU)}
    bench.remove()


@pytest.mark.parametrize("action", ["upgrade", "removal"])
def test_an_upgrade_that_was_cut_short_is_mended_by_what_comes_next(
    bench: Bench, action: str
) -> None:
    """And a list that leads out of the folder is not followed."""
    bench.set_up(bench.old)
    unpacked = bench.computer.here(PROGRAM / "latchlight-setup-unpacked")
    (unpacked / "_internal").mkdir(parents=True)
    for name in ("latchlight.exe", "_internal/half.dll"):
        (unpacked / name).write_text("half")
    outside = bench.computer.here(PROGRAM.parent / "outside.txt")
    outside.write_text("mine")
    lines = (
        *("latchlight.exe", "_internal\\half.dll", "..\\..\\outside.txt"),
        f"C:{outside}",
        "_internal\\",
    )
    (unpacked / "installed-files.txt").write_text("\r\n".join([*lines, ""]), newline="")
    bench.computer.here(PROGRAM / "latchlight.exe").unlink()
    placed = bench.computer.here(PROGRAM / "_internal/newer.dll")
    placed.write_text("of the newer version")
    with bench.computer.here(PROGRAM / "installed-files.txt").open("a", newline="") as list_there:
        list_there.write("_internal\\newer.dll\r\n")
    if action == "upgrade":
        assert bench.set_up(bench.new).code == 0
        files, _ = bench.clean.added(bench.computer.snapshot())
        assert set(files) == files_of(NEW) | {str(START_MENU), str(PROGRAM.parent / outside.name)}
    assert bench.remove() == Ended(0, "")
    assert outside.read_text() == "mine"
    outside.unlink()


@pytest.mark.parametrize("switch", ["/PATH=perhaps", "/LANGUAGE=fr", "/DESKTOP", "/MENU=no"])
def test_a_switch_that_is_not_understood_is_named(bench: Bench, switch: str) -> None:
    ended = bench.set_up(bench.old, "/STARTMENU=no", switch)
    assert ended.code == 64
    assert ended.said.endswith(f"not understood, so nothing was changed: {switch}\n")


def test_nobody_believes_keys_to_be_gone_because_of_a_slip_of_the_pen(bench: Bench) -> None:
    bench.set_up(bench.old)
    before = bench.computer.snapshot()
    ended = bench.remove("/REMOVEKEY")
    assert ended.code == 64
    assert ended.said.endswith("nothing was changed: /REMOVEKEY\n")
    assert bench.computer.snapshot() == before
    assert bench.remove("/LANGUAGE=en", "/removekeys").code == 0
    assert calls(bench.log) == [(str(PROGRAM / "latchlight-cli.exe"), "keys remove --all --yes")]


def test_the_switches_are_told(bench: Bench) -> None:
    said = bench.set_up(bench.old, "/?").said
    for switch in ("/STARTMENU=", "/DESKTOP=", "/PATH=", "/LANGUAGE=", "/DOWNGRADE", "/REMOVEKEYS"):
        assert switch in said


def test_the_uninstaller_removes_itself_too(bench: Bench) -> None:
    """As Windows starts it: it copies itself away, and the first of the two ends at once."""
    bench.set_up(bench.old)
    waits = shutil.copy(
        bench.computer.here(PROGRAM / "latchlight.exe"), bench.computer.folder / "waits.exe"
    )
    bench.computer.run(bench.computer.here(PROGRAM / "uninstall.exe"), "/S")
    bench.computer.run(waits, STUB_HOLD=str(PROGRAM / "uninstall.exe"))
    bench.computer.run(waits, STUB_HOLD=str(PROGRAM))
    # NSIS' own copy, in the folder for what may be deleted at any time: a program cannot delete itself.
    copies = sorted(bench.computer.here(HOME / "Temp").glob("~nsu*.tmp"))
    assert [file.name for folder in copies for file in folder.iterdir()] == ["Un.exe"]
    for folder in copies:
        shutil.rmtree(folder)
    # It asks Windows to delete that copy at the next start. (Only an administrator's Windows notes it down.)
    bench.computer.remove_value(SESSION_MANAGER, "PendingFileRenameOperations")
