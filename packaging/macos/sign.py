"""Signs Latchlight.app from the inside out, or a disk image.

``python packaging/macos/sign.py LATCHLIGHT.app | FILE.dmg``

With a Developer ID (variables below) every Mach-O file gets the hardened runtime and a time stamp of Apple's; the
certificate lives in a keychain of its own that is gone afterwards. Without one the bundle is signed ad hoc, because
Macs with Apple's processors start nothing unsigned. ``codesign --deep`` is never used: it gives every part the
entitlements of the whole and overlooks what is not where it expects code.

MACOS_CERTIFICATE            the certificate with its key, a .p12 file in base64
MACOS_CERTIFICATE_PASSWORD   what opens it
MACOS_SIGNING_IDENTITY       its name: Developer ID Application: NAME (TEAM)
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from macos import keychains
from macos.macho import slices_of
from macos.plist import COMMAND_LINE, IDENTIFIER, WINDOW
from macos.steps import Step, exit_code, missing, run
from signing_duty import DutyError, pass_over

ENTITLEMENTS = Path(__file__).resolve().with_name("entitlements.plist")
CERTIFICATE = "MACOS_CERTIFICATE"
PASSWORD = "MACOS_CERTIFICATE_PASSWORD"  # noqa: S105  the name of a variable
IDENTITY = "MACOS_SIGNING_IDENTITY"
AD_HOC = "-"
TOOLS = ("codesign", "security")
STAMPING = ("timestamp",)
"""Apple's time stamps are not to be had every time, and a bundle needs a hundred of them."""
NO_TOOLS = (
    "Nothing was signed: {tools} is not here. Signing needs a Mac with Apple's command line tools."
)
NO_CERTIFICATE = (
    "There is no Developer ID certificate here (MACOS_CERTIFICATE), so the program is signed ad hoc. People must "
    "allow it once in System Settings > Privacy & Security, and the Keychain asks again after each update."
)
NO_IMAGE_SIGNATURE = "There is no Developer ID certificate here, so the disk image stays unsigned."
INCOMPLETE = "Some of {names} are set and some are not. Set all of them, or none."


class IncompleteError(Exception):
    """Half a certificate: a mistake of whoever set it up, never to be passed over."""


@dataclass(frozen=True)
class Certificate:
    """What a Developer ID signature needs."""

    identity: str
    archive: bytes = field(repr=False)
    password: str = field(repr=False)


def certificate_from(environment: Mapping[str, str]) -> Certificate | None:
    """The certificate that CI was given, None without one. Raises IncompleteError for a part of one."""
    names = (CERTIFICATE, PASSWORD, IDENTITY)
    given = [environment.get(name, "").strip() for name in names]
    if not any(given):
        return None
    if not all(given):
        raise IncompleteError(INCOMPLETE.format(names=", ".join(names)))
    try:
        archive = base64.b64decode("".join(given[0].split()), validate=True)
    except binascii.Error as error:
        raise IncompleteError(f"{CERTIFICATE} is not base64.") from error
    return Certificate(identity=given[2], archive=archive, password=given[1])


def parts_of(app: Path) -> list[Path]:
    """Everything in the bundle that carries a signature of its own, the innermost first, the bundle itself last."""
    files = [path for path in app.rglob("*") if path.is_file() and not path.is_symlink()]
    code = [path for path in files if slices_of(path)]
    frameworks = {version_of_framework(path) for path in code} - {None}
    whole = app / "Contents" / "MacOS" / WINDOW  # signed with the bundle, whose program it is
    parts = [path for path in [*code, *frameworks] if path is not None and path != whole]
    return [*sorted(parts, key=lambda path: (-len(path.parts), str(path))), app]


def version_of_framework(path: Path) -> Path | None:
    """The folder ``X.framework/Versions/A`` around a file, which is what is signed of a framework."""
    for folder in path.parents:
        if folder.parent.name == "Versions" and folder.parent.parent.suffix == ".framework":
            return folder
    return None


