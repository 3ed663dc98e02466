"""The locks: complete, hashed, free of strangers, and small."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "packaging" / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
KINDS = ("base", "gui", "dev", "build", "freeze", "audit")
GROUPS = ("build", "freeze", "audit")

LINUX = {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"}
WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}
MAC = {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"}
INTEL_MAC = {**MAC, "platform_machine": "x86_64"}
CPYTHON = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}

# How many packages a user runs, with the window. One more needs a reason, and this number changed with it.
BUDGET = {"linux": 18, "windows": 17, "mac": 16, "intel mac": 16}


@dataclass(frozen=True)
class Locked:
    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        return str(self.requirement.specifier).removeprefix("==")

    def is_for(self, system: dict[str, str], python: str = "3.12") -> bool:
        seen = {**CPYTHON, **system, "python_version": python, "python_full_version": f"{python}.4"}
        return self.requirement.marker is None or self.requirement.marker.evaluate(seen)


@cache
def lock(kind: str) -> tuple[Locked, ...]:
    text = (LOCKS / f"{kind}.txt").read_text("utf-8").replace("\\\n", " ")
    entries = []
    for line in text.splitlines():
        words, *hashes = line.split("--hash=")
        if words.strip():
            entries.append(Locked(Requirement(words.strip()), tuple(h.strip() for h in hashes)))
    return tuple(entries)


def direct(kind: str) -> list[Requirement]:
    """What pyproject.toml asks for by name for this lock."""
    extras = PROJECT["project"]["optional-dependencies"]
    groups = {
        "base": PROJECT["project"]["dependencies"],
        "gui": [*PROJECT["project"]["dependencies"], *extras["gui"]],
        "dev": [*PROJECT["project"]["dependencies"], *extras["gui"], *extras["dev"]],
        **{group: PROJECT["dependency-groups"][group] for group in GROUPS},
    }
    asked = [Requirement(text) for text in groups[kind]]
    return [requirement for requirement in asked if requirement.name != "latchlight"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_package_has_one_version_and_a_hash(kind: str) -> None:
    assert len(lock(kind)) > 5
    for entry in lock(kind):
        assert re.fullmatch(r"==[^=*,]+", str(entry.requirement.specifier)), entry.name
        assert entry.hashes, entry.name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", text) for text in entry.hashes), entry.name


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_names_no_index_no_address_and_no_folder(kind: str) -> None:
    text = (LOCKS / f"{kind}.txt").read_text("utf-8")
    assert "://" not in text
    assert " @ " not in text
    assert not re.search(r"^\s*-(?!-hash=)|^\s*[./]", text, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("system", [LINUX, WINDOWS, MAC, INTEL_MAC])
def test_what_pyproject_asks_for_is_locked_on_every_system(
    kind: str, system: dict[str, str]
) -> None:
    versions = {entry.name: entry.version for entry in lock(kind) if entry.is_for(system)}
    for asked in direct(kind):
        if asked.marker is not None and not Locked(asked, ()).is_for(system):
            continue
        assert asked.specifier.contains(versions[canonicalize_name(asked.name)]), asked


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_holds_nothing_that_nobody_asked_for(kind: str) -> None:
    asked = reachable(direct(kind))
    installed_here = {entry.name for entry in lock(kind) if is_installed(entry)}
    assert len(installed_here) > 4
    assert installed_here - asked == set()


def is_installed(entry: Locked) -> bool:
    return entry.requirement.marker is None or entry.requirement.marker.evaluate()


def reachable(asked: Iterable[Requirement]) -> set[str]:
    """Names of these packages and of all that the installed ones among them need, on this system."""
    found: set[tuple[str, str]] = set()
    pending = [part for requirement in asked for part in parts_of(requirement)]
    while pending:
        part = pending.pop()
        if part not in found:
            found.add(part)
            pending += [each for need in needed_by(*part) for each in parts_of(need)]
    return {name for name, _extra in found}


def parts_of(requirement: Requirement) -> list[tuple[str, str]]:
    """The package itself, and it again with each extra that is asked for."""
    name = canonicalize_name(requirement.name)
    return [(name, ""), *((name, extra) for extra in requirement.extras)]


def needed_by(name: str, extra: str) -> list[Requirement]:
    try:
        needs = [Requirement(text) for text in requires(name) or ()]
    except PackageNotFoundError:  # locked for another system or another lock
        return []
    return [need for need in needs if need.marker is None or need.marker.evaluate({"extra": extra})]


def test_a_stranger_in_the_lock_would_be_found() -> None:
    asked = [Requirement("requests"), Requirement("keyring")]
    assert "pytest" not in reachable(asked)
    assert "idna" in reachable(asked)


def test_an_extra_brings_what_it_needs_and_nothing_more() -> None:
    with_extra = reachable([Requirement("cyclonedx-python-lib[json-validation]")])
    assert "jsonschema" in with_extra
    assert "jsonschema" not in reachable([Requirement("cyclonedx-python-lib")])


@pytest.mark.parametrize(
    ("name", "system"),
    [("linux", LINUX), ("windows", WINDOWS), ("mac", MAC), ("intel mac", INTEL_MAC)],
)
def test_no_package_is_added_unnoticed(name: str, system: dict[str, str]) -> None:
    packages = {entry.name for entry in lock("gui") if entry.is_for(system)}
    assert len(packages) == BUDGET[name], sorted(packages)


def test_the_command_line_needs_no_qt() -> None:
    names = {entry.name for kind in ("base", "build") for entry in lock(kind)}
    assert not {name for name in names if name.startswith(("pyside", "shiboken"))}
    assert {entry.name for entry in lock("gui")} - {entry.name for entry in lock("base")} == {
        "pyside6-essentials",
        "shiboken6",
    }


def test_what_is_tested_is_what_is_shipped() -> None:
    tested = {(entry.name, entry.version) for entry in lock("dev")}
    for kind in ("base", "gui", "freeze", "audit"):
        assert {(entry.name, entry.version) for entry in lock(kind)} - tested == set()


def test_versions_held_on_purpose_are_held() -> None:
    rows = (LOCKS / "pins.txt").read_text("utf-8").splitlines()
    pins = [Requirement(row) for row in rows if row and not row.startswith("#")]
    assert len(pins) > 3
    for pin in pins:
        for system in (LINUX, WINDOWS, MAC, INTEL_MAC):
            held = Locked(pin, ()).is_for(system)
            for entry in lock("dev"):
                if held and entry.name == canonicalize_name(pin.name) and entry.is_for(system):
                    assert pin.specifier.contains(entry.version), pin


def test_the_build_tools_are_locked_too() -> None:
    locked = {entry.name for entry in lock("build")}
    for text in PROJECT["build-system"]["requires"]:
        assert canonicalize_name(Requirement(text).name) in locked


def test_renewing_lets_nothing_in_that_the_comparison_refuses(tmp_path: Path) -> None:
    """With a stand-in for uv, in a copy: six locks, all hashed and without sources, nothing younger than 14 days."""
    place = tmp_path / "packaging" / "requirements"
    place.mkdir(parents=True)
    shutil.copy(LOCKS / "renew.sh", place)
    (tmp_path / "uv").write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/asked"\n', "utf-8")
    (tmp_path / "uv").chmod(0o755)
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", str(place / "renew.sh")], env=environment, check=True)
    calls = (tmp_path / "asked").read_text("utf-8").splitlines()
    written = [re.findall(r"--output-file (\S+)", call)[0] for call in calls]
    assert written[1:] == [f"packaging/requirements/{kind}.txt" for kind in KINDS]
    for call in calls:
        assert call.startswith("pip compile ")
        assert "--generate-hashes --only-binary :all: " in call
        (youngest,) = re.findall(r"--exclude-newer (\S+)", call)
        age = datetime.now(UTC) - datetime.fromisoformat(youngest)
        assert "T" in youngest
        assert timedelta(days=14) <= age < timedelta(days=14, minutes=10)
