"""Of the program as users get it: every file has an owner and a licence text, and list, files and locks agree."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from release_scripts import load

ROOT = Path(__file__).resolve().parents[2]
FREEZER = ROOT / "build" / "freezer"
LOCKS = [ROOT / "packaging" / "requirements" / f"{name}.txt" for name in ("gui", "freeze")]
attribution, cyclonedx_form, freezer = load("attribution"), load("cyclonedx_form"), load("freezer")
sbom_check = load("sbom_check")


def link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def folder(frozen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of its own (of links: it is large)."""
    copy = tmp_path_factory.mktemp("parts") / "Latchlight"
    shutil.copytree(frozen, copy, symlinks=True, copy_function=link_or_copy)
    return copy


@pytest.fixture(scope="module")
def said(folder: Path) -> dict[str, Any]:
    found = attribution.attribute(folder, freezer.ask(FREEZER))
    said: dict[str, Any] = json.loads(cyclonedx_form.render(found, 1_700_000_000))
    return said


def test_files_list_and_locks_agree(folder: Path, said: dict[str, Any]) -> None:
    assert sbom_check.compared(folder, said, LOCKS) == []


def test_the_list_names_what_the_program_is_made_of(said: dict[str, Any]) -> None:
    versions = {part["name"]: part["version"] for part in said["components"]}
    assert {
        "qt",
        "python",
        "pyside6-essentials",
        "requests",
        "keyring",
        "pyinstaller",
    } <= versions.keys()
    assert versions["qt"] == versions["pyside6-essentials"]
    inside = {
        below["name"]
        for part in said["components"]
        for below in part.get("components", ())
        if below["type"] == "library"
    }
    assert "openssl" in inside  # built into cryptography


def test_every_part_of_the_list_has_its_licence_text(folder: Path, said: dict[str, Any]) -> None:
    texts = folder / "_internal" / "licences"
    parts = [said["metadata"]["component"], *said["components"]]
    wanted = {f"{p['name']}-{p['version'].replace(':', '-')}" for p in parts}
    there = {path.name for path in texts.iterdir() if path.is_dir()} - {"common"}
    assert there == wanted
    assert all(any((texts / name).iterdir()) for name in there)


def test_one_changed_byte_is_noticed(folder: Path, said: dict[str, Any]) -> None:
    library = next((folder / "_internal" / "PySide6" / "Qt" / "lib").glob("libQt6Svg.so*"))
    content = library.read_bytes()
    library.unlink()  # the copy is a link: the frozen program itself must stay as it is
    library.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    path = library.relative_to(folder).as_posix()
    found = sbom_check.compared(folder, said, LOCKS)
    assert f"{path}: is not the file that was listed" in found
    with pytest.raises(load("parts").ReleaseError, match="libQt6Svg"):
        attribution.attribute(folder, freezer.ask(FREEZER))
