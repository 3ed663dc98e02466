"""A real gnome-keyring on a bus of its own, with a home of its own. Never touches the developer's.

The bus activates nothing: when the daemon is killed, it stays away until the test starts it again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from private_bus import PrivateBus

_DEFAULT = "/org/freedesktop/secrets/aliases/default"
PASSWORD = "correct horse"  # without a line break: that would become part of the password


class KeyringDaemon:
    """One private bus with one keyring daemon. Use `with keyring_daemon(folder) as daemon`."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.data = folder / "data"
        runtime = folder / "run"
        for each in (self.home, self.data, runtime):
            each.mkdir(mode=0o700, parents=True)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.data),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_RUNTIME_DIR": str(runtime),
            "LC_ALL": "C.UTF-8",
        }
        self._bus = PrivateBus(folder, self.env)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self._bus.address
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self, password: str | None = PASSWORD) -> None:
        """Start the daemon and wait until it answers; with None its keyrings stay locked."""
        unlock = [] if password is None else ["--unlock"]
        self._daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", *unlock],
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdin is not None
        self._daemon.stdin.write((password or "").encode())
        self._daemon.stdin.close()
        self._wait_for_the_name(owned=True)
        if password is not None:
            self._wait_for_the_open_keyring()

    def kill(self) -> None:
        """SIGKILL, as a crash or the out-of-memory killer would."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGKILL)
        self._daemon.wait()
        self._daemon = None
        self._wait_for_the_name(owned=False)

    def freeze(self) -> None:
        """SIGSTOP: the daemon is there and answers nothing."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen daemon go on."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGCONT)

    def lock(self) -> None:
        """Lock the login keyring; nobody is there to answer a password window."""
        import secretstorage

        with self.connection() as connection:
            secretstorage.get_default_collection(connection).lock()

    def stop(self) -> None:
        """End the daemon, then the bus."""
        if self._daemon is not None:
            self.thaw()
            self._daemon.terminate()
            self._daemon.wait()
            self._daemon = None
        self.stop_bus()

    def stop_bus(self) -> None:
        """End the bus; the daemon ends with it."""
        self._bus.stop()

    @contextmanager
    def connection(self) -> Iterator[object]:
        """A connection to the private bus, closed afterwards."""
        from jeepney.io.blocking import open_dbus_connection

        with closing(open_dbus_connection(self.env["DBUS_SESSION_BUS_ADDRESS"])) as connection:
            yield connection

    def items(self) -> list[tuple[str, dict[str, str]]]:
        """Label and attributes of every item in every keyring."""
        import secretstorage

        with self.connection() as connection:
            return [
                (item.get_label(), item.get_attributes())
                for collection in secretstorage.get_all_collections(connection)
                for item in collection.get_all_items()
            ]

    def add_item(self, attributes: dict[str, str], value: str) -> None:
        """What another program would do: one more item in the default keyring."""
        import secretstorage

        with self.connection() as connection:
            collection = secretstorage.get_default_collection(connection)
            collection.create_item("foreign", attributes, value.encode())

    def files(self) -> list[Path]:
        """Everything that was written into the private home."""
        return [
            file for root in (self.home, self.data) for file in root.rglob("*") if file.is_file()
        ]

    def _wait_for_the_open_keyring(self) -> None:
        """The daemon takes its name a moment before the keyring that it unlocks can be used."""
        import secretstorage

        pause, ends = threading.Event(), time.monotonic() + 20
        while True:
            with self.connection() as connection:
                try:
                    collection = secretstorage.Collection(connection, _DEFAULT)
                    list(collection.get_all_items())
                    if not collection.is_locked():
                        return
                except secretstorage.exceptions.SecretStorageException:
                    assert time.monotonic() < ends, "the keyring did not open"
            pause.wait(0.01)

    def _wait_for_the_name(self, *, owned: bool) -> None:
        """Wait for the bus to say that the Secret Service has come or gone."""
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import Proxy, open_dbus_connection

        name = "org.freedesktop.secrets"
        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        rule.add_arg_condition(0, name)
        address = self.env["DBUS_SESSION_BUS_ADDRESS"]
        with closing(open_dbus_connection(address)) as connection:
            bus = Proxy(message_bus, connection)
            bus.AddMatch(rule)
            with connection.filter(rule) as changes:
                while bool(bus.NameHasOwner(name)[0]) is not owned:
                    connection.recv_until_filtered(changes, timeout=20)


@contextmanager
def keyring_daemon(folder: Path) -> Iterator[KeyringDaemon]:
    """A started, unlocked daemon; ended afterwards whatever happened."""
    daemon = KeyringDaemon(folder)
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()
