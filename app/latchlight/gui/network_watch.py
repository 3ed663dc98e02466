"""Notices that this computer changed its network, without sending anything. Qt-free."""

from __future__ import annotations

from collections.abc import Callable

# Documentation addresses (RFC 5737, RFC 3849): choosing a route to them tells which local address
# would be used for the internet. Connecting a UDP socket sends no packet.
_FAR_V4 = "203.0.113.1"
_FAR_V6 = "2001:db8::1"

Route = tuple[str, str]


def local_route() -> Route:
    """The local addresses that calls to the internet would leave from, IPv4 and IPv6; "" for none."""
    import socket

    return (_local(socket.AF_INET, _FAR_V4), _local(socket.AF_INET6, _FAR_V6))


def _local(family: int, far: str) -> str:
    import socket

    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


class NetworkWatch:
    """Compares the route of now with the one before."""

    def __init__(self, read: Callable[[], Route] = local_route) -> None:
        self._read = read
        self._before: Route | None = None

    @property
    def online(self) -> bool:
        """Whether there was any way to the internet when the route was read last."""
        return self._before is not None and any(self._before)

    def changed(self) -> bool:
        """Whether the route differs from the last call's; the first call only remembers."""
        now, before = self._read(), self._before
        self._before = now
        return before is not None and now != before
