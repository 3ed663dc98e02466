"""What adding a key does outside of the window's thread. Qt-free."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from latchlight.core.credentials import Credentials
from latchlight.core.errors import StoreError, VaultError
from latchlight.core.findings import KeyReport
from latchlight.core.profile import Profile, clean_label
from latchlight.core.progress import CancelToken, Progress
from latchlight.core.purpose import Intent
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.intake import Intake, read_credentials
from latchlight.exchanges.spec import ExchangeSpec

if TYPE_CHECKING:
    from latchlight.keys import CheckRequest
    from latchlight.practice.keys import PracticeKey
    from latchlight.practice.world import PracticeWorld
    from latchlight.probing import FoundHost
    from latchlight.services import Services


@dataclass(frozen=True)
class Keeping:
    """Whether a key can be saved, and where."""

    keyring: str = ""
    weakness: Sentence | None = None
    problem: Sentence | None = None
    """Why nothing can be saved."""


@dataclass(frozen=True, eq=False)
class Draft:
    """A filled-in form. The texts are as they were pasted."""

    label: str
    spec: ExchangeSpec
    host: str
    intent: Intent
    texts: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Tested:
    """A key that was asked about, ready to be saved."""

    draft: Draft
    intake: Intake
    report: KeyReport

    @property
    def credentials(self) -> Credentials:
        """What was read from the form."""
        return self.intake.credentials


def look_at_keyring(services: Services, *, once: bool) -> Keeping:
    """Which keyring would be used. Practice keys, and keys to be checked once, are never saved."""
    if once:
        return Keeping(problem=say("You chose to check this key without saving it."))
    if services.practice:
        return Keeping(problem=say("Practice keys are not stored: they are worth nothing later."))
    try:
        services.store().profiles()
        vault = services.vault()
        return Keeping(vault.name, vault.weakness())
    except (VaultError, StoreError) as problem:
        return Keeping(problem=say("{problem}", problem=problem))


def test_key(
    services: Services,
    draft: Draft,
    may_save: bool,
    token: CancelToken,
    progress: Callable[[Progress], None],
) -> Tested:
    """Read the credentials and ask the exchange.

    Raises InputError for a field, UsageError for a label that is taken, Cancelled.
    """
    from latchlight.checkup import check_once

    label = clean_label(draft.label)
    if may_save:
        services.store().refuse_taken(label)
    intake = read_credentials(draft.spec, draft.texts)
    report = check_once(
        draft.spec,
        draft.host,
        intake.credentials,
        draft.intent,
        services,
        label=label,
        token=token,
        progress=progress,
    )
    # The pasted texts are not needed any more: the credentials are in one small object now.
    return Tested(replace(draft, texts={}), intake, report.keys[0])


def save_key(services: Services, tested: Tested) -> Profile:
    """Into the keyring, read back, then into the store. Raises what they raise; nothing is half-saved."""
    from latchlight.checkup import save_key as save

    return save(
        services,
        label=tested.draft.label,
        spec=tested.draft.spec,
        host=tested.draft.host,
        credentials=tested.credentials,
        intent=tested.draft.intent,
    )


def unsaved_request(tested: Tested) -> CheckRequest:
    """The same key for the list, until the window closes."""
    from latchlight.keys import CheckRequest

    credentials = tested.credentials
    return CheckRequest(
        id=f"unsaved-{secrets.token_hex(8)}",
        label=clean_label(tested.draft.label),
        exchange=tested.draft.spec,
        host=tested.draft.host,
        hint=credentials.hint,
        intent=tested.draft.intent,
        credentials=lambda: credentials,
    )


def ask_elsewhere(services: Services, tested: Tested, token: CancelToken) -> FoundHost | None:
    """Where else the key is known; only ever after the user's yes. None: nowhere."""
    from latchlight.checkup import ask_other_hosts

    return ask_other_hosts(unsaved_request(tested), services, token=token)


def practice_keys(world: PracticeWorld) -> tuple[PracticeKey, ...]:
    """The keys of the practice exchange; the first call may wait a moment."""
    return world.keys
