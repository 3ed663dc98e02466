"""The list of parts names every file of a built folder once, under the part whose bytes it has, and notices changes."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import marshal
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from built_folder import (
    LIBRARY,
    MADE_UP,
    Built,
    attribution,
    compiled,
    executable,
    install,
    make_built,
)
from release_scripts import load

cyclonedx_form, parts, sbom = load("cyclonedx_form"), load("parts"), load("sbom")
sbom_check, search_path = load("sbom_check"), load("freeze.search_path")

HASH = "sha256:" + "0" * 64
LICENCE = "License-Expression: MIT"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return make_built(tmp_path)


def lock(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "lock.txt"
    path.write_text("".join(f"{row} \\\n    --hash={HASH}\n" for row in rows), "utf-8")
    return path


# --- who owns what


def test_every_file_is_listed_once_with_its_digest_under_its_part(built: Built) -> None:
    said = built.said()
    components = [said["metadata"]["component"], *said["components"]]
    listed = {
        (file["name"], file["hashes"][0]["content"]): part["name"]
        for part in components
        for file in part.get("components", ())
    }
    assert listed == {
        (path, hashlib.sha256((built.folder / path).read_bytes()).hexdigest()): name
        for path, name in {
            "latchlight-cli": "latchlight",
            "_internal/LICENSE": "latchlight",
            "_internal/alpha/fast.so": "alpha",
            "_internal/libpython3.12.so.1.0": "python",
        }.items()
    }
    alpha = next(part for part in components if part["name"] == "alpha")
    assert (alpha["version"], alpha["purl"]) == ("1.0", "pkg:pypi/alpha@1.0")
    assert alpha["licenses"] == [{"license": {"id": "MIT"}}]


def test_packed_modules_are_named_under_their_parts(built: Built) -> None:
    found = built.attribute().parts
    modules = {part.name: has.modules.get("latchlight-cli") for part, has in found.items()}
    assert modules["alpha"] == ["alpha"]
    assert modules["python"] == ["json"]
    assert modules["latchlight"] == ["command_line", "latchlight", "latchlight.core"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("_internal/alpha/fast.so", LIBRARY + b"!"),  # the right name, other bytes
        ("_internal/libpython3.12.so.1.0", LIBRARY),
        ("_internal/stranger.so", LIBRARY + b"?"),
        ("_internal/LICENSE", b"do as you like" * 10),
        ("_internal/latchlight/planted.py", b"pass"),
        ("_internal/other/__init__.py", b""),  # an empty file is the same everywhere
        ("_internal/base_library.zip", b"no archive"),
        ("readme.txt", b"not an executable of ours"),
        ("_internal/licences/gamma-1.0/LICENSE", b"of nobody in here"),
    ],
)
def test_a_file_that_nobody_owns_stops_the_release(built: Built, path: str, content: bytes) -> None:
    built.write(path, content)
    with pytest.raises(parts.ReleaseError, match="Nobody owns") as raised:
        built.attribute()
    assert path in str(raised.value)


def test_a_library_that_was_moved_is_known_by_its_bytes(built: Built) -> None:
    built.write("_internal/fast.so", LIBRARY)
    assert built.owners()["_internal/fast.so"] == "alpha"


def test_on_windows_a_name_is_the_same_in_big_letters(built: Built) -> None:
    alone = (built.site / "alpha" / "fast.so").read_bytes()
    install(built.site, "beta", "2.0", {"beta/msvcp140.dll": alone + b"runtime"}, LICENCE)
    (built.base / "vcruntime140.dll").write_bytes(alone + b"python's")
    built.write("_internal/beta/MSVCP140.dll", alone + b"runtime")
    built.write("_internal/VCRUNTIME140.dll", alone + b"python's")
    owners = built.owners("win32")
    assert owners["_internal/beta/MSVCP140.dll"] == "microsoft-visual-cpp-runtime"
    assert owners["_internal/VCRUNTIME140.dll"] == "python"
    with pytest.raises(parts.ReleaseError, match=r"MSVCP140\.dll"):
        built.attribute("linux")


def test_debugging_symbols_and_folders_of_the_builder_may_be_taken_away_and_nothing_else(
    built: Built,
) -> None:
    whole = next(Path(sys.base_prefix).glob("lib/python3*/lib-dynload/_json.*.so"))
    kept = built.base / "lib" / "python3.12" / "lib-dynload" / whole.name
    kept.parent.mkdir()
    shutil.copy(whole, kept)
    place = built.write(f"_internal/python3.12/lib-dynload/{whole.name}", b"")
    subprocess.run(["strip", "--strip-unneeded", "-o", str(place), str(whole)], check=True)
    assert built.owners()[f"_internal/python3.12/lib-dynload/{whole.name}"] == "python"
    search_path.forget_foreign_folders(place)
    assert built.owners()[f"_internal/python3.12/lib-dynload/{whole.name}"] == "python"
    place.write_bytes(place.read_bytes().replace(b"encode", b"decode", 1))
    with pytest.raises(parts.ReleaseError, match="_json"):
        built.attribute()


def test_a_packages_library_may_be_slimmed_if_it_was_as_its_makers_recorded_it(
    built: Built,
) -> None:
    whole = next(Path(sys.base_prefix).glob("lib/python3*/lib-dynload/_json.*.so"))
    install(built.site, "beta", "2.0", {"beta/quick.so": whole.read_bytes()}, LICENCE)
    place = built.write("_internal/beta/quick.so", b"")
    subprocess.run(["strip", "--strip-unneeded", "-o", str(place), str(whole)], check=True)
    assert place.read_bytes() != whole.read_bytes()
    assert built.owners()["_internal/beta/quick.so"] == "beta"
    (built.site / "beta" / "quick.so").write_bytes(whole.read_bytes() + b"\0")
    with pytest.raises(parts.ReleaseError, match=r"beta/quick\.so"):
        built.attribute()


def test_the_programs_own_list_of_files_must_be_of_these_files(built: Built) -> None:
    there = [path.relative_to(built.folder) for path in built.folder.rglob("*") if path.is_file()]
    listed = json.dumps({path.as_posix(): "0" for path in there}).encode()
    built.write("_internal/files.json", listed)
    assert built.owners()["_internal/files.json"] == "latchlight"
    built.write("_internal/fast.so", LIBRARY)
    with pytest.raises(parts.ReleaseError, match=r"files\.json"):
        built.attribute()


def test_a_packed_module_of_nobody_is_named(built: Built) -> None:
    executable(built.folder / "latchlight", ("alpha", "stowaway"), "window")
    with pytest.raises(parts.ReleaseError, match="latchlight -> stowaway"):
        built.attribute()


@pytest.mark.parametrize("name", ["alpha", "json", "latchlight.core"])
def test_a_packed_module_with_other_code_than_its_source_is_nobodys(
    built: Built, name: str
) -> None:
    executable(built.folder / "latchlight", ("alpha", "json", "latchlight.core"), "window")
    built.attribute()
    executable(
        built.folder / "latchlight", ("alpha", "json", "latchlight.core"), "window", otherwise=name
    )
    with pytest.raises(parts.ReleaseError, match=f"{name}, which is not what its source says"):
        built.attribute()


def test_a_source_that_is_not_as_recorded_proves_nothing(built: Built) -> None:
    (built.site / "alpha" / "__init__.py").write_bytes(MADE_UP + b"\n")  # the same code
    with pytest.raises(parts.ReleaseError, match="latchlight-cli -> alpha"):
        built.attribute()


def test_another_python_cannot_judge(built: Built) -> None:
    foreign = dataclasses.replace(built.freezer(), version="3.12.4")
    with pytest.raises(parts.ReleaseError, match=r"frozen by Python 3\.12\.4"):
        attribution.attribute(built.folder, foreign)


@pytest.mark.parametrize(
    ("entries", "is_pythons"),
    [
        ({"json.pyc": MADE_UP}, True),
        ({"json.pyc": b"print('another')"}, False),
        ({"json.pyc": MADE_UP, "stowaway.pyc": MADE_UP}, False),
    ],
)
def test_pythons_own_archive_holds_what_its_sources_say(
    built: Built, entries: dict[str, bytes], is_pythons: bool
) -> None:
    place = built.folder / "_internal" / "base_library.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for name, source in entries.items():
            archive.writestr(name, bytes(16) + marshal.dumps(compiled(source)))
    if is_pythons:
        assert built.owners()["_internal/base_library.zip"] == "python"
    else:
        with pytest.raises(parts.ReleaseError, match=r"base_library\.zip"):
            built.attribute()


def test_boot_scripts_belong_to_pyinstaller(built: Built) -> None:
    executable(built.folder / "latchlight", ("alpha",), "pyi_rth_inspect")
    found = {part.name: has.modules for part, has in built.attribute().parts.items()}
    assert found["pyinstaller"] == {"latchlight": ["pyi_rth_inspect"]}


def test_a_library_of_debian_names_its_package(built: Built) -> None:
    place = next(Path("/usr/lib").glob("*-linux-gnu*/libz.so.1"))
    shutil.copy(place, built.folder / "_internal" / "libz.so.1")
    assert built.owners()["_internal/libz.so.1"] == "zlib1g"
    part = next(part for part in built.attribute().parts if part.name == "zlib1g")
    assert part.purl.startswith(("pkg:deb/debian/zlib1g@", "pkg:deb/ubuntu/zlib1g@"))
    assert "distro=" in part.purl
    assert "Zlib" in part.licence
    with (built.folder / "_internal" / "libz.so.1").open("ab") as file:
        file.write(b"!")
    with pytest.raises(parts.ReleaseError, match=r"libz\.so\.1"):
        built.attribute()


def test_signing_may_change_libraries_on_macos_only(built: Built) -> None:
    built.write("_internal/alpha/fast.so", b"\xcf\xfa\xed\xfe signed anew")
    assert built.owners("darwin")["_internal/alpha/fast.so"] == "alpha"
    with pytest.raises(parts.ReleaseError, match="alpha/fast"):
        built.owners("linux")
    built.write("_internal/alpha/fast.so", b"no library at all")
    with pytest.raises(parts.ReleaseError, match="alpha/fast"):
        built.owners("darwin")


def test_links_belong_to_what_they_lead_to(built: Built) -> None:
    (built.folder / "_internal" / "libfast.so").symlink_to("alpha/fast.so")
    (built.folder / "_internal" / "beta").symlink_to("alpha")
    owners = built.owners()
    assert owners["_internal/libfast.so"] == owners["_internal/beta"] == "alpha"


@pytest.mark.parametrize("target", ["/etc/passwd", "../../base/lib", "nowhere"])
def test_a_link_out_of_the_folder_is_refused(built: Built, target: str) -> None:
    (built.folder / "_internal" / "link").symlink_to(target)
    with pytest.raises(parts.ReleaseError, match="leads out of the folder or nowhere"):
        built.attribute()


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("PySide6/Qt/lib/libQt6Core.so.6", "qt"),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "qt"),
        ("PySide6/Qt/lib/libicuuc.so.73", "icu"),
        ("PySide6/QtCore.abi3.so", "pyside6-essentials"),
        ("PySide6/Qt6Core.dll", "qt"),
        ("PySide6/plugins/tls/qopensslbackend.dll", "qt"),
        ("PySide6/MSVCP140.dll", "microsoft-visual-cpp-runtime"),
    ],
)
def test_wheels_of_qt_are_cut_into_their_parts(built: Built, path: str, part: str) -> None:
    core = b"\x00Qt 6.11.3 (x86_64-little_endian release)\x00\x0073.2\x00" * 9
    here = {"PySide6/Qt/lib/libQt6Core.so.6": core, path: core}
    licence = "License: LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"
    install(built.site, "PySide6_Essentials", "6.11.3", here, licence)
    for name, content in here.items():
        built.write(f"_internal/{name}", content)
    found = {file.path: p for p, has in built.attribute().parts.items() for file in has.files}
    assert found[f"_internal/{path}"].name == part
    if part in ("qt", "icu"):
        assert found[f"_internal/{path}"].version == {"qt": "6.11.3", "icu": "73.2"}[part]
        assert found[f"_internal/{path}"].cpe.startswith("cpe:2.3:a:")


def test_a_package_that_names_no_licence_stops_the_release(built: Built) -> None:
    install(built.site, "mute", "2.0", {"mute/fast.so": LIBRARY * 2}, "License: UNKNOWN")
    built.write("_internal/mute/fast.so", LIBRARY * 2)
    with pytest.raises(parts.ReleaseError, match="mute does not name its licence"):
        built.attribute()


def test_what_a_package_has_built_in_is_named_below_it(built: Built) -> None:
    inner = {
        "bomFormat": "CycloneDX",
        "components": [{"name": "openssl", "version": "4.0.3", "type": "library"}],
    }
    files = {
        "beta/fast.so": LIBRARY * 3,
        "beta-1.dist-info/sboms/sbom.json": json.dumps(inner).encode(),
    }
    install(built.site, "beta", "1", files, "License-Expression: MIT")
    built.write("_internal/beta/fast.so", LIBRARY * 3)
    beta = next(part for part in built.said()["components"] if part["name"] == "beta")
    below = [part for part in beta["components"] if part["type"] == "library"]
    assert [(part["name"], part["version"]) for part in below] == [("openssl", "4.0.3")]


# --- the same folder gives the same list


def test_the_same_files_give_the_same_list_and_others_another(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cyclonedx_form.render(built.attribute(), 1_700_000_000)
    copy = tmp_path / "elsewhere" / "Latchlight"
    shutil.copytree(built.folder, copy, symlinks=True)
    os.utime(copy / "latchlight-cli", (1, 1))
    again = Built(copy, built.site, built.base)
    assert cyclonedx_form.render(again.attribute(), 1_700_000_000) == first
    again.write("_internal/fast.so", LIBRARY)
    other = json.loads(cyclonedx_form.render(again.attribute(), 1_700_000_000))
    assert other["serialNumber"] != json.loads(first)["serialNumber"]
    assert json.loads(first)["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    with pytest.raises(parts.ReleaseError, match="SOURCE_DATE_EPOCH"):
        sbom.moment()


def test_the_list_is_not_written_into_the_folder_it_lists(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = built.folder / "sbom.cdx.json"
    environment = ["--environment", str(Path(sys.prefix))]
    assert sbom.main([str(built.folder), *environment, "--out", str(inside)]) == 1
    assert "inside the folder" in capsys.readouterr().err
    assert not inside.exists()


# --- files, list and locks agree


def agreeing(built: Built, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    reasons = tmp_path / "not_shipped.txt"
    reasons.write_text(
        "beta: is needed to compile only\ngamma *: is needed on Windows only\n", "utf-8"
    )
    monkeypatch.setattr(sbom_check, "NOT_SHIPPED", reasons)
    return built.said()


def test_agreement_has_no_differences(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = agreeing(built, monkeypatch, tmp_path)
    rows = lock(tmp_path, "alpha==1.0", "beta==3", "delta==4 ; sys_platform == 'win32'")
    assert sbom_check.compared(built.folder, said, [rows]) == []


Change = Callable[[Built, dict[str, Any]], None]


def add_file(built: Built, _said: dict[str, Any]) -> None:
    built.write("_internal/new.so", b"new")


def change_file(built: Built, _said: dict[str, Any]) -> None:
    built.write("_internal/alpha/fast.so", b"flipped")


def remove_file(built: Built, _said: dict[str, Any]) -> None:
    (built.folder / "_internal" / "LICENSE").unlink()


def list_twice(_built: Built, said: dict[str, Any]) -> None:
    root = said["metadata"]["component"]["components"]
    root.append(root[0])


def lead_elsewhere(built: Built, _said: dict[str, Any]) -> None:
    (built.folder / "_internal" / "linked").unlink()
    (built.folder / "_internal" / "linked").symlink_to(".")


def pack_more(built: Built, said: dict[str, Any]) -> None:
    place = built.folder / "latchlight-cli"
    executable(place, ("alpha", "json", "latchlight", "latchlight.core", "struct"))
    digest = hashlib.sha256(place.read_bytes()).hexdigest()
    for file in said["metadata"]["component"]["components"]:
        if file["name"] == "latchlight-cli":
            file["hashes"][0]["content"] = digest


@pytest.mark.parametrize(
    ("change", "said_of_it"),
    [
        (add_file, "_internal/new.so: is in the folder, and not on the list"),
        (change_file, "_internal/alpha/fast.so: is not the file that was listed"),
        (remove_file, "_internal/LICENSE: is on the list, and not in the folder"),
        (list_twice, "_internal/LICENSE: is on the list 2 times"),
        (lead_elsewhere, "_internal/linked: is not the file that was listed"),
        (pack_more, "latchlight-cli: holds struct, which is not on the list"),
    ],
)
def test_each_difference_between_files_and_list_is_named(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, said_of_it: str
) -> None:
    (built.folder / "_internal" / "linked").symlink_to("alpha")
    said = agreeing(built, monkeypatch, tmp_path)
    change(built, said)
    rows = lock(tmp_path, "alpha==1.0", "beta==3")
    assert sbom_check.compared(built.folder, said, [rows]) == [said_of_it]


@pytest.mark.parametrize(
    ("rows", "said_of_it"),
    [
        (("alpha==1.1", "beta==3"), "alpha 1.0: is shipped, and locked in another version"),
        (("beta==3",), "alpha 1.0: is shipped, and in no lock"),
        (("alpha==1.0",), "beta: is in not_shipped.txt, and in no lock"),
        (
            ("alpha==1.0", "beta==3", "new-one==1"),
            "new-one: is locked, and neither shipped nor in not_shipped.txt",
        ),
        (
            ("alpha==1.0 ; sys_platform == 'win32'", "beta==3"),
            "alpha 1.0: is shipped, and in no lock",
        ),
    ],
)
def test_each_difference_between_list_and_lock_is_named(
    built: Built,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: tuple[str, ...],
    said_of_it: str,
) -> None:
    said = agreeing(built, monkeypatch, tmp_path)
    assert sbom_check.compared(built.folder, said, [lock(tmp_path, *rows)]) == [said_of_it]


def test_a_reason_is_needed_and_a_row_without_hash_is_refused(tmp_path: Path) -> None:
    reasons = tmp_path / "reasons.txt"
    reasons.write_text("beta: because\n", "utf-8")
    with pytest.raises(parts.ReleaseError, match="beta has no reason"):
        sbom_check.read_reasons(reasons)
    with pytest.raises(ValueError, match="alpha is not locked"):
        load("locks").parse("alpha==1.0\n")


def test_check_refuses_what_is_no_list(
    built: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "sbom.cdx.json"
    place.write_text('{"bomFormat": "CycloneDX", "specVersion": "1.6", "parts": []}', "utf-8")
    assert sbom.main(["--check", str(built.folder), str(place), str(lock(tmp_path))]) == 1
    assert "not valid CycloneDX" in capsys.readouterr().err


def test_what_signing_writes_into_a_bundle_is_ours(tmp_path: Path) -> None:
    wanted = {
        "Contents/Info.plist",
        "Contents/Resources/Latchlight.icns",
        "Contents/_CodeSignature/CodeResources",
        "Contents/Frameworks/QtCore.framework/Versions/A/_CodeSignature/CodeResources",
    }
    strange = {
        "Info.plist",
        "_internal/x.icns",
        "Contents/Resources/a/x.icns",
        "Contents/x/CodeResources",
    }
    found = {path for path in wanted | strange if load("attribution").OUR_METADATA.search(path)}
    assert found == wanted


def test_a_library_of_windows_must_be_the_one_in_its_system_folder(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = tmp_path / "Windows" / "System32"
    system.mkdir(parents=True)
    version = b"\xbd\x04\xef\xfe" + bytes(4) + b"\x02\x00\x0a\x00\x04\x00\xb5\x66"
    (system / "ucrtbase.dll").write_bytes(LIBRARY + version)
    monkeypatch.setenv("SYSTEMROOT", str(system.parent))
    built.write("_internal/ucrtbase.dll", LIBRARY + version)
    part = next(part for part in built.attribute().parts if part.origin == "microsoft")
    assert (part.name, part.version) == ("windows-runtime", "10.2.26293.4")
    built.write("_internal/ucrtbase.dll", LIBRARY)
    with pytest.raises(parts.ReleaseError, match="ucrtbase"):
        built.attribute()
