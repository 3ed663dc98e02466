"""Whether this build has to be signed: a release must not come out unsigned because a secret was lost or misspelt."""

from __future__ import annotations

import os
from collections.abc import Mapping

VARIABLE = "LATCHLIGHT_MUST_SIGN"
NO_DUTY = ("", "false")
BROKEN = (
    f"This build has to be signed ({VARIABLE} is set). "
    "Look at the secrets of the environment, or say on purpose that releases are not signed (docs/ci.md)."
)


class DutyError(Exception):
    """This build has to be signed and cannot be; the text says why."""


def has_to_sign(environment: Mapping[str, str] = os.environ) -> bool:
    """False only for no word, and for the one that a workflow writes: a word typed by hand is no way out."""
    return environment.get(VARIABLE, "").strip().lower() not in NO_DUTY


def pass_over(why: str, environment: Mapping[str, str] = os.environ) -> None:
    """Says why something is left unsigned. Raises DutyError where that must not be."""
    if has_to_sign(environment):
        raise DutyError(f"{why}\n{BROKEN}")
    print(why)
