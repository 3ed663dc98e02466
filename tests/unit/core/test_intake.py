"""Pasted text: mended visibly or refused in one sentence, and never in an exception."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.errors import InputError
from latchlight.core.intake import LONGEST_PASTE, clean_value, parse_credentials_json
from latchlight.core.pasted import take_apart, two_values

T = TypeVar("T")
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"

REPAIRED = [
    (f"  {KEY}", "Removed spaces at the start."),
    (f"{KEY}  ", "Removed spaces at the end."),
    (f" {KEY} ", "Removed spaces around it."),
    (f"{KEY}\n", "Removed a line break at the end."),
    (f"{KEY}\r\n", "Removed a line break at the end."),
    (f"\n{KEY}\n", "Removed line breaks around it."),
    (f"\t{KEY}\t", "Removed spaces around it."),
    (f"\u00a0{KEY}\u00a0", "Removed spaces around it."),
    (f"\u3000{KEY}", "Removed spaces at the start."),
    (f"{KEY[:32]}\n{KEY[32:]}", "Removed a line break in the middle."),
    (f"{KEY[:32]} \r\n\t{KEY[32:]}", "Removed a line break in the middle."),
    (f"{KEY[:32]} {KEY[32:]}", "Removed a gap in the middle."),
    (f"{KEY[:20]} {KEY[20:40]} {KEY[40:]}", "Removed 2 gaps in the middle."),
    (f"\ufeff{KEY}", "Removed an invisible character."),
    (f"{KEY[:9]}\u200b{KEY[9:]}\u200d", "Removed 2 invisible characters."),
    (f"\u202e{KEY}\u202c", "Removed 2 invisible characters."),
    (f"{KEY[:9]}\u00ad{KEY[9:]}", "Removed an invisible character."),
    (f'"{KEY}"', "Removed quotation marks."),
    (f"'{KEY}'", "Removed quotation marks."),
    (f"`{KEY}`", "Removed quotation marks."),
    (f"\u201c{KEY}\u201d", "Removed quotation marks."),
    (f"\u2018{KEY}\u2019", "Removed quotation marks."),
    (f"\u00ab{KEY}\u00bb", "Removed quotation marks."),
    (f"{KEY},", "Removed a comma or semicolon at the end."),
    (f"{KEY};", "Removed a comma or semicolon at the end."),
    (f"API Key: {KEY}", "Removed the name in front of the value."),
    (f"apiKey={KEY}", "Removed the name in front of the value."),
    (f"API-KEY : {KEY}", "Removed the name in front of the value."),
    (f"key:{KEY}", "Removed the name in front of the value."),
    (f"X-MBX-APIKEY: {KEY}", "Removed the name in front of the value."),
    (f"export BINANCE_API_KEY={KEY}", "Removed the name in front of the value."),
    (f"API Key\n{KEY}", "Removed the name in front of the value."),
    (f'"apiKey": "{KEY}",', "Removed the name in front of the value."),
    (f"Secret Key (shown only once): {KEY}", "Removed the name in front of the value."),
    (
        KEY.translate({ord("v"): "\uff56", ord("9"): "\uff19"}),
        "Turned wide or decorated characters into plain ones.",
    ),
]


@pytest.mark.parametrize(("pasted", "told"), REPAIRED)
def test_ui01_rubbish_around_a_key_is_removed_and_told(pasted: str, told: str) -> None:
    cleaned = clean_value(pasted, "api_key")
    assert cleaned.text == KEY
    assert told in cleaned.repairs


def test_ui01_a_clean_key_is_left_alone() -> None:
    cleaned = clean_value(KEY, "api_key")
    assert (cleaned.text, cleaned.repairs, cleaned.named) == (KEY, (), None)


def test_typographic_dashes_of_a_key_made_of_groups_become_plain() -> None:
    cleaned = clean_value("8a1f2c34\u20115b6d\u20137e8f\u201490ab\u2212cdef01234567", "api_key")
    assert cleaned.text == "8a1f2c34-5b6d-7e8f-90ab-cdef01234567"
    assert cleaned.repairs == ("Turned typographic dashes into plain ones.",)


REFUSED = [
    ("", "Nothing was filled in here."),
    (" \t\n\u200b", "Nothing was filled in here."),
    ("x" * (LONGEST_PASTE + 1), "too long"),
    ("x" * 1_000_000, "too long"),
    ("A" * 513, "longer than any key"),
    (f"{KEY}\0", "control characters"),
    (f"\x1b[1m{KEY}", "control characters"),
    (f"{KEY[:30]}\x08{KEY[30:]}", "control characters"),
    ("\ud800" + KEY, "control characters"),
    ("****************", "stars or dots"),
    (f"{KEY[:4]}****{KEY[-4:]}", "stars or dots"),
    ("\u2022" * 12, "stars or dots"),
    (f"{KEY[:4]}\u2026{KEY[-4:]}", "stars or dots"),
    (f"{KEY[:4]}...{KEY[-4:]}", "stars or dots"),
    (KEY.replace("a", "\u0430"), "letters that no key has"),
    (KEY + "\u00e9", "letters that no key has"),
    (KEY + "\U0001f511", "letters that no key has"),
    (f"{KEY},{SECRET}", "characters that no key has"),
    (f"<b>{KEY}</b>", "placeholder|characters that no key has"),
    ("YOUR_API_KEY", "placeholder"),
    ("<your api key>", "placeholder"),
    ("your-binance-secret-here", "placeholder"),
]


@pytest.mark.parametrize(("pasted", "said"), REFUSED)
@pytest.mark.parametrize("field", ["api_key", "secret"])
def test_ui01_what_is_no_key_is_refused_in_one_sentence(pasted: str, said: str, field: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        clean_value(pasted, field)
    assert caught.value.field == field
    assert caught.value.next_step
    assert_keeps_silent(caught.value, pasted)


def test_a_passphrase_keeps_every_character_inside() -> None:
    assert (
        clean_value("  key: 'my  $pass, phrase;'\n", "passphrase").text
        == "key: 'my  $pass, phrase;'"
    )
    assert clean_value("a*b**c", "passphrase").text == "a*b**c"


@pytest.mark.parametrize("pasted", ["********", "p\u00e4ss", "one\ntwo", "", "x" * 513])
def test_a_passphrase_that_no_exchange_takes_is_refused(pasted: str) -> None:
    with pytest.raises(InputError) as caught:
        clean_value(pasted, "passphrase")
    assert caught.value.field == "passphrase"


def test_ui02_the_name_in_front_tells_where_the_value_belongs() -> None:
    assert clean_value(f"Secret Key: {SECRET}", "api_key").named == "secret"
    assert clean_value(f"apiSecret={SECRET}", "api_key").named == "secret"
    assert clean_value(f"api_key={KEY}", "secret").named == "api_key"
    assert clean_value(KEY, "api_key").named is None


TOGETHER = [
    json.dumps({"api_key": KEY, "secret": SECRET}),
    json.dumps({"apiKey": KEY, "apiSecret": SECRET, "enableRateLimit": True}, indent=2),
    f"{{'apiKey': '{KEY}', 'secret': '{SECRET}',}}",
    f"apiKey: '{KEY}',\nsecret: '{SECRET}',",
    f"BINANCE_API_KEY={KEY}\nBINANCE_API_SECRET={SECRET}\n",
    f'export API_KEY="{KEY}"\nexport SECRET_KEY="{SECRET}"',
    f"API Key\n{KEY}\nSecret Key\n{SECRET}",
    f"API Key: {KEY} Secret Key: {SECRET}",
    f'apikey = "{KEY}"\nsecretkey = "{SECRET}"\nIP = ""\nAPI key name = "bot"\nPermissions = "Read"',
]


@pytest.mark.parametrize("pasted", TOGETHER)
def test_several_values_in_one_paste_are_taken_apart(pasted: str) -> None:
    parts = take_apart(pasted)
    assert parts is not None
    assert clean_value(parts["api_key"], "api_key").text == KEY
    assert clean_value(parts["secret"], "secret").text == SECRET


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        KEY,
        f"{KEY} {SECRET}",
        json.dumps({"api_key": KEY}),
        json.dumps({"api_key": KEY, "apiKey": SECRET, "secret": SECRET}),
        f"key={KEY}\nkey={SECRET}\nsecret={SECRET}",
        '{"api_key":' * 3000,
        "[" * 19_000,
        "x" * (LONGEST_PASTE + 1),
    ],
)
def test_what_is_not_certain_is_not_taken_apart(pasted: str) -> None:
    assert take_apart(pasted) is None


def test_two_long_words_are_two_values() -> None:
    assert two_values(f"{KEY}\r\n{SECRET}\n") == (KEY, SECRET)
    assert two_values(f"{KEY}\n{SECRET}\n{KEY}") is None
    assert two_values("short words") is None


def test_credentials_json_is_read() -> None:
    text = json.dumps({"api_key": KEY, "secret": SECRET, "passphrase": "p p"})
    assert dict(parse_credentials_json(text)) == {
        "api_key": KEY,
        "secret": SECRET,
        "passphrase": "p p",
    }
    null = json.dumps({"api_key": KEY, "secret": SECRET, "passphrase": None})
    assert dict(parse_credentials_json("\ufeff" + null)) == {"api_key": KEY, "secret": SECRET}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "42",
        SECRET,
        f'"{SECRET}"',
        f'{{"api_key": "{KEY}"}}',
        f'{{"api_key": "", "secret": "{SECRET}"}}',
        f'{{"api_key": "{KEY}", "secret": "{SECRET}", "secret": "{KEY}"}}',
        f'{{"api_key": "{KEY}", "secret": "{SECRET}", "{SECRET}": "x"}}',
        f'{{"api_key": "{KEY}", "secret": ["{SECRET}"]}}',
        f'{{"api_key": "{KEY}", "secret": 12345678901234567890}}',
        f'{{"api_key": "{KEY}", "secret": NaN}}',
        f'{{"api_key": "{KEY}", "secret": "{SECRET}"}} trailing',
        f'{{"api_key": "{KEY}", "secret": "{SECRET}", }}',
        '{"a":' * 5000,
        "1" * 10_000,
        f'{{"api_key": "{KEY}", "secret": "{SECRET * 400}"}}',
    ],
)
def test_credentials_json_of_another_form_is_refused_without_its_text(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_credentials_json(text)
    assert caught.value.next_step
    assert_keeps_silent(caught.value, KEY, SECRET)


rubbish = st.text(
    st.one_of(
        st.sampled_from(
            " \t\r\n\0\"'`,;:={}[]<>\\*.-\u2022\u2026\u200b\ufeff\u00a0\u202e\u201c\uff21"
        ),
        st.characters(),
    ),
    max_size=60,
)
words = st.sampled_from(
    [
        "API Key",
        "apiKey=",
        "Secret:",
        "key:",
        "BEGIN",
        "PRIVATE KEY",
        "-----",
        "\\n",
        KEY,
        SECRET,
        "",
    ]
)
pastes = st.lists(st.one_of(rubbish, words), max_size=8).map("".join)


def outcome(work: Callable[[], T]) -> T | InputError:
    """What came of it; every other exception goes through and fails the test."""
    try:
        return work()
    except InputError as problem:
        return problem


@given(pastes, st.sampled_from(["api_key", "secret", "passphrase"]))
def test_ui01_any_paste_is_cleaned_once_and_for_all_or_refused_in_silence(
    pasted: str, field: str
) -> None:
    cleaned = outcome(lambda: clean_value(pasted, field))
    if isinstance(cleaned, InputError):
        assert cleaned.field == field
        assert_keeps_silent(cleaned, pasted)
        return
    again = clean_value(cleaned.text, field)
    assert again.text == cleaned.text
    assert again.repairs == ()
    assert cleaned.text.isascii()
    assert cleaned.text.strip()
    assert cleaned.text not in repr(cleaned) or len(cleaned.text) < 8


@given(pastes)
def test_any_paste_is_taken_apart_or_left_alone(pasted: str) -> None:
    parts = take_apart(pasted)
    assert parts is None or {"api_key", "secret"} <= set(parts)


@given(pastes)
def test_any_text_as_credentials_json_is_read_or_refused_in_silence(text: str) -> None:
    found = outcome(lambda: parse_credentials_json(text))
    if isinstance(found, InputError):
        assert_keeps_silent(found, text)
    else:
        assert {"api_key", "secret"} <= set(found)


def assert_keeps_silent(problem: InputError, *values: str) -> None:
    """Nothing of the values (in pieces of eight) is anywhere in the error or behind it."""
    assert problem.__cause__ is None
    assert problem.__context__ is None
    spoken = "\n".join(
        (
            str(problem),
            repr(problem),
            repr(problem.args),
            repr(vars(problem)),
            repr(getattr(problem.message, "values", "")),
            "".join(traceback.format_exception_only(problem)),
        )
    )
    for value in values:
        canary = max(value.split(), key=len, default="")[:4000]
        pieces = (canary[at : at + 12] for at in range(0, max(len(canary) - 11, 0)))
        leaked = [piece for piece in pieces if piece in spoken and piece not in OUR_WORDS]
        assert not leaked


OUR_WORDS = "These are stars or dots, not the value itself"
