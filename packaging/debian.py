"""System packages on Debian and Ubuntu: what is really missing, and installing just that.

Libraries are found missing by asking the loader (``ldd``), programs by looking on ``PATH``. Nothing is guessed from the
name of the system, so a complete system is left alone. Standard library only; runs on the system's own Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

# Shared library -> package names, the newest spelling first (Debian 13 and Ubuntu 24.04 renamed some to "t64").
# Read off `ldd` for PySide6-Essentials 6.11.3 in a bare Debian 12.
PACKAGE_OF_LIBRARY = {
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libGLX.so.0": ("libglx0",),
    "libICE.so.6": ("libice6",),
    "libOpenGL.so.0": ("libopengl0",),
    "libSM.so.6": ("libsm6",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libX11.so.6": ("libx11-6",),
    "libbrotlidec.so.1": ("libbrotli1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libgthread-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
    "libwayland-egl.so.1": ("libwayland-egl1",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0",),
    "libxcb-xinput.so.0": ("libxcb-xinput0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxcb.so.1": ("libxcb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libz.so.1": ("zlib1g",),
    "libzstd.so.1": ("libzstd1",),
}

# Program the test suite starts -> its package.
PACKAGE_OF_PROGRAM = {
    "Xvfb": "xvfb",
    "appstreamcli": "appstream",
    "at-spi-bus-launcher": "at-spi2-core",
    "chromedriver": "chromium-driver",
    "chromium": "chromium",
    "dbus-run-session": "dbus",
    "dbus-send": "dbus",
    "desktop-file-validate": "desktop-file-utils",
    "dpkg-deb": "dpkg",
    "dpkg-query": "dpkg",
    "gnome-keyring-daemon": "gnome-keyring",
    "ip": "iproute2",
    "makensis": "nsis",
    "man": "man-db",
    "minisign": "minisign",
    "openbox": "openbox",
    "osslsigncode": "osslsigncode",
    "pdffonts": "poppler-utils",
    "pdftotext": "poppler-utils",
    "readelf": "binutils",
    "secret-tool": "libsecret-tools",
    "shasum": "perl",
    "strace": "strace",
    "strip": "binutils",
    "unshare": "util-linux",
    "wine": "wine",
    "xauth": "xauth",
    "xdg-open": "xdg-utils",
    "xdotool": "xdotool",
    "xz": "xz-utils",
}

FOLDERS_OF_ROOT = (
    "/usr/sbin",
    "/sbin",
    "/usr/libexec",  # what other programs start
)  # not on everybody's PATH, but anybody may start what is in there

APT_GET = (
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-o",
    "DPkg::Lock::Timeout=120",
)


def missing_libraries(binaries: Iterable[Path]) -> list[str]:
    """Names of the shared libraries that the loader cannot find for these files, sorted."""
    command = ["ldd", *map(str, binaries)]
    listing = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return sorted(set(not_found(listing.stdout.decode("utf-8", "replace"))))


def not_found(ldd_output: str) -> list[str]:
    """Library names of the ``libX.so.1 => not found`` lines."""
    lines = (line.strip() for line in ldd_output.splitlines())
    return [line.split(" =>")[0] for line in lines if line.endswith("=> not found")]


def missing_programs() -> list[str]:
    """Programs of the test suite that are not on ``PATH`` (nor in the folders only root has there)."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *FOLDERS_OF_ROOT])
    return sorted(name for name in PACKAGE_OF_PROGRAM if shutil.which(name, path=path) is None)


def packages_for(libraries: Sequence[str], programs: Sequence[str], offered: set[str]) -> list[str]:
    """Package names for what is missing, in the spelling that this system offers; unknown libraries are left out."""
    wanted = {PACKAGE_OF_PROGRAM[name] for name in programs}
    for library in libraries:
        spellings = PACKAGE_OF_LIBRARY.get(library, ())
        known = [name for name in spellings if name in offered]
        wanted.update(known[:1] or spellings[-1:])
    return sorted(wanted)


def is_here() -> bool:
    """Whether this system installs its software with ``apt-get``."""
    return shutil.which("apt-get") is not None


def command_for_people(packages: Sequence[str]) -> str:
    """The one line to type when we may not install ourselves."""
    return "sudo apt-get update && sudo apt-get install --no-install-recommends " + " ".join(
        packages
    )


class Apt:
    """Installs packages, with the package lists renewed once. All output goes to ``log``."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._lists_renewed = False

    def may_install(self) -> bool:
        """Whether packages can be installed without asking anybody for a password."""
        return is_here() and self._as_root() is not None

    def renew_lists(self) -> None:
        """``apt-get update``, once. A failure is not fatal: the lists at hand may do."""
        if not self._lists_renewed and self.may_install():
            self._run("update")
            self._lists_renewed = True

    def offered(self) -> set[str]:
        """Names of all packages this system knows, empty without ``apt``."""
        if not is_here():
            return set()
        listing = subprocess.run(
            ["apt-cache", "pkgnames"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return set(listing.stdout.decode("utf-8", "replace").split())

    def install(self, packages: Sequence[str]) -> bool:
        """Installs these; False when that failed (the reason is in the log)."""
        return self._run("install", "--yes", "--no-install-recommends", *packages)

    def _run(self, *arguments: str) -> bool:
        command = [*(self._as_root() or ()), *APT_GET, *arguments]
        with self._log.open("ab") as log:
            log.write(("\n$ " + " ".join(command) + "\n").encode())
            log.flush()
            return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) == 0

    @staticmethod
    def _as_root() -> tuple[str, ...] | None:
        if sys.platform == "win32":
            return None
        if os.geteuid() == 0:
            return ()
        asks_nobody = ["sudo", "-n", "true"]
        if (
            shutil.which("sudo")
            and subprocess.run(asks_nobody, capture_output=True).returncode == 0
        ):
            return ("sudo", "-n")
        return None
