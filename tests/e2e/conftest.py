"""The command line as a subprocess, on a practice exchange that lives in the test process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import latchlight
from e2e.contract import check_report
from keyring_daemon import KeyringDaemon, keyring_daemon
from latchlight.practice.keys import PracticeKey
from latchlight.practice.world import PracticeWorld

_LAUNCHER = Path(__file__).with_name("launcher.py")
_CODES = {0, 1, 2, 3, 64, 70, 130}


@dataclass(frozen=True)
class Done:
    """What one command did."""

    exit: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The printed report, checked against the contract."""
        return check_report(json.loads(self.out))

    @property
    def json(self) -> Any:
        """Whatever JSON was printed."""
        return json.loads(self.out)

    def light_of(self, rule: str, key: int = 0) -> str:
        """The light of one finding."""
        findings = self.report["keys"][key]["findings"]
        return str(next(f["light"] for f in findings if f["rule"] == rule))


class Cli:
    """Runs commands for one user: one store, one keyring, one practice exchange."""

    def __init__(self, world: PracticeWorld, folder: Path, bus: KeyringDaemon | None) -> None:
        self.world = world
        self.folder = folder
        self.bus = bus
        self.data = folder / "data"
        self._plan = folder / "plan.json"
        plan = {
            "base_urls": list(dict.fromkeys((key.exchange, key.base_url) for key in world.keys)),
            "other_urls": world.other_urls,
            "address_urls": world.address_urls,
            "ca_file": str(world.ca_file),
            "folder": str(self.data),
            "keyring_file": None if bus is not None else str(folder / "keyring.json"),
        }
        self._plan.write_text(json.dumps(plan), "utf-8")

    @property
    def database(self) -> Path:
        """The file of the store."""
        return self.data / "latchlight.sqlite3"

    def key(self, name: str, exchange: str = "binance") -> PracticeKey:
        """A practice key by name."""
        here = (key for key in self.world.keys if key.exchange == exchange)
        return next(key for key in here if key.name == name)

    def credentials(self, name: str, exchange: str = "binance") -> str:
        """What a user would pipe in."""
        key = self.key(name, exchange)
        given = {"api_key": key.api_key, "secret": key.secret}
        if key.passphrase is not None:
            given["passphrase"] = key.passphrase
        return json.dumps(given)

    def command(self, *arguments: str, python: Sequence[str] = ()) -> list[str]:
        """The command line of the process."""
        return [sys.executable, *python, str(_LAUNCHER), str(self._plan), *arguments]

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The variables of the process."""
        bus = {} if self.bus is None else self.bus.env
        paths = [str(Path(latchlight.__file__).parents[1])]
        return {**os.environ, **bus, "PYTHONPATH": os.pathsep.join(paths), **(more or {})}

    def run(
        self,
        *arguments: str,
        stdin: str | bytes = b"",
        python: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> Done:
        """One command. No run may print a traceback, a secret, or end with an unknown code."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            self.command(*arguments, python=python),
            input=given,
            env=self.environment(env),
            cwd=self.folder,
            capture_output=True,
            timeout=60,
        )
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        assert done.returncode in _CODES, err
        assert "Traceback" not in out + err, err
        for key in self.world.keys:
            assert key.secret not in out + err
            assert key.api_key not in out + err
            assert key.passphrase is None or key.passphrase not in out + err
        return Done(done.returncode, out, err)

    def check(
        self, name: str, *arguments: str, json: bool = True, exchange: str = "binance"
    ) -> Done:
        """Check one practice key without storing it."""
        key = self.key(name, exchange)
        host = key.base_url.removeprefix("https://")
        words = ["check", "--exchange", exchange, "--host", host, "--credentials", "-"]
        words += ["--purpose", key.purpose.value, *(["--json"] if json else [])]
        return self.run(*words, *arguments, stdin=self.credentials(name, exchange))

    def add(
        self, name: str, label: str | None = None, *arguments: str, exchange: str = "binance"
    ) -> Done:
        """Store one practice key."""
        key = self.key(name, exchange)
        host = key.base_url.removeprefix("https://")
        words = [
            "keys",
            "add",
            name if label is None else label,
            "--exchange",
            exchange,
            "--host",
            host,
        ]
        words += ["--credentials", "-", "--purpose", key.purpose.value, *arguments]
        return self.run(*words, stdin=self.credentials(name, exchange))


@pytest.fixture(scope="session")
def world() -> Iterator[PracticeWorld]:
    """One practice exchange for all command line tests. They must not switch its keys."""
    with PracticeWorld.start(exchanges=("binance",)) as started:
        yield started
        assert started.faults() == []


@pytest.fixture(scope="session")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyringDaemon | None]:
    """A real keyring where this computer can run one of its own; otherwise one in a file."""
    if shutil.which("gnome-keyring-daemon") is None or shutil.which("dbus-run-session") is None:
        yield None
        return
    with keyring_daemon(tmp_path_factory.mktemp("keyring")) as daemon:
        yield daemon


@pytest.fixture
def cli(world: PracticeWorld, bus: KeyringDaemon | None, tmp_path: Path) -> Cli:
    """A new user: empty store. The keyring is shared; entries have random names."""
    return Cli(world, tmp_path, bus)
