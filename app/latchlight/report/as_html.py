"""The report as one HTML page to save or print. Everything is escaped; nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from latchlight.core.findings import LIGHT_WORDS, Finding, KeyReport, Light, Report, headline
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


def as_html(report: Report) -> str:
    """A complete page that loads nothing and runs nothing."""
    body = "".join(_key(key) for key in report.keys)
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Latchlight report</title><style>{_STYLE}</style></head><body>"
        f"<h1>Latchlight report</h1><p>{escape(stamp(report.finished_at))} · {escape(egress_line(report.egress))}</p>"
        f"{body}<p><small>Latchlight {escape(report.app_version)}, tables of {escape(report.facts_date)}. "
        "This report holds no secret; of each key only the last four characters are shown.</small></p></body></html>\n"
    )


def _key(key: KeyReport) -> str:
    practice = " · practice, nothing here is real" if key.practice else ""
    cards = "".join(_finding(finding) for finding in key.worst_first())
    said = key.diagnosis.server_text if key.diagnosis is not None else None
    quoted = (
        f"<p>{escape(key.exchange_name)} said: “{escape(said)}”</p>" if said is not None else ""
    )
    return (
        f"<section><h2>{escape(key.label)}</h2>"
        f"<p><small>{escape(key.exchange_name)} · {escape(key.host)} · {escape(key.hint)} · "
        f"{escape(key.intent.purpose.value)}{practice} · checked {escape(stamp(key.finished_at))}</small></p>"
        f"<p>{_light(key.light)} {escape(headline(key))}</p>{quoted}{cards}</section>"
    )


def _light(light: Light) -> str:
    return f'<span class="l {light.value}">{_SHAPES[light]} {escape(LIGHT_WORDS[light])}</span>'


def _finding(finding: Finding) -> str:
    return f"<article><p>{_light(finding.light)} {escape(finding.title)}</p>{''.join(_body(finding))}</article>"


def _body(finding: Finding) -> Iterator[str]:
    yield f"<p>{escape(finding.detail)}</p><p><small>{escape(finding.why)}</small></p>"
    if finding.acceptance is not None:
        until = f"{finding.acceptance.until:%Y-%m-%d}"
        yield f"<p>Accepted until {until}: {escape(finding.acceptance.reason)}</p>"
    if finding.fix is not None:
        steps = "".join(f"<li>{escape(step)}</li>" for step in finding.fix.steps)
        yield f"<p>{escape(finding.fix.title)}</p><ol>{steps}</ol>"
    for evidence in finding.evidence:
        yield (
            f"<p><small>{escape(finding.sureness.value)} · {escape(evidence.probe)} · {escape(evidence.host)} · "
            f"{escape(stamp(evidence.at))} · {escape(evidence.said)}</small></p>"
        )
