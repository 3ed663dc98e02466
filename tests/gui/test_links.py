"""UI12, S20: a page is opened if it is https on a listed host, and in no other case."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl

from latchlight.exchanges import EXCHANGES
from latchlight.gui.links import checked, open_page, open_practice_page, page_hosts

GOOD = "https://www.binance.com/en/my/settings/api-management"
HOSTS = page_hosts(spec.console_page for spec in EXCHANGES.values())
PRACTICE = "http://127.0.0.1:4711/"

BAD = [
    "",
    "http://www.binance.com/en",
    "HTTPS://www.binance.com/en",
    "ftp://www.binance.com/en",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "//www.binance.com/en",
    "www.binance.com/en",
    "https:/www.binance.com/en",
    "https:www.binance.com/en",
    "https://www.binance.com",
    "https://www.binance.com:443/en",
    "https://www.binance.com:8443/en",
    "https://user@www.binance.com/en",
    "https://user:pw@www.binance.com/en",
    "https://www.binance.com@evil.example/en",
    "https://www.binance.com.evil.example/en",
    "https://evil.example/www.binance.com/",
    "https://binance.com/en",
    "https://wwwxbinance.com/en",
    "https://www.binance.com./en",
    "https://WWW.BINANCE.COM/en",
    "https://www.b\u0131nance.com/en",
    "https://www.binance.com\u3002evil.example/",
    "https://xn--www-binance.com/en",
    "https://www.binance.com\\@evil.example/",
    "https://www.binance.com/en my",
    " https://www.binance.com/en",
    "https://www.binance.com/en\n",
    "https://www.binance.com/\tx",
    "https://www.binance.com/<script>",
    'https://www.binance.com/"x',
    "https://[::1]/en",
    "https://127.0.0.1/en",
    "https://2130706433/en",
    "https://www.binance.com%2eevil.example/",
    "https://www.binance.com%00.evil.example/",
]


class Browser:
    def __init__(self) -> None:
        self.opened: list[str] = []

    def __call__(self, page: QUrl) -> bool:
        self.opened.append(page.toString())
        return True


OWN_PAGES = {
    "binance": "www.binance.com",
    "bybit": "www.bybit.com",
    "okx": "www.okx.com",
    "kucoin": "www.kucoin.com",
    "gate": "www.gate.io",
    "bitget": "www.bitget.com",
    "coinbase": "portal.cdp.coinbase.com",
    "htx": "www.htx.com",
}
"""Written down once more, so that another page is a decision and not a slip."""


def test_the_fixed_list_is_the_exchanges_own_pages() -> None:
    for spec in EXCHANGES.values():
        assert page_hosts([spec.console_page]) == {OWN_PAGES[spec.id]}
    assert {OWN_PAGES[exchange] for exchange in EXCHANGES} == HOSTS


def test_the_page_of_every_fix_can_be_opened() -> None:
    for spec in EXCHANGES.values():
        for fix in spec.traits.fixes.values():
            assert fix.page is None or checked(fix.page, HOSTS) is not None


def test_a_listed_page_is_opened() -> None:
    browser = Browser()
    assert open_page(GOOD, HOSTS, browser)
    assert browser.opened == [GOOD]


@pytest.mark.parametrize("url", BAD)
def test_anything_else_is_refused(url: str) -> None:
    browser = Browser()
    assert not open_page(url, HOSTS, browser)
    assert not open_practice_page(url, PRACTICE, browser)
    assert browser.opened == []


@pytest.mark.parametrize("host", ["evil.example", "www.binance.com.evil.example", "1.2.3.4"])
@pytest.mark.parametrize(
    "shape",
    ["https://{h}/", "https://{h}/en", "https://{h}:443/", "https://a@{h}/", "https://{h}/?{g}"],
)
def test_other_hosts_are_refused_in_every_shape(host: str, shape: str) -> None:
    assert checked(shape.format(h=host, g=GOOD), HOSTS) is None


@pytest.mark.parametrize("path", ["", "binance/", "binance/safe-spot", "okx-elsewhere/a-1"])
def test_practice_opens_its_own_pages(path: str) -> None:
    browser = Browser()
    assert open_practice_page(PRACTICE + path, PRACTICE, browser)
    assert browser.opened == [PRACTICE + path]


@pytest.mark.parametrize(
    "url",
    [
        *("http://localhost:4711/", "http://127.0.0.1:1/", "http://127.0.0.1:47110/"),
        *(
            f"{PRACTICE}{path}"
            for path in ("x", "../x/", "a/b/c", "a/?b", "a/#b", "%61/", "A/", "//")
        ),
    ],
)
def test_practice_opens_nothing_else(url: str) -> None:
    browser = Browser()
    assert not open_practice_page(url, PRACTICE, browser)
    assert not open_practice_page("http://evil.example/", "http://evil.example/", browser)
    assert not open_practice_page("http://127.0.0.1:4711evil/", "http://127.0.0.1:4711", browser)
    assert browser.opened == []


def test_a_browser_that_does_not_open_is_told() -> None:
    assert not open_page(GOOD, HOSTS, lambda page: False)
