"""Adding a key: filled in, tested at the exchange, and only then saved in the system keyring."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from latchlight.core.errors import InputError, LatchlightError, UsageError, internal_fault
from latchlight.core.findings import Light
from latchlight.core.profile import Profile
from latchlight.core.progress import CancelToken, Progress
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.spec import Host
from latchlight.gui import add_key_work as work
from latchlight.gui.jobs import JobRunner, alive
from latchlight.gui.key_file import KeyFile
from latchlight.gui.pages.add_key_file import KeyFileReader
from latchlight.gui.pages.add_key_foot import AddKeyFoot, Step, foot_words
from latchlight.gui.pages.add_key_form import AddKeyForm
from latchlight.gui.pages.add_key_result import AddKeyResult
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.other_sites import OnAnswer, OtherSites
from latchlight.gui.widgets.waiting_panel import WaitingPanel

if TYPE_CHECKING:
    from latchlight.practice.keys import PracticeKey
    from latchlight.practice.world import PracticeWorld
    from latchlight.services import Services

__all__ = ["AddKeyDialog", "Step"]

_WIDTH, _HEIGHT = 88 * GRID, 96 * GRID


class AddKeyDialog(QDialog):
    """One key from paste to saved. Nothing is saved untested; nothing stays behind when it closes."""

    key_added = Signal(str)
    """The label of a key that is now in the keyring, read back, and in the store."""
    key_kept = Signal(object)
    """A `CheckRequest`: the user wants it in the list until the window closes, without saving."""
    crashed = Signal(object)
    """An error that has no words for the user."""

    def __init__(
        self,
        services: Services,
        runner: JobRunner,
        parent: QWidget | None = None,
        *,
        world: PracticeWorld | None = None,
        public_ip: str = "",
        once: bool = False,
        taken: Collection[str] = (),
    ) -> None:
        """`once`: the user wants to check a key without saving it. `world`: of practice mode.

        `taken`: the labels of the list, those of keys that are not saved included.
        """
        super().__init__(parent)
        self.setWindowTitle(tr(say("Check a key once") if once else say("Add a key")))
        self._once = once
        self._services = services
        self._runner = runner
        self._step = Step.FORM
        self._keeping: work.Keeping | None = None
        self._tested: work.Tested | None = None
        self._token: CancelToken | None = None
        self._close_when_known = False
        self._asking = False
        self.form = AddKeyForm(
            services.exchanges, practice=services.practice, public_ip=public_ip, taken=taken
        )
        self.form.submitted.connect(self.test)
        self._files = KeyFileReader(runner, self)
        self._files.read_whole.connect(self._file_read)
        self._files.refused.connect(self._file_refused)
        self.form.fields.files_arrived.connect(self._file_arrived)
        self.form.fields.file_wanted.connect(self._files.choose)
        self.setAcceptDrops(True)
        self._result: AddKeyResult | None = None
        self._waiting = WaitingPanel()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.form)
        self._pages.addWidget(self._waiting)
        self._make_buttons()
        self._lay_out()
        self._show_step(Step.FORM)
        self.foot.woken.connect(self._woken)
        self._look_around(world)
        self.form.setAccessibleName(self.windowTitle())
        self.form.label.setFocus()

    def _make_buttons(self) -> None:
        self.test_button = button(say("Test and save"), self.test, kind="primary")
        self.save_button = button(say("Save anyway"), self.save)
        self.keep_button = button(say("Keep in the list, unsaved"), self.keep_unsaved)
        self.back_button = button(say("Back to the form"), self.back)
        self.another_button = button(say("Add another key"), self.add_another)
        self.done_button = button(say("Done"), self.accept, kind="primary")
        self.cancel_button = button(say("Cancel"), self.reject)
        self.discard_button = button(say("Throw away"), self.throw_away, kind="danger")
        self.hold_on_button = button(say("Keep what I pasted"), self.reject, kind="primary")
        self.foot = AddKeyFoot(
            left=(self.save_button, self.keep_button, self.discard_button),
            right=(
                self.cancel_button,
                self.back_button,
                self.another_button,
                self.test_button,
                self.done_button,
                self.hold_on_button,
            ),
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(self.foot)
        screen = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(_WIDTH, screen.width()), min(_HEIGHT, screen.height() - 6 * GRID))

    def _look_around(self, world: PracticeWorld | None) -> None:
        """Which keyring is there? Asked aside: it may have to be started first."""
        services, once = self._services, self._once
        self._runner.run(
            lambda token, post: work.look_at_keyring(services, once=once),
            on_success=self._keyring_known,
            on_failure=self._keyring_unknown,
        )
        if world is not None:
            self._runner.run(
                lambda token, post: work.practice_keys(world),
                on_success=self._practice_keys_known,
                on_failure=self._failed_unexpectedly,
            )

    def _practice_keys_known(self, keys: tuple[PracticeKey, ...]) -> None:
        self.form.offer_practice_keys(keys)

    def _keyring_known(self, keeping: work.Keeping) -> None:
        self._keeping = keeping
        self._show_step(self._step)

    def _keyring_unknown(self, problem: BaseException) -> None:
        self._keeping = work.Keeping(problem=self._words(problem))
        self._show_step(self._step)

    # State ---------------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        """Where it stands."""
        return self._step

    @property
    def can_save(self) -> bool:
        """Whether there is a keyring to save in, as far as is known now."""
        return self._keeping is not None and self._keeping.problem is None

    def _show_step(self, step: Step) -> None:
        """A page that comes by itself, or under a pointer that just clicked, is dead at first."""
        came_from, self._step = self._step, step
        arriving = step is not came_from and not self._asking
        self._asking = False
        self.test_button.setText(
            tr(say("Test and save") if self.can_save else say("Check without saving"))
        )
        self.test_button.setAccessibleName(tr(self.test_button.text()))
        hold = arriving and (step in (Step.RESULT, Step.SAVED) or came_from is Step.RESULT)
        self._show_buttons(hold or (self.foot.held and not arriving))
        report = None if self._tested is None else self._tested.report
        words = foot_words(step, self._keeping, report, self.form.fields.file_row.name)
        self.foot.words.setText(words)
        self._pages.setCurrentWidget(self._page())
        if step is not Step.SAVED:
            self.foot.clipboard.forget()
        if step in (Step.TESTING, Step.SAVING, Step.RESULT):
            self._page().setFocus()

    def _woken(self) -> None:
        if self._step is Step.SAVED:
            self.done_button.setFocus()

    def _show_buttons(self, hold: bool) -> None:
        dead: set[QPushButton] = set()
        if self._step is Step.TESTING or self._keeping is None:
            dead.add(self.test_button)
        self.foot.show_buttons(self._visible_buttons(), dead, hold=hold)

    def _visible_buttons(self) -> set[QPushButton]:
        match self._step:
            case Step.FORM | Step.TESTING:
                # While testing it is dead, and keeps its place: no other button moves there.
                return {self.cancel_button, self.test_button}
            case Step.RESULT:
                risky = self.save_button if self.can_save else self.keep_button
                return {risky, self.cancel_button, self.back_button}
            case Step.SAVING:
                return set()
            case Step.SAVED:
                return {self.another_button, self.done_button}

    def _page(self) -> QWidget:
        if self._step in (Step.RESULT, Step.SAVED) and self._result is not None:
            return self._result
        return self.form if self._step is Step.FORM else self._waiting

    # Key files -----------------------------------------------------------------------------

    def _file_arrived(self, paths: list[str]) -> None:
        if self._step is Step.FORM and not self._asking:
            self._files.read(paths)

    def _file_read(self, file: KeyFile) -> None:
        if self._step is Step.FORM:
            self.form.clear_messages()
            self.form.fields.take_file(file)

    def _file_refused(self, problem: BaseException) -> None:
        self.form.show_file_problem(self._words(problem))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may come in, wherever they are dropped."""
        if event.mimeData().hasUrls() and self._step is Step.FORM:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read, never moved: whoever offers the file keeps it."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._file_arrived([url.toLocalFile() for url in event.mimeData().urls()])

    # Testing -------------------------------------------------------------------------------

    def test(self) -> None:
        """Ask the exchange. Pressing again while it runs does nothing."""
        if self._step is not Step.FORM or self._keeping is None or self._asking or self.foot.held:
            return
        self._start_test()

    def _start_test(self) -> None:
        draft = self.form.draft()
        if draft is None:
            return
        self._waiting.start(
            say("Asking {exchange} about this key", exchange=draft.spec.name),
            say("Only questions are asked. Nothing is traded, moved or changed."),
        )
        self._show_step(Step.TESTING)
        self._token = self._runner.run(
            partial(work.test_key, self._services, draft, self.can_save),
            on_success=self._test_done,
            on_failure=self._test_failed,
            on_progress=self._heard,
        )

    def _heard(self, progress: Progress) -> None:
        if self._step is Step.TESTING:
            self._waiting.show_progress(progress)

    def _test_done(self, tested: work.Tested) -> None:
        if self._step is not Step.TESTING:
            return
        self._token = None
        self._tested = tested
        self._show_result(tested)
        if tested.report.light is Light.GREEN and self.can_save:
            self._show_step(Step.RESULT)
            self.save()
        else:
            self._show_step(Step.RESULT)

    def _show_result(self, tested: work.Tested) -> None:
        self._drop_result()
        self._result = AddKeyResult(
            tested.report,
            warnings=tested.intake.warnings,
            repairs=tested.intake.repairs,
            practice=self._services.practice,
            sites=OtherSites(
                tested.draft.spec,
                tested.draft.host,
                ask=partial(self._ask_elsewhere, tested),
                use=self._use_host,
            ),
        )
        self._result.setAccessibleName(self.windowTitle())
        self._pages.addWidget(self._result)

    def _ask_elsewhere(self, tested: work.Tested, on_answer: OnAnswer) -> None:
        services = self._services

        def failed(problem: BaseException) -> None:
            words = self._words(problem)
            if alive(on_answer):
                self.foot.words.setText(words)
                on_answer(None)

        self._runner.run(
            lambda token, post: work.ask_elsewhere(services, tested, token),
            on_success=on_answer,
            on_failure=failed,
        )

    def _use_host(self, host: Host) -> None:
        """The site that knows this key: chosen in the form, and asked at once."""
        self.back()
        self.form.host.choose(host.name)
        self._start_test()

    def _drop_result(self) -> None:
        if self._result is not None:
            self._pages.removeWidget(self._result)
            self._result.deleteLater()
            self._result = None

    def _test_failed(self, problem: BaseException) -> None:
        if self._step is not Step.TESTING:
            return
        self._token = None
        self._show_step(Step.FORM)
        if isinstance(problem, InputError):
            self.form.show_problem(str(problem), problem.field)
        elif isinstance(problem, UsageError):
            self.form.show_problem(str(problem), "label")
        else:
            self.form.show_problem(self._words(problem))

    def back(self) -> None:
        """To the form, where everything is still as it was."""
        if self._step is Step.RESULT:
            self._tested = None
            self._show_step(Step.FORM)
            self._drop_result()

    # Saving --------------------------------------------------------------------------------

    def save(self) -> None:
        """Save what was tested. Pressing again while it runs does nothing."""
        tested = self._tested
        if self._step is not Step.RESULT or tested is None or not self.can_save:
            return
        services = self._services
        self._waiting.start(
            say("Saving the key in {keyring}", keyring=self._keeping_name()),
            say(
                "If your system asks for the keyring's password, its window may be behind this one."
            ),
        )
        self._show_step(Step.SAVING)
        self._runner.run(
            lambda token, post: work.save_key(services, tested),
            on_success=self._save_done,
            on_failure=self._save_failed,
        )

    def _keeping_name(self) -> str:
        return self._keeping.keyring if self._keeping is not None else ""

    def _save_done(self, profile: Profile) -> None:
        self._tested = None
        self.form.wipe()
        self.key_added.emit(profile.label)
        self._show_step(Step.SAVED)
        self.foot.clipboard.take_over(self.form.clipboard)
        if self._close_when_known:
            self.accept()

    def _save_failed(self, problem: BaseException) -> None:
        self._close_when_known = False
        words = self._words(problem)
        self._show_step(Step.RESULT)
        self.foot.words.setText(say("Not saved: {problem}", problem=words))
        visible = {*self._visible_buttons(), self.keep_button}
        self.foot.show_buttons(visible, (), hold=True)

    def keep_unsaved(self) -> None:
        """Hand the key to the list until the window closes."""
        if self._step is Step.RESULT and self._tested is not None:
            self.key_kept.emit(work.unsaved_request(self._tested))
            self.accept()

    def add_another(self) -> None:
        """An empty form again."""
        if self._step is Step.SAVED:
            self.form.empty()
            self._show_step(Step.FORM)
            self._drop_result()

    # Errors and closing --------------------------------------------------------------------

    def _words(self, problem: BaseException) -> Sentence:
        if not isinstance(problem, LatchlightError):
            self.crashed.emit(problem)
            problem = internal_fault()
        return say("{problem}", problem=problem)

    def _failed_unexpectedly(self, problem: BaseException) -> None:
        self.form.show_problem(self._words(problem))

    def _stop_test(self) -> None:
        if self._token is not None:
            self._token.cancel()
            self._token = None

    def reject(self) -> None:
        """Escape: stops a test; asks before pasted secrets are lost, and a second time keeps them.

        While saving, the dialog waits until it is known whether the key was saved.
        """
        if self._step is Step.SAVING:
            self._close_when_known = True
            self._waiting.say(say("This closes as soon as it is known whether the key was saved."))
        elif self._step is Step.TESTING:
            self._stop_test()
            self._show_step(Step.FORM)
        elif self._asking:
            self._show_step(self._step)
            self._page().setFocus()
        elif self.form.holds_secrets:
            self._ask()
        else:
            self.throw_away()

    def _ask(self) -> None:
        """In place: a dialog on a dialog would hide what it asks about."""
        self._asking = True
        self.foot.words.setText(say("Throw away what you pasted?"))
        self.foot.show_buttons({self.discard_button, self.hold_on_button}, (), hold=False)
        self.hold_on_button.setFocus()

    def throw_away(self) -> None:
        """Close. Nothing that was pasted or tested stays."""
        self._stop_test()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's own button closes at once, except while saving."""
        if self._step is Step.SAVING:
            self.reject()
            event.ignore()
            return
        self.throw_away()
        event.accept()

    def done(self, result: int) -> None:
        """Whatever way it closes: nothing secret stays in it."""
        self._tested = None
        self.form.wipe()
        self.form.clipboard.forget()
        self.foot.clipboard.forget()
        super().done(result)
