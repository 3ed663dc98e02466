"""Loads the scripts of ``packaging/release``, which find each other only as they do when they are started."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

RELEASE = Path(__file__).resolve().parents[1] / "packaging" / "release"


def load(name: str) -> Any:
    """One of them by name."""
    if str(RELEASE) not in sys.path:
        sys.path.insert(0, str(RELEASE))
    return import_module(name)
