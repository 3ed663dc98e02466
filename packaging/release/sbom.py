"""The list of parts (SBOM, CycloneDX 1.6) of a built folder, made from its files and not from what was wished for.

    sbom.py FOLDER --environment VENV --out sbom.cdx.json     every file once, with SHA-256, under its part
    sbom.py --check FOLDER SBOM LOCK...                       prints each difference; 1 when there is one

VENV is the environment that froze the program. The same folder gives the same bytes: the time is SOURCE_DATE_EPOCH,
the serial number is derived from the files.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from attribution import attribute
from cyclonedx_form import render
from freezer import ask
from parts import ReleaseError
from sbom_check import differences


def main(arguments: Sequence[str]) -> int:
    """Makes or checks a list of parts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("more", type=Path, nargs="*", metavar="SBOM LOCK")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--environment", type=Path, default=Path(sys.prefix))
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    if given.check and len(given.more) < 2:
        parser.error("--check needs a folder, its SBOM and at least one lock")
    if not given.check and (given.more or given.out is None):
        parser.error("needs one folder, and --out FILE")
    try:
        if given.check:
            return check(given.folder, given.more[0], given.more[1:])
        return make(given.folder, given.environment, given.out)
    except (ReleaseError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def make(folder: Path, environment: Path, out: Path) -> int:
    """Writes the list. It must not stand in the folder that it lists."""
    if out.resolve().is_relative_to(folder.resolve()):
        raise ReleaseError(f"{out} is inside the folder it would list. Write it beside it.")
    found = attribute(folder, ask(environment))
    out.write_text(render(found, moment()), encoding="utf-8", newline="\n")
    files = sum(len(has.files) for has in found.parts.values())
    print(f"{out}: {files} files in {len(found.parts)} parts")
    return 0


def moment() -> int:
    """The release's time in seconds. Raises ReleaseError where it was not fixed."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not said.isdecimal():
        raise ReleaseError(
            "SOURCE_DATE_EPOCH is not set: the list would differ each time. "
            "Set it to the time of the commit: git log -1 --format=%ct"
        )
    return int(said)


def check(folder: Path, sbom: Path, locks: Sequence[Path]) -> int:
    """Prints what differs between the files, the list and the locks."""
    found = differences(folder, sbom, locks)
    for line in found:
        print(line)
    print(f"Differences: {len(found)}" if found else "The files, the list and the locks agree.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
