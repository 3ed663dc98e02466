"""The strip on top: an address, how sure it is, and never a light."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from factories import NOW, make_egress
from latchlight.core.addresses import parse_address
from latchlight.core.egress import AddressAnswer, EgressReport, agree
from latchlight.core.errors import StoreError
from latchlight.core.sentences import say
from latchlight.gui import work
from latchlight.gui.theme import GRID
from latchlight.gui.widgets.egress_strip import EgressStrip
from latchlight.gui.widgets.light_badge import LightBadge
from window_bench import Bench, buttons, press, texts

ONE, OTHER = parse_address("198.51.100.7"), parse_address("198.51.100.8")
SIXTH = parse_address("2001:db8::7")


def strip_with(bench: Bench, qtbot: QtBot, report: EgressReport) -> EgressStrip:
    bench.egress = work.Egress(report)
    strip = EgressStrip(bench.session)
    qtbot.addWidget(strip)
    strip.show()
    bench.session.look_up()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    return strip


def heard(*addresses: object) -> EgressReport:
    return agree(
        AddressAnswer(f"s{n}", f"p{n}", 4, a, None if a else "timeout")
        for n, a in enumerate(addresses)
    )


def test_an_agreed_address_can_be_copied(bench: Bench, qtbot: QtBot) -> None:
    strip = strip_with(bench, qtbot, heard(ONE, ONE, None))
    assert "198.51.100.7" in texts(strip)
    assert "2 of 3 address services agree" in texts(strip)
    press(strip, "Copy")
    assert QGuiApplication.clipboard().text() == "198.51.100.7"


@pytest.mark.parametrize(
    ("report", "address", "words"),
    [
        (heard(ONE), "198.51.100.7", "Only one address service answered"),
        (heard(ONE, OTHER), "Not certain", "The address services disagree"),
        (heard(None, None), "Not known", "No address service gave an answer"),
    ],
)
def test_less_than_agreement_is_said(
    bench: Bench, qtbot: QtBot, report: EgressReport, address: str, words: str
) -> None:
    shown = texts(strip_with(bench, qtbot, report))
    assert address in shown
    assert any(text.startswith(words) for text in shown)


def test_ipv6_stands_below(bench: Bench, qtbot: QtBot) -> None:
    both = agree(
        [*heard(ONE, ONE).answers, *(AddressAnswer(n, n, 6, SIXTH, None) for n in ("a", "b"))]
    )
    assert "IPv6: 2001:db8::7" in texts(strip_with(bench, qtbot, both))


def test_it_says_since_when_the_address_is_the_same(bench: Bench, qtbot: QtBot) -> None:
    strip = EgressStrip(bench.session)
    qtbot.addWidget(strip)
    strip.show()
    bench.egress = work.Egress(make_egress(), NOW - timedelta(days=3))
    bench.session.look_up()
    qtbot.waitUntil(lambda: any("unchanged since 17 Nov 2026" in t for t in texts(strip)))


def test_nothing_is_copied_before_there_is_an_address(bench: Bench, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("before")
    strip = EgressStrip(bench.session)
    qtbot.addWidget(strip)
    strip.show()
    press(strip, "Copy")
    assert QGuiApplication.clipboard().text() == "before"
    assert "Looking it up…" in texts(strip)


def test_an_address_is_never_a_light(bench: Bench, qtbot: QtBot) -> None:
    assert strip_with(bench, qtbot, heard(ONE, ONE)).findChildren(LightBadge) == []


def test_a_look_up_that_fails_is_told_and_can_be_repeated(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError(say("The disk is full."), say("Make room."))

    monkeypatch.setattr(work, "look_up", fail)
    with qtbot.waitSignal(bench.session.problem) as told:
        bench.session.look_up()
    assert told.args == ["The disk is full. Make room."]
    assert not bench.session.looking_up


def test_clicking_twice_asks_once(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(work, "look_up", lambda *_: asked.append(1) or bench.egress)
    bench.session.look_up()
    bench.session.look_up()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    assert asked == [1]


def test_an_unknown_address_after_a_known_one_is_no_change(bench: Bench, qtbot: QtBot) -> None:
    from latchlight.core.findings import Light

    row = bench.add(Light.GREEN)
    bench.open()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    known = bench.egress
    bench.egress = replace(known, report=EgressReport())
    bench.session.look_up()
    qtbot.waitUntil(lambda: not bench.session.looking_up)
    assert bench.session.row(row.id).counts


def test_the_menu_comes_back_beside_a_shorter_address(bench: Bench, qtbot: QtBot) -> None:
    short = parse_address("8.8.4.4")
    strip = strip_with(bench, qtbot, heard(ONE, ONE))
    strip.menu.addWidget(QPushButton("Settings"))
    holder = QWidget()  # only a window of its own would not let itself be squeezed
    qtbot.addWidget(holder)
    strip.setParent(holder)
    holder.show()
    strip.show()
    qtbot.waitUntil(lambda: bool(buttons(strip, "Settings")))
    needed = strip._first.sizeHint().width() + strip._menu.sizeHint().width() + GRID * 5
    strip.resize(needed - 1, strip.height())
    assert strip.width() == needed - 1
    assert strip._top.direction() is QBoxLayout.Direction.TopToBottom
    bench.egress = work.Egress(heard(short, short))
    bench.session.look_up()
    qtbot.waitUntil(lambda: strip._top.direction() is QBoxLayout.Direction.LeftToRight)
    assert "8.8.4.4" in texts(strip)
