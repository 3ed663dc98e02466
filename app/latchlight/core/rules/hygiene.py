"""How the key is kept on this computer. Only for keys that are stored."""

from __future__ import annotations

from latchlight.core.diagnosis import KEYRING_TROUBLE
from latchlight.core.findings import Light, Sureness
from latchlight.core.rules.rule import Answer, NotApplicable, Outcome, Rule, joined
from latchlight.core.sentences import Sentence, say
from latchlight.core.situation import Situation


def _key_shared(situation: Situation) -> Answer:
    if situation.storage is None:
        return NotApplicable()
    if situation.storage.problem is not None:
        return _not_asked(
            situation.storage.problem, say("Whether this key is stored twice is not known.")
        )
    twins = situation.storage.twins
    if twins:
        return Outcome(
            Light.AMBER,
            Sureness.MEASURED,
            say("The same key is stored under another label."),
            say(
                "Also stored as {labels}. Make one key per bot, so that one can be stopped alone.",
                labels=joined(twins),
            ),
            "key-shared",
            probes=(),
            basis=twins,
        )
    return Outcome(
        Light.GREEN,
        Sureness.MEASURED,
        say("This key is stored once."),
        say("No other label on this computer holds the same key."),
        probes=(),
    )


def _vault_weak(situation: Situation) -> Answer:
    storage = situation.storage
    if storage is None:
        return NotApplicable()
    if storage.problem is not None:
        return _not_asked(storage.problem, say("How the secret is kept is not known."))
    diagnosis = situation.diagnosis
    if diagnosis is not None and diagnosis.code in KEYRING_TROUBLE:
        # The keyring is there, but this very secret did not come out of it.
        return _not_asked(diagnosis.title, say("How the secret is kept is not known."))
    if storage.weakness is not None:
        return Outcome(
            Light.AMBER,
            Sureness.MEASURED,
            say("The system keyring keeps secrets in clear text."),
            storage.weakness,
            "vault-weak",
            probes=(),
            basis=(storage.keyring,),
        )
    return Outcome(
        Light.GREEN,
        Sureness.MEASURED,
        say("The secret is in the system keyring."),
        say("Kept by {keyring} and read back from there for this check.", keyring=storage.keyring),
        probes=(),
    )


def _keys_overlap(situation: Situation) -> Answer:
    """While both answer, a thief can use either; a refused old key is spoken of elsewhere."""
    overlap = situation.overlap
    if overlap is None:
        return NotApplicable()
    if isinstance(overlap, Sentence):
        return _not_asked(overlap, say("Whether a new key works beside this one is not known."))
    if not situation.facts.accepted:
        return NotApplicable()
    return Outcome(
        Light.AMBER,
        Sureness.MEASURED,
        say("This key still works, beside the one that replaces it."),
        say(
            "Both work since {day}. Give “{other}” to the bot, delete this key at {exchange}, and prove that it is "
            "dead.",
            day=overlap.since.date().isoformat(),
            other=overlap.other,
            exchange=situation.exchange.name,
        ),
        "keys-overlap",
        basis=("since", overlap.since.isoformat()),
    )


def _not_asked(problem: Sentence, title: Sentence) -> Outcome:
    return Outcome(Light.GREY, Sureness.CONCLUDED, title, problem, "storage-unreadable", probes=())


RULES = (
    Rule("key-shared", say("One leak should not stop or endanger all your bots."), _key_shared),
    Rule(
        "keys-overlap",
        say("A key that nobody needs any more is one that nobody watches."),
        _keys_overlap,
    ),
    Rule(
        "vault-weak",
        say("A secret in a plain file belongs to whoever finds the disk."),
        _vault_weak,
    ),
)
