"""What the guided fix says about a page can be found on that page: same words for the same boxes."""

from __future__ import annotations

import pytest

from latchlight import services
from latchlight.checkup import practice_requests, run_checkup
from latchlight.core.findings import KeyReport
from latchlight.core.fixes import FixKind
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import NEEDS
from latchlight.exchanges import EXCHANGES as SPECS
from latchlight.practice.exchange import EXCHANGES
from latchlight.practice.world import PracticeWorld


@pytest.fixture(scope="module")
def reports() -> dict[str, list[KeyReport]]:
    with PracticeWorld.start(faults=False) as world:
        practice = services.practice(world)
        requests = practice_requests(world, practice)
        report = run_checkup(requests, practice, token=CancelToken())
        practice.close()
    return {name: [key for key in report.keys if key.exchange == name] for name in EXCHANGES}


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_every_box_that_a_fix_names_is_on_the_practice_page(
    exchange: str, reports: dict[str, list[KeyReport]]
) -> None:
    shown = {switch.label for switch in EXCHANGES[exchange].rules.switches}
    fixes = [f.fix for key in reports[exchange] for f in key.findings if f.fix is not None]
    named = {str(box.label) for fix in fixes for box in fix.boxes}
    assert named
    assert named <= shown


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_the_drawing_of_the_list_has_the_words_of_the_practice_page(exchange: str) -> None:
    words = EXCHANGES[exchange].rules.words
    (part,) = SPECS[exchange].traits.guide.parts[FixKind.LIST]
    labels = {control.key: str(control.label) for control in part.controls}
    assert labels["save"] == words.save
    if "list" in labels:
        assert labels["list"] == words.restricted


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_what_the_key_is_for_is_never_to_be_switched_off_as_too_much(
    exchange: str, reports: dict[str, list[KeyReport]]
) -> None:
    for key in reports[exchange]:
        needed = NEEDS[key.intent.purpose]
        serving = {right.name for right in key.facts.rights if right.gives(*needed)}
        for finding in key.findings:
            if finding.rule == "more-than-purpose" and finding.fix is not None:
                assert serving.isdisjoint(box.key for box in finding.fix.boxes), key.label


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_new_key_is_begun_with_the_button_that_the_drawing_shows(exchange: str) -> None:
    create = SPECS[exchange].traits.guide.parts[FixKind.NEW_KEY][0].controls[0]
    assert str(create.label) == EXCHANGES[exchange].rules.words.create
