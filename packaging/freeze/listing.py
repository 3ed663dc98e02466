"""Writes the list of files by which the program tells what was changed: ``python packaging/freeze/listing.py FOLDER``.

``_internal/files.json`` names every file of the folder, both programs included, with its SHA-256; the form is that of
``app/latchlight/installation.py``. To be written after everything that changes a file: licence texts, and signing on
Windows. On macOS the signature of the bundle takes its place. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

LIST = "_internal/files.json"


def main(arguments: list[str]) -> int:
    """Lists the one folder named; 0, or 64 for wrong use."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "_internal").is_dir():
        print("Use: python packaging/freeze/listing.py FOLDER", file=sys.stderr)
        return 64
    count = list_files(Path(arguments[0]))
    print(f"{count} files listed in {LIST}")
    return 0


def list_files(folder: Path) -> int:
    """Writes the list; how many files stand in it. Raises OSError."""
    listed = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            content = b"link to " + os.fsencode(path.readlink().as_posix())
        elif path.is_file() and name != LIST:
            content = path.read_bytes()
        else:
            continue
        listed[name] = hashlib.sha256(content).hexdigest()
    (folder / LIST).write_text(json.dumps(listed, indent=0) + "\n", encoding="utf-8")
    return len(listed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
