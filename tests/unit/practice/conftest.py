"""A practice world per test and a small client that signs by itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from latchlight.practice.keys import PracticeKey
from latchlight.practice.world import PracticeWorld

RESTRICTIONS = "/sapi/v1/account/apiRestrictions"
ACCOUNT = "/api/v3/account"


@dataclass
class Reply:
    """Status, headers and body of one answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


def sign(secret: str, payload: str) -> str:
    """The signature as it stands in the URL, for whatever kind of secret this is."""
    if not secret.startswith("-----BEGIN"):
        return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    private = load_pem_private_key(secret.encode(), None)
    if isinstance(private, RSAPrivateKey):
        raw = private.sign(payload.encode(), PKCS1v15(), SHA256())
    else:
        assert isinstance(private, Ed25519PrivateKey)
        raw = private.sign(payload.encode())
    return quote(base64.b64encode(raw).decode(), safe="")


@dataclass
class Client:
    """Asks a practice world over real HTTPS."""

    world: PracticeWorld
    context: ssl.SSLContext = field(init=False)

    def __post_init__(self) -> None:
        self.context = ssl.create_default_context(cafile=str(self.world.ca_file))

    def connect(self, url: str) -> http.client.HTTPSConnection:
        parts = urlsplit(url)
        return http.client.HTTPSConnection(
            str(parts.hostname), parts.port, timeout=10, context=self.context
        )

    def ask(
        self,
        url: str,
        target: str = "/",
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        connection = self.connect(url)
        try:
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            return Reply(response.status, response.msg, response.read())
        finally:
            connection.close()

    def key(self, name: str, exchange: str = "binance") -> PracticeKey:
        return next(k for k in self.world.keys if (k.exchange, k.name) == (exchange, name))

    def signed(
        self,
        key: PracticeKey,
        path: str = RESTRICTIONS,
        query: str | None = None,
        **params: object,
    ) -> Reply:
        """A signed call, stamped with the present time unless `query` is given whole."""
        if query is None:
            query = urlencode({"timestamp": int(time.time() * 1000), **params})
        signature = sign(key.secret, query)
        return self.raw(key, f"{path}?{query}&signature={signature}")

    def raw(self, key: PracticeKey, target: str) -> Reply:
        return self.ask(key.base_url, target, headers={"X-MBX-APIKEY": key.api_key})

    def form(self, target: str, fields: list[tuple[str, str]], **headers: str) -> Reply:
        """Post a form to the management pages."""
        return self.ask(
            self.world.control_url,
            target,
            "POST",
            urlencode(fields).encode(),
            {"Content-Type": "application/x-www-form-urlencoded", **headers},
        )


@pytest.fixture
def start_world() -> Iterator[Callable[..., PracticeWorld]]:
    """Start worlds that are closed, and were free of own mistakes, after the test.

    Without `exchanges` it is Binance alone.
    """
    worlds: list[PracticeWorld] = []

    def start(**wishes: Any) -> PracticeWorld:
        worlds.append(PracticeWorld.start(**{"exchanges": ("binance",), **wishes}))
        return worlds[-1]

    yield start
    for world in worlds:
        world.close()
        assert world.faults() == []


@pytest.fixture
def world(start_world: Callable[..., PracticeWorld]) -> PracticeWorld:
    """A practice Binance with everything around it."""
    return start_world()


@pytest.fixture
def client(world: PracticeWorld) -> Client:
    """A client of `world`."""
    return Client(world)
