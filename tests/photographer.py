"""Brings windows into a state and takes the picture: of light and dark, of sizes of text, of languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from shiboken6 import delete, isValid

from latchlight.core.languages import ENGLISH, Language
from latchlight.core.sentences import Sentence
from latchlight.gui import theme, tongue
from latchlight.gui.session import Session
from latchlight.gui.theme import Scheme
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.workspace import Workspace

SIZE = (1200, 800)


class Photographer:
    """Opens workspaces, brings them into a state, and takes the picture."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._look = ""
        self._grey = False
        self.taken: list[Path] = []
        self._opened: list[Workspace] = []

    def dress(
        self,
        scheme: Scheme,
        percent: int = 100,
        language: Language = ENGLISH,
        *,
        grey: bool = False,
    ) -> None:
        """Colours, size of text and language of the pictures that follow; `grey` takes every colour away."""
        theme.apply(self._app, scheme, percent)
        tongue.use(language)
        self._grey = grey
        self._look = look_name(scheme, percent, language.code, grey=grey)

    def wait(self, until: Callable[[], bool], seconds: float = 20) -> None:
        """Let the window live until something is so. Raises TimeoutError."""
        loop, timer, end = QEventLoop(), QTimer(interval=20), QTimer(singleShot=True)
        timer.timeout.connect(lambda: until() and loop.quit())
        end.timeout.connect(loop.quit)
        timer.start()
        end.start(int(seconds * 1000))
        loop.exec()
        while not until() and end.isActive():
            loop.exec()  # it was so for a moment only, between one job and the next
        if not until():
            raise TimeoutError("the window did not come into the wanted state")

    def settle(self) -> None:
        """A few turns for layouts and late widgets."""
        turns = iter(range(6))
        self.wait(lambda: next(turns, None) is None)

    def take(self, widget: QWidget, name: str) -> None:
        """One picture, named after its state and look; of pages that are put together in pieces, whole."""
        pages = widget.findChildren(PageColumn)
        self.wait(lambda: all(page.complete for page in pages))
        self.settle()
        file = self._folder / f"{name}-{self._look}.png"
        picture = widget.grab().toImage()
        if self._grey:
            picture = picture.convertToFormat(QImage.Format.Format_Grayscale8)
        if not picture.save(str(file)):
            raise OSError(f"cannot write {file}")
        self.taken.append(file)

    def open(self, session: Session, size: tuple[int, int] = SIZE) -> Workspace:
        """A workspace with everything loaded; those that were closed before are destroyed."""
        self.clear_away()
        workspace = Workspace(session)
        self._opened.append(workspace)
        workspace.resize(*size)
        workspace.show()
        self.wait(lambda: session.has_loaded and not session.looking_up)
        return workspace

    def clear_away(self) -> None:
        """Destroy what was closed: each new look would dress all of it again."""
        closed = [each for each in self._opened if isValid(each) and not each.isVisible()]
        self._opened = [each for each in self._opened if isValid(each) and each.isVisible()]
        for each in closed:
            delete(each)


def look_name(scheme: Scheme, percent: int, code: str, *, grey: bool) -> str:
    """`dark-200`: what differs from English at the usual size of text, in colour."""
    parts = [scheme.value, "" if percent == 100 else str(percent)]
    parts += ["" if code == ENGLISH.code else code, "grey" if grey else ""]
    return "-".join(part for part in parts if part)


def press(parent: QWidget, caption: str, **values: str) -> None:
    """Press the first visible button with this caption, given as the English template."""
    wanted = tongue.tr(Sentence(caption, values))
    for each in parent.findChildren(QPushButton):
        if each.isVisible() and each.text() == wanted:
            each.click()
            return
    raise LookupError(caption)
