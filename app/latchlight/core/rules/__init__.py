"""All rules, in the order in which a checklist is read. The tuple is explicit on purpose."""

from __future__ import annotations

from latchlight.core.rules import egress, hygiene, identity, lifetime, lock, permissions, whitelist
from latchlight.core.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *whitelist.RULES,
    *lock.RULES,
    *permissions.RULES,
    *lifetime.RULES,
    *egress.RULES,
    *hygiene.RULES,
)
