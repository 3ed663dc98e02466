"""The keyring is chosen from our list; nothing that somebody can set from outside has a say."""

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from guards import SYSTEM
from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import VaultError
from latchlight.vault import Vault, choose_backend
from latchlight.vault.backends import Backend
from latchlight.vault.names import service_name
from windows_credentials import WindowsCredentials, windows_credentials

ENTRY = "0123456789abcdef" * 2
KEY = "CanaryKeyCanaryKeyCanaryKeyCa9f2"
APP = Path(__file__).parents[3] / "app"


def credentials(secret: str) -> Credentials:
    return Credentials(Secret(KEY), Secret(secret), KeyKind.HMAC, None, key_hint(KEY))


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowsCredentials]:
    monkeypatch.setattr(sys, "platform", "win32")
    with windows_credentials() as functions:
        yield functions


# --- none ----------------------------------------------------------------------------------------


def test_kr01_no_keyring_is_refused_with_a_how_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(VaultError) as caught:
        choose_backend()
    assert caught.value.code is DiagnosisCode.KEYRING_MISSING
    assert "gnome-keyring" in caught.value.next_step


@pytest.mark.parametrize(("platform", "module"), [("win32", "Windows"), ("darwin", "macOS")])
def test_a_system_whose_keyring_cannot_be_loaded_has_none(
    monkeypatch: pytest.MonkeyPatch, platform: str, module: str
) -> None:
    if sys.platform == platform:  # elsewhere it cannot be loaded anyway
        monkeypatch.setitem(sys.modules, f"keyring.backends.{module}", None)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(VaultError) as caught:
        choose_backend()
    assert caught.value.code is DiagnosisCode.KEYRING_MISSING


_CHOOSE = """
import sys
from latchlight.core.errors import VaultError
from latchlight.vault import choose_backend
try:
    print(type(choose_backend()).__name__)
except VaultError as error:
    print(error.code.value)
print(sorted(m for m in ("evil_backend", "keyrings", "keyrings.alt") if m in sys.modules))
"""


_OURS = {"win32": "WindowsCredentialManager", "darwin": "MacKeychain"}
"""Which is chosen there; elsewhere there is none without a bus."""


@pytest.mark.parametrize(
    "chosen",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyrings.alt.file.PlaintextKeyring",
        "evil_backend.Keyring",
    ],
)
@pytest.mark.parametrize("way", ["variable", "file"])
def test_kr02_nothing_picked_by_variable_or_file_is_used(
    tmp_path: Path, chosen: str, way: str
) -> None:
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "evil_backend.py").write_text(
        textwrap.dedent("""
            import pathlib
            pathlib.Path(__file__).with_name("ran").touch()
            from keyring.backends.null import Keyring as Null
            class Keyring(Null): priority = 99
        """),
        encoding="utf-8",
    )
    env = {
        **SYSTEM,
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "LOCALAPPDATA": str(tmp_path / "config"),
        "PYTHONPATH": str(APP),
    }
    lines = ["[backend]", f"keyring-path={evil}"]
    if way == "file":
        lines.append(f"default-keyring={chosen}")
    else:
        env["PYTHON_KEYRING_BACKEND"] = chosen
    for name in ("python_keyring", "Python Keyring"):  # the second is its name on Windows
        config = tmp_path / "config" / name
        config.mkdir(parents=True)
        (config / "keyringrc.cfg").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _CHOOSE], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == [_OURS.get(sys.platform, "keyring-missing"), "[]"]
    assert not (evil / "ran").exists()


def test_the_vault_never_asks_keyring_to_choose() -> None:
    sources = "".join(file.read_text() for file in (APP / "latchlight" / "vault").glob("*.py"))
    for chosen_by_keyring in ("get_keyring", "set_keyring", "keyring.set_password", "keyring.core"):
        assert chosen_by_keyring not in sources


def test_the_secret_is_revealed_in_one_place_only() -> None:
    folder = APP / "latchlight" / "vault"
    places = {file.name: file.read_text().count(".reveal()") for file in folder.glob("*.py")}
    assert {name: count for name, count in places.items() if count} == {"vault.py": 1}


def test_importing_the_vault_does_not_load_keyring() -> None:
    code = "import sys, latchlight.vault; print('keyring' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**SYSTEM, "PYTHONPATH": str(APP)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


# --- Windows, with keyring's own code ------------------------------------------------------------


def test_windows_uses_the_credential_manager(windows: WindowsCredentials) -> None:
    backend = choose_backend()
    assert backend.name == "Windows Credential Manager"
    assert backend.weakness() is None


@pytest.mark.parametrize("units", [1, 64, 128, 700, 1280, 1281, 3272, 5000])
def test_kr11_windows_takes_secrets_of_any_length_in_use(
    windows: WindowsCredentials, units: int
) -> None:
    vault = Vault(choose_backend())
    vault.save(ENTRY, credentials("s" * units))
    assert vault.load(ENTRY, expected_hint=key_hint(KEY)).secret == Secret("s" * units)
    assert all(len(item["CredentialBlob"]) <= 2000 for item in windows.items.values())