def signing(part: Path, app: Path, identity: str) -> Step:
    """The command that signs one part."""
    words = ["codesign", "--force", "--sign", identity]
    if identity == AD_HOC:
        words.append("--timestamp=none")
    else:
        words += ["--timestamp", "--options", "runtime"]
        if part in (app, app / "Contents" / "MacOS" / COMMAND_LINE):
            words += ["--entitlements", str(ENTITLEMENTS)]
    if part == app / "Contents" / "MacOS" / COMMAND_LINE:
        # Its own name would be that of the file. One name for both: an item of the Keychain that the window made is
        # then readable for the command line, as the user expects.
        words += ["--identifier", IDENTIFIER]
    return Step((*words, str(part)), passing=STAMPING)


def plan_for_app(app: Path, identity: str) -> list[Step]:
    """Signs the whole bundle, then looks whether the signature holds."""
    verified = Step(("codesign", "--verify", "--strict", "--deep", "--verbose=2", str(app)))
    return [*(signing(part, app, identity) for part in parts_of(app)), verified]


def plan_for_image(image: Path, identity: str) -> list[Step]:
    """Signs a disk image."""
    return [
        Step(
            ("codesign", "--force", "--sign", identity, "--timestamp", str(image)), passing=STAMPING
        ),
        Step(("codesign", "--verify", "--strict", "--verbose=2", str(image))),
    ]


def plan_to_open(
    keychain: Path, archive: Path, password: str, word: str, others: Sequence[str]
) -> list[Step]:
    """Puts the certificate into a keychain of its own, which only codesign may use without asking."""
    place, covered = str(keychain), frozenset((password, word))
    bring_in = ("security", "import", str(archive), "-k", place, "-f", "pkcs12", "-P", password)
    let_codesign = ("security", "set-key-partition-list", "-S", "apple-tool:,apple:,codesign:")
    return [
        *keychains.making(keychain, word, "-lut", "3600"),
        Step((*bring_in, "-T", "/usr/bin/codesign"), covered),
        Step((*let_codesign, "-s", "-k", word, place), covered),
        keychains.listing([place, *others]),
    ]


@contextlib.contextmanager
def keychain_with(certificate: Certificate) -> Iterator[None]:
    """The certificate can be used inside; afterwards nothing of it is left."""
    others = keychains.listed()
    with tempfile.TemporaryDirectory(prefix="latchlight-signing-") as folder:
        archive, keychain = Path(folder, "certificate.p12"), Path(folder, "signing.keychain-db")
        archive.touch(mode=0o600)
        archive.write_bytes(certificate.archive)
        word = secrets.token_urlsafe(32)
        try:
            run(plan_to_open(keychain, archive, certificate.password, word, others))
            archive.unlink()
            yield
        finally:
            if keychain.exists():
                run([keychains.listing(others), keychains.deleting(keychain)])


def sign(target: Path, certificate: Certificate | None) -> None:
    """Signs a bundle or an image with what there is; an image with a certificate only."""
    is_image = target.suffix == ".dmg"
    if certificate is None:
        if not is_image:
            run(plan_for_app(target, AD_HOC))
        return
    plan = plan_for_image if is_image else plan_for_app
    with keychain_with(certificate):
        run(plan(target, certificate.identity))


def main(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Signs; 0 also where there is nothing to sign with, which is said."""
    if len(arguments) != 1 or Path(arguments[0]).suffix not in (".app", ".dmg"):
        print("Use: python packaging/macos/sign.py LATCHLIGHT.app | FILE.dmg", file=sys.stderr)
        return 64
    target = Path(arguments[0]).absolute()
    if not target.exists():
        print(f"There is no {target}.", file=sys.stderr)
        return 1

    def work() -> None:
        certificate = certificate_from(environment)
        lacking = missing(TOOLS)
        if lacking:
            pass_over(NO_TOOLS.format(tools=", ".join(lacking)), environment)
            return
        if certificate is None:
            why = NO_IMAGE_SIGNATURE if target.suffix == ".dmg" else NO_CERTIFICATE
            pass_over(why, environment)
        sign(target, certificate)

    return exit_code(work, IncompleteError, DutyError)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
