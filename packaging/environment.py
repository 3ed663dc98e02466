"""The virtual environment ``.venv`` of this checkout: made once, filled from the locks, known to be complete.

A note inside it says what was installed. It is written before anything else and completed at the end, so that an
interrupted set-up is seen and made anew, and a ``.venv`` of somebody else is left alone. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import debian
from telling import SetupError, say

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "packaging" / "requirements"
VENV = ROOT / ".venv"
LOG = VENV / "latchlight-setup.log"
STAMP = VENV / "latchlight-setup.json"
ON_WINDOWS = os.name == "nt"

OLDEST, NEWEST = (3, 11), (3, 14)  # PySide6 6.11.3 is built for these

# What a lock holds more than the one before, and about how much is downloaded for it.
KINDS = {"base": "10 MB", "gui": "95 MB", "dev": "135 MB"}

# Variables that would put packages somewhere else or bring foreign ones in. Index, proxy and certificates stay.
MISPLACING = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
)

# Words in pip's output -> what happened and what to do; the first that fits is said.
PIP_TROUBLES = (
    (
        "DO NOT MATCH THE HASHES",
        "A downloaded package is not the one this project was tested with, so it was not installed. "
        "Run the command again; if it stays so, your package index offers different files: ask whoever runs it.",
    ),
    (
        "No space left on device",
        "The disk is full. Free about 1 GB, then run the same command again.",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED|SSLError",
        "The certificate of the package index is not trusted here. Give pip your network's "
        "certificate (variable PIP_CERT), then run the same command again.",
    ),
    (
        r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError"
        r"|Connection(Reset|Refused)?Error|ConnectionPool|ProtocolError|Network is unreachable",
        "The package index cannot be reached. Check the internet connection, then run the same "
        "command again.",
    ),
    (
        "No matching distribution|Could not find a version",
        "A needed package was not offered for this system ({system}, Python {python}). Check the "
        "internet connection and which package index pip is set to. Ready-made builds of all "
        "packages exist for Windows 10, macOS 13, and Linux with glibc 2.34, or newer.",
    ),
)


def program(name: str, venv: Path | None = None) -> Path:
    """Where a program of a virtual environment is; of ``.venv`` unless told otherwise."""
    place = venv or VENV
    return place / "Scripts" / f"{name}.exe" if ON_WINDOWS else place / "bin" / name


def is_suitable(python: str) -> bool:
    """Whether this interpreter really starts (a pyenv shim may not) and is of a version we support."""
    question = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    try:
        return subprocess.run([python, "-c", question], capture_output=True).returncode == 0
    except OSError:
        return False


def prepare(kind: str, apt: debian.Apt) -> None:
    """Makes the environment hold the locked packages of ``kind`` and this project; nothing to do costs milliseconds."""
    done = read_stamp()
    stronger = list(KINDS)[list(KINDS).index(kind) :]
    if done.get("kind") not in stronger or done.get("packages") != fingerprint_of_packages(
        done["kind"]
    ):
        make_environment(apt)
        write_stamp({"state": "installing"})
        install_packages(kind)
        done = {"kind": kind, "packages": fingerprint_of_packages(kind)}
        write_stamp(done)
    resources = fingerprint(
        sorted(path for path in (ROOT / "resources").rglob("*") if path.is_file())
    )
    if done.get("resources") != resources:
        pack_resources()
        write_stamp({**done, "resources": resources})


def make_environment(apt: debian.Apt) -> None:
    """Creates ``.venv``; a half-made one (interrupted, or its Python gone) is made anew, a stranger's is left alone."""
    if VENV.exists() and not STAMP.exists():
        raise SetupError(
            f"There is already a {VENV.name} in this folder that this set-up did not make. "
            "Rename or remove it, then run the same command again."
        )
    VENV.mkdir(exist_ok=True)
    whole = read_stamp().get("kind") and is_suitable(str(program("python")))
    if whole:
        return
    write_stamp({"state": "installing"})
    empty_but_for_stamp()
    need_venv_module(apt)
    say("Making a virtual environment in .venv ...")
    with LOG.open("ab") as log:
        made = subprocess.call([sys.executable, "-m", "venv", str(VENV)], stdout=log, stderr=log)
    if made != 0:
        fail_with_log("Python could not make a virtual environment.")


def empty_but_for_stamp() -> None:
    """Clears a half-made environment. The stamp stays to the last: it says that the folder is ours."""
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != STAMP:
            path.unlink()


