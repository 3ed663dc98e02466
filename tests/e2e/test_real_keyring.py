"""The vault on a real gnome-keyring: locked, frozen, killed, tampered with, and without a bus."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keyring_daemon import KeyringDaemon, keyring_daemon
from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import VaultError
from latchlight.vault import Vault, choose_backend
from latchlight.vault.names import service_name

pytestmark = pytest.mark.keyring

ENTRY = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2
KEY = "CanaryKeyCanaryKeyCanaryKeyCa9f2"
SECRET = "CanarySecretCanarySecretCanary71"
HINT = key_hint(KEY)
LONG = (
    "-----BEGIN PRIVATE KEY-----\n" + "\n".join("A" * 64 for _ in range(51)) + "\n-----END-----\n"
)


def credentials(secret: str = SECRET) -> Credentials:
    return Credentials(Secret(KEY), Secret(secret), KeyKind.HMAC, Secret("päss 🔑"), HINT)


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringDaemon]:
    with keyring_daemon(tmp_path) as started:
        for name, value in started.env.items():
            monkeypatch.setenv(name, value)
        yield started


@pytest.fixture
def vault(daemon: KeyringDaemon) -> Vault:
    return Vault(choose_backend(), timeout=20)


def refused(code: DiagnosisCode, act: Callable[[], object]) -> VaultError:
    with pytest.raises(VaultError) as caught:
        act()
    assert caught.value.code is code
    assert caught.value.__context__ is None
    return caught.value


def loaded(vault: Vault, entry: str = ENTRY) -> Secret:
    return vault.load(entry, expected_hint=HINT).secret


@pytest.mark.parametrize("secret", [SECRET, LONG, "x" * 12000], ids=["hmac", "rsa", "longest"])
def test_a_key_survives_in_the_real_keyring(vault: Vault, secret: str) -> None:
    vault.save(ENTRY, credentials(secret))
    read = vault.load(ENTRY, expected_hint=HINT)
    assert read.secret == Secret(secret)
    assert read.passphrase == Secret("päss 🔑")
    assert vault.name == "GNOME Keyring / Secret Service"
    assert vault.weakness() is None


def test_a_key_survives_a_restart_of_the_keyring(vault: Vault, daemon: KeyringDaemon) -> None:
    vault.save(ENTRY, credentials())
    daemon.kill()
    daemon.start()
    assert loaded(vault) == Secret(SECRET)


def test_s16_names_and_attributes_hold_nothing_of_the_key(
    vault: Vault, daemon: KeyringDaemon
) -> None:
    vault.save(ENTRY, credentials(LONG))
    items = daemon.items()
    assert items
    for label, attributes in items:
        assert set(attributes) <= {"application", "service", "username", "xdg:schema"}
        assert attributes["application"] == "Latchlight"
        for part in (KEY, KEY[-4:], SECRET[:8]):
            assert part not in label + repr(attributes)


def test_the_secret_is_in_no_readable_file(vault: Vault, daemon: KeyringDaemon) -> None:
    vault.save(ENTRY, credentials())
    files = daemon.files()
    assert any(file.suffix == ".keyring" for file in files)
    for file in files:
        content = file.read_bytes()
        assert SECRET.encode() not in content
        assert KEY.encode() not in content


def test_rotation_and_deletion_leave_nothing(vault: Vault, daemon: KeyringDaemon) -> None:
    vault.save(ENTRY, credentials(LONG))
    vault.save(ENTRY, credentials())
    assert len(daemon.items()) == 1
    vault.delete(ENTRY)
    assert daemon.items() == []
    assert vault.leftovers([]) == []
    assert not vault.exists(ENTRY)


def test_the_self_test_passes_and_leaves_nothing(vault: Vault, daemon: KeyringDaemon) -> None:
    vault.self_test()
    assert daemon.items() == []


def test_leftovers_are_found(vault: Vault) -> None:
    vault.save(ENTRY, credentials())
    vault.save(OTHER, credentials())
    assert vault.leftovers([OTHER]) == [ENTRY]


def test_kr09_a_second_item_under_the_name_is_ambiguous_and_then_cleaned_up(
    vault: Vault, daemon: KeyringDaemon
) -> None:
    vault.save(ENTRY, credentials())
    planted = {"service": service_name(ENTRY, 0), "username": "latchlight", "extra": "1"}
    daemon.add_item(planted, "stale secret")
    refused(DiagnosisCode.KEYRING_MISMATCH, lambda: loaded(vault))
    vault.save(ENTRY, credentials("new"))
    assert loaded(vault) == Secret("new")
    assert len(daemon.items()) == 1
    daemon.add_item(planted, "stale secret")
    vault.delete(ENTRY)
    assert daemon.items() == []


def test_kr18_an_entry_changed_by_another_program_is_refused(
    vault: Vault, daemon: KeyringDaemon
) -> None:
    vault.save(ENTRY, credentials())
    value = subprocess.run(
        ["secret-tool", "lookup", "service", service_name(ENTRY, 0)],
        env=daemon.env, capture_output=True, check=True,
    ).stdout  # fmt: skip
    subprocess.run(
        ["secret-tool", "store", "--label=x", "application", "Latchlight", "username", "latchlight",
         "service", service_name(ENTRY, 0)],
        env=daemon.env, input=value.replace(b"Canary", b"Kanary"), check=True,
    )  # fmt: skip
    refused(DiagnosisCode.KEYRING_MISMATCH, lambda: loaded(vault))


def test_kr04_a_locked_keyring_asks_to_be_unlocked_and_loses_nothing(
    vault: Vault, daemon: KeyringDaemon
) -> None:
    vault.save(ENTRY, credentials())
    daemon.lock()
    refused(DiagnosisCode.KEYRING_LOCKED, lambda: loaded(vault))
    refused(DiagnosisCode.KEYRING_LOCKED, lambda: vault.save(ENTRY, credentials("new")))
    refused(DiagnosisCode.KEYRING_LOCKED, lambda: vault.delete(ENTRY))
    assert vault.exists(ENTRY)
    daemon.kill()
    daemon.start()
    assert loaded(vault) == Secret(SECRET)


def test_a_keyring_that_was_never_set_up_is_said(vault: Vault, daemon: KeyringDaemon) -> None:
    daemon.kill()
    for file in daemon.files():
        file.unlink()
    daemon.start(password=None)
    error = refused(DiagnosisCode.KEYRING_MISSING, lambda: vault.save(ENTRY, credentials()))
    assert "set up" in error.message


def test_kr08_an_emptied_keyring_says_absent(vault: Vault, daemon: KeyringDaemon) -> None:
    vault.save(ENTRY, credentials())
    daemon.kill()
    for file in daemon.files():
        file.unlink()
    daemon.start()
    error = refused(DiagnosisCode.KEYRING_MISMATCH, lambda: loaded(vault))
    assert error.message == "The keyring has no entry for this key."


def test_kr06_a_frozen_keyring_is_given_up_and_nothing_is_left_behind(
    daemon: KeyringDaemon,
) -> None:
    vault = Vault(choose_backend(), timeout=0.3)
    daemon.freeze()
    for act in (
        lambda: loaded(vault),
        lambda: vault.save(ENTRY, credentials()),
        lambda: vault.delete(OTHER),
    ):
        refused(DiagnosisCode.KEYRING_LOCKED, act)
    daemon.thaw()
    for thread in threading.enumerate():
        if thread.name == "latchlight-keyring":
            thread.join(20)
            assert not thread.is_alive()
    assert daemon.items() == []


def test_kr20_without_a_bus_there_is_no_keyring(vault: Vault, daemon: KeyringDaemon) -> None:
    vault.save(ENTRY, credentials())
    daemon.stop()
    refused(DiagnosisCode.KEYRING_MISSING, lambda: loaded(vault))
    refused(DiagnosisCode.KEYRING_MISSING, choose_backend)


def test_kr02_the_real_keyring_is_used_whatever_variables_and_files_say(
    daemon: KeyringDaemon, tmp_path: Path
) -> None:
    config = Path(daemon.env["XDG_CONFIG_HOME"]) / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring=keyring.backends.null.Keyring\nkeyring-path={tmp_path}\n"
    )
    env = {
        **daemon.env,
        "PYTHONPATH": str(Path(__file__).parents[2] / "app"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "KEYRING_PROPERTY_APPID": "planted",
        "KEYRING_PROPERTY_SCHEME": "KeePassXC",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session",
    }
    code = (
        "from latchlight.vault import *; v = Vault(choose_backend()); v.self_test(); print(v.name)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "GNOME Keyring / Secret Service"


_WRITE_FOR_EVER = """
import itertools, sys
from latchlight.core.credentials import *
from latchlight.core.errors import VaultError
from latchlight.vault import *
vault = Vault(choose_backend())
for number in itertools.count():
    key = f"{number:032}"
    try:
        vault.save(sys.argv[1], Credentials(Secret(key), Secret("s" * 3000), KeyKind.RSA))
    except VaultError as error:
        print("refused", error.code.value, flush=True)
        break
    print("saved", key, flush=True)
