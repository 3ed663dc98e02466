"""The table of refusals: by code and message; by the status only where there is no code."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from latchlight.core.diagnosis import DiagnosisCode, Likelihood
from latchlight.core.findings import KeyReport, Light
from scripted_exchange import (
    ACCOUNT_PATH,
    KEY_PATH,
    NOW,
    SAFE,
    TIME_PATH,
    Heard,
    check,
    heard,
    rules,
    safe_script,
    sample,
)

D = DiagnosisCode
TABLE = [
    ("error-2008", 400, D.KEY_UNKNOWN, "red"),
    ("error-2014", 401, D.KEY_MALFORMED, "red"),
    ("error-1022", 400, D.SIGNATURE_WRONG, "red"),
    ("error-1021-behind", 400, D.CLOCK_OFF, "grey"),
    ("error-1021-ahead", 400, D.CLOCK_OFF, "grey"),
    ("error-1002", 401, D.PERMISSION_MISSING, "grey"),
    ("error-1099", 403, D.KEY_IP_OR_PERMISSION, "grey"),
    ("error-3022", 400, D.ACCOUNT_RESTRICTED, "grey"),
    ("error-1003", 429, D.RATE_LIMITED, "grey"),
    ("error-1003-ban", 418, D.ADDRESS_BANNED, "grey"),
    ("error-1007", 408, D.EXCHANGE_FAULT, "grey"),
    ("error-1008", 503, D.MAINTENANCE, "grey"),
    ("error-1016", 400, D.MAINTENANCE, "grey"),
    ("error-451", 451, D.REGION_BLOCKED, "grey"),
    ("error-2015", 400, D.KEY_IP_OR_PERMISSION, "grey"),
    ("error-2015", 401, D.KEY_IP_OR_PERMISSION, "grey"),
    ("error-2015-futures", 401, D.KEY_IP_OR_PERMISSION, "grey"),
]


def refused(name: str, status: int = 400, **more: Any) -> Heard:
    return heard(sample(name), status, **more)


def key_answer(said: Heard, **more: Any) -> KeyReport:
    return check(safe_script(key=said, **more))


def code_of(report: KeyReport) -> DiagnosisCode | None:
    return report.diagnosis.code if report.diagnosis is not None else None


@pytest.mark.parametrize(("name", "status", "code", "light"), TABLE)
def test_a_documented_refusal_is_diagnosed_by_its_code(
    name: str, status: int, code: DiagnosisCode, light: str
) -> None:
    report = key_answer(refused(name, status))
    assert code_of(report) is code
    assert rules(report)["credentials-rejected"] == light
    assert report.light is (Light.RED if light == "red" else Light.GREY)
    assert report.diagnosis is not None
    assert report.diagnosis.exchange_code == str(sample(name)["code"])
    assert report.diagnosis.http_status == status


STATUS = {
    401: D.UNAUTHORIZED,
    403: D.FIREWALL_BLOCKED,
    404: D.UNREADABLE_ANSWER,
    410: D.UNREADABLE_ANSWER,
    418: D.ADDRESS_BANNED,
    429: D.RATE_LIMITED,
    451: D.REGION_BLOCKED,
    500: D.EXCHANGE_FAULT,
    502: D.EXCHANGE_FAULT,
    503: D.MAINTENANCE,
    504: D.EXCHANGE_FAULT,
    520: D.EXCHANGE_FAULT,
    400: D.UNREADABLE_ANSWER,
    408: D.UNREADABLE_ANSWER,
    421: D.UNREADABLE_ANSWER,
    425: D.UNREADABLE_ANSWER,
    200: D.UNREADABLE_ANSWER,
}
PAGES = [
    Heard(b"<html>Request blocked</html>", 0, "text/html"),
    Heard(b"", 0, "text/html"),
    Heard(b"{}", 0),
    Heard(b"[]", 0),
    Heard(b"null", 0),
]


@pytest.mark.parametrize("status", STATUS)
@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.body.decode()[:10] or "empty")
def test_a09_a11_ht03_without_a_code_the_status_speaks_and_says_nothing_about_the_key(
    status: int, page: Heard
) -> None:
    said = Heard(page.body, status, page.content_type)
    report = key_answer(said)
    assert code_of(report) is STATUS[status]
    assert report.light is Light.GREY
    assert {"green"} >= {rules(report)[r] for r in ("clock-off",)}


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_a11_an_empty_error_is_grey_everywhere(status: int) -> None:
    report = key_answer(heard({}, status))
    about_the_key = {"withdraw-on", "transfer-on", "whitelist-off", "less-than-purpose"}
    assert {rules(report)[rule] for rule in about_the_key} == {"grey"}


CODES = [-2015, -2014, -1022, -1, 0, 1, 200, 10003, 50110, 99999, "-2015", "0", None, [], True, 1.5]


@pytest.mark.parametrize("code", CODES, ids=repr)
@pytest.mark.parametrize("status", [200, 400])
def test_a10_an_error_beside_tidy_fields_is_never_green(code: Any, status: int) -> None:
    for body in ({"code": code, **SAFE}, {**SAFE, "code": code, "msg": "ok"}, {"msg": "", **SAFE}):
        report = key_answer(heard(body, status))
        assert report.light in (Light.GREY, Light.RED)
        assert "green" not in {
            light for rule, light in rules(report).items() if rule not in PLACE_RULES
        }


PLACE_RULES = {"clock-off", "wrong-environment", "address-uncertain"}


@pytest.mark.parametrize("status", [s for s in range(201, 600) if s not in (300,)])
def test_a23_a_status_that_contradicts_a_perfect_body_is_grey(status: int) -> None:
    report = key_answer(heard(SAFE, status))
    assert report.light is Light.GREY


@pytest.mark.parametrize("value", [None, [], "ok", 0, True, "", [SAFE], {"data": SAFE}, {}])
def test_a12_another_shape_at_200_is_grey(value: Any) -> None:
    assert key_answer(heard(value)).light is Light.GREY


def test_clock_ahead_and_behind_are_told_apart() -> None:
    ahead = key_answer(refused("error-1021-ahead")).diagnosis
    behind = key_answer(refused("error-1021-behind")).diagnosis
    assert ahead is not None
    assert behind is not None
    assert "ahead" in ahead.title
    assert "behind" in behind.title


@pytest.mark.parametrize(
    ("message", "address"),
    [
        ("x, request ip: 198.51.100.7", "198.51.100.7"),
        ("x, request ip: 2001:db8::1", "2001:db8::1"),
        ("x, request ip: <script>", None),
        ("x, request ip: 1.2.3", None),
        ("x, request ip: ::::", None),
        ("x, request ip: ....", None),
        ("x", None),
        ("x, request ip: ", None),
    ],
)
def test_the_address_that_the_exchange_saw_is_kept(message: str, address: str | None) -> None:
    report = key_answer(heard({"code": -2015, "msg": message}, 401))
    assert report.diagnosis is not None
    assert report.diagnosis.seen_address == address


@pytest.mark.parametrize(
    ("header", "message", "seconds"),
    [
        (120.0, "", 120.0),
        (None, "IP banned until {ms}.", 3600.0),
        (30.0, "IP banned until {ms}.", 3600.0),
        (7200.0, "IP banned until {ms}.", 7200.0),
        (None, "IP banned until 1.", None),
        (None, "IP banned until 1000000000000.", None),
        (0.0, "", None),
        (None, "", None),
    ],
)
def test_ht06_the_end_of_a_ban_is_read(
    header: float | None, message: str, seconds: float | None
) -> None:
    end = round(NOW.timestamp() * 1000) + 3_600_000
    body = {"code": -1003, "msg": message.replace("{ms}", str(end))}
    report = key_answer(heard(body, 418, retry_after=header))
    assert report.diagnosis is not None
    assert report.diagnosis.retry_after == seconds


HOSTILE = [
    "<b>Update at http://evil.example</b>",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "a\u200bb\u2060c",
    "x" * 100_000,
    "line\nbreak\r\n\ttab",
    "",
    "\ud83d\ude00" * 300,
]


@pytest.mark.parametrize("message", HOSTILE, ids=lambda m: repr(m)[:20])
def test_bo11_the_exchanges_words_are_short_and_harmless(message: str) -> None:
    text = json.loads(json.dumps(message)).encode("utf-16", "surrogatepass").decode("utf-16")
    report = key_answer(heard({"code": -1022, "msg": text}, 400))
    assert report.diagnosis is not None
    shown = report.diagnosis.server_text or ""
    assert len(shown) <= 200
    assert not set(shown) & set("\x1b\u202e\u200b\u2060\n\r\t")
    title = report.diagnosis.title
    assert "evil" not in title


# -2015: what narrows it


def narrowed(second: Heard) -> KeyReport:
    return key_answer(refused("error-2015"), account=second)


def causes(report: KeyReport) -> list[str]:
    assert report.diagnosis is not None
    return [cause.code.value for cause in report.diagnosis.causes]


def test_c21_a_2015_names_several_causes_and_proves_none() -> None:
    report = narrowed(refused("error-2015", 401))
    assert code_of(report) is D.KEY_IP_OR_PERMISSION
    assert causes(report)[0] == "ip-not-whitelisted"
    assert len(causes(report)) >= 3
    assert report.diagnosis is not None
    assert all(c.likelihood is not Likelihood.CERTAIN for c in report.diagnosis.causes)
    assert all(cause.next_step for cause in report.diagnosis.causes)
    assert report.diagnosis.excluded


def test_a_2015_beside_an_accepted_account_call_excludes_address_and_secret() -> None:
    report = narrowed(heard(sample("account")))
    assert report.diagnosis is not None
    assert causes(report) == ["permission-missing"]
    assert len(report.diagnosis.excluded) == 3
    assert report.light is Light.GREY


@pytest.mark.parametrize(
    ("name", "code"), [("error-1022", D.SIGNATURE_WRONG), ("error-2014", D.KEY_MALFORMED)]
)
def test_a_2015_is_settled_by_a_clear_second_answer(name: str, code: DiagnosisCode) -> None:
    report = narrowed(refused(name))
    assert code_of(report) is code
    assert report.light is Light.RED


SECONDS = [
    Heard(),
    Heard(b"<html>", 403, "text/html"),
    heard({}),
    heard(SAFE),
    heard({"serverTime": 1}),
    heard({"accountType": None}),
    heard(sample("error-1003"), 429),
    heard(sample("error-451"), 451),
]


@pytest.mark.parametrize("second", SECONDS, ids=lambda s: s.body.decode()[:20])
def test_a_2015_with_an_odd_second_answer_stays_ambiguous(second: Heard) -> None:
    report = narrowed(second)
    assert code_of(report) is D.KEY_IP_OR_PERMISSION
    assert report.light is Light.GREY
    assert "ip-not-whitelisted" in causes(report)


def test_the_questions_are_asked_in_order_and_once_each() -> None:
    from latchlight.core.progress import CancelToken
    from latchlight.probing import ask_exchange
    from scripted_exchange import services

    around = services(safe_script(key=refused("error-2015")))
    from scripted_exchange import BINANCE, HOST, credentials

    ask_exchange(BINANCE, HOST, credentials(), around, CancelToken())
    assert around.client().paths() == [TIME_PATH, KEY_PATH, ACCOUNT_PATH]


def test_other_hosts_are_named_but_not_asked() -> None:
    report = narrowed(refused("error-2015", 401))
    assert report.diagnosis is not None
    assert DiagnosisCode.WRONG_HOST in {cause.code for cause in report.diagnosis.causes}


def test_every_cause_has_words_and_every_code_a_slug() -> None:
    for name, status in itertools.product(("error-2008", "error-2015"), (400, 401)):
        report = key_answer(refused(name, status))
        assert report.diagnosis is not None
        for cause in report.diagnosis.causes:
            assert cause.title
            assert cause.code.value.replace("-", "").isalpha()
