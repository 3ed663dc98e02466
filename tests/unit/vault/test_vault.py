"""Saved means read back equal, deleted means gone, and nothing blocks for longer than it says."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyring_double import MemoryKeyring
from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import VaultError
from latchlight.vault import Vault
from latchlight.vault.names import every_service_name, service_name

ENTRY = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2
KEY = "CanaryKeyCanaryKeyCanaryKeyCa9f2"
SECRET = "CanarySecretCanarySecretCanary71"
LONG = (
    "-----BEGIN PRIVATE KEY-----\n" + "\n".join("A" * 64 for _ in range(51)) + "\n-----END-----\n"
)


def credentials(
    key: str = KEY,
    secret: str = SECRET,
    passphrase: str | None = None,
    kind: KeyKind = KeyKind.HMAC,
) -> Credentials:
    hidden = None if passphrase is None else Secret(passphrase)
    return Credentials(Secret(key), Secret(secret), kind, hidden, key_hint(key))


def same(first: Credentials, second: Credentials) -> bool:
    return (
        first.api_key == second.api_key
        and first.secret == second.secret
        and first.passphrase == second.passphrase
        and (first.kind, first.hint) == (second.kind, second.hint)
    )


@pytest.fixture(params=[True, False], ids=["searchable", "not-searchable"])
def keyring(request: pytest.FixtureRequest) -> MemoryKeyring:
    return MemoryKeyring(searchable=request.param)


@pytest.fixture
def vault(keyring: MemoryKeyring) -> Vault:
    return Vault(keyring, timeout=20)


def refused(code: DiagnosisCode, act: Callable[[], object]) -> VaultError:
    """Run `act`, which must be refused with `code` and without a trace of the secrets."""
    with pytest.raises(VaultError) as caught:
        act()
    error = caught.value
    assert error.code is code
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(error.args)
    assert KEY not in shown
    assert SECRET not in shown
    return error


# --- round trips ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KeyKind))
def test_a_saved_key_is_loaded_unchanged(vault: Vault, kind: KeyKind) -> None:
    saved = credentials(passphrase="päss phrase 🔑", kind=kind)
    vault.save(ENTRY, saved)
    assert same(vault.load(ENTRY, expected_hint=saved.hint), saved)


@given(secret=st.text(), passphrase=st.none() | st.text(), key=st.text())
def test_any_text_survives(key: str, secret: str, passphrase: str | None) -> None:
    vault = Vault(MemoryKeyring())
    saved = credentials(key, secret, passphrase)
    vault.save(ENTRY, saved)
    assert same(vault.load(ENTRY, expected_hint=saved.hint), saved)


def test_a_long_private_key_is_saved_in_parts_that_fit_windows(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.save(ENTRY, credentials(secret=LONG))
    assert len(keyring.items) > 1
    assert all(len(value.encode("utf-16-le")) <= 2000 for _, value in keyring.items)
    assert vault.load(ENTRY, expected_hint=key_hint(KEY)).secret == Secret(LONG)


def test_the_head_is_written_last(vault: Vault, keyring: MemoryKeyring) -> None:
    vault.save(ENTRY, credentials(secret=LONG))
    written = [service for step, service in keyring.calls if step == "write"]
    assert written[-1] == service_name(ENTRY, 0)
    assert len(written) > 1


def test_every_part_is_read_back_before_the_next_is_written(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.save(ENTRY, credentials(secret=LONG))
    calls = keyring.calls
    written = [at for at, (step, _) in enumerate(calls) if step == "write"]
    assert all(calls[at + 1] == ("read", calls[at][1]) for at in written)


def test_item_names_tell_nothing_of_the_key(vault: Vault, keyring: MemoryKeyring) -> None:
    vault.save(ENTRY, credentials())
    assert set(keyring.names()) <= set(every_service_name(ENTRY))
    assert KEY[-4:] not in "".join(keyring.names())


@pytest.mark.parametrize(
    "entry", ["", "x" * 32, ENTRY.upper(), ENTRY + "0", "../" * 8, ENTRY + "\n"]
)
def test_an_entry_that_is_not_32_hex_digits_is_a_mistake_of_the_caller(entry: str) -> None:
    with pytest.raises(ValueError, match="32 hex digits"):
        Vault(MemoryKeyring()).load(entry, expected_hint="")


def test_a_key_longer_than_any_keyring_takes_is_refused_before_anything_is_removed(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.save(ENTRY, credentials())
    refused(
        DiagnosisCode.KEYRING_DENIED, lambda: vault.save(ENTRY, credentials(secret="x" * 20000))
    )
    assert vault.load(ENTRY, expected_hint=key_hint(KEY)).secret == Secret(SECRET)


# --- rotation and deletion -----------------------------------------------------------------------


def test_kr10_rotation_leaves_nothing_of_the_old_secret(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.save(ENTRY, credentials(secret=LONG))
    vault.save(ENTRY, credentials(secret="new"))
    assert "AAAA" not in "".join(value for _, value in keyring.items)
    assert vault.load(ENTRY, expected_hint=key_hint(KEY)).secret == Secret("new")


def test_a_deleted_key_is_gone_with_all_its_parts(vault: Vault, keyring: MemoryKeyring) -> None:
    vault.save(ENTRY, credentials(secret=LONG))
    vault.save(OTHER, credentials())
    vault.delete(ENTRY)
    assert not set(keyring.names()) & set(every_service_name(ENTRY))
    assert not vault.exists(ENTRY)
    assert vault.exists(OTHER)


def test_deleting_twice_is_fine(vault: Vault, keyring: MemoryKeyring) -> None:
    vault.save(ENTRY, credentials())
    vault.delete(ENTRY)
    vault.delete(ENTRY)
    assert keyring.items == []


def test_parts_without_a_head_are_deleted_too(vault: Vault, keyring: MemoryKeyring) -> None:
    keyring.items = [(service_name(ENTRY, 7), "rest of an interrupted save")]
    vault.delete(ENTRY)
    assert keyring.items == []


def test_kr12_what_could_not_be_deleted_is_said(vault: Vault, keyring: MemoryKeyring) -> None:
    vault.save(ENTRY, credentials())
    keyring.removes = False
    error = refused(DiagnosisCode.KEYRING_MISMATCH, lambda: vault.delete(ENTRY))
    assert "still in the system keyring" in error.message


def test_kr14_leftovers_are_entries_of_ours_that_nobody_knows() -> None:
    keyring = MemoryKeyring()
    vault = Vault(keyring)
    vault.save(ENTRY, credentials(secret=LONG))
    vault.save(OTHER, credentials())
    keyring.items += [("somebody@else", "x"), ("latchlight:not-ours", "x")]
    assert vault.leftovers([OTHER]) == [ENTRY]


def test_a_keyring_that_cannot_be_searched_says_so_instead_of_none_left() -> None:
    assert Vault(MemoryKeyring(searchable=False)).leftovers([]) is None


# --- saving that goes wrong ----------------------------------------------------------------------


def nothing_left(keyring: MemoryKeyring) -> bool:
    return keyring.items == []


@pytest.mark.parametrize(
    "given_back",
    [
        lambda value: None,
        lambda value: value and value + "\n",
        lambda value: value and value[:-1],
        lambda value: value and value.encode(),
        lambda value: value and value.replace("a", "á"),
        lambda value: value and "",
    ],
    ids=["nothing", "newline", "cut", "bytes", "other-letters", "empty"],
)
@pytest.mark.parametrize("secret", [SECRET, LONG], ids=["one-part", "five-parts"])
def test_kr03_kr15_what_is_not_given_back_equal_is_not_saved(
    vault: Vault,
    keyring: MemoryKeyring,
    given_back: Callable[[str | None], str | None],
    secret: str,
) -> None:
    keyring.given_back = given_back
    error = refused(
        DiagnosisCode.KEYRING_MISMATCH, lambda: vault.save(ENTRY, credentials(secret=secret))
    )
    assert "not saved" in error.message
    keyring.given_back = lambda value: value
    assert nothing_left(keyring)


def test_kr03_a_keyring_that_forgets_everything_is_noticed(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    keyring.keeps = False
    error = refused(DiagnosisCode.KEYRING_MISMATCH, lambda: vault.save(ENTRY, credentials()))
    assert "not saved" in error.message


def test_kr09_an_item_planted_during_a_save_makes_it_fail() -> None:
    keyring = MemoryKeyring()
    vault = Vault(keyring)

    def plant(service: str, value: str) -> None:
        keyring.items.append((service, value))

    keyring.before_write = plant
    refused(DiagnosisCode.KEYRING_MISMATCH, lambda: vault.save(ENTRY, credentials()))
    assert nothing_left(keyring)


def test_a_write_that_fails_half_way_leaves_nothing(vault: Vault, keyring: MemoryKeyring) -> None:
    def third_write_fails(service: str, value: str) -> None:
        if len(keyring.items) == 2:
            raise OSError(SECRET)

    keyring.before_write = third_write_fails
    refused(DiagnosisCode.KEYRING_DENIED, lambda: vault.save(ENTRY, credentials(secret=LONG)))
    assert nothing_left(keyring)


def test_what_cannot_be_taken_back_after_a_failed_save_is_said(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    def breaks_down(service: str, value: str) -> None:
        keyring.removes = False
        if len(keyring.items) == 1:
            raise OSError(SECRET)

    keyring.before_write = breaks_down
    error = refused(
        DiagnosisCode.KEYRING_DENIED, lambda: vault.save(ENTRY, credentials(secret=LONG))
    )
    assert "may have stayed" in error.message


def test_the_old_key_that_cannot_be_removed_stops_the_new_one(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.save(ENTRY, credentials())
    keyring.removes = False
    refused(DiagnosisCode.KEYRING_MISMATCH, lambda: vault.save(ENTRY, credentials(secret="new")))
    assert '"new"' not in "".join(value for _, value in keyring.items)


# --- reading that goes wrong ---------------------------------------------------------------------


def test_an_absent_key_is_called_absent(vault: Vault) -> None:
    error = refused(
        DiagnosisCode.KEYRING_MISMATCH, lambda: vault.load(ENTRY, expected_hint=key_hint(KEY))
    )
    assert error.message == "The keyring has no entry for this key."


def test_kr16_denied_is_not_absent(vault: Vault, keyring: MemoryKeyring) -> None:
    vault.save(ENTRY, credentials())

    def deny(service: str) -> None:
        raise PermissionError(KEY)

    keyring.before_read = deny
    error = refused(
        DiagnosisCode.KEYRING_DENIED, lambda: vault.load(ENTRY, expected_hint=key_hint(KEY))
    )
    assert "refused access" in error.message


def test_kr09_two_items_under_one_name_are_ambiguous() -> None:
    keyring = MemoryKeyring()
    vault = Vault(keyring)
    vault.save(ENTRY, credentials())
    keyring.items.append((service_name(ENTRY, 0), "planted"))
    error = refused(
        DiagnosisCode.KEYRING_MISMATCH, lambda: vault.load(ENTRY, expected_hint=key_hint(KEY))
    )
    assert "two entries" in error.message


def test_kr09_saving_again_cleans_a_double_up() -> None:
    keyring = MemoryKeyring()
    vault = Vault(keyring)
    keyring.items = [(service_name(ENTRY, 0), "planted"), (service_name(ENTRY, 0), "planted too")]
    vault.save(ENTRY, credentials())
    assert keyring.names() == [service_name(ENTRY, 0)]


def test_kr19_the_key_of_another_entry_under_this_name_is_refused(
    vault: Vault, keyring: MemoryKeyring
) -> None:
    vault.save(OTHER, credentials())
    keyring.items = [(service_name(ENTRY, 0), value) for _, value in keyring.items]
    refused(DiagnosisCode.KEYRING_MISMATCH, lambda: vault.load(ENTRY, expected_hint=key_hint(KEY)))


def test_another_key_than_the_one_in_the_list_is_refused(vault: Vault) -> None:
    vault.save(ENTRY, credentials())
    error = refused(
        DiagnosisCode.KEYRING_MISMATCH, lambda: vault.load(ENTRY, expected_hint="…zzzz")
    )
    assert "another key" in error.message


def test_kr18_a_missing_part_is_refused(vault: Vault, keyring: MemoryKeyring) -> None:
    vault.save(ENTRY, credentials(secret=LONG))
    del keyring.items[0]
    refused(DiagnosisCode.KEYRING_MISMATCH, lambda: vault.load(ENTRY, expected_hint=key_hint(KEY)))


# --- time ----------------------------------------------------------------------------------------


class Gate:
    """A step that blocks until the test opens it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def wait(self, *_: str) -> None:
        self.reached.set()
        assert self.opened.wait(20)


