"""All articles, found by what they are about or by a word in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from latchlight.core.sentences import Sentence
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.help.article import Article, Block, Claim, Para, Part, Points
from latchlight.help.checked import CHECKED
from latchlight.help.contacts import AddressTeller, Announcer, contacts
from latchlight.help.first_things import FIRST_THINGS
from latchlight.help.refused import REFUSED
from latchlight.help.wrong_explanations import wrong_explanations

WRITTEN: tuple[Article, ...] = (*FIRST_THINGS, *CHECKED, *REFUSED)
"""Those that are the same whatever exchanges there are."""


class Library:
    """The articles of one program, in the order of the contents."""

    def __init__(
        self,
        exchanges: Mapping[str, ExchangeSpec],
        services: Iterable[AddressTeller],
        announcer: Announcer | None = None,
    ) -> None:
        names = {id: spec.name for id, spec in exchanges.items()}
        self.articles: tuple[Article, ...] = (
            *WRITTEN,
            wrong_explanations(names),
            contacts(exchanges.values(), services, announcer),
        )

    @cached_property
    def _by_subject(self) -> Mapping[str, Article]:
        return {about: each for each in self.articles for about in each.about}

    def about(self, subject: str) -> Article | None:
        """The article of a rule id, a diagnosis code or an article's own id."""
        return self._by_subject.get(subject)


def has_article(subject: str) -> bool:
    """Whether a finding of this rule or a refusal of this code can be explained."""
    return any(subject in each.about for each in WRITTEN)


def sentences(each: Article) -> Iterator[Sentence]:
    """Everything that stands in an article, title first."""
    yield each.title
    for block in each.blocks:
        yield from _sentences(block)


def _sentences(block: Block) -> Iterator[Sentence]:
    match block:
        case Para(text=text) | Part(title=text):
            yield text
        case Points(lines):
            yield from lines
        case Claim(claim, truth, source):
            yield from (claim, truth, source)
