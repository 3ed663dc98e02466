"""From a bad light to the best one: the real window, the real browser, and a person between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from e2e.desktop import Desktop, desktop, wait_for
from e2e.page_user import PageUser, start_browser
from e2e.practice_walks import Walk, replacements, walks
from e2e.screen_reader import ScreenReader
from e2e.walk_person import Person
from e2e.walk_program import start_program
from e2e.window_user import WindowUser
from latchlight.core.findings import Light

AT_THE_PAGE = (
    *("whitelist-off", "ip-not-whitelisted", "key-ip-or-permission", "unauthorized"),
    *("whitelist-too-wide", "withdraw-on", "transfer-on", "more-than-purpose"),
    *("less-than-purpose", "unknown-permission-on", "permission-missing"),
)
"""What is mended by switching something on the page of the key."""
BY_A_NEW_KEY = ("key-unknown", "key-old", "key-management-on")
"""What only another key mends, apart from a secret that nobody has any more."""
REFUSED = (Light.RED, Light.GREY)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    with desktop(tmp_path_factory.mktemp("walk")) as made:
        yield made


@pytest.fixture(scope="module")
def person(screen: Desktop) -> Iterator[Person]:
    with (
        closing(start_browser(screen)) as browser,
        closing(ScreenReader(screen.bus)) as reader,
    ):
        program = start_program(screen, "practice")
        made = Person(WindowUser(screen, reader), PageUser(screen, browser))
        yield made
        assert not program.has_ended, program.output
        assert "Traceback" not in program.output


@pytest.mark.parametrize("walk", replacements(*BY_A_NEW_KEY), ids=str)
def test_a_new_key_takes_the_place_of_one_that_cannot_be_mended(
    walk: Walk, person: Person, screen: Desktop
) -> None:
    with screen.witness(str(walk)):
        person.replace(walk, f"new {walk}")
        assert person.light_of(walk, f"new {walk}") in walk.good_enough
        person.choose(walk)
        person.window.press("Check this key")
        wait_for(lambda: person.light_of(walk) in REFUSED, lambda: f"{walk} still works")


@pytest.mark.parametrize("walk", walks(*AT_THE_PAGE), ids=str)
def test_what_the_window_says_is_done_in_the_browser_and_the_light_turns(
    walk: Walk, person: Person, screen: Desktop
) -> None:
    with screen.witness(str(walk)):
        person.mend(walk)
        assert person.light_of(walk) in walk.good_enough
