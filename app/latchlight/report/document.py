"""A report as blocks of plain text, from which web page and PDF are made: one wording for both.

What goes in is a `Report`, which cannot hold a secret, and nothing else about a key. What comes out
are finished texts in one language, without any character that hides, turns or controls others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType

from latchlight.core.diagnosis import Diagnosis
from latchlight.core.findings import (
    LIGHT_WORDS,
    Evidence,
    Finding,
    KeyReport,
    Light,
    Report,
    headline,
)
from latchlight.core.languages import ENGLISH, Language
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.words import (
    LIGHT_MEANINGS,
    LIKELIHOOD_HEADS,
    PURPOSE_WORDS,
    SETUP_WORDS,
    sureness_words,
)
from latchlight.report.as_text import egress_line, summary

_LONGEST_TEXT = 4000
_MOST_MARKS = 4
"""Accents on one letter; more of them are there to cover the lines above and below."""
_FROM_RIGHT = frozenset({"R", "AL", "AN", "RLE", "RLO"})
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Heading:
    """`level` 1 is the document, 2 a key, 3 a part of it."""

    level: int
    text: str


@dataclass(frozen=True)
class Lit:
    """A light with its word, and the sentence that it stands for. `past`: it no longer counts."""

    light: Light
    word: str
    text: str
    past: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Para:
    """One paragraph. `muted`: beside the matter; `quote`: somebody else's words."""

    text: str
    muted: bool = False
    quote: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Steps:
    """Numbered lines, or bulleted ones."""

    lines: tuple[str, ...]
    numbered: bool = True


@dataclass(frozen=True)
class Pairs:
    """Names and values, a line each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Card:
    """Blocks that belong together, best on one page."""

    blocks: tuple[Block, ...]


Block = Heading | Lit | Para | Steps | Pairs | Card


@dataclass(frozen=True)
class Document:
    """Title, everything in order, and what stands on every page."""

    title: str
    blocks: tuple[Block, ...]
    foot: str
    practice: str = ""
    """The watermark; empty for real keys."""
    language: str = "en"


NOTHING_STALE: Mapping[int, Sentence] = MappingProxyType({})


def document(
    report: Report,
    language: Language = ENGLISH,
    zone: tzinfo | None = None,
    stale: Mapping[int, Sentence] = NOTHING_STALE,
) -> Document:
    """Everything a report says. `zone`: local time, by default that of this computer.

    `stale`: why the light of the key at that place no longer counts. It is then drawn as one of the past.
    """
    return _Writer(report, language, zone, stale).document()


def visible(text: str) -> str:
    """Only what can be seen: nothing that controls, hides, turns the direction or piles up."""
    kept: list[str] = []
    marks = 0
    for letter in text[:_LONGEST_TEXT]:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category[0] == "C":
            if letter in "\n\t\r":
                kept.append(" ")
        elif category[0] == "Z":
            kept.append(" ")
        elif marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def foreign(text: str | None) -> str:
    """Somebody else's words inside a sentence of ours: they cannot turn what stands beside them."""
    shown = visible(text or "")
    if any(unicodedata.bidirectional(letter) in _FROM_RIGHT for letter in shown):
        return f"{_ISOLATE}{shown}{_END_ISOLATE}"
    return shown


