"""A stored key is asked with its own credentials or with none: a wrong pair would show another key's light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from keyring_double import MemoryKeyring
from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import VaultError
from latchlight.core.profile import Profile
from latchlight.core.purpose import Intent
from latchlight.core.records import replace
from latchlight.exchanges import EXCHANGES
from latchlight.keys import save_key, saved_requests
from latchlight.services import Services
from latchlight.store import Store
from latchlight.vault import Vault

KEY = "CanaryKeyCanaryKeyCanaryKeyCa9f2"
ALIKE = "AnotherKeyAnotherKeyAnotherKea9f2"
"""Ends as `KEY` does: what the window shows of the two is the same."""
SECRET = "CanarySecretCanarySecretCanary71"


def credentials(key: str) -> Credentials:
    return Credentials(Secret(key), Secret(SECRET), KeyKind.HMAC, hint=key_hint(key))


@dataclass
class Bench:
    services: Services
    vault: Vault

    def save(self) -> Profile:
        spec = EXCHANGES["binance"]
        return save_key(
            self.services,
            label="bot",
            spec=spec,
            host=spec.hosts[0].name,
            credentials=credentials(KEY),
            intent=Intent(),
        )

    def read(self) -> Credentials:
        (request,) = saved_requests(self.services)
        return request.credentials()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    vault = Vault(MemoryKeyring(), timeout=20)
    with Store.open(tmp_path) as store:
        yield Bench(Services(_opened={"store": store}, open_vault=lambda: vault), vault)


def test_what_was_saved_is_what_is_asked_with(bench: Bench) -> None:
    bench.save()
    assert bench.read().api_key == Secret(KEY)


def test_another_key_with_the_same_ending_is_refused(bench: Bench) -> None:
    profile = bench.save()
    assert key_hint(ALIKE) == profile.hint
    bench.vault.save(profile.entry, credentials(ALIKE))
    with pytest.raises(VaultError, match="belongs to another key") as caught:
        bench.read()
    assert caught.value.code is DiagnosisCode.KEYRING_MISMATCH
    assert ALIKE not in repr(caught.value)


def test_a_profile_that_speaks_of_another_key_is_refused(bench: Bench) -> None:
    """Whoever may write the list still cannot make it speak for a key that it was not made for."""
    profile = bench.save()
    bench.vault.save("0f" * 16, credentials(ALIKE))
    store = bench.services.store()
    store.remove_profile("bot", entry=profile.entry)
    store.add_profile(replace(profile, entry="0f" * 16))
    with pytest.raises(VaultError, match="belongs to another key"):
        bench.read()
