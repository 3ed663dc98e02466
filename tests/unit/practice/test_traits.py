"""Every way in which an exchange can fail to answer properly."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest

from latchlight.core.findings import Light
from latchlight.practice.traits import CLOCK_OFFSETS, Trait
from latchlight.practice.world import PracticeWorld

from .conftest import RESTRICTIONS, Client


def test_there_is_a_key_behind_every_trait(client: Client) -> None:
    behind = {key.trait: key for key in client.world.keys if key.trait is not Trait.NORMAL}
    assert set(behind) == set(Trait) - {Trait.NORMAL}
    assert len({key.base_url for key in behind.values()}) == len(behind)
    lights = {trait: key.expected_light for trait, key in behind.items()}
    assert lights.pop(Trait.CLOCK_BEHIND) is Light.AMBER
    assert set(lights.values()) == {Light.GREY}


@pytest.mark.parametrize("trait", sorted(CLOCK_OFFSETS, key=lambda trait: trait.value))
def test_a_wrong_clock_shows_in_time_and_date_and_refuses_our_stamps(
    client: Client, trait: Trait
) -> None:
    key = client.key(trait.value)
    reply = client.ask(key.base_url, "/api/v3/time")
    offset = CLOCK_OFFSETS[trait]
    server_ms = reply.json["serverTime"]
    assert isinstance(server_ms, int)
    assert server_ms / 1000 - time.time() == pytest.approx(offset, abs=3)
    date = parsedate_to_datetime(reply.headers["Date"]).timestamp()
    assert date - time.time() == pytest.approx(offset, abs=3)
    assert client.signed(key).json["code"] == -1021
    stamped = client.signed(key, timestamp=int((time.time() + offset) * 1000))
    assert stamped.status == 200


@pytest.mark.parametrize(
    ("trait", "status", "code", "wait"),
    [
        (Trait.MAINTENANCE, 503, -1008, None),
        (Trait.MAINTENANCE_PAGE, 503, None, None),
        (Trait.FIREWALL, 403, None, None),
        (Trait.REGION, 451, 0, None),
        (Trait.RATE_LIMITED, 429, -1003, "30"),
        (Trait.BANNED, 418, -1003, "600"),
        (Trait.CAPTIVE_PORTAL, 200, None, None),
    ],
)
@pytest.mark.parametrize("path", ["/api/v3/time", RESTRICTIONS])
def test_blocked_servers_refuse_public_and_signed_calls_alike(
    client: Client, trait: Trait, status: int, code: int | None, wait: str | None, path: str
) -> None:
    reply = client.signed(client.key(trait.value), path)
    assert reply.status == status
    assert reply.headers["Retry-After"] == wait
    if code is None:
        assert reply.headers.get_content_type() == "text/html"
    else:
        assert reply.json["code"] == code


def test_maintenance_is_told_by_the_system_status(client: Client) -> None:
    url = client.key("maintenance").base_url
    assert client.ask(url, "/sapi/v1/system/status").json == {
        "status": 1,
        "msg": "system_maintenance",
    }


def test_the_redirect_points_to_a_server_that_would_answer_nicely(client: Client) -> None:
    key = client.key("redirect")
    reply = client.signed(key)
    assert reply.status == 302
    target = reply.headers["Location"]
    assert target.startswith(client.world.base_url("binance"))
    parts = urlsplit(target)
    followed = client.ask(
        target, f"{parts.path}?{parts.query}", headers={"X-MBX-APIKEY": key.api_key}
    )
    assert followed.json["enableWithdrawals"] is False
    assert [e.site for e in client.world.log.entries()] == ["binance/redirect", "binance"]


@pytest.mark.parametrize("trait", [Trait.GARBAGE, Trait.CUT_JSON])
def test_spoiled_bodies_are_no_json_but_the_public_time_is_fine(
    client: Client, trait: Trait
) -> None:
    key = client.key(trait.value)
    assert "serverTime" in client.ask(key.base_url, "/api/v3/time").json
    reply = client.signed(key)
    assert reply.status == 200
    with pytest.raises(ValueError, match=r".*"):
        json.loads(reply.body)


def test_a_connection_that_breaks_early_never_brings_the_promised_length(client: Client) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        client.signed(client.key("cut-short"))
    # What did come would be a perfect answer.
    assert json.loads(caught.value.partial)["enableWithdrawals"] is False


def test_the_silent_server_says_nothing_and_does_not_hold_up_closing(client: Client) -> None:
    connection = client.connect(client.key("silent").base_url)
    connection.timeout = 0.2
    connection.request("GET", "/api/v3/time")
    with pytest.raises(TimeoutError):
        connection.getresponse()
    started = time.monotonic()
    client.world.close()
    assert time.monotonic() - started < 1.0
    connection.close()


def test_without_faults_only_the_normal_server_is_there(
    start_world: Callable[..., PracticeWorld],
) -> None:
    world = start_world(faults=False)
    assert {key.trait for key in world.keys} == {Trait.NORMAL}
    with pytest.raises(KeyError):
        world.base_url("binance", Trait.SILENT)
    with socket.create_connection(("127.0.0.1", urlsplit(world.base_url("binance")).port)):
        pass
