"""What happened while nobody looked is told once, in the window, in words that fit."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from factories import NOW, make_egress, make_key_report, make_request
from latchlight.core.addresses import parse_address
from latchlight.core.facts import NOT_TOLD, Fact, Known
from latchlight.core.findings import Light
from latchlight.core.purpose import Intent, Setup
from latchlight.core.watching import WatchChoices
from latchlight.gui import work
from latchlight.gui.happenings import LightMemory, address_changed, light_fell, message
from latchlight.gui.key_row import KeyRow, PastCheck
from latchlight.gui.pages.happenings_page import HappeningsPage
from window_bench import Bench, press, reads

OLD, NEW = parse_address("203.0.113.7"), parse_address("198.51.100.9")
HOSTILE = '<b onclick="x">&amp;%s{label}\n</b>'


def row(label: str, on: Fact[bool], listed: tuple[str, ...] | None, setup: Setup) -> KeyRow:
    """A key whose last check read this list; None where the exchange does not tell it."""
    report = make_key_report(Light.GREEN, label=label)
    networks = NOT_TOLD if listed is None else Known(tuple(map(ipaddress.ip_network, listed)))
    facts = replace(report.facts, whitelist_on=on, whitelist=networks)
    request = replace(make_request(label), intent=Intent(setup=setup))
    return KeyRow(request, report=replace(report, facts=facts))


HERE = Setup.THIS_COMPUTER


@pytest.mark.parametrize(
    ("key", "start"),
    [
        (row("bot", Known(True), ("203.0.113.7/32",), HERE), "Your bot will be locked out: "),
        (row("bot", Known(True), None, HERE), "Your bot may be locked out: "),
        (row("bot", NOT_TOLD, None, HERE), "Your bot may be locked out: "),
        (KeyRow(make_request("bot")), "Your bot may be locked out: "),
        (row("bot", Known(False), None, HERE), "This computer's public IP changed"),
        (row("bot", Known(True), (f"{OLD}/32", f"{NEW}/32"), HERE), "This computer's public IP"),
        (row("bot", Known(True), (f"{OLD}/32",), Setup.ONE_SERVER), "This computer's public IP"),
    ],
)
def test_who_is_locked_out_by_a_new_address_follows_from_the_list(key: KeyRow, start: str) -> None:
    told = address_changed(NOW, OLD, NEW, [key])
    assert told.title.startswith(start)
    assert str(NEW) in told.title
    assert str(OLD) in told.detail
    assert told.copy == str(NEW)
    concerned = start.startswith("Your bot")
    assert ("“bot”" in told.detail) is concerned


@pytest.mark.parametrize(
    ("lights", "falls"),
    [
        ("green red", [1]),
        ("green amber", [1]),
        ("amber red", [1]),
        ("red amber green", []),
        ("green green", []),
        ("green grey", []),
        ("green grey green", []),
        ("green grey grey", [2]),
        ("green grey grey grey grey", [2]),
        ("green grey green grey", []),
        ("green grey red", [2]),
        ("red grey grey", []),
        ("red", []),
        ("grey grey", []),
        ("green grey grey green red", [2, 4]),
    ],
)
def test_a_light_falls_to_a_colour_at_once_and_to_grey_the_second_time(
    lights: str, falls: list[int]
) -> None:
    memory = LightMemory()
    found = [memory.fell_from("key", Light(name)) for name in lights.split()]
    assert [place for place, before in enumerate(found) if before is not None] == falls


def test_what_others_may_read_names_no_key_unless_it_was_chosen() -> None:
    fell = light_fell("id", make_key_report(Light.RED, label=HOSTILE), Light.GREEN)
    moved = address_changed(NOW, OLD, NEW, [KeyRow(make_request(HOSTILE))])
    told = message([fell, moved], name_keys=False)
    assert HOSTILE not in told.title + told.text
    assert told.title == "One of your keys went from Safe to Danger."
    assert str(NEW) in told.text
    assert HOSTILE in message([fell, moved], name_keys=True).title


def test_many_happenings_are_one_message() -> None:
    fell = [light_fell(str(n), make_key_report(Light.RED), Light.GREEN) for n in range(30)]
    told = message(fell, name_keys=True)
    assert len(told.text.splitlines()) == 5
    assert "and 26 more" in told.text


# --- in a window ---------------------------------------------------------------------------------


def watch(bench: Bench) -> None:
    bench.session.watch.choose(WatchChoices(on_network=True))


def checked_by_itself(bench: Bench, qtbot: QtBot) -> None:
    """The network changes, stands still, and what is due is checked."""
    for _ in range(3):
        bench.session.tick()
    bench.route = (f"10.0.0.{len(bench.runs) + 1}", "")
    runs = len(bench.runs)
    bench.clock.advance(600)
    for _ in range(40):
        bench.clock.advance(5)
        bench.session.tick()
        qtbot.waitUntil(lambda: not bench.session.running and not bench.session.looking_up)
    assert len(bench.runs) > runs


def test_a_fall_that_nobody_clicked_for_stands_in_the_window(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add(None, HOSTILE, past=PastCheck(Light.GREEN, NOW))
    bench.answer(row, Light.RED)
    workspace = bench.open()
    watch(bench)
    checked_by_itself(bench, qtbot)
    (told,) = bench.session.watch.news.happenings
    assert told.title == f"“{HOSTILE}” went from Safe to Danger."
    assert workspace.happenings.isVisible()
    assert told.title in workspace.happenings.text.text()
    press(workspace.happenings, "Dismiss")
    assert not workspace.happenings.isVisible()


def test_what_the_user_checked_is_no_news(bench: Bench) -> None:
    row = bench.add(Light.GREEN)
    bench.answer(row, Light.RED)
    bench.open()
    watch(bench)
    bench.run(row.id)
    assert bench.session.watch.news.happenings == ()


def test_a_new_address_can_be_copied_from_the_window(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    watch(bench)
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    bench.egress = work.Egress(replace(make_egress(), ipv4=NEW))
    bench.session.look_up()
    qtbot.waitUntil(lambda: bool(bench.session.watch.news.happenings))
    assert workspace.happenings.copy.isVisible()
    press(workspace.happenings, "See what happened")
    page = workspace.side_page.page
    assert isinstance(page, HappeningsPage)
    assert not workspace.happenings.isVisible()
    assert reads(page, "Your bot may be locked out") or reads(page, "Your bot will be locked out")
    press(page, "Dismiss")
    assert reads(page, "Nothing.")


def test_without_watching_nothing_is_collected(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    bench.egress = work.Egress(replace(make_egress(), ipv4=NEW))
    bench.session.look_up()
    qtbot.waitUntil(lambda: bench.session.moved is not None)
    assert bench.session.watch.news.happenings == ()
    assert not workspace.happenings.isVisible()


def test_the_key_of_a_happening_can_be_opened(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN, "first")
    row = bench.add(Light.GREEN, "second")
    workspace = bench.open()
    bench.session.watch.news.add(light_fell(row.id, make_key_report(Light.RED), Light.GREEN))
    workspace.open_happenings()
    press(workspace.side_page, "Open this key")
    assert not workspace.side_page.is_open
    qtbot.waitUntil(lambda: workspace.checklist.row_id == row.id)
