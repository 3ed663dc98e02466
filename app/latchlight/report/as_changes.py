"""What changed since the last check, in words: for terminal, window and documents."""

from __future__ import annotations

from latchlight.core.changes import Change, Snapshot, changed_lights, snapshot
from latchlight.core.findings import LIGHT_WORDS, KeyReport
from latchlight.core.rule_names import rule_name
from latchlight.core.sentences import Sentence, say, series


def change_words(change: Change) -> Sentence:
    """`Withdrawals: from Safe to Danger`; also for what came, went, or is said in other words."""
    name, before, after = rule_name(change.rule), change.before, change.after
    if before is None and after is not None:
        return say("{name}: new, {light}", name=name, light=LIGHT_WORDS[after.light])
    if before is not None and after is None:
        return say(
            "{name}: no longer checked, was {light}", name=name, light=LIGHT_WORDS[before.light]
        )
    if before is None or after is None:
        return name
    if before.light is after.light:
        return say("{name}: still {light}, but changed", name=name, light=LIGHT_WORDS[after.light])
    return say(
        "{name}: from {before} to {after}",
        name=name,
        before=LIGHT_WORDS[before.light],
        after=LIGHT_WORDS[after.light],
    )


def changed_since(before: Snapshot | None, key: KeyReport) -> list[Sentence]:
    """For a terminal: one line with all lights that changed since `before`, or none. Times in UTC."""
    changed = changed_lights(before, snapshot(key))
    if before is None or not changed:
        return []
    return [
        say(
            "{label}: changed since {at} UTC: {changes}.",
            label=key.label,
            at=f"{before.at:%Y-%m-%d %H:%M}",
            changes=series((change_words(change) for change in changed), "; "),
        )
    ]
