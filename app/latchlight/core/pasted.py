"""One paste that holds several values: a file, a page section, an object of a configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping

from latchlight.core.intake import LONGEST_PASTE, NAME_PATTERN, strict_json
from latchlight.core.pem import cut_out_pem

_PAIR = re.compile(
    rf"(?<![A-Za-z0-9])[\"'`]?{NAME_PATTERN}[\"'`]?[ \t]*(?::=|=>|[:=]|[ \t]*\n)\s*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|`(?P<back>[^`]*)`|(?P<bare>[^\s\"'`,;}]+))",
    re.IGNORECASE,
)
_ALIASES = {
    "apikey": "api_key",
    "key": "api_key",
    "accesskey": "api_key",
    "accesskeyid": "api_key",
    "apikeyid": "api_key",
    "secret": "secret",
    "apisecret": "secret",
    "secretkey": "secret",
    "apisecretkey": "secret",
    "secretaccesskey": "secret",
    "privatekey": "secret",
    "passphrase": "passphrase",
    "apipassphrase": "passphrase",
    "password": "passphrase",
}
_KEY_PATH = r"organizations/[0-9A-Za-z-]+/apiKeys/[0-9A-Za-z-]+"
_KEY_NAME = re.compile(
    rf"{_KEY_PATH}|[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}"
)
"""API keys of Coinbase, which its key file and its examples call `name` or `id`."""
_SHORTEST = 8
_WEB_ADDRESS = re.compile(
    r"(?:https?|wss?|ftp)://.*|www\.\S+|(?:[a-z0-9-]+\.)+[a-z]{2,12}(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE | re.DOTALL,
)
_MAIL_ADDRESS = re.compile(r"(?:mailto:)?[^\s@/]+@(?:[a-z0-9-]+\.)+[a-z]{2,12}", re.IGNORECASE)


def take_apart(text: str) -> Mapping[str, str] | None:
    """API key, secret and perhaps passphrase out of one paste.

    None unless key and secret are both there, each once: guessing is worse than asking.
    """
    if len(text) > LONGEST_PASTE or len(text) < 2 * _SHORTEST:
        return None
    return _from_json(text) or _from_private_key(text) or _from_names(text)


def two_values(text: str) -> tuple[str, str] | None:
    """Exactly two long words, on two lines or side by side; None for anything else."""
    words = text.split() if len(text) <= LONGEST_PASTE else []
    if len(words) != 2 or min(map(len, words)) < 2 * _SHORTEST:
        return None
    return words[0], words[1]


def is_web_address(text: str) -> bool:
    """Whether all of the text is the address of a web page or site: `https://…`, `exchange.com/api`."""
    return len(text) <= LONGEST_PASTE and _WEB_ADDRESS.fullmatch(text.strip()) is not None


def is_mail_address(text: str) -> bool:
    """Whether all of the text is an e-mail address."""
    return len(text) <= LONGEST_PASTE and _MAIL_ADDRESS.fullmatch(text.strip()) is not None


def _from_json(text: str) -> Mapping[str, str] | None:
    document = strict_json(text.strip().removeprefix("\ufeff").rstrip(","))
    if not isinstance(document, dict):
        return None
    found: dict[str, str] = {}
    for name, value in document.items():
        meant = _ALIASES.get(re.sub(r"[^a-z]", "", name.lower()))
        if meant is None or not isinstance(value, str) or not value.strip():
            continue
        if found.setdefault(meant, value) != value:
            return None
    for name in ("name", "id"):
        value = document.get(name)
        if isinstance(value, str) and _KEY_NAME.fullmatch(value.strip()):
            found.setdefault("api_key", value)
    return _complete(found)


def _from_private_key(text: str) -> Mapping[str, str] | None:
    """A whole private key and, around it, the API key with its name or alone."""
    parts = cut_out_pem(text)
    if parts is None:
        return None
    pem, around = parts
    named = _named_values(around)
    if named is not None and "api_key" in named:
        return _complete({**named, "secret": pem})
    words = [word for word in re.split(r"[\s\"'`,;{}]+", around) if len(word) >= 2 * _SHORTEST]
    return {"api_key": words[0], "secret": pem} if len(words) == 1 else None


def _from_names(text: str) -> Mapping[str, str] | None:
    found = _named_values(text) or {}
    paths = set(re.findall(_KEY_PATH, text))
    if "secret" in found and "api_key" not in found and len(paths) == 1:
        found["api_key"] = paths.pop()
    return _complete(found)


def _named_values(text: str) -> dict[str, str] | None:
    """Every `name: value` of a known name; None where one name has two different values."""
    found: dict[str, str] = {}
    for pair in _PAIR.finditer(text):
        meant = next(name for name in ("secret", "passphrase", "api_key") if pair[name])
        quoted = (pair["double"], pair["single"], pair["back"], pair["bare"])
        value = next((value for value in quoted if value), "")
        if value and found.setdefault(meant, value) != value:
            return None
    return found


def _complete(found: dict[str, str]) -> Mapping[str, str] | None:
    if len(found.get("api_key", "")) < _SHORTEST or len(found.get("secret", "")) < _SHORTEST:
        return None
    return found
