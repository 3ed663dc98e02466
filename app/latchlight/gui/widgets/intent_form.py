"""What the key is for and where the bot runs, in plain words."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from latchlight.core.errors import InputError
from latchlight.core.facts import Readable
from latchlight.core.named_addresses import read_addresses
from latchlight.core.purpose import Intent, Purpose, Setup
from latchlight.core.sentences import Sentence, say, series
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.gui.theme import GRID
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.choice import Choice
from latchlight.gui.widgets.form_row import FormRow

PURPOSE_ANSWERS: dict[Purpose, Sentence] = {
    Purpose.WATCH: say("Only to watch: balances and history, no trading"),
    Purpose.SPOT: say("A spot trading bot"),
    Purpose.MARGIN: say("A margin trading bot"),
    Purpose.FUTURES: say("A futures trading bot"),
}
SETUP_ANSWERS: dict[Setup, Sentence] = {
    Setup.THIS_COMPUTER: say("On this computer"),
    Setup.ONE_SERVER: say("On one server"),
    Setup.FAILOVER: say("On two servers: one works, one stands by"),
    Setup.STAGING_AND_PRODUCTION: say("One for trials, one for real: this key serves one of them"),
    Setup.SERVERLESS: say("In the cloud, leaving through fixed addresses"),
    Setup.HOME_AND_SERVER: say("On a server, and sometimes at home"),
}


class IntentForm(QWidget):
    """Purpose, set-up and addresses. `practice` lets the example addresses of practice pass."""

    changed = Signal()

    def __init__(
        self, *, public_ip: str = "", practice: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._practice = practice
        self._public_ip = public_ip
        self.purpose = Choice[Purpose](say("What is this key for?"), PURPOSE_ANSWERS.items())
        self.setup = Choice[Setup](say("Where does the bot run?"), SETUP_ANSWERS.items())
        self.addresses = QLineEdit()
        self.purpose.choose(Purpose.SPOT)
        self.address_row = FormRow(say("Its public IP addresses (optional)"), self.addresses)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID * 3 // 2)
        column.addWidget(FormRow(say("What is this key for?"), self.purpose))
        column.addWidget(FormRow(say("Where does the bot run?"), self.setup))
        column.addWidget(self.address_row)
        if public_ip:
            self.fill_in = button(
                say("Use this computer's public IP, {address}", address=public_ip),
                self._add_public_ip,
                kind="quiet",
            )
            column.addWidget(self.fill_in)
        self.addresses.textEdited.connect(self._edited)
        self.purpose.currentIndexChanged.connect(self._edited)
        self.setup.currentIndexChanged.connect(self._edited)

    def speak_of(self, spec: ExchangeSpec) -> None:
        """This exchange was chosen: promise to compare addresses only where it shows its list."""
        self.address_row.show_hint(address_hint(spec))

    def intent(self) -> Intent:
        """What was answered. Raises InputError, and says so under the addresses."""
        try:
            named = read_addresses(self.addresses.text(), allow_documentation=self._practice)
        except InputError as problem:
            self.address_row.show_error(str(problem))
            raise
        self.address_row.clear()
        return Intent(self.purpose.value, self.setup.value, named)

    def show_intent(self, intent: Intent) -> None:
        """Fill in answers from before."""
        self.purpose.choose(intent.purpose)
        self.setup.choose(intent.setup)
        self.addresses.setText(series(intent.addresses))

    def _add_public_ip(self) -> None:
        there = self.addresses.text().strip().rstrip(",")
        if self._public_ip and self._public_ip not in there.replace(",", " ").split():
            self.addresses.setText(f"{there}, {self._public_ip}" if there else self._public_ip)
        self._edited()

    def _edited(self, *_: object) -> None:
        self.address_row.clear()
        self.changed.emit()


def address_hint(spec: ExchangeSpec) -> Sentence:
    """What the addresses are good for at this exchange."""
    if spec.readable is Readable.FULL:
        return say(
            "Several are separated by commas. "
            "Latchlight then tells you when the exchange's list holds others."
        )
    return say(
        "Several are separated by commas. {exchange} does not show its whole list, "
        "so compare it there yourself.",
        exchange=spec.name,
    )
