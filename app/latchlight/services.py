"""What a checkup works with: exchanges, network, store and vault, put together in one place.

The product knows two sets: the real one, and the practice one on this computer. There is no
setting, variable or option that points an exchange to another host; tests build their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from latchlight.core.errors import StoreError
from latchlight.core.records import dataclass, field
from latchlight.core.release_home import HOME, Home
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.spec import ExchangeSpec

if TYPE_CHECKING:
    from latchlight.net.client import Client
    from latchlight.net.egress import AddressService
    from latchlight.practice.world import PracticeWorld
    from latchlight.store import Store
    from latchlight.vault import Vault


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Everything from outside. Network, store and vault are opened when first asked for."""

    exchanges: Mapping[str, ExchangeSpec] = field(default_factory=lambda: EXCHANGES)
    practice: bool = False
    ca_file: str | None = None
    """Trusted certificate authority of the practice exchange; None means the public ones."""
    practice_services: tuple[AddressService, ...] = ()
    folder: Path | None = None
    """Where the store lives; None means the user's own data folder."""
    allow_ipv6: bool = False
    """Connect over IPv6 as well, whatever the settings say."""
    release_home: Home | None = None
    """Where releases are announced, instead of the makers' own server; tests only."""
    now: Callable[[], datetime] = utc_now
    open_vault: Callable[[], Vault] | None = None
    """Instead of the system keyring; tests only."""
    _opened: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def client(self) -> Client:
        """The HTTPS client. The first call imports the network libraries."""
        from latchlight.net.client import Client
        from latchlight.net.connection import Trust

        with self._lock:
            client = self._opened.get("client")
            if not isinstance(client, Client):
                client = Client(Trust(self.ca_file), self.now)
                self._opened["client"] = client
            return client

    def address_services(self) -> tuple[AddressService, ...]:
        """The services that tell this computer's public address."""
        from latchlight.net.egress import ADDRESS_SERVICES

        return self.practice_services if self.practice else ADDRESS_SERVICES

    def home(self) -> Home | None:
        """Where releases are announced; None in practice, and in a copy built from source."""
        return None if self.practice else self.release_home or HOME

    def store(self) -> Store:
        """The file with everything that is not secret. Raises StoreError."""
        from latchlight.store import Store

        with self._lock:
            store = self._opened.get("store")
            if not isinstance(store, Store):
                store = Store.in_memory() if self.practice else Store.open(self.folder)
                self._opened["store"] = store
            return store

    def vault(self) -> Vault:
        """The system keyring. Raises VaultError where there is none."""
        from latchlight.vault import Vault, open_vault

        with self._lock:
            vault = self._opened.get("vault")
            if not isinstance(vault, Vault):
                vault = (self.open_vault or open_vault)()
                self._opened["vault"] = vault
            return vault

    def close(self) -> None:
        """Close what was opened."""
        with self._lock:
            store = self._opened.pop("store", None)
            self._opened.clear()
        if store is not None:
            store.close()  # type: ignore[attr-defined]


def production() -> Services:
    """The real exchanges, the real keyring, the user's own data folder."""
    return Services()


def practice(world: PracticeWorld) -> Services:
    """The practice exchange on this computer; nothing is stored and nothing leaves."""
    from latchlight.net.egress import AddressService

    services = tuple(
        AddressService(name, name, _host_of(url), None, "/", "practice")
        for name, url in world.address_urls.items()
    )
    hosts: dict[str, dict[str, None]] = {}
    for key in world.keys:
        hosts.setdefault(key.exchange, {})[_host_of(key.base_url)] = None
    specs = {
        exchange: EXCHANGES[exchange].on_practice_hosts(
            tuple(hosts[exchange]), _other_site(world, exchange)
        )
        for exchange in EXCHANGES
        if exchange in hosts
    }
    return Services(
        exchanges=specs, practice=True, ca_file=str(world.ca_file), practice_services=services
    )


def _other_site(world: PracticeWorld, exchange: str) -> tuple[tuple[str, str], ...]:
    """The practice exchange's other region, if it has one: host and title."""
    url = world.other_urls.get(exchange)
    if url is None:
        return ()
    from latchlight.practice.exchange import EXCHANGES as IMITATIONS

    return ((_host_of(url), IMITATIONS[exchange].other_host or ""),)


def _host_of(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")


def contact_recorder(services: Services) -> Callable[[str, str], None]:
    """Writes down every host and path before it is contacted; a store that fails stops no check."""

    def record(host: str, path: str) -> None:
        try:
            services.store().note_contact(host, path, services.now())
        except StoreError:
            return

    return record
