"""What this program is and whom it can ever talk to, generated from its own tables. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from latchlight.core.errors import StoreError, VaultError
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.spec import ExchangeSpec, Host

if TYPE_CHECKING:
    from latchlight.services import Services


@dataclass(frozen=True)
class Endpoint:
    """One request that can ever be sent, and what goes with it."""

    request: str
    """`GET /api/v3/time`."""
    sends: Sentence


@dataclass(frozen=True)
class Place:
    """One server, and what it is called where its owner has several."""

    server: str
    title: str = ""

    def __str__(self) -> str:
        return (
            say("{server} ({title})", server=self.server, title=self.title)
            if self.title
            else self.server
        )


@dataclass(frozen=True)
class Party:
    """Somebody who can be contacted."""

    name: str
    places: tuple[Place, ...]
    endpoints: tuple[Endpoint, ...]
    when: Sentence


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


_PUBLIC = say("nothing but the question")
_SIGNED = say("the API key and a signature; never the secret itself")
_WITH_PASSPHRASE = say(
    "the API key, its passphrase as the exchange wants it, and a signature; never the secret itself"
)


def look_up_trust(services: Services) -> Trust:
    """Parties from the tables of this version; keyring and contacts as they are now."""
    contacted, problem = _contacted(services)
    return Trust(all_parties(services), _keyring(services), contacted, problem)


def all_parties(services: Services) -> tuple[Party, ...]:
    """Exchanges first, then the address services."""
    exchanges = (_exchange(spec) for spec in services.exchanges.values())
    return (*exchanges, *_address_services(services))


def _exchange(spec: ExchangeSpec) -> Party:
    when = say("When you check a key of this exchange.")
    if len(spec.hosts) > 1:
        when = say(
            "Only the site that you chose for a key, when you check it. "
            "Another one only after a refusal, and only after you agreed to ask there."
        )
    signed = _SIGNED
    if any(field.name == "passphrase" for field in spec.fields):
        signed = _WITH_PASSPHRASE
    return Party(
        spec.name,
        _places(spec.hosts),
        tuple(Endpoint(str(probe), signed if probe.signed else _PUBLIC) for probe in spec.probes()),
        when,
    )


def _places(hosts: tuple[Host, ...]) -> tuple[Place, ...]:
    """One line per server: a demo can share one with the real thing."""
    titles: dict[str, list[str]] = {}
    for host in hosts:
        title = host.title.removesuffix(f"({host.server})").strip()
        known = titles.setdefault(host.server, [])
        if title not in known:
            known.append(title)
    several = len(hosts) > 1
    return tuple(
        Place(server, ", ".join(found) if several else "") for server, found in titles.items()
    )


def _address_services(services: Services) -> list[Party]:
    return [
        Party(
            one.party,
            tuple(Place(host) for host in (one.host4, one.host6) if host),
            (Endpoint(f"GET {one.path}", _PUBLIC),),
            say("When your public IP is looked up; you can switch that off."),
        )
        for one in services.address_services()
    ]


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
