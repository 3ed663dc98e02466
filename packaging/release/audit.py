"""Looks all locked packages up in lists of known weaknesses: ``audit.py LOCK...``.

    0  nothing known      1  something known that nobody accepted in writing      2  the question could not be asked

"Could not be asked" is a failure like the other. pip-audit alone does not tell the two apart: it says "No known
vulnerabilities found", with exit code 0, when it found nothing to ask. So its words are not believed here: each package
must be in its answer, looked up, and a version with known weaknesses that is asked about along with them must be
reported as weak. All packages of the locks are asked about, also those for other systems.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path

import locks

ACCEPTED = Path(__file__).with_name("accepted_advisories.txt")
LONGEST = timedelta(days=90)
SERVICES = ("pypi", "osv")

# Has a weakness that is long known (CVE-2020-14343). A service that does not say so says nothing of others either.
KNOWN_WEAK = locks.Entry(
    "pyyaml",
    "5.3.1",
    "",
    ("sha256:b8eac752c5e14d3eca0e6dd9199cd627518cb5ec06add0de9d32baeee6fe645d",),
)

Package = tuple[str, str]


class Verdict(Enum):
    """The three ends of an audit, with the exit code of each."""

    PASS = 0
    VULNERABLE = 1
    COULD_NOT_RUN = 2


class CouldNotRunError(Exception):
    """The services did not answer the question. Nothing is known."""


@dataclass(frozen=True, order=True)
class Weakness:
    """One advisory about one package."""

    package: str
    version: str
    ids: tuple[str, ...]
    mended_in: tuple[str, ...] = ()
    about: str = ""
    """Where it is told in which versions it is mended; nothing where that is known here."""

    def __str__(self) -> str:
        mended = "mended in " + (", ".join(self.mended_in) or "no version yet")
        return f"{self.package} {self.version}: {', '.join(self.ids)} ({self.about or mended})"


@dataclass(frozen=True)
class Acceptance:
    """A row of the list of accepted advisories."""

    advisory: str
    package: str
    until: date
    reason: str

    def covers(self, weakness: Weakness) -> bool:
        return self.package == weakness.package and self.advisory in weakness.ids


def main(arguments: Sequence[str]) -> int:
    """Asks, and says what came out. The exit code is the verdict's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("locks", type=Path, nargs="+", metavar="LOCK")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED)
    given = parser.parse_args(arguments)
    verdict, lines = audit(given.locks, given.accepted, datetime.now(UTC).date())
    print("\n".join(lines))
    return verdict.value


def audit(
    lock_files: Sequence[Path],
    accepted: Path,
    today: date,
    program: Sequence[str] = (sys.executable, "-m", "pip_audit"),
) -> tuple[Verdict, list[str]]:
    """The verdict over these locks and the lines that explain it."""
    try:
        rows = sorted({row for path in lock_files for row in locks.read(path)}, key=_order)
        acceptances = read_accepted(accepted, today)
        if not rows:
            raise CouldNotRunError("There is no package in these locks.")
        weak = {one for service in SERVICES for one in ask(rows, service, program)}
    except (CouldNotRunError, OSError, ValueError) as trouble:
        return Verdict.COULD_NOT_RUN, [f"COULD NOT RUN: {trouble}", "Nothing is known. This fails."]
    services = " and ".join(SERVICES)
    passed = f"Nothing known about {len(rows)} locked packages ({services})."
    return judge(sorted(weak), acceptances, passed)


def _order(row: locks.Entry) -> tuple[str, str, str]:
    return row.name, row.version, row.marker


def judge(
    weak: Sequence[Weakness], acceptances: Sequence[Acceptance], passed: str
) -> tuple[Verdict, list[str]]:
    """Weaknesses against what was accepted; the last line where nothing stays. A row that covers nothing must go."""
    open_ones = [one for one in weak if not any(row.covers(one) for row in acceptances)]
    unused = [row for row in acceptances if not any(row.covers(one) for one in weak)]
    lines = [f"KNOWN WEAKNESS: {one}" for one in open_ones]
    lines += [f"accepted until {r.until}: {r.advisory} in {r.package}" for r in acceptances]
    lines += [f"NOT NEEDED ANY MORE: remove {r.advisory} {r.package}" for r in unused]
    if open_ones or unused:
        return Verdict.VULNERABLE, lines
    return Verdict.PASS, [*lines, passed]


