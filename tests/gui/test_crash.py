"""F04: whatever goes wrong uncaught, in whatever thread, no light stays on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from latchlight.core.findings import Light
from latchlight.gui.crash import CrashHook
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.workspace import Workspace
from window_bench import Bench, finish


@pytest.fixture
def hook() -> Iterator[CrashHook]:
    before = sys.excepthook, threading.excepthook
    made = CrashHook()
    made.install()
    yield made
    sys.excepthook, threading.excepthook = before


@pytest.fixture
def workspace(bench: Bench, hook: CrashHook, qtbot: QtBot) -> Workspace:
    for light in (Light.GREEN, Light.RED, Light.AMBER):
        bench.add(light, f"key-{light.value}")
    opened = bench.open()
    hook.tell(opened.on_crash)
    finish(opened, qtbot)
    return opened


def all_off(workspace: Workspace) -> bool:
    badges = workspace.findChildren(LightBadge)
    return (
        all(badge.verdict.light is Light.GREY for badge in badges)
        and all(row.verdict.light is Light.GREY for row in workspace.session.rows)
        and workspace.launch.verdict.text() == "Do not launch"
    )


def raise_here() -> None:
    canary = "canary-secret"
    raise ValueError(canary)


def test_an_error_in_the_window_turns_every_light_off(
    workspace: Workspace, hook: CrashHook, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not all_off(workspace)
    try:
        raise_here()
    except ValueError as problem:
        sys.excepthook(ValueError, problem, problem.__traceback__)
    qtbot.waitUntil(lambda: all_off(workspace))
    assert "Nothing was marked as safe" in workspace.messages.text
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "raise_here" in written
    assert "canary" not in written + workspace.messages.text


def test_an_error_in_another_thread_does_the_same(
    workspace: Workspace, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=raise_here)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: all_off(workspace))
    assert "canary" not in capsys.readouterr().err


def test_a_hundred_errors_are_told_once(
    workspace: Workspace, hook: CrashHook, qtbot: QtBot
) -> None:
    for _ in range(100):
        hook.report(ValueError())
    qtbot.waitUntil(lambda: all_off(workspace))
    assert len(workspace.messages.text.splitlines()) == 1


def test_badges_go_off_even_if_the_list_of_keys_is_broken(
    workspace: Workspace, hook: CrashHook, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace.checklist, "show_row", lambda row: raise_here())
    workspace.on_crash()
    badges = workspace.findChildren(LightBadge)
    assert {badge.verdict.light for badge in badges} == {Light.GREY}


def test_a_crash_stops_the_run(workspace: Workspace, bench: Bench, qtbot: QtBot) -> None:
    bench.session.check_all()
    workspace.on_crash()
    assert not bench.session.running
    qtbot.waitUntil(lambda: not bench.session.runner.busy)
    assert all_off(workspace)


def test_after_a_crash_a_light_can_be_earned_again(
    workspace: Workspace, bench: Bench, qtbot: QtBot
) -> None:
    row = bench.rows[0]
    workspace.on_crash()
    bench.answer(row, Light.GREEN)
    bench.run(row.id)
    assert bench.session.row(row.id).verdict.light is Light.GREEN


def test_the_hook_works_without_a_stream_to_write_to(
    hook: CrashHook, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with qtbot.waitSignal(hook.crashed):
        hook.report(ValueError())


def test_interrupting_from_the_keyboard_is_no_crash(
    hook: CrashHook, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[object] = []
    monkeypatch.setattr(sys, "__excepthook__", lambda *args: passed.append(args))
    with qtbot.assertNotEmitted(hook.crashed):
        hook.handle(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(passed) == 1
