"""Fetches a tool that no package index has, in one version, and only with the hash it is known by.

``python packaging/pinned.py NAME FOLDER`` prints where its program is afterwards. Standard library only.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import urllib.request
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import sleep as pause
from typing import IO

LONGEST_SECONDS = 120
MOST_BYTES = 50_000_000
MOST_TRIES = 3
PAUSE_SECONDS = 10.0
USER_AGENT = "curl/8.0"
"""SourceForge sends some programs a page for people instead (github.com/repolevedavaj/install-nsis/issues/38)."""


@dataclass(frozen=True)
class Tool:
    """Where it is fetched from, what it must be, and where in the archive its program is."""

    address: str
    sha256: str
    program: str


TOOLS = {
    # The hash stands in several public build recipes (Homebrew's formula makensis among them), all agreeing.
    "nsis": Tool(
        address="https://downloads.sourceforge.net/project/nsis/NSIS%203/3.11/nsis-3.11.zip",
        sha256="c7d27f780ddb6cffb4730138cd1591e841f4b7edb155856901cdf5f214394fa1",
        program="nsis-3.11/makensis.exe",
    ),
}


class PinError(Exception):
    """It was not fetched, or is not what it must be."""


def fetch(tool: Tool, folder: Path) -> Path:
    """Unpacks it below the folder; its program. Raises PinError for anything but the known bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / "archive.zip"
    archive.write_bytes(asked_patiently(tool))
    unpack(archive, folder)
    archive.unlink()
    program = folder / tool.program
    if not program.is_file():
        raise PinError(f"{tool.program} is not in {tool.address}")
    return program


def asked_patiently(tool: Tool) -> bytes:
    """The known bytes; a mirror that is away or sends something else is asked again. Raises PinError."""
    for _ in range(MOST_TRIES - 1):
        try:
            return asked(tool)
        except PinError:
            pause(PAUSE_SECONDS)
    return asked(tool)


def asked(tool: Tool) -> bytes:
    """The known bytes. Raises PinError for any others, and for none."""
    request = urllib.request.Request(tool.address, headers={"User-Agent": USER_AGENT})  # noqa: S310  always https
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_SECONDS) as answer:  # noqa: S310  the same
            data = read(answer)
    except OSError as error:
        raise PinError(f"{tool.address} cannot be fetched: {error}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != tool.sha256:
        raise PinError(f"{tool.address} has the SHA-256 {found}, not {tool.sha256}")
    return data


def read(answer: IO[bytes]) -> bytes:
    """All of it, unless it is far too much."""
    data = answer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PinError(f"more than {MOST_BYTES} bytes came")
    return data


def unpack(archive: Path, folder: Path) -> None:
    """Its files, none of them outside of the folder."""
    with zipfile.ZipFile(archive) as files:
        for entry in files.infolist():
            target = (folder / entry.filename).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise PinError(f"{entry.filename} leads out of the folder")
            if entry.is_dir():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with files.open(entry) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)


def main(arguments: Sequence[str]) -> int:
    """Fetches one tool."""
    if len(arguments) != 2 or arguments[0] not in TOOLS:
        print(f"Use: python packaging/pinned.py {'|'.join(TOOLS)} FOLDER", file=sys.stderr)
        return 64
    try:
        print(fetch(TOOLS[arguments[0]], Path(arguments[1])))
    except PinError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
