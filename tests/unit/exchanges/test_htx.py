"""What HTX does in its own way: two questions, two families of answers, one code for everything."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from exchange_samples import samples
from latchlight.core.answer import Answer
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.errors import InputError
from latchlight.core.facts import KeyFacts, Known, Permission, Unknown, WhyUnknown
from latchlight.core.findings import KeyReport, Light
from latchlight.exchanges.htx import (
    ACCOUNT,
    ACCOUNTS,
    HOSTS,
    KEY,
    SPEC,
    TEXTS,
    TIME,
    follow,
    narrow,
    read_facts,
    read_time,
    sign,
)
from latchlight.exchanges.intake import read_credentials
from latchlight.exchanges.spec import Probe
from latchlight.practice.keys import make_credential
from scripted_exchange import NOW, Heard, NoMemory, heard, judged, rules, services

from .contract import EGRESS, Exchange

SAMPLES = samples("htx")
HTX = Exchange(SPEC, SAMPLES)
KEPT = SAMPLES.accepted[0].key
CREDENTIALS = KEPT.credentials()
UID: dict[str, Any] = SAMPLES.accepted[0].answers[0].body
ENTRY: dict[str, Any] = SAMPLES.accepted[0].answers[1].body["data"][0]
HOST = HOSTS[0]
INVALID = {"code": 1003, "message": "invalid signature"}
WORDS = {
    DiagnosisCode.IP_NOT_WHITELISTED: "Incorrect IP address [IP\u5730\u5740\u9519\u8bef]:192.0.2.9",
    DiagnosisCode.KEY_UNKNOWN: "Incorrect Access key [Access key\u9519\u8bef]",
    DiagnosisCode.SIGNATURE_WRONG: "Verification failure [\u6821\u9a8c\u5931\u8d25]",
    DiagnosisCode.CLOCK_OFF: "Invalid submission time or incorrect time format [\u65e0\u6548]",
    DiagnosisCode.PERMISSION_MISSING: "API key has no permission [API Key\u6ca1\u6709\u6743\u9650]",
}


def answer(body: Any, status: int = 200, probe: Probe = KEY, *, is_json: bool = True) -> Answer:
    return Answer(str(probe), HOST.name, status, is_json, body, NOW, NOW, 0.0)


def told(*entries: Any) -> KeyFacts:
    second = answer({"code": 200, "message": "success", "data": list(entries)})
    return read_facts((answer(UID, probe=ACCOUNT), second), CREDENTIALS, HOST)


def facts(**changed: Any) -> KeyFacts:
    return told({name: value for name, value in (ENTRY | changed).items() if value is not ...})


def older(text: str) -> dict[str, Any]:
    """A refusal in the form of the older family."""
    message = f"Signature not valid: {text}"
    return {
        "status": "error",
        "err-code": "api-signature-not-valid",
        "err-msg": message,
        "data": None,
    }


def diagnosed(
    body: Any, status: int = 200, probe: Probe = KEY, *, is_json: bool = True
) -> Diagnosis:
    found = SPEC.diagnose(answer(body, status, probe, is_json=is_json))
    assert found is not None
    return found


def why(fact: object) -> WhyUnknown:
    assert isinstance(fact, Unknown)
    return fact.why


# requests


def query_of(probe: Probe, credentials: Credentials = CREDENTIALS, now_ms: int = 0) -> str:
    return sign(credentials, probe, HOST, now_ms).query


def test_the_key_is_asked_for_itself_alone() -> None:
    """Without its own name the answer would hold every key of the account."""
    probe = follow((answer(UID, probe=ACCOUNT),))
    assert probe is not None
    asked = parse_qs(query_of(probe))
    assert asked["uid"] == ["63628520"]
    assert asked["accessKey"] == asked["AccessKeyId"] == [KEPT.api_key]


def test_no_other_question_names_a_key() -> None:
    for probe in (ACCOUNT, ACCOUNTS):
        assert "accessKey" not in parse_qs(query_of(probe))


def test_parameters_are_sorted_by_ascii_with_the_signature_last() -> None:
    probe = Probe("x", KEY.path, signed=True, query=(("uid", "1"), ("Zeta", "2"), ("9", "3")))
    names = [name for name, _ in parse_qsl(query_of(probe))]
    assert names[-1] == "Signature"
    assert names[:-1] == sorted(names[:-1])
    assert names[0] == "9"


@pytest.mark.parametrize("now_ms", [1_700_000_000_000, 1_700_000_000_999])
def test_the_timestamp_is_in_whole_seconds_of_utc(now_ms: int) -> None:
    assert "&Timestamp=2023-11-14T22%3A13%3A20&" in query_of(ACCOUNT, now_ms=now_ms)


def test_no_header_is_sent_and_the_signature_leaves_no_sign_unescaped() -> None:
    for second in range(50):
        made = sign(CREDENTIALS, ACCOUNT, HOST, second * 1000)
        assert made.headers == ()
        assert not set("+/ ") & set(made.query)


def test_an_ed25519_key_signs_the_same_text_under_its_own_name() -> None:
    secret = make_credential(KeyKind.ED25519)().secret
    query = query_of(ACCOUNT, Credentials(CREDENTIALS.api_key, Secret(secret), KeyKind.ED25519))
    text, _, signature = query.rpartition("&Signature=")
    assert "SignatureMethod=Ed25519" in text
    private: Any = load_pem_private_key(secret.encode(), None)
    raw = base64.b64decode(unquote(signature), validate=True)
    private.public_key().verify(raw, f"GET\napi.huobi.pro\n/v2/user/uid\n{text}".encode())


@pytest.mark.parametrize("kind", [KeyKind.RSA, KeyKind.ECDSA])
def test_other_kinds_of_private_keys_are_refused(kind: KeyKind) -> None:
    secret = make_credential(kind)().secret
    with pytest.raises(InputError):
        read_credentials(SPEC, {"api_key": KEPT.api_key, "secret": secret})
    with pytest.raises(InputError):
        query_of(ACCOUNT, Credentials(CREDENTIALS.api_key, Secret(secret), kind))


@pytest.mark.parametrize(
    "api_key",
    [
        "4ba5cdf2-4a92c5da-718ba144-dbuqg6hkte",
        "2b55df29-vf25treb80-1535713d-8aea2",
        "160bb889-b7000be-e0000f5-ghxertfvbf",
    ],
)
def test_the_documented_forms_of_keys_raise_no_warning(api_key: str) -> None:
    intake = read_credentials(SPEC, {"api_key": api_key, "secret": KEPT.secret})
    assert intake.warnings == ()


# the second question


@pytest.mark.parametrize("uid", ["63628520", None, 0, -1, 1.0, True, 10**18, [], {}])
def test_nothing_follows_without_an_account_number(uid: Any) -> None:
    assert follow((answer({"code": 200, "data": uid}, probe=ACCOUNT),)) is None


def test_nothing_follows_a_refusal_or_the_second_answer() -> None:
    assert follow((answer({**UID, "code": 1003}, probe=ACCOUNT),)) is None
    assert follow((answer(UID, 500, ACCOUNT),)) is None
    assert follow((answer(UID, probe=ACCOUNT), answer({"code": 200, "data": [ENTRY]}))) is None


def test_the_first_answer_tells_nothing_about_the_key() -> None:
    alone = answer({"code": 200, "data": [ENTRY]}, probe=ACCOUNT)
    assert not read_facts((alone,), CREDENTIALS, HOST).accepted


@pytest.mark.parametrize("entries", [(), (None,), ([],), ("x",), ({},), (ENTRY, ENTRY)])
def test_b15_anything_but_one_entry_is_unreadable(entries: tuple[Any, ...]) -> None:
    assert told(*entries) == KeyFacts(whitelist_readable=SPEC.readable)


def test_another_key_is_not_this_one() -> None:
    read = facts(accessKey=KEPT.api_key[:-1])
    assert read.other_key
    assert not read.accepted


@pytest.mark.parametrize("status", ["expired", "Normal", "normal ", "", "disabled"])
def test_b26_a_key_that_is_not_normal_is_locked(status: str) -> None:
    read = facts(status=status)
    assert read.locked
    assert not read.accepted


# rights


def granted(words: str) -> set[Permission]:
    read = facts(permission=words)
    return {p for p in Permission if read.permission(p) == Known(True)}


def test_every_documented_word_and_what_comes_with_it() -> None:
    trade = {
        Permission.SPOT_TRADE,
        Permission.MARGIN_TRADE,
        Permission.FUTURES_TRADE,
        Permission.INTERNAL_TRANSFER,
        Permission.KEY_MANAGEMENT,
    }
    assert granted("readOnly") == {Permission.READ}
    assert granted("readOnly,trade") == {Permission.READ, *trade}
    assert granted("withdraw") == {Permission.WITHDRAW}
    assert granted("trade, readOnly , withdraw") == {Permission.READ, Permission.WITHDRAW, *trade}


def test_trading_reaches_the_keys_of_sub_users_and_the_report_says_so() -> None:
    spot = next(s for s in SAMPLES.accepted if s.name == "well-kept spot")
    report = HTX.report_of(spot)
    found = next(f for f in report.findings if f.rule == "key-management-on")
    assert found.light is Light.AMBER
    assert "Trade" in found.detail
    assert found.fix is not None
    assert any("sub-user" in step for step in found.fix.steps)


# the list of addresses


@pytest.mark.parametrize(
    ("changed", "on"),
    [
        ({"ipAddresses": "", "validDays": 90}, Known(False)),
        ({"ipAddresses": " ", "validDays": -1}, Known(False)),
        ({"ipAddresses": ..., "validDays": 90}, Known(False)),
        ({"ipAddresses": ..., "validDays": 0}, Known(False)),
        ({"ipAddresses": "192.0.2.1", "validDays": 90}, Known(True)),
    ],
)
def test_empty_is_no_list_and_absent_too_on_a_key_that_ends(
    changed: dict[str, Any], on: Known[bool]
) -> None:
    assert facts(**changed).whitelist_on == on


@pytest.mark.parametrize("days", [-1, ..., "90", 90.0, True, None])
def test_b04_absent_on_any_other_key_is_not_known(days: Any) -> None:
    read = facts(ipAddresses=..., validDays=days)
    assert why(read.whitelist_on) is WhyUnknown.MISSING
    assert why(read.whitelist) is WhyUnknown.MISSING


@pytest.mark.parametrize("entries", [None, [], ["192.0.2.1"], 0, "192.0.2.1,", "x", "192.0.2.*"])
def test_c02_a_list_in_another_form_is_not_known(entries: Any) -> None:
    assert why(facts(ipAddresses=entries, validDays=90).whitelist_on) is WhyUnknown.WRONG_FORM


# the end


@pytest.mark.parametrize(("days", "left"), [(0, 0), (1, 1), (90, 90), (3650, 3650)])
def test_days_that_are_left_are_counted_from_now(days: int, left: int) -> None:
    assert facts(validDays=days).expires_at == Known(NOW + timedelta(days=left))


def test_minus_one_is_no_end() -> None:
    assert facts(validDays=-1).expires_at == Known(None)


@pytest.mark.parametrize("days", [-2, 3651, 10**30, "90", 90.0, True, None, []])
def test_b09_days_in_another_form_are_not_known(days: Any) -> None:
    assert why(facts(validDays=days).expires_at) is WhyUnknown.WRONG_FORM


def test_the_time_must_be_one_that_can_be_written_into_a_request() -> None:
    def said(ms: Any) -> int | None:
        return read_time(answer({"status": "ok", "data": ms}, probe=TIME))

    latest = said(10**14 - 1)
    assert latest is not None
    assert query_of(ACCOUNT, now_ms=latest)
    assert said(10**14) is None


# refusals


@pytest.mark.parametrize("code", [code for _, code in TEXTS])
def test_the_text_of_the_older_family_says_what_is_wrong(code: DiagnosisCode) -> None:
    assert diagnosed(older(WORDS[code])).code is code


def test_the_same_code_without_a_known_text_is_ambiguous_and_not_red() -> None:
    found = diagnosed(older("something new"))
    assert found.code is DiagnosisCode.KEY_IP_OR_PERMISSION
    assert {cause.code for cause in found.causes} == {
        DiagnosisCode.SIGNATURE_WRONG,
        DiagnosisCode.IP_NOT_WHITELISTED,
        DiagnosisCode.KEY_UNKNOWN,
    }


def test_a_sub_user_s_403_is_told_from_a_protection_page() -> None:
    empty: Any = None
    assert diagnosed(empty, 403, is_json=False).code is DiagnosisCode.PERMISSION_MISSING
    first = diagnosed(empty, 403, ACCOUNT, is_json=False)
    assert first.code is DiagnosisCode.FIREWALL_BLOCKED
    assert diagnosed(empty, 403, TIME, is_json=False).code is DiagnosisCode.FIREWALL_BLOCKED


def with_second_opinion(second: Heard | None, first: Any = INVALID) -> tuple[KeyReport, list[str]]:
    """What becomes of a bare "invalid signature", and what was asked."""
    script = HTX.script() | {ACCOUNT.path: heard(first)}
    if second is not None:
        script[ACCOUNTS.path] = second
    around = services(script, given_store=NoMemory())
    return judged(HTX.request(), around, EGRESS), around.client().paths()


@pytest.mark.parametrize("code", [code for _, code in TEXTS])
def test_a_bare_refusal_is_explained_by_the_older_family(code: DiagnosisCode) -> None:
    report, asked = with_second_opinion(heard(older(WORDS[code])))
    assert asked == [TIME.path, ACCOUNT.path, ACCOUNTS.path]
    assert report.diagnosis is not None
    assert report.diagnosis.code is code
    assert {finding.light for finding in report.findings} & {Light.GREEN} == {Light.GREEN}
    assert HTX.green_about_the_key(report) == []


def test_the_address_that_htx_saw_comes_from_the_older_family() -> None:
    report, _ = with_second_opinion(heard(older(WORDS[DiagnosisCode.IP_NOT_WHITELISTED])))
    assert report.diagnosis is not None
    assert report.diagnosis.seen_address == "192.0.2.9"
    assert rules(report)["address-not-whitelisted"] == "red"


@pytest.mark.parametrize(
    "second",
    [
        None,
        heard({"status": "ok", "data": []}),
        heard(older("something new")),
        heard({"status": "error", "err-code": "system-maintenance", "err-msg": "", "data": None}),
        heard({"status": "error", "err-code": "rate-too-many-requests", "err-msg": ""}, 429),
        Heard(b"<html>", 403, "text/html"),
        Heard(b"", 200),
    ],
)
def test_where_it_says_no_more_the_refusal_stays_ambiguous(second: Heard | None) -> None:
    report, asked = with_second_opinion(second)
    assert asked == [TIME.path, ACCOUNT.path, ACCOUNTS.path]
    assert report.diagnosis is not None
    assert report.diagnosis.code is DiagnosisCode.KEY_IP_OR_PERMISSION
    assert report.light is Light.GREY


def test_a_refusal_that_explains_itself_is_not_asked_about_again() -> None:
    _, asked = with_second_opinion(None, older(WORDS[DiagnosisCode.SIGNATURE_WRONG]))
    assert asked == [TIME.path, ACCOUNT.path]


def test_an_accepted_key_is_asked_two_questions_and_never_the_third() -> None:
    around = services(HTX.script(), given_store=NoMemory())
    judged(HTX.request(), around, EGRESS)
    assert around.client().paths() == [TIME.path, ACCOUNT.path, KEY.path]


def test_no_second_answer_leaves_the_first_diagnosis_as_it_is() -> None:
    first = diagnosed(INVALID)
    assert narrow(first, None) is first


def test_a_contradiction_between_body_and_status_is_no_acceptance() -> None:
    for body in (
        {"code": 200, "data": 1, "status": "error"},
        {"code": 200, "data": 1, "status": "ok", "err-code": "x"},
        {"code": "200", "data": 1},
        {"code": True, "data": 1},
        {"status": "OK", "data": 1},
        {"status": ["ok"], "data": 1},
    ):
        assert SPEC.diagnose(answer(body)) is not None, body
    assert SPEC.diagnose(answer({"code": 200, "data": 1}, 401)) is not None
