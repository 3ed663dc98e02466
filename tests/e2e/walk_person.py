"""Somebody who has the window and the browser before them, and does what the window says."""

from __future__ import annotations

import re

from e2e.desktop import TooLateError, wait_for
from e2e.page_user import PageUser
from e2e.practice_walks import Walk
from e2e.screen_reader import Heard
from e2e.window_user import BUTTON, WindowUser
from latchlight.core.findings import LIGHT_WORDS, Light
from latchlight.exchanges import EXCHANGES as SPECS
from latchlight.practice.exchange import EXCHANGES

_BACK = "Back to your keys"
_DISMISS = "Dismiss"
_DONE = "I have done it"
_OPENER = "Open the practice API Management page"
_COPY = "Copy my IP for the list"
_MOST_FIXES = 4
"""So many things may be wrong with one key."""
_MOST_TRIES = 3
_A_MOMENT = 5.0


class Person:
    """Window and page in two hands."""

    def __init__(self, window: WindowUser, page: PageUser) -> None:
        self.window = window
        self.page = page
        self._stays: dict[tuple[str, str], list[str]] = {}
        self._on_the_way = False

    # The window ----------------------------------------------------------------------------

    def row(self, walk: Walk, label: str = "") -> Heard:
        """The key in the list."""
        start, end = f"{label or walk.plan.name}: ", f"{SPECS[walk.exchange].name}, key ends in "
        return self.window.find(
            lambda e: e.role == "list item" and e.name.startswith(start) and end in e.name,
            f"{walk} in the list",
        )

    def light_of(self, walk: Walk, label: str = "") -> Light:
        """The light that the list shows."""
        start = f"{label or walk.plan.name}: "
        word = self.row(walk, label).name.removeprefix(start).partition(" · ")[0]
        return next(light for light, known in LIGHT_WORDS.items() if str(known) == word)

    def choose(self, walk: Walk, label: str = "") -> None:
        """Look for the key by exchange and name, and click on it."""
        label = label or walk.plan.name
        self._leave_what_is_open()
        self.window.click(lambda: self.window.find(lambda e: e.role == "text", "the filter"))
        self.window.keys("ctrl+a")
        self.window.type(f"{SPECS[walk.exchange].name} {label}")
        for _ in range(_MOST_TRIES):
            self.window.click(lambda: self.row(walk, label))
            if self._is_shown(label):
                return
        raise AssertionError(f"{label} cannot be chosen")

    def _is_shown(self, label: str) -> bool:
        """The list may have moved under the mouse while it was narrowed down."""

        def fits(heard: Heard) -> bool:
            return heard.role == "label" and heard.name == label

        try:
            wait_for(lambda: any(map(fits, self.window.look())), lambda: label, _A_MOMENT)
        except TooLateError:
            return False
        return True

    def _leave_what_is_open(self) -> None:
        """Another walk may have ended half-way."""
        if self._on_the_way:
            self.page.close_tabs()
            names = self.window.texts()
            self.window.press(next(name for name in ("Cancel", _BACK, _DISMISS) if name in names))
        self._on_the_way = True

    def mend(self, walk: Walk) -> None:
        """Follow one guided fix after the other, until only those are left that the best key has too."""
        stays = self._fixes_of_the_best(walk)
        self.choose(walk)
        for turn in range(_MOST_FIXES):
            fixes = self._fixes()
            open_still = [name for name in fixes if name not in stays]
            if turn == 0 and not open_still:
                open_still = fixes[:1]  # it can be mended, only not be told so
            if not open_still:
                self._on_the_way = False
                return
            self.window.press(open_still[0])
            self.follow(walk)
            self.window.press("Back to the checklist")
        raise AssertionError(f"{walk} still needs {open_still}")

    def _fixes_of_the_best(self, walk: Walk) -> list[str]:
        """What nobody can mend there. Nothing, where a key can be green."""
        best = (walk.exchange, walk.model.name)
        if walk.model.light is not Light.GREEN and best not in self._stays:
            self.choose(walk, walk.model.name)
            self._stays[best] = self._fixes()
            self._on_the_way = False
        return self._stays.get(best, [])

    def _fixes(self) -> list[str]:
        """The buttons to mend what is wrong with the key that is shown, as they are told."""
        seen = self.window.look_until(_is_fold, "the end of a checklist")
        return [each.name for each in seen if is_a_fix(each)]

    def follow(self, walk: Walk) -> None:
        """The guided fix that is open: copy, open the page, change it, say so."""
        window, page = self.window, self.page
        heard = [each.name for each in window.look_until(lambda e: e.name == _DONE, _DONE)]
        if _COPY in heard:
            window.press(_COPY)
        window.press(_OPENER)
        opened = page.go_to_new_tab()
        assert opened.endswith(f"/{walk.exchange}/{walk.plan.name}"), opened
        self._switch(walk, heard)
        page.close_tabs()
        seen = window.look_until(lambda e: e.name == _DONE or _is_end(e), _DONE)
        if not any(map(_is_end, seen)):  # it looks by itself when one comes back
            window.press(_DONE)
        window.find(_is_end, "the end of the fix")

    # A new key -----------------------------------------------------------------------------

    def replace(self, walk: Walk, label: str) -> None:
        """Make a new key on the page, add it in the window under this label, and delete the old one."""
        self.choose(walk)
        fix, *_ = self._fixes()
        self.window.press(fix)
        self.window.look_until(lambda e: e.name == _DONE, _DONE)
        self.window.press(_OPENER)
        self.page.go_to_new_tab()
        self._make_key(walk)
        self.window.press(_BACK)
        self._add_key(walk, label)
        if walk.plan.registered:
            self.page.go_back_to(f"/{walk.exchange}/{walk.plan.name}")
            self.page.press(EXCHANGES[walk.exchange].rules.words.delete)
            assert self.page.told().startswith("Deleted.")
        self.page.close_tabs()
        self._on_the_way = False

    def _make_key(self, walk: Walk) -> None:
        page, words = self.page, EXCHANGES[walk.exchange].rules.words
        if words.title in page.texts("a"):  # the page of a key, not yet that of all keys
            page.follow_link(words.title)
        page.follow_link(words.create)
        page.set(words.restricted)
        page.write_addresses(*walk.model.state.addresses)
        self._tick_what_the_bot_needs(walk)
        page.press(words.create)
        assert page.told().startswith("Made.")

    def _add_key(self, walk: Walk, label: str) -> None:
        """Everything goes over the clipboard, into the first field of each name."""
        window, spec = self.window, SPECS[walk.exchange]
        window.press("Add key")
        window.click(lambda: window.find(_is_exchange_choice, "the choice of the exchange"))
        window.type(spec.name)
        window.keys("Return")
        window.click(lambda: window.find(lambda e: e.name == "Label" and e.role == "text", "Label"))
        window.type(label)
        for place, field in enumerate(spec.fields):
            self.page.copy_field(place)
            name = str(field.label)
            window.click(
                lambda name=name: window.find(lambda e: e.name == name and is_field(e), name)
            )
            window.keys("ctrl+v")
        window.press("Check without saving")
        window.press("Keep in the list, unsaved")

    # The page ------------------------------------------------------------------------------

    def _switch(self, walk: Walk, steps: list[str]) -> None:
        """What the steps ask for, found on the page under the same words."""
        page, words = self.page, EXCHANGES[walk.exchange].rules.words
        if _COPY in steps:
            page.set(words.restricted)
            page.paste_addresses()
        on = _boxes(steps, "Tick ") | _boxes(steps, "Choose ")
        off = _boxes(steps, "Take the tick out of ")
        for label in page.choices():
            if label in on or label in off:
                page.set(label, label in on)
        if _COPY not in steps and (on | off).isdisjoint(page.choices()):
            self._tick_what_the_bot_needs(walk)
        page.press(words.save)
        assert page.told().startswith("Saved."), page.told()

    def _tick_what_the_bot_needs(self, walk: Walk) -> None:
        """Where no single box is named: as the best key for the same purpose has them."""
        for switch in EXCHANGES[walk.exchange].rules.switches:
            self.page.set(switch.label, switch.field in walk.model.state.switches)


def is_a_fix(heard: Heard) -> bool:
    """A button that leads to a guided fix."""
    return heard.role == BUTTON and heard.name.startswith("Fix this")


def is_field(heard: Heard) -> bool:
    """Something to write in."""
    return heard.role in ("text", "password text") and "editable" in heard.states


def _is_exchange_choice(heard: Heard) -> bool:
    """It is told by what is chosen; on Linux Qt gives such a list no other name."""
    return heard.role == "combo box" and heard.name in [str(spec.name) for spec in SPECS.values()]


def _is_end(heard: Heard) -> bool:
    """What is said when a fix is done, or as done as the exchange lets a key know."""
    return heard.name.startswith("Done: ") or " tells the key no more than this." in heard.name


def _is_fold(heard: Heard) -> bool:
    """What stands at the end of every checklist, such as “Passed (12), expanded”."""
    return re.search(r" \(\d+\), \w+$", heard.name) is not None


def _boxes(steps: list[str], start: str) -> set[str]:
    """The boxes that a step names in quotes."""
    return {
        label for step in steps if step.startswith(start) for label in re.findall("“([^”]+)”", step)
    }
