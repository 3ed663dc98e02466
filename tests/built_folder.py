"""A small built folder with the environment it seems to come from, for tests of what is said about built folders."""

from __future__ import annotations

import base64
import hashlib
import json
import platform
import shutil
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any

from release_scripts import load

ROOT = Path(__file__).resolve().parents[1]
attribution, cyclonedx_form, freezer = load("attribution"), load("cyclonedx_form"), load("freezer")
writers = import_module("PyInstaller.archive.writers")

MARKERS = {"sys_platform": "linux", "python_version": "3.12", "platform_machine": "x86_64"}
MADE_UP = b"pass\n"
LIBRARY = b"\x7fELF" + bytes(range(200))


@dataclass
class Built:
    """A small built folder, with the environment it seems to come from."""

    folder: Path
    site: Path
    base: Path

    def freezer(self, system: str = "linux") -> Any:
        return freezer.Freezer(
            sites=(self.site,),
            stdlib=self.base / "lib" / "python3.12",
            base=self.base,
            version=platform.python_version(),
            stdlib_names=frozenset({"json", "struct"}),
            markers={**MARKERS, "sys_platform": system},
            packages=freezer.packages_in((self.site,)),
        )

    def attribute(self, system: str = "linux") -> Any:
        return attribution.attribute(self.folder, self.freezer(system))

    def write(self, path: str, content: bytes) -> Path:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        return place

    def owners(self, system: str = "linux") -> dict[str, str]:
        found = self.attribute(system).parts.items()
        return {file.path: part.name for part, has in found for file in has.files}

    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(cyclonedx_form.render(self.attribute(), 1_700_000_000))
        return said


def install(site: Path, name: str, version: str, files: dict[str, bytes], licence: str) -> None:
    """A package as pip leaves it."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{licence}\n"
    files = {**files, f"{info}/METADATA": metadata.encode(), f"{info}/INSTALLER": b"pip\n"}
    rows = []
    for path, content in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(content)}")
    (site / info / "RECORD").write_text("\n".join([*rows, f"{info}/RECORD,,"]) + "\n", "utf-8")


def executable(
    place: Path, modules: tuple[str, ...], script: str = "command_line", *, otherwise: str = ""
) -> None:
    """A real archive of PyInstaller, as it hangs on an executable; the module `otherwise` holds other code."""
    work = place.parent.parent / f"{place.name}.work"
    work.mkdir(exist_ok=True)
    source = work / f"{script}.py"
    source.write_bytes(source_of(f"packaging/freeze/{script}.py"))
    code = {
        name: compiled(source_of(f"app/{name.replace('.', '/')}/__init__.py")) for name in modules
    }
    if otherwise:
        code[otherwise] = compiled(b"print('another')")
    entries = [(name, str(source), "PYMODULE") for name in modules]
    writers.ZlibArchiveWriter(str(work / "PYZ.pyz"), entries, code)
    inside = [(script, str(source), False, "s"), ("PYZ.pyz", str(work / "PYZ.pyz"), False, "z")]
    writers.CArchiveWriter(str(place), inside, "libpython3.12.so.1.0")


def source_of(path: str) -> bytes:
    """Ours where we have one, and what the made-up packages hold."""
    place = ROOT / path
    return place.read_bytes() if place.is_file() else MADE_UP


def compiled(source: bytes) -> CodeType:
    """As freezing does it, with nothing of this file's own."""
    return compile(source, "somewhere.py", "exec", dont_inherit=True)


def make_built(tmp_path: Path) -> Built:
    """One executable of ours, one package, Python's library, our licence."""
    site, base, folder = (tmp_path / name for name in ("site", "base", "Latchlight"))
    (base / "lib" / "python3.12").mkdir(parents=True)
    (base / "lib" / "libpython3.12.so.1.0").write_bytes(LIBRARY + b"python")
    (base / "lib" / "python3.12" / "LICENSE.txt").write_text("PSF", "utf-8")
    for name in ("json", "struct"):
        (base / "lib" / "python3.12" / f"{name}.py").write_bytes(MADE_UP)
    text = {"alpha-1.0.dist-info/licenses/LICENSE": b"Alpha may be passed on."}
    alpha = {"alpha/__init__.py": MADE_UP, "alpha/fast.so": LIBRARY, **text}
    install(site, "alpha", "1.0", alpha, "License-Expression: MIT")
    boot = {
        "PyInstaller/hooks/rthooks/pyi_rth_inspect.py": MADE_UP,
        "pyinstaller-6.22.3.dist-info/COPYING.txt": b"GPL",
    }
    install(site, "pyinstaller", "6.22.3", boot, "License: see text")
    (folder / "_internal").mkdir(parents=True)
    executable(folder / "latchlight-cli", ("alpha", "json", "latchlight", "latchlight.core"))
    for path, content in {
        "alpha/fast.so": LIBRARY,
        "libpython3.12.so.1.0": LIBRARY + b"python",
    }.items():
        (folder / "_internal" / path).parent.mkdir(exist_ok=True)
        (folder / "_internal" / path).write_bytes(content)
    shutil.copy(ROOT / "LICENSE", folder / "_internal" / "LICENSE")
    return Built(folder, site, base)
