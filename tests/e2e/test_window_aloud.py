"""Without eyes and without a mouse: what a screen reader is told of every page, and where the Tab key leads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from e2e.desktop import Desktop, desktop
from e2e.screen_reader import Box, Heard, Reference, ScreenReader
from e2e.walk_program import start_program
from e2e.window_user import BUTTON, WindowUser
from latchlight.core.findings import LIGHT_WORDS

USED = (
    *(BUTTON, "toggle button", "check box", "radio button", "combo box", "text", "password text"),
    *("list", "table", "tree", "link", "spin button", "slider", "page tab"),
)
"""Roles of what somebody does something with."""
WORDS = tuple(str(word) for word in LIGHT_WORDS.values())
MOST_TABS = 150
SECONDS = 5.0

PAGES = {
    "checklist": (),
    "plan": ("Plan the whitelist",),
    "history": ("History and report",),
    "guide": ("Fix this: No IP whitelist: this key works from anywhere.",),
    "exchanges": ("Exchanges",),
    "help": ("Help",),
    "settings": ("Settings",),
    "trust": ("About and trust",),
    "add-key": ("Add key",),
}
"""The buttons that lead there from the keys."""


class Listener(WindowUser):
    """Somebody who hears the window and uses the keyboard alone."""

    def __init__(self, screen: Desktop) -> None:
        self.reader = ScreenReader(screen.bus)
        super().__init__(screen, self.reader)

    def close(self) -> None:
        self.reader.close()

    def go_to(self, buttons: tuple[str, ...]) -> None:
        """Open a page, and wait until it stands."""
        for name in buttons:
            self.press(name)
        if buttons:
            self.find(
                lambda e: e.name in ("Back to your keys", "Cancel"), f"the page behind {buttons}"
            )

    def come_back(self) -> None:
        """To the keys."""
        self.keys("Escape")
        self.find(lambda e: e.name == "Check this key", "the checklist")

    def tab(self) -> Reference | None:
        """One step on; None if the keyboard went nowhere."""
        self.reader.forget_focus()
        self.keys("Tab")
        return self.reader.next_focus(SECONDS)


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listener]:
    with desktop(tmp_path_factory.mktemp("aloud")) as screen:
        start_program(screen, "practice")
        with closing(Listener(screen)) as made:
            made.find_button("Check all keys")
            made.reader.follow_focus()
            yield made


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, listener: Listener) -> Iterator[str]:
    listener.go_to(PAGES[request.param])
    yield request.param
    if request.param != "checklist":
        listener.come_back()


def test_every_control_and_light_is_told_by_name_and_role(page: str, listener: Listener) -> None:
    heard = listener.look()
    nameless = [e for e in heard if e.role in (*USED, "image") and not e.name.strip()]
    assert [(e.role, [o.name for o in e.line() if o.name][:2]) for e in nameless] == []
    strange = [e for e in heard if "focusable" in e.states and e.role in ("filler", "panel", "")]
    assert [e.name for e in strange if not e.name] == []
    assert len([e for e in heard if e.role in USED]) > 3


def test_lights_say_their_state_in_words(page: str, listener: Listener) -> None:
    heard = listener.look()
    lights = [e for e in heard if e.role == "image" and e.name.endswith("· practice")]
    assert all(light.name.startswith(WORDS) for light in lights), lights
    rows = [e for e in heard if e.role == "list item" and ", key ends in " in e.name]
    assert all(any(f": {word} · practice" in row.name for word in WORDS) for row in rows)
    assert lights or page not in ("checklist", "guide")


def test_tab_reaches_everything_in_reading_order_and_comes_back(
    page: str, listener: Listener
) -> None:
    known = {e.reference: e for e in listener.look()}
    steps: list[Reference] = []
    for _ in range(MOST_TABS):
        reached = listener.tab()
        assert reached is not None, f"the keyboard is lost behind {told(known, steps[-1:])}"
        if steps and reached == steps[0]:
            break
        assert reached not in steps, f"trapped at {told(known, [reached])}"
        steps.append(reached)
        if reached not in known:
            known |= {e.reference: e for e in listener.look()}
        assert in_order(listener, known, steps), f"jumps back: {told(known, steps[-2:])}"
    else:
        raise AssertionError(f"no end after {told(known, steps[-3:])}")
    now = [e for e in listener.look() if e.role in USED and is_usable(e)]
    left_out = [e.name for e in now if e.reference not in steps]
    assert left_out == []


def is_usable(heard: Heard) -> bool:
    """Takes the keyboard at this moment."""
    return {"focusable", "enabled"} <= heard.states


def told(known: dict[Reference, Heard], steps: list[Reference]) -> list[str]:
    """Their names."""
    return [known[step].name if step in known else "?" for step in steps]


def in_order(listener: Listener, known: dict[Reference, Heard], steps: list[Reference]) -> bool:
    """Whether the last step went on as one reads: to the right, or down; not up and back."""
    if len(steps) < 2 or not all(step in known for step in steps[-2:]):
        return True
    before, after = listener.reader.boxes([known[step] for step in steps[-2:]])
    return follows(before, after)


def follows(before: Box, after: Box) -> bool:
    """Whether one reads `after` behind `before`: below it, or to the right of it."""
    below = after.y + after.high // 2 >= before.y + before.high
    beside = after.y < before.y + before.high and after.x >= before.x
    return below or beside or after.x >= before.x + before.wide
