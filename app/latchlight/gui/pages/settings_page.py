"""What can be chosen. There are few choices, and none makes a light greener."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget
from shiboken6 import isValid

from latchlight.core.errors import LatchlightError, internal_fault
from latchlight.core.limits import LIMITS
from latchlight.core.sentences import Sentence, say, series
from latchlight.gui import settings_work as work
from latchlight.gui.jobs import JobRunner
from latchlight.gui.pages.watch_section import WatchSection
from latchlight.gui.theme import GRID, Scheme, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.choice import Choice
from latchlight.gui.widgets.form_row import FormRow
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section

if TYPE_CHECKING:
    from latchlight.core.watching import WatchChoices
    from latchlight.services import Services

_SCHEME_WORDS: dict[Scheme, Sentence] = {
    Scheme.SYSTEM: say("As the system"),
    Scheme.LIGHT: say("Light"),
    Scheme.DARK: say("Dark"),
}
_FAMILY_WORDS = (
    (True, say("Over IPv4 only (recommended)")),
    (False, say("Over IPv4 or IPv6, as the system prefers")),
)
_LOOKUP_WORDS = (
    (True, say("Ask them, to show my public IP and notice changes")),
    (False, say("Never ask them")),
)
_OLDEST_DAYS = 3650


class SettingsPage(PageColumn):
    """Every change is kept at once; what could not be kept is taken back and said."""

    IN_PIECES = True

    theme_chosen = Signal(str)
    """`system`, `light` or `dark`: to be put in force."""
    language_chosen = Signal(str)
    """The code of a language, now remembered: to be put in force. Empty for that of the system."""
    changed = Signal(object)
    """The `Chosen` that is now remembered."""
    history_forgotten = Signal()
    crashed = Signal(object)
    """An error that has no words for the user."""

    def __init__(
        self,
        services: Services,
        runner: JobRunner,
        parent: QWidget | None = None,
        on_rules: Callable[[], object] = lambda: None,
        on_watching: Callable[[WatchChoices], object] = lambda _: None,
    ) -> None:
        """`on_rules` is called whenever something changes that lights depend on.

        At once, and again when it is kept, even if this page is gone by then: what is checked
        between the two was checked by the old settings. `on_watching` is called at once with what
        may be done by itself from now on.
        """
        super().__init__(parent)
        self._services = services
        self._on_rules = on_rules
        self._on_watching = on_watching
        self._runner = runner
        self._chosen: work.Chosen | None = None
        self._waiting: work.Chosen | None = None
        self._keeping = False
        self._goes_to_language = False
        self.status = PlainLabel("", ink="muted")
        self.status.hide()
        self.completed.connect(self._start_reading)
        self._build()

    def _start_reading(self) -> None:
        self._set_enabled(False)
        services = self._services
        self._runner.run(
            lambda token, post: work.read_settings(services),
            on_success=self._read,
            on_failure=self._failed,
        )

    # Building ------------------------------------------------------------------------------

    def _build(self) -> None:
        self.add(PlainLabel(say("Settings"), TextRole.TITLE), self.status)
        self.add(self._look, self._checks, self._watching, self._addresses, self._history)
        self.close_column()

    def _look(self) -> Section:
        card = Section(say("Appearance"))
        self.theme = Choice[str](say("Colours"), [(s.value, w) for s, w in _SCHEME_WORDS.items()])
        self.theme.activated.connect(self._edited)
        self.language = Choice[str](say("Language"), [])
        self.language.activated.connect(self._edited)
        card.add(FormRow(say("Language"), self.language), FormRow(say("Colours"), self.theme))
        return card

    def _checks(self) -> Section:
        card = Section(say("Checks"))
        self.key_age = QLineEdit()
        self.key_age.setMaxLength(len(str(_OLDEST_DAYS)))
        self.key_age.editingFinished.connect(self._edited)
        self.age_row = FormRow(
            say("Days after which a key is called old"),
            self.key_age,
            say("An old key is amber, until you replace it or raise this number."),
        )
        self.family = Choice[bool](say("Asking exchanges"), _FAMILY_WORDS)
        self.family.activated.connect(self._edited)
        hint = say(
            "Most whitelists hold IPv4 addresses only: over IPv6 the exchange would see another "
            "address and refuse the key."
        )
        card.add(self.age_row, FormRow(say("Asking exchanges"), self.family, hint))
        return card

    def _watching(self) -> Section:
        self.watching = WatchSection(practice=self._services.practice)
        self.watching.edited.connect(self._edited)
        return self.watching

    def _addresses(self) -> Section:
        card = Section(say("Your public IP"))
        self.lookups = Choice[bool](say("Address services"), _LOOKUP_WORDS)
        self.lookups.activated.connect(self._edited)
        self.asked = PlainLabel("", TextRole.SMALL, ink="muted")
        card.add(FormRow(say("Address services"), self.lookups), self.asked)
        return card

    def _history(self) -> Section:
        card = Section(
            say("History"),
            say(
                "Past reports, lock tests, addresses and contacts are kept, on this computer only."
            ),
        )
        self.forget = button(say("Forget history…"), self._ask_to_forget)
        self.really = button(say("Forget it now"), self._forget, kind="danger")
        self.rather_not = button(say("Keep it"), self._keep_history)
        self.question = PlainLabel(say("Keys and settings stay. The rest cannot be brought back."))
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for one in (self.forget, self.really, self.rather_not):
            row.addWidget(one)
        row.addStretch(1)
        card.add(self.question)
        card.add_row(row)
        self._show_question(False)
        return card

    # Showing -------------------------------------------------------------------------------

    @property
    def chosen(self) -> work.Chosen | None:
        """What is remembered; None until it was read."""
        return self._chosen

    def _read(self, chosen: work.Chosen) -> None:
        self.language.offer([("", say("As the system")), *chosen.languages])
        self._show(chosen)
        self._set_enabled(True)
        if self._goes_to_language:
            self.language.setFocus()

    def go_to_language(self) -> None:
        """Put the keyboard on the choice of the language as soon as there is one."""
        self._goes_to_language = True

    def _show(self, chosen: work.Chosen) -> None:
        self._chosen = chosen
        self.theme.choose(chosen.theme)
        self.language.choose(chosen.language)
        self.key_age.setText(str(chosen.key_age_days))
        self.age_row.clear()
        self.family.choose(chosen.force_ipv4)
        self.lookups.choose(chosen.address_lookups)
        self.watching.show_choices(chosen.watching)
        self.asked.setText(_asked_words(chosen.services))

    def _set_enabled(self, enabled: bool) -> None:
        for widget in (
            self.language,
            self.theme,
            self.key_age,
            self.family,
            self.lookups,
            self.watching,
            self.forget,
        ):
            widget.setEnabled(enabled)

    def _say(self, text: str, *, problem: bool = False) -> None:
        self.status.setProperty("ink", "problem" if problem else "muted")
        self.status.style().unpolish(self.status)
        self.status.style().polish(self.status)
        self.status.setText(text)
        self.status.setVisible(bool(text))
        if problem:
            self.ensureWidgetVisible(self.status)

    # Keeping -------------------------------------------------------------------------------

    def _edited(self, *_: object) -> None:
        before = self._waiting or self._chosen
        days = self._wanted_days()
        if before is None or days is None:
            return
        wanted = replace(
            before,
            theme=self.theme.value,
            language=self.language.value,
            key_age_days=days,
            force_ipv4=self.family.value,
            address_lookups=self.lookups.value,
            watching=self.watching.choices,
        )
        if wanted == before:
            return
        if wanted.theme != before.theme:
            self.theme_chosen.emit(wanted.theme)
        if wanted.watching != before.watching:
            self._on_watching(wanted.watching)
        if _rules(wanted) != _rules(before):
            self._on_rules()
        self._waiting = wanted
        self._keep_next()

    def _wanted_days(self) -> int | None:
        """The days that were typed; None after saying what is wrong with them."""
        text = self.key_age.text().strip()
        days = int(text) if text.isascii() and text.isdigit() else 0
        if 1 <= days <= _OLDEST_DAYS:
            self.age_row.show_error("")
            return days
        self.age_row.show_error(say("Type a number from 1 to {most}.", most=_OLDEST_DAYS))
        return None

    def _keep_next(self) -> None:
        """One at a time, and of several quick changes only the last."""
        wanted, services = self._waiting, self._services
        if wanted is None or self._keeping:
            return
        self._waiting = None
        self._keeping = True
        before = self._chosen

        def kept(chosen: work.Chosen) -> None:
            if before is None or _rules(chosen) != _rules(before):
                self._on_rules()
            if isValid(self):
                self._kept(chosen)

        self._runner.run(
            lambda token, post: work.keep_settings(services, wanted),
            on_success=kept,
            on_failure=self._not_kept,
        )

    def _kept(self, chosen: work.Chosen) -> None:
        self._keeping = False
        before = self._chosen
        if self._waiting is None:
            self._show(chosen)
            self._say("")
            self.changed.emit(chosen)
            if before is not None and before.language != chosen.language:
                self.language_chosen.emit(chosen.language)
        self._keep_next()

    def _not_kept(self, problem: BaseException) -> None:
        self._keeping = False
        self._waiting = None
        if self._chosen is not None:
            self.theme_chosen.emit(self._chosen.theme)
            self._on_watching(self._chosen.watching)
            self._show(self._chosen)
        self._failed(problem)

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, LatchlightError):
            self.crashed.emit(problem)
            problem = internal_fault()
        self._say(str(problem), problem=True)

    # History -------------------------------------------------------------------------------

    def _ask_to_forget(self) -> None:
        self._show_question(True)
        self.rather_not.setFocus()

    def _keep_history(self) -> None:
        self._show_question(False)
        self.forget.setFocus()

    def _show_question(self, asked: bool) -> None:
        self.question.setVisible(asked)
        self.really.setVisible(asked)
        self.rather_not.setVisible(asked)
        self.forget.setVisible(not asked)

    def _forget(self) -> None:
        services = self._services
        self._show_question(False)
        self.forget.setEnabled(False)
        self._runner.run(
            lambda token, post: work.forget_history(services),
            on_success=self._forgotten,
            on_failure=self._not_forgotten,
        )

    def _forgotten(self, _: None) -> None:
        self.forget.setEnabled(True)
        self._say(say("The history is forgotten."))
        self.history_forgotten.emit()

    def _not_forgotten(self, problem: BaseException) -> None:
        self.forget.setEnabled(True)
        self._failed(problem)


def _rules(chosen: work.Chosen) -> tuple[object, ...]:
    """What a light depends on."""
    return chosen.key_age_days, chosen.force_ipv4, chosen.address_lookups


def _asked_words(services: tuple[work.Service, ...]) -> Sentence:
    names = series(
        say("{party} ({hosts})", party=one.party, hosts=series(one.hosts, " / "))
        for one in services
    )
    return say(
        "Asked at the same time: {names}. They see your address, as every website does, and nothing about your keys; "
        "each gets {seconds} seconds. Without them the exchange's own answer still decides every light.",
        names=names,
        seconds=round(LIMITS.address_call_seconds),
    )
