"""Changing to a new key: each step, and what takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import ADDRESS, NOW, make_key_report
from latchlight.core.findings import KeyReport, Light
from latchlight.core.profile import Acceptance
from latchlight.core.proof_of_death import Answered, Death, Hearing
from latchlight.core.rotation import (
    Ended,
    EndedBy,
    Fitness,
    Rotation,
    Stage,
    begin,
    delete,
    fitness,
    new_heard,
    old_heard,
    prove,
    switch,
    tell,
    with_new,
)
from latchlight.core.sentences import say

LATER = NOW + timedelta(minutes=3)


def report(light: Light, at: object = NOW) -> KeyReport:
    return make_key_report(light, at=at)  # type: ignore[arg-type]


def decided(light: Light = Light.AMBER) -> KeyReport:
    """Amber, with everything accepted."""
    made = report(light)
    finding = made.open_ambers()[0]
    acceptance = Acceptance("x", finding.rule, "", "fine", LATER, finding.basis)
    findings = tuple(
        replace(f, acceptance=acceptance) if f.rule == finding.rule else f for f in made.findings
    )
    return replace(made, findings=findings)


def hearing(death: Death) -> Hearing:
    return Hearing(death, say("t"), say("d"), "50119")


def proving() -> Rotation:
    """Everything done but the proof."""
    rotation = old_heard(begin("old", NOW), report(Light.GREEN), ADDRESS)
    rotation = new_heard(with_new(rotation, "new"), report(Light.GREEN))
    return delete(switch(rotation, NOW), NOW)


def test_the_steps_come_one_after_another() -> None:
    rotation = begin("old", NOW)
    stages = [rotation.stage]
    rotation = with_new(rotation, "new")
    stages.append(rotation.stage)
    rotation = new_heard(rotation, report(Light.GREEN))
    stages.append(rotation.stage)
    rotation = switch(rotation, NOW)
    stages.append(rotation.stage)
    rotation = delete(rotation, NOW)
    stages.append(rotation.stage)
    rotation = prove(rotation, hearing(Death.PROVED), LATER)
    stages.append(rotation.stage)
    assert stages == list(Stage)
    assert rotation.ended == Ended(LATER, EndedBy.PROVED, "50119")


@pytest.mark.parametrize(
    ("light", "found"),
    [
        (Light.GREEN, Fitness.GREEN),
        (Light.AMBER, Fitness.UNDECIDED),
        (Light.RED, Fitness.UNFIT),
        (Light.GREY, Fitness.UNKNOWN),
    ],
)
def test_only_green_lets_a_new_key_on_by_itself(light: Light, found: Fitness) -> None:
    assert fitness(report(light)) is found
    rotation = new_heard(with_new(begin("old", NOW), "new"), report(light))
    expected = Stage.SWITCH if found is Fitness.GREEN else Stage.CHECK
    assert rotation.stage is expected
    assert switch(rotation, NOW).switched == (NOW if found is Fitness.GREEN else None)


def test_amber_lets_on_once_every_finding_of_it_is_accepted() -> None:
    assert fitness(decided()) is Fitness.DECIDED
    rotation = with_new(begin("old", NOW), "new")
    assert new_heard(rotation, decided()).stage is Stage.SWITCH


@pytest.mark.parametrize(
    ("light", "stage"),
    [(Light.RED, Stage.CHECK), (Light.AMBER, Stage.CHECK), (Light.GREY, Stage.SWITCH)],
)
def test_what_is_bad_about_the_new_key_counts_until_the_bot_has_it(
    light: Light, stage: Stage
) -> None:
    rotation = new_heard(with_new(begin("old", NOW), "new"), report(Light.GREEN))
    assert new_heard(rotation, report(light, LATER)).stage is stage
    switched = switch(rotation, NOW)
    assert new_heard(switched, report(light, LATER)) == switched


def test_both_keys_overlap_from_the_new_ones_first_answer_to_the_death_of_the_old_one() -> None:
    rotation = with_new(begin("old", NOW), "new")
    assert rotation.overlap_since is None
    assert new_heard(rotation, report(Light.GREY)).overlap_since is None
    rotation = new_heard(rotation, report(Light.RED))
    assert rotation.overlap_since == NOW
    assert new_heard(rotation, report(Light.GREEN, LATER)).overlap_since == NOW
    assert proving().overlap_since == NOW
    assert prove(proving(), hearing(Death.PROVED), LATER).overlap_since is None


@pytest.mark.parametrize("death", list(Death))
def test_only_a_proof_ends_it_and_only_after_the_other_steps(death: Death) -> None:
    ended = prove(proving(), hearing(death), LATER).ended is not None
    assert ended is (death is Death.PROVED)
    for early in (begin("old", NOW), switch(proving(), None), delete(proving(), None)):
        assert prove(early, hearing(death), LATER) == early


@pytest.mark.parametrize("death", list(Death))
def test_what_the_user_saw_ends_it_only_beside_a_refusal_that_fits(death: Death) -> None:
    told = tell(proving(), hearing(death), LATER)
    expected = Ended(LATER, EndedBy.TOLD, "50119") if death is Death.FITS else None
    assert told.ended == expected


@pytest.mark.parametrize("end", [prove, tell])
def test_a_key_that_answers_again_was_not_dead(end: object) -> None:
    death = Death.PROVED if end is prove else Death.FITS
    rotation = end(proving(), hearing(death), LATER)  # type: ignore[operator]
    assert rotation.stage is Stage.TIDY
    assert old_heard(rotation, report(Light.GREY, LATER + timedelta(1)), "") == rotation
    alive = old_heard(rotation, report(Light.RED, LATER + timedelta(1)), "")
    assert alive.stage is Stage.PROVE
    assert alive.overlap_since == NOW


@pytest.mark.parametrize("end", [prove, tell])
def test_it_was_not_dead_by_whatever_clock_it_answers(end: object) -> None:
    """The clock was a month ahead while the key was accepted and then found dead, and went back."""
    ahead = timedelta(days=30)
    death = Death.PROVED if end is prove else Death.FITS
    before = old_heard(proving(), report(Light.GREEN, NOW + ahead), ADDRESS)
    ended = end(before, hearing(death), LATER + ahead)  # type: ignore[operator]
    alive = old_heard(ended, report(Light.GREEN, LATER), ADDRESS)
    assert alive.ended is None
    assert alive.overlap_since is not None


def test_the_last_acceptance_of_the_old_key_is_kept_with_its_place() -> None:
    first = old_heard(begin("old", NOW), report(Light.RED), ADDRESS)
    assert first.answered == Answered(NOW, "api.binance.com", ADDRESS)
    later = old_heard(first, report(Light.GREEN, LATER), "198.51.100.9")
    assert later.answered == Answered(LATER, "api.binance.com", "198.51.100.9")
    assert old_heard(later, report(Light.GREEN), ADDRESS) == later
    assert old_heard(later, report(Light.GREY, LATER + timedelta(1)), ADDRESS) == later


def test_another_new_key_begins_afresh_and_keeps_what_is_known_of_the_old_one() -> None:
    before = proving()
    other = with_new(before, "other")
    assert other == Rotation("old", NOW, "other", answered=before.answered)
    assert with_new(before, "new") == before
    assert with_new(before, "old") == before
    assert with_new(before, "").stage is Stage.ADD
    ended = prove(before, hearing(Death.PROVED), LATER)
    assert with_new(ended, "other") == ended


def test_ticks_are_taken_back_until_the_end() -> None:
    rotation = proving()
    assert switch(rotation, None).stage is Stage.SWITCH
    assert delete(rotation, None).stage is Stage.DELETE
    ended = prove(rotation, hearing(Death.PROVED), LATER)
    assert switch(ended, None) == delete(ended, None) == ended