def ask(rows: Sequence[locks.Entry], service: str, program: Sequence[str]) -> set[Weakness]:
    """What one service knows about these packages. Raises CouldNotRunError unless it answered about each."""
    found = set[Weakness]()
    for batch in batches(rows):
        with_weak = [KNOWN_WEAK, *batch]
        asked = {(row.name, row.version) for row in with_weak}
        answers = parse(_run(with_weak, service, program), asked)
        if not answers[KNOWN_WEAK.name, KNOWN_WEAK.version]:
            raise CouldNotRunError(
                f"{service} knows nothing against {KNOWN_WEAK.name} {KNOWN_WEAK.version}, "
                "which is known to be weak. What it says of others is worth nothing."
            )
        found |= {one for weak in answers.values() for one in weak}
    locked = {(row.name, row.version) for row in rows}
    return {one for one in found if (one.package, one.version) in locked}


def batches(rows: Iterable[locks.Entry]) -> list[list[locks.Entry]]:
    """Cut so that each package is in a list once: locks have other versions for other systems."""
    lists: list[dict[str, locks.Entry]] = []
    for row in {(row.name, row.version): row for row in rows}.values():
        free = next((held for held in lists if row.name not in held), None)
        if free is None:
            lists.append(free := {})
        free[row.name] = row
    return [list(held.values()) for held in lists]


def _run(batch: Sequence[locks.Entry], service: str, program: Sequence[str]) -> str:
    """One call of pip-audit; its answer. Markers are left out, so that packages for other systems are asked about."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(
            "".join(
                f"{row.name}=={row.version} "
                + " ".join(f"--hash={one}" for one in row.hashes)
                + "\n"
                for row in batch
            ),
            encoding="utf-8",
        )
        command = [*program, "--strict", "--disable-pip", "--require-hashes", "--format", "json"]
        command += ["--progress-spinner", "off", "--vulnerability-service", service]
        command += ["--cache-dir", f"{folder}/cache", "--requirement", str(wanted)]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1) or not done.stdout.strip():
        last = (done.stderr.strip().splitlines() or ["no word from pip-audit"])[-1]
        raise CouldNotRunError(f"{service}: {last[:300]}")
    return done.stdout


def parse(answer: str, asked: set[Package]) -> dict[Package, list[Weakness]]:
    """Package -> weaknesses. Raises CouldNotRunError when one was not looked up, or nobody asked for it."""
    try:
        said = json.loads(answer)["dependencies"]
        skipped = [one["name"] for one in said if "skip_reason" in one or "vulns" not in one]
        if skipped:
            raise CouldNotRunError(f"not looked up: {', '.join(sorted(skipped))}")
        found = {(one["name"], one["version"]): list(_weaknesses(one)) for one in said}
    except (ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise CouldNotRunError("the answer of pip-audit is not of the known form") from trouble
    if found.keys() != asked:
        missing = ", ".join(" ".join(one) for one in sorted(asked ^ found.keys()))
        raise CouldNotRunError(f"asked and answered are not the same: {missing}")
    return found


def _weaknesses(said: dict[str, object]) -> Iterator[Weakness]:
    vulns = said["vulns"]
    if not isinstance(vulns, list):
        raise TypeError("vulns")
    for one in vulns:
        ids = tuple(sorted({one["id"], *one.get("aliases", ())}))
        yield Weakness(
            str(said["name"]), str(said["version"]), ids, tuple(one.get("fix_versions", ()))
        )


ROW = re.compile(
    r"(?P<id>[A-Z0-9][\w-]+) (?P<package>[a-z0-9_-]+) until (?P<day>\d{4}-\d\d-\d\d): (?P<why>.+)"
)


def read_accepted(path: Path, today: date) -> list[Acceptance]:
    """The rows of the list. Raises ValueError for one without reason, ended, or without an end in sight."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        row = ROW.fullmatch(line.strip())
        if row is None or len(row["why"].split()) < 5:
            raise ValueError(f"{path.name}: not an advisory with package, end and reason: {line}")
        until = date.fromisoformat(row["day"])
        if until < today:
            raise ValueError(f"{path.name}: {row['id']} was accepted until {until}, which is over")
        if until > today + LONGEST:
            raise ValueError(f"{path.name}: {row['id']} is accepted for longer than 90 days")
        found.append(Acceptance(row["id"], row["package"], until, row["why"]))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
