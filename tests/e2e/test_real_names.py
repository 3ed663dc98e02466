"""The unmodified program against the exchange's real host names, with witnesses of every step.

All cases start at once in a few namespaces; each test waits for its own.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from e2e.contract import check_report
from e2e.real_names import (
    ADDRESS_HOSTS,
    ELSEWHERE,
    MAIN,
    READ,
    SECOND_HOST,
    SPOT,
    TESTNET,
    Benches,
    BenchKey,
    Outcome,
    Situation,
    answer,
    raw,
    refusal,
    witnessed_trouble,
)
from latchlight.core.credentials import KeyKind

pytestmark = pytest.mark.namespaces

TIME = "/api/v3/time"
KEY = "/sapi/v1/account/apiRestrictions"
ACCOUNT = "/api/v3/account"
GREEN, AMBER, RED, GREY = 0, 1, 2, 3
LIGHTS = {GREEN: "green", AMBER: "amber", RED: "red", GREY: "grey"}
REFUSED = "Invalid API-key, IP, or permissions for action."
PAGE = "<!DOCTYPE html><html><title>Attention</title><h1>Access denied</h1></html>"
HTML = "text/html;charset=UTF-8"
LONG_ANSWER = {"ipRestrict": True, "enableWithdrawals": False, "filler": "x" * 200}


def key(*steps: dict[str, object]) -> dict[str, dict[str, list[dict[str, object]]]]:
    """The exchange answers the question about the key like this."""
    return {MAIN: {KEY: list(steps)}}


def everything(*steps: dict[str, object]) -> dict[str, dict[str, list[dict[str, object]]]]:
    """The exchange answers everything like this."""
    return {MAIN: {"*": list(steps)}}


def refused(code: int, message: str, status: int = 400) -> Situation:
    return Situation(steps=key(refusal(code, message, status)))


def cut(data: bytes, **headers: str) -> dict[str, object]:
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return raw("\r\n".join([*lines, "", ""]).encode() + data)


@dataclass(frozen=True)
class Case:
    situation: Callable[[], Situation]
    exit: int
    code: str | None = None
    """Of the diagnosis; None: the key was accepted and read."""
    rule: str | None = None
    """The finding that makes the light."""
    slow: bool = False
    runs: int = 1
    tags: Mapping[str, Any] = field(default_factory=dict)


def state(*switches: str, **more: Any) -> Callable[[], Situation]:
    purpose = more.pop("purpose", None)
    arguments = () if purpose is None else ("--purpose", purpose)
    return lambda: Situation(BenchKey(switches=switches, **more), arguments)


SAFE = json.dumps(
    {
        "ipRestrict": True,
        "createTime": 1_790_000_000_000,
        "enableReading": True,
        "enableWithdrawals": False,
        "enableInternalTransfer": False,
        "enableMargin": False,
        "enableFutures": False,
        "permitsUniversalTransfer": False,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": True,
        "enableSpotAndMarginTrading": True,
        "enablePortfolioMarginTrading": False,
    }
).encode()

JUDGED = {
    "safe": Case(state(*SPOT), GREEN),
    "safe rsa": Case(state(*SPOT, kind=KeyKind.RSA), GREEN),
    "safe ed25519": Case(state(*SPOT, kind=KeyKind.ED25519), GREEN),
    "safe watch": Case(state(*READ, purpose="watch"), GREEN),
    "withdraw on": Case(state(*SPOT, "enableWithdrawals"), RED, rule="withdraw-on"),
    "transfer on": Case(state(*SPOT, "permitsUniversalTransfer"), RED, rule="transfer-on"),
    "trading, no whitelist": Case(state(*SPOT, restricted=False), RED, rule="whitelist-off"),
    "watch, no whitelist": Case(
        state(*READ, restricted=False, purpose="watch"), AMBER, rule="whitelist-off"
    ),
    "more than purpose": Case(state(*SPOT, "enableFutures"), AMBER, rule="more-than-purpose"),
    "less than purpose": Case(state(*READ), AMBER, rule="less-than-purpose"),
    "unknown permission": Case(
        state(*SPOT, "enableAlphaWithdrawals"), GREY, rule="unknown-permission-on"
    ),
    "field missing": Case(state(*SPOT, quirk="missing-field"), GREY, rule="withdraw-on"),
    "yes and no as text": Case(state(*SPOT, quirk="text-booleans"), GREY, rule="withdraw-on"),
    "address services disagree": Case(lambda: Situation(told={ADDRESS_HOSTS[0]: ELSEWHERE}), GREEN),
    "address services are silent": Case(
        lambda: Situation(steps={host: {"*": [answer(PAGE)]} for host in ADDRESS_HOSTS}), GREEN
    ),
    "overloaded once, then fine": Case(
        lambda: Situation(steps=key(refusal(-1008, "busy", 503), {"do": "site"})), GREEN
    ),
}

REFUSALS = {
    "-2015 everywhere": Case(
        lambda: Situation(
            steps={
                MAIN: {
                    KEY: [refusal(-2015, REFUSED)],
                    ACCOUNT: [refusal(-2015, REFUSED, 401)],
                }
            }
        ),
        GREY,
        "key-ip-or-permission",
    ),
    "-2015 at the wallet only": Case(
        state(*SPOT, quirk="no-wallet-calls"), GREY, "key-ip-or-permission"
    ),
    "-2015 from an unlisted address": Case(
        state(*SPOT, addresses=(ELSEWHERE,)), GREY, "key-ip-or-permission"
    ),
    "-2008": Case(lambda: refused(-2008, "Invalid Api-Key ID."), RED, "key-unknown"),
    "unregistered": Case(state(*SPOT, hosts=()), RED, "key-unknown"),
    "-1022": Case(
        lambda: refused(-1022, "Signature for this request is not valid."), RED, "signature-wrong"
    ),
    "wrong secret": Case(
        lambda: Situation(BenchKey(secret="S" * 64, known="T" * 64)), RED, "signature-wrong"
    ),
    "-2014": Case(lambda: refused(-2014, "API-key format invalid.", 401), RED, "key-malformed"),
    "-1021 behind": Case(
        lambda: refused(-1021, "Timestamp for this request is outside of the recvWindow."),
        GREY,
        "clock-off",
    ),
    "-1021 ahead": Case(
        lambda: refused(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
        GREY,
        "clock-off",
    ),
    "-1002": Case(
        lambda: refused(-1002, "You are not authorized to execute this request.", 401),
        GREY,
        "permission-missing",
    ),
    "-1003 as 429": Case(
        lambda: Situation(
            steps=key(refusal(-1003, "Too many requests queued.", 429, retry_after="30"))
        ),
        GREY,
        "rate-limited",
        runs=2,
    ),
    "429 page": Case(
        lambda: Situation(steps=everything(answer(PAGE, 429, content_type=HTML, retry_after="30"))),
        GREY,
        "rate-limited",
        runs=2,
    ),
    "418 ban": Case(
        lambda: Situation(
            steps=everything(
                refusal(-1003, "Way too much request weight used.", 418, retry_after="600")
            )
        ),
        GREY,
        "address-banned",
        runs=2,
    ),
}

BETWEEN = {
    "403 page": Case(
        lambda: Situation(steps=everything(answer(PAGE, 403, content_type=HTML))),
        GREY,
        "firewall-blocked",
    ),
    "451 json": Case(
        lambda: Situation(
            steps=everything(refusal(0, "Service unavailable from a restricted location", 451))
        ),
        GREY,
        "region-blocked",
    ),
    "451 page": Case(
        lambda: Situation(steps=everything(answer(PAGE, 451, content_type=HTML))),
        GREY,
        "region-blocked",
    ),
    "500 json": Case(
        lambda: Situation(steps=key(refusal(-1000, "An unknown error occurred.", 500))),
        GREY,
        "exchange-fault",
    ),
    "500 page": Case(
        lambda: Situation(steps=key(answer(PAGE, 500, content_type=HTML))), GREY, "exchange-fault"
    ),
    "502 page": Case(
        lambda: Situation(steps=everything(answer(PAGE, 502, content_type=HTML))),
        GREY,
        "exchange-fault",
    ),
    "503": Case(
        lambda: Situation(steps=everything(answer(PAGE, 503, content_type=HTML))),
        GREY,
        "maintenance",
    ),
    "404": Case(lambda: Situation(steps=key(answer({}, 404))), GREY, "unreadable-answer"),
    "200 page": Case(
        lambda: Situation(steps=everything(answer(PAGE, content_type=HTML))),
        GREY,
        "unreadable-answer",
    ),
    "200 page for the key": Case(
        lambda: Situation(steps=key(answer(PAGE, content_type=HTML))), GREY, "unreadable-answer"
    ),
    **{
        f"{status} elsewhere": Case(
            lambda status=status: Situation(
                steps=key(answer(SAFE, status, location=f"https://{SECOND_HOST}{KEY}"))
            ),
            GREY,
            "redirected",
        )
        for status in (301, 302, 303, 307, 308)
    },
    "302 for everything": Case(
        lambda: Situation(
            steps=everything(answer(b"", 302, location=f"https://{SECOND_HOST}/login"))
        ),
        GREY,
        "redirected",
    ),
}

BODIES = {
    "empty": key(answer(b"")),
    "empty object": key(answer({})),
    "empty list": key(answer(b"[]")),
    "null": key(answer(b"null")),
    "json cut in the middle": key(answer(SAFE[: len(SAFE) // 2])),
    "another exchange's answer": key(answer({"retCode": 0, "result": {"readOnly": 0}})),
    "server time": key(answer({"serverTime": 1_790_000_000_000})),
    "field twice": key(answer(SAFE[:-1] + b', "enableWithdrawals": true}')),
    "not a number": key(answer(SAFE.replace(b"1790000000000", b"NaN"))),
    "utf-16": key(answer(SAFE.decode().encode("utf-16"))),
    "byte order mark": key(answer(b"\xef\xbb\xbf" + SAFE)),
    "broken utf-8": key(answer(SAFE.replace(b"ipRestrict", b"ipRestrict\xff"))),
    "wrong content type": key(answer(SAFE, content_type="image/png")),
    "no content type": key(answer(SAFE, content_type="-")),
    "page with the right type": key(answer(PAGE)),
    "gzip": key(answer(gzip.compress(SAFE), content_encoding="gzip")),
    "gzip in name only": key(answer(SAFE, content_encoding="gzip")),
    "no framing": key(answer(SAFE, content_length="-", connection="close")),
    "two lengths": key(cut(SAFE, Content_Length=str(len(SAFE)), content_length="7")),
    "length and chunks": key(cut(SAFE, Content_Length=str(len(SAFE)), Transfer_Encoding="chunked")),
    "from a cache": key(answer(SAFE, age="3600")),
    "old date": key(answer(SAFE, date="Wed, 21 Oct 2015 07:28:00 GMT")),
    "too large": key(answer(b'{"a": "' + b"x" * 300_000 + b'"}')),
    "too deep": key(answer(b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}")),
    "204": key(answer(b"", 204)),
    "206": key(answer(SAFE, 206)),
    "no http": key(raw(b"SSH-2.0-OpenSSH_9.2p1\r\n")),
    "http 0.9": key(raw(SAFE)),
}
for _name, _steps in BODIES.items():
    BETWEEN[f"body: {_name}"] = Case(
        lambda steps=_steps: Situation(steps=steps), GREY, "unreadable-answer"
    )

LINES = {
    "cut body": Case(
        lambda: Situation(steps=key(cut(SAFE[:40], Content_Length=str(len(SAFE))))),
        GREY,
        "unreadable-answer",
    ),
    "cut between promise and end": Case(
        lambda: Situation(steps=key(cut(SAFE, Content_Length=str(len(SAFE) + 64)))),
        GREY,
        "unreadable-answer",
    ),
    "hang-up": Case(lambda: Situation(steps=everything({"do": "hang-up"})), GREY, "offline"),
    "drip": Case(
        lambda: Situation(steps=key({**answer(LONG_ANSWER), "do": "drip"})),
        GREY,
        "timeout",
        slow=True,
    ),
    "silence": Case(
        lambda: Situation(steps=everything({"do": "silence"})), GREY, "timeout", slow=True
    ),
    "silence after the time": Case(
        lambda: Situation(steps=key({"do": "silence"})), GREY, "timeout", slow=True
    ),
    "foreign certificate": Case(lambda: Situation(foreign=(MAIN,)), GREY, "tls-untrusted"),
    "name unknown": Case(lambda: Situation(names="unknown"), GREY, "name-not-found"),
    "resolver silent": Case(
        lambda: Situation(names="unanswered"), GREY, "name-not-found", slow=True
    ),
    "connection refused": Case(lambda: Situation(names="refused"), GREY, "offline"),
    "unplugged": Case(lambda: Situation(names="unplugged"), GREY, "offline"),
    "clock 90 s behind": Case(lambda: Situation(clock_offset=90.0), GREY, rule="clock-off"),
    "clock 90 s ahead": Case(lambda: Situation(clock_offset=-90.0), GREY, rule="clock-off"),
}

HOSTILE_VARIABLES = {
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "socks5://127.0.0.1:9",
    "REQUESTS_CA_BUNDLE": "/nonexistent/ca.pem",
    "CURL_CA_BUNDLE": "/nonexistent/ca.pem",
    "SSL_CERT_FILE": "/nonexistent/ca.pem",
    "SSL_CERT_DIR": "/nonexistent",
    "SSLKEYLOGFILE": "{home}/keys.log",
    "NETRC": "{home}/.netrc",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}
NETRC = f"machine {MAIN} login canary password canary\n" + "".join(
    f"machine {host} login canary password canary\n" for host in ADDRESS_HOSTS
)

CASES: dict[str, Case] = {**JUDGED, **REFUSALS, **BETWEEN, **LINES}


def _run(benches: Benches, case: Case) -> list[Outcome]:
    with benches.borrow() as bench:
        situation, home = case.situation(), bench.new_home()
        return [bench.run(situation, home) for _ in range(case.runs)]


def _run_with_hostile_environment(benches: Benches) -> Outcome:
    with benches.borrow() as bench:
        home = bench.new_home()
        (home / ".netrc").write_text(NETRC)
        env = {name: value.format(home=home) for name, value in HOSTILE_VARIABLES.items()}
        return bench.run(Situation(env=env), home)


def _run_text(benches: Benches, *arguments: str, key: BenchKey | None = None) -> Outcome:
    with benches.borrow() as bench:
        return bench.run(Situation(key or BenchKey(), command=arguments))


class Runs:
    """Every case, started in the background; asking for one waits for it."""

    def __init__(self, folder: Path) -> None:
        self._started = time.monotonic()
        self._benches = Benches(folder)
        # Slow cases wait for the clock, not for the processor.
        self._slow = ThreadPoolExecutor(6)
        self._pool = ThreadPoolExecutor(max(2, (os.cpu_count() or 2)))
        self._futures: dict[str, Future[list[Outcome]]] = {}
        for name, case in sorted(CASES.items(), key=lambda item: not item[1].slow):
            pool = self._slow if case.slow else self._pool
            self._futures[name] = pool.submit(_run, self._benches, case)

    def outcomes(self, name: str) -> list[Outcome]:
        """All runs of a case."""
        return self._futures[name].result()

    def one(self, name: str) -> Outcome:
        """The first run of a case."""
        return self.outcomes(name)[0]

    @property
    def benches(self) -> Benches:
        """For runs of one's own."""
        return self._benches

    def close(self) -> None:
        self._slow.shutdown(cancel_futures=True)
        self._pool.shutdown(cancel_futures=True)
        self._benches.close()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    started = Runs(tmp_path_factory.mktemp("real-names"))
    yield started
    started.close()