def test_windows_code_of_keyring_refuses_1281_units_in_one_item(
    windows: WindowsCredentials,
) -> None:
    """The limit that the parts are made for; if this changes, the parts can go."""
    from keyring.backends.Windows import WinVaultKeyring

    ring = WinVaultKeyring()
    ring.set_password("other", "user", "x" * 1280)
    with pytest.raises(Exception, match="1783"):
        ring.set_password("other", "user", "x" * 1281)


def test_kr10_rotation_on_windows_leaves_no_second_name(windows: WindowsCredentials) -> None:
    vault = Vault(choose_backend())
    for secret in ("OLD" * 500, "MIDDLE", "NEW"):
        vault.save(ENTRY, credentials(secret))
    assert list(windows.items) == [service_name(ENTRY, 0)]
    left = b"".join(item["CredentialBlob"] for item in windows.items.values())
    assert "OLD".encode("utf-16-le") not in left
    vault.delete(ENTRY)
    assert windows.items == {}


def test_windows_items_stay_on_this_machine(windows: WindowsCredentials) -> None:
    Vault(choose_backend()).save(ENTRY, credentials("s"))
    assert {item["Persist"] for item in windows.items.values()} == {2}


def test_what_another_program_moved_to_a_second_name_is_ambiguous_then_deleted(
    windows: WindowsCredentials,
) -> None:
    vault = Vault(choose_backend())
    vault.save(ENTRY, credentials("s"))
    service = service_name(ENTRY, 0)
    windows.items[f"latchlight@{service}"] = dict(windows.items[service])
    with pytest.raises(VaultError) as caught:
        vault.load(ENTRY, expected_hint=key_hint(KEY))
    assert caught.value.code is DiagnosisCode.KEYRING_MISMATCH
    vault.delete(ENTRY)
    assert windows.items == {}


def test_windows_leftovers_are_listed(windows: WindowsCredentials) -> None:
    vault = Vault(choose_backend())
    assert vault.leftovers([]) == []
    vault.save(ENTRY, credentials("s"))
    assert vault.leftovers([]) == [ENTRY]
    assert vault.leftovers([ENTRY]) == []


@pytest.mark.parametrize("number", [1312, 1783, 5])
def test_a_windows_error_becomes_a_sentence(windows: WindowsCredentials, number: int) -> None:
    vault = Vault(choose_backend())
    windows.fails_with = number
    with pytest.raises(VaultError) as caught:
        vault.save(ENTRY, credentials("s"))
    assert caught.value.code is DiagnosisCode.KEYRING_DENIED


