"""Packs the frozen program for Linux: ``python3 packaging/linux/build.py [--payload FOLDER] [--into FOLDER]``.

Written into FOLDER: ``latchlight_VERSION_ARCHITECTURE.deb`` for Debian, Ubuntu and their kin, and
``latchlight-VERSION-linux-ARCHITECTURE.tar.xz`` for everything else. What the package depends on is read off the
binaries. The same payload, commit and SOURCE_DATE_EPOCH give the same bytes. Needs dpkg-deb, readelf and xz.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import environment
from linux import tree
from linux.needs import Needs, NeedsError, needs_of
from linux.product import HERE, NAME, ROOT, Product, this_product
from telling import in_words, say

XZ = ("xz", "6")
PLAIN = ("none", "0")


def main(arguments: list[str]) -> int:
    """Packs; returns 0, or 1 with one sentence for what was in the way."""
    parser = argparse.ArgumentParser(description="Pack the frozen program for Linux.")
    parser.add_argument("--payload", type=Path, default=ROOT / "dist" / "Latchlight")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", help="where the packages go")
    chosen = parser.parse_args(arguments)
    try:
        chosen.into.mkdir(parents=True, exist_ok=True)
        made = build(chosen.payload.resolve(), chosen.into)
    except (NeedsError, subprocess.CalledProcessError) as problem:
        say(str(problem), to_errors=True)
        return 1
    except OSError as error:
        say(in_words(error), to_errors=True)
        return 1
    for path in made:
        say(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


def build(payload: Path, into: Path) -> list[Path]:
    """Both packages. Raises NeedsError, OSError, CalledProcessError."""
    product = this_product()
    with tempfile.TemporaryDirectory(prefix="latchlight-icons-") as icons:
        draw_icons(Path(icons))
        package = debian_package(payload, Path(icons), into, product)
    return [package, archive(payload, into, product)]


def draw_icons(folder: Path) -> None:
    """With the Python that froze the program, which can draw; with this one where there is none."""
    freezer = environment.program("python", ROOT / "build" / "freezer")
    python = str(freezer) if freezer.exists() else sys.executable
    subprocess.run([python, str(ROOT / "packaging" / "icons.py"), str(folder)], check=True)


def debian_package(
    payload: Path, icons: Path, into: Path, product: Product, packing: tuple[str, str] = XZ
) -> Path:
    """The finished .deb. Raises NeedsError, OSError, CalledProcessError."""
    needs = needs_of(payload)
    target = into / f"{NAME}_{product.debian_version}_{needs.architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="latchlight-deb-") as place:
        root = Path(place)
        tree.fill(root, payload, icons, product)
        size, sums = tree.kilobytes(root), _sums(root)
        about = root / "DEBIAN"
        tree.write(about / "control", product.control(needs.architecture, needs.depends, size))
        tree.write(about / "md5sums", sums)
        tree.settle(root, product.epoch)
        method, level = packing
        command = ["dpkg-deb", f"-Z{method}", f"-z{level}", "--root-owner-group", "--build"]
        subprocess.run(
            [*command, str(root), str(target)],
            env={**os.environ, "SOURCE_DATE_EPOCH": str(product.epoch)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return target


def _sums(root: Path) -> bytes:
    """What `dpkg --verify` compares; against accidents, not against people."""
    lines = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in tree.walk(root)
        if path.is_file() and not path.is_symlink()
    ]
    return "".join(lines).encode()


def archive(payload: Path, into: Path, product: Product) -> Path:
    """The finished .tar.xz. Raises NeedsError, OSError, CalledProcessError."""
    needs = needs_of(payload)
    folder = f"{NAME}-{product.version}"
    target = into / f"{folder}-linux-{needs.architecture}.tar.xz"
    with tempfile.TemporaryDirectory(prefix="latchlight-tar-") as place:
        root = Path(place) / folder
        tree.copy_payload(payload, root)
        tree.write(root / "README.txt", readme(product, needs))
        tree.settle(root, product.epoch)
        # Two threads whatever the computer has: how many there are shows in the bytes.
        command = ["xz", "-6", "--threads=2", "--stdout"]
        with (
            target.open("wb") as output,
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output) as packer,
            tarfile.open(fileobj=packer.stdin, mode="w|", format=tarfile.GNU_FORMAT) as tar,
        ):
            for path in (root, *tree.walk(root)):
                name = str(path.relative_to(root.parent))
                tar.add(path, name, recursive=False, filter=_of_nobody)
    if packer.returncode != 0:
        raise subprocess.CalledProcessError(packer.returncode, command)
    return target


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def readme(product: Product, needs: Needs) -> bytes:
    """What lies beside the program in the archive."""
    libraries = textwrap.fill(
        ", ".join(needs.libraries), 74, initial_indent="    ", subsequent_indent="    "
    )
    text = (HERE / "README.txt").read_text("utf-8")
    for word, value in {
        "@VERSION@": product.version,
        "@ARCHITECTURE@": needs.architecture,
        "@GLIBC@": ".".join(map(str, needs.glibc)),
        "@LIBRARIES@": libraries,
    }.items():
        text = text.replace(word, value)
    return text.encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
