"""What a rule is, and the four things it can answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from latchlight.core.facts import Fact, Unknown, WhyUnknown, why_text
from latchlight.core.findings import Evidence, Light, Sureness
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.situation import Situation

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """What a rule found. `probes` and `fields` say which evidence it rests on."""

    light: Light
    sureness: Sureness
    title: Sentence
    detail: Sentence
    reason: str | None = None
    probes: tuple[str, ...] = ("key",)
    fields: tuple[str, ...] = ()
    required: bool = True
    basis: tuple[str, ...] = ()
    """Names of what exactly was found, such as the switches that are on. Whoever accepts the finding
    accepts these and no others, so nothing in here may change by the passing of time alone."""
    earlier: tuple[Evidence, ...] = ()
    """What was seen before this run and still counts. It never stands for evidence of this run."""


class NotApplicable:
    """The rule has nothing to say about this key; `note` is shown without a light."""

    def __init__(self, note: Sentence | None = None) -> None:
        self.note = note


Answer = Outcome | NotApplicable


@dataclass(frozen=True)
class Rule:
    """A pure function from a situation to an outcome. `id` is the slug of the bad state."""

    id: str
    why: Sentence
    evaluate: Callable[[Situation], Answer]


def grey_for(unknown: Unknown, situation: Situation, title: Sentence) -> Outcome:
    """The grey outcome for a fact that is not known, with the best explanation there is."""
    diagnosis = situation.diagnosis
    if diagnosis is not None and not situation.facts.accepted:
        detail: Sentence = series((diagnosis.title, diagnosis.next_step), " ")
        return Outcome(
            Light.GREY,
            Sureness.CONCLUDED,
            title,
            detail,
            reason=diagnosis.code.value,
            probes=("key",),
        )
    detail = say(
        "{why} Look at the key's page at {exchange}, and update Latchlight if there is a newer version.",
        why=why_text(unknown),
        exchange=situation.exchange.name,
    )
    fields = (unknown.where,) if unknown.where else ()
    return Outcome(Light.GREY, Sureness.CONCLUDED, title, detail, unknown.why.value, fields=fields)


def is_not_told(fact: Fact[T]) -> bool:
    """The exchange never tells this, by its own documents."""
    return isinstance(fact, Unknown) and fact.why is WhyUnknown.NOT_TOLD


def never_told(situation: Situation, title: Sentence) -> Outcome:
    """Grey that holds nothing back: no key of this exchange can be asked about it."""
    return Outcome(
        Light.GREY,
        Sureness.CONCLUDED,
        title,
        say(
            "{exchange} does not tell it to the key. Its page may show it.",
            exchange=situation.exchange.name,
        ),
        "not-told",
        required=False,
    )


def joined(names: Sequence[str]) -> Sentence:
    """`a, b and c` for people."""
    if len(names) < 2:
        return series(names)
    return say("{names} and {last}", names=series(names[:-1]), last=names[-1])


def quoted(names: Iterable[str]) -> Sentence:
    """`“a”, “b” and “c”`."""
    return joined([say("“{name}”", name=name) for name in names])
