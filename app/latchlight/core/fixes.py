"""How a light is made green: ordered steps in the exchange's own labels, and what goes with them."""

from __future__ import annotations

from enum import Enum

from latchlight.core.records import dataclass, field
from latchlight.core.sentences import PageLabel, Sentence


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


@dataclass(frozen=True)
class Fix:
    """Ordered steps for the user. `page` is an https address of the exchange, from a fixed list."""

    title: Sentence
    steps: tuple[Sentence, ...]
    page: str | None = None
    kind: FixKind = FixKind.COMPUTER
    highlight: tuple[str, ...] = ()
    """Keys of the controls in the drawing that this fix is about (`DrawnControl.key`)."""

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
class PageGuide:
    """What the guided fix says about an exchange's page besides its steps."""

    addresses: AddressForm = field(default_factory=AddressForm)
    parts: dict[FixKind, tuple[DrawnPart, ...]] = field(default_factory=dict)
    second_factor: Sentence | None = None
    """What the exchange asks for when a change is saved."""
    delay: Sentence | None = None
    """How long a change takes to act, and how sure that is."""
    delay_seconds: int = 300
    """How long to go on asking after a change before saying that it did not act."""
    hidden: Sentence | None = None
    """What to do if the box or the page cannot be found."""
