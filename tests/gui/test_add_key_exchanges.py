"""The form for eight exchanges: their sites, their fields, key files, and what a paste looks like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from add_key_double import (
    KEY,
    PEM,
    SECRET,
    FakeCheck,
    check,
    dialog,
    fill,
    keyring,
    paste,
    press,
    reach,
    runner,
    services,
    words,
)
from latchlight.core.credentials import KeyKind
from latchlight.core.diagnosis import Cause, Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.errors import InputError
from latchlight.core.facts import Environment
from latchlight.core.findings import Light
from latchlight.core.sentences import say
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.spec import ExchangeSpec, Host
from latchlight.gui.pages.add_key_dialog import AddKeyDialog, Step
from latchlight.probing import FoundHost

__all__ = ["check", "dialog", "keyring", "runner", "services"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

OKX_KEY = "b2d0a1c4-8f6e-4c1b-9a55-3d7e2f1c0a9b"
OKX_SECRET = "9F3C2A7B1D5E8F604B6C7A8D9E0F1A2B"
NAME = "organizations/1f2e3d4c-0000-4000-8000-1234567890ab/apiKeys/9a8b7c6d-0000-4000-8000-ba0987654321"
EC_PEM = (
    ec.derive_private_key(0x1234567890ABCDEF, ec.SECP256R1())
    .private_bytes(form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption())
    .decode()
)
KEY_FILE = json.dumps({"name": NAME, "privateKey": EC_PEM})


@pytest.fixture(autouse=True)
def _empty_clipboard() -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


# Exchange, site, fields --------------------------------------------------------------------


def test_every_exchange_can_be_chosen(dialog: AddKeyDialog) -> None:
    box = dialog.form.exchange
    assert [box.itemText(n) for n in range(box.count())] == [s.name for s in EXCHANGES.values()]


@pytest.mark.parametrize("spec", EXCHANGES.values(), ids=list(EXCHANGES))
def test_every_site_is_offered_with_what_cannot_be_told_there(
    dialog: AddKeyDialog, spec: ExchangeSpec
) -> None:
    form_ = dialog.form
    form_.exchange.choose(spec.id)
    assert form_.host.count() == len(spec.hosts)
    assert form_.host.isVisible() is (len(spec.hosts) > 1)
    for host in spec.hosts:
        form_.host.choose(host.name)
        limits = str(host.limits or "")
        assert form_.host.accessibleDescription() == limits
        assert limits == "" or len(spec.hosts) == 1 or limits in words(dialog)


@pytest.mark.parametrize("spec", EXCHANGES.values(), ids=list(EXCHANGES))
def test_a_passphrase_is_asked_for_where_there_is_one_and_told_from_the_login(
    dialog: AddKeyDialog, qtbot: QtBot, spec: ExchangeSpec
) -> None:
    dialog.form.exchange.choose(spec.id)
    wanted = {field.name: field for field in spec.fields}
    assert dialog.form.fields.names == tuple(wanted)
    qtbot.waitUntil(lambda: all(field.hint in words(dialog) for field in wanted.values()))
    said = words(dialog)
    if "passphrase" in wanted:
        assert "you invented" in said
    else:
        assert "assphrase" not in said


@pytest.mark.parametrize("spec", EXCHANGES.values(), ids=list(EXCHANGES))
def test_a_key_file_is_offered_where_keys_come_as_files(
    dialog: AddKeyDialog, spec: ExchangeSpec
) -> None:
    dialog.form.exchange.choose(spec.id)
    offered = dialog.form.fields.file_row.isVisible()
    assert offered is (set(spec.kinds) != {KeyKind.HMAC})


def test_another_exchange_forgets_what_was_pasted(dialog: AddKeyDialog) -> None:
    fill(dialog)
    dialog.form.exchange.choose("okx")
    assert not dialog.form.holds_secrets


# What it looks like ------------------------------------------------------------------------


def offered(dialog: AddKeyDialog) -> list[str]:
    return [button.text() for button in dialog.form.fields.likeness.buttons]


def test_a_key_of_the_chosen_exchange_leads_to_no_question(dialog: AddKeyDialog) -> None:
    fill(dialog)
    assert not dialog.form.fields.likeness.isVisible()
    assert offered(dialog) == []


def test_a_key_of_another_exchange_is_named_and_moved_there_after_a_yes(
    dialog: AddKeyDialog,
) -> None:
    paste(dialog, "api_key", OKX_KEY)
    paste(dialog, "secret", OKX_SECRET)
    assert "This looks like a key of OKX." in words(dialog)
    assert offered(dialog) == ["Use OKX"]
    assert dialog.form.spec.id == "binance"
    dialog.form.fields.likeness.buttons[0].click()
    assert dialog.form.spec.id == "okx"
    assert dialog.form.fields.texts() == {
        "api_key": OKX_KEY,
        "secret": OKX_SECRET,
        "passphrase": "",
    }
    assert "This looks like" not in words(dialog)
    assert dialog.form.secret("passphrase").edit.hasFocus() or not dialog.isActiveWindow()


def test_the_suggestion_is_scrolled_into_sight(dialog: AddKeyDialog, qtbot: QtBot) -> None:
    dialog.resize(700, 420)
    offer, form_ = dialog.form.fields.likeness, dialog.form
    paste(dialog, "api_key", OKX_KEY)

    def in_sight() -> bool:
        bottom = offer.mapTo(form_.viewport(), offer.rect().bottomLeft()).y()
        return offer.height() < bottom <= form_.viewport().height()

    qtbot.waitUntil(in_sight)


def test_a_whole_record_keeps_its_passphrase_on_the_way(dialog: AddKeyDialog) -> None:
    record = {"apiKey": OKX_KEY, "secret": OKX_SECRET, "passphrase": "correct horse"}
    paste(dialog, "api_key", json.dumps(record))
    dialog.form.fields.likeness.buttons[0].click()
    assert dialog.form.fields.texts()["passphrase"] == "correct horse"


def test_what_this_exchange_refuses_is_still_there_for_the_one_that_is_offered(
    dialog: AddKeyDialog,
) -> None:
    paste(dialog, "api_key", NAME)
    assert "“/”" in dialog.form.row("api_key").error
    assert dialog.form.secret("api_key").edit.peek() == ""
    assert dialog.form.holds_secrets
    assert offered(dialog) == ["Use Coinbase"]
    dialog.form.fields.likeness.buttons[0].click()
    assert dialog.form.fields.texts()["api_key"] == NAME


def test_several_that_it_could_be_are_all_offered(dialog: AddKeyDialog) -> None:
    paste(dialog, "api_key", OKX_KEY)
    assert "This could be a key of" in words(dialog)
    assert {"Use OKX", "Use Coinbase"} <= set(offered(dialog))


def test_typing_over_it_ends_the_suggestion(dialog: AddKeyDialog, qtbot: QtBot) -> None:
    paste(dialog, "api_key", NAME)
    qtbot.keyClicks(dialog.form.secret("api_key").edit, "x")
    assert not dialog.form.fields.likeness.isVisible()
    assert dialog.form.fields.as_given() == {"api_key": "x", "secret": ""}


def test_a_key_of_a_stranger_is_named_without_a_button(dialog: AddKeyDialog) -> None:
    paste(dialog, "api_key", "mx0vglABCDEFGH12345678")
    assert "This looks like a key of MEXC" in words(dialog)
    assert offered(dialog) == []


def test_after_wiping_nothing_of_it_is_kept(dialog: AddKeyDialog) -> None:
    paste(dialog, "api_key", NAME)
    dialog.form.wipe()
    assert not dialog.form.holds_secrets
    assert offered(dialog) == []


# Key files ---------------------------------------------------------------------------------


def key_file(folder: Path, text: str = KEY_FILE, name: str = "cdp_api_key.json") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def urls(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def drop(dialog: AddKeyDialog, data: QMimeData) -> bool:
    """As the window system does it: first the question, then the file."""
    some = (Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton)
    enter = QDragEnterEvent(QPoint(5, 5), *some, Qt.KeyboardModifier.NoModifier)
    enter.ignore()
    dialog.dragEnterEvent(enter)
    if enter.isAccepted():
        event = QDropEvent(QPointF(5, 5), *some, Qt.KeyboardModifier.NoModifier)
        dialog.dropEvent(event)
        assert event.dropAction() is Qt.DropAction.CopyAction
    return enter.isAccepted()


def test_a_dropped_key_file_fills_the_form_and_is_to_be_deleted(
    dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.form.exchange.choose("coinbase")
    assert drop(dialog, urls(key_file(tmp_path)))
    qtbot.waitUntil(lambda: bool(dialog.form.fields.texts()["api_key"]))
    assert dialog.form.fields.texts() == {"api_key": NAME, "secret": EC_PEM}
    said = words(dialog)
    assert "Taken from “cdp_api_key.json”" in said
    assert "Delete the file once the key is saved." in said
    assert EC_PEM.splitlines()[1] not in said
    assert [path.name for path in tmp_path.glob("*.json*")] == ["cdp_api_key.json"]


def test_a_key_file_of_another_exchange_leads_there(
    dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(dialog, urls(key_file(tmp_path)))
    qtbot.waitUntil(lambda: offered(dialog) == ["Use Coinbase"])
    dialog.form.fields.likeness.buttons[0].click()
    assert dialog.form.fields.texts() == {"api_key": NAME, "secret": EC_PEM}
    assert "Delete the file once the key is saved." in words(dialog)


def test_a_private_key_from_a_file_leaves_the_api_key_alone(
    dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    paste(dialog, "api_key", KEY)
    drop(dialog, urls(key_file(tmp_path, PEM, "private.pem")))
    qtbot.waitUntil(lambda: dialog.form.fields.texts()["secret"] == PEM)
    assert dialog.form.fields.texts()["api_key"] == KEY


def test_a_whole_key_file_replaces_what_was_pasted_before(
    dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    paste(dialog, "api_key", "x" * 64)
    other = json.dumps({"apiKey": KEY, "secret": SECRET})
    drop(dialog, urls(key_file(tmp_path, other)))
    qtbot.waitUntil(lambda: dialog.form.fields.texts() == {"api_key": KEY, "secret": SECRET})


@pytest.mark.parametrize("exchange", ["coinbase", "okx"])
def test_what_is_no_key_file_is_said_and_changes_nothing(
    dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path, exchange: str
) -> None:
    dialog.form.exchange.choose(exchange)
    paste(dialog, "api_key", OKX_KEY)
    drop(dialog, urls(str(tmp_path)))
    qtbot.waitUntil(lambda: "This is a folder." in words(dialog))
    assert dialog.form.fields.texts()["api_key"] == OKX_KEY
    assert dialog.form.fields.file_row.name == ""


def test_several_files_are_refused(dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path) -> None:
    drop(dialog, urls(key_file(tmp_path), key_file(tmp_path, name="two.json")))
    qtbot.waitUntil(lambda: "several files" in dialog.form.fields.file_row.error)
    assert not dialog.form.holds_secrets


def test_a_locked_private_key_is_said_under_its_field(
    dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    locked = PEM.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
    drop(dialog, urls(key_file(tmp_path, locked, "locked.pem")))
    qtbot.waitUntil(lambda: "locked with a password" in dialog.form.row("secret").error)
    assert dialog.form.fields.file_row.name == ""


def test_a_file_dropped_on_a_field_or_pasted_is_the_same(
    dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.form.exchange.choose("coinbase")
    QGuiApplication.clipboard().setMimeData(urls(key_file(tmp_path)))
    dialog.form.secret("api_key").edit.paste()
    qtbot.waitUntil(lambda: dialog.form.fields.texts()["api_key"] == NAME)


def test_text_that_is_dragged_over_the_window_is_not_taken(dialog: AddKeyDialog) -> None:
    data = QMimeData()
    data.setText("hello")
    assert not drop(dialog, data)
    assert not dialog.form.label.acceptDrops()


def test_no_file_is_taken_while_a_key_is_tested(
    dialog: AddKeyDialog, qtbot: QtBot, check: FakeCheck, tmp_path: Path
) -> None:
    check.gate.clear()
    fill(dialog)
    dialog.test_button.click()
    assert not drop(dialog, urls(key_file(tmp_path)))
    check.gate.set()
    reach(qtbot, dialog, Step.SAVED)


def test_the_file_can_be_chosen_without_a_mouse(
    dialog: AddKeyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.form.exchange.choose("coinbase")
    row = dialog.form.fields.file_row
    assert row.choose.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert row.choose in dialog.form.fields.keyboard_order()
    row.choose.click()
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    chooser.filesSelected.emit([key_file(tmp_path)])
    qtbot.waitUntil(lambda: dialog.form.fields.texts()["api_key"] == NAME)
    chooser.close()


def test_once_saved_the_file_is_named_for_deletion_and_then_forgotten(
    dialog: AddKeyDialog, qtbot: QtBot, check: FakeCheck, tmp_path: Path
) -> None:
    dialog.form.label.setText("Grid bot")
    drop(dialog, urls(key_file(tmp_path, json.dumps({"apiKey": KEY, "secret": SECRET}))))
    qtbot.waitUntil(lambda: dialog.form.holds_secrets)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.SAVED)
    assert "Delete the file “cdp_api_key.json” now" in dialog.foot.words.text()
    press(qtbot, dialog.another_button)
    assert dialog.form.fields.file_row.name == ""


# Another site ------------------------------------------------------------------------------

EUROPE = EXCHANGES["okx"].hosts[1]


def refused() -> Diagnosis:
    title, step = say("OKX does not know this key."), say("Look where it was made.")
    causes = (Cause(DiagnosisCode.WRONG_HOST, Likelihood.LIKELY, title, step),)
    return Diagnosis(DiagnosisCode.KEY_UNKNOWN, title, step, causes, ask_other_hosts=(EUROPE.name,))


@pytest.fixture
def at_okx(dialog: AddKeyDialog, qtbot: QtBot, check: FakeCheck) -> AddKeyDialog:
    """A key that was tested at the wrong site of OKX."""
    check.light, check.diagnosis = Light.GREY, refused()
    dialog.form.exchange.choose("okx")
    dialog.form.label.setText("Grid bot")
    paste(dialog, "api_key", OKX_KEY)
    paste(dialog, "secret", OKX_SECRET)
    paste(dialog, "passphrase", "correct horse")
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    return dialog


def visible_buttons(dialog: AddKeyDialog, caption: str) -> list[object]:
    from window_bench import buttons

    return list(buttons(dialog, caption))


def test_a_new_key_at_the_wrong_site_is_found_after_a_yes_and_tested_there(
    at_okx: AddKeyDialog, qtbot: QtBot, check: FakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    from window_bench import press as press_caption

    asked: list[Host] = []
    found = FoundHost(
        EUROPE,
        Diagnosis(
            DiagnosisCode.WRONG_HOST,
            say("This key belongs to OKX Europe. No new key is needed."),
            say("Use it there."),
        ),
    )
    monkeypatch.setattr(
        "latchlight.checkup.ask_other_hosts",
        lambda request, *_, **__: asked.append(request) or found,
    )
    press_caption(at_okx, "Ask OKX's other sites")
    assert asked == []
    press_caption(at_okx, "Ask them")
    check.light, check.diagnosis = Light.GREEN, None
    press_caption(at_okx, "Use OKX Europe from now on")
    reach(qtbot, at_okx, Step.SAVED)
    assert len(asked) == 1
    assert at_okx.form.host.value == EUROPE.name
    (profile,) = at_okx._services.store().profiles()
    assert profile.host == EUROPE.name


def test_a_question_elsewhere_that_fails_is_said(
    at_okx: AddKeyDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from window_bench import press as press_caption

    def fail(*_: object, **__: object) -> None:
        raise InputError(say("The key cannot be used."), say("Paste it again."))

    monkeypatch.setattr("latchlight.checkup.ask_other_hosts", fail)
    press_caption(at_okx, "Ask OKX's other sites")
    press_caption(at_okx, "Ask them")
    qtbot.waitUntil(lambda: "None of them knows this key, or none could be asked." in words(at_okx))
    assert "The key cannot be used." in words(at_okx)
    assert visible_buttons(at_okx, "Ask them")


def test_without_other_sites_nothing_is_offered(
    dialog: AddKeyDialog, qtbot: QtBot, check: FakeCheck
) -> None:
    check.light = Light.GREY
    check.diagnosis = Diagnosis(DiagnosisCode.OFFLINE, say("Offline."), say("Connect."))
    fill(dialog)
    dialog.test_button.click()
    reach(qtbot, dialog, Step.RESULT)
    assert visible_buttons(dialog, "Ask Binance's other sites") == []


def test_environments_are_all_offered_by_name() -> None:
    for spec in EXCHANGES.values():
        titles = [host.title for host in spec.hosts if host.environment is not Environment.PRACTICE]
        assert len(set(titles)) == len(spec.hosts), spec.id
