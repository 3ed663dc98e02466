"""The way in for a key file, by button or by dropping it, and what becomes of the file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from latchlight.core.sentences import Sentence, say
from latchlight.gui.jobs import JobRunner
from latchlight.gui.key_file import MOST_BYTES, KeyFile, read_key_file
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.plain_label import PlainLabel

_HINT = say(
    "Or drop it anywhere on this window. JSON or PEM, at most {most} bytes; "
    "it is read once and not copied.",
    most=f"{MOST_BYTES:,}",
)


class KeyFileReader(QObject):
    """Reads a key file aside, since a disk may be slow, and hands it over."""

    read_whole = Signal(object)
    """A `KeyFile`."""
    refused = Signal(object)
    """The exception that says why it was not taken."""

    def __init__(self, runner: JobRunner, window: QWidget) -> None:
        super().__init__(window)
        self._runner = runner
        self._window = window

    def read(self, paths: list[str]) -> None:
        """Read the only one of these; "" stands for what is no file of this computer."""
        self._runner.run(
            lambda token, post: read_key_file(paths),
            on_success=self._read,
            on_failure=self._refused,
        )

    def _read(self, file: KeyFile) -> None:
        self.read_whole.emit(file)

    def _refused(self, problem: BaseException) -> None:
        self.refused.emit(problem)

    def choose(self) -> None:
        """Let the user choose one: what can be dropped can be had by keyboard too."""
        chooser = QFileDialog(self._window, tr(say("Choose a key file")))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters(
            [tr(say("Key files (*.json *.pem *.key *.txt)")), tr(say("All files (*)"))]
        )
        chooser.filesSelected.connect(self.read)
        chooser.open()


class KeyFileRow(QWidget):
    """A button, a hint, and what happened to the file."""

    def __init__(self, on_choose: Callable[[], object]) -> None:
        super().__init__()
        self.name = ""
        """The file from which the fields were filled; empty where there was none."""
        self.choose = button(say("Choose a key file…"), on_choose)
        self._hint = PlainLabel(_HINT, TextRole.SMALL, ink="muted")
        self._told = PlainLabel(role=TextRole.SMALL)
        self._error = PlainLabel(role=TextRole.SMALL, ink="problem")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._hint, self._told, self._error):
            column.addWidget(widget)
        self.show_taken("")

    @property
    def error(self) -> str:
        """Why the last file was not taken, or nothing."""
        return self._error.text()

    def show_taken(self, name: str) -> None:
        """The fields were filled from this file; "" forgets it."""
        self.name = name
        self._tell(taken_words(name) if name else "", "")

    def show_error(self, text: str) -> None:
        """The file was not taken."""
        self._tell(self._told.text(), text)

    def _tell(self, told: str, error: str) -> None:
        for label, text in ((self._told, told), (self._error, error)):
            label.setText(text)
            label.setVisible(bool(text))
        self._hint.setVisible(not told and not error)
        self.choose.setAccessibleDescription(tr(error or told or _HINT))


def taken_words(name: str) -> Sentence:
    """What to do with the file itself."""
    return say(
        "Taken from “{name}”, which still holds the secret for every program of yours to read. "
        "Delete the file once the key is saved.",
        name=name,
    )
