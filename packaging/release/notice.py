"""Writes and signs ``latest.json``, the notice that "Check for updates" reads.

    notice.py --version 0.2.0 --released 2026-12-01 --page /releases/0.2.0 --security \\
        --installer windows-x86_64=Latchlight-0.2.0-setup.exe --key FILE --into FOLDER

The form "latchlight.latest/1" has exactly these fields:

    schema      "latchlight.latest/1"
    version     of the release
    released    ISO date
    expires     ISO date, at most 400 days after `released`: an old notice cannot be shown for ever
    security    true when it, or a release since one that is still in use, mends a hole: who skipped
                that release reads only this notice
    page        path below the program's own fixed download address, beginning with "/"
    installers  system -> SHA-256 of its installer

The signature ``latest.json.minisig`` is of minisign's prehashed kind; its trusted comment is
``file:latest.json version:VERSION``. Without a key nothing is written: an unsigned notice is worth nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import minisign
from checksums import signed_comment
from parts import ReleaseError, digest_of

NAME = "latest.json"
SCHEMA = "latchlight.latest/1"
SYSTEMS = ("linux-x86_64", "macos-arm64", "macos-x86_64", "windows-x86_64")
LONGEST = timedelta(days=400)
USUAL = timedelta(days=180)
VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
PAGE = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._-]*)+/?")


@dataclass(frozen=True)
class Notice:
    """What is told about the newest release."""

    version: str
    released: date
    expires: date
    security: bool
    page: str
    installers: Mapping[str, str]

    def need_sound(self) -> None:
        """Raises ReleaseError for what the program would refuse."""
        if not VERSION.fullmatch(self.version):
            raise ReleaseError(f"{self.version} is not a version like 0.2.0.")
        if not self.released < self.expires <= self.released + LONGEST:
            raise ReleaseError(
                "A notice ends after the day of its release, at most 400 days later."
            )
        if not PAGE.fullmatch(self.page):
            raise ReleaseError(f"{self.page} is not a path like /releases/0.2.0.")
        if not self.installers or not self.installers.keys() <= set(SYSTEMS):
            raise ReleaseError(f"Name the installer of at least one of: {', '.join(SYSTEMS)}.")

    def as_text(self) -> str:
        """The same notice gives the same bytes."""
        said = {
            "schema": SCHEMA,
            "version": self.version,
            "released": self.released.isoformat(),
            "expires": self.expires.isoformat(),
            "security": self.security,
            "page": self.page,
            "installers": dict(sorted(self.installers.items())),
        }
        return json.dumps(said, indent=1, ensure_ascii=True) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Writes both files; 0 only when the signature was verified."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", required=True)
    parser.add_argument("--released", type=date.fromisoformat, required=True, metavar="DATE")
    parser.add_argument("--expires", type=date.fromisoformat, metavar="DATE", help="180 days later")
    parser.add_argument(
        "--security",
        action="store_true",
        help="it, or a release since one that is still in use, mends a hole",
    )
    parser.add_argument("--page", required=True, metavar="PATH")
    parser.add_argument("--installer", action="append", default=[], metavar="SYSTEM=FILE")
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--password-file", type=Path)
    parser.add_argument("--public-key", type=Path, default=minisign.PUBLIC_KEY)
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    given = parser.parse_args(arguments)
    place = given.into / NAME
    try:
        notice = Notice(
            version=given.version,
            released=given.released,
            expires=given.expires or given.released + USUAL,
            security=given.security,
            page=given.page,
            installers=installers(given.installer),
        )
        notice.need_sound()
        place.write_text(notice.as_text(), encoding="ascii", newline="\n")
        comment = signed_comment(NAME, notice.version)
        minisign.sign(place, given.key, given.password_file, given.public_key, comment)
    except (ReleaseError, OSError) as error:
        place.unlink(missing_ok=True)
        minisign.signature_of(place).unlink(missing_ok=True)
        print(error, file=sys.stderr)
        return 1
    print(f"{place}: version {notice.version}, until {notice.expires}, signed")
    return 0


def installers(words: Sequence[str]) -> dict[str, str]:
    """SYSTEM=FILE -> digests. Raises ReleaseError for a system named twice."""
    found: dict[str, str] = {}
    for word in words:
        system, _, file = word.partition("=")
        if system in found or not file:
            raise ReleaseError(f"{word}: name each system once, as SYSTEM=FILE.")
        found[system] = digest_of(Path(file))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
