"""Words of somebody else's server: made harmless before anybody sees them."""

from __future__ import annotations

import re
import unicodedata

from latchlight.core.limits import LIMITS

_LIKE_A_KEY = re.compile(
    r"(?=(?:[A-Za-z_.~+/%=&-]*[0-9]){2})[A-Za-z0-9_.~+/%=&-]{24,}",
)
_LEFT_OUT = "[…]"


def harmless(text: str) -> str:
    """Printable characters only, white space folded, at most 200 characters. Still plain text.

    A server or a firewall before it may quote the request: what is as long and mixed as a key, a
    signature or a query string is left out.
    """
    kept = "".join(
        letter if unicodedata.category(letter)[0] not in "CZ" else " "
        for letter in text[: LIMITS.server_text_characters * 4]
    )
    folded = _LIKE_A_KEY.sub(_LEFT_OUT, " ".join(kept.split()))
    if len(folded) > LIMITS.server_text_characters:
        return folded[: LIMITS.server_text_characters - 1] + "…"
    return folded
