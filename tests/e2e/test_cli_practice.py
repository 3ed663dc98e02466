"""`practice check`, `practice serve`, `ip`, `exchanges` and `doctor` as they are installed."""

from __future__ import annotations

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import latchlight
from e2e.conftest import Cli
from e2e.contract import check_egress, check_report, exactly, list_of, matching, maybe, of_type
from latchlight.core.findings import Light
from latchlight.exchanges import EXCHANGES
from latchlight.practice.exchange import EXCHANGES as IMITATIONS
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS

PLANS = {
    (exchange, plan.name): plan
    for exchange, imitation in IMITATIONS.items()
    for plan in imitation.cast(HOME_ADDRESS, AWAY_ADDRESS)
}
SPEC = EXCHANGES["binance"]
COMMAND = [sys.executable, "-m", "latchlight"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(latchlight.__file__).parents[1])}


@pytest.fixture(scope="module")
def practice_check() -> subprocess.CompletedProcess[bytes]:
    """One run of `practice check --json`, about as long as the slowest key: a timeout."""
    return subprocess.run(
        [*COMMAND, "practice", "check", "--json"], env=environment(), capture_output=True
    )


def test_practice_check_shows_every_key_with_its_expected_light(
    practice_check: subprocess.CompletedProcess[bytes],
) -> None:
    report = check_report(json.loads(practice_check.stdout))
    assert practice_check.stderr == b""
    assert practice_check.returncode == 2
    shown = {(key["exchange"], key["label"]): key["light"] for key in report["keys"]}
    assert shown == {name: plan.light.value for name, plan in PLANS.items()}
    assert set(shown.values()) == {light.value for light in Light}
    assert {exchange for exchange, _ in shown} == set(EXCHANGES)


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_every_exchange_shows_every_light_that_it_can_give(exchange: str) -> None:
    lights = {plan.light for (id_, _), plan in PLANS.items() if id_ == exchange}
    assert lights >= {Light.AMBER, Light.RED, Light.GREY}
    # Gate has no word for withdrawals, and Coinbase shows no whitelist: amber is their best.
    assert (Light.GREEN in lights) == (exchange not in ("gate", "coinbase"))


@pytest.mark.parametrize(("exchange", "name"), PLANS)
def test_practice_check_gives_the_expected_reason(
    practice_check: subprocess.CompletedProcess[bytes], exchange: str, name: str
) -> None:
    report = json.loads(practice_check.stdout)
    (key,) = (key for key in report["keys"] if (key["exchange"], key["label"]) == (exchange, name))
    plan = PLANS[exchange, name]
    worst = {f["rule"] for f in key["findings"] if f["light"] == plan.light.value}
    code = key["diagnosis"] and key["diagnosis"]["code"]
    assert plan.reason is None or plan.reason in {*worst, code}


ONE_SERVED = exactly(
    {
        "base_url": matching(r"https://127\.0\.0\.1:\d+"),
        "keys": list_of(
            exactly(
                {
                    "name": matching(r"[a-z0-9-]+"),
                    "kind": matching("hmac|rsa|ed25519|ecdsa"),
                    "api_key": matching(r"[A-Za-z0-9_/-]{8,95}"),
                    "secret": of_type(str),
                    "passphrase": maybe(of_type(str)),
                    "expected_light": matching("green|amber|red|grey"),
                }
            )
        ),
    }
)
SERVED = exactly(
    {
        "ca_file": of_type(str),
        "control_url": matching(r"https://127\.0\.0\.1:\d+/"),
        "ip_urls": exactly({"ipv4": matching(r"https://127\.0\.0\.1:\d+/")}),
        "egress": matching(r"[\d.]+"),
        "exchanges": exactly(dict.fromkeys(EXCHANGES, ONE_SERVED)),
    }
)


