"""How the pages look on which practice keys are switched. Labels are the exchange's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latchlight.core.findings import LIGHT_WORDS
from latchlight.core.sentences import say
from latchlight.practice.keys import KeyState, PracticeKey
from latchlight.practice.markup import Markup, html, joined, page
from latchlight.practice.registry import KeyRecord, PageWords, Switch
from latchlight.practice.traits import Trait

if TYPE_CHECKING:
    from latchlight.practice.management import ManagedExchange


_LINE_LETTERS = 66
"""So many fit into one line of a narrow window."""


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content."""

    token: str
    egress: str
    presets: tuple[str, ...]
    path: str
    note: Markup


def plain(text: str) -> Markup:
    """A page with one sentence and a way back."""
    link = html('<p><a href="/">{back}</a></p>', back=say("To the practice exchanges"))
    return page(text, html('<div class="card"><p>{text}</p>{link}</div>', text=text, link=link))


def note(text: object, bad: bool = False) -> Markup:
    """One sentence on top of a page: something was saved, or refused."""
    return html(
        '<p class="note {kind}" role="status">{text}</p>', kind="bad" if bad else "good", text=text
    )


def home(frame: Frame, exchanges: Iterable[ManagedExchange]) -> Markup:
    """The start page: one card per exchange, and the network box."""
    cards = joined(
        html(
            '<div class="card"><h2>{name}</h2><p class="soft">{about}</p>'
            '<p class="row"><a class="button" href="/{id}/">{page}</a></p></div>',
            name=exchange.name,
            page=_words(exchange).title,
            about=say("{count} practice keys", count=len(_shown(exchange))),
            id=exchange.id,
        )
        for exchange in exchanges
    )
    title = say("Practice exchanges")
    return _page(frame, title, html("<h1>{title}</h1>{cards}", title=title, cards=cards))


def key_list(frame: Frame, exchange: ManagedExchange) -> Markup:
    """One exchange: all its practice keys."""
    cards = joined(_key_card(exchange, record) for record in _shown(exchange))
    words = _words(exchange)
    title = words.title
    create = html(
        '<p class="row"><a class="button" href="/{id}/new">{create}</a></p>',
        id=exchange.id,
        create=words.create,
    )
    content = html(
        '<p class="soft"><a href="/">{up}</a> &rsaquo; {name}</p><h1>{title}</h1>{create}{cards}',
        create=create if exchange.make is not None else Markup(),
        up=say("Practice exchanges"),
        name=exchange.name,
        title=title,
        cards=cards,
    )
    return _page(frame, f"{title}: {exchange.name}", content)


def edit(frame: Frame, exchange: ManagedExchange, record: KeyRecord, state: KeyState) -> Markup:
    """One key. `state` is what the form shows, saved or not."""
    words = _words(exchange)
    content = html(
        "{crumbs}<h1>{title}</h1>"
        '<div class="card"><h2>{name}</h2><p class="key">{key}</p><p class="soft">{story}</p></div>'
        '<form class="card" method="post" action="{path}">'
        '<input type="hidden" name="token" value="{token}">{access}{boxes}'
        '<button class="main" type="submit">{save}</button></form>{deletion}',
        crumbs=_crumbs(exchange),
        title=words.edit,
        save=words.save,
        name=record.name,
        key=record.api_key,
        story=record.plan.story,
        path=frame.path,
        token=frame.token,
        access=_access(words, state),
        boxes=_boxes(words.boxes, exchange.registry.rules.switches, state),
        deletion=_deletion(frame, words),
    )
    return _page(frame, f"{words.edit}: {record.name}", content)


def new(frame: Frame, exchange: ManagedExchange, state: KeyState) -> Markup:
    """A key to be made. `state` is what the form shows."""
    words = _words(exchange)
    content = html(
        '{crumbs}<h1>{title}</h1><form class="card" method="post" action="{path}">'
        '<input type="hidden" name="token" value="{token}">{access}{boxes}'
        '<button class="main" type="submit">{title}</button></form>',
        crumbs=_crumbs(exchange),
        title=words.create,
        path=frame.path,
        token=frame.token,
        access=_access(words, state),
        boxes=_boxes(words.boxes, exchange.registry.rules.switches, state),
    )
    return _page(frame, f"{words.create}: {exchange.name}", content)


def made(frame: Frame, exchange: ManagedExchange, key: PracticeKey) -> Markup:
    """A key that was just made, with its secret: here and never again."""
    words = _words(exchange)
    parts = [(say("API key"), key.api_key), (say("Secret"), key.secret)]
    if key.passphrase is not None:
        parts.append((say("Passphrase"), key.passphrase))
    fields = joined(
        html(
            '<p><label>{label}<textarea class="{kind}" readonly aria-label="{label}">{value}</textarea>'
            "</label></p>",
            label=label,
            kind="line" if len(value) <= _LINE_LETTERS else "tall",
            value=value,
        )
        for label, value in parts
    )
    content = html(
        '{crumbs}<h1>{title}</h1><div class="card"><h2>{name}</h2><p>{advice}</p>{fields}</div>',
        crumbs=_crumbs(exchange),
        title=words.create,
        name=key.name,
        advice=say("Copy each into its field in Latchlight. They are worth nothing anywhere else."),
        fields=fields,
    )
    return _page(frame, f"{words.create}: {key.name}", content)


