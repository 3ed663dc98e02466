"""Windows Credential Manager."""

from __future__ import annotations

from typing import Any

from latchlight.vault.names import PREFIX, USER
from latchlight.vault.ring import Ring, bare, viable

_NOT_FOUND = 1168  # ERROR_NOT_FOUND


class WindowsCredentialManager(Ring):
    """Items stay on this machine: the default of `keyring` may roam with a domain profile."""

    name = "Windows Credential Manager"

    def __init__(self, ring: Any, credentials: Any, error: type[Exception]) -> None:
        super().__init__(ring)
        self._credentials = credentials
        self._error = error

    def copies(self, service: str) -> int:
        """Two if another program made `keyring` move one to its second name, `user@service`."""
        return self.found().count(service)

    def found(self) -> list[str]:
        """All names of ours; those that `keyring` moved aside count as what they were."""
        try:
            items = self._credentials.CredEnumerate("latchlight*", 0)
        except self._error as error:
            if getattr(error, "winerror", None) == _NOT_FOUND:
                return []
            raise
        names = [str(item["TargetName"]).removeprefix(f"{USER}@") for item in items]
        return [name for name in names if name.startswith(PREFIX)]


def windows_credential_manager() -> WindowsCredentialManager | None:
    """The back-end if this is Windows."""
    try:
        import keyring.backends.Windows
    except ImportError:
        return None
    module: Any = keyring.backends.Windows
    if not viable(module.WinVaultKeyring):
        return None
    ring: Any = bare(module.WinVaultKeyring)
    ring.persist = "local machine"
    return WindowsCredentialManager(ring, module.win32cred, module.pywintypes.error)
