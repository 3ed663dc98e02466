"""Makes the installer for Windows: ``python packaging/windows/build.py --payload FOLDER --into FOLDER``.

PAYLOAD is the frozen program (``packaging/freeze/build.py`` on Windows makes it). Written into the other folder:
``Latchlight-VERSION-Setup.exe``. Runs on Windows and Linux, wherever makensis is; the same payload, checkout, packages
and makensis give the same bytes, whenever they are built and in whatever folder. Needs PySide6 and Pillow, for the
pictures: ``build/freezer``, which the freezer makes, has both.

With LATCHLIGHT_SIGN_COMMAND set (see sign.py) the uninstaller and the installer are signed, and a payload whose
programs are not is refused: sign those first.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from checkout import copyright_line
from checkout import version as version_of_checkout
from signing_duty import DutyError, pass_over
from windows import sign, version_info
from windows.payload import (
    LIST,
    PROGRAMS,
    Payload,
    PayloadError,
    in_script,
    listing,
    read_payload,
    script,
)

# Before it, a program started by the system could be replaced while it was unpacked (CVE-2025-43715).
OLDEST_MAKENSIS = (3, 11)
LONG_AGO = "315532800"  # 1980-01-01, where nobody says otherwise
USUAL_PLACES = (
    r"C:\Program Files (x86)\NSIS\makensis.exe",
    r"C:\Program Files\NSIS\makensis.exe",
)
# A 64-bit installer where the compiler can make one. The usual download of NSIS makes 32-bit ones only, which do, too.
TARGETS = ("amd64-unicode", "x86-unicode")


class BuildError(Exception):
    """The installer could not be made; the sentence says why."""


def main(arguments: list[str]) -> int:
    """Builds; returns 0, or 1 with what was in the way."""
    parser = argparse.ArgumentParser(description="Make the installer for Windows.")
    parser.add_argument("--payload", type=Path, required=True, help="the frozen program")
    parser.add_argument("--into", type=Path, required=True, help="where the installer goes")
    parser.add_argument("--target", choices=TARGETS, help="which kind; the best one unless told")
    parser.add_argument(
        "--for-tests",
        metavar="VERSION",
        help="allow an old makensis, and call the program this version; never to be given to people",
    )
    args = parser.parse_args(arguments)
    try:
        made = build(args.payload.resolve(), args.into.resolve(), args.target, args.for_tests)
    except (
        *(BuildError, PayloadError, OSError),
        *(sign.SigningError, DutyError, ValueError),
    ) as error:
        print(error, file=sys.stderr)
        return 1
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    print(f"{made}: {made.stat().st_size / 1e6:.1f} MB, SHA-256 {digest}")
    return 0


def build(folder: Path, into: Path, target: str | None, for_tests: str | None) -> Path:
    """The installer's file. Raises BuildError, PayloadError, VersionError, SigningError, DutyError, OSError."""
    compiler = find_makensis()
    refuse_old(compiler, allowed=for_tests is not None)
    payload = read_payload(folder)
    if sign.is_configured():
        refuse_unsigned(payload)
    else:
        pass_over(sign.NOT_SIGNED)
    version = for_tests or version_of_checkout()
    into.mkdir(parents=True, exist_ok=True)
    outfile = into / f"Latchlight-{version}-Setup.exe"
    # A virus scanner may look at what was just written: that is no reason to fail.
    with tempfile.TemporaryDirectory(
        prefix="latchlight-setup-", ignore_cleanup_errors=True
    ) as temporary:
        made = Path(temporary)
        draw_pictures(made)
        # A name that is the same in each build: it is written into the installer.
        compiled = made / "Latchlight-Setup.exe"
        chosen = target or best_target(compiler)
        (made / LIST).write_text(listing(payload), encoding="ascii", newline="")
        (made / "files.nsh").write_text(script(payload, made), encoding="utf-8")
        (made / "settings.nsh").write_text(
            settings(payload, version, chosen, compiled), encoding="utf-8"
        )
        compile_script(compiler, made)
        shutil.copyfile(compiled, outfile)
    return outfile


def find_makensis() -> str:
    """The compiler. Raises BuildError."""
    found = shutil.which("makensis") or next((p for p in USUAL_PLACES if os.path.exists(p)), None)
    if found is None:
        raise BuildError("makensis was not found. Install NSIS 3.11 or newer.")
    return found


def refuse_old(compiler: str, *, allowed: bool) -> None:
    """Raises BuildError for a compiler with a known weakness, unless nobody will be given what it makes."""
    told = subprocess.run([compiler, "-VERSION"], capture_output=True, text=True, check=False)
    found = re.match(r"v?(\d+)\.(\d+)", told.stdout.strip())
    if found is None:
        raise BuildError(f"{compiler} does not tell its version.")
    version = (int(found.group(1)), int(found.group(2)))
    if version < OLDEST_MAKENSIS and not allowed:
        raise BuildError(
            f"This makensis is {told.stdout.strip()}; what it makes has a known weakness (CVE-2025-43715). "
            "Install NSIS 3.11 or newer. Only for tests: --for-tests VERSION."
        )


def best_target(compiler: str) -> str:
    """The first of TARGETS that this compiler can make. Raises BuildError."""
    told = subprocess.run([compiler, "-HDRINFO"], capture_output=True, text=True, check=False)
    found = re.search(r"NSISDIR=([^,\n]*)", told.stdout)
    stubs = Path(found.group(1) if found else Path(compiler).parent) / "Stubs"
    for target in TARGETS:
        if (stubs / f"lzma_solid-{target}").exists():
            return target
    raise BuildError(f"{compiler} can make none of {', '.join(TARGETS)}.")


def refuse_unsigned(payload: Payload) -> None:
    """Raises SigningError where a program inside would not carry the signature that its installer does."""
    for name in PROGRAMS:
        if not sign.is_signed(payload.folder / name):
            raise sign.SigningError(f"{name} is not signed. Sign it first: sign.py {name}")


def draw_pictures(made: Path) -> None:
    """Icon and pictures, by a process of its own: Qt must not stay loaded here. Raises BuildError."""
    drawn = subprocess.run(
        [sys.executable, str(HERE / "pictures.py"), str(made)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if drawn.returncode != 0:
        end = drawn.stdout.decode("utf-8", "replace").strip().splitlines()[-5:]
        raise BuildError("\n  ".join(["The pictures could not be drawn:", *end]))


def settings(payload: Payload, version: str, target: str, compiled: Path) -> str:
    """What the script has to know of this build. Raises VersionError."""
    values = {
        "VERSION": version,
        "NUMBERS": ".".join(map(str, version_info.numbers(version))),
        "ORDER": version_info.order(version),
        "TARGET": target,
        "OUTFILE": in_script(compiled),
        "SIZE_KB": str(payload.kilobytes),
        "COPYRIGHT": copyright_line(),
    }
    if sign.is_configured():
        values["SIGNER"] = f'"{sys.executable}" "{HERE / "sign.py"}"'
    return "".join(f"!define {name} '{value}'\n" for name, value in values.items())


def compile_script(compiler: str, made: Path) -> None:
    """Runs makensis; what it warns of is an error. Raises BuildError."""
    command = [compiler, "-V2", "-WX", "-INPUTCHARSET", "UTF8", f"-DMADE={made}", "latchlight.nsi"]
    variables = {"SOURCE_DATE_EPOCH": LONG_AGO, **os.environ}
    done = subprocess.run(
        command,
        cwd=HERE,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        end = done.stdout.decode("utf-8", "replace").strip().splitlines()[-25:]
        raise BuildError("\n  ".join(["makensis could not make the installer:", *end]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
