"""Removing and editing a stored key while another program is at the same label."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from latchlight.core.credentials import KeyKind
from latchlight.core.errors import UsageError
from latchlight.core.profile import Profile
from latchlight.core.purpose import Intent
from latchlight.keys import edit_key, remove_key
from latchlight.services import Services
from latchlight.store import Store

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def a_profile() -> Profile:
    return Profile(
        entry=secrets.token_hex(16),
        label="bot",
        exchange="binance",
        host="api.binance.com",
        kind=KeyKind.HMAC,
        hint="…DhA8",
        fingerprint="a1" * 16,
        intent=Intent(),
        added_at=NOW,
    )


class SlowStore(Store):
    """Another program is at work right after this one has looked at a key."""

    meanwhile: Callable[[], None]

    def profile(self, label: str) -> Profile:
        """As always; then the other program has its turn."""
        found = super().profile(label)
        self.meanwhile()
        return found


@dataclass
class Emptied:
    """A keyring that remembers which entries were deleted."""

    deleted: list[str] = field(default_factory=list)

    def delete(self, entry: str) -> None:
        """Noted."""
        self.deleted.append(entry)


@dataclass
class Bench:
    ours: SlowStore
    theirs: Store
    keyring: Emptied = field(default_factory=Emptied)

    def services(self) -> Services:
        keyring: Any = self.keyring
        return Services(_opened={"store": self.ours}, open_vault=lambda: keyring)

    def put_another(self) -> None:
        """The other program removes the key and stores another one under its label."""
        (old,) = self.theirs.profiles()
        self.theirs.remove_profile("bot", entry=old.entry)
        self.theirs.add_profile(a_profile())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with SlowStore.open(tmp_path) as ours, Store.open(tmp_path) as theirs:
        assert isinstance(ours, SlowStore)
        ours.add_profile(a_profile())
        ours.meanwhile = lambda: None
        yield Bench(ours, theirs)


def test_a_key_is_removed_with_its_secret(bench: Bench) -> None:
    (stored,) = bench.theirs.profiles()
    assert remove_key(bench.services(), "bot") == stored
    assert bench.keyring.deleted == [stored.entry]
    assert bench.theirs.profiles() == []


def test_a_key_that_was_stored_meanwhile_is_not_removed(bench: Bench) -> None:
    (old,) = bench.theirs.profiles()
    bench.ours.meanwhile = bench.put_another
    with pytest.raises(UsageError, match="changed by another program"):
        remove_key(bench.services(), "bot")
    (new,) = bench.theirs.profiles()
    assert bench.keyring.deleted == [old.entry]
    assert new.entry != old.entry


def test_a_key_that_was_stored_meanwhile_is_not_edited(bench: Bench) -> None:
    bench.ours.meanwhile = bench.put_another
    with pytest.raises(UsageError, match="changed by another program"):
        edit_key(bench.services(), "bot", new_label="other", intent=None)
    (new,) = bench.theirs.profiles()
    assert new.label == "bot"


def test_a_key_that_is_gone_meanwhile_is_told_as_unknown(bench: Bench) -> None:
    (old,) = bench.theirs.profiles()
    bench.ours.meanwhile = lambda: bench.theirs.remove_profile("bot", entry=old.entry)
    with pytest.raises(UsageError, match="no key called"):
        edit_key(bench.services(), "bot", new_label="other", intent=None)
