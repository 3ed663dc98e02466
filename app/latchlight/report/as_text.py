"""The report for a terminal: worst first, plain words, no colours that carry meaning."""

from __future__ import annotations

from collections.abc import Iterator

from latchlight.core.diagnosis import LIKELIHOOD_WORDS, Diagnosis
from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.findings import LIGHT_WORDS, Finding, KeyReport, Light, Report, headline
from latchlight.core.fixes import Fix
from latchlight.core.languages import ENGLISH, Language
from latchlight.core.purpose import PURPOSE_NAMES
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.wrapping import padded, wrapped

_WIDTH = 92
_INDENT = " " * 16
Line = tuple[str, str]
"""What stands at the left, and the text beside it."""


def as_text(report: Report, language: Language = ENGLISH) -> str:
    """All keys, then this computer's address, then the verdict over all."""
    lines: list[str] = []
    for key in report.keys:
        lines += [language.of(line) for line in _head(key)]
        for mark, text in key_lines(key):
            lines += _wrapped(language.of(mark), language.of(text))
        lines.append("")
    lines.append(language.of(egress_line(report.egress)))
    if len(report.keys) > 1:
        lines.append(language.of(summary(report)))
    return "\n".join(lines)


def summary(report: Report) -> Sentence:
    """How many keys have which light."""
    counts = {light: sum(key.light is light for key in report.keys) for light in Light}
    order = (Light.RED, Light.GREY, Light.AMBER, Light.GREEN)
    parts = [
        say("{n} {word}", n=counts[light], word=LIGHT_WORDS[light])
        for light in order
        if counts[light]
    ]
    return say("{n} keys: {parts}.", n=len(report.keys), parts=series(parts))


def _head(key: KeyReport) -> tuple[Sentence, Sentence]:
    """Who it is, and the headline."""
    parts = [key.label, key.exchange_name, key.host, key.hint, PURPOSE_NAMES[key.intent.purpose]]
    if key.practice:
        parts.append(say("practice"))
    verdict = say("[{word}] {headline}", word=LIGHT_WORDS[key.light], headline=headline(key))
    return series(parts, " · "), verdict


def key_lines(key: KeyReport) -> Iterator[Line]:
    """Every finding of one key, worst first."""
    alone, together = spoken(key)
    for finding in alone:
        if finding.rule == "credentials-rejected" and key.diagnosis is not None:
            yield from _diagnosis_lines(finding, key.diagnosis)
        else:
            yield from _finding_lines(finding)
    if together:
        yield (
            LIGHT_WORDS[Light.GREY],
            say(
                "For the same reason {n} more checks were not possible: {names}.",
                n=len(together),
                names=series(finding.rule for finding in together),
            ),
        )
    said = key.diagnosis.server_text if key.diagnosis is not None else None
    if said is not None:
        yield "", say("{exchange} said: “{text}”", exchange=key.exchange_name, text=said)
    for note in key.notes:
        yield "", note
    yield "", say("Checked {at} UTC.", at=f"{key.finished_at:%Y-%m-%d %H:%M:%S}")


def _diagnosis_lines(finding: Finding, diagnosis: Diagnosis) -> Iterator[Line]:
    """A refusal: what remains, likeliest first, and what it is not, one line each."""
    yield LIGHT_WORDS[finding.light], finding.title
    yield "", diagnosis.next_step
    for number, cause in enumerate(diagnosis.causes, 1):
        how = LIKELIHOOD_WORDS[cause.likelihood]
        head = say("{n}. {title} ({how})", n=number, title=cause.title, how=how)
        yield "", series((head, cause.next_step), " ")
    for exclusion in diagnosis.excluded:
        yield "", series((exclusion.title, exclusion.because), " ")
    if finding.fix is not None:
        yield from _fix_lines(finding.fix)


def _fix_lines(fix: Fix) -> Iterator[Line]:
    yield "", say("{title}:", title=fix.title)
    for number, step in enumerate(fix.steps, 1):
        yield "", say("{n}. {step}", n=number, step=step)


def spoken(key: KeyReport) -> tuple[list[Finding], list[Finding]]:
    """Findings to be shown one by one, and those that only repeat why nothing could be asked."""
    findings = key.worst_first()
    if key.diagnosis is None:
        return findings, []
    code = key.diagnosis.code.value
    repeats = [
        f
        for f in findings
        if f.light is Light.GREY and f.reason == code and f.rule != "credentials-rejected"
    ]
    return [f for f in findings if f not in repeats], repeats


def _finding_lines(finding: Finding) -> Iterator[Line]:
    word = LIGHT_WORDS[finding.light]
    if finding.light is Light.GREEN:
        yield word, finding.title
        if finding.rule == _OF_ANOTHER_DAY:
            yield "", finding.detail
        return
    # The name that `keys edit --accept` and the JSON report use.
    yield word, say("{title} [{rule}]", title=finding.title, rule=finding.rule)
    yield "", finding.detail
    if finding.acceptance is not None:
        until = f"{finding.acceptance.until:%Y-%m-%d}"
        reason = finding.acceptance.reason
        yield "", say("Accepted until {until}: {reason}", until=until, reason=reason)
    if finding.fix is not None and finding.required:
        yield from _fix_lines(finding.fix)


_OF_ANOTHER_DAY = "lock-open"
"""The only green that rests on more than this check: it says when and from where."""


def _wrapped(mark: str, text: str) -> list[str]:
    first = padded(f"  {mark}" if mark else "", len(_INDENT))
    return wrapped(text, _WIDTH, first, _INDENT)


def egress_line(egress: EgressReport) -> Sentence:
    """This computer's public address in one sentence."""
    address = egress.ipv4 or egress.ipv6
    match egress.worst_certainty:
        case Certainty.AGREED:
            return say(
                "This computer's public IP: {address} (unrelated services agree).", address=address
            )
        case Certainty.SINGLE:
            return say(
                "This computer's public IP: probably {address} (one service answered).",
                address=address,
            )
        case Certainty.CONFLICT:
            return say("This computer's public IP: the address services disagree.")
        case Certainty.NONE:
            return say(
                "This computer's public IP: not known, no address service gave a usable answer."
            )
