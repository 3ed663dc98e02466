"""Stopping and reporting long work: plain threading, shared by command line and window."""

from __future__ import annotations

import threading
from collections.abc import Callable

from latchlight.core.errors import Cancelled
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence


@dataclass(frozen=True)
class Progress:
    """How far the work is: `done` of `total` steps, and what is going on now."""

    done: int
    total: int
    text: Sentence


class CancelToken:
    """Asked by the work between steps; wakes whoever waits inside one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._wakers: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask to stop. Harmless when repeated; never blocks on the work."""
        with self._lock:
            self._cancelled = True
            wakers, self._wakers = self._wakers, []
        for waker in wakers:
            waker()

    def check(self) -> None:
        """Raises Cancelled once somebody asked to stop."""
        if self._cancelled:
            raise Cancelled

    def on_cancel(self, waker: Callable[[], None]) -> Callable[[], None]:
        """Call `waker` when cancelled (at once if it already is); returns the way to forget it."""
        with self._lock:
            if not self._cancelled:
                self._wakers.append(waker)
                return lambda: self._forget(waker)
        waker()
        return lambda: None

    def _forget(self, waker: Callable[[], None]) -> None:
        with self._lock:
            if waker in self._wakers:
                self._wakers.remove(waker)
