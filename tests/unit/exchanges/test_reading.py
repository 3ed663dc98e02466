"""Fields of answers: exactly the documented form, or unknown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from latchlight.core.answer import JsonValue
from latchlight.core.facts import Known, Permission, Unknown, WhyUnknown, is_true
from latchlight.exchanges.reading import (
    Body,
    Word,
    address_list,
    comma_list,
    flag,
    is_on,
    moment_iso,
    moment_ms,
    moment_s,
    number_flag,
    rights_from,
    said,
    said_of_rights,
    strange_rights,
    text,
    texts,
    with_strange,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ODD: tuple[JsonValue, ...] = (None, 0, 1, 1.0, "true", "false", "", [], {}, ["a"], {"a": 1})


def why(fact: object) -> WhyUnknown | None:
    return fact.why if isinstance(fact, Unknown) else None


@pytest.mark.parametrize("value", ODD)
def test_b01_b02_b03_a_flag_is_true_or_false_and_nothing_like_it(value: JsonValue) -> None:
    assert why(flag({"x": value}, "x")) is WhyUnknown.WRONG_FORM


@pytest.mark.parametrize("value", [True, False])
def test_a_flag_is_read(value: bool) -> None:
    assert flag({"x": value}, "x") == Known(value)


@pytest.mark.parametrize("value", [True, False, 2, -1, 1.0, 0.0, "0", "1", None, []])
def test_a_number_flag_is_zero_or_one(value: JsonValue) -> None:
    assert why(number_flag({"x": value}, "x")) is WhyUnknown.WRONG_FORM
    assert number_flag({"x": 1}, "x") == Known(True)
    assert number_flag({"x": 0}, "x") == Known(False)


@pytest.mark.parametrize(
    "read", [flag, number_flag, text, texts, comma_list, moment_iso], ids=lambda f: f.__name__
)
def test_b04_b05_a_field_under_another_name_is_missing(read: object) -> None:
    assert callable(read)
    assert why(read({"X": True, "x2": True}, "x")) is WhyUnknown.MISSING


def test_b09_text_and_list_are_not_mixed_up() -> None:
    assert why(text({"x": ["a"]}, "x")) is WhyUnknown.WRONG_FORM
    assert why(texts({"x": "a"}, "x")) is WhyUnknown.WRONG_FORM
    assert why(texts({"x": ["a", 1]}, "x")) is WhyUnknown.WRONG_FORM
    assert texts({"x": ["a", "b"]}, "x") == Known(("a", "b"))


@pytest.mark.parametrize("value", [",", "a,", ",a", "a,,b", " , "])
def test_an_empty_word_between_commas_is_no_word(value: str) -> None:
    assert why(comma_list({"x": value}, "x")) is WhyUnknown.WRONG_FORM


def test_a_comma_list_keeps_letters_and_drops_spaces() -> None:
    assert comma_list({"x": " Read , trade"}, "x") == Known(("Read", "trade"))
    assert comma_list({"x": "  "}, "x") == Known(())


@pytest.mark.parametrize("value", [0, -5, 1.5e12, "1760000000000", True, None, 10**16])
def test_b24_a_moment_is_a_plausible_whole_number(value: JsonValue) -> None:
    assert why(moment_ms({"x": value}, "x", NOW)) is WhyUnknown.WRONG_FORM


def test_a_moment_in_the_future_or_before_all_keys_is_not_read() -> None:
    late, early = 1_900_000_000_000, 1_000_000_000_000
    assert why(moment_ms({"x": late}, "x", NOW)) is WhyUnknown.WRONG_FORM
    assert why(moment_ms({"x": early}, "x", NOW)) is WhyUnknown.WRONG_FORM


def test_moments_in_ms_s_and_words_are_utc() -> None:
    expected = Known(datetime(2025, 10, 13, 3, 20, 45, tzinfo=UTC))
    assert moment_ms({"x": 1760325645000}, "x", NOW) == expected
    assert moment_s({"x": 1760325645}, "x", NOW) == expected
    assert moment_iso({"x": "2025-10-13T03:20:45Z"}, "x") == expected
    assert moment_iso({"x": "2025-10-13T05:20:45+02:00"}, "x") == expected


@pytest.mark.parametrize("value", ["2025-10-13T03:20:45", "soon", "", "2025-13-01T00:00:00Z"])
def test_e08_a_time_without_a_zone_is_no_moment(value: str) -> None:
    assert why(moment_iso({"x": value}, "x")) is WhyUnknown.WRONG_FORM


@pytest.mark.parametrize(
    "entry",
    ["*", "", "-1", "null", "0.0.0.0", "::", "1.2.3.*", "01.2.3.4", "1.2.3.4/8", "a", "1.2.3.4 5"],
)
def test_c02_one_entry_that_is_no_address_spoils_the_list(entry: str) -> None:
    fact = address_list(Known(("203.0.113.7", entry)), "ip")
    assert fact == Unknown(WhyUnknown.WRONG_FORM, "ip")
    assert is_on(fact) == fact


def test_a_list_of_addresses_and_ranges_is_read() -> None:
    fact = address_list(Known(("203.0.113.7", " 198.51.100.0/24", "2001:db8::1")), "ip")
    assert isinstance(fact, Known)
    assert [str(n) for n in fact.value] == ["203.0.113.7/32", "198.51.100.0/24", "2001:db8::1/128"]
    assert is_on(fact) == Known(True)
    assert is_on(address_list(Known(()), "ip")) == Known(False)


TABLE = (Word("read_only", "Read", Permission.READ), Word("withdraw", "Out", Permission.WITHDRAW))


def granted(*words: str) -> dict[str, bool]:
    rights, _ = rights_from(TABLE, Known(words), "perm")
    return {right.name: is_true(right.granted) for right in rights}


def test_b10_only_ascii_case_and_spaces_are_the_same_word() -> None:
    assert granted(" Withdraw ", "READ_ONLY") == {"read_only": True, "withdraw": True}
    wide = "\uff57\uff49\uff54\uff48\uff44\uff52\uff41\uff57"
    rights, unknown = rights_from(TABLE, Known((wide,)), "perm")
    assert not any(is_true(right.granted) for right in rights)
    assert isinstance(unknown, Known)
    assert len(unknown.value) == 1


@pytest.mark.parametrize("word", ["withdraw_history", "nowithdraw", "withdraws", "with draw"])
def test_b11_b08_words_around_a_known_one_are_unknown_rights(word: str) -> None:
    assert granted("read_only", word) == {"read_only": True, "withdraw": False}
    assert rights_from(TABLE, Known(("read_only", word)), "perm")[1] == Known((word,))


def test_b16_a_key_without_a_single_right_is_not_believed() -> None:
    rights, unknown = rights_from(TABLE, Known(()), "perm")
    assert {why(right.granted) for right in rights} == {WhyUnknown.CONTRADICTORY}
    assert why(unknown) is WhyUnknown.CONTRADICTORY


def test_words_that_could_not_be_read_make_every_right_unknown() -> None:
    lost = Unknown(WhyUnknown.MISSING, "perm")
    rights, unknown = rights_from(TABLE, lost, "perm")
    assert [right.granted for right in rights] == [lost, lost]
    assert unknown == lost
    assert with_strange(lost, ("canFly",)) == lost


@pytest.mark.parametrize("value", [True, 1, "yes", "true", ["a"], {"a": 1}, 0.5])
def test_b06_a_new_field_named_like_a_right_is_reported_unless_it_says_no(value: JsonValue) -> None:
    body: Body = {"enableXyz": value, "known": True, "label": True}
    assert strange_rights(body, {"known"}) == ("enableXyz",)


@pytest.mark.parametrize("value", [False, None, 0, 0.0, "", "false", "No", [], {}])
def test_b07_a_new_field_that_says_no_is_no_right(value: JsonValue) -> None:
    assert strange_rights({"enableXyz": value}, ()) == ()


def test_what_was_said_is_short_and_harmless() -> None:
    body: Body = {"ips": ["203.0.113.7", "203.0.113.8"], "ok": True, "no": None, "label": "x" * 300}
    told = said(body, "ips", "ok", "no", "label", "absent")
    assert told["ips"] == "ips=203.0.113.7, 203.0.113.8"
    assert (told["ok"], told["no"]) == ("ok=true", "no=null")
    assert len(told["label"]) < 100
    assert "absent" not in told


def test_one_field_is_the_evidence_for_every_right_that_it_tells() -> None:
    rights, unknown = rights_from(TABLE, Known(("read_only", "fly")), "perm")
    told = said_of_rights({"perm": "read_only,fly"}, "perm", rights, unknown)
    assert set(told) == {"read_only", "withdraw", "fly"}
    assert set(told.values()) == {"perm=read_only,fly"}
