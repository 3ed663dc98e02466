"""Verifies a folder that is about to be published, or was: ``verify.py FOLDER --version X [--public-key FILE]``.

    0  every file is on the list with its SHA-256, and the list is signed by the key, for this version
    1  something is wrong      2  the files fit the list, but nobody signed it

What people do with one file by hand is in docs/verify.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import minisign
from checksums import LIST, files_to_list, read_list, signed_comment
from parts import ReleaseError, digest_of

NOT_SIGNED = 2


def main(arguments: Sequence[str]) -> int:
    """Prints each thing that is wrong, and the verdict."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--public-key", type=Path, default=minisign.PUBLIC_KEY)
    given = parser.parse_args(arguments)
    try:
        wrong = differences(given.folder)
        comment = signed_comment(LIST, given.version)
        signature = minisign.verify(given.folder / LIST, given.public_key, comment)
    except (ReleaseError, OSError, ValueError) as error:
        wrong, signature = [str(error)], minisign.Signature.BAD
    if signature is minisign.Signature.BAD:
        wrong.append(f"{LIST}: not signed by this key for version {given.version}")
    for line in wrong:
        print(f"WRONG: {line}")
    if wrong:
        return 1
    if signature is minisign.Signature.MISSING:
        print(f"NOT SIGNED: the files fit {LIST}, but anybody could have written that list.")
        return NOT_SIGNED
    print(f"Good: every file is on the list, and the list is signed for version {given.version}.")
    return 0


def differences(folder: Path) -> list[str]:
    """What does not fit the list."""
    listed = read_list(folder / LIST)
    there = {path.name: path for path in files_to_list(folder)}
    found = [f"{name}: is on the list, and not there" for name in listed.keys() - there.keys()]
    found += [f"{name}: is not on the list" for name in there.keys() - listed.keys()]
    found += [
        f"{name}: is another file than the list means"
        for name in listed.keys() & there.keys()
        if digest_of(there[name]) != listed[name]
    ]
    return sorted(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
