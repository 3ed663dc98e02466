"""What this program is, what it promises and what it cannot, and everybody it ever talks to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from latchlight import __version__
from latchlight.core.errors import LatchlightError, internal_fault
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges import FACTS_DATE
from latchlight.gui import trust_work as work
from latchlight.gui.jobs import JobRunner
from latchlight.gui.moments import moment
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.panel import column
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.gui.widgets.update_card import UpdateCard

if TYPE_CHECKING:
    from latchlight.help.contacts import Party
    from latchlight.services import Services

PROMISES: tuple[Sentence, ...] = (
    say("A light is green only if every fact it needs was read from the exchange in this run."),
    say("What Latchlight does not understand is grey, never green."),
    say("Secrets are kept in the system keyring and nowhere else, and shown to nobody again."),
    say("Only questions are asked. No order, transfer, withdrawal or change is ever sent."),
    say("Nobody else is contacted: no statistics, no crash report, no search for updates unasked."),
    say("A removed key is looked for in the keyring again, and you are told if anything is left."),
)
NON_PROMISES: tuple[Sentence, ...] = (
    say("A program that runs as you on this computer can read what you can read, keys included."),
    say("Green means what the exchange reports. Exchanges have reported wrongly before."),
    say("A check made here says nothing about the server on which your bot runs: check there too."),
    say("Minutes after a check, somebody can change the key on the exchange's page."),
    say("A safe key is not a safe bot: trades within its rights can lose everything."),
    say("Traces of a secret can stay in memory, in the swap file or in a clipboard manager."),
)
LICENCES: tuple[Sentence, ...] = (
    say("Latchlight: MIT licence."),
    say(
        "Qt and Qt for Python (PySide6): GNU LGPL 3. They are separate files that you may replace by your own build."
    ),
    say("requests: Apache 2.0. urllib3 and keyring: MIT. certifi: MPL 2.0."),
    say("cryptography: Apache 2.0 or BSD, with OpenSSL (Apache 2.0). trustme: MIT or Apache 2.0."),
    say("Python: PSF licence. SQLite: public domain."),
)


class TrustPage(PageColumn):
    """All of it is plain text, so that it can be read without any network."""

    IN_PIECES = True

    crashed = Signal(object)
    """An error that has no words for the user."""
    page_requested = Signal(str)
    """The page from which a newer version is downloaded."""

    def __init__(
        self, services: Services, runner: JobRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self.updates = UpdateCard(services, runner)
        self.updates.crashed.connect(self.crashed)
        self.updates.page_requested.connect(self.page_requested)
        self.add(PlainLabel(say("About Latchlight"), TextRole.TITLE), _about(), self.updates)
        self.add(_list_card(say("What it promises"), PROMISES))
        self.add(_list_card(say("What it cannot promise"), NON_PROMISES))
        self.keyring = PlainLabel(say("Looking…"))
        keeping = Section(say("Where secrets are kept"))
        keeping.add(self.keyring)
        self.parties = Section(
            say("Everybody it can ever contact"),
            say("Made from the tables by which requests are allowed: all others are refused."),
        )
        self.contacts = _ContactsCard(self.refresh)
        self.add(keeping, self.parties, self.contacts)
        self.add(_list_card(say("Licences"), LICENCES))
        self.close_column()
        self.refresh()

    def refresh(self) -> None:
        """Read keyring and contacts again."""
        services = self._services
        self._runner.run(
            lambda token, post: work.look_up_trust(services),
            on_success=self._known,
            on_failure=self._failed,
        )

    def _known(self, trust: work.Trust) -> None:
        self.keyring.setText(trust.keyring)
        if self.parties.column.count() == 2:
            for party in trust.parties:
                self.parties.add(_party(party))
        self.contacts.show_contacts(trust)

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, LatchlightError):
            self.crashed.emit(problem)
            problem = internal_fault()
        self.keyring.setText(str(problem))


def _about() -> Section:
    card = Section()
    card.add(
        PlainLabel(say("Version {version}", version=__version__), TextRole.STRONG, selectable=True),
        PlainLabel(
            say(
                "The tables about the exchanges were compared with their sources on {date}.",
                date=FACTS_DATE,
            )
        ),
        PlainLabel(
            say(
                "Latchlight shows whether an exchange API key is safe to hand to a bot, and which switch "
                "makes it safe. It is not connected with any exchange."
            )
        ),
    )
    return card


def _list_card(title: str, sentences: tuple[Sentence, ...]) -> Section:
    card = Section(title)
    card.add(column(*(PlainLabel(say("• {text}", text=s)) for s in sentences), spacing=GRID // 2))
    return card


def _party(party: Party) -> QWidget:
    box = QWidget()
    box.setAccessibleName(tr(party.name))
    lines = QVBoxLayout(box)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(GRID // 4)
    lines.addWidget(PlainLabel(party.name, TextRole.STRONG))
    for place in party.places:
        lines.addWidget(PlainLabel(place.words, selectable=True))
    for endpoint in party.endpoints:
        lines.addWidget(
            PlainLabel(
                say("{request}: sends {what}", request=endpoint.request, what=endpoint.sends),
                TextRole.SMALL,
                ink="muted",
                selectable=True,
            )
        )
    lines.addWidget(PlainLabel(party.when, TextRole.SMALL, ink="muted"))
    return box


class _ContactsCard(Section):
    """Who was contacted so far."""

    def __init__(self, refresh: Callable[[], None]) -> None:
        super().__init__(say("Contacted so far"))
        self.said = PlainLabel(say("Looking…"), ink="muted")
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 2)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(0, 1)
        self.add(self.said, self._table)
        again = button(say("Read again"), refresh)
        self.add(again)
        self.column.setAlignment(again, Qt.AlignmentFlag.AlignLeft)

    def show_contacts(self, trust: work.Trust) -> None:
        """One line per host and path, newest first."""
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        for row, one in enumerate(trust.contacted):
            where = PlainLabel(f"{one.host}{one.path}", selectable=True)
            self._grid.addWidget(where, row, 0)
            when = PlainLabel(moment(one.last), TextRole.SMALL, ink="muted", wrap=False)
            self._grid.addWidget(when, row, 1)
        self.said.setText(_contact_words(trust))

    def lines(self) -> list[str]:
        """What the table says, for screen readers and tests."""
        found = []
        for index in range(self._grid.count()):
            item = self._grid.itemAt(index)
            widget = item.widget() if item is not None else None
            if isinstance(widget, PlainLabel):
                found.append(widget.text())
        return found


def _contact_words(trust: work.Trust) -> Sentence:
    if trust.problem is not None:
        return trust.problem
    if not trust.contacted:
        return say("Nobody yet.")
    return say("With the time of the last contact; written down before each call.")
