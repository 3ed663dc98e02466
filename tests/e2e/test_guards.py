"""The guards of the test suite hold what they promise."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from guards import ForeignContactError, NetworkGuard


@pytest.mark.parametrize("address", ["203.0.113.1", "10.0.0.1", "169.254.169.254"])
def test_no_test_can_reach_a_foreign_address(network_guard: NetworkGuard, address: str) -> None:
    with socket.socket() as sock, pytest.raises(ForeignContactError):
        sock.connect((address, 443))
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        pytest.raises(ForeignContactError),
    ):
        sock.sendto(b"x", (address, 53))
    assert len(network_guard.trespasses) == 2
    network_guard.trespasses.clear()


def test_no_test_can_look_a_foreign_name_up(network_guard: NetworkGuard) -> None:
    with pytest.raises(ForeignContactError):
        socket.getaddrinfo("api.binance.com", 443)
    assert network_guard.trespasses == ["the name 'api.binance.com'"]
    network_guard.trespasses.clear()


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as sock:
        sock.connect(server.getsockname())
        assert sock.getpeername() == server.getsockname()


def test_home_and_settings_are_those_of_the_run() -> None:
    home = Path(os.environ["HOME"])
    assert home.parent.name.startswith("latchlight-tests-")
    assert home.stat().st_mode & 0o077 == 0
    assert not [name for name in os.environ if "PROXY" in name.upper() or "CA_BUNDLE" in name]
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"].endswith("/no-bus")
