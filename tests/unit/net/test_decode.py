"""BO04 to BO08, A16 to A18, B24: strict JSON, or none at all."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from json_corpus import accepts, rejects
from latchlight.core.limits import LIMITS
from latchlight.net.decode import NotStrictJson, decode

REJECTS = dict(rejects())
ACCEPTS = dict(accepts())


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(set(REJECTS.values())) >= 240
    assert len(set(ACCEPTS.values())) >= 70


@pytest.mark.parametrize("name", REJECTS)
def test_a17_a18_bo08_what_is_not_strict_json_is_refused(name: str) -> None:
    with pytest.raises(NotStrictJson):
        decode(REJECTS[name])


@pytest.mark.parametrize("name", REJECTS)
def test_bo04_what_is_refused_is_refused_inside_an_answer_too(name: str) -> None:
    """A refused value stays refused as the value of a known field."""
    body = REJECTS[name]
    if not body.strip(b" \t\r\n\xef\xbb\xbf"):
        body = b""
    with pytest.raises(NotStrictJson):
        decode(b'{"ipRestrict":' + body + b"}")


@pytest.mark.parametrize("name", ACCEPTS)
def test_what_is_strict_json_is_read_as_any_reader_would(name: str) -> None:
    assert decode(ACCEPTS[name]) == json.loads(ACCEPTS[name])


@pytest.mark.parametrize("name", REJECTS)
def test_m34_a_refusal_holds_nothing_of_the_body(name: str) -> None:
    with pytest.raises(NotStrictJson) as caught:
        decode(REJECTS[name])
    problem = caught.value
    assert str(problem) == "not strict JSON"
    assert (problem.__cause__, problem.__context__, vars(problem)) == (None, None, {})


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**60), 10**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)))
)
NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


def objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.lists(
        st.tuples(NAMES, values), max_size=6, unique_by=lambda pair: pair[0].casefold()
    )
    return pairs.map(dict)


VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=6) | objects(inner), max_leaves=15
)


@settings(max_examples=500, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 0, 2]))
def test_whatever_is_written_as_json_comes_back_equal(
    value: Any, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert decode(text.encode()) == value


@settings(max_examples=2000, deadline=None)
@given(st.binary(max_size=60))
def test_random_bytes_are_read_or_refused_and_nothing_else(body: bytes) -> None:
    try:
        value = decode(body)
    except NotStrictJson:
        return
    assert value == json.loads(body)


@settings(max_examples=1000, deadline=None)
@given(st.text('{}[]":,\\ntfu0123456789eE+-. aA\x00\ud800', max_size=40))
def test_random_json_like_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    try:
        value = decode(body)
    except NotStrictJson:
        return
    assert value == json.loads(body)


@pytest.mark.parametrize("name", ["a", "enableWithdrawals", "\u00e9", "\u540d"])
@pytest.mark.parametrize(("first", "second"), [("true", "false"), ("false", "true")])
def test_a16_bo06_a_name_that_occurs_twice_is_refused(name: str, first: str, second: str) -> None:
    with pytest.raises(NotStrictJson):
        decode(f'{{"{name}":{first},"b":1,"{name}":{second}}}'.encode())
    with pytest.raises(NotStrictJson):
        decode(f'{{"{name.upper()}x":{first},"{name.lower()}X":{second}}}'.encode())


@pytest.mark.parametrize("depth", [1, LIMITS.json_nesting, LIMITS.json_nesting + 1, 1000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_bo07_nesting_is_bounded_before_the_parser_sees_it(
    depth: int, opening: str, closing: str
) -> None:
    inner = "1" if opening != "[" else ""
    body = (opening * depth + inner + closing * depth).encode()
    if depth <= LIMITS.json_nesting:
        assert decode(body) == json.loads(body)
    else:
        with pytest.raises(NotStrictJson):
            decode(body)


def test_bo07_brackets_inside_strings_are_not_nesting() -> None:
    text = json.dumps(["[" * 500, '\\"' + "{" * 500, {"[[[": "]" * 500}])
    assert decode(text.encode()) == json.loads(text)


def test_b24_big_numbers_are_exact() -> None:
    assert decode(b"9007199254740993") == 2**53 + 1
    assert math.isfinite(decode(b"1e308"))  # type: ignore[arg-type]


def test_booleans_are_booleans_and_numbers_are_numbers() -> None:
    value = decode(b'{"a":true,"b":1,"c":"true","d":1.0,"e":null}')
    assert isinstance(value, dict)
    assert [type(v) for v in value.values()] == [bool, int, str, float, type(None)]
