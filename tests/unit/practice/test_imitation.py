"""What every practice exchange can be given, tried on one that is made of nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from html import unescape

import pytest

from latchlight.core.credentials import KeyKind
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.findings import Light
from latchlight.core.rules import RULES
from latchlight.core.sentences import say
from latchlight.practice.exchange import EXCHANGES
from latchlight.practice.imitation import Clock, Egress, PracticeExchange
from latchlight.practice.keys import KeyPlan, KeyState, PracticeKey, hmac_credential, random_hex
from latchlight.practice.messages import Answer, Request, json_answer
from latchlight.practice.registry import (
    HouseRules,
    PageWords,
    Registry,
    Switch,
    lets_in,
    seen_address,
)
from latchlight.practice.traits import Trait
from latchlight.practice.troubles import troubled
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld

from .conftest import Client, Reply

IPV6 = "2001:db8::7"
WORDS = PageWords(
    title="Toy keys",
    edit="Change toy",
    create="Create",
    addresses="Toy addresses",
    open="All may play",
    restricted="Some may play",
    hint="One toy per line.",
    warning="",
    boxes="Toy rights",
    save="Keep toy",
)
WORDED_BY_THE_EXCHANGE = {
    Trait.MAINTENANCE,
    Trait.MAINTENANCE_PAGE,
    Trait.FIREWALL,
    Trait.REGION,
    Trait.RATE_LIMITED,
    Trait.BANNED,
}
LOCKED = KeyState(True, (HOME_ADDRESS,))


class Oddity(Enum):
    """The toy exchange's own closed set."""

    SQUARE = "square"


def _plan(name: str, state: KeyState = LOCKED, **fields: object) -> KeyPlan:
    return replace(KeyPlan(name, say("A toy."), state, Light.GREEN), **fields)  # type: ignore[arg-type]


def _cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    return (
        _plan("plain", quirk=Oddity.SQUARE, sub_account=True),
        _plan("wrong-passphrase", right_passphrase=False),
        _plan("wrong-secret", right_secret=False),
        _plan("wrong-ecdsa", kind=KeyKind.ECDSA, right_secret=False),
        _plan("over-ipv6", seen_from=IPV6),
        _plan("range", KeyState(True, ("203.0.113.0/24", "2001:db8::/48")), seen_from=IPV6),
        _plan("abroad", elsewhere=True),
        _plan("gone", elsewhere=True, registered=False),
        *troubled(LOCKED, (Trait.SILENT, Trait.CUT_JSON)),
    )


class ToySite:
    """Tells what it knows about the key in the header `toy`."""

    name = "toy"

    def __init__(self, registry: Registry, clock: Clock, egress: Egress) -> None:
        self._registry, self._clock, self._egress = registry, clock, egress

    def now(self) -> float:
        return self._clock()

    def answer(self, request: Request) -> Answer:
        record = self._registry.find(request.headers.get("toy", ""))
        if record is None:
            return json_answer({"known": False}, 401, (("X-Toy", "none"),))
        seen = seen_address(record, self._egress())
        told = {"seen": seen, "in": lets_in(record.state, seen), "sub": record.plan.sub_account}
        return json_answer({"known": True, "uid": record.uid, **told})


TOY = PracticeExchange(
    id="toy",
    name="Toy",
    rules=HouseRules((Switch("toy:play", "Play"),), 2, frozenset(), WORDS, ranges=True, ipv6=True),
    cast=_cast,
    site=ToySite,
    faults={},
    new_api_key=lambda: random_hex(16),
    is_signed=lambda request: "toy" in request.headers,
    new_passphrase=lambda: random_hex(8),
    make_credential=hmac_credential(lambda: random_hex(32)),
    other_host="Toy Overseas",
)