class _Writer:
    def __init__(
        self,
        report: Report,
        language: Language,
        zone: tzinfo | None,
        stale: Mapping[int, Sentence],
    ) -> None:
        self._report = report
        self._language = language
        self._zone = zone
        self._stale = stale
        self._practice = any(key.practice for key in report.keys)

    def document(self) -> Document:
        practice = self._line(say("Practice")) if self._practice else ""
        return Document(
            self._line(say("Latchlight report")),
            tuple(self._all()),
            self._line(
                say(
                    "Latchlight {version} · {at}",
                    version=foreign(self._report.app_version),
                    at=self._time(self._report.finished_at),
                )
            ),
            practice,
            self._language.code.replace("_", "-"),
        )

    def _line(self, text: str) -> str:
        """A sentence of ours; values from outside were put in through `foreign`."""
        return self._language.of(text)

    def _said(self, text: str) -> str:
        """A sentence of a finding: its values are made harmless here, as a whole."""
        return foreign(self._language.of(text))

    def _time(self, at: datetime) -> Sentence:
        """UTC first, then the clock on the wall with its distance from UTC."""
        utc, local = at.astimezone(UTC), at.astimezone(self._zone)
        zone = f"{local:%z}"
        return say(
            "{utc} UTC ({local} local time, UTC{zone})",
            utc=f"{utc:%Y-%m-%d %H:%M:%S}",
            local=f"{local:%H:%M}" if local.date() == utc.date() else f"{local:%Y-%m-%d %H:%M}",
            zone=f"{zone[:3]}:{zone[3:5]}",
        )

    # The parts -----------------------------------------------------------------------------

    def _all(self) -> Iterator[Block]:
        report = self._report
        yield Heading(1, self._line(say("Latchlight report")))
        if self._practice:
            yield Para(
                self._line(say("Practice: the keys in this report are not real.")), strong=True
            )
        yield Pairs(tuple(self._top()))
        yield Para(
            self._line(
                say(
                    "Every light speaks of one moment, this computer and one key. It says nothing about later: "
                    "check again before a bot starts."
                )
            ),
            muted=True,
        )
        yield from self._legend()
        for place, key in enumerate(report.keys):
            yield from self._key(key, self._stale.get(place))
        yield Para(
            self._line(
                say(
                    "This report holds no secret; of each key only the last four characters are shown."
                )
            ),
            muted=True,
        )

    def _top(self) -> Iterator[tuple[str, str]]:
        report = self._report
        yield self._line(say("Checked")), self._line(self._time(report.finished_at))
        yield (
            self._line(say("Made by")),
            self._line(
                say(
                    "Latchlight {version}, tables about the exchanges of {date}",
                    version=foreign(report.app_version),
                    date=foreign(report.facts_date),
                )
            ),
        )
        yield self._line(say("Address")), self._said(egress_line(report.egress))
        if len(report.keys) > 1 and not self._stale:
            yield self._line(say("Keys")), self._line(summary(report))

    def _legend(self) -> Iterator[Block]:
        yield Heading(3, self._line(say("What the lights mean")))
        for light in (Light.GREEN, Light.AMBER, Light.RED, Light.GREY):
            yield self._lit(light, self._line(LIGHT_MEANINGS[light]), self._practice)

    def _lit(
        self, light: Light, text: str, practice: bool, *, past: bool = False, strong: bool = False
    ) -> Lit:
        word = LIGHT_WORDS[light]
        if past:
            word = say("was {light}", light=word)
        if practice:
            word = say("{word} · practice", word=word)
        return Lit(light, self._line(word), text, past, strong)

    def _key(self, key: KeyReport, stale: Sentence | None) -> Iterator[Block]:
        yield Heading(2, foreign(key.label))
        yield Para(self._line(self._whose(key)), muted=True)
        past = stale is not None
        said = self._said(headline(key))
        if stale is not None:
            said = self._said(say("{why} Check this key again.", why=stale))
        yield self._lit(key.light, said, key.practice, past=past, strong=True)
        if stale is not None:
            yield Para(self._said(say("At that time: {headline}", headline=headline(key))))
        yield Para(self._line(say("Checked {at}", at=self._time(key.finished_at))), muted=True)
        if key.diagnosis is not None:
            yield Card(tuple(self._diagnosis(key, key.diagnosis)))
        for finding in key.worst_first():
            yield Card(tuple(self._finding(key, finding, past)))
        for note in key.notes:
            yield Para(self._said(note), muted=True)

    def _whose(self, key: KeyReport) -> Sentence:
        parts: list[object] = [
            foreign(key.exchange_name),
            foreign(key.host),
            say("key ends in {hint}", hint=foreign(key.hint)),
            PURPOSE_WORDS[key.intent.purpose],
            SETUP_WORDS[key.intent.setup],
        ]
        if key.practice:
            parts.append(say("practice"))
        return series(parts, " · ")

    def _diagnosis(self, key: KeyReport, diagnosis: Diagnosis) -> Iterator[Block]:
        yield Para(self._said(diagnosis.title), strong=True)
        yield Para(self._said(diagnosis.next_step))
        if len(diagnosis.causes) > 1:
            yield Para(self._line(say("What it can be, most likely first")), strong=True)
            yield Steps(
                tuple(
                    self._said(
                        say(
                            "{weight}: {title} {next_step}",
                            weight=LIKELIHOOD_HEADS[each.likelihood],
                            title=each.title,
                            next_step=each.next_step,
                        )
                    )
                    for each in diagnosis.causes
                )
            )
        if diagnosis.excluded:
            yield Para(self._line(say("What it is not")), strong=True)
            lines = (
                self._said(say("{what} {because}", what=each.title, because=each.because))
                for each in diagnosis.excluded
            )
            yield Steps(tuple(lines), numbered=False)
        yield from self._numbers(key, diagnosis)

    def _numbers(self, key: KeyReport, diagnosis: Diagnosis) -> Iterator[Block]:
        """What came back, as it came back."""
        numbers: list[object] = [diagnosis.code.value]
        if diagnosis.http_status is not None:
            numbers.append(say("HTTP status {n}", n=diagnosis.http_status))
        if diagnosis.exchange_code is not None:
            numbers.append(say("code {n}", n=foreign(diagnosis.exchange_code)))
        if diagnosis.seen_address is not None:
            seen = foreign(diagnosis.seen_address)
            numbers.append(say("address seen by the exchange: {address}", address=seen))
        yield Para(self._line(series(numbers, " · ")), muted=True)
        if diagnosis.server_text is not None:
            said = foreign(diagnosis.server_text)
            words = say("{exchange} said: “{text}”", exchange=foreign(key.exchange_name), text=said)
            yield Para(self._line(words), quote=True)

    def _finding(self, key: KeyReport, finding: Finding, past: bool) -> Iterator[Block]:
        yield self._lit(
            finding.light, self._said(finding.title), key.practice, past=past, strong=True
        )
        yield Para(self._said(finding.detail))
        if finding.light is not Light.GREEN:
            yield Para(self._said(finding.why), muted=True)
        if finding.acceptance is not None:
            accepted = say(
                "Accepted until {until}: {reason}",
                until=f"{finding.acceptance.until:%Y-%m-%d}",
                reason=foreign(finding.acceptance.reason),
            )
            yield Para(self._line(accepted), strong=True)
        if finding.fix is not None and finding.light is not Light.GREEN:
            yield Para(self._said(finding.fix.title), strong=True)
            yield Steps(tuple(self._said(step) for step in finding.fix.steps))
        yield Para(self._line(self._known(key, finding)), muted=True)

    def _known(self, key: KeyReport, finding: Finding) -> Sentence:
        """How it is known, with each answer that it rests on."""
        how = sureness_words(finding.sureness, foreign(key.exchange_name))
        parts = [how, *(self._evidence(each) for each in finding.evidence)]
        return series([*parts, say("rule {rule}", rule=foreign(finding.rule))], " · ")

    def _evidence(self, evidence: Evidence) -> Sentence:
        return say(
            "“{said}” ({probe} at {host}, {at})",
            said=foreign(evidence.said),
            probe=foreign(evidence.probe),
            host=foreign(evidence.host),
            at=say("{at} UTC", at=f"{evidence.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"),
        )
