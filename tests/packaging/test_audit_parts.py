"""The search for known weaknesses of what no lock names fails unless it could really ask about each part."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from release_scripts import load

audit, audit_parts = load("audit"), load("audit_parts")

TODAY = date(2026, 12, 1)
GITHUB = "https://github.com"
WITNESSES = {
    (f"{GITHUB}/python/cpython.git", "v3.9.0"),
    (f"{GITHUB}/qt/qtbase.git", "v6.5.0"),
    (f"{GITHUB}/openssl/openssl.git", "openssl-3.0.6"),
    (f"{GITHUB}/unicode-org/icu.git", "release-66-1"),
    ("openssl", "0.10.47"),
}
ASKED = {
    (f"{GITHUB}/python/cpython.git", "v3.12.9"),
    (f"{GITHUB}/qt/qtbase.git", "v6.11.3"),
    (f"{GITHUB}/openssl/openssl.git", "openssl-4.0.3"),
    (f"{GITHUB}/unicode-org/icu.git", "release-73-2"),
    ("asn1_derive", "0.24.1"),
    ("openssl", "0.10.81"),
}
INSIDE = (
    *("pkg:cargo/asn1_derive@0.24.1", "pkg:cargo/openssl@0.10.81"),
    "pkg:generic/openssl@4.0.3",
)
PARTS = (
    *("pkg:generic/python@3.12.9", "pkg:generic/qt@6.11.3", "pkg:generic/icu@73.2"),
    "pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1?arch=amd64",
)


def component(purl: str, *inside: dict[str, Any]) -> dict[str, Any]:
    name, _, version = purl.rpartition("/")[2].partition("?")[0].partition("@")
    found = {"type": "library", "name": name, "version": version, "purl": purl}
    return {**found, "components": list(inside)} if inside else found


def sbom(folder: Path, without: str = "") -> Path:
    """A list of parts like those of a release."""
    inside = [component(purl) for purl in INSIDE if purl != without]
    file = {"type": "file", "name": "a.so"}
    parts = [component(purl) for purl in PARTS if purl != without]
    parts.append(component("pkg:pypi/cryptography@50.0.2", *inside, file))
    root = {**component("pkg:pypi/latchlight@0.1.0"), "type": "application"}
    path = folder / "list.cdx.json"
    path.write_text(json.dumps({"metadata": {"component": root}, "components": parts}), "utf-8")
    return path


class Service:
    """Knows the long known weaknesses and those of the test."""

    def __init__(self, **weak: str) -> None:
        self.weak = weak
        self.asked: list[tuple[str, str]] = []

    def __call__(self, queries: Sequence[Mapping[str, Any]]) -> Any:
        return {"results": [self.answer(query) for query in queries]}

    def answer(self, query: Mapping[str, Any]) -> dict[str, Any]:
        package = query["package"]
        assert package["ecosystem"] == ("GIT" if "://" in package["name"] else "crates.io")
        asked = (package["name"], query["version"])
        self.asked.append(asked)
        if asked in WITNESSES:
            return {"vulns": [{"id": "CVE-2020-1", "modified": "2023-01-01T00:00:00Z"}]}
        found = [{"id": one} for name, one in self.weak.items() if name in package["name"]]
        return {"vulns": found} if found else {}


def accepted(folder: Path, *rows: str) -> Path:
    path = folder / "accepted.txt"
    path.write_text("".join(f"{row}\n" for row in rows), "utf-8")
    return path


def run(folder: Path, service: Callable[..., Any], *rows: str) -> Any:
    return audit_parts.look_up([sbom(folder)], accepted(folder, *rows), TODAY, service)


def test_each_part_is_asked_about_beside_one_that_is_known_to_be_weak(tmp_path: Path) -> None:
    service = Service()
    verdict, lines = run(tmp_path, service)
    assert verdict is audit.Verdict.PASS
    assert set(service.asked) == WITNESSES | ASKED
    assert lines == [
        "Nothing known about 6 parts (osv).",
        "Not asked about, because nobody could be: libssl3 3.0.2-0ubuntu1.",
    ]


def test_a_known_weakness_fails_until_it_is_accepted_in_writing(tmp_path: Path) -> None:
    service = Service(qtbase="CVE-2026-1")
    verdict, lines = run(tmp_path, service)
    assert verdict is audit.Verdict.VULNERABLE
    assert lines[0] == "KNOWN WEAKNESS: qt 6.11.3: CVE-2026-1 (https://osv.dev/CVE-2026-1)"
    row = "CVE-2026-1 qt until 2026-12-02: the program never opens such a picture"
    assert run(tmp_path, service, row)[0] is audit.Verdict.PASS
    assert run(tmp_path, Service(), row)[0] is audit.Verdict.VULNERABLE  # not needed any more


@pytest.mark.parametrize("witness", sorted(WITNESSES))
def test_a_service_that_calls_a_weak_version_free_of_weaknesses_could_not_be_asked(
    tmp_path: Path, witness: tuple[str, str]
) -> None:
    class Sleepy(Service):
        def answer(self, query: Mapping[str, Any]) -> dict[str, Any]:
            asked = (query["package"]["name"], query["version"])
            return {} if asked == witness else super().answer(query)

    verdict, lines = run(tmp_path, Sleepy())
    assert (verdict, verdict.value) == (audit.Verdict.COULD_NOT_RUN, 2)
    assert f"knows nothing against {witness[0]}" in lines[0]
    assert lines[-1] == "Nothing is known. This fails."


def cut_off(queries: Sequence[Mapping[str, Any]]) -> Any:
    return {"results": Service()(queries)["results"][:-1]}


def silent(_: Sequence[Mapping[str, Any]]) -> Any:
    raise OSError("no network")


def endless(queries: Sequence[Mapping[str, Any]]) -> Any:
    return {"results": [{"next_page_token": "more"} for _ in queries]}


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (cut_off, "did not answer each question"),
        (silent, "no network"),
        (endless, "had not said all after 20 pages"),
        (lambda _: {}, "known form"),
        (lambda _: {"results": {}}, "did not answer each question"),
        (lambda queries: {"results": [None for _ in queries]}, "known form"),
        (lambda queries: {"results": [{"vulns": [{}]} for _ in queries]}, "known form"),
    ],
)
def test_whatever_is_no_answer_to_each_question_could_not_be_asked(
    tmp_path: Path, service: Callable[..., Any], words: str
) -> None:
    verdict, lines = run(tmp_path, service)
    assert verdict is audit.Verdict.COULD_NOT_RUN
    assert words in lines[0]


def test_an_answer_is_read_to_its_last_page(tmp_path: Path) -> None:
    class Paged(Service):
        def answer(self, query: Mapping[str, Any]) -> dict[str, Any]:
            if "qtbase" in query["package"]["name"] and "page_token" not in query:
                return {"next_page_token": "second"}
            return super().answer(query)

    verdict, lines = run(tmp_path, Paged(qtbase="CVE-2026-1"))
    assert verdict is audit.Verdict.VULNERABLE
    assert "CVE-2026-1" in lines[0]


@pytest.mark.parametrize("lost", [*PARTS[:3], INSIDE[2]])
def test_lists_that_lack_what_every_program_holds_are_not_believed(
    tmp_path: Path, lost: str
) -> None:
    verdict, lines = audit_parts.look_up(
        [sbom(tmp_path, lost)], accepted(tmp_path), TODAY, Service()
    )
    assert verdict is audit.Verdict.COULD_NOT_RUN
    name = lost.rpartition("/")[2].partition("@")[0]
    assert lines[0] == f"COULD NOT RUN: not on any of these lists: {name}"


def test_what_is_no_list_of_parts_is_not_believed(tmp_path: Path) -> None:
    for number, text in enumerate(("", "{}", "[]", '{"metadata": {"component": {}}}')):
        path = tmp_path / f"{number}.json"
        path.write_text(text, "utf-8")
        verdict, lines = audit_parts.look_up([path], accepted(tmp_path), TODAY, Service())
        assert verdict is audit.Verdict.COULD_NOT_RUN
        assert "is no list of parts" in lines[0]


def test_the_real_question_without_its_service_could_not_be_asked(tmp_path: Path) -> None:
    environment = {**os.environ, "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    environment |= {"https_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    command = [sys.executable, str(Path(audit_parts.__file__)), str(sbom(tmp_path))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("COULD NOT RUN: ")


def test_the_list_of_this_checkout_can_be_read() -> None:
    audit.read_accepted(audit_parts.ACCEPTED, datetime.now(UTC).date())
