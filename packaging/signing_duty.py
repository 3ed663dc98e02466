"""Whether this build has to be signed: a release must not come out unsigned because a secret was lost or misspelt."""

from __future__ import annotations

import os
from collections.abc import Mapping

VARIABLE = "LATCHLIGHT_MUST_SIGN"
BROKEN = (
    f"This build has to be signed ({VARIABLE} is true), and there is nothing to sign it with. "
    "Look at the secrets of the environment, or say on purpose that releases are not signed (docs/ci.md)."
)


def has_to_sign(environment: Mapping[str, str] = os.environ) -> bool:
    """True for the word that a workflow writes."""
    return environment.get(VARIABLE, "") == "true"
