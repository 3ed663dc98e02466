"""Packs Latchlight.app into a disk image: ``python packaging/macos/dmg.py LATCHLIGHT.app FOLDER``.

Opened, the image shows the program beside a link to the folder Applications, onto which it is dragged.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checkout import version
from macos.steps import Step, exit_code, missing, run

TOOLS = ("hdiutil", "ditto", "ln")
NO_TOOLS = "No disk image was made: {tools} is not here. That needs a Mac."
BUSY = ("Resource busy",)
"""Said by hdiutil while another program (Spotlight, a scanner) looks at the new image."""


def name_of(told: str, processor: str) -> str:
    """The file's name: which version, for which Macs."""
    return f"Latchlight-{told}-macos-{processor}.dmg"


def plan_to_fill(app: Path, folder: Path) -> list[Step]:
    """What the image will show. ditto keeps links and modes as they are."""
    return [
        Step(("ditto", str(app), str(folder / app.name))),
        Step(("ln", "-s", "/Applications", str(folder / "Applications"))),
    ]


def packing(folder: Path, image: Path) -> Step:
    """Makes the compressed image."""
    words = ("hdiutil", "create", "-volname", "Latchlight", "-srcfolder", str(folder))
    return Step((*words, "-fs", "HFS+", "-format", "UDZO", "-ov", str(image)), passing=BUSY)


def checking(image: Path) -> Step:
    """Reads the whole image again and compares its sums."""
    return Step(("hdiutil", "verify", str(image)))


def make(app: Path, into: Path) -> Path:
    """The image."""
    into.mkdir(parents=True, exist_ok=True)
    image = into / name_of(version(), platform.machine())
    with tempfile.TemporaryDirectory(prefix="latchlight-image-") as name:
        folder = Path(name)
        run([*plan_to_fill(app, folder), packing(folder, image)])
    run([checking(image)])
    return image


def main(arguments: Sequence[str]) -> int:
    """Makes the image; 0 also where that is not possible, which is said."""
    if len(arguments) != 2:
        print("Use: python packaging/macos/dmg.py LATCHLIGHT.app FOLDER", file=sys.stderr)
        return 64
    lacking = missing(TOOLS)
    if lacking:
        print(NO_TOOLS.format(tools=", ".join(lacking)))
        return 0
    app, into = Path(arguments[0]).absolute(), Path(arguments[1])
    return exit_code(lambda: print(make(app, into)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
