"""What to tick when a key is made that replaces another: from the old one's rights and its purpose. Pure."""

from __future__ import annotations

from latchlight.core.facts import KeyFacts, Permission, Right, is_true
from latchlight.core.fixes import PageGuide, quoted_label
from latchlight.core.purpose import NEEDS, Purpose
from latchlight.core.sentences import PageLabel, Sentence, say, series

_NEEDED: dict[Purpose, Sentence] = {
    Purpose.WATCH: say("Tick reading, and nothing else: the key only watches."),
    Purpose.SPOT: say(
        "Tick reading and spot trading, and nothing else: that is what the bot needs."
    ),
    Purpose.MARGIN: say(
        "Tick reading, spot and margin trading, and nothing else: that is what the bot needs."
    ),
    Purpose.FUTURES: say(
        "Tick reading and futures trading, and nothing else: that is what the bot needs."
    ),
}


def what_to_tick(purpose: Purpose, facts: KeyFacts, guide: PageGuide) -> tuple[Sentence, ...]:
    """In the words of the page where the old key's rights are known, else in plain ones."""
    on = [right for right in facts.rights if is_true(right.granted)] if facts.accepted else []
    needed = tuple(NEEDS[purpose])
    wanted = [right for right in on if right.gives(*needed) and right.serves]
    too_much = [right for right in on if not right.gives(*needed)]
    served = all(any(right.gives(each) for right in wanted) for each in needed)
    said = [_NEEDED[purpose]]
    if wanted and served:
        said = [
            say(
                "Tick {boxes}, as the old key has it, and nothing else.",
                boxes=_named(wanted, guide),
            )
        ]
    if too_much:
        said.append(
            say(
                "Leave out {boxes}: the old key has it, and its purpose does not need it.",
                boxes=_named(too_much, guide),
            )
        )
    if not any(right.gives(Permission.WITHDRAW) for right in too_much):
        said.append(say("Withdrawals stay off: no bot needs them."))
    return tuple(said)


def _named(rights: list[Right], guide: PageGuide) -> Sentence:
    return series(
        quoted_label(guide.labels.get(right.name) or PageLabel.of(right.label)) for right in rights
    )
