"""The icon beside the clock: the worst light of the stored keys, a menu, and messages of the desktop.

There only while something is watched. Everything it says is plain text without any part of a key.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from latchlight.core.sentences import Sentence, say
from latchlight.gui.happenings import Bundle, Happening, Message, message, plain_outside
from latchlight.gui.key_groups import count_words, worst_verdict
from latchlight.gui.light_look import Verdict
from latchlight.gui.session import Session
from latchlight.gui.tongue import tr
from latchlight.gui.tray_icon import light_icon

_DARK_BELOW = 128
"""Lightness of the system's window colour, 0 to 255: a guess at the panel's."""
_SHOWN_MS = 10_000


def has_tray() -> bool:
    """Whether this desktop has a place for such icons now."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """Belongs to the session of the real keys; practice has none."""

    open_wanted = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        session: Session,
        in_front: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`in_front`: whether the user sees the window now; it says the same by itself."""
        super().__init__(parent)
        self._session = session
        self._in_front = in_front
        self._bundle = Bundle()
        self._shown: tuple[object, ...] = ()
        self._closed = False
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu()
        self._fill_menu()
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.open_wanted)
        for signal in (session.loaded, session.row_changed, session.many_changed):
            signal.connect(self._refresh)
        session.watch.changed.connect(self._refresh)
        session.watch.news.happened.connect(self._happened)
        session.ticked.connect(self._tick)
        self._refresh()

    @property
    def wanted(self) -> bool:
        """Whether there is a reason for an icon."""
        choices = self._session.watch.choices
        return self._session.watch.watcher.on or choices.notices or choices.stay

    @property
    def verdict(self) -> Verdict:
        """The worst light of the stored keys at this moment; one that aged is grey."""
        return worst_verdict(row for row in self._session.rows if row.request.stored)

    def close(self) -> None:
        """Take the icon away for good: nothing that still arrives brings it back."""
        self._closed = True
        self.icon.hide()

    def retranslate(self) -> None:
        """Another language is in force."""
        self.menu.clear()
        self._fill_menu()
        self._shown = ()
        self._refresh()

    def tell(self, told: Message) -> None:
        """One message of the desktop, if it shows any."""
        title, text = plain_outside(tr(told.title)), plain_outside(tr(told.text))
        if self.icon.isVisible():
            self.icon.showMessage(title, text, self.icon.icon(), _SHOWN_MS)

    def _fill_menu(self) -> None:
        self.menu.addAction(tr(say("Open"))).triggered.connect(self.open_wanted)
        self.menu.addAction(tr(say("Check all now"))).triggered.connect(self._session.check_all)
        self._pause = self.menu.addAction("")
        self._pause.triggered.connect(self._turn_pause)
        self.menu.addSeparator()
        self.menu.addAction(tr(say("Quit"))).triggered.connect(self.quit_wanted)

    def _turn_pause(self) -> None:
        watch = self._session.watch
        watch.pause(not watch.paused)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.open_wanted.emit()

    def _refresh(self, *_: object) -> None:
        verdict, words = self.verdict, self._words()
        paused = self._session.watch.paused
        there = self.wanted and not self._closed and has_tray()
        shown = (verdict, words, paused, self._session.watch.watcher.on, there)
        if shown != self._shown:
            self._shown = shown
            self._pause.setText(tr(say("Watch again") if paused else say("Pause watching")))
            self._pause.setEnabled(self._session.watch.watcher.on)
            self.icon.setIcon(light_icon(verdict.look, dark_ground=_on_dark()))
            self.icon.setToolTip(plain_outside(tr(words)))
            self.icon.setVisible(there)

    def _words(self) -> Sentence:
        """No name of a key: some desktops read tooltips as something else than text."""
        rows = [row for row in self._session.rows if row.request.stored]
        if not rows:
            return say("Latchlight: no stored keys")
        words = say("Latchlight: {light}", light=self.verdict.text)
        if len(rows) > 1:
            words = say("{light} ({counts})", light=words, counts=count_words(rows))
        return say("{words} · paused", words=words) if self._session.watch.paused else words

    def _happened(self, one: Happening) -> None:
        if self._session.watch.choices.notices and not self._in_front():
            self._bundle.add(one, self._session.stamp().monotonic)

    def _tick(self) -> None:
        self._refresh()  # a panel may have started after the program
        choices = self._session.watch.choices
        due = self._bundle.take(self._session.stamp().monotonic)
        if due and choices.notices:
            self.tell(message(due, name_keys=choices.name_keys))


def _on_dark() -> bool:
    return QApplication.palette().window().color().lightness() < _DARK_BELOW
