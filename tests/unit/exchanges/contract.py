"""One exchange under the tests that every exchange passes; none of them names one.

A new exchange brings its product file, its practice file and `tests/data/<id>/`, and is tested by
`test_contract*.py` from then on. Answers go the whole way of the product: the line is scripted,
everything behind it (order of questions, strict decoding, diagnosis, facts, rules) is real.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import pytest

from answer_mutations import Path, at, parts, path_in, put, replaced, text_of
from exchange_samples import Accepted, Refusal, Reply, Samples, WordList, samples
from latchlight.core.addresses import parse_address
from latchlight.core.answer import Answer
from latchlight.core.egress import AddressAnswer, agree
from latchlight.core.facts import Known
from latchlight.core.findings import KeyReport, Light
from latchlight.core.purpose import Intent
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.spec import ExchangeSpec, Probe
from latchlight.keys import CheckRequest
from scripted_exchange import (
    NOW,
    NOW_MS,
    Heard,
    NoMemory,
    heard,
    judged,
    request,
    rules,
    services,
)

LISTED = "203.0.113.7"
"""The address on the lists of the samples; it stands for the one that this computer has."""
OWN = "93.184.216.34"
"""What is put in its place: addresses for documentation belong to nobody, and that shows."""
EGRESS = agree(AddressAnswer(name, name, 4, parse_address(OWN), None) for name in ("one", "two"))
BAD = (Light.GREY, Light.RED)
ABOUT_THE_PLACE = frozenset({"clock-off", "wrong-environment", "address-uncertain"})
"""Rules that may be green without an accepted signed answer."""


class Exchange:
    """An exchange, its samples, and its well-kept key."""

    def __init__(self, spec: ExchangeSpec, told: Samples) -> None:
        self.spec = spec
        self.samples = told
        self.well_kept = told.accepted[0]

    def __repr__(self) -> str:
        return self.spec.id

    # asking

    def body(self, reply: Reply) -> Any:
        """As it is sent, with this computer's address on the list."""
        return replaced(reply.body, LISTED, lambda text: text.replace(LISTED, OWN))

    @cached_property
    def bodies(self) -> list[Any]:
        """The well-kept key's answers, in the order of `well_kept.answers`."""
        return [self.body(reply) for reply in self.well_kept.answers]

    def time(self, ms: int = NOW_MS) -> Heard:
        """The answer about the time."""
        return heard(self.samples.time.filled(ms))

    def script(self, sample: Accepted | None = None, now_ms: int = NOW_MS) -> dict[str, Any]:
        """What the exchange says about this key, by path."""
        said: dict[str, list[Heard]] = {self.spec.time_probe.path: [self.time(now_ms)]}
        for reply in (sample or self.well_kept).answers:
            said.setdefault(reply.path, []).append(self._heard(reply))
        return {path: each if len(each) > 1 else each[0] for path, each in said.items()}

    def _heard(self, reply: Reply) -> Heard:
        if reply.is_text:
            kind = reply.body.get("$type", "text/plain")
            return Heard(reply.body["$text"].encode(), reply.status, kind)
        return heard(self.body(reply), reply.status)

    def refused(self, refusal: Refusal) -> Heard:
        """The refusal as it is heard."""
        return self._heard(Reply(refusal.path, refusal.body, refusal.status))

    def path_of(self, refusal: Refusal) -> str:
        """Which question it answers."""
        return refusal.path or self.spec.key_probe.path

    def request(self, sample: Accepted | None = None, host: str = "") -> CheckRequest:
        """The check of the sample's key."""
        chosen = sample or self.well_kept
        return request(
            exchange=self.spec,
            host=host or chosen.host or self.spec.hosts[0].name,
            intent=Intent(chosen.purpose, addresses=(parse_address(OWN),)),
            hint=chosen.key.credentials().hint,
            credentials=chosen.key.credentials,
        )

    def report(
        self, script: dict[str, Any], sample: Accepted | None = None, host: str = "", **more: Any
    ) -> KeyReport:
        """The whole way behind the line."""
        around = services(script, given_store=NoMemory(), **more)
        return judged(self.request(sample, host), around, EGRESS)

    def report_of(self, sample: Accepted) -> KeyReport:
        """What becomes of a sample as it is."""
        return self.report(self.script(sample), sample)

    def changed(self, number: int, body: Any, **more: Any) -> KeyReport:
        """The well-kept key, but for the body of one of its answers."""
        return self.heard(number, body if isinstance(body, Heard) else heard(body), **more)

    def heard(self, number: int, said: Any, **more: Any) -> KeyReport:
        """The well-kept key, but for one of its answers."""
        script = self.script()
        path = self.well_kept.answers[number].path
        each = script[path]
        if isinstance(each, list):
            place = [n for n, r in enumerate(self.well_kept.answers) if r.path == path]
            script[path] = [said if n == number else h for n, h in zip(place, each, strict=True)]
        else:
            script[path] = said
        return self.report(script, **more)

    def with_refusal(self, refusal: Refusal) -> KeyReport:
        """The well-kept key, if the exchange refused it so."""
        return self.report({**self.script(), self.path_of(refusal): self.refused(refusal)})

    # judging

    @cached_property
    def best(self) -> KeyReport:
        """The report of the well-kept key: no light of this exchange is better."""
        return self.report_of(self.well_kept)

    def complaint(self, report: KeyReport) -> str:
        """What is wrong if a spoilt answer leads to this report; empty where it is worse than the
        best one in total, and nowhere better."""
        if report.light.badness <= self.best.light.badness:
            return f"still {report.light.value}"
        return self.greener(report)

    def greener(self, report: KeyReport) -> str:
        """Which rules are better than for the well-kept key."""
        kept = {f.rule: f.light for f in self.best.findings}
        better = [
            f"{f.rule} became {f.light.value}"
            for f in report.findings
            if f.light.badness
            < kept.get(f.rule, Light.GREEN if _place(f.rule) else Light.AMBER).badness
        ]
        return ", ".join(better)

    def unproved(self, report: KeyReport) -> str:
        """What is wrong with a report for which one answer about the key must not have counted.

        Where another answer tells a part of it, that part may be known.
        """
        if report.light not in BAD:
            return f"the light is {report.light.value}"
        if len(self.well_kept.answers) > 1:
            return self.greener(report)
        greens = self.green_about_the_key(report)
        if greens:
            return f"green: {', '.join(greens)}"
        return "accepted" if report.facts.accepted else ""

    def green_about_the_key(self, report: KeyReport) -> list[str]:
        """Green lights that only an accepted signed answer can give."""
        return [r for r, light in rules(report).items() if light == "green" and not _place(r)]

    # places in the well-kept answers

    def places(self) -> Iterator[tuple[int, Path]]:
        """Every part of every answer whose loss must show."""
        for number, body in enumerate(self.bodies):
            for path in parts(body):
                if not self._is_harmless(number, path):
                    yield number, path

    def _is_harmless(self, number: int, path: Path) -> bool:
        return any(path[: len(p)] == p for p in self.named(number, self.samples.fields.harmless))

    def named(self, number: int, texts: Iterable[str]) -> list[Path]:
        """Which of these paths stand in this answer."""
        body, question = self.bodies[number], self.well_kept.answers[number].path
        found = []
        for text in texts:
            asked, _, rest = text.rpartition(":") if text.startswith("/") else (question, "", text)
            path = path_in(body, rest) if asked == question else None
            if path is not None:
                found.append(path)
        return found

    def may_take(self, number: int, path: Path, change: str) -> bool:
        """Whether this change of form leaves a documented form."""
        forms = self.samples.fields.other_forms
        return any(
            change in changes
            for text, changes in forms.items()
            if path in self.named(number, [text])
        )

    def word_places(self) -> list[tuple[int, Path, WordList]]:
        """Where the answers list permissions as words."""
        return [
            (number, path, place)
            for number in range(len(self.well_kept.answers))
            for place in self.samples.fields.word_lists
            for path in self.named(number, [place.path])
        ]

    # the list of addresses

    @cached_property
    def shows_its_list(self) -> bool:
        """Whether the well-kept answers name this computer's address."""
        return any(OWN in str(at(body, path)) for body in self.bodies for path in parts(body))

    def with_list(self, *entries: Any) -> KeyReport:
        """The well-kept key with these entries on its list, in the exchange's own form."""
        script = self.script()
        for reply, body in zip(self.well_kept.answers, self.bodies, strict=True):
            script[reply.path] = heard(_with_list(body, entries), reply.status)
        return self.report(script)


