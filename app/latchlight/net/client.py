"""One GET with every rule of this program around it.

No redirects, no cookies, no proxies, no environment, no netrc; a deadline for the whole call; a
bounded body whose length was announced; a fresh connection for every call chain.
"""

from __future__ import annotations

import email.utils
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ssl import SSLContext

import requests
from urllib3 import HTTPResponse

from latchlight.core.errors import CallError
from latchlight.core.limits import LIMITS
from latchlight.core.progress import CancelToken
from latchlight.core.records import dataclass, field
from latchlight.net.connection import Line, LineAdapter, Trust
from latchlight.net.translate import redirected, translated, unreadable

USER_AGENT = "Latchlight"
_CHUNK = 16 * 1024
_REDIRECTS = frozenset({300, 301, 302, 303, 305, 307, 308})
_CACHE_HEADERS = ("X-Cache", "CF-Cache-Status", "X-Cache-Status", "X-Proxy-Cache", "Cache-Status")
_FORBIDDEN_STATUS = frozenset({204, 205, 206, 304})


@dataclass(frozen=True)
class RawAnswer:
    """Status, the headers that matter, and the whole body. Times are UTC."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    sent_at: datetime
    received_at: datetime
    round_trip_ms: float
    retry_after: float | None
    date: datetime | None
    age: bool
    """The answer says that it comes out of a cache."""
    request_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names in lower case."""


class _Session(requests.Session):
    """Looks for no next request: to prepare one, requests reads the whole body of a redirect."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, whatever the answer says."""


class Chain:
    """Calls that belong together: one session, one host, closed at the end.

    `allowed(host, path)` decides before anything is sent; `family` is a socket address family.
    """

    def __init__(
        self,
        context_of: Callable[[], object],
        allowed: Callable[[str, str], bool],
        *,
        family: int,
        token: CancelToken,
        clock: Callable[[], datetime],
        contact: Callable[[str, str], None] = lambda host, path: None,
    ) -> None:
        self._context_of = context_of
        self._allowed = allowed
        self._family = family
        self._token = token
        self._clock = clock
        self._contact = contact
        self._session: requests.Session | None = None
        self._line = Line(family, 0.0)

    def __enter__(self) -> Chain:
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            self._session.close()
        self._line.release()

    def get(
        self,
        host: str,
        path: str,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float = LIMITS.call_seconds,
    ) -> RawAnswer:
        """One GET over HTTPS. Raises CallError or Cancelled, both free of URL and key."""
        if not self._allowed(host, path):
            raise unreadable()
        self._token.check()
        self._contact(host, path)
        line = self._line
        line.deadline = time.monotonic() + seconds
        watchdog = threading.Timer(seconds, line.cut)
        watchdog.daemon = True
        watchdog.start()
        forget = self._token.on_cancel(line.cut)
        try:
            url = f"https://{host}{path}{'?' + query if query else ''}"
            return translated(
                lambda: self._exchange(url, headers or {}, seconds), line, self._token
            )
        finally:
            watchdog.cancel()
            forget()

    def _exchange(self, url: str, headers: Mapping[str, str], seconds: float) -> RawAnswer:
        session = self._open_session()
        sent_at, started = self._clock(), time.monotonic()
        response = session.get(
            url,
            headers=dict(headers),
            allow_redirects=False,
            stream=True,
            timeout=(min(seconds, 5.0), seconds),
        )
        try:
            if response.status_code in _REDIRECTS:
                raise redirected(response.status_code)
            raw = response.raw
            _check_framing(raw, response.status_code)
            body = _read(raw, self._token)
            took = (time.monotonic() - started) * 1000
            return _raw_answer(response, body, sent_at, self._clock(), took)
        finally:
            response.close()

    def _open_session(self) -> requests.Session:
        if self._session is None:
            session = _Session()
            session.trust_env = False
            session.headers.clear()
            session.headers.update(
                {
                    "User-Agent": USER_AGENT,
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                }
            )
            session.adapters.clear()
            session.mount("https://", LineAdapter(self._context_of(), self._line))  # type: ignore[arg-type]
            self._session = session
        self._session.cookies.clear()
        return self._session


