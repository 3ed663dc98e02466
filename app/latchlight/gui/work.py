"""What the window lets workers do. Qt-free; everything heavy is imported here, inside the worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from latchlight.core.egress import EgressReport
from latchlight.core.errors import LatchlightError, StoreError
from latchlight.core.findings import KeyReport, Light
from latchlight.core.profile import Acceptance
from latchlight.core.progress import CancelToken, Progress
from latchlight.core.purpose import Intent
from latchlight.core.records import replace
from latchlight.core.rotation import Rotation
from latchlight.core.sentences import Sentence
from latchlight.core.watching import NOTHING_WATCHED, WatchChoices
from latchlight.gui.key_row import KeyRow, PastCheck

if TYPE_CHECKING:
    from latchlight.keys import CheckRequest
    from latchlight.practice.world import PracticeWorld
    from latchlight.services import Services

_HISTORY = timedelta(days=365)


@dataclass(frozen=True)
class Loaded:
    """The stored keys, and sentences about those that could not be read."""

    rows: tuple[KeyRow, ...]
    problems: tuple[Sentence, ...] = ()
    theme: str = "system"
    language: str = ""
    """The code of the language that was chosen; empty for that of the system."""
    watching: WatchChoices = NOTHING_WATCHED
    rotations: tuple[Rotation, ...] = ()
    """Keys that are being replaced."""
    start_with: str = ""
    """The key to be shown first; empty for that on top of the list."""


@dataclass(frozen=True)
class KeyDone:
    """One key of a run is checked. `run` is the number that the run was started with."""

    run: int
    request_id: str
    report: KeyReport


@dataclass(frozen=True)
class Egress:
    """The public address and since when this computer has it, where that is known."""

    report: EgressReport
    since: datetime | None = None


def load_keys(services: Services, world: PracticeWorld | None) -> Loaded:
    """All keys with the end of their last check. Raises StoreError if the store cannot be read."""
    # Imported here already: the first check would otherwise wait for it.
    import latchlight.probing  # noqa: F401
    from latchlight.checkup import last_checks, practice_requests, request_of

    if world is not None:
        requests = practice_requests(world, services)
        rows_of_practice = tuple(KeyRow(request, practice=True) for request in requests)
        return Loaded(rows_of_practice, start_with=_worth_a_try(requests, world))
    store = services.store()
    profiles, unreadable = store.readable_profiles()
    rows: list[KeyRow] = []
    problems = [_unreadable(label) for label in unreadable]
    for profile in profiles:
        try:
            request = request_of(profile, services)
            (last,) = last_checks([request], services)
            past = _past(services, profile.label)
            rows.append(KeyRow(request, past=past, seen=() if last is None else (last,)))
        except StoreError as problem:
            problems.append(problem.message)
    return Loaded(
        tuple(rows),
        tuple(problems),
        store.theme.value,
        store.language,
        store.watching,
        tuple(store.rotations()),
    )


def _worth_a_try(requests: Sequence[CheckRequest], world: PracticeWorld) -> str:
    """A key that anybody can turn green: trading without a whitelist. The requests are in the order of the keys."""
    open_doors = (
        request.id
        for request, key in zip(requests, world.keys, strict=True)
        if (key.expected_reason, key.expected_light) == ("whitelist-off", Light.RED)
    )
    return next(open_doors, "")


def _unreadable(label: str) -> Sentence:
    from latchlight.core.sentences import say

    return say("What is stored about “{label}” cannot be read. It is left as it is.", label=label)


def _past(services: Services, label: str) -> PastCheck | None:
    reports = services.store().reports(label, 1)
    if not reports or reports[0].light not in {light.value for light in Light}:
        return None
    return PastCheck(Light(reports[0].light), reports[0].finished_at)


def check_keys(
    requests: Sequence[CheckRequest],
    services: Services,
    run: int,
    token: CancelToken,
    post: Callable[[Progress | KeyDone], None],
) -> Egress:
    """Check all of them; each is posted as it is done. What was found is kept as history."""
    from latchlight.checkup import run_checkup, save_reports

    report = run_checkup(
        requests,
        services,
        token=token,
        progress=post,
        on_key=lambda request_id, key: post(KeyDone(run, request_id, key)),
    )
    save_reports(report, requests, services)
    return Egress(report.egress, _since(report.egress, services))


def look_up(services: Services, token: CancelToken) -> Egress:
    """This computer's public address by the address services."""
    from latchlight.checkup import look_up_address

    report = look_up_address(services, token=token)
    return Egress(report, _since(report, services))


def _since(report: EgressReport, services: Services) -> datetime | None:
    if report.ipv4 is None:
        return None
    try:
        history = services.store().address_history(4, services.now() - _HISTORY)
    except StoreError:
        return None
    last = history[-1] if history else None
    return last.first if last is not None and last.address == report.ipv4 else None


def accept(services: Services, acceptance: Acceptance, stored: bool) -> Acceptance:
    """Remember an acceptance; for keys that are not stored it lives only on the screen."""
    if not stored:
        return acceptance
    return services.store().add_acceptance(acceptance, services.now())


def take_back(services: Services, label: str, rule: str, stored: bool) -> None:
    """Forget an acceptance."""
    if stored:
        services.store().remove_acceptance(label, rule)


def remove_key(services: Services, label: str) -> str:
    """Delete a key's secrets and everything remembered about it. Raises what keyring and store raise."""
    from latchlight.checkup import remove_key as remove

    return remove(services, label).label


def edit_key(services: Services, label: str, new_label: str, intent: Intent) -> str:
    """Change name and purpose; the new label as it was stored."""
    from latchlight.checkup import edit_key as edit

    return edit(services, label, new_label=new_label, intent=intent).label


def use_host(services: Services, request: CheckRequest, host: str) -> CheckRequest:
    """The check of the same key at another host; a stored key is asked about there from now on.

    Raises what the store raises.
    """
    from latchlight.checkup import edit_key as edit
    from latchlight.checkup import request_of

    if not request.stored:
        return replace(request, host=host)
    return request_of(edit(services, request.label, host=host), services)


def keep_theme(services: Services, theme: str) -> None:
    """Remember light or dark."""
    from latchlight.store import Theme

    services.store().theme = Theme(theme)


def start_practice() -> tuple[PracticeWorld, Services]:
    """Start the practice exchange on this computer; takes a second."""
    from latchlight import services
    from latchlight.practice.world import PracticeWorld

    world = PracticeWorld.start()
    return world, services.practice(world)


def is_ours(problem: BaseException) -> bool:
    """Whether an error is one that has its words for the user."""
    return isinstance(problem, LatchlightError)