def need_venv_module(apt: debian.Apt) -> None:
    """Debian ships Python without the part that fills a virtual environment; adds it."""
    if (
        subprocess.run(
            [sys.executable, "-c", "import ensurepip, venv"], capture_output=True
        ).returncode
        == 0
    ):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not debian.is_here():
        raise SetupError(
            "This Python lacks the modules venv and ensurepip. Install them, then run this again."
        )
    if apt.may_install():
        say(f"Installing {package} ...")
        apt.renew_lists()
        if apt.install([package]):
            return
        fail_with_log(f"{package} could not be installed.")
    raise SetupError(
        f"One package is missing. Run this, then the same command again:\n  {debian.command_for_people([package])}"
    )


def install_packages(kind: str) -> None:
    """Installs the locked packages, then this project from this folder."""
    locks = [LOCKS / f"{name}.txt" for name in (kind, "build")]
    count = len({name for lock in locks for name in locked_names(lock)})
    say(f"Installing up to {count} packages, once (a download of about {KINDS[kind]}) ...")
    lists = [word for lock in locks for word in ("-r", str(lock))]
    pip("--require-hashes", "--only-binary", ":all:", *lists)
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def locked_names(lock: Path) -> list[str]:
    """Names of the packages in a lock."""
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock.read_text(encoding="utf-8"), re.MULTILINE)


def pip(*arguments: str, venv: Path | None = None) -> None:
    """One ``pip install`` into a virtual environment, quiet but for large downloads; its output is kept in the log."""
    log_file = LOG if venv is None else venv / LOG.name
    command = [
        str(program("python", venv)),
        "-I",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
    ]
    command += ["--progress-bar", "off", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in MISPLACING}
    with log_file.open("a", encoding="utf-8") as log:
        log.write("\n$ " + " ".join(command) + "\n")
        start = log.tell()
        with subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        ) as process:
            for raw in process.stdout or ():
                line = raw.decode("utf-8", "replace")
                log.write(line)
                tell_large_download(line)
    if process.returncode != 0:
        with log_file.open(encoding="utf-8") as log:
            log.seek(start)
            explain(log.read(), log_file)


def tell_large_download(line: str) -> None:
    """Says so when megabytes are on their way: the only wait worth a line."""
    download = re.match(
        r"\s*Downloading (?:\S*/)?([A-Za-z0-9_.]+)-\S+\.whl(?:\.metadata)? \(([0-9.]+ MB)\)", line
    )
    if download:
        say(f"  {download.group(1)} ({download.group(2)})")


def explain(output: str, log: Path | None = None) -> NoReturn:
    """The one sentence for what pip ran into."""
    for words, sentence in PIP_TROUBLES:
        if re.search(words, output):
            system = f"{platform.system()} {platform.machine()}"
            raise SetupError(
                sentence.format(system=system, python=platform.python_version())
                + f"\nDetails: {log or LOG}"
            )
    fail_with_log("pip could not install the packages.", log)


def fail_with_log(sentence: str, log: Path | None = None) -> NoReturn:
    """Fails with the end of the log under the sentence."""
    place = log or LOG
    end = place.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    raise SetupError("\n  ".join([f"{sentence} The end of {place}:", *end]))


def pack_resources() -> None:
    """Writes the module that holds the icons; needed again whenever one of them changed."""
    command = [str(program("python")), "-I", str(ROOT / "packaging" / "hatch_build.py")]
    packed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if packed.returncode != 0:
        LOG.write_bytes(packed.stdout)
        fail_with_log("The icons could not be packed.")


def fingerprint_of_packages(kind: str) -> str:
    """Changes with the locks, the project's metadata, its build hook and its version."""
    files = [LOCKS / f"{kind}.txt", LOCKS / "build.txt", ROOT / "pyproject.toml"]
    files += [ROOT / "packaging" / "hatch_build.py", ROOT / "app" / "latchlight" / "__init__.py"]
    return fingerprint(files)


def fingerprint(files: Sequence[Path]) -> str:
    """SHA-256 over the names and contents of these files."""
    digest = hashlib.sha256()
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"\n{path.relative_to(ROOT).as_posix()} {content}".encode())
    return digest.hexdigest()


def read_stamp() -> Mapping[str, str]:
    """What was installed last; nothing after an interruption, a move of the folder, or when its Python is gone."""
    if not program("python").exists():
        return {}
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    whole = (
        isinstance(stamp, dict) and stamp.get("kind") in KINDS and stamp.get("place") == str(VENV)
    )
    return stamp if whole else {}


def write_stamp(stamp: Mapping[str, str]) -> None:
    """Notes what is installed now."""
    STAMP.write_text(json.dumps({**stamp, "place": str(VENV)}) + "\n", encoding="utf-8")
