"""What was pasted into the form, or given on stdin, becomes credentials of one exchange."""

from __future__ import annotations

import re
from collections.abc import Mapping

from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.errors import InputError
from latchlight.core.intake import Cleaned, clean_value, refuse_oversize
from latchlight.core.pasted import is_mail_address, is_web_address, take_apart, two_values
from latchlight.core.pem import looks_like_pem
from latchlight.core.records import dataclass, field
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.shapes import likeness_words, recognise, refuse_dead
from latchlight.exchanges.signing import kind_of_secret
from latchlight.exchanges.spec import CredentialField, ExchangeSpec


@dataclass(frozen=True)
class Note:
    """Something to tell about one field. `field` is empty where it concerns all of them."""

    field: str
    text: Sentence


@dataclass(frozen=True, eq=False)
class Intake:
    """Credentials, and everything that was done to the text on the way."""

    credentials: Credentials
    repair_notes: tuple[Note, ...] = ()
    warning_notes: tuple[Note, ...] = ()
    labels: Mapping[str, Sentence] = field(default_factory=dict)
    exchanged: bool = False
    """Key and secret were in each other's field."""

    @property
    def repairs(self) -> tuple[Sentence, ...]:
        """What was mended, each with the name of its field."""
        return tuple(self._with_label(note) for note in self.repair_notes)

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """What looks unusual and was left as it is, each with the name of its field."""
        return tuple(self._with_label(note) for note in self.warning_notes)

    def _with_label(self, note: Note) -> Sentence:
        label = self.labels.get(note.field)
        return note.text if label is None else say("{field}: {text}", field=label, text=note.text)


def read_credentials(spec: ExchangeSpec, fields: Mapping[str, str]) -> Intake:
    """Credentials from the texts of the fields `api_key`, `secret` and perhaps `passphrase`.

    Raises InputError that names the field, never the value.
    """
    wanted = {f.name: f for f in spec.fields}
    texts = {name: fields.get(name, "") for name in wanted}
    _refuse_unwanted(wanted, fields)
    texts, notes = spread(spec, texts)
    _refuse_lonely_private_key(wanted, texts)
    cleaned = {name: clean_field(spec, name, text) for name, text in _present_first(texts)}
    exchanged = _are_exchanged(wanted, cleaned)
    if exchanged:
        cleaned = _exchange(cleaned)
        notes = (*notes, Note("", say("Key and secret were in each other's field: exchanged.")))
    _refuse_misplaced(wanted, cleaned)
    credentials = _credentials(spec, cleaned)
    repairs = [Note(name, text) for name, value in cleaned.items() for text in value.repairs]
    return Intake(
        credentials,
        (*notes, *repairs),
        tuple(_warnings(spec, cleaned)),
        {name: f.label for name, f in wanted.items()},
        exchanged,
    )


def credentials_from_file(text: str) -> Mapping[str, str]:
    """The texts for `read_credentials` out of a file: a key file, a settings file, a private key.

    Raises InputError where no key is in it.
    """
    refuse_oversize(text, "")
    parts = take_apart(text)
    if parts is not None:
        return parts
    if looks_like_pem(text):
        return {"secret": text}
    raise InputError(
        say("No API key and secret were found in this file."),
        say("Choose the file that the exchange gave you when you made the key."),
    )


def clean_field(spec: ExchangeSpec, name: str, text: str) -> Cleaned:
    """One field's value as `clean_value` mends it; what cannot be key material of `spec` is refused.

    Raises InputError with the field's name. A private key may hold slashes and line breaks, and so
    may whatever has the shape of one of the fields; a passphrase was invented by its owner.
    """
    refuse_oversize(text, name)
    refuse_address(text, name)
    if name == "passphrase" and not text.strip():
        raise InputError(say("The passphrase is missing."), _hint(spec, name), name)
    cleaned = clean_value(text, name)
    if cleaned.is_pem or name == "passphrase":
        return cleaned
    refuse_address(cleaned.text, name)
    if any(_fits(wanted, cleaned.text) for wanted in spec.fields):
        return cleaned
    shapes = [wanted.shape for wanted in spec.fields if wanted.name != "passphrase"]
    if "@" in cleaned.text or ("/" in cleaned.text and all(s and "/" not in s for s in shapes)):
        raise _no_key_material(spec, name, say("This contains “@” or “/”, which no key here has."))
    if cleaned.gaps and all(shapes) and len(cleaned.text) < _LONG_WORDS * (cleaned.gaps + 1):
        raise _no_key_material(spec, name, say("This is several words, which no key here is."))
    return cleaned


