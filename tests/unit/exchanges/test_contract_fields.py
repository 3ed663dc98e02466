"""Safety rows B for every exchange: a field is missing, odd, or new."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from answer_mutations import (
    YES,
    Path,
    at,
    new_flags,
    pairs,
    parts,
    path_in,
    put,
    spoilt_at,
    text_of,
    with_member,
    without,
)
from latchlight.core.facts import is_true
from latchlight.core.findings import Light
from scripted_exchange import rules

from .contract import Exchange, calls_unknown, each_exchange, none_of, only, where

# B01 to B05, B09, B24: every field that counts


def in_words(exchange: Exchange, number: int, path: Path) -> bool:
    """An element of a list of permissions: without it the key may do less, and says so."""
    lists = exchange.named(number, [w.path for w in exchange.samples.fields.word_lists])
    return path[:-1] in lists


def spoilt_fields(exchange: Exchange, kinds: Callable[[str], bool]) -> Iterator[str]:
    for number, path in exchange.places():
        for how, body in spoilt_at(exchange.bodies[number], path):
            documented = exchange.may_take(number, path, how)
            fewer_words = how == "missing" and in_words(exchange, number, path)
            if not kinds(how) or documented or fewer_words:
                continue
            complaint = exchange.complaint(exchange.changed(number, body))
            yield f"{where(number, path, how)}: {complaint}" if complaint else ""


RENAMED = {"upper case", "lower case", "longer name", "shorter name", "one level down", "elsewhere"}


@each_exchange
def test_b04_a_missing_field_is_never_as_good(exchange: Exchange) -> None:
    none_of(spoilt_fields(exchange, lambda how: how == "missing"))


@each_exchange
def test_b05_a_renamed_or_moved_field_is_never_as_good(exchange: Exchange) -> None:
    none_of(spoilt_fields(exchange, lambda how: how in RENAMED))


@each_exchange
def test_b03_null_is_never_as_good(exchange: Exchange) -> None:
    none_of(spoilt_fields(exchange, lambda how: how == "null"))


@each_exchange
def test_b01_b02_b09_b24_another_type_is_never_as_good(exchange: Exchange) -> None:
    others = {"missing", "null", *RENAMED}
    none_of(spoilt_fields(exchange, lambda how: how not in others))


@each_exchange
def test_b04_two_missing_fields_are_never_as_good(exchange: Exchange) -> None:
    complaints = []
    for number, body in enumerate(exchange.bodies):
        places = [
            path
            for n, path in exchange.places()
            if n == number
            and not in_words(exchange, number, path)
            and not exchange.may_take(number, path, "missing")
        ]
        for one, two in pairs(places):
            report = exchange.changed(number, without(body, one, two))
            complaint = exchange.complaint(report)
            if complaint:
                complaints.append(f"{where(number, one, text_of(two))}: {complaint}")
    none_of(complaints)


@each_exchange
def test_b04_harmless_fields_make_nothing_better(exchange: Exchange) -> None:
    for number, body in enumerate(exchange.bodies):
        for path in exchange.named(number, exchange.samples.fields.harmless):
            for how, spoilt in spoilt_at(body, path):
                report = exchange.changed(number, spoilt)
                assert exchange.greener(report) == "", where(number, path, how)


# B06, B07: a new switch


def flag_places(exchange: Exchange) -> list[tuple[int, Path]]:
    return [
        (number, path)
        for number in range(len(exchange.well_kept.answers))
        for path in exchange.named(number, exchange.samples.fields.flags_under)
    ]


def has_flags(exchange: Exchange) -> bool:
    return bool(flag_places(exchange))


@only(has_flags)
def test_b06_a_new_switch_that_is_on_is_grey(exchange: Exchange) -> None:
    for number, path in flag_places(exchange):
        body = exchange.bodies[number]
        for name, value in [(n, True) for n in new_flags(200)] + [("enableXyz", y) for y in YES]:
            report = exchange.changed(number, with_member(body, path, name, value))
            assert report.light is Light.GREY, where(number, path, f"{name}={value!r}")
            assert rules(report)["unknown-permission-on"] == "grey"
            assert calls_unknown(report, name)


@only(has_flags)
def test_b07_a_new_switch_that_is_off_changes_nothing(exchange: Exchange) -> None:
    for number, path in flag_places(exchange):
        body = exchange.bodies[number]
        for name, value in itertools.product(new_flags(60), (False, None)):
            report = exchange.changed(number, with_member(body, path, name, value))
            assert rules(report) == rules(exchange.best), where(number, path, name)


@only(has_flags)
def test_a16_a_switch_in_another_case_is_grey(exchange: Exchange) -> None:
    for number, path in flag_places(exchange):
        body = exchange.bodies[number]
        for name, value in at(body, path).items():
            for twin in {name.upper(), name.capitalize()} - {name}:
                report = exchange.changed(number, with_member(body, path, twin, value))
                assert report.light is Light.GREY, where(number, path, twin)


@only(has_flags)
def test_b16_a_key_without_any_switch_is_grey(exchange: Exchange) -> None:
    for number, path in flag_places(exchange):
        members = at(exchange.bodies[number], path)
        off = {n: False if v is True else v for n, v in members.items()}
        report = exchange.changed(number, put(exchange.bodies[number], path, off))
        if not any(is_true(right.granted) for right in report.facts.rights):
            assert report.light is Light.GREY


# B15: more than one entry


def lists_of_objects(exchange: Exchange) -> list[tuple[int, Path]]:
    """Where an answer lists objects that are not permissions."""
    words = {(number, path) for number, path, _ in exchange.word_places()}
    found = []
    for number, body in enumerate(exchange.bodies):
        for path in [(), *parts(body)]:
            value = at(body, path)
            objects = isinstance(value, list) and any(isinstance(item, dict) for item in value)
            if objects and (number, path) not in words:
                found.append((number, path))
    return found


@pytest.mark.parametrize("more", ["the same again", "null", "nothing", "a word"])
@only(lambda exchange: bool(lists_of_objects(exchange)))
def test_b15_more_entries_than_expected_are_never_as_good(exchange: Exchange, more: str) -> None:
    for number, path in lists_of_objects(exchange):
        if exchange.may_take(number, path, more):
            continue
        entries = at(exchange.bodies[number], path)
        added = {"the same again": entries[0], "null": None, "nothing": {}, "a word": "x"}[more]
        for several in ([*entries, added], [added, *entries]):
            report = exchange.changed(number, put(exchange.bodies[number], path, several))
            assert exchange.complaint(report) == "", where(number, path, more)


@only(lambda exchange: bool(lists_of_objects(exchange)))
def test_b15_a_bad_entry_beside_the_good_one_counts(exchange: Exchange) -> None:
    """What makes another sample red, beside the well-kept entry, in both orders."""
    for number, path in lists_of_objects(exchange):
        good = at(exchange.bodies[number], path)
        for bad in red_entries(exchange, number, path):
            for several in ([*good, bad], [bad, *good]):
                report = exchange.changed(number, put(exchange.bodies[number], path, several))
                assert exchange.complaint(report) == "", where(number, path, repr(bad)[:80])


def red_entries(exchange: Exchange, number: int, path: Path) -> list[Any]:
    asked = exchange.well_kept.answers[number].path
    found = []
    for sample in exchange.samples.accepted:
        if sample.light != "red" or sample.key != exchange.well_kept.key:
            continue
        for reply in sample.answers:
            place = path_in(exchange.body(reply), text_of(path))
            if reply.path == asked and place is not None:
                entries = at(exchange.body(reply), place)
                found += entries if isinstance(entries, list) else []
    return found
