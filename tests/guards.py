"""Guards around the test process: no way out of this computer, no setting of the developer's own."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_UNWANTED = (
    "PROXY",
    "CA_BUNDLE",
    "SSL_CERT",
    "SSLKEYLOGFILE",
    "NETRC",
    "KEYRING",
    "DBUS_SESSION_BUS_ADDRESS",
    "KDE_",
    "KWALLET",
    "SSH_AUTH_SOCK",
    "LATCHLIGHT",
    "QT_LOGGING",
    "QT_DEBUG",
    "DISPLAY",
    "PYTHONDONTWRITEBYTECODE",
)
"""A variable with one of these in its name changes trust, way, keyring, screen or speed."""
FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "APPDATA": "home/appdata",
    "LOCALAPPDATA": "home/localappdata",
    "XDG_CONFIG_HOME": "home/config",
    "XDG_DATA_HOME": "home/data",
    "XDG_CACHE_HOME": "home/cache",
    "XDG_STATE_HOME": "home/state",
    "XDG_RUNTIME_DIR": "run",
}
SYSTEM = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
"""What a program cannot start without on Windows; nothing elsewhere."""
_RESERVED_ENDINGS = (".invalid", ".test", ".localhost", ".example")
"""Names that can belong to nobody (RFC 2606): a test may ask for them, in vain."""


def make_environment_private(search_path: Sequence[str] = ()) -> Path:
    """Clean the environment of this process and give it a home of its own; the folder made.

    `search_path` is where child processes find Python modules, in addition to what is installed.
    """
    for name in list(os.environ):
        if any(part in name.upper() for part in _UNWANTED):
            del os.environ[name]
    top = Path(tempfile.mkdtemp(prefix="latchlight-tests-"))
    for name, folder in FOLDERS.items():
        place = top / folder
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ[name] = str(place)
    os.environ.update(
        LC_ALL="C.UTF-8",
        QT_QPA_PLATFORM="offscreen",
        DBUS_SESSION_BUS_ADDRESS=f"unix:path={top}/no-bus",
    )
    if search_path:
        os.environ["PYTHONPATH"] = os.pathsep.join(search_path)
    return top


class ForeignContactError(OSError):
    """A test reached for something outside this computer."""


class NetworkGuard:
    """Stands before the functions by which Python reaches the network."""

    def __init__(self) -> None:
        self.trespasses: list[str] = []
        """What was reached for since the list was last emptied; a caught error stays in it."""

    def stand(self) -> None:
        """Guard sockets and name look-ups of this process from now on."""
        for name, place in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
            self._stand_before(name, place)
        look_up = socket.getaddrinfo

        def guarded(host: Any, *arguments: Any, **more: Any) -> Any:
            if not _is_address(host) and not _is_here(host):
                self._refuse(f"the name {host!r}")
            return look_up(host, *arguments, **more)

        socket.getaddrinfo = guarded

    def _stand_before(self, name: str, place: int) -> None:
        inherited = getattr(socket.socket, name)

        def guarded(sock: socket.socket, *arguments: Any) -> Any:
            address = arguments[place]
            local = sock.family == getattr(socket, "AF_UNIX", None)
            if not local and not _is_here(address[0]):
                self._refuse(f"{address!r}")
            return inherited(sock, *arguments)

        setattr(socket.socket, name, guarded)

    def _refuse(self, what: str) -> None:
        self.trespasses.append(what)
        raise ForeignContactError(f"a test reached for {what}")


def _is_here(host: object) -> bool:
    """Whether it is this computer itself, or a name that leads nowhere."""
    if host is None or host in ("", b"", "localhost", b"localhost"):
        return True
    text = host.decode("latin-1") if isinstance(host, bytes) else host
    if not isinstance(text, str):
        return False
    if text.lower().endswith(_RESERVED_ENDINGS):
        return True
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(host.decode("latin-1") if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True
