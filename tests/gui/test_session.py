"""One click is one run, and an answer lands on its own key, in its own run, or nowhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from factories import make_key_report, make_request
from latchlight.core.errors import StoreError
from latchlight.core.findings import Light
from latchlight.core.limits import LIMITS
from latchlight.core.profile import Acceptance
from latchlight.core.progress import Progress
from latchlight.core.sentences import say
from latchlight.gui import work
from latchlight.gui.ageing import Doubt
from window_bench import Bench


def light_of(bench: Bench, row_id: str) -> Light:
    row = bench.session.row(row_id)
    assert row is not None
    return row.verdict.light


def load(bench: Bench) -> None:
    bench.session.take(work.Loaded(tuple(bench.rows)))


def test_ui04_a_hundred_clicks_start_one_run(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add()
    bench.answer(row, Light.GREEN)
    load(bench)
    for _ in range(100):
        bench.session.check([row.id])
        bench.session.check_all()
    qtbot.waitUntil(lambda: not bench.session.running)
    assert bench.runs == [[row.id]]
    assert light_of(bench, row.id) is Light.GREEN


def test_an_answer_of_an_earlier_run_is_dropped(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add()
    load(bench)
    bench.run(row.id)
    bench.session.land(work.KeyDone(1, row.id, make_key_report(Light.GREEN)))
    assert light_of(bench, row.id) is Light.GREY


def test_an_answer_for_another_or_a_removed_key_is_dropped(bench: Bench) -> None:
    row = bench.add()
    load(bench)
    bench.session.land(work.KeyDone(0, "somebody-else", make_key_report(Light.GREEN)))
    bench.session.land(work.KeyDone(0, row.id, make_key_report(Light.GREEN)))
    assert light_of(bench, row.id) is Light.GREY


def test_e09_a_key_without_an_answer_in_a_finished_run_is_not_checked(
    bench: Bench, qtbot: QtBot
) -> None:
    heard, silent = bench.add(label="heard"), bench.add(Light.GREEN, "silent")
    bench.answer(heard, Light.GREEN)
    load(bench)
    bench.run(heard.id, silent.id)
    assert light_of(bench, heard.id) is Light.GREEN
    assert light_of(bench, silent.id) is Light.GREY
    assert bench.session.row(silent.id).doubt is Doubt.FAILED


def test_stopping_leaves_keys_unchecked_and_drops_what_comes_late(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, ended = threading.Event(), threading.Event()
    row = bench.add(Light.GREEN)
    bench.answer(row, Light.GREEN)
    at_once = bench._check_keys

    def slowly(*arguments: object) -> work.Egress:
        gate.wait()
        answer = at_once(*arguments)
        ended.set()
        return answer

    monkeypatch.setattr(work, "check_keys", slowly)
    load(bench)
    bench.session.check([row.id])
    assert bench.session.running
    bench.session.cancel()
    assert not bench.session.running
    gate.set()
    assert ended.wait(5)
    qtbot.waitUntil(lambda: not bench.session.runner.busy)
    assert light_of(bench, row.id) is Light.GREY
    assert bench.session.row(row.id).doubt is Doubt.STOPPED


@pytest.mark.parametrize("ours", [True, False])
def test_a_run_that_fails_leaves_nothing_green(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    problem: Exception = StoreError(say("The file is gone."), say("Start again."))

    def fail(*_: object) -> None:
        raise problem if ours else ValueError("canary")

    monkeypatch.setattr(work, "check_keys", fail)
    row = bench.add(Light.GREEN)
    load(bench)
    told: list[object] = []
    bench.session.problem.connect(told.append)
    bench.session.crashed.connect(told.append)
    bench.run(row.id)
    assert light_of(bench, row.id) is Light.GREY
    assert len(told) == 1
    assert (told[0] == str(problem)) is ours


def test_a_result_whose_answers_lie_in_the_future_goes_grey(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add()
    bench.answers[row.id] = make_key_report(
        Light.GREEN, at=bench.clock.wall + timedelta(minutes=10)
    )
    load(bench)
    bench.run(row.id)
    bench.session.tick()
    assert bench.session.row(row.id).doubt is Doubt.CLOCK


def test_an_answer_lands_only_through_the_run_that_it_names(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs at once: one may not speak for a key that is checked in the other."""
    gate = threading.Event()
    first, second = bench.add(label="first"), bench.add(label="second")
    posts: dict[int, Callable[[work.KeyDone], None]] = {}

    def slowly(requests: object, services: object, run: int, token: object, post: Any) -> object:
        posts[run] = post
        gate.wait()
        return bench.egress

    monkeypatch.setattr(work, "check_keys", slowly)
    load(bench)
    for row in (first, second):
        bench.session.check([row.id])
    qtbot.waitUntil(lambda: len(posts) == 2)
    of_first, of_second = sorted(posts)
    report = make_key_report(Light.GREEN, label="second", at=bench.clock.wall)
    with qtbot.waitSignal(bench.session.row_changed) as landed:
        posts[of_first](work.KeyDone(of_second, second.id, report))
        own = make_key_report(Light.RED, label="first", at=bench.clock.wall)
        posts[of_first](work.KeyDone(of_first, first.id, own))
    assert landed.args == [first.id]
    assert bench.session.row(second.id).report is None
    gate.set()
    qtbot.waitUntil(lambda: not bench.session.running)


