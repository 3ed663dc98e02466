"""The Windows credential functions in memory, so that the real Windows code of `keyring` can run here.

Behaves like the documented API where it matters: at most 2,560 bytes per item (error 1783 above),
1168 for what is not there, names matched by `prefix*`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_MOST_BYTES = 2560


class FakeWindowsError(Exception):  # stands for pywintypes.error
    """Number, function and text, as pywintypes.error has them."""

    def __init__(self, winerror: int, funcname: str, strerror: str = "") -> None:
        super().__init__(winerror, funcname, strerror)
        self.winerror = winerror
        self.funcname = funcname
        self.strerror = strerror


class WindowsCredentials:
    """The vault of one Windows user: target name -> credential."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.fails_with: int | None = None

    def install(self) -> dict[str, ModuleType]:
        """Modules in place of `win32ctypes.pywin32`, as keyring imports them."""
        pywintypes: Any = ModuleType("win32ctypes.pywin32.pywintypes")
        pywintypes.error = FakeWindowsError
        win32cred: Any = ModuleType("win32ctypes.pywin32.win32cred")
        win32cred.CRED_TYPE_GENERIC = 1
        win32cred.CRED_PERSIST_SESSION = 1
        win32cred.CRED_PERSIST_LOCAL_MACHINE = 2
        win32cred.CRED_PERSIST_ENTERPRISE = 3
        win32cred.CredWrite = self._write
        win32cred.CredRead = self._read
        win32cred.CredDelete = self._delete
        win32cred.CredEnumerate = self._enumerate
        package: Any = ModuleType("win32ctypes.pywin32")
        package.pywintypes, package.win32cred = pywintypes, win32cred
        return {
            "win32ctypes": ModuleType("win32ctypes"),
            "win32ctypes.pywin32": package,
            "win32ctypes.pywin32.pywintypes": pywintypes,
            "win32ctypes.pywin32.win32cred": win32cred,
        }

    def _check(self, function: str) -> None:
        if self.fails_with is not None:
            raise FakeWindowsError(self.fails_with, function)

    def _write(self, credential: dict[str, Any], flags: int) -> None:
        self._check("CredWrite")
        blob = credential["CredentialBlob"].encode("utf-16-le")
        if len(blob) > _MOST_BYTES:
            raise FakeWindowsError(1783, "CredWrite", "The stub received bad data")
        self.items[credential["TargetName"]] = {**credential, "CredentialBlob": blob}

    def _read(self, TargetName: str, Type: int) -> dict[str, Any]:  # noqa: N803 - as the API
        self._check("CredRead")
        if TargetName not in self.items:
            raise FakeWindowsError(1168, "CredRead")
        return dict(self.items[TargetName])

    def _delete(self, TargetName: str, Type: int) -> None:  # noqa: N803 - as the API
        self._check("CredDelete")
        if self.items.pop(TargetName, None) is None:
            raise FakeWindowsError(1168, "CredDelete")

    def _enumerate(self, pattern: str, flags: int) -> list[dict[str, Any]]:
        self._check("CredEnumerate")
        prefix = pattern.removesuffix("*")
        found = [item for name, item in self.items.items() if name.startswith(prefix)]
        if not found:
            raise FakeWindowsError(1168, "CredEnumerate")
        return found


@contextmanager
def windows_credentials() -> Iterator[WindowsCredentials]:
    """While inside, `keyring.backends.Windows` is the real code on these functions."""
    import keyring.backends

    credentials = WindowsCredentials()
    name = "keyring.backends.Windows"
    names = (*credentials.install(), name)
    before = {each: sys.modules.pop(each) for each in names if each in sys.modules}
    attribute = vars(keyring.backends).pop("Windows", None)
    sys.modules.update(credentials.install())
    try:
        importlib.import_module(name)
        yield credentials
    finally:
        for each in names:
            sys.modules.pop(each, None)
        vars(keyring.backends).pop("Windows", None)
        sys.modules.update(before)
        if attribute is not None:
            keyring.backends.Windows = attribute  # type: ignore[attr-defined]
