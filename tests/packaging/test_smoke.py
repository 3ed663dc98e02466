"""The proof of an installation: it believes what it sees, and each thing that is wrong fails it.

The stand-in for an installation is the program of this checkout behind two small scripts; its window is the real one,
on a real screen. Of the frozen program only what is quick is proved here; test_frozen.py looks at it longer.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from latchlight import __version__

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("desktops", "smoke", "windows.try_installer")
LIGHTS = ["green", "amber", "red", "grey"]


@pytest.fixture(scope="module")
def tools() -> Iterator[SimpleNamespace]:
    """The modules, which are scripts."""
    before = list(sys.path)
    sys.path.insert(0, str(ROOT / "packaging"))
    loaded: dict[str, ModuleType] = {
        name.rpartition(".")[2]: importlib.import_module(name) for name in MODULES
    }
    yield SimpleNamespace(**loaded)
    sys.path[:] = before
    for name in (*MODULES, "windows"):
        sys.modules.pop(name, None)


def report(**changes: Any) -> dict[str, Any]:
    """What a practice checkup prints, as far as it is looked at."""
    keys = [{"light": LIGHTS[number % 4]} for number in range(120)]
    return {"light": "red", "app_version": __version__, "keys": keys, **changes}


def steps(count: int = 6, last: str = "green") -> dict[str, Any]:
    """What a self-test prints, as far as it is looked at: a row that only tells something has no light."""
    lights = [None, *["green"] * (count - 1), last]
    return {"rows": [{"name": "step", "light": light} for light in lights]}


def script(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def install(
    folder: Path,
    version: str = f"echo latchlight {__version__}",
    practice: str | None = None,
    selftest: str | None = None,
    window: str = f"exec {sys.executable} -m latchlight gui",
) -> Path:
    """An installation of which each part can be spoilt."""
    said = practice or f"echo '{json.dumps(report())}'; exit 2"
    tried = selftest or f"echo '{json.dumps(steps())}'"
    cases = f'--version) {version};; "practice check --json") {said};; "doctor --selftest --json") {tried};;'
    script(folder / "latchlight-cli", f'case "$*" in {cases} *) exit 64;; esac')
    script(folder / "latchlight", window)
    return folder


def test_a_sound_installation_passes_with_its_real_window(
    tools: SimpleNamespace, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path / "Latchlight.app" / "Contents" / "MacOS")
    assert tools.smoke.main([str(tmp_path / "Latchlight.app")]) == 0
    assert capfd.readouterr().out.splitlines() == [
        f"passed  version: latchlight {__version__}",
        "passed  practice: 120 keys, 30 amber, 30 green, 30 grey, 30 red",
        "passed  self-test: 6 steps, all green",
        "passed  window: came and went",
    ]


def test_the_frozen_program_tells_its_version_and_its_window_comes_and_goes(
    tools: SimpleNamespace, frozen: Path
) -> None:
    with tools.smoke.prepared(frozen) as (program, desktop):
        assert tools.smoke.tells_its_version(program) == f"latchlight {__version__}"
        assert tools.smoke.opens_and_closes(program, desktop) == "came and went"


SPOILT: dict[str, dict[str, str]] = {
    "not latchlight": {"version": "echo latchlight 0.0.9"},
    "and 'a warning": {"version": f"echo latchlight {__version__}; echo a warning >&2"},
    "version: ended with 3, not 0": {"version": "exit 3"},
    "practice: ended with 0, not 2": {"practice": f"echo '{json.dumps(report())}'"},
    "cannot be read": {"practice": "echo no report; exit 2"},
    "the report is 'green'": {"practice": f"echo '{json.dumps(report(light='green'))}'; exit 2"},
    "of version '9.9.9'": {"practice": f"echo '{json.dumps(report(app_version='9.9.9'))}'; exit 2"},
    "120 keys with the lights ['red']": {
        "practice": f"echo '{json.dumps(report(keys=[{'light': 'red'}] * 120))}'; exit 2"
    },
    "4 keys with": {
        "practice": f"echo '{json.dumps(report(keys=[{'light': x} for x in LIGHTS]))}'; exit 2"
    },
    "self-test: ended with 1, not 0, and said:\nno keyring": {
        "selftest": "echo no keyring; exit 1"
    },
    "self-test: what it tried cannot be read": {"selftest": "exit 0"},
    "self-test: 5 steps": {"selftest": f"echo '{json.dumps(steps(5))}'"},
    "self-test: 6 steps with the lights ['green', 'green', 'green', 'green', 'green', 'grey']": {
        "selftest": f"echo '{json.dumps(steps(last='grey'))}'"
    },
    "it ended with 0 before a window came": {"window": "exit 0"},
    "before a window came; it printed 'Traceback": {"window": "echo Traceback; exit 1"},
    "ended with 7": {"window": "exit 7"},
}


class NoScreen:
    """A desktop on which every window is seen at once, and that closes none."""

    def __init__(self, tools: SimpleNamespace) -> None:
        self._tools = tools
        self.environment = {"PATH": "/usr/bin:/bin"}

    def wait_for_window(self, process: Any) -> None:
        if process.wait(timeout=20) != 7:  # 7: a program that fails later
            raise self._tools.desktops.NoWindowError(
                f"it ended with {process.returncode} before a window came"
            )

    def close(self, pid: int) -> None:
        """It is gone already."""


@pytest.mark.parametrize("words", SPOILT)
def test_each_thing_that_is_wrong_fails_the_proof(
    tools: SimpleNamespace, tmp_path: Path, words: str
) -> None:
    smoke, screen = tools.smoke, NoScreen(tools)
    window, command_line = smoke.find(install(tmp_path, **SPOILT[words]))
    program = smoke.Installed(window, command_line, screen.environment)
    checks = [
        lambda: smoke.tells_its_version(program),
        lambda: smoke.checks_practice(program),
        lambda: smoke.tests_itself(program),
    ]
    names = ["version: ", "practice: ", "self-test: ", ""]
    if "window" in SPOILT[words]:
        checks = [lambda: smoke.opens_and_closes(program, screen)]
        names = [""]
    failed = []
    for name, check in zip(names, checks, strict=False):
        try:
            check()
        except smoke.FailedError as error:
            failed.append(f"{name}{error}")
    assert len(failed) == 1
    assert words in failed[0]


def test_a_folder_without_the_programs_is_told(
    tools: SimpleNamespace, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "latchlight").touch()
    assert tools.smoke.main([str(tmp_path)]) == 1
    assert "does not hold latchlight and latchlight-cli" in capfd.readouterr().out
    assert tools.smoke.main([]) == 64


def test_nothing_of_the_builders_own_settings_helps_the_program(
    tools: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub's Pythons bring a folder of libraries along, in which a missing one would be found."""
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "QT_PLUGIN_PATH"):
        monkeypatch.setenv(name, "/opt/hostedtoolcache")
    monkeypatch.setattr(
        tools.smoke,
        "desktop_here",
        lambda _, environment: nullcontext(SimpleNamespace(environment=environment)),
    )
    with tools.smoke.prepared(install(tmp_path)) as (program, _):
        assert "/opt/hostedtoolcache" not in program.environment.values()
        assert program.environment["PATH"]
        assert program.environment["XDG_DATA_HOME"]