def test_attributes_set_by_variables_do_not_reach_the_windows_code(
    windows: WindowsCredentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_PERSIST", "session")
    monkeypatch.setenv("KEYRING_PROPERTY_GET_PASSWORD", "x")
    Vault(choose_backend()).save(ENTRY, credentials("s"))
    assert {item["Persist"] for item in windows.items.values()} == {2}


# --- macOS and KDE, with keyring's own classes ---------------------------------------------------


class KeychainFunctions:
    """Stands for keyring.backends.macOS.api, whose real one needs macOS libraries."""

    class Error(Exception):
        """As there."""

    class NotFound(Error):  # noqa: N818 - its name there
        """As there."""

    class KeychainDenied(Error):  # noqa: N818 - its name there
        """As there."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}
        self.files: set[object] = set()
        self.status = 0

    def _check(self, file: object) -> None:
        self.files.add(file)
        if self.status == -128:
            raise self.KeychainDenied(self.status, "denied")
        if self.status:
            raise self.Error(self.status, "x")

    def set_generic_password(self, file: object, service: str, user: str, value: str) -> None:
        self._check(file)
        self.items[service, user] = value

    def find_generic_password(self, file: object, service: str, user: str) -> str:
        self._check(file)
        if (service, user) not in self.items:
            raise self.NotFound
        return self.items[service, user]

    def delete_generic_password(self, file: object, service: str, user: str) -> None:
        self._check(file)
        if self.items.pop((service, user), None) is None:
            raise self.NotFound


for _error in (
    KeychainFunctions.Error,
    KeychainFunctions.NotFound,
    KeychainFunctions.KeychainDenied,
):
    _error.__module__ = "keyring.backends.macOS.api"


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch) -> KeychainFunctions:
    module: Any = importlib.import_module("keyring.backends.macOS")
    functions = KeychainFunctions()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    monkeypatch.setattr(module, "api", functions, raising=False)
    monkeypatch.setattr(module.Keyring, "keychain", "/tmp/planted.keychain")
    return functions


def test_macos_uses_the_login_keychain_whatever_a_variable_says(
    keychain: KeychainFunctions,
) -> None:
    backend = choose_backend()
    vault = Vault(backend)
    vault.save(ENTRY, credentials("s" * 3000))
    assert backend.name == "macOS Keychain"
    assert vault.load(ENTRY, expected_hint=key_hint(KEY)).secret == Secret("s" * 3000)
    assert vault.leftovers([]) is None
    vault.delete(ENTRY)
    assert keychain.items == {}
    assert keychain.files == {None}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (-128, DiagnosisCode.KEYRING_DENIED),
        (-25293, DiagnosisCode.KEYRING_DENIED),
        (-25308, DiagnosisCode.KEYRING_LOCKED),
    ],
)
def test_kr16_a_refusal_of_macos_is_not_called_absent(
    keychain: KeychainFunctions, status: int, code: DiagnosisCode
) -> None:
    vault = Vault(choose_backend())
    vault.save(ENTRY, credentials("s"))
    keychain.status = status
    with pytest.raises(VaultError) as caught:
        vault.load(ENTRY, expected_hint=key_hint(KEY))
    assert caught.value.code is code
    assert keychain.items


class Wallet:
    """Stands for the KWallet interface on D-Bus: folders with entries."""

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, str]] = {}
        self.handle = 1

    def networkWallet(self) -> str:
        return "kdewallet"

    def open(self, wallet: str, window: int, app: str) -> int:
        return self.handle

    def isOpen(self, handle: int) -> bool:
        return True

    def hasFolder(self, handle: int, folder: str, app: str) -> bool:
        return folder in self.folders

    def hasEntry(self, handle: int, folder: str, key: str, app: str) -> bool:
        return key in self.folders.get(folder, {})

    def readPassword(self, handle: int, folder: str, key: str, app: str) -> str:
        return self.folders[folder][key]

    def writePassword(self, handle: int, folder: str, key: str, value: str, app: str) -> int:
        self.folders.setdefault(folder, {})[key] = value
        return 0

    def removeEntry(self, handle: int, folder: str, key: str, app: str) -> int:
        del self.folders[folder][key]
        return 0

    def removeFolder(self, handle: int, folder: str, app: str) -> bool:
        return self.folders.pop(folder, None) is not None

    def folderList(self, handle: int, app: str) -> list[str]:
        return list(self.folders)


class WalletBus:
    """A session bus on which kwalletd5 answers."""

    def __init__(self, wallet: Wallet) -> None:
        self.wallet = wallet

    def name_has_owner(self, name: str) -> bool:
        return name == "org.kde.kwalletd5"

    def list_activatable_names(self) -> list[str]:
        return ["org.kde.kwalletd5"]

    def get_object(self, name: str, path: str) -> Wallet:
        return self.wallet


@pytest.fixture
def wallet(monkeypatch: pytest.MonkeyPatch) -> Wallet:
    wallet = Wallet()
    dbus: Any = ModuleType("dbus")
    dbus.SessionBus = lambda mainloop: WalletBus(wallet)
    dbus.Interface = lambda remote, name: remote
    dbus.DBusException = type("DBusException", (Exception,), {})
    module: Any = importlib.import_module("keyring.backends.kwallet")
    monkeypatch.setattr(module, "dbus", dbus, raising=False)
    monkeypatch.setattr(module, "DBusGMainLoop", lambda: None, raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("KEYRING_PROPERTY_BUS_NAME", "org.example.thief")
    return wallet


def test_kwallet_is_used_where_no_secret_service_answers(wallet: Wallet) -> None:
    backend = choose_backend()
    vault = Vault(backend)
    vault.save(ENTRY, credentials("s" * 3000))
    assert backend.name == "KWallet"
    assert vault.load(ENTRY, expected_hint=key_hint(KEY)).secret == Secret("s" * 3000)
    assert vault.leftovers([]) == [ENTRY]
    vault.delete(ENTRY)
    assert wallet.folders == {}


def test_a_wallet_whose_opening_was_cancelled_is_locked(wallet: Wallet) -> None:
    vault = Vault(choose_backend())
    wallet.handle = -1
    with pytest.raises(VaultError) as caught:
        vault.save(ENTRY, credentials("s"))
    assert caught.value.code is DiagnosisCode.KEYRING_LOCKED


# --- GNOME's clear-text keyring ------------------------------------------------------------------


@pytest.fixture
def gnome(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Backend, Path]:
    from keyring.backends.SecretService import Keyring

    from latchlight.vault.secret_service import SecretService

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "keyrings"
    folder.mkdir()
    return SecretService(Keyring.__new__(Keyring)), folder


@pytest.mark.parametrize("name", ["login", "Default_keyring"])
def test_a_default_keyring_in_clear_text_is_a_weakness(
    gnome: tuple[Backend, Path], name: str
) -> None:
    backend, folder = gnome
    if name != "login":
        (folder / "default").write_text(f"{name}\n")
    (folder / f"{name}.keyring").write_text("[keyring]\ndisplay-name=x\n")
    assert "readable on the disk" in (backend.weakness() or "")


def test_an_encrypted_default_keyring_is_none(gnome: tuple[Backend, Path]) -> None:
    backend, folder = gnome
    (folder / "login.keyring").write_bytes(b"GnomeKeyring\n\r\x00\n\x00\x00")
    assert backend.weakness() is None


@pytest.mark.parametrize("default", [b"../../etc/passwd", b"\xff\xfe", b"", b".hidden"])
def test_a_strange_file_named_default_is_not_followed(
    gnome: tuple[Backend, Path], default: bytes
) -> None:
    backend, folder = gnome
    (folder / "default").write_bytes(default)
    assert backend.weakness() is None