def workers_are_done() -> None:
    for thread in threading.enumerate():
        if thread.name == "latchlight-keyring":
            thread.join(20)
            assert not thread.is_alive()


def test_kr06_a_keyring_that_does_not_answer_is_given_up() -> None:
    keyring, gate = MemoryKeyring(), Gate()
    vault = Vault(keyring, timeout=0.05)
    keyring.items = [(service_name(ENTRY, 0), "x")]
    keyring.before_read = gate.wait
    error = refused(
        DiagnosisCode.KEYRING_LOCKED, lambda: vault.load(ENTRY, expected_hint=key_hint(KEY))
    )
    assert "password window" in error.message
    gate.opened.set()
    workers_are_done()


@pytest.mark.parametrize("step", ["before_write", "before_read"])
@pytest.mark.parametrize("secret", [SECRET, LONG], ids=["one-part", "five-parts"])
def test_kr05_a_save_that_was_given_up_takes_back_what_it_wrote(step: str, secret: str) -> None:
    keyring, gate = MemoryKeyring(), Gate()
    vault = Vault(keyring, timeout=0.5)
    setattr(keyring, step, gate.wait)
    refused(DiagnosisCode.KEYRING_LOCKED, lambda: vault.save(ENTRY, credentials(secret=secret)))
    assert gate.reached.is_set()
    gate.opened.set()
    workers_are_done()
    assert nothing_left(keyring)


