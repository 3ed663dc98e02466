"""What this checkout says of itself: version, owner, time of the newest commit. Standard library only."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONG_AGO = 315532800  # 1980-01-01, the first day that an archive can tell


class CheckoutError(ValueError):
    """Something that every checkout says is not said. The text says what."""


def version() -> str:
    """The version of the program. Raises CheckoutError, OSError."""
    source = (ROOT / "app" / "latchlight" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', source, re.MULTILINE)
    if found is None:
        raise CheckoutError("app/latchlight/__init__.py names no version.")
    return found.group(1)


def copyright_line() -> str:
    """Whose it is, from the licence. Raises CheckoutError, OSError."""
    found = re.search(r"^Copyright .+$", (ROOT / "LICENSE").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise CheckoutError("LICENSE names no owner.")
    return found.group(0)


def time_of_commit() -> int:
    """Seconds since 1970 of the newest commit, for all time stamps; a fixed day outside a repository."""
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    try:
        told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return LONG_AGO
    return int(told.stdout) if told.returncode == 0 and told.stdout.strip() else LONG_AGO
