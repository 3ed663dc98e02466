"""Safety rows B for every exchange that lists permissions as words."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from answer_mutations import (
    around,
    at,
    full_width,
    in_other_case,
    path_in,
    put,
    random_words,
)
from exchange_samples import WordList
from latchlight.core.findings import KeyReport, Light
from scripted_exchange import heard, rules

from .contract import BAD, Exchange, calls_unknown, only, where


def has_words(exchange: Exchange) -> bool:
    return bool(exchange.word_places())


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
    for number, path, place in exchange.word_places():
        body = exchange.bodies[number]
        value = at(body, path)
        words = change(read_words(place, value))
        said = put(body, path, written(place, value, words))
        yield where(number, path, repr(words)), exchange.changed(number, said)


def stays_unknown(exchange: Exchange, words: list[str]) -> None:
    """Each of these words, beside the others, is a right that nobody knows.

    One that speaks of withdrawals leaves it open whether the key can withdraw; where an exchange never
    tells that in another way, it is red.
    """
    tells = rules(exchange.best)["withdraw-on"] == "green"
    for word in words:
        for place, report in with_words(exchange, lambda old, word=word: [*old, word]):
            told = rules(report)
            assert report.light in BAD, place
            assert exchange.greener(report) == "", place
            if tells or told["withdraw-on"] != "red":
                assert told["unknown-permission-on"] == "grey", place
                best = rules(exchange.best)["withdraw-on"]
                assert told["withdraw-on"] == ("grey" if "withdraw" in word.lower() else best), (
                    place
                )


@only(has_words)
def test_b08_two_hundred_new_words_are_grey(exchange: Exchange) -> None:
    stays_unknown(exchange, random_words(200))
    for word in ("stake", "New2", "x"):
        for place, report in with_words(exchange, lambda old, word=word: [*old, word]):
            assert calls_unknown(report, word), place


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
        was_empty = place.endswith("[]")
        assert was_empty or report.light in BAD, place


@only(has_words)
def test_b16_a_key_without_any_word_is_grey(exchange: Exchange) -> None:
    script = exchange.script()
    for number, reply in enumerate(exchange.well_kept.answers):
        body = copy.deepcopy(exchange.bodies[number])
        for n, path, place in exchange.word_places():
            if n == number:
                body = put(body, path, written(place, [], []))
        script[reply.path] = heard(body)
    report = exchange.report(script)
    assert report.light is Light.GREY
    assert exchange.greener(report) == ""
