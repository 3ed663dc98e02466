"""Addresses that the user typed: single, public, each once, or one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.addresses import Address
from latchlight.core.errors import InputError
from latchlight.core.named_addresses import read_addresses


def test_separators_and_repetitions_do_not_matter() -> None:
    found = read_addresses(" 8.8.8.8,9.9.9.9;\n8.8.8.8 ::ffff:9.9.9.9 2606:4700::1111 ")
    assert [str(address) for address in found] == ["8.8.8.8", "9.9.9.9", "2606:4700::1111"]
    assert read_addresses(" ,; ") == ()


def test_example_addresses_pass_in_practice_only() -> None:
    assert len(read_addresses("203.0.113.7", allow_documentation=True)) == 1
    with pytest.raises(InputError, match="from books"):
        read_addresses("203.0.113.7")


@pytest.mark.parametrize(
    "text", ["10.0.0.1", "fe80::1", "0.0.0.0", "224.0.0.1", "::1", "08.8.8.8", "fe80::1%eth0"]
)
def test_what_is_nobodys_public_address_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_addresses(text)
    assert caught.value.field == "addresses"
    assert caught.value.__context__ is None


def outcome(text: str) -> tuple[Address, ...] | InputError:
    try:
        return read_addresses(text)
    except InputError as problem:
        return problem


@given(st.text(max_size=200))
def test_any_text_gives_addresses_or_one_sentence(text: str) -> None:
    found = outcome(text)
    if isinstance(found, InputError):
        assert found.field == "addresses"
        assert found.next_step
        return
    assert len(set(found)) == len(found)
