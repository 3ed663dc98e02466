"""What the history of a key is made of, looked up aside. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from latchlight.core.changes import Snapshot, Stretch, stretches
from latchlight.core.errors import StoreError
from latchlight.core.profile import AddressSighting
from latchlight.core.sentences import Sentence

if TYPE_CHECKING:
    from latchlight.services import Services

_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Past:
    """What is remembered of one key and of this computer."""

    checks: tuple[Snapshot, ...] = ()
    addresses: tuple[AddressSighting, ...] = ()
    """Newest first, both families."""
    problem: Sentence | None = None


def look_back(services: Services, label: str, stored: bool) -> Past:
    """All past checks of a stored key, and the addresses of the last year. Raises nothing of the store."""
    from latchlight.checkup import past_checks

    try:
        checks = tuple(past_checks(services, label)) if stored else ()
        store, since = services.store(), services.now() - _YEAR
        seen = [s for family in (4, 6) for s in store.address_history(family, since)]
    except StoreError as problem:
        return Past(problem=problem.message)
    return Past(checks, tuple(sorted(seen, key=lambda s: s.last, reverse=True)))


def timeline(stored: Iterable[Snapshot], of_session: Iterable[Snapshot]) -> tuple[Stretch, ...]:
    """Both together, each check once: the store gets a check a moment after the screen does."""
    once = {snapshot.at: snapshot for snapshot in stored}
    return stretches((once | {snapshot.at: snapshot for snapshot in of_session}).values())