def test_a_program_that_does_not_end_is_told(
    tools: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools.smoke, "LONGEST_SECONDS", 0.1)
    window, command_line = tools.smoke.find(install(tmp_path, version="exec sleep 60"))
    program = tools.smoke.Installed(window, command_line, {"PATH": "/usr/bin:/bin"})
    with pytest.raises(tools.smoke.FailedError, match="did not end within"):
        tools.smoke.tells_its_version(program)


def test_where_a_tool_of_the_desktop_is_missing_it_is_named(
    tools: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.setattr(tools.desktops, "NEEDED_ON_LINUX", ("Xvfb", "no-such-tool"))
    assert tools.smoke.main([str(install(tmp_path))]) == 1
    assert "no-such-tool must be installed" in capfd.readouterr().out


def test_a_screen_that_does_not_start_is_told_at_once(
    tools: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "bin" / "Xvfb", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    with ExitStack() as stack, pytest.raises(tools.desktops.NoWindowError, match="did not start"):
        tools.desktops.start_screen(tmp_path, dict(os.environ), stack)


def test_every_tool_of_the_desktop_is_one_that_the_set_up_installs(tools: SimpleNamespace) -> None:
    debian = importlib.import_module("debian")
    assert set(tools.desktops.NEEDED_ON_LINUX) <= set(debian.PACKAGE_OF_PROGRAM)


# --- the installer of Windows, with scripts in its place


INSTALLER = """
read pid < {top}/running && kill -0 $pid && {while_it_runs}
[ "$*" = "/S /DESKTOP=no /PATH=yes" ] || [ "$*" = /S -a -d {target} ] || exit 64
mkdir -p {target} {menu} {top}/noted
touch {menu}/Latchlight.lnk
printf %s {version} > {top}/noted/DisplayVersion
printf %s {target} > {top}/noted/InstallLocation
printf %s 1.2.3 > {top}/noted/Order
printf '%s' "{path}" > {top}/noted/Path
printf '#!/bin/sh\\n{serve}\\n' > {target}/latchlight-cli
printf '#!/bin/sh\\n{uninstall}\\n' > {target}/uninstall.exe
touch {target}/latchlight
chmod 755 {target}/*
"""
REMOVES = "rm -r {target} {menu}; cd {top}/noted; rm D* I* O*; printf C:/before > Path"
SERVES = "echo $$ > {top}/running; echo The practice exchange runs.; exec sleep 30"
SPOILT_INSTALLERS = {
    "": {},
    "files were left behind": {"uninstall": "exit 0"},
    "uninstall.exe ended with 5, not 0": {"uninstall": "exit 5"},
    "DisplayVersion of the entry is '0.0.1'": {"version": "0.0.1"},
    "stands 0 times in PATH": {"path": "C:/before"},
    "stands 2 times in PATH": {"path": "{target};C:/before;{target}"},
    "there is no ": {"menu": "{top}"},
    "did not say that it is there": {"serve": "exit 1"},
    "Setup.exe ended with 0, not 3": {"while_it_runs": "exit 0"},
    "Uninstall\\Latchlight is still there": {"uninstall": REMOVES.replace("D*", "")},
    "Latchlight\\Setup is still there": {"uninstall": REMOVES.replace("O*", "")},
    "PATH was 'C:/before' and is": {"uninstall": REMOVES.replace("C:/before", "C:/other")},
    "Latchlight.lnk is still there": {"uninstall": REMOVES.replace("{menu}", "")},
}


def make_installer(top: Path, parts: dict[str, str]) -> Path:
    """An installer whose Windows is a folder, where a part of it is wrong; the folder it installs to."""
    menu = top / "Roaming" / "Microsoft" / "Windows" / "Start Menu" / "Programs"
    places = {"top": top, "target": top / "Programs" / "Latchlight", "menu": f"'{menu}'"}
    usual = {"version": __version__, "path": "C:/before;{target}", "while_it_runs": "exit 3"}
    filled = {"uninstall": REMOVES, "serve": SERVES, **usual, **parts}
    filled = {name: text.format(**places) for name, text in filled.items()}
    filled["uninstall"] = filled["uninstall"].replace("'", '"')
    script(top / "Setup.exe", INSTALLER.format(**{**places, **filled}))
    (top / "noted").mkdir()
    (top / "noted" / "Path").write_text("C:/before")
    return top / "Programs" / "Latchlight"


@pytest.mark.parametrize(
    ("said", "proved"), [("", False), *((said, True) for said in SPOILT_INSTALLERS)]
)
def test_an_installer_is_proved_by_what_it_leaves_and_takes_away(
    tools: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    said: str,
    proved: bool,
) -> None:
    trying = tools.try_installer
    target = make_installer(tmp_path, SPOILT_INSTALLERS[said])
    seen: list[bool] = []
    monkeypatch.setattr(trying, "LONGEST_SECONDS", 1.0)
    monkeypatch.setattr(
        trying.smoke, "prove", lambda folder: seen.append(folder.is_dir()) or proved
    )

    def noted(key: str, name: str) -> str | None:
        file = tmp_path / "noted" / name
        return file.read_text() if file.exists() else None

    here = {"LOCALAPPDATA": str(tmp_path), "APPDATA": str(tmp_path / "Roaming")}
    code = trying.main([str(tmp_path / "Setup.exe")], here, noted)
    printed = capsys.readouterr()
    assert code == (0 if proved and not said else 1), printed
    assert seen == [True]
    assert said in printed.out + printed.err
    assert ("FAILED" in printed.out + printed.err) == bool(said)
    assert target.exists() == ("files were" in said or "with 5" in said)


def test_an_installation_that_was_there_before_proves_nothing(
    tools: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Programs" / "Latchlight").mkdir(parents=True)
    here = {"LOCALAPPDATA": str(tmp_path), "APPDATA": str(tmp_path)}
    assert tools.try_installer.main(["Setup.exe"], here) == 1
    assert "is there already" in capsys.readouterr().err
    assert tools.try_installer.main(["Setup.exe"], {}) == 1
    assert tools.try_installer.main([], here) == 64
