"""How a light is made green: ordered steps in the exchange's own labels, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from latchlight.core.records import dataclass, field, replace
from latchlight.core.sentences import PageLabel, Sentence, say, series


class FixKind(Enum):
    """What a fix is about; says which part of the exchange's page is drawn."""

    LIST = "list"
    """The IP whitelist: on or off, and its addresses."""
    RIGHTS = "rights"
    """The boxes of what the key may do."""
    NEW_KEY = "new-key"
    """Make another key and give this one up."""
    COPY_AGAIN = "copy-again"
    """Copy key, secret or passphrase once more."""
    COMPUTER = "computer"
    """Nothing at the exchange: a setting of this computer."""


UNTICK = say("Take the tick out of the rights named above.")
TICK = say("Tick the rights named above, and no others.")
"""Steps that name no right by themselves: `with_boxes` puts the rights of the finding in."""


class DrawnKind(Enum):
    """Controls of a page as they are drawn."""

    RADIO = "radio"
    BOX = "box"
    """A box that is ticked or not."""
    FIELD = "field"
    """A field for text; several lines where addresses go."""
    BUTTON = "button"


@dataclass(frozen=True)
class DrawnControl:
    """One control in our own drawing of a part of the page. `on` is how it should stand at the end."""

    key: str
    """What `Fix.highlight` names: `list`, `addresses`, `save`, or a right's name."""
    kind: DrawnKind
    label: PageLabel
    on: bool = False


@dataclass(frozen=True)
class DrawnPart:
    """One framed part of the page: heading and controls from top to bottom."""

    heading: PageLabel
    controls: tuple[DrawnControl, ...]


@dataclass(frozen=True)
class Fix:
    """Ordered steps for the user. `page` is an https address of the exchange, from a fixed list."""

    title: Sentence
    steps: tuple[Sentence, ...]
    page: str | None = None
    kind: FixKind = FixKind.COMPUTER
    highlight: tuple[str, ...] = ()
    """Keys of the controls in the drawing that this fix is about (`DrawnControl.key`)."""
    boxes: tuple[DrawnControl, ...] = ()
    """The rights of the finding, each as it should stand at the end."""

    def as_text(self) -> str:
        """All steps, numbered, one per line."""
        return "\n".join(f"{number}. {step}" for number, step in enumerate(self.steps, 1))


@dataclass(frozen=True)
class AddressForm:
    """In what form this exchange's page takes addresses."""

    separator: str = "\n"
    """Between two addresses when several are pasted: `,` or `\\n`; never with a space beside it."""
    ranges: bool = False
    """Whether ranges (CIDR) are documented. False: single addresses are copied, without `/32`."""
    ipv6: bool = False
    """Whether IPv6 is documented."""
    most: int | None = None
    """Most addresses per key; None where no source says it."""


@dataclass(frozen=True)
class PageGuide:
    """What the guided fix says about an exchange's page besides its steps."""

    addresses: AddressForm = field(default_factory=AddressForm)
    parts: Mapping[FixKind, tuple[DrawnPart, ...]] = field(default_factory=dict)
    labels: Mapping[str, PageLabel] = field(default_factory=dict)
    """What the page calls a right, by the name of the right, where it differs or is known in Chinese."""
    second_factor: Sentence | None = None
    """What the exchange asks for when a change is saved."""
    delay: Sentence | None = None
    """How long a change takes to act, and how sure that is."""
    delay_seconds: int = 300
    """How long to go on asking after a change before saying that it did not act."""
    hidden: Sentence | None = None
    """What to do if the box or the page cannot be found."""
    activity: Sentence | None = None
    """Where to look for others who used the key."""
    labels_note: Sentence | None = None
    """How sure the labels are, where no document of the exchange gives them."""


UNLOCKED_WHY = say(
    "Was the whitelist switched off to make a refused bot work? Put the bot's address on the list "
    "instead. A refusal means that the list does its work."
)
"""Beside every fix of a whitelist: the usual advice on the web is the harmful one."""


def with_boxes(fix: Fix, boxes: tuple[DrawnControl, ...]) -> Fix:
    """The fix with the rights of one finding: named in its steps, ringed in its drawing."""
    if not boxes:
        return fix
    steps = tuple(_naming(step, boxes) for step in fix.steps)
    keys = tuple(box.key for box in boxes)
    return replace(fix, steps=steps, boxes=boxes, highlight=(*fix.highlight, *keys))


def _naming(step: Sentence, boxes: tuple[DrawnControl, ...]) -> Sentence:
    names = series(quoted_label(box.label) for box in boxes)
    if step.template == UNTICK.template:
        return say("Take the tick out of {boxes}.", boxes=names)
    if step.template == TICK.template:
        return say("Tick {boxes}, and no others.", boxes=names)
    return step


def quoted_label(label: PageLabel) -> Sentence:
    """Words of the page, marked as such."""
    return say("“{label}”", label=label)


def drawing(fix: Fix, guide: PageGuide) -> tuple[DrawnPart, ...]:
    """The part of the page that this fix is about, with the rights of the finding as they should stand."""
    parts = guide.parts.get(fix.kind, ())
    if fix.kind is not FixKind.RIGHTS or not fix.boxes or not parts:
        return parts
    last = parts[-1]
    wanted = {box.key: box for box in fix.boxes}
    known = [wanted.pop(c.key, c) for c in last.controls if c.kind is DrawnKind.BOX]
    others = [c for c in last.controls if c.kind is not DrawnKind.BOX]
    return (*parts[:-1], replace(last, controls=(*known, *wanted.values(), *others)))
