"""What a page of help is made of. All texts are sentences, so that each can be translated."""

from __future__ import annotations

from enum import Enum

from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say


class Chapter(Enum):
    """Under which heading an article stands in the contents."""

    FIRST = "first"
    CHECKED = "checked"
    REFUSED = "refused"
    MORE = "more"


CHAPTER_WORDS: dict[Chapter, Sentence] = {
    Chapter.FIRST: say("First things"),
    Chapter.CHECKED: say("What is checked, and why"),
    Chapter.REFUSED: say("When nothing could be found out"),
    Chapter.MORE: say("What others say, and who is asked"),
}


@dataclass(frozen=True)
class Para:
    """One paragraph."""

    text: Sentence
    muted: bool = False


@dataclass(frozen=True)
class Points:
    """Marked lines."""

    lines: tuple[Sentence, ...]


@dataclass(frozen=True)
class Part:
    """The heading of what follows."""

    title: Sentence


@dataclass(frozen=True)
class Claim:
    """What many pages say, what is true instead, and where that is known from."""

    claim: Sentence
    truth: Sentence
    source: Sentence


Block = Para | Points | Part | Claim


@dataclass(frozen=True)
class Article:
    """One page of help."""

    id: str
    """A slug; of an article about one finding or refusal its rule id or diagnosis code."""
    chapter: Chapter
    title: Sentence
    blocks: tuple[Block, ...]
    also: tuple[str, ...] = ()
    """Further rule ids and diagnosis codes that this article explains."""
    see: tuple[str, ...] = ()
    """Ids of articles worth reading next."""

    @property
    def about(self) -> tuple[str, ...]:
        """Every id under which it can be asked for."""
        return (self.id, *self.also)


def article(
    id: str,
    chapter: Chapter,
    title: Sentence,
    *texts: Sentence,
    also: tuple[str, ...] = (),
    see: tuple[str, ...] = (),
) -> Article:
    """An article of plain paragraphs."""
    return Article(id, chapter, title, tuple(Para(text) for text in texts), also, see)
