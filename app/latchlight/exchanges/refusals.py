"""What an exchange means when it refuses: its own code first, the HTTP status only without one.

Codes are looked up per exchange, as text: the same number means different things at different
exchanges (-2015 is an ended key at Bybit, and key, address or right at Binance).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from latchlight.core.addresses import parse_address
from latchlight.core.answer import Answer
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.records import dataclass, field, replace
from latchlight.core.sentences import Sentence, mark, say
from latchlight.core.server_text import harmless, harmless_code
from latchlight.exchanges.http_status import diagnose_status, wait_words
from latchlight.exchanges.words import Words, cause

_LIKE_AN_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{2,45}", re.ASCII)


@dataclass(frozen=True)
class Meaning:
    """What one code says where the code alone does not tell everything."""

    code: DiagnosisCode
    title: Sentence | None = None
    causes: tuple[tuple[DiagnosisCode, Likelihood], ...] = ()
    """Most likely first; empty: the code itself, for certain."""
    next_step: Sentence | None = None


@dataclass(frozen=True)
class Said:
    """Code and text of a refusal, as text. `code` is empty where there is none that can be read."""

    code: str
    text: str = ""


@dataclass(frozen=True)
class Refusals:
    """The table of one exchange, and how to read it."""

    words: Words
    meanings: Mapping[str, DiagnosisCode | Meaning]
    read: Callable[[Answer], Said | None]
    """None: the answer is an accepted one."""
    by_text: tuple[tuple[str, DiagnosisCode | Meaning], ...] = ()
    """Parts of a text in small letters that say more than the code: looked at first."""
    address_after: str = ""
    """The words in the text after which the address that the exchange saw is named."""
    unlisted: Mapping[int, DiagnosisCode | Meaning] = field(default_factory=dict)
    """By HTTP status, where the answer has no code of the table."""

    def diagnose(self, answer: Answer) -> Diagnosis | None:
        """None where the answer is an accepted one."""
        refusal = self.read(answer)
        if refusal is None:
            return None
        basis = self._basis(answer, refusal)
        return replace(
            basis,
            http_status=answer.status,
            exchange_code=harmless_code(refusal.code, answer.sent),
            server_text=harmless(refusal.text, answer.sent) or None,
            seen_address=self._seen(refusal.text),
            retry_after=answer.retry_after if basis.code in _PAUSES else None,
        )

    def _basis(self, answer: Answer, refusal: Said) -> Diagnosis:
        text = refusal.text.casefold()
        for part, said in self.by_text:
            if part in text:
                return self._meant(said, answer)
        meaning = self.meanings.get(refusal.code)
        if meaning is None:
            meaning = self.unlisted.get(answer.status)
        if meaning is not None:
            return self._meant(meaning, answer)
        return diagnose_status(answer, self.words.name)

    def _meant(self, meaning: DiagnosisCode | Meaning, answer: Answer) -> Diagnosis:
        if isinstance(meaning, DiagnosisCode):
            meaning = Meaning(meaning)
        if meaning.code in _PAUSES[:2]:
            title = meaning.title or say(
                "{exchange} asks for a pause: too many requests.", exchange=self.words.name
            )
            return Diagnosis(meaning.code, title, wait_words(answer.retry_after))
        certain = cause(self.words, meaning.code, Likelihood.CERTAIN)
        causes = tuple(cause(self.words, code, weight) for code, weight in meaning.causes)
        if not causes and meaning.code not in _EXPLAINS_NOTHING:
            causes = (certain,)
        title = meaning.title or self._title(meaning.code)
        step = meaning.next_step or (causes[0] if causes else certain).next_step
        return Diagnosis(meaning.code, title, step, causes)

    def _title(self, code: DiagnosisCode) -> Sentence:
        template = _TITLES.get(code)
        if template is None:
            return cause(self.words, code, Likelihood.CERTAIN).title
        return say(template, exchange=self.words.name)

    def _seen(self, text: str) -> str | None:
        """The address behind the last of the given words, by an address parser."""
        if not self.address_after:
            return None
        at = text.casefold().rfind(self.address_after)
        if at < 0:
            return None
        rest = text[at + len(self.address_after) :].lstrip(" (")
        if rest.startswith(":") and not rest.startswith("::"):
            rest = rest[1:].lstrip(" (")
        found = _LIKE_AN_ADDRESS.match(rest)
        if found is None:
            return None
        try:
            return str(parse_address(found.group().rstrip(".:")))
        except ValueError:
            return None


_PAUSES = (DiagnosisCode.RATE_LIMITED, DiagnosisCode.ADDRESS_BANNED, DiagnosisCode.MAINTENANCE)
_EXPLAINS_NOTHING = (DiagnosisCode.UNAUTHORIZED, DiagnosisCode.UNREADABLE_ANSWER)
"""Codes that are no cause of anything."""

_TITLES = {
    DiagnosisCode.IP_NOT_WHITELISTED: mark(
        "{exchange} refuses this computer's address: the key's whitelist is on, "
        "and the address is not on it."
    ),
    DiagnosisCode.KEY_UNKNOWN: mark("{exchange} does not know this key."),
    DiagnosisCode.KEY_MALFORMED: mark("{exchange} says that this is not the form of an API key."),
    DiagnosisCode.SIGNATURE_WRONG: mark("Key and secret do not belong together."),
    DiagnosisCode.PASSPHRASE_WRONG: mark("{exchange} says that the passphrase is wrong."),
    DiagnosisCode.PERMISSION_MISSING: mark(
        "{exchange} did not let this key ask for its own rights."
    ),
    DiagnosisCode.CLOCK_OFF: mark("This computer's clock is off, or the line is very slow."),
    DiagnosisCode.KEY_EXPIRED: mark("{exchange} says that this key has ended."),
    DiagnosisCode.KEY_FROZEN: mark("{exchange} says that this key is frozen."),
    DiagnosisCode.ACCOUNT_RESTRICTED: mark("{exchange} has put this account under a restriction."),
    DiagnosisCode.WRONG_ENVIRONMENT: mark("This key belongs to another environment of {exchange}."),
}


def not_read(answer: Answer) -> Said:
    """A refusal, or something unreadable, without a code."""
    return Said("", answer.text)


def code_and_text(
    answer: Answer, code_name: str, text_name: str, accepted: str | int
) -> Said | None:
    """For answers that carry a code in every body: accepted only with status 200 and that code.

    A code of another type than `accepted` is none: its meaning is not looked up.
    """
    body = answer.fields
    code, text = body.get(code_name), body.get(text_name)
    if code == accepted and type(code) is type(accepted):
        return None if answer.status == 200 else Said("", "")
    if type(code) is type(accepted) or type(code) in (int, str):
        return Said(str(code), text if isinstance(text, str) else "")
    return not_read(answer)
