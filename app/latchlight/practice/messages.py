"""What a practice site is asked and what it answers; no sockets here."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from threading import Lock
from typing import Protocol

JSON_TYPE = "application/json;charset=UTF-8"
HTML_TYPE = "text/html;charset=UTF-8"
_REMEMBERED_REQUESTS = 2000


@dataclass(frozen=True)
class Request:
    """One request as it came in. `path` and `query` are raw: nothing is decoded or reordered."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case; of repeated headers the first."""
    body: bytes = field(default=b"", repr=False)


class Manner(Enum):
    """How an answer is sent."""

    WHOLE = "whole"
    CUT_SHORT = "cut-short"
    """Promises more bytes than it sends, then closes the connection."""
    SILENT = "silent"
    """Sends nothing and waits until the other side gives up."""


@dataclass(frozen=True)
class Answer:
    """Status, body and headers; `Date`, `Content-Length` and `Connection` are added on sending."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    manner: Manner = Manner.WHOLE


SILENCE = Answer(0, manner=Manner.SILENT)


def json_answer(
    value: object, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """An answer in the compact JSON that exchanges send."""
    return Answer(status, json.dumps(value, separators=(",", ":")).encode(), headers=headers)


def html_answer(text: str, status: int = 200) -> Answer:
    """An answer that is a web page."""
    return Answer(status, text.encode(), HTML_TYPE)


class Site(Protocol):
    """Something that answers requests at one address."""

    @property
    def name(self) -> str:
        """For the request log: `binance`, `binance/clock-ahead`, `practice-1`, `management`."""
        ...

    def now(self) -> float:
        """This site's idea of the time, in seconds since 1970 UTC; shown in the Date header."""
        ...

    def answer(self, request: Request) -> Answer:
        """Answer one request. Called from many threads at once."""
        ...


@dataclass(frozen=True)
class LoggedRequest:
    """What was asked where. Header values and bodies are not kept."""

    site: str
    method: str
    path: str
    header_names: tuple[str, ...]
    query: str


class RequestLog:
    """The last requests to all sites, for tests and for the curious; bounded, in memory only."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[LoggedRequest] = deque(maxlen=_REMEMBERED_REQUESTS)

    def add(self, site: str, request: Request) -> None:
        """Remember one request."""
        names = tuple(request.headers)
        entry = LoggedRequest(site, request.method, request.path, names, request.query)
        with self._lock:
            self._entries.append(entry)

    def entries(self, site: str | None = None) -> tuple[LoggedRequest, ...]:
        """All remembered requests in order, or those to one site."""
        with self._lock:
            return tuple(e for e in self._entries if site is None or e.site == site)
