"""The icons and drawings: listed, packed, and found under the names the window uses."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import (
    QDirIterator,
    QFile,
    QIODevice,
    qRegisterResourceData,
    qUnregisterResourceData,
)

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
QRC = RESOURCES / "resources.qrc"
GUI = ROOT / "app" / "latchlight" / "gui"
SOURCES_OF_OTHERS = {".ts"}  # translations are compiled first; what is packed is the result


def hatch_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "hatch_build", ROOT / "packaging" / "hatch_build.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def listed() -> list[str]:
    return re.findall(r"<file[^>]*>([^<]*)</file>", QRC.read_text("utf-8"))


def test_every_file_is_listed_and_every_listed_file_exists() -> None:
    files = (path for path in RESOURCES.rglob("*") if path.is_file() and path != QRC)
    wanted = {
        p.relative_to(RESOURCES).as_posix() for p in files if p.suffix not in SOURCES_OF_OTHERS
    }
    assert sorted(listed()) == sorted(wanted)


def packed_files(top: dict[str, object], before: str = ":") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, content in top.items():
        if isinstance(content, dict):
            found.update(packed_files(content, f"{before}/{name}"))
        elif isinstance(content, bytes):
            found[f"{before}/{name}"] = content
    return found


def resource_names(source: str) -> set[str]:
    """The ":/..." names in the strings of a source, also inside style sheets (`url(:/...)`)."""
    strings = (n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant))
    text = "\n".join(value for value in strings if isinstance(value, str))
    return set(re.findall(r"(?:^|[\s(\"'])(:/[A-Za-z0-9_./-]*[A-Za-z0-9_-])", text, re.MULTILINE))


def test_every_name_used_by_the_window_is_packed() -> None:
    files = packed_files(hatch_build().read_list(QRC))
    folders = {
        name[: name.index("/", at)]
        for name in files
        for at in range(2, len(name))
        if "/" in name[at:]
    }
    sources = [path for path in GUI.rglob("*.py") if path.name != "resources_rc.py"]
    styles = RESOURCES.rglob("*.qss")
    used = {name for path in sources for name in resource_names(path.read_text("utf-8"))}
    used |= {name for path in styles for name in resource_names(repr(path.read_text("utf-8")))}
    assert used - set(files) - folders == set()


def test_names_are_found_in_code_and_in_style_sheets() -> None:
    source = "a = QIcon(':/icons/light-red.svg')\nb = f'x {{ image: url(:/icons/a.svg) }}'"
    assert resource_names(source) == {":/icons/light-red.svg", ":/icons/a.svg"}
    assert resource_names("a = 'https://x.example/y'") == set()


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Names that need care: nested folders, letters beyond ASCII, an alias, equal names, no content."""
    files = {
        "icons/a.svg": b"<svg/>",
        "icons/deep/a.svg": b"",
        "guides/\u00e9\u4e2d.txt": bytes(range(256)) * 40,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    rows = "".join(f"<file>{name}</file>" for name in files)
    groups = f'<qresource prefix="/">{rows}<file alias="b/other.svg">icons/a.svg</file></qresource>'
    groups += '<qresource prefix="/more"><file>icons/a.svg</file></qresource>'
    qrc = tmp_path / "resources.qrc"
    qrc.write_text(f"<RCC>{groups}</RCC>", encoding="utf-8")
    return qrc


def test_qt_reads_back_every_packed_file(example: Path) -> None:
    packer = hatch_build()
    tables = packer.pack({"packing-test": packer.read_list(example)})
    expected = packed_files({"packing-test": packer.read_list(example)})
    assert qRegisterResourceData(1, *tables)
    try:
        assert {name: read(name) for name in names_below(":/packing-test")} == expected
    finally:
        qUnregisterResourceData(1, *tables)
    assert len(expected) == 5


def names_below(folder: str) -> list[str]:
    names = []
    walk = QDirIterator(folder, QDirIterator.IteratorFlag.Subdirectories)
    while walk.hasNext():
        name = walk.next()
        names += [] if walk.fileInfo().isDir() else [name]
    return names


def read(name: str) -> bytes:
    file = QFile(name)
    assert file.open(QIODevice.OpenModeFlag.ReadOnly)
    return bytes(file.readAll().data())


def test_as_much_as_from_qts_own_compiler(example: Path, tmp_path: Path) -> None:
    compiler = shutil.which("pyside6-rcc", path=str(Path(sys.executable).parent))
    assert compiler is not None
    theirs = tmp_path / "theirs.py"
    options = ["-g", "python", "--format-version", "1", "--no-compress", "-o", str(theirs)]
    subprocess.run([compiler, *options, str(example)], check=True)
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(theirs.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    packer = hatch_build()
    # The order of names and contents is free (Qt's compiler takes that of a hash table).
    tree, names, data = packer.pack(packer.read_list(example))
    assert len(tree) == len(values["qt_resource_struct"])
    assert sorted(chunks(names)) == sorted(chunks(values["qt_resource_name"]))
    assert len(data) == len(values["qt_resource_data"])


def chunks(names: bytes) -> list[bytes]:
    """The name table cut into its entries (2 bytes length, 4 bytes hash, letters)."""
    found = []
    while names:
        end = 6 + 2 * int.from_bytes(names[:2], "big")
        found.append(names[:end])
        names = names[end:]
    return found


def test_packing_twice_gives_the_same_bytes(example: Path) -> None:
    packer = hatch_build()
    first = packer.pack(packer.read_list(example))
    for path in example.parent.rglob("*"):
        path.touch()
    assert packer.pack(packer.read_list(example)) == first


@pytest.mark.parametrize(
    "rows",
    [
        "<file>missing.svg</file>",
        "<file>a.svg</file><file>a.svg</file>",
        "<file>a.svg</file><file alias='a.svg/b'>a.svg</file>",
        "<file compress='9'>a.svg</file>",
        "<folder>a.svg</folder>",
    ],
)
def test_a_faulty_list_stops_the_build(tmp_path: Path, rows: str) -> None:
    (tmp_path / "a.svg").write_bytes(b"<svg/>")
    qrc = tmp_path / "resources.qrc"
    qrc.write_text(f"<RCC><qresource>{rows}</qresource></RCC>", encoding="utf-8")
    with pytest.raises((ValueError, OSError)):
        hatch_build().read_list(qrc)