def _check_framing(raw: HTTPResponse, status: int) -> None:
    """The length must have been announced, once; a body that ends with the connection may be cut."""
    headers = raw.headers
    lengths = headers.getlist("content-length")
    encodings = headers.getlist("transfer-encoding")
    encoding = headers.get("content-encoding", "identity").strip().lower()
    framed_by_length = (
        len(lengths) == 1 and lengths[0].isascii() and lengths[0].isdigit() and not encodings
    )
    framed_by_chunks = not lengths and [e.strip().lower() for e in encodings] == ["chunked"]
    if not (framed_by_length or framed_by_chunks) or encoding != "identity":
        raise unreadable(status)
    if status in _FORBIDDEN_STATUS or status < 200:
        raise unreadable(status)
    if framed_by_length and int(lengths[0]) > LIMITS.body_bytes:
        raise unreadable(status)


def _read(raw: HTTPResponse, token: CancelToken) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in raw.stream(_CHUNK, decode_content=False):
        token.check()
        size += len(part)
        if size > LIMITS.body_bytes:
            raise unreadable(raw.status)
        parts.append(part)
    return b"".join(parts)


def _raw_answer(
    response: requests.Response,
    body: bytes,
    sent_at: datetime,
    received_at: datetime,
    took_ms: float,
) -> RawAnswer:
    headers = response.headers
    return RawAnswer(
        status=response.status_code,
        content_type=headers.get("Content-Type", "").split(";")[0].strip().lower(),
        body=body,
        sent_at=sent_at,
        received_at=received_at,
        round_trip_ms=took_ms,
        retry_after=_retry_after(headers.get("Retry-After"), received_at),
        date=_http_date(headers.get("Date")),
        age=_from_cache(headers),
        headers={name.lower(): value for name, value in headers.items()},
    )


def _retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds from a number or a date; nothing for nonsense; never beyond the longest ban."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        return min(float(text), LIMITS.ban_seconds)
    moment = _http_date(text)
    if moment is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), LIMITS.ban_seconds)


def _http_date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def _from_cache(headers: Mapping[str, str]) -> bool:
    age = headers.get("Age", "0").strip()
    return age != "0" or any("hit" in headers.get(name, "").lower() for name in _CACHE_HEADERS)


class Client:
    """Opens call chains for one trust store. Safe to share between threads."""

    def __init__(self, trust: Trust, clock: Callable[[], datetime]) -> None:
        self._trust = trust
        self._clock = clock
        self._context: object | None = None
        self._lock = threading.Lock()

    def context(self) -> object:
        """The TLS context, made once: loading the list of authorities costs some milliseconds."""
        with self._lock:
            if self._context is None:
                try:
                    self._context = self._trust.context()
                except (OSError, ValueError):
                    raise _damaged() from None
            return self._context

    def authorities(self) -> int:
        """How many certificate authorities are believed. Raises CallError for a damaged list."""
        context = self.context()
        return context.cert_store_stats()["x509_ca"] if isinstance(context, SSLContext) else 0

    def chain(
        self,
        allowed: Callable[[str, str], bool],
        *,
        family: int,
        token: CancelToken,
        contact: Callable[[str, str], None] = lambda host, path: None,
    ) -> Chain:
        """A new chain with a connection of its own."""
        return Chain(
            self.context, allowed, family=family, token=token, clock=self._clock, contact=contact
        )


def _damaged() -> CallError:
    from latchlight.core.diagnosis import DiagnosisCode
    from latchlight.core.sentences import say

    return CallError(
        DiagnosisCode.TLS_UNTRUSTED,
        say("The list of certificate authorities is missing or damaged."),
        say("Install Latchlight again."),
    )
