"""Asking for secrets at a terminal, so that nothing of them shows on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from latchlight.cli.terminal import LARGEST_INPUT
from latchlight.core.errors import InputError
from latchlight.core.sentences import say

Ask = Callable[[str], str]
"""Shows the text and reads one line. Raises EOFError where no more lines come."""


def prompt_secrets(questions: Sequence[str]) -> list[str]:
    """One answer per question, without echo. Raises InputError where there is no terminal.

    The echo is off for the whole conversation: between the lines of a pasted private key it must not
    come back, and nothing of the paste may be thrown away.
    """
    try:
        with _silent_terminal() as ask:
            return [_answer(ask, question) for question in questions]
    except EOFError:
        problem = InputError(
            say("Nothing was entered."), say("Type or paste the value at the prompt.")
        )
    except (OSError, ImportError):
        problem = InputError(
            say("There is no terminal at which to ask."),
            say("Give the credentials with --credentials - or --credentials-dir."),
        )
    raise problem


def _answer(ask: Ask, question: str) -> str:
    """A private key may have many lines: reading goes on to its END line."""
    lines = [ask(f"{question}: ")]
    while lines[0].lstrip().startswith("-----BEGIN") and "-----END" not in lines[-1]:
        if sum(map(len, lines)) > LARGEST_INPUT:
            break
        lines.append(ask(""))
    return "\n".join(lines)


if sys.platform == "win32":

    @contextmanager
    def _silent_terminal() -> Iterator[Ask]:
        """Windows reads key by key from the console and echoes nothing by itself.

        Only where the console is what somebody types into: in a terminal that is none, such as that of
        MSYS2, a hidden one stands behind the program, and it would be waited for without end.
        """
        import getpass
        import msvcrt
        import warnings

        if not _typed_into_a_console():
            raise OSError("no console")
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            try:
                yield getpass.getpass
            except getpass.GetPassWarning:
                raise OSError("no console") from None
            finally:
                # What is left of a paste: the shell would show it and take it for a command.
                while msvcrt.kbhit():
                    msvcrt.getwch()

    def _typed_into_a_console() -> bool:
        """Standard input as it is: the device of that name is there behind every pipe, and NUL is a tty."""
        import ctypes
        import msvcrt
        from ctypes import wintypes

        try:
            handle = wintypes.HANDLE(msvcrt.get_osfhandle(sys.stdin.fileno()))
        except (AttributeError, ValueError):  # closed from the start
            return False
        mode = wintypes.DWORD()
        return bool(ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(mode)))

else:

    @contextmanager
    def _silent_terminal() -> Iterator[Ask]:
        """The terminal itself, not standard input. Its settings are put back in any case."""
        import termios

        with open("/dev/tty", "r+b", buffering=0) as terminal:
            number = terminal.fileno()
            try:
                before = termios.tcgetattr(number)
            except termios.error:
                raise OSError("no terminal") from None
            silent = [*before]
            silent[3] &= ~termios.ECHO
            termios.tcsetattr(number, termios.TCSADRAIN, silent)
            try:
                yield _line_reader(number)
            finally:
                # What is left of a paste is thrown away: the shell must not take it for a command.
                termios.tcsetattr(number, termios.TCSAFLUSH, before)


def _line_reader(terminal: int) -> Ask:
    def ask(question: str) -> str:
        os.write(terminal, question.encode("utf-8", "replace"))
        line = bytearray()
        while not line.endswith(b"\n"):
            part = os.read(terminal, 4096)  # a terminal gives one line at most
            if not part:
                raise EOFError
            line += part
        os.write(terminal, b"\n")
        return line.decode("utf-8", "backslashreplace").rstrip("\r\n")

    return ask
