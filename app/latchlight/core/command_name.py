"""What to type for the command line where this runs. An installed program gives the short name to its window."""

from __future__ import annotations

import sys

INSTALLED = "latchlight-cli"
FROM_PYTHON = "latchlight"


def command_name() -> str:
    """The name that the command line has on this computer."""
    return INSTALLED if getattr(sys, "frozen", False) else FROM_PYTHON
