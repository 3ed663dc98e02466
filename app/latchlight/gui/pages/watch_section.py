"""The part of the settings about what Latchlight does by itself. Everything in it starts switched off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from latchlight.core.limits import LIMITS
from latchlight.core.sentences import Sentence, say
from latchlight.core.watching import WatchChoices
from latchlight.gui.theme import TextRole
from latchlight.gui.tray import has_tray
from latchlight.gui.widgets.choice import Choice
from latchlight.gui.widgets.form_row import FormRow
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section

_SCHEDULE_WORDS: tuple[tuple[int, Sentence], ...] = (
    (0, say("Never by itself")),
    (15, say("Every 15 minutes")),
    (60, say("Every hour")),
    (6 * 60, say("Every 6 hours")),
    (24 * 60, say("Once a day")),
)
_CHECK_WORDS = ((False, say("Do nothing")), (True, say("Check all stored keys")))

_NOTICE_WORDS = (
    (False, say("None")),
    (True, say("When the public IP changed or a light got worse")),
)
_NOTICE_HINT = say("The window lists the same, dated, until you dismiss it.")
_NAME_WORDS = ((False, say("Leave them out")), (True, say("Name them")))
_NAME_HINT = say(
    "Messages may show on a locked screen. They never hold a key, and its name only if you want."
)
_STAY_WORDS = ((False, say("Quit Latchlight")), (True, say("Keep watching, beside the clock")))
_STAY_HINT = say("Quit it then with Ctrl+Q, or by the menu of the icon beside the clock.")
_NO_TRAY_WORDS = say(
    "This desktop has no place for an icon beside the clock. So there are no messages, and closing the "
    "window quits Latchlight."
)


class WatchSection(Section):
    """Says what is chosen as `WatchChoices`."""

    edited = Signal()
    """By the user."""

    def __init__(
        self,
        *,
        practice: bool,
        has_tray: Callable[[], bool] = has_tray,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            say("Watching"),
            say("What Latchlight does by itself while it runs. Nothing, until you choose it here."),
            parent,
        )
        self._choices = WatchChoices()
        self.schedule = Choice[int](say("Check all stored keys"), _SCHEDULE_WORDS)
        self.on_network = Choice[bool](say("When the network changes"), _CHECK_WORDS)
        self.after_sleep = Choice[bool](say("When this computer wakes up"), _CHECK_WORDS)
        self.add(
            FormRow(say("Check all stored keys"), self.schedule, _schedule_hint()),
            FormRow(say("When the network changes"), self.on_network),
            FormRow(say("When this computer wakes up"), self.after_sleep),
        )
        self.notices = Choice[bool](say("Messages of the desktop"), _NOTICE_WORDS)
        self.names = Choice[bool](say("Names of keys in messages"), _NAME_WORDS)
        self.stay = Choice[bool](say("When the window is closed"), _STAY_WORDS)
        self.stay_row = FormRow(say("When the window is closed"), self.stay, _STAY_HINT)
        self.add(
            FormRow(say("Messages of the desktop"), self.notices, _NOTICE_HINT),
            FormRow(say("Names of keys in messages"), self.names, _NAME_HINT),
            self.stay_row,
        )
        self._has_tray = has_tray()
        if not self._has_tray:
            for row in (self.notices, self.names, self.stay):
                row.setEnabled(False)
            self.add(PlainLabel(_NO_TRAY_WORDS, TextRole.SMALL, ink="muted"))
        every = (self.schedule, self.on_network, self.after_sleep)
        for choice in (*every, self.notices, self.names, self.stay):
            choice.activated.connect(self._edited)
        if practice:
            self.add(PlainLabel(_PRACTICE_WORDS, TextRole.SMALL, ink="muted"))

    @property
    def choices(self) -> WatchChoices:
        """What is chosen."""
        return replace(
            self._choices,
            every_minutes=self.schedule.value,
            on_network=self.on_network.value,
            after_sleep=self.after_sleep.value,
            notices=self._has_tray and self.notices.value,
            name_keys=self._has_tray and self.names.value,
            stay=self._has_tray and self.stay.value,
        )

    def show_choices(self, choices: WatchChoices) -> None:
        """Show what is remembered."""
        self._choices = choices
        self.schedule.choose(choices.every_minutes)
        self.on_network.choose(choices.on_network)
        self.after_sleep.choose(choices.after_sleep)
        self.notices.choose(choices.notices and self._has_tray)
        self.names.choose(choices.name_keys and self._has_tray)
        self.stay.choose(choices.stay and self._has_tray)

    def _edited(self, *_: object) -> None:
        self.edited.emit()


_PRACTICE_WORDS = say(
    "Practice keys are never watched: choose this again when you are back at your own keys."
)


def _schedule_hint() -> Sentence:
    return say(
        "No exchange is asked by itself more often than every {n} minutes, never while it asks for a pause, "
        "and never while the network is coming and going.",
        n=round(LIMITS.watch_pause_seconds / 60),
    )
