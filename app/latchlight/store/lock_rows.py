"""A lock test as text and back. What cannot be read exactly as it was written is no lock test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from latchlight.core.addresses import Address, parse_address, parse_network
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.lock_test import LockTest, TriedAnswer
from latchlight.store.rows import RowError, moment, moment_text

_LONGEST = 100_000
_MOST_ENTRIES = 2000
_CODES = {code.value for code in DiagnosisCode} | {""}
_PROBE = re.compile(r"(GET /[A-Za-z0-9/_.-]{1,200})?", re.ASCII)
_NAMES = frozenset(
    {
        *("exchange", "host", "practice", "fingerprint", "used_at", "used_from", "tried_at"),
        *("tried_from", "still_from", "answer", "list_before", "listed", "back_at", "back_from"),
        "list_after",
    }
)
_ANSWER_NAMES = frozenset(
    {
        *("accepted", "probe", "code", "http_status", "exchange_code", "seen", "only_cause"),
        "address_possible",
    }
)


def lock_text(test: LockTest) -> str:
    """The test as JSON. ValueError for one that could not be read again."""
    answer = test.answer
    text = json.dumps(
        {
            "exchange": test.exchange,
            "host": test.host,
            "practice": test.practice,
            "fingerprint": test.fingerprint,
            "used_at": moment_text(test.used_at),
            "used_from": _texts(test.used_from),
            "tried_at": moment_text(test.tried_at),
            "tried_from": _texts(test.tried_from),
            "still_from": _texts(test.still_from),
            "answer": {
                "accepted": answer.accepted,
                "probe": answer.probe,
                "code": answer.code,
                "http_status": answer.http_status,
                "exchange_code": answer.exchange_code,
                "seen": None if answer.seen is None else str(answer.seen),
                "only_cause": answer.only_cause,
                "address_possible": answer.address_possible,
            },
            "list_before": test.list_before,
            "listed": _texts(test.listed),
            "back_at": None if test.back_at is None else moment_text(test.back_at),
            "back_from": _texts(test.back_from),
            "list_after": test.list_after,
        }
    )
    if read_lock(text) != test:
        raise RowError
    return text


def read_lock(text: object) -> LockTest:
    """The test again. Raises RowError."""
    made = _object(_decoded(text), _NAMES)
    answer = _object(made["answer"], _ANSWER_NAMES)
    try:
        return LockTest(
            exchange=_text(made["exchange"]),
            host=_text(made["host"]),
            practice=_flag(made["practice"]),
            fingerprint=_text(made["fingerprint"]),
            used_at=moment(made["used_at"]),
            used_from=_addresses(made["used_from"]),
            tried_at=moment(made["tried_at"]),
            tried_from=_addresses(made["tried_from"]),
            still_from=_addresses(made["still_from"]),
            answer=_answer(answer),
            list_before=_text(made["list_before"]),
            listed=tuple(map(parse_network, _list(made["listed"]))),
            back_at=None if made["back_at"] is None else moment(made["back_at"]),
            back_from=_addresses(made["back_from"]),
            list_after=_text(made["list_after"]),
        )
    except RowError:
        raise
    except ValueError:
        raise RowError from None


def _answer(made: dict[str, Any]) -> TriedAnswer:
    status, code, probe = made["http_status"], _text(made["code"]), _text(made["probe"])
    if not (status is None or type(status) is int) or code not in _CODES:
        raise RowError
    if _PROBE.fullmatch(probe) is None:
        raise RowError
    return TriedAnswer(
        accepted=_flag(made["accepted"]),
        probe=probe,
        code=code,
        http_status=status,
        exchange_code=_text(made["exchange_code"]),
        seen=None if made["seen"] is None else parse_address(_text(made["seen"])),
        only_cause=_flag(made["only_cause"]),
        address_possible=_flag(made["address_possible"]),
    )


def _decoded(text: object) -> object:
    if type(text) is not str or len(text) > _LONGEST:
        raise RowError
    try:
        return json.loads(text, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        raise RowError from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RowError
    return found


def _object(value: object, names: frozenset[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != names:
        raise RowError
    return value


def _text(value: object) -> str:
    if type(value) is not str:
        raise RowError
    return value


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise RowError
    return value


def _list(value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
        raise RowError
    return [_text(each) for each in value]


def _addresses(value: object) -> tuple[Address, ...]:
    return tuple(map(parse_address, _list(value)))


def _texts(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values]
