"""Guards around the whole suite, set before any product code is imported.

Only loopback can be reached, the environment is clean, and home, settings and keyring are not the
developer's. A test that reaches beyond them fails, whatever it does with the error.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from collections.abc import Iterator

import pytest

from guards import FOLDERS, NetworkGuard, make_environment_private
from left_out import MISSING_ON, LeftOut

atexit.register(shutil.rmtree, make_environment_private(), ignore_errors=True)
NETWORK = NetworkGuard()
NETWORK.stand()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much of what is drawn at random is tried (little by default), and what a system cannot run."""
    parser.addoption("--storms", type=int, default=4, help="storms of 500 random steps")
    parser.addoption(
        "--hostile", type=int, default=100, help="texts that want to be more than text"
    )
    parser.addoption(
        "--left-out-on", choices=MISSING_ON, help="leave out what cannot run on that system"
    )


_RESET_BEFORE_TLS = (
    r"unclosed <(ssl\.SSLSocket|latchlight\.net\.connection\._PatientSocket) (?!.*raddr=)"
)
"""A socket that was reset between connecting and the first word of TLS: it has no other end any more."""


def pytest_configure(config: pytest.Config) -> None:
    """Two settings that depend on where the suite runs."""
    system = config.getoption("--left-out-on")
    if system:
        config.pluginmanager.register(LeftOut(system))
    # Where Python itself forgets to close one, that is no leak of ours:
    # https://github.com/python/cpython/issues/113280, mended in 3.11.8 and 3.12.2.
    if sys.version_info < (3, 11, 8) or (3, 12) <= sys.version_info < (3, 12, 2):
        config.addinivalue_line("filterwarnings", f"ignore:{_RESET_BEFORE_TLS}:ResourceWarning")


@pytest.fixture
def network_guard() -> NetworkGuard:
    """The guard of this process, for tests of the guard itself."""
    return NETWORK


@pytest.fixture(autouse=True)
def nothing_foreign_is_contacted() -> Iterator[None]:
    """Fails the test that reached outside, even if it swallowed the error."""
    NETWORK.trespasses.clear()
    yield
    assert NETWORK.trespasses == []


@pytest.fixture(autouse=True)
def home_stays_private() -> Iterator[None]:
    """A test that moves the home for good would make the next one write somewhere else."""
    before = {name: os.environ.get(name) for name in FOLDERS}
    yield
    after = {name: os.environ.get(name) for name in FOLDERS}
    os.environ.update({name: value for name, value in before.items() if value is not None})
    assert after == before
