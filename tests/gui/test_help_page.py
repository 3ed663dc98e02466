"""Help: reached from everywhere, found by a word, read by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from latchlight.core.findings import Light
from latchlight.core.languages import Language
from latchlight.gui import theme, tongue
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.pages.help_page import CONTENTS, HelpPage
from latchlight.gui.theme import Scheme
from latchlight.gui.widgets.text_link import TextLink
from latchlight.gui.widgets.trickle import TrickleColumn
from latchlight.gui.workspace import Workspace
from latchlight.help.library import Library
from window_bench import Bench, buttons, comes_true, finish, press, reads, texts


def page_of(workspace: Workspace) -> HelpPage:
    page = workspace.side_page.page
    assert isinstance(page, HelpPage)
    return page


def opened(bench: Bench, subject: str = CONTENTS) -> HelpPage:
    workspace = bench.open()
    workspace.open_help(subject)
    page = page_of(workspace)
    assert comes_true(lambda: all(c.complete for c in page.findChildren(TrickleColumn)))
    return page


def link(page: HelpPage, title: str) -> TextLink:
    def found() -> list[TextLink]:
        links = [each for each in page.findChildren(TextLink) if each.isVisible()]
        return [each for each in links if each.accessibleName() == title]

    assert comes_true(lambda: len(found()) == 1)
    return found()[0]


def test_help_is_in_the_menu_and_under_f1(bench: Bench, qtbot: QtBot) -> None:
    workspace = bench.open()
    press(workspace, "Help")
    assert page_of(workspace).shown == CONTENTS
    workspace.side_page.close_page()
    with qtbot.waitExposed(workspace):
        workspace.activateWindow()
    qtbot.waitUntil(workspace.isActiveWindow)
    qtbot.keyClick(workspace, Qt.Key.Key_F1)
    assert page_of(workspace).shown == CONTENTS


def test_every_finding_leads_to_the_article_of_its_rule(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.RED)
    workspace = bench.open()
    finish(workspace, qtbot)
    (red, *_) = [
        c for c in workspace.checklist.body._cards.values() if c.finding.rule == "withdraw-on"
    ]
    press(red, "What is this?")
    assert page_of(workspace).shown == "withdraw-on"
    assert reads(workspace.side_page, "Why must withdrawals be off?")
    assert reads(workspace.side_page, "A bot needs to trade, not to send coins away.")
    qtbot.keyClick(page_of(workspace), Qt.Key.Key_Escape)
    assert not workspace.side_page.is_open
    assert buttons(red, "What is this?")


def test_a_refusal_leads_to_the_article_of_its_code(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREY)
    workspace = bench.open()
    finish(workspace, qtbot)
    press(workspace.checklist, "What is this?")
    assert page_of(workspace).shown == "key-ip-or-permission"


@pytest.mark.parametrize("light", list(Light))
def test_no_finding_of_any_light_is_without_an_answer(
    bench: Bench, qtbot: QtBot, light: Light
) -> None:
    row = bench.add(light)
    assert row.report is not None
    library = Library(bench.session.services.exchanges, bench.session.services.address_services())
    for finding in row.report.findings:
        found = library.about(finding.rule)
        assert found is not None
        assert finding.rule in found.about


def test_the_filter_finds_words_of_the_text_and_codes(bench: Bench, qtbot: QtBot) -> None:
    page = opened(bench)
    everything = page.contents.found
    qtbot.keyClicks(page.contents.edit, "hotel login")
    assert page.contents.found == ["tls-untrusted", "redirected"]
    assert page.contents.said.text() == f"2 of {len(everything)} articles hold it."
    page.contents.edit.setText("-1015")
    assert page.contents.found == ["wrong-explanations"]
    page.contents.edit.setText("api.kucoin.eu")
    assert page.contents.found == ["contacts"]
    page.contents.edit.setText("KEYRING-DENIED")
    assert page.contents.found == ["keyring-denied"]
    page.contents.edit.setText("zebra")
    assert page.contents.found == []
    assert reads(page, "No article holds “zebra”.")
    qtbot.keyClick(page.contents.edit, Qt.Key.Key_Escape)
    assert page.contents.found == everything
    assert page.contents.said.isHidden()


def test_the_filter_finds_in_the_language_in_force_too(bench: Bench, qtbot: QtBot) -> None:
    tongue.use(Language("de", "Deutsch", {"What is a whitelist?": "Was ist eine Freigabeliste?"}))
    try:
        page = opened(bench)
        for word in ("freigabeliste", "ip allowlist, bound"):
            page.contents.edit.setText(word)
            assert page.contents.found == ["whitelist-off"]
    finally:
        tongue.use(Language("en", "English"))


def test_what_looks_like_a_secret_is_not_looked_for(bench: Bench, qtbot: QtBot) -> None:
    page = opened(bench)
    page.contents.edit.setText("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j")
    assert page.contents.edit.text() == ""
    assert not page.contents.edit.isUndoAvailable()
    assert reads(page, "That looked like a key or a secret.")


def test_return_opens_what_was_found_and_esc_leads_back_step_by_step(
    bench: Bench, qtbot: QtBot
) -> None:
    page = opened(bench)
    edit = page.contents.edit
    edit.setFocus()
    qtbot.keyClicks(edit, "bound IP")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert page.shown == "whitelist-off"
    assert page.contents.isHidden()
    assert comes_true(lambda: bool(page.article and page.article.body.complete))
    qtbot.keyClick(link(page, "Why not my home address?"), Qt.Key.Key_Space)
    assert page.shown == "home-address"
    assert page.article is not None
    assert page.article.contents_button.hasFocus()
    qtbot.keyClick(page.article.contents_button, Qt.Key.Key_Escape)
    assert page.shown == "whitelist-off"
    qtbot.keyClick(page.article.contents_button, Qt.Key.Key_Escape)
    assert page.shown == CONTENTS
    assert edit.text() == "bound IP"
    assert link(page, "What is a whitelist?").hasFocus()


def test_esc_on_the_first_page_leaves_the_help(bench: Bench, qtbot: QtBot) -> None:
    workspace = bench.open()
    for subject in (CONTENTS, "whitelist-off"):
        workspace.open_help(subject)
        qtbot.keyClick(page_of(workspace), Qt.Key.Key_Escape)
        assert not workspace.side_page.is_open


def test_all_help_leads_to_the_contents(bench: Bench, qtbot: QtBot) -> None:
    page = opened(bench, "whitelist-off")
    press(page, "All help")
    assert page.shown == CONTENTS
    assert page.contents.edit.hasFocus()
    assert reads(page, "What is checked, and why")


def test_what_there_is_no_article_about_shows_the_contents(bench: Bench, qtbot: QtBot) -> None:
    page = opened(bench, "no-such-rule")
    assert page.shown == CONTENTS
    page.show_article("no-such-rule")
    assert page.shown == CONTENTS


def test_a_wrong_explanation_stands_beside_what_is_true_and_its_source(
    bench: Bench, qtbot: QtBot
) -> None:
    page = opened(bench, "wrong-explanations")
    said = texts(page)
    place = said.index("You may read: “-1015 means that the address does not match.”")
    assert said[place + 1] == "It means too many new orders."
    assert said[place + 2].startswith("documented by the exchange: binance/binance-spot-api-docs")


def test_every_host_is_on_its_page(bench: Bench, qtbot: QtBot) -> None:
    page = opened(bench, "contacts")
    said = "\n".join(texts(page))
    for spec in bench.session.services.exchanges.values():
        assert all(host.server in said for host in spec.hosts)
        assert all(f"{probe}: sends" in said for probe in spec.probes())
    assert "api.ipify.org" in said


def test_s19_every_text_of_the_help_is_plain(bench: Bench, qtbot: QtBot) -> None:
    for subject in (CONTENTS, "contacts", "wrong-explanations", "api-key"):
        page = opened(bench, subject)
        labels = page.findChildren(QLabel)
        assert len(labels) > 3
        assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_the_article_stays_when_the_language_changes(bench: Bench, qtbot: QtBot) -> None:
    workspace = bench.open()
    workspace.open_help("ranges")
    other = Workspace(bench.session)
    qtbot.addWidget(other)
    other.resume(workspace)
    assert page_of(other).shown == "ranges"


@pytest.fixture
def big(qapp: QApplication) -> Callable[[], None]:
    theme.apply(qapp, Scheme.LIGHT, 200)
    yield lambda: None
    theme.apply(qapp, Scheme.LIGHT)


@pytest.mark.usefixtures("big")
@pytest.mark.parametrize(
    "subject", [CONTENTS, "wrong-environment", "wrong-explanations", "contacts"]
)
def test_at_twice_the_size_in_a_small_window_no_line_is_cut(
    bench: Bench, qtbot: QtBot, subject: str
) -> None:
    workspace = bench.open()
    workspace.resize(1024, 640)
    workspace.open_help(subject)
    page = page_of(workspace)
    assert comes_true(lambda: all(c.complete for c in page.findChildren(TrickleColumn)))
    assert comes_true(lambda: all(each.height() > 1 for each in page.findChildren(TextLink)))

    def cut() -> list[str]:
        found = []
        for label in page.findChildren(QLabel):
            if label.isVisible() and label.wordWrap():
                low = label.height() < label.heightForWidth(label.width())
                wide = label.width() > page.viewport().width()
                found += [label.text()] if low or wide else []
        return found

    assert comes_true(lambda: cut() == []), cut()
    links = [each for each in page.findChildren(TextLink) if each.isVisible()]
    for each in links:
        assert each.height() >= each.words.height()


def test_help_does_not_forget_the_key(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN, "one")
    bench.add(Light.RED, "two")
    workspace = bench.open()
    workspace.select(bench.rows[1].id)
    workspace.open_help()
    workspace.side_page.close_page()
    assert workspace.checklist.row_id == bench.rows[1].id
    workspace.open_task(KeyTask.HISTORY)
    assert workspace.side_page.is_open
