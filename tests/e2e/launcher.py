"""The command line as it is, but on a practice exchange and with a store and keyring of the test's.

`python launcher.py PLAN.json ARGUMENTS...` does what the installed command does: harden, parse, run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from latchlight import services
from latchlight.cli.main import main
from latchlight.hardening import harden
from latchlight.store import Store

if TYPE_CHECKING:
    from latchlight.vault import Vault


class OnPractice(services.Services):
    """Practice exchange and address services, with a store that outlives the process."""

    def store(self) -> Store:
        """The store in the folder of the plan."""
        with self._lock:
            store = self._opened.get("store")
            if not isinstance(store, Store):
                store = self._opened["store"] = Store.open(self.folder)
            return store


class FileKeyring:
    """A keyring in a file, for computers without a real one. Tests only."""

    name = "Keyring of the test"

    def __init__(self, file: Path) -> None:
        self._file = file

    def _items(self) -> dict[str, str]:
        return dict(json.loads(self._file.read_text("utf-8"))) if self._file.exists() else {}

    def _keep(self, items: Mapping[str, str]) -> None:
        self._file.write_text(json.dumps(items), "utf-8")

    def read(self, service: str) -> str | None:
        """The value under a name."""
        return self._items().get(service)

    def write(self, service: str, value: str) -> None:
        """Store a value."""
        self._keep({**self._items(), service: value})

    def remove(self, service: str) -> None:
        """Remove a value."""
        self._keep({name: value for name, value in self._items().items() if name != service})

    def copies(self, service: str) -> int | None:
        """How many there are."""
        return int(service in self._items())

    def found(self) -> list[str] | None:
        """All names."""
        return list(self._items())

    def weakness(self) -> None:
        """None known."""


def in_file(keyring: str) -> Vault:
    """A vault on the keyring in this file."""
    from latchlight.vault import Vault

    return Vault(FileKeyring(Path(keyring)))


def opened(plan: Mapping[str, Any]) -> services.Services:
    """The services of a plan: hosts, address services, certificate, folder, keyring."""
    world: Any = SimpleNamespace(
        keys=[SimpleNamespace(exchange=id_, base_url=url) for id_, url in plan["base_urls"]],
        other_urls=plan.get("other_urls", {}),
        address_urls=plan["address_urls"],
        ca_file=plan["ca_file"],
    )
    base = services.practice(world)
    keyring = plan["keyring_file"]
    return OnPractice(
        exchanges=base.exchanges,
        practice=True,
        ca_file=base.ca_file,
        practice_services=base.practice_services,
        folder=Path(plan["folder"]),
        open_vault=None if keyring is None else lambda: in_file(keyring),
    )


def run() -> int:
    """Exit code of the command."""
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    ignored = harden()
    return main(sys.argv[2:], opened(plan), ignored)


if __name__ == "__main__":
    sys.exit(run())
