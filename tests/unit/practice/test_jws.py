"""Signed tokens are read strictly; whatever is not exactly one is none."""

from __future__ import annotations

import base64
import json

import pytest

from latchlight.practice.jws import parse_jws

HEADER = {"alg": "ES256", "kid": "organizations/1/apiKeys/2"}
CLAIMS = {"sub": "organizations/1/apiKeys/2", "exp": 1700000120}


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _token(header: bytes | None = None, claims: bytes | None = None, rest: str = "c2ln") -> str:
    first = json.dumps(HEADER).encode() if header is None else header
    second = json.dumps(CLAIMS).encode() if claims is None else claims
    return f"{_part(first)}.{_part(second)}.{rest}"


def test_a_token_is_taken_apart_and_what_is_signed_is_as_it_came() -> None:
    token = _token()
    found = parse_jws(token)
    assert found is not None
    header, claims, signing_input, signature = found
    assert (header, claims, signature) == (HEADER, CLAIMS, b"sig")
    assert signing_input == token.rpartition(".")[0].encode()


def test_the_published_example_is_read() -> None:
    # RFC 7515, appendix A.3.
    found = parse_jws(
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
        "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djx"
        "La8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    assert found is not None
    assert found.header == {"alg": "ES256"}
    assert found.claims["iss"] == "joe"
    assert len(found.signature) == 64


@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        "a.b",
        _token(rest=""),
        _token() + ".c2ln",
        _token() + "\n",
        " " + _token(),
        _token(rest="c2ln="),
        # One letter over, left-over bits, the other alphabet, a letter from elsewhere.
        _token(rest="c2lnA"),
        _token(rest="c2lnAB"),
        _token(rest="c2+/"),
        _token(rest="c2l\u0456"),
        _token(rest="\ud800"),
        _token(rest="A" * 9000),
    ],
)
def test_what_has_not_the_form_of_a_token_is_none(token: str) -> None:
    assert parse_jws(token) is None


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{",
        b"{} {}",
        b"\xff{}",
        b'\xef\xbb\xbf{"a":1}',
        b'{"alg":"none","alg":"ES256"}',
        b'{"a":{"b":1,"b":2}}',
        b'{"exp":NaN}',
        b'{"exp":-Infinity}',
        b'{"exp":1e999}',
        b'{"sub":"\\ud800"}',
        b'{"exp":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 5000 + b"]" * 900 + b"}",
        b'{"a":' * 1100,
    ],
)
def test_parts_that_are_no_plain_json_object_make_it_none(part: bytes) -> None:
    assert parse_jws(_token(header=part)) is None
    assert parse_jws(_token(claims=part)) is None
