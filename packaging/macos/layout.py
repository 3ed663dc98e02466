"""Looks over a built Latchlight.app: ``python packaging/macos/layout.py LATCHLIGHT.app [--signed]``.

Apple's tools accept much that fails later on somebody's Mac: code among the resources, a link that leads out of the
bundle, a library for a newer system than the one that is promised. Each such thing is one line here, and exit code 1.
With --signed every piece of code must carry a signature. Runs on any system.
"""

from __future__ import annotations

import plistlib
import stat
import struct
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checkout import version
from macos.macho import BrokenFileError, Kind, Slice, slices_of
from macos.plist import COMMAND_LINE, ICON, OLDEST_MACOS, WINDOW, entries

PROGRAMS = (WINDOW, COMMAND_LINE)
CODE_BELONGS = ("Contents/MacOS", "Contents/Frameworks")
PICTURES = (b"ic07", b"ic08", b"ic09", b"ic10")
"""128, 256, 512 and 1024 points: what the Finder, the Dock and a sharp screen ask for."""
QUARANTINE = "com.apple.quarantine"


def problems_of(app: Path, signed: bool = False) -> list[str]:
    """One line for each thing that is wrong; an empty list for a sound bundle."""
    if not (app / "Contents").is_dir():
        return [f"{app} is no bundle: it has no folder Contents"]
    paths = sorted(app.rglob("*"))
    code, broken = code_among(app, paths)
    found = [*broken, *plist_problems(app), *icon_problems(app), *program_problems(app, code)]
    found += [*code_problems(app, code, signed), *path_problems(app, paths)]
    if signed and not (app / "Contents" / "_CodeSignature" / "CodeResources").is_file():
        found.append("the bundle as a whole is not signed")
    return found + [f"{path} is in quarantine" for path in quarantined(app)]


def code_among(app: Path, paths: Sequence[Path]) -> tuple[dict[Path, tuple[Slice, ...]], list[str]]:
    """The files that are code, and what could not be read of them."""
    code: dict[Path, tuple[Slice, ...]] = {}
    broken = []
    for path in paths:
        if path.is_file() and not path.is_symlink():
            try:
                slices = slices_of(path)
            except BrokenFileError as error:
                broken.append(f"{inside(app, path)} cannot be read as code: {error}")
                continue
            if slices:
                code[path] = slices
    return code, broken


def inside(app: Path, path: Path) -> str:
    """Where it is, seen from the bundle."""
    return path.relative_to(app).as_posix()


def plist_problems(app: Path) -> Iterator[str]:
    """Info.plist says what this version should say; PyInstaller may have added to it."""
    try:
        told = plistlib.loads((app / "Contents" / "Info.plist").read_bytes())
    except (OSError, ValueError, ExpatError, plistlib.InvalidFileException) as error:
        yield f"Info.plist cannot be read: {type(error).__name__}"
        return
    for name, value in entries(version()).items():
        if told.get(name) != value:
            yield f"Info.plist says {told.get(name)!r} for {name}, not {value!r}"
    if "CFBundleURLTypes" in told:
        yield "Info.plist names addresses that the program would be opened for: there are none"


def icon_problems(app: Path) -> Iterator[str]:
    """The icon is whole and has the large pictures."""
    try:
        data = (app / "Contents" / "Resources" / ICON).read_bytes()
        pictures = dict(pictures_in(data))
    except (OSError, ValueError, struct.error) as error:
        yield f"{ICON} cannot be read: {error or type(error).__name__}"
        return
    for kind in PICTURES:
        if not pictures.get(kind):
            yield f"{ICON} lacks the picture {kind.decode('ascii')}"