def test_age_counts_from_the_question_and_not_from_the_landing(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add()
    bench.answer(row, Light.GREEN)
    load(bench)
    bench.clock.wall += timedelta(seconds=LIMITS.light_age_seconds + 1)
    bench.session.tick()
    bench.run(row.id)
    bench.session.tick()
    assert light_of(bench, row.id) is Light.GREY


def test_an_address_that_changes_within_a_run_doubts_the_other_keys_only(
    bench: Bench, qtbot: QtBot
) -> None:
    from latchlight.core.addresses import parse_address

    old, new = bench.add(Light.GREEN, "old"), bench.add(label="new")
    bench.answer(new, Light.GREEN)
    bench.open()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    moved = replace(bench.egress.report, ipv4=parse_address("198.51.100.23"))
    bench.egress = replace(bench.egress, report=moved)
    bench.run(new.id)
    assert light_of(bench, new.id) is Light.GREEN
    assert bench.session.row(old.id).doubt is Doubt.ADDRESS


def test_an_acceptance_stays_amber_and_is_kept_for_thirty_days_at_most(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Acceptance] = []

    def accept(services: object, acceptance: Acceptance, stored: bool) -> Acceptance:
        kept.append(acceptance)
        return acceptance

    monkeypatch.setattr(work, "accept", accept)
    row = bench.add(Light.AMBER)
    load(bench)
    finding = row.report.open_ambers()[0]
    bench.session.changes.accept(row.id, finding, "  the server moves  ", 400)
    qtbot.waitUntil(lambda: not bench.session.row(row.id).report.open_ambers())
    assert light_of(bench, row.id) is Light.AMBER
    assert kept[0].reason == "the server moves"
    assert kept[0].until == bench.clock.wall + timedelta(days=30)
    assert kept[0].fingerprint == row.request.fingerprint
    assert kept[0].basis == finding.basis


@pytest.mark.parametrize("light", [Light.RED, Light.GREEN])
def test_f10_nothing_but_amber_can_be_accepted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, light: Light
) -> None:
    monkeypatch.setattr(work, "accept", lambda *_: pytest.fail("accepted"))
    row = bench.add(light)
    load(bench)
    finding = next(f for f in row.report.findings if f.light is light)
    bench.session.changes.accept(row.id, finding, "because", 7)
    assert not bench.session.runner.busy


def test_an_acceptance_of_practice_survives_the_next_check_on_the_screen(
    bench: Bench, qtbot: QtBot
) -> None:
    row = bench.add(Light.AMBER, practice=True, stored=False)
    bench.answer(row, Light.AMBER)
    load(bench)
    bench.session.changes.accept(row.id, row.report.open_ambers()[0], "practice", 7)
    qtbot.waitUntil(lambda: not bench.session.row(row.id).report.open_ambers())
    bench.run(row.id)
    assert bench.session.row(row.id).report.open_ambers() == []


def test_an_acceptance_on_the_screen_does_not_cover_what_a_later_check_finds(
    bench: Bench, qtbot: QtBot
) -> None:
    row = bench.add(Light.AMBER, practice=True, stored=False)
    load(bench)
    (finding,) = row.report.open_ambers()
    bench.session.changes.accept(row.id, finding, "practice", 7)
    qtbot.waitUntil(lambda: not bench.session.row(row.id).report.open_ambers())
    wider = [
        replace(f, basis="f" * 16, acceptance=None) if f.rule == finding.rule else f
        for f in row.report.findings
    ]
    report = replace(row.report, findings=tuple(wider))
    landed = bench.session.row(row.id).landed(report, row.stamp)
    assert [f.rule for f in landed.report.open_ambers()] == [finding.rule]
    # An acceptance that was still being written when the check ended.
    given = bench.session.row(row.id).report
    late = next(f.acceptance for f in given.findings if f.acceptance is not None)
    assert landed.with_acceptance(finding.rule, late).report.open_ambers()


