"""Signs as minisign does, with a key of the test's own, so that anything at all can be announced."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from latchlight.core.release_home import Home

EXAMPLE = Path(__file__).parent / "data" / "release"
"""Made by the real minisign."""


@dataclass(frozen=True)
class Signer:
    """One key pair."""

    key_id: bytes = b"test-key"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> str:
        """As minisign prints it."""
        raw = self.key.public_key().public_bytes_raw()
        return base64.b64encode(b"Ed" + self.key_id + raw).decode()

    def sign(self, content: bytes, comment: str, kind: bytes = b"ED") -> bytes:
        """A signature file over these bytes."""
        message = hashlib.blake2b(content).digest() if kind == b"ED" else content
        signature = self.key.sign(message)
        over_all = self.key.sign(signature + comment.encode())
        lines = (
            "untrusted comment: of a test",
            base64.b64encode(kind + self.key_id + signature).decode(),
            f"trusted comment: {comment}",
            base64.b64encode(over_all).decode(),
        )
        return ("\n".join(lines) + "\n").encode()


def home(*signers: Signer, host: str = "releases.example") -> Home:
    """Announcements below `/latchlight/`, believed if one of these signed them."""
    return Home(host, "/latchlight/", tuple(signer.public for signer in signers))


def example_home() -> Home:
    """Believes the key of the example."""
    text = (EXAMPLE / "throw-away-test-key.pub").read_text("utf-8")
    return Home("releases.example", "/latchlight/", (text.splitlines()[1],))


def notice(**changes: object) -> bytes:
    """A sound notice, with some fields changed; None takes one away."""
    told: dict[str, object] = {
        "schema": "latchlight.latest/1",
        "version": "0.2.0",
        "released": date(2026, 11, 20).isoformat(),
        "expires": date(2027, 5, 20).isoformat(),
        "security": False,
        "page": "/releases/0.2.0",
        "installers": {"linux-x86_64": "0" * 64},
    }
    told.update(changes)
    return json.dumps({name: value for name, value in told.items() if value is not None}).encode()
