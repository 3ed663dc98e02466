"""One checkup from questions to report: order, pauses, clocks, faults, and whose result is whose."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace as plain_replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from latchlight.checkup import ask_other_hosts, check_once, run_checkup, save_reports
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import Cancelled, StoreError, VaultError
from latchlight.core.findings import KeyReport, Light, Report
from latchlight.core.limits import LIMITS
from latchlight.core.progress import CancelToken, Progress
from latchlight.core.purpose import Intent, Purpose
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.net import translate
from latchlight.net.egress import ADDRESS_SERVICES
from scripted_exchange import (
    ACCOUNT_PATH,
    BINANCE,
    HOST,
    KEY_PATH,
    NOW,
    NOW_MS,
    SAFE,
    TIME_PATH,
    Heard,
    check,
    credentials,
    heard,
    request,
    rules,
    safe_script,
    sample,
    services,
    time_answer,
)


def addresses(text: str = "8.8.4.4") -> dict[str, Heard]:
    """Every address service says the same for IPv4; there is no IPv6."""
    said = Heard(text.encode(), 200, "text/plain")
    script: dict[str, Any] = {}
    for service in ADDRESS_SERVICES:
        script[f"{service.host4}{service.path}"] = said
        if service.host6:
            script[f"{service.host6}{service.path}"] = translate.offline()
    return script


def run(around: Any, *requests: Any, **more: Any) -> Report:
    return run_checkup(requests or (request(),), around, token=CancelToken(), **more)


def no_store() -> Any:
    raise StoreError(say("It is damaged."), say("Set it aside."))


def code_of(report: KeyReport) -> DiagnosisCode | None:
    return report.diagnosis.code if report.diagnosis is not None else None


def key_calls(around: Any) -> int:
    return int(around.client().paths().count(KEY_PATH))


# a good key


def test_a_safe_key_is_green_and_knows_when_where_and_for_what() -> None:
    report = run(services({**safe_script(), **addresses()}))
    key = report.keys[0]
    assert (report.light, key.light) == (Light.GREEN, Light.GREEN)
    assert (key.host, key.exchange, key.started_at, key.finished_at) == (HOST, "binance", NOW, NOW)
    assert str(report.egress.ipv4) == "8.8.4.4"
    assert str(key.coverage).endswith("1 not possible")


def test_h02_an_empty_script_is_grey() -> None:
    report = run(services({}))
    assert report.light is Light.GREY


def test_b23_no_key_at_all_is_grey() -> None:
    assert run_checkup([], services({}), token=CancelToken()).light is Light.GREY


def test_check_once_is_the_same_without_a_store_entry() -> None:
    around = services({**safe_script(), **addresses()})
    report = check_once(BINANCE, HOST, credentials(), Intent(), around, token=CancelToken())
    assert report.keys[0].light is Light.GREEN
    assert "key-shared" not in rules(report.keys[0])


def test_a22_an_unknown_host_is_refused_before_anything_is_sent() -> None:
    around = services(safe_script())
    report = run(around, request(host="api.binance.com.evil.example"))
    assert report.light is Light.GREY
    diagnosis = report.keys[0].diagnosis
    assert diagnosis is not None
    assert diagnosis.code is DiagnosisCode.WRONG_HOST
    assert not [host for host, _ in around.client().asked if "evil" in host]


# order and number of questions


def test_the_signed_question_is_asked_once_and_after_the_time() -> None:
    around = services({**safe_script(), **addresses()})
    run(around)
    asked = [path for host, path in around.client().asked if host == HOST]
    assert asked == [TIME_PATH, KEY_PATH]


OFFLINE = translate.offline
REPEATS = [
    ([OFFLINE(), heard(SAFE)], 2, Light.GREEN),
    ([OFFLINE(), OFFLINE(), heard(SAFE)], 2, Light.GREY),
    ([heard({}, 503), heard(SAFE)], 2, Light.GREEN),
    ([heard({}, 500), heard({}, 500), heard(SAFE)], 2, Light.GREY),
    ([heard(sample("error-1021-ahead"), 400), heard(SAFE)], 2, Light.GREEN),
    ([OFFLINE(), heard(sample("error-1021-ahead"), 400), heard(SAFE)], 2, Light.GREY),
    ([OFFLINE(), heard({}, 503), heard(SAFE)], 2, Light.GREY),
    ([translate.timeout(), heard(SAFE)], 1, Light.GREY),
    ([translate.tls_untrusted(), heard(SAFE)], 1, Light.GREY),
    ([translate.redirected(302), heard(SAFE)], 1, Light.GREY),
    ([translate.unreadable(200), heard(SAFE)], 1, Light.GREY),
    ([heard({}, 404), heard(SAFE)], 1, Light.GREY),
    ([heard({}, 429), heard(SAFE)], 1, Light.GREY),
]


@pytest.mark.parametrize(("answers", "calls", "light"), REPEATS)
def test_nw10_ht09_ht16_a_signed_read_is_repeated_once_at_most(
    answers: list[Any], calls: int, light: Light
) -> None:
    around = services(safe_script(key=answers))
    report = run(around)
    assert key_calls(around) == calls
    assert report.light is light


@pytest.mark.parametrize(
    "problem",
    [
        translate.offline,
        translate.timeout,
        translate.tls_untrusted,
        translate.name_not_found,
        translate.unreadable,
        translate.broken_off,
        lambda: translate.redirected(302),
    ],
)
@pytest.mark.parametrize("where", ["time", "key"])
def test_b22_any_call_that_fails_makes_it_grey_and_says_why(
    where: str, problem: Callable[[], Any]
) -> None:
    report = check(safe_script(**{where: problem()}))
    assert report.light is Light.GREY
    assert code_of(report) is problem().code
    assert rules(report)["withdraw-on"] == "grey"


@pytest.mark.parametrize("status", [500, 503, 403, 404, 418, 429, 451])
def test_a25_a_time_that_works_is_no_fact_about_the_key(status: int) -> None:
    report = check(safe_script(key=heard({}, status)))
    made = rules(report)
    assert report.light is Light.GREY
    assert made["clock-off"] == "green"
    about_the_key = {"credentials-rejected", "whitelist-off", "withdraw-on", "transfer-on"}
    assert {made[rule] for rule in about_the_key} == {"grey"}


# clock


@pytest.mark.parametrize(
    ("seconds", "light"),
    [
        (0, Light.GREEN),
        (4.9, Light.GREEN),
        (-0.9, Light.GREEN),
        (6, Light.AMBER),
        (-2, Light.AMBER),
        (29, Light.AMBER),
        (-29, Light.AMBER),
        (31, Light.GREY),
        (-31, Light.GREY),
        (3600, Light.GREY),
        (86_400, Light.GREY),
        (-86_400, Light.GREY),
    ],
)
def test_e05_the_clock_light_over_two_days_of_offsets(seconds: float, light: Light) -> None:
    report = check(safe_script(time=time_answer(NOW_MS + round(seconds * 1000))))
    assert rules(report)["clock-off"] == light.value
    assert report.light is light


@pytest.mark.parametrize("seconds", [-86_400, -31, -2, 0, 2, 31, 86_400])
def test_e05_the_window_is_never_widened_and_the_stamp_is_the_servers(seconds: int) -> None:
    around = services(safe_script(time=time_answer(NOW_MS + seconds * 1000)))
    run(around)
    query = next(q for q, headers in around.client().queries if headers)
    assert f"recvWindow={LIMITS.receive_window_ms}&" in query
    assert f"timestamp={NOW_MS + seconds * 1000}&" in query


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"serverTime": None},
        {"serverTime": "1499827319559"},
        {"serverTime": True},
        {"serverTime": 0},
        {"serverTime": -1},
        {"serverTime": 1.5},
        {"servertime": NOW_MS},
        {"data": {"serverTime": NOW_MS}},
        [NOW_MS],
        NOW_MS,
        None,
        {"serverTime": 10**60},
        {"serverTime": NOW_MS, "code": 0},
    ],
    ids=repr,
)
def test_a_time_in_another_form_is_never_green(body: Any) -> None:
    assert check(safe_script(time=heard(body))).light is Light.GREY


class Ticking:
    """A clock that moves by the given seconds at each look."""

    def __init__(self, *steps: float) -> None:
        self.steps = list(steps)
        self.moment = NOW
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            if self.steps:
                self.moment += timedelta(seconds=self.steps.pop(0))
            return self.moment


@pytest.mark.parametrize("gap", [61.0, 3600.0, -61.0, 86_400.0])
def test_e10_answers_that_lie_too_far_apart_are_grey(gap: float) -> None:
    now = [NOW]

    def time_then_gap() -> Heard:
        return time_answer()

    def key_after_gap() -> Heard:
        now[0] = NOW + timedelta(seconds=gap)
        return heard(SAFE)

    around = services(safe_script(time=time_then_gap, key=key_after_gap), now=lambda: now[0])
    report = run(around)
    assert report.light is Light.GREY


def test_e03_a_computer_that_slept_before_the_verdict_is_grey() -> None:
    now = [NOW]
    around = services({**safe_script(), **addresses()}, now=lambda: now[0])

    def credentials_after_sleep() -> Any:
        return credentials()

    report = run(around, request(credentials=credentials_after_sleep))
    assert report.light is Light.GREEN
    slept = services(safe_script(), now=Ticking(*[0.0] * 8, *[100.0] * 100))
    assert run(slept).light is Light.GREY


# caches, dates, types: through the decoding border


@pytest.mark.parametrize(
    "changes",
    [
        {"age": True},
        {"date": NOW - timedelta(hours=3)},
        {"date": NOW + timedelta(hours=3)},
        {"content_type": "text/html"},
        {"content_type": "text/plain"},
        {"content_type": "application/octet-stream"},
        {"content_type": ""},
        {"body": b""},
        {"body": b"{"},
        {"body": b"null"},
        {"body": b'"ok"'},
        {"body": b"\xff\xfe{\0}\0"},
        {"body": b"<html>Please log in</html>", "content_type": "text/html"},
    ],
    ids=repr,
)
def test_a01_a12_a15_a18_a19_a24_an_odd_answer_is_grey(changes: dict[str, Any]) -> None:
    good = heard(SAFE)
    report = check(safe_script(key=plain_replace(good, **changes)))
    assert report.light is Light.GREY
    assert code_of(report) is DiagnosisCode.UNREADABLE_ANSWER


def test_a24_a_date_close_to_the_servers_time_is_fine() -> None:
    near = plain_replace(heard(SAFE), date=NOW + timedelta(minutes=9))
    assert check(safe_script(key=near)).light is Light.GREEN


def test_a01_a_portal_is_told_apart_from_the_exchange() -> None:
    page = Heard(b"<html>Welcome to our hotel</html>", 200, "text/html")
    report = check(safe_script(time=page))
    assert report.diagnosis is not None
    assert "login page" in report.diagnosis.next_step


# pauses


def banned(retry_after: float | None = None, status: int = 418) -> Heard:
    return heard(sample("error-1003"), status, retry_after=retry_after)


@pytest.mark.parametrize("where", ["time", "key"])
@pytest.mark.parametrize(
    ("status", "retry", "seconds"),
    [
        (418, 300.0, 300),
        (418, None, 120),
        (418, 0.0, 120),
        (418, 10**9, LIMITS.ban_seconds),
        (429, 30.0, 30),
        (429, None, 60),
        (429, 0.0, 60),
    ],
)
def test_ht06_ht07_a_pause_is_kept_and_honoured(
    where: str, status: int, retry: float | None, seconds: float
) -> None:
    now = [NOW]
    around = services(safe_script(**{where: [banned(retry, status)]}), now=lambda: now[0])
    assert run(around).light is Light.GREY
    assert around.store().ban_until(HOST, NOW) == NOW + timedelta(seconds=seconds)
    asked = len([h for h, _ in around.client().asked if h == HOST])
    now[0] = NOW + timedelta(seconds=seconds - 1)
    report = run(around)
    assert code_of(report.keys[0]) is DiagnosisCode.RATE_LIMITED
    assert len([h for h, _ in around.client().asked if h == HOST]) == asked
    assert report.light is Light.GREY


def test_ht06_the_second_key_of_a_host_is_not_asked_after_a_ban() -> None:
    around = services(safe_script(key=[banned(300.0), heard(SAFE), heard(SAFE)]))
    report = run(around, *(request(str(n)) for n in range(3)))
    assert key_calls(around) == 1
    assert [key.light for key in report.keys] == [Light.GREY] * 3


def test_ht06_a_pause_is_honoured_in_this_run_even_without_a_store() -> None:
    around = services(safe_script(key=[banned(300.0), heard(SAFE)]), given_store=no_store)
    report = run(around, request("a"), request("b"))
    assert key_calls(around) == 1
    assert [key.light for key in report.keys] == [Light.GREY] * 2


def test_a_host_that_does_not_answer_is_waited_for_once() -> None:
    around = services(safe_script(time=[translate.timeout(), time_answer()]))
    report = run(around, *(request(str(n)) for n in range(3)))
    assert around.client().paths().count(TIME_PATH) == 1
    codes = [key.diagnosis.code for key in report.keys if key.diagnosis is not None]
    assert codes == [DiagnosisCode.TIMEOUT] * 3


def test_ht06_after_its_end_the_exchange_is_asked_again() -> None:
    now = [NOW]
    script = safe_script(key=[banned(300.0), heard(SAFE)], time=lambda: time_answer(ms(now[0])))
    around = services(script, now=lambda: now[0])
    run(around)
    now[0] = NOW + timedelta(seconds=301)
    assert run(around).light is Light.GREEN


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


# other hosts


def test_other_hosts_are_asked_only_when_told_to_and_name_the_place() -> None:
    script = safe_script(key=heard(sample("error-2008"), 400))
    script |= {f"demo-api.binance.com{ACCOUNT_PATH}": heard(sample("account"))}
    around = services(script)
    run(around)
    assert {h for h, _ in around.client().asked if "binance" in h} == {HOST}
    found = ask_other_hosts(request(), around, token=CancelToken())
    assert found is not None
    assert found.host.name == "demo-api.binance.com"
    assert found.diagnosis.code is DiagnosisCode.WRONG_ENVIRONMENT
    assert "Demo" in found.diagnosis.title


@pytest.mark.parametrize(
    "said",
    [heard({"x": 1}), heard(SAFE), heard({}, 500), heard(sample("error-2015"), 401), Heard()],
)
def test_no_other_host_is_named_without_the_documented_answer(said: Heard) -> None:
    around = services({TIME_PATH: time_answer(), ACCOUNT_PATH: said})
    assert ask_other_hosts(request(), around, token=CancelToken()) is None


def test_ht06_a_pause_of_another_host_is_kept_and_honoured() -> None:
    around = services({TIME_PATH: time_answer(), ACCOUNT_PATH: banned(300.0)})
    ask_other_hosts(request(), around, token=CancelToken())
    first = len(around.client().asked)
    assert around.store().ban_until("testnet.binance.vision", NOW) is not None
    ask_other_hosts(request(), around, token=CancelToken())
    assert len(around.client().asked) == first


# address lookup


def test_a_lookup_that_fails_or_is_late_takes_no_light_away_from_the_exchange() -> None:
    report = run(services(safe_script()))
    assert report.light is Light.GREEN
    assert report.egress.ipv4 is None


def test_c10_no_address_service_makes_a_green() -> None:
    report = run(services({**safe_script(key=heard({}, 500)), **addresses()}))
    assert report.light is Light.GREY
    made = rules(report.keys[0])
    assert made["address-uncertain"] == "green"
    assert made["address-not-whitelisted"] == "grey"


def test_only_an_agreed_address_is_remembered() -> None:
    around = services({**safe_script(), **addresses()})
    run(around)
    assert [str(s.address) for s in around.store().address_history(4, NOW - timedelta(days=1))] == [
        "8.8.4.4"
    ]
    alone = {name: s for name, s in addresses().items() if name.startswith("api.ipify")}
    single = services({**safe_script(), **alone})
    run(single)
    assert single.store().address_history(4, NOW - timedelta(days=1)) == []


# many keys


def test_keys_of_one_exchange_are_asked_in_sequence_and_exchanges_side_by_side() -> None:
    """Two exchanges can only both be inside their key call if they run at the same time."""
    both_inside = threading.Barrier(2, timeout=5)
    hosts = {HOST: "binance", "api.second.example": "binance", "api.other.example": "other"}
    inside, most = dict.fromkeys(hosts.values(), 0), dict.fromkeys(hosts.values(), 0)
    lock = threading.Lock()
    met: list[str] = []

    def answering(exchange: str) -> Callable[[], Heard]:
        def answer() -> Heard:
            with lock:
                inside[exchange] += 1
                most[exchange] = max(most[exchange], inside[exchange])
                first = exchange not in met
                met.append(exchange)
            if first:
                both_inside.wait()
            with lock:
                inside[exchange] -= 1
            return heard(SAFE)

        return answer

    places = {name: replace(BINANCE.hosts[0], name=name) for name in hosts}
    here = replace(BINANCE, hosts=(places[HOST], places["api.second.example"]))
    other = replace(BINANCE, id="other", hosts=(places["api.other.example"],))
    script = {TIME_PATH: time_answer(), **addresses()}
    script |= {host + KEY_PATH: answering(exchange) for host, exchange in hosts.items()}
    around = services(script)
    requests = [
        request(f"{host}-{n}", exchange=here if hosts[host] == "binance" else other, host=host)
        for n in range(3)
        for host in hosts
    ]
    report = run(around, *requests)
    assert [key.light for key in report.keys] == [Light.GREEN] * 9
    assert most == {"binance": 1, "other": 1}


def answer_for(number: int) -> dict[str, Any]:
    """An answer by which the key can be told from every other."""
    return {**SAFE, "createTime": SAFE["createTime"] + number * 86_400_000}


@pytest.mark.parametrize("seed", range(20))
def test_d01_d08_no_result_ever_lands_under_another_label(seed: int) -> None:
    """Keys in random order on two hosts; the line answers by the key in the header."""
    dice = random.Random(seed)
    numbers = list(range(12))
    dice.shuffle(numbers)
    hosts = {n: dice.choice((HOST, "api.other.example")) for n in numbers}
    other = replace(BINANCE, hosts=(replace(BINANCE.hosts[0], name="api.other.example"),))
    around = services({TIME_PATH: time_answer(), **addresses()})
    client = around.client()
    usual = client.chain

    def chain(*args: Any, **named: Any) -> Any:
        made = usual(*args, **named)
        get = made.get

        def by_key(host: str, path: str, query: str = "", headers: Any = None, **more: Any) -> Any:
            if path != KEY_PATH:
                return get(host, path, query, headers, **more)
            number = int(headers["X-MBX-APIKEY"][-4:])
            return heard(answer_for(number)).raw(NOW)

        made.get = by_key
        return made

    client.chain = chain

    def asked(n: int) -> Any:
        api_key = "k" * 60 + f"{n:04}"
        exchange = BINANCE if hosts[n] == HOST else other
        return request(
            f"label-{n}",
            id=str(n),
            host=hosts[n],
            exchange=exchange,
            credentials=lambda: credentials(api_key),
        )

    told: dict[str, KeyReport] = {}
    report = run(around, *map(asked, numbers), on_key=lambda id_, key: told.update({id_: key}))
    for n, key in zip(numbers, report.keys, strict=True):
        expected = NOW_MS_OF_CREATION + n * 86_400_000
        assert key.label == f"label-{n}"
        assert key.facts.created_at.value.timestamp() * 1000 == expected  # type: ignore[union-attr]
        assert told[str(n)] is key


NOW_MS_OF_CREATION = SAFE["createTime"]


def test_progress_counts_up_and_names_each_key() -> None:
    seen: list[Progress] = []
    around = services({**safe_script(), **addresses()})
    run(around, *(request(f"key-{n}") for n in range(4)), progress=seen.append)
    assert [p.total for p in seen] == [4] * len(seen)
    assert [p.done for p in seen] == [0, 1, 2, 3, 4]
    assert [f"key-{n}" in p.text for n, p in enumerate(seen[:4])] == [True] * 4


# stopping


def test_cancel_before_the_start_asks_nothing() -> None:
    around, token = services(safe_script()), CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        run_checkup([request()], around, token=token)
    assert KEY_PATH not in around.client().paths()


@pytest.mark.parametrize("stop_after", range(1, 8))
def test_cancel_at_any_question_ends_without_a_report(stop_after: int) -> None:
    token = CancelToken()
    count = 0

    def counted(said: Heard) -> Callable[[], Heard]:
        def answer() -> Heard:
            nonlocal count
            count += 1
            if count == stop_after:
                token.cancel()
            return said

        return answer

    script = safe_script(time=counted(time_answer()), key=counted(heard(SAFE)))
    around = services(script)
    with pytest.raises(Cancelled):
        run_checkup([request(str(n)) for n in range(4)], around, token=token)
    assert count <= stop_after + 1


# what goes wrong inside


def test_d06_a_keyring_that_fails_is_grey_and_never_the_key_before() -> None:
    def locked() -> Any:
        raise VaultError(DiagnosisCode.KEYRING_LOCKED, say("It is locked."), say("Unlock it."))

    around = services({**safe_script(), **addresses()})
    report = run(around, request("a"), request("b", credentials=locked))
    assert [key.light for key in report.keys] == [Light.GREEN, Light.GREY]
    assert code_of(report.keys[1]) is DiagnosisCode.KEYRING_LOCKED
    assert report.light is Light.GREY


def test_a_store_that_fails_takes_history_away_and_nothing_else() -> None:
    def broken() -> Any:
        raise StoreError(say("It is damaged."), say("Set it aside."))

    around = services({**safe_script(), **addresses()}, given_store=broken)
    report = run(around)
    assert report.light is Light.GREEN
    stored = run(around, request(stored=True, fingerprint="f" * 32))
    assert rules(stored.keys[0])["vault-weak"] == "grey"
    assert stored.light is Light.GREY


def test_b21_a_fault_of_ours_in_one_host_is_raised_and_not_hidden_by_the_stop() -> None:
    other = replace(BINANCE, hosts=(replace(BINANCE.hosts[0], name="api.other.example"),))
    stopped = threading.Event()

    def fault() -> Heard:
        raise ZeroDivisionError

    def late() -> Heard:
        stopped.wait(0.2)
        return time_answer()

    script = {HOST + TIME_PATH: late, f"api.other.example{TIME_PATH}": fault}
    script |= {KEY_PATH: heard(SAFE), **addresses()}
    requests = [request(str(n)) for n in range(5)]
    requests.append(request("x", exchange=other, host="api.other.example"))
    with pytest.raises(ZeroDivisionError):
        run(services(script), *requests)


def test_g01_a_fault_of_ours_in_the_address_lookup_is_not_swallowed() -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    around = services({**safe_script(), **addresses()})
    vars(around)["address_services"] = broken
    with pytest.raises(ZeroDivisionError):
        run(around)


def test_reports_are_kept_as_history_and_never_read_for_a_light() -> None:
    around = services({**safe_script(), **addresses()})
    stored = request(stored=True, fingerprint="f" * 32)
    report = run(around, request())
    save_reports(report, [stored], around)
    refusing = services(safe_script(key=heard({}, 500)), given_store=around.store())
    assert run(refusing).light is Light.GREY


def test_purpose_of_the_request_is_what_is_judged() -> None:
    around = services({**safe_script(), **addresses()})
    report = run(around, request(intent=Intent(Purpose.WATCH)))
    assert report.light is Light.AMBER
    assert report.keys[0].intent.purpose is Purpose.WATCH


def test_s9_everything_contacted_is_written_down() -> None:
    around = services({**safe_script(), **addresses()})
    run(around)
    written = {(contact.host, contact.path) for contact in around.store().contacts()}
    assert written == set(around.client().asked)
    assert (HOST, KEY_PATH) in written


def test_where_there_is_no_other_host_no_key_is_said_to_belong_to_one() -> None:
    refused = heard(sample("error-2015"), 400)
    script = safe_script(key=refused, account=heard(sample("error-2015"), 401))
    alone = check(script, spec=replace(BINANCE, hosts=BINANCE.hosts[:1])).diagnosis
    assert alone is not None
    assert DiagnosisCode.WRONG_HOST not in {cause.code for cause in alone.causes}
    assert alone.ask_other_hosts == ()
    several = check(script).diagnosis
    assert several is not None
    assert DiagnosisCode.WRONG_HOST in {cause.code for cause in several.causes}
    assert several.ask_other_hosts
