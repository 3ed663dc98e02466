"""Freezes the program into one folder: ``python3 packaging/freeze/build.py [--into FOLDER | --prepare]``.

The folder ``Latchlight`` (below ``dist`` unless told otherwise) holds the window, the command line and ``_internal``,
everything they need. It is made in an environment of its own (``build/freezer``), filled from the hash-locked lists
with nothing but what is shipped and the tools that pack it, so that nothing of a developer's comes along. The same
commit on the same system gives the same bytes. Standard library only, up to the packages that it installs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import environment
from checkout import time_of_commit
from freeze.listing import list_files
from telling import SetupError, in_words, say

ROOT = environment.ROOT
SPEC = HERE / "latchlight.spec"
FREEZER = ROOT / "build" / "freezer"
NAME = "Latchlight"
WANTED = ("gui", "freeze", "build")


def main(arguments: list[str]) -> int:
    """Freezes; returns 0, or 1 with one sentence for what was in the way."""
    parser = argparse.ArgumentParser(description="Freeze the program into one folder.")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", help="where the folder goes")
    parser.add_argument("--prepare", action="store_true", help="only install what freezes it")
    given = parser.parse_args(arguments)
    try:
        prepare()
        if given.prepare:
            return 0
        folder = freeze(given.into.resolve())
    except SetupError as problem:
        say(str(problem), to_errors=True)
        return 1
    except OSError as error:
        say(in_words(error), to_errors=True)
        return 1
    megabytes = sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6
    say(f"{folder}: {megabytes:.0f} MB")
    return 0


def prepare() -> None:
    """Makes ``build/freezer`` hold exactly the locked packages; nothing to do costs milliseconds.

    Raises SetupError with a sentence for what was in the way.
    """
    locks = [environment.LOCKS / f"{name}.txt" for name in WANTED]
    stamp = FREEZER / "latchlight-freezer.json"
    wanted = {"packages": environment.fingerprint(locks), "python": sys.version}
    if stamp.exists() and json.loads(stamp.read_text("utf-8")) == wanted:
        return
    shutil.rmtree(FREEZER, ignore_errors=True)
    say("Making the environment that freezes the program ...")
    FREEZER.parent.mkdir(exist_ok=True)
    if subprocess.call([sys.executable, "-m", "venv", str(FREEZER)]) != 0:
        raise SetupError("Python could not make a virtual environment.")
    lists = [word for lock in locks for word in ("-r", str(lock))]
    words = ("--require-hashes", "--only-binary", ":all:", *lists)
    environment.pip(*words, venv=FREEZER)
    stamp.write_text(json.dumps(wanted), encoding="utf-8")


def freeze(into: Path) -> Path:
    """The finished folder below ``into``; an older one of that name there is replaced.

    Raises SetupError with the end of the freezer's own words, or OSError.
    """
    work = ROOT / "build" / "work"
    shutil.rmtree(work, ignore_errors=True)
    python = str(environment.program("python", FREEZER))
    _run([python, str(HERE.parent / "hatch_build.py")])
    _run([python, str(HERE.parent / "icons.py"), str(work / "icons")])
    _run(
        [
            *(python, "-m", "PyInstaller", "--noconfirm", "--clean"),
            *("--distpath", str(into), "--workpath", str(work), str(SPEC)),
        ]
    )
    folder = into / (f"{NAME}.app" if sys.platform == "darwin" else NAME)
    _run([python, str(HERE.parent / "release" / "licences.py"), str(folder)])
    # On macOS the signature of the bundle does it, and signing changes the files.
    if sys.platform != "darwin":
        list_files(folder)
    return folder


def _run(command: list[str]) -> None:
    """One step, quiet unless it fails; with nothing of the caller's settings that could change the bytes."""
    variables = {name: value for name, value in os.environ.items() if not _is_of_python(name)}
    variables["SOURCE_DATE_EPOCH"] = os.environ.get("SOURCE_DATE_EPOCH") or str(time_of_commit())
    variables["PYTHONHASHSEED"] = "1"
    variables["PYINSTALLER_CONFIG_DIR"] = str(ROOT / "build" / "cache")
    done = subprocess.run(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        end = done.stdout.decode("utf-8", "replace").splitlines()[-25:]
        raise SetupError("\n  ".join(["The program could not be frozen:", *end]))


def _is_of_python(name: str) -> bool:
    return name.upper().startswith(("PYTHON", "PYINSTALLER", "QT_", "VIRTUAL_ENV"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
