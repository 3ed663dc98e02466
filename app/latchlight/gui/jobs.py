"""The only file of the window that knows threads.

Work runs in daemon threads, so that a call that never returns cannot hold the exit. Answers come
back through a queue that a timer of the window looks into; an answer nobody waits for any more is
dropped.

The workers touch nothing of Qt. A signal that they emitted was seen to lie in the queue of Qt's GLib
event loop for seconds, until the window posted something of its own.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from latchlight.core.errors import Cancelled
from latchlight.core.progress import CancelToken

T = TypeVar("T")
P = TypeVar("P")
Work = Callable[[CancelToken, Callable[[P], None]], T]

MOST_THREADS = 4
"""Jobs beyond this wait for their turn; a cancelled job no longer counts."""
_LOOK_MS = 8
"""Between two looks for an answer, while there is a job."""


class _Kind(Enum):
    PROGRESS = auto()
    SUCCESS = auto()
    FAILURE = auto()
    ENDED = auto()


@dataclass(frozen=True, eq=False)
class _Job:
    work: Work[Any, Any]
    token: CancelToken
    on_success: Callable[[Any], None]
    on_failure: Callable[[BaseException], None]
    on_progress: Callable[[Any], None] | None

    def handler(self, kind: _Kind) -> Callable[[Any], None] | None:
        """Who is told about a message of this kind."""
        match kind:
            case _Kind.PROGRESS:
                return self.on_progress
            case _Kind.SUCCESS:
                return self.on_success
            case _Kind.FAILURE:
                return self.on_failure
            case _Kind.ENDED:
                return None


class JobRunner(QObject):
    """Runs work in daemon threads; handlers are called in the thread of this object."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: deque[tuple[_Job, _Kind, Any]] = deque()
        self._waiting: deque[_Job] = deque()
        self._running: dict[_Job, Callable[[], None]] = {}
        """With the way to unhook each from its token: job and token would keep each other alive."""
        self._closed = False
        self._next_look = QTimer(self, interval=_LOOK_MS)
        self._next_look.timeout.connect(self._deliver)

    @property
    def busy(self) -> bool:
        """Whether any job runs or waits that nobody cancelled."""
        return bool(self._running or self._waiting)

    def run(
        self,
        work: Callable[[CancelToken, Callable[[P], None]], T],
        *,
        on_success: Callable[[T], None],
        on_failure: Callable[[BaseException], None],
        on_progress: Callable[[P], None] | None = None,
    ) -> CancelToken:
        """Start `work(token, progress)`; exactly one of the handlers is called at its end.

        `work` must not touch Qt. After `token.cancel()` no handler is called any more, neither is
        one that belongs to a widget which is gone. A failure is handed over as the exception
        itself, without traceback: its frames may hold secrets.
        """
        job = _Job(work, CancelToken(), on_success, on_failure, on_progress)
        self._waiting.append(job)
        self._start_waiting()
        return job.token

    def close(self) -> None:
        """Cancel everything and forget it. Never waits."""
        self._closed = True
        self._next_look.stop()
        jobs = [*self._running, *self._waiting]
        self._waiting.clear()
        self._running.clear()
        self._messages.clear()
        for job in jobs:
            job.token.cancel()

    def _start_waiting(self) -> None:
        while self._waiting and len(self._running) < MOST_THREADS and not self._closed:
            job = self._waiting.popleft()
            if job.token.cancelled:
                continue
            self._running[job] = job.token.on_cancel(partial(self._post, job, _Kind.ENDED, None))
            threading.Thread(target=self._work, args=(job,), name="job", daemon=True).start()
            self._next_look.start()

    def _work(self, job: _Job) -> None:
        """In the worker. Whatever happens here, one message tells about the end."""
        try:
            result = job.work(job.token, lambda step: self._post(job, _Kind.PROGRESS, step))
        except Cancelled:
            self._post(job, _Kind.ENDED, None)
        except BaseException as problem:  # noqa: BLE001 - border: a worker that dies unheard leaves an old light
            self._post(job, _Kind.FAILURE, _without_frames(problem))
        else:
            self._post(job, _Kind.SUCCESS, result)

    def _post(self, job: _Job, kind: _Kind, payload: object) -> None:
        """In the worker, or wherever a job is cancelled: then only its end is worth a message."""
        wanted = kind is _Kind.ENDED or not job.token.cancelled
        if wanted and not self._closed:
            self._messages.append((job, kind, payload))

    def _deliver(self) -> None:
        """One message per turn of the event loop, so that a burst never blocks painting."""
        if not self._messages:
            self._hurry(False)
            if not self._running:
                self._next_look.stop()
            return
        self._hand_over(*self._messages.popleft())
        # Last: on Windows the next turn is one more posted event, and those of the handler come first.
        if isValid(self):
            self._hurry(True)

    def _hand_over(self, job: _Job, kind: _Kind, payload: object) -> None:
        if kind is not _Kind.PROGRESS:
            self._running.pop(job, _nothing)()
            self._start_waiting()
        handler = job.handler(kind)
        if handler is None or job.token.cancelled or not alive(handler):
            return
        handler(payload)

    def _hurry(self, more: bool) -> None:
        """Where one message came there may be another: look again in the very next turn."""
        interval = 0 if more else _LOOK_MS
        if self._next_look.interval() != interval:
            self._next_look.setInterval(interval)


def _nothing() -> None:
    """Of a job that has ended before."""


def alive(handler: Callable[..., None]) -> bool:
    """Whether it can still be called: false for a method of a Qt object that has been destroyed."""
    owner = getattr(handler, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


def _without_frames(problem: BaseException) -> BaseException:
    problem.__context__ = problem.__cause__ = None
    return problem.with_traceback(None)
