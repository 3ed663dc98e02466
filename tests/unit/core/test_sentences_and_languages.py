"""Sentences remember how they were made, so that another language can say the same."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from latchlight.core import languages
from latchlight.core.languages import ENGLISH, Language, language
from latchlight.core.sentences import PageLabel, say, series

GERMAN = Language(
    "de",
    "Deutsch",
    {
        "{n} checks done": "{n} Prüfungen fertig",
        "Look: {coverage}.": "Ansehen: {coverage}.",
        "{name} is on": "{name} ist an",
    },
)


def test_a_sentence_inside_a_sentence_is_translated_too() -> None:
    inner = say("{n} checks done", n=9)
    assert GERMAN.of(say("Look: {coverage}.", coverage=inner)) == "Ansehen: 9 Prüfungen fertig."


def test_a_series_keeps_its_parts_as_sentences() -> None:
    line = series([say("{n} checks done", n=1), "plain"], " · ")
    assert str(line) == "1 checks done · plain"
    assert GERMAN.of(line) == "1 Prüfungen fertig · plain"


def test_outside_text_is_never_looked_up() -> None:
    assert GERMAN.of("{n} checks done") == "{n} checks done"
    assert GERMAN.of(say("{name} is on", name="{n} checks done")) == "{n} checks done ist an"


def test_values_with_braces_survive() -> None:
    assert GERMAN.of(say("{name} is on", name="a{b}c")) == "a{b}c ist an"
    assert str(series(["{x}", "}"], "{}")) == "{x}{}}"


def test_a_label_of_a_page_is_shown_in_chinese_only_where_a_source_gives_it() -> None:
    chinese = Language("zh_Hans", "简体中文")
    label = PageLabel.of("Enable Reading", "允许读取")
    assert ENGLISH.of(say("Tick {box}.", box=label)) == "Tick Enable Reading."
    assert chinese.of(label) == "允许读取 (Enable Reading)"
    assert chinese.of(PageLabel.of("Save")) == "Save"


def test_sentences_and_labels_survive_pickling() -> None:
    label = PageLabel.of("Save", "保存")
    again = pickle.loads(pickle.dumps(say("Choose {box}.", box=label)))  # noqa: S301 - our own
    assert again == "Choose Save."
    assert again.values["box"].chinese == "保存"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        language("../settings")


def test_what_is_not_translated_yet_is_shown_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"Done": "", "Open": "Öffnen", " ": ""}
    (tmp_path / "de.json").write_text(json.dumps({"name": "Deutsch", "texts": texts}), "utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    german = language("de")
    assert german.of(say("Done")) == "Done"
    assert german.of(series([say("Open"), say("Open")], " ")) == "ÖffnenÖffnen"
