"""Everything that can be wrong between a computer and an exchange, one server each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from latchlight.practice.messages import SILENCE, Answer, Manner, Request, Site, html_answer


class Trait(Enum):
    """What is special about one server of a practice exchange."""

    NORMAL = "normal"
    CLOCK_AHEAD = "clock-ahead"
    CLOCK_BEHIND = "clock-behind"
    MAINTENANCE = "maintenance"
    MAINTENANCE_PAGE = "maintenance-page"
    FIREWALL = "firewall"
    REGION = "region"
    RATE_LIMITED = "rate-limited"
    BANNED = "banned"
    CAPTIVE_PORTAL = "captive-portal"
    REDIRECT = "redirect"
    GARBAGE = "garbage"
    CUT_JSON = "cut-json"
    CUT_SHORT = "cut-short"
    SILENT = "silent"


CLOCK_OFFSETS: dict[Trait, float] = {Trait.CLOCK_AHEAD: 90.0, Trait.CLOCK_BEHIND: -12.0}
"""Seconds by which the exchange's clock differs from this computer's; 0 for all others."""

_PORTAL = "<!DOCTYPE html><title>Guest Wi-Fi</title><h1>Welcome</h1><p>Please log in.</p>"
# No valid UTF-8, no JSON, and NUL bytes in it.
_GARBAGE = bytes(range(255, -1, -1)) * 2

ServerFaults = Mapping[Trait, Callable[[Request, float], Answer | None]]
"""How an exchange words a trait: from the request and the time in seconds to the answer.

None means that this path still answers as usual.
"""


class FaultySite:
    """A site behind which a whole exchange works, seen through one trait.

    `elsewhere` is where the redirect points: a server that would answer nicely. `is_signed` tells
    the requests whose answers are spoilt: public answers stay whole, so that what is wrong shows
    where it matters most.
    """

    def __init__(
        self,
        inner: Site,
        trait: Trait,
        faults: ServerFaults,
        elsewhere: str,
        is_signed: Callable[[Request], bool],
    ) -> None:
        self._inner = inner
        self._trait = trait
        self._faults = faults
        self._elsewhere = elsewhere
        self._is_signed = is_signed

    @property
    def name(self) -> str:
        """The exchange's name with the trait behind it."""
        return f"{self._inner.name}/{self._trait.value}"

    def now(self) -> float:
        """The exchange's clock, in seconds."""
        return self._inner.now()

    def answer(self, request: Request) -> Answer:
        """What comes through."""
        own = self._faults.get(self._trait)
        if own is not None:
            worded = own(request, self.now())
            return self._inner.answer(request) if worded is None else worded
        match self._trait:
            case Trait.CAPTIVE_PORTAL:
                return html_answer(_PORTAL)
            case Trait.REDIRECT:
                target = f"{self._elsewhere}{request.path}?{request.query}".removesuffix("?")
                return Answer(302, headers=(("Location", target),))
            case Trait.SILENT:
                return SILENCE
            case Trait.GARBAGE:
                return self._spoiled(request, lambda body: _GARBAGE)
            case Trait.CUT_JSON:
                return self._spoiled(request, lambda body: body[: len(body) // 2])
            case Trait.CUT_SHORT:
                return self._spoiled(request, lambda body: body, Manner.CUT_SHORT)
            case _:
                return self._inner.answer(request)

    def _spoiled(
        self, request: Request, spoil: Callable[[bytes], bytes], manner: Manner = Manner.WHOLE
    ) -> Answer:
        answer = self._inner.answer(request)
        if not self._is_signed(request):
            return answer
        body = spoil(answer.body)
        return Answer(answer.status, body, answer.content_type, answer.headers, manner)