def finding(outcome: Outcome, rule: str) -> dict[str, Any]:
    (found,) = (f for f in outcome.report["keys"][0]["findings"] if f["rule"] == rule)
    return dict(found)


@pytest.mark.parametrize("name", CASES)
def test_the_light_the_code_and_the_diagnosis_are_those_of_the_contract(
    runs: Runs, name: str
) -> None:
    case, outcome = CASES[name], runs.one(name)
    assert outcome.exit == case.exit, outcome.stderr or outcome.stdout
    report = check_report(outcome.report)
    assert report["light"] == LIGHTS[case.exit]
    assert outcome.diagnosis == case.code
    if case.rule is not None:
        assert finding(outcome, case.rule)["light"] == LIGHTS[case.exit]
        others = [f["light"] for f in report["keys"][0]["findings"] if f["rule"] != case.rule]
        assert "red" not in others
    assert outcome.stderr == ""


@pytest.mark.parametrize("name", CASES)
def test_s01_s09_s10_nothing_leaks_and_nothing_foreign_is_contacted(runs: Runs, name: str) -> None:
    for outcome in runs.outcomes(name):
        assert witnessed_trouble(outcome) == []
        assert outcome.at(SECOND_HOST) == []


@pytest.mark.parametrize("name", ["drip", "silence", "silence after the time", "resolver silent"])
def test_a_run_ends_within_its_deadline_whatever_the_other_side_does(runs: Runs, name: str) -> None:
    # 10 s for the call, 2 s for starting a traced process on a busy machine.
    assert runs.one(name).seconds < 13


