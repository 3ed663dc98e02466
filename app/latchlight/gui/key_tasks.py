"""What can be done with one key on a page of its own. Qt-free."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from latchlight.core.findings import Finding, Light

OpenTask = Callable[["KeyTask", str], None]
"""Task, and the rule of the finding it was opened from; "" when it was opened from the header."""


class KeyTask(Enum):
    """The pages; each is opened over the checklist and closed again by its way back."""

    GUIDE = "guide"
    """Mend one finding, step by step, beside the browser."""
    PLAN = "plan"
    """Which addresses belong on the whitelist."""
    LOCK_TEST = "lock-test"
    """Prove from another network that the whitelist keeps others out."""
    REPLACE = "replace"
    """Change to a new key and prove that the old one is dead."""
    HISTORY = "history"
    """What changed since last time, and the report to keep or to send."""


def asks_for_lock_test(finding: Finding) -> bool:
    """Whether a lock test would tell more: the exchange does not show its list, or a test is over."""
    if finding.rule == "lock-open":
        return finding.light is not Light.GREEN
    return finding.rule in ("whitelist-off", "whitelist-too-wide") and finding.reason == "not-told"
