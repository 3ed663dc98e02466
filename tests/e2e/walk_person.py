"""Somebody who has the window and the browser before them, and does what the window says."""

from __future__ import annotations

import re

from e2e.page_user import PageUser
from e2e.practice_walks import Walk
from e2e.screen_reader import Heard
from e2e.window_user import BUTTON, WindowUser
from latchlight.core.findings import LIGHT_WORDS, Light
from latchlight.exchanges import EXCHANGES as SPECS
from latchlight.practice.exchange import EXCHANGES

_BACK = "Back to your keys"
_DONE = "I have done it"
_OPENER = "Open the practice API Management page"
_COPY = "Copy my IP for the list"
_MOST_FIXES = 4
"""So many things may be wrong with one key."""


class Person:
    """Window and page in two hands."""

    def __init__(self, window: WindowUser, page: PageUser) -> None:
        self.window = window
        self.page = page
        self._fixes_of_models: dict[tuple[str, str], list[str]] = {}

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

    def look_for(self, walk: Walk, label: str = "") -> None:
        """Narrow the list down by exchange and name."""
        window = self.window
        seen = window.look()
        if any(each.name == _BACK for each in seen):  # another walk ended half-way
            window.press(_BACK)
        window.click(lambda: window.find(lambda e: e.role == "text", "the filter"))
        window.keys("ctrl+a")
        window.type(f"{SPECS[walk.exchange].name} {label or walk.plan.name}")

    def choose(self, walk: Walk, label: str = "") -> None:
        """Look for the key by name and exchange, and click on it."""
        label = label or walk.plan.name
        self.look_for(walk, label)
        self.window.click(lambda: self.row(walk, label))

    def mend(self, walk: Walk) -> None:
        """Follow one guided fix after the other, until only those are left that the best key has too."""
        stays = self.fixes(walk, walk.model.name)
        self.choose(walk)
        for _ in range(_MOST_FIXES):
            open_still = [name for name in self.fixes(walk) if name not in stays]
            if not open_still:
                return
            self.window.press(open_still[0])
            self.follow(walk)
            self.window.press("Back to the checklist")
        raise AssertionError(f"{walk} still needs {open_still}")

    def fixes(self, walk: Walk, label: str = "") -> list[str]:
        """The buttons to mend what is wrong with a key, as they are told, once it was checked."""
        if (walk.exchange, label) in self._fixes_of_models:
            return self._fixes_of_models[walk.exchange, label]
        self.choose(walk, label)
        name = label or walk.plan.name
        seen = self.window.look_until(
            lambda e: e.name == name and e.role == "label", f"the page of {name}"
        )
        if not any(map(_is_fold, seen)):
            seen = self.window.look_until(_is_fold, "the checklist")
        found = [each.name for each in seen if is_a_fix(each)]
        if label:
            self._fixes_of_models[walk.exchange, label] = found
        return found

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
        window.press(_DONE)
        window.find_text("Done: ")

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


def _is_fold(heard: Heard) -> bool:
    """What stands at the end of every checklist, such as “Passed (12), expanded”."""
    return re.search(r" \(\d+\), \w+$", heard.name) is not None


def _boxes(steps: list[str], start: str) -> set[str]:
    """The boxes that a step names in quotes."""
    return {
        label for step in steps if step.startswith(start) for label in re.findall("“([^”]+)”", step)
    }
