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
from macos.steps import Step, StepError, missing, run

TOOLS = ("hdiutil", "ditto", "ln")
NO_TOOLS = "No disk image was made: {tools} is not here. That needs a Mac."
TRIES = 3
"""Another program that looks at the new image (Spotlight, a scanner) can make hdiutil fail with "Resource busy"."""


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
    return Step((*words, "-fs", "HFS+", "-format", "UDZO", "-ov", str(image)))


def checking(image: Path) -> Step:
    """Reads the whole image again and compares its sums."""
    return Step(("hdiutil", "verify", str(image)))


def make(app: Path, into: Path) -> Path:
    """The image."""
    into.mkdir(parents=True, exist_ok=True)
    image = into / name_of(version(), platform.machine())
    with tempfile.TemporaryDirectory(prefix="latchlight-image-") as name:
        folder = Path(name)
        run(plan_to_fill(app, folder))
        for left in reversed(range(TRIES)):
            try:
                run([packing(folder, image)])
                break
            except StepError as error:
                if left == 0 or "Resource busy" not in str(error):
                    raise
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
    try:
        print(make(Path(arguments[0]).absolute(), Path(arguments[1])))
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
