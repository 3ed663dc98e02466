"""The keys of the practice Binance: one for every light and every kind of trouble."""

from __future__ import annotations

from latchlight.core.credentials import KeyKind
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.core.sentences import say
from latchlight.practice.binance_answers import Quirk
from latchlight.practice.keys import KeyPlan, KeyState
from latchlight.practice.registry import HouseRules, PageWords, Switch
from latchlight.practice.troubles import EVERY, troubled

_WORDS = PageWords(
    title="API Management",
    edit="Edit restrictions",
    create="Create API",
    addresses="IP access restrictions",
    open="Unrestricted (Less Secure)",
    restricted="Restrict access to trusted IPs only (Recommended)",
    hint=say("One IPv4 address per line."),
    warning="To protect the safety of your funds, if the IP is unrestricted and any permission "
    "other than Reading is enabled, this API key will be deleted.",
    boxes="Permissions",
    save="Save",
)
"""Word for word from the real page, but for the hint and the legend of the boxes."""

RULES = HouseRules(
    switches=(
        Switch("enableReading", "Enable Reading"),
        Switch("enableSpotAndMarginTrading", "Enable Spot & Margin Trading"),
        Switch("enableMargin", "Enable Margin Loan, Repay & Transfer"),
        Switch("enableFutures", "Enable Futures"),
        Switch("permitsUniversalTransfer", "Permits Universal Transfer"),
        Switch("enableWithdrawals", "Enable Withdrawals"),
        Switch("enableVanillaOptions", "Enable European Options"),
        Switch("enableAlphaWithdrawals", "Enable Alpha Withdrawals"),
    ),
    most_addresses=30,
    need_addresses=frozenset({"enableWithdrawals"}),
    words=_WORDS,
)
"""Labels and limits of the API Management page (read 2026-11-20)."""

_READ = ("enableReading", "enableFixReadOnly")
_SPOT = (*_READ, "enableSpotAndMarginTrading")
_FUTURES = (*_READ, "enableFutures")


def cast(home: str, away: str) -> tuple[KeyPlan, ...]:
    """All keys. `home` is the address that this computer pretends to have, `away` another one."""
    behind_traits = troubled(_locked(home, *_SPOT), EVERY)
    return (*_green(home), *_amber(home), *_red(home), *_grey(home, away), *behind_traits)


def _locked(home: str, *switches: str) -> KeyState:
    return KeyState(True, (home,), frozenset(switches))


def _open(*switches: str) -> KeyState:
    return KeyState(False, (), frozenset(switches))


def _green(home: str) -> tuple[KeyPlan, ...]:
    spot = _locked(home, *_SPOT)
    return (
        KeyPlan(
            "safe-spot",
            say("A spot bot's key as it should be: locked to this address, no way to move money."),
            spot,
            Light.GREEN,
        ),
        KeyPlan(
            "safe-futures",
            say("A futures bot's key as it should be: futures only, locked to this address."),
            _locked(home, *_FUTURES),
            Light.GREEN,
            purpose=Purpose.FUTURES,
        ),
        KeyPlan(
            "safe-watch",
            say("A key that can only read, locked to this address."),
            _locked(home, *_READ),
            Light.GREEN,
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "safe-ed25519",
            say("As safe-spot, with an Ed25519 key pair, the kind that the exchange recommends."),
            spot,
            Light.GREEN,
            kind=KeyKind.ED25519,
        ),
        KeyPlan(
            "safe-rsa",
            say("As safe-spot, with an RSA key pair."),
            spot,
            Light.GREEN,
            kind=KeyKind.RSA,
        ),
    )


def _amber(home: str) -> tuple[KeyPlan, ...]:
    return (
        KeyPlan(
            "watch-no-whitelist",
            say("It can only read, but from anywhere: whoever has it sees balances and history."),
            _open(*_READ),
            Light.AMBER,
            "whitelist-off",
            purpose=Purpose.WATCH,
        ),
        KeyPlan(
            "more-than-purpose",
            say("Meant for a spot bot, but futures are switched on too."),
            _locked(home, *_SPOT, "enableFutures"),
            Light.AMBER,
            "more-than-purpose",
        ),
        KeyPlan(
            "less-than-purpose",
            say("Meant for a spot bot, but trading is switched off: the first order will fail."),
            _locked(home, *_READ),
            Light.AMBER,
            "less-than-purpose",
        ),
        KeyPlan(
            "key-old",
            say("Well locked, but made 500 days ago."),
            _locked(home, *_SPOT),
            Light.AMBER,
            "key-old",
            age_days=500.0,
        ),
        KeyPlan(
            "expires-soon",
            say("Well locked, but its right to trade ends in five days."),
            _locked(home, *_SPOT),
            Light.AMBER,
            "expires-soon",
            ends_in_days=5.0,
        ),
    )


def _red(home: str) -> tuple[KeyPlan, ...]:
    spot = _locked(home, *_SPOT)
    return (
        KeyPlan(
            "trading-no-whitelist",
            say("It can trade and works from anywhere."),
            _open(*_SPOT),
            Light.RED,
            "whitelist-off",
        ),
        KeyPlan(
            "withdraw-on",
            say("It can withdraw everything."),
            _locked(home, *_SPOT, "enableWithdrawals"),
            Light.RED,
            "withdraw-on",
        ),
        KeyPlan(
            "transfer-on",
            say("It can move money between wallets, which a spot bot never needs."),
            _locked(home, *_SPOT, "permitsUniversalTransfer"),
            Light.RED,
            "transfer-on",
        ),
        KeyPlan(
            "deleted-key",
            say("The exchange does not know this key: deleted, or never made there."),
            spot,
            Light.RED,
            "key-unknown",
            registered=False,
        ),
        KeyPlan(
            "wrong-secret",
            say("The secret belongs to another key."),
            spot,
            Light.RED,
            "signature-wrong",
            right_secret=False,
        ),
    )


def _grey(home: str, away: str) -> tuple[KeyPlan, ...]:
    spot = _locked(home, *_SPOT)
    return (
        KeyPlan(
            "wrong-address",
            say("Locked to another address than the one this computer has."),
            _locked(away, *_SPOT),
            Light.GREY,
            "key-ip-or-permission",
        ),
        KeyPlan(
            "no-wallet-permission",
            say("Accepted by the trading calls, refused by those that tell about permissions."),
            spot,
            Light.GREY,
            "key-ip-or-permission",
            quirk=Quirk.NO_WALLET_CALLS,
        ),
        KeyPlan(
            "unknown-permission",
            say("A permission is on that is newer than this program."),
            _locked(home, *_SPOT, "enableAlphaWithdrawals"),
            Light.GREY,
            "unknown-permission-on",
        ),
        KeyPlan(
            "missing-field",
            say("The exchange's answer leaves out whether the key can withdraw."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.MISSING_FIELD,
        ),
        KeyPlan(
            "text-booleans",
            say("The exchange's answer says yes and no in a form that is not documented."),
            spot,
            Light.GREY,
            "withdraw-on",
            quirk=Quirk.TEXT_BOOLEANS,
        ),
        KeyPlan(
            "field-twice",
            say("The exchange's answer says both yes and no about withdrawals."),
            spot,
            Light.GREY,
            "unreadable-answer",
            quirk=Quirk.TWICE,
        ),
    )
