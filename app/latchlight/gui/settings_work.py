"""Reading and keeping what the settings page shows. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latchlight.core.languages import names
from latchlight.core.watching import NOTHING_WATCHED, WatchChoices

if TYPE_CHECKING:
    from latchlight.services import Services


@dataclass(frozen=True)
class Service:
    """One address service: who runs it, and where it answers."""

    party: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """Everything on the settings page."""

    theme: str
    language: str
    """A code; empty for that of the system."""
    key_age_days: int
    force_ipv4: bool
    address_lookups: bool
    watching: WatchChoices = NOTHING_WATCHED
    services: tuple[Service, ...] = ()
    languages: tuple[tuple[str, str], ...] = ()
    """Code and own name of every language that there is a file for."""


def read_settings(services: Services) -> Chosen:
    """What is chosen now. Raises StoreError."""
    store = services.store()
    return Chosen(
        theme=store.theme.value,
        language=store.language,
        key_age_days=store.key_age_days,
        force_ipv4=store.force_ipv4,
        address_lookups=store.address_lookups,
        watching=store.watching,
        services=address_services(services),
        languages=names(),
    )


def keep_settings(services: Services, chosen: Chosen) -> Chosen:
    """Remember all of it, and read it back. Raises StoreError."""
    from latchlight.store import Theme

    store = services.store()
    store.theme = Theme(chosen.theme)
    store.language = chosen.language
    store.key_age_days = chosen.key_age_days
    store.force_ipv4 = chosen.force_ipv4
    store.address_lookups = chosen.address_lookups
    store.watching = chosen.watching
    return read_settings(services)


def forget_history(services: Services) -> None:
    """Remove past reports, lock tests, seen addresses and the list of contacts. Raises StoreError."""
    services.store().forget_history()


def address_services(services: Services) -> tuple[Service, ...]:
    """Who is asked for the public address."""
    return tuple(
        Service(one.party, tuple(host for host in (one.host4, one.host6) if host))
        for one in services.address_services()
    )


def first_time(services: Services, name: str) -> bool:
    """Whether this is asked for the first time on this computer; it is not the next time."""
    store = services.store()
    if store.setting(name) == "yes":
        return False
    store.set_setting(name, "yes")
    return True
