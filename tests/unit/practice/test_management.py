"""The practice "API Management" pages: switches, rules and manners."""

from __future__ import annotations

import re
import urllib.request
from dataclasses import replace
from html import unescape

import pytest

from latchlight.core.languages import ENGLISH, language
from latchlight.practice.registry import checked_address
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS

from .conftest import Client

READ_AND_TRADE = [("on", "enableReading"), ("on", "enableSpotAndMarginTrading")]


def _page(client: Client, path: str = "/") -> str:
    reply = client.ask(client.world.control_url, path)
    assert reply.status == 200
    return reply.body.decode()


def _token(client: Client) -> tuple[str, str]:
    found = re.search(r'name="token" value="([^"]+)"', _page(client))
    assert found is not None
    return ("token", found[1])


def _save(
    client: Client, name: str, addresses: str | None, boxes: list[tuple[str, str]]
) -> tuple[int, str]:
    access = "open" if addresses is None else "restricted"
    fields = [_token(client), ("access", access), ("addresses", addresses or ""), *boxes]
    reply = client.form(f"/binance/{name}", fields)
    return reply.status, unescape(reply.body.decode())


def test_the_pages_use_the_exchanges_own_labels(client: Client) -> None:
    assert "API Management" in _page(client)
    keys = _page(client, "/binance/")
    for key in client.world.keys:
        shown = f"/binance/{key.name}" in keys
        assert shown is (
            key.base_url == client.world.base_url("binance") and key.name != "deleted-key"
        )
    edit = unescape(_page(client, "/binance/safe-spot"))
    for label in (
        "Edit restrictions",
        "IP access restrictions",
        "Unrestricted (Less Secure)",
        "Restrict access to trusted IPs only (Recommended)",
        "Enable Reading",
        "Enable Spot & Margin Trading",
        "Enable Futures",
        "Permits Universal Transfer",
        "Enable Withdrawals",
        "Save",
        HOME_ADDRESS,
    ):
        assert label in edit
    assert client.key("safe-spot").secret not in keys + edit


def test_locking_a_key_acts_on_the_next_call(client: Client) -> None:
    key = client.key("trading-no-whitelist")
    assert client.signed(key).json["ipRestrict"] is False
    status, _ = _save(client, key.name, HOME_ADDRESS, READ_AND_TRADE)
    assert status == 303
    assert client.signed(key).json["ipRestrict"] is True
    assert "Saved" in _page(client, f"/binance/{key.name}?saved")


def test_switching_withdrawals_off_acts_on_the_next_call(client: Client) -> None:
    key = client.key("withdraw-on")
    assert client.signed(key).json["enableWithdrawals"] is True
    _save(client, key.name, HOME_ADDRESS, READ_AND_TRADE)
    answer = client.signed(key).json
    assert answer["enableWithdrawals"] is False
    # Not on the page, so not changed by it.
    assert answer["enableFixReadOnly"] is True


def test_an_unknown_right_can_be_switched_off(client: Client) -> None:
    key = client.key("unknown-permission")
    _save(client, key.name, HOME_ADDRESS, READ_AND_TRADE)
    assert "enableAlphaWithdrawals" not in client.signed(key).json


def test_a_list_may_hold_thirty_addresses_in_any_layout(client: Client) -> None:
    many = [f"198.51.100.{number}" for number in range(1, 30)]
    text = " ".join(many[:10]) + "\n" + ",".join(many[10:]) + f"\r\n{HOME_ADDRESS}\n"
    assert _save(client, "safe-spot", text, READ_AND_TRADE)[0] == 303
    record = client.world.registry("binance").named("safe-spot")
    assert record is not None
    assert record.state.addresses == (*many, HOME_ADDRESS)
    assert client.signed(client.key("safe-spot")).status == 200


