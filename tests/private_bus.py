"""A session bus that nobody else is on. It activates nothing: what the test does not start is not there."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir={folder}</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"""


class PrivateBus:
    """Runs from the start until `stop`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        config = folder / "bus.conf"
        config.write_text(_BUS.format(folder=folder), encoding="utf-8")
        tell = 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'
        command = ["dbus-run-session", f"--config-file={config}", "--", "sh", "-c", tell]
        self._process = subprocess.Popen(
            command,
            env=dict(environment),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()

    def stop(self) -> None:
        """End the bus; who is on it loses it."""
        self._process.communicate()
