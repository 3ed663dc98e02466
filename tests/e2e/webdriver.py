"""A small W3C WebDriver client (https://www.w3.org/TR/webdriver2/): just the calls that a person at a page makes."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name that the standard gives to a reference to an element."""
CONTROL = "\ue009"
"""The control key in text that is typed; lifted again at the end of the text."""
_LONGEST_SECONDS = 60.0


class WebDriverError(RuntimeError):
    """The browser could not do it."""


class Element:
    """One element of the page at hand."""

    def __init__(self, browser: Browser, reference: str) -> None:
        self._browser = browser
        self.reference = {_ELEMENT: reference}
        self._path = f"/element/{reference}"

    @property
    def text(self) -> str:
        """As it can be read."""
        return str(self._browser.call("GET", f"{self._path}/text"))

    @property
    def chosen(self) -> bool:
        """Whether a box is ticked or a choice made."""
        return bool(self._browser.call("GET", f"{self._path}/selected"))

    @property
    def value(self) -> str:
        """What stands in a field."""
        return str(self._browser.call("GET", f"{self._path}/property/value"))

    def click(self) -> None:
        """With the mouse; waits until a page that this opened is there."""
        self._browser.call("POST", f"{self._path}/click", {})

    def type(self, text: str) -> None:
        """On the keyboard."""
        self._browser.call("POST", f"{self._path}/value", {"text": text})

    def find_all(self, selector: str) -> list[Element]:
        """Everything inside that a CSS selector fits."""
        wanted = {"using": "css selector", "value": selector}
        found = self._browser.call("POST", f"{self._path}/elements", wanted)
        return [Element(self._browser, each[_ELEMENT]) for each in found]


class Browser:
    """One browser with a window on the screen, started by its own driver program."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        with log.open("wb") as output:
            self._driver = subprocess.Popen(
                ["chromedriver", "--port=0"],
                env=dict(environment),
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
        self._session = ""
        try:
            self._port = self._read_port()
            options = {"args": list(arguments), "excludeSwitches": ["enable-automation"]}
            wanted = {"browserName": "chrome", "goog:chromeOptions": options}
            begun = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        except BaseException:
            self.close()
            raise
        self._session = f"/session/{begun['sessionId']}"

    def _read_port(self) -> int:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            told = re.search(r"started successfully on port (\d+)", line)
            if told:
                return int(told.group(1))
        raise WebDriverError("chromedriver did not start")

    def close(self) -> None:
        """End the browser, then its driver."""
        try:
            if self._session:
                self.call("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.communicate()

    def call(self, method: str, path: str, body: object = None) -> Any:
        """One command of the session. Raises WebDriverError with the browser's words."""
        return self._ask(method, self._session + path, body)

    def _ask(self, method: str, path: str, body: object) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_LONGEST_SECONDS)
        try:
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise WebDriverError(f"{value['error']}: {value['message']}")
        return value

    # Pages ---------------------------------------------------------------------------------

    def tabs(self) -> list[str]:
        """All tabs, by the names that the driver gave them."""
        return list(self.call("GET", "/window/handles"))

    def go_to_tab(self, tab: str) -> None:
        """Look at this tab."""
        self.call("POST", "/window", {"handle": tab})

    def close_tab(self) -> None:
        """Close the tab that is looked at."""
        self.call("DELETE", "/window")

    def open(self, url: str) -> None:
        """Type an address."""
        self.call("POST", "/url", {"url": url})

    @property
    def url(self) -> str:
        """The address of the page."""
        return str(self.call("GET", "/url"))

    @property
    def title(self) -> str:
        """The title of the page."""
        return str(self.call("GET", "/title"))

    def find_all(self, selector: str) -> list[Element]:
        """Everything that a CSS selector fits."""
        found = self.call("POST", "/elements", {"using": "css selector", "value": selector})
        return [Element(self, each[_ELEMENT]) for each in found]

    def measure(self, script: str) -> Any:
        """What a script finds out about the page; it must not change anything."""
        return self.call("POST", "/execute/sync", {"script": script, "args": []})
