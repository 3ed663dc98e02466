"""Which language the window shows, and Qt's own words in it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from latchlight.core.languages import ENGLISH, Language, language, matching
from latchlight.gui import tongue

_QT_WORDS: list[QTranslator] = []
"""Of menus and dialogs that Qt makes; it forgets a translator that nobody holds."""


def system_code() -> str:
    """The best language for this system: the first of the user's own that there is a file for."""
    wanted = (matching(tag) for tag in QLocale.system().uiLanguages())
    return next((code for code in wanted if code is not None), ENGLISH.code)


def use(code: str) -> bool:
    """Put a language in force, that of the system for an empty code; whether it is another one now."""
    wanted = _read(code or system_code())
    if wanted.code == tongue.in_force().code:
        return False
    tongue.use(wanted)
    _use_qt_words(wanted.code)
    return True


def _read(code: str) -> Language:
    """English where the file is gone or cannot be read: better than no window."""
    try:
        return language(code)
    except (KeyError, OSError, ValueError):
        return ENGLISH


def _use_qt_words(code: str) -> None:
    """From the files that come with Qt; without them its menus stay English."""
    while _QT_WORDS:
        QCoreApplication.removeTranslator(_QT_WORDS.pop())
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if code != ENGLISH.code and translator.load(QLocale(code), "qtbase", "_", folder):
        QCoreApplication.installTranslator(translator)
        _QT_WORDS.append(translator)
