"""Freezes, packs and proves the program for Windows on Linux: ``python3 packaging/windows/try_under_wine.py PYTHON``.

For makers without a Windows at hand: what people get is built on Windows. PYTHON is a folder with Python 3.12 for
Windows as the ``tools`` folder of the NuGet package ``python`` has it. A clone of this checkout is frozen by that
Python and packed by makensis; then the steps of CI are taken: install, practice, self-test, window, upgrade, uninstall.

Needs git, Wine (8 is enough), Xvfb, makensis, MinGW's compiler and, for the packages, the internet; eight minutes and
2 GB. Exit code 0 only if all of it went well. Success here is not success on Windows; failure here has mostly been one
there. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import environment
from checkout import time_of_commit, version
from desktops import NoWindowError, start_screen
from telling import say, step

NEEDED = ("git", "wine", "wineboot", "wineserver", "Xvfb", "makensis", "x86_64-w64-mingw32-gcc")
COMPILER = "x86_64-w64-mingw32-gcc"
LONGEST_SECONDS = 1200.0
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
WITHOUT = ("DLLs/_wmi.pyd",)
"""Wine 8 has only a part of what asks Windows about itself, and dies of the rest; Python goes on without it."""

MISSING_IN_WINE = {
    # https://doc.qt.io/qt-6/windows.html: Qt asks Windows' ICU for encodings. It is told that there are none.
    "icuuc.dll": (
        """
        #define NOTHING(name) __declspec(dllexport) void *name(void) { return 0; }
        __declspec(dllexport) void *ucnv_open(const char *name, int *error) { *error = 16; return 0; }
        NOTHING(ucnv_close) NOTHING(ucnv_reset) NOTHING(ucnv_getMaxCharSize) NOTHING(ucnv_getName)
        NOTHING(ucnv_getToUCallBack) NOTHING(ucnv_getFromUCallBack) NOTHING(ucnv_setToUCallBack)
        NOTHING(ucnv_setFromUCallBack) NOTHING(ucnv_cbToUWriteUChars) NOTHING(ucnv_cbFromUWriteUChars)
        NOTHING(ucnv_toUnicode) NOTHING(ucnv_fromUnicode) NOTHING(ucnv_toUCountPending)
        NOTHING(ucnv_fromUCountPending) NOTHING(ucnv_getStandardName) NOTHING(ucnv_getAvailableName)
        NOTHING(ucnv_countAvailable) NOTHING(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
        NOTHING(UCNV_TO_U_CALLBACK_SUBSTITUTE)
        """,
        (),
    ),
    # Rust takes its random numbers from here.
    "bcryptprimitives.dll": (
        """
        #include <windows.h>
        BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
        __declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE into, SIZE_T length) {
            return SystemFunction036(into, (ULONG)length);
        }
        """,
        ("-ladvapi32",),
    ),
}


class FailedError(Exception):
    """A step did not end as it must; the text has the last that was said."""


def main(arguments: list[str]) -> int:
    """Tries it; returns 0, 1 with what was not as it must be, or 64 for wrong use."""
    parser = argparse.ArgumentParser(description="Try the program for Windows under Wine.")
    parser.add_argument("python", type=Path, help="a folder with Python for Windows")
    parser.add_argument("--keep", type=Path, help="put the installer here")
    chosen = parser.parse_args(arguments)
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing or not (chosen.python / "python.exe").is_file():
        wanted = f"Missing: {', '.join(missing)}" if missing else f"{chosen.python}: no python.exe"
        say(wanted, to_errors=True)
        return 64
    with tempfile.TemporaryDirectory(prefix="latchlight-wine-") as name, ExitStack() as stack:
        try:
            Trial.begin(Path(name), stack).run(chosen.python, chosen.keep)
        except (FailedError, NoWindowError, OSError, subprocess.SubprocessError) as problem:
            say(f"FAILED: {problem}", to_errors=True)
            return 1
    say("All of it went well.")
    return 0


@dataclass(frozen=True)
class Trial:
    """One computer made of Wine, in a folder of its own."""

    place: Path
    variables: Mapping[str, str]

    @classmethod
    def begin(cls, place: Path, stack: ExitStack) -> Trial:
        """With a screen that nobody sees; both end with the stack. Raises NoWindowError."""
        (place / "run").mkdir(mode=0o700)
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "LC_ALL": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(place / "run"),
            "WINEPREFIX": str(place / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=d",
            "SOURCE_DATE_EPOCH": str(time_of_commit()),
        }
        variables["DISPLAY"] = f":{start_screen(place, variables, stack)}"
        trial = cls(place, variables)
        stack.callback(trial._stop)
        return trial

    def run(self, python: Path, keep: Path | None) -> None:
        """From the empty computer to the removed program. Raises FailedError."""
        sources = self.place / "checkout"
        with step("a Windows made of Wine"):
            self._make(python)
            self._show_desktop()
            self._must("git", "clone", "--quiet", str(environment.ROOT), str(sources))
        with step("freeze"):
            said = self._windows(sources, "packaging/freeze/build.py")
        say(f"          {said.splitlines()[-1]}")
        with step("pack"):
            setup = self._pack(sources)
        with step("install, use, upgrade, uninstall"):
            proved = self._windows(
                sources, "packaging/windows/try_installer.py", _windows_path(setup)
            )
        for line in proved.splitlines():
            if line.startswith("passed"):
                say(f"          {line}")
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            shutil.copy2(setup, keep)

    def _make(self, python: Path) -> None:
        self._must("wineboot", "--init")
        self._must("wine", "winecfg", "-v", "win10")
        system = self.place / "prefix" / "drive_c" / "windows" / "system32"
        for name, (source, libraries) in MISSING_IN_WINE.items():
            written = self.place / f"{name}.c"
            written.write_text(source, "ascii")
            self._must(COMPILER, "-shared", "-o", str(system / name), str(written), *libraries)
        fonts = system.parent / "Fonts"
        fonts.mkdir(exist_ok=True)
        for font in Path("/usr/share/fonts/truetype/dejavu").glob("*.ttf"):
            shutil.copy2(font, fonts)
        shutil.copytree(python, self.place / "python")
        for surplus in WITHOUT:
            (self.place / "python" / surplus).unlink(missing_ok=True)

    def _show_desktop(self) -> None:
        """Else the first program with a window starts it, and its reader waits until the desktop ends."""
        quiet = subprocess.DEVNULL
        for command in (["wineserver", "--persistent"], ["wine", "explorer.exe", "/desktop"]):
            subprocess.Popen(
                command, env=dict(self.variables), stdin=quiet, stdout=quiet, stderr=quiet
            )

    def _stop(self) -> None:
        subprocess.run(["wineserver", "--kill"], env=dict(self.variables))

    def _pack(self, sources: Path) -> Path:
        """By this system's makensis, and by the Python that draws the pictures here."""
        self._must(sys.executable, str(environment.ROOT / "packaging/freeze/build.py"), "--prepare")
        painter = environment.program("python", environment.ROOT / "build" / "freezer")
        build, payload = sources / "packaging/windows/build.py", sources / "dist" / "Latchlight"
        words = ("--payload", str(payload), "--into", str(self.place / "setup"))
        for_wine = ("--target", "amd64-unicode", "--for-tests", version())
        self._must(str(painter), str(build), *words, *for_wine)
        return next((self.place / "setup").glob("*.exe"))

    def _windows(self, sources: Path, script: str, *words: str) -> str:
        """What a script of ours says under the Python for Windows."""
        program = str(self.place / "python" / "python.exe")
        # A company's proxy has its own authority among those of the system.
        more = {"PIP_CERT": _windows_path(AUTHORITIES)} if AUTHORITIES.exists() else {}
        return self._must("wine", program, _windows_path(sources / script), *words, **more)

    def _must(self, *command: str, **more: str) -> str:
        """What it says. (Through a pipe: Python for Windows does not start on anything else of Linux.)"""
        done = subprocess.run(
            command,
            env={**self.variables, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_SECONDS,
        )
        said = done.stdout.decode("utf-8", "replace").replace("\r", "")
        if done.returncode != 0:
            end = "\n  ".join(said.splitlines()[-25:])
            raise FailedError(f"{command[0]} ended with {done.returncode}:\n  {end}")
        return said


def _windows_path(place: Path) -> str:
    """As a program under Wine calls a file of Linux."""
    return "Z:" + str(place).replace("/", "\\")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
