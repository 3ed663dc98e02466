"""Clicks, key switches, late answers and closings in any order: no result on a wrong row, and nothing falls.

Every worker is a real thread that waits for an order, so that the storm decides what comes when. A seed is a storm; the
same seed makes the same storm.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from shiboken6 import isValid

from factories import make_egress, make_key_report, make_request
from latchlight import checkup
from latchlight.core.addresses import parse_address
from latchlight.core.errors import Cancelled, StoreError
from latchlight.core.findings import Light
from latchlight.core.progress import Progress
from latchlight.core.purpose import Intent, Purpose
from latchlight.core.sentences import say
from latchlight.gui import lock_work, work
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.network_watch import NetworkWatch
from latchlight.gui.pages.add_key_dialog import AddKeyDialog
from latchlight.gui.session import Session
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.workspace import Workspace
from latchlight.services import Services
from window_bench import TurnableClock

pytestmark = pytest.mark.usefixtures("in_pieces")

STEPS = 500
KEYS = 6
LEAVES = ("page", "browser", "API Management", "Save as", "Choose", "Beside", "Practice", "Quit")
"""Words on buttons that lead out of the window: into a browser, a file dialog, another session."""

NOBODY = object()
"""The answer of an exchange's other sites that none of them knows the key."""


@dataclass(eq=False)
class Call:
    """One piece of work that a worker was given, and is now waiting with."""

    kind: str
    arguments: tuple[Any, ...]
    orders: SimpleQueue[Callable[[], Any]] = field(default_factory=SimpleQueue)
    carried_out: SimpleQueue[bool] = field(default_factory=SimpleQueue)
    over: bool = False

    def obey(self) -> Any:
        """In the worker: carry out orders until one of them ends the work."""
        while True:
            order = self.orders.get()
            try:
                result = order()
            except BaseException:
                self.over = True
                self.carried_out.put(True)
                raise
            if result is not None:
                self.over = True
                self.carried_out.put(True)
                return None if result is NOBODY else result
            self.carried_out.put(True)

    def tell(self, order: Callable[[], Any]) -> None:
        """In the window's thread: have an order carried out, and wait until it is."""
        self.orders.put(order)
        self.carried_out.get(timeout=60)


@dataclass(frozen=True)
class Given:
    """What is known about a report that was handed out: whose it is, and what was asked when."""

    row_id: str
    run: int
    begun: int
    host: str
    intent: Intent
    light: Light