def test_a_refusal_without_reason_names_the_causes_most_likely_first(runs: Runs) -> None:
    causes = runs.one("-2015 everywhere").report["keys"][0]["diagnosis"]["causes"]
    order = ["certain", "likely", "possible"]
    ranks = [order.index(cause["likelihood"]) for cause in causes]
    assert len(causes) >= 3
    assert ranks == sorted(ranks)
    assert causes[0]["code"] == "ip-not-whitelisted"


def test_a_key_that_works_elsewhere_lacks_a_permission_and_nothing_else(runs: Runs) -> None:
    outcome = runs.one("-2015 at the wallet only")
    causes = outcome.report["keys"][0]["diagnosis"]["causes"]
    assert [cause["code"] for cause in causes] == ["permission-missing"]
    assert [r.target[1] for r in outcome.at(MAIN)] == [TIME, KEY, ACCOUNT]


@pytest.mark.parametrize("name", ["418 ban", "429 page", "-1003 as 429"])
def test_ht06_a_ban_survives_a_restart_and_the_second_run_sends_nothing(
    runs: Runs, name: str
) -> None:
    first, second = runs.outcomes(name)
    assert first.at(MAIN)
    assert second.at(MAIN) == []
    assert second.exit == GREY
    assert check_report(second.report)["light"] == "grey"


