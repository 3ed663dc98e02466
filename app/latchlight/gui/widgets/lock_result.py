"""What a lock test showed: light, one sentence, and what of it is proved and what is not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from latchlight.core.findings import Finding, Light
from latchlight.core.lock_test import Verdict as Proof
from latchlight.core.sentences import say
from latchlight.gui.light_look import Verdict
from latchlight.gui.lock_run import LockRun
from latchlight.gui.lock_words import kept_words, not_proved, proved, result_title
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section

_LIGHTS: dict[Proof, Light] = {
    Proof.LOCKED: Light.GREEN,
    Proof.OPEN: Light.RED,
    Proof.UNNAMED: Light.GREY,
    Proof.UNDECIDED: Light.GREY,
}


class LockResult(Section):
    """The test that has just ended; before that, what is known of the one before."""

    def __init__(self, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._practice = practice
        self._shown: object = None
        self._lines: list[QWidget] = []
        self._heading = PlainLabel("", TextRole.HEADING)
        self.badge = LightBadge(Verdict(Light.GREY, practice), TextRole.SMALL)
        self.title = PlainLabel("", TextRole.STRONG, selectable=True)
        head = QHBoxLayout()
        head.setSpacing(GRID * 3 // 2)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        self.add(self._heading)
        self.add_row(head)
        self.hide()

    def show_run(self, run: LockRun, before: Finding | None, *, counts: bool, holds: bool) -> None:
        """`before` is the finding of the last check, `counts` whether that still stands.

        `holds`: nothing that was found since speaks against what the test proved.
        """
        verdict, test = run.verdict, run.test
        over = verdict is Proof.LOCKED and not holds
        if over and counts and before is not None and before.light is not Light.GREEN:
            self._show_before(before, counts)
        elif verdict is not None and test is not None:
            self._show_test(run, verdict, Light.GREY if over else _LIGHTS[verdict])
        elif before is not None:
            self._show_before(before, counts)
        else:
            self.hide()

    def _show_test(self, run: LockRun, verdict: Proof, light: Light) -> None:
        test = run.test
        if test is None or self._shown == (test, light):
            return
        self._fill(
            (test, light),
            say("What this test showed"),
            Verdict(light, self._practice),
            result_title(verdict),
        )
        lines = (*proved(test, verdict, run.request.exchange.name), *not_proved(verdict))
        self._put(bulleted(lines), PlainLabel(kept_words(run), TextRole.SMALL, ink="muted"))

    def _show_before(self, before: Finding, counts: bool) -> None:
        shown = (before.title, before.detail, before.light, counts)
        if self._shown == shown:
            return
        light = before.light if counts else Light.GREY
        heading = say("What the last lock test showed")
        self._fill(shown, heading, Verdict(light, self._practice), before.title)
        self._put(PlainLabel(before.detail, selectable=True))

    def _fill(self, shown: object, heading: str, verdict: Verdict, title: str) -> None:
        self._shown = shown
        self._heading.setText(heading)
        self.setAccessibleName(tr(heading))
        self.badge.set_verdict(verdict)
        self.title.setText(title)
        for line in self._lines:
            self.column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
        self.show()

    def _put(self, *lines: QWidget) -> None:
        self.add(*lines)
        self._lines = list(lines)
