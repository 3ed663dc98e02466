"""Labels, sentences, other people's words, progress and cancelling, the table of limits."""

from __future__ import annotations

import pickle
import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import (
    CallError,
    Cancelled,
    InputError,
    LatchlightError,
    internal_fault,
)
from latchlight.core.facts import (
    NOT_READ,
    NOT_TOLD,
    KeyFacts,
    Known,
    Permission,
    Right,
    Unknown,
    WhyUnknown,
    is_false,
    is_true,
    why_text,
)
from latchlight.core.limits import LIMITS, Limits
from latchlight.core.profile import clean_label, label_skeleton
from latchlight.core.progress import CancelToken
from latchlight.core.sentences import Sentence, say
from latchlight.core.server_text import harmless

# labels


@pytest.mark.parametrize(
    ("text", "label"),
    [("bot", "bot"), ("  my   bot ", "my bot"), ("\uff42\uff4f\uff54", "bot"), ("Bot 7", "Bot 7")],
)
def test_d07_a_label_is_kept_in_one_form(text: str, label: str) -> None:
    assert clean_label(text) == label


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "\n",
            "\u3000",
            "x" * 41,
            "a\u200bb",
            "a\u202eb",
            "a\0b",
            "\ufeffbot",
            "a\x1b[1m",
        ),
        *("-bot", "--all", "\ufeff", "-----BEGIN PRIVATE KEY-----", "PRIVATE KEY"),
        *("k7Qk7Qk7Qk7Qk7Qk7Qk7Q", "a1" * 10, "123e4567-e89b-12d3-a456-426614174000"),
    ],
)
def test_d07_a_label_that_hides_something_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        clean_label(text)
    assert caught.value.field == "label"
    assert not text.strip() or text not in str(caught.value)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("bot", "Bot"),
        ("bot", "b\u043et"),
        ("spot", "\u0455\u0440ot"),
        ("paxos", "\u03c1\u03b1xos"),
        ("a b", "a  b"),
        ("bot", "\uff42ot"),
    ],
)
def test_d07_labels_that_look_alike_have_one_skeleton(one: str, two: str) -> None:
    assert label_skeleton(one) == label_skeleton(two)


@given(st.text(max_size=60))
def test_any_text_is_a_clean_label_or_refused(text: str) -> None:
    try:
        label = clean_label(text)
    except InputError:
        return
    assert 1 <= len(label) <= LIMITS.label_characters
    assert clean_label(label) == label
    assert all(unicodedata.category(letter)[0] != "C" for letter in label)


# words


@given(st.text(max_size=2000))
def test_bo11_words_of_a_server_are_short_printable_and_on_one_line(text: str) -> None:
    shown = harmless(text)
    assert len(shown) <= LIMITS.server_text_characters
    assert all(unicodedata.category(letter)[0] != "C" for letter in shown)
    assert shown == " ".join(shown.split())


@given(st.text(max_size=60))
def test_values_are_put_into_a_sentence_as_they_are(value: str) -> None:
    made = say("{name} is here", name=value)
    assert made == f"{value} is here"
    assert (made.template, made.values) == ("{name} is here", {"name": value})


def test_a_sentence_is_an_ordinary_string_that_remembers() -> None:
    made = say("{n} keys", n=3)
    assert isinstance(made, str)
    again = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own, just made
    assert isinstance(again, Sentence)
    assert (again, again.template) == ("3 keys", "{n} keys")


def test_braces_in_a_value_are_no_template() -> None:
    assert say("{a}", a="{b} {0} {}") == "{b} {0} {}"


# errors


def test_an_error_says_what_and_what_next() -> None:
    problem = LatchlightError(say("It broke."), say("Mend it."))
    assert str(problem) == "It broke. Mend it."
    assert "keys are not part" in str(internal_fault())
    call = CallError(DiagnosisCode.TIMEOUT, say("Late."), say("Again."), repeatable=True)
    assert (call.code, call.repeatable, call.http_status) == (DiagnosisCode.TIMEOUT, True, None)


def test_cancelled_is_caught_by_nobody_who_catches_our_errors() -> None:
    assert not issubclass(Cancelled, LatchlightError)


# facts


@pytest.mark.parametrize("value", [1, 0, "true", "false", None, [], [0], 1.0])
def test_m10_truth_is_never_guessed(value: object) -> None:
    assert not is_true(Known(value))  # type: ignore[arg-type]
    assert not is_false(Known(value))  # type: ignore[arg-type]


def right(granted: object, serves: bool = True) -> Right:
    return Right("x", "X", Permission.READ, granted, serves)  # type: ignore[arg-type]


YES, NO, UNREAD = Known(True), Known(False), Unknown(WhyUnknown.MISSING, "x")


@pytest.mark.parametrize(
    ("granted", "answer"),
    [
        ([YES], YES),
        ([NO], NO),
        ([NO, YES], YES),
        ([UNREAD, YES], YES),
        ([NO, UNREAD], UNREAD),
        ([UNREAD, NO], UNREAD),
        ([NO, NO], NO),
    ],
)
def test_r3_a_permission_over_several_switches(granted: list[object], answer: object) -> None:
    facts = KeyFacts(rights=tuple(right(g) for g in granted))
    assert facts.permission(Permission.READ) == answer
    assert facts.permission(Permission.WITHDRAW) == NOT_TOLD
    assert KeyFacts().permission(Permission.READ) == NOT_READ


def test_switches_that_serve_no_bot_are_left_out_of_what_serves() -> None:
    facts = KeyFacts(rights=(right(YES, serves=False), right(NO)))
    assert facts.permission(Permission.READ) == YES
    assert facts.serves(Permission.READ) == NO


@pytest.mark.parametrize("why", WhyUnknown)
def test_every_reason_for_not_knowing_has_words(why: WhyUnknown) -> None:
    assert why_text(Unknown(why, "field")).endswith(".")


# cancelling


def test_a_token_wakes_everybody_once() -> None:
    token, woken = CancelToken(), []
    forget = token.on_cancel(lambda: woken.append("forgotten"))
    token.on_cancel(lambda: woken.append("kept"))
    forget()
    token.check()
    token.cancel()
    token.cancel()
    assert woken == ["kept"]
    assert token.cancelled
    with pytest.raises(Cancelled):
        token.check()


def test_a_late_waker_is_called_at_once() -> None:
    token, woken = CancelToken(), []
    token.cancel()
    token.on_cancel(lambda: woken.append(1))()
    assert woken == [1]


def test_cancelling_from_many_threads_wakes_each_waker_once() -> None:
    token, woken = CancelToken(), []
    for number in range(50):
        token.on_cancel(lambda number=number: woken.append(number))
    threads = [threading.Thread(target=token.cancel) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(woken) == list(range(50))


# limits


def test_the_limits_are_those_that_were_promised() -> None:
    table = dict(LIMITS.rows())
    assert len(table) == len(Limits().rows())
    promised = {
        "call_seconds": 10.0,
        "screen_seconds": 12.0,
        "body_bytes": 262_144,
        "json_nesting": 20,
        "keyring_seconds": 10.0,
        "clock_offset_seconds": 30.0,
        "receive_window_ms": 5000,
        "light_age_seconds": 900.0,
        "evidence_span_seconds": 60.0,
        "server_text_characters": 200,
        "signed_retries": 1,
        "label_characters": 40,
    }
    assert table.items() >= promised.items()
