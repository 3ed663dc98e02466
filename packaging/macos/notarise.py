"""Lets Apple look at the signed disk image and fastens the answer to it.

``python packaging/macos/notarise.py FILE.dmg``

APPLE_API_KEY          a key of App Store Connect that may notarise: the text of the .p8 file
APPLE_API_KEY_ID       its number
APPLE_API_ISSUER       whose it is

Without them nothing is sent, and that is said.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from macos.sign import CERTIFICATE, INCOMPLETE, IncompleteError
from macos.steps import Step, StepError, exit_code, missing, run
from signing_duty import DutyError, pass_over

KEY, KEY_ID, ISSUER = "APPLE_API_KEY", "APPLE_API_KEY_ID", "APPLE_API_ISSUER"
TOOLS = ("xcrun", "spctl")
NOT_REACHED = ("NSURLErrorDomain", "HTTP status code: 5")
NOT_THERE_YET = ("action failed!",)
"""Apple's answer takes a while to be at the place from which it is fastened."""
NO_KEY = (
    "There is no key for Apple's notary service here (APPLE_API_KEY), so nothing was sent there. macOS will say that "
    "it cannot check the program; people must allow it once in System Settings > Privacy & Security."
)
NO_TOOLS = "Nothing was sent to Apple: {tools} is not here. That needs a Mac with Apple's command line tools."
NOT_SIGNED = (
    f"Only what a Developer ID signed can be notarised, and there is none here ({CERTIFICATE})."
)


@dataclass(frozen=True)
class ApiKey:
    """Who asks."""

    number: str
    issuer: str
    text: str = field(repr=False)


def key_from(environment: Mapping[str, str]) -> ApiKey | None:
    """The key that CI was given, None without one. Raises IncompleteError for a part of one."""
    names = (KEY, KEY_ID, ISSUER)
    given = [environment.get(name, "").strip() for name in names]
    if not any(given):
        return None
    if not all(given):
        raise IncompleteError(INCOMPLETE.format(names=", ".join(names)))
    if not environment.get(CERTIFICATE, "").strip():
        raise IncompleteError(NOT_SIGNED)
    return ApiKey(number=given[1], issuer=given[2], text=given[0] + "\n")


def asking(key: ApiKey, file: Path) -> tuple[str, ...]:
    """Who asks, as options of notarytool."""
    return ("--key", str(file), "--key-id", key.number, "--issuer", key.issuer)


def submission(image: Path, key: ApiKey, file: Path) -> Step:
    """Sends the image and waits for the answer."""
    words = ("xcrun", "notarytool", "submit", str(image), "--wait", "--timeout", "45m")
    told = ("--output-format", "json", *asking(key, file))
    return Step((*words, *told), passing=NOT_REACHED, longest=50 * 60)


def log_of(submitted: str, key: ApiKey, file: Path) -> Step:
    """Asks why it was refused."""
    return Step(("xcrun", "notarytool", "log", submitted, *asking(key, file)))


def plan_after(image: Path) -> list[Step]:
    """Fastens the answer to the image, and asks this Mac whether it would open it."""
    gatekeeper = ("spctl", "--assess", "--type", "open", "--context", "context:primary-signature")
    return [
        Step(("xcrun", "stapler", "staple", str(image)), passing=NOT_THERE_YET),
        Step(("xcrun", "stapler", "validate", str(image))),
        Step((*gatekeeper, "--verbose=2", str(image))),
    ]


def answer_in(printed: str) -> tuple[str, str]:
    """The number of the submission and Apple's word on it; empty words where there are none."""
    start, end = printed.find("{"), printed.rfind("}")
    try:
        told = json.loads(printed[start : end + 1])
    except ValueError:
        return "", ""
    if isinstance(told, dict):
        return str(told.get("id", "")), str(told.get("status", ""))
    return "", ""


def notarise(image: Path, key: ApiKey) -> None:
    """The whole of it. Raises StepError unless Apple said Accepted: a refusal can end with code 0."""
    with tempfile.TemporaryDirectory(prefix="latchlight-notary-") as folder:
        file = Path(folder, "key.p8")
        file.touch(mode=0o600)
        file.write_text(key.text, encoding="ascii")
        submitted, status = answer_in(run([submission(image, key, file)]))
        if status != "Accepted":
            why = run([log_of(submitted, key, file)]) if submitted else ""
            raise StepError(f"Apple did not accept {image.name}: {status or 'no answer'}.\n{why}")
    run(plan_after(image))


def main(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Notarises; 0 also where there is no key to do it with, which is said."""
    if len(arguments) != 1:
        print("Use: python packaging/macos/notarise.py FILE.dmg", file=sys.stderr)
        return 64
    image = Path(arguments[0]).absolute()

    def work() -> None:
        key = key_from(environment)
        if key is None:
            pass_over(NO_KEY, environment)
            return
        lacking = missing(TOOLS)
        if lacking:
            pass_over(NO_TOOLS.format(tools=", ".join(lacking)), environment)
            return
        notarise(image, key)

    return exit_code(work, IncompleteError, DutyError)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
