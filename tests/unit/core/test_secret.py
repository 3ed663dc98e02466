"""S13: twenty and more ways in which a secret could become text by accident, and none that works."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import logging
import marshal
import pickle
import pprint
import sys
import traceback
from collections.abc import Callable
from string import Template
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint

CANARY = "canary-9f8e7d6c5b4a3210-secret"


def logged(secret: Secret) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("canary-test")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.warning("value %s %r %10s", secret, secret, secret)
        logger.warning(secret)
        logger.warning({"secret": secret})
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


def printed(secret: Secret) -> str:
    stream = io.StringIO()
    print(secret, [secret], {"a": secret}, file=stream)
    return stream.getvalue()


def raised(secret: Secret) -> str:
    try:
        raise RuntimeError("wrong", secret)
    except RuntimeError as problem:
        return "".join(traceback.format_exception(problem)) + repr(problem.args)


def of_credentials(secret: Secret) -> str:
    made = Credentials(secret, secret, KeyKind.HMAC, secret, hint="...")
    return repr(made) + str(made) + f"{made}" + repr(vars(made)) + str(dataclasses.astuple(made))


WAYS: dict[str, Callable[[Secret], object]] = {
    "repr": repr,
    "str": str,
    "ascii": ascii,
    "format": format,
    "format with a width": lambda s: format(s, ">40"),
    "f-string": lambda s: f"{s} {s!r} {s!s} {s!a} {s:>50}",
    "percent": lambda s: "%s %r %50s" % (s, s, s),  # noqa: UP031 - this is one of the ways
    "str.format": lambda s: "{0} {0!r} {0:^40}".format(s),  # noqa: UP032
    "str.format by attribute": lambda s: "{0.__class__}".format(s),  # noqa: UP030, UP032
    "template": lambda s: Template("$a").substitute(a=s),
    "join": lambda s: ",".join(map(str, [s])),
    "list": lambda s: repr([s]) + str((s,)) + repr({"a": s}),
    "json": json.dumps,
    "json with default": lambda s: json.dumps(s, default=str),
    "json with vars": lambda s: json.dumps(vars(s)),
    "pickle": pickle.dumps,
    "pickle 0": lambda s: pickle.dumps(s, 0),
    "marshal": marshal.dumps,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "deepcopy in a list": lambda s: copy.deepcopy([s]),
    "pprint": pprint.pformat,
    "vars": vars,
    "dict": lambda s: s.__dict__,
    "hash": hash,
    "set": lambda s: {s},
    "key of a dictionary": lambda s: {s: 1},
    "iteration": list,
    "index": lambda s: s[0],  # type: ignore[index]
    "bytes": bytes,  # type: ignore[arg-type,dict-item]
    "int": int,  # type: ignore[arg-type,dict-item]
    "addition": lambda s: "x" + s,  # type: ignore[operator]
    "getstate": lambda s: s.__getstate__(),
    "reduce": lambda s: s.__reduce__(),
    "attributes": lambda s: [getattr(s, n, "") for n in dir(s) if n.startswith("__")],
    "attribute by its plain name": lambda s: s.__value,  # type: ignore[attr-defined]
    "logging": logged,
    "print": printed,
    "exception": raised,
    "credentials": of_credentials,
    "standard output": lambda s: sys.stdout.write(str(s)),
    "error text": lambda s: KeyError(s),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_does_not_become_text(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    secret = Secret(CANARY)
    try:
        result = WAYS[way](secret)
    except Exception as problem:  # noqa: BLE001 - whatever it is, it must not hold the secret
        result = "".join(traceback.format_exception(problem))
    text = f"{result!r} {result}" + capsys.readouterr().out
    for form in (CANARY, CANARY.encode().hex(), CANARY[:8], CANARY[-8:]):
        assert form not in text


def test_there_are_more_than_twenty_ways() -> None:
    assert len(WAYS) >= 40


REFUSED = ["json", "pickle", "marshal", "copy", "deepcopy", "hash", "set", "vars", "bytes", "index"]


@pytest.mark.parametrize("way", REFUSED)
def test_what_would_make_a_second_one_is_refused(way: str) -> None:
    with pytest.raises((TypeError, AttributeError, ValueError)):
        WAYS[way](Secret(CANARY))


def test_credentials_cannot_be_copied_deeply_or_stored() -> None:
    made = Credentials(Secret(CANARY), Secret(CANARY), KeyKind.HMAC)
    for way in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            way(made)


@given(st.text(max_size=80))
def test_every_text_form_is_the_same_stars(value: str) -> None:
    secret = Secret(value)
    assert {repr(secret), str(secret), f"{secret}", f"{secret:<90}"} == {"***"}
    assert len(secret) == len(value)
    assert bool(secret) is bool(value)
    assert secret.reveal() == value


@given(
    st.text(st.characters(exclude_categories=("Cs",))),
    st.text(st.characters(exclude_categories=("Cs",))),
)
def test_two_secrets_are_equal_when_their_values_are(one: str, two: str) -> None:
    assert (Secret(one) == Secret(two)) is (one == two)
    assert Secret(one) != one


@pytest.mark.parametrize("value", [None, 1, b"x", Secret("x"), ["x"], type("S", (str,), {})("x")])
def test_only_a_plain_string_makes_a_secret(value: Any) -> None:
    with pytest.raises(TypeError):
        Secret(value)


def test_a_secret_takes_no_further_attributes() -> None:
    with pytest.raises(AttributeError):
        Secret("x").note = "y"  # type: ignore[attr-defined]


def test_a_digest_recognises_the_value_and_says_nothing_without_the_salt() -> None:
    one, same, other = Secret(CANARY), Secret(CANARY), Secret(CANARY + "x")
    assert one.digest(b"salt") == same.digest(b"salt") != other.digest(b"salt")
    assert one.digest(b"salt") != one.digest(b"another")
    assert len(one.digest(b"salt")) == 32


@pytest.mark.parametrize(
    ("api_key", "hint"),
    [
        ("k" * 60 + "DhA8", "\u2026DhA8"),
        ("k" * 12 + "DhA8", "\u2026DhA8"),
        ("k" * 11 + "DhA8", "\u2026"),
        ("DhA8", "\u2026"),
        ("", "\u2026"),
        ("k" * 60 + "<b>&", "\u2026*b**"),
        ("k" * 60 + "a\u202e1\n", "\u2026a*1*"),
    ],
)
def test_the_hint_shows_four_characters_at_most(api_key: str, hint: str) -> None:
    assert key_hint(api_key) == hint
