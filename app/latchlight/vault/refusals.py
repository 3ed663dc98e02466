"""What is said when the keyring does not do what was asked: fixed sentences, never its own words.

The libraries raise many classes, some of them outside `keyring.errors`, and their texts advise things
that we do not want (an unsafe back-end, for one). They are recognised here by name, which needs no
import, and replaced.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import VaultError
from latchlight.core.sentences import Sentence, say

_TRY_AGAIN = say("Try again. If it stays like this, log out of the computer and in again.")


def missing() -> VaultError:
    """There is no keyring that we would use."""
    return VaultError(
        DiagnosisCode.KEYRING_MISSING,
        say(
            "This computer has no system keyring that Latchlight can use, so nothing can be stored."
        ),
        _how_to_get_one(),
    )


def _how_to_get_one() -> Sentence:
    if sys.platform == "win32":
        return say(
            "Start Latchlight from your own Windows session, not as a service or over a remote shell."
            " Until then, check the key without saving it."
        )
    if sys.platform == "darwin":
        return say(
            "Start Latchlight from your own Mac session, not over a remote shell."
            " Until then, check the key without saving it."
        )
    return say(
        "Install GNOME Keyring (package gnome-keyring) or KWallet and log in again."
        " Until then, check the key without saving it."
    )


def stopped() -> VaultError:
    """The keyring went away."""
    return VaultError(
        DiagnosisCode.KEYRING_MISSING,
        say("The system keyring has stopped running."),
        say("Log out of the computer and in again, then repeat this step."),
    )


def not_set_up() -> VaultError:
    """The keyring service runs, but holds no keyring yet and none was created."""
    return VaultError(
        DiagnosisCode.KEYRING_MISSING,
        say("The system keyring has not been set up yet."),
        say(
            "Try again and choose a password in the window that the system shows. Do not leave it empty."
            " On a server without a screen, check the key without saving it."
        ),
    )


def locked() -> VaultError:
    """It asks for its password, or that question was cancelled."""
    return VaultError(
        DiagnosisCode.KEYRING_LOCKED,
        say("The system keyring is locked."),
        say("Unlock it with its password, then try again."),
    )


def no_answer() -> VaultError:
    """Nothing came back in time."""
    return VaultError(
        DiagnosisCode.KEYRING_LOCKED,
        say(
            "The system keyring does not answer. It may be waiting for you in its password window."
        ),
        say("Look for that window, possibly behind this one, answer it and try again."),
    )


def denied() -> VaultError:
    """It is there and does not let us in."""
    return VaultError(
        DiagnosisCode.KEYRING_DENIED,
        say("The system keyring refused access. This does not mean that the key is gone."),
        say("Try again and allow Latchlight when the system asks."),
    )


def failed() -> VaultError:
    """It reported a fault that we do not know."""
    return VaultError(
        DiagnosisCode.KEYRING_DENIED,
        say("The system keyring did not carry out the request."),
        _TRY_AGAIN,
    )


def no_session() -> VaultError:
    """Windows error 1312: no logon session that has a vault."""
    return VaultError(
        DiagnosisCode.KEYRING_DENIED,
        say("Windows gives this session no access to its Credential Manager."),
        say(
            "Start Latchlight from your own desktop session and not as administrator. On a company"
            " computer a policy may forbid storing credentials: then check the key without saving it."
        ),
    )


def too_long() -> VaultError:
    """More than the keyring can hold."""
    return VaultError(
        DiagnosisCode.KEYRING_DENIED,
        say("The key is too long for the system keyring and was not saved."),
        say("Use an Ed25519 key: it is short and at least as safe."),
    )


def not_saved() -> VaultError:
    """What was read back is not what was written."""
    return VaultError(
        DiagnosisCode.KEYRING_MISMATCH,
        say("The key was not saved: the system keyring did not give back what was stored."),
        _TRY_AGAIN,
    )


def not_saved_and_left(why: VaultError) -> VaultError:
    """Saving failed, and what was written before could not be removed."""
    return VaultError(
        why.code,
        say("The key was not saved, and a part of it may have stayed in the system keyring."),
        say(
            "Open your system's keyring program and remove the items that begin with “latchlight:”."
        ),
    )


def absent() -> VaultError:
    """The keyring answered and has no such entry."""
    return VaultError(
        DiagnosisCode.KEYRING_MISMATCH,
        say("The keyring has no entry for this key."),
        say("Enter the key again, or remove it from the list."),
    )


def altered() -> VaultError:
    """The entry is there, but not as we wrote it."""
    return VaultError(
        DiagnosisCode.KEYRING_MISMATCH,
        say("The keyring entry of this key is incomplete or was changed by another program."),
        say("Enter the key again. It will not be used as it is."),
    )


def other_key() -> VaultError:
    """The entry holds a sound key, but not the one that belongs to this label."""
    return VaultError(
        DiagnosisCode.KEYRING_MISMATCH,
        say("The keyring entry belongs to another key than the one in the list."),
        say("Enter the key again, or remove it from the list."),
    )


def ambiguous() -> VaultError:
    """Two items answer to the same name."""
    return VaultError(
        DiagnosisCode.KEYRING_MISMATCH,
        say("The keyring holds two entries under the name of this key, and only one can be right."),
        say("Enter the key again: both are then removed and replaced."),
    )


def still_there(count: int) -> VaultError:
    """Deleting did not remove everything."""
    return VaultError(
        DiagnosisCode.KEYRING_MISMATCH,
        say("The key is still in the system keyring: items left: {count}.", count=count),
        say(
            "Open your system's keyring program and remove the items that begin with “latchlight:”."
        ),
    )


_BY_CLASS: dict[str, Callable[[], VaultError]] = {
    "keyring.errors.NoKeyringError": missing,
    "keyring.errors.InitError": not_set_up,
    "keyring.errors.KeyringLocked": locked,
    "secretstorage.exceptions.SecretServiceNotAvailableException": stopped,
    "secretstorage.exceptions.LockedException": locked,
    "secretstorage.exceptions.PromptDismissedException": locked,
    "secretstorage.exceptions.ItemNotFoundException": absent,
    "builtins.ConnectionError": stopped,
    "builtins.EOFError": stopped,
    "builtins.FileNotFoundError": stopped,
    "builtins.PermissionError": denied,
    "builtins.TimeoutError": no_answer,
}

_BY_NUMBER: dict[int, Callable[[], VaultError]] = {
    1312: no_session,  # ERROR_NO_SUCH_LOGON_SESSION
    1783: too_long,  # RPC_X_BAD_STUB_DATA: what CredWrite says above 2,560 bytes
    5: denied,  # ERROR_ACCESS_DENIED
    1223: denied,  # ERROR_CANCELLED
    -128: denied,  # errSecUserCanceled
    -25293: denied,  # errSecAuthFailed
    -67030: denied,  # errSecCSInfoPlistFailed: the program is not signed as the one that stored it
    -34018: denied,  # errSecMissingEntitlement
    -25308: locked,  # errSecInteractionNotAllowed
}

_BY_DBUS_NAME: dict[str, Callable[[], VaultError]] = {
    "org.freedesktop.Secret.Error.IsLocked": locked,
    "org.freedesktop.Secret.Error.NoSuchObject": absent,
    "org.freedesktop.DBus.Error.AccessDenied": denied,
    "org.freedesktop.DBus.Error.AuthFailed": denied,
    "org.freedesktop.DBus.Error.NoReply": stopped,
    "org.freedesktop.DBus.Error.ServiceUnknown": stopped,
    "org.freedesktop.DBus.Error.Disconnected": stopped,
    "org.freedesktop.DBus.Error.NoServer": stopped,
}


def translate(error: BaseException) -> VaultError:
    """Our sentence for an exception of a keyring library. Takes over nothing of its text.

    A library often wraps the exception that knows more: the innermost one that is recognised counts.
    """
    refusal: VaultError | None = None
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            break
        refusal = _recognise(seen) or refusal
        seen = seen.__cause__
    if refusal is None:
        return failed()
    return _unless_only_unset(error, refusal)


def _unless_only_unset(error: BaseException, refusal: VaultError) -> VaultError:
    """A dismissed question of InitError asked for a new keyring, not for a password."""
    creating = "keyring.errors.InitError" in _class_names(error)
    return not_set_up() if creating and refusal.code is DiagnosisCode.KEYRING_LOCKED else refusal


def _recognise(error: BaseException) -> VaultError | None:
    refuse = _BY_NUMBER.get(_number(error)) or _BY_DBUS_NAME.get(_dbus_name(error))
    if refuse is not None:
        return refuse()
    for name in _class_names(error):
        if name in _BY_CLASS:
            return _BY_CLASS[name]()
    return None


def _class_names(error: BaseException) -> list[str]:
    return [f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__]


def _number(error: BaseException) -> int:
    """The number of a Windows or macOS error, 0 for everything else."""
    module = type(error).__module__
    if module == "builtins":
        return 0  # an OSError's first argument is an errno: another list of numbers
    number = getattr(error, "winerror", None)
    if number is None and error.args and module.startswith("keyring.backends.macOS"):
        number = error.args[0]
    return number if type(number) is int else 0


def _dbus_name(error: BaseException) -> str:
    """The name of a D-Bus error, however the library calls it."""
    name = getattr(error, "name", None)
    if name is None:
        ask = getattr(error, "get_dbus_name", None)
        name = ask() if callable(ask) else None
    return name if isinstance(name, str) else ""
