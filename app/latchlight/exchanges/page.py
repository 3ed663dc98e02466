"""An exchange's page in our own words and drawings: what each exchange's file fills in.

The labels are the ones that the steps use, so a drawing can never say something else than its steps.
"""

from __future__ import annotations

from latchlight.core.fixes import (
    AddressForm,
    DrawnControl,
    DrawnKind,
    DrawnPart,
    FixKind,
    PageGuide,
)
from latchlight.core.records import dataclass
from latchlight.core.sentences import PageLabel, Sentence, say

COPIED_LABELS = say(
    "The labels are as seen in copies of the page; on yours they may be worded a little differently."
)
"""For labels that no document of the exchange gives."""


@dataclass(frozen=True)
class PageParts:
    """The labels of the parts that are drawn. None: the page has no such control of its own."""

    title: PageLabel
    create: PageLabel
    """The button with which a new key is begun."""
    edit: PageLabel
    """The button beside a key."""
    list_heading: PageLabel
    anywhere: PageLabel | None
    """The choice that lets every address in."""
    only_listed: PageLabel | None
    """The choice that lets only listed addresses in."""
    addresses: PageLabel
    """The field for the addresses."""
    rights_heading: PageLabel
    rights: tuple[tuple[str, PageLabel], ...]
    """The boxes worth drawing: name of the right, and its label. The first one reads."""
    save: PageLabel


def page_guide(
    parts: PageParts,
    addresses: AddressForm,
    *,
    name: str,
    second_factor: Sentence,
    hidden: Sentence,
    delay: Sentence | None = None,
    delay_seconds: int = 300,
    activity: Sentence | None = None,
    labels_note: Sentence | None = COPIED_LABELS,
) -> PageGuide:
    """The guide of one exchange. Without `delay` or `activity` nobody knows it, and that is said."""
    save = DrawnControl("save", DrawnKind.BUTTON, parts.save)
    the_list = DrawnPart(parts.list_heading, (*_list_controls(parts), save))
    boxes = tuple(
        DrawnControl(right, DrawnKind.BOX, label, on=place == 0)
        for place, (right, label) in enumerate(parts.rights)
    )
    create = DrawnPart(parts.title, (DrawnControl("create", DrawnKind.BUTTON, parts.create),))
    return PageGuide(
        addresses=addresses,
        parts={
            FixKind.LIST: (the_list,),
            FixKind.RIGHTS: (DrawnPart(parts.rights_heading, (*boxes, save)),),
            FixKind.NEW_KEY: (create, DrawnPart(parts.list_heading, _list_controls(parts))),
        },
        labels=dict(parts.rights),
        second_factor=second_factor,
        delay=delay or _unknown_delay(name),
        delay_seconds=delay_seconds,
        hidden=hidden,
        activity=activity or _unknown_activity(name),
        labels_note=labels_note,
    )


def _list_controls(parts: PageParts) -> tuple[DrawnControl, ...]:
    radio, field = DrawnKind.RADIO, DrawnKind.FIELD
    choices = [
        DrawnControl(key, radio, label, on)
        for key, label, on in (
            ("anywhere", parts.anywhere, False),
            ("list", parts.only_listed, True),
        )
        if label is not None
    ]
    return (*choices, DrawnControl("addresses", field, parts.addresses))


def _unknown_delay(name: str) -> Sentence:
    return say(
        "{name} does not say how long a change takes to act; users report up to a few minutes.",
        name=name,
    )


def _unknown_activity(name: str) -> Sentence:
    return say(
        "No page of {name} is known here that shows from where a key was used. Look through your orders, "
        "transfers and sign-ins there; if one is not yours, delete the key.",
        name=name,
    )