class Storm:
    """One window, and a random hand on everything that may happen to it."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random.Random(seed)
        self.clock = TurnableClock()
        self.route = ("192.168.1.5", "")
        self.stored = [KeyRow(make_request(f"key-{n}", id=f"id-{n}")) for n in range(KEYS)]
        self.calls: list[Call] = []
        self.arrived: SimpleQueue[Call] = SimpleQueue()
        self.begun: dict[int, int] = {}
        self.given: dict[str, Given] = {}
        self.spoilt = -1
        """The last step after which nothing that was asked before may count."""
        self.step = 0
        self.lit = 0
        self.crashes = 0
        self.done: Counter[str] = Counter()
        self.session = Session(
            Services(folder=folder),
            clock=self.clock.light_clock(),
            network=NetworkWatch(lambda: self.route),
        )
        self.session.doubted.connect(self._spoil)
        self.session.crashed.connect(self._count_crash)
        self.workspace = self._open(None)

    def _spoil(self, _doubt: object) -> None:
        self.spoilt = self.step

    def _count_crash(self, _problem: object) -> None:
        self.crashes += 1

    # Workers -------------------------------------------------------------------------------

    def call(self, kind: str, *arguments: Any) -> Any:
        """In the worker: wait for the storm."""
        call = Call(kind, arguments)
        self.arrived.put(call)
        return call.obey()

    def gather(self) -> list[Call]:
        """Calls that wait for an order."""
        while not self.arrived.empty():
            call = self.arrived.get()
            if call.kind == "check":
                self.begun.setdefault(call.arguments[1], self.step)
            self.calls.append(call)
        self.calls = [call for call in self.calls if not call.over]
        return self.calls

    def turn(self, times: int = 1) -> None:
        """Let the event loop run for a turn."""
        for _ in range(times):
            loop = QEventLoop()
            QTimer.singleShot(0, loop.quit)
            loop.exec()

    # What may happen -----------------------------------------------------------------------

    def _open(self, before: Workspace | None) -> Workspace:
        made = Workspace(self.session)
        made.resize(1100, 760)
        if before is not None:
            made.resume(before)
        made.show()
        return made

    def open_anew(self) -> None:
        """As for another language."""
        before = self.workspace
        self.workspace = self._open(before)
        self.session.setParent(self.workspace)
        before.hide()
        before.deleteLater()

    def choose(self) -> None:
        rows = self.session.rows
        if rows:
            self.workspace.select(self.random.choice(rows).id)

    def check_some(self) -> None:
        rows = self.session.rows
        chosen = self.random.sample(rows, self.random.randint(0, len(rows)))
        self.session.check([row.id for row in chosen] + ["nobody"])

    def answer(self) -> None:
        """One key of a run is done, or it is said how far it is."""
        waiting = [call for call in self.gather() if call.kind == "check"]
        if not waiting:
            return
        requests, run, post = self.random.choice(waiting).arguments
        call = next(c for c in waiting if c.arguments[1] == run)
        request = self.random.choice(requests)
        report = self._report(request, run)
        late = self.random.random() < 0.1
        other = max(self.random.choice([*self.begun]), 1)
        message = work.KeyDone(other if late else run, request.id, report)
        call.tell(lambda: post(message))
        if self.random.random() < 0.3:
            progress = Progress(
                1, len(requests), say("Asking {exchange} about {label}", exchange="x", label="y")
            )
            call.tell(lambda: post(progress))

    def _report(self, request: Any, run: int) -> Any:
        light = self.random.choice(list(Light))
        made = make_key_report(light, label=request.label, at=self.clock.wall)
        mark = f"…{len(self.given):06}"
        self.given[mark] = Given(
            request.id, run, self.begun[run], request.host, request.intent, light
        )
        return replace_report(made, hint=mark, host=request.host, intent=request.intent)

    def end_a_call(self) -> None:
        """A worker is done, in one of the ways in which workers end."""
        waiting = self.gather()
        if not waiting:
            return
        call = self.random.choice(waiting)
        chance = self.random.random()
        if chance < 0.08:
            call.tell(_raiser(StoreError(say("Broken."), say("Mend it."))))
        elif chance < 0.1:
            call.tell(_raiser(RuntimeError("planted")))
        elif chance < 0.13:
            call.tell(_raiser(Cancelled()))
        else:
            result = self._result(call)
            call.tell(lambda: result)

    def _result(self, call: Call) -> Any:
        match call.kind:
            case "load":
                return work.Loaded(tuple(self.stored))
            case "check" | "look up":
                return self._egress()
            case "use host":
                (request,) = call.arguments
                return replace_request(request, host="api1.binance.com")
            case "where":
                return (parse_address(f"198.51.100.{self.random.randint(1, 9)}"),)
            case "ask elsewhere":
                return NOBODY
            case _:
                return call.arguments[0]

    def _egress(self) -> work.Egress:
        report = make_egress()
        if self.random.random() < 0.04:
            other = parse_address(f"198.51.100.{self.random.randint(1, 200)}")
            report = replace_report(report, ipv4=other)
        return work.Egress(report, self.clock.wall)

    def change_the_store(self) -> None:
        """Another program, or the user, edits, adds and removes keys; then the list is read again."""
        chance = self.random.random()
        place = self.random.randrange(len(self.stored)) if self.stored else 0
        if chance < 0.25 and len(self.stored) > 2:
            del self.stored[place]
        elif chance < 0.5:
            name = f"key-{self.random.randint(100, 999)}"
            if all(row.id != f"id-{name}" for row in self.stored):
                self.stored.append(KeyRow(make_request(name, id=f"id-{name}")))
        elif self.stored:
            row = self.stored[place]
            changed = self.random.choice(
                (
                    {"host": self.random.choice(("api.binance.com", "api1.binance.com"))},
                    {"intent": Intent(self.random.choice(list(Purpose)))},
                    {"label": f"name-{self.random.randint(0, 99)}-{place}"},
                )
            )
            self.stored[place] = KeyRow(replace_request(row.request, **changed))
        self.session.load()

    def add_unsaved(self) -> None:
        name = f"unsaved-{self.random.randint(0, 3)}"
        if self.session.row(f"id-{name}") is None:
            self.session.add_unsaved(make_request(name, id=f"id-{name}", stored=False))

    def forget_one(self) -> None:
        rows = self.session.rows
        if len(rows) > 2:
            self.session.changes.remove(self.random.choice(rows).id)

    def use_another_host(self) -> None:
        rows = self.session.rows
        if rows:
            row = self.random.choice(rows)
            self.session.changes.use_host(row.id, row.request.exchange.hosts[0])

    def accept_one(self) -> None:
        for row in self.session.rows:
            ambers = row.report.open_ambers() if row.report is not None else ()
            if ambers:
                self.session.changes.accept(row.id, ambers[0], "because", 3)
                return

    def time_goes_on(self) -> None:
        self.clock.advance(self.random.choice((1, 1, 1, 5, 5, 61, 901)))
        if self.random.random() < 0.05:
            self.clock.monotonic += 3600  # it slept
        if self.random.random() < 0.05:
            self.route = (f"192.168.1.{self.random.randint(2, 9)}", "")
        for _ in range(3):
            self.session.tick()

    def open_task(self) -> None:
        row = self.session.row(self.workspace.checklist.row_id)
        if row is None:
            return
        rules = [finding.rule for finding in row.report.findings] if row.report else [""]
        self.workspace.open_task(self.random.choice(list(KeyTask)), self.random.choice(rules))

    def open_page(self) -> None:
        space = self.workspace
        self.random.choice(
            (
                space.open_help,
                space.open_settings,
                space.open_exchanges,
                space.open_trust,
                space.open_happenings,
                space.side_page.close_page,
                space.side_page.close_page,
            )
        )()

    def click(self) -> None:
        """Any button that can be seen, but none that leaves the window."""
        seen = [
            button
            for button in self.workspace.findChildren(QPushButton)
            if button.isVisible()
            and button.isEnabled()
            and not any(word.casefold() in button.text().casefold() for word in LEAVES)
        ]
        if seen:
            button = self.random.choice(seen)
            self.done[f"click {button.text().strip('.…')[:24]}"] += 1
            button.click()

    def add_key_form(self) -> None:
        self.workspace.open_add_key()

    def close_forms(self) -> None:
        """Dialogs stand over everything: whoever opened one closes it again sooner or later."""
        for dialog in self.workspace.findChildren(QDialog):
            if isinstance(dialog, AddKeyDialog):
                dialog.throw_away()
            elif dialog.isVisible():
                dialog.reject()

    def happen(self) -> None:
        """One step."""
        actions: list[tuple[int, Callable[[], None]]] = [
            (14, self.choose),
            (7, self.check_some),
            (4, self.session.check_all),
            (3, self.session.cancel),
            (36, self.answer),
            (16, self.end_a_call),
            (3, self.change_the_store),
            (1, self.add_unsaved),
            (1, self.forget_one),
            (2, self.use_another_host),
            (2, self.accept_one),
            (3, self.time_goes_on),
            (2, self.session.look_up),
            (7, self.open_task),
            (3, self.open_page),
            (10, self.click),
            (1, self.add_key_form),
            (2, self.open_anew),
        ]
        weights, choices = zip(*actions, strict=True)
        (action,) = self.random.choices(choices, weights)
        self.done[action.__name__] += 1
        action()
        self.turn(self.random.randint(1, 4))
        self.close_forms()
        self.gather()
        self.step += 1

    # What must hold ------------------------------------------------------------------------

    def hold(self) -> None:
        """No result on a wrong row, none that does not count in colour, and all views say the same."""
        for row in self.session.rows:
            self._holds(row)
        space = self.workspace
        for place in range(space.model.rowCount()):
            shown = space.model.row_at(space.model.index(place))
            if shown is not None:
                known = self.session.row(shown.id)
                assert known is not None
                assert shown.verdict == known.verdict
        row = self.session.row(space.checklist.row_id)
        if row is None or space.pages.currentWidget() is not space.checklist:
            return
        header = space.checklist.header
        assert header.label.text() == row.request.label
        assert header.badge.verdict == row.verdict
        body = space.checklist.body
        if row.report is None:
            assert body is None
            return
        assert body is not None
        allowed = {row.verdict_of(finding) for finding in row.report.findings} | {row.verdict}
        assert {badge.verdict for badge in body.findChildren(LightBadge)} <= allowed
        if not space.side_page.is_open and space.launch.isVisible():
            assert space.launch.badge.verdict == row.verdict

    def _holds(self, row: KeyRow) -> None:
        if row.report is None:
            assert row.verdict.light is Light.GREY
            return
        given = self.given[row.report.hint]
        assert given.row_id == row.id
        if row.counts:
            self.lit += 1
            assert given.run == row.run
            assert (given.host, given.intent) == (row.request.host, row.request.intent)
            assert row.verdict.light is given.light
        else:
            assert row.verdict.light is Light.GREY

    def end(self) -> None:
        """Close the window in the middle of everything; what still comes meets nobody."""
        self.session.close()
        for call in self.gather():
            call.tell(_raiser(Cancelled()))
        self.workspace.close()
        self.workspace.deleteLater()
        self.turn(3)


def replace_report(report: Any, **changed: Any) -> Any:
    """Reports are of the core's own kind of frozen records."""
    from latchlight.core.records import replace as replace_record

    return replace_record(report, **changed)


