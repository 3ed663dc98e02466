"""Somebody who has the window and the browser before them, and does what the window says."""

from __future__ import annotations

from e2e.page_user import PageUser
from e2e.practice_walks import Walk
from e2e.screen_reader import Heard
from e2e.window_user import WindowUser
from latchlight.core.findings import LIGHT_WORDS, Light
from latchlight.exchanges import EXCHANGES as SPECS
from latchlight.practice.exchange import EXCHANGES

_DONE = "I have done it"
_OPENER = "Open the practice API Management page"


class Person:
    """Window and page in two hands."""

    def __init__(self, window: WindowUser, page: PageUser) -> None:
        self.window = window
        self.page = page

    # The window ----------------------------------------------------------------------------

    def row(self, walk: Walk) -> Heard:
        """The key in the list."""
        end = f"practice. {SPECS[walk.exchange].name}, key ends in "
        return self.window.find(
            lambda e: (
                e.role == "list item" and e.name.startswith(f"{walk.plan.name}: ") and end in e.name
            ),
            f"{walk} in the list",
        )

    def light_of(self, walk: Walk) -> Light:
        """The light that the list shows."""
        word = self.row(walk).name.removeprefix(f"{walk.plan.name}: ").partition(" · ")[0]
        return next(light for light, known in LIGHT_WORDS.items() if str(known) == word)

    def choose(self, walk: Walk) -> None:
        """Look for the key by name and exchange, and click on it."""
        window = self.window
        window.click(lambda: window.find(lambda e: e.role == "text", "the filter"))
        window.keys("ctrl+a")
        window.type(f"{SPECS[walk.exchange].name} {walk.plan.name}")
        window.click(lambda: self.row(walk))
        window.find(lambda e: e.role == "label" and e.name == walk.plan.name, "the key's page")

    def mend(self, walk: Walk) -> None:
        """Do what the window says until nothing is left that can be mended."""
        self.choose(walk)
        self.window.click(lambda: self._fix_button(walk))
        self.follow(walk)

    def _fix_button(self, walk: Walk) -> Heard:
        return self.window.find(
            lambda e: e.role == "push button" and e.name.startswith("Fix this"), f"a fix for {walk}"
        )

    def follow(self, walk: Walk) -> None:
        """The guided fix that is open: copy, open the page, change it, say so."""
        window, page = self.window, self.page
        heard = window.texts()
        if "Copy my IP for the list" in heard:
            window.press("Copy my IP for the list")
        window.press(_OPENER)
        opened = page.go_to_new_tab()
        assert opened.endswith(f"/{walk.exchange}/{walk.plan.name}"), opened
        self._switch(walk)
        page.close_tabs()
        window.press(_DONE)
        window.find_text("Done: ")
        window.press("Back to the checklist")

    # The page ------------------------------------------------------------------------------

    def _switch(self, walk: Walk) -> None:
        words = EXCHANGES[walk.exchange].rules.words
        self.page.set(words.restricted)
        self.page.paste_addresses()
        self.page.press(words.save)
        assert self.page.told().startswith("Saved.")
