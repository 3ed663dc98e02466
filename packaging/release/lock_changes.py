"""What a change of the locks brings in: ``lock_changes.py OLD_REF`` compares them with those of a commit.

Prints each package that was added, removed or changed, with the age in days of its new version. A version younger than
14 days fails: most planted packages are found and removed within that time. So does one whose age nobody can tell. The
way past is a written reason in ``young_packages.txt``. The age is that of the youngest file that the lock allows, by
the index's own times, because files can be added to an old version later.
"""

from __future__ import annotations

import argparse
import json
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError

import locks

ROOT = Path(__file__).resolve().parents[2]
LOCKS = "packaging/requirements"
REASONS = Path(__file__).with_name("young_packages.txt")
INDEX = "https://pypi.org/simple"
FORM = "application/vnd.pypi.simple.v1+json"
OLD_ENOUGH = 14
FAILS = "  FAILS:"
LARGEST = 64_000_000  # bytes; the index's page about one package

# Name -> the files that the index has of it.
Index = Callable[[str], Sequence[Mapping[str, Any]]]
# (name, version) -> hashes, over all locks.
Versions = dict[tuple[str, str], set[str]]


@dataclass(frozen=True, order=True)
class Change:
    """One package whose locked versions are not those of before."""

    name: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def kind(self) -> str:
        return "removed" if not self.new else "changed" if self.old else "added"

    def arriving(self) -> list[str]:
        return [version for version in self.new if version not in self.old]


def main(arguments: Sequence[str]) -> int:
    """Prints the changes; 0 unless one breaks the rule."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", metavar="OLD_REF")
    parser.add_argument("--reasons", type=Path, default=REASONS)
    given = parser.parse_args(arguments)
    try:
        old, new = at_commit(given.old), now()
        broken, lines = compare(
            old, new, read_reasons(given.reasons), from_index, datetime.now(UTC)
        )
    except (OSError, ValueError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print("\n".join(lines) or "The locks have the same packages as before.")
    return 1 if broken else 0


def at_commit(commit: str) -> Versions:
    """The locks as they were. Raises ValueError for a commit that is not there."""
    listing = _git("ls-tree", "--name-only", commit, f"{LOCKS}/")
    names = [name for name in listing.splitlines() if name.endswith(".txt") and "pins" not in name]
    return versions(locks.parse(_git("show", f"{commit}:{name}")) for name in names)


def now() -> Versions:
    """The locks as they are in this checkout."""
    files = sorted((ROOT / LOCKS).glob("*.txt"))
    return versions(locks.read(path) for path in files if path.name != "pins.txt")


def versions(lists: Iterable[Iterable[locks.Entry]]) -> Versions:
    """All locked versions with the files that are allowed."""
    found: Versions = {}
    for rows in lists:
        for row in rows:
            found.setdefault((row.name, row.version), set()).update(row.hashes)
    return found


def _git(*words: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise ValueError(done.stderr.strip())
    return done.stdout


def changes(old: Versions, new: Versions) -> list[Change]:
    """Packages that are not locked as before."""
    names = {name for name, _ in old.keys() | new.keys()}
    found = []
    for name in sorted(names):
        before, after = (
            tuple(sorted(version for one, version in side if one == name)) for side in (old, new)
        )
        if before != after:
            found.append(Change(name, before, after))
    return found


def compare(
    old: Versions, new: Versions, reasons: Mapping[str, str], index: Index, at: datetime
) -> tuple[bool, list[str]]:
    """Whether the rule is broken, and the lines to print."""
    lines = []
    for change in changes(old, new):
        before, after = ", ".join(change.old) or "-", ", ".join(change.new) or "-"
        lines.append(f"{change.kind:8} {change.name} {before} -> {after}")
        for version in change.arriving():
            files = new[change.name, version]
            lines += arrival(change.name, version, files, reasons, index, at)
    for name, version in sorted(old.keys() & new.keys()):
        more = new[name, version] - old[name, version]
        if more:  # nothing else tells that a version from before lets other files in
            lines.append(f"files    {name} {version} -> {len(more)} more")
            lines += arrival(name, version, more, reasons, index, at)
    locked = {f"{name}=={version}" for name, version in new}
    lines += [
        f"{FAILS} {row} is in {REASONS.name}, not locked" for row in sorted(reasons.keys() - locked)
    ]
    return any(line.startswith(FAILS) for line in lines), lines


def arrival(
    name: str,
    version: str,
    files: set[str],
    reasons: Mapping[str, str],
    index: Index,
    at: datetime,
) -> list[str]:
    """What is said of a version, or more files of one, that was not let in before."""
    days = age(name, files, index, at)
    lines = [f"         {version}: " + ("unknown age" if days is None else f"{days} days old")]
    if days is not None and days >= OLD_ENOUGH:
        return lines
    reason = reasons.get(f"{name}=={version}")
    if reason:
        return [*lines, f"         {reason}"]
    return [*lines, f"{FAILS} it needs {OLD_ENOUGH} days, or a reason in {REASONS.name}"]


def age(name: str, hashes: set[str], index: Index, at: datetime) -> int | None:
    """Days since the youngest of these files was put into the index; None when it does not say for each."""
    try:
        times = {
            f"sha256:{file['hashes']['sha256']}": file["upload-time"]
            for file in index(name)
            if "upload-time" in file
        }
        youngest = max(datetime.fromisoformat(times[one]) for one in hashes)
        return (at - youngest).days
    except (OSError, KeyError, ValueError, TypeError):
        return None


def from_index(name: str) -> Sequence[Mapping[str, Any]]:
    """The files that the index has of a package. Raises OSError, KeyError or ValueError."""
    request = urllib.request.Request(f"{INDEX}/{name}/", headers={"Accept": FORM})  # noqa: S310
    try:
        with urllib.request.urlopen(  # noqa: S310  the address is a constant with https
            request, timeout=30, context=ssl.create_default_context()
        ) as answer:
            said = json.loads(answer.read(LARGEST))
    except URLError as trouble:
        raise OSError(f"the index does not answer: {trouble.reason}") from trouble
    found: list[dict[str, Any]] = said["files"]
    return found


def read_reasons(path: Path) -> dict[str, str]:
    """NAME==VERSION -> reason. Raises ValueError for a row without one."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            version, _, reason = line.partition(":")
            if "==" not in version or len(reason.split()) < 4:
                raise ValueError(f"{path.name}: not a version with its reason: {line}")
            found[version.strip()] = reason.strip()
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