def test_a_save_after_one_that_was_given_up_waits_for_its_end() -> None:
    keyring, gate = MemoryKeyring(), Gate()
    patient, hasty = Vault(keyring, timeout=20), Vault(keyring, timeout=0.05)
    hasty._locks = patient._locks
    keyring.before_write = gate.wait
    refused(DiagnosisCode.KEYRING_LOCKED, lambda: hasty.save(ENTRY, credentials(secret="given up")))
    keyring.before_write = lambda service, value: None
    again = threading.Thread(target=lambda: patient.save(ENTRY, credentials(secret="second")))
    again.start()
    gate.opened.set()
    again.join(20)
    assert patient.load(ENTRY, expected_hint=key_hint(KEY)).secret == Secret("second")


def test_keys_do_not_wait_for_each_other() -> None:
    keyring, gate = MemoryKeyring(), Gate()
    vault = Vault(keyring, timeout=20)
    vault.save(OTHER, credentials())

    def block_the_first(service: str) -> None:
        if ENTRY in service:
            gate.wait()

    keyring.before_read = block_the_first
    keyring.items.append((service_name(ENTRY, 0), "x"))
    blocked = threading.Thread(target=lambda: refused_or_not(vault))
    blocked.start()
    assert gate.reached.wait(20)
    assert vault.load(OTHER, expected_hint=key_hint(KEY)).secret == Secret(SECRET)
    gate.opened.set()
    blocked.join(20)


def refused_or_not(vault: Vault) -> None:
    refused(DiagnosisCode.KEYRING_MISMATCH, lambda: vault.load(ENTRY, expected_hint=key_hint(KEY)))


def test_cp09_no_thread_left_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    vault = Vault(MemoryKeyring())
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_thread)
        refused(DiagnosisCode.KEYRING_DENIED, lambda: vault.exists(ENTRY))


# --- self-test -----------------------------------------------------------------------------------


def test_the_self_test_leaves_nothing(vault: Vault, keyring: MemoryKeyring) -> None:
    vault.self_test()
    assert any(step == "write" for step, _ in keyring.calls)
    assert nothing_left(keyring)


def test_the_self_test_refuses_a_keyring_that_forgets(vault: Vault, keyring: MemoryKeyring) -> None:
    keyring.keeps = False
    refused(DiagnosisCode.KEYRING_MISMATCH, vault.self_test)


def test_the_name_of_the_keyring_is_shown(vault: Vault) -> None:
    assert vault.name == "Keyring in memory"
    assert vault.weakness() is None
