"""A pasted text says from which exchange it could come, and never more than it knows."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.diagnosis import Likelihood
from latchlight.core.errors import InputError
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.shapes import (
    NAMES,
    Likeness,
    Part,
    likeness_words,
    recognise,
    refuse_dead,
)

from .contract import KNOWN, Exchange, each_exchange

DICE = random.Random("latchlight shapes")
CERTAIN, LIKELY, POSSIBLE = Likelihood.CERTAIN, Likelihood.LIKELY, Likelihood.POSSIBLE
# Published in coinbase-advanced-py, tests/constants.py; belongs to no account.
SEED = "k0BUni0p0vZG1BdpVjS6ogBJ7kxm630AJ2dN+tuputDOKsRAwgyrpEQLeBtS1znTmzPX6Xr2eOWpzx6nW8knkA=="
# Published in Kraken's documents as an example.
KRAKEN = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
UUID = "8a1f2c34-5b6d-4e8f-90ab-cdef01234567"
PATH = f"organizations/{UUID}/apiKeys/{UUID}"
OLD_KEY, OLD_SECRET = "g3BLnUYMOQsIo9V5", "M4009eFnOoPwhNoMwJlsAHgIgleGVFPl"
UPPER, LOWER = "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdef"
MIXED = string.ascii_letters + string.digits


def letters(count: int, alphabet: str = MIXED) -> str:
    return "".join(DICE.choices(alphabet, k=count))


def pem(key: object, old: bool = False) -> str:
    assert isinstance(
        key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
    )
    shape = form.PrivateFormat.TraditionalOpenSSL if old else form.PrivateFormat.PKCS8
    return key.private_bytes(form.Encoding.PEM, shape, form.NoEncryption()).decode()


EC = ec.derive_private_key(7, ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def seen(given: str | dict[str, str]) -> list[tuple[str, Likelihood]]:
    return [(likeness.exchange, likeness.likelihood) for likeness in recognise(given)]


ONE: dict[str, tuple[Callable[[], str], list[tuple[str, Likelihood]]]] = {
    "bitget key": (lambda: f"bg_{LOWER}", [("bitget", CERTAIN)]),
    "coinbase key": (lambda: PATH, [("coinbase", CERTAIN)]),
    "coinbase EC secret": (lambda: pem(EC, old=True), [("coinbase", CERTAIN)]),
    "coinbase EC secret, PKCS#8": (lambda: pem(EC), [("coinbase", LIKELY)]),
    "coinbase 64 bytes": (lambda: SEED, [("coinbase", CERTAIN)]),
    "coinbase 32 bytes": (
        lambda: base64.b64encode(base64.b64decode(SEED)[:32]).decode(),
        [("coinbase", LIKELY)],
    ),
    "kraken secret": (lambda: KRAKEN, [("kraken", LIKELY)]),
    "kraken key": (lambda: letters(55) + "/", [("kraken", LIKELY)]),
    "ed25519": (lambda: pem(ED), [("binance", LIKELY), ("coinbase", POSSIBLE)]),
    "kucoin key": (lambda: LOWER[:24], [("kucoin", LIKELY)]),
    "uuid": (lambda: UUID, [("okx", POSSIBLE), ("coinbase", POSSIBLE), ("kucoin", POSSIBLE)]),
    "gate key": (lambda: LOWER, [("gate", POSSIBLE)]),
    "okx secret": (lambda: UPPER, [("okx", LIKELY)]),
    "digits alone": (lambda: "0123456789" * 3 + "01", [("okx", POSSIBLE), ("gate", POSSIBLE)]),
    "gate or bitget secret": (lambda: LOWER * 2, [("gate", POSSIBLE), ("bitget", POSSIBLE)]),
    "binance": (lambda: letters(64), [("binance", LIKELY)]),
    "bybit key": (lambda: letters(18), [("bybit", LIKELY)]),
    "bybit secret": (lambda: letters(36), [("bybit", LIKELY)]),
    "mexc key": (lambda: "mx0" + letters(15), [("mexc", LIKELY)]),
    "htx key": (lambda: "vfd5ghr532-67eea8ad-cb0f8f1d-c41a0", [("htx", LIKELY)]),
    "htx secret": (lambda: "abcd1234-67eea8ad-cb0f8f1d-c41a0", [("htx", LIKELY)]),
    "old coinbase key": (lambda: OLD_KEY, [("coinbase", POSSIBLE)]),
    "old coinbase secret": (lambda: OLD_SECRET, [("coinbase", POSSIBLE)]),
}


@pytest.mark.parametrize("name", ONE)
def test_one_text_is_recognised_by_its_shape(name: str) -> None:
    make, expected = ONE[name]
    text = make()
    assert seen(text) == expected
    assert seen({"api_key": "", "secret": text}) == expected
    assert seen({"api_key": text}) == expected


def test_an_rsa_key_could_belong_to_those_that_take_one() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    expected = [("binance", POSSIBLE), ("bybit", POSSIBLE), ("bitget", POSSIBLE)]
    assert seen(pem(key)) == seen(pem(key, old=True)) == expected


PAIRS: dict[str, tuple[str, str, list[tuple[str, Likelihood]]]] = {
    "okx": (UUID, UPPER, [("okx", LIKELY)]),
    "kucoin": (LOWER[:24], UUID, [("kucoin", LIKELY)]),
    "gate": (LOWER, LOWER * 2, [("gate", LIKELY)]),
    "bitget": (f"bg_{LOWER}", LOWER * 2, [("bitget", CERTAIN)]),
    "coinbase": (UUID, SEED, [("coinbase", CERTAIN)]),
    "binance": (letters(64), letters(64), [("binance", LIKELY)]),
    "binance, private key": (letters(64), pem(ED), [("binance", LIKELY)]),
    "bybit": (letters(18), letters(36), [("bybit", LIKELY)]),
    "kraken": (letters(56), KRAKEN, [("kraken", LIKELY)]),
    "old coinbase": (OLD_KEY, OLD_SECRET, [("coinbase", LIKELY)]),
}


@pytest.mark.parametrize("name", PAIRS)
def test_key_and_secret_together_say_more_in_whatever_order(name: str) -> None:
    key, secret, expected = PAIRS[name]
    assert seen({"api_key": key, "secret": secret, "passphrase": UUID}) == expected
    assert seen({"api_key": secret, "secret": key}) == expected
    if "BEGIN" not in secret:
        assert seen(f"{key}\n{secret}\n") == expected
    assert seen(json.dumps({"apiKey": key, "secret": secret})) == expected


def test_two_texts_that_do_not_belong_together_are_looked_at_one_by_one() -> None:
    assert seen({"api_key": f"bg_{LOWER}", "secret": UPPER}) == [
        ("bitget", CERTAIN),
        ("okx", LIKELY),
    ]
    # Both are secrets: no pair of one exchange.
    assert seen({"api_key": UUID, "secret": UUID}) == seen(UUID)


@pytest.mark.parametrize("shown", [f' "{PATH}" ', f"name: {PATH}", f"api_key={PATH};"])
def test_what_stands_around_a_value_does_not_matter(shown: str) -> None:
    assert seen(shown) == [("coinbase", CERTAIN)]


def test_a_wrapped_value_is_not_taken_for_two() -> None:
    whole = letters(64)
    assert seen(f"{whole[:32]}\n{whole[32:]}") == [("binance", LIKELY)]


def test_the_two_halves_of_an_ed25519_secret_tell_it_from_any_other() -> None:
    raw = base64.b64decode(SEED)
    for at in range(64):
        changed = bytearray(raw)
        changed[at] ^= 1
        assert seen(base64.b64encode(changed).decode()) == [("kraken", LIKELY)]
    assert seen(SEED[:-4]) == []


@pytest.mark.parametrize(
    "text",
    ["", " ", "hello", "x" * 30_000, "****", "https://okx.com", "a b c", "\0", "bg_" + UPPER],
)
def test_what_is_not_known_is_not_named(text: str) -> None:
    assert recognise(text) == ()
    assert recognise({"api_key": text, "secret": text}) == ()


@given(st.text(max_size=90), st.text(max_size=90))
def test_any_text_is_looked_at_in_silence(one: str, other: str) -> None:
    for found in (recognise(one), recognise({"api_key": one, "secret": other})):
        assert all(likeness.exchange in NAMES for likeness in found)
        assert len({(f.exchange, f.dead) for f in found}) == len(found)


@each_exchange
def test_the_samples_of_every_exchange_look_like_its_own(exchange: Exchange) -> None:
    fields = exchange.well_kept.key.fields()
    found = recognise(fields)
    assert exchange.spec.id in [likeness.exchange for likeness in found]
    assert likeness_words(found, exchange.spec.id) is None
    assert exchange.spec.name == NAMES[exchange.spec.id]


def test_every_exchange_is_known_by_sight() -> None:
    assert set(EXCHANGES) <= set(NAMES)
    assert "coinbase" in {exchange.spec.id for exchange in KNOWN.values()}


# words


def test_the_form_is_told_only_where_another_exchange_is_chosen() -> None:
    okx = recognise({"api_key": UUID, "secret": UPPER})
    assert likeness_words(okx, "okx") is None
    assert likeness_words(okx, "binance") == "This looks like a key of OKX."
    assert likeness_words((), "binance") is None


def test_several_possible_exchanges_are_all_named() -> None:
    words = likeness_words(recognise(UUID), "binance")
    assert words == "This could be a key of OKX, Coinbase or KuCoin."
    assert likeness_words(recognise(UUID), "kucoin") is None


def test_an_exchange_that_cannot_be_checked_is_named_as_such() -> None:
    words = likeness_words(recognise(KRAKEN), "coinbase")
    assert words == "This looks like a key of Kraken, whose keys Latchlight cannot check."


def test_a_dead_kind_of_key_is_named_with_the_way_to_a_new_one() -> None:
    pair = recognise({"api_key": OLD_KEY, "secret": OLD_SECRET})
    assert [likeness.dead for likeness in pair] == [True]
    for chosen in ("coinbase", "binance"):
        words = str(likeness_words(pair, chosen))
        assert "ended in February 2025" in words
        assert "Create API key" in words
    assert "ended" in str(likeness_words(recognise(OLD_KEY), "coinbase"))
    # Sixteen letters could be anything.
    assert likeness_words(recognise(OLD_KEY), "binance") is None


@pytest.mark.parametrize(("one", "other"), [(OLD_KEY, OLD_SECRET), (OLD_SECRET, OLD_KEY)])
def test_a_dead_pair_is_refused_at_its_exchange_and_nowhere_else(one: str, other: str) -> None:
    with pytest.raises(InputError, match="ended in February 2025") as caught:
        refuse_dead("coinbase", one, other)
    assert (caught.value.field, caught.value.__context__) == ("api_key", None)
    refuse_dead("bybit", one, other)
    refuse_dead("coinbase", one, one)
    refuse_dead("coinbase", PATH, SEED)


def test_a_likeness_shows_nothing_of_the_text() -> None:
    shown = repr(recognise({"api_key": PATH, "secret": SEED}))
    assert SEED[:12] not in shown
    assert UUID not in shown
    assert shown == repr((Likeness("coinbase", CERTAIN, Part.EITHER),))
