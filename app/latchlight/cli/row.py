"""One line of `doctor`: what was looked at, how it is, and the light for it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from latchlight.cli.exit_codes import ExitCode
from latchlight.cli.terminal import emit, spoken
from latchlight.core.errors import LatchlightError
from latchlight.core.findings import LIGHT_WORDS, Light, worst
from latchlight.core.records import dataclass
from latchlight.core.sentences import say, series
from latchlight.core.wrapping import padded
from latchlight.services import Services


@dataclass(frozen=True)
class Row:
    """What was looked at, how it is, and the light for it; None for plain facts."""

    name: str
    value: str
    light: Light | None = None


def print_rows(rows: Sequence[Row], *, as_json: bool) -> None:
    """One line each, or one JSON object for all."""
    if as_json:
        emit(json.dumps(_object(rows)))
        return
    for row in rows:
        name = padded(spoken().of(say("{name}:", name=row.name)), 26)
        word = () if row.light is None else (say("[{word}]", word=LIGHT_WORDS[row.light]),)
        emit(series((name, *word, row.value), " "))


def _object(rows: Sequence[Row]) -> dict[str, object]:
    return {
        "schema": "latchlight.doctor/1",
        "rows": [
            {"name": r.name, "value": r.value, "light": r.light.value if r.light else None}
            for r in rows
        ],
    }


def end_of(rows: Sequence[Row]) -> ExitCode:
    """The exit code for the worst light."""
    light = worst(row.light for row in rows if row.light is not None)
    codes = {Light.AMBER: ExitCode.AMBER, Light.RED: ExitCode.RED, Light.GREY: ExitCode.GREY}
    return codes.get(light, ExitCode.DONE)


def keyring_row(services: Services) -> Row:
    """Store, read back, compare and delete a value made for this in the system keyring."""
    try:
        vault = services.vault()
        vault.self_test()
        weakness = vault.weakness()
    except LatchlightError as problem:
        return Row(say("keyring"), str(problem), Light.GREY)
    if weakness is not None:
        return Row(say("keyring"), series((vault.name, weakness), ": "), Light.AMBER)
    return Row(say("keyring"), vault.name, Light.GREEN)
