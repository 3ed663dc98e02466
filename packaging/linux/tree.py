"""The files of the package, as they will lie on a user's computer. Standard library only."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from linux.needs import NeedsError
from linux.product import HERE, MANUALS, METAINFO, NAME, ROOT, Product, packed

PROGRAMS = ("latchlight", "latchlight-cli")
LICENCES = Path("_internal/licences/README.txt")
"""What the copyright file of the package points to."""
PLACE = Path("usr/lib") / NAME
PNG_SIZES = (16, 32, 48, 64, 128, 256, 512)


def fill(root: Path, payload: Path, icons: Path, product: Product) -> None:
    """Puts everything below `root`, owned by nobody in particular, with sound modes and one time.

    Raises NeedsError for a payload that no package should hold, OSError.
    """
    copy_payload(payload, root / PLACE)
    for program in PROGRAMS:
        link = root / "usr" / "bin" / program
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(Path("..") / PLACE.relative_to("usr") / program)
    share = root / "usr" / "share"
    write(share / "applications" / f"{NAME}.desktop", (HERE / f"{NAME}.desktop").read_bytes())
    write(share / "metainfo" / METAINFO, product.metainfo())
    for page in MANUALS:
        write(share / "man" / "man1" / f"{page}.gz", product.manual(page))
    documents = share / "doc" / NAME
    write(documents / "copyright", (HERE / "copyright").read_bytes())
    write(documents / "changelog.gz", packed((ROOT / "CHANGELOG.md").read_bytes()))
    hicolor = share / "icons" / "hicolor"
    drawing = ROOT / "resources" / "icons" / f"{NAME}.svg"
    write(hicolor / "scalable" / "apps" / f"{NAME}.svg", drawing.read_bytes())
    for size in PNG_SIZES:
        picture = (icons / f"{NAME}-{size}.png").read_bytes()
        write(hicolor / f"{size}x{size}" / "apps" / f"{NAME}.png", picture)
    settle(root, product.epoch)


def copy_payload(payload: Path, target: Path) -> None:
    """The frozen folder. Only plain files, folders, and links that stay inside; only the programs can be started."""
    missing = [name for name in PROGRAMS if not os.access(payload / name, os.X_OK)]
    if missing:
        raise NeedsError(
            f"{payload} is not the frozen program: {', '.join(missing)} cannot be started."
        )
    if not (payload / LICENCES).is_file():
        raise NeedsError(f"{payload} tells nothing of licences: {LICENCES} is missing.")
    for path in walk(payload):
        mode = path.lstat().st_mode
        inside = path.is_symlink() and path.resolve().is_relative_to(payload.resolve())
        if path.is_symlink() and not (
            inside and path.exists() and not os.readlink(path).startswith("/")
        ):
            raise NeedsError(f"{path} leads out of the folder, or nowhere.")
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
            raise NeedsError(f"{path} is neither a file, a folder nor a link.")
    shutil.copytree(payload, target, symlinks=True)
    for path in walk(target):
        if path.is_file() and not path.is_symlink():
            path.chmod(0o755 if path.parent == target and path.name in PROGRAMS else 0o644)


def walk(folder: Path) -> Iterator[Path]:
    """Everything below, sorted, folders before what is in them; links are not followed."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        yield Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))


def settle(root: Path, epoch: int) -> None:
    """Folders that everybody may enter and only the owner may change, and one time for everything."""
    for path in [*walk(root), root]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def kilobytes(root: Path) -> int:
    """What it takes on a disk, as Debian reckons it: files rounded up, one for everything else."""
    return sum(
        -(-path.lstat().st_size // 1024) if stat.S_ISREG(path.lstat().st_mode) else 1
        for path in walk(root)
    )


def write(path: Path, content: bytes) -> None:
    """A file that everybody may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o644)
