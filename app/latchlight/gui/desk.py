"""What fills the window: the real workspace or the practice one, never both."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog

from latchlight.core.errors import LatchlightError, internal_fault
from latchlight.core.sentences import say
from latchlight.gui import language, theme, tongue, work
from latchlight.gui.crash import CrashHook
from latchlight.gui.foresight import Foresight
from latchlight.gui.jobs import JobRunner
from latchlight.gui.main_window import MainWindow
from latchlight.gui.session import Session
from latchlight.gui.staying import Staying
from latchlight.gui.theme import Scheme
from latchlight.gui.workspace import Workspace

if TYPE_CHECKING:
    from latchlight.practice.world import PracticeWorld
    from latchlight.services import Services


class Desk(QObject):
    """Fills the window, passes crashes on, and swaps the real keys for practice and back."""

    language_changed = Signal()
    """Another language is in force: what shows words outside of the window is to be made anew."""

    def __init__(self, app: QApplication, window: MainWindow, hook: CrashHook) -> None:
        super().__init__(window)
        self._app = app
        self._window = window
        self._aside: Workspace | None = None
        """The real keys while practice is shown: hidden, but their lights age and their checks go on."""
        self._starting = False
        self._language = ""
        """As it was chosen: a code, or empty for that of the system."""
        self._starter = JobRunner(self)
        self.workspace: Workspace | None = None
        self.staying: Staying | None = None
        self.foresight = Foresight(self._is_quiet, self)
        hook.tell(self._crashed)
        window.closing.connect(self.close)

    def open(self, services: Services, world: PracticeWorld | None = None) -> None:
        """Show these services. Practice puts the real keys aside; anything else before it is closed."""
        shown = self.workspace
        if world is not None and shown is not None and not shown.session.practice:
            self._window.put_aside()
            self._aside = shown
        elif shown is not None:
            _close(shown)
        session = Session(services, world)
        if world is not None:
            session.language = self._language
        self._show(self._connected(Workspace(session)))
        session.loaded.connect(self._loaded)
        if not session.practice:
            self._stay_with(session)

    def _is_quiet(self) -> bool:
        return self.workspace is not None and not self.workspace.session.running

    def _stay_with(self, session: Session) -> None:
        """The icon beside the clock is about the real keys, whatever the window shows."""
        if self.staying is not None:
            self.staying.close()
            self.staying.deleteLater()
        self.staying = Staying(self._app, self._window, session, self.quit, self)
        self.language_changed.connect(self.staying.tray.retranslate)

    def quit(self) -> None:
        """End the program, whatever was chosen for closing the window."""
        self.leave()
        self._window.close()
        self._app.quit()

    def leave(self) -> None:
        """The program is about to end: closing the window is no reason to stay any more."""
        if self.staying is not None:
            self.staying.leave()

    def _connected(self, workspace: Workspace) -> Workspace:
        workspace.practice_requested.connect(self.start_practice)
        workspace.leave_practice_requested.connect(self.leave_practice)
        workspace.quit_requested.connect(self.quit)
        workspace.theme_chosen.connect(partial(self._theme_chosen, workspace.session))
        workspace.language_chosen.connect(partial(self._language_chosen, workspace.session))
        return workspace

    def _show(self, workspace: Workspace) -> None:
        self.workspace = workspace
        if workspace.session.world is not None:
            workspace.session.world.language = tongue.in_force()  # of its pages in the browser
        title = say("Practice · Latchlight") if workspace.session.practice else say("Latchlight")
        self._window.fill(workspace, title)

    def close(self) -> None:
        """Stop everything at once; waits for nothing."""
        if self.staying is not None:
            self.staying.close()
        for workspace in (self.workspace, self._aside):
            if workspace is not None:
                _close(workspace)

    def start_practice(self) -> None:
        """Start the practice exchange in a worker, then show it; nothing real is opened for it."""
        if self._starting:
            return
        self._starting = True
        if self.workspace is not None:
            self.workspace.messages.show_notice(say("Starting the practice exchange…"))
        self._starter.run(
            lambda token, post: _in_language(work.start_practice(), self._language),
            on_success=self._practice_started,
            on_failure=self._practice_failed,
        )

    def _practice_started(self, started: tuple[PracticeWorld, Services]) -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            # Somebody pastes a key meanwhile: that comes first.
            once = Qt.ConnectionType.SingleShotConnection
            dialog.finished.connect(lambda _: self._practice_started(started), once)
            return
        self._starting = False
        world, services = started
        self.open(services, world)

    def _practice_failed(self, problem: BaseException) -> None:
        self._starting = False
        if self.workspace is not None:
            self.workspace.on_crash(problem)
            return
        words = problem if isinstance(problem, LatchlightError) else internal_fault()
        self._window.say_only(str(words))

    def leave_practice(self) -> None:
        """Back to the real keys, as they were left; their lights have aged meanwhile."""
        left, back = self.workspace, self._aside
        if back is None:
            from latchlight.services import production

            self.open(production())
            return
        if left is not None:
            _close(left)
        self._aside = None
        self._show(back)
        self._use_theme(back.session.theme)
        self._use_language(back.session.language)
        back.keys.setFocus()

    def _loaded(self) -> None:
        if self.workspace is None:
            return
        session = self.workspace.session
        if not session.practice:
            self._use_theme(session.theme)
            self._use_language(session.language)
        elif not any(row.report or row.checking for row in session.rows):
            session.check_all()

    def _theme_chosen(self, session: Session, scheme: str) -> None:
        session.theme = scheme
        self._use_theme(scheme)

    def _language_chosen(self, session: Session, code: str) -> None:
        session.language = code
        self._use_language(code)

    def _use_language(self, code: str) -> None:
        """Not at once: whoever asked for it is made anew, and must have finished before."""
        self._language = code
        QTimer.singleShot(0, self, self._speak)

    def _speak(self) -> None:
        """Put the language in force, and make what shows words anew around the same sessions."""
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            # It belongs to what would be made anew.
            dialog.finished.connect(self._speak_later, Qt.ConnectionType.SingleShotConnection)
            return
        if not language.use(self._language):
            return
        shown, aside = self.workspace, self._aside
        if aside is not None:
            self._aside = self._again(aside)
            aside.deleteLater()
        if shown is not None:
            self._show(self._again(shown))
        self.language_changed.emit()

    def _speak_later(self) -> None:
        self._use_language(self._language)

    def _again(self, workspace: Workspace) -> Workspace:
        again = self._connected(Workspace(workspace.session))
        again.resume(workspace)
        return again

    def _use_theme(self, scheme: str) -> None:
        theme.apply(self._app, Scheme(scheme))

    def _crashed(self) -> None:
        for workspace in (self.workspace, self._aside):
            if workspace is not None:
                workspace.on_crash()


def _in_language(
    started: tuple[PracticeWorld, Services], code: str
) -> tuple[PracticeWorld, Services]:
    """Practice begins in the language of the real keys; what is chosen there stays there."""
    _, services = started
    services.store().language = code
    return started


def _close(workspace: Workspace) -> None:
    """Stop everything in it at once."""
    workspace.session.close()
    if workspace.session.world is not None:
        workspace.session.world.close()
