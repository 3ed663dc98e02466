"""A keyring call may block without limit: it runs in a daemon thread, and we wait only so long.

What was given up may wake up later, when somebody unlocks the keyring after a minute. It then has to
notice that nobody wants its result any more and to take back what it wrote: see `Attempt`.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from latchlight.core.errors import VaultError
from latchlight.vault.refusals import failed, no_answer, translate

T = TypeVar("T")


class Abandoned(Exception):  # noqa: N818 - not an error: the caller has gone
    """Nobody waits for this operation any more."""


class Attempt:
    """One operation, between the thread that does it and the one that waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._abandoned = False
        self._kept = False

    def go_on(self) -> None:
        """For the worker, before each step. Raises Abandoned if nobody waits any more."""
        with self._lock:
            if self._abandoned:
                raise Abandoned

    def keep(self) -> None:
        """For the worker, after its last step: from here on the caller gets the result."""
        with self._lock:
            if self._abandoned:
                raise Abandoned
            self._kept = True

    def abandon(self) -> bool:
        """For the caller: stop waiting. False if the worker was just finished."""
        with self._lock:
            self._abandoned = not self._kept
            return self._abandoned


class _Outcome(Generic[T]):
    """Either a result or a refusal, handed from thread to thread."""

    def __init__(self, result: list[T], refusal: VaultError | None) -> None:
        self.result = result
        self.refusal = refusal


def within(seconds: float, work: Callable[[Attempt], T]) -> T:
    """Do `work` in a daemon thread; VaultError if it fails or takes longer than `seconds`.

    Whatever the libraries raise is replaced by our own sentence, and nothing hangs behind it: neither
    a cause nor the frames in which a secret was in use.
    """
    attempt = Attempt()
    answers: queue.SimpleQueue[_Outcome[T]] = queue.SimpleQueue()
    if not _started(lambda: _run(work, attempt, answers)):
        raise failed()
    outcome = _wait(seconds, attempt, answers)
    if outcome is None:
        raise no_answer()
    if outcome.refusal is not None:
        refusal = outcome.refusal
        raise VaultError(refusal.code, refusal.message, refusal.next_step)
    return outcome.result[0]


def _run(
    work: Callable[[Attempt], T], attempt: Attempt, answers: queue.SimpleQueue[_Outcome[T]]
) -> None:
    try:
        answers.put(_Outcome([work(attempt)], None))
    except Abandoned:
        return
    except VaultError as refusal:
        answers.put(_Outcome([], refusal))
    except Exception as error:  # noqa: BLE001 - the border to the keyring libraries
        answers.put(_Outcome([], translate(error)))


def _started(run: Callable[[], None]) -> bool:
    try:
        threading.Thread(target=run, name="latchlight-keyring", daemon=True).start()
    except RuntimeError:  # the system has no thread left
        return False
    return True


def _wait(
    seconds: float, attempt: Attempt, answers: queue.SimpleQueue[_Outcome[T]]
) -> _Outcome[T] | None:
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        return None if attempt.abandon() else answers.get()
