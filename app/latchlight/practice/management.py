"""The practice exchanges' own pages, where whitelist and permissions can be switched."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from latchlight.core.errors import InputError
from latchlight.core.languages import ENGLISH, Language
from latchlight.core.sentences import say
from latchlight.practice import management_pages as pages
from latchlight.practice.keys import KeyState, PracticeKey
from latchlight.practice.markup import SPOKEN, STYLE, Markup
from latchlight.practice.messages import Answer, Request, html_answer
from latchlight.practice.registry import KeyRecord, Registry, checked

_OWN_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_FIELDS = 60
_SAFETY_HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)

Form = Mapping[str, list[str]]

_TOLD = {
    "saved": say("Saved. The next call already sees it: go back to Latchlight."),
    "deleted": say("Deleted. The exchange does not know this key any more."),
}
"""What is said on top of the page that a change leads to, by the query of its address."""


class EgressSwitch(Protocol):
    """Where the address that this computer pretends to have can be read and changed."""

    @property
    def egress(self) -> str:
        """The address at this moment."""
        ...

    @egress.setter
    def egress(self, address: str) -> None:
        """Pretend to be elsewhere from now on. Raises InputError."""


@dataclass(frozen=True)
class ManagedExchange:
    """One exchange with a page of its own."""

    id: str
    name: str
    registry: Registry
    make: Callable[[KeyState], PracticeKey] | None = None
    """Makes a new key there; None where its page cannot."""


class ManagementSite:
    """All pages. `presets` are the addresses offered in the network box.

    `language` is asked for every page: what the window speaks may change.
    """

    name = "management"

    def __init__(
        self,
        exchanges: Mapping[str, ManagedExchange],
        network: EgressSwitch,
        presets: tuple[str, ...],
        language: Callable[[], Language] = lambda: ENGLISH,
    ) -> None:
        self._exchanges = exchanges
        self._network = network
        self._presets = presets
        self._language = language
        # Known to our own pages only, so that no other web page can press their buttons.
        self._token = secrets.token_urlsafe(24)

    def now(self) -> float:
        """This computer's time, in seconds."""
        return time.time()

    def answer(self, request: Request) -> Answer:
        """Answer one request of a browser."""
        spoken = SPOKEN.set(self._language())
        try:
            answer = self._answer(request)
        finally:
            SPOKEN.reset(spoken)
        return replace(answer, headers=(*answer.headers, *_SAFETY_HEADERS))

    def _answer(self, request: Request) -> Answer:
        if not _is_own(request.headers.get("host", "")):
            return html_answer(pages.plain(say("This page is for this computer only.")), 421)
        if request.method in ("GET", "HEAD"):
            return self._get(request)
        if request.method == "POST":
            return self._post(request)
        return html_answer(pages.plain(say("This page cannot do that.")), 405)

    def _get(self, request: Request) -> Answer:
        if request.path == "/style.css":
            return Answer(200, STYLE.encode(), "text/css; charset=utf-8")
        told = _TOLD.get(request.query)
        note = pages.note(told) if told is not None else Markup()
        found = self._page(request.path, note)
        return _not_found() if found is None else html_answer(found)

    def _page(self, path: str, note: Markup, typed: KeyState | None = None) -> Markup | None:
        frame = self._frame(path, note)
        if path == "/":
            return pages.home(frame, self._exchanges.values())
        exchange, record = self._find(path)
        if exchange is None:
            return None
        if path == _new_page(exchange):
            return pages.new(frame, exchange, typed or KeyState(False))
        if record is not None:
            return pages.edit(frame, exchange, record, typed or record.state)
        return pages.key_list(frame, exchange) if path.endswith("/") else None

    def _frame(self, path: str, note: Markup) -> pages.Frame:
        return pages.Frame(self._token, self._network.egress, self._presets, path, note)

    def _find(self, path: str) -> tuple[ManagedExchange | None, KeyRecord | None]:
        """`/binance/` is an exchange, `/binance/safe-spot` one of its keys."""
        exchange_id, slash, name = path.removeprefix("/").partition("/")
        exchange = self._exchanges.get(exchange_id)
        if exchange is None or not slash:
            return None, None
        record = exchange.registry.named(name) if name else None
        if name and record is None and path != _new_page(exchange):
            return None, None
        return exchange, record

    def _post(self, request: Request) -> Answer:
        origin = request.headers.get("origin")
        if origin is not None and not _is_own(urlsplit(origin).netloc):
            return html_answer(pages.plain(say("Another web page tried to use this one.")), 403)
        form = _read_form(request)
        if form is None:
            return html_answer(pages.plain(say("The form could not be read.")), 400)
        if not hmac.compare_digest(_first(form, "token").encode(), self._token.encode()):
            return html_answer(
                pages.plain(say("This page is from an earlier practice. Open it again.")), 403
            )
        if request.path == "/network":
            return self._change_network(form)
        return self._change_key(request.path, form)

    def _change_network(self, form: Form) -> Answer:
        back = _first(form, "back")
        if self._page(back, Markup()) is None:
            back = "/"
        wanted = _first(form, "address") or _first(form, "other")
        try:
            self._network.egress = wanted.strip()
        except InputError as error:
            refused = self._page(back, pages.note(error, bad=True))
            return html_answer(refused or "", 422)
        return _see(back)

    def _change_key(self, path: str, form: Form) -> Answer:
        exchange, record = self._find(path)
        is_new = exchange is not None and path == _new_page(exchange)
        if exchange is None or (record is None and not is_new):
            return _not_found()
        if record is not None and "delete" in form:
            return self._delete_key(exchange, record)
        typed = KeyState(
            _first(form, "access") == "restricted",
            tuple(_first(form, "addresses").replace(",", " ").split()),
            frozenset(form.get("on", ())),
        )
        try:
            if record is None:
                return self._make_key(exchange, typed)
            exchange.registry.change(record.name, typed)
        except InputError as error:
            page = self._page(path, pages.note(error, bad=True), typed)
            return html_answer(page or "", 422)
        return _see(f"{path}?saved")

    def _make_key(self, exchange: ManagedExchange, typed: KeyState) -> Answer:
        """The only answer that holds a secret. Raises InputError."""
        if exchange.make is None:
            return _not_found()
        made = exchange.make(checked(typed, exchange.registry.rules))
        note = pages.note(say("Made. Copy everything now: the secret is shown only here."))
        return html_answer(pages.made(self._frame(f"/{exchange.id}/", note), exchange, made))

    def _delete_key(self, exchange: ManagedExchange, record: KeyRecord) -> Answer:
        try:
            exchange.registry.remove(record.name)
        except KeyError:
            return _not_found()  # another window was faster
        return _see(f"/{exchange.id}/?deleted")


def _new_page(exchange: ManagedExchange) -> str:
    """Where a key is made; empty where none can be."""
    return f"/{exchange.id}/new" if exchange.make is not None else ""


def _is_own(netloc: str) -> bool:
    """Whether a Host or Origin names this computer; other names may be somebody else's trick."""
    try:
        return urlsplit(f"//{netloc}").hostname in _OWN_HOSTS
    except ValueError:
        return False


def _read_form(request: Request) -> Form | None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return None
    try:
        text = request.body.decode("utf-8")
        return parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        return None


def _first(form: Form, name: str) -> str:
    values = form.get(name)
    return values[0] if values else ""


def _see(path: str) -> Answer:
    return Answer(303, headers=(("Location", path),))


def _not_found() -> Answer:
    return html_answer(pages.plain(say("There is no such page.")), 404)
