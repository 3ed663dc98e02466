"""What the window and the tests need from the system: found missing by trying, then added. Standard library only."""

from __future__ import annotations

import os
from pathlib import Path

import debian
from environment import VENV
from telling import say


def add_what_is_missing(apt: debian.Apt, with_programs: bool) -> str:
    """Installs the missing libraries (and programs); returns "" when nothing is missing any more, else what to do."""
    libraries, programs = what_is_missing(with_programs)
    if not libraries + programs:
        return ""
    apt.renew_lists()
    packages = debian.packages_for(libraries, programs, apt.offered())
    if packages and apt.may_install():
        say(f"Installing {len(packages)} missing system packages: {' '.join(packages)} ...")
        apt.install(packages)
        libraries, programs = what_is_missing(with_programs)
    if not libraries + programs:
        return ""
    if debian.is_here() and packages:
        return f"Some system packages are missing. To add them:\n  {debian.command_for_people(packages)}"
    names = ", ".join(libraries + programs)
    return f"Missing on this system, to be added with its own package tool: {names}"


def what_is_missing(with_programs: bool) -> tuple[list[str], list[str]]:
    """Libraries that Qt does not find, and programs that the tests start."""
    programs = debian.missing_programs() if with_programs else []
    return debian.missing_libraries(qt_binaries()), programs


def qt_binaries() -> list[Path]:
    """The parts of Qt that tell all: the widgets, SVG, and what speaks to the screen."""
    folder = next(VENV.glob("lib/python3.*/site-packages/PySide6"), None)
    if folder is None:
        return []
    screens = ["xcb", "wayland"] if os.environ.get("WAYLAND_DISPLAY") else ["xcb"]
    modules = [folder / f"Qt{name}.abi3.so" for name in ("Widgets", "Svg")]
    return modules + [folder / "Qt" / "plugins" / "platforms" / f"libq{s}.so" for s in screens]
