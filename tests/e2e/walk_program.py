"""Starts the program as a person does, with a guard that lets nothing out of this computer."""

from __future__ import annotations

import sys
from pathlib import Path

from e2e.desktop import Desktop, Running

_TESTS = Path(__file__).parents[1]
_GUARD = """
import sys
sys.path.append({tests!r})
from guards import NetworkGuard
NetworkGuard().stand()
"""
"""Python runs a module of this name before anything else."""


def start_program(desktop: Desktop, *words: str) -> Running:
    """`latchlight` with these words, as it is installed."""
    folder = desktop.folder / "guard"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(_GUARD.format(tests=str(_TESTS)), encoding="utf-8")
    program = Path(sys.executable).with_name("latchlight")
    more = {
        "PYTHONPATH": str(folder),
        "PYTHONFAULTHANDLER": "1",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "QT_QPA_PLATFORM": "xcb",
    }
    return desktop.start(str(program), *words, more=more)