def test_a_signed_call_is_repeated_at_most_once(runs: Runs) -> None:
    for name in CASES:
        for outcome in runs.outcomes(name):
            asked = [r.target[1] for r in outcome.at(MAIN)]
            assert asked.count(KEY) <= 2, name


def test_the_account_call_is_made_only_to_narrow_a_refusal(runs: Runs) -> None:
    for name in JUDGED:
        for outcome in runs.outcomes(name):
            assert ACCOUNT not in [r.target[1] for r in outcome.at(MAIN)], name


def test_the_address_of_this_computer_is_told_with_every_source(runs: Runs) -> None:
    egress = runs.one("safe").report["egress"]
    assert (egress["ipv4"], egress["certainty"]) == ("185.199.110.7", "agreed")
    assert {s["name"] for s in egress["sources"]} >= {"ipify", "ipinfo", "icanhazip"}
    disagreeing = runs.one("address services disagree").report["egress"]
    assert (disagreeing["ipv4"], disagreeing["certainty"]) == (None, "conflict")


def test_tl12_tl13_variables_and_netrc_of_the_environment_have_no_effect(runs: Runs) -> None:
    outcome = _run_with_hostile_environment(runs.benches)
    assert outcome.exit == GREEN, outcome.stdout
    assert not (outcome.home / "keys.log").exists()
    assert outcome.at(MAIN)
    assert b"authorization" not in b"".join(r.raw.lower() for r in outcome.received)
    assert ("127.0.0.1", 9) not in outcome.destinations()
    # The canaries of .netrc are ours; everything else must be as clean as always.
    (outcome.home / ".netrc").unlink()
    assert witnessed_trouble(outcome) == []


