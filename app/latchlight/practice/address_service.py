"""Practice address services: they tell callers the address that this computer pretends to have."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qs

from latchlight.practice.messages import Answer, Request, html_answer, json_answer

NAMES = ("practice-1", "practice-2", "practice-3", "practice-4", "practice-5")
"""Five parties with a server each; IPv4 only, as on a line without IPv6."""


class AddressService:
    """One service. `egress` gives the IPv4 address to tell."""

    def __init__(self, name: str, egress: Callable[[], str]) -> None:
        self._name = name
        self._egress = egress

    @property
    def name(self) -> str:
        """Which of the parties this is."""
        return self._name

    def now(self) -> float:
        """This computer's time, in seconds."""
        return time.time()

    def answer(self, request: Request) -> Answer:
        """The address as text, or as `{"ip": ...}` with `?format=json`."""
        if request.path != "/":
            return html_answer("<h1>404 Not Found</h1>", 404)
        if request.method not in ("GET", "HEAD"):
            return html_answer("<h1>405 Method Not Allowed</h1>", 405)
        if parse_qs(request.query).get("format") == ["json"]:
            return json_answer({"ip": self._egress()})
        return Answer(200, self._egress().encode(), "text/plain; charset=utf-8")
