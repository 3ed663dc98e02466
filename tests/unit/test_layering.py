"""Who may import whom. One table for our own folders, one for what comes from outside."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "app" / "latchlight"

FLOW = (
    "checkup",
    "judge",
    "keys",
    "lock_testing",
    "probing",
    "services",
    "updates",
)  # one checkup, cut into files
BELOW_FLOW = (
    "core",
    "exchanges",
    "net",
    "vault",
    "store",
    "report",
    "practice",
    "hardening",
    "help",
    "installation",
)

# Part of the package (folder, or file at its top) -> parts it may import besides itself.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "core": (),
    "hardening": ("core",),
    "installation": ("core",),
    "exchanges": ("core",),
    "net": ("core", "exchanges"),
    "vault": ("core",),
    "store": ("core",),
    "report": ("core",),
    "help": ("core", "exchanges"),
    "practice": ("core", "exchanges"),
    **dict.fromkeys((*FLOW, "cli", "gui"), (*BELOW_FLOW, *FLOW)),
    "__main__": ("cli",),
    "__init__": (),
}

# Package from outside -> the only places (folders or files) that may import it.
OUTSIDE_ONLY_IN: dict[str, tuple[str, ...]] = {
    "requests": ("net",),
    "urllib3": ("net",),
    "certifi": ("net",),
    "keyring": ("vault",),
    "secretstorage": ("vault",),
    "jeepney": ("vault",),
    "PySide6": ("gui",),
    "shiboken6": ("gui",),
    "cryptography": ("exchanges/signing.py", "net/minisign.py", "practice"),
    "trustme": ("practice",),
}

# The command line opens the window through this one door, and only when asked to.
DOOR = ("cli/main.py", "latchlight.gui.main")
# Practice checks signatures with its own code, or the program would only agree with itself.
NEVER = (("practice", "latchlight.exchanges.signing"),)


class Import:
    """One import statement or call: the full name imported, and whether it runs with the module."""

    def __init__(self, name: str, line: int, inside_function: bool) -> None:
        self.name, self.line, self.inside_function = name, line, inside_function


def imports_of(file: PurePosixPath, source: str) -> Iterator[Import]:
    """Every import in a source, also those by name (`import_module`) and inside functions."""
    tree = ast.parse(source)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        for name in imported_names(file, node):
            yield Import(name, getattr(node, "lineno", 0), id(node) in inner)


def imported_names(file: PurePosixPath, node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            inside = ["latchlight", *file.parts[: len(file.parts) - node.level]]
            base = ".".join([*inside, base]).rstrip(".")
        return [f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and called(node) in ("import_module", "__import__"):
        first = node.args[0] if node.args else None
        known = isinstance(first, ast.Constant) and isinstance(first.value, str)
        return [first.value] if known else ["(a name made at run time)"]  # type: ignore[union-attr]
    return []


def called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def violations(file: PurePosixPath, source: str) -> list[str]:
    """What this file (path below app/latchlight) may not import, as readable lines."""
    found = []
    for imported in imports_of(file, source):
        reason = refusal(file, imported)
        if reason:
            found.append(f"{file}:{imported.line} imports {imported.name}: {reason}")
    return found


def refusal(file: PurePosixPath, imported: Import) -> str:
    part = part_of(file)
    package = imported.name.split(".")[0]
    if package == "latchlight":
        return refusal_inside(file, part, imported)
    if package in sys.stdlib_module_names:
        return ""
    if package not in OUTSIDE_ONLY_IN:
        return "not one of the packages this program may use"
    places = OUTSIDE_ONLY_IN[package]
    return "" if part in places or str(file) in places else f"only {' and '.join(places)} may"


def refusal_inside(file: PurePosixPath, part: str, imported: Import) -> str:
    words = imported.name.split(".")
    if any(part == who and f"{imported.name}.".startswith(f"{what}.") for who, what in NEVER):
        return "practice has its own signature check"
    target = words[1] if len(words) > 1 else "__init__"
    if (str(file), ".".join(words[:3])) == DOOR:
        return "" if imported.inside_function else "the window is loaded only when asked for"
    if target in (part, "__version__", "__init__") or target in MAY_IMPORT.get(part, ()):
        return ""
    return "against the direction" if part in MAY_IMPORT else f"{part} is not in the table"


def part_of(file: PurePosixPath) -> str:
    return file.parts[0].removesuffix(".py")


def own_files() -> list[PurePosixPath]:
    files = [PurePosixPath(path.relative_to(PACKAGE).as_posix()) for path in PACKAGE.rglob("*.py")]
    return sorted(file for file in files if file.name != "resources_rc.py")


def test_every_import_follows_the_table() -> None:
    files = own_files()
    found = [
        line for file in files for line in violations(file, (PACKAGE / file).read_text("utf-8"))
    ]
    assert len(files) > 20
    assert found == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("core/facts.py", "from latchlight.exchanges.spec import Spec"),
        ("core/facts.py", "import requests"),
        ("core/facts.py", "import numpy"),
        ("core/rules/egress.py", "from ...net import client"),
        (
            "core/facts.py",
            "if True:\n    def f():\n        from latchlight.vault.vault import Vault",
        ),
        ("exchanges/binance.py", "from latchlight.net.client import Client"),
        ("exchanges/binance.py", "from cryptography.hazmat.primitives import hashes"),
        ("net/client.py", "import latchlight.checkup"),
        ("net/client.py", "import keyring"),
        ("vault/vault.py", "from latchlight.exchanges import signing"),
        ("vault/vault.py", "import urllib3"),
        ("store.py", "from latchlight.vault.vault import Vault"),
        ("report/as_text.py", "from latchlight.store import Store"),
        ("report/as_pdf.py", "from PySide6.QtGui import QPdfWriter"),
        ("help/contacts.py", "from latchlight.net.egress import ADDRESS_SERVICES"),
        ("help/library.py", "from PySide6.QtCore import Qt"),
        ("practice/binance.py", "from latchlight.exchanges import signing"),
        ("practice/binance.py", "from latchlight.exchanges.signing import sign"),
        ("practice/binance.py", "import latchlight.net.client"),
        ("checkup.py", "from latchlight.cli.main import main"),
        ("checkup.py", "from latchlight.gui import theme"),
        ("checkup.py", "import trustme"),
        ("cli/parser.py", "def f():\n    import latchlight.gui.main"),
        ("cli/main.py", "import latchlight.gui.main"),
        ("cli/main.py", "from latchlight.gui import main"),
        ("cli/main.py", "def f():\n    from latchlight.gui.theme import apply"),
        ("cli/main.py", "import PySide6.QtCore"),
        ("gui/main.py", "from latchlight.cli.exit_codes import OK"),
        ("gui/jobs.py", "from requests import Session"),
        ("core/facts.py", "import importlib\nimportlib.import_module('latchlight.gui.main')"),
        ("core/facts.py", "__import__('keyring')"),
        ("gui/main.py", "from importlib import import_module as load\nimport_module(name)"),
        ("newcomer.py", "from latchlight.core import facts"),
    ],
)
def test_a_planted_import_against_the_table_is_found(file: str, source: str) -> None:
    assert violations(PurePosixPath(file), source) != []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("core/facts.py", "import json\nfrom latchlight.core.errors import LatchlightError"),
        ("exchanges/signing.py", "from cryptography.hazmat.primitives import hashes"),
        ("net/client.py", "import requests\nfrom latchlight.exchanges.spec import Spec"),
        ("cli/main.py", "def f():\n    from latchlight.gui.main import main"),
        (
            "cli/main.py",
            "def f():\n    import importlib\n    importlib.import_module('latchlight.gui.main')",
        ),
        ("gui/pages/about.py", "from ..widgets import card\nfrom latchlight import __version__"),
    ],
)
def test_an_import_along_the_table_is_left_alone(file: str, source: str) -> None:
    assert violations(PurePosixPath(file), source) == []


SOURCE_ROOT_AS_PACKAGE = re.compile(r"^\s*(?:import|from)\s+app\b", re.MULTILINE)


def test_nobody_imports_the_source_root_as_a_package() -> None:
    """`import app.latchlight` works from the checkout, and gives every class a second copy."""
    folders = ("app", "tests", "packaging")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in files if SOURCE_ROOT_AS_PACKAGE.search(path.read_text("utf-8"))] == []
    assert SOURCE_ROOT_AS_PACKAGE.search("    from " + "app.latchlight import core")
    assert not SOURCE_ROOT_AS_PACKAGE.search("import apple")


LATE = ("PySide6", "shiboken6", "requests", "urllib3", "keyring", "cryptography", "trustme", "ccxt")


def loaded_after(statement: str) -> set[str]:
    program = f"{statement}\nimport sys\nprint(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_starting_the_command_line_loads_no_qt_and_nothing_slow() -> None:
    assert loaded_after("import latchlight.cli.main").isdisjoint(LATE)


def test_the_look_at_loaded_modules_would_notice() -> None:
    assert "requests" in loaded_after("import requests")
