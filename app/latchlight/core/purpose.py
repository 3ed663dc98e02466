"""What the key is for, and where the bot runs: told by the user, never guessed."""

from __future__ import annotations

from enum import Enum

from latchlight.core.addresses import Address
from latchlight.core.facts import Permission
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say


class Purpose(Enum):
    """What the key is for."""

    WATCH = "watch"
    SPOT = "spot"
    MARGIN = "margin"
    FUTURES = "futures"


PURPOSE_NAMES: dict[Purpose, Sentence] = {
    Purpose.WATCH: say("watch"),
    Purpose.SPOT: say("spot"),
    Purpose.MARGIN: say("margin"),
    Purpose.FUTURES: say("futures"),
}
"""One word each, as on the command line."""


NEEDS: dict[Purpose, frozenset[Permission]] = {
    Purpose.WATCH: frozenset({Permission.READ}),
    Purpose.SPOT: frozenset({Permission.READ, Permission.SPOT_TRADE}),
    Purpose.MARGIN: frozenset({Permission.READ, Permission.SPOT_TRADE, Permission.MARGIN_TRADE}),
    Purpose.FUTURES: frozenset({Permission.READ, Permission.FUTURES_TRADE}),
}
"""The permissions without which the purpose cannot be served; every other one is more than it needs."""


class Setup(Enum):
    """Where the bot runs."""

    THIS_COMPUTER = "this-computer"
    ONE_SERVER = "one-server"
    FAILOVER = "failover"
    STAGING_AND_PRODUCTION = "staging-and-production"
    """A trial bot and the real one: each has a key and a list of its own."""
    SERVERLESS = "serverless"
    HOME_AND_SERVER = "home-and-server"


MOST_ADDRESSES: dict[Setup, int] = {
    Setup.THIS_COMPUTER: 1,
    Setup.ONE_SERVER: 1,
    Setup.FAILOVER: 2,
    Setup.STAGING_AND_PRODUCTION: 1,
    Setup.SERVERLESS: 2,
    Setup.HOME_AND_SERVER: 2,
}
"""How many addresses one key needs in each set-up; the IPv6 twin of an address does not count."""


@dataclass(frozen=True)
class Intent:
    """Purpose, set-up and the addresses that the user named as theirs."""

    purpose: Purpose = Purpose.SPOT
    setup: Setup = Setup.THIS_COMPUTER
    addresses: tuple[Address, ...] = ()
