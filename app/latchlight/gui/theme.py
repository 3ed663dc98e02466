"""Puts the tokens on Qt: palette, style sheet, fonts. The only importer of the compiled resources."""

from __future__ import annotations

from PySide6.QtCore import QFile, QIODevice, QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from latchlight.gui import resources_rc
from latchlight.gui.tokens import DARK, GRID, LIGHT, Scheme, TextRole, Tokens

__all__ = [
    "GRID",
    "Scheme",
    "TextRole",
    "Tokens",
    "app_icon",
    "apply",
    "fixed_font",
    "font",
    "is_dark",
    "tokens",
]

_RESOURCES = (
    resources_rc  # importing it registers the files; named so that nobody removes the import
)

_in_force = [LIGHT]
"""One element: asked for at every painting, so it must not cost a search."""
_fonts: dict[tuple[str, TextRole], QFont] = {}


class _Look(QObject):
    """What is in force. Belongs to the application and follows the system's scheme."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("latchlight-look")
        self.scheme = Scheme.SYSTEM
        self.base_size = app.font().pointSizeF()
        app.styleHints().colorSchemeChanged.connect(self.follow)

    def follow(self) -> None:
        """The system changed between light and dark."""
        if self.scheme is Scheme.SYSTEM:
            _paint(self)
            restyle_all()


def apply(app: QApplication, scheme: Scheme, text_percent: int = 100) -> None:
    """Set colours and text size of the whole program; callable again at any time.

    `text_percent` is relative to the system's font size, 50 to 300.
    """
    look = _look(app)
    look.scheme = scheme
    size = look.base_size * max(50, min(300, text_percent)) / 100
    if abs(app.font().pointSizeF() - size) > 0.01:
        base = QFont(app.font())
        base.setPointSizeF(size)
        app.setFont(base)
    _paint(look)
    restyle_all()


def restyle_all() -> None:
    """Tell every widget that keeps a font or a picture of its own: fonts, colours or screen changed."""
    for widget in QApplication.allWidgets():
        restyle = getattr(widget, "restyle", None)
        if restyle is not None:
            restyle()


def tokens() -> Tokens:
    """The colours in force."""
    return _in_force[0]


def is_dark() -> bool:
    """Whether the dark colours are in force."""
    return tokens() is DARK


def font(role: TextRole) -> QFont:
    """The system's font at the size and weight of a role."""
    base = QApplication.font()
    known = _fonts.get((base.key(), role))
    if known is not None:
        return known
    made = QFont(base)
    made.setPointSizeF(base.pointSizeF() * role.scale)
    if role.bold:
        made.setWeight(QFont.Weight.DemiBold)
    _fonts[base.key(), role] = made
    return made


def fixed_font() -> QFont:
    """A font in which 0 and O, 1 and l differ, at the size of ordinary text."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPointSizeF(QApplication.font().pointSizeF())
    return made


def app_icon() -> QIcon:
    """The program's own picture."""
    return QIcon(":/icons/latchlight.svg")


def _look(app: QApplication) -> _Look:
    found = app.findChild(_Look, "latchlight-look", Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, _Look) else _Look(app)


def _paint(look: _Look) -> None:
    app = look.parent()
    if not isinstance(app, QApplication):
        return
    dark = look.scheme is Scheme.DARK or (
        look.scheme is Scheme.SYSTEM and app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    )
    _in_force[0] = DARK if dark else LIGHT
    if app.style().objectName() != "fusion" and app.property("latchlight-style") is None:
        app.setStyle("Fusion")
        app.setProperty("latchlight-style", "fusion")
    app.setPalette(_palette(tokens()))
    app.setStyleSheet(_style_sheet(tokens()))


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, t.window),
        (role.WindowText, t.text),
        (role.Base, t.surface),
        (role.AlternateBase, t.sunken),
        (role.Text, t.text),
        (role.PlaceholderText, t.muted),
        (role.Button, t.surface),
        (role.ButtonText, t.text),
        (role.BrightText, t.red),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.accent_text),
        (role.Link, t.accent),
        (role.LinkVisited, t.accent),
        (role.ToolTipBase, t.sunken),
        (role.ToolTipText, t.text),
        (role.Light, t.surface),
        (role.Midlight, t.hover),
        (role.Mid, t.border),
        (role.Dark, t.control),
        (role.Accent, t.accent),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.muted))
    return palette


def _style_sheet(t: Tokens) -> str:
    file = QFile(":/theme/app.qss")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        return ""
    text = bytes(file.readAll().data()).decode()
    # Longest names first: `@accent_text` begins with `@accent`.
    for name, colour in sorted(t._asdict().items(), key=lambda item: -len(item[0])):
        text = text.replace(f"@{name}", colour)
    return text
