"""Whether a tag may become a release: ``python3 packaging/tagged.py``, started by the workflow for the tag it runs for.

The tag is signed and its signature is one that GitHub could verify; it is called like the version of this checkout; its
commit is on the main branch; the changelog has a heading for it. Each thing that is otherwise is one line, and 1.
Reads GITHUB_REPOSITORY, GITHUB_REF_NAME, GITHUB_SHA and asks with ``gh``. Standard library only.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from checkout import ROOT, version

BRANCH = "main"
BEHIND_OR_SAME = ("identical", "behind")


class AnswerError(Exception):
    """GitHub did not say what was asked."""


def ask(path: str) -> Any:
    """What GitHub says. Raises AnswerError for a refusal, or for what cannot be read."""
    done = subprocess.run(["gh", "api", path], capture_output=True, text=True)
    if done.returncode != 0:
        raise AnswerError(f"{path}: {done.stderr.strip() or 'no answer'}")
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise AnswerError(f"{path}: the answer cannot be read") from error


def problems(environment: Mapping[str, str]) -> list[str]:
    """One line for each thing that stands against a release. Raises AnswerError."""
    repository, name = environment["GITHUB_REPOSITORY"], environment["GITHUB_REF_NAME"]
    commit = environment["GITHUB_SHA"]
    found = []
    if name != f"v{version()}":
        found.append(f"The tag is {name}, but this is version {version()}.")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## \[{re.escape(version())}\]", changelog, re.MULTILINE):
        found.append(f"CHANGELOG.md has no heading for {version()}.")
    return found + problems_of_tag(repository, name, commit)


def problems_of_tag(repository: str, name: str, commit: str) -> list[str]:
    """What is wrong with the tag itself, and with where its commit is. Raises AnswerError."""
    found = problems_of_signature(repository, name, commit)
    compared = ask(f"repos/{repository}/compare/{BRANCH}...{commit}")
    if field(compared, "status") not in BEHIND_OR_SAME:
        found.append(f"{commit} is not on the branch {BRANCH}.")
    return found


def problems_of_signature(repository: str, name: str, commit: str) -> list[str]:
    """What is wrong with the tag's kind, target and signature."""
    reference = field(ask(f"repos/{repository}/git/ref/tags/{name}"), "object")
    if field(reference, "type") != "tag":
        return [
            f"{name} is a plain mark on a commit and cannot be signed. Make it with git tag -s."
        ]
    tag = ask(f"repos/{repository}/git/tags/{field(reference, 'sha')}")
    found = []
    if field(field(tag, "object"), "sha") != commit:
        found.append(f"{name} does not stand for {commit}.")
    verification = field(tag, "verification")
    if field(verification, "verified") is not True:
        found.append(f"The signature of {name} does not hold: {field(verification, 'reason')}.")
    return found


def field(answer: Any, name: str) -> Any:
    """One field; nothing where there is none."""
    return answer.get(name) if isinstance(answer, dict) else None


def main(environment: Mapping[str, str] = os.environ) -> int:
    """0 only for a tag that may become a release."""
    try:
        found = problems(environment)
    except (AnswerError, KeyError, OSError) as error:
        found = [f"It could not be found out: {error}"]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
