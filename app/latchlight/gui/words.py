"""Words for the closed lists of the core. Qt-free."""

from __future__ import annotations

import re
from typing import assert_never

from latchlight.core.diagnosis import Likelihood
from latchlight.core.findings import Sureness
from latchlight.core.purpose import Purpose, Setup
from latchlight.core.rules.address_lines import is_address_line
from latchlight.core.sentences import Sentence, lines_of, say, series

PURPOSE_WORDS: dict[Purpose, Sentence] = {
    Purpose.WATCH: say("Watch only"),
    Purpose.SPOT: say("Spot bot"),
    Purpose.MARGIN: say("Margin bot"),
    Purpose.FUTURES: say("Futures bot"),
}
SETUP_WORDS: dict[Setup, Sentence] = {
    Setup.THIS_COMPUTER: say("Runs on this computer"),
    Setup.ONE_SERVER: say("Runs on one server"),
    Setup.FAILOVER: say("Runs on a server with a stand-in"),
    Setup.STAGING_AND_PRODUCTION: say("One of a staging and a production bot"),
    Setup.SERVERLESS: say("Runs serverless behind a fixed address"),
    Setup.HOME_AND_SERVER: say("Runs at home and on a server"),
}
NOTE_WORDS = say("This is only a note: it does not hold the light back.")
"""Under an amber finding that is not required."""
LIKELIHOOD_HEADS: dict[Likelihood, Sentence] = {
    Likelihood.CERTAIN: say("Certain"),
    Likelihood.LIKELY: say("Likely"),
    Likelihood.POSSIBLE: say("Possible"),
}
"""For the beginning of a line."""


def in_lines(detail: str) -> str:
    """A finding's detail with what is known about each address family on a line of its own."""
    lines = address_lines(detail)
    return series((without_address_lines(detail), *lines), "\n") if lines else detail


def address_lines(detail: str) -> list[str]:
    """Only these lines; none where the finding is not about addresses."""
    return [part for part in lines_of(detail) if is_address_line(part)]


def without_address_lines(detail: str) -> Sentence:
    """All but these lines."""
    return series((part for part in lines_of(detail) if not is_address_line(part)), " ")


_LIKE_A_SECRET = re.compile(r"[A-Za-z0-9+/=_-]{24,}")


def looks_like_a_secret(text: str) -> bool:
    """Whether a text for other purposes holds what could be key material: longer than any word."""
    return _LIKE_A_SECRET.search(text) is not None


def sureness_words(sureness: Sureness, exchange: str) -> Sentence:
    """Where the knowledge comes from."""
    match sureness:
        case Sureness.REPORTED:
            return say("Reported by {exchange}", exchange=exchange)
        case Sureness.MEASURED:
            return say("Measured on this computer")
        case Sureness.TOLD:
            return say("Compared with what you told")
        case Sureness.CONCLUDED:
            return say("Concluded by Latchlight")
        case _:
            assert_never(sureness)
