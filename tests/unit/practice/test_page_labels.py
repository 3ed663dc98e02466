"""What the guided fix says about a page can be found on that page: same words for the same boxes."""

from __future__ import annotations

import pytest

from latchlight import services
from latchlight.checkup import practice_requests, run_checkup
from latchlight.core.findings import KeyReport
from latchlight.core.fixes import FixKind
from latchlight.core.progress import CancelToken
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
