"""How a light is made green: ordered steps in the exchange's own labels."""

from __future__ import annotations

from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence


@dataclass(frozen=True)
class Fix:
    """Ordered steps for the user. `page` is an https address of the exchange, from a fixed list."""

    title: Sentence
    steps: tuple[Sentence, ...]
    page: str | None = None

    def as_text(self) -> str:
        """All steps, numbered, one per line."""
        return "\n".join(f"{number}. {step}" for number, step in enumerate(self.steps, 1))
