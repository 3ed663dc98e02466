"""Every finding and every refusal has its article, and no page of help says what nobody knows."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.rule_names import RULE_NAMES
from latchlight.core.rules import RULES
from latchlight.core.sentences import Sentence
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.spec import SOURCE_WORDS, SourceCertainty
from latchlight.help.article import CHAPTER_WORDS, Article, Chapter, Points
from latchlight.help.contacts import contacts
from latchlight.help.library import WRITTEN, Library, has_article, sentences
from latchlight.help.wrong_explanations import WRONG_EXPLANATIONS, wrong_explanations
from latchlight.net.egress import ADDRESS_SERVICES

LIBRARY = Library(EXCHANGES, ADDRESS_SERVICES)
OTHER_VERDICTS = re.compile(r"\b(secure|insecure|passed|failed|okay|critical)\b", re.IGNORECASE)


def words(each: Article) -> str:
    return "\n".join(sentences(each))


def test_every_rule_has_an_article() -> None:
    rules = {rule.id for rule in RULES} | set(RULE_NAMES)
    assert len(rules) > 15
    assert [rule for rule in sorted(rules) if not has_article(rule)] == []


def test_every_diagnosis_code_has_an_article() -> None:
    assert [code.value for code in DiagnosisCode if not has_article(code.value)] == []


def test_no_article_is_about_what_does_not_exist() -> None:
    """An id that was renamed would leave an article that nobody reaches by a finding."""
    known = {rule.id for rule in RULES} | set(RULE_NAMES) | {code.value for code in DiagnosisCode}
    explained = {Chapter.CHECKED, Chapter.REFUSED}
    about = {id for each in WRITTEN if each.chapter in explained for id in each.about}
    assert about - known == set()


def test_every_article_is_asked_for_by_one_name_and_named_once() -> None:
    abouts = Counter(id for each in LIBRARY.articles for id in each.about)
    assert [id for id, times in abouts.items() if times > 1] == []
    titles = Counter(each.title for each in LIBRARY.articles)
    assert [title for title, times in titles.items() if times > 1] == []
    assert {each.chapter for each in LIBRARY.articles} == set(Chapter) == set(CHAPTER_WORDS)


def test_what_to_read_next_exists_and_is_something_else() -> None:
    for each in LIBRARY.articles:
        found = [LIBRARY.about(id) for id in each.see]
        assert None not in found, each.id
        assert each not in found, each.id
        assert len(found) == len(set(each.see))


@pytest.mark.parametrize("each", WRITTEN, ids=lambda each: each.id)
def test_an_article_is_short_and_in_the_words_of_the_program(each: Article) -> None:
    text = words(each)
    assert 120 < len(text) < 900
    assert "!" not in text
    assert OTHER_VERDICTS.findall(text) == []
    for sentence in sentences(each):
        assert isinstance(sentence, Sentence)
        assert sentence[-1] in ".?"
        assert "  " not in sentence


def test_no_article_advises_to_take_a_whitelist_away() -> None:
    """Each time it is mentioned, it is to say no."""
    away = re.compile(
        r"[^.?]*(?:take|switch|remove)[^.?]*(?:list|restriction)[^.?]* (?:away|off)[^.?]*[.?]",
        re.IGNORECASE,
    )
    found = [s for each in LIBRARY.articles for text in sentences(each) for s in away.findall(text)]
    assert len(found) > 3
    for sentence in found:
        assert re.search(r"never|do not|“", sentence, re.IGNORECASE), sentence


# Wrong explanations ----------------------------------------------------------------------------


def test_every_wrong_explanation_has_a_source_and_how_sure_it_is() -> None:
    assert len(WRONG_EXPLANATIONS) > 30
    page = words(wrong_explanations({id: spec.name for id, spec in EXCHANGES.items()}))
    for each in WRONG_EXPLANATIONS:
        assert each.exchange in {"", *EXCHANGES}
        assert each.claim.startswith("“")
        assert each.claim.endswith("”")
        assert each.source
        assert each.claim in page
        assert each.truth in page
        assert f"{SOURCE_WORDS[each.certainty]}: {each.source}, read 2026-11-20" in page


@pytest.mark.parametrize(
    ("exchange", "part_of_claim", "part_of_truth"),
    [
        ("binance", "-1015", "too many new orders"),
        ("binance", "20 addresses", "30, as Binance documents it for neighbouring functions"),
        ("binance", "203.0.113.0/24", "No document of Binance mentions ranges"),
        ("binance", "HTTP status 403", "comes with 401, and with 400"),
        ("bybit", "10010", "not on the list"),
        ("bybit", "10016", "10002"),
        ("okx", "50110", "not on the list"),
        ("bitget", "40008", "the clock"),
        ("kucoin", "400000", "400003"),
    ],
)
def test_what_users_have_read_is_put_right(
    exchange: str, part_of_claim: str, part_of_truth: str
) -> None:
    (found,) = [
        each
        for each in WRONG_EXPLANATIONS
        if each.exchange == exchange and part_of_claim in each.claim
    ]
    assert part_of_truth in found.truth


def test_what_nobody_documents_is_not_called_documented() -> None:
    for each in WRONG_EXPLANATIONS:
        if each.truth.startswith("No document"):
            assert each.certainty in (SourceCertainty.UNKNOWN, SourceCertainty.ARTICLE)


def test_the_codes_of_the_page_are_read_so_by_the_program() -> None:
    """The page must not say other things than the tables by which refusals are read."""
    told = {
        (id, statement.subject): statement.value
        for id, spec in EXCHANGES.items()
        for statement in spec.statements
        if statement.subject
    }
    assert "not on the list" in told["bybit", "10010"]
    assert "the clock" in told["bybit", "10002"]
    assert "too many requests" in told["bybit", "10006"]
    assert "has ended" in told["bybit", "-2015"]
    assert "the clock" in told["bitget", "40008"]
    assert "not on the list" in told["bitget", "40018"]
    assert "not known" in told["bitget", "40006"]
    assert "not known" in told["kucoin", "400003"]


# Whom it contacts ------------------------------------------------------------------------------


def test_the_page_of_hosts_names_exactly_what_requests_allow() -> None:
    page = contacts(EXCHANGES.values(), ADDRESS_SERVICES)
    lines = [line for block in page.blocks if isinstance(block, Points) for line in block.lines]
    servers = {line.values["server"] for line in lines if "server" in line.values}
    asked = {line.values["request"] for line in lines if "request" in line.values}
    exchanges = EXCHANGES.values()
    assert servers == {host.server for spec in exchanges for host in spec.hosts} | {
        host for one in ADDRESS_SERVICES for host in (one.host4, one.host6) if host
    }
    assert asked == {str(probe) for spec in exchanges for probe in spec.probes()} | {
        f"GET {one.path}" for one in ADDRESS_SERVICES
    }
    assert all(request.startswith("GET /") for request in asked)
    assert len(lines) == sum(
        len({host.server for host in spec.hosts}) + len(spec.probes()) for spec in exchanges
    ) + sum(1 + sum(bool(host) for host in (one.host4, one.host6)) for one in ADDRESS_SERVICES)


def test_signed_questions_say_that_the_secret_stays_here() -> None:
    page = contacts(EXCHANGES.values(), ADDRESS_SERVICES)
    text = words(page)
    for spec in EXCHANGES.values():
        for probe in spec.probes():
            said = [line for line in text.splitlines() if line.startswith(f"{probe}: sends ")]
            assert said
            secret_stays = ["never the secret itself" in line for line in said]
            assert all(secret_stays) if probe.signed else not all(secret_stays)
