"""The set-up script: what it starts, what it installs when, and what it says when something is in the way."""

from __future__ import annotations

import ast
import errno
import importlib
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("telling", "debian", "environment", "screen", "system", "bootstrap")


@dataclass(frozen=True)
class Checkout:
    """A copy of what the set-up needs, with its modules loaded from there."""

    root: Path
    modules: dict[str, ModuleType]

    def __getattr__(self, name: str) -> Any:
        return self.modules[name]

    @property
    def venv(self) -> Path:
        return self.root / ".venv"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checkout]:
    root = tmp_path / "checkout"
    shutil.copytree(
        ROOT / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("app/latchlight/__init__.py", "pyproject.toml", "resources/resources.qrc"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    monkeypatch.syspath_prepend(str(root / "packaging"))
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield Checkout(root, {name: importlib.import_module(name) for name in MODULES})
    for name in MODULES:
        sys.modules.pop(name, None)


def script(path: Path, body: str) -> Path:
    """A small program for the tests to find where the set-up looks for a real one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def installed(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was installed, in order, in place of really installing it."""
    done: list[str] = []

    def make(_apt: object) -> None:
        done.append("venv")
        script(checkout.venv / "bin" / "python", "exit 0")

    monkeypatch.setattr(checkout.environment, "make_environment", make)
    monkeypatch.setattr(checkout.environment, "install_packages", done.append)
    return done


def prepare(checkout: Checkout, kind: str) -> None:
    checkout.environment.prepare(kind, checkout.debian.Apt(checkout.environment.LOG))


# --- what is installed when


def test_the_second_start_installs_nothing(checkout: Checkout, installed: list[str]) -> None:
    prepare(checkout, "gui")
    prepare(checkout, "gui")
    assert installed == ["venv", "gui"]


def test_what_the_tests_need_is_enough_for_the_window(
    checkout: Checkout, installed: list[str]
) -> None:
    prepare(checkout, "dev")
    prepare(checkout, "gui")
    prepare(checkout, "base")
    assert installed == ["venv", "dev"]


def test_the_window_needs_more_than_the_command_line(
    checkout: Checkout, installed: list[str]
) -> None:
    prepare(checkout, "base")
    prepare(checkout, "gui")
    assert installed == ["venv", "base", "venv", "gui"]


@pytest.mark.parametrize(
    "changed",
    ["packaging/requirements/gui.txt", "packaging/requirements/build.txt", "pyproject.toml"],
)
def test_a_changed_list_is_installed(
    checkout: Checkout, installed: list[str], changed: str
) -> None:
    prepare(checkout, "gui")
    with (checkout.root / changed).open("a", encoding="utf-8") as file:
        file.write("# another line\n")
    prepare(checkout, "gui")
    assert installed == ["venv", "gui", "venv", "gui"]


def test_an_interrupted_installation_is_begun_again(
    checkout: Checkout, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_kind: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(checkout.environment, "install_packages", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare(checkout, "gui")
    prepare(checkout, "gui")
    assert installed == ["venv", "venv", "gui"]


def test_a_moved_checkout_is_set_up_again(checkout: Checkout, installed: list[str]) -> None:
    prepare(checkout, "gui")
    stamp = checkout.environment.STAMP
    stamp.write_text(
        stamp.read_text("utf-8").replace(str(checkout.venv), "/elsewhere/.venv"), "utf-8"
    )
    prepare(checkout, "gui")
    assert installed == ["venv", "gui", "venv", "gui"]


def test_a_changed_icon_is_packed_without_installing(
    checkout: Checkout, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[str] = []
    monkeypatch.setattr(checkout.environment, "pack_resources", lambda: packed.append("packed"))
    prepare(checkout, "gui")
    prepare(checkout, "gui")
    assert packed == ["packed"]
    (checkout.root / "resources" / "new.svg").write_text("<svg/>", "utf-8")
    prepare(checkout, "gui")
    assert packed == ["packed", "packed"]
    assert installed == ["venv", "gui"]


def test_an_environment_of_somebody_else_is_left_alone(checkout: Checkout) -> None:
    checkout.venv.mkdir()
    mine = checkout.venv / "mine.txt"
    mine.write_text("mine", "utf-8")
    with pytest.raises(checkout.telling.SetupError, match="did not make"):
        prepare(checkout, "gui")
    assert mine.read_text("utf-8") == "mine"


def test_a_half_made_environment_is_made_anew(checkout: Checkout) -> None:
    checkout.venv.mkdir()
    checkout.environment.write_stamp({"state": "installing"})
    (checkout.venv / "lib").mkdir()
    (checkout.venv / "lib" / "half.py").write_text("half", "utf-8")
    checkout.environment.make_environment(checkout.debian.Apt(checkout.environment.LOG))
    assert not (checkout.venv / "lib" / "half.py").exists()
    python = checkout.environment.program("python")
    assert (
        subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True).returncode
        == 0
    )
    assert checkout.environment.read_stamp() == {}


# --- pip


def test_the_users_own_index_is_used_and_nothing_is_misplaced(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    monkeypatch.setenv("PIP_CERT", "/etc/own.pem")
    monkeypatch.setenv("PIP_TARGET", "/somewhere")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    script(checkout.venv / "bin" / "python", 'echo "$@"; env')
    checkout.environment.pip("--require-hashes", "-r", "lock.txt")
    log = checkout.environment.LOG.read_text("utf-8")
    assert "-I -m pip install" in log
    assert "--require-hashes -r lock.txt" in log
    assert "PIP_INDEX_URL=https://index.example/simple" in log
    assert "PIP_CERT=/etc/own.pem" in log
    assert "/somewhere" not in log


def test_only_locked_ready_made_packages_are_installed(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(checkout.environment, "pip", lambda *words: calls.append(words))
    checkout.environment.install_packages("gui")
    locks, project = calls
    assert locks[:3] == ("--require-hashes", "--only-binary", ":all:")
    assert [Path(word).name for word in locks[3:] if word != "-r"] == ["gui.txt", "build.txt"]
    assert project == ("--no-deps", "--no-build-isolation", "--editable", str(checkout.root))


def real_pip(*words: str) -> str:
    command = [sys.executable, "-I", "-m", "pip", "install", "--disable-pip-version-check", *words]
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        command, env={**clean, "PIP_CONFIG_FILE": os.devnull}, capture_output=True, text=True
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


def test_a_package_with_another_fingerprint_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            "tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        )
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    lock = tmp_path / "lock.txt"
    lock.write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    words = ("--require-hashes", "--no-index", "--find-links", str(tmp_path), "-r", str(lock))
    output = real_pip(*words, "--target", str(tmp_path / "target"))
    with pytest.raises(
        checkout.telling.SetupError, match="not the one this project was tested with"
    ):
        checkout.environment.explain(output)
    assert not (tmp_path / "target" / "tiny-1.0.dist-info").exists()


def test_an_index_that_cannot_be_reached_is_said_so(checkout: Checkout, tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound but not listening: every connection is refused
        taken.bind(("127.0.0.1", 0))
        index = f"https://127.0.0.1:{taken.getsockname()[1]}/simple"
        output = real_pip(
            "--retries", "1", "--index-url", index, "--target", str(tmp_path), "tiny==1.0"
        )
    with pytest.raises(checkout.telling.SetupError, match="cannot be reached"):
        checkout.environment.explain(output)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] ...",
            "is not trusted here",
        ),
        (
            "ReadTimeoutError(\"HTTPSConnectionPool(host='x', port=443): Read timed out.",
            "cannot be reached",
        ),
        (
            "ERROR: No matching distribution found for shiboken6==6.11.3",
            "was not offered for this system",
        ),
    ],
)
def test_what_stopped_pip_is_said_in_one_sentence(
    checkout: Checkout, output: str, sentence: str
) -> None:
    with pytest.raises(checkout.telling.SetupError, match=sentence):
        checkout.environment.explain(output)


def test_an_unknown_failure_shows_the_end_of_the_log(checkout: Checkout) -> None:
    script(checkout.venv / "bin" / "python", "echo something new; exit 3")
    with pytest.raises(checkout.telling.SetupError, match="something new"):
        checkout.environment.pip("x")


# --- Python


@pytest.mark.parametrize("name", MODULES)
def test_an_old_python_can_read_far_enough_to_say_what_is_needed(name: str) -> None:
    source = (ROOT / "packaging" / f"{name}.py").read_text("utf-8")
    assert ast.parse(source, feature_version=(3, 8)).body
    assert "from __future__ import annotations" in source


def too_old(checkout: Checkout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Makes this Python look too old; returns the only folder in which others are looked for."""
    for module in (checkout.bootstrap, checkout.environment):
        monkeypatch.setattr(module, "OLDEST", (3, 98))
        monkeypatch.setattr(module, "NEWEST", (3, 99))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path / "bin"


def test_without_a_suitable_python_the_needed_version_is_named(
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    script(
        too_old(checkout, monkeypatch, tmp_path) / "python3.13", "exit 127"
    )  # a pyenv shim may do so
    assert checkout.bootstrap.main(["run"]) == 1
    shown = capfd.readouterr()
    assert "needs Python 3.11 or newer" in shown.err
    assert shown.out == ""
    assert not checkout.venv.exists()


def test_a_system_that_has_a_newer_python_is_told_how_to_add_it(
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder = too_old(checkout, monkeypatch, tmp_path)  # Ubuntu 22.04 starts 3.10 and offers 3.11
    script(folder / "apt-get", "exit 1")
    script(folder / "apt-cache", "echo python3.10-venv python3.11-venv")
    assert checkout.bootstrap.main(["run"]) == 1
    assert "install --no-install-recommends python3.11-venv" in capfd.readouterr().err


@pytest.mark.parametrize("place", ["bin/python3.12", "pyenv/versions/3.12.1/bin/python3"])
def test_a_newer_python_takes_over(
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    place: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    too_old(checkout, monkeypatch, tmp_path)
    script(tmp_path / place, '[ "$1" = -c ] && exit 0\necho "$@"; exit 7')
    assert checkout.bootstrap.main(["run", "doctor"]) == 7
    assert capfd.readouterr().out.split() == [
        str(checkout.root / "packaging" / "bootstrap.py"),
        "run",
        "doctor",
    ]


# --- the two commands


@pytest.fixture
def ready(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A set-up checkout whose program says how it was started."""
    for module in (checkout.bootstrap,):
        monkeypatch.setattr(module, "prepare", lambda _kind, _apt: None)
        monkeypatch.setattr(module, "add_what_is_missing", lambda _apt, with_programs: "")
    script(checkout.venv / "bin" / "latchlight", 'echo "started $@"; exit 2')
    script(checkout.venv / "bin" / "python", "exit 0")
    return checkout


def started(checkout: Checkout, capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = checkout.bootstrap.main(["run", *words])
    return code, capfd.readouterr().out


def test_run_opens_the_window_in_practice_mode(
    ready: Checkout, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ready.bootstrap, "has_screen", lambda: True)
    assert started(ready, capfd) == (2, "started practice\n")


def test_run_without_a_screen_prints_the_checkup_and_says_why(
    ready: Checkout, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ready.bootstrap, "has_screen", lambda: False)
    code, out = started(ready, capfd)
    assert code == 2
    assert out.startswith("There is no screen")
    assert out.endswith("started practice check\n")


def test_run_with_missing_libraries_says_how_to_add_them_and_goes_on(
    ready: Checkout, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ready.bootstrap, "has_screen", lambda: True)
    monkeypatch.setattr(ready.bootstrap, "ON_LINUX", True)
    monkeypatch.setattr(
        ready.bootstrap, "add_what_is_missing", lambda _apt, with_programs: "add libgl1"
    )
    code, out = started(ready, capfd)
    assert (code, out.splitlines()[0], out.splitlines()[-1]) == (
        2,
        "add libgl1",
        "started practice check",
    )


def test_run_gives_other_words_to_the_program(
    ready: Checkout, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ready.bootstrap, "has_screen", lambda: False)
    assert started(ready, capfd, "doctor", "--json") == (2, "started doctor --json\n")


@pytest.mark.parametrize("words", [[], ["start"], ["--help"]])
def test_wrong_use_is_one_line(
    checkout: Checkout, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert checkout.bootstrap.main(words) == 64
    assert capfd.readouterr().err.count("\n") == 1


TOOLS = ("ruff", "mypy", "pytest")


def test_every_check_runs_and_one_failure_is_enough(
    ready: Checkout, capfd: pytest.CaptureFixture[str]
) -> None:
    for tool in TOOLS:
        script(ready.venv / "bin" / tool, f'echo "{tool} $@"')
    assert ready.bootstrap.main(["test", "-k", "one"]) == 0
    (tests,) = (line for line in capfd.readouterr().out.splitlines() if line.startswith("pytest "))
    assert tests.endswith(" -k one")  # what is asked for wins over what is usual
    script(ready.venv / "bin" / "mypy", "exit 1")
    assert ready.bootstrap.main(["test"]) == 1
    out = capfd.readouterr().out
    assert "pytest" in out
    assert out.splitlines()[-1] == "FAILED: mypy, mypy packaging"


def test_a_missing_test_program_fails_before_any_test(
    ready: Checkout, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ready.bootstrap, "ON_LINUX", True)
    monkeypatch.setattr(
        ready.bootstrap, "add_what_is_missing", lambda _apt, with_programs: "strace is missing"
    )
    assert ready.bootstrap.main(["test"]) == 1
    shown = capfd.readouterr()
    assert shown.err == "strace is missing\n"
    assert shown.out == ""


def test_no_check_runs_without_what_freezes_the_program(
    ready: Checkout, capfd: pytest.CaptureFixture[str]
) -> None:
    script(ready.venv / "bin" / "python", 'echo "asked for $2" >&2; exit 1')
    assert ready.bootstrap.main(["test"]) == 1
    shown = capfd.readouterr()
    assert shown.err.startswith("asked for --prepare\n")
    assert "could not be made" in shown.err
    assert shown.out == ""


def test_the_checks_see_nothing_of_the_developer(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = (
        "REQUESTS_CA_BUNDLE",
        "HTTPS_PROXY",
        "PYTHONPATH",
        "DISPLAY",
        "DBUS_SESSION_BUS_ADDRESS",
        "PIP_CERT",
    )
    for name in strange:
        monkeypatch.setenv(name, "/of/the/developer")
    with checkout.bootstrap.clean_environment() as environment:
        assert "/of/the/developer" not in environment.values()
        assert environment["LC_ALL"] == "C.UTF-8"
        assert environment["QT_QPA_PLATFORM"] == "offscreen"
        assert environment["PATH"].startswith(str(checkout.venv))
        homes = [Path(environment[name]) for name in checkout.bootstrap.HOMES]
        assert all(home.stat().st_mode & 0o777 == 0o700 for home in homes)
        assert Path.home() not in homes
    assert not any(home.exists() for home in homes)


@pytest.mark.parametrize(
    ("trouble", "code", "sentence"),
    [
        (KeyboardInterrupt(), 130, "Stopped."),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "The disk is full."),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x/.venv"),
            1,
            "Permission denied (/x/.venv).",
        ),
    ],
)
def test_expected_trouble_is_a_sentence(
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    trouble: BaseException,
    code: int,
    sentence: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def prepare_fails(_kind: str, _apt: object) -> None:
        raise trouble

    monkeypatch.setattr(checkout.bootstrap, "prepare", prepare_fails)
    assert checkout.bootstrap.main(["run"]) == code
    assert sentence in capfd.readouterr().err


def test_the_check_of_a_change_is_the_same_command() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    lines = [
        line for line in run.read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    assert lines[0] == "set -euo pipefail"
    assert lines[-1] == "python3 packaging/bootstrap.py test"


# --- the system


def test_a_library_is_missing_when_the_loader_says_so(checkout: Checkout) -> None:
    listing = (
        "\tlinux-vdso.so.1 (0x00007ffc)\n"
        "\tlibQt6Gui.so.6 => /x/libQt6Gui.so.6 (0x00007f)\n"
        "\tlibGL.so.1 => not found\n"
        "\tlibxcb-cursor.so.0 => not found\n"
    )
    assert checkout.debian.not_found(listing) == ["libGL.so.1", "libxcb-cursor.so.0"]
    assert checkout.debian.missing_libraries([Path(shutil.which("env") or "")]) == []


@pytest.mark.parametrize(
    ("offered", "package"),
    [
        ({"libglib2.0-0"}, "libglib2.0-0"),  # Debian 12, Ubuntu 22.04
        ({"libglib2.0-0t64"}, "libglib2.0-0t64"),  # Debian 13, Ubuntu 24.04
        (set(), "libglib2.0-0"),
    ],
)
def test_the_package_is_named_as_this_system_names_it(
    checkout: Checkout, offered: set[str], package: str
) -> None:
    missing = ["libglib-2.0.so.0", "libgthread-2.0.so.0", "libnobody-knows.so.9"]
    assert checkout.debian.packages_for(missing, ["Xvfb"], offered) == [package, "xvfb"]


@pytest.fixture
def apt_system(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system whose apt-get writes down what it is asked, found as the only thing on PATH but `env`."""
    folder = tmp_path / "bin"
    script(folder / "apt-get", f'echo "apt-get $DEBIAN_FRONTEND $@" >> {tmp_path}/asked')
    script(folder / "apt-cache", "echo libgl1 xvfb")
    (folder / "env").symlink_to(shutil.which("env") or "")
    (folder / "sh").symlink_to(shutil.which("sh") or "")
    monkeypatch.setenv("PATH", str(folder))
    checkout.venv.mkdir()
    return tmp_path / "asked"


def what_is_missing(*answers: tuple[list[str], list[str]]) -> Any:
    remaining = list(answers)
    return lambda with_programs: remaining.pop(0)


def test_only_what_is_missing_is_installed_with_one_call(
    checkout: Checkout, apt_system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    answers = what_is_missing((["libGL.so.1"], ["Xvfb"]), ([], []))
    monkeypatch.setattr(checkout.system, "what_is_missing", answers)
    apt = checkout.debian.Apt(checkout.environment.LOG)
    apt.renew_lists()
    assert checkout.system.add_what_is_missing(apt, with_programs=True) == ""
    lock = "-o DPkg::Lock::Timeout=120"
    assert apt_system.read_text("utf-8").splitlines() == [
        f"apt-get noninteractive {lock} update",
        f"apt-get noninteractive {lock} install --yes --no-install-recommends libgl1 xvfb",
    ]


def test_a_complete_system_is_not_touched(
    checkout: Checkout, apt_system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout.system, "what_is_missing", what_is_missing(([], [])))
    apt = checkout.debian.Apt(checkout.environment.LOG)
    assert checkout.system.add_what_is_missing(apt, with_programs=True) == ""
    assert not apt_system.exists()


def test_without_the_right_to_install_the_command_is_named(
    checkout: Checkout, apt_system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(checkout.system, "what_is_missing", what_is_missing((["libGL.so.1"], [])))
    script(apt_system.parent / "bin" / "sudo", "exit 1")  # asks for a password
    apt = checkout.debian.Apt(checkout.environment.LOG)
    trouble = checkout.system.add_what_is_missing(apt, with_programs=False)
    assert trouble.endswith(
        "sudo apt-get update && sudo apt-get install --no-install-recommends libgl1"
    )
    assert not apt_system.exists()


def test_sudo_is_used_when_it_asks_for_nothing(
    checkout: Checkout, apt_system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    script(
        apt_system.parent / "bin" / "sudo",
        '[ "$1" = -n ] || exit 1; shift; [ "$1" = true ] && exit 0; exec "$@"',
    )
    assert checkout.debian.Apt(checkout.environment.LOG).install(["libgl1"])
    assert "libgl1" in apt_system.read_text("utf-8")


def test_a_failed_installation_is_not_taken_for_done(
    checkout: Checkout, apt_system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    script(apt_system.parent / "bin" / "apt-get", "exit 100")
    still: tuple[list[str], list[str]] = ([], ["Xvfb"])
    monkeypatch.setattr(checkout.system, "what_is_missing", what_is_missing(still, still))
    apt = checkout.debian.Apt(checkout.environment.LOG)
    assert "xvfb" in checkout.system.add_what_is_missing(apt, with_programs=True)


def test_a_system_without_apt_is_told_the_names(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(
        checkout.system, "what_is_missing", what_is_missing((["libGL.so.1"], ["Xvfb"]))
    )
    apt = checkout.debian.Apt(checkout.environment.LOG)
    assert "libGL.so.1, Xvfb" in checkout.system.add_what_is_missing(apt, with_programs=True)


# --- the screen


def test_a_screen_is_there_when_its_server_answers(checkout: Checkout) -> None:
    number = 100_000 + os.getpid()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        assert checkout.screen.x11_answers(f":{number}")
        assert checkout.screen.x11_answers(f"unix:{number}.0")
    assert not checkout.screen.x11_answers(f":{number}")
    assert not checkout.screen.x11_answers("")
    assert checkout.screen.x11_answers("desk.example:0")


def test_a_wayland_screen_is_there_when_its_socket_is(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert not checkout.screen.has_screen()
    (tmp_path / "wayland-0").touch()
    assert checkout.screen.has_screen()


def test_windows_and_macos_always_have_a_screen(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout.screen, "ON_LINUX", False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert checkout.screen.has_screen()


def test_programs_are_where_windows_puts_them(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout.environment, "ON_WINDOWS", True)
    assert (
        checkout.environment.program("latchlight") == checkout.venv / "Scripts" / "latchlight.exe"
    )
