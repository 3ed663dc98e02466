"""In which language the command line speaks: by option, else by the settings, else by the system."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from latchlight.cli.terminal import speak
from latchlight.core.errors import LatchlightError, UsageError
from latchlight.core.languages import ENGLISH, codes, language, matching
from latchlight.core.sentences import say, series
from latchlight.services import Services

OPTION = "--language"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first one that is set decides (POSIX, "Environment Variables")."""


def choose_language(argv: list[str], services: Services) -> list[str]:
    """Put the language in force; the arguments without the option. Raises UsageError.

    The option may stand before or behind the command: errors of the other arguments are said in
    this language already.
    """
    speak(ENGLISH)
    rest, wanted = _taken_out(argv)
    if wanted is None:
        found = (matching(each) for each in (*_stored(services), *_system()) if each)
        code = next((each for each in found if each is not None), ENGLISH.code)
    else:
        code = _known(wanted)
    if code != ENGLISH.code:
        speak(language(code))
    return rest


def _taken_out(argv: list[str]) -> tuple[list[str], str | None]:
    """What stands behind `--` belongs to somebody else."""
    end = argv.index("--") if "--" in argv else len(argv)
    rest, wanted, at = [], None, 0
    while at < end:
        name, equals, value = argv[at].partition("=")
        if name == OPTION and (equals or at + 1 < end):
            wanted = value if equals else argv[at + 1]
            at += 1 if equals else 2
        else:
            rest.append(argv[at])
            at += 1
    return [*rest, *argv[end:]], wanted


def _known(wanted: str) -> str:
    code = matching(wanted)
    if code is None:
        raise UsageError(
            say("Latchlight does not speak this language."),
            say("Known are: {names}.", names=series(codes())),
        )
    return code


def _stored(services: Services) -> Iterator[str]:
    """What was chosen in the settings. A store is not made for this, and one that fails says nothing."""
    from latchlight.store.place import FILE_NAME, data_folder

    try:
        if ((services.folder or data_folder()) / FILE_NAME).is_file():
            yield services.store().language
    except (LatchlightError, OSError):
        return


def _system() -> Iterator[str]:
    named = (os.environ.get(name, "") for name in _VARIABLES)
    decided = next((value for value in named if value), "")
    yield decided
    if sys.platform == "win32" and not decided:
        import ctypes
        import locale

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        yield locale.windows_locale.get(number, "")
