"""Where nobody can type, nothing is asked: neither in vain nor for ever."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("typed", [b"k\ns\n", None], ids=["a pipe", "the null device"])
def test_without_a_terminal_nothing_is_asked(typed: bytes | None) -> None:
    """On Windows the null device counts as a terminal, and a console may be there that nobody sees."""
    command = [sys.executable, "-m", "latchlight", "check", "--exchange", "binance"]
    done = subprocess.run(
        command,
        input=typed,
        stdin=subprocess.DEVNULL if typed is None else None,
        capture_output=True,
        timeout=60,
        start_new_session=True,
    )
    assert done.returncode == 64
    assert b"no terminal" in done.stderr
    assert b"Warning" not in done.stderr
