"""Says of every file and every packed module of a built folder which part it came from, by what it holds.

A name alone convinces nobody: the bytes must be those that the package's RECORD, the interpreter's installation, the
system or this checkout has, and a packed module must be what Python makes of its source there. On macOS signing changes
every library, so there the recorded place has to do. What starts the program, PyInstaller's bootloader, is known only
by carrying such modules. A file that nobody owns stops the release.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import executables
import system_libraries
from freezer import OURSELVES, Freezer, Row, package_part, sources_of
from parts import LICENCES, BuiltFile, Contents, Part, ReleaseError, digest_of, files_of

sys.path.append(str(Path(__file__).resolve().parents[1]))

from checkout import ROOT as ROOT
from checkout import version

QT_LICENCE = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"
QT_FILES = re.compile(
    r"PySide6/(Qt/|Qt6\w*\.dll$|plugins/|translations/|resources/|Qt\w+\.framework/)", re.IGNORECASE
)
ICU_FILES = re.compile(r"(?:^|/)libicu(?:data|i18n|uc)\.(?:so\.)?(\d+)")
MICROSOFT_FILES = re.compile(r"(?:^|/)(msvcp140|vcruntime140|concrt140)\w*\.dll$", re.IGNORECASE)
QT_CORE = re.compile(r"(?:^|/)(libQt6Core\.so|Qt6Core\.dll|QtCore$|libQt6Core\S*\.dylib)")
MACH_O = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")

# What freezing and bundling write for us, below the folder's top.
OUR_METADATA = re.compile(
    r"^Contents/(Info\.plist|PkgInfo|Resources/[^/]+\.icns|embedded\.provisionprofile)$"
    r"|^Contents/(.+/)?_CodeSignature/CodeResources$"
)
FILE_LIST = "files.json"  # with it the program tells what was changed since
TOP = re.compile(r"(Contents/MacOS/)?[^/]+$")

# PyInstaller's own modules and scripts -> where its packages keep them.
PLACES_OF_BOOT = (
    "PyInstaller/loader/{}.py",
    "PyInstaller/fake-modules/{}.py",
    "PyInstaller/fake-modules/{}/__init__.py",
    "PyInstaller/hooks/rthooks/{}.py",
    "_pyinstaller_hooks_contrib/rthooks/{}.py",
)


@dataclass
class Attribution:
    """The parts of a folder with what belongs to each, and what belongs to nobody."""

    folder: Path
    freezer: Freezer
    parts: dict[Part, Contents] = field(default_factory=dict)
    unowned: list[str] = field(default_factory=list)

    def give(self, part: Part, file: BuiltFile) -> None:
        self.parts.setdefault(part, Contents()).files.append(file)

    def give_module(self, part: Part, executable: str, module: str) -> None:
        modules = self.parts.setdefault(part, Contents()).modules
        modules.setdefault(executable, []).append(module)


def attribute(folder: Path, freezer: Freezer) -> Attribution:
    """Everything in the folder with its owner. Raises ReleaseError for what nobody owns, ValueError for broken code.

    Must be started by the same Python that froze the folder: another makes other code of the same source.
    """
    if platform.python_version() != freezer.version:
        raise ReleaseError(
            f"It was frozen by Python {freezer.version}, and this is {platform.python_version()}. Use the same."
        )
    result = Attribution(folder, freezer)
    owner = Owners(folder, freezer)
    texts, links, pending = list[BuiltFile](), list[BuiltFile](), list[BuiltFile]()
    for file in files_of(folder):
        if file.inner.startswith(f"{LICENCES}/"):
            texts.append(file)
        elif file.link_to:
            links.append(file)
        elif (part := owner.of(file)) is not None:
            result.give(part, file)
        else:
            pending.append(file)
    from_system = system_libraries.owners(pending)
    for file in pending:
        part = from_system.get(file.path) or owner.in_windows(file)
        if part is None:
            result.unowned.append(file.path)
        else:
            result.give(part, file)
    _executables(result, owner)
    _links(result, links)
    _texts(result, owner.ourselves, texts)
    if result.unowned:
        raise ReleaseError("Nobody owns this:\n  " + "\n  ".join(sorted(result.unowned)))
    return result


@dataclass(frozen=True)
class Origin:
    """Where a packed module or script comes from."""

    part: Part
    source: Path


class Owners:
    """Finds the part of a single file or module."""

    def __init__(self, folder: Path, freezer: Freezer) -> None:
        self._folder = folder
        self._freezer = freezer
        self._known: dict[str, Part] = {}
        self.ourselves = Part(
            OURSELVES,
            version(),
            f"pkg:pypi/{OURSELVES}@{version()}",
            "MIT",
            "ourselves",
        )
        self.python = Part(
            "python",
            freezer.version,
            f"pkg:generic/python@{freezer.version}",
            "Python-2.0.1",
            "python",
            f"cpe:2.3:a:python:python:{freezer.version}:*:*:*:*:*:*:*",
        )

    def of(self, file: BuiltFile) -> Part | None:
        """By package, by being ours, by the interpreter; the system is asked later, once for all."""
        judges: tuple[Callable[[BuiltFile], Part | None], ...] = (
            self._by_record,
            self._ours,
            self._pythons,
        )
        return next((part for judge in judges if (part := judge(file)) is not None), None)

    def in_windows(self, file: BuiltFile) -> Part | None:
        if not file.path.lower().endswith(".dll"):
            return None
        return system_libraries.windows_part(file, self._read(file))

    def package(self, name: str) -> Part:
        if name == OURSELVES:
            return self.ourselves
        if name not in self._known:
            self._known[name] = package_part(name, self._freezer.packages[name])
        return self._known[name]

    def of_module(self, module: str) -> Origin | None:
        """The part of a packed module, and its source there."""
        row = self._freezer.row_of_module(module)
        if row is not None:
            return self._recorded(row)
        if module.partition(".")[0] in self._freezer.stdlib_names:
            return _first(self.python, self._freezer.stdlib, *sources_of(module))
        ours = _first(self.ourselves, ROOT / "app", *sources_of(module))
        return ours or self._boot(module.replace(".", "/"))

    def of_script(self, script: str) -> Origin | None:
        """The part of a script that an executable runs at its start, and its source there."""
        ours = _first(self.ourselves, ROOT / "packaging" / "freeze", f"{script}.py")
        return ours or self._boot(script)

    def _boot(self, path: str) -> Origin | None:
        rows = (self._freezer.row(place.format(path)) for place in PLACES_OF_BOOT)
        row = next((row for row in rows if row is not None), None)
        return None if row is None else self._recorded(row)

    def _recorded(self, row: Row) -> Origin | None:
        """None where the source is not the recorded one any more."""
        same = row.place.is_file() and row.digest() == digest_of(row.place)
        return Origin(self.package(row.package), row.place) if same else None

    def _by_record(self, file: BuiltFile) -> Part | None:
        row = self._freezer.row(file.inner)
        if row is not None and self._is_of_row(file, row):
            return self._cut(row, file)
        for row in self._freezer.rows_named(file.inner.rpartition("/")[2]):
            if file.is_inside and row.digest() == file.sha256 and not _is_trivial(row):
                return self._cut(row, file)
        return None

    def _is_of_row(self, file: BuiltFile, row: Row) -> bool:
        """Whether the package brought this file, as it is or as freezing slims it."""
        if row.digest() == file.sha256 or self._is_signed_anew(file):
            return True
        as_made = row.sha256 != "" and row.place.is_file() and row.sha256 == digest_of(row.place)
        return as_made and system_libraries.is_same(row.place, file.sha256)

    def _cut(self, row: Row, file: BuiltFile) -> Part:
        """Wheels of Qt for Python hold more than one thing."""
        path = row.place.as_posix() if self._freezer.row(file.inner) is None else file.inner
        if (icu := ICU_FILES.search(path)) is not None:
            return self._icu(file, icu[1])
        if MICROSOFT_FILES.search(path):
            return system_libraries.microsoft_part("microsoft-visual-cpp-runtime", self._read(file))
        if QT_FILES.search(path) and row.package.startswith(("pyside6", "shiboken6")):
            return self._qt()
        return self.package(row.package)

    def _qt(self) -> Part:
        if "qt" not in self._known:
            version = self._qt_version()
            cpe = f"cpe:2.3:a:qt:qt:{version}:*:*:*:*:*:*:*"
            purl = f"pkg:generic/qt@{version}"
            self._known["qt"] = Part("qt", version, purl, QT_LICENCE, "qt", cpe)
        return self._known["qt"]

    def _qt_version(self) -> str:
        for path in sorted(self._folder.rglob("*Qt*Core*")):
            if QT_CORE.search(path.as_posix()) and path.is_file():
                found = re.search(rb"Qt (\d+\.\d+\.\d+) \(", path.read_bytes())
                if found:
                    return found[1].decode()
        raise ReleaseError("There are files of Qt, but no QtCore that says its version.")

    def _icu(self, file: BuiltFile, major: str) -> Part:
        if "icu" not in self._known:
            version = self._icu_version(file.path, major)
            purl = f"pkg:generic/icu@{version}"
            cpe = f"cpe:2.3:a:unicode:international_components_for_unicode:{version}:*:*:*:*:*:*:*"
            self._known["icu"] = Part("icu", version, purl, "Unicode-DFS-2016", "icu", cpe)
        return self._known["icu"]

    def _icu_version(self, path: str, major: str) -> str:
        """Its common library says the whole version; its data does not."""
        common = self._folder / re.sub(r"libicu(data|i18n)", "libicuuc", path)
        content = common.read_bytes() if common.is_file() else b""
        found = re.search(rb"\x00(%s\.\d+)\x00" % major.encode(), content)
        return found[1].decode() if found else major

    def _ours(self, file: BuiltFile) -> Part | None:
        here = (ROOT / "app" / file.inner, ROOT / file.inner)
        same = any(path.is_file() and digest_of(path) == file.sha256 for path in here)
        if same and file.is_inside and file.inner.startswith((f"{OURSELVES}/", "LICENSE")):
            return self.ourselves
        if OUR_METADATA.search(file.path):
            return self.ourselves
        if file.inner == FILE_LIST and file.is_inside:
            return self.ourselves if self._lists_all(file) else None
        if TOP.match(file.path) and executables.look_into(self._folder / file.path):
            return self.ourselves
        return None

    def _lists_all(self, file: BuiltFile) -> bool:
        """Whether this is the program's own list of its files, and of no others."""
        place = self._folder / file.path
        there = {one.path for one in files_of(self._folder)} - {file.path}
        try:
            return set(json.loads(place.read_text(encoding="utf-8"))) == there
        except (ValueError, TypeError):
            return False

    def _pythons(self, file: BuiltFile) -> Part | None:
        name = file.inner.rpartition("/")[2]
        if name == "base_library.zip":
            modules = executables.modules_in_zip(self._folder / file.path)
            origins = {module: self.of_module(module) for module in modules}
            theirs = all(
                (origin := origins[module]) is not None
                and origin.part == self.python
                and executables.comes_from(read(), origin.source)
                for module, read in modules.items()
            )
            return self.python if modules and theirs else None
        for path in self._freezer.python_files(name):
            if system_libraries.is_same(path, file.sha256) or self._is_signed_anew(file):
                return self.python
        return None

    def _is_signed_anew(self, file: BuiltFile) -> bool:
        """On macOS every library gets other load paths and another signature; elsewhere nothing is changed."""
        if self._freezer.markers["sys_platform"] != "darwin":
            return False
        with (self._folder / file.path).open("rb") as content:
            return content.read(4) in MACH_O

    def _read(self, file: BuiltFile) -> bytes:
        return (self._folder / file.path).read_bytes()


