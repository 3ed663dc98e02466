"""The proof of an installation: it believes what it sees, and each thing that is wrong fails it.

The stand-in for an installation is the program of this checkout behind two small scripts; its window is the real one,
on a real screen. Of the frozen program only what is quick is proved here; test_frozen.py looks at it longer.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
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


def script(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def install(
    folder: Path,
    version: str = f"echo latchlight {__version__}",
    practice: str | None = None,
    selftest: str = "echo All passed.",
    window: str = f"exec {sys.executable} -m latchlight gui",
) -> Path:
    """An installation of which each part can be spoilt."""
    said = practice or f"echo '{json.dumps(report())}'; exit 2"
    cases = f'--version) {version};; "practice check --json") {said};; "doctor --selftest") {selftest};;'
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
        "passed  self-test: All passed.",
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


def test_every_tool_of_the_desktop_is_one_that_the_set_up_installs(tools: SimpleNamespace) -> None:
    debian = importlib.import_module("debian")
    assert set(tools.desktops.NEEDED_ON_LINUX) <= set(debian.PACKAGE_OF_PROGRAM)


# --- the installer of Windows, with scripts in its place


def setup_script(target: Path, places: str, uninstalls: str) -> str:
    """What an installer leaves, and what its uninstaller does."""
    uninstaller = f"printf '#!/bin/sh\\n{uninstalls}\\n' > {target}/uninstall.exe"
    made = f"mkdir -p {target}; {places}; {uninstaller}; chmod 755 {target}/uninstall.exe"
    return f'[ "$*" = "/S /DESKTOP=no /PATH=no" ] || exit 64; {made}'


@pytest.mark.parametrize(
    ("proved", "uninstalls", "code"),
    [
        (True, "rm -r {target}", 0),
        (False, "rm -r {target}", 1),
        (True, "exit 0", 1),
        (True, "exit 5", 1),
    ],
)
def test_an_installer_is_proved_by_what_it_leaves_and_takes_away(
    tools: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    proved: bool,
    uninstalls: str,
    code: int,
) -> None:
    trying = tools.try_installer
    target = tmp_path / "Programs" / "Latchlight"
    seen: list[bool] = []
    monkeypatch.setattr(trying, "LONGEST_SECONDS", 0.5)
    monkeypatch.setattr(
        trying.smoke, "prove", lambda folder: seen.append(folder.is_dir()) or proved
    )
    script(tmp_path / "Setup.exe", setup_script(target, ":", uninstalls.format(target=target)))
    here = {"LOCALAPPDATA": str(tmp_path)}
    assert trying.main([str(tmp_path / "Setup.exe")], here) == code
    assert seen == [True]
    assert target.exists() == (not uninstalls.startswith("rm"))


def test_an_installation_that_was_there_before_proves_nothing(
    tools: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Programs" / "Latchlight").mkdir(parents=True)
    here = {"LOCALAPPDATA": str(tmp_path)}
    assert tools.try_installer.main(["Setup.exe"], here) == 1
    assert "is there already" in capsys.readouterr().err
    assert tools.try_installer.main(["Setup.exe"], {}) == 1
    assert tools.try_installer.main([], here) == 64
