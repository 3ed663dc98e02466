"""All practice exchanges, each answering a tenth of a second late; run by account_speed.py.

Prints one line of JSON and serves until its standard input ends.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "app"))

from latchlight.practice import exchange
from latchlight.practice.imitation import PracticeExchange
from latchlight.practice.messages import Answer, Request, Site
from latchlight.practice.registry import Registry
from latchlight.practice.world import PracticeWorld

LATENCY_SECONDS = 0.1


class LateSite:
    """A site at the other end of a long line."""

    def __init__(self, inner: Site) -> None:
        self._inner = inner
        self._never = threading.Event()

    @property
    def name(self) -> str:
        return self._inner.name

    def now(self) -> float:
        return self._inner.now()

    def answer(self, request: Request) -> Answer:
        self._never.wait(LATENCY_SECONDS)
        return self._inner.answer(request)


def late(imitation: PracticeExchange) -> PracticeExchange:
    """The same exchange, farther away."""

    def site(registry: Registry, clock: Callable[[], float], egress: Callable[[], str]) -> Site:
        return LateSite(imitation.site(registry, clock, egress))

    return replace(imitation, site=site)


def main() -> None:
    """Serve until nobody listens any more."""
    exchange.EXCHANGES.update({name: late(made) for name, made in exchange.EXCHANGES.items()})
    with PracticeWorld.start(faults=False) as world:
        print(json.dumps(world.serve_description()), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