def _with_list(body: Any, entries: tuple[Any, ...]) -> Any:
    """A text holds all entries with commas between; a list of texts holds one each."""
    changed = body
    for path in parts(body):
        value = at(body, path)
        if value == [OWN]:
            changed = put(changed, path, list(entries))
        elif value == OWN and not isinstance(path[-1], int):
            texts = ["null" if entry is None else str(entry) for entry in entries]
            changed = put(changed, path, ",".join(texts))
    return changed


def _place(rule: str) -> bool:
    return rule in ABOUT_THE_PLACE


def answer(body: Any, probe: Probe, status: int = 200) -> Answer:
    """One decoded answer."""
    return Answer(str(probe), "", status, True, body, NOW, NOW, 0.0)


def _known() -> dict[str, Exchange]:
    known = {}
    for name, spec in EXCHANGES.items():
        try:
            known[name] = Exchange(spec, samples(name))
        except ValueError:
            continue  # test_every_exchange_brings_its_samples says why
    return known


KNOWN = _known()
each_exchange = pytest.mark.parametrize("exchange", list(KNOWN.values()), ids=repr)


each_two = pytest.mark.parametrize(
    ("exchange", "owner"),
    [
        pytest.param(exchange, owner, id=f"{exchange}-key-of-{owner}")
        for exchange, owner in itertools.permutations(KNOWN.values(), 2)
    ],
)


def each(of: Callable[[Exchange], Iterable[Any]], name: str) -> pytest.MarkDecorator:
    """One test per exchange and sample, named after both."""
    cases = [
        pytest.param(exchange, one, id=f"{exchange}-{one.name}")
        for exchange in KNOWN.values()
        for one in of(exchange)
    ]
    return pytest.mark.parametrize(("exchange", name), cases)


def only(which: Callable[[Exchange], bool]) -> pytest.MarkDecorator:
    """Only the exchanges to which a rule applies, by their samples alone."""
    return pytest.mark.parametrize("exchange", [e for e in KNOWN.values() if which(e)], ids=repr)


def calls_unknown(report: KeyReport, word: str) -> bool:
    """Whether the word is among the unknown rights, perhaps with the place where it stood."""
    told = report.facts.unknown_rights
    known = told.value if isinstance(told, Known) else ()
    return any(word.casefold() in name.casefold() for name in known)


def none_of(complaints: Iterable[str]) -> None:
    """Fails with the first complaints."""
    found = [complaint for complaint in complaints if complaint]
    assert not found, f"{len(found)}:\n" + "\n".join(found[:60])


def where(number: int, path: Path, what: str) -> str:
    """A place in words, for a complaint."""
    return f"answer {number}, {text_of(path)}, {what}"


def later(days: float) -> Callable[[], datetime]:
    """A clock that is so many days ahead."""
    return lambda: NOW + timedelta(days=days)
