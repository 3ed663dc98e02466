"""A system in a folder that holds nothing but what a package depends on, borrowed from this Debian or Ubuntu.

The files of every package that is depended on, directly or not, are copied into the folder, and the folder's own
package list says so. Whatever the package forgot to depend on is not there. Takes seconds, where a Debian made from
nothing takes minutes. Standard library only.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from linux.trial import host_environment, is_root, privileged
from smoke import FailedError

_LISTS = Path("/var/lib/dpkg")
_MERGED = ("bin", "lib", "lib64", "sbin")
"""Folders that are links into /usr."""
_ALWAYS_THERE = ("libc-bin",)
"""Every Debian has it without anybody's depending on it; C.UTF-8, for one, is in there."""
_USABLE = (["installed"], ["triggers-pending"], ["triggers-awaited"])
"""The last word of a package's status; the other two while another is being installed."""
_NOT_NEEDED = ("/usr/share/doc/", "/usr/share/man/", "/usr/share/locale/", "/usr/share/bug/")


@dataclass(frozen=True)
class Installed:
    """One package of this system."""

    name: str
    files: str
    """What its list of files is called: with the architecture where that matters."""
    entry: str
    """Its part of the package list."""
    provides: tuple[str, ...]
    depends: tuple[tuple[str, ...], ...]
    """Each a choice of names."""


def borrow(root: Path, depends: str) -> list[str]:
    """Fills the empty folder; the packages in it. Raises FailedError if this system lacks one, OSError."""
    wanted = closure([*choices(depends), _ALWAYS_THERE], installed_here())
    for name in _MERGED:
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(f"usr/{name}")
    lists = root / _LISTS.relative_to("/")
    for folder in ("info", "updates", "triggers"):
        (lists / folder).mkdir(parents=True)
    (lists / "status").write_text("\n\n".join(one.entry for one in wanted) + "\n", "utf-8")
    for one in wanted:
        shutil.copy(_LISTS / "info" / f"{one.files}.list", lists / "info")
        copy_files((lists / "info" / f"{one.files}.list").read_text("utf-8").splitlines(), root)
    return sorted(one.name for one in wanted)


def copy_files(names: Iterable[str], root: Path) -> None:
    """These of this system, into the folder; folders before what is in them."""
    for name in names:
        source, target = Path(name), root / name.lstrip("/")
        if name.startswith(_NOT_NEEDED) or not (source.is_symlink() or source.exists()):
            continue
        if source.is_dir() and not source.is_symlink():
            target.mkdir(parents=True, exist_ok=True)
        elif not (target.is_symlink() or target.exists()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def closure(wanted: Iterable[tuple[str, ...]], here: Mapping[str, Installed]) -> list[Installed]:
    """These packages and everything they depend on, in the spelling that is installed here."""
    found: dict[str, Installed] = {}
    pending = list(wanted)
    while pending:
        choice = pending.pop()
        one = next((here[name] for name in choice if name in here), None)
        if one is None:
            raise FailedError(f"This system has none of: {' | '.join(choice)}")
        if one.name not in found:
            found[one.name] = one
            pending += one.depends
    return [found[name] for name in sorted(found)]


def installed_here() -> dict[str, Installed]:
    """Every installed package of this system, under its name and under what it provides."""
    here: dict[str, Installed] = {}
    stand_ins: dict[str, Installed] = {}
    for entry in (_LISTS / "status").read_text("utf-8").split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): *((?:.|\n )*)$", entry, re.MULTILINE))
        if fields.get("Status", "").split()[-1:] in _USABLE:
            one = _installed(_settled(entry.strip("\n")), fields)
            here[one.name] = one
            stand_ins.update(dict.fromkeys(one.provides, one))
    return {**stand_ins, **here}


def _settled(entry: str) -> str:
    """Without what only matters to the system that it is borrowed from: who still waits for whom."""
    entry = re.sub(r"^(Status: .*) \S+$", r"\1 installed", entry, flags=re.MULTILINE)
    return re.sub(r"^Triggers-\w+:.*\n?", "", entry, flags=re.MULTILINE)


def _installed(entry: str, fields: Mapping[str, str]) -> Installed:
    name = fields["Package"]
    plain = (_LISTS / "info" / f"{name}.list").exists()
    return Installed(
        name=name,
        files=name if plain else f"{name}:{fields['Architecture']}",
        entry=entry,
        provides=tuple(choice[0] for choice in choices(fields.get("Provides", ""))),
        depends=(*choices(fields.get("Pre-Depends", "")), *choices(fields.get("Depends", ""))),
    )


def choices(text: str) -> tuple[tuple[str, ...], ...]:
    """Names in `a (>= 1), b | c:any`: ((a), (b, c))."""
    return tuple(
        tuple(re.split(r"[ (:]", name.strip(), maxsplit=1)[0] for name in choice.split("|"))
        for choice in text.split(",")
        if choice.strip()
    )


def dpkg(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The package manager of this system at work in the folder, whose own list of packages it keeps."""
    rights = [] if is_root() else privileged()
    return subprocess.run(
        [*rights, "dpkg", f"--root={root}", "--force-unsafe-io", *words],
        env=host_environment(),
        capture_output=True,
        text=True,
    )
