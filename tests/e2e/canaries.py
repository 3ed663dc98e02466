"""Secrets made to be found: every form in which one could have been left behind."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

_WINDOW = 12


def forms(secret: str) -> dict[str, bytes]:
    """The secret as it stands and in every encoding that a program might have used."""
    raw = secret.encode()
    found = {
        "raw": raw,
        "reversed": raw[::-1],
        "hex": raw.hex().encode(),
        "upper hex": raw.hex().upper().encode(),
        "utf-16-le": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
        "url": quote(secret, safe="").encode(),
        "json": secret.encode("unicode_escape"),
        "sha-256": hashlib.sha256(raw).hexdigest().encode(),
        "sha-256 raw": hashlib.sha256(raw).digest(),
    }
    for offset in range(3):
        # What of the encoding depends on neighbours is cut off at both ends.
        encoded = base64.b64encode(b"\0" * offset + raw)
        found[f"base64+{offset}"] = encoded[4:-4]
        found[f"base64url+{offset}"] = encoded[4:-4].translate(bytes.maketrans(b"+/", b"-_"))
    return found


def windows(secret: str) -> Iterator[bytes]:
    """Every stretch of twelve characters: a cut secret is a leak too."""
    lines = [line for line in secret.splitlines() if not line.startswith("-----")]
    for line in lines:
        for start in range(max(1, len(line) - _WINDOW + 1)):
            yield line[start : start + _WINDOW].encode()


class Canary:
    """One secret to look for, by a name that may be printed."""

    def __init__(self, name: str, secret: str) -> None:
        self.name = name
        self._forms = forms(secret)
        self._windows = tuple(windows(secret))

    def sightings(self, data: bytes, where: str) -> list[str]:
        """In which forms it is in `data`; never the value itself."""
        found = [
            f"{self.name} as {form} in {where}"
            for form, value in self._forms.items()
            if value in data
        ]
        if not found and any(window in data for window in self._windows):
            found.append(f"a part of {self.name} in {where}")
        return found


def in_files(canaries: Iterable[Canary], *folders: Path) -> list[str]:
    """Sightings in every file below the folders, names of files and targets of links included."""
    canaries = list(canaries)
    found: list[str] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            where = str(path.relative_to(folder))
            data = where.encode()
            if path.is_symlink():
                data += str(path.readlink()).encode()
            elif path.is_file():
                data += path.read_bytes()
            for canary in canaries:
                found += canary.sightings(data, where)
    return found