def test_a_key_that_is_not_saved_is_shown_checked_and_forgotten(bench: Bench, qtbot: QtBot) -> None:
    load(bench)
    request = make_request("once", stored=False)
    bench.answers[request.id] = make_key_report(Light.RED, label="once")
    bench.session.add_unsaved(request)
    qtbot.waitUntil(lambda: not bench.session.running)
    assert light_of(bench, request.id) is Light.RED
    load(bench)
    assert bench.session.row(request.id) is not None
    bench.session.changes.remove(request.id)
    assert bench.session.row(request.id) is None


def test_a_removed_key_is_told_as_gone(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "remove_key", lambda services, label: label)
    row = bench.add(Light.GREEN, "old-bot")
    load(bench)
    with qtbot.waitSignal(bench.session.notice) as told:
        bench.session.changes.remove(row.id)
    assert "old-bot" in told.args[0]
    assert bench.session.rows == []


def test_a_key_whose_secret_is_still_there_stays_in_the_list(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(services: object, label: str) -> str:
        raise StoreError(say("The secret is still there."), say("Try again."))

    monkeypatch.setattr(work, "remove_key", refuse)
    row = bench.add(Light.GREEN)
    load(bench)
    with qtbot.waitSignal(bench.session.problem) as told:
        bench.session.changes.remove(row.id)
    assert told.args == ["The secret is still there. Try again."]
    assert bench.session.row(row.id) is not None


def test_progress_is_shown_while_a_run_goes_on(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slowly(requests: object, services: object, run: int, token: object, post: object) -> object:
        post(Progress(1, 3, say("Asking Binance about main-bot")))  # type: ignore[operator]
        gate.wait()
        return bench.egress

    monkeypatch.setattr(work, "check_keys", slowly)
    row = bench.add()
    workspace = bench.open()
    bench.session.check([row.id])
    strip = workspace.run_strip
    qtbot.waitUntil(lambda: "1 of 3: Asking Binance about main-bot" in strip.text)
    assert not workspace.checklist.header.check_button.isEnabled()
    gate.set()
    qtbot.waitUntil(lambda: not bench.session.running)
    assert workspace.checklist.header.check_button.isEnabled()


def test_the_list_does_not_move_with_every_step_of_a_run(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gates = [threading.Event(), threading.Event(), threading.Event()]
    steps = (say("Asking Binance"), say("Waiting for {name}", name="a long name " * 9), say("Done"))

    def slowly(requests: object, services: object, run: int, token: object, post: object) -> object:
        for gate, step in zip(gates, steps, strict=True):
            post(Progress(0, 3, step))  # type: ignore[operator]
            gate.wait()
        return bench.egress

    monkeypatch.setattr(work, "check_keys", slowly)
    row = bench.add()
    workspace = bench.open()
    strip, heights = workspace.run_strip, []
    bench.session.check([row.id])
    for gate, step in zip(gates, steps, strict=True):
        qtbot.waitUntil(lambda step=step: strip.text.endswith(str(step)))
        heights.append(strip.sizeHint().height())
        gate.set()
    assert heights[0] < heights[1] == heights[2]
    qtbot.waitUntil(lambda: not bench.session.running)
    assert strip._text.minimumHeight() == 0


@pytest.mark.parametrize("doubt", [Doubt.NETWORK, Doubt.SLEPT, Doubt.CRASHED])
def test_what_was_asked_before_the_network_changed_does_not_count_after_it(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, doubt: Doubt
) -> None:
    gate = threading.Event()
    row = bench.add()
    bench.answer(row, Light.GREEN)
    at_once = bench._check_keys

    def slowly(*arguments: object) -> work.Egress:
        gate.wait()
        return at_once(*arguments)

    monkeypatch.setattr(work, "check_keys", slowly)
    load(bench)
    bench.session.check([row.id])
    bench.session.distrust(doubt)
    gate.set()
    qtbot.waitUntil(lambda: not bench.session.running)
    assert bench.session.row(row.id).doubt is doubt
    monkeypatch.setattr(work, "check_keys", at_once)
    bench.run(row.id)
    assert light_of(bench, row.id) is Light.GREEN


def test_an_answer_that_took_longer_than_a_light_may_stand_is_grey_at_once(
    bench: Bench, qtbot: QtBot
) -> None:
    row = bench.add()
    bench.answer(row, Light.GREEN)
    load(bench)
    lights: list[Light] = []
    bench.session.row_changed.connect(lambda row_id: lights.append(light_of(bench, row_id)))
    bench.clock.wall += timedelta(seconds=LIMITS.light_age_seconds + 1)
    bench.run(row.id)
    assert set(lights) == {Light.GREY}