def test_the_sister_hosts_are_asked_only_when_the_user_says_so(runs: Runs) -> None:
    for name in CASES:
        for outcome in runs.outcomes(name):
            assert {r.host for r in outcome.received} <= {MAIN, *ADDRESS_HOSTS}, name


def test_a_key_of_the_test_network_is_told_from_a_wrong_one(runs: Runs) -> None:
    with runs.benches.borrow() as bench:
        key = BenchKey(hosts=(TESTNET,))
        outcome = bench.run(Situation(key, ("--ask-other-hosts",)))
    assert outcome.exit == RED
    assert outcome.diagnosis == "wrong-environment"
    assert check_report(outcome.report)
    assert outcome.at(TESTNET)
    assert witnessed_trouble(outcome) == []


@pytest.mark.parametrize("command", [("ip", "--json"), ("doctor", "--json"), ("exchanges",)])
def test_other_commands_send_no_key_and_reach_for_nothing_foreign(
    runs: Runs, command: tuple[str, ...]
) -> None:
    outcome = _run_text(runs.benches, *command)
    assert outcome.stdout
    assert all(b"x-mbx-apikey" not in r.raw.lower() for r in outcome.received)
    assert [trouble for trouble in witnessed_trouble(outcome) if "socket" not in trouble] == []


