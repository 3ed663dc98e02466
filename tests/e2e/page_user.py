"""A person at the practice page in the browser: reads labels, ticks boxes, pastes addresses, saves."""

from __future__ import annotations

from e2e.desktop import Desktop, wait_for
from e2e.webdriver import CONTROL, Browser, Element

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-quic", "--disable-default-apps", "--disable-extensions", "--password-store=basic"),
    *("--no-proxy-server", "--disable-dev-shm-usage"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
"""Contacts nobody but this computer; root may not use the sandbox."""
_BESIDE_THE_TEXT = ("10", "400")
"""A place in the browser where a click changes nothing."""
_APPLICATION = """[Desktop Entry]
Type=Application
Name=Browser of the walk
Exec={script} %u
MimeType=x-scheme-handler/http;x-scheme-handler/https;
"""


def start_browser(desktop: Desktop) -> Browser:
    """Start the browser on the left of the screen, and make it the one that opens the user's pages."""
    profile = f"--user-data-dir={desktop.folder / 'profile'}"
    flags = (*QUIET, profile)
    words = " ".join(f"'{flag}'" for flag in flags)
    script = desktop.write_home_file(
        "HOME", "bin/browser", f'#!/bin/sh\nexec chromium {words} "$@"\n', 0o700
    )
    desktop.environment["BROWSER"] = str(script)
    name = "walk-browser.desktop"
    desktop.write_home_file(
        "XDG_DATA_HOME", f"applications/{name}", _APPLICATION.format(script=script)
    )
    schemes = "".join(f"x-scheme-handler/{each}={name}\n" for each in ("http", "https"))
    desktop.write_home_file(
        "XDG_CONFIG_HOME", "mimeapps.list", f"[Default Applications]\n{schemes}"
    )
    place = (
        "--window-position=0,0",
        f"--window-size={desktop.screen.browser},{desktop.screen.high}",
    )
    return Browser((*flags, *place), desktop.environment, desktop.folder / "chromedriver.log")


class PageUser:
    """Counts its clicks."""

    def __init__(self, desktop: Desktop, browser: Browser) -> None:
        self._desktop = desktop
        self._browser = browser
        (self._first,) = browser.tabs()
        self.clicks = 0

    # Tabs ----------------------------------------------------------------------------------

    def go_to_new_tab(self) -> str:
        """Look at the page that another program opened, which takes the keyboard there; its address."""
        tab = wait_for(
            lambda: next((t for t in self._browser.tabs() if t != self._first), None),
            lambda: "no page was opened in the browser",
        )
        self._browser.go_to_tab(tab)
        wait_for(lambda: self.texts("h1"), lambda: f"{self._browser.url} shows nothing")
        self._desktop.do("mousemove", *_BESIDE_THE_TEXT, "click", "1")
        return self._browser.url

    def close_tabs(self) -> None:
        """All but the first."""
        for tab in self._browser.tabs():
            if tab != self._first:
                self._browser.go_to_tab(tab)
                self._browser.close_tab()
        self._browser.go_to_tab(self._first)

    # Reading -------------------------------------------------------------------------------

    def texts(self, selector: str) -> list[str]:
        """The words of all elements that fit."""
        return [element.text for element in self._browser.find_all(selector)]

    def choices(self) -> dict[str, Element]:
        """Every box and choice of the page, by its label."""
        return {each.text: each for each in self._browser.find_all("label.choice")}

    def ticked(self, label: str) -> bool:
        """Whether a box is ticked or a choice made."""
        (box,) = self.choices()[label].find_all("input")
        return box.chosen

    # Doing ---------------------------------------------------------------------------------

    def set(self, label: str, on: bool = True) -> None:
        """Click a box or choice unless it stands as it should already."""
        if self.ticked(label) is not on:
            self.choices()[label].click()
            self.clicks += 1

    def paste_addresses(self) -> str:
        """Put what was copied in place of the listed addresses; what stands there then."""
        (field,) = self._browser.find_all("textarea[name=addresses]")
        field.click()
        self.clicks += 1
        field.type(f"{CONTROL}a")
        field.type(f"{CONTROL}v")
        return wait_for(lambda: field.value, lambda: "nothing was pasted")

    def write_addresses(self, *addresses: str) -> None:
        """Type addresses into the empty list, one per line."""
        (field,) = self._browser.find_all("textarea[name=addresses]")
        field.click()
        self.clicks += 1
        field.type("\n".join(addresses))

    def copy_field(self, place: int) -> None:
        """Copy what one of the fields shows that nobody can write in."""
        field = self._browser.find_all("textarea[readonly]")[place]
        field.click()
        self.clicks += 1
        field.type(f"{CONTROL}a")
        field.type(f"{CONTROL}c")

    def follow_link(self, label: str) -> None:
        """Click a link, and wait for the page behind it."""
        link = next(each for each in self._browser.find_all("a") if each.text == label)
        link.click()
        self.clicks += 1

    def go_back_to(self, path: str) -> None:
        """Another page of the same site."""
        start = "/".join(self._browser.url.split("/")[:3])
        self._browser.open(start + path)

    def press(self, label: str) -> None:
        """Press a button, and wait for the page behind it."""
        button = next(b for b in self._browser.find_all("button") if b.text == label)
        button.click()
        self.clicks += 1

    def told(self) -> str:
        """What the page says about the change just made."""
        return wait_for(
            lambda: " ".join(self.texts("[role=status]")), lambda: "the page says nothing"
        )
