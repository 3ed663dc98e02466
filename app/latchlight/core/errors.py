"""Errors that a person may read: a fixed sentence and the next step, never anybody else's text.

An error here never holds a URL, a key, a signature or the words of a server. Errors of libraries
are replaced by these at the border where they appear, `from None`, so that nothing hangs behind.
"""

from __future__ import annotations

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.sentences import Sentence, say, series


class LatchlightError(Exception):
    """Every error raised on purpose.

    `message` says what happened, `next_step` what to do. Both are ours and safe to show.
    """

    def __init__(self, message: Sentence, next_step: Sentence) -> None:
        super().__init__(str(message))
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return series([part for part in (self.message, self.next_step) if part], " ")


class UsageError(LatchlightError):
    """The caller asked for something that makes no sense."""


class InputError(LatchlightError):
    """Text given by the user cannot be used as it is. Holds the field's name, never its value."""

    def __init__(self, message: Sentence, next_step: Sentence, field: str = "") -> None:
        super().__init__(message, next_step)
        self.field = field


class CallError(LatchlightError):
    """A call to an exchange or an address service brought no readable answer.

    `code` is the diagnosis; `retry_after` is in seconds where the other side named a time.
    """

    def __init__(
        self,
        code: DiagnosisCode,
        message: Sentence,
        next_step: Sentence,
        *,
        http_status: int | None = None,
        retry_after: float | None = None,
        repeatable: bool = False,
    ) -> None:
        super().__init__(message, next_step)
        self.code = code
        self.http_status = http_status
        self.retry_after = retry_after
        self.repeatable = repeatable


class VaultError(LatchlightError):
    """The system keyring did not do what was asked. `code` is the diagnosis."""

    def __init__(self, code: DiagnosisCode, message: Sentence, next_step: Sentence) -> None:
        super().__init__(message, next_step)
        self.code = code


class StoreError(LatchlightError):
    """The file with everything that is not secret cannot be read or written."""


class Cancelled(Exception):  # noqa: N818 - not an error: the user changed their mind
    """The user stopped the work. Unwinds silently."""


def internal_fault() -> LatchlightError:
    """What is said when the program itself is wrong; the details stay out of sight."""
    return LatchlightError(
        say("Something inside Latchlight went wrong. Nothing was marked as safe."),
        say(
            "Start it again. If it happens again, report it; your keys are not part of the report."
        ),
    )
