"""Writes ``SHA256SUMS`` over the files of a release, and signs it: ``checksums.py FOLDER --version X [--key FILE]``.

Without a key file there is a list and no signature. That is said, and such a release must not be called signed.
``--must-sign`` makes it a failure.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import minisign
from parts import ReleaseError, digest_of

LIST = "SHA256SUMS"
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+~-]*")
ROW = re.compile(r"([0-9a-f]{64})  (\S+)")


def main(arguments: Sequence[str]) -> int:
    """Writes the list; 0 when it was written, and signed if that was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--key", type=Path, help="file with the secret key")
    parser.add_argument("--password-file", type=Path, help="file with the key's password")
    parser.add_argument("--public-key", type=Path, default=minisign.PUBLIC_KEY)
    parser.add_argument("--must-sign", action="store_true")
    given = parser.parse_args(arguments)
    try:
        place = write_list(given.folder)
        print(f"{place}: {len(read_list(place))} files")
        if given.key is None:
            print("NOT SIGNED: there is no key. Do not call this release signed.")
            return 1 if given.must_sign else 0
        comment = signed_comment(LIST, given.version)
        minisign.sign(place, given.key, given.password_file, given.public_key, comment)
    except (ReleaseError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Signed: {comment}")
    return 0


def signed_comment(file: str, version: str) -> str:
    """What the signature says besides: of which file it is, so that it cannot be shown for another."""
    if not re.fullmatch(r"\d+(\.\d+)*([a-z0-9.+-]*)", version):
        raise ReleaseError(f"{version} is not a version.")
    return f"file:{file} version:{version}"


def files_to_list(folder: Path) -> list[Path]:
    """The files of the release. Raises ReleaseError for what the page about verifying could not deal with."""
    if not folder.is_dir():
        raise ReleaseError(f"{folder} is not a folder.")
    own = (LIST, LIST + minisign.SUFFIX)
    found = [path for path in sorted(folder.iterdir()) if path.name not in own]
    for path in found:
        if path.is_symlink() or not path.is_file():
            raise ReleaseError(f"{path.name} is not a file. A release is one folder of files.")
        if not PLAIN_NAME.fullmatch(path.name):
            raise ReleaseError(f"{path.name!r} is no plain file name.")
    if not found:
        raise ReleaseError(f"There is nothing in {folder}.")
    return found


def write_list(folder: Path) -> Path:
    """Writes the list anew; a signature of an older one goes away with it."""
    lines = [f"{digest_of(path)}  {path.name}\n" for path in files_to_list(folder)]
    place = folder / LIST
    minisign.signature_of(place).unlink(missing_ok=True)
    place.write_text("".join(lines), encoding="ascii", newline="\n")
    return place


def read_list(place: Path) -> dict[str, str]:
    """Name -> digest. Raises ReleaseError for a line of another form, or a name that is there twice."""
    found: dict[str, str] = {}
    for line in place.read_text(encoding="ascii").splitlines():
        row = ROW.fullmatch(line)
        if row is None or not PLAIN_NAME.fullmatch(row[2]) or row[2] in found:
            raise ReleaseError(f"{place.name} has a line that does not belong there: {line!r}")
        found[row[2]] = row[1]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
