"""The state behind one window: keys, their lights, the public address, and the run in progress.

Widgets read from here and ask for things; they never talk to network, keyring or store themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from latchlight.core.addresses import Address
from latchlight.core.progress import CancelToken, Progress
from latchlight.gui import work
from latchlight.gui.ageing import Doubt, LightClock, Stamp
from latchlight.gui.jobs import JobRunner
from latchlight.gui.key_changes import KeyChanges
from latchlight.gui.key_row import KeyRow
from latchlight.gui.lock_run import LockRun
from latchlight.gui.network_watch import NetworkWatch
from latchlight.gui.rotations import Rotations
from latchlight.gui.runs import Run, Runs
from latchlight.gui.watch import Watch

if TYPE_CHECKING:
    from latchlight.keys import CheckRequest
    from latchlight.practice.world import PracticeWorld
    from latchlight.services import Services

_TICK_MS = 1000
_HEAD_START_MS = 15
"""Time for the window to show that a check has begun, before the worker takes its share of the processor."""
_PROGRESS_MS = 60
"""Nobody reads faster than this; each step would repaint the list."""
_NETWORK_EVERY = 3
"""Ticks between two looks at the network."""


class Session(QObject):
    """One set of services and everything that is known through them."""

    loaded = Signal()
    """The list of keys is another one."""
    row_changed = Signal(str)
    """Something about this key changed."""
    many_changed = Signal()
    """Something about many keys changed."""
    egress_changed = Signal()
    run_changed = Signal()
    """A run began, moved on or ended."""
    doubted = Signal(object)
    """A `Doubt` about everything that was found out: the network changed, the computer slept."""
    ticked = Signal()
    """About every second."""
    problem = Signal(object)
    """Something failed; a sentence for the user."""
    notice = Signal(object)
    """Something went well; a sentence for the user."""
    crashed = Signal(object)
    """An error that has no words for the user."""

    def __init__(
        self,
        services: Services,
        world: PracticeWorld | None = None,
        parent: QObject | None = None,
        clock: LightClock | None = None,
        network: NetworkWatch | None = None,
    ) -> None:
        super().__init__(parent)
        self.services = services
        self.world = world
        self.runner = JobRunner(self)
        self.egress: work.Egress | None = None
        self.looking_up = False
        self.theme = "system"
        self.language = ""
        """As it was chosen; empty for that of the system."""
        self.start_with = ""
        """The key to be shown first; empty for that on top of the list."""
        self.has_loaded = False
        self._clock = clock or LightClock()
        self._network = network or NetworkWatch()
        self._rows: dict[str, KeyRow] = {}
        self._unsaved: dict[str, KeyRow] = {}
        self._runs = Runs()
        self._ticks = 0
        self._address: Address | None = None
        self.lock_runs: dict[str, LockRun] = {}
        """Lock tests under way, by key: whoever changes networks may close the page meanwhile."""
        self.moved: tuple[datetime, Address] | None = None
        """When the public address was seen to be another one, and which it was before."""
        self._progress_pause = QTimer(self, interval=_PROGRESS_MS, singleShot=True)
        self._progress_pause.timeout.connect(self.run_changed)
        self.changes = KeyChanges(self)
        self.rotations = Rotations(self)
        self.watch = Watch(self)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def practice(self) -> bool:
        """Whether all of this is only practice."""
        return self.world is not None or self.services.practice

    @property
    def rows(self) -> list[KeyRow]:
        """All keys in the order of the list."""
        return list(self._rows.values())

    @property
    def running(self) -> bool:
        """Whether a check is in progress."""
        return bool(self._runs)

    @property
    def progress(self) -> Progress | None:
        """How far the checks are; None if there is none."""
        return self._runs.progress([row.request.label for row in self.rows if row.checking])

    @property
    def tests_lock(self) -> bool:
        """Whether this computer is on another network on purpose, for a lock test."""
        now = self.now()
        return any(run.is_under_way and not run.is_late(now) for run in self.lock_runs.values())

    def row(self, row_id: str) -> KeyRow | None:
        """One key."""
        return self._rows.get(row_id)

    def row_labelled(self, label: str) -> KeyRow | None:
        """The stored key of that name."""
        return next((row for row in self._rows.values() if row.request.label == label), None)

    def now(self) -> datetime:
        """The wall clock."""
        return self._clock.stamp().wall

    def stamp(self) -> Stamp:
        """Now, on both clocks."""
        return self._clock.stamp()

    @property
    def online(self) -> bool:
        """Whether there was a way to the internet when it was looked for last."""
        return self._network.online

    # Loading -------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to age lights, read the stored keys, and ask for the public address."""
        self._timer.start()
        self.load()
        self.look_up()

    def close(self) -> None:
        """Stop everything at once."""
        self._timer.stop()
        self.runner.close()

    def history_forgotten(self) -> None:
        """The store forgot from where the keys were used; so does the window."""
        self.lock_runs.clear()
        self.rotations.forget_places()
        self.load()

    def load(self) -> None:
        """Read the stored keys again; lights of keys that stay are kept."""
        self.runner.run(
            lambda token, post: work.load_keys(self.services, self.world),
            on_success=self.take,
            on_failure=self._load_failed,
        )

    def take(self, found: work.Loaded) -> None:
        """Show these keys; what is known of those that were there before is kept."""
        self._rows = {row.id: self._kept(row) for row in found.rows} | self._unsaved
        self.theme = found.theme
        self.language = found.language
        self.start_with = found.start_with
        self.watch.choose(found.watching)
        self.rotations.take(found.rotations)
        self.has_loaded = True
        for sentence in found.problems:
            self.problem.emit(str(sentence))
        self.loaded.emit()

    def _kept(self, row: KeyRow) -> KeyRow:
        known = self._rows.get(row.id)
        if known is None:
            return row
        forgotten = row.request.stored and row.past is None
        seen = () if forgotten else known.seen if known.report is not None else row.seen
        kept = replace(known, request=row.request, past=row.past, seen=seen)
        changed = _asked(known.request) != _asked(row.request)
        # A check in progress asks the old question: what it finds must not land here either.
        in_doubt = changed and (known.report is not None or known.checking)
        return kept.doubted(Doubt.CHANGED) if in_doubt else kept

    def _load_failed(self, problem: BaseException) -> None:
        self.has_loaded = True
        self.failed(problem)
        self.loaded.emit()

    def add_unsaved(self, request: CheckRequest) -> None:
        """Show a key that is not stored, until the window closes, and check it."""
        row = KeyRow(request, self.practice)
        self._unsaved[row.id] = self._rows[row.id] = row
        self.loaded.emit()
        self.check([row.id])

    # Checking ------------------------------------------------------------------------------

    def check(self, ids: Iterable[str]) -> None:
        """Check these keys; those that are being checked already are left alone."""
        rows = [self._rows[i] for i in ids if i in self._rows and not self._rows[i].checking]
        if not rows:
            return
        run = self._runs.begin(len(rows))
        self._put_all(row.started(run.number) for row in rows)
        requests = [self.rotations.with_overlap(row.request) for row in rows]
        shown = threading.Event()
        QTimer.singleShot(_HEAD_START_MS, shown.set)

        def check(
            token: CancelToken, post: Callable[[Progress | work.KeyDone], None]
        ) -> work.Egress:
            shown.wait(0.1)
            return work.check_keys(requests, self.services, run.number, token, post)

        run.token = self.runner.run(
            check,
            on_success=partial(self._run_done, run),
            on_failure=partial(self._run_failed, run),
            on_progress=partial(self._heard, run),
        )
        self.run_changed.emit()

    def check_all(self) -> None:
        """Check every key. Does nothing while a check is in progress: one click, one run."""
        if not self.running:
            self.check([row.id for row in self.rows])

    def cancel(self) -> None:
        """Stop every run; what was not finished is not checked."""
        for run in self._runs.cancel():
            self._end_run(run, Doubt.STOPPED)

    def _heard(self, run: Run, message: Progress | work.KeyDone) -> None:
        if isinstance(message, Progress):
            run.progress = message
            if not self._progress_pause.isActive():
                self._progress_pause.start()
        elif message.run == run.number:  # it speaks for no run but its own
            self.land(message)

    def land(self, done: work.KeyDone) -> None:
        """Put a report where it belongs: same key, same run; any other answer is dropped."""
        row = self._rows.get(done.request_id)
        if row is None or not row.checking or row.run != done.run:
            return
        if (done.report.host, done.report.intent) != (row.request.host, row.request.intent):
            return
        stamp = Stamp(self._clock.stamp().monotonic, done.report.started_at)
        landed = row.landed(done.report, stamp)
        doubt = self._runs.doubt(done.run) or self._clock.doubt(stamp)
        self.put(landed if doubt is None else landed.doubted(doubt))

    def _run_done(self, run: Run, egress: work.Egress) -> None:
        self._end_run(run, Doubt.FAILED)
        self._put_egress(egress, of_run=run.number)

    def _run_failed(self, run: Run, problem: BaseException) -> None:
        self._end_run(run, Doubt.FAILED)
        self.failed(problem)

    def _end_run(self, run: Run, for_unfinished: Doubt) -> None:
        self._runs.end(run)
        unfinished = [row for row in self.rows if row.checking and row.run == run.number]
        self._put_all(row.doubted(for_unfinished) for row in unfinished)
        self.run_changed.emit()

    # Ageing --------------------------------------------------------------------------------

    def tick(self) -> None:
        """Every second: does every light still stand?"""
        jumped = self._clock.tick()
        if jumped is not None:
            self.distrust(jumped)
        for row in self.rows:
            if row.counts and row.stamp is not None:
                doubt = self._clock.doubt(row.stamp)
                if doubt is not None:
                    self.put(row.doubted(doubt))
        self._ticks += 1
        if self._ticks % _NETWORK_EVERY == 0 and self._network.changed():
            self.distrust(Doubt.NETWORK)
            self.look_up()
        self.ticked.emit()

    def distrust(self, doubt: Doubt, but_run: int | None = None) -> None:
        """No light stands any more, for this reason; except those of one run.

        What a run in progress finds out was asked before: it does not count either.
        """
        self._runs.spoil(doubt)
        doubted = [row for row in self.rows if row.counts and row.run != but_run]
        self._put_all(row.doubted(doubt) for row in doubted)
        self.doubted.emit(doubt)

    # The public address --------------------------------------------------------------------

    def address_text(self) -> str:
        """The public IPv4 address as text; empty while it is not known."""
        address = self.egress.report.ipv4 if self.egress is not None else None
        return str(address) if address is not None else ""

    def look_up(self) -> None:
        """Ask the address services again."""
        if self.looking_up:
            return
        self.looking_up = True
        self.runner.run(
            lambda token, post: work.look_up(self.services, token),
            on_success=self._looked_up,
            on_failure=self._look_up_failed,
        )
        self.egress_changed.emit()

    def _looked_up(self, egress: work.Egress) -> None:
        self.looking_up = False
        self._put_egress(egress)

    def _look_up_failed(self, problem: BaseException) -> None:
        self.looking_up = False
        self.egress_changed.emit()
        self.failed(problem)

    def _put_egress(self, egress: work.Egress, of_run: int | None = None) -> None:
        # Reports that were made together with this very answer are of the new address already.
        before, now = self._address, egress.report.ipv4
        self.egress = egress
        self._address = now or before
        if before is not None and now is not None and before != now:
            self.moved = (self.now(), before)
            self.distrust(Doubt.ADDRESS, but_run=of_run)
        self.egress_changed.emit()

    # ---------------------------------------------------------------------------------------

    def forget(self, row_id: str) -> None:
        """This key is gone."""
        self._rows.pop(row_id, None)
        self._unsaved.pop(row_id, None)
        self.loaded.emit()

    def put(self, row: KeyRow) -> None:
        """Something about this key changed."""
        self._keep(row)
        self.row_changed.emit(row.id)

    def _put_all(self, rows: Iterable[KeyRow]) -> None:
        """Many at once: told in one go."""
        changed = list(rows)
        if len(changed) == 1:
            self.put(changed[0])
            return
        for row in changed:
            self._keep(row)
        if changed:
            self.many_changed.emit()

    def _keep(self, row: KeyRow) -> None:
        self._rows[row.id] = row
        if row.id in self._unsaved:
            self._unsaved[row.id] = row

    def failed(self, problem: BaseException) -> None:
        """Tell the user, in our words if there are any."""
        if work.is_ours(problem):
            self.problem.emit(str(problem))
        else:
            self.crashed.emit(problem)


def _asked(request: CheckRequest) -> tuple[object, ...]:
    """What a light depends on."""
    return request.exchange.id, request.host, request.fingerprint, request.intent
