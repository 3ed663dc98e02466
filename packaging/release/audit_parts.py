"""Looks up in a list of known weaknesses what is in a built program and in no lock: ``audit_parts.py SBOM...``.

    0  nothing known      1  something known that nobody accepted in writing      2  the question could not be asked

Python, Qt and ICU, and what the wheel of cryptography has built into itself: OpenSSL and its parts in Rust. The
service is OSV; it knows programs in C by the tags of their repositories. That a service knows nothing of a version
means something only where it knows something of another: of each kind a version is asked about, too, whose weaknesses
are long known, and one that is called free of them ends the search. What cannot be asked about is named.

The packages of Python are asked about by ``audit.py``.
"""

from __future__ import annotations

import argparse
import json
import ssl
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

from audit import CouldNotRunError, Verdict, Weakness, judge, read_accepted

ACCEPTED = Path(__file__).with_name("accepted_in_parts.txt")
SERVICE = "https://api.osv.dev/v1/querybatch"
MOST_PAGES = 20
LARGEST = 64_000_000  # bytes of one answer

Query = Mapping[str, Any]
# Queries -> what the service says of each.
Service = Callable[[Sequence[Query]], Any]


@dataclass(frozen=True)
class Project:
    """How the service knows something that we ship, and a version of it with long known weaknesses."""

    name: str
    ecosystem: str
    tag: str
    """Of a version: {0} is it, {1} it with dashes."""
    weak: str

    def query(self, version: str) -> Query:
        tag = self.tag.format(version, version.replace(".", "-"))
        return {"package": {"name": self.name, "ecosystem": self.ecosystem}, "version": tag}


def _repository(path: str, tag: str, weak: str) -> Project:
    return Project(f"https://github.com/{path}.git", "GIT", tag, weak)


# Name in the list of parts -> how to ask. Each must be in at least one of the lists.
PROJECTS = {
    "python": _repository("python/cpython", "v{0}", "3.9.0"),
    "qt": _repository("qt/qtbase", "v{0}", "6.5.0"),  # CVE-2023-32763
    "openssl": _repository("openssl/openssl", "openssl-{0}", "3.0.6"),  # CVE-2022-3602
    "icu": _repository("unicode-org/icu", "release-{1}", "66.1"),  # CVE-2020-10531
}
CRATE = Project("openssl", "crates.io", "{0}", "0.10.47")  # RUSTSEC-2023-0022


@dataclass(frozen=True, order=True)
class Shipped:
    """One thing on a list of parts."""

    purl: str
    name: str
    version: str

    @property
    def is_crate(self) -> bool:
        """Whether it is in Rust: there is one called openssl, too."""
        return self.purl.startswith("pkg:cargo/")

    @property
    def is_of_python(self) -> bool:
        """Whether ``audit.py`` asks about it."""
        return self.purl.startswith("pkg:pypi/")

    @property
    def project(self) -> Project | None:
        """How to ask about it; None where nobody could be asked."""
        if self.is_crate:
            return Project(self.name, CRATE.ecosystem, CRATE.tag, CRATE.weak)
        return PROJECTS.get(self.name) if self.purl.startswith("pkg:generic/") else None


