"""The one function that opens a page in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_page(
    url: str, hosts: Iterable[str], opener: Callable[[QUrl], bool] = QDesktopServices.openUrl
) -> bool:
    """Open an https page on one of `hosts`; everything else is refused. True if it was opened."""
    page = checked(url, hosts)
    return page is not None and opener(page)


_PRACTICE_PATH = re.compile(r"(?:[a-z0-9-]+/(?:[a-z0-9-]+)?)?")
"""Nothing, an exchange, or one of its keys."""


def open_practice_page(
    url: str, known: str, opener: Callable[[QUrl], bool] = QDesktopServices.openUrl
) -> bool:
    """Open a page of the practice exchange, which is at the `known` address that it said when it started."""
    page = QUrl(url, QUrl.ParsingMode.StrictMode)
    inside = url.startswith(known) and known.endswith("/")
    if not inside or _PRACTICE_PATH.fullmatch(url.removeprefix(known)) is None:
        return False
    if not page.isValid() or page.host() != "127.0.0.1" or page.userInfo():
        return False
    return opener(page)


def checked(url: str, hosts: Iterable[str]) -> QUrl | None:
    """The page if it is plain https on a listed host, without user name and port; else None."""
    if not url.isascii() or any(
        letter in '\\"<>`{}|^@' or not "!" <= letter <= "~" for letter in url
    ):
        return None
    page = QUrl(url, QUrl.ParsingMode.StrictMode)
    allowed = (
        page.isValid()
        and page.scheme() == "https"
        and not page.userInfo()
        and page.port() == -1
        and page.host() in set(hosts)
        and url.startswith(f"https://{page.host()}/")
    )
    return page if allowed else None


def page_hosts(pages: Iterable[str]) -> frozenset[str]:
    """The hosts of the exchanges' own pages: the fixed list for `open_page`."""
    return frozenset(QUrl(page).host() for page in pages if page.startswith("https://"))
