"""Writes an attribution as CycloneDX 1.6, checked against its schema before it is given out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from attribution import Attribution
from bundled import bundled_in
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from parts import BuiltFile, Contents, Part, ReleaseError

# Our own words in the list. Names of properties must have an owner.
MODULES = "latchlight:modules"
LINK = "latchlight:link-to"
MARKER = "latchlight:marker"
ORIGIN = "latchlight:origin"

# Serial numbers are derived below this one, which was drawn once.
NAMESPACE = uuid.UUID("c8a1cf2f-1f0b-4a9f-9d55-64f0a8a1f6b3")

LICENCES = LicenseFactory()


def render(found: Attribution, seconds: int) -> str:
    """The list as text. Raises ReleaseError when it is not valid CycloneDX."""
    ourselves = next((part for part in found.parts if part.origin == "ourselves"), None)
    if ourselves is None:
        raise ReleaseError("Nothing in this folder is ours.")
    root = component(ourselves, found.parts[ourselves], (), is_root=True)
    others = [
        component(part, contents, _inside(found, part))
        for part, contents in found.parts.items()
        if part is not ourselves
    ]
    bom = Bom(
        components=others,
        serial_number=serial_number(ourselves, found.parts.values()),
        metadata=BomMetaData(
            component=root,
            timestamp=datetime.fromtimestamp(seconds, UTC),
            properties=[
                Property(name=f"{MARKER}:{name}", value=value)
                for name, value in found.freezer.markers.items()
            ],
        ),
    )
    bom.register_dependency(root, others)
    text = JsonV1Dot6(bom).output_as_string(indent=1) + "\n"
    need_valid(text)
    return text


def need_valid(text: str) -> None:
    """Raises ReleaseError for what is not CycloneDX 1.6."""
    trouble = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if trouble is not None:
        raise ReleaseError(f"The list is not valid CycloneDX 1.6: {str(trouble)[:500]}")


def serial_number(ourselves: Part, contents: Iterable[Contents]) -> uuid.UUID:
    """The same for the same files, and for no others."""
    lines = sorted(f"{file.sha256} {file.path}" for has in contents for file in has.files)
    return uuid.uuid5(NAMESPACE, "\n".join([ourselves.purl, *lines]))


def _inside(found: Attribution, part: Part) -> Sequence[Part]:
    return bundled_in(found.freezer.packages[part.name]) if part.origin == "package" else ()


def component(
    part: Part, contents: Contents, inside: Sequence[Part], is_root: bool = False
) -> Component:
    """A part with its files, what is built into it, and the names of its modules inside executables."""
    modules = [
        Property(name=f"{MODULES}:{executable}", value=" ".join(sorted(names)))
        for executable, names in contents.modules.items()
    ]
    files = [_file(file) for file in contents.files]
    ref = f"{part.origin}:{part.purl}"
    return Component(
        type=ComponentType.APPLICATION if is_root else ComponentType.LIBRARY,
        name=part.name,
        version=part.version,
        bom_ref=ref,
        purl=PackageURL.from_string(part.purl),
        cpe=part.cpe or None,
        licenses=[licence(part.licence)],
        properties=[*modules, Property(name=ORIGIN, value=part.origin)],
        components=[*files, *(_built_in(one, ref) for one in inside)],
    )


def _built_in(part: Part, owner: str) -> Component:
    return Component(
        type=ComponentType.LIBRARY,
        name=part.name,
        version=part.version,
        bom_ref=f"{owner}>{part.purl}",
        purl=PackageURL.from_string(part.purl),
        licenses=[licence(part.licence)],
        properties=[Property(name=ORIGIN, value=part.origin)],
    )


def _file(file: BuiltFile) -> Component:
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=file.sha256)] if file.sha256 else []
    links = [Property(name=LINK, value=file.link_to)] if file.link_to else []
    return Component(
        type=ComponentType.FILE,
        name=file.path,
        bom_ref=f"file:{file.path}",
        hashes=hashes,
        properties=links,
    )


def licence(words: str) -> License | LicenseExpression:
    """By SPDX where it is known there, otherwise in the words of its owner."""
    return LICENCES.make_from_string(words)