replace_request = replace_report


def _raiser(problem: BaseException) -> Callable[[], None]:
    def fall() -> None:
        raise problem

    return fall


@pytest.fixture
def storm(
    request: pytest.FixtureRequest,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Storm]:
    made: list[Storm] = []

    def call(kind: str, *arguments: Any) -> Any:
        return made[0].call(kind, *arguments)

    monkeypatch.setattr(work, "load_keys", lambda services, world: call("load"))
    monkeypatch.setattr(work, "look_up", lambda services, token: call("look up"))
    monkeypatch.setattr(
        work,
        "check_keys",
        lambda requests, services, run, token, post: call("check", requests, run, post),
    )
    monkeypatch.setattr(work, "accept", lambda services, wanted, stored: call("accept", wanted))
    monkeypatch.setattr(work, "take_back", lambda *_: call("take back", True))
    monkeypatch.setattr(work, "remove_key", lambda services, label: call("remove", label))
    monkeypatch.setattr(work, "edit_key", lambda services, old, label, intent: call("edit", label))
    monkeypatch.setattr(work, "use_host", lambda services, request, host: call("use host", request))
    monkeypatch.setattr(
        checkup, "ask_other_hosts", lambda request, services, token: call("ask elsewhere")
    )
    monkeypatch.setattr(lock_work, "where", lambda services, token: call("where"))
    monkeypatch.setattr(lock_work, "next_step", lambda run, services, token: call("lock step", run))
    made.append(Storm(request.param, tmp_path))
    yield made[0]
    made[0].end()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """As many storms as were asked for: pytest tests/gui/test_interleavings.py --storms 20"""
    if "storm" in metafunc.fixturenames:
        seeds = range(metafunc.config.getoption("--storms"))
        metafunc.parametrize("storm", seeds, indirect=True, ids=[f"seed{n}" for n in seeds])


@pytest.mark.timeout(200)
def test_no_order_of_events_puts_a_result_on_a_wrong_row(storm: Storm) -> None:
    threads = threading.active_count()
    for _ in range(STEPS):
        storm.happen()
        storm.hold()
    assert storm.step == STEPS
    assert storm.lit > STEPS // 20, "hardly any light was ever shown: the storm proves nothing"
    assert storm.done["answer"] > STEPS // 10
    assert isValid(storm.workspace)
    assert QApplication.instance() is not None
    assert threading.active_count() < threads + 60
