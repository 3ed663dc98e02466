"""The system keyring: the only place where secrets are stored, and the only folder that uses it."""

from __future__ import annotations

from latchlight.vault.backends import Backend, choose_backend
from latchlight.vault.vault import Vault, open_vault

__all__ = ["Backend", "Vault", "choose_backend", "open_vault"]
