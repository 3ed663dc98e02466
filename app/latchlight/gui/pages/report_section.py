"""The report of the last check of one key: to keep as a file, or to paste for a support desk."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, QStandardPaths, Qt, Signal
from PySide6.QtGui import QPageSize
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QWidget

from latchlight.core.egress import EgressReport
from latchlight.core.errors import LatchlightError, internal_fault
from latchlight.core.sentences import Sentence, say
from latchlight.gui import report_work as work
from latchlight.gui.key_row import KeyRow
from latchlight.gui.report_work import ReportKind
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import in_force, tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.flow import FlowLayout
from latchlight.gui.widgets.focus import FocusKeeper
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section

_CHOOSE: dict[ReportKind, tuple[Sentence, Sentence]] = {
    ReportKind.HTML: (say("Save the report as a web page"), say("Web pages (*.html)")),
    ReportKind.PDF: (say("Save the report as PDF"), say("PDF documents (*.pdf)")),
}


class ReportSection(Section):
    """Whatever is asked for is made from the key as it stands in that moment."""

    crashed = Signal(object)
    """An error that has no words for the user."""

    def __init__(self, session: Session, row_id: str, parent: QWidget | None = None) -> None:
        super().__init__(
            say("Report of the last check"),
            say(
                "What was found, how it is known, and what to do. It cannot hold a secret; "
                "of the key it shows the last four characters."
            ),
            parent,
        )
        self._session = session
        self._row_id = row_id
        self._folder = ""
        self._missing = PlainLabel(
            say(
                "A report is made from a check of this session: check this key first, it takes seconds."
            )
        )
        self._check = button(say("Check this key"), self._check_now, kind="primary")
        self.with_addresses = QCheckBox(tr(say("With full IP addresses")))
        self.with_addresses.setAccessibleName(tr(say("With full IP addresses")))
        self._about_addresses = PlainLabel(
            say(
                "Without them each address gets a name such as [address 1]; "
                "what was the same address has the same name."
            ),
            ink="muted",
        )
        self.told = PlainLabel(selectable=True)
        self.problem = PlainLabel(ink="problem")
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        actions = QWidget()
        flow = FlowLayout(actions)
        makers = (
            button(say("Save as HTML"), partial(self._choose, ReportKind.HTML)),
            button(say("Save as PDF"), partial(self._choose, ReportKind.PDF)),
            button(say("Copy for support"), self._copy),
        )
        for each in makers:
            flow.addWidget(each)
        self._keepers = [FocusKeeper(each, self._check) for each in makers]
        self.add(self._missing, self._check)
        self.column.setAlignment(self._check, Qt.AlignmentFlag.AlignLeft)
        self.add(actions, self.with_addresses, self._about_addresses, self.told, self.problem)
        self.column.setSpacing(GRID)
        self.told.hide()
        self.problem.hide()

    @property
    def row(self) -> KeyRow | None:
        """The key; None once it is removed."""
        return self._session.row(self._row_id)

    def refresh(self) -> None:
        """Say what can be had now."""
        row = self.row
        there = row is not None and row.report is not None
        for keeper in self._keepers:
            keeper.set_enabled(there)
        can_check = row is not None and not there
        self._missing.setVisible(can_check)
        self._check.setVisible(can_check)
        self._check.setEnabled(row is not None and not row.checking)

    def _check_now(self) -> None:
        if self.row is not None:
            self._session.check([self._row_id])

    def _wanted(self) -> work.Wanted | None:
        row, found = self.row, self._session.egress
        egress = found.report if found is not None else EgressReport()
        full = self.with_addresses.isChecked()
        wanted = None if row is None else work.wanted(row, egress, in_force(), full)
        if wanted is None:
            self._refused(say("This key is not here any more."))
        return wanted

    # A file --------------------------------------------------------------------------------

    def _choose(self, kind: ReportKind) -> None:
        row = self.row
        if row is None or row.report is None:
            return
        caption, names = _CHOOSE[kind]
        chooser = QFileDialog(self, tr(caption), self._folder or _documents())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setFileMode(QFileDialog.FileMode.AnyFile)
        chooser.setNameFilters([tr(names)])
        chooser.setDefaultSuffix(kind.value)
        chooser.selectFile(work.file_name(row.request.label, row.report.finished_at, kind))
        chooser.fileSelected.connect(partial(self._save, kind))
        chooser.open()

    def _save(self, kind: ReportKind, path: str) -> None:
        wanted = self._wanted()
        if wanted is None or not path:
            return
        self._folder = str(Path(path).parent)
        font, page = QApplication.font(), _page_size()
        self._tell(say("Saving…"))
        self._session.runner.run(
            lambda token, post: work.save(wanted, kind, Path(path), font, page),
            on_success=self._saved,
            on_failure=self._failed,
        )

    def _saved(self, path: Path) -> None:
        self._tell(say("Saved: {file}", file=path))

    # The clipboard -------------------------------------------------------------------------

    def _copy(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            return
        self._session.runner.run(
            lambda token, post: work.support_text(wanted),
            on_success=self._copied,
            on_failure=self._failed,
        )

    def _copied(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self._tell(say("Copied: {n} lines of text to paste.", n=len(text.splitlines())))

    # ---------------------------------------------------------------------------------------

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, LatchlightError):
            self.crashed.emit(problem)
            problem = internal_fault()
        self._refused(say("{what} {then}", what=problem.message, then=problem.next_step))

    def _tell(self, words: Sentence) -> None:
        self.problem.hide()
        self.told.setText(words)
        self.told.show()

    def _refused(self, words: Sentence) -> None:
        self.told.hide()
        self.problem.setText(words)
        self.problem.show()


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _page_size() -> QPageSize.PageSizeId:
    """The paper that is in printers there."""
    american = QLocale.MeasurementSystem.ImperialUSSystem
    if QLocale.system().measurementSystem() is american:
        return QPageSize.PageSizeId.Letter
    return QPageSize.PageSizeId.A4
