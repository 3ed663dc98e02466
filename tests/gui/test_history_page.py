"""History of a key: what changed, told in words, with lights nobody takes for those of now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from factories import ADDRESS, make_key_report
from latchlight.core.addresses import parse_address
from latchlight.core.changes import Snapshot, snapshot
from latchlight.core.findings import Light
from latchlight.core.profile import AddressSighting
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.gui import history_work, theme
from latchlight.gui.key_row import PastCheck
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.pages.history_page import HistoryPage
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.past_light import PastLight
from latchlight.gui.workspace import Workspace
from window_bench import Bench, buttons, press, reads, texts

DAY = timedelta(days=1)


def past(bench: Bench, light: Light, days: int) -> Snapshot:
    return snapshot(make_key_report(light, at=bench.clock.wall - days * DAY))


def remembered(monkeypatch: pytest.MonkeyPatch, found: history_work.Past) -> None:
    monkeypatch.setattr(history_work, "look_back", lambda *_: found)


def opened(bench: Bench, qtbot: QtBot) -> tuple[Workspace, HistoryPage]:
    workspace = bench.open()
    press(workspace.checklist, "History and report")
    qtbot.waitUntil(lambda: not bench.session.runner.busy)
    return workspace, workspace.findChildren(HistoryPage)[0]


def test_the_history_tells_from_newest_to_oldest_what_changed(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add(Light.RED)
    checks = tuple(past(bench, Light.GREEN, days) for days in (9, 8, 7))
    remembered(monkeypatch, history_work.Past(checks))
    _, page = opened(bench, qtbot)
    assert reads(page, "was Danger · 20 Nov 2026")
    said = texts(page)
    assert "Withdrawals: from Safe to Danger" in said
    assert "After: This key can withdraw your money." in said
    (old,) = (text for text in said if text.startswith("was Safe"))
    assert old.startswith("was Safe · 3 times from 11 Nov 2026")
    assert said.index("was Danger · 20 Nov 2026, 12:00") < said.index(old)


def test_a_light_of_the_past_has_no_colour_and_no_badge(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add()
    remembered(monkeypatch, history_work.Past((past(bench, Light.GREEN, 1),)))
    _, page = opened(bench, qtbot)
    qtbot.waitUntil(lambda: bool(page.findChildren(PastLight)))
    assert page.history.findChildren(LightBadge) == []
    (light,) = page.findChildren(PastLight)
    assert light.accessibleName() == "was Safe"
    picture = QPixmap(light.size())
    picture.fill(Qt.GlobalColor.transparent)
    light.render(picture)
    image = picture.toImage()
    colours = {
        QColor(image.pixelColor(x, y)).hsvSaturation()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 200
    }
    green = QColor(theme.tokens().green).hsvSaturation()
    assert colours
    assert max(colours) < green / 2


@pytest.mark.parametrize("light", list(Light))
def test_the_outlines_of_past_lights_differ(qtbot: QtBot, light: Light) -> None:
    pictures = {}
    for each in Light:
        widget = PastLight(each)
        qtbot.addWidget(widget)
        pictures[each] = widget.grab().toImage()
    assert [each for each in Light if pictures[each] == pictures[light]] == [light]


def test_an_empty_history_says_so(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add()
    remembered(monkeypatch, history_work.Past())
    _, page = opened(bench, qtbot)
    assert reads(page, "No check of this key is remembered yet.")


def test_a_store_that_cannot_be_read_is_said_and_this_session_is_still_shown(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add(Light.GREEN)
    remembered(monkeypatch, history_work.Past(problem=say("The store is damaged.")))
    _, page = opened(bench, qtbot)
    assert reads(page, "The store is damaged.")
    assert reads(page, "was Safe · 20 Nov 2026")


def test_a_check_that_ends_while_the_page_is_open_appears_on_it(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = bench.add(Light.GREEN)
    remembered(monkeypatch, history_work.Past())
    _, page = opened(bench, qtbot)
    bench.clock.advance(3600)
    bench.answer(row, Light.RED)
    bench.run(row.id)
    assert reads(page, "was Danger")
    assert reads(page, "Withdrawals: from Safe to Danger")


def test_addresses_of_this_computer_are_listed(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add()
    now = bench.clock.wall
    seen = (AddressSighting(parse_address(ADDRESS), now - 3 * DAY, now),)
    remembered(monkeypatch, history_work.Past(addresses=seen))
    _, page = opened(bench, qtbot)
    assert reads(page.addresses, ADDRESS)


def test_practice_is_said_at_every_light_of_the_past(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.session.services = replace(bench.session.services, practice=True)
    bench.add(Light.GREEN, practice=True, stored=False)
    _, page = opened(bench, qtbot)
    assert reads(page, "was Safe")
    assert all(t.endswith("· practice") for t in texts(page) if t.startswith("was "))


def test_the_page_survives_the_removal_of_its_key(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = bench.add(Light.GREEN)
    remembered(monkeypatch, history_work.Past())
    _, page = opened(bench, qtbot)
    bench.session.forget(row.id)
    assert reads(page, "This key is not here any more.")


# The card on the checklist ---------------------------------------------------------------------


def news(workspace: Workspace) -> list[str]:
    card = workspace.checklist.news
    return [label.text() for label in card.findChildren(QLabel) if not card.isHidden()]


def test_only_a_change_since_the_last_check_shows_a_card(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add(Light.GREEN)
    workspace = bench.open()
    assert news(workspace) == []
    bench.clock.advance(60)
    bench.answer(row, Light.GREEN)
    bench.run(row.id)
    assert news(workspace) == []
    bench.clock.advance(60)
    bench.answer(row, Light.RED)
    bench.run(row.id)
    said = news(workspace)
    assert said[0] == "Changed since the check of 20 Nov 2026, 12:01"
    assert "Withdrawals: from Safe to Danger" in said
    press(workspace.checklist.news, "See the history")
    qtbot.waitUntil(lambda: bool(workspace.findChildren(HistoryPage)))


def test_the_card_compares_with_the_last_stored_check_that_found_something(
    bench: Bench, qtbot: QtBot
) -> None:
    before = past(bench, Light.GREEN, 1)
    row = bench.add(past=PastCheck(Light.GREEN, before.at), seen=(before,))
    workspace = bench.open()
    assert news(workspace) == []
    bench.answer(row, Light.GREY)
    bench.run(row.id)
    assert news(workspace) == []  # nothing was found out, so nothing is known to have changed
    bench.clock.advance(60)
    bench.answer(row, Light.AMBER)
    bench.run(row.id)
    assert news(workspace)[0] == "Changed since the check of 19 Nov 2026, 12:00"


def test_the_card_goes_with_the_light(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add(seen=(past(bench, Light.GREEN, 1),))
    workspace = bench.open()
    bench.answer(row, Light.RED)
    bench.run(row.id)
    assert news(workspace)
    bench.clock.advance(3600)
    bench.session.tick()
    assert news(workspace) == []


def test_a_forgotten_history_is_forgotten_on_the_screen_too(bench: Bench, qtbot: QtBot) -> None:
    before = past(bench, Light.GREEN, 1)
    bench.add(Light.RED, past=PastCheck(Light.GREEN, before.at), seen=(before,))
    workspace = bench.open()
    bench.rows = [replace(bench.rows[0], past=None, seen=())]
    with qtbot.waitSignal(bench.session.loaded):
        bench.session.load()
    assert bench.session.rows[0].seen == ()
    assert news(workspace) == []


def test_history_is_reached_from_the_header_and_left_by_esc(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    workspace.open_task(KeyTask.HISTORY)
    assert workspace.side_page.is_open
    qtbot.keyClick(workspace.side_page, Qt.Key.Key_Escape)
    assert not workspace.side_page.is_open
    assert buttons(workspace.checklist, "History and report")
