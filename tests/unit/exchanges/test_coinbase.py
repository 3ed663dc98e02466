"""What is special about Coinbase: tokens, a refusal without a reason, an allowlist it never tells."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exchange_samples import samples
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.errors import CallError, InputError
from latchlight.core.facts import Environment, Known, Permission
from latchlight.core.findings import KeyReport, Light
from latchlight.core.sentences import say
from latchlight.exchanges.coinbase import KEY, SPEC, TIME, doubt, read_facts, request_token, sign
from latchlight.exchanges.spec import Host
from scripted_exchange import (
    NOW_MS,
    Heard,
    NoMemory,
    ScriptedServices,
    heard,
    judged,
    request,
    services,
)

from .contract import EGRESS, answer

SAMPLES = samples("coinbase")
WELL_KEPT = SAMPLES.accepted[0]
BODY: dict[str, Any] = WELL_KEPT.answers[0].body
HOST = SPEC.hosts[0]
NOW = 1_700_000_000
# Published in coinbase-advanced-py, tests/constants.py; belongs to no account.
NAME = "organizations/test-organization/apiKeys/test-api-key"
SEED = "k0BUni0p0vZG1BdpVjS6ogBJ7kxm630AJ2dN+tuputDOKsRAwgyrpEQLeBtS1znTmzPX6Xr2eOWpzx6nW8knkA=="
UNAUTHORIZED = Heard(b"Unauthorized", 401, "text/plain")


def credentials(name: str = NAME, kind: KeyKind = KeyKind.ED25519) -> Credentials:
    return Credentials(Secret(name), Secret(SEED), kind)


def decoded(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Header, claims, signature."""
    parts = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")]
    return json.loads(parts[0]), json.loads(parts[1]), parts[2]


def sent(host: Host = HOST, now_ms: int = NOW * 1000) -> str:
    """The token of a request about the key."""
    headers = dict(sign(credentials(), KEY, host, now_ms).headers)
    scheme, _, token = headers.pop("Authorization").partition(" ")
    assert (scheme, headers) == ("Bearer", {})
    return token


# the token


def test_c1_the_derived_token_comes_out_to_the_byte() -> None:
    uri = "GET api.coinbase.com/api/v3/brokerage/key_permissions"
    made = request_token(credentials(), uri, NOW, "0123456789abcdef0123456789abcdef")
    payload, _, signature = made.rpartition(".")
    vector = SAMPLES.schemes[0]
    assert payload == vector.payload
    assert signature == (
        "k5zcI4ZeRVI7BPRZfFhgm_UhuVnfa0keyDaoHwAy9fsa3drgehtephb-Ws8XUpMsjik3fFbcRdgP_BZcXqRhDQ"
    )


def test_the_token_names_the_key_and_this_one_request() -> None:
    header, claims, signature = decoded(token := sent())
    nonce = header.pop("nonce")
    assert header == {"alg": "EdDSA", "kid": NAME, "typ": "JWT"}
    assert len(nonce) == 32
    assert set(nonce) <= set("0123456789abcdef")
    assert (claims["sub"], claims["iss"]) == (NAME, "cdp")
    # Neither https:// nor a query.
    assert claims["uri"] == "GET api.coinbase.com/api/v3/brokerage/key_permissions"
    assert set(claims) == {"sub", "iss", "nbf", "exp", "uri"}
    public = Ed25519PrivateKey.from_private_bytes(base64.b64decode(SEED)[:32]).public_key()
    public.verify(signature, token.rpartition(".")[0].encode())


def test_the_token_names_the_server_and_not_the_title_of_a_place() -> None:
    place = Host("127.0.0.1:4433 (one)", Environment.PRACTICE, "One", address="127.0.0.1:4433")
    _, claims, _ = decoded(sent(place))
    assert claims["uri"] == "GET 127.0.0.1:4433/api/v3/brokerage/key_permissions"


