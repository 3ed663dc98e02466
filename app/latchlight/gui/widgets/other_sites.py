"""The offer to ask an exchange's other sites about a key, and to use the one that knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.spec import ExchangeSpec, Host
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.focus import FocusKeeper, has_focus
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow

if TYPE_CHECKING:
    from latchlight.probing import FoundHost

OnAnswer = Callable[["FoundHost | None"], None]


@dataclass(frozen=True)
class OtherSites:
    """Where else a key could be asked about, and the ways to do it."""

    exchange: ExchangeSpec
    host: str
    """The host that does not know the key."""
    ask: Callable[[OnAnswer], None]
    use: Callable[[Host], None]
    """Keep the host that was found, and check again."""

    @property
    def hosts(self) -> tuple[Host, ...]:
        """Where the key could belong."""
        return self.exchange.others(self.host)

    @property
    def caption(self) -> Sentence:
        """For the button that opens the offer."""
        return say("Ask {exchange}'s other sites", exchange=self.exchange.name)


class OtherSitesOffer(Panel):
    """Says what would be sent to whom, and asks nobody before the yes."""

    found = Signal()
    """One of them knows the key: nothing else needs to be mended."""

    def __init__(self, sites: OtherSites, on_no: Callable[[], object]) -> None:
        super().__init__("quote")
        self._sites = sites
        self._yes = button(say("Ask them"), self._ask)
        self._answer = PlainLabel(role=TextRole.STRONG)
        self._keeper = FocusKeeper(self._yes, self._answer)
        self._use: QPushButton | None = None
        self.column.setSpacing(GRID)
        self.column.addWidget(PlainLabel(_consent(sites.exchange)))
        self.column.addWidget(bulleted(place(host) for host in sites.hosts))
        self._questions = TurningRow(self._yes, button(say("Do not ask"), on_no, kind="quiet"))
        self.column.addWidget(self._questions)
        self.column.addWidget(self._answer)
        self._answer.hide()

    def _ask(self) -> None:
        self._keeper.set_enabled(False)
        self._say(say("Asking…"))
        self._sites.ask(self._answered)

    def _answered(self, found: FoundHost | None) -> None:
        self._keeper.set_enabled(True)
        if found is None:
            self._say(say("None of them knows this key, or none could be asked."))
        else:
            self._offer(found)

    def _offer(self, found: FoundHost) -> None:
        self.found.emit()
        diagnosis, host = found.diagnosis, found.host
        self._say(say("{title}", title=diagnosis.title))
        for sentence in (diagnosis.next_step, host.limits):
            if sentence is not None:
                self.column.addWidget(PlainLabel(sentence))
        caption = say("Use {title} from now on", title=_called(host, self._sites))
        use = self._use = button(caption, lambda: self._take(host), kind="primary")
        had_keyboard = has_focus(self)
        row = TurningRow(use)
        self.column.addWidget(row)
        row.show()
        self._questions.hide()
        if had_keyboard:
            use.setFocus()

    def _take(self, host: Host) -> None:
        if self._use is not None and self._use.isEnabled():
            self._answer.setFocus()
            self._use.setEnabled(False)
            self._sites.use(host)

    def _say(self, text: Sentence) -> None:
        self._answer.setText(text)
        self._answer.show()


def _consent(exchange: ExchangeSpec) -> Sentence:
    """What would be seen there; some exchanges want the passphrase in the open."""
    if any(field.name == "passphrase" for field in exchange.fields):
        return say(
            "Latchlight will ask each of these sites one read-only question, signed with this key: does it know "
            "the key? They see the API key, its passphrase and your public IP. The secret itself is never sent."
        )
    return say(
        "Latchlight will ask each of these sites one read-only question, signed with this key: does it know "
        "the key? They see the API key and your public IP. The secret itself is never sent."
    )


def place(host: Host) -> Sentence:
    """`OKX Europe (eea.okx.com)`; where the title says the address already, it stands alone."""
    if host.server in host.title:
        return say("{title}", title=host.title)
    return say("{title} ({server})", title=host.title, server=host.server)


def _called(host: Host, sites: OtherSites) -> Sentence:
    """The title alone, unless another place of the exchange has the same."""
    twins = sum(other.title == host.title for other in sites.exchange.hosts)
    return place(host) if twins > 1 else say("{title}", title=host.title)
