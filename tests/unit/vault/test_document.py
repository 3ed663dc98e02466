"""Cutting a text into parts and putting it together again."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchlight.vault.document import LONGEST_TEXT, PART_UNITS, AlteredError, cut, join, read_head

ENTRY = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2
ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)


def put_together(entry: str, parts: tuple[str, ...]) -> str:
    return join(entry, read_head(parts[0]), list(parts[1:]))


@given(text=ascii_text)
def test_a_cut_text_comes_back_unchanged(text: str) -> None:
    assert put_together(ENTRY, cut(ENTRY, text)) == text


@pytest.mark.parametrize("length", [1, 880, 881, 882, 1880, 1881, 1882, 5000, LONGEST_TEXT])
def test_no_part_is_longer_than_windows_allows(length: int) -> None:
    parts = cut(ENTRY, "x" * length)
    assert max(len(part) for part in parts) <= PART_UNITS
    assert put_together(ENTRY, parts) == "x" * length


def test_a_usual_key_takes_one_part() -> None:
    assert len(cut(ENTRY, "k" * 300)) == 1


@pytest.mark.parametrize("text", ["", "x" * (LONGEST_TEXT + 1), "line\nbreak", "é", "\x00"])
def test_a_text_that_a_keyring_could_change_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be cut"):
        cut(ENTRY, text)


@given(text=st.text("abc", min_size=1, max_size=40), data=st.data())
def test_every_single_changed_character_is_noticed(text: str, data: st.DataObject) -> None:
    part = cut(ENTRY, text)[0]
    at = data.draw(st.integers(0, len(part) - 1))
    new = data.draw(
        st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != part[at])
    )
    with pytest.raises(AlteredError):
        put_together(ENTRY, (part[:at] + new + part[at + 1 :],))


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part + "\n",
        lambda part: part + " ",
        lambda part: part[:-1],
        lambda part: part.rstrip("}") + "\u0000",
        lambda part: " " + part,
        lambda part: part.replace("latchlight1", "latchlight2"),
        lambda part: part.replace(" 0 ", " \u0660 ", 1),
        lambda part: "",
        lambda part: part[:60],
    ],
)
def test_kr15_a_head_that_comes_back_altered_is_refused(change: object) -> None:
    part = cut(ENTRY, '{"api_key": "abc"}')[0]
    with pytest.raises(AlteredError):
        put_together(ENTRY, (change(part),))  # type: ignore[operator]


def test_parts_in_another_order_are_refused() -> None:
    head, first, second = cut(ENTRY, "".join(f"{n:04}" for n in range(600)))
    with pytest.raises(AlteredError):
        put_together(ENTRY, (head, second, first))


def test_the_parts_of_one_entry_are_nothing_under_another() -> None:
    with pytest.raises(AlteredError):
        put_together(OTHER, cut(ENTRY, "text"))


def test_a_head_that_names_a_part_that_was_never_written_is_refused() -> None:
    head = read_head(cut(ENTRY, "text")[0].replace("latchlight1 0 ", "latchlight1 1 "))
    for pieces in ([], [""]):
        with pytest.raises(AlteredError):
            join(ENTRY, head, pieces)


def test_a_head_that_names_too_many_parts_is_refused() -> None:
    head = cut(ENTRY, "text")[0].replace("latchlight1 0 ", "latchlight1 99 ")
    with pytest.raises(AlteredError):
        read_head(head)


def test_equal_secrets_leave_no_equal_trace() -> None:
    first, second = cut(ENTRY, "secret"), cut(ENTRY, "secret")
    assert read_head(first[0]).checksum != read_head(second[0]).checksum
    assert hashlib.sha256(b"secret").hexdigest() not in first[0]


def test_a_head_shows_nothing_of_itself() -> None:
    assert "topsecret" not in repr(read_head(cut(ENTRY, "topsecret")[0]))
