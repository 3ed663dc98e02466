"""What a pasted text looks like: from which exchange it could come.

No exchange publishes a grammar of its keys. The table holds what examples show, as of 2026-11-20, so
that a form can say "this looks like a key of OKX". It decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from latchlight.core.credentials import KeyKind, Secret
from latchlight.core.diagnosis import Likelihood
from latchlight.core.errors import InputError
from latchlight.core.intake import Cleaned, clean_value
from latchlight.core.pasted import take_apart, two_values
from latchlight.core.pem import kind_of_pem
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.signing import kind_of_secret

CERTAIN, LIKELY, POSSIBLE = Likelihood.CERTAIN, Likelihood.LIKELY, Likelihood.POSSIBLE
_STRENGTH = (CERTAIN, LIKELY, POSSIBLE)

NAMES = {
    "binance": "Binance",
    "bybit": "Bybit",
    "okx": "OKX",
    "kucoin": "KuCoin",
    "gate": "Gate",
    "bitget": "Bitget",
    "coinbase": "Coinbase",
    "htx": "HTX",
    "kraken": "Kraken",
    "mexc": "MEXC",
}
"""By id, also of exchanges whose keys are known by sight only."""


class Part(Enum):
    """As what an exchange hands a text out."""

    API_KEY = "api_key"
    SECRET = "secret"  # noqa: S105 - the name of a field
    EITHER = "either"


@dataclass(frozen=True)
class Likeness:
    """An exchange from which the text could come."""

    exchange: str
    likelihood: Likelihood
    part: Part
    """Of one text what it is; EITHER also where key and secret were looked at together."""
    dead: bool = False
    """A key of a kind that this exchange has ended."""

    @property
    def name(self) -> str:
        """What the exchange is called."""
        return NAMES[self.exchange]


Likenesses = tuple[Likeness, ...]


def _key(likelihood: Likelihood, *exchanges: str, dead: bool = False) -> Likenesses:
    return tuple(Likeness(exchange, likelihood, Part.API_KEY, dead) for exchange in exchanges)


def _secret(likelihood: Likelihood, *exchanges: str, dead: bool = False) -> Likenesses:
    return tuple(Likeness(exchange, likelihood, Part.SECRET, dead) for exchange in exchanges)


def _either(likelihood: Likelihood, exchange: str) -> Likenesses:
    return (Likeness(exchange, likelihood, Part.EITHER),)


_SHAPES: tuple[tuple[str, Likenesses], ...] = (
    (r"bg_[0-9a-f]{32}", _key(CERTAIN, "bitget")),
    (r"organizations/[0-9A-Za-z-]+/apiKeys/[0-9A-Za-z-]+", _key(CERTAIN, "coinbase")),
    (r"mx0[0-9A-Za-z]{8,40}", _key(LIKELY, "mexc")),
    (
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        (*_key(POSSIBLE, "okx", "coinbase"), *_secret(POSSIBLE, "kucoin")),
    ),
    (r"[0-9a-z]{8,10}-[0-9a-z]{8,10}-[0-9a-z]{8}-[0-9a-z]{5,10}", _either(LIKELY, "htx")),
    (r"[0-9a-f]{24}", _key(LIKELY, "kucoin")),
    (r"[0-9]{32}", (*_secret(POSSIBLE, "okx"), *_key(POSSIBLE, "gate"))),
    (r"[0-9A-F]{32}", _secret(LIKELY, "okx")),
    (r"[0-9a-f]{32}", _key(POSSIBLE, "gate")),
    (r"[0-9a-f]{64}", _secret(POSSIBLE, "gate", "bitget")),
    (r"[0-9A-Za-z]{64}", _either(LIKELY, "binance")),
    (r"[0-9A-Za-z]{18}", _key(LIKELY, "bybit")),
    (r"[0-9A-Za-z]{36}", _secret(LIKELY, "bybit")),
    (r"[0-9A-Za-z]{16}", _key(POSSIBLE, "coinbase", dead=True)),
    (r"[0-9A-Za-z]{32}", _secret(POSSIBLE, "coinbase", dead=True)),
    (r"[0-9A-Za-z+/]{56}", _key(LIKELY, "kraken")),
)
"""Forms and where they are at home. The first form that fits a text counts."""
_BASE64_KEY = re.compile(r"[0-9A-Za-z+/]{43}=|[0-9A-Za-z+/]{86}==")


def recognise(given: str | Mapping[str, str]) -> Likenesses:
    """From which exchanges a paste, or the texts of the form's fields, could come; likeliest first.

    Empty where nothing is known. A passphrase says nothing.
    """
    if isinstance(given, str):
        parts = take_apart(given)
        return _of_paste(given) if parts is None else recognise(parts)
    key, secret = given.get("api_key", ""), given.get("secret", "")
    if not key.strip() or not secret.strip():
        return recognise(key + secret) if (key + secret).strip() else ()
    return _of_two(key, secret) or _sorted((*_of_one(key), *_of_one(secret)))


def _of_paste(text: str) -> Likenesses:
    """Two values on two lines if they belong together, else one that may have been wrapped."""
    words = two_values(text)
    together = _of_two(*words) if words is not None else ()
    return together or _sorted(_of_one(text))


def _of_two(one: str, other: str) -> Likenesses:
    """Exchanges that could have handed both out, one as key and one as secret: two weak signs for
    the same exchange make a good one."""
    agreed = [
        Likeness(
            a.exchange,
            min(a.likelihood, b.likelihood, LIKELY, key=_STRENGTH.index),
            Part.EITHER,
            a.dead,
        )
        for a in _of_one(one)
        for b in _of_one(other)
        if (a.exchange, a.dead) == (b.exchange, b.dead)
        if a.part is not b.part or a.part is Part.EITHER
    ]
    return _sorted(agreed)


def _of_one(text: str) -> Likenesses:
    value = _cleaned(text)
    if value is None:
        return ()
    if value.is_pem:
        return _of_private_key(value.text)
    if _BASE64_KEY.fullmatch(value.text):
        return _of_base64(value.text)
    return next((found for shape, found in _SHAPES if re.fullmatch(shape, value.text)), ())


def _cleaned(text: str) -> Cleaned | None:
    try:
        return clean_value(text, "secret")
    except InputError:
        return None


def _of_private_key(pem: str) -> Likenesses:
    match kind_of_pem(pem):
        case KeyKind.ECDSA:
            return _secret(CERTAIN if "BEGIN EC PRIVATE KEY" in pem else LIKELY, "coinbase")
        case KeyKind.ED25519:
            return (*_secret(LIKELY, "binance"), *_secret(POSSIBLE, "coinbase"))
        case KeyKind.RSA:
            return _secret(POSSIBLE, "binance", "bybit", "bitget")
        case _:
            return ()


def _of_base64(text: str) -> Likenesses:
    """The second half of Coinbase's 64 bytes is the public key of the first; Kraken's are random."""
    try:
        kind_of_secret(Secret(text), raw_ed25519=True)
    except InputError:
        return _secret(LIKELY, "kraken")
    # Any 32 bytes are a seed.
    return _secret(CERTAIN if text.endswith("==") else LIKELY, "coinbase")


def _sorted(found: Iterable[Likeness]) -> Likenesses:
    """Each exchange once, with its strongest sign."""
    strongest: dict[tuple[str, bool], Likeness] = {}
    for likeness in sorted(found, key=_weakness):
        strongest.setdefault((likeness.exchange, likeness.dead), likeness)
    return tuple(strongest.values())


def _weakness(likeness: Likeness) -> int:
    return _STRENGTH.index(likeness.likelihood)


OLD_COINBASE_KEY = (
    say("This is a Coinbase key of the old kind. All of them ended in February 2025."),
    say(
        "Make a new one at portal.cdp.coinbase.com: API keys, then Secret API keys, then Create "
        "API key."
    ),
)


def refuse_dead(exchange: str, api_key: str, secret: str) -> None:
    """Raises InputError for a pair of a kind that this exchange has ended, in either order."""
    if any(f.dead and f.exchange == exchange for f in _of_two(api_key, secret)):
        raise InputError(*OLD_COINBASE_KEY, "api_key")


def likeness_words(found: Likenesses, chosen: str) -> Sentence | None:
    """What to say in a form in which this exchange is chosen; None where it may well be right."""
    if not found or any(f.exchange == chosen and not f.dead for f in found):
        return None
    best = found[0]
    if best.dead:
        # Alone, sixteen letters are too little to speak of another exchange than the chosen one.
        told = best.exchange == chosen or best.likelihood is not POSSIBLE
        message, next_step = OLD_COINBASE_KEY
        return say("{message} {step}", message=message, step=next_step) if told else None
    if best.exchange not in EXCHANGES:
        return say(
            "This looks like a key of {name}, whose keys Latchlight cannot check.", name=best.name
        )
    if best.likelihood is not POSSIBLE:
        return say("This looks like a key of {name}.", name=best.name)
    names = [likeness.name for likeness in found]
    listed = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return say("This could be a key of {names}.", names=listed)
