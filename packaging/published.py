"""Looks at what everybody can download: ``python3 packaging/published.py FOLDER``, started by the workflow of its name.

Downloads into FOLDER the release that was just published, or the newest there is, and says each thing that is wrong
with it: the release can still be changed; its tag is not signed or not on the main branch any more; a file is not on
the list, or another than the list means; the list is not signed; a file was not built by our workflow from this tag.
The exit code is 0 only when there is no such thing, or when there is neither a release nor a tag of one.

Reads GITHUB_REPOSITORY and GITHUB_EVENT_NAME, for a release also GITHUB_REF_NAME and GITHUB_SHA, and asks with ``gh``.
Needs minisign. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tagged
from checkout import ROOT
from tagged import AnswerError, field

BUILDER = ".github/workflows/build.yml"
TAG = re.compile(r"v\d+\.\d+\.\d+[a-z0-9.]*")
SIGNATURE = "SHA256SUMS.minisig"
"""Made after the build, away from here: the one file that the workflow cannot have stated."""


def main(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Says what is wrong; 0 only when nothing is."""
    parser = argparse.ArgumentParser(description="Look at what everybody can download.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--public-key", type=Path, help="instead of the one in the source")
    given = parser.parse_args(arguments)
    key = [] if given.public_key is None else ["--public-key", str(given.public_key)]
    try:
        repository = environment["GITHUB_REPOSITORY"]
        release = chosen(repository, environment)
        if release is None:
            print(
                "Nothing was released yet, and no version is tagged: there is nothing to look at."
            )
            return 0
        found = problems(repository, release, environment, given.folder, key)
    except (AnswerError, KeyError, OSError) as error:
        found = [f"It could not be found out: {error}"]
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print(f"{field(release, 'tag_name')} is what was built and signed.")
    return 1 if found else 0


def chosen(repository: str, environment: Mapping[str, str]) -> Any:
    """The release to look at; None where nothing was ever released. Raises AnswerError."""
    listed = tagged.ask(f"repos/{repository}/releases?per_page=100")
    if not isinstance(listed, list):
        raise AnswerError("the releases are no list")
    public = [one for one in listed if field(one, "draft") is False]
    if environment["GITHUB_EVENT_NAME"] == "release":
        name = environment["GITHUB_REF_NAME"]
        found = next((one for one in public if field(one, "tag_name") == name), None)
        if found is None:
            raise AnswerError(f"{name} was published and is not among the releases")
        return found
    if public:
        return max(public, key=lambda one: str(field(one, "published_at")))
    tags = tagged.ask(f"repos/{repository}/git/matching-refs/tags/v")
    if tags != []:
        raise AnswerError("a version is tagged, and no release is published: it was taken away?")
    return None


def problems(
    repository: str,
    release: Any,
    environment: Mapping[str, str],
    folder: Path,
    key: Sequence[str],
) -> list[str]:
    """One line for each thing that is wrong. Raises AnswerError, OSError."""
    name = str(field(release, "tag_name"))
    if not TAG.fullmatch(name):
        return [f"{name!r} is published, and is no version."]
    commit = commit_of(repository, name)
    found = tagged.problems_of_tag(repository, name, commit)
    if environment["GITHUB_EVENT_NAME"] == "release" and environment["GITHUB_SHA"] != commit:
        found.append(f"{name} does not stand for {environment['GITHUB_SHA']} any more.")
    if field(release, "immutable") is not True:
        found.append(f"The files of {name} can still be exchanged: see docs/ci.md, immutable.")
    folder.mkdir(parents=True)  # what is there already was not downloaded by us
    words = ["release", "download", name, "--repo", repository, "--dir", str(folder)]
    said = refusal(["gh", *words])
    if said:
        return [*found, f"{name} cannot be downloaded: {said}"]
    return found + problems_of_files(repository, name, commit, folder, key)


def commit_of(repository: str, name: str) -> str:
    """What the tag stands for. Raises AnswerError for anything but a tag that can be signed."""
    reference = field(tagged.ask(f"repos/{repository}/git/ref/tags/{name}"), "object")
    if field(reference, "type") != "tag":
        raise AnswerError(f"{name} is a plain mark on a commit and cannot be signed")
    tag = tagged.ask(f"repos/{repository}/git/tags/{field(reference, 'sha')}")
    commit = field(field(tag, "object"), "sha")
    if not isinstance(commit, str) or not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise AnswerError(f"{name} stands for no commit")
    return commit


def problems_of_files(
    repository: str, name: str, commit: str, folder: Path, key: Sequence[str]
) -> list[str]:
    """What is wrong with list, signature and origin."""
    verify = str(ROOT / "packaging" / "release" / "verify.py")
    command = [sys.executable, verify, str(folder), "--version", name.removeprefix("v"), *key]
    said = refusal(command)
    found = [said] if said else []
    origin = ["--repo", repository, "--signer-workflow", f"{repository}/{BUILDER}"]
    origin += ["--source-ref", f"refs/tags/{name}", "--source-digest", commit]
    stated = [path for path in sorted(folder.iterdir()) if path.name != SIGNATURE]
    if not stated:
        found.append(f"{name} has no files.")
    for path in stated:
        words = ["attestation", "verify", str(path), *origin, "--deny-self-hosted-runners"]
        said = refusal(["gh", *words])
        if said:
            found.append(f"{path.name} was not built from {name} by {BUILDER}: {said}")
    return found


def refusal(command: Sequence[str]) -> str:
    """What a program says that ends with anything but 0; nothing for one that agrees."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr).strip() or f"it ended with {done.returncode}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
