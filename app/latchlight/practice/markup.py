"""HTML in which every value is escaped, and the frame of the practice pages."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from html import escape

from latchlight.core.languages import ENGLISH, Language
from latchlight.core.sentences import say


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


SPOKEN: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)
"""The language of the page that is being made."""


def html(template: str, **values: object) -> Markup:
    """Fill a literal template: `html("<p>{text}</p>", text=x)`. What is not Markup is escaped.

    Sentences of ours come in the language that is spoken, labels of an exchange as they are.
    """
    spoken = SPOKEN.get()
    safe = {
        name: value if isinstance(value, Markup) else escape(spoken.of(str(value)))
        for name, value in values.items()
    }
    return Markup(template.format(**safe))


def joined(parts: Iterable[Markup]) -> Markup:
    """One piece after the other."""
    return Markup("".join(parts))


def page(title: str, content: Markup) -> Markup:
    """A whole page: the practice banner and the content."""
    return html(
        '<!DOCTYPE html>\n<html lang="{code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>{title}</title><link rel="stylesheet" href="/style.css"></head>'
        '<body><header><p class="banner">{banner}</p></header>'
        "<main>{content}</main></body></html>\n",
        code=SPOKEN.get().code.replace("_", "-"),
        title=title,
        banner=say("Practice. Nothing here is real: no account, no money, no internet."),
        content=content,
    )


STYLE = """\
:root { color-scheme: light dark; --ground: #f5f6f8; --card: #fff; --ink: #1d2430; --soft: #5b6575;
  --line: #d9dee6; --accent: #1f5fd6; --on-accent: #fff; --good: #1b7a3d; --bad: #b3261e;
  --bad-ground: #fdecea; --good-ground: #e7f5ec; --banner: #e8eefb; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --card: #1d2229; --ink: #e8ebf0;
  --soft: #a3adba; --line: #343c47; --accent: #8ab1ff; --on-accent: #10203f; --good: #7fd19b;
  --bad: #ff9d94; --bad-ground: #3a2220; --good-ground: #1c3325; --banner: #222c40; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
.banner { margin: 0; padding: .6rem 1.25rem; background: var(--banner); text-align: center;
  font-size: .9rem; }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.75rem 0 .75rem; }
h2 { font-size: 1.05rem; margin: 0 0 .35rem; }
p { margin: .35rem 0; }
a { color: var(--accent); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1.1rem 1.25rem; margin: 0 0 1rem; }
.row + .card { margin-top: 1rem; }
.soft { color: var(--soft); font-size: .92rem; }
.key { font-family: ui-monospace, Consolas, monospace; font-size: .85rem; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin-top: .6rem; }
.spread { display: flex; flex-wrap: wrap; gap: .4rem 1rem; justify-content: space-between;
  align-items: baseline; }
.good { color: var(--good); } .bad { color: var(--bad); }
.note { border-radius: .6rem; padding: .8rem 1rem; margin: 0 0 1rem; }
.note.bad { background: var(--bad-ground); } .note.good { background: var(--good-ground); }
fieldset { border: 0; padding: 0; margin: 0 0 1.25rem; }
legend { font-weight: 600; padding: 0; margin-bottom: .4rem; }
label.choice { display: flex; gap: .6rem; padding: .3rem 0; align-items: baseline; }
textarea, input[type=text] { font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .7rem; }
textarea.line { min-height: 0; height: 2.6rem; resize: none; }
textarea.tall { min-height: 5.5rem; }
textarea { width: 100%; min-height: 6rem; font-family: ui-monospace, Consolas, monospace; }
button, .button { font: inherit; border: 1px solid var(--accent); border-radius: .5rem;
  padding: .5rem 1rem; cursor: pointer; background: transparent; color: var(--accent);
  text-decoration: none; display: inline-block; }
button:disabled { background: var(--banner); border-color: var(--line); color: var(--ink);
  cursor: default; }
.inset { margin: 0 0 .4rem 1.6rem; }
button.danger { border-color: var(--bad); color: var(--bad); }
button.main { background: var(--accent); color: var(--on-accent); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
"""
