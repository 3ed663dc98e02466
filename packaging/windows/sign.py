"""Signs programs for Windows: ``python packaging/windows/sign.py FILE ...``.

How is told by one environment variable, because keys are kept in very different places (a cloud service, a token, a
file in a test)::

    LATCHLIGHT_SIGN_COMMAND='["signtool", "sign", "/fd", "SHA256", "/tr", "http://...", "/td", "SHA256", ..., "{file}"]'

It is a list in JSON. ``{file}`` stands for the file; a program that writes a new one instead has ``{signed}`` for its
name. No password belongs into it: everybody on the computer can read the words of a command.

Without that variable nothing is signed, which is said, and is no failure: there are releases without a certificate.
With it, a file that carries no signature afterwards is a failure. A time stamp that could not be had is asked for
again; any other failure ends it at once, because a token locks itself after a few wrong answers. Standard library only.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from signing_duty import DutyError, pass_over

VARIABLE = "LATCHLIGHT_SIGN_COMMAND"
NOT_SIGNED = (
    f"Not signed, because no certificate is configured ({VARIABLE} is empty). "
    "Windows will warn everybody who opens it."
)
PAUSES_SECONDS = (10.0, 30.0, 60.0)
LONGEST_SECONDS = 300.0
SIGNATURE_ENTRY = 4  # of the data directories in the header of a program


class SigningError(Exception):
    """A file was to be signed and is not; the sentence says why."""


def main(arguments: list[str]) -> int:
    """Signs each file; 0 also where there is nothing to sign with, 1 for a failure, 64 for wrong use."""
    if not arguments:
        print("Use: python packaging/windows/sign.py FILE ...", file=sys.stderr)
        return 64
    try:
        if not is_configured():
            pass_over(NOT_SIGNED)
            return 0
        for name in arguments:
            sign(Path(name))
            print(f"Signed: {name}")
    except (SigningError, DutyError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def is_configured() -> bool:
    """Whether there is something to sign with."""
    return bool(os.environ.get(VARIABLE, "").strip())


def sign(file: Path) -> None:
    """Signs one file in place. Raises SigningError, OSError."""
    signed = file.with_name(file.name + ".signed")
    command = [
        word.replace("{file}", str(file)).replace("{signed}", str(signed)) for word in _command()
    ]
    for pause in (*PAUSES_SECONDS, None):
        code, said = _run(command, file)
        if code == 0:
            break
        signed.unlink(missing_ok=True)
        if pause is None or "timestamp" not in said.lower():
            end = said.strip().splitlines()[-5:]
            raise SigningError("\n  ".join([f"{file.name} could not be signed:", *end]))
        time.sleep(pause)
    if signed.exists():
        signed.replace(file)
    if not is_signed(file):
        raise SigningError(f"{file.name} carries no signature, though the command did not fail.")


def _run(command: list[str], file: Path) -> tuple[int, str]:
    """Exit code and what was said. Raises SigningError where there is neither, in words that show no more of it."""
    program = shutil.which(
        command[0]
    )  # Windows itself finds no .cmd, and does not say what it did not find
    if program is None:
        raise SigningError(
            f"{command[0]}, which signs, is not on PATH. Name the place where it is."
        )
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SigningError(
            f"{file.name} could not be signed: no end within {LONGEST_SECONDS:.0f} s. It may wait for an answer."
        ) from None
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _command() -> list[str]:
    try:
        words = json.loads(os.environ[VARIABLE])
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(w, str) for w in words):
        raise SigningError(f"{VARIABLE} is no list of words in JSON.")
    if not any("{file}" in word for word in words):
        raise SigningError(f"{VARIABLE} does not say where the file goes: {{file}} is missing.")
    return words


def is_signed(file: Path) -> bool:
    """Whether a program carries a signature at all; by whom, is for others to check. Raises SigningError, OSError."""
    content = file.read_bytes()
    try:
        header = struct.unpack_from("<I", content, 0x3C)[0]
        if content[:2] != b"MZ" or content[header : header + 4] != b"PE\0\0":
            raise SigningError(f"{file.name} is no program for Windows.")
        optional = header + 24
        wide = struct.unpack_from("<H", content, optional)[0] == 0x20B
        directories = optional + (112 if wide else 96)
        place, size = struct.unpack_from("<II", content, directories + 8 * SIGNATURE_ENTRY)
    except struct.error:
        raise SigningError(f"{file.name} is no program for Windows.") from None
    return bool(place and size and place + size <= len(content))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
