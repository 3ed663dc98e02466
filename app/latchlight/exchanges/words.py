"""An exchange in words: where its switches are, and the steps that every exchange shares.

Each exchange's file fills in `Words` with the labels of its own page; steps and causes are made
from them, so that the same advice reads the same everywhere.
"""

from __future__ import annotations

from latchlight.core.diagnosis import Cause, DiagnosisCode, Likelihood
from latchlight.core.fixes import TICK, UNTICK, Fix, FixKind
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say

_AGAIN = say("Come back here and check again. A change can take a few minutes to act.")


@dataclass(frozen=True)
class Words:
    """The labels and the way to them. Every sentence is one step, in the imperative."""

    name: str
    page: str
    """The https address of the page on which keys are made and changed."""
    whitelist_word: str
    """The exchange's own word for the IP whitelist."""
    open_page: Sentence
    edit_key: Sentence
    save: Sentence
    set_list: tuple[Sentence, ...]
    withdraw_off: Sentence
    transfer_off: Sentence
    read_on: Sentence
    new_key: tuple[Sentence, ...]
    """From the button to the moment in which the secret is shown."""
    key_shape: Sentence
    """How an API key looks: `36 characters in five groups`."""
    wake_up: tuple[Sentence, ...] = ()
    """Where a key as a whole can be read-only: how it is made to work again."""
    elsewhere: Sentence | None = None
    """Where else a key of this name could belong: regions, test networks, demo."""
    passphrase: Sentence | None = None
    again: Sentence = _AGAIN


def cause(words: Words, code: DiagnosisCode, likelihood: Likelihood) -> Cause:
    """One explanation of a refusal with its next step at this exchange."""
    title, next_step = _cause(words, code)
    return Cause(code, likelihood, title, next_step)


def _cause(words: Words, code: DiagnosisCode) -> tuple[Sentence, Sentence]:
    name = words.name
    match code:
        case DiagnosisCode.IP_NOT_WHITELISTED:
            return (
                say("This computer's address is not on the key's list."),
                say(
                    "Compare your public IP with the list on the key's page ({word}); add it if it is missing.",
                    word=words.whitelist_word,
                ),
            )
        case DiagnosisCode.KEY_UNKNOWN:
            return (
                say("The key was deleted, has ended, or was not copied whole."),
                say(
                    "Compare its last characters with the key's page at {name}; if it is not there, make a new key.",
                    name=name,
                ),
            )
        case DiagnosisCode.KEY_MALFORMED:
            return (
                say("The API key is not complete, or key and secret are exchanged."),
                say("Copy the API key again from the page: {shape}.", shape=words.key_shape),
            )
        case DiagnosisCode.WRONG_HOST:
            where = words.elsewhere or say("another region or a test network")
            return (
                say("The key belongs to another site of {name}: {where}.", name=name, where=where),
                say(
                    "Latchlight can ask there too, once you agree (on the command line: --ask-other-hosts)."
                ),
            )
        case DiagnosisCode.WRONG_ENVIRONMENT:
            return (
                say("The key was made for another environment: demo or test instead of live."),
                say("Make a key in the live area, or choose the demo when you add this one."),
            )
        case DiagnosisCode.SIGNATURE_WRONG:
            return (
                say("The secret belongs to another key, or was not copied whole."),
                say(
                    "Copy the secret again. If it is no longer shown, make a new key: {name} shows it only once.",
                    name=name,
                ),
            )
        case DiagnosisCode.PASSPHRASE_WRONG:
            return (
                say("The passphrase is not the one of this key."),
                words.passphrase
                or say("Use the passphrase that you invented when you made the key."),
            )
        case DiagnosisCode.PERMISSION_MISSING:
            return say("The key lacks a right that this question needs."), words.read_on
        case _:
            return _other_cause(words, code)


def _other_cause(words: Words, code: DiagnosisCode) -> tuple[Sentence, Sentence]:
    name = words.name
    match code:
        case DiagnosisCode.CLOCK_OFF:
            return (
                say("The clock of this computer is wrong."),
                say("Switch on automatic time in the system settings, then check again."),
            )
        case DiagnosisCode.KEY_EXPIRED:
            return (
                say("The key has ended."),
                say("Make a new key at {name}, with a whitelist: keys without one end.", name=name),
            )
        case DiagnosisCode.KEY_FROZEN:
            return (
                say("The key is frozen."),
                say(
                    "Log in at {name} and look for a message there, or ask its support.", name=name
                ),
            )
        case DiagnosisCode.ACCOUNT_RESTRICTED:
            return (
                say("The account is under a restriction."),
                say(
                    "Log in at {name} and look for a message there, or ask its support.", name=name
                ),
            )
        case DiagnosisCode.REGION_BLOCKED:
            return (
                say("{name} does not serve the country of this computer's address.", name=name),
                say("Nothing is known about the key. A VPN's exit counts as your country."),
            )
        case DiagnosisCode.MAINTENANCE:
            return (
                say("{name} is not in service at the moment.", name=name),
                say("Nothing is known about the key. Check again later."),
            )
        case DiagnosisCode.EXCHANGE_FAULT:
            return (
                say("{name} has a fault of its own.", name=name),
                say("Nothing is known about the key. Check again in a few minutes."),
            )
        case _:
            return (
                say("{name} refused without saying why.", name=name),
                say("Check again. If it stays, compare key, secret and list on the key's page."),
            )


