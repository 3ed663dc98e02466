"""A person at the window: reads what a screen reader hears, clicks with the mouse, types on the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from e2e.desktop import Desktop, wait_for
from e2e.screen_reader import Box, Heard, ScreenReader

PROGRAM = "latchlight"
BUTTON = "push button"
_NOTCH_PIXELS = 60
"""By how much one notch of the wheel moves a page."""
_MOST_TURNS = 40


class WindowUser:
    """Counts its clicks. Waits as a person would: until it is there, but not for ever."""

    def __init__(self, desktop: Desktop, reader: ScreenReader) -> None:
        self._desktop = desktop
        self._reader = reader
        self.clicks = 0

    # Reading -------------------------------------------------------------------------------

    def look(self) -> list[Heard]:
        """Everything that shows, in all windows of the program."""
        windows = self._reader.windows(PROGRAM)
        return [each for window in windows for each in window.walk()]

    def texts(self) -> list[str]:
        """Every name that is told."""
        return [each.name for each in self.look() if each.name]

    def find(self, fits: Callable[[Heard], bool], what: str) -> Heard:
        """The first thing that fits, as soon as there is one."""
        return next(each for each in self.look_until(fits, what) if fits(each))

    def look_until(self, fits: Callable[[Heard], bool], what: str) -> list[Heard]:
        """Everything that shows, as soon as something is there that fits."""

        def look() -> list[Heard] | None:
            seen = self.look()
            return seen if any(map(fits, seen)) else None

        return wait_for(
            look, lambda: f"{what} did not come; there was:\n" + "\n".join(self.texts())
        )

    def find_text(self, part: str) -> Heard:
        """A thing whose name holds this."""
        return self.find(lambda each: part in each.name, f"“{part}”")

    def find_button(self, *names: str) -> Heard:
        """A button with one of these names that can be pressed."""
        return self.find(
            lambda each: each.role == BUTTON and each.name in names and "enabled" in each.states,
            f"the button {' or '.join(names)}",
        )

    def sees(self, heard: Heard) -> bool:
        """Whether it is not scrolled away."""
        box, *around = self._reader.boxes(heard.line())
        return all(outer.holds(box.middle) for outer in around if outer.wide)

    # Doing ---------------------------------------------------------------------------------

    def press(self, *names: str) -> None:
        """Click the button with one of these names."""
        self.click(lambda: self.find_button(*names))

    def click(self, find: Callable[[], Heard]) -> None:
        """Click in the middle of something, after turning the wheel until it is in sight."""
        for _ in range(_MOST_TURNS):
            wanted = find()
            box, *around = self._reader.boxes(wanted.line())
            if all(outer.holds(box.middle) for outer in around if outer.wide):
                self.click_at(*box.middle)
                return
            self._turn_wheel(box, around)
        raise AssertionError(f"{wanted.name} cannot be scrolled into sight")

    def click_at(self, x: int, y: int) -> None:
        """Click there."""
        self._desktop.do("mousemove", str(x), str(y), "click", "1")
        self.clicks += 1

    def type(self, text: str) -> None:
        """On the keyboard, wherever it goes."""
        self._desktop.do("type", "--delay", "1", text)

    def keys(self, *names: str) -> None:
        """Single keys or combinations, such as ctrl+a."""
        self._desktop.do("key", *names)

    def _turn_wheel(self, box: Box, around: Sequence[Box]) -> None:
        """Over the smallest part of the window that hides it."""
        place = next(n for n, o in enumerate(around) if o.wide and not o.holds(box.middle))
        area = around[place]
        for outer in around[place:]:
            area = area.meets(outer) if outer.wide else area
        below = box.middle[1] - (area.y + area.high)
        above = area.y - box.middle[1]
        turns = min(20, max(below, above) // _NOTCH_PIXELS + 2)
        x, y = area.middle
        wheel = "5" if below > above else "4"
        self._desktop.do(
            *("mousemove", str(x), str(y), "click", "--repeat", str(turns), "--delay", "2", wheel)
        )
