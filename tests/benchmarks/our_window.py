"""The program's window as `latchlight-desktop` opens it, up to its first paint (or, with the word
`furnished`, up to the first paint with everything in it)."""

import os
import sys
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))
from first_paint import report

import latchlight.gui.main
from latchlight.hardening import harden

harden()
if "furnished" in sys.argv:
    furnish = latchlight.gui.main._furnish

    def furnished(*arguments: Any) -> None:
        """As in the program, then tell at the next idle moment."""
        from PySide6.QtCore import QTimer

        furnish(*arguments)
        QTimer.singleShot(0, report)

    latchlight.gui.main._furnish = furnished
else:
    latchlight.gui.main._furnish = lambda *arguments: report()
sys.exit(latchlight.gui.main.run([]))
