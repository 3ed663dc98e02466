"""Whether a display server answers here. Qt aborts the process where none does: ask before. Qt-free."""

from __future__ import annotations

import os
import re
import sys

_SECONDS = 2.0
_X_PORT = 6000
_X_NAME = re.compile(r"(?:[a-z]+/)?(?P<host>.*?):(?P<number>\d{1,5})(?:\.\d+)?")


def has_screen() -> bool:
    """Always true on Windows and macOS; on Linux only if the display server can be connected to."""
    if not sys.platform.startswith("linux"):
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform and not platform.startswith(("xcb", "wayland")):
        return True
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY", ""), os.environ.get("DISPLAY", "")
    return (bool(wayland) and _wayland_answers(wayland)) or (bool(x11) and _x11_answers(x11))


def _wayland_answers(name: str) -> bool:
    """A path, or a name in the folder of this login."""
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    if not name.startswith("/") and not folder:
        return False
    return _unix_answers(os.path.join(folder, name))


def _x11_answers(name: str) -> bool:
    """`:0`, `unix:0.0`, `host:10`: the socket of a local server, or port 6000 and up of another."""
    found = _X_NAME.fullmatch(name)
    if found is None:
        return False
    host, number = found["host"].strip("[]").removesuffix("/unix"), int(found["number"])
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - the fixed place of X servers
        if _unix_answers("\0" + path) or _unix_answers(path):
            return True
        host = "127.0.0.1"
    return _port_answers(host, _X_PORT + number)


def _unix_answers(path: str) -> bool:
    if sys.platform == "win32":
        return False
    import socket

    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(_SECONDS)
        try:
            probe.connect(path)
        except (OSError, ValueError):
            return False
    return True


def _port_answers(host: str, port: int) -> bool:
    import socket

    try:
        with socket.create_connection((host, port), _SECONDS):
            return True
    except (OSError, ValueError, OverflowError):
        return False
