"""What watching found out while nobody looked: in words, for the window and for the desktop. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from latchlight.core.addresses import Address, contains
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.facts import Known, is_false, is_true
from latchlight.core.findings import LIGHT_WORDS, KeyReport, Light
from latchlight.core.purpose import Setup
from latchlight.core.sentences import Sentence, say, series
from latchlight.gui.key_row import KeyRow

MOST_KEPT = 50
GATHERED_SECONDS = 10.0
"""A check of many keys ends within this; what it finds is one message."""
BETWEEN_MESSAGES_SECONDS = 300.0
"""An address that changes all the time is no reason to call every minute."""
_OUTSIDE = {ord(mark): " " for mark in "<>&"}
"""Some desktops read these as something else than text."""
_MOST_NAMES = 4
_MOST_LINES = 3
_BOT_IS_HERE = (Setup.THIS_COMPUTER, Setup.HOME_AND_SERVER)


@dataclass(frozen=True)
class Happening:
    """One thing that happened at a time (UTC)."""

    at: datetime
    title: Sentence
    """May name keys: for the window only."""
    nameless: Sentence
    """The same where others may read it, on a lock screen."""
    detail: Sentence
    urgency: int = 0
    copy: str = ""
    """The new address; empty where there is nothing to copy."""
    row_id: str = ""
    """The key it is about; empty for none or several."""


@dataclass(frozen=True)
class Message:
    """What a desktop shows: plain text of two parts."""

    title: Sentence
    text: Sentence


def address_changed(
    at: datetime, before: Address, now: Address, rows: Iterable[KeyRow]
) -> Happening:
    """The public address is another one. Only keys of bots on this computer are concerned."""
    here = [row for row in rows if row.request.intent.setup in _BOT_IS_HERE]
    locked_out = [row for row in here if _has_only(row.report, before, now)]
    unclear = [row for row in here if _list_is_unclear(row.report)]
    changed = say("Before, it was {before}.", before=before)
    if locked_out:
        title = say("Your bot will be locked out: here is the new address {now}.", now=now)
        parts = [changed, say("Not on the whitelist of {keys}.", keys=_names(locked_out))]
        if unclear:
            parts.append(say("Look at the whitelist of {keys}, too.", keys=_names(unclear)))
    elif unclear:
        title = say("Your bot may be locked out: here is the new address {now}.", now=now)
        parts = [changed, say("Look at the whitelist of {keys}.", keys=_names(unclear))]
    else:
        title = say("This computer's public IP changed: it is now {now}.", now=now)
        parts = [changed, say("No whitelist is known that would lock your bot out.")]
    concerned = bool(locked_out or unclear)
    return Happening(at, title, title, series(parts, " "), 2 if concerned else 0, str(now))


def _has_only(report: KeyReport | None, before: Address, now: Address) -> bool:
    """The list that was read last lets the old address in, and not the new one; or it refused."""
    if report is None:
        return False
    if report.diagnosis is not None:
        return report.diagnosis.code is DiagnosisCode.IP_NOT_WHITELISTED
    if not isinstance(report.facts.whitelist, Known):
        return False
    listed = report.facts.whitelist.value
    return (
        is_true(report.facts.whitelist_on)
        and contains(listed, before)
        and not contains(listed, now)
    )


def _list_is_unclear(report: KeyReport | None) -> bool:
    """Whether the list may let in only the old address, as far as anybody here knows."""
    if report is None:
        return True
    if report.diagnosis is not None:
        return report.diagnosis.code is not DiagnosisCode.IP_NOT_WHITELISTED
    if is_false(report.facts.whitelist_on):
        return False
    return not isinstance(report.facts.whitelist, Known)


def light_fell(row_id: str, report: KeyReport, before: Light) -> Happening:
    """The light of a key is a worse one than at the last check that told."""
    old, new = LIGHT_WORDS[before], LIGHT_WORDS[report.light]
    title = say("“{label}” went from {old} to {new}.", label=report.label, old=old, new=new)
    nameless = say("One of your keys went from {old} to {new}.", old=old, new=new)
    reasons = [finding.title for finding in report.worst_first() if finding.required]
    reason = reasons[0] if reasons else say("Open the key to see why.")
    urgency = report.light.badness
    return Happening(report.finished_at, title, nameless, reason, urgency, row_id=row_id)


def end_is_near(row: KeyRow, at: datetime) -> Happening:
    """The key ends by itself within days, or has; StopIteration where no day is known."""
    end = next(one for one in row.deadlines if one.at is not None)
    left = end.days_left(at)
    over = left is not None and left <= 0
    title, nameless = _end_words(row.request.label, over=over, earliest=end.earliest)
    return Happening(at, title, nameless, end.text(at), 1, row_id=row.id)


def _end_words(label: str, *, over: bool, earliest: bool) -> tuple[Sentence, Sentence]:
    """With the name of the key, and without. `earliest`: it may also be later."""
    if over and earliest:
        return say("“{label}” may have ended.", label=label), say(
            "One of your keys may have ended."
        )
    if over:
        return say("“{label}” has ended.", label=label), say("One of your keys has ended.")
    if earliest:
        return say("“{label}” may end soon.", label=label), say("One of your keys may end soon.")
    return say("“{label}” ends soon.", label=label), say("One of your keys ends soon.")


class LightMemory:
    """The last lights of each key, to tell when one fell."""

    def __init__(self) -> None:
        self._colour: dict[str, Light] = {}
        self._greys: dict[str, int] = {}

    def remember(self, row_id: str, light: Light) -> None:
        """A check of an earlier session; what is known already is newer."""
        if light is not Light.GREY:
            self._colour.setdefault(row_id, light)

    def fell_from(self, row_id: str, light: Light) -> Light | None:
        """Take in what a check found. The light before, where this one is worse.

        One grey may be a line that was gone for a moment: it counts the second time in a row.
        """
        before = self._colour.get(row_id)
        if light is not Light.GREY:
            self._colour[row_id] = light
            self._greys[row_id] = 0
            return before if before is not None and light.badness > before.badness else None
        self._greys[row_id] = self._greys.get(row_id, 0) + 1
        worse = before is not None and light.badness > before.badness
        return before if worse and self._greys[row_id] == 2 else None


class Bundle:
    """Gathers happenings into messages. Times are seconds of the clock that nobody can set."""

    def __init__(self) -> None:
        self._waiting: list[Happening] = []
        self._first = 0.0
        self._last_message = float("-inf")

    def add(self, one: Happening, now: float) -> None:
        """One more to be told."""
        if not self._waiting:
            self._first = now
        self._waiting = [*self._waiting, one][-MOST_KEPT:]

    def take(self, now: float) -> tuple[Happening, ...]:
        """What is to be told now, all at once; mostly nothing."""
        gathered = now - self._first >= GATHERED_SECONDS
        rested = now - self._last_message >= BETWEEN_MESSAGES_SECONDS
        if not self._waiting or not gathered or not rested:
            return ()
        due, self._waiting = tuple(self._waiting), []
        self._last_message = now
        return due


def plain_outside(text: str) -> str:
    """The same for places whose reading of marks is not in our hands: one meaning only, no markup."""
    kept = (letter for letter in text.translate(_OUTSIDE) if letter == "\n" or letter.isprintable())
    return "".join(kept)


def message(happenings: Sequence[Happening], *, name_keys: bool) -> Message:
    """All of them as one message, the most urgent on top. IndexError where there is none."""
    first, *others = sorted(happenings, key=lambda one: (-one.urgency, -one.at.timestamp()))
    lines = [_outside(one, name_keys) for one in others[:_MOST_LINES]]
    if len(others) > _MOST_LINES:
        lines.append(say("and {n} more", n=len(others) - _MOST_LINES))
    lines.append(say("Open Latchlight to see what to do."))
    return Message(_outside(first, name_keys), series(lines, "\n"))


def _outside(one: Happening, name_keys: bool) -> Sentence:
    return one.title if name_keys else one.nameless


def _names(rows: Sequence[KeyRow]) -> Sentence:
    names = [say("“{label}”", label=row.request.label) for row in rows[:_MOST_NAMES]]
    if len(rows) > _MOST_NAMES:
        names.append(say("{n} more", n=len(rows) - _MOST_NAMES))
    return series(names)