LEAKY = f"""
import base64, json, os, pathlib, socket, ssl, subprocess, sys, urllib.request
given = json.load(sys.stdin)
pathlib.Path("notes").write_bytes(base64.b64encode(given["secret"].encode()))
pathlib.Path("../stray").touch()
context = ssl.create_default_context(cafile=__import__("certifi").where())
for url in ("https://{MAIN}/api/v3/order?s=" + given["secret"], "https://{SECOND_HOST}/"):
    try:
        urllib.request.urlopen(url, data=b"x", context=context)
    except OSError:
        pass
for reach in (lambda: socket.create_connection(("203.0.113.9", 80), 0.2),
              lambda: socket.getaddrinfo("evil.example.net", 443)):
    try:
        reach()
    except OSError:
        pass
subprocess.run(["true"])
print(given["api_key"])
"""


def test_the_witnesses_notice_a_program_that_leaks(runs: Runs) -> None:
    with runs.benches.borrow() as bench:
        outcome = bench.run(Situation(other_program=(sys.executable, "-c", LEAKY)))
    trouble = witnessed_trouble(outcome)
    for expected in (
        "reached for 203.0.113.9:80",
        "looked evil.example.net up",
        f"sent POST /api/v3/order to {MAIN}",
        f"sent POST / to {SECOND_HOST}",
        "the secret as base64+0 in notes",
        f"the secret as raw in what {MAIN} was sent",
        "the API key as raw in the output",
        f"wrote to {outcome.home.parent / 'stray'}",
    ):
        assert expected in trouble
    assert any(each.startswith("ran ") for each in trouble)
