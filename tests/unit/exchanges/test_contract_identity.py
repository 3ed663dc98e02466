"""Safety rows D for every exchange: the answer is about another key, or the key is another's."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from answer_mutations import (
    Path,
    at,
    parts,
    put,
)
from exchange_samples import Key
from latchlight.core.errors import InputError
from latchlight.exchanges.intake import read_credentials

from .contract import (
    Exchange,
    each_two,
    only,
    where,
)


def echoes(exchange: Exchange) -> list[tuple[int, Path]]:
    """Where the well-kept answers name the key that asked, whole or its first letters."""
    key = exchange.well_kept.key.api_key
    return [
        (number, path)
        for number, body in enumerate(exchange.bodies)
        for path in parts(body)
        if _names(at(body, path), key)
    ]


def _names(value: Any, key: str) -> bool:
    bare = value.rstrip("*.\u2026") if isinstance(value, str) else ""
    return len(bare) >= 8 and key.startswith(bare)


def other_keys(echo: str) -> list[str]:
    bare = echo.rstrip("*.\u2026")
    mask = echo[len(bare) :]
    turned = "".join(chr(ord(c) ^ 1) if c.isalnum() else c for c in bare)
    near = bare[:-1] + turned[-1]
    far = turned[0] + bare[1:]
    return [turned + mask, near + mask, far + mask, bare[::-1] + mask, f"x{bare}{mask}"]


@only(lambda exchange: bool(echoes(exchange)))
def test_d01_a15_an_answer_about_another_key_is_grey(exchange: Exchange) -> None:
    """Each echo alone, and all of them."""
    places = echoes(exchange)
    for number, path in places:
        body = exchange.bodies[number]
        for other in other_keys(at(body, path)):
            report = exchange.changed(number, put(body, path, other))
            assert exchange.unproved(report) == "", where(number, path, other)
    for number in {number for number, _ in places}:
        body = copy.deepcopy(exchange.bodies[number])
        for path in [p for n, p in places if n == number]:
            body = put(body, path, other_keys(at(body, path))[0])
        assert exchange.unproved(exchange.changed(number, body)) == ""


@only(lambda exchange: bool(echoes(exchange)))
def test_d01_an_echo_that_names_no_key_proves_nothing(exchange: Exchange) -> None:
    for number, path in echoes(exchange):
        body = exchange.bodies[number]
        for echo in ("", "*", "*****", " ", at(body, path)[:1] + "*****"):
            report = exchange.changed(number, put(body, path, echo))
            assert exchange.complaint(report) == "", where(number, path, echo)


@each_two
def test_d09_a_key_of_another_exchange_is_never_green(exchange: Exchange, owner: Exchange) -> None:
    for key in {repr(sample.key): sample.key for sample in owner.samples.accepted}.values():
        typed_into_the_form_of(exchange, key)
        asks = replace(exchange.well_kept, key=key)
        for refusal in exchange.samples.refusals:
            script = {**exchange.script(), exchange.path_of(refusal): exchange.refused(refusal)}
            assert exchange.unproved(exchange.report(script, asks)) == "", refusal.name
        if not can_sign(exchange, key):
            assert exchange.unproved(exchange.report(exchange.script(), asks)) == ""


def can_sign(exchange: Exchange, key: Key) -> bool:
    spec = exchange.spec
    try:
        spec.sign(key.credentials(), spec.key_probe, spec.hosts[0], 1_700_000_000_000)
    except InputError:
        return False
    return True


def typed_into_the_form_of(exchange: Exchange, key: Key) -> None:
    """Taken, or refused with a sentence that does not hold it: nothing else may happen."""
    sentence = ""
    try:
        intake = read_credentials(exchange.spec, key.fields())
        assert intake.credentials.kind in exchange.spec.kinds
    except InputError as problem:
        sentence = str(problem)
    assert key.secret not in sentence
    assert key.api_key not in sentence
