"""What is remembered of a stored key: everything but the secrets."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from latchlight.core.addresses import Address
from latchlight.core.credentials import KeyKind
from latchlight.core.errors import InputError
from latchlight.core.limits import LIMITS
from latchlight.core.purpose import Intent
from latchlight.core.records import dataclass
from latchlight.core.sentences import say

# Letters of other scripts that look like Latin ones (after Unicode TR 39, the common part):
# two labels that differ only in these would look the same on the screen.
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u0432\u043a\u043c\u043d\u0442"
    "\u03b1\u03b5\u03bf\u03c1\u03bd\u03b9\u03ba\u03c4\u03c5\u03c7",
    "aeopcyxijsdhbkmhtaeopviktux",
)


@dataclass(frozen=True)
class Profile:
    """One stored key. The secrets are in the system keyring under `entry`."""

    entry: str
    """Opaque random name of the keyring entry: 32 hex digits, says nothing about the key."""
    label: str
    exchange: str
    host: str
    kind: KeyKind
    hint: str
    """The last four characters of the API key."""
    fingerprint: str
    """Keyed hash of the API key, to recognise it again on this computer only."""
    intent: Intent
    added_at: datetime


@dataclass(frozen=True)
class Acceptance:
    """An amber finding that the user accepted, with the reason they gave, until a date."""

    label: str
    rule: str
    fingerprint: str
    """Of the key for which it was accepted: another key under the same label starts afresh."""
    reason: str
    until: datetime
    basis: str
    """`Finding.basis` of what was accepted: a finding that rests on anything else is a new one."""


@dataclass(frozen=True)
class AddressSighting:
    """This computer was seen under `address` from `first` to `last` (UTC)."""

    address: Address
    first: datetime
    last: datetime


def clean_label(text: str) -> str:
    """A label as it will be kept: trimmed, NFKC, single spaces. Raises InputError."""
    label = " ".join(unicodedata.normalize("NFKC", text).split())
    if not label:
        raise InputError(
            say("The label is empty."), say("Give the key a label of your own."), "label"
        )
    if _looks_like_a_secret(label):
        raise InputError(
            say("The label looks like a key or a secret."),
            say("Labels are not secret and are shown everywhere. Choose a plain one."),
            "label",
        )
    if len(label) > LIMITS.label_characters:
        raise InputError(
            say("The label is longer than {most} characters.", most=LIMITS.label_characters),
            say("Choose a shorter one."),
            "label",
        )
    if any(unicodedata.category(letter)[0] == "C" for letter in label):
        raise InputError(
            say("The label contains invisible characters."),
            say("Type it by hand instead of pasting it."),
            "label",
        )
    if label.startswith("-"):
        raise InputError(
            say("A label cannot start with a dash."),
            say("The command line would take it for an option. Choose another."),
            "label",
        )
    return label


def label_skeleton(label: str) -> str:
    """Two labels with the same skeleton look alike; only one of them may exist."""
    folded = unicodedata.normalize("NFKC", label).casefold()
    return " ".join(folded.translate(_LOOK_ALIKES).split())


def _looks_like_a_secret(label: str) -> bool:
    if "PRIVATE KEY" in label:
        return True
    longest = max((len(word) for word in label.split(" ")), default=0)
    has_digit = any(letter.isdigit() for letter in label)
    return longest >= 18 and has_digit and label.replace("-", "").replace("_", "").isalnum()
