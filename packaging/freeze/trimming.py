"""What the freezer collected and no window of ours uses, taken out again. Used by the recipes that it runs.

An entry is what PyInstaller calls one: where the file goes (with `/` or the system's own separator), where it is now,
and its kind.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from freeze.search_path import forget_foreign_folders
from PyInstaller.depend.bindepend import get_imports

Entry = tuple[str, str, str]

PYTHONS_OWN = re.compile(r"libpython|python3\.\d+/")
QTS = ("PySide6/", "shiboken6/")

# Parts of Qt that a window of widgets has no use for. Networking is `requests` alone.
UNUSED = re.compile(
    r"Qt6?(Qml|Quick|Network|Pdf|VirtualKeyboard|OpenGL|(?i:EglFs)|WlShell|ShaderTools|Test|Sql|Designer|Help|UiTools|Concurrent)"
    r"|libqt6?(qml|quick)|opengl32sw"
    r"|plugins/platforms/(lib)?q(eglfs|linuxfb|vnc|minimalegl|vkkhrdisplay|minimal|direct2d)\b"
    r"|plugins/(egldeviceintegrations|platforminputcontexts/(lib)?qtvirtualkeyboard|sqldrivers|qmltooling|designer|tls|networkinformation|generic)"
    r"|plugins/wayland-(graphics-integration-client|shell-integration/libwl-shell)"
    r"|plugins/platformthemes/(lib)?qgtk3"
    r"|plugins/imageformats/(lib)?q(tga|tiff|wbmp|webp|icns|pdf|gif)"
    r"|translations/(?!qtbase_(en|zh_CN)\.qm)"
    r"|\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$"  # tell of the build computer, and are read by nobody
)


def trimmed(entries: Iterable[Entry]) -> list[Entry]:
    """Without what no window of ours uses."""
    return [one for one in entries if not UNUSED.search(one[0].replace("\\", "/"))]


def merged(first: Iterable[Entry], second: Iterable[Entry]) -> list[Entry]:
    """Both lists; what is in both, once."""
    return list({one[0]: one for one in [*first, *second]}.values())


def without_orphans(binaries: list[Entry]) -> list[Entry]:
    """On Linux, without the system's libraries that only something trimmed asked for (GTK came with a theme).

    Libraries of the system lie in the top folder; everything in a folder below is a package's own or Qt's, and so are
    extension modules.
    """
    if not sys.platform.startswith("linux"):
        return binaries
    of_system = {
        one[0]: one
        for one in binaries
        if one[2] == "BINARY" and "/" not in one[0] and not one[0].startswith("libpython")
    }
    pending = [one for one in binaries if one[0] not in of_system]
    kept: list[Entry] = []
    while pending:
        one = pending.pop()
        kept.append(one)
        wanted = {name for name, _path in get_imports(one[1])} & of_system.keys()
        pending += [of_system.pop(name) for name in sorted(wanted)]
    return kept


def slimmed(binaries: list[Entry], work: Path) -> list[Entry]:
    """On Linux, Python's own libraries and its packages' without what only a debugger reads (33 MB of 190), and
    without looking for others in folders of the build computer. Nothing of Qt is touched."""
    if not sys.platform.startswith("linux"):
        return binaries
    slim = work / "slimmed"
    shutil.rmtree(slim, ignore_errors=True)
    slim.mkdir(parents=True)
    return [_slimmed(one, slim) if _is_of_python(one) else one for one in binaries]


def _is_of_python(one: Entry) -> bool:
    if one[0].startswith(QTS):
        return False
    return one[2] == "EXTENSION" or PYTHONS_OWN.match(one[0]) is not None


def _slimmed(one: Entry, slim: Path) -> Entry:
    target = slim / Path(one[0]).name
    subprocess.run(["strip", "--strip-unneeded", "-o", str(target), one[1]], check=True)
    forget_foreign_folders(target)
    return (one[0], str(target), one[2])


def slim_binaries(binaries: Iterable[Entry], work: Path) -> list[Entry]:
    """All of the above; `work` is a folder for what is made on the way."""
    return slimmed(without_orphans(trimmed(binaries)), work)
