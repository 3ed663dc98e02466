"""The program's window on a practice exchange with fifty keys; a heartbeat counts while all are checked.

With the word `pages` it counts while every page is opened instead, for the first and for the second time.

The practice exchange runs in a process of its own, as a real exchange does.
"""

from __future__ import annotations

import itertools
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import latchlight.gui.main
from latchlight import services
from latchlight.core.credentials import KeyKind
from latchlight.core.purpose import Purpose

KEYS = 50
RUNS = 5
_AFTERMATH_MS = 50
_REST_MS = 300


class Heartbeat:
    """A timer of one millisecond over whole runs of the session.

    The first run begins while the window is still being put together; it is told apart. Then the
    window comes to rest, and all keys are checked again, as by the button.
    """

    def __init__(self, app: Any, session: Any) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._app = app
        self._session = session
        self._beats: list[float] = []
        self._work: list[float] = []
        """The processor's time of the window's thread at each beat: what the program itself does between two."""
        self._figures: list[dict[str, float]] = []
        self._ending = False
        self._timer = QTimer(app)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)
        session.run_changed.connect(self._run_changed)
        if session.running:
            self._begin()

    def _begin(self) -> None:
        self._beats = [time.perf_counter()]
        self._work = [time.thread_time()]
        self._timer.start()

    def _run_changed(self) -> None:
        from PySide6.QtCore import QTimer

        if self._session.running and not self._timer.isActive():
            self._begin()
        elif not self._session.running and self._timer.isActive() and not self._ending:
            self._ending = True
            # A little longer, so that what the end repaints is counted too.
            QTimer.singleShot(_AFTERMATH_MS, self._end)

    def _beat(self) -> None:
        self._beats.append(time.perf_counter())
        self._work.append(time.thread_time())

    def _end(self) -> None:
        from PySide6.QtCore import QTimer

        self._timer.stop()
        self._ending = False
        own = max((b - a) * 1000 for a, b in itertools.pairwise(self._work))
        self._figures.append({**figures(self._beats), "own": own})
        checked = [row for row in self._session.rows if row.report is not None]
        if len(checked) != KEYS:
            self._app.exit(1)
        elif len(self._figures) <= RUNS:
            QTimer.singleShot(_REST_MS, self._session.check_all)
        else:
            print(json.dumps(self._figures), flush=True)
            self._app.exit(0)


class PageTour:
    """Waits for the window to rest, then opens page after page; a beat that is late is told by page.

    It rests when the first check has ended and the modules of pages were read ahead.
    """

    def __init__(self, app: Any, desk: Any) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._app = app
        self._foresight = desk.foresight
        self._workspace = desk.workspace
        self._beats: list[float] = []
        self._found: list[tuple[str, dict[str, float]]] = []
        self._left = [*self._stations(), *self._stations()]
        self._timer = QTimer(app)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(lambda: self._beats.append(time.perf_counter()))
        self._rest = QTimer(app, interval=_REST_MS)
        self._rest.timeout.connect(self._look_for_rest)
        self._rest.start()

    def _stations(self) -> list[tuple[str, Any]]:
        from latchlight.gui.key_tasks import KeyTask

        space = self._workspace
        pages = [
            ("help", space.open_help),
            ("help, contacts", lambda: space.open_help("contacts")),
            ("settings", space.open_settings),
            ("exchanges", space.open_exchanges),
            ("trust", space.open_trust),
            ("happenings", space.open_happenings),
        ]
        return pages + [(task.value, lambda task=task: self._open(task)) for task in KeyTask]

    def _open(self, task: Any) -> None:
        """For the first key with something to mend."""
        session = self._workspace.session
        for row in session.rows:
            mendable = [f for f in row.report.findings if f.fix is not None] if row.report else []
            if mendable:
                self._workspace.select(row.id)
                self._workspace.open_task(task, mendable[0].rule)
                return

    def _look_for_rest(self) -> None:
        if self._foresight.over and not self._workspace.session.running:
            self._rest.stop()
            self._timer.start()
            self._next()

    def _next(self) -> None:
        from PySide6.QtCore import QTimer

        if not self._left:
            print(json.dumps(self._found), flush=True)
            self._app.exit(0)
            return
        name, opener = self._left.pop(0)
        self._beats = [time.perf_counter()]
        opener()
        QTimer.singleShot(_REST_MS, lambda: self._arrived(name))

    def _arrived(self, name: str) -> None:
        self._found.append((name, figures(self._beats)))
        if self._workspace.side_page.is_open:
            self._workspace.side_page.close_page()
        self._next()


def figures(beats: list[float]) -> dict[str, float]:
    """What the gaps between the beats amount to, in ms."""
    gaps = sorted((b - a) * 1000 for a, b in itertools.pairwise(beats))
    return {
        "seconds": beats[-1] - beats[0],
        "beats": len(gaps),
        "median": statistics.median(gaps),
        "p99": gaps[int(len(gaps) * 0.99)],
        "worst": gaps[-1],
    }


def fifty_keys(told: dict[str, Any]) -> list[Any]:
    """The served practice keys, again and again, each time under another name."""
    served = told["exchanges"]["binance"]
    keys = []
    for number in range(KEYS):
        key = served["keys"][number % len(served["keys"])]
        keys.append(
            SimpleNamespace(
                name=f"{key['name']} {number}",
                exchange="binance",
                base_url=served["base_url"],
                purpose=Purpose.SPOT,
                story="A practice key.",
                expected_reason=None,
                expected_light=None,
                kind=KeyKind(key["kind"]),
                api_key=key["api_key"],
                secret=key["secret"],
                passphrase=None,
            )
        )
    return keys


def main() -> int:
    """Serve, open, check, measure."""
    command = [sys.executable, "-m", "latchlight", "practice", "serve", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as serving:
        if serving.stdout is None:
            return 1
        told = json.loads(serving.stdout.readline())
        try:
            return _window(told)
        finally:
            serving.terminate()


def _window(told: dict[str, Any]) -> int:
    world: Any = SimpleNamespace(
        keys=fifty_keys(told),
        ca_file=Path(told["ca_file"]),
        address_urls={"practice": told["ip_urls"]["ipv4"]},
        other_urls={},
        close=lambda: None,
    )
    opened = services.practice(world)
    open_desk = latchlight.gui.main._furnish

    def furnish(app: Any, window: Any, *arguments: Any) -> None:
        from latchlight.gui import desk

        started = desk.Desk.open

        def open_(self: Any, *more: Any) -> None:
            started(self, *more)
            if sys.argv[1:] == ["pages"]:
                self.tour = PageTour(app, self)
            else:
                self.heartbeat = Heartbeat(app, self.workspace.session)

        desk.Desk.open = open_  # type: ignore[method-assign]
        open_desk(app, window, *arguments)

    latchlight.gui.main._furnish = furnish
    return latchlight.gui.main.run([], opened, world)


if __name__ == "__main__":
    sys.exit(main())
