"""Opening a page in the browser, and saying in the window which one: a browser may be asked and show nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latchlight.core.sentences import say
from latchlight.gui.links import checked, open_page, open_practice_page, page_hosts

if TYPE_CHECKING:
    from latchlight.gui.key_row import KeyRow
    from latchlight.gui.session import Session
    from latchlight.gui.widgets.message_bar import MessageBar


def open_exchange_page(session: Session, messages: MessageBar, url: str) -> None:
    """A page of an exchange, if it is on one of the hosts where they have theirs."""
    hosts = page_hosts(spec.console_page for spec in session.services.exchanges.values())
    if checked(url, hosts) is None:
        messages.show_problem(
            say("The page could not be opened. Go to API Management at the exchange yourself.")
        )
    else:
        _tell(messages, url, open_page(url, hosts))


def open_release_page(session: Session, messages: MessageBar, url: str) -> None:
    """Where a newer version is downloaded: on the makers' own host and nowhere else."""
    home = session.services.home()
    _tell(messages, url, home is not None and open_page(url, (home.host,)))


def open_practice(session: Session, messages: MessageBar, row: KeyRow | None = None) -> None:
    """The practice page: of this key where it is known there, else the first one."""
    world = session.world
    if world is None:
        return
    url = known = world.browser_url
    if row is not None:
        request = row.request
        url = world.page_of(request.exchange.id, request.host, request.hint, request.label)
    _tell(messages, url, open_practice_page(url, known))


def _tell(messages: MessageBar, url: str, opened: bool) -> None:
    words = say("Opened in your browser: {url}", url=url)
    if not opened:
        words = say("No browser could be opened. The address is {url}", url=url)
    messages.show_page(words, url)
