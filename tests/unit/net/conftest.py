"""A server full of faults, and our own client talking to it over real TLS on loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from faulty_server import TIME_PATH, FaultyServer, authority
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import CallError
from latchlight.core.progress import CancelToken
from latchlight.net.client import Chain, Client, RawAnswer
from latchlight.net.connection import Trust

LIMIT = 10.0
"""Seconds after which a loopback call of these tests has hung."""


@dataclass
class Caller:
    """Our client with the test authority as its only trust."""

    ca_file: str = field(default_factory=lambda: authority().file)
    token: CancelToken = field(default_factory=CancelToken)
    family: int = socket.AF_INET
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def chain(self) -> Chain:
        client = Client(Trust(self.ca_file), self.now)
        return client.chain(lambda host, path: True, family=self.family, token=self.token)

    def get(self, server: FaultyServer | str, path: str = TIME_PATH, **wishes: Any) -> RawAnswer:
        """One call on a connection of its own."""
        host = server if isinstance(server, str) else server.address
        with self.chain() as chain:
            return chain.get(host, path, **{"seconds": LIMIT, **wishes})

    def code(self, server: FaultyServer | str, **wishes: Any) -> DiagnosisCode:
        """The diagnosis with which a call fails."""
        with pytest.raises(CallError) as caught:
            self.get(server, **wishes)
        return caught.value.code


@pytest.fixture
def call() -> Caller:
    """Our client."""
    return Caller()


@pytest.fixture
def serve() -> Iterator[Callable[..., FaultyServer]]:
    """Start faulty servers; they are closed after the test."""
    servers: list[FaultyServer] = []

    def start(script: str = "", **wishes: Any) -> FaultyServer:
        servers.append(FaultyServer(script, **wishes))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