def main(arguments: Sequence[str]) -> int:
    """Asks, and says what came out. The exit code is the verdict's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lists", type=Path, nargs="+", metavar="SBOM")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED)
    given = parser.parse_args(arguments)
    verdict, lines = look_up(given.lists, given.accepted, datetime.now(UTC).date(), from_osv)
    print("\n".join(lines))
    return verdict.value


def look_up(
    lists: Sequence[Path], accepted: Path, today: date, service: Service
) -> tuple[Verdict, list[str]]:
    """The verdict over these lists of parts, and the lines that explain it."""
    try:
        parts = sorted({part for path in lists for part in shipped_in(path)})
        asked = [part for part in parts if part.project is not None]
        missing = sorted(PROJECTS.keys() - {part.name for part in asked if not part.is_crate})
        if missing:
            raise CouldNotRunError(f"not on any of these lists: {', '.join(missing)}")
        acceptances = read_accepted(accepted, today)
        weak = weaknesses(asked, service)
    except (CouldNotRunError, OSError, ValueError) as trouble:
        return Verdict.COULD_NOT_RUN, [f"COULD NOT RUN: {trouble}", "Nothing is known. This fails."]
    others = [part for part in parts if part.project is None and not part.is_of_python]
    names = ", ".join(sorted({f"{part.name} {part.version}" for part in others}))
    verdict, lines = judge(weak, acceptances, f"Nothing known about {len(asked)} parts (osv).")
    return verdict, [*lines, f"Not asked about, because nobody could be: {names or 'nothing'}."]


def shipped_in(path: Path) -> Iterator[Shipped]:
    """Everything with a version on a list of parts, also inside of others. Raises CouldNotRunError, OSError."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        pending = [said["metadata"]["component"], *said["components"]]
        while pending:
            component = pending.pop()
            pending += component.get("components", ())
            if component["type"] != "file":
                yield Shipped(component["purl"], component["name"], component["version"])
    except (ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise CouldNotRunError(f"{path.name} is no list of parts: {trouble!r}") from trouble


def weaknesses(parts: Sequence[Shipped], service: Service) -> list[Weakness]:
    """What the service knows. Raises CouldNotRunError unless it knew each version that is known to be weak."""
    witnesses = [*PROJECTS.values(), CRATE]
    projects = [part.project or CRATE for part in parts]
    queries = [one.query(one.weak) for one in witnesses]
    queries += [one.query(part.version) for one, part in zip(projects, parts, strict=True)]
    known = answers(queries, service)
    for witness, ids in zip(witnesses, known, strict=False):
        if not ids:
            raise CouldNotRunError(
                f"osv knows nothing against {witness.name} {witness.weak}, which is known to be "
                "weak. What it says of other versions is worth nothing."
            )
    return sorted(
        Weakness(part.name, part.version, (one,), about=f"https://osv.dev/{one}")
        for part, ids in zip(parts, known[len(witnesses) :], strict=True)
        for one in ids
    )


def answers(queries: Sequence[Query], service: Service) -> list[list[str]]:
    """The advisories that are known for each question, to the last page of each. Raises CouldNotRunError, OSError."""
    found: list[set[str]] = [set() for _ in queries]
    pending = dict(enumerate(queries))
    for _ in range(MOST_PAGES):
        if not pending:
            return [sorted(ids) for ids in found]
        said = _results(service(list(pending.values())))
        if len(said) != len(pending):
            raise CouldNotRunError("osv did not answer each question")
        asked, pending = pending, {}
        for place, (ids, token) in zip(asked, said, strict=True):
            found[place] |= ids
            if token:
                pending[place] = {**queries[place], "page_token": token}
    raise CouldNotRunError(f"osv had not said all after {MOST_PAGES} pages")


def _results(answer: Any) -> list[tuple[set[str], str]]:
    """Of each question the advisories on this page, and what leads to the next."""
    try:
        return [
            ({str(vuln["id"]) for vuln in one.get("vulns", ())}, one.get("next_page_token", ""))
            for one in answer["results"]
        ]
    except (KeyError, TypeError, AttributeError) as trouble:
        raise CouldNotRunError("the answer of osv is not of the known form") from trouble


def from_osv(queries: Sequence[Query]) -> Any:
    """Asks the real service. Raises OSError, ValueError, CouldNotRunError."""
    body = json.dumps({"queries": queries}).encode()
    request = urllib.request.Request(
        SERVICE, data=body, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(  # noqa: S310  the address is a constant with https
            request, timeout=60, context=ssl.create_default_context()
        ) as answer:
            return json.loads(answer.read(LARGEST))
    except HTTPException as trouble:
        raise CouldNotRunError(f"osv: {trouble!r}") from trouble


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
