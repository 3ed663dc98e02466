"""Commands of Apple's tools: planned as plain lists, shown with their secrets covered, then run."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

COVERED = "***"
_ENDS_OF_ITSELF_SECONDS = 3600


class StepError(Exception):
    """A command failed; the text says which, and what it printed."""


@dataclass(frozen=True)
class Step:
    """One command. Words in `covered` are secret and never shown."""

    words: tuple[str, ...]
    covered: frozenset[str] = field(default=frozenset(), repr=False)

    def shown(self) -> str:
        """The command as it may be printed."""
        return " ".join(COVERED if word in self.covered else word for word in self.words)


def missing(tools: Iterable[str]) -> list[str]:
    """Which of these programs this computer does not have."""
    return [tool for tool in tools if shutil.which(tool) is None]


def run(steps: Sequence[Step]) -> str:
    """Runs them in order; what the last one printed. Raises StepError at the first that fails."""
    printed = ""
    for step in steps:
        print(f"$ {step.shown()}", flush=True)
        done = subprocess.run(
            step.words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_ENDS_OF_ITSELF_SECONDS,
        )
        printed = done.stdout
        if done.returncode != 0:
            raise StepError(
                f"{step.shown()}\nended with {done.returncode}:\n{_cover(step, printed)}"
            )
    return printed


def _cover(step: Step, text: str) -> str:
    for secret in step.covered:
        text = text.replace(secret, COVERED)
    return text
