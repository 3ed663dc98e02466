"""Everybody who can ever be contacted, generated from the tables by which requests are allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from latchlight.core.command_name import command_name
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.spec import ExchangeSpec, Host
from latchlight.help.article import Article, Block, Chapter, Para, Part, Points

ID = "contacts"


class AddressTeller(Protocol):
    """What is needed of a service that tells the caller's address (`net/egress.py`)."""

    @property
    def party(self) -> str:
        """Who runs it."""

    @property
    def host4(self) -> str | None:
        """Its name for IPv4."""

    @property
    def host6(self) -> str | None:
        """Its name for IPv6."""

    @property
    def path(self) -> str:
        """What is asked for."""


class Announcer(Protocol):
    """What is needed of where the makers announce releases (`net/announcement.py`)."""

    @property
    def host(self) -> str:
        """Its name."""

    @property
    def paths(self) -> tuple[str, ...]:
        """What is asked for."""


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

    @property
    def words(self) -> Sentence:
        """For people."""
        if not self.title:
            return say("{server}", server=self.server)
        return say("{server} ({title})", server=self.server, title=self.title)

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Party:
    """Somebody who can be contacted."""

    name: str
    places: tuple[Place, ...]
    endpoints: tuple[Endpoint, ...]
    when: Sentence


_PUBLIC = say("nothing but the question")
_SIGNED = say("the API key and a signature; never the secret itself")
_WITH_PASSPHRASE = say(
    "the API key, its passphrase as the exchange wants it, and a signature; never the secret itself"
)


def all_parties(
    exchanges: Iterable[ExchangeSpec],
    services: Iterable[AddressTeller],
    announcer: Announcer | None = None,
) -> tuple[Party, ...]:
    """Exchanges first, then the address services, then the makers' own server if there is one."""
    makers = () if announcer is None else (_announcer(announcer),)
    return (*map(_exchange, exchanges), *map(_address_service, services), *makers)


def contacts(
    exchanges: Iterable[ExchangeSpec],
    services: Iterable[AddressTeller],
    announcer: Announcer | None = None,
) -> Article:
    """The page that lists all of them."""
    return Article(
        ID,
        Chapter.MORE,
        say("Every host and every question"),
        tuple(_blocks(all_parties(exchanges, services, announcer))),
        see=("secret-kept", "whitelist-off"),
    )


def _blocks(parties: Iterable[Party]) -> Iterator[Block]:
    yield Para(
        say(
            "Latchlight contacts these servers with these questions and no others: this page is made "
            "from the tables by which requests are allowed. All are GET requests, which only read. "
            "There are no statistics, no crash reports, and no search for updates that you did not ask for."
        )
    )
    for party in parties:
        yield Part(say("{name}", name=party.name))
        yield Para(party.when)
        yield Points(tuple(place.words for place in party.places))
        yield Points(
            tuple(
                say("{request}: sends {what}", request=each.request, what=each.sends)
                for each in party.endpoints
            )
        )


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


def _address_service(one: AddressTeller) -> Party:
    return Party(
        one.party,
        tuple(Place(host) for host in (one.host4, one.host6) if host),
        (Endpoint(f"GET {one.path}", _PUBLIC),),
        say("When your public IP is looked up; you can switch that off."),
    )


def _announcer(one: Announcer) -> Party:
    return Party(
        say("The makers of Latchlight"),
        (Place(one.host),),
        tuple(Endpoint(f"GET {path}", _PUBLIC) for path in one.paths),
        say(
            "Only when you press “Check for updates” or type `{command} updates`.",
            command=command_name(),
        ),
    )
