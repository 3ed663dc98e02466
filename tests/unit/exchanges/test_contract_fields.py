"""Safety rows B for every exchange: a field is missing, odd, or new."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from answer_mutations import (
    YES,
    Path,
    around,
    at,
    full_width,
    in_other_case,
    new_flags,
    pairs,
    parts,
    path_in,
    put,
    random_words,
    spoilt_at,
    text_of,
    with_member,
    without,
)
from exchange_samples import WordList
from latchlight.core.facts import Known, is_true
from latchlight.core.findings import KeyReport, Light
from scripted_exchange import heard, rules

from .contract import Exchange, each_exchange, none_of, only, where

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
            assert names(report, name)


def names(report: KeyReport, word: str) -> bool:
    """Whether the word is among the unknown rights, perhaps with the place where it stood."""
    told = report.facts.unknown_rights
    assert isinstance(told, Known)
    return any(word.casefold() in name.casefold() for name in told.value)


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


# B08, B10, B11, B16: words


def word_places(exchange: Exchange) -> list[tuple[int, Path, WordList]]:
    return [
        (number, path, place)
        for number in range(len(exchange.well_kept.answers))
        for place in exchange.samples.fields.word_lists
        for path in exchange.named(number, [place.path])
    ]


def has_words(exchange: Exchange) -> bool:
    return bool(word_places(exchange))


def read_words(place: WordList, value: Any) -> list[str]:
    """The words of one list."""
    if place.form == "comma":
        return [word for word in str(value).split(",") if word]
    if place.form == "list":
        return list(value)
    return [str(item[word_name(place)]) for item in value]


def word_name(place: WordList) -> str:
    return next(name for name, value in place.template.items() if value == "$WORD")


def written(place: WordList, old: Any, words: list[str]) -> Any:
    """The list with these words; objects keep what else they say, new ones say the template."""
    if place.form == "comma":
        return ",".join(words)
    if place.form == "list":
        return words
    name = word_name(place)
    items = [*old, *(place.template for _ in words[len(old) :])]
    return [{**item, name: word} for item, word in zip(items, words, strict=False)]


def known_words(exchange: Exchange) -> set[str]:
    """All permission words of the samples."""
    found = set()
    for sample in exchange.samples.accepted:
        for reply in sample.answers:
            for place in exchange.samples.fields.word_lists:
                path = path_in(reply.body, place.path.rpartition(":")[2])
                try:
                    found |= set(read_words(place, at(reply.body, path or ())))
                except (TypeError, KeyError, AttributeError):
                    continue  # a sample of a wrong form
    return {word.strip() for word in found if isinstance(word, str) and word.strip()}


def with_words(
    exchange: Exchange, change: Callable[[list[str]], list[str]]
) -> Iterator[tuple[str, KeyReport]]:
    """The well-kept key with one of its lists changed."""
    for number, path, place in word_places(exchange):
        body = exchange.bodies[number]
        value = at(body, path)
        words = change(read_words(place, value))
        said = put(body, path, written(place, value, words))
        yield where(number, path, repr(words)), exchange.changed(number, said)


def stays_unknown(exchange: Exchange, words: list[str]) -> None:
    """Each of these words, beside the others, is a right that nobody knows.

    Where an exchange never tells whether a key may withdraw, any word that speaks of it is red.
    """
    tells = rules(exchange.best)["withdraw-on"] == "green"
    for word in words:
        for place, report in with_words(exchange, lambda old, word=word: [*old, word]):
            told = rules(report)
            assert report.light in (Light.GREY, Light.RED), place
            assert exchange.greener(report) == "", place
            if tells or told["withdraw-on"] != "red":
                assert told["unknown-permission-on"] == "grey", place
                assert told["withdraw-on"] == rules(exchange.best)["withdraw-on"], place


@only(has_words)
def test_b08_two_hundred_new_words_are_grey(exchange: Exchange) -> None:
    stays_unknown(exchange, random_words(200))
    for word in ("stake", "New2", "x"):
        for place, report in with_words(exchange, lambda old, word=word: [*old, word]):
            assert names(report, word), place


@only(has_words)
def test_b11_a_known_word_inside_another_one_is_not_that_word(exchange: Exchange) -> None:
    known = known_words(exchange)
    lowered = {word.lower() for word in known}
    hidden = [w for word in sorted(known) for w in around(word) if w.lower() not in lowered]
    assert hidden
    stays_unknown(exchange, hidden)


@only(has_words)
def test_b10_case_and_spaces_of_a_word_do_not_matter(exchange: Exchange) -> None:
    for number in range(6):
        change = lambda old, number=number: [in_other_case(word)[number] for word in old]  # noqa: E731
        for place, report in with_words(exchange, change):
            assert rules(report) == rules(exchange.best), place


@only(has_words)
def test_b10_full_width_letters_are_another_word(exchange: Exchange) -> None:
    words = {word for word in known_words(exchange) if word.isascii()}
    stays_unknown(exchange, [full_width(word) for word in sorted(words)])
    for place, report in with_words(exchange, lambda old: [full_width(word) for word in old]):
        assert report.light in (Light.GREY, Light.RED) or place.endswith("[]"), place


@only(has_words)
def test_b16_a_key_without_any_word_is_grey(exchange: Exchange) -> None:
    script = exchange.script()
    for number, reply in enumerate(exchange.well_kept.answers):
        body = copy.deepcopy(exchange.bodies[number])
        for n, path, place in word_places(exchange):
            if n == number:
                body = put(body, path, written(place, [], []))
        script[reply.path] = heard(body)
    report = exchange.report(script)
    assert report.light is Light.GREY
    assert exchange.greener(report) == ""


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
    words = {(number, path) for number, path, _ in word_places(exchange)}
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
