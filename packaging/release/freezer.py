"""The environment that froze the program: its packages with their RECORD, its Python, the system's markers."""

from __future__ import annotations

import base64
import csv
import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import Distribution, distributions
from pathlib import Path

from parts import Part, ReleaseError, digest_of

OURSELVES = "latchlight"

QUESTION = """
import json, os, platform, sys, sysconfig
paths = sysconfig.get_paths()
print(json.dumps({
    "sites": sorted({paths["purelib"], paths["platlib"]}),
    "stdlib": paths["stdlib"],
    "base": sys.base_prefix,
    "version": platform.python_version(),
    "stdlib_names": sorted(sys.stdlib_module_names),
    "markers": {
        "implementation_name": sys.implementation.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_system": platform.system(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    },
}))
"""

# What a package says of its licence in words, as SPDX says it.
LICENCE_OF_CLASSIFIER = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Read in their own texts, because their metadata says it in prose.
LICENCE_OF_PACKAGE = {
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pyinstaller-hooks-contrib": "GPL-2.0-or-later AND Apache-2.0",
}


@dataclass(frozen=True)
class Row:
    """One file of a package as its RECORD has it; without digest where RECORD has none (itself, for one)."""

    package: str
    place: Path
    sha256: str

    def digest(self) -> str:
        """The digest that was written when the package was made, or of the file as it is now."""
        return self.sha256 or (digest_of(self.place) if self.place.is_file() else "")


@dataclass(frozen=True)
class Freezer:
    """All that is asked of the environment, once."""

    sites: tuple[Path, ...]
    stdlib: Path
    base: Path
    version: str
    stdlib_names: frozenset[str]
    markers: Mapping[str, str]
    packages: Mapping[str, Distribution] = field(repr=False)

    def as_named(self, path: str) -> str:
        """The path as it is compared: on Windows big letters and small ones are the same.

        Freezing calls a library what others call it (`MSVCP140.dll`), and not what its file is called.
        """
        return path.lower() if self.markers["sys_platform"] == "win32" else path

    def row(self, path: str) -> Row | None:
        """The row of a path below the environment's packages."""
        return self._rows.get(self.as_named(path))

    def rows_named(self, name: str) -> list[Row]:
        """The rows of all files of this name: freezing moves some libraries to another folder."""
        return self._rows_by_name.get(self.as_named(name), [])

    def python_files(self, name: str) -> list[Path]:
        """The interpreter's files of this name."""
        return self._python_files.get(self.as_named(name), [])

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {
            self.as_named(path): row
            for name, package in self.packages.items()
            for path, row in _record(name, package)
        }

    @cached_property
    def _rows_by_name(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for path, row in self._rows.items():
            found.setdefault(path.rpartition("/")[2], []).append(row)
        return found

    @cached_property
    def _python_files(self) -> dict[str, list[Path]]:
        """Its libraries and its compiled modules."""
        folders = [self.base, self.base / "DLLs", self.base / "Resources", self.base / "lib"]
        folders.append(self.stdlib / "lib-dynload")
        found: dict[str, list[Path]] = {}
        for folder in dict.fromkeys(folders):
            for path in sorted(folder.glob("*")) if folder.is_dir() else ():
                if path.is_file():
                    found.setdefault(self.as_named(path.name), []).append(path)
        return found

    def row_of_module(self, module: str) -> Row | None:
        """The row with the source of this module, in the RECORD of its package."""
        rows = (self.row(path) for path in sources_of(module))
        return next((row for row in rows if row is not None), None)


def ask(environment: Path) -> Freezer:
    """Asks the Python of a virtual environment (its folder)."""
    programs = [environment / "bin" / "python", environment / "Scripts" / "python.exe"]
    python = next((path for path in programs if path.exists()), None)
    if python is None:
        raise ReleaseError(f"{environment} is not a virtual environment: it has no Python.")
    answer = subprocess.run([str(python), "-I", "-c", QUESTION], capture_output=True, text=True)
    if answer.returncode != 0:
        raise ReleaseError(f"{python} does not start: {answer.stderr.strip()}")
    said = json.loads(answer.stdout)
    sites = tuple(Path(site) for site in said["sites"])
    return Freezer(
        sites=sites,
        stdlib=Path(said["stdlib"]),
        base=Path(said["base"]),
        version=said["version"],
        stdlib_names=frozenset(said["stdlib_names"]),
        markers=said["markers"],
        packages=packages_in(sites),
    )


def packages_in(sites: Sequence[Path]) -> dict[str, Distribution]:
    """Canonical name -> package, for all that is installed in these folders."""
    found = distributions(path=[str(site) for site in sites])
    return {canonical(package.metadata["Name"]): package for package in found}


def sources_of(module: str) -> tuple[str, str]:
    """Where its source may be, below the folder with the packages."""
    path = module.replace(".", "/")
    return f"{path}.py", f"{path}/__init__.py"


def canonical(name: str) -> str:
    """The one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _record(name: str, package: Distribution) -> Iterator[tuple[str, Row]]:
    for path, digest, _size in csv.reader((package.read_text("RECORD") or "").splitlines()):
        kind, _, coded = digest.partition("=")
        sha256 = base64.urlsafe_b64decode(coded + "=").hex() if kind == "sha256" else ""
        posix = path.replace("\\", "/")
        yield posix, Row(name, Path(str(package.locate_file(path))), sha256)


def package_part(name: str, package: Distribution) -> Part:
    """The part that an installed package is."""
    version = package.metadata["Version"]
    return Part(
        name=name,
        version=version,
        purl=f"pkg:pypi/{name}@{version}",
        licence=licence_of(name, package),
        origin="package",
    )


def licence_of(name: str, package: Distribution) -> str:
    """The package's licence as SPDX names it. Raises ReleaseError when it does not say one."""
    if name in LICENCE_OF_PACKAGE:
        return LICENCE_OF_PACKAGE[name]
    fields = package.metadata.json
    said = str(fields.get("license_expression") or fields.get("license") or "")
    if re.fullmatch(r"[A-Za-z0-9.+ ()-]+", said) and said != "UNKNOWN":
        return said.strip()
    classifiers = package.metadata.get_all("Classifier", ())
    named = sorted({LICENCE_OF_CLASSIFIER.get(one, "") for one in classifiers} - {""})
    if not named:
        raise ReleaseError(
            f"{name} does not name its licence. Read its text and add it to LICENCE_OF_PACKAGE in freezer.py."
        )
    return " AND ".join(named)
