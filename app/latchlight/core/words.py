"""Words for the closed lists of the core: the same in window, web page and document."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from latchlight.core.diagnosis import Likelihood
from latchlight.core.findings import Light, Sureness
from latchlight.core.purpose import Purpose, Setup
from latchlight.core.sentences import Sentence, say

LIGHT_MEANINGS: Mapping[Light, Sentence] = MappingProxyType(
    {
        Light.GREEN: say("proved safe: this key, this computer, this moment"),
        Light.AMBER: say("a known weakness, or something that only you can confirm"),
        Light.RED: say("proved unsafe"),
        Light.GREY: say("could not be found out; the reason and a next step are given"),
    }
)
"""What each light says, for legends."""
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
LIKELIHOOD_HEADS: dict[Likelihood, Sentence] = {
    Likelihood.CERTAIN: say("Certain"),
    Likelihood.LIKELY: say("Likely"),
    Likelihood.POSSIBLE: say("Possible"),
}
"""For the beginning of a line; `diagnosis.LIKELIHOOD_WORDS` are for the middle of a sentence."""


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
