"""Reading secrets and printing text, so that neither can leak or fail silently."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from latchlight.core.errors import InputError, LatchlightError
from latchlight.core.languages import ENGLISH, Language
from latchlight.core.sentences import say

LARGEST_INPUT = 64 * 1024
_language = [ENGLISH]
"""One element: the language of everything that is printed."""


class OutputError(LatchlightError):
    """The result could not be printed, so nobody may rely on it."""


def speak(language: Language) -> None:
    """Print sentences in this language from now on. Everything else, JSON too, stays as it is."""
    _language[0] = language


def spoken() -> Language:
    """The language in which sentences are printed."""
    return _language[0]


def emit(text: str) -> None:
    """Print a result. Raises OutputError where it did not get out (disk full, pipe closed)."""
    try:
        sys.stdout.write(f"{_language[0].of(text)}\n")
        sys.stdout.flush()
    except (AttributeError, OSError, ValueError):  # a stream that was closed from the start is None
        _silence()
        raise OutputError(
            say("The result could not be printed."), say("Nothing was decided.")
        ) from None


def complain(text: str) -> None:
    """Print to standard error; a closed standard error changes nothing."""
    try:
        sys.stderr.write(f"{_language[0].of(text)}\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return


def plain_streams() -> None:
    """Characters that the terminal cannot show become escapes instead of a crash."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _silence() -> None:
    """Keep the interpreter from failing a second time when it flushes at the end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return


def read_stdin() -> str:
    """All of standard input, bounded. Raises InputError."""
    try:
        raw = sys.stdin.buffer.read(LARGEST_INPUT + 1)
    except (AttributeError, OSError, ValueError):
        raise InputError(
            say("Nothing can be read from standard input."),
            say("Give the credentials there, or use --credentials-dir."),
        ) from None
    return _text(raw)


def read_credentials_dir(folder: str) -> Mapping[str, str]:
    """Files `api_key`, `secret` and, where there is one, `passphrase`. Raises InputError."""
    fields: dict[str, str] = {}
    for name in ("api_key", "secret", "passphrase"):
        path = Path(folder) / name
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise _unreadable_file(name)
            with path.open("rb") as file:
                fields[name] = _text(file.read(LARGEST_INPUT + 1))
        except FileNotFoundError:
            if name != "passphrase":
                raise _unreadable_file(name) from None
        except (OSError, ValueError):
            raise _unreadable_file(name) from None
    return fields


def _unreadable_file(name: str) -> InputError:
    return InputError(
        say("The file “{name}” in the credentials folder cannot be read.", name=name),
        say(
            "The folder needs the plain files api_key and secret, and passphrase where the exchange has one."
        ),
        name,
    )


def _text(raw: bytes) -> str:
    if len(raw) > LARGEST_INPUT:
        raise InputError(say("The credentials are too long."), say("Give one key only."))
    text = _decoded(raw)
    if text is None:
        raise InputError(
            say("The credentials are not plain text."), say("Save them as UTF-8 text.")
        )
    return text


def _decoded(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None  # the error holds all of it, so it must not hang behind ours
