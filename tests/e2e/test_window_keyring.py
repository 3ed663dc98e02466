"""A key added in the window is in the real keyring and nowhere else, lives on, and goes when removed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import latchlight
from e2e.canaries import Canary, in_files
from keyring_daemon import KeyringDaemon, keyring_daemon
from latchlight.practice.world import PracticeWorld

pytestmark = pytest.mark.keyring

_WALK = Path(__file__).with_name("window_walk.py")


@pytest.fixture(scope="module")
def world() -> Iterator[PracticeWorld]:
    with PracticeWorld.start(exchanges=("binance",), faults=False) as started:
        yield started


class Desktop:
    """One user's home, session bus and temporary folder around the window."""

    def __init__(self, bus: KeyringDaemon, world: PracticeWorld, folder: Path, name: str) -> None:
        self.bus = bus
        self.key = next(key for key in world.keys if key.name == name)
        self.home, self.temp = folder / "home", folder / "temp"
        self._plan = folder / "outside" / "plan.json"
        for place in (self.home, self.temp, self._plan.parent):
            place.mkdir(mode=0o700)
        plan = {
            "label": "My grid bot",
            "api_key": self.key.api_key,
            "secret": self.key.secret,
            "base_url": self.key.base_url,
            "address_urls": world.address_urls,
            "ca_file": str(world.ca_file),
        }
        self._plan.write_text(json.dumps(plan), "utf-8")

    def walk(self, action: str) -> dict[str, Any]:
        """Start the window, do one thing, close it; its output counts as a log."""
        environment = {
            **os.environ,
            **self.bus.env,
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "TMPDIR": str(self.temp),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": os.pathsep.join(
                [str(Path(latchlight.__file__).parents[1]), str(_WALK.parents[1])]
            ),
        }
        done = subprocess.run(
            [sys.executable, str(_WALK), str(self._plan), action],
            env=environment,
            capture_output=True,
            timeout=100,
        )
        (self.home / f"{action}.log").write_bytes(done.stdout + done.stderr)
        assert done.returncode == 0, done.stderr.decode()
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def sightings(self) -> list[str]:
        """Where key or secret can be found in any form."""
        canaries = [Canary("secret", self.key.secret), Canary("API key", self.key.api_key)]
        return in_files(canaries, self.home, self.temp)


@pytest.mark.parametrize("name", ["safe-spot", "safe-rsa"])
def test_an_added_key_is_in_the_keyring_and_nowhere_else_until_it_is_removed(
    name: str, world: PracticeWorld, tmp_path: Path
) -> None:
    (tmp_path / "bus").mkdir()
    with keyring_daemon(tmp_path / "bus") as bus:
        desktop = Desktop(bus, world, tmp_path, name)

        added = desktop.walk("add")
        assert added["keys"] == ["My grid bot"]
        assert len(bus.items()) == (1 if name == "safe-spot" else 2)
        assert desktop.sightings() == []
        assert in_files([Canary("secret", desktop.key.secret)], tmp_path / "bus") == []

        restarted = desktop.walk("restart")
        assert restarted["before"] == ["grey"], "nothing is green before it was checked"
        assert restarted == {"before": ["grey"], "keys": ["My grid bot"], "lights": ["green"]}
        assert desktop.sightings() == []

        removed = desktop.walk("remove")
        assert removed["keys"] == []
        assert bus.items() == []
        assert desktop.sightings() == []


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    secret = "Zq8vX2mN5tR7wY1pL4kJ9hG3fD6sA0cE"
    for number, text in enumerate((secret, secret.encode().hex(), secret[5:20])):
        (tmp_path / str(number)).write_text(text)
    (tmp_path / "wide").write_bytes(secret.encode("utf-16-le"))
    found = in_files([Canary("secret", secret)], tmp_path)
    assert {one.rpartition(" ")[2] for one in found} == {"0", "1", "2", "wide"}