def fixes(words: Words) -> dict[str, Fix]:
    """Steps by rule id and by diagnosis code."""
    new_key = _new_key(words)
    copy_again = _copy_again(words)
    return {
        "whitelist-off": _fix(
            words, say("Switch the IP whitelist on"), FixKind.LIST, *words.set_list
        ),
        "address-not-whitelisted": _fix(
            words, say("Put this address on the list"), FixKind.LIST, *words.set_list
        ),
        "whitelist-too-wide": _fix(
            words,
            say("Make the list as narrow as your set-up"),
            FixKind.LIST,
            say("Take out every address that is not yours, and ranges that are wider than needed."),
        ),
        "whitelist-stale-entries": _fix(
            words,
            say("Take out what is not yours"),
            FixKind.LIST,
            say("Take the addresses named above out of the list."),
        ),
        "expires-soon": _fix(words, say("Keep the key from ending"), FixKind.LIST, *words.set_list),
        **_fixes_of_rights(words),
        "key-management-on": new_key,
        "key-old": new_key,
        "key-shared": new_key,
        "clock-off": _CLOCK,
        DiagnosisCode.KEY_UNKNOWN.value: new_key,
        DiagnosisCode.KEY_EXPIRED.value: new_key,
        DiagnosisCode.SIGNATURE_WRONG.value: copy_again,
        DiagnosisCode.PASSPHRASE_WRONG.value: copy_again,
        DiagnosisCode.KEY_MALFORMED.value: copy_again,
    }


def _fixes_of_rights(words: Words) -> dict[str, Fix]:
    rights = FixKind.RIGHTS
    return {
        "withdraw-on": _fix(words, say("Switch withdrawals off"), rights, words.withdraw_off),
        "transfer-on": _fix(words, say("Switch transfers off"), rights, words.transfer_off),
        "unknown-permission-on": _fix(
            words,
            say("Switch the unknown right off"),
            rights,
            say("Take the tick out of every right that the bot does not need."),
        ),
        "more-than-purpose": _fix(words, say("Switch off what is not needed"), rights, UNTICK),
        "less-than-purpose": _fix(
            words,
            say("Switch on what the bot needs"),
            rights,
            say("Make sure that the list of addresses is set first."),
            *words.wake_up,
            TICK,
        ),
        DiagnosisCode.PERMISSION_MISSING.value: _fix(
            words, say("Switch reading on"), rights, words.read_on
        ),
    }


_CLOCK = Fix(
    say("Set this computer's clock"),
    (
        say("Open the system's date and time settings."),
        say("Check the time zone, and switch on automatic time."),
        say("Come back here and check again."),
    ),
)


def _fix(words: Words, title: Sentence, kind: FixKind, *steps: Sentence) -> Fix:
    all_steps = (words.open_page, words.edit_key, *steps, words.save, words.again)
    return Fix(title, all_steps, words.page, kind, CONTROLS.get(kind, ()))


CONTROLS: dict[FixKind, tuple[str, ...]] = {
    FixKind.LIST: ("list", "addresses"),
    FixKind.NEW_KEY: ("create", "addresses"),
}
"""Which controls of the drawing are ringed; those of rights are the finding's own."""


def _new_key(words: Words) -> Fix:
    return Fix(
        say("Make a new key"),
        (
            words.open_page,
            *words.new_key,
            say(
                "Add the new key here, and delete the old one at {name}.",
                name=words.name,
            ),
        ),
        words.page,
        FixKind.NEW_KEY,
        CONTROLS[FixKind.NEW_KEY],
    )


def _copy_again(words: Words) -> Fix:
    return Fix(
        say("Copy the key again"),
        (
            words.open_page,
            say("Copy the API key from the page: {shape}.", shape=words.key_shape),
            say("Copy the secret from where you kept it: it is shown only when a key is made."),
            *((words.passphrase,) if words.passphrase is not None else ()),
            say("If you do not have it any more, make a new key there and delete this one."),
            say("Add the key here again."),
        ),
        words.page,
        FixKind.COPY_AGAIN,
    )
