"""Compares a list of parts with the files of the folder and with the locks, and names each difference."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import executables
import locks
from cyclonedx_form import LINK, MARKER, MODULES, ORIGIN, need_valid
from parts import ReleaseError, files_of

NOT_SHIPPED = Path(__file__).with_name("not_shipped.txt")
FOR_SOME = "*"

Component = Mapping[str, Any]


def differences(folder: Path, sbom: Path, lock_files: Sequence[Path]) -> list[str]:
    """All differences, sorted; none when everything agrees. Raises ReleaseError for a list that cannot be read."""
    text = sbom.read_text(encoding="utf-8")
    need_valid(text)
    return compared(folder, json.loads(text), lock_files)


def compared(folder: Path, said: Mapping[str, Any], lock_files: Sequence[Path]) -> list[str]:
    """The differences of a list that was read already, sorted."""
    components = [said["metadata"]["component"], *said.get("components", ())]
    found = [*_files(folder, components), *_modules(folder, components)]
    found += _locks(components, lock_files, markers_of(said))
    return sorted(found)


def markers_of(said: Mapping[str, Any]) -> dict[str, str]:
    """The system that the folder was built for."""
    rows = said["metadata"].get("properties", ())
    prefix = f"{MARKER}:"
    found = {
        row["name"].removeprefix(prefix): row["value"]
        for row in rows
        if row["name"].startswith(prefix)
    }
    if "sys_platform" not in found:
        raise ReleaseError("The list does not say for which system it is.")
    return found


def _files(folder: Path, components: Sequence[Component]) -> Iterator[str]:
    """Every file once, with the digest it has; every link, with where it leads."""
    here = {file.path: (file.sha256, file.link_to) for file in files_of(folder)}
    listed = [
        (part["name"], (_digest(part), _property(part, LINK)))
        for component in components
        for part in component.get("components", ())
        if part["type"] == "file"
    ]
    for path, count in Counter(path for path, _ in listed).items():
        if count > 1:
            yield f"{path}: is on the list {count} times"
    for path, what in listed:
        if path not in here:
            yield f"{path}: is on the list, and not in the folder"
        elif what != here[path]:
            yield f"{path}: is not the file that was listed"
    for path in here.keys() - {path for path, _ in listed}:
        yield f"{path}: is in the folder, and not on the list"


def _digest(component: Component) -> str:
    hashes = component.get("hashes", ())
    return next((str(one["content"]) for one in hashes if one["alg"] == "SHA-256"), "")


def _modules(folder: Path, components: Sequence[Component]) -> Iterator[str]:
    """The modules inside the executables are those on the list."""
    listed: dict[str, set[str]] = {}
    for component in components:
        for row in component.get("properties", ()):
            if row["name"].startswith(f"{MODULES}:"):
                executable = row["name"].removeprefix(f"{MODULES}:")
                listed.setdefault(executable, set()).update(row["value"].split())
    for executable in sorted(listed):
        path = folder / executable
        inside = executables.look_into(path) if path.is_file() else None
        names = inside.modules.keys() | inside.scripts.keys() if inside else set()
        for name in names - listed[executable]:
            yield f"{executable}: holds {name}, which is not on the list"
        for name in listed[executable] - names:
            yield f"{executable}: does not hold {name}, which is on the list"


def _locks(
    components: Sequence[Component], lock_files: Sequence[Path], markers: Mapping[str, str]
) -> Iterator[str]:
    """Every package is locked in this version, and every locked package is there or has a reason not to be."""
    shipped = {
        component["name"]: component["version"]
        for component in components
        if _property(component, ORIGIN) == "package"
    }
    rows = [row for path in lock_files for row in locks.read(path) if row.is_for(markers)]
    locked = {(row.name, row.version) for row in rows}
    names = {row.name for row in rows}
    for name, version in shipped.items():
        if name not in names:
            yield f"{name} {version}: is shipped, and in no lock"
        elif (name, version) not in locked:
            yield f"{name} {version}: is shipped, and locked in another version"
    reasons = read_reasons(NOT_SHIPPED)
    for name in names - shipped.keys() - reasons.keys():
        yield f"{name}: is locked, and neither shipped nor in {NOT_SHIPPED.name}"
    for name in reasons.keys() & shipped.keys():
        yield f"{name}: is shipped, and in {NOT_SHIPPED.name}"
    for name, for_some in reasons.items():
        if name not in names and not for_some:
            yield f"{name}: is in {NOT_SHIPPED.name}, and in no lock"


def _property(component: Component, name: str) -> str:
    rows = component.get("properties", ())
    return next((str(row["value"]) for row in rows if row["name"] == name), "")


def read_reasons(path: Path) -> dict[str, bool]:
    """Name -> whether it is on some systems only. Raises ReleaseError for a row without a reason."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, reason = line.partition(":")
        if len(reason.split()) < 3:
            raise ReleaseError(f"{path.name}: {name} has no reason")
        found[name.removesuffix(FOR_SOME).strip()] = name.endswith(FOR_SOME)
    return found
