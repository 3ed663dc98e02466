"""Asks for a newer version when the button is pressed, and never otherwise."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from latchlight.core.errors import LatchlightError, internal_fault
from latchlight.core.release_notice import NoticeError, Standing, Update
from latchlight.core.sentences import say
from latchlight.gui import trust_work as work
from latchlight.gui.jobs import JobRunner
from latchlight.gui.theme import TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.services import Services

_BEHIND = (Standing.OLDER, Standing.INSECURE)


class UpdateCard(Section):
    """A failed question is called failed: it never reads as "there is nothing new"."""

    page_requested = Signal(str)
    """The address of the page from which the newer version is downloaded."""
    crashed = Signal(object)

    def __init__(self, services: Services, runner: JobRunner) -> None:
        super().__init__(say("New versions"), _intro(services))
        self._services = services
        self._runner = runner
        self._page = ""
        self.said = PlainLabel(say("Not asked yet."), selectable=True)
        self.more = PlainLabel("", TextRole.SMALL, ink="muted")
        self.ask = button(say("Check for updates"), self.look)
        self.ask.setEnabled(not services.practice)
        self.open = button(say("Open the download page"), self._open, kind="primary")
        self.add(self.said, self.more, self.open, self.ask)
        for each in (self.ask, self.open):
            self.column.setAlignment(each, Qt.AlignmentFlag.AlignLeft)
        self.more.hide()
        self.open.hide()

    def look(self) -> None:
        """Ask now."""
        self.ask.setEnabled(False)
        self.show_answer(say("Asking…"))
        services = self._services
        self._runner.run(
            lambda token, post: work.look_for_update(services, token),
            on_success=self._known,
            on_failure=self._failed,
        )

    def _known(self, found: tuple[Update, str, str]) -> None:
        update, words, page = found
        self.ask.setEnabled(True)
        behind = update.standing in _BEHIND
        how = say("Verify what you download before you install it: the page says how.")
        self.show_answer(words, how if behind else "", page if behind else "")

    def _failed(self, problem: BaseException) -> None:
        self.ask.setEnabled(True)
        if not isinstance(problem, LatchlightError):
            self.crashed.emit(problem)
            problem = internal_fault()
        if isinstance(problem, NoticeError):
            self.show_answer(say("Not checked: {why}", why=problem.message), problem.next_step)
        else:
            self.show_answer(say("Not checked: {why}", why=problem))

    def show_answer(self, words: str, more: str = "", page: str = "") -> None:
        """One sentence, what to do next, and the page of a newer version where there is one."""
        self.said.setText(words)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self._page = page
        self.open.setVisible(bool(page))

    def _open(self) -> None:
        self.page_requested.emit(self._page)


def _intro(services: Services) -> str:
    if services.practice:
        return say("Nothing leaves this computer while you practise. Leave practice to ask.")
    home = services.home()
    if home is None:
        return say(
            "Latchlight never looks for a new version by itself. This copy was built from source, "
            "so it does not know where to ask."
        )
    return say(
        "Latchlight never looks for a new version by itself. The button asks {host}, and sends "
        "nothing about you or your keys.",
        host=home.host,
    )
