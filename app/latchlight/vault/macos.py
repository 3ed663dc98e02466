"""macOS Keychain. It asks the user once per item, and cannot be searched through `keyring`."""

from __future__ import annotations

from typing import Any

from latchlight.vault.ring import Ring, bare, viable


class MacKeychain(Ring):
    """The login keychain."""

    name = "macOS Keychain"


def macos_keychain() -> MacKeychain | None:
    """The back-end if this is macOS."""
    try:
        from keyring.backends.macOS import Keyring
    except ImportError:
        return None
    if not viable(Keyring):
        return None
    ring: Any = bare(Keyring)
    ring.keychain = None  # the class takes another file from the variable KEYCHAIN_PATH
    return MacKeychain(ring)
