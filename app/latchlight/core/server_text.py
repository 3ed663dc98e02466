"""Words of somebody else's server: made harmless before anybody sees them."""

from __future__ import annotations

import unicodedata

from latchlight.core.limits import LIMITS


def harmless(text: str) -> str:
    """Printable characters only, white space folded, at most 200 characters. Still plain text."""
    kept = "".join(
        letter if unicodedata.category(letter)[0] not in "CZ" else " "
        for letter in text[: LIMITS.server_text_characters * 4]
    )
    folded = " ".join(kept.split())
    if len(folded) > LIMITS.server_text_characters:
        return folded[: LIMITS.server_text_characters - 1] + "…"
    return folded
