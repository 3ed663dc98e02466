"""The texts that a language needs, read off the code: ``python packaging/languages.py [CODE ...]``.

Every literal given to ``say`` or ``mark``, and every piece of punctuation given to ``series``, is a text. The named
language files (all of them without a name) get the missing texts, empty, in the order of the code, and lose those that
no code says any more; what is left to translate is printed. Standard library only.
"""

from __future__ import annotations

import ast
import functools
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

APP = Path(__file__).resolve().parent.parent / "app" / "latchlight"
FOLDER = APP / "languages"

SAID = {"say", "mark"}
"""Functions whose first argument is a template."""


def sources() -> list[Path]:
    """All files that say something."""
    return sorted(APP.rglob("*.py"))


def texts_of(code: str) -> Iterator[tuple[int, str]]:
    """Line and text of every template of one source file, from top to bottom."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            text = _text(node)
            if text is not None and any(letter.isalpha() for letter in text):
                found.append((node.lineno, node.col_offset, text))
    for line, _, text in sorted(found):
        yield line, text


def _text(call: ast.Call) -> str | None:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in SAID or not call.args:
        return None
    first = call.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


@functools.cache
def all_texts() -> dict[str, str]:
    """Every text -> where it is said first (path in the package and line)."""
    found: dict[str, str] = {}
    for path in sources():
        for line, text in texts_of(path.read_text(encoding="utf-8")):
            found.setdefault(text, f"{path.relative_to(APP).as_posix()}:{line}")
    return found


@functools.cache
def marks() -> set[str]:
    """Punctuation that stands between the parts of a series; a language may have its own for it."""
    found = {", "}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "series":
                given = [*node.args[1:], *(word.value for word in node.keywords)]
                found.update(
                    each.value
                    for each in given
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )
    return found


def in_step(content: dict[str, Any]) -> dict[str, Any]:
    """A language file's content with exactly the texts of the code, missing ones empty."""
    old: dict[str, str] = content["texts"]
    wanted = [*sorted(marks()), *all_texts()]
    return {**content, "texts": {text: old.get(text, "") for text in wanted}}


def main(wanted: Sequence[str]) -> int:
    """Brings the language files in step with the code; 1 while something is left to translate."""
    left = 0
    for path in sorted(FOLDER.glob("*.json")):
        if wanted and path.stem not in wanted:
            continue
        content = in_step(json.loads(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        places = all_texts()
        for text, translation in content["texts"].items():
            if not translation and text.strip():
                print(f"{path.stem}: {places.get(text, '')}: {text}")
                left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