@pytest.mark.parametrize(
    ("addresses", "boxes", "sentence"),
    [
        (None, [("on", "enableWithdrawals")], "“Enable Withdrawals” needs a list of addresses."),
        ("", [], "The list of addresses is empty."),
        ("203.0.113.0/24", [], "“203.0.113.0/24” is a range."),
        ("203.0.113.07", [], "“203.0.113.07” is not an IPv4 address."),
        ("2001:db8::1", [], "“2001:db8::1” is not an IPv4 address."),
        ("<b>", [], "“<b>” is not an IPv4 address."),
        ("192.168.1.5", [], "192.168.1.5 is not an address on the internet."),
        ("0.0.0.0", [], "0.0.0.0 is not an address on the internet."),
        (" ".join(f"198.51.100.{n}" for n in range(1, 32)), [], "31 addresses are too many."),
    ],
)
def test_the_page_refuses_what_the_exchange_refuses(
    client: Client, addresses: str | None, boxes: list[tuple[str, str]], sentence: str
) -> None:
    before = client.world.registry("binance").named("safe-spot")
    status, text = _save(client, "safe-spot", addresses, boxes)
    assert status == 422
    assert sentence in text
    assert client.world.registry("binance").named("safe-spot") == before


def test_a_refused_form_keeps_what_was_typed(client: Client) -> None:
    _, text = _save(client, "safe-spot", "1.2.3.4 oops", [("on", "enableFutures")])
    assert "1.2.3.4\noops</textarea>" in text
    assert 'value="enableFutures" checked' in text


def test_the_network_box_moves_this_computer(client: Client) -> None:
    fields = [_token(client), ("back", "/binance/"), ("address", AWAY_ADDRESS)]
    reply = client.form("/network", fields)
    assert (reply.status, reply.headers["Location"]) == (303, "/binance/")
    assert client.world.egress == AWAY_ADDRESS
    assert client.signed(client.key("safe-spot")).json["code"] == -2015
    reply = client.form("/network", [_token(client), ("back", "/"), ("other", " 192.0.2.9 ")])
    assert (reply.status, client.world.egress) == (303, "192.0.2.9")
    reply = client.form("/network", [_token(client), ("back", "/"), ("other", "nowhere")])
    assert reply.status == 422
    assert client.world.egress == "192.0.2.9"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/none", ""])
def test_the_way_back_leads_to_own_pages_only(client: Client, back: str) -> None:
    fields = [_token(client), ("back", back), ("address", AWAY_ADDRESS)]
    assert client.form("/network", fields).headers["Location"] == "/"


def test_without_the_pages_own_token_nothing_changes(client: Client) -> None:
    for fields in ([], [("token", "")], [("token", "x" * 32)], [("token", "ä")]):
        reply = client.form("/network", [*fields, ("address", AWAY_ADDRESS)])
        assert reply.status == 403
    assert client.world.egress == HOME_ADDRESS


def test_other_web_pages_cannot_use_this_one(client: Client) -> None:
    fields = [_token(client), ("address", AWAY_ADDRESS)]
    assert client.form("/network", fields, Origin="https://evil.example").status == 403
    assert client.form("/network", fields, Host="evil.example").status == 421
    assert client.ask(client.world.control_url, headers={"Host": "evil.example"}).status == 421
    assert client.ask(client.world.control_url, headers={"Host": "[oops"}).status == 421
    assert client.world.egress == HOME_ADDRESS
    own = client.world.control_url.rstrip("/")
    assert client.form("/network", fields, Origin=own).status == 303


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"%ff%fe=1", b"&".join(b"on=x" for _ in range(100)), b"{}"]
)
def test_unreadable_forms_are_refused(client: Client, body: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = client.ask(client.world.control_url, "/binance/safe-spot", "POST", body, kind)
    assert reply.status in (400, 403)
    reply = client.ask(client.world.control_url, "/binance/safe-spot", "POST", body)
    assert reply.status == 400


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/binance", "/binance/nobody", "/kraken/", "/binance/safe-spot/", "/favicon.ico"],
)
def test_other_paths_do_not_exist(client: Client, path: str) -> None:
    assert client.ask(client.world.control_url, path).status == 404
    assert client.form(path, [_token(client)]).status == 404


