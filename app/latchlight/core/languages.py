"""The languages of the program: one file each, from English templates to their translation.

English is what the code says. Reports in JSON and everything that is stored stay English; a text is
translated when it is shown, so that the language can be switched while the program runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from latchlight.core.records import dataclass, field
from latchlight.core.sentences import PageLabel, Sentence, Series

FOLDER = Path(__file__).resolve().parent.parent / "languages"
"""One `<code>.json` per language beside English: `{"name": "...", "texts": {template: template}}`."""


@dataclass(frozen=True)
class Language:
    """A code such as `zh_Hans`, the language's own name, and its texts by English template."""

    code: str
    name: str
    texts: Mapping[str, str] = field(default_factory=dict)

    def of(self, text: str) -> str:
        """The text in this language; whatever is not a sentence of ours stays as it is."""
        if self is ENGLISH or not isinstance(text, Sentence):
            return text
        if isinstance(text, PageLabel):
            return self.label(text)
        if isinstance(text, Series):
            return self.texts.get(text.between, text.between).join(map(self.of, text.parts))
        template = self.texts.get(text.template, text.template)
        values = {name: self.of(value) for name, value in text.values.items()}
        return template.format(**values)

    def label(self, label: PageLabel) -> str:
        """A user of a Chinese page finds the Chinese words, everybody the English ones."""
        if self.code == "zh_Hans" and label.chinese:
            return f"{label.chinese} ({label.values['label']})"
        return label.values["label"]


ENGLISH = Language("en", "English")


def codes() -> tuple[str, ...]:
    """All languages, English first."""
    return (ENGLISH.code, *sorted(file.stem for file in FOLDER.glob("*.json")))


def names() -> tuple[tuple[str, str], ...]:
    """Code and own name of every language, English first; a file that cannot be read is left out."""
    found = []
    for code in codes():
        try:
            found.append((code, language(code).name))
        except (OSError, ValueError, KeyError):
            continue
    return tuple(found)


def matching(locale: str) -> str | None:
    """The language for a locale such as `zh_CN.UTF-8` or `zh-Hans-CN`; None where there is none.

    Chinese of places that write traditional characters is not simplified Chinese.
    """
    tag = re.split(r"[.@]", locale)[0].replace("-", "_")
    name, *rest = tag.split("_")
    if name.lower() == "zh":
        traditional = {part.lower() for part in rest} & {"hant", "tw", "hk", "mo"}
        rest = ["Hant"] if traditional else ["Hans"]
    known = {code.lower(): code for code in codes()}
    wanted = ["_".join((name, *rest[:length])).lower() for length in range(len(rest), -1, -1)]
    return next((known[each] for each in wanted if each in known), None)


def language(code: str) -> Language:
    """One language, read from its file. Raises KeyError for a code that there is no file for.

    A text that is not translated yet is shown in English; between sentences there may be nothing.
    """
    if code == ENGLISH.code:
        return ENGLISH
    if code not in codes():
        raise KeyError(code)
    content = json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    done = {text: said for text, said in content["texts"].items() if said or not text.strip()}
    return Language(code, content["name"], done)