def pictures_in(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Kind and length of each picture of an .icns file."""
    kind, length = struct.unpack_from(">4sI", data)
    if kind != b"icns" or length != len(data):
        raise ValueError("it is not an icon, or not a whole one")
    place = 8
    while place < length:
        kind, size = struct.unpack_from(">4sI", data, place)
        if size < 8 or place + size > length:
            raise ValueError("one of its pictures ends beyond its end")
        yield kind, size - 8
        place += size


def program_problems(app: Path, code: dict[Path, tuple[Slice, ...]]) -> Iterator[str]:
    """Both programs are there, and nothing else is beside them."""
    folder = app / "Contents" / "MacOS"
    for name in PROGRAMS:
        kinds = {one.kind for one in code.get(folder / name, ())}
        if kinds != {Kind.PROGRAM}:
            yield f"Contents/MacOS/{name} is not a program"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in PROGRAMS:
            yield f"Contents/MacOS/{path.name} is not one of our programs"


def code_problems(app: Path, code: dict[Path, tuple[Slice, ...]], signed: bool) -> Iterator[str]:
    """Code is where code belongs, for the right processor and system, and signed if it should be."""
    needed = {one.processor for one in code.get(app / "Contents" / "MacOS" / WINDOW, ())}
    promised = tuple(int(part) for part in OLDEST_MACOS.split("."))
    for path, slices in code.items():
        name = inside(app, path)
        if not name.startswith(tuple(f"{place}/" for place in CODE_BELONGS)):
            yield f"{name} is code, but not in {' or '.join(CODE_BELONGS)}"
        if not needed <= {one.processor for one in slices}:
            yield f"{name} is not for {' and '.join(sorted(needed))}"
        newest = max(one.oldest_macos for one in slices)
        if newest > promised:
            yield f"{name} needs macOS {newest[0]}.{newest[1]}; {OLDEST_MACOS} is promised"
        if not stat.S_IMODE(path.stat().st_mode) & 0o111 and slices[0].kind is Kind.PROGRAM:
            yield f"{name} may not be started"
        if signed and not all(one.is_signed for one in slices):
            yield f"{name} is not signed"


def path_problems(app: Path, paths: Sequence[Path]) -> Iterator[str]:
    """Links lead somewhere inside, folders of code have no dot, modes are ordinary, names differ by more than case."""
    spelled = defaultdict(list)
    for path in paths:
        name = inside(app, path)
        spelled[name.casefold()].append(name)
        if path.is_symlink():
            yield from link_problems(app, path)
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o7022 or mode & 0o444 != 0o444:
            yield f"{name} has the mode {mode:o}"
        if path.is_dir() and "." in path.name and looks_like_a_bundle(name):
            yield f"{name} has a dot in its name, which makes codesign take it for a bundle"
    for names in spelled.values():
        if len(names) > 1:
            yield f"{' and '.join(names)} are one name to a Mac"


def link_problems(app: Path, path: Path) -> Iterator[str]:
    """A link that leads out of the bundle, or nowhere."""
    name, target = inside(app, path), path.readlink()
    if target.is_absolute() or not path.resolve().is_relative_to(app.resolve()):
        yield f"{name} leads out of the bundle"
    elif not path.exists():
        yield f"{name} leads nowhere"


def looks_like_a_bundle(name: str) -> bool:
    """Whether codesign would take this folder for a bundle that is none."""
    below_code = name.startswith(tuple(f"{place}/" for place in CODE_BELONGS))
    in_framework = any(part.endswith(".framework") for part in Path(name).parts)
    return below_code and not in_framework


def quarantined(app: Path) -> list[str]:
    """Paths that the system holds for downloaded. Only a Mac knows of that."""
    if sys.platform != "darwin":
        return []
    listing = subprocess.run(["xattr", "-r", "-s", str(app)], capture_output=True, text=True)
    return in_quarantine(listing.stdout)


def in_quarantine(listing: str) -> list[str]:
    """The paths of the ``PATH: ATTRIBUTE`` lines that name quarantine."""
    rows = (line.rpartition(": ") for line in listing.splitlines())
    return [path for path, _, attribute in rows if attribute == QUARANTINE]


def main(arguments: Sequence[str]) -> int:
    """Prints what is wrong; 0 when nothing is."""
    signed, rest = "--signed" in arguments, [word for word in arguments if word != "--signed"]
    if len(rest) != 1:
        print("Use: python packaging/macos/layout.py LATCHLIGHT.app [--signed]", file=sys.stderr)
        return 64
    found = problems_of(Path(rest[0]).absolute(), signed)
    for line in found:
        print(line)
    if not found:
        print(f"{rest[0]}: sound")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
