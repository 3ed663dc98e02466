"""A keychain of our own: made, used and gone again, with the user's list of keychains as it was before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from macos.steps import Step, run

USERS = ("-d", "user")


def named_in(listing: str) -> list[str]:
    """The keychains of a listing: one in quotation marks on each line."""
    return [line.strip().strip('"') for line in listing.splitlines() if line.strip()]


def listed() -> list[str]:
    """The keychains that programs look into."""
    return named_in(run([Step(("security", "list-keychains", *USERS))]))


def listing(keychains: Sequence[str]) -> Step:
    """Makes these the ones that programs look into."""
    return Step(("security", "list-keychains", *USERS, "-s", *keychains))


def making(keychain: Path, word: str, *settings: str) -> list[Step]:
    """A new one, open. Without settings it stays open until it is deleted."""
    place, covered = str(keychain), frozenset((word,))
    return [
        Step(("security", "create-keychain", "-p", word, place), covered),
        Step(("security", "set-keychain-settings", *settings, place)),
        Step(("security", "unlock-keychain", "-p", word, place), covered),
    ]


def deleting(keychain: Path) -> Step:
    """With everything in it."""
    return Step(("security", "delete-keychain", str(keychain)))
