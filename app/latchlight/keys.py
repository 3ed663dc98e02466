"""Stored keys: where profile (store) and secrets (vault) meet, so that neither is left alone."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from latchlight.core.command_name import command_name
from latchlight.core.credentials import Credentials, Secret, key_hint
from latchlight.core.errors import (
    LatchlightError,
    StoreError,
    UsageError,
    VaultError,
    internal_fault,
)
from latchlight.core.profile import Profile, clean_label
from latchlight.core.purpose import Intent
from latchlight.core.records import dataclass, replace
from latchlight.core.rotation import Overlap
from latchlight.core.sentences import say
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.services import Services

if TYPE_CHECKING:
    from latchlight.practice.keys import PracticeKey
    from latchlight.practice.world import PracticeWorld
    from latchlight.vault import Vault


@dataclass(frozen=True, eq=False)
class CheckRequest:
    """One key to be checked. `credentials` may be slow and may raise VaultError."""

    id: str
    label: str
    exchange: ExchangeSpec
    host: str
    hint: str
    intent: Intent
    credentials: Callable[[], Credentials]
    fingerprint: str = ""
    stored: bool = False
    overlap: Overlap | None = None
    """The key beside it that is to replace it, where only the window knows of that."""
    story: str = ""
    """Practice only: what is wrong with this key, in one sentence."""


def saved_requests(services: Services) -> list[CheckRequest]:
    """All stored keys, by label. Raises StoreError; the keyring is not asked yet."""
    return [request_of(profile, services) for profile in services.store().profiles()]


def request_of(profile: Profile, services: Services) -> CheckRequest:
    """The check of one stored key. Raises StoreError for an exchange that this version lacks."""
    spec = services.exchanges.get(profile.exchange)
    if spec is None or spec.host(profile.host) is None:
        raise StoreError(
            say(
                "“{label}” belongs to an exchange that this version does not know.",
                label=profile.label,
            ),
            say("Install the newest version of Latchlight, or remove the key."),
        )
    return CheckRequest(
        id=profile.entry,
        label=profile.label,
        exchange=spec,
        host=profile.host,
        hint=profile.hint,
        intent=profile.intent,
        credentials=lambda: _stored_credentials(profile, services),
        fingerprint=profile.fingerprint,
        stored=True,
    )


def _stored_credentials(profile: Profile, services: Services) -> Credentials:
    """From the keyring, only if it is the very key that was saved: four letters may be alike by chance."""
    from latchlight.vault.refusals import other_key

    credentials = services.vault().load(profile.entry, expected_hint=profile.hint)
    found = credentials.fingerprint(services.store().salt)
    if not hmac.compare_digest(found, profile.fingerprint):
        raise other_key()
    return credentials


def practice_requests(world: PracticeWorld, services: Services) -> list[CheckRequest]:
    """The keys of the practice exchange, which are worth nothing anywhere else."""
    return [
        CheckRequest(
            id=f"practice-{number}",
            label=key.name,
            exchange=services.exchanges[key.exchange],
            host=key.base_url.removeprefix("https://").rstrip("/"),
            hint=key_hint(key.api_key),
            intent=Intent(purpose=key.purpose),
            credentials=_handed_out(key),
            story=str(key.story),
        )
        for number, key in enumerate(world.keys)
    ]


def _handed_out(key: PracticeKey) -> Callable[[], Credentials]:
    """Read when needed: making an RSA key takes a moment."""

    def credentials() -> Credentials:
        return Credentials(
            Secret(key.api_key),
            Secret(key.secret),
            key.kind,
            None if key.passphrase is None else Secret(key.passphrase),
            hint=key_hint(key.api_key),
        )

    return credentials


def save_key(
    services: Services,
    *,
    label: str,
    spec: ExchangeSpec,
    host: str,
    credentials: Credentials,
    intent: Intent,
) -> Profile:
    """Keyring first, read back, then the profile. Raises InputError, UsageError, VaultError, StoreError.

    Nothing is left half-saved: if the profile cannot be written, the keyring entry is removed again.
    """
    store, vault = services.store(), services.vault()
    label = clean_label(label)
    store.refuse_taken(label)
    profile = Profile(
        entry=secrets.token_hex(16),
        label=label,
        exchange=spec.id,
        host=host,
        kind=credentials.kind,
        hint=credentials.hint,
        fingerprint=credentials.fingerprint(store.salt),
        intent=intent,
        added_at=services.now(),
    )
    try:
        vault.save(profile.entry, credentials)
        store.add_profile(profile)
    except VaultError:
        raise  # it has taken back what it wrote, or says so
    except (StoreError, UsageError) as problem:
        _take_back(vault, profile.entry, problem)
        raise
    except BaseException:
        # Ctrl+C in the middle: a secret without a profile would stay behind unseen.
        _take_back(vault, profile.entry, internal_fault())
        raise
    return profile


def _take_back(vault: Vault, entry: str, problem: LatchlightError) -> None:
    """Remove what was just stored; if that fails too, say both."""
    try:
        vault.delete(entry)
    except VaultError:
        raise StoreError(
            say(
                "{problem} The secret could not be taken out of the keyring again either.",
                problem=problem.message,
            ),
            say(
                "Look for entries named latchlight in your system's keyring program and delete them."
            ),
        ) from None


def remove_key(services: Services, label: str) -> Profile:
    """Secrets first, searched for and gone, then the profile with its history.

    Raises UsageError for an unknown label and where another program has put another key under it
    meanwhile, VaultError if the secrets are still there.
    """
    store = services.store()
    profile = store.profile(label)
    services.vault().delete(profile.entry)
    store.remove_profile(profile.label, entry=profile.entry)
    return profile


def remove_leftovers(services: Services) -> bool:
    """Delete what is left in the keyring under our name and belongs to no stored key; False if it cannot be searched.

    Raises VaultError if something of it is still there.
    """
    known = [profile.entry for profile in services.store().profiles()]
    vault = services.vault()
    left = vault.leftovers(known)
    for entry in left or ():
        vault.delete(entry)
    return left is not None


def edit_key(
    services: Services,
    label: str,
    *,
    new_label: str | None = None,
    intent: Intent | None = None,
    host: str | None = None,
) -> Profile:
    """Change what is told about a stored key. The secrets stay as they are.

    `host` is one of the exchange's own: where the key turned out to belong. Raises UsageError for
    another one, and where another program has put another key under the label meanwhile.
    """
    store = services.store()
    profile = store.profile(label)
    if host is not None:
        _refuse_foreign(services, profile.exchange, host)
    changed = replace(
        profile,
        label=clean_label(new_label) if new_label is not None else profile.label,
        intent=intent or profile.intent,
        host=host or profile.host,
    )
    store.update_profile(profile.label, changed, entry=profile.entry)
    return changed


def _refuse_foreign(services: Services, exchange: str, host: str) -> None:
    spec = services.exchanges.get(exchange)
    if spec is None or spec.host(host) is None:
        raise UsageError(
            say("This host is not one of the exchange's."),
            say("`{command} exchanges` lists the hosts of each exchange.", command=command_name()),
        )
