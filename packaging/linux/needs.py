"""What a folder of binaries needs from the system, read off the binaries themselves.

Nothing is listed by hand but which package holds a library. What a binary asks for and the folder does not bring must
come from the system; the newest glibc symbol in use is the oldest glibc that will do. Standard library and `readelf`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from debian import PACKAGE_OF_LIBRARY

# Come with glibc, whatever its version.
OF_GLIBC = {
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libutil.so.1",
}

# A bundled library that reads files of the system -> the package with these files.
READS = {
    "libX11.so.6": "libx11-data",  # compose tables: what dead keys make
    "libfontconfig.so.1": "fontconfig-config",  # where the fonts are; brings one along
    "libxkbcommon.so.0": "xkb-data",  # keyboard layouts, without which Wayland has no keys
}

# Symbols that name no version -> the glibc that brought them.
NAMED_LATER = {"ABI_DT_RELR": (2, 36)}

# What the processor is called in binaries and by Debian.
ARCHITECTURES = {"Advanced Micro Devices X86-64": "amd64", "AArch64": "arm64"}

Version = tuple[int, ...]


class NeedsError(Exception):
    """The folder cannot be packed as it is; the text says why."""


@dataclass(frozen=True)
class Binary:
    """One file: the libraries it asks for, where it looks, and the glibc versions whose symbols it uses."""

    path: Path
    machine: str
    libraries: tuple[str, ...]
    glibc: tuple[Version, ...]
    folders: tuple[str, ...]
    """Where it looks for libraries before the system does."""


@dataclass(frozen=True)
class Needs:
    """What all binaries of a folder need from outside of it."""

    architecture: str
    glibc: Version
    libraries: Mapping[str, tuple[str, ...]]
    """Library -> the files that ask for it, as paths below the folder."""
    files: tuple[str, ...]
    """Packages whose files (not libraries) are read."""

    @property
    def depends(self) -> tuple[str, ...]:
        """The entries of `Depends`. Raises NeedsError for a library of which no package is known."""
        return (
            f"libc6 (>= {'.'.join(map(str, self.glibc))})",
            *sorted({*self.files, *map(self._package, self.libraries)}),
        )

    def _package(self, library: str) -> str:
        spellings = PACKAGE_OF_LIBRARY.get(library)
        if spellings is None:
            raise NeedsError(
                f"{library} is neither in the folder nor in PACKAGE_OF_LIBRARY of packaging/debian.py. "
                f"Asked for by: {', '.join(self.libraries[library][:5])}"
            )
        return " | ".join(spellings)


def needs_of(folder: Path) -> Needs:
    """Reads every binary below the folder.

    Raises NeedsError if there is none, if they are of several machines, or if one looks for libraries in a folder that
    somebody else could own.
    """
    binaries = list(read(elf_files(folder)))
    foreign = [one for one in binaries if not all(_is_inside(f, one, folder) for f in one.folders)]
    if foreign:
        raise NeedsError(f"{foreign[0].path} looks for libraries in {':'.join(foreign[0].folders)}")
    machines = {binary.machine for binary in binaries}
    if len(machines) != 1 or not machines <= ARCHITECTURES.keys():
        raise NeedsError(f"{folder} holds binaries for {sorted(machines) or 'no machine'}.")
    here = {path.name for path in folder.rglob("*")}
    asking: dict[str, list[str]] = {}
    for binary in binaries:
        for library in binary.libraries:
            if library not in here | OF_GLIBC:
                asking.setdefault(library, []).append(str(binary.path.relative_to(folder)))
    return Needs(
        architecture=ARCHITECTURES[machines.pop()],
        glibc=max(version for binary in binaries for version in binary.glibc),
        libraries={library: tuple(sorted(asking[library])) for library in sorted(asking)},
        files=tuple(sorted(package for name, package in READS.items() if name in here)),
    )


def _is_inside(place: str, binary: Binary, top: Path) -> bool:
    """Whether a place where it looks is in the folder: also one that begins with its own may lead out again."""
    real = os.path.normpath(place.replace("$ORIGIN", str(binary.path.parent), 1))
    return place.startswith("$ORIGIN") and Path(real).is_relative_to(os.path.normpath(top))


def elf_files(folder: Path) -> list[Path]:
    """Every binary below the folder, each once, sorted."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and _is_elf(path)
    )


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def read(paths: Iterable[Path]) -> Iterator[Binary]:
    """What `readelf` says about these files."""
    files = [str(path) for path in paths]
    if not files:
        return
    done = subprocess.run(
        ["readelf", "--file-header", "--dynamic", "--version-info", "--wide", *files],
        stdout=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C"},
        check=True,
    )
    text = done.stdout.decode("utf-8", "replace")
    if len(files) == 1:  # only said of several
        text = f"\nFile: {files[0]}\n{text}"
    for part in re.split(r"^File: ", text, flags=re.MULTILINE)[1:]:
        path, _, about = part.partition("\n")
        yield Binary(
            path=Path(path),
            machine="".join(re.findall(r"^ +Machine: +(.*?) *$", about, re.MULTILINE)),
            libraries=tuple(re.findall(r"\(NEEDED\) +Shared library: \[(.+)\]", about)),
            glibc=tuple(_versions(about)),
            folders=tuple(
                folder
                for folders in re.findall(r"\((?:RPATH|RUNPATH)\) +Library r\w+: \[(.*)\]", about)
                for folder in folders.split(":")
            ),
        )


def _versions(about: str) -> Iterator[Version]:
    for name in re.findall(r"Name: GLIBC_(\S+)", about):
        if name in NAMED_LATER:
            yield NAMED_LATER[name]
        elif re.fullmatch(r"[\d.]+", name):
            yield tuple(map(int, name.split(".")))
