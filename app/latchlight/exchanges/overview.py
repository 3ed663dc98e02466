"""What each exchange can tell, as one table: for the window and for `docs/exchanges.md`.

`python -m latchlight.exchanges.overview docs/exchanges.md` writes the page again; a test compares it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from latchlight.core.sentences import Sentence, say, series
from latchlight.exchanges.spec import (
    OPTIONAL_TOPICS,
    ExchangeSpec,
    Host,
    SourceCertainty,
    Sourced,
    Topic,
)

CERTAINTY_WORDS: dict[SourceCertainty, Sentence] = {
    SourceCertainty.DOCUMENTED: say("documented"),
    SourceCertainty.SDK: say("library code"),
    SourceCertainty.ISSUE: say("users' reports"),
    SourceCertainty.WEB_UI: say("copies of the page"),
    SourceCertainty.ARTICLE: say("web articles"),
    SourceCertainty.UNKNOWN: say("unknown"),
}
"""How well a statement is founded, short enough for a cell."""

_INTRO = """\
# What each exchange can tell

Latchlight shows a light only for what an exchange tells about a key. This page is made from the tables
by which the program itself reads the exchanges (`app/latchlight/exchanges/`); the same table stands in
the window under "Exchanges", and `latchlight exchanges` prints it.

How sure a statement is: *documented* by the exchange, seen in *library code*, in *users' reports*
(answers that users posted), in *copies of the page* of the exchange, only in *web articles*, or
*unknown*.
"""


def statements(spec: ExchangeSpec, topic: Topic) -> tuple[Sourced, ...]:
    """What this exchange says on a topic: one statement, or any number on an optional one."""
    return tuple(row for row in spec.statements if row.topic is topic)


def cell_text(said: Iterable[Sourced]) -> Sentence:
    """All statements of one cell, each with its certainty as a word."""
    lines = [
        text
        for row in said
        for text in (what(row), say("[{certainty}]", certainty=CERTAINTY_WORDS[row.certainty]))
    ]
    return series(lines, "\n") if lines else say("–")  # noqa: RUF001 - a dash as it is set in print


def what(row: Sourced) -> Sentence:
    """A statement, with what it is about where that is not only its topic."""
    if not row.subject:
        return row.value
    return say("{subject}: {value}", subject=row.subject, value=row.value)


def as_markdown(specs: Sequence[ExchangeSpec]) -> str:
    """The whole page: one table over all exchanges, then each with its sites and sources."""
    sections = (line for spec in specs for line in _section(spec))
    return "\n".join((_INTRO, *_overview(specs), *sections, ""))


def _overview(specs: Sequence[ExchangeSpec]) -> Iterator[str]:
    yield from _head("", *(spec.name for spec in specs))
    for topic in Topic:
        if topic not in OPTIONAL_TOPICS:
            cells = (_cell(statements(spec, topic)) for spec in specs)
            yield _row(f"**{_escaped(topic.value)}**", *cells)


def _cell(said: Iterable[Sourced]) -> str:
    return "; ".join(f"{_escaped(row.value)} · *{CERTAINTY_WORDS[row.certainty]}*" for row in said)


def _section(spec: ExchangeSpec) -> Iterator[str]:
    yield f"\n## {spec.name}\n"
    yield f"Compared with the sources on {spec.facts_date}. Sites:\n"
    yield from (_site(host) for host in spec.hosts)
    yield ""
    yield from _head("about", "what is known", "how sure", "source", "read")
    for said in spec.statements:
        texts = (said.name, said.value, CERTAINTY_WORDS[said.certainty], said.source, said.date)
        yield _row(*map(_escaped, texts))


def _site(host: Host) -> str:
    limits = f" {_escaped(host.limits)}" if host.limits is not None else ""
    return f"- {_escaped(host.title)}, `{host.server}` ({host.environment.value}).{limits}"


def _head(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Nothing ends a cell, and nothing becomes a tag, a link or an emphasis by accident."""
    for letter in ("\\", "|", "<", "`", "_", "[", "*"):
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\n", " ")


if __name__ == "__main__":
    from latchlight.exchanges import EXCHANGES

    Path(sys.argv[1]).write_text(as_markdown(tuple(EXCHANGES.values())), encoding="utf-8")
