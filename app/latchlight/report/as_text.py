"""The report for a terminal: worst first, plain words, no colours that carry meaning."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from latchlight.core.diagnosis import Diagnosis
from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.findings import LIGHT_WORDS, Finding, KeyReport, Light, Report, headline
from latchlight.core.fixes import Fix
from latchlight.core.sentences import Sentence, say

_WIDTH = 92
_INDENT = " " * 16


def as_text(report: Report) -> str:
    """All keys, then this computer's address, then the verdict over all."""
    lines: list[str] = []
    for key in report.keys:
        lines += [*key_lines(key), ""]
    lines.append(str(egress_line(report.egress)))
    if len(report.keys) > 1:
        lines.append(str(summary(report)))
    return "\n".join(lines)


def summary(report: Report) -> Sentence:
    """How many keys have which light."""
    counts = {light: sum(key.light is light for key in report.keys) for light in Light}
    order = (Light.RED, Light.GREY, Light.AMBER, Light.GREEN)
    parts = ", ".join(f"{counts[light]} {LIGHT_WORDS[light]}" for light in order if counts[light])
    return say("{n} keys: {parts}.", n=len(report.keys), parts=parts)


def key_lines(key: KeyReport) -> Iterator[str]:
    """One key: who it is, the headline, every finding."""
    practice = say(" · practice") if key.practice else say("")
    yield f"{key.label} · {key.exchange_name} · {key.host} · {key.hint} · {key.intent.purpose.value}{practice}"
    yield f"[{LIGHT_WORDS[key.light]}] {headline(key)}"
    alone, together = spoken(key)
    for finding in alone:
        if finding.rule == "credentials-rejected" and key.diagnosis is not None:
            yield from _diagnosis_lines(finding, key.diagnosis)
        else:
            yield from _finding_lines(finding)
    if together:
        names = ", ".join(finding.rule for finding in together)
        yield from _wrapped(
            f"  {LIGHT_WORDS[Light.GREY]}",
            say(
                "For the same reason {n} more checks were not possible: {names}.",
                n=len(together),
                names=names,
            ),
        )
    said = key.diagnosis.server_text if key.diagnosis is not None else None
    if said is not None:
        yield from _wrapped(
            "", say("{exchange} said: “{text}”", exchange=key.exchange_name, text=said)
        )
    for note in key.notes:
        yield from _wrapped("", note)
    yield from _wrapped("", say("Checked {at} UTC.", at=f"{key.finished_at:%Y-%m-%d %H:%M:%S}"))


def _diagnosis_lines(finding: Finding, diagnosis: Diagnosis) -> Iterator[str]:
    """A refusal: what remains, likeliest first, and what it is not, one line each."""
    yield from _wrapped(f"  {LIGHT_WORDS[finding.light]}", finding.title)
    yield from _wrapped("", diagnosis.next_step)
    for number, cause in enumerate(diagnosis.causes, 1):
        head = say("{n}. {title} ({how})", n=number, title=cause.title, how=cause.likelihood.value)
        yield from _wrapped("", say("{head} {step}", head=head, step=cause.next_step))
    for exclusion in diagnosis.excluded:
        yield from _wrapped(
            "", say("{title} {because}", title=exclusion.title, because=exclusion.because)
        )
    if finding.fix is not None:
        yield from _fix_lines(finding.fix)


def _fix_lines(fix: Fix) -> Iterator[str]:
    yield from _wrapped("", say("{title}:", title=fix.title))
    for number, step in enumerate(fix.steps, 1):
        yield from _wrapped("", say("{n}. {step}", n=number, step=step))


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


def _finding_lines(finding: Finding) -> Iterator[str]:
    word = f"  {LIGHT_WORDS[finding.light]}"
    if finding.light is Light.GREEN:
        yield from _wrapped(word, finding.title)
        return
    # The name that `keys edit --accept` and the JSON report use.
    yield from _wrapped(word, say("{title} [{rule}]", title=finding.title, rule=finding.rule))
    yield from _wrapped("", finding.detail)
    if finding.acceptance is not None:
        until = f"{finding.acceptance.until:%Y-%m-%d}"
        yield from _wrapped(
            "",
            say("Accepted until {until}: {reason}", until=until, reason=finding.acceptance.reason),
        )
    if finding.fix is not None and finding.required:
        yield from _fix_lines(finding.fix)


def _wrapped(word: str, text: str) -> Iterator[str]:
    first = f"{word:<{len(_INDENT)}}"
    yield from textwrap.wrap(
        str(text), _WIDTH, initial_indent=first, subsequent_indent=_INDENT, break_long_words=True
    ) or [first]


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
