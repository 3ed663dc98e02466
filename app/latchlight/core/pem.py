"""Private keys as text (PEM, RFC 7468): found in pasted text, looked at, and written again properly.

What copying does to them: lost or doubled line breaks, literal backslash-n, quotation marks,
indentation, typographic dashes, lost first and last lines. The key material itself is never
changed; whatever is not complete is refused.
"""

from __future__ import annotations

import base64
import binascii
import re
from enum import Enum
from itertools import islice

from latchlight.core.credentials import KeyKind
from latchlight.core.errors import InputError
from latchlight.core.records import dataclass, field
from latchlight.core.sentences import Sentence, say

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
# Possessive and only from the first dash on: a long run of dashes is looked at once, not once per dash.
_MOST_EDGES = 16
_EDGE = re.compile(
    rf"(?<![{_DASHES}])[{_DASHES}]++\s*+(BEGIN|END)\s+([A-Z0-9 ,]{{0,40}}?)\s*[{_DASHES}]+"
    r"|\b(BEGIN|END)\s+((?:[A-Z0-9]+\s+)?(?:PRIVATE|PUBLIC)\s+KEY)\b",
    re.IGNORECASE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_ESCAPES = ((r"\r\n", "\n"), (r"\n", "\n"), (r"\r", "\n"), (r"\t", " "), (r"\"", '"'), (r"\/", "/"))


@dataclass(frozen=True)
class PemText:
    """A private key as it should be written, and what was mended on the way."""

    text: str = field(repr=False)
    repairs: tuple[Sentence, ...]


class _Content(Enum):
    """What the outermost layers of the DER encoding say it is (RFC 5958, 8017, 5915, 5280)."""

    PRIVATE = "PRIVATE KEY"
    PRIVATE_RSA = "RSA PRIVATE KEY"
    PRIVATE_EC = "EC PRIVATE KEY"
    LOCKED = "ENCRYPTED PRIVATE KEY"
    PUBLIC = "PUBLIC KEY"
    OTHER = ""


@dataclass(frozen=True)
class _Block:
    """One BEGIN ... END block; `label` is empty and `framed` False for a bare body."""

    label: str
    body: str = field(repr=False)
    framed: bool = True
    whole: bool = True
    """Both the BEGIN and the END line were there."""
    alone: bool = True
    """There was no other text around it."""


def looks_like_pem(text: str) -> bool:
    """Whether the text holds a key or certificate in PEM form, whole or damaged."""
    return _foreign(text) is not None or _find(_unescaped(text)) is not None


def rebuild_pem(text: str, field_name: str = "secret") -> PemText:
    """The private key in `text`, written properly; `looks_like_pem` must be true of it.

    Raises InputError (without the text) for locked keys, public keys, certificates, other formats
    and keys that are not complete.
    """
    foreign = _foreign(text)
    if foreign is not None:
        raise InputError(*foreign, field_name)
    unescaped = _unescaped(text)
    block = _find(unescaped)
    if block is None:
        raise InputError(*_UNREADABLE, field_name)
    refusal = _refusal_by_label(block)
    if refusal is not None:
        raise InputError(*refusal, field_name)
    body = _bare(block.body)
    content, complete = _look_inside(body)
    refusal = _refusal_by_content(content, complete)
    if refusal is not None:
        raise InputError(*refusal, field_name)
    proper = _written(content.value, body)
    return PemText(proper, _repairs(text, unescaped, block, proper))


def line_count(pem: str) -> int:
    """Lines of a key, for "Private key, 28 lines"."""
    return len(pem.strip().splitlines())


def kind_of_pem(pem: str) -> KeyKind | None:
    """The kind of a rebuilt private key by its first words or bytes; None for one of no known kind.

    A look from outside: whether the numbers make a key is for the library to say.
    """
    if pem.startswith("-----BEGIN EC"):
        return KeyKind.ECDSA
    if pem.startswith("-----BEGIN RSA"):
        return KeyKind.RSA
    start = base64.b64decode("".join(pem.split("\n")[1:2])[:_ALGORITHM_LETTERS])
    return next((kind for oid, kind in _ALGORITHMS if oid in start), None)


_ALGORITHM_LETTERS = 36
"""Of a PKCS#8 key in base64, to behind the name of its algorithm: 27 bytes (RFC 5208, 5)."""
_ALGORITHMS = (
    (bytes.fromhex("06032b6570"), KeyKind.ED25519),
    (bytes.fromhex("06072a8648ce3d0201"), KeyKind.ECDSA),
    (bytes.fromhex("06092a864886f70d010101"), KeyKind.RSA),
)


def cut_out_pem(text: str) -> tuple[str, str] | None:
    """A BEGIN ... END block and the text around it; None unless there is exactly one."""
    unescaped = _unescaped(text)
    edges = list(_EDGE.finditer(unescaped))
    if len(edges) != 2 or _word(edges[0]) != "BEGIN" or _word(edges[1]) != "END":
        return None
    start, end = edges[0].start(), edges[1].end()
    return unescaped[start:end], f"{unescaped[:start]} {unescaped[end:]}"


_AGAIN = say("Copy the whole text again, from the first dash to the last.")
_UNREADABLE = (say("This private key cannot be read."), _AGAIN)
_CUT = (say("This private key is not complete: a part of it is missing."), _AGAIN)
_LOCKED = (
    say("This private key is locked with a password."),
    say("A bot cannot use it like this. Save it again without a password, or make a new key."),
)
_PUBLIC = (
    say("This is the public half of the key. The exchange needs it, Latchlight needs the other."),
    say("Open the file with the private key: its first line says BEGIN PRIVATE KEY."),
)
_CERTIFICATE = (
    say("This is a certificate, not a private key."),
    say("Open the file whose first line says BEGIN PRIVATE KEY."),
)
_OPENSSH = (
    say("This private key is in the OpenSSH form, which exchanges do not use."),
    say("Make a key with the exchange's own tool, or convert it to PKCS#8 (PEM)."),
)
_PUTTY = (
    say("This private key is in the PuTTY form, which exchanges do not use."),
    say("Make a key with the exchange's own tool, or convert it to PKCS#8 (PEM)."),
)
_PGP = (
    say("This is a PGP key, which exchanges do not use."),
    say("Open the file whose first line says BEGIN PRIVATE KEY."),
)
_TWO_KEYS = (
    say("There is more than one private key in this text."),
    say("Paste only the one that belongs to this API key."),
)


def _foreign(text: str) -> tuple[Sentence, Sentence] | None:
    """Formats that are no PEM private key at all, told by their first words."""
    start = text.lstrip(" \t\r\n\ufeff" + _QUOTES)[:40].lower()
    if start.startswith("putty-user-key-file"):
        return _PUTTY
    if start.startswith(("ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-")):
        return _PUBLIC
    return None


def _unescaped(text: str) -> str:
    """Line breaks and quotation marks that were written as backslash sequences become real ones."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" in text:
        text = text.replace("\\\\", "\\")
        for written, meant in _ESCAPES:
            text = text.replace(written, meant)
    return text


def _word(edge: re.Match[str]) -> str:
    return (edge[1] or edge[3]).upper()


def _label(edge: re.Match[str]) -> str:
    return " ".join((edge[2] or edge[4] or "").upper().split())


def _find(text: str) -> _Block | None:
    """The block that matters: a private key before anything else, a bare body as the last resort."""
    blocks = list(_blocks(text))
    private = [block for block in blocks if "PRIVATE KEY" in block.label]
    if len({_bare(block.body) for block in private}) > 1:
        return _Block("TWO", "")
    chosen = (private or blocks)[:1]
    if chosen:
        return chosen[0]
    body = _bare(text)
    if _BASE64.fullmatch(body) and _look_inside(body)[0] is not _Content.OTHER:
        return _Block("", body, framed=False, whole=False)
    return None


def _blocks(text: str) -> list[_Block]:
    """Every block, also those of which the first or the last line is missing."""
    found: list[_Block] = []
    edges = list(islice(_EDGE.finditer(text), _MOST_EDGES + 1))
    if len(edges) > _MOST_EDGES:
        return []  # no file of keys; looking at each against the rest would take seconds
    for index, edge in enumerate(edges):
        following = edges[index + 1] if index + 1 < len(edges) else None
        if _word(edge) == "BEGIN":
            ends = following is not None and _word(following) == "END"
            stop = following.start() if following is not None else len(text)
            after = following.end() if ends and following is not None else stop
            alone = not _bare(text[: edge.start()]) and not _bare(text[after:])
            found.append(_Block(_label(edge), text[edge.end() : stop], whole=ends, alone=alone))
        elif index == 0:
            alone = not _bare(text[edge.end() :])
            found.append(_Block(_label(edge), text[: edge.start()], whole=False, alone=alone))
    return found


def _bare(body: str) -> str:
    """The body without white space, quotation marks and the marks of quoted or listed lines."""
    lines = (line.strip().lstrip("> ").rstrip(",;\\ ").strip(_QUOTES) for line in body.split("\n"))
    joined = "".join("".join(lines).split())
    return joined.strip(_QUOTES + ",;")


def _refusal_by_label(block: _Block) -> tuple[Sentence, Sentence] | None:
    if block.label == "TWO":
        return _TWO_KEYS
    if "ENCRYPTED" in block.label or "4,ENCRYPTED" in block.body.upper().replace(" ", ""):
        return _LOCKED
    if "OPENSSH" in block.label:
        return _OPENSSH
    if "PGP" in block.label:
        return _PGP
    if "CERTIFICATE" in block.label:
        return _CERTIFICATE
    if "PUBLIC KEY" in block.label:
        return _PUBLIC
    return None if not block.framed or "PRIVATE KEY" in block.label else _UNREADABLE


def _refusal_by_content(content: _Content, complete: bool) -> tuple[Sentence, Sentence] | None:
    if content is _Content.OTHER:
        return _UNREADABLE
    if content is _Content.PUBLIC:
        return _PUBLIC
    if content is _Content.LOCKED:
        return _LOCKED
    return None if complete else _CUT


def _look_inside(body: str) -> tuple[_Content, bool]:
    """What kind of key the base64 text is, and whether it is complete and ends where it should."""
    if not body.isascii():
        return _Content.OTHER, False
    usable = body.rstrip("=")
    usable = usable[: len(usable) // 4 * 4] if len(usable) % 4 == 1 else usable
    try:
        der = base64.b64decode(usable + "=" * (-len(usable) % 4), validate=True)
    except (binascii.Error, ValueError):
        return _Content.OTHER, False
    outer = _element(der, 0)
    if outer is None or outer[0] != 0x30:
        return _Content.OTHER, False
    return _content(der, outer[1]), outer[2] == len(der)


def _element(der: bytes, at: int) -> tuple[int, int, int] | None:
    """Tag, first byte of the content and first byte behind it; None where there is no element."""
    if at + 2 > len(der):
        return None
    size = der[at + 1]
    start = at + 2
    if size >= 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4 or start + count > len(der):
            return None
        size = int.from_bytes(der[start : start + count])
        start += count
    return der[at], start, start + size


def _content(der: bytes, at: int) -> _Content:
    first = _element(der, at)
    second = _element(der, first[2]) if first is not None else None
    if first is None or second is None:
        return _Content.OTHER
    if first[0] == 0x02 and first[2] - first[1] == 1:
        return {0x30: _Content.PRIVATE, 0x02: _Content.PRIVATE_RSA, 0x04: _Content.PRIVATE_EC}.get(
            second[0], _Content.OTHER
        )
    if first[0] == 0x30 and der[first[1] : first[1] + 1] == b"\x06":
        return {0x03: _Content.PUBLIC, 0x04: _Content.LOCKED}.get(second[0], _Content.OTHER)
    return _Content.OTHER


def _written(label: str, body: str) -> str:
    padded = body.rstrip("=")
    padded += "=" * (-len(padded) % 4)
    lines = [padded[at : at + 64] for at in range(0, len(padded), 64)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))


def _repairs(text: str, unescaped: str, block: _Block, proper: str) -> tuple[Sentence, ...]:
    """What was mended, in words; nothing where only the last line break was missing."""
    if text.rstrip("\n") == proper.rstrip("\n"):
        return ()
    repairs = []
    if not block.framed or not block.whole:
        repairs.append(say("Put the missing BEGIN and END lines back."))
    if block.label and f"BEGIN {block.label}" not in proper:
        repairs.append(say("Corrected the BEGIN and END lines."))
    if "\\n" in text:
        repairs.append(say("Turned written \\n into real line breaks."))
    if not block.alone:
        repairs.append(say("Left out the text around the private key."))
    if not repairs or unescaped.strip() == text.strip():
        repairs.append(say("Put the line breaks of the private key back in place."))
    return tuple(dict.fromkeys(repairs))
