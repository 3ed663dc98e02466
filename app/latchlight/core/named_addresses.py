"""Addresses that the user typed as theirs."""

from __future__ import annotations

import re
import unicodedata

from latchlight.core.addresses import Address, AddressKind, kind_of, parse_address
from latchlight.core.errors import InputError
from latchlight.core.sentences import Sentence, say

MOST_NAMED = 20
"""More than any set-up needs, fewer than a list pasted by mistake."""
_LONGEST = 2000
_SHOWABLE = re.compile(r"[0-9A-Fa-f:./*-]{1,49}")

_REFUSED_KINDS: dict[AddressKind, Sentence] = {
    AddressKind.PRIVATE: say("It is valid only inside a home or office network."),
    AddressKind.CARRIER_NAT: say("It is valid only inside your provider's network."),
    AddressKind.DOCUMENTATION: say("It is an example from books and belongs to nobody."),
    AddressKind.LOOPBACK: say("It means “this computer itself” on every computer."),
    AddressKind.RESERVED: say("It is reserved and no computer on the internet has it."),
}


def read_addresses(text: str, *, allow_documentation: bool = False) -> tuple[Address, ...]:
    """Addresses separated by spaces, commas or lines, each once. Empty text gives none.

    `allow_documentation` is for practice, whose addresses are the ones from books.
    Raises InputError with the field `addresses`.
    """
    if len(text) > _LONGEST:
        raise _refusal(say("This is too long for a few addresses."), _ONLY)
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    if len(words) > MOST_NAMED:
        raise _refusal(say("These are more than {most} addresses.", most=MOST_NAMED), _ONLY)
    found = [_one(word, allow_documentation) for word in words]
    return tuple(dict.fromkeys(found))


_ONLY = say("Name only the addresses from which the bot really works.")
_FORM = say("An address looks like 198.51.100.7 or 2001:db8::7.")


def _one(word: str, allow_documentation: bool) -> Address:
    address = _parsed(word)
    if address is None:
        raise _not_an_address(word)
    kind = kind_of(address)
    if kind is AddressKind.PUBLIC or (allow_documentation and kind is AddressKind.DOCUMENTATION):
        return address
    raise _refusal(
        say("{address} is not a public IP. {why}", address=address, why=_REFUSED_KINDS[kind]),
        say("Use the public IP from which the exchange sees the bot come."),
    )


def _parsed(word: str) -> Address | None:
    """The address; lists show a single one as a range of one, `198.51.100.7/32`, which is the same."""
    text, slash, length = word.partition("/")
    try:
        address = parse_address(text)
    except ValueError:
        return None
    return address if not slash or length == str(address.max_prefixlen) else None


def _not_an_address(word: str) -> InputError:
    # What does not even look like an address is not repeated: it could be a key in the wrong field.
    known = _well_known_mistake(word)
    if known is not None:
        return known
    if _SHOWABLE.fullmatch(word) is None:
        return _refusal(say("One of these is not an address."), _FORM)
    if "/" in word or "*" in word or "-" in word:
        return _refusal(
            say("“{text}” is a range.", text=word), say("Name single addresses, each by itself.")
        )
    return _refusal(say("“{text}” is not an address.", text=word), _FORM)


_FULL_STOPS = {0x3002: ".", 0x3001: ","}
"""What a Chinese keyboard writes for them; no normal form changes these two."""
_WITH_PORT = re.compile(r"[0-9.]{7,15}:[0-9]{1,5}|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?", re.ASCII)
_NAME = re.compile(r"(?=.{4,253}$)([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}\.?", re.ASCII)


def _well_known_mistake(word: str) -> InputError | None:
    """What people type instead of an address, each with its own way out; never repeats the text."""
    if not word.isascii():
        if unicodedata.normalize("NFKC", word).translate(_FULL_STOPS).isascii():
            return _refusal(
                say("These are full-width characters."),
                say("Switch your keyboard to half-width digits and type the address again."),
            )
        return None
    if "://" in word:
        return _refusal(say("This is the address of a web page."), _FORM)
    if "%" in word:
        return _refusal(
            say("The part behind “%” names a network card of one computer."),
            say("Use the public IP: nobody else can reach an address with such a part."),
        )
    if _WITH_PORT.fullmatch(word) is not None:
        return _refusal(
            say("There is a port or a bracket at this address."),
            say("Type the address alone: a whitelist knows no ports."),
        )
    if _NAME.fullmatch(word) is not None:
        return _refusal(
            say("This is the name of a computer, not its address."),
            say(
                "A whitelist takes addresses only. Your provider shows the public IP of the server."
            ),
        )
    return None


def _refusal(message: Sentence, next_step: Sentence) -> InputError:
    return InputError(message, next_step, "addresses")
