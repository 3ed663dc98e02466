"""Without eyes and without a mouse: what a screen reader is told of every page, and where the Tab key leads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from e2e.desktop import Desktop, desktop, wait_for
from e2e.screen_reader import Box, Heard, Reference, ScreenReader
from e2e.walk_program import start_program
from e2e.window_user import BUTTON, PROGRAM, WindowUser
from latchlight.core.findings import LIGHT_WORDS

USED = (
    *(BUTTON, "toggle button", "check box", "radio button", "combo box", "text", "password text"),
    *("list", "table", "tree", "link", "spin button", "slider", "page tab"),
)
"""Roles of what somebody does something with."""
WORDS = tuple(str(word) for word in LIGHT_WORDS.values())
MOST_TABS = 150
_THROW_AWAY = "Throw away"
SECONDS = 5.0

PAGES = {
    "checklist": (),
    "plan": ("Plan the whitelist",),
    "history": ("History and report",),
    "lock-test": ("Lock test",),
    "replace": ("Replace this key",),
    "guide": ("Fix this: No IP whitelist: this key works from anywhere.",),
    "article": ("What is this? No IP whitelist: this key works from anywhere.",),
    "exchanges": ("Exchanges",),
    "help": ("Help",),
    "settings": ("Settings",),
    "trust": ("About and trust",),
    "add-key": ("Add key",),
    "add-key-result": ("Add key", "Fill in", "Check without saving"),
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
        if len(buttons) > 1:
            self.find_button("Keep in the list, unsaved")
        elif buttons:
            self.find(
                lambda e: e.name in ("Back to your keys", "Cancel"), f"the page behind {buttons}"
            )

    def look_ahead(self) -> list[Heard]:
        """What shows in the window that has the keyboard: one behind a dialog cannot be reached."""
        windows = self.reader.windows(PROGRAM)
        return [e for window in windows if "active" in window.states for e in window.walk()]

    def come_back(self) -> None:
        """To the keys."""
        self.keys("Escape")
        wait_for(lambda: self._is_back() or _THROW_AWAY in self.texts(), lambda: "no way back")
        if not self._is_back():  # what was pasted is not given up by one key alone
            self.press(_THROW_AWAY)
            wait_for(self._is_back, lambda: "the dialog stays")

    def _is_back(self) -> bool:
        seen = self.look()
        there = any(e.name == "Check this key" for e in seen)
        return there and not any(e.role == "dialog" for e in seen)

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


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest, listener: Listener) -> Iterator[str]:
    listener.go_to(PAGES[request.param])
    yield request.param
    if request.param != "checklist":
        listener.come_back()


def test_what_is_pasted_as_a_secret_is_never_told(listener: Listener) -> None:
    canary = "Zq8vX2mN5tR7wY1pL4kJ9hG3fD6sA0cE"
    listener.go_to(PAGES["add-key"])
    seen = listener.look_until(is_for_a_secret, "a field for the secret")
    for field in filter(is_for_a_secret, seen):
        listener.click(lambda field=field: field)
        listener.type(canary)
    heard = listener.look()
    told_texts = [*listener.reader.contents(heard), *listener.reader.descriptions(heard)]
    assert not any(canary[:8] in text for text in [*told_texts, *(e.name for e in heard)])
    assert "password text" in {e.role for e in heard if is_for_a_secret(e)}
    listener.come_back()


def test_every_control_and_light_is_told_by_name_and_role(page: str, listener: Listener) -> None:
    check_names(listener)


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
    check_tab(listener)


def test_the_very_first_page_can_be_heard_and_used_without_a_mouse(tmp_path: Path) -> None:
    with desktop(tmp_path) as screen:
        start_program(screen)
        with closing(Listener(screen)) as newcomer:
            newcomer.find_button("Check without saving")
            newcomer.reader.follow_focus()
            check_names(newcomer)
            check_tab(newcomer)


def check_names(listener: Listener) -> None:
    """Everything that is used, and every picture, has a name; a choice says what is asked."""
    heard = listener.look()
    nameless = [e for e in heard if e.role in (*USED, "image") and not e.name.strip()]
    assert [(e.role, [o.name for o in e.line() if o.name][:2]) for e in nameless] == []
    choices = [e for e in heard if e.role == "combo box"]  # told by what is chosen
    labels, descriptions = listener.reader.labelled(choices), listener.reader.descriptions(choices)
    unasked = [
        choice.name
        for choice, label, more in zip(choices, labels, descriptions, strict=True)
        if not label and not more
    ]
    assert unasked == []
    places = [e for e in heard if "focusable" in e.states and e.role == "filler"]
    assert [e.line()[1].name for e in places if not e.name] == []
    assert len([e for e in heard if e.role in USED]) > 3


def check_tab(listener: Listener) -> None:
    """From one to the next until the first comes again, with nothing left out."""
    known = {e.reference: e for e in listener.look()}
    steps: list[Reference] = []
    jumps: list[list[str]] = []
    for _ in range(MOST_TABS):
        reached = listener.tab()
        assert reached is not None, f"the keyboard is lost behind {told(known, steps[-1:])}"
        if reached not in known:
            known |= {e.reference: e for e in listener.look()}
        if steps and not in_order(listener, known, [steps[-1], reached]):
            jumps.append(told(known, [steps[-1], reached]))
        if steps and reached == steps[0]:
            break
        assert reached not in steps, f"trapped at {told(known, [reached])}"
        steps.append(reached)
    else:
        raise AssertionError(f"no end after {told(known, steps[-3:])}")
    assert len(jumps) <= 1, jumps  # from the end to the beginning, and nowhere else
    now = [e for e in listener.look_ahead() if e.role in USED and is_usable(e)]
    left_out = [e.name for e in now if e.reference not in steps]
    assert left_out == []


def is_usable(heard: Heard) -> bool:
    """Takes the keyboard at this moment."""
    return {"focusable", "enabled"} <= heard.states


def told(known: dict[Reference, Heard], steps: list[Reference]) -> list[str]:
    """Their names."""
    return [known[step].name if step in known else "?" for step in steps]


def in_order(listener: Listener, known: dict[Reference, Heard], step: list[Reference]) -> bool:
    """Whether a step goes on as one reads: to the right, or down; not up and back."""
    if not all(each in known for each in step):
        return True
    before, after = listener.reader.boxes([known[each] for each in step])
    return follows(before, after)


def follows(before: Box, after: Box) -> bool:
    """Whether one reads `after` behind `before`: below it, or to the right of it."""
    below = after.y + after.high // 2 >= before.y + before.high
    beside = after.y < before.y + before.high and after.x >= before.x
    return below or beside or after.x >= before.x + before.wide


def is_for_a_secret(heard: Heard) -> bool:
    return heard.role in ("text", "password text") and "Secret" in heard.name