_LONG_WORDS = 16
"""Letters per piece: shorter ones are words of a language, longer ones a key that was wrapped."""


def _no_key_material(spec: ExchangeSpec, name: str, message: Sentence) -> InputError:
    return InputError(message, _hint(spec, name), name)


def _hint(spec: ExchangeSpec, name: str) -> Sentence:
    return next((wanted.hint for wanted in spec.fields if wanted.name == name), say(""))


def refuse_address(text: str, name: str) -> None:
    """Raises InputError where the text is the address of a web page or of a mailbox.

    A passphrase may look like a name or a mailbox; only what begins like a link is refused there.
    """
    what = _NOUNS.get(name, _NOUNS["secret"])
    linked = "://" in text
    if is_web_address(text) and (linked or name != "passphrase"):
        raise InputError(
            say("This is a web address, not {what}.", what=what),
            say("Copy the value itself from that page."),
            name,
        )
    if is_mail_address(text) and name != "passphrase":
        raise InputError(
            say("This is an e-mail address, not {what}.", what=what),
            say("Copy the value from the exchange's API page."),
            name,
        )


_NOUNS = {
    "api_key": say("an API key"),
    "secret": say("a secret"),
    "passphrase": say("a passphrase"),
}


def spread(spec: ExchangeSpec, texts: Mapping[str, str]) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Where one field holds everything and the others nothing, each gets its part.

    Raises InputError where a field holds everything and others are filled with something else.
    """
    filled = {name: text for name, text in texts.items() if text.strip()}
    for name, text in filled.items():
        refuse_oversize(text, name)
        parts = take_apart(text) or _two_lines(spec, name, text, len(filled))
        if parts is None:
            continue
        parts = {part: parts[part] for part in texts if part in parts}
        others = {other: t for other, t in filled.items() if other != name and t != text}
        if any(parts.get(other, "").strip() != t.strip() for other, t in others.items()):
            raise InputError(
                say("This text holds several values, and the other fields are filled too."),
                say("Empty the other fields, or paste one value into each."),
                name,
            )
        return {other: parts.get(other, "") for other in texts}, (
            Note("", say("Took the values apart: each is in its own field now.")),
        )
    return dict(texts), ()


def _two_lines(spec: ExchangeSpec, name: str, text: str, filled: int) -> Mapping[str, str] | None:
    """Two lines in one field: by their shapes, or in the order in which pages show them."""
    words = two_values(text)
    if words is None or filled != 1 or name == "passphrase":
        return None
    by_name = {f.name: f for f in spec.fields}
    first, second = words
    if _fits(by_name["api_key"], first) and _fits(by_name["secret"], second):
        return {"api_key": first, "secret": second}
    if _fits(by_name["api_key"], second) and _fits(by_name["secret"], first):
        return {"api_key": second, "secret": first}
    return None


def _fits(wanted: CredentialField, text: str) -> bool:
    return bool(wanted.shape) and re.fullmatch(wanted.shape, text) is not None


def _refuse_unwanted(wanted: Mapping[str, CredentialField], fields: Mapping[str, str]) -> None:
    for name, text in fields.items():
        if name not in wanted and text.strip():
            raise InputError(
                say("Keys of this exchange have no passphrase."),
                say("Leave it out, or choose the exchange to which the key belongs."),
                name,
            )


def _refuse_lonely_private_key(
    wanted: Mapping[str, CredentialField], texts: Mapping[str, str]
) -> None:
    """The API key is missing here, but only this sentence says what went wrong."""
    if looks_like_pem(texts["api_key"]) and not texts["secret"].strip():
        raise InputError(
            say("This is the private key. It belongs in “{field}”.", field=wanted["secret"].label),
            say("Paste the short API key here; the exchange's page shows it."),
            "api_key",
        )


def _present_first(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Filled fields first: what is wrong with them says more than that another is empty."""
    return sorted(texts.items(), key=lambda item: not item[1].strip())


