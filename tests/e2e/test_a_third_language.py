"""A third language is one file: put beside the others, the command line and every report speak it whole."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from latchlight.checkup import practice_requests, run_checkup
from latchlight.cli.main import main
from latchlight.cli.terminal import speak
from latchlight.core import languages
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.findings import Report
from latchlight.core.languages import ENGLISH, language
from latchlight.core.progress import CancelToken
from latchlight.practice.world import PracticeWorld
from latchlight.report.as_html import as_html
from latchlight.report.as_plain import as_plain
from latchlight.report.as_text import as_text
from latchlight.report.document import document
from latchlight.services import practice
from long_language import LONG, english_words

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))
from languages import all_texts

COMMANDS = {"check", "keys", "practice", "preflight", "exchanges", "updates", "doctor"}
NOT_WORDS = {"latchlight", "https", "http", *COMMANDS}
"""What is typed."""


@pytest.fixture
def third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A language of one file, made from the texts of the code."""
    texts = {text: LONG.texts.get(text) for text in all_texts()}
    (tmp_path / "xx.json").write_text(json.dumps({"name": "Lööng", "texts": texts}), "utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    yield "xx"
    speak(ENGLISH)


@pytest.fixture(scope="module")
def report() -> Report:
    """Every practice key of every exchange, checked."""
    with PracticeWorld.start(faults=False) as world:
        services = practice(world)
        try:
            return run_checkup(practice_requests(world, services), services, token=CancelToken())
        finally:
            services.close()


def left_in(text: str, report: Report | None = None) -> set[str]:
    """English words outside of everything that was translated, but for names."""
    labels = [key.label for key in report.keys] if report is not None else []
    return set(english_words(text, labels)) - NOT_WORDS


def test_the_report_as_text_is_in_the_language_of_the_file(third: str, report: Report) -> None:
    said = as_text(report, language(third))
    assert len(said) > 50_000
    assert left_in(_without_literals(said), report) == set()


def test_the_report_as_a_page_is_in_the_language_of_the_file(third: str, report: Report) -> None:
    made = as_html(report, language(third))
    body = re.sub(r"(?s)<style>.*?</style>|<svg.*?</svg>|<[^>]*>", " ", made)
    assert left_in(_without_literals(html.unescape(body)), report) == set()


def test_the_text_for_support_is_in_the_language_of_the_file(third: str, report: Report) -> None:
    said = as_plain(document(report, language(third)))
    assert left_in(_without_literals(said), report) == set()


def _without_literals(text: str) -> str:
    """Ids of rules and refusals, ends of keys, and questions asked stand as they are in every language."""
    unwrapped = re.sub(r"-\n\s*", "-", text)
    for code in sorted(DiagnosisCode, key=lambda code: -len(code.value)):
        unwrapped = unwrapped.replace(code.value, " ")
    literal = r"\[[a-z-]+\]|…\w+|(?:GET|POST) /\S*|`[^`]*`|/[a-z]\S*|[\w.-]+\.[a-z]{2,}\S*"
    return re.sub(literal, " ", unwrapped)


def _ends_with(words: list[str]) -> object:
    """The exit code; printing the help ends the program by itself."""
    try:
        return main(words)
    except SystemExit as end:
        return end.code


def _without_typed(text: str) -> str:
    """Options, their values, places for values, and the sources of facts."""
    without_sources = re.sub(r"»; [^»]*?\d{4}-\d\d-\d\d\]", "»]", text)
    return _without_literals(re.sub(r"--[a-z-]+|\S*\|\S*|\b[A-Z]{4,}\b", " ", without_sources))


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "--help"], ["keys", "add", "--help"], ["exchanges", "okx"]]
)
def test_the_command_line_speaks_the_language_of_the_file(
    third: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ends_with(["--language", third, *words]) == 0
    said = capsys.readouterr().out
    assert "»" in said
    assert left_in(_without_typed(said)) == set()


def test_an_error_is_said_in_the_language_of_the_file(
    third: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--language", third, "nonsense"]) == 64
    assert left_in(capsys.readouterr().err) == set()
