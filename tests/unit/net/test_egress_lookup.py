"""C10 to C14, NW19: what the address services say, and how little it takes for them to be doubted."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest

from faulty_server import FaultyServer, Say, authority, measured
from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.errors import Cancelled
from latchlight.core.limits import LIMITS
from latchlight.core.progress import CancelToken
from latchlight.net import egress
from latchlight.net.client import Client
from latchlight.net.connection import Trust
from latchlight.net.egress import ADDRESS_SERVICES, AddressService, look_up

Serve = Callable[..., FaultyServer]
TEXT = (("Content-Type", "text/plain"),)
HERE = "8.8.4.4"


def says(body: str | bytes, status: int = 200) -> dict[str, Say]:
    data = body.encode() if isinstance(body, str) else body
    return {"/": Say(data, status, TEXT)}


def service(name: str, server: FaultyServer, party: str = "") -> AddressService:
    return AddressService(name, party or name, server.address, None, "/")


def ask(*services: AddressService, token: CancelToken | None = None, **wishes: Any) -> EgressReport:
    client = Client(Trust(authority().file), lambda: datetime.now(UTC))
    return look_up(services, client, token or CancelToken(), **wishes)


def answer_of(body: str | bytes, serve: Serve, status: int = 200) -> EgressReport:
    return ask(service("one", serve("ok", say=says(body, status))))


@pytest.mark.parametrize("body", [HERE, f"{HERE}\n", f" {HERE}\r\n", '{"ip":"8.8.4.4"}'])
def test_a_plain_address_is_read(body: str, serve: Serve) -> None:
    report = answer_of(body, serve)
    assert (str(report.ipv4), report.certainty) == (HERE, Certainty.SINGLE)


NONSENSE = [
    "",
    " ",
    "\n",
    "<html>8.8.4.4</html>",
    "<pre>8.8.4.4</pre>",
    "Your IP is 8.8.4.4",
    "8.8.4.4, 8.8.8.8",
    "8.8.4.4\n8.8.8.8",
    "8.8.4",
    "8.8.4.4.4",
    "8.8.4.256",
    "08.8.4.4",
    "8.8.4.4/32",
    "8.8.4.4:443",
    "8.8.4. 4",
    "8.8.4.*",
    "0x8080404",
    "134743044",
    "2001:4860:4860::8888",
    "::ffff:10.0.0.1",
    "null",
    "None",
    "undefined",
    "unknown",
    "error",
    "Rate limit exceeded",
    '"8.8.4.4"',
    '["8.8.4.4"]',
    "{}",
    '{"ip":null}',
    '{"ip":["8.8.4.4"]}',
    '{"ip":8.8}',
    '{"ip":"8.8.4.4","ip":"8.8.8.8"}',
    '{"address":"8.8.4.4"}',
    '{"ip":"8.8.4.4"',
    '{"ip":" 8.8.4.4<b>"}',
    "8.8.4.4\0",
    "\ufeff8.8.4.4",
    "\u0668.8.4.4",
    "8.8.4.4%eth0",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.1.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "192.0.2.7",
    "198.51.100.7",
    "203.0.113.7",
    "198.18.0.1",
    "240.0.0.1",
    "x" * 2000,
    "8" * 100_000,
]


@pytest.mark.parametrize("body", NONSENSE)
def test_c13_c14_nonsense_is_no_address(body: str, serve: Serve) -> None:
    report = answer_of(body, serve)
    assert (report.ipv4, report.certainty) == (None, Certainty.NONE)
    assert report.answers[0].error == "unreadable-answer"


@pytest.mark.parametrize("status", [201, 203, 403, 404, 429, 500, 503])
def test_c13_an_address_in_an_error_is_no_address(status: int, serve: Serve) -> None:
    assert answer_of(HERE, serve, status).ipv4 is None


@pytest.mark.parametrize("position", range(len(HERE)))
def test_a14_an_address_cut_short_is_never_shown(position: int, serve: Serve) -> None:
    """`8.8.4.4` cut after three bytes of `203.0.113.45` would still look like an address."""

    def cut(wire: Any, seen: Any) -> None:
        wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + HERE.encode()[:position])
        wire.close()

    server = serve("cut", behaviours={"cut": cut})
    assert ask(service("one", server)).ipv4 is None


def test_two_parties_that_agree_are_believed(serve: Serve) -> None:
    report = ask(*(service(n, serve("ok", say=says(HERE))) for n in "abc"))
    assert (str(report.ipv4), report.certainty) == (HERE, Certainty.AGREED)


def test_c12_one_party_under_two_names_is_one_voice(serve: Serve) -> None:
    report = ask(*(service(n, serve("ok", say=says(HERE)), "same") for n in "ab"))
    assert report.certainty is Certainty.SINGLE


def test_c10_c12_parties_that_disagree_are_not_believed(serve: Serve) -> None:
    addresses = ("8.8.4.4", "8.8.4.4", "8.8.8.8")
    report = ask(*(service(str(n), serve("ok", say=says(a))) for n, a in enumerate(addresses)))
    assert (report.ipv4, report.certainty) == (None, Certainty.CONFLICT)


@pytest.mark.parametrize(
    "fault",
    ["reset", "no-framing", "redirect:302:https://elsewhere.example/", "plain", "status:204"],
)
def test_nw19_one_broken_service_does_not_spoil_the_others(fault: str, serve: Serve) -> None:
    good = [service(n, serve("ok", say=says(HERE))) for n in "ab"]
    report = ask(*good, service("broken", serve(fault, say=says(HERE))))
    assert (str(report.ipv4), report.certainty) == (HERE, Certainty.AGREED)
    assert report.answers[2].address is None
    assert report.answers[2].error


@pytest.mark.parametrize("fault", ["silence", "drip-body", "silence-connect"])
def test_c13_a_service_that_hangs_is_left_behind(fault: str, serve: Serve) -> None:
    good = [service(n, serve("ok", say=says(HERE))) for n in "abc"]
    slow = service("slow", serve(fault, say=says(HERE)))
    reports: list[EgressReport] = []
    assert measured(lambda: reports.append(ask(*good, slow))) < 2.0
    assert (reports[0].certainty, reports[0].answers[3].error) == (Certainty.AGREED, "timeout")


def test_all_services_hanging_end_at_the_limit(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    monkeypatch.setattr(egress, "LIMITS", replace(LIMITS, address_call_seconds=0.4))
    slow = [service(n, serve("silence")) for n in "abc"]
    reports: list[EgressReport] = []
    assert measured(lambda: reports.append(ask(*slow))) < 1.6
    assert reports[0].certainty is Certainty.NONE


def test_cancel_ends_the_lookup(serve: Serve) -> None:
    token = CancelToken()
    servers = [serve("silence") for _ in range(3)]
    services = [service(str(n), s) for n, s in enumerate(servers)]
    import threading

    def stop() -> None:
        servers[0].wait_for(lambda: servers[0].hits > 0)
        token.cancel()

    thread = threading.Thread(target=stop)
    thread.start()

    def work() -> None:
        with pytest.raises(Cancelled):
            ask(*services, token=token)

    assert measured(work) < 2.0
    thread.join()


def test_c11_each_family_is_asked_on_a_connection_of_its_own(serve: Serve) -> None:
    v6 = serve("ok", host="::1", say=says("2001:4860:4860::8888"))
    v4 = serve("ok", say=says(HERE))
    context = authority().context("127.0.0.1", "::1")
    v4.context = v6.context = context
    both = AddressService("both", "both", v4.address, v6.address, "/")
    report = ask(both)
    assert (report.ipv4, report.ipv6) == (ip_address(HERE), ip_address("2001:4860:4860::8888"))


def test_c22_an_ipv6_answer_on_the_ipv4_line_is_nonsense(serve: Serve) -> None:
    server = serve("ok", host="::1", say=says(HERE))
    server.context = authority().context("127.0.0.1", "::1")
    assert ask(AddressService("six", "six", None, server.address, "/")).ipv6 is None


def test_s10_nothing_about_the_user_is_sent(serve: Serve) -> None:
    server = serve("ok", say=says(HERE))
    ask(service("one", server))
    assert set(server.requests[0].headers) <= {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
    }
    assert server.requests[0].target == "/"


def test_every_contact_is_written_down_before_it_happens(serve: Serve) -> None:
    server = serve("ok", say=says(HERE))
    contacts: list[tuple[str, str]] = []
    ask(service("one", server), contact=lambda host, path: contacts.append((host, path)))
    assert contacts == [(server.address, "/")]


def test_the_product_asks_at_least_four_unrelated_parties() -> None:
    assert len({s.party for s in ADDRESS_SERVICES}) >= 4
    hosts = [h for s in ADDRESS_SERVICES for h in (s.host4, s.host6) if h]
    assert len(hosts) == len(set(hosts))
    assert all(socket.AF_INET and s.path.startswith("/") for s in ADDRESS_SERVICES)
