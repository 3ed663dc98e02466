"""What each rule is about, in two or three words: for lists, histories and headings.

A rule's id names the bad state (`withdraw-on`); these names fit every state.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from latchlight.core.sentences import Sentence, say

RULE_NAMES: Mapping[str, Sentence] = MappingProxyType(
    {
        "credentials-rejected": say("Key and secret"),
        "clock-off": say("Clock"),
        "wrong-environment": say("Real exchange or test"),
        "whitelist-off": say("IP whitelist"),
        "address-not-whitelisted": say("This computer's address"),
        "whitelist-too-wide": say("Width of the whitelist"),
        "whitelist-stale-entries": say("Addresses on the whitelist"),
        "lock-open": say("Lock test"),
        "withdraw-on": say("Withdrawals"),
        "transfer-on": say("Transfers"),
        "key-management-on": say("Making keys"),
        "unknown-permission-on": say("Unknown rights"),
        "more-than-purpose": say("Rights it does not need"),
        "less-than-purpose": say("Rights it needs"),
        "expires-soon": say("End of the key"),
        "key-old": say("Age of the key"),
        "tables-old": say("Age of this version"),
        "address-unstable": say("Steady address"),
        "address-uncertain": say("Public IP"),
        "key-shared": say("One key, one bot"),
        "keys-overlap": say("Old and new key"),
        "vault-weak": say("Keyring"),
    }
)


def rule_name(rule: str) -> Sentence:
    """The name of a rule; of one that this version does not know, its id."""
    return RULE_NAMES.get(rule) or say("{rule}", rule=rule)
