"""What fills the window: public address on top, keys left, checklist right, launch light below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from latchlight.core.errors import internal_fault
from latchlight.core.sentences import say
from latchlight.gui.ageing import Doubt
from latchlight.gui.beside import is_fit
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.light_look import Verdict
from latchlight.gui.pages.checklist_page import ChecklistPage
from latchlight.gui.pages.key_panel import KeyPanel
from latchlight.gui.pages.side_page import SidePage
from latchlight.gui.pages.welcome_page import WelcomePage
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.egress_strip import EgressStrip
from latchlight.gui.widgets.focus import give_focus, has_focus
from latchlight.gui.widgets.happenings_bar import HappeningsBar
from latchlight.gui.widgets.launch_bar import LaunchBar
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.message_bar import MessageBar
from latchlight.gui.widgets.practice_banner import PracticeBanner

if TYPE_CHECKING:
    from latchlight.gui.pages.add_key_dialog import AddKeyDialog
    from latchlight.keys import CheckRequest

_SIDE_CHARACTERS = 34
_NARROW_CHARACTERS = 88


class Workspace(QWidget):
    """One session on the screen. Everything that takes time happens in the session's workers."""

    practice_requested = Signal()
    leave_practice_requested = Signal()
    quit_requested = Signal()
    theme_chosen = Signal(str)
    """`system`, `light` or `dark`."""
    language_chosen = Signal(str)
    """A code; empty for the language of the system."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        session.setParent(self)
        self._started = False
        self._awaited = ""
        self._opener: QWidget | None = None
        self._task: tuple[KeyTask, str] | None = None
        """What `open_task` opened last."""
        self.messages = MessageBar()
        self.happenings = HappeningsBar(session.watch.news, self.open_happenings)
        self.strip = EgressStrip(session)
        self.launch = LaunchBar()
        self.panel = KeyPanel(session, self.open_add_key)
        self.keys, self.model = self.panel.keys, self.panel.model
        self.run_strip = self.panel.run_strip
        self.checklist = ChecklistPage(session, self.open_task, self.open_help)
        self.welcome = WelcomePage()
        self.side_page = SidePage()
        self.side_page.moved.connect(self._side_page_moved)
        self.pages = QStackedWidget()
        self._blank = QWidget()
        for page in (self._blank, self.welcome, self.checklist):
            self.pages.addWidget(page)
        self._fill_strip()
        self._lay_out()
        self._connect()
        self._add_shortcuts()

    # Building ------------------------------------------------------------------------------

    def _fill_strip(self) -> None:
        for caption, action in (
            (say("Exchanges"), self.open_exchanges),
            (say("Help"), self.open_help),
            (say("Settings"), self.open_settings),
            (say("About and trust"), self.open_trust),
        ):
            self.strip.menu.addWidget(button(caption, action, kind="quiet"))
        if not self.session.practice:
            self.strip.menu.addWidget(
                button(say("Practice"), self.practice_requested.emit, kind="quiet")
            )

    def _lay_out(self) -> None:
        keys = QWidget()
        body = QHBoxLayout(keys)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.panel)
        body.addWidget(self.pages, 1)
        self._body = QStackedWidget()
        self._body.addWidget(keys)
        self._body.addWidget(self.side_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._banner: PracticeBanner | None = None
        if self.session.practice:
            leave = self.leave_practice_requested.emit
            self._banner = PracticeBanner(self._open_practice_page, leave)
            column.addWidget(self._banner)
        column.addWidget(self.happenings)
        column.addWidget(self.messages)
        column.addWidget(self.strip)
        column.addWidget(self._body, 1)
        column.addWidget(self.launch)

    def _connect(self) -> None:
        session = self.session
        self.keys.selectionModel().currentChanged.connect(self._chosen)
        session.loaded.connect(self._loaded)
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._many_changed)
        session.problem.connect(self.messages.show_problem)
        session.notice.connect(self.messages.show_notice)
        session.crashed.connect(self.on_crash)
        self.welcome.add_key.connect(self.open_add_key)
        self.welcome.practice.connect(self.practice_requested)
        self.welcome.check_once.connect(self.open_check_once)

    def _add_shortcuts(self) -> None:
        for keys, action in (
            ("Ctrl+N", self.open_add_key),
            ("Ctrl+F", self.panel.go_to_filter),
            ("F5", self._check_current),
            ("Ctrl+R", self.session.check_all),
            ("F1", self.open_help),
            ("Ctrl+,", self.open_settings),
            ("Ctrl+Q", self.quit_requested.emit),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    # What happens --------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Work begins when there is something to see."""
        super().showEvent(event)
        if not self._started:
            self._started = True
            self.keys.setFocus()
            QTimer.singleShot(0, self.session.start)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list takes what its lines need, but never the room of the checklist."""
        wanted = self.fontMetrics().averageCharWidth() * _SIDE_CHARACTERS + GRID * 4
        self.panel.setFixedWidth(min(wanted, self.width() * 3 // 8))
        self._make_room()
        super().resizeEvent(event)

    def _make_room(self) -> None:
        """In a low window what is around the keys gets short; in a narrow one only page and banner stay."""
        metrics = self.fontMetrics()
        narrow = self.width() < metrics.averageCharWidth() * _NARROW_CHARACTERS
        alone = narrow and is_fit(self.side_page.page)
        if alone and has_focus(self.strip):
            self.side_page.take_focus()
        self.strip.setVisible(not alone)
        lines = self.height() // max(1, metrics.lineSpacing())
        self.launch.make_room(lines)
        if self._banner is not None:
            self._banner.make_room(lines, alone=alone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nobody else wanted closes what is open over the checklist."""
        header = self.checklist.header
        if event.key() == Qt.Key.Key_Escape and header.has_panel:
            header.close_panel()
        else:
            super().keyPressEvent(event)

    def on_crash(self, _problem: object = None) -> None:
        """Whatever happened: every light off, and say so. Badges first, they need nobody's help."""
        for badge in self.findChildren(LightBadge):
            badge.set_verdict(Verdict(practice=self.session.practice))
        self.messages.show_problem(str(internal_fault()))
        self.session.cancel()
        self.session.distrust(Doubt.CRASHED)

    def resume(self, before: Workspace) -> None:
        """Stand where `before` stood, which shows the same session: made anew for another language."""
        self._started = before._started
        self.messages.take_over(before.messages)
        if self.session.has_loaded:
            self.panel.take_over(before.panel)
            self._loaded()
            self.select(before.checklist.row_id)
        self._reopen(before)

    def _reopen(self, before: Workspace) -> None:
        """The page that stood beside the keys."""
        page = before.side_page.page
        openers: dict[str, Callable[[], None]] = {
            "HelpPage": lambda: self._help_again(page),
            "ExchangesPage": self.open_exchanges,
            "SettingsPage": self._settings_again,
            "TrustPage": self.open_trust,
            "HappeningsPage": self.open_happenings,
        }
        opener = openers.get(type(page).__name__)
        if opener is not None:
            opener()
        elif page is not None and before._task is not None:
            self.open_task(*before._task)

    def select(self, row_id: str) -> None:
        """Show this key."""
        self.panel.show_key(row_id)

    def _loaded(self) -> None:
        rows = self.session.rows
        if not rows:
            self.pages.setCurrentWidget(self.welcome)
            self._show_launch(None)
            return
        known = self.session.row(self.checklist.row_id)
        if known is None:
            self.select(self.session.start_with or self.model.first_key)
        else:
            self.panel.keep_key(known.id)
            self._show(known)

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self.model.row_at(current)
        if row is not None:
            self._show(row)

    def _show(self, row: KeyRow) -> None:
        self.checklist.show_row(row)
        self.pages.setCurrentWidget(self.checklist)
        self._show_launch(row)

    def _show_launch(self, row: KeyRow | None) -> None:
        """Below a page that stands beside the keys it would speak of something that is not in sight."""
        self.launch.show_row(None if self.side_page.is_open else row)

    def _row_changed(self, row_id: str) -> None:
        if row_id == self.checklist.row_id:
            self._show_launch(self.session.row(row_id))

    def _many_changed(self) -> None:
        self._row_changed(self.checklist.row_id)

    def _check_current(self) -> None:
        if self.checklist.row_id:
            self.session.check([self.checklist.row_id])

    # Opening -------------------------------------------------------------------------------

    def _open_page(self, url: str) -> None:
        """A page about the key that is shown; in practice its practice page instead."""
        from latchlight.gui import outside

        if self.session.practice:
            self._open_practice_page()
        else:
            outside.open_exchange_page(self.session, self.messages, url)

    def _open_page_of(self, row: KeyRow) -> None:
        """API Management for a key, which need not be the one that is shown."""
        from latchlight.gui import outside

        if self.session.practice:
            outside.open_practice(self.session, self.messages, row)
        else:
            outside.open_exchange_page(
                self.session, self.messages, row.request.exchange.console_page
            )

    def _open_practice_page(self) -> None:
        from latchlight.gui import outside

        row = self.session.row(self.checklist.row_id)
        outside.open_practice(self.session, self.messages, row)

    def open_add_key(self) -> None:
        """The form for a new key."""
        self._open_key_form(once=False)

    def open_check_once(self) -> None:
        """The same form for a key that is not to be kept."""
        self._open_key_form(once=True)

    def _open_key_form(self, *, once: bool) -> AddKeyDialog:
        from latchlight.gui.pages.add_key_dialog import AddKeyDialog

        session = self.session
        dialog = AddKeyDialog(
            session.services,
            session.runner,
            self,
            world=session.world,
            public_ip=session.address_text(),
            once=once,
            taken=[row.request.label for row in session.rows],
        )
        dialog.key_added.connect(self._key_added)
        dialog.key_kept.connect(self._key_kept)
        dialog.crashed.connect(self.on_crash)
        self._open(dialog)
        return dialog

    def _key_added(self, label: str) -> None:
        """Read the list again, then show and check the new key."""
        self._awaited = label
        self.session.loaded.connect(self._show_added, Qt.ConnectionType.SingleShotConnection)
        self.session.load()

    def _key_kept(self, request: CheckRequest) -> None:
        """Show and check a key that is not saved."""
        self.session.add_unsaved(request)
        self.select(request.id)
        self.checklist.header.label.setFocus()

    def _show_added(self) -> None:
        row = self.session.row_labelled(self._awaited)
        if row is not None:
            self.select(row.id)
            self.checklist.header.label.setFocus()
            self.session.check([row.id])

    def open_settings(self) -> None:
        """Light or dark, and what else can be chosen."""
        from latchlight.gui.pages.settings_page import SettingsPage

        page = SettingsPage(
            self.session.services,
            self.session.runner,
            on_rules=lambda: self.session.distrust(Doubt.SETTINGS),
            on_watching=self.session.watch.choose,
        )
        page.theme_chosen.connect(self.theme_chosen)
        page.language_chosen.connect(self.language_chosen)
        page.history_forgotten.connect(self.session.history_forgotten)
        page.crashed.connect(self.on_crash)
        self.side_page.open_page(say("Settings"), page)

    def _settings_again(self) -> None:
        """In another language: the keyboard goes back to the choice of it."""
        from latchlight.gui.pages.settings_page import SettingsPage

        self.open_settings()
        page = self.side_page.page
        if isinstance(page, SettingsPage):
            page.go_to_language()

    def open_exchanges(self) -> None:
        """What each exchange can tell, with sources."""
        from latchlight.gui.pages.exchanges_page import ExchangesPage

        page = ExchangesPage(tuple(self.session.services.exchanges.values()))
        self.side_page.open_page(say("What each exchange can tell"), page, headed=True)

    def open_trust(self) -> None:
        """What this program is, and every host it ever contacted."""
        from latchlight.gui.pages.trust_page import TrustPage

        page = TrustPage(self.session.services, self.session.runner)
        page.crashed.connect(self.on_crash)
        page.page_requested.connect(self._open_release_page)
        self.side_page.open_page(say("About and trust"), page)

    def _open_release_page(self, url: str) -> None:
        from latchlight.gui import outside

        outside.open_release_page(self.session, self.messages, url)

    def open_help(self, subject: str = "") -> None:
        """The help, open at what it says about a rule or a refusal; else its contents."""
        from latchlight.gui.pages.help_page import HelpPage
        from latchlight.help.library import Library

        services = self.session.services
        library = Library(services.exchanges, services.address_services(), services.home())
        self.side_page.open_page(say("Help"), HelpPage(library, subject))

    def _help_again(self, page: object) -> None:
        from latchlight.gui.pages.help_page import HelpPage

        self.open_help(page.shown if isinstance(page, HelpPage) else "")

    def open_happenings(self) -> None:
        """What watching found out while nobody looked."""
        from latchlight.gui.pages.happenings_page import HappeningsPage

        page = HappeningsPage(self.session.watch.news)
        page.key_chosen.connect(self._show_key)
        self.side_page.open_page(say("What happened while you were away"), page)

    def _show_key(self, row_id: str) -> None:
        self.side_page.close_page()
        self.select(row_id)

    def open_task(self, task: KeyTask, rule: str = "") -> None:
        """A page about the key that is shown. `rule`: the finding it was opened from."""
        row = self.session.row(self.checklist.row_id)
        if row is None:
            return
        self._task = (task, rule)
        match task:
            case KeyTask.GUIDE:
                self._open_guide(row, rule)
            case KeyTask.PLAN:
                self._open_plan(row)
            case KeyTask.LOCK_TEST:
                self._open_lock_test(row)
            case KeyTask.HISTORY:
                self._open_history(row)
            case KeyTask.REPLACE:
                self._open_replace(row)
            case _:
                assert_never(task)

    def _open_plan(self, row: KeyRow) -> None:
        from latchlight.gui.pages.plan_page import PlanPage

        page = PlanPage(self.session, row, self._open_page)
        self.side_page.open_page(say("Plan the whitelist"), page)

    def _open_lock_test(self, row: KeyRow) -> None:
        from latchlight.gui.pages.lock_page import LockPage

        page = LockPage(self.session, row, self._open_page)
        page.back_wanted.connect(self.side_page.close_page)
        self.side_page.open_page(say("Lock test"), page)

    def _open_guide(self, row: KeyRow, rule: str) -> None:
        from latchlight.gui.pages.guide_page import GuidePage
        from latchlight.gui.recheck import finding_of

        finding = finding_of(row, rule)
        if finding is None or finding.fix is None:
            return  # mended meanwhile
        page = GuidePage(self.session, row, finding, self._open_page, self.open_task)
        page.back_wanted.connect(self.side_page.close_page)
        self.side_page.open_page(finding.fix.title, page)

    def _open_history(self, row: KeyRow) -> None:
        from latchlight.gui.pages.history_page import HistoryPage

        page = HistoryPage(self.session, row.id)
        page.crashed.connect(self.on_crash)
        self.side_page.open_page(say("History and report"), page)

    def _open_replace(self, row: KeyRow) -> None:
        from latchlight.gui.pages.replace_page import ReplacePage

        page = ReplacePage(
            self.session, row, self._open_page_of, self._add_key_like, self.open_task
        )
        page.key_wanted.connect(self._show_key)
        page.back_wanted.connect(self.side_page.close_page)
        self.side_page.open_page(say("Replace this key"), page)

    def _add_key_like(self, old: KeyRow) -> None:
        """The form for a key that is to replace this one."""
        request, rotations = old.request, self.session.rotations
        dialog = self._open_key_form(once=not (request.stored or self.session.practice))
        dialog.form.begin_like(request.exchange.id, request.host, request.label, request.intent)
        dialog.key_added.connect(lambda label: rotations.expect(old.id, label))
        dialog.key_kept.connect(lambda new: rotations.choose(old.id, new.id))

    def _side_page_moved(self, opened: bool) -> None:
        if opened and not has_focus(self.side_page):
            self._opener = self.window().focusWidget()
        self._body.setCurrentIndex(1 if opened else 0)
        self._make_room()
        page = self.side_page.page
        self.happenings.step_aside(type(page).__name__ == "HappeningsPage")
        self._show_launch(self.session.row(self.checklist.row_id))
        if not opened:
            self._focus_back(self._opener)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opener = self.window().focusWidget()
        dialog.finished.connect(lambda _: self._focus_back(opener))
        dialog.open()

    def _focus_back(self, opener: QWidget | None) -> None:
        """The keyboard goes where it came from; what was opened may have replaced that place."""
        known = opener if opener is not None and isValid(opener) else None
        give_focus(known, self.checklist.header.label if self.session.rows else self.welcome)