def _crumbs(exchange: ManagedExchange) -> Markup:
    return html(
        '<p class="soft"><a href="/">{up}</a> &rsaquo; {exchange} &rsaquo; '
        '<a href="/{id}/">{page}</a></p>',
        up=say("Practice exchanges"),
        exchange=exchange.name,
        id=exchange.id,
        page=_words(exchange).title,
    )


def _deletion(frame: Frame, words: PageWords) -> Markup:
    return html(
        '<form class="card" method="post" action="{path}">'
        '<input type="hidden" name="token" value="{token}"><p>{text}</p><p class="row">'
        '<button class="danger" type="submit" name="delete" value="yes">{delete}</button></p></form>',
        path=frame.path,
        token=frame.token,
        text=say("A deleted key cannot be brought back: a bot that still uses it is locked out."),
        delete=words.delete,
    )


def _words(exchange: ManagedExchange) -> PageWords:
    return exchange.registry.rules.words


def _page(frame: Frame, title: str, content: Markup) -> Markup:
    return page(title, joined((frame.note, content, _network(frame))))


def _shown(exchange: ManagedExchange) -> list[KeyRecord]:
    """Keys behind a broken server are left out: there is nothing about them to switch."""
    return [r for r in exchange.registry.records() if r.plan.trait is Trait.NORMAL]


def _key_card(exchange: ManagedExchange, record: KeyRecord) -> Markup:
    words, restricted = _words(exchange), record.state.restricted
    access = ", ".join(record.state.addresses) if restricted else words.open
    boxes = exchange.registry.rules.switches
    on = [switch.label for switch in boxes if switch.field in record.state.switches]
    return html(
        '<div class="card"><div class="spread"><h2>{name}</h2><span class="soft">{expected}</span>'
        '</div><p class="key">{key}</p><p>{story}</p>'
        '<p class="soft">{legend}: <span class="{mood}">{access}</span><br>{on}</p>'
        '<p class="row"><a class="button" href="/{id}/{name}">{edit}</a></p></div>',
        name=record.name,
        expected=""
        if record.plan.own
        else say("as made: “{light}”", light=LIGHT_WORDS[record.plan.light]),
        key=record.api_key,
        story=record.plan.story,
        legend=words.addresses,
        edit=words.edit,
        mood="good" if restricted else "bad",
        access=access,
        on=" · ".join(on) if on else say("Nothing is switched on."),
        id=exchange.id,
    )


def _network(frame: Frame) -> Markup:
    buttons = joined(
        html(
            '<button type="submit" name="address" value="{address}"{off}>{address}</button>',
            address=address,
            off=Markup(" disabled") if address == frame.egress else Markup(),
        )
        for address in frame.presets
    )
    return html(
        '<section class="card"><h2>{title}</h2><p>{now}</p>'
        # Two forms: Enter in the text field must not press the first button of the other.
        '<div class="row"><form class="row" method="post" action="/network">{hidden}{buttons}'
        '</form><form class="row" method="post" action="/network">{hidden}'
        '<input type="text" name="other" aria-label="{other}" placeholder="{other}" size="16">'
        '<button type="submit">{go}</button></form></div></section>',
        title=say("Network"),
        now=say("This computer pretends to have the address {address}.", address=frame.egress),
        hidden=html(
            '<input type="hidden" name="token" value="{token}">'
            '<input type="hidden" name="back" value="{path}">',
            token=frame.token,
            path=frame.path,
        ),
        buttons=buttons,
        other=say("Another address"),
        go=say("Pretend"),
    )


def _access(words: PageWords, state: KeyState) -> Markup:
    def choice(value: str, label: str, chosen: bool) -> Markup:
        return html(
            '<label class="choice"><input type="radio" name="access" value="{value}"{on}>'
            "<span>{label}</span></label>",
            value=value,
            label=label,
            on=Markup(" checked") if chosen else Markup(),
        )

    warning = html('<p class="soft inset">{text}</p>', text=words.warning)
    return html(
        "<fieldset><legend>{legend}</legend>{open}{warning}{locked}"
        '<textarea name="addresses" aria-label="{hint}" spellcheck="false">{addresses}</textarea>'
        '<p class="soft">{hint}</p></fieldset>',
        legend=words.addresses,
        open=choice("open", words.open, not state.restricted),
        warning=warning if words.warning else Markup(),
        locked=choice("restricted", words.restricted, state.restricted),
        addresses="\n".join(state.addresses),
        hint=words.hint,
    )


def _boxes(legend: str, switches: tuple[Switch, ...], state: KeyState) -> Markup:
    boxes = joined(
        html(
            '<label class="choice"><input type="checkbox" name="on" value="{field}"{on}>'
            "<span>{label}</span></label>",
            field=switch.field,
            label=switch.label,
            on=Markup(" checked") if switch.field in state.switches else Markup(),
        )
        for switch in switches
    )
    return html(
        "<fieldset><legend>{legend}</legend>{boxes}</fieldset>",
        legend=legend,
        boxes=boxes,
    )
