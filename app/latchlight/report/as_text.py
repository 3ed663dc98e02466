"""The report for a terminal: worst first, plain words, no colours that carry meaning."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.findings import LIGHT_WORDS, Finding, KeyReport, Light, Report, headline
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
    for finding in key.worst_first():
        yield from _finding_lines(finding)
    said = key.diagnosis.server_text if key.diagnosis is not None else None
    if said is not None:
        yield from _wrapped(
            "", say("{exchange} said: “{text}”", exchange=key.exchange_name, text=said)
        )
    for note in key.notes:
        yield from _wrapped("", note)
    yield from _wrapped("", say("Checked {at} UTC.", at=f"{key.finished_at:%Y-%m-%d %H:%M:%S}"))


def _finding_lines(finding: Finding) -> Iterator[str]:
    word = f"  {LIGHT_WORDS[finding.light]}"
    yield from _wrapped(word, finding.title)
    if finding.light is Light.GREEN:
        return
    yield from _wrapped("", finding.detail)
    if finding.acceptance is not None:
        until = f"{finding.acceptance.until:%Y-%m-%d}"
        yield from _wrapped(
            "",
            say("Accepted until {until}: {reason}", until=until, reason=finding.acceptance.reason),
        )
    if finding.fix is not None and finding.required:
        yield from _wrapped("", say("{title}:", title=finding.fix.title))
        for number, step in enumerate(finding.fix.steps, 1):
            yield from _wrapped("", say("{n}. {step}", n=number, step=step))


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