def _are_exchanged(wanted: Mapping[str, CredentialField], cleaned: Mapping[str, Cleaned]) -> bool:
    key, secret = cleaned["api_key"], cleaned["secret"]
    if key.is_pem or secret.is_pem:
        return key.is_pem and not secret.is_pem
    if key.named == "secret" or secret.named == "api_key":
        return key.named != "api_key" and secret.named != "secret"
    key_field, secret_field = wanted["api_key"], wanted["secret"]
    as_given = _fits(key_field, key.text) or _fits(secret_field, secret.text)
    return not as_given and _fits(secret_field, key.text) and _fits(key_field, secret.text)


def _exchange(cleaned: Mapping[str, Cleaned]) -> dict[str, Cleaned]:
    return {**cleaned, "api_key": cleaned["secret"], "secret": cleaned["api_key"]}


def _refuse_misplaced(
    wanted: Mapping[str, CredentialField], cleaned: Mapping[str, Cleaned]
) -> None:
    key, secret = cleaned["api_key"], cleaned["secret"]
    if key.is_pem:
        raise InputError(
            say("There is a private key in both fields."),
            say("Paste the short API key here; the exchange's page shows it."),
            "api_key",
        )
    if key.text == secret.text:
        raise InputError(
            say("API key and secret are the same."),
            say("Copy the secret again; it is a text of its own."),
            "secret",
        )
    for name, value in cleaned.items():
        # These two are sent as they are: a secret among them would be given away.
        if name != "secret" and _is_the_secret(wanted, name, value.text, secret.text):
            raise InputError(
                say("This looks like the secret. It belongs in “{field}”.", field=_label(wanted)),
                wanted[name].hint,
                name,
            )


def _is_the_secret(
    wanted: Mapping[str, CredentialField], name: str, text: str, secret: str
) -> bool:
    """What has the shape of this exchange's secrets and not that of its own field."""
    return text == secret or (_fits(wanted["secret"], text) and not _fits(wanted[name], text))


def _label(wanted: Mapping[str, CredentialField]) -> Sentence:
    return wanted["secret"].label


def _credentials(spec: ExchangeSpec, cleaned: Mapping[str, Cleaned]) -> Credentials:
    refuse_dead(spec.id, cleaned["api_key"].text, cleaned["secret"].text)
    secret = Secret(cleaned["secret"].text)
    # An exchange with Ed25519 and without HMAC hands out private keys as plain text too.
    plain_key = KeyKind.ED25519 in spec.kinds and KeyKind.HMAC not in spec.kinds
    kind = kind_of_secret(secret, raw_ed25519=plain_key)
    if kind not in spec.kinds:
        raise InputError(
            say("{exchange} has no keys of this kind.", exchange=spec.name),
            say("Compare the exchange that you chose with the page from which the key comes."),
            "secret",
        )
    passphrase = cleaned.get("passphrase")
    return Credentials(
        api_key=Secret(cleaned["api_key"].text),
        secret=secret,
        kind=kind,
        passphrase=None if passphrase is None else Secret(passphrase.text),
        hint=key_hint(cleaned["api_key"].text),
    )


def _warnings(spec: ExchangeSpec, cleaned: Mapping[str, Cleaned]) -> list[Note]:
    """Unusual, but perhaps right: no exchange publishes a grammar of its keys."""
    texts = {name: value.text for name, value in cleaned.items() if name != "passphrase"}
    unusual = [
        Note(wanted.name, _unusual(wanted, cleaned[wanted.name].text))
        for wanted in spec.fields
        if wanted.shape and not cleaned[wanted.name].is_pem
        if not _fits(wanted, cleaned[wanted.name].text)
    ]
    foreign = likeness_words(recognise(texts), spec.id) if unusual else None
    if foreign is not None:
        unusual.insert(0, Note("", foreign))
    passphrase = cleaned.get("passphrase")
    if passphrase is not None and any(letter in passphrase.text for letter in "$`\\!"):
        unusual.append(Note("passphrase", _CHANGED_BY_SHELLS))
    return unusual


_CHANGED_BY_SHELLS = say(
    "It contains a character that command shells change ($ ` \\ !). "
    "If your bot reads it from a shell file, put it in single quotes there."
)


def _unusual(wanted: CredentialField, text: str) -> Sentence:
    return say(
        "This has {count} characters and does not look as usual. {hint}",
        count=len(text),
        hint=wanted.hint,
    )
