"""Commands of Apple's tools: planned as plain lists, shown with their secrets covered, then run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

COVERED = "***"
MOST_TRIES = 5
PAUSE_SECONDS = 10.0
"""Before the second try; each pause after it is twice as long."""
LONGEST_SECONDS = 600.0


class StepError(Exception):
    """A command failed; the text says which, and what it printed."""


@dataclass(frozen=True)
class Step:
    """One command. Words in `covered` are secret and never shown.

    Where it fails and printed one of the words in `passing`, the trouble is somebody else's and passes: it runs again.
    """

    words: tuple[str, ...]
    covered: frozenset[str] = field(default=frozenset(), repr=False)
    passing: tuple[str, ...] = ()
    longest: float = LONGEST_SECONDS

    def shown(self) -> str:
        """The command as it may be printed."""
        return " ".join(COVERED if word in self.covered else word for word in self.words)

    def passes(self, printed: str) -> bool:
        """Whether what it printed tells of a trouble that passes."""
        return any(word.lower() in printed.lower() for word in self.passing)


def missing(tools: Iterable[str]) -> list[str]:
    """Which of these programs this computer does not have."""
    return [tool for tool in tools if shutil.which(tool) is None]


def run(steps: Sequence[Step]) -> str:
    """Runs them in order; what the last one printed. Raises StepError at the first that fails."""
    printed = ""
    for step in steps:
        printed = _run_patiently(step)
    return printed


def exit_code(work: Callable[[], None], *failures: type[Exception]) -> int:
    """Does the work of a script: 0, or 1 with one sentence for a failed step or one of these."""
    expected: tuple[type[Exception], ...] = (StepError, *failures)
    try:
        work()
    except expected as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run_patiently(step: Step) -> str:
    for number in range(1, MOST_TRIES + 1):
        code, printed = _run_once(step)
        if code == 0:
            return printed
        if number == MOST_TRIES or not step.passes(printed):
            break
        print(f"Not done yet, which may pass: {_cover(step, printed.strip())}", flush=True)
        time.sleep(PAUSE_SECONDS * 2 ** (number - 1))
    raise StepError(f"{step.shown()}\nended with {code}:\n{_cover(step, printed)}")


def _run_once(step: Step) -> tuple[int, str]:
    """Exit code and what was printed. Raises StepError where there is none; never an error that shows all words."""
    print(f"$ {step.shown()}", flush=True)
    try:
        done = subprocess.run(
            step.words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=step.longest,
        )
    except subprocess.TimeoutExpired:
        trouble = f"did not end within {step.longest:.0f} s: it may wait for an answer on a screen"
        raise StepError(f"{step.shown()}\n{trouble}") from None
    except OSError as error:
        trouble = f"could not be started: {error.strerror}"
        raise StepError(f"{step.shown()}\n{trouble}") from None
    return done.returncode, done.stdout


def _cover(step: Step, text: str) -> str:
    for secret in step.covered:
        text = text.replace(secret, COVERED)
    return text