@pytest.mark.parametrize("milliseconds", [0, 1, 499, 500, 999])
def test_the_token_has_begun_already_and_lives_no_longer_than_is_documented(
    milliseconds: int,
) -> None:
    _, claims, _ = decoded(sent(now_ms=NOW * 1000 + milliseconds))
    assert claims["nbf"] == NOW - 2
    assert claims["exp"] - claims["nbf"] == 120


def test_no_two_requests_carry_the_same_token() -> None:
    assert len({decoded(sent())[0]["nonce"] for _ in range(200)}) == 200


@pytest.mark.parametrize("kind", [KeyKind.HMAC, KeyKind.RSA])
def test_other_kinds_of_keys_sign_no_token(kind: KeyKind) -> None:
    with pytest.raises(InputError) as caught:
        sign(credentials(kind=kind), KEY, HOST, NOW * 1000)
    assert caught.value.field == "secret"


def test_a_name_that_no_header_may_carry_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        sign(credentials(f"{NAME}\r\nX: y"), KEY, HOST, NOW * 1000)
    assert caught.value.field == "api_key"


# refused without a reason


def checked(*answers: object) -> tuple[KeyReport, ScriptedServices]:
    """The well-kept key, answered with these, one after another."""
    time = heard(SAMPLES.time.filled(NOW_MS))
    around = services({TIME.path: time, KEY.path: list(answers)}, given_store=NoMemory())
    asked = request(exchange=SPEC, host=HOST.name, credentials=WELL_KEPT.key.credentials)
    return judged(asked, around, EGRESS), around


def tokens(around: ScriptedServices) -> list[str]:
    headers: list[Mapping[str, str]] = [headers for _, headers in around.client().queries]
    return [one["Authorization"] for one in headers if "Authorization" in one]


def test_c21_three_plain_refusals_are_no_verdict_but_a_list_of_causes() -> None:
    report, around = checked(*[UNAUTHORIZED] * 9)
    diagnosis = report.diagnosis
    assert diagnosis is not None
    assert report.light is Light.GREY
    assert diagnosis.code is DiagnosisCode.UNAUTHORIZED
    assert diagnosis.title.startswith("3 of 3 refused")
    assert [cause.code for cause in diagnosis.causes] == [
        DiagnosisCode.IP_NOT_WHITELISTED,
        DiagnosisCode.KEY_UNKNOWN,
        DiagnosisCode.SIGNATURE_WRONG,
        DiagnosisCode.UNAUTHORIZED,
        DiagnosisCode.EXCHANGE_FAULT,
    ]
    assert "two days" in diagnosis.causes[3].title
    assert [excluded.title for excluded in diagnosis.excluded] == ["Not the clock."]
    # Every try with a token of its own, and no more than three.
    assert len(tokens(around)) == len(set(tokens(around))) == 3


def test_nobody_is_sent_to_make_key_after_key() -> None:
    """With the same allowlist the next one is refused as well (whisper-money#804)."""
    report, _ = checked(*[UNAUTHORIZED] * 3)
    assert report.diagnosis is not None
    assert report.diagnosis.next_step.startswith("Do not make a new key yet")
    (finding,) = (f for f in report.findings if f.rule == "credentials-rejected")
    assert finding.fix is not None
    steps = finding.fix.as_text()
    assert "IP allowlist" in steps
    assert "Create API key" not in steps


@pytest.mark.parametrize("times", [1, 2])
def test_a_refusal_by_mistake_costs_nothing_but_a_try(times: int) -> None:
    report, around = checked(*[UNAUTHORIZED] * times, heard(BODY))
    assert report.diagnosis is None
    assert report.light is Light.AMBER
    assert len(set(tokens(around))) == times + 1


