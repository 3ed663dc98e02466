"""Whatever a keyring library raises becomes one of our sentences, with the right code."""

from __future__ import annotations

import sys

import keyring.errors
import pytest

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.vault.refusals import missing, translate
from windows_credentials import FakeWindowsError

MISSING = DiagnosisCode.KEYRING_MISSING
LOCKED = DiagnosisCode.KEYRING_LOCKED
DENIED = DiagnosisCode.KEYRING_DENIED
MISMATCH = DiagnosisCode.KEYRING_MISMATCH


class MacError(Exception):
    """Stands for keyring.backends.macOS.api.Error."""


MacError.__module__ = "keyring.backends.macOS.api"


def storage_error(name: str) -> type[Exception]:
    """Stands for a class of secretstorage, which is on Linux only. They are known by their names."""
    return type(name, (Exception,), {"__module__": "secretstorage.exceptions"})


StorageGone = storage_error("SecretServiceNotAvailableException")
StorageLocked = storage_error("LockedException")
Dismissed = storage_error("PromptDismissedException")
ItemNotFound = storage_error("ItemNotFoundException")


class BusError(Exception):
    """Stands for the D-Bus errors of jeepney (`name`)."""

    def __init__(self, name: str) -> None:
        super().__init__("text of the bus")
        self.name = name


class OldBusError(Exception):
    """Stands for the D-Bus errors of python-dbus (`get_dbus_name()`)."""

    def get_dbus_name(self) -> str:
        return "org.freedesktop.DBus.Error.ServiceUnknown"


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (keyring.errors.NoKeyringError("install keyrings.alt"), MISSING),
        (keyring.errors.InitError("Failed to create the collection"), MISSING),
        (caused(keyring.errors.InitError("x"), Dismissed("x")), MISSING),
        (
            caused(keyring.errors.InitError("x"), StorageGone("x")),
            MISSING,
        ),
        (keyring.errors.KeyringLocked("x"), LOCKED),
        (keyring.errors.PasswordSetError("x"), DENIED),
        (keyring.errors.KeyringError("x"), DENIED),
        (StorageGone("x"), MISSING),
        (StorageLocked("x"), LOCKED),
        (Dismissed("x"), LOCKED),
        (ItemNotFound("x"), MISMATCH),
        (BusError("org.freedesktop.Secret.Error.IsLocked"), LOCKED),
        (BusError("org.freedesktop.DBus.Error.AccessDenied"), DENIED),
        (BusError("org.freedesktop.DBus.Error.Disconnected"), MISSING),
        (BusError("something.new"), DENIED),
        (OldBusError("x"), MISSING),
        (FakeWindowsError(1312, "CredWrite"), DENIED),
        (FakeWindowsError(1783, "CredWrite"), DENIED),
        (FakeWindowsError(5, "CredRead"), DENIED),
        (caused(keyring.errors.KeyringLocked("x"), MacError(-128, "x")), DENIED),
        (caused(keyring.errors.KeyringError("x"), MacError(-25293, "x")), DENIED),
        (caused(keyring.errors.KeyringError("x"), MacError(-25308, "x")), LOCKED),
        (caused(keyring.errors.PasswordSetError("x"), MacError(-1, "x")), DENIED),
        (ConnectionResetError("x"), MISSING),
        (BrokenPipeError("x"), MISSING),
        (EOFError("x"), MISSING),
        (FileNotFoundError(2, "socket"), MISSING),
        (OSError(5, "EIO is not Windows' access denied"), DENIED),
        (PermissionError("x"), DENIED),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), DENIED),
        (ValueError("x"), DENIED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.value,
)
def test_every_exception_becomes_a_sentence_of_ours(error: Exception, code: DiagnosisCode) -> None:
    refusal = translate(error)
    assert refusal.code is code
    assert refusal.message
    assert refusal.next_step
    assert "keyrings.alt" not in str(refusal)
    assert refusal.__cause__ is None


@pytest.mark.parametrize("stand_in", [StorageGone, StorageLocked, Dismissed, ItemNotFound])
def test_the_library_has_classes_of_these_names(stand_in: type[Exception]) -> None:
    import secretstorage.exceptions as storage

    real = getattr(storage, stand_in.__name__)
    assert (real.__module__, real.__qualname__) == (stand_in.__module__, stand_in.__qualname__)


def test_windows_session_without_vault_is_explained() -> None:
    assert "administrator" in translate(FakeWindowsError(1312, "CredWrite")).next_step


def test_a_keyring_never_set_up_is_not_called_locked() -> None:
    dismissed = caused(keyring.errors.InitError("x"), Dismissed("x"))
    assert "not been set up" in translate(dismissed).message


def test_an_input_output_error_is_not_taken_for_windows_access_denied() -> None:
    assert "did not carry out" in translate(OSError(5, "x")).message


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_no_keyring_says_how_to_get_one_and_that_checking_works_without(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert "without saving" in missing().next_step


def test_a_chain_of_causes_that_bites_its_tail_ends() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert translate(first).code is DENIED
