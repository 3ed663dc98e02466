"""Whether there is a screen to open a window on, and whether Qt can use it. Standard library only."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
from pathlib import Path

ON_LINUX = sys.platform.startswith("linux")


def has_screen() -> bool:
    """Whether a window can be shown here: always on Windows and macOS, elsewhere when a display server answers."""
    if not ON_LINUX:
        return True
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland and Path(os.environ.get("XDG_RUNTIME_DIR", "/"), wayland).exists():
        return True
    return x11_answers(os.environ.get("DISPLAY", ""))


def x11_answers(display: str) -> bool:
    """Whether an X server is behind this name; one on another computer is taken at its word."""
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if not local:
        return bool(display)
    if sys.platform == "win32":
        return False
    path = f"/tmp/.X11-unix/X{local.group(1)}"  # noqa: S108  the fixed place of X servers
    for address in (path, "\0" + path):
        with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
            connection.connect(address)
            return True
    return False
