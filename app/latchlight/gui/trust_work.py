"""What this program is and whom it can ever talk to, generated from its own tables. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from latchlight.core.errors import StoreError, VaultError
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.spec import ExchangeSpec, Host, Probe

if TYPE_CHECKING:
    from latchlight.services import Services


@dataclass(frozen=True)
class Endpoint:
    """One request that can ever be sent, and what goes with it."""

    request: str
    """`GET /api/v3/time`."""
    sends: Sentence


@dataclass(frozen=True)
class Party:
    """Somebody who can be contacted."""

    name: str
    hosts: tuple[str, ...]
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


def look_up_trust(services: Services) -> Trust:
    """Parties from the tables of this version; keyring and contacts as they are now."""
    contacted, problem = _contacted(services)
    return Trust(all_parties(services), _keyring(services), contacted, problem)


def all_parties(services: Services) -> tuple[Party, ...]:
    """Exchanges first, then the address services."""
    parties: list[Party] = []
    for spec in services.exchanges.values():
        parties += _exchange(spec)
    return (*parties, *_address_services(services))


def _exchange(spec: ExchangeSpec) -> list[Party]:
    probes = [p for p in (spec.time_probe, spec.key_probe, spec.narrow_probe) if p is not None]
    parties = [
        Party(
            spec.name,
            _names(spec.hosts),
            _endpoints(probes),
            say(
                "When you check a key of this exchange. The account question only after a refusal."
            ),
        )
    ]
    elsewhere = [p for p in (spec.time_probe, spec.other_probe) if p is not None]
    if spec.other_hosts and spec.other_probe is not None:
        titles = ", ".join(host.title for host in spec.other_hosts)
        parties.append(
            Party(
                titles,
                _names(spec.other_hosts),
                _endpoints(elsewhere),
                say("Only after a refusal, and only after you agreed to ask there."),
            )
        )
    return parties


def _names(hosts: tuple[Host, ...]) -> tuple[str, ...]:
    return tuple(host.name for host in hosts)


def _endpoints(probes: list[Probe]) -> tuple[Endpoint, ...]:
    return tuple(Endpoint(str(probe), _SIGNED if probe.signed else _PUBLIC) for probe in probes)


def _address_services(services: Services) -> list[Party]:
    return [
        Party(
            one.party,
            tuple(host for host in (one.host4, one.host6) if host),
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
