"""What each exchange answers, and how its requests are signed: `data/<exchange>/*.json` as objects.

Every file is strict: a name that is not a field below is an error, so that no expectation is lost
through a slip of the pen. `origin` says how a sample is founded: documented, published, seen in
answers that users posted, taken from an sdk, or derived (put together from documented parts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.purpose import Purpose

DATA = Path(__file__).parent / "data"
ORIGINS = frozenset({"documented", "published", "seen", "sdk", "derived"})


@dataclass(frozen=True)
class Reply:
    """One answer. A body `{"$text": ..., "$type": ...}` is no JSON but this text."""

    path: str
    body: Any
    status: int = 200

    @property
    def is_text(self) -> bool:
        return isinstance(self.body, dict) and "$text" in self.body


@dataclass(frozen=True)
class Key:
    """Published test credentials, or made up ones of the usual shape."""

    api_key: str
    secret: str
    passphrase: str | None = None
    kind: str = "hmac"

    def credentials(self) -> Credentials:
        return Credentials(
            Secret(self.api_key),
            Secret(self.secret),
            KeyKind(self.kind),
            None if self.passphrase is None else Secret(self.passphrase),
            key_hint(self.api_key),
        )

    def fields(self) -> dict[str, str]:
        """As typed into the form."""
        fields = {"api_key": self.api_key, "secret": self.secret}
        return fields if self.passphrase is None else {**fields, "passphrase": self.passphrase}


@dataclass(frozen=True)
class SchemeVector:
    """A signature by one function of `exchanges/signing.py`."""

    name: str
    scheme: str
    secret: str
    payload: str
    signature: str
    origin: str


@dataclass(frozen=True)
class RequestVector:
    """A whole signed request. `headers` are those that are the same every time."""

    name: str
    key: Key
    host: str
    probe: str
    now_ms: int
    headers: Mapping[str, str]
    query: str
    origin: str


@dataclass(frozen=True)
class TimeSample:
    """The documented answer about the time, and the same with marks where the time goes."""

    answer: Any
    ms: int
    template: Any

    def filled(self, ms: int) -> Any:
        """The answer that says this time."""
        return _filled(self.template, ms)


@dataclass(frozen=True)
class Accepted:
    """Answers to an accepted key, and what has to be made of them."""

    name: str
    origin: str
    source: str
    key: Key
    answers: tuple[Reply, ...]
    light: str
    purpose: Purpose = Purpose.SPOT
    rules: Mapping[str, str] = field(default_factory=dict)
    permissions: Mapping[str, bool | None] = field(default_factory=dict)
    whitelist_on: bool | None = None
    tells_whitelist: bool = False
    host: str = ""


@dataclass(frozen=True)
class Refusal:
    """One refusal, and what it means."""

    name: str
    status: int
    body: Any
    diagnosis: str
    light: str
    origin: str
    seen_address: str | None = None
    path: str = ""
    source: str = ""


@dataclass(frozen=True)
class WordList:
    """Where an answer lists permissions: `comma` in a text, `list` of texts, or `objects`."""

    path: str
    form: str
    template: Any = None


@dataclass(frozen=True)
class Fields:
    """What the tests may and may not spoil. Paths are `data.0.perm`, or `/path:data.0.perm` for
    the answer of one question."""

    harmless: tuple[str, ...] = ()
    word_lists: tuple[WordList, ...] = ()
    flags_under: tuple[str, ...] = ()
    other_forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By path: changes of form after which a documented form is left, by the changes' names."""


@dataclass(frozen=True)
class Samples:
    """Everything of one exchange."""

    schemes: tuple[SchemeVector, ...]
    requests: tuple[RequestVector, ...]
    time: TimeSample
    accepted: tuple[Accepted, ...]
    """The first is the well-kept key."""
    refusals: tuple[Refusal, ...]
    fields: Fields


@cache
def samples(exchange: str) -> Samples:
    """All samples of an exchange. Raises ValueError where a file is missing or has a wrong form."""
    try:
        vectors = _read(exchange, "vectors")
        return Samples(
            schemes=tuple(SchemeVector(**vector) for vector in vectors["schemes"]),
            requests=tuple(_request(vector) for vector in vectors["requests"]),
            time=TimeSample(**_read(exchange, "time")),
            accepted=tuple(_accepted(entry) for entry in _read(exchange, "accepted")),
            refusals=tuple(Refusal(**entry) for entry in _read(exchange, "refusals")),
            fields=_fields(_read(exchange, "fields")),
        )
    except (OSError, TypeError, KeyError, ValueError) as error:
        raise ValueError(f"samples of {exchange}: {error!r}") from error


def _read(exchange: str, name: str) -> Any:
    folder = DATA / exchange
    return _with_files(json.loads((folder / f"{name}.json").read_text("utf-8")), folder)


def _with_files(value: Any, folder: Path) -> Any:
    """A secret such as `@key.pem` stands in a file of its own beside the samples."""
    if isinstance(value, list):
        return [_with_files(item, folder) for item in value]
    if isinstance(value, dict):
        secret = value.get("secret")
        whole = {name: _with_files(item, folder) for name, item in value.items()}
        if isinstance(secret, str) and secret.startswith("@"):
            whole["secret"] = (folder / secret[1:]).read_text("ascii")
        return whole
    return value


_KEY_PARTS = ("api_key", "secret", "passphrase", "kind")


def _with_key(entry: Mapping[str, Any]) -> dict[str, Any]:
    key = Key(**{name: entry[name] for name in _KEY_PARTS if name in entry})
    return {"key": key} | {name: v for name, v in entry.items() if name not in _KEY_PARTS}


def _request(entry: Mapping[str, Any]) -> RequestVector:
    return RequestVector(**_with_key(entry))


def _accepted(entry: Mapping[str, Any]) -> Accepted:
    made = _with_key(entry)
    made["answers"] = tuple(Reply(**reply) for reply in entry["answers"])
    made["purpose"] = Purpose(entry.get("purpose", "spot"))
    return Accepted(**made, tells_whitelist="whitelist_on" in entry)


def _fields(entry: Mapping[str, Any]) -> Fields:
    made: dict[str, Any] = {name: tuple(value) for name, value in entry.items()}
    made["word_lists"] = tuple(WordList(**place) for place in entry.get("word_lists", ()))
    forms = entry.get("other_forms", {})
    made["other_forms"] = {path: tuple(changes) for path, changes in forms.items()}
    return Fields(**made)


def _filled(template: Any, ms: int) -> Any:
    if isinstance(template, dict):
        return {name: _filled(value, ms) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, ms) for value in template]
    if isinstance(template, str) and template.startswith("$"):
        return _mark(template, ms)
    return template


def _mark(mark: str, ms: int) -> Any:
    iso = datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
    values = {
        "$MS": ms,
        "$S": ms // 1000,
        "$US": ms * 1000,
        "$NS": ms * 1_000_000,
        "$ISO": iso.replace("+00:00", "Z"),
    }
    name = mark.removesuffix("_TEXT")
    if name not in values:
        raise ValueError(f"{mark} is no mark of a time")
    return str(values[name]) if mark.endswith("_TEXT") else values[name]
