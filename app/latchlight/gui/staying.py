"""Whether the program outlives its window, and the way back to it from beside the clock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from latchlight.core.sentences import say
from latchlight.gui import settings_work as work
from latchlight.gui.happenings import Message
from latchlight.gui.main_window import MainWindow
from latchlight.gui.session import Session
from latchlight.gui.tray import Tray, has_tray


class Staying(QObject):
    """One for the session of the real keys. Without a place beside the clock, closing is quitting."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        session: Session,
        on_quit: Callable[[], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._window = window
        self._session = session
        self._leaving = False
        self._away = False
        self.tray = Tray(session, self._in_front, self)
        self.tray.open_wanted.connect(self.show_window)
        self.tray.quit_wanted.connect(on_quit)
        window.stays = self._stays
        window.put_away.connect(self._put_away)
        app.commitDataRequest.connect(self.leave)
        session.ticked.connect(self._look_after)

    def leave(self, *_: object) -> None:
        """From now on closing is quitting: the user wants it, or the desktop ends."""
        self._leaving = True
        self._app.setQuitOnLastWindowClosed(True)

    def close(self) -> None:
        """The session ends."""
        self.leave()
        self.tray.close()

    def show_window(self) -> None:
        """Bring the window back."""
        self._away = False
        self._app.setQuitOnLastWindowClosed(True)
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _in_front(self) -> bool:
        return self._window.isVisible() and self._window.isActiveWindow()

    def _stays(self) -> bool:
        return not self._leaving and self._session.watch.choices.stay and has_tray()

    def _put_away(self) -> None:
        """Nobody is left wondering where the window went; said once, ever."""
        self._away = True
        self._app.setQuitOnLastWindowClosed(False)
        services = self._session.services
        self._session.runner.run(
            lambda token, post: work.first_time(services, "told_staying"),
            on_success=self._say_staying,
            on_failure=lambda _: self._say_staying(True),
        )

    def _say_staying(self, first: bool) -> None:
        if first and self._away:
            self.tray.tell(_STAYING)

    def _look_after(self) -> None:
        """Where the place beside the clock is gone, the window is the only way back."""
        if self._away and not self._leaving and not has_tray():
            self.show_window()


_STAYING = Message(
    say("Latchlight keeps watching"),
    say("The window is closed. Open it again, or quit, by the icon beside the clock."),
)
