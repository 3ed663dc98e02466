"""The checks that are in progress. Qt-free."""

from __future__ import annotations

from latchlight.core.progress import CancelToken, Progress
from latchlight.core.sentences import Sentence, say
from latchlight.gui.ageing import Doubt


class Run:
    """One click: which run it is, how far, and whether something happened that spoils it."""

    def __init__(self, number: int, total: int) -> None:
        self.number = number
        self.token: CancelToken | None = None
        self.doubt: Doubt | None = None
        self.progress = Progress(0, total, say("Starting"))


class Runs:
    """All of them: usually none or one; a single key can be checked beside a long run."""

    def __init__(self) -> None:
        self._active: dict[int, Run] = {}
        self._started = 0

    def __bool__(self) -> bool:
        return bool(self._active)

    def begin(self, total: int) -> Run:
        """One more, with a number that no other had."""
        self._started += 1
        run = Run(self._started, total)
        self._active[run.number] = run
        return run

    def end(self, run: Run) -> None:
        """It is over."""
        self._active.pop(run.number, None)

    def cancel(self) -> list[Run]:
        """Stop all of them; they are in progress until `end`."""
        runs = list(self._active.values())
        for run in runs:
            if run.token is not None:
                run.token.cancel()
        return runs

    def spoil(self, doubt: Doubt) -> None:
        """What they find out was asked before this happened."""
        for run in self._active.values():
            run.doubt = doubt

    def doubt(self, number: int) -> Doubt | None:
        """Why the answers of this run do not count, if so."""
        run = self._active.get(number)
        return run.doubt if run is not None else None

    def progress(self, waiting_for: list[str]) -> Progress | None:
        """All together; None if nothing runs. `waiting_for`: the labels still being checked."""
        steps = [run.progress for run in self._active.values()]
        if not steps:
            return None
        done, total = sum(s.done for s in steps), sum(s.total for s in steps)
        return Progress(done, total, _waiting_words(waiting_for, steps[-1]) or steps[-1].text)


def _waiting_words(labels: list[str], last: Progress) -> Sentence | None:
    """Near the end it matters more who is missing than who was asked last."""
    if not last.done or len(labels) != 1 or labels[0] in last.text:
        return None
    return say("Waiting for {label}", label=labels[0])