def _status(url: str, context: ssl.SSLContext) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPSConnection(str(parts.hostname), parts.port, context=context)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_practice_serve_prints_one_line_serves_and_ends_on_a_signal(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [*COMMAND, "practice", "serve", "--json"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    SERVED(told, "serve")
    ca_file = Path(told["ca_file"])
    context = ssl.create_default_context(cafile=str(ca_file))
    for url in (
        told["exchanges"]["binance"]["base_url"] + "/api/v3/time",
        told["ip_urls"]["ipv4"],
        told["control_url"],
    ):
        assert _status(url, context) == 200
    process.send_signal(number)
    rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, b"", b"")
    assert not ca_file.exists()


def test_practice_serve_for_people_says_where_the_page_is() -> None:
    process = subprocess.Popen(
        [*COMMAND, "practice", "serve"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert "Ctrl+C" in lines[0]
    assert "https://127.0.0.1:" in lines[1]


def test_ip_tells_the_address_and_what_each_service_said(cli: Cli) -> None:
    done = cli.run("ip", "--json")
    check_egress(done.json, "ip")
    assert (done.exit, done.json["ipv4"], done.json["certainty"]) == (0, HOME_ADDRESS, "agreed")
    assert len(done.json["sources"]) == 5
    assert HOME_ADDRESS in cli.run("ip").out


def test_exchanges_are_told_with_sources_and_dates(cli: Cli) -> None:
    told = {exchange["id"]: exchange for exchange in cli.run("exchanges", "--json").json}
    binance = told["binance"]
    assert binance["whitelist_readable"] == "flag"
    assert binance["key_types"] == ["hmac", "rsa", "ed25519"]
    assert len(binance["statements"]) == len(SPEC.statements) >= 5
    for row in binance["statements"]:
        assert set(row) == {"topic", "name", "value", "source", "certainty", "date"}
        assert all(row.values())
    assert cli.run("exchanges", "binance", "--json").json == [binance]
    assert "GET /sapi/v1/account/apiRestrictions" in cli.run("exchanges").out


def test_doctor_looks_at_everything_and_sends_no_key(cli: Cli) -> None:
    before = len(cli.world.log.entries())
    done = cli.run("doctor", "--json", env={"HTTPS_PROXY": "http://127.0.0.1:9"})
    rows: dict[str, Any] = {row["name"]: row for row in done.json["rows"]}
    assert done.json["schema"] == "latchlight.doctor/1"
    assert done.exit == 0, done.out
    assert rows["keyring"]["light"] == "green"
    assert rows["Binance TLS and clock"]["light"] == "green"
    assert rows["ignored variables"]["value"] == "HTTPS_PROXY"
    assert rows["limit call_seconds"]["value"] == "10"
    asked = cli.world.log.entries()[before:]
    assert {entry.path for entry in asked} == {"/api/v3/time"}
    assert all("x-mbx-apikey" not in entry.header_names for entry in asked)
    assert "[Safe]" in cli.run("doctor").out


def test_doctor_without_a_keyring_says_so_and_is_not_green(cli: Cli) -> None:
    if cli.bus is None:
        assert cli.run("doctor").exit == 0
        return
    nowhere = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={cli.folder}/no-bus"}
    done = cli.run("doctor", "--json", env=nowhere)
    rows = {row["name"]: row for row in done.json["rows"]}
    assert rows["keyring"]["light"] == "grey"
    assert done.exit == 3
    stored = cli.run("keys", "list", env=nowhere)
    assert stored.exit == 0
    # Without a keyring a key can still be checked without being saved.
    words = ("check", "--exchange", "binance", "--credentials", "-", "--json")
    assert cli.run(*words, stdin=cli.credentials("safe-spot"), env=nowhere).exit == 0


def test_the_command_line_never_loads_the_window(cli: Cli) -> None:
    probe = (
        "import sys; from latchlight.cli.main import main; code = main(['exchanges']); "
        "print([m for m in sys.modules if 'PySide' in m or 'shiboken' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_qt_the_window_is_refused_in_one_sentence(cli: Cli) -> None:
    blocked = cli.folder / "PySide6"
    blocked.mkdir()
    (blocked / "__init__.py").write_text("raise ImportError('not here')")
    path = os.pathsep.join([str(cli.folder), environment()["PYTHONPATH"]])
    for words in ([], ["gui"], ["practice"]):
        done = subprocess.run(
            [*COMMAND, *words],
            env={**environment(), "PYTHONPATH": path},
            capture_output=True,
            text=True,
        )
        # Whatever the code is, it must not be one of a verdict.
        assert done.returncode in (64, 70)
        assert "not installed" in done.stderr
        assert "Traceback" not in done.stderr
