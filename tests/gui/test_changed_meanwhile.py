"""A key is edited while it is being checked: the answer to the old question never lands on it."""

from __future__ import annotations

import pytest

from factories import make_key_report, make_request
from latchlight.core.findings import Light
from latchlight.core.purpose import Intent, Purpose
from latchlight.core.records import replace
from latchlight.gui import work
from latchlight.gui.key_row import KeyRow
from latchlight.gui.session import Session
from latchlight.keys import CheckRequest
from latchlight.services import Services
from window_bench import TurnableClock

REQUEST = make_request()
OTHER_PURPOSE = replace(REQUEST, intent=Intent(Purpose.WATCH))
OTHER_HOST = replace(REQUEST, host="testnet.binance.vision")


@pytest.fixture
def session(qtbot: object, monkeypatch: pytest.MonkeyPatch) -> Session:
    clock = TurnableClock()
    made = Session(Services(), clock=clock.light_clock())
    monkeypatch.setattr(made.runner, "run", lambda *_, **__: None)
    return made


def checking(session: Session) -> int:
    session.take(work.Loaded((KeyRow(REQUEST),)))
    session.check([REQUEST.id])
    row = session.row(REQUEST.id)
    assert row is not None
    return row.run


@pytest.mark.parametrize("changed", [OTHER_PURPOSE, OTHER_HOST], ids=["purpose", "host"])
def test_f04_d08_a_report_about_the_old_question_is_dropped(
    session: Session, changed: CheckRequest
) -> None:
    run = checking(session)
    session.take(work.Loaded((KeyRow(changed),)))
    session.land(work.KeyDone(run, REQUEST.id, make_key_report()))
    row = session.row(REQUEST.id)
    assert row is not None
    assert row.report is None
    assert row.verdict.light is Light.GREY


def test_the_report_about_the_present_question_lands(session: Session) -> None:
    run = checking(session)
    session.take(work.Loaded((KeyRow(REQUEST),)))
    session.land(work.KeyDone(run, REQUEST.id, make_key_report()))
    row = session.row(REQUEST.id)
    assert row is not None
    assert row.report is not None
