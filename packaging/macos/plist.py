"""Info.plist of Latchlight.app, from the version of the program. Also used by the PyInstaller recipe.

``python packaging/macos/plist.py``            prints it
``python packaging/macos/plist.py FILE``       writes it
``python packaging/macos/plist.py --version``  prints the version alone
"""

from __future__ import annotations

import plistlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checkout import copyright_line, version

IDENTIFIER = "app.latchlight.Latchlight"
"""Never changes: the Keychain knows by it (and by who signed) that an update is still the same program."""
WINDOW = "latchlight"
COMMAND_LINE = "latchlight-cli"
ICON = "latchlight.icns"
OLDEST_MACOS = "15.0"
"""What PySide6 6.11.3 writes into its Python modules as the oldest system; its Qt libraries say 13.0.

An older system may load them all the same, but nobody has seen that, so it is not promised.
"""
LANGUAGES = ("en", "zh-Hans")


def numbers_of(told: str) -> str:
    """The three numbers of a version: macOS compares no letters, so that 1.2.0rc1 is 1.2.0 to it."""
    found = re.match(r"\d+\.\d+\.\d+(?=$|[^\d.])", told)
    if found is None:
        raise ValueError(f"{told!r} does not begin with three numbers")
    return found.group(0)


def entries(told: str) -> dict[str, object]:
    """What Info.plist says of this version."""
    return {
        "CFBundleDevelopmentRegion": "en",
        "CFBundleDisplayName": "Latchlight",
        "CFBundleExecutable": WINDOW,
        "CFBundleIconFile": ICON,
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleLocalizations": list(LANGUAGES),
        "CFBundleName": "Latchlight",
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": numbers_of(told),
        "CFBundleVersion": numbers_of(told),
        "LSApplicationCategoryType": "public.app-category.finance",
        # PyInstaller takes a collection whose last program is for the console for one without any window,
        # and would hide it from the Dock.
        "LSBackgroundOnly": False,
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": copyright_line(),
        "NSPrincipalClass": "NSApplication",
        "NSRequiresAquaSystemAppearance": False,  # the dark appearance is drawn by us
    }


def main(arguments: Sequence[str]) -> int:
    """Prints or writes it."""
    if list(arguments) == ["--version"]:
        print(version())
        return 0
    if len(arguments) > 1:
        print("Use: python packaging/macos/plist.py [FILE | --version]", file=sys.stderr)
        return 64
    data = plistlib.dumps(entries(version()))
    if arguments:
        Path(arguments[0]).write_bytes(data)
    else:
        print(data.decode("utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
