"""What the whitelist planner reads outside of the window's thread. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from latchlight.core.addresses import Address
from latchlight.core.errors import StoreError
from latchlight.core.limits import LIMITS
from latchlight.core.profile import AddressSighting
from latchlight.core.purpose import Setup
from latchlight.gui.key_row import KeyRow

if TYPE_CHECKING:
    from latchlight.services import Services


def address_history(services: Services) -> tuple[AddressSighting, ...]:
    """What was seen of this computer's IPv4 address lately; nothing where it cannot be read."""
    since = services.now() - timedelta(days=2 * LIMITS.address_history_days)
    try:
        return tuple(services.store().address_history(4, since))
    except StoreError:
        return ()


def other_environments(row: KeyRow, rows: Iterable[KeyRow]) -> Mapping[Address, str]:
    """Addresses named for other keys of a staging and a production bot, with the label of their key."""
    both = Setup.STAGING_AND_PRODUCTION
    return {
        address: other.request.label
        for other in rows
        if other.id != row.id
        and other.request.intent.setup is both
        and other.request.exchange.id == row.request.exchange.id
        for address in other.request.intent.addresses
    }
