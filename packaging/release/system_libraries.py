"""Libraries taken from the operating system: which Debian package owns a file, or that Windows itself does."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from freeze.search_path import forget_foreign_folders
from parts import BuiltFile, Part, ReleaseError, digest_of

DOCUMENTS = Path("/usr/share/doc")
RELEASE = Path("/etc/os-release")
FORMAT = "${Package}\\t${Version}\\t${Architecture}\\n"

# DEP-5 names most licences as SPDX does; these are spelt otherwise.
SPDX_OF_DEBIAN = {
    "Expat": "MIT",
    "GPL-1+": "GPL-1.0-or-later",
    "GPL-2": "GPL-2.0-only",
    "GPL-2+": "GPL-2.0-or-later",
    "GPL-3": "GPL-3.0-only",
    "GPL-3+": "GPL-3.0-or-later",
    "LGPL-2+": "LGPL-2.0-or-later",
    "LGPL-2.1": "LGPL-2.1-only",
    "LGPL-2.1+": "LGPL-2.1-or-later",
    "LGPL-3+": "LGPL-3.0-or-later",
}


def owners(files: Sequence[BuiltFile]) -> dict[str, Part]:
    """Path -> the Debian package whose file of that name has the same bytes. Files of nobody are left out."""
    if not files or shutil.which("dpkg-query") is None:
        return {}
    paths = _paths_by_name({one.inner.rpartition("/")[2] for one in files})
    found: dict[str, str] = {}
    for one in files:
        for package, place in paths.get(one.inner.rpartition("/")[2], ()):
            if is_same(place, one.sha256):
                found[one.path] = package
                break
    parts = _parts(sorted(set(found.values())))
    return {path: parts[package] for path, package in found.items()}


def _paths_by_name(names: Iterable[str]) -> dict[str, list[tuple[str, Path]]]:
    """File name -> packages that own a library of that name, with its place. One question for all of them."""
    folders = [*sorted(Path("/usr/lib").glob("*-linux-gnu*")), Path("/usr/lib")]
    places = [folder / name for name in sorted(names) for folder in folders]
    there = [place for place in places if place.is_file()]
    # A package may know its file by the folder's old name: /lib is a link to /usr/lib.
    asked = [name for place in there for name in (str(place), str(place).removeprefix("/usr"))]
    if not asked:
        return {}
    command = ["dpkg-query", "--search", *asked]
    listing = subprocess.run(command, capture_output=True, text=True, env=_in_english())
    found: dict[str, list[tuple[str, Path]]] = {}
    for line in sorted(listing.stdout.splitlines()):
        owner, _, path = line.partition(": ")
        if path.startswith("/") and not owner.startswith("diversion "):
            found.setdefault(Path(path).name, []).append((owner.split(", ")[0], Path(path)))
    return found


def _in_english() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def is_same(place: Path, sha256: str) -> bool:
    """Whether the file has this digest, as it is or as freezing slims it."""
    return place.is_file() and (digest_of(place) == sha256 or sha256 in _digests_when_slim(place))


def _digests_when_slim(place: Path) -> set[str]:
    """What the file would be without debugging symbols, and then without folders of the build computer, too.

    Freezing may take those away, and nothing else.
    """
    if shutil.which("strip") is None:
        return set()
    with tempfile.TemporaryDirectory() as folder:
        slim = Path(folder) / place.name
        command = ["strip", "--strip-unneeded", "-o", str(slim), str(place)]
        done = subprocess.run(command, capture_output=True)
        if done.returncode != 0 or not slim.is_file():
            return set()
        stripped = digest_of(slim)
        forget_foreign_folders(slim)
        return {stripped, digest_of(slim)}


def _parts(packages: Sequence[str]) -> dict[str, Part]:
    if not packages:
        return {}
    release = dict(
        line.split("=", 1) for line in RELEASE.read_text("utf-8").splitlines() if "=" in line
    )
    system = release.get("ID", "debian").strip('"')
    distro = f"{system}-{release.get('VERSION_ID', '').strip(chr(34))}"
    shown = subprocess.run(
        ["dpkg-query", "--show", "--showformat", FORMAT, *packages],
        capture_output=True,
        text=True,
        env=_in_english(),
    )
    if shown.returncode != 0:
        raise ReleaseError(f"dpkg-query does not know a package it just named: {shown.stderr}")
    parts: dict[str, Part] = {}
    for line in shown.stdout.splitlines():
        name, version, architecture = line.split("\t")
        part = Part(
            name=name,
            version=version,
            purl=f"pkg:deb/{system}/{name}@{version}?arch={architecture}&distro={distro}",
            licence=licence_in(DOCUMENTS / name / "copyright"),
            origin="system",
        )
        parts |= {name: part, f"{name}:{architecture}": part}
    return parts


def licence_in(copyright_file: Path) -> str:
    """The licences that a machine-readable copyright file names, or that one must read it."""
    if not copyright_file.is_file():
        raise ReleaseError(f"{copyright_file} is missing: nothing says how it may be passed on.")
    text = copyright_file.read_text("utf-8", "replace")
    if "/copyright-format/1.0" not in text[:2000]:
        return "as its copyright file says"
    names = {
        SPDX_OF_DEBIAN.get(name, name)
        for name in re.findall(r"^License:[ \t]*(\S.*?)[ \t]*$", text, re.MULTILINE)
    }
    return ", ".join(sorted(names)) or "as its copyright file says"


def windows_part(file: BuiltFile, content: bytes) -> Part | None:
    """Microsoft's runtime libraries, when Windows itself has the same file."""
    system = Path(os.environ.get("SYSTEMROOT", "C:/Windows")) / "System32"
    name = file.inner.rpartition("/")[2]
    places = [place for place in (system / name, system / "downlevel" / name) if place.is_file()]
    if not any(digest_of(place) == file.sha256 for place in places):
        return None
    return microsoft_part("windows-runtime", content)


def microsoft_part(name: str, content: bytes) -> Part:
    """A part of Microsoft's, with the version that its files carry."""
    return Part(
        name=name,
        version=version_in_pe(content),
        purl=f"pkg:generic/{name}@{version_in_pe(content)}",
        licence="LicenseRef-Microsoft-redistributable",
        origin="microsoft",
    )


def version_in_pe(content: bytes) -> str:
    """The file version that a Windows library carries (VS_FIXEDFILEINFO)."""
    place = content.find(struct.pack("<I", 0xFEEF04BD))
    if place < 0:
        return "0"
    high, low = struct.unpack_from("<II", content, place + 8)
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"