@pytest.fixture
def toy(start_world: Callable[..., PracticeWorld], monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client of a world with the toy exchange alone."""
    monkeypatch.setitem(EXCHANGES, "toy", TOY)
    return Client(start_world(exchanges=("toy",)))


def _key(toy: Client, name: str) -> PracticeKey:
    return toy.key(name, "toy")


def _ask(toy: Client, name: str, url: str | None = None) -> Reply:
    key = _key(toy, name)
    return toy.ask(url or key.base_url, "/", headers={"toy": key.api_key})


def test_a_wrong_passphrase_is_handed_out_and_the_right_one_kept(toy: Client) -> None:
    for name, same in (("plain", True), ("wrong-passphrase", False)):
        record = toy.world.registry("toy").named(name)
        told = _key(toy, name).passphrase
        assert record is not None
        assert record.passphrase is not None
        assert told is not None
        assert (told == record.passphrase) is same
        assert len(told) == len(record.passphrase) == 8
        assert told not in repr(_key(toy, name))
        assert record.passphrase not in repr(record)


def test_a_wrong_secret_has_the_shape_of_a_right_one(toy: Client) -> None:
    record = toy.world.registry("toy").named("wrong-secret")
    assert record is not None
    told = _key(toy, "wrong-secret").secret
    assert re.fullmatch(r"[0-9a-f]{32}", told)
    assert told != record.known_secret()
    assert _key(toy, "wrong-ecdsa").secret.startswith("-----BEGIN EC PRIVATE KEY-----")


def test_a_key_may_be_seen_from_elsewhere_than_this_computer(toy: Client) -> None:
    assert _ask(toy, "plain").json["seen"] == HOME_ADDRESS
    told = _ask(toy, "over-ipv6").json
    assert (told["seen"], told["in"]) == (IPV6, False)
    assert _ask(toy, "range").json["in"] is True
    toy.world.egress = AWAY_ADDRESS
    assert _ask(toy, "plain").json["seen"] == AWAY_ADDRESS
    assert _ask(toy, "over-ipv6").json["seen"] == IPV6


def test_a_key_of_the_other_host_is_known_there_and_only_there(toy: Client) -> None:
    world = toy.world
    assert world.other_urls.keys() == {"toy"}
    assert _key(toy, "abroad").base_url == world.base_url("toy") != world.other_urls["toy"]
    refused = _ask(toy, "abroad")
    assert (refused.status, refused.headers["X-Toy"]) == (401, "none")
    assert _ask(toy, "abroad", world.other_urls["toy"]).json["known"] is True
    assert _ask(toy, "plain", world.other_urls["toy"]).json["known"] is False
    assert _ask(toy, "gone", world.other_urls["toy"]).json["known"] is False
    assert world.registry("toy").named("abroad") is None
    assert world.registry("toy", elsewhere=True).named("abroad") is not None
    assert {entry.site for entry in world.log.entries()} == {"toy", "toy/elsewhere"}


def test_doors_are_open_only_for_the_traits_of_planned_keys(toy: Client) -> None:
    for trait in (Trait.NORMAL, Trait.SILENT, Trait.CUT_JSON):
        assert toy.world.base_url("toy", trait)
    with pytest.raises(KeyError):
        toy.world.base_url("toy", Trait.REDIRECT)


def test_the_exchange_itself_tells_which_answers_are_spoilt(toy: Client) -> None:
    url = _key(toy, "cut-json").base_url
    assert toy.ask(url, "/?signature=1").json == {"known": False}
    spoilt = _ask(toy, "cut-json").body
    assert spoilt.startswith(b"{")
    assert not spoilt.endswith(b"}")


def test_account_numbers_stay_the_same_and_differ_between_keys(
    toy: Client, start_world: Callable[..., PracticeWorld]
) -> None:
    again = start_world(exchanges=("toy",)).registry("toy")
    records = toy.world.registry("toy").records()
    for record in records:
        other = again.named(record.name)
        assert other is not None
        assert other.uid == record.uid
    assert len({record.uid for record in records}) == len(records)
    assert all(len(str(record.uid)) == 9 for record in records)


def test_pages_speak_the_words_of_their_exchange_and_no_other(toy: Client) -> None:
    def page(path: str) -> str:
        return unescape(toy.ask(toy.world.control_url, path).body.decode())

    home, keys, edit = page("/"), page("/toy/"), page("/toy/plain")
    assert "Toy keys" in home
    for word in (WORDS.title, WORDS.edit, WORDS.create, WORDS.addresses):
        assert word in keys
    for word in (*WORDS.__dict__.values(), "Play"):
        assert word in edit or word == WORDS.create
    assert "inset" not in edit
    own = set(WORDS.__dict__.values())  # some are ours, the same for every exchange
    for word in {*EXCHANGES["binance"].rules.words.__dict__.values()} - own:
        assert str(word) not in home + keys + edit
    assert "/toy-elsewhere/abroad" in page("/toy-elsewhere/")
    assert "Toy Overseas" in home


@pytest.mark.parametrize(
    ("lacking", "message"), [("new_passphrase", "passphrase"), ("other_host", "host")]
)
def test_a_plan_that_the_exchange_cannot_have_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, lacking: str, message: str
) -> None:
    changed = replace(TOY, **{lacking: None})  # type: ignore[arg-type]
    monkeypatch.setitem(EXCHANGES, "toy", changed)
    with pytest.raises(ValueError, match=message):
        PracticeWorld.start(exchanges=("toy",))


def test_all_exchanges_are_started_in_order_unless_some_are_named(
    start_world: Callable[..., PracticeWorld],
) -> None:
    world = start_world(exchanges=None, faults=False)
    assert list(dict.fromkeys(key.exchange for key in world.keys)) == list(EXCHANGES)
    assert set(world.other_urls) == {e.id for e in EXCHANGES.values() if e.other_host is not None}


@pytest.mark.parametrize("imitation", EXCHANGES.values(), ids=list(EXCHANGES))
def test_every_cast_is_sound(imitation: PracticeExchange) -> None:
    plans = imitation.cast(HOME_ADDRESS, AWAY_ADDRESS)
    known = {rule.id for rule in RULES} | {code.value for code in DiagnosisCode}
    assert len({plan.name for plan in plans}) == len(plans)
    for plan in plans:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", plan.name)
        assert (plan.reason is None) == (plan.light is Light.GREEN)
        assert plan.reason is None or plan.reason in known
        if plan.trait is not Trait.NORMAL:
            assert (plan.registered, plan.elsewhere) == (True, False)
        # Without words of its own, the exchange would answer as if nothing were wrong.
        assert plan.trait in imitation.faults or plan.trait not in WORDED_BY_THE_EXCHANGE
    assert any(plan.light is Light.RED for plan in plans)
    assert EXCHANGES[imitation.id] is imitation
