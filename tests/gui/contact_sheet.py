"""Pictures of the window in its important states, to be looked at: python tests/gui/contact_sheet.py FOLDER [LOOK ...]

Runs the real practice exchange on this computer; no network, no keyring, no screen is needed. Without a look
(`light`, `dark-200`, `light-zh_Hans` ...) all are taken; `index.html` shows them side by side.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtWidgets import QApplication

from latchlight.core.languages import language
from latchlight.gui.theme import Scheme
from latchlight.practice.world import PracticeWorld
from photographer import SIZE, Photographer, look_name
from pictured_states import walk

LOOKS: tuple[tuple[Scheme, int, str, bool], ...] = (
    (Scheme.LIGHT, 100, "en", False),
    (Scheme.DARK, 100, "en", False),
    (Scheme.LIGHT, 200, "en", False),
    (Scheme.DARK, 200, "en", False),
    (Scheme.LIGHT, 100, "zh_Hans", False),
    (Scheme.DARK, 100, "zh_Hans", False),
    (Scheme.LIGHT, 200, "zh_Hans", False),
    (Scheme.LIGHT, 100, "en", True),
)
"""Colours, size of text in %, language, and whether every colour is taken away."""


def index(folder: Path, pictures: list[Path]) -> Path:
    """A page on which all pictures stand, a state per line and a look per column."""
    looks = list(dict.fromkeys(_look(file) for file in pictures))
    states = dict.fromkeys(_state(file) for file in pictures)
    rows = [
        f"<tr><th>{state}</th>"
        + "".join(
            f'<td><a href="{name}"><img loading="lazy" src="{name}" alt="{name}"></a></td>'
            for name in (f"{state}-{look}.png" for look in looks)
        )
        + "</tr>"
        for state in states
    ]
    head = "".join(f"<th>{look}</th>" for look in looks)
    style = "body{font:14px sans-serif}img{width:360px}th{text-align:left;vertical-align:top}"
    page = folder / "index.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title>Contact sheet</title><style>{style}</style>"
        f"<table><tr><th>{len(pictures)} pictures</th>{head}</tr>{''.join(rows)}</table>",
        encoding="utf-8",
    )
    return page


def _look(file: Path) -> str:
    return file.stem[len(_state(file)) + 1 :]


def _state(file: Path) -> str:
    """Names end in the look, which begins with the last `light` or `dark` that stands by itself."""
    parts = file.stem.split("-")
    at = max(place for place, part in enumerate(parts) if part in ("light", "dark"))
    return "-".join(parts[:at])


def main(folder: Path, wanted: list[str]) -> None:
    """The wanted looks of all states, and a page with all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    photos = Photographer(QApplication(["latchlight"]), folder)
    with PracticeWorld.start(faults=False) as world:
        for scheme, percent, code, grey in LOOKS:
            if wanted and look_name(scheme, percent, code, grey=grey) not in wanted:
                continue
            photos.dress(scheme, percent, language(code), grey=grey)
            walk(photos, world, SIZE if percent == 100 else (1024, 640))
    print(index(folder, photos.taken))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "contact-sheet"), sys.argv[2:])
