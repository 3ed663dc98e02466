"""Signs and verifies with the program ``minisign``: the secret key is read by it from a file, and by nothing here.

The password, where the key has one, goes from a file to its standard input. Neither is ever an argument or a variable.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from enum import Enum
from pathlib import Path

from parts import ReleaseError

PROGRAM = "minisign"
SUFFIX = ".minisig"
PUBLIC_KEY = Path(__file__).with_name("latchlight.pub")
PREHASHED = b"ED"  # the first two bytes of a signature of the file's hash
OTHERS_MAY_READ = 0o077


class Signature(Enum):
    """What is known about the signature of a file."""

    GOOD = "good"
    BAD = "bad"
    MISSING = "missing"


def signature_of(path: Path) -> Path:
    """Where the signature of a file stands."""
    return path.with_name(path.name + SUFFIX)


def sign(path: Path, key: Path, password: Path | None, public_key: Path, comment: str) -> None:
    """Signs a file, and believes it only after the public key agreed. Raises ReleaseError."""
    if not public_key.is_file():
        raise ReleaseError(f"{public_key} is missing: nobody could check the signature.")
    for secret in (key, password):
        if secret is not None and not secret.is_file():
            raise ReleaseError(f"{secret} is missing. Nothing was signed.")
        if secret is not None and os.name == "posix" and secret.stat().st_mode & OTHERS_MAY_READ:
            raise ReleaseError(f"Others may read {secret}. Make it yours alone: chmod 600")
    target = signature_of(path)
    target.unlink(missing_ok=True)
    words = ["-S", "-s", str(key), "-x", str(target), "-m", str(path), "-t", comment]
    answer = _run([*words, "-c", "Latchlight release"], password)
    if answer.returncode != 0 or not target.is_file():
        target.unlink(missing_ok=True)
        raise ReleaseError(f"minisign did not sign {path.name}: wrong key file or password?")
    if verify(path, public_key, comment) is not Signature.GOOD or not is_prehashed(target):
        target.unlink()
        raise ReleaseError(f"The key does not belong to {public_key.name}. Nothing was signed.")


def verify(path: Path, public_key: Path, comment: str = "") -> Signature:
    """Whether this file was signed by this key; with a comment, also that the signed comment is this one."""
    target = signature_of(path)
    if not target.is_file():
        return Signature.MISSING
    words = ["-V", "-Q", "-p", str(public_key), "-x", str(target), "-m", str(path)]
    answer = _run(words, None)
    said = answer.stdout.strip()
    fits = answer.returncode == 0 and (not comment or said == comment)
    return Signature.GOOD if fits else Signature.BAD


def is_prehashed(signature: Path) -> bool:
    """Whether it is the kind that signs a hash of the file, the only kind that our readers take."""
    lines = signature.read_text(encoding="utf-8").splitlines()
    return len(lines) == 4 and base64.b64decode(lines[1]).startswith(PREHASHED)


def _run(words: list[str], password: Path | None) -> subprocess.CompletedProcess[str]:
    if shutil.which(PROGRAM) is None:
        raise ReleaseError("The program minisign is missing. On Debian: apt-get install minisign")
    variables = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    said = password.read_text(encoding="utf-8") if password else None
    return subprocess.run(
        [PROGRAM, *words],
        env=variables,
        capture_output=True,
        text=True,
        **({"input": said} if said is not None else {"stdin": subprocess.DEVNULL}),
    )
