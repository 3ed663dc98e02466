"""The important states of every page, one after the other, for whoever looks at them."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from factories import make_egress, make_key_report, make_request
from latchlight.core.addresses import parse_address
from latchlight.core.findings import Finding, Light
from latchlight.core.profile import Acceptance
from latchlight.core.purpose import Setup
from latchlight.core.release_notice import Notice, NoticeError, Standing, Update
from latchlight.core.sentences import say
from latchlight.gui import work
from latchlight.gui.ageing import Doubt, utc_now
from latchlight.gui.happenings import address_changed, light_fell
from latchlight.gui.jobs import JobRunner
from latchlight.gui.key_file import KeyFile
from latchlight.gui.key_row import KeyRow, PastCheck
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.lock_run import Step
from latchlight.gui.main_window import MainWindow
from latchlight.gui.network_watch import NetworkWatch
from latchlight.gui.pages.add_key_dialog import AddKeyDialog
from latchlight.gui.pages.guide_page import GuidePage
from latchlight.gui.pages.help_page import HelpPage
from latchlight.gui.pages.lock_page import LockPage
from latchlight.gui.pages.plan_page import PlanPage
from latchlight.gui.pages.settings_page import SettingsPage
from latchlight.gui.pages.welcome_page import WelcomePage
from latchlight.gui.recheck import Phase
from latchlight.gui.session import Session
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.trickle import TrickleColumn
from latchlight.gui.widgets.update_card import UpdateCard
from latchlight.gui.workspace import Workspace
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import Services, practice
from latchlight.updates import in_words
from photographer import SIZE, Photographer, press
from pictured_replacing import replaced


def stored_rows(session: Session) -> tuple[KeyRow, ...]:
    """One stored key of each light, one accepted, one old, one of yesterday."""
    now = utc_now()
    stamp = session.stamp()
    rows = [
        KeyRow(make_request(label)).landed(make_key_report(light, label=label, at=now), stamp)
        for light, label in (
            (Light.GREEN, "grid-bot-btc"),
            (Light.AMBER, "dca-bot"),
            (Light.RED, "old laptop key"),
            (Light.GREY, "arbitrage-vps"),
        )
    ]
    tax_tool = make_key_report(Light.AMBER, label="tax-tool", at=now)
    (finding,) = tax_tool.open_ambers()
    accepted = (
        KeyRow(make_request("tax-tool"))
        .landed(tax_tool, stamp)
        .with_acceptance(finding.rule, _acceptance(finding))
    )
    stale = replace(rows[0], request=make_request("checked an hour ago"), doubt=Doubt.AGED)
    past = KeyRow(
        make_request("portfolio-tracker"), past=PastCheck(Light.GREEN, now - timedelta(1))
    )
    long = KeyRow(make_request("a-name-of-forty-letters-without-a-space"))
    return (*rows, accepted, stale, past, long)


def _acceptance(finding: Finding) -> Acceptance:
    until = utc_now() + timedelta(days=14)
    reason = "Futures bot moves next week"
    return Acceptance("tax-tool", finding.rule, "", reason, until, finding.basis)


def first_start(photos: Photographer) -> None:
    work.load_keys = lambda *_: work.Loaded(())
    session = Session(Services(), network=NetworkWatch(lambda: ("", "")))
    workspace = photos.open(session)
    photos.wait(lambda: isinstance(workspace.pages.currentWidget(), WelcomePage))
    photos.take(workspace, "first-start")
    workspace.close()
    session.close()


def stored_keys(photos: Photographer, size: tuple[int, int] = SIZE) -> None:
    session = Session(Services(), network=NetworkWatch(lambda: ("", "")))
    rows = stored_rows(session)
    work.load_keys = lambda *_: work.Loaded(rows)
    workspace = photos.open(session, size)
    for number, row in enumerate(rows, 1):
        workspace.select(row.id)
        photos.take(workspace, f"stored-{number}-{row.request.label.replace(' ', '-')}")
    workspace.select(rows[0].id)
    for caption, name in (("Edit", "edit"), ("Remove", "remove")):
        press(workspace.checklist.header, caption)
        photos.take(workspace, f"stored-{name}")
    reported(photos, workspace)
    helped(photos, workspace)
    workspace.on_crash()
    photos.take(workspace, "stored-after-a-crash")
    workspace.open_settings()
    photos.take(workspace, "settings")
    workspace.open_trust()
    photos.take(workspace, "trust")
    (card,) = workspace.findChildren(UpdateCard)
    for name, page, words in (
        ("newer", "https://releases.example/releases/0.2.0", in_words(_announced())),
        ("unknown", "", say("Not checked: {why}", why=_no_notice().message)),
    ):
        more = say("Verify what you download before you install it: the page says how.")
        card.show_answer(words, more if page else _no_notice().next_step, page)
        photos.take(workspace, f"trust-update-{name}")
    workspace.close()
    session.close()


def reported(photos: Photographer, workspace: Workspace) -> None:
    """History and report: of a key just checked, and of one that was not."""
    for number, name in ((2, "checked"), (6, "not-checked")):
        workspace.select(workspace.session.rows[number].id)
        workspace.open_task(KeyTask.HISTORY)
        photos.wait(lambda: not workspace.session.runner.busy)
        photos.take(workspace, f"history-{name}")
        workspace.side_page.close_page()


def helped(photos: Photographer, workspace: Workspace) -> None:
    """Contents, a filter, an article, what others say, and who is asked."""
    for name, subject in (
        ("1-contents", ""),
        ("3-article", "whitelist-off"),
        ("4-wrong", "wrong-explanations"),
        ("5-hosts", "contacts"),
    ):
        workspace.open_help(subject)
        photos.wait(lambda: all(c.complete for c in workspace.findChildren(TrickleColumn)))
        photos.take(workspace, f"help-{name}")
        page = workspace.side_page.page
        if isinstance(page, HelpPage) and not subject:
            page.contents.edit.setText("-2015")
            photos.take(workspace, "help-2-filtered")
    workspace.side_page.close_page()


def amber_finding(row: KeyRow) -> Finding:
    if row.report is None:
        raise LookupError(row.request.label)
    return row.report.open_ambers()[0]


def practice_row(session: Session, exchange: str, label: str) -> KeyRow:
    """The practice key of that name at that exchange."""
    for row in session.rows:
        if (row.request.exchange.id, row.request.label) == (exchange, label):
            return row
    raise LookupError(f"{exchange}/{label}")


def practice_keys(photos: Photographer, world: PracticeWorld, size: tuple[int, int] = SIZE) -> None:
    services = practice(world)
    session = Session(services, world, network=NetworkWatch(lambda: ("", "")))
    workspace = photos.open(session, size)
    photos.take(workspace, "practice-opened")
    session.check_all()
    photos.wait(lambda: not session.running, 120)
    for exchange, label, caption in (
        ("binance", "safe-spot", ""),
        ("binance", "withdraw-on", ""),
        ("binance", "watch-no-whitelist", "Accept for a while"),
        ("binance", "wrong-address", ""),
        ("binance", "no-wallet-permission", ""),
        ("binance", "unknown-permission", "What {exchange} said and when"),
        ("binance", "deleted-key", ""),
        ("okx", "safe-spot", ""),
        ("okx", "wrong-address", ""),
        ("kucoin", "ipv6-seen", ""),
        ("gate", "safe-spot", ""),
        ("coinbase", "wrong-address", ""),
    ):
        workspace.select(practice_row(session, exchange, label).id)
        photos.settle()
        if caption:
            press(workspace.checklist, caption, exchange="Binance")
        photos.take(workspace, f"practice-{exchange}-{label}")
    planned(photos, workspace)
    guided(photos, workspace)
    for exchange, label in (
        ("okx", "safe-spot"),
        ("coinbase", "safe-spot"),
        ("coinbase", "trading-no-whitelist"),
    ):
        lock_tested(photos, workspace, practice_row(session, exchange, label))
    for exchange, old in (("okx", "safe-sub-account"), ("binance", "key-old")):
        new = practice_row(session, exchange, "safe-spot")
        replaced(photos, workspace, world, practice_row(session, exchange, old), new)
    found_elsewhere(photos, workspace)
    filtered(photos, workspace)
    workspace.close()
    session.close()
    services.close()


def planned(photos: Photographer, workspace: Workspace) -> None:
    """A plan with a wrong field, then compared with a list that lacks the stand-in; then by eye."""
    for exchange in ("okx", "binance"):
        workspace.select(practice_row(workspace.session, exchange, "safe-spot").id)
        workspace.open_task(KeyTask.PLAN)
        (page,) = workspace.findChildren(PlanPage)
        page.setup.choose(Setup.FAILOVER)
        for number, text in enumerate((HOME_ADDRESS, "10.0.0.1")):
            write(page.places.rows[number].field, text)
        photos.take(workspace, f"plan-{exchange}-1-bad-address")
        write(page.places.rows[1].field, AWAY_ADDRESS)
        photos.settle()
        page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
        photos.take(workspace, f"plan-{exchange}-2-compared")
        workspace.side_page.close_page()
        photos.settle()


def lock_tested(photos: Photographer, workspace: Workspace, row: KeyRow) -> None:
    """A lock test from the first step to what it showed, and the card that stays of it."""
    session, name = workspace.session, f"lock-{row.request.exchange.id}-{row.request.label}"
    workspace.select(row.id)
    workspace.open_task(KeyTask.LOCK_TEST)
    page = workspace.side_page.page
    if not isinstance(page, LockPage):
        raise LookupError(name)

    def done() -> bool:
        return not page.busy and not session.looking_up and not session.running

    photos.wait(done)
    photos.take(workspace, f"{name}-1-opened")
    press(page, "Check from here")
    photos.wait(done)
    photos.take(workspace, f"{name}-2-at-home")
    press(page, "Pretend to be on another network")
    photos.wait(done)
    press(page, "Try from here")
    photos.wait(done)
    photos.take(workspace, f"{name}-3-tried")
    if page.run.step is Step.BACK:
        press(page, "Pretend to be back")
        photos.wait(done)
        press(page, "Check again")
        photos.wait(done)
        photos.take(workspace, f"{name}-4-back")
    page.go.click()
    photos.wait(done)
    session.check([row.id])
    photos.wait(done)
    photos.take(workspace, f"{name}-5-card")


def guided(photos: Photographer, workspace: Workspace) -> None:
    """Fixes of a right, of a list and of a refusal; one of them done, with what is next."""
    for exchange, label in (
        ("binance", "withdraw-on"),
        ("okx", "watch-no-whitelist"),
        ("kucoin", "wrong-address"),
    ):
        page = guide_of(photos, workspace, exchange, label)
        photos.take(workspace, f"guide-{exchange}-{label}-1-opened")
        page.verticalScrollBar().setValue(page.verticalScrollBar().maximum() // 2)
        photos.take(workspace, f"guide-{exchange}-{label}-2-steps")
        press(page, "I have done it")
        photos.wait(lambda page=page: page.recheck.phase is not Phase.LOOKING)
        page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
        photos.take(workspace, f"guide-{exchange}-{label}-3-looked")
        workspace.side_page.close_page()


def guide_of(photos: Photographer, workspace: Workspace, exchange: str, label: str) -> GuidePage:
    """The guided fix of the first finding of this key that has one."""
    workspace.select(practice_row(workspace.session, exchange, label).id)
    photos.settle()
    press(workspace.checklist, "Fix this")
    page = workspace.side_page.page
    if not isinstance(page, GuidePage):
        raise LookupError(label)
    return page


def write(field: QWidget, text: str) -> None:
    """Type into a field and leave it."""
    if isinstance(field, QLineEdit):
        field.setText(text)
        field.textEdited.emit(text)
        field.editingFinished.emit()


def found_elsewhere(photos: Photographer, workspace: Workspace) -> None:
    """A key of another region, asked about there after a yes, used there, and checked again."""
    session = workspace.session
    row_id = practice_row(session, "okx", "other-region").id
    workspace.select(row_id)
    photos.settle()
    press(workspace.checklist, "Ask {exchange}'s other sites", exchange="OKX")
    photos.take(workspace, "practice-elsewhere-1-question")
    press(workspace.checklist, "Ask them")
    photos.wait(lambda: any(b.isVisible() for b in use_buttons(workspace)))
    photos.take(workspace, "practice-elsewhere-2-found")
    use_buttons(workspace)[0].click()
    photos.wait(lambda: not session.running and not use_buttons(workspace))
    photos.take(workspace, "practice-elsewhere-3-used")


def use_buttons(workspace: Workspace) -> list[QPushButton]:
    start, _, _ = tr(say("Use {title} from now on", title="?")).partition("?")
    found = workspace.checklist.findChildren(QPushButton)
    return [button for button in found if button.text().startswith(start)]


def filtered(photos: Photographer, workspace: Workspace) -> None:
    """Headings closed, a filter by light, and one that finds nothing."""
    for name, wanted in (("by-name", "okx safe"), ("by-light", "danger"), ("empty", "zebra")):
        workspace.panel.filter.edit.setText(wanted)
        photos.take(workspace, f"practice-filter-{name}")
    workspace.panel.filter.empty()
    for place in reversed(range(workspace.model.rowCount())):
        workspace.model.set_open(workspace.model.index(place), False)
    photos.take(workspace, "practice-all-closed")


def coinbase_file() -> KeyFile:
    """A key file as Coinbase makes it, for a key that does not exist."""
    private = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
    )
    name = (
        "organizations/1f2e3d4c-0000-4000-8000-1234567890ab/apiKeys/"
        "9a8b7c6d-0000-4000-8000-ba0987654321"
    )
    text = json.dumps({"name": name, "privateKey": private.decode()})
    return KeyFile("cdp_api_key.json", text)


def add_key(photos: Photographer) -> None:
    """The form: a passphrase, a suggestion, a key file, and a site with its limits."""
    services = Services(folder=Path(tempfile.mkdtemp()))
    runner = JobRunner()
    dialog = AddKeyDialog(services, runner, public_ip="203.0.113.7", once=True)
    dialog.show()
    page = dialog.form
    photos.take(dialog, "add-1-empty")
    page.exchange.choose("okx")
    page.host.choose("eea.okx.com")
    photos.take(dialog, "add-2-okx")
    page.exchange.choose("binance")
    page.fields.field("api_key").edit.put("b2d0a1c4-8f6e-4c1b-9a55-3d7e2f1c0a9b")
    page.fields.field("secret").edit.put("9F3C2A7B1D5E8F604B6C7A8D9E0F1A2B")
    page.fields.field("secret").changed.emit()
    photos.take(dialog, "add-3-looks-like-okx")
    page.exchange.choose("coinbase")
    page.fields.take_file(coinbase_file())
    photos.take(dialog, "add-4-key-file")
    page.show_file_problem(say("This is a folder."))
    photos.take(dialog, "add-5-refused-file")
    dialog.throw_away()
    services.close()


def watched(photos: Photographer, size: tuple[int, int] = SIZE) -> None:
    """What happened while nobody looked: the line over the window, then the list."""
    session = Session(Services(), network=NetworkWatch(lambda: ("", "")))
    rows = stored_rows(session)
    work.load_keys = lambda *_: work.Loaded(rows)
    workspace = photos.open(session, size)
    news, now = session.watch.news, utc_now()
    before, after = parse_address("203.0.113.7"), parse_address("198.51.100.9")
    news.add(address_changed(now - timedelta(hours=3), before, after, rows))
    news.add(
        light_fell(
            rows[2].id, make_key_report(Light.RED, label="old laptop key", at=now), Light.AMBER
        )
    )
    news.add(
        light_fell(
            rows[3].id, make_key_report(Light.GREY, label="arbitrage-vps", at=now), Light.GREEN
        )
    )
    photos.take(workspace, "watched-1-bar")
    workspace.open_happenings()
    photos.take(workspace, "watched-2-list")
    news.put_away()
    photos.take(workspace, "watched-3-empty")
    workspace.open_settings()
    page = workspace.side_page.page
    if isinstance(page, SettingsPage):
        photos.wait(lambda: page.complete)
        photos.settle()
        page.ensureWidgetVisible(page.watching, 0, 0)
    photos.take(workspace, "watched-4-settings")
    workspace.close()
    session.close()


def exchanges_page(photos: Photographer, size: tuple[int, int]) -> None:
    """The table in a window of this size."""
    session = Session(Services(), network=NetworkWatch(lambda: ("", "")))
    work.load_keys = lambda *_: work.Loaded(())
    window = MainWindow()
    workspace = Workspace(session)
    window.fill(workspace, "Latchlight")
    window.resize(*size)
    window.show()
    photos.wait(lambda: session.has_loaded and not session.looking_up)
    workspace.open_exchanges()
    photos.take(window, f"exchanges-{size[0]}")
    session.close()
    window.close()


def walk(photos: Photographer, world: PracticeWorld, size: tuple[int, int]) -> None:
    """Every page in its important states."""
    load, look_up = work.load_keys, work.look_up
    try:
        practice_keys(photos, world, size)
        work.look_up = lambda *_: work.Egress(make_egress(), utc_now() - timedelta(12))
        first_start(photos)
        stored_keys(photos, size)
        watched(photos, size)
        add_key(photos)
        exchanges_page(photos, size)
        exchanges_page(photos, (720, 480))
    finally:
        work.load_keys, work.look_up = load, look_up


def _announced() -> Update:
    """A release that mends a hole: the longest of the answers."""
    day = date(2026, 11, 20)
    notice = Notice("0.2.0", day, day + timedelta(days=180), True, "/releases/0.2.0", {})
    return Update(Standing.INSECURE, notice)


def _no_notice() -> NoticeError:
    return NoticeError(
        say("The announcement is not signed by the makers of Latchlight, so it was not believed."),
        say("Install nothing that it may have offered. Try again from another network."),
    )
