"""What fills the window: public address on top, keys left, checklist right, launch light below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from latchlight.core.errors import internal_fault
from latchlight.core.sentences import say
from latchlight.gui.ageing import Doubt
from latchlight.gui.light_look import Verdict
from latchlight.gui.models.key_list import KeyListModel
from latchlight.gui.pages.checklist_page import ChecklistPage
from latchlight.gui.pages.side_page import SidePage
from latchlight.gui.pages.welcome_page import WelcomePage
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.egress_strip import EgressStrip
from latchlight.gui.widgets.focus import give_focus, has_focus
from latchlight.gui.widgets.key_list_view import KeyListView
from latchlight.gui.widgets.launch_bar import LaunchBar
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.message_bar import MessageBar
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.practice_banner import PracticeBanner
from latchlight.gui.widgets.run_strip import RunStrip

if TYPE_CHECKING:
    from latchlight.keys import CheckRequest

_SIDE_CHARACTERS = 34


class Workspace(QWidget):
    """One session on the screen. Everything that takes time happens in the session's workers."""

    practice_requested = Signal()
    leave_practice_requested = Signal()
    quit_requested = Signal()
    theme_chosen = Signal(str)
    """`system`, `light` or `dark`."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        session.setParent(self)
        self._started = False
        self._awaited = ""
        self._opener: QWidget | None = None
        self.messages = MessageBar()
        self.strip = EgressStrip(session)
        self.launch = LaunchBar()
        self.keys = KeyListView()
        self.checklist = ChecklistPage(session, self._open_page)
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
        body.addWidget(self._side_panel())
        body.addWidget(self.pages, 1)
        self._body = QStackedWidget()
        self._body.addWidget(keys)
        self._body.addWidget(self.side_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self.session.practice:
            column.addWidget(
                PracticeBanner(self._open_practice_page, self.leave_practice_requested.emit)
            )
        column.addWidget(self.messages)
        column.addWidget(self.strip)
        column.addWidget(self._body, 1)
        column.addWidget(self.launch)

    def _side_panel(self) -> QWidget:
        side = QFrame()
        side.setProperty("panel", "side")
        self._side = side
        head = QHBoxLayout()
        head.setContentsMargins(GRID * 2, GRID * 3 // 2, GRID * 2, GRID // 2)
        head.addWidget(PlainLabel(say("Keys"), TextRole.HEADING, wrap=False), 1)
        self._add = button(
            say("Add key"), self.open_add_key, kind="primary", tip=say("Add a key (Ctrl+N)")
        )
        head.addWidget(self._add)
        self._empty = PlainLabel(say("Reading your keys…"), ink="muted")
        self._empty.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._empty)
        layout.addWidget(self.keys, 1)
        self.run_strip = RunStrip(self.session)
        layout.addWidget(self.run_strip)
        return side

    def _connect(self) -> None:
        session = self.session
        self.model = KeyListModel(session, self)
        self.keys.setModel(self.model)
        self.keys.selectionModel().currentChanged.connect(self._chosen)
        session.loaded.connect(self._loaded)
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(lambda: self._row_changed(self.checklist.row_id))
        session.problem.connect(self.messages.show_problem)
        session.notice.connect(self.messages.show_notice)
        session.crashed.connect(self.on_crash)
        self.welcome.add_key.connect(self.open_add_key)
        self.welcome.practice.connect(self.practice_requested)
        self.welcome.check_once.connect(self.open_check_once)

    def _add_shortcuts(self) -> None:
        for keys, action in (
            ("Ctrl+N", self.open_add_key),
            ("F5", self._check_current),
            ("Ctrl+R", self.session.check_all),
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
        self._side.setFixedWidth(min(wanted, self.width() * 3 // 8))
        super().resizeEvent(event)

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

    def select(self, row_id: str) -> None:
        """Show this key."""
        index = self.model.index_of(row_id)
        if index.isValid():
            self.keys.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def _loaded(self) -> None:
        rows = self.session.rows
        self._empty.setText(say("No keys yet."))
        self._empty.setVisible(not rows)
        shown = self.checklist.row_id
        if not rows:
            self.pages.setCurrentWidget(self.welcome)
            self.launch.show_row(None)
            return
        self.select(shown if self.session.row(shown) is not None else rows[0].id)

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self.model.row_at(current)
        if row is not None:
            self.checklist.show_row(row)
            self.pages.setCurrentWidget(self.checklist)
            self.launch.show_row(row)

    def _row_changed(self, row_id: str) -> None:
        if row_id == self.checklist.row_id and not self.side_page.is_open:
            self.launch.show_row(self.session.row(row_id))

    def _check_current(self) -> None:
        if self.checklist.row_id:
            self.session.check([self.checklist.row_id])

    # Opening -------------------------------------------------------------------------------

    def _open_page(self, url: str) -> None:
        if self.session.practice:
            self._open_practice_page()
            return
        from latchlight.gui.links import checked, open_page, page_hosts

        hosts = page_hosts(spec.console_page for spec in self.session.services.exchanges.values())
        if checked(url, hosts) is None:
            self.messages.show_problem(
                say("The page could not be opened. Go to API Management at the exchange yourself.")
            )
        else:
            self._tell_page(url, open_page(url, hosts))

    def _open_practice_page(self) -> None:
        from latchlight.gui.links import open_practice_page

        world = self.session.world
        if world is not None:
            url = world.browser_url
            self._tell_page(url, open_practice_page(url, url))

    def _tell_page(self, url: str, opened: bool) -> None:
        """Always: a browser may be asked and still show nothing."""
        words = say("Opened in your browser: {url}", url=url)
        if not opened:
            words = say("No browser could be opened. The address is {url}", url=url)
        self.messages.show_page(words, url)

    def open_add_key(self) -> None:
        """The form for a new key."""
        self._open_key_form(once=False)

    def open_check_once(self) -> None:
        """The same form for a key that is not to be kept."""
        self._open_key_form(once=True)

    def _open_key_form(self, *, once: bool) -> None:
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
        )
        page.theme_chosen.connect(self.theme_chosen)
        page.history_forgotten.connect(self.session.load)
        page.crashed.connect(self.on_crash)
        self.side_page.open_page(say("Settings"), page)

    def open_trust(self) -> None:
        """What this program is, and every host it ever contacted."""
        from latchlight.gui.pages.trust_page import TrustPage

        page = TrustPage(self.session.services, self.session.runner)
        page.crashed.connect(self.on_crash)
        self.side_page.open_page(say("About and trust"), page)

    def _side_page_moved(self, opened: bool) -> None:
        if opened and not has_focus(self.side_page):
            self._opener = self.window().focusWidget()
        self._body.setCurrentIndex(1 if opened else 0)
        row = None if opened else self.session.row(self.checklist.row_id)
        self.launch.show_row(row)
        if not opened:
            give_focus(self._opener, self.keys)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opener = self.window().focusWidget()
        dialog.finished.connect(lambda _: self._focus_back(opener))
        dialog.open()

    def _focus_back(self, opener: QWidget | None) -> None:
        """The keyboard goes where it came from; what was opened may have replaced that place."""
        known = opener if opener is not None and isValid(opener) else None
        give_focus(known, self.checklist.header.label if self.session.rows else self.welcome)
