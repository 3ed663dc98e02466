"""Only a genuine prehashed signature by a known key counts; every changed bit is seen."""

from __future__ import annotations

import base64
import random

import pytest

from latchlight.net.minisign import NotSigned, verified
from signed_notice import EXAMPLE, Signer, example_home

CONTENT = (EXAMPLE / "latest.json").read_bytes()
SIGNATURE = (EXAMPLE / "latest.json.minisig").read_bytes()
KEYS = example_home().public_keys


def test_what_the_real_minisign_signed_is_genuine() -> None:
    assert verified(CONTENT, SIGNATURE, KEYS) == "file:latest.json version:0.2.0"


def test_the_double_of_these_tests_signs_as_minisign_does() -> None:
    signer = Signer()
    assert verified(b"x", signer.sign(b"x", "a comment"), [signer.public]) == "a comment"


def test_every_changed_bit_of_the_content_is_seen() -> None:
    chance = random.Random(5)
    for _ in range(300):
        spoilt = bytearray(CONTENT)
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        with pytest.raises(NotSigned):
            verified(bytes(spoilt), SIGNATURE, KEYS)


@pytest.mark.parametrize("line", [1, 2, 3])
def test_every_changed_letter_of_what_is_signed_is_seen(line: int) -> None:
    lines = SIGNATURE.decode().splitlines()
    start = len("trusted comment: ") if line == 2 else 0
    for place in range(start, len(lines[line])):
        spoilt = list(lines)
        if lines[line][place] == "=":
            continue
        letter = "B" if lines[line][place] != "B" else "C"
        spoilt[line] = lines[line][:place] + letter + lines[line][place + 1 :]
        if line != 2 and decoded(spoilt[line]) == decoded(lines[line]):
            continue  # the last letters of base64 hold unused bits
        with pytest.raises(NotSigned):
            verified(CONTENT, "\n".join(spoilt).encode(), KEYS)


def decoded(text: str) -> bytes:
    return base64.b64decode(text)


def test_the_untrusted_comment_is_what_its_name_says() -> None:
    other = SIGNATURE.replace(b"Latchlight release", b"anything at all")
    assert other != SIGNATURE
    assert verified(CONTENT, other, KEYS)


def test_a_foreign_key_is_not_believed_even_under_the_same_name() -> None:
    mine, foreign = Signer(), Signer()
    with pytest.raises(NotSigned):
        verified(b"x", foreign.sign(b"x", "c"), [mine.public])
    with pytest.raises(NotSigned):
        verified(b"x", mine.sign(b"x", "c"), [])


def test_the_next_key_may_sign_before_the_first_is_gone() -> None:
    first, second = Signer(b"first---"), Signer(b"second--")
    for signer in (first, second):
        assert verified(b"x", signer.sign(b"x", "c"), [first.public, second.public]) == "c"


def test_a_signature_without_the_hash_is_refused() -> None:
    signer = Signer()
    with pytest.raises(NotSigned):
        verified(b"x", signer.sign(b"x", "c", kind=b"Ed"), [signer.public])


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"\n\n\n\n",
        SIGNATURE + b"one more line\n",
        SIGNATURE.splitlines()[1],
        b"\n".join(SIGNATURE.splitlines()[:3]),
        SIGNATURE.replace(b"trusted comment: file", b"comment: file"),
        SIGNATURE.replace(b"RUQ", b"RUQ=", 1),
    ],
)
def test_what_is_no_signature_file_is_refused(text: bytes) -> None:
    with pytest.raises(NotSigned):
        verified(CONTENT, text, KEYS)


@pytest.mark.parametrize("key", ["", "RWQ", "!!!!", base64.b64encode(b"ED" + b"x" * 40).decode()])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(NotSigned):
        verified(CONTENT, SIGNATURE, [key])
