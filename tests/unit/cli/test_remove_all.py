"""`keys remove --all`: one key that stays does not keep the others, and nothing unproved is called gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keyring_double import MemoryKeyring
from latchlight.cli.main import main
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.services import Services
from latchlight.vault.names import service_name
from latchlight.vault.vault import Vault

LEFT = "ab" * 16
"""An entry of a key that nobody knows any more."""


def services(keyring: MemoryKeyring, folder: Path) -> Services:
    return Services(folder=folder, open_vault=lambda: Vault(keyring))


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def opened(keyring: MemoryKeyring, tmp_path: Path) -> Iterator[Services]:
    made = services(keyring, tmp_path)
    made.vault().save(LEFT, Credentials(Secret("k" * 20), Secret("s" * 20), KeyKind.HMAC))
    yield made
    made.close()


def test_what_nobody_knows_any_more_is_removed_too(
    opened: Services, keyring: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "remove", "--all", "--yes"], opened) == 0
    assert "No keys are stored on this computer any more" in capsys.readouterr().out
    assert keyring.found() == []


def test_a_keyring_that_cannot_be_searched_is_not_called_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keyring = MemoryKeyring(searchable=False)
    made = services(keyring, tmp_path)
    made.vault().save(LEFT, Credentials(Secret("k" * 20), Secret("s" * 20), KeyKind.HMAC))
    assert main(["keys", "remove", "--all", "--yes"], made) == 1
    told = capsys.readouterr().out
    assert "No keys are stored" not in told
    assert "cannot be searched" in told
    assert keyring.read(service_name(LEFT, 0)) is not None
    made.close()
