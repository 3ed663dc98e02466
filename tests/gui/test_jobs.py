"""Work in daemon threads: told exactly once, in the right thread, or not at all."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from latchlight.core.progress import CancelToken
from latchlight.gui.jobs import MOST_THREADS, JobRunner


class Ear(QObject):
    """Writes down what it is told, and in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[int] = set()

    def hear(self, message: object) -> None:
        self.heard.append(message)
        self.threads.add(threading.get_ident())


@pytest.fixture
def runner(qtbot: QtBot) -> JobRunner:
    return JobRunner()


def test_a_result_arrives_once_in_the_thread_of_the_window(runner: JobRunner, qtbot: QtBot) -> None:
    ear = Ear()
    runner.run(lambda token, post: 7, on_success=ear.hear, on_failure=ear.hear)
    qtbot.waitUntil(lambda: ear.heard == [7])
    assert ear.threads == {threading.get_ident()}
    assert not runner.busy


def test_progress_comes_before_the_result_and_in_order(runner: JobRunner, qtbot: QtBot) -> None:
    ear = Ear()

    def work(token: CancelToken, post: Callable[[int], None]) -> str:
        for step in range(50):
            post(step)
        return "done"

    runner.run(work, on_success=ear.hear, on_failure=ear.hear, on_progress=ear.hear)
    qtbot.waitUntil(lambda: "done" in ear.heard)
    assert ear.heard == [*range(50), "done"]


def test_between_two_messages_of_a_burst_the_window_does_what_the_first_asked_for(
    runner: JobRunner, qtbot: QtBot
) -> None:
    """Layouts and painting are asked for by posted events; a click must not wait for all of them."""
    ear, posted = Ear(), threading.Event()

    class Follower(QObject):
        asked = Signal(int)

    follower = Follower()
    follower.asked.connect(
        lambda step: ear.heard.append(f"painted {step}"), Qt.ConnectionType.QueuedConnection
    )

    def work(token: CancelToken, post: Callable[[int], None]) -> str:
        for step in range(3):
            post(step)
        posted.set()
        return "done"

    def hear(step: int) -> None:
        ear.hear(step)
        follower.asked.emit(step)

    runner.run(work, on_success=ear.hear, on_failure=ear.hear, on_progress=hear)
    assert posted.wait(5)
    qtbot.waitUntil(lambda: "done" in ear.heard)
    assert ear.heard == [0, "painted 0", 1, "painted 1", 2, "painted 2", "done"]


def test_a_failure_is_handed_over_as_the_exception_without_its_frames(
    runner: JobRunner, qtbot: QtBot
) -> None:
    ear = Ear()

    def work(token: CancelToken, post: Callable[[object], None]) -> None:
        try:
            raise KeyError("canary")
        except KeyError as first:
            raise ValueError("second") from first

    runner.run(work, on_success=ear.hear, on_failure=ear.hear)
    qtbot.waitUntil(lambda: len(ear.heard) == 1)
    problem = ear.heard[0]
    assert isinstance(problem, ValueError)
    assert problem.__traceback__ is problem.__cause__ is problem.__context__ is None


def test_f05_a_worker_that_dies_of_anything_is_heard(runner: JobRunner, qtbot: QtBot) -> None:
    ear = Ear()

    def work(token: CancelToken, post: Callable[[object], None]) -> None:
        raise SystemExit(3)

    runner.run(work, on_success=ear.hear, on_failure=ear.hear)
    qtbot.waitUntil(lambda: len(ear.heard) == 1)
    assert isinstance(ear.heard[0], SystemExit)


def test_a_late_answer_of_a_cancelled_job_is_dropped(runner: JobRunner, qtbot: QtBot) -> None:
    ear, gate, ended = Ear(), threading.Event(), threading.Event()

    def work(token: CancelToken, post: Callable[[object], None]) -> str:
        gate.wait()
        post("late step")
        ended.set()
        return "late"

    token = runner.run(work, on_success=ear.hear, on_failure=ear.hear, on_progress=ear.hear)
    token.cancel()
    gate.set()
    assert ended.wait(5)
    after = Ear()
    runner.run(lambda token, post: "next", on_success=after.hear, on_failure=after.hear)
    qtbot.waitUntil(lambda: after.heard == ["next"])
    assert ear.heard == []


