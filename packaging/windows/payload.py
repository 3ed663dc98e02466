"""What is packed into the installer: the frozen folder as a list of files, and the lines of the script that name them.

Every file is named one by one, for installing and for uninstalling, so that nothing that somebody else put into the
folder is ever removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("latchlight.exe", "latchlight-cli.exe")
LIST = "installed-files.txt"
OURS = (LIST, "uninstall.exe", "latchlight-setup-unpacked")
"""Names in the folder of the program that the installer itself needs."""

# What Windows, the installer's script and the list take without any quoting. (A dollar sign would name a variable.)
PLAIN = re.compile(r"[A-Za-z0-9_+@=~.,()\[\] -]+")
# Windows' limit of 260 characters, less a folder of the user with a long name and the one for unpacking.
LONGEST = 150

UNPACKED = "$INSTDIR\\${UNPACKED}"
BACKSLASH = "\\"


class PayloadError(Exception):
    """The folder is not what can be installed; the sentence says why."""


@dataclass(frozen=True)
class Payload:
    """The files below ``folder`` (with backslashes, sorted), and the folders they are in, the innermost first."""

    folder: Path
    files: tuple[str, ...]
    folders: tuple[str, ...]

    @property
    def kilobytes(self) -> int:
        """Its size on the disk, as Windows wants to know it."""
        return sum(
            -(-self.folder.joinpath(*name.split(BACKSLASH)).stat().st_size // 1024)
            for name in self.files
        )


def read_payload(folder: Path) -> Payload:
    """The frozen program in ``folder``. Raises PayloadError, OSError."""
    files = sorted(_files(folder, ""))
    for name in PROGRAMS:
        if name not in files:
            raise PayloadError(f"{folder} holds no {name}: is it the frozen program?")
    lowered = [name.lower() for name in files]
    if len(set(lowered)) != len(files):
        raise PayloadError("Two files have the same name but for capital letters.")
    for name in files:
        _refuse_odd(name)
    folders = {name[: at.start()] for name in files for at in re.finditer(r"\\", name)}
    innermost_first = sorted(folders, key=lambda name: (-name.count("\\"), name))
    return Payload(folder, tuple(files), tuple(innermost_first))


def _files(folder: Path, before: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_symlink():
            raise PayloadError(
                f"{before}{entry.name} is a link; Windows' installer cannot hold it."
            )
        if entry.is_dir():
            yield from _files(entry, f"{before}{entry.name}\\")
        else:
            yield before + entry.name


def _refuse_odd(name: str) -> None:
    parts = name.split("\\")
    for part in parts:
        if not PLAIN.fullmatch(part) or part != part.strip() or part.endswith("."):
            raise PayloadError(f"{name!r} is a name that the installer cannot hold.")
    if parts[0].lower() in OURS:
        raise PayloadError(f"{parts[0]} is a name that the installer needs for itself.")
    if len(name) > LONGEST:
        raise PayloadError(f"{name} is too long: {len(name)} characters, {LONGEST} may be.")


def listing(payload: Payload) -> str:
    """The text of ``installed-files.txt``, by which the next version removes this one."""
    lines = [*payload.files, *(f"{name}\\" for name in payload.folders)]
    return "".join(f"{line}\r\n" for line in lines)


def script(payload: Payload, made: Path) -> str:
    """The part of the installer's script that names each file; ``made`` is the folder with the list."""
    place = [f'CreateDirectory "$INSTDIR\\{name}"' for name in reversed(payload.folders)]
    place += [f'!insertmacro PLACE "{name}"' for name in payload.files]
    place += [f'RMDir "{UNPACKED}\\{name}"' for name in payload.folders]
    remove = [f'Delete "$INSTDIR\\{name}"' for name in payload.files]
    macros = {
        "UNPACK_FILES": list(_unpacking(payload, made)),
        "PLACE_FILES": place,
        "REMOVE_FILES": remove,
        "REMOVE_FOLDERS": [f'RMDir "$INSTDIR\\{name}"' for name in payload.folders],
    }
    lines: list[str] = []
    for name, body in macros.items():
        lines += [f"!macro {name}", *body, "!macroend"]
    return "\n".join([*lines, ""])


def _unpacking(payload: Payload, made: Path) -> Iterator[str]:
    """The list comes first: whatever was unpacked when the power went is then named in it."""
    yield f'SetOutPath "{UNPACKED}"'
    yield f'File "/oname={LIST}" "{in_script(made / LIST)}"'
    here = ""
    for name in payload.files:
        folder, _, base = name.rpartition("\\")
        if folder != here:
            here = folder
            yield f'SetOutPath "{UNPACKED}\\{folder}"' if folder else f'SetOutPath "{UNPACKED}"'
        yield f'File "/oname={base}" "{in_script(payload.folder.joinpath(*name.split(BACKSLASH)))}"'


def in_script(path: Path) -> str:
    """A path of this computer, as the installer's script takes it."""
    return str(path).replace("$", "$$")
