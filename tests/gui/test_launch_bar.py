"""The launch light: yes only for green, and always with the word and the command."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from factories import NOW, make_key_report, make_request
from latchlight.core.findings import LIGHT_WORDS, Light
from latchlight.gui.ageing import Doubt, Stamp
from latchlight.gui.key_row import KeyRow
from latchlight.gui.widgets.launch_bar import LaunchBar, launch_words, quoted
from window_bench import texts


def row_of(light: Light, *, practice: bool = False, label: str = "main-bot") -> KeyRow:
    report = make_key_report(light, label=label)
    request = make_request(label, stored=not practice)
    return KeyRow(request, practice).landed(report, Stamp(0.0, NOW))


@pytest.fixture
def bar(qtbot: QtBot) -> LaunchBar:
    made = LaunchBar()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("light", Light)
def test_only_green_may_launch(bar: LaunchBar, light: Light) -> None:
    bar.show_row(row_of(light))
    assert (bar.verdict.text() == "Safe to launch") is (light is Light.GREEN)
    assert bar.badge.accessibleName() == LIGHT_WORDS[light]
    assert bar.command == "latchlight preflight main-bot"


def test_where_the_program_is_installed_the_command_is_not_the_window(
    bar: LaunchBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    bar.show_row(row_of(Light.GREEN))
    assert bar.command == "latchlight-cli preflight main-bot"


@pytest.mark.parametrize("doubt", Doubt)
def test_a_green_that_no_longer_counts_may_not_launch(bar: LaunchBar, doubt: Doubt) -> None:
    bar.show_row(row_of(Light.GREEN).doubted(doubt))
    assert bar.verdict.text() == "Do not launch"
    assert bar.badge.verdict.light is Light.GREY


def test_while_it_is_checked_it_may_not_launch() -> None:
    assert launch_words(row_of(Light.GREEN).started(1)) == "Do not launch"


def test_a_key_that_was_never_checked_may_not_launch() -> None:
    assert launch_words(KeyRow(make_request())) == "Do not launch"


def test_f10_an_accepted_red_does_not_exist_even_if_somebody_makes_one() -> None:
    from latchlight.core.profile import Acceptance

    row = row_of(Light.RED)
    accepted = Acceptance("main-bot", "withdraw-on", "", "because", NOW, "")
    findings = tuple(replace(f, acceptance=accepted) for f in row.report.findings)
    assert launch_words(replace(row, report=replace(row.report, findings=findings))) == (
        "Do not launch"
    )


def test_practice_has_no_command(bar: LaunchBar) -> None:
    bar.show()
    bar.show_row(row_of(Light.GREEN, practice=True))
    assert "practice" in bar.badge.accessibleName()
    assert not bar.command_line.isVisible()


def test_without_a_key_there_is_no_launch_light(bar: LaunchBar) -> None:
    bar.show_row(row_of(Light.GREEN))
    bar.show_row(None)
    assert bar.isHidden()


@pytest.mark.parametrize(
    ("label", "posix", "windows"),
    [
        ("main-bot", "main-bot", "main-bot"),
        ("main bot", "'main bot'", '"main bot"'),
        ("it's", "'it'\"'\"'s'", '"it\'s"'),
        ('say "x"', "'say \"x\"'", '"say ""x"""'),
        ('" & calc & "', "'\" & calc & \"'", '""" & calc & """'),
        ("$(id);`id`", "'$(id);`id`'", '"$(id);`id`"'),
        ("日本", "'日本'", '"日本"'),
    ],
)
def test_a_label_is_one_word_of_the_command_line(label: str, posix: str, windows: str) -> None:
    assert quoted(label, "linux") == posix
    assert quoted(label, "win32") == windows


@pytest.mark.parametrize("label", ["main bot", "it's", '"', "$HOME", "a;b", "-"])
def test_a_posix_shell_reads_the_label_back(label: str) -> None:
    import shlex

    assert shlex.split(f"latchlight preflight {quoted(label, 'linux')}")[-1] == label


@pytest.mark.parametrize("practice", [False, True])
def test_in_a_low_window_practice_takes_one_line(bar: LaunchBar, practice: bool) -> None:
    bar.show_row(row_of(Light.AMBER, practice=practice))
    bar.resize(900, bar.sizeHint().height())
    roomy = {text for text in texts(bar) if text}
    bar.make_room(17)
    left_out = roomy - set(texts(bar))
    assert len(left_out) == (1 if practice else 0)
    assert bar.verdict.accessibleDescription() == "".join(left_out)
    bar.make_room(40)
    assert {text for text in texts(bar) if text} == roomy
    assert bar.verdict.accessibleDescription() == ""
