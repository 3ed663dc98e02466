"""Which keys of one session are being replaced, and what their checks say about that.

What a check found is taken up when its run is over: only then it is known from which public address it
was made. Changes between two stored keys are written down; all others end with the session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from latchlight.core import rotation as steps
from latchlight.core.changes import last_found
from latchlight.core.egress import Certainty
from latchlight.core.findings import KeyReport
from latchlight.core.proof_of_death import Answered, Death, Hearing, hear
from latchlight.core.records import replace
from latchlight.core.rotation import Ended, EndedBy, Overlap, Rotation, Stage
from latchlight.core.sentences import Sentence, say
from latchlight.gui import rotation_work as work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow
from latchlight.gui.moments import day

if TYPE_CHECKING:
    from latchlight.gui.session import Session
    from latchlight.keys import CheckRequest

_NOT_FINISHED = Hearing(
    Death.OPEN,
    say("Not proved: the two keys could not be asked to the end."),
    say("Ask again. Until then nothing is known about the old key."),
)


class Rotations(QObject):
    """Keys go by the ids of their rows."""

    changed = Signal(str)
    """The id of the old key whose change went on or back."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._known: dict[str, Rotation] = {}
        self._hearings: dict[str, tuple[Hearing, KeyReport | None]] = {}
        """What came out of asking last, in this session, and which report of the old key that was."""
        self._asked: dict[str, int] = {}
        """Old keys that are being asked, with the number of the run."""
        self._taken: dict[tuple[str, str], KeyReport] = {}
        """By change and key, the newest report that was taken up: a key can have a part in two changes."""
        self._expected: dict[str, str] = {}
        """Old key -> the label under which its new one is about to appear."""
        self._writing: set[str] = set()
        self._outdated: set[str] = set()
        self._placeless_until: datetime | None = None
        """When the history was forgotten, and the addresses with it."""
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._look)
        for signal in (session.row_changed, session.many_changed, session.run_changed):
            signal.connect(self._soon.start)
        session.egress_changed.connect(self._soon.start)
        session.loaded.connect(self._rows_loaded)

    # What is known -------------------------------------------------------------------------

    def of(self, row_id: str) -> Rotation | None:
        """The change that this key has a part in: as the old one, or as the new one of one under way."""
        found = self._known.get(row_id)
        if found is not None and found.new:
            return found
        under_way = (each for each in self._known.values() if each.ended is None)
        as_new = next((each for each in under_way if each.new == row_id), None)
        return as_new or found

    def hearing(self, old: str) -> Hearing | None:
        """What came out of asking last; None while it is asked and before, and once there is a newer check."""
        heard, about = self._hearings.get(old, (None, None))
        row = self._session.row(old)
        stands = row is not None and row.report is about and old not in self._asked
        return heard if stands else None

    def asking(self, old: str) -> bool:
        """Whether the exchange is being asked with both keys."""
        return old in self._asked

    def overlap(self, row_id: str) -> Overlap | None:
        """The new key that works beside this old one."""
        found = self._known.get(row_id)
        other = self._session.row(found.new) if found is not None else None
        if found is None or other is None or found.overlap_since is None:
            return None
        return Overlap(other.request.label, found.overlap_since)

    def with_overlap(self, request: CheckRequest) -> CheckRequest:
        """The check of a key, knowing of the key beside it."""
        found = self.overlap(request.id)
        return request if found is None else replace(request, overlap=found)

    def candidates(self, old: KeyRow) -> list[KeyRow]:
        """Keys of the list that could be its new one: of the same site, and certainly another key."""
        asked = (old.request.exchange.id, old.request.host)
        leaving = {each.old for each in self._known.values() if each.new}
        return [
            row
            for row in self._session.rows
            if (row.request.exchange.id, row.request.host) == asked
            and row.request.hint != old.request.hint
            and row.id not in leaving
        ]

    def kept(self, rotation: Rotation) -> bool:
        """Whether it is written down and survives the window."""
        rows = [self._session.row(id) for id in (rotation.old, rotation.new) if id]
        return all(row is not None and row.request.stored for row in rows)

    def words_of(self, row_id: str) -> Sentence | None:
        """What is under way with this key, in one line; None where nothing is."""
        rotation = self.of(row_id)
        rows = [self._session.row(id) for id in (rotation.old, rotation.new)] if rotation else []
        if rotation is None or len(rows) != 2 or rows[0] is None or rows[1] is None:
            return None
        old, new = rows[0].request.label, rows[1].request.label
        step = tuple(Stage).index(rotation.stage) + 1
        if rotation.ended is not None:
            return _ended_words(new, rotation.ended)
        if row_id == rotation.new:
            return say("Takes over from “{label}”: step {n} of 6.", label=old, n=step)
        return say("Being replaced by “{label}”: step {n} of 6.", label=new, n=step)

    # What the user does --------------------------------------------------------------------

    def begin(self, row: KeyRow) -> Rotation:
        """Somebody wants to give up this key, or looks how far that is."""
        found = self.of(row.id)
        if found is None:
            found = replace(steps.begin(row.id, self._session.now()), answered=_last_answer(row))
            self._known[row.id] = found
            self._soon.start()
        return found

    def choose(self, old: str, new: str) -> None:
        """This is the new key; "" for none yet."""
        self._taken.pop((old, new), None)
        self._hearings.pop(old, None)
        self._change(old, lambda rotation: steps.with_new(rotation, new))
        self._soon.start()

    def expect(self, old: str, label: str) -> None:
        """The key that is about to appear under this label is the new one."""
        self._expected[old] = label

    def switched(self, old: str, done: bool) -> None:
        """The bot uses the new key, or not yet."""
        at = self._session.now() if done else None
        self._change(old, lambda rotation: steps.switch(rotation, at))

    def deleted(self, old: str, done: bool) -> None:
        """The old key is deleted at the exchange, the user says, or not yet."""
        at = self._session.now() if done else None
        self._change(old, lambda rotation: steps.delete(rotation, at))

    def ask(self, old: str) -> None:
        """Check both keys in one run: the new one must be accepted and the old one refused."""
        rotation, session = self._known.get(old), self._session
        rows = [session.row(id) for id in (rotation.new, old)] if rotation is not None else []
        if not rows or any(row is None or row.checking for row in rows):
            return
        session.check([row.id for row in rows if row is not None])
        asked = session.row(old)
        if asked is not None:
            self._asked[old] = asked.run
            self.changed.emit(old)

    def tell(self, old: str) -> None:
        """The user saw on the key's page that the old key is gone; only beside a refusal of now."""
        heard, row = self.hearing(old), self._session.row(old)
        if heard is not None and row is not None and row.counts:
            at = self._session.now()
            self._change(old, lambda rotation: steps.tell(rotation, heard, at))

    def give_up(self, old: str) -> None:
        """Both keys stay: nothing more is known of a change."""
        if self._known.pop(old, None) is not None:
            self._drop(old)
            self._write(old)
            self.changed.emit(old)

    def forget_places(self) -> None:
        """The history is forgotten: under which address a key was accepted goes with it."""
        self._placeless_until = self._session.now()
        for old, rotation in self._known.items():
            if rotation.answered is not None:
                answered = replace(rotation.answered, seen_from="")
                self._known[old] = replace(rotation, answered=answered)

    # What the session does -----------------------------------------------------------------

    def take(self, stored: Iterable[Rotation]) -> None:
        """What was written down in earlier sessions; what is known here already is newer."""
        for rotation in stored:
            known = self._known.get(rotation.old)
            behind = rotation.old in self._writing
            if not behind and (known is None or not known.new):
                self._known[rotation.old] = rotation
        self._soon.start()

    def _rows_loaded(self) -> None:
        """The list is another one: a change goes with either of its keys."""
        there = {row.id for row in self._session.rows}
        for old, rotation in list(self._known.items()):
            if old not in there or (rotation.new and rotation.new not in there):
                del self._known[old]
                self._drop(old)
                self.changed.emit(old)
        for old, label in list(self._expected.items()):
            row, leaving = self._session.row_labelled(label), self._session.row(old)
            if row is not None:
                del self._expected[old]
                # A key of another site, or the old one over again, is no new key for it.
                if leaving is not None and row in self.candidates(leaving):
                    self.choose(old, row.id)
        self._soon.start()

    def _drop(self, old: str) -> None:
        self._hearings.pop(old, None)
        self._asked.pop(old, None)
        self._expected.pop(old, None)

    def _look(self) -> None:
        """Take up what was found out, once the checks are over."""
        if self._session.running:
            return
        for old in list(self._known):
            self._settle(old)
            self._hear(old)

    def _hear(self, old: str) -> None:
        """News about either key."""
        rotation = self._known[old]
        before = rotation
        row, new = self._session.row(old), self._session.row(rotation.new)
        report = self._news(old, row)
        if report is not None:
            rotation = steps.old_heard(rotation, report, self._place_of(report))
        report = self._news(old, new)
        if report is not None:
            rotation = steps.new_heard(rotation, report)
        if rotation != before:
            self._put(rotation)
        if before.overlap_since is None and rotation.overlap_since is not None:
            self._both_work(old)

    def _news(self, old: str, row: KeyRow | None) -> KeyReport | None:
        """A report that was not taken up yet, if it counts and is of the host in question."""
        report = row.report if row is not None and row.counts else None
        if row is None or report is None or self._taken.get((old, row.id)) is report:
            return None
        self._taken[old, row.id] = report
        return report if report.host == row.request.host else None

    def _both_work(self, old: str) -> None:
        """What was found out about the old key does not know of the new one yet."""
        row = self._session.row(old)
        if row is not None and row.report is not None:
            self._session.put(row.doubted(Doubt.CHANGED))
            self._session.check([old])

    def _settle(self, old: str) -> None:
        """Both were asked: what does it say?"""
        run = self._asked.pop(old, None)
        rotation, row = self._known[old], self._session.row(old)
        if run is None or row is None:
            return
        new = self._session.row(rotation.new)
        if row.report is None or not row.counts or row.run != run:
            heard = _NOT_FINISHED
        else:
            beside = new.report if new is not None and new.counts and new.run == run else None
            gone = row.request.exchange.traits.gone_codes
            heard = hear(row.report, beside, rotation.answered, gone, self._here())
        self._hearings[old] = heard, row.report
        proved = steps.prove(rotation, heard, self._session.now())
        if proved != rotation:
            self._put(proved)
        else:
            self.changed.emit(old)

    def _place_of(self, report: KeyReport) -> str:
        """From where it was asked; empty for one that was asked for before the history was forgotten."""
        before = self._placeless_until
        return "" if before is not None and report.started_at <= before else self._here()

    def _here(self) -> str:
        """The public address of this computer, where the address services agree on one."""
        egress = self._session.egress
        if egress is None or egress.report.certainty is not Certainty.AGREED:
            return ""
        return str(egress.report.ipv4 or "")

    # Keeping -------------------------------------------------------------------------------

    def _change(self, old: str, step: Callable[[Rotation], Rotation]) -> None:
        rotation = self._known.get(old)
        if rotation is not None and step(rotation) != rotation:
            self._put(step(rotation))

    def _put(self, rotation: Rotation) -> None:
        self._known[rotation.old] = rotation
        self._write(rotation.old)
        self.changed.emit(rotation.old)

    def _write(self, old: str) -> None:
        """One after another per key: an older state must not land behind a newer one."""
        row = self._session.row(old)
        if row is None or not row.request.stored:
            return
        if old in self._writing:
            self._outdated.add(old)
            return
        rotation = self._known.get(old)
        if rotation is not None and not (rotation.new and self.kept(rotation)):
            rotation = None
        self._writing.add(old)
        self._session.runner.run(
            lambda token, post: work.keep(self._session.services, old, rotation),
            on_success=partial(self._written, old),
            on_failure=partial(self._not_written, old),
        )

    def _written(self, old: str, _: object) -> None:
        self._writing.discard(old)
        if old in self._outdated:
            self._outdated.discard(old)
            self._write(old)

    def _not_written(self, old: str, problem: BaseException) -> None:
        self._written(old, None)
        self._session.failed(problem)


def _ended_words(new: str, ended: Ended) -> Sentence:
    match ended.by:
        case EndedBy.PROVED:
            return say(
                "Replaced by “{label}” and proved dead on {day}. It can be removed from this computer.",
                label=new,
                day=day(ended.at),
            )
        case EndedBy.TOLD:
            return say(
                "Replaced by “{label}”. You told on {day} that no such key is on the page; that is not proved.",
                label=new,
                day=day(ended.at),
            )


def _last_answer(row: KeyRow) -> Answered | None:
    """When this key was accepted last, before anybody thought of giving it up; from where is not known."""
    answered = [past for past in row.seen if past.answered]
    last = last_found(answered, row.request.host)
    return None if last is None else Answered(last.at, last.host)
