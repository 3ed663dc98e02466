"""A whole practice session: exchanges, address services and management pages, all on loopback."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from types import TracebackType

from latchlight.core.credentials import key_hint
from latchlight.core.findings import Light
from latchlight.core.languages import ENGLISH
from latchlight.core.sentences import say
from latchlight.practice.address_service import NAMES, AddressService
from latchlight.practice.authority import Authority
from latchlight.practice.exchange import EXCHANGES
from latchlight.practice.imitation import Clock, PracticeExchange
from latchlight.practice.key_maker import KeyMaker
from latchlight.practice.keys import KeyPlan, KeyState, PracticeKey
from latchlight.practice.management import ManagedExchange, ManagementSite
from latchlight.practice.messages import Answer, Request, RequestLog, Site
from latchlight.practice.registry import Registry, checked_address
from latchlight.practice.server import Network
from latchlight.practice.traits import CLOCK_OFFSETS, FaultySite, Trait

HOME_ADDRESS = "203.0.113.7"
"""The address that this computer pretends to have at the start (RFC 5737: nobody's)."""
AWAY_ADDRESS = "198.51.100.23"
"""The other network, for trying whether a lock locks."""


@dataclass
class _OneExchange:
    """A running practice exchange."""

    imitation: PracticeExchange
    registry: Registry
    other_registry: Registry
    """Keys that are known at the other regional host only."""
    makers: tuple[KeyMaker, ...] = ()
    urls: dict[Trait, str] = field(default_factory=dict)

    def traits(self) -> list[Trait]:
        """The normal server, and one for every trait that some key stands behind."""
        used = {maker.plan.trait for maker in self.makers}
        return [trait for trait in Trait if trait is Trait.NORMAL or trait in used]


class PracticeWorld:
    """Made by `start`; a context manager. Everything runs in daemon threads until `close`."""

    def __init__(self, egress: str, exchanges: Sequence[str], faults: bool, clock: Clock) -> None:
        self._lock = Lock()
        self._keys_lock = Lock()
        self._home = self._egress = checked_address(egress)
        self._clock = clock
        self.language = ENGLISH
        """Of the pages in the browser; the window sets its own."""
        self._keys: tuple[PracticeKey, ...] | None = None
        imitations = [EXCHANGES[name] for name in exchanges]
        running = {e.id: _OneExchange(e, Registry(e.rules), Registry(e.rules)) for e in imitations}
        # First of all the keys: an RSA key is made in the background meanwhile.
        for one in running.values():
            self._plan_keys(one, faults)
        self._exchanges = running
        self._authority = Authority()
        self._network = Network(self._authority.server_context())
        try:
            self._open_doors()
        except BaseException:
            self.close()
            raise

    @classmethod
    def start(
        cls,
        *,
        egress: str = HOME_ADDRESS,
        exchanges: Sequence[str] | None = None,
        faults: bool = True,
        clock: Clock = time.time,
    ) -> PracticeWorld:
        """Start everything; ready when this returns. Raises KeyError for an unknown exchange.

        `exchanges` are ids; None means all. `faults=False` leaves out the servers with a trait and
        their keys. `clock` is what the exchanges take for the right time, in seconds since 1970 UTC.
        """
        return cls(egress, tuple(EXCHANGES) if exchanges is None else exchanges, faults, clock)

    def __enter__(self) -> PracticeWorld:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop at once, whatever connection is open, and remove the certificate. Safe twice."""
        self._network.close()
        self._authority.close()

    @property
    def ca_file(self) -> Path:
        """The certificate that clients must trust (PEM), in a private folder until `close`."""
        return self._authority.ca_file

    @property
    def log(self) -> RequestLog:
        """What was asked, everywhere."""
        return self._network.log

    @property
    def egress(self) -> str:
        """The address that this computer pretends to have. Setting it raises InputError."""
        with self._lock:
            return self._egress

    @egress.setter
    def egress(self, address: str) -> None:
        checked = checked_address(address)
        with self._lock:
            self._egress = checked

    @property
    def keys(self) -> tuple[PracticeKey, ...]:
        """All practice keys; the first call may wait a moment for the RSA key."""
        with self._keys_lock:
            if self._keys is None:
                self._keys = tuple(
                    maker.key(one.urls[maker.plan.trait])
                    for one in self._exchanges.values()
                    for maker in one.makers
                )
            return self._keys

    def base_url(self, exchange: str, trait: Trait = Trait.NORMAL) -> str:
        """Where an exchange answers, without a slash at the end. Raises KeyError."""
        return self._exchanges[exchange].urls[trait]

    def registry(self, exchange: str, elsewhere: bool = False) -> Registry:
        """What an exchange knows about its keys, and where they can be switched.

        `elsewhere` means its other regional host. Raises KeyError.
        """
        one = self._exchanges[exchange]
        return one.other_registry if elsewhere else one.registry

    def page_of(self, exchange: str, host: str, hint: str, label: str) -> str:
        """Where a browser finds the page on which this key is switched.

        The list of the exchange's keys where it cannot be told for sure, or knows the key no more.
        `host`, `hint` and `label` are those of the check. Raises KeyError for an unknown exchange.
        """
        one = self._exchanges[exchange]
        elsewhere = self.other_urls.get(exchange, "").removeprefix("https://") == host
        registry = one.other_registry if elsewhere else one.registry
        alike = [r.name for r in registry.records() if key_hint(r.api_key) == hint]
        name = label if label in alike else alike[0] if len(alike) == 1 else ""
        folder = f"{exchange}-elsewhere" if elsewhere else exchange
        return f"{self.browser_url}{folder}/{name}"

    def faults(self) -> list[str]:
        """Class names of mistakes that the practice sites made themselves; normally empty."""
        return self._network.faults()

    def serve_description(self) -> dict[str, object]:
        """The object that `latchlight practice serve --json` prints."""
        return {
            "ca_file": str(self.ca_file),
            "control_url": self.control_url,
            "ip_urls": {"ipv4": self.address_urls[NAMES[0]]},
            "egress": self.egress,
            "exchanges": {
                name: {"base_url": self.base_url(name), "keys": self._described_keys(name)}
                for name in self._exchanges
            },
        }

    def _described_keys(self, exchange: str) -> list[dict[str, object]]:
        here = [k for k in self.keys if k.exchange == exchange and k.trait is Trait.NORMAL]
        return [
            {
                "name": key.name,
                "kind": key.kind.value,
                "api_key": key.api_key,
                "secret": key.secret,
                "passphrase": key.passphrase,
                "expected_light": key.expected_light.value,
            }
            for key in here
        ]

    def _plan_keys(self, one: _OneExchange, faults: bool) -> None:
        away = AWAY_ADDRESS if self._home != AWAY_ADDRESS else HOME_ADDRESS
        one.makers = tuple(
            KeyMaker(one.imitation, plan)
            for plan in one.imitation.cast(self._home, away)
            if faults or plan.trait is Trait.NORMAL
        )
        for maker in one.makers:
            if maker.plan.registered:
                registry = one.other_registry if maker.plan.elsewhere else one.registry
                registry.add(maker.record(self._clock()))

    def _make_key(self, one: _OneExchange, state: KeyState) -> PracticeKey:
        """Made by the user on the page: of the kind, and in the account, that the best keys there are."""
        imitation = one.imitation
        usual = imitation.cast(self._home, AWAY_ADDRESS)[0]
        plan = KeyPlan(
            one.registry.free_name(),
            say("You made this key yourself while practising."),
            state,
            Light.GREY,
            kind=usual.kind,
            sub_account=usual.sub_account,
            age_days=0.0,
            own=True,
        )
        maker = KeyMaker(imitation, plan)
        one.registry.add(maker.record(self._clock()))
        return maker.key(one.urls[Trait.NORMAL])

    def _open_doors(self) -> None:
        self.other_urls: dict[str, str] = {}
        """Exchange id -> its other regional host, for exchanges that have one."""
        managed: dict[str, ManagedExchange] = {}
        for name, one in self._exchanges.items():
            self._open_exchange(one)
            managed[name] = ManagedExchange(
                name, one.imitation.name, one.registry, partial(self._make_key, one)
            )
            if one.imitation.other_host is not None:
                self.other_urls[name] = self._open_other(one)
                other = f"{name}-elsewhere"
                managed[other] = ManagedExchange(
                    other, one.imitation.other_host, one.other_registry
                )
        self.address_urls: dict[str, str] = {
            name: self._network.open(AddressService(name, lambda: self.egress)).url + "/"
            for name in NAMES
        }
        """By name; five parties. Each answers `GET /`, as text or with `?format=json`."""
        presets = tuple(dict.fromkeys((self._home, HOME_ADDRESS, AWAY_ADDRESS)))
        management = ManagementSite(managed, self, presets, lambda: self.language)
        self.control_url: str = self._network.open(management).url + "/"
        """The management pages over HTTPS; a browser warns, since it does not know our CA."""
        self.browser_url: str = self._network.open(management, tls=False).url + "/"
        """The same pages over plain HTTP on loopback, for browsers: no warning, and no secrets but those
        of practice keys, shown once when they are made there."""

    def _open_exchange(self, one: _OneExchange) -> None:
        imitation = one.imitation
        for trait in one.traits():
            clock = self._clock_with(CLOCK_OFFSETS.get(trait, 0.0))
            site = imitation.site(one.registry, clock, lambda: self.egress)
            if trait is not Trait.NORMAL:
                site = FaultySite(
                    site, trait, imitation.faults, one.urls[Trait.NORMAL], imitation.is_signed
                )
            one.urls[trait] = self._network.open(site).url

    def _open_other(self, one: _OneExchange) -> str:
        site = one.imitation.site(one.other_registry, self._clock, lambda: self.egress)
        return self._network.open(_Elsewhere(site)).url

    def _clock_with(self, offset: float) -> Clock:
        return lambda: self._clock() + offset


class _Elsewhere:
    """An exchange's other regional host: the same site under another name in the log."""

    def __init__(self, inner: Site) -> None:
        self._inner = inner

    @property
    def name(self) -> str:
        """The exchange's name with a mark behind it."""
        return f"{self._inner.name}/elsewhere"

    def now(self) -> float:
        """The exchange's clock, in seconds."""
        return self._inner.now()

    def answer(self, request: Request) -> Answer:
        """What the exchange answers there."""
        return self._inner.answer(request)