def test_every_answer_forbids_scripts_frames_and_caching(client: Client) -> None:
    for path in ("/", "/binance/", "/binance/safe-spot", "/style.css", "/nothing"):
        headers = client.ask(client.world.control_url, path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert headers["Cache-Control"] == "no-store"
    assert client.ask(client.world.control_url, "/", "DELETE").status == 405


def test_browsers_get_the_same_pages_without_a_certificate_warning(client: Client) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(client.world.browser_url, timeout=10) as reply:
        assert reply.read() == client.ask(client.world.control_url).body


def test_documentation_addresses_count_as_public_in_practice() -> None:
    assert checked_address(" 203.0.113.7 ") == HOME_ADDRESS


def test_a_deleted_key_is_unknown_from_the_next_call_on(client: Client) -> None:
    key = client.key("safe-spot")
    assert client.signed(key).status == 200
    assert "Delete" in _page(client, "/binance/safe-spot")
    reply = client.form("/binance/safe-spot", [_token(client), ("delete", "yes")])
    assert (reply.status, reply.headers["Location"]) == (303, "/binance/?deleted")
    listed = unescape(_page(client, "/binance/?deleted"))
    assert "Deleted." in listed
    assert "/binance/safe-spot" not in listed
    assert client.signed(key).json["code"] == -2008
    assert client.signed(client.key("withdraw-on")).status == 200
    assert client.ask(client.world.control_url, "/binance/safe-spot").status == 404


def test_only_our_own_page_can_delete(client: Client) -> None:
    reply = client.form("/binance/safe-spot", [("token", "guessed"), ("delete", "yes")])
    assert reply.status == 403
    assert client.signed(client.key("safe-spot")).status == 200


def _new_key(client: Client, *boxes: tuple[str, str], addresses: str = HOME_ADDRESS) -> list[str]:
    fields = [_token(client), ("access", "restricted"), ("addresses", addresses), *boxes]
    reply = client.form("/binance/new", fields)
    page = unescape(reply.body.decode())
    assert reply.status == 200, page
    return re.findall(r"<textarea[^>]* readonly[^>]*>([^<]*)</textarea>", page)


def test_a_key_made_on_the_page_works_at_once_and_its_secret_is_shown_once(client: Client) -> None:
    assert 'href="/binance/new"' in _page(client, "/binance/")
    api_key, secret = _new_key(client, *READ_AND_TRADE)
    key = replace(client.key("safe-spot"), api_key=api_key, secret=secret)
    assert client.signed(key).status == 200
    listed = _page(client, "/binance/")
    assert api_key in listed
    for path in ("/binance/", "/binance/new-key-1", "/binance/new"):
        assert secret not in _page(client, path)
    assert _new_key(client, *READ_AND_TRADE)[0] != api_key
    assert client.form("/binance/new-key-1", [_token(client), ("delete", "yes")]).status == 303
    assert client.signed(key).json["code"] == -2008
    _new_key(client)
    assert "/binance/new-key-3" in _page(client, "/binance/")


def test_a_new_key_obeys_the_rules_of_the_page(client: Client) -> None:
    fields = [("access", "restricted"), ("addresses", "")]
    refused = client.form("/binance/new", [_token(client), *fields])
    assert refused.status == 422
    assert "The list of addresses is empty." in unescape(refused.body.decode())
    assert client.form("/binance/new", [("token", "guessed"), *fields]).status == 403
    assert "new-key" not in _page(client, "/binance/")


def test_the_pages_speak_the_language_of_the_window_and_the_labels_stay(client: Client) -> None:
    client.world.language = language("zh_Hans")
    page = unescape(_page(client, "/binance/safe-spot?saved"))
    assert '<html lang="zh-Hans">' in page
    assert "已保存" in page
    assert "Nothing here is real" not in page
    assert "Restrict access to trusted IPs only (Recommended)" in page
    status, refused = _save(client, "safe-spot", "", READ_AND_TRADE)
    assert status == 422
    assert "The list of addresses is empty." not in refused
    client.world.language = ENGLISH
    assert '<html lang="en">' in _page(client)
