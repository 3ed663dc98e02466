"""Installs, uses, renews and removes the package on a Debian made from nothing, and tells what is left.

``sudo python3 packaging/linux/try_in_clean_system.py PACKAGE.deb [--suite bookworm] [--picture FILE]``

The Debian holds nothing but what every Debian holds, so whatever the package forgot to depend on is missing there.
Needs root, debootstrap, Xvfb, openbox, xdotool, and the internet through apt's own settings. Exit code 0 only if all of
it went well. Standard library only.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from desktops import NoWindowError
from linux.trial import (
    HOME,
    SOMEBODY,
    System,
    host_environment,
    is_root,
    make_screen,
    must,
    picture_in,
    practice_window,
    programs_of,
    wait_for_practice,
)
from smoke import FailedError, checks_practice, tells_its_version
from telling import say, step

MIRROR = "http://deb.debian.org/debian"
APT = ("apt-get", "--yes", "--no-install-recommends", "-o", "DPkg::Options::=--force-unsafe-io")
KEYRING = ("gnome-keyring", "dbus", "dbus-x11")
ACCOUNTS = ("var/lib/dpkg", "var/lib/apt", "var/cache", "var/log", "tmp")
"""Where package managers keep their own books."""
SELFTEST = """
printf secret | gnome-keyring-daemon --unlock --components=secrets > /dev/null
exec latchlight-cli doctor --selftest
"""


def main(arguments: list[str]) -> int:
    """Tries it; returns 0, 1 with what was not as it must be, or 64 for wrong use."""
    parser = argparse.ArgumentParser(description="Try the package on a Debian made from nothing.")
    parser.add_argument("package", type=Path)
    parser.add_argument("--suite", default="bookworm", help="which Debian")
    parser.add_argument("--mirror", default=MIRROR)
    parser.add_argument("--picture", type=Path, help="keep the screen, as X window dump")
    chosen = parser.parse_args(arguments)
    if not is_root():
        say("This makes a whole system in a folder, so root must run it.", to_errors=True)
        return 64
    with tempfile.TemporaryDirectory(prefix="latchlight-trial-") as name:
        place = Path(name)
        place.chmod(0o755)  # the ordinary user has to get in
        try:
            with step(f"a bare {chosen.suite}"):
                make_system(place / "system", chosen.suite, chosen.mirror)
            Trial(System(place / "system"), place, chosen.package.resolve()).run(chosen.picture)
        except (FailedError, NoWindowError, OSError, subprocess.SubprocessError) as problem:
            say(f"FAILED: {problem}", to_errors=True)
            return 1
    say("All of it went well.")
    return 0


def make_system(root: Path, suite: str, mirror: str) -> None:
    """A Debian of the packages that every one has, signed by Debian. Raises CalledProcessError."""
    command = ["debootstrap", "--force-check-gpg", "--variant=minbase", suite, str(root), mirror]
    subprocess.run(command, env=host_environment(), stdout=subprocess.DEVNULL, check=True)


@dataclass(frozen=True)
class Trial:
    """One package on one system."""

    system: System
    place: Path
    package: Path

    def run(self, picture: Path | None) -> None:
        """From the first installation to the last look around. Raises FailedError."""
        self.system.prepare()
        somebody = ("--uid", str(SOMEBODY), "--home-dir", HOME, "--no-create-home", "somebody")
        must(self.system.run("useradd", *somebody, as_root=True))
        with step(f"install {self.package.name}"):
            self._apt("update")
            self._install(self.package)
        for name in ("bin/latchlight", "lib/latchlight/latchlight"):
            if not (self.system.root / "usr" / name).exists():
                raise FailedError(f"/usr/{name} is not there")
        without_ours = self._files() - self._of_package()
        self._use(picture)
        without_ours |= self._try_keyring()
        newer = self._newer()
        with step(f"renew it with {self._field(newer, 'Version')}"):
            self._install(newer)
            must(self.system.run("/usr/bin/latchlight-cli", "--version"))
        with step("remove it"):
            self._apt("remove", "latchlight")
        self._look_around(without_ours)

    def _use(self, picture: Path | None) -> None:
        program = programs_of(self.system)
        with step("the command line, as an ordinary user"):
            say(f"{tells_its_version(program)}; practice: {checks_practice(program)}")
            must(program.run("keys", "list"))
        with step("the window, opened and closed as an ordinary user"), ExitStack() as stack:
            desktop = make_screen(self.place, stack)
            with practice_window(self.system, desktop, self.place / "window.log"):
                wait_for_practice(self.place)
                if picture:
                    shutil.copy(picture_in(self.place), picture)

    def _try_keyring(self) -> set[str]:
        """The self-test with a keyring; what came with the keyring."""
        before = self._files()
        with step("a keyring for it"):
            self._apt("install", *KEYRING)
        came = self._files() - before
        with step("the self-test, as an ordinary user"):
            words = ("dbus-run-session", "--", "sh", "-e", "-c", SELFTEST)
            say(must(self.system.run(*words, XDG_RUNTIME_DIR=HOME)))
        return came

    def _look_around(self, without_ours: set[str]) -> None:
        """What the package left, beside the user's own files, is a fault; so is what is gone with it."""
        now = self._files()
        home = HOME.lstrip("/")
        strange = now - without_ours - self._of_others()
        left = sorted(name for name in strange if not name.startswith(home))
        gone = sorted(without_ours - now)
        if left or gone:
            raise FailedError(f"left: {left}; gone: {gone}")
        kept = sorted(name for name in now if name.startswith(f"{home}/"))
        say("Left: nothing of the package. Of the user's own:\n  " + "\n  ".join(kept))
        if f"{home}/.local/share/latchlight/latchlight.sqlite3" not in kept:
            raise FailedError("the user's settings are gone")

    def _newer(self) -> Path:
        """The same package with a higher version."""
        folder = self.place / "newer"
        subprocess.run(["dpkg-deb", "-R", str(self.package), str(folder)], check=True)
        control = folder / "DEBIAN" / "control"
        text = control.read_text("utf-8")
        control.write_text(re.sub(r"^(Version: .*)$", r"\1+1", text, flags=re.MULTILINE), "utf-8")
        target = self.place / "newer.deb"
        command = ["dpkg-deb", "-Znone", "--root-owner-group", "-b", str(folder), str(target)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        shutil.rmtree(folder)
        return target

    def _install(self, package: Path) -> None:
        shutil.copy(package, self.system.root / "tmp" / "package.deb")
        self._apt("install", "/tmp/package.deb")  # noqa: S108  of that system

    def _apt(self, *words: str) -> None:
        must(self.system.run(*APT, *words, as_root=True, DEBIAN_FRONTEND="noninteractive"))

    def _files(self) -> set[str]:
        return self.system.files(*ACCOUNTS)

    def _of_package(self) -> set[str]:
        """What it brought, but for folders that others have, too."""
        listed = must(self.system.run("dpkg-query", "-L", "latchlight"))
        return {name.lstrip("/") for name in listed.splitlines()} - self._of_others()

    def _of_others(self) -> set[str]:
        """What all other packages list as theirs."""
        lists = (self.system.root / "var/lib/dpkg/info").glob("*.list")
        return {
            name.lstrip("/")
            for path in lists
            if path.name != "latchlight.list"
            for name in path.read_text("utf-8").splitlines()
        }

    @staticmethod
    def _field(package: Path, name: str) -> str:
        command = ["dpkg-deb", "-f", str(package), name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
