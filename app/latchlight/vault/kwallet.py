"""KWallet 5 of KDE, used only where no Secret Service answers (KWallet 6 speaks that itself)."""

from __future__ import annotations

from typing import Any

from latchlight.vault.names import PREFIX
from latchlight.vault.ring import Ring, bare, viable

_APP = "Latchlight"


class KWallet(Ring):
    """Each service name is a folder of the wallet. A folder cannot exist twice."""

    name = "KWallet"

    def __init__(self, ring: Any) -> None:
        super().__init__(ring)
        self._wallet = ring

    def remove(self, service: str) -> None:
        """Remove the item and its folder, which would stay behind empty."""
        super().remove(service)
        if service in self.found():
            self._wallet.iface.removeFolder(self._wallet.handle, service, _APP)

    def found(self) -> list[str]:
        """The folders of ours."""
        from keyring.errors import KeyringLocked

        if not self._wallet.connected(PREFIX):
            raise KeyringLocked
        folders = self._wallet.iface.folderList(self._wallet.handle, _APP)
        return [str(name) for name in folders if str(name).startswith(PREFIX)]


def kwallet() -> KWallet | None:
    """The back-end if KWallet runs and python-dbus is installed."""
    try:
        from keyring.backends.kwallet import DBusKeyring
    except ImportError:
        return None
    if not viable(DBusKeyring):
        return None
    ring: Any = bare(DBusKeyring)
    ring.handle = -1
    ring.appid = _APP
    return KWallet(ring)