def test_what_comes_after_a_plain_refusal_counts_as_itself() -> None:
    scopes = heard({"error": "unknown", "error_details": "Missing required scopes"}, 403)
    for last, code in (
        (scopes, DiagnosisCode.PERMISSION_MISSING),
        (Heard(b"", 429, "text/plain"), DiagnosisCode.RATE_LIMITED),
        (CallError(DiagnosisCode.TIMEOUT, say("x"), say("y")), DiagnosisCode.TIMEOUT),
    ):
        report, around = checked(UNAUTHORIZED, last, heard(BODY))
        assert report.diagnosis is not None
        assert report.diagnosis.code is code
        assert "refused:" not in report.diagnosis.title
        assert len(tokens(around)) == 2


def test_a_refusal_with_a_reason_is_not_asked_again() -> None:
    report, around = checked(heard({"error": "PERMISSION_DENIED"}, 403), heard(BODY))
    assert report.diagnosis is not None
    assert report.diagnosis.title == (
        "Coinbase knows this key, but it lacks the right to look at its own rights."
    )
    assert len(tokens(around)) == 1


def test_other_diagnoses_are_left_as_they_are() -> None:
    diagnosis = Diagnosis(DiagnosisCode.CLOCK_OFF, say("x"), say("y"))
    assert doubt(diagnosis, 3) is diagnosis


# rights


@pytest.mark.parametrize(
    ("name", "permission"),
    [
        ("can_transfer", Permission.WITHDRAW),
        ("can_transfer", Permission.INTERNAL_TRANSFER),
        ("can_withdraw", Permission.WITHDRAW),
        ("can_trade", Permission.FUTURES_TRADE),
    ],
)
def test_b12_each_switch_stands_for_all_that_it_allows(name: str, permission: Permission) -> None:
    off = {**BODY, "can_trade": False, name: False}
    for value in (False, True):
        facts = read_facts((answer({**off, name: value}, KEY),), credentials(), HOST)
        assert facts.permission(permission) == Known(value)


def test_the_allowlist_is_never_taken_for_known() -> None:
    """Fields that look as if they told it are not documented."""
    listed = {**BODY, "ips": ["203.0.113.7"], "ip_allowlist": ["203.0.113.7"]}
    report, _ = checked(heard(listed))
    lights = {finding.rule: finding.light for finding in report.findings}
    assert lights["whitelist-off"] is Light.AMBER
    assert report.light is Light.AMBER


def test_the_evidence_says_which_kind_of_portfolio_the_key_sees() -> None:
    facts = read_facts((answer(BODY, KEY),), credentials(), HOST)
    assert facts.said["can_view"] == "can_view=true, portfolio_type=DEFAULT"
    assert "00000000" not in " ".join(facts.said[right.name] for right in facts.rights)


def blocked(body: Any, status: int = 401) -> Diagnosis:
    found = SPEC.diagnose(answer(body, KEY, status))
    assert found is not None
    return found


def test_only_the_whole_refusal_that_was_seen_is_about_the_list() -> None:
    """A lock test turns a light green on it, and addresses of VPNs are blocked for other reasons, too."""
    seen = {"errors": [{"id": "authentication_error", "message": "IP blocked"}]}
    assert blocked(seen).code is DiagnosisCode.IP_NOT_WHITELISTED
    others: list[tuple[Any, int]] = [
        (seen, 403),
        (seen, 429),
        (seen, 400),
        ({"error": "unknown", "error_details": "IP blocked"}, 401),
        ({"error": "forbidden", "message": "Your IP blocked: too much traffic"}, 403),
        ({"code": 16, "message": "ip blocked"}, 401),
        *(
            ({"errors": [{"id": code, "message": text}]}, 401)
            for code, text in (
                ("authentication_error", "Your VIP blocked this"),
                ("authentication_error", "IP blocked in your region"),
                ("authentication_error", "Your IP blocked for abuse"),
                ("forbidden", "IP blocked"),
                ("", "IP blocked"),
            )
        ),
    ]
    for body, status in others:
        assert blocked(body, status).code is not DiagnosisCode.IP_NOT_WHITELISTED, (body, status)