"""


@pytest.mark.parametrize("saves_before", range(1, 21))
def test_kr07_a_keyring_killed_during_writes_loses_nothing_acknowledged(
    vault: Vault, daemon: KeyringDaemon, saves_before: int
) -> None:
    """After the last "saved" the entry is that key, or (killed while replacing it) nothing usable."""
    vault.save(OTHER, credentials())
    env = {**daemon.env, "PYTHONPATH": str(Path(__file__).parents[2] / "app")}
    with subprocess.Popen(
        [sys.executable, "-c", _WRITE_FOR_EVER, ENTRY], env=env, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline().split() for _ in range(1 + saves_before % 4)]
        if saves_before >= 4:
            _wait_for_a_write(daemon, saves_before)
        daemon.kill()
        lines += [line.split() for line in writer.stdout]
    assert lines[-1][0] == "refused"
    assert lines[-1][1].startswith("keyring-")
    acknowledged = [line[1] for line in lines if line[0] == "saved"]
    daemon.start()
    assert loaded(vault, OTHER) == Secret(SECRET)
    with contextlib.suppress(VaultError):
        assert vault.load(ENTRY, expected_hint=key_hint(acknowledged[-1])).api_key == Secret(
            acknowledged[-1]
        )
    vault.save(ENTRY, credentials())
    assert loaded(vault) == Secret(SECRET)
    vault.delete(ENTRY)
    assert {attributes["service"] for _, attributes in daemon.items()} == {service_name(OTHER, 0)}


def _wait_for_a_write(daemon: KeyringDaemon, changes: int) -> None:
    """Until the daemon has announced so many new items: the kill then falls into a save."""
    from jeepney import MatchRule, message_bus
    from jeepney.io.blocking import Proxy

    rule = MatchRule(
        type="signal", interface="org.freedesktop.Secret.Collection", member="ItemCreated"
    )
    with daemon.connection() as connection, connection.filter(rule, bufsize=1000) as signals:
        Proxy(message_bus, connection).AddMatch(rule)
        for _ in range(changes):
            connection.recv_until_filtered(signals, timeout=20)


def test_a_keyring_without_a_password_is_a_weakness(vault: Vault, daemon: KeyringDaemon) -> None:
    daemon.kill()
    for file in daemon.files():
        file.unlink()
    folder = daemon.data / "keyrings"
    (folder / "login.keyring").write_text(
        "[keyring]\ndisplay-name=Login\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n"
    )
    (folder / "default").write_text("login")
    daemon.start(password=None)
    vault.save(ENTRY, credentials())
    assert any(SECRET.encode() in file.read_bytes() for file in daemon.files())
    assert "readable on the disk" in (vault.weakness() or "")