def _first(part: Part, folder: Path, *candidates: str) -> Origin | None:
    """Its source where there is one."""
    places = (folder / candidate for candidate in candidates)
    return next((Origin(part, place) for place in places if place.is_file()), None)


def _is_trivial(row: Row) -> bool:
    """An empty file is the same everywhere, so its name proves nothing."""
    return not row.place.is_file() or row.place.stat().st_size < 64


def _executables(result: Attribution, owner: Owners) -> None:
    for file in list(result.parts.get(owner.ourselves, Contents()).files):
        inside = executables.look_into(result.folder / file.path)
        if inside is None:
            continue
        codes = {**inside.modules, **inside.scripts}
        origins = {
            **{name: owner.of_module(name) for name in inside.modules},
            **{name: owner.of_script(name) for name in inside.scripts},
        }
        for name in sorted(codes):
            origin = origins[name]
            if origin is None:
                result.unowned.append(f"{file.path} -> {name}")
            elif not executables.comes_from(codes[name](), origin.source):
                result.unowned.append(f"{file.path} -> {name}, which is not what its source says")
            else:
                result.give_module(origin.part, file.path, name)


def _links(result: Attribution, links: list[BuiltFile]) -> None:
    """A link belongs to whom the file belongs that it leads to; a link to a folder, to whom its files belong."""
    owner_of = {file.path: part for part, has in result.parts.items() for file in has.files}
    top = result.folder.resolve()
    for link in links:
        end = (result.folder / link.path).resolve().relative_to(top).as_posix()
        below = (part for path, part in sorted(owner_of.items()) if path.startswith(f"{end}/"))
        part = owner_of.get(end) or next(below, None)
        if part is None:
            result.unowned.append(f"{link.path} -> {link.link_to}")
        else:
            result.give(part, link)


def _texts(result: Attribution, ourselves: Part, texts: list[BuiltFile]) -> None:
    """Licence texts belong to the part they are about; what is shared by several, to us."""
    by_folder = {part.folder: part for part in result.parts}
    for file in texts:
        folder = file.inner.split("/")[1]
        shared = folder in ("README.txt", "common", ourselves.folder)
        part = ourselves if shared else by_folder.get(folder)
        if part is None:
            result.unowned.append(file.path)
        else:
            result.give(part, file)
