"""Help inside the program: contents with a filter, and one article at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.sentences import Sentence, say
from latchlight.gui.pages.help_article import ArticleView
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.filter_edit import FORGOTTEN, FilterEdit
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.gui.widgets.text_link import TextLink
from latchlight.gui.widgets.trickle import TrickleColumn
from latchlight.gui.words import looks_like_a_secret
from latchlight.help.article import CHAPTER_WORDS, Article, Chapter
from latchlight.help.library import Library, sentences

CONTENTS = ""
"""Stands for the contents where ids of articles stand."""


class HelpPage(PageColumn):
    """Esc goes back to what was shown before here; from the first one it leaves the page."""

    def __init__(
        self, library: Library, subject: str = CONTENTS, parent: QWidget | None = None
    ) -> None:
        """`subject`: a rule id, a diagnosis code or an article's id; else the contents."""
        super().__init__(parent)
        self._library = library
        self._trail: list[str] = []
        self._article: ArticleView | None = None
        self._scrolled = 0
        self.contents = Contents(library.articles, self.show_article)
        self._place = QVBoxLayout()
        self.add(self.contents)
        self.add_row(self._place)
        self.close_column()
        found = library.about(subject)
        self._trail.append(CONTENTS if found is None else found.id)
        self._show(focus=False)

    @property
    def shown(self) -> str:
        """The id of the article that is shown, or `CONTENTS`."""
        return self._trail[-1]

    @property
    def article(self) -> ArticleView | None:
        """What is shown of an article; None while the contents are."""
        return self._article

    def show_article(self, subject: str) -> None:
        """Go on to another article."""
        found = self._library.about(subject)
        if found is None or found.id == self.shown:
            return
        if self.shown == CONTENTS:
            self._scrolled = self.verticalScrollBar().value()
        self._trail.append(found.id)
        self._show()

    def show_contents(self) -> None:
        """All articles; from there Esc leaves the page."""
        self._trail = [CONTENTS]
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes one step back."""
        if event.key() == Qt.Key.Key_Escape and len(self._trail) > 1:
            left = self._trail.pop()
            self._show(came_from=left)
        else:
            super().keyPressEvent(event)

    def _show(self, came_from: str = "", *, focus: bool = True) -> None:
        if self._article is not None:
            self._article.hide()
            self._place.removeWidget(self._article)
            self._article.deleteLater()
            self._article = None
        found = self._library.about(self.shown)
        self.contents.setVisible(found is None)
        if found is None:
            self.setAccessibleName(tr(say("Help")))
            if focus:
                self.contents.take_focus(came_from)
                self.verticalScrollBar().setValue(self._scrolled)
            return
        next_ones = [each for each in map(self._library.about, found.see) if each is not None]
        self._article = ArticleView(found, next_ones, self.show_article, self.show_contents)
        self._place.addWidget(self._article)
        self.setAccessibleName(tr(found.title))
        self.verticalScrollBar().setValue(0)
        if focus:
            self._article.contents_button.setFocus()


class Contents(QWidget):
    """The titles by chapter. The filter looks into the whole text, in the language in force."""

    def __init__(
        self,
        articles: tuple[Article, ...],
        open_article: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._links: dict[str, TextLink] = {}
        self._articles, self._open_article = articles, open_article
        self._haystacks: dict[str, str] = {}
        self._chapters: list[tuple[Section, list[str]]] = []
        self.edit = FilterEdit(
            say("Look for a word or a code, such as -2015"),
            tip=say("Only articles that hold all these words stay."),
        )
        self.said = PlainLabel(role=TextRole.SMALL, ink="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID * 2)
        column.addWidget(PlainLabel(say("Help"), TextRole.TITLE))
        column.addWidget(self.edit)
        column.addWidget(self.said)
        makers = (partial(self._chapter, chapter) for chapter in Chapter)
        self._below = TrickleColumn(makers, spacing=GRID * 2)
        column.addWidget(self._below)
        self.edit.textChanged.connect(self._edited)
        self.edit.left.connect(self.edit.clear)
        self.edit.returnPressed.connect(self._open_first)
        self._say(say(""))

    def _chapter(self, chapter: Chapter) -> Section:
        inside = [each for each in self._articles if each.chapter is chapter]
        section = Section(CHAPTER_WORDS[chapter])
        section.column.setSpacing(0)
        for each in inside:
            link = TextLink(each.title, partial(self._open_article, each.id))
            self._links[each.id] = link
            section.add(link)
        self._chapters.append((section, [each.id for each in inside]))
        return section

    @property
    def found(self) -> list[str]:
        """The ids of the articles that stay, in their order."""
        self._below.complete_now()
        return [id for id, link in self._links.items() if not link.isHidden()]

    def take_focus(self, id: str) -> None:
        """The keyboard goes to the link of this article, or to the filter."""
        if id:
            self._below.complete_now()
        link = self._links.get(id)
        (self.edit if link is None or link.isHidden() else link).setFocus()

    def _edited(self, text: str) -> None:
        if looks_like_a_secret(text):
            # Without a way back: undoing would bring it back.
            self.edit.setText("")
            self._say(FORGOTTEN)
            return
        words = text.casefold().split()
        self._below.complete_now()
        if not self._haystacks:
            self._haystacks = {each.id: _haystack(each) for each in self._articles}
        for id, link in self._links.items():
            link.setHidden(not all(word in self._haystacks[id] for word in words))
        for section, ids in self._chapters:
            section.setHidden(all(self._links[id].isHidden() for id in ids))
        self._say(_result_words(text.strip(), len(self.found), len(self._links)))

    def _open_first(self) -> None:
        if self.edit.text().strip() and self.found:
            self._links[self.found[0]].click()

    def _say(self, words: Sentence) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.edit.setAccessibleDescription(tr(words))


def _haystack(each: Article) -> str:
    """English too: codes, and words of somebody who read an English page."""
    texts = [text for sentence in sentences(each) for text in (sentence, tr(sentence))]
    return "\n".join([*texts, *each.about]).casefold()


def _result_words(wanted: str, shown: int, total: int) -> Sentence:
    if not wanted:
        return say("")
    if not shown:
        return say("No article holds “{wanted}”. Try a shorter word.", wanted=wanted)
    return say("{shown} of {total} articles hold it.", shown=shown, total=total)
