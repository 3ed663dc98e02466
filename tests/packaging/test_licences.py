"""Every shipped part has its licence text in the built folder, and what is built into a part is covered, too."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from built_folder import LIBRARY, Built, install, make_built
from release_scripts import load

ROOT = Path(__file__).resolve().parents[2]
licences, parts = load("licences"), load("parts")


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return make_built(tmp_path)


def test_every_part_gets_its_text_and_the_texts_are_owned(built: Built) -> None:
    frozen = built.freezer()
    assert licences.collect(built.folder, frozen) == 3
    target = built.folder / "_internal" / "licences"
    assert (target / "alpha-1.0" / "LICENSE").read_text("utf-8") == "Alpha may be passed on."
    assert (target / f"python-{platform.python_version()}" / "LICENSE.txt").read_text(
        "utf-8"
    ) == "PSF"
    assert "alpha-1.0" in (target / "README.txt").read_text("utf-8")
    owners = built.owners()
    assert owners["_internal/licences/alpha-1.0/LICENSE"] == "alpha"
    assert owners["_internal/licences/README.txt"] == "latchlight"
    assert licences.collect(built.folder, frozen) == 3  # again, over what is there


def test_a_part_without_a_text_stops_the_release(built: Built) -> None:
    install(built.site, "bare", "1", {"bare/fast.so": LIBRARY * 2}, "License-Expression: MIT")
    built.write("_internal/bare/fast.so", LIBRARY * 2)
    with pytest.raises(parts.ReleaseError, match="no licence text for:\n  bare 1"):
        licences.collect(built.folder, built.freezer())


def test_what_is_built_in_needs_a_text_too(built: Built) -> None:
    row = {"name": "crate", "version": "1", "licenses": [{"expression": "MIT"}]}
    inner = json.dumps({"bomFormat": "CycloneDX", "components": [row]}).encode()
    files = {
        "beta/fast.so": LIBRARY * 3,
        "beta-1.dist-info/sboms/x.json": inner,
        "beta-1.dist-info/LICENSE": b"x",
    }
    install(built.site, "beta", "1", files, "License-Expression: MIT")
    built.write("_internal/beta/fast.so", LIBRARY * 3)
    with pytest.raises(parts.ReleaseError, match=r"beta: crate 1 \(MIT\)"):
        licences.collect(built.folder, built.freezer())


@pytest.mark.parametrize(
    ("expression", "covered"),
    [
        ("MIT", True),
        ("Apache-2.0", False),
        ("MIT OR Apache-2.0", True),
        ("Apache-2.0 OR MIT", True),
        ("MIT AND Apache-2.0", False),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", True),
        ("(MIT OR Apache-2.0) AND Zlib", False),
        ("Apache-2.0 WITH LLVM-exception", False),
        ("", False),
        ("(MIT", False),
        ("MIT MIT", False),
    ],
)
def test_one_side_of_or_and_both_of_and_need_a_text(expression: str, covered: bool) -> None:
    assert licences.is_covered(expression, {"MIT", "Unicode-3.0"}) is covered


def test_the_texts_of_qt_say_how_to_replace_it_and_where_its_source_is() -> None:
    folder = ROOT / "packaging" / "licences"
    lesser = (folder / "common" / "LGPL-3.0-only.txt").read_text("utf-8")
    general = (folder / "common" / "GPL-3.0-only.txt").read_text("utf-8")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in lesser
    assert "GNU GENERAL PUBLIC LICENSE" in general
    readme = (folder / "qt" / "README.txt").read_text("utf-8")
    for words in (
        "Replace the files",
        "download.qt.io",
        "latchlight.exe",
        "Latchlight.app",
        "codesign",
    ):
        assert words in readme
