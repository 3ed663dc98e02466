"""Who wins when a keyring answers at the very moment at which it is given up."""

from __future__ import annotations

import threading

import pytest

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import VaultError
from latchlight.vault.deadline import Abandoned, Attempt, within


def test_what_was_kept_cannot_be_abandoned() -> None:
    attempt = Attempt()
    attempt.keep()
    assert attempt.abandon() is False
    attempt.go_on()


def test_what_was_abandoned_cannot_be_kept() -> None:
    attempt = Attempt()
    assert attempt.abandon() is True
    with pytest.raises(Abandoned):
        attempt.keep()
    with pytest.raises(Abandoned):
        attempt.go_on()


def test_a_result_kept_in_the_last_moment_is_returned() -> None:
    kept, given_up = threading.Event(), threading.Event()

    class Slow(Attempt):
        def abandon(self) -> bool:
            abandoned = super().abandon()
            given_up.set()
            return abandoned

    def work(attempt: Attempt) -> str:
        attempt.keep()
        kept.set()
        assert given_up.wait(20)
        return "saved"

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("latchlight.vault.deadline.Attempt", Slow)
        assert within(0.2, work) == "saved"
    assert kept.is_set()


def test_the_exception_of_a_library_leaves_no_trace() -> None:
    def fail(attempt: Attempt) -> None:
        raise OSError("the secret")

    with pytest.raises(VaultError) as caught:
        within(20, fail)
    error = caught.value
    assert error.code is DiagnosisCode.KEYRING_DENIED
    assert (error.__cause__, error.__context__) == (None, None)
    assert "the secret" not in str(error)


def test_work_is_done_in_a_daemon_thread() -> None:
    assert within(20, lambda _: threading.current_thread().daemon) is True
