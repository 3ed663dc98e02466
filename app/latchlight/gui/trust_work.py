"""What this program is and whom it can ever talk to, generated from its own tables. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from latchlight.core.errors import StoreError, VaultError
from latchlight.core.sentences import Sentence, say
from latchlight.help import contacts
from latchlight.help.contacts import Party

if TYPE_CHECKING:
    from latchlight.core.progress import CancelToken
    from latchlight.core.release_notice import Update
    from latchlight.services import Services


@dataclass(frozen=True)
class Contacted:
    """Somebody who was contacted, and when for the last time (UTC)."""

    host: str
    path: str
    last: datetime


@dataclass(frozen=True)
class Trust:
    """Everything that is looked up for the page."""

    parties: tuple[Party, ...]
    keyring: Sentence
    contacted: tuple[Contacted, ...] = ()
    problem: Sentence | None = None


def look_up_trust(services: Services) -> Trust:
    """Parties from the tables of this version; keyring and contacts as they are now."""
    contacted, problem = _contacted(services)
    return Trust(all_parties(services), _keyring(services), contacted, problem)


def all_parties(services: Services) -> tuple[Party, ...]:
    """Exchanges first, then the address services, then the makers."""
    tables = services.exchanges.values(), services.address_services()
    return contacts.all_parties(*tables, services.home())


def look_for_update(services: Services, token: CancelToken) -> tuple[Update, Sentence, str]:
    """What is announced, in one sentence, and the page of the newest release. Raises NoticeError."""
    from latchlight import updates

    found = updates.look_for_update(services, token)
    return found, updates.in_words(found), updates.page_of(found, services)


def _keyring(services: Services) -> Sentence:
    if services.practice:
        return say("None: practice keys are not stored.")
    try:
        vault = services.vault()
        weakness = vault.weakness()
    except VaultError as problem:
        return say("None is in use. {problem}", problem=problem)
    if weakness is None:
        return say("{keyring}", keyring=vault.name)
    return say("{keyring}. {weakness}", keyring=vault.name, weakness=weakness)


def _contacted(services: Services) -> tuple[tuple[Contacted, ...], Sentence | None]:
    try:
        rows = services.store().contacts()
    except StoreError as problem:
        return (), say("{problem}", problem=problem)
    newest_first = sorted(rows, key=lambda row: row.last, reverse=True)
    return tuple(Contacted(row.host, row.path, row.last) for row in newest_first), None