def test_work_that_stops_itself_after_cancel_tells_nobody(runner: JobRunner, qtbot: QtBot) -> None:
    ear, started = Ear(), threading.Event()

    def work(token: CancelToken, post: Callable[[object], None]) -> None:
        woken = threading.Event()
        token.on_cancel(woken.set)
        started.set()
        woken.wait()
        token.check()

    token = runner.run(work, on_success=ear.hear, on_failure=ear.hear)
    assert started.wait(5)
    token.cancel()
    qtbot.waitUntil(lambda: not runner.busy)
    assert ear.heard == []


def test_an_answer_for_a_widget_that_is_gone_is_dropped(runner: JobRunner, qtbot: QtBot) -> None:
    import shiboken6

    gone, gate, after = Ear(), threading.Event(), Ear()
    heard = gone.heard
    runner.run(lambda token, post: gate.wait(), on_success=gone.hear, on_failure=gone.hear)
    shiboken6.delete(gone)
    gate.set()
    runner.run(lambda token, post: "next", on_success=after.hear, on_failure=after.hear)
    qtbot.waitUntil(lambda: after.heard == ["next"] and not runner.busy)
    assert heard == []


def test_only_a_few_jobs_run_at_once_and_the_others_follow(runner: JobRunner, qtbot: QtBot) -> None:
    ear, gate = Ear(), threading.Event()
    running, most, lock = [0], [0], threading.Lock()

    def work(token: CancelToken, post: Callable[[object], None]) -> str:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        gate.wait()
        with lock:
            running[0] -= 1
        return "done"

    for _ in range(MOST_THREADS * 3):
        runner.run(work, on_success=ear.hear, on_failure=ear.hear)
    gate.set()
    qtbot.waitUntil(lambda: len(ear.heard) == MOST_THREADS * 3)
    assert most[0] <= MOST_THREADS


def test_blocked_jobs_that_were_cancelled_do_not_hold_up_others(
    runner: JobRunner, qtbot: QtBot
) -> None:
    ear, never = Ear(), threading.Event()
    blocked = [
        runner.run(lambda token, post: never.wait(), on_success=ear.hear, on_failure=ear.hear)
        for _ in range(MOST_THREADS)
    ]
    for token in blocked:
        token.cancel()
    runner.run(lambda token, post: "through", on_success=ear.hear, on_failure=ear.hear)
    qtbot.waitUntil(lambda: ear.heard == ["through"])
    never.set()


def test_five_hundred_quick_jobs_lose_nothing(runner: JobRunner, qtbot: QtBot) -> None:
    ear = Ear()
    for number in range(500):
        runner.run(lambda token, post, n=number: n, on_success=ear.hear, on_failure=ear.hear)
    qtbot.waitUntil(lambda: len(ear.heard) == 500)
    assert sorted(ear.heard) == list(range(500))


def test_after_close_nothing_is_told(runner: JobRunner, qtbot: QtBot) -> None:
    ear, gate, ended = Ear(), threading.Event(), threading.Event()

    def work(token: CancelToken, post: Callable[[object], None]) -> None:
        gate.wait()
        post("step")
        ended.set()

    runner.run(work, on_success=ear.hear, on_failure=ear.hear, on_progress=ear.hear)
    runner.close()
    gate.set()
    assert ended.wait(5)
    assert not runner.busy
    assert ear.heard == []


_BLOCKED = """
import threading
from PySide6.QtCore import QCoreApplication, QTimer
from latchlight.gui.jobs import JobRunner
app = QCoreApplication([])
runner = JobRunner()
never = threading.Event()
runner.run(lambda token, post: never.wait(), on_success=print, on_failure=print)
QTimer.singleShot(0, app.quit)
app.exec()
runner.close()
print("left")
"""


def test_a_blocked_call_does_not_hold_the_exit() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BLOCKED], capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "left", "")
