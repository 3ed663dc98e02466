"""What `doctor` says of an installation: where it is, its hashes, and whether its files are as they were built."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from latchlight import installation
from latchlight.cli.row import Row
from latchlight.core.errors import LatchlightError
from latchlight.core.findings import Light
from latchlight.core.sentences import Sentence, say, series
from latchlight.installation import COMMAND_LINE, WINDOW, Differences

_MOST_NAMES = 3


def installed_rows() -> Iterator[Row]:
    """Outside of an installed program there is nothing to compare: its packages belong to Python's own tools."""
    place = installation.folder()
    if place is None:
        yield Row(say("installed as"), say("packages of a Python environment"))
        return
    yield Row(say("installed as"), say("a program of its own"))
    yield Row(say("installed in"), str(place))
    for name in (COMMAND_LINE, WINDOW):
        yield _hash(name)
    yield _files(place)


def _hash(name: str) -> Row:
    told = say("SHA-256 of {program}", program=name)
    try:
        return Row(told, installation.fingerprint(installation.program(name)))
    except OSError:
        return Row(told, say("It cannot be read. Install Latchlight again."), Light.RED)


def _files(place: Path) -> Row:
    told = say("program files")
    try:
        found = installation.differences(place)
    except LatchlightError as problem:
        return Row(told, str(problem), Light.GREY)
    if found:
        return Row(told, _told(found), Light.RED)
    if found is not None:
        count = found.listed
        words = say("{count} files, all as the program's own list says", count=count)
        return Row(told, words, Light.GREEN)
    if sys.platform == "darwin":
        return Row(
            told, say("They are not compared here; the signature of the program covers them.")
        )
    return Row(told, say("There is no list of them here to compare with."), Light.GREY)


def _told(found: Differences) -> Sentence:
    changed, missing, strange = found.changed, found.missing, found.strange
    parts = []
    if changed:
        parts.append(say("{count} changed ({names})", count=len(changed), names=_some(changed)))
    if missing:
        parts.append(say("{count} missing ({names})", count=len(missing), names=_some(missing)))
    if strange:
        parts.append(say("{count} foreign ({names})", count=len(strange), names=_some(strange)))
    return say(
        "Not as the program's own list says: {parts}. Download Latchlight anew, verify it, and install it again.",
        parts=series(parts),
    )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
