"""The report as one HTML page to save or print. Everything is escaped; nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from latchlight.core.findings import (
    LIGHT_WORDS,
    SURENESS_WORDS,
    Evidence,
    Finding,
    KeyReport,
    Light,
    Report,
    headline,
)
from latchlight.core.languages import ENGLISH, Language
from latchlight.core.purpose import PURPOSE_NAMES
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say, series
from latchlight.report.as_json import stamp
from latchlight.report.as_text import egress_line

_SHAPES = {Light.GREEN: "✓", Light.AMBER: "▲", Light.RED: "⬣", Light.GREY: "?"}
_STYLE = """
:root{color-scheme:light dark;--fg:#1d2430;--bg:#fff;--line:#d5dae1;
--green:#1b6e3c;--amber:#8a5200;--red:#b3261e;--grey:#5a6472}
@media(prefers-color-scheme:dark){:root{--fg:#e6e9ee;--bg:#171b21;--line:#39414d;
--green:#6fd08f;--amber:#f0b457;--red:#ff8a80;--grey:#aab3bf}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);
max-width:52rem;margin:2rem auto;padding:0 1rem}
h2{margin:2rem 0 .25rem}section{border-top:1px solid var(--line)}
article{border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem;margin:.75rem 0}
.l{font-weight:600}.green{color:var(--green)}.amber{color:var(--amber)}
.red{color:var(--red)}.grey{color:var(--grey)}
small{color:var(--grey)}p{margin:.25rem 0}ol{margin:.25rem 0 .25rem 1.25rem;padding:0}
"""


def as_html(report: Report, language: Language = ENGLISH) -> str:
    """A complete page that loads nothing and runs nothing."""
    return "".join(_Page(language).whole(report))


@dataclass(frozen=True)
class _Page:
    """Turns sentences into escaped text of one language."""

    language: Language

    def text(self, text: str) -> str:
        """One text, escaped."""
        return escape(self.language.of(text))

    def whole(self, report: Report) -> Iterator[str]:
        """From the first tag to the last."""
        title, tag = self.text(say("Latchlight report")), self.language.code.replace("_", "-")
        line = series((stamp(report.finished_at), egress_line(report.egress)), " · ")
        yield f'<!doctype html><html lang="{escape(tag)}"><head><meta charset=utf-8>'
        yield "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        yield f"<h1>{title}</h1><p>{self.text(line)}</p>"
        for key in report.keys:
            yield from self.key(key)
        yield f"<p><small>{self.text(_foot(report))}</small></p></body></html>\n"

    def key(self, key: KeyReport) -> Iterator[str]:
        """One key with all its findings."""
        yield f"<section><h2>{escape(key.label)}</h2><p><small>{self.text(_about(key))}</small></p>"
        yield f"<p>{self.light(key.light)} {self.text(headline(key))}</p>"
        said = key.diagnosis.server_text if key.diagnosis is not None else None
        if said is not None:
            quote = say("{exchange} said: “{text}”", exchange=key.exchange_name, text=said)
            yield f"<p>{self.text(quote)}</p>"
        for finding in key.worst_first():
            yield from self.finding(finding)
        yield "</section>"

    def light(self, light: Light) -> str:
        """Shape and word."""
        return (
            f'<span class="l {light.value}">{_SHAPES[light]} {self.text(LIGHT_WORDS[light])}</span>'
        )

    def finding(self, finding: Finding) -> Iterator[str]:
        """One card."""
        yield f"<article><p>{self.light(finding.light)} {self.text(finding.title)}</p>"
        yield f"<p>{self.text(finding.detail)}</p><p><small>{self.text(finding.why)}</small></p>"
        if finding.acceptance is not None:
            until, reason = f"{finding.acceptance.until:%Y-%m-%d}", finding.acceptance.reason
            words = say("Accepted until {until}: {reason}", until=until, reason=reason)
            yield f"<p>{self.text(words)}</p>"
        if finding.fix is not None:
            steps = "".join(f"<li>{self.text(step)}</li>" for step in finding.fix.steps)
            yield f"<p>{self.text(finding.fix.title)}</p><ol>{steps}</ol>"
        for evidence in finding.evidence:
            yield f"<p><small>{self.text(_source(finding, evidence))}</small></p>"
        yield "</article>"


def _foot(report: Report) -> Sentence:
    return say(
        "Latchlight {version}, tables of {date}. This report holds no secret; of each key only the last "
        "four characters are shown.",
        version=report.app_version,
        date=report.facts_date,
    )


def _about(key: KeyReport) -> Sentence:
    parts = [key.exchange_name, key.host, key.hint, PURPOSE_NAMES[key.intent.purpose]]
    if key.practice:
        parts.append(say("practice, nothing here is real"))
    return series((*parts, say("checked {at}", at=stamp(key.finished_at))), " · ")


def _source(finding: Finding, evidence: Evidence) -> Sentence:
    sure = SURENESS_WORDS[finding.sureness]
    return series((sure, evidence.probe, evidence.host, stamp(evidence.at), evidence.said), " · ")
