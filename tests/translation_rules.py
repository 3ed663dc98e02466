"""What can be told of a translation without knowing its language, and a little of one that is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter

KEPT = re.compile(r"`[^`]*`|(?<![\w-])--[a-z-]+|-\d{4,5}\b|https?://\S+|\b\d{3,}\b")
"""What stays as it is: what is typed, codes, addresses of pages, larger numbers."""

DENIED_IN_ENGLISH = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|nowhere|neither|nor|cannot|without|unless"
    r"|(?:do|does|did|is|are|was|were|has|have|had|would|could|should|must)n't|can't|won't"
    r"|un(?:known|readable|listed|saved|checked)|refuse[sd]?|refusals?|refusing)\b",
    re.IGNORECASE,
)
DENIED_IN_CHINESE = re.compile("[不没未无非勿别拒禁否免]|空白|只有|以外|除非")

ENDS = {".": "。", "!": "！", "?": "？", ":": "："}
VERDICTS = {
    "Safe": "安全",
    "Look": "留意",
    "Danger": "危险",
    "Not checked": "未检查",
}


def names(template: str) -> list[str]:
    """The placeholders, sorted; ValueError for braces that do not fit."""
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def same_placeholders(english: str, translated: str) -> bool:
    """Nothing is lost and nothing is asked for that nobody gives."""
    try:
        return set(names(english)) == set(names(translated))
    except ValueError:
        return False


def same_literals(english: str, translated: str) -> bool:
    """Commands, options, codes and numbers are the same in every language."""
    return sorted(KEPT.findall(english)) == sorted(KEPT.findall(translated))


def same_edges(english: str, translated: str) -> bool:
    """Spaces and line breaks at the edges belong to what stands beside the text."""
    edges = re.compile(r"^(\s*).*?(\s*)$", re.DOTALL)
    one, other = edges.match(english), edges.match(translated)
    return one is not None and other is not None and one.groups() == other.groups()


def same_denial(english: str, translated: str) -> bool:
    """A sentence that denies something denies it in Chinese, too."""
    return not DENIED_IN_ENGLISH.search(english) or bool(DENIED_IN_CHINESE.search(translated))


def safe_only_where_english_says_so(english: str, translated: str) -> bool:
    """The word of the green light is never given away."""
    said = re.search(r"safe|secur|trust|protect", english, re.IGNORECASE)
    return "安全" not in translated or said is not None


def same_end(english: str, translated: str) -> bool:
    """A whole sentence stays one; what is not one gets no full stop."""
    end = ENDS.get(english.rstrip()[-1:], "")
    last = translated.rstrip()[-1:]
    return last == end if end else last not in "。！？"


def full_width(_english: str, translated: str) -> bool:
    """No comma, semicolon, exclamation or question mark of Latin text stands between Chinese characters."""
    return not re.search(r"[\u4e00-\u9fff][,;!?]|[\u4e00-\u9fff]\.(?:\s|$)", translated)


EVERY_LANGUAGE: tuple[Callable[[str, str], bool], ...] = (
    same_placeholders,
    same_literals,
    same_edges,
)
CHINESE: tuple[Callable[[str, str], bool], ...] = (
    same_denial,
    safe_only_where_english_says_so,
    same_end,
    full_width,
)
