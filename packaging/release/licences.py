"""Puts the licence text of every shipped part into the built folder: ``licences.py FOLDER [--environment VENV]``.

The texts come from the environment that froze the program (by default the one this runs in), from Debian's copyright
files, and from ``packaging/licences`` where neither has them. A part without a text stops the release.
Runs with nothing but PyInstaller installed, so before the list of parts is made: the texts are on that list.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from attribution import ROOT, attribute
from bundled import bundled_in
from freezer import Freezer, ask
from parts import LICENCES, Part, ReleaseError
from system_libraries import DOCUMENTS

TEXTS = ROOT / "packaging" / "licences"
COMMON_OF_DEBIAN = Path("/usr/share/common-licenses")
IS_TEXT = re.compile(r"^(.*[-_.])?(licen[cs]e|copying|notice|authors)s?([-_.].*)?$", re.IGNORECASE)
IS_CODE = (".py", ".pyc", ".pyi", ".so", ".pyd")

# Wheels of Qt for Python come without texts.
LGPL = ("LGPL-3.0-only", "GPL-3.0-only")
WITHOUT_TEXT = {"pyside6-essentials": LGPL, "shiboken6": LGPL}
# Committed texts that a package with things built into it needs besides its own.
BESIDES = {"cryptography": ("Apache-2.0", "Unicode-3.0", "LLVM-exception")}
# Licences whose text the file ``bundled.txt`` of the package has, with the names of the copyright holders.
NAMED_HOLDERS = ("MIT", "BSD-3-Clause")

Texts = dict[str, Path]


def main(arguments: Sequence[str]) -> int:
    """Collects the texts; 0 only when every part has one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--environment", type=Path, default=Path(sys.prefix))
    given = parser.parse_args(arguments)
    try:
        count = collect(given.folder, ask(given.environment))
    except (ReleaseError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Licence texts of {count} parts are in {place_in(given.folder)}")
    return 0


def place_in(folder: Path) -> Path:
    """Where the texts go: beside what the program needs."""
    bundle = folder / "Contents" / "Resources"
    return (bundle if bundle.is_dir() else folder / "_internal") / LICENCES


def collect(folder: Path, freezer: Freezer) -> int:
    """Fills the folder of texts anew. Returns how many parts have theirs in it."""
    target = place_in(folder)
    if target.exists():
        shutil.rmtree(target)
    parts = sorted(attribute(folder, freezer).parts, key=lambda part: (part.name, part.version))
    texts = {part: texts_of(part, freezer) for part in parts}
    bare = [f"{part.name} {part.version}" for part in parts if not texts[part]]
    bare += [f"{part.name}: {what}" for part in parts for what in uncovered(part, freezer)]
    if bare:
        raise ReleaseError("There is no licence text for:\n  " + "\n  ".join(bare))
    for part in parts:
        for name, source in texts[part].items():
            _copy(source, target / part.folder / name)
    for name in sorted(_mentioned(path for found in texts.values() for path in found.values())):
        _copy(COMMON_OF_DEBIAN / name, target / "common" / f"{name}.txt")
    (target / "README.txt").write_text(overview(parts), encoding="utf-8", newline="\n")
    return len(parts)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def texts_of(part: Part, freezer: Freezer) -> Texts:
    """Name -> file with a licence text of this part."""
    match part.origin:
        case "ourselves":
            return {"LICENSE": ROOT / "LICENSE"}
        case "package":
            return _package_texts(part, freezer)
        case "python":
            return _python_texts(freezer)
        case "qt":
            return {**_committed("qt"), **_common(LGPL)}
        case "icu" | "microsoft":
            return _committed(part.origin)
        case "system":
            found = DOCUMENTS / part.name / "copyright"
            return {"copyright": found} if found.is_file() else {}
    raise ReleaseError(f"It is not known where the licence text of {part.name} is.")


def _package_texts(part: Part, freezer: Freezer) -> Texts:
    own: Texts = {}
    package = freezer.packages[part.name]
    for path in package.files or ():
        if IS_TEXT.match(path.name) and path.suffix not in IS_CODE and ".." not in path.parts:
            inside = path.parts[1:] if ".dist-info" in path.parts[0] else path.parts
            name = "/".join(word for word in inside if word != "licenses")
            own[name] = Path(str(package.locate_file(path)))
    if part.name in WITHOUT_TEXT and not own:
        own = _common(WITHOUT_TEXT[part.name])
    if (TEXTS / part.name).is_dir():
        own |= _committed(part.name) | _common(BESIDES.get(part.name, ()))
    return own


def _python_texts(freezer: Freezer) -> Texts:
    places = [freezer.stdlib / "LICENSE.txt", freezer.base / "LICENSE.txt"]
    places += [DOCUMENTS / f"python{freezer.markers['python_version']}" / "copyright"]
    own = next((place for place in places if place.is_file()), None)
    return {"LICENSE.txt": own, **_committed("python")} if own else {}


def _committed(name: str) -> Texts:
    return {path.name: path for path in sorted((TEXTS / name).glob("*.txt"))}


def _common(names: Sequence[str]) -> Texts:
    return {f"{name}.txt": TEXTS / "common" / f"{name}.txt" for name in names}


def _mentioned(texts: Iterator[Path]) -> set[str]:
    """The shared texts of Debian that copyright files only point to."""
    found = set[str]()
    for path in texts:
        if path.is_relative_to(DOCUMENTS):
            text = path.read_text("utf-8", "replace")
            found |= set(
                re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.-]*[A-Za-z0-9])", text)
            )
    return {name for name in found if (COMMON_OF_DEBIAN / name).is_file()}


def uncovered(part: Part, freezer: Freezer) -> list[str]:
    """What is built into this package under a licence of which there is no text."""
    if part.origin != "package":
        return []
    names = {"Apache-2.0", "LLVM-exception", "Unicode-3.0"} & set(BESIDES.get(part.name, ()))
    if (TEXTS / part.name / "bundled.txt").is_file():
        names |= set(NAMED_HOLDERS)
    inside = bundled_in(freezer.packages[part.name])
    return [
        f"{one.name} {one.version} ({one.licence})"
        for one in inside
        if not is_covered(one.licence, names)
    ]


def is_covered(expression: str, names: set[str]) -> bool:
    """Whether the texts of these licences are enough for an SPDX expression: one side of OR, both of AND."""
    words = re.findall(r"\(|\)|[^\s()]+", expression)

    def any_of() -> bool:
        found = all_of()
        while words[:1] == ["OR"]:
            words.pop(0)
            found = all_of() or found
        return found

    def all_of() -> bool:
        found = one()
        while words[:1] in (["AND"], ["WITH"]):
            words.pop(0)
            found = one() and found
        return found

    def one() -> bool:
        if not words:
            return False
        word = words.pop(0)
        if word != "(":
            return word in names
        found = any_of()
        return bool(words) and words.pop(0) == ")" and found

    return any_of() and not words


def overview(parts: Sequence[Part]) -> str:
    """The page that says what is there."""
    lines = [
        "What this program consists of, and under which licences.",
        "The texts are in the folders beside this file.",
        "How to use another version of Qt: README.txt in the folder of Qt.",
        "",
    ]
    lines += [f"{part.folder:44} {part.licence}" for part in parts]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
