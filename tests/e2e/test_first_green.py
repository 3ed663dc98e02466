"""Somebody starts the program for the first time, has no key, and wants to see a light turn green."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from e2e.desktop import LAPTOP, desktop, wait_for
from e2e.page_user import PageUser, start_browser
from e2e.screen_reader import ScreenReader
from e2e.walk_person import is_a_fix
from e2e.walk_program import start_program
from e2e.window_user import PROGRAM, WindowUser
from latchlight.practice.exchange import EXCHANGES

MOST_CLICKS = 8


def test_a_stranger_sees_the_first_green_after_eight_clicks_at_most(tmp_path: Path) -> None:
    with (
        desktop(tmp_path) as screen,
        closing(start_browser(screen)) as browser,
        closing(ScreenReader(screen.bus)) as reader,
        screen.witness("first-green"),
    ):
        program = start_program(screen)
        window, page = WindowUser(screen, reader), PageUser(screen, browser)
        window.press("Look around in practice mode")
        window.click(lambda: window.find(is_a_fix, "something to mend"))
        window.press("Copy my IP for the list")
        window.press("Open the practice API Management page")
        lock_the_key(page)
        window.press("I have done it")
        window.find_text("Done: ")
        assert "Safe · practice" in window.texts()
        assert window.clicks + page.clicks <= MOST_CLICKS
        assert not program.has_ended, program.output


def lock_the_key(page: PageUser) -> None:
    """On the page that was opened: only from the copied address, whichever exchange it is."""
    exchange = page.go_to_new_tab().split("/")[3]
    words = EXCHANGES[exchange].rules.words
    page.set(words.restricted)
    page.paste_addresses()
    page.press(words.save)


def test_on_a_small_screen_the_window_stands_beside_the_browser_while_a_fix_is_done(
    tmp_path: Path,
) -> None:
    with (
        desktop(tmp_path, LAPTOP) as screen,
        closing(start_browser(screen)) as browser,
        closing(ScreenReader(screen.bus)) as reader,
        screen.witness("beside"),
    ):
        start_program(screen, "practice")
        window, page = WindowUser(screen, reader), PageUser(screen, browser)
        window.click(lambda: window.find(is_a_fix, "something to mend"))
        window.press("Put it beside the browser")
        window.find_button("Back to full size")
        (frame,) = reader.windows(PROGRAM)
        wait_for(
            lambda: reader.boxes([frame])[0].x >= LAPTOP.browser, lambda: "it covers the browser"
        )
        window.press("Copy my IP for the list")
        window.press("Open the practice API Management page")
        lock_the_key(page)
        window.press("I have done it")
        window.find_text("Done: ")
        wait_for(
            lambda: any(
                each.name == "Safe · practice" and window.sees(each) for each in window.look()
            ),
            lambda: "the light turned out of sight",
        )
        window.press("Back to the checklist")
        wait_for(
            lambda: reader.boxes([frame])[0].x < LAPTOP.browser, lambda: "it stays at the side"
        )
