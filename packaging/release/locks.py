"""The hash-locked lists of packages, read for one system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@dataclass(frozen=True)
class Entry:
    """One row of a lock."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def is_for(self, markers: Mapping[str, str]) -> bool:
        """Whether the row counts on a system with these markers."""
        requirement = Requirement(f"{self.name}; {self.marker}" if self.marker else self.name)
        return requirement.marker is None or requirement.marker.evaluate(dict(markers))


def read(path: Path) -> list[Entry]:
    """The rows of a lock."""
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> list[Entry]:
    """The rows of a lock's text. Raises ValueError for one without version or hash."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        words, *hashes = line.split("--hash=")
        if not words.strip() or words.lstrip().startswith("#"):
            continue
        requirement = Requirement(words.strip())
        version = re.fullmatch(r"==([^=*,]+)", str(requirement.specifier))
        if version is None or not hashes:
            raise ValueError(f"{requirement.name} is not locked to one version with its hashes.")
        marker = str(requirement.marker or "")
        found.append(
            Entry(
                canonicalize_name(requirement.name),
                version[1],
                marker,
                tuple(sorted(one.strip() for one in hashes)),
            )
        )
    return found
