"""Proves the program from the mounted disk image, as a user starts it: ``try_image.py FILE.dmg [--keychain]``.

With --keychain a keychain of its own takes the place of the login keychain meanwhile: on a computer that nobody logged
into, as those of CI, the login keychain may be locked, and a question about it would wait for ever.
"""

from __future__ import annotations

import contextlib
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import smoke
from macos import keychains
from macos.dmg import BUSY
from macos.steps import Step, StepError, missing, run

TOOLS = ("hdiutil", "security")
BUNDLE = "Latchlight.app"
USED_BY_PROGRAMS = ("security", "default-keychain", *keychains.USERS)


def attaching(image: Path, place: Path) -> Step:
    """Mounts it where nobody is shown it, and so that nothing can be written."""
    return Step(
        ("hdiutil", "attach", "-nobrowse", "-readonly", "-mountpoint", str(place), str(image))
    )


def detaching(place: Path) -> Step:
    """Unmounts it, even if something still looks at it."""
    return Step(("hdiutil", "detach", "-force", str(place)), passing=BUSY)


@contextlib.contextmanager
def stand_in_keychain(folder: Path) -> Iterator[None]:
    """Programs use a keychain of their own inside; afterwards everything is as it was."""
    others, default = keychains.listed(), keychains.named_in(run([Step(USED_BY_PROGRAMS)]))
    keychain = folder / "proof.keychain-db"
    given_back = [keychains.listing(others), keychains.deleting(keychain)]
    try:
        run(keychains.making(keychain, secrets.token_urlsafe(24)))
        run([keychains.listing([str(keychain)]), Step((*USED_BY_PROGRAMS, "-s", str(keychain)))])
        yield
    finally:
        if keychain.exists():
            run([Step((*USED_BY_PROGRAMS, "-s", *default)), *given_back])


def prove(image: Path, with_keychain: bool) -> bool:
    """Mounts it, proves the program in it, unmounts it."""
    with tempfile.TemporaryDirectory(prefix="latchlight-image-") as name:
        place = Path(name, "mounted")
        place.mkdir()
        run([attaching(image, place)])
        try:
            with stand_in_keychain(Path(name)) if with_keychain else contextlib.nullcontext():
                return smoke.prove(place / BUNDLE)
        finally:
            run([detaching(place)])


def main(arguments: Sequence[str]) -> int:
    """0 only when everything passed; a Mac is needed for it."""
    rest = [word for word in arguments if word != "--keychain"]
    if len(rest) != 1:
        print("Use: python packaging/macos/try_image.py FILE.dmg [--keychain]", file=sys.stderr)
        return 64
    try:
        lacking = missing(TOOLS)
        if lacking:
            raise StepError(f"{', '.join(lacking)} is not here: a disk image is proved on a Mac")
        return 0 if prove(Path(rest[0]).absolute(), len(rest) < len(arguments)) else 1
    except StepError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
