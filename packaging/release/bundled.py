"""What a package has built into itself, as the lists of parts in its own wheel tell (PEP 770: ``sboms/``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution
from typing import Any

from parts import Part, ReleaseError

# Where the package's own list is silent.
LICENCE_OF_BUNDLED = {"openssl": "Apache-2.0"}  # every OpenSSL from 3.0 on


def bundled_in(package: Distribution) -> list[Part]:
    """The parts in its wheel's own lists, sorted; none for packages without such a list."""
    found = set[Part]()
    for path in package.files or ():
        if ".dist-info/sboms/" in path.as_posix() and path.suffix == ".json":
            said = json.loads(path.read_text(encoding="utf-8"))
            if said.get("bomFormat") != "CycloneDX":
                raise ReleaseError(f"{path} is a list of parts in a form that is not known here.")
            found |= {_part(component, str(path)) for component in said.get("components", ())}
    return sorted(found, key=lambda part: (part.name, part.version, part.purl))


def _part(component: Mapping[str, Any], place: str) -> Part:
    name, version = component["name"], component.get("version", "")
    licence = _licence(component.get("licenses") or ()) or LICENCE_OF_BUNDLED.get(name, "")
    if not licence:
        raise ReleaseError(f"{place} names no licence of {name}. Add it to LICENCE_OF_BUNDLED.")
    # Where it was built is nobody's business, and would look like an address.
    purl = component.get("purl", f"pkg:generic/{name}@{version}").partition("?")[0]
    return Part(name, version, purl, licence, "bundled")


def _licence(choices: Iterable[Mapping[str, Any]]) -> str:
    said = [
        choice.get("expression")
        or choice.get("license", {}).get("id")
        or choice.get("license", {}).get("name", "")
        for choice in choices
    ]
    return " AND ".join(str(one) for one in said if one)
